"""Cyclomatic complexity (T. J. McCabe 1976, "A complexity measure", IEEE Trans. Softw. Eng. 2(4), 308-320)."""

import ast

from mccabe import PathGraph, PathGraphingAstVisitor


def complexity(tree: ast.Module) -> int:
    """Add up the cyclomatic complexity of the module's functions, methods and top-level branches, as mccabe counts."""
    visitor = _Paths()
    visitor.preorder(tree, visitor)
    return sum(int(graph.complexity()) for graph in visitor.graphs.values())


class _Graphs(dict[str, PathGraph]):
    """Keeps graphs of one name apart: a property's getter and setter, or a function defined twice."""

    def __setitem__(self, name: str, graph: PathGraph) -> None:
        super().__setitem__(f"{name} {len(self)}", graph)


class _Paths(PathGraphingAstVisitor):  # type: ignore[misc]
    """mccabe 0.7 with the two statements it does not know: it passes over `match` and `except*` with all inside."""

    def __init__(self) -> None:
        super().__init__()
        self.graphs = _Graphs()

    def visitMatch(self, node: ast.Match) -> None:  # noqa: N802 - named by mccabe
        """Follow a `match` as the chain of `if` that it stands for; a last `case _` is its `else`."""
        *cases, last = node.cases
        is_else = isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None and last.guard is None
        tested = cases if is_else else node.cases
        chain = last.body if is_else else []
        for case in reversed(tested):
            chain = [ast.copy_location(ast.If(test=node.subject, body=case.body, orelse=chain), node)]
        self.dispatch_list(chain)

    visitTryStar = PathGraphingAstVisitor.visitTryExcept  # noqa: N815 - named by mccabe
