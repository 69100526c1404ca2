"""One Python file of a suite, and what can be counted in it."""

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self, TypeAlias

from bench.errors import ConfigurationError
from bench.experiments.simplicity.complexity import complexity

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_FIXTURE_MAKERS = frozenset({"fixture", "yield_fixture"})
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, kw_only=True)
class SourceText:
    """A module's text and its syntax tree."""

    text: str
    tree: ast.Module

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read and parse a file; raise ConfigurationError naming the line if it is not Python."""
        try:
            with tokenize.open(path) as file:
                text = file.read()
            return cls(text=text, tree=ast.parse(text))
        except (OSError, SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None)
            raise ConfigurationError(
                f"{path}{f', line {line}' if line else ''} is not Python",
                cause=getattr(error, "msg", None) or str(error),
                hint="mend the file, or leave it out of the contender's `sources`",
            ) from error

    @cached_property
    def logical_lines(self) -> int:
        """Count logical lines as the language reference defines them, decorators and `else:` among them.

        Documentation is for free.
        """
        return sum(token.type == tokenize.NEWLINE for token in self._tokens) - len(self._documentation)

    @cached_property
    def async_tokens(self) -> int:
        """Count `async` and `await` by the syntax tree: older tokenizers do not look into f-strings."""
        return sum(
            isinstance(node, ast.Await | ast.AsyncFunctionDef | ast.AsyncFor | ast.AsyncWith)
            or (isinstance(node, ast.comprehension) and bool(node.is_async))
            for node in self._nodes
        )

    @cached_property
    def tests(self) -> int:
        """Count the test functions that pytest would collect from here."""
        return sum(function.name.startswith("test") and not self._is_fixture(function) for function in self._collected)

    @cached_property
    def fixtures(self) -> int:
        """Count decorated functions and calls such as `db = pytest.fixture(make_db)`."""
        nodes = self._nodes
        decorated = sum(isinstance(node, Function) and self._is_fixture(node) for node in nodes)
        called = sum(
            isinstance(node, ast.Call) and bool(node.args) and self._makes_fixture(node.func) for node in nodes
        )
        return decorated + called

    @cached_property
    def cyclomatic_complexity(self) -> int:
        """Add up the complexity of the module's functions."""
        return complexity(self.tree)

    @cached_property
    def names(self) -> frozenset[str]:
        """Give every identifier of the code, and every string that is a plain word, such as an option's value."""
        documentation = {id(node) for node in self._documentation}
        found = {token.string for token in self._tokens if token.type == tokenize.NAME}
        for node in self._nodes:
            match node:
                case ast.Name(id=name) | ast.Attribute(attr=name):
                    found.add(name)
                case ast.Constant(value=str(word)) if word.isidentifier() and id(node) not in documentation:
                    found.add(word)
        return frozenset(found)

    @cached_property
    def _nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def _tokens(self) -> list[tokenize.TokenInfo]:
        return list(tokenize.generate_tokens(io.StringIO(self.text).readline))

    @cached_property
    def _documentation(self) -> list[ast.expr]:
        documented = [node for node in self._nodes if isinstance(node, _DOCUMENTED)]
        return [
            node.body[0].value
            for node in documented
            if ast.get_docstring(node, clean=False) is not None and isinstance(node.body[0], ast.Expr)
        ]

    @property
    def _collected(self) -> Iterator[Function]:
        """Yield the functions of the module and of its classes, those behind an `if` too, but no local ones."""
        waiting: list[ast.AST] = [self.tree]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Function):
                yield node
            else:
                waiting.extend(ast.iter_child_nodes(node))

    @cached_property
    def _makers(self) -> frozenset[str]:
        """Give the names by which this module calls pytest's decorator, also after `import ... as`."""
        imports = [node for node in self._nodes if isinstance(node, ast.ImportFrom)]
        aliases = {alias.asname for node in imports for alias in node.names if alias.name in _FIXTURE_MAKERS}
        return _FIXTURE_MAKERS | {alias for alias in aliases if alias}

    def _is_fixture(self, function: Function) -> bool:
        return any(self._makes_fixture(decorator) for decorator in function.decorator_list)

    def _makes_fixture(self, expression: ast.expr) -> bool:
        match expression:
            case ast.Name(id=name):
                return name in self._makers
            case ast.Attribute(attr=name):
                return name in _FIXTURE_MAKERS
            case ast.Call(func=function):
                return self._makes_fixture(function)
            case _:
                return False
