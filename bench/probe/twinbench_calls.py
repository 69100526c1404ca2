"""Note which functions of a package each test enters, so that a fault in one is put before those tests alone.

TWINBENCH_CALLS names the package, or the one module. The probe imports this before any plugin of the suite: modules of
the package are then compiled with a note at the beginning of each function. Nothing is traced, so functions that run in
threads, greenlets and callbacks are noted too. Standard library and pytest only.

A function is named MODULE:LINE, by the line of its `def`. What is entered outside of any test, or while a fixture is set
up that more than one test may use, belongs to all tests. What work of an earlier test enters is noted for the test that
runs then. Result: {"tests": [ids], "calls": {function: mask}, "always": [functions]}, mask in hexadecimal with bit i for
tests[i].
"""

import ast
import builtins
import importlib.abc
import importlib.machinery
import os
import sys

import pytest

PACKAGE = os.environ.get("TWINBENCH_CALLS", "")
NOTE = "__twinbench_entered__"

always = set()
calls = {}
tests = []
current = [always]


def entered(function):
    """Note a function that begins."""
    current[-1].add(function)


class Noting(ast.NodeTransformer):
    """Put a note at the beginning of each function, after its docstring."""

    def __init__(self, module):
        self.module = module

    def noted(self, node):
        """Change a function, and those inside it."""
        self.generic_visit(node)
        place = int(ast.get_docstring(node, clean=False) is not None)
        first = node.body[min(place, len(node.body) - 1)]
        note = ast.Expr(
            ast.Call(ast.Name(NOTE, ast.Load()), [ast.Constant("%s:%d" % (self.module, node.lineno))], [])
        )
        node.body.insert(place, ast.fix_missing_locations(ast.copy_location(note, first)))
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = noted


class Loader(importlib.machinery.SourceFileLoader):
    """Compile a module with its notes; nothing of it is kept on the disk."""

    def get_code(self, fullname):
        """Read and compile the source."""
        path = self.get_filename(fullname)
        tree = ast.parse(self.get_data(path), path)
        return compile(Noting(fullname).visit(tree), path, "exec", dont_inherit=True)


class Finder(importlib.abc.MetaPathFinder):
    """Find the modules of the package as they are found anyway, and load them with notes."""

    def find_spec(self, name, path=None, target=None):
        """Return a spec for a module of the package that is a file of Python."""
        if name != PACKAGE and not name.startswith(PACKAGE + "."):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is None or not isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            return spec
        spec.loader = Loader(spec.loader.name, spec.loader.path)
        return spec


class Notes:
    """Tell tests and shared fixtures apart."""

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item):
        """Let what is entered from here to the end of the tear-down belong to this test."""
        tests.append(item.nodeid)
        current.append(calls.setdefault(item.nodeid, set()))
        yield
        current.pop()

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_fixture_setup(self, fixturedef):
        """Let what a shared fixture enters belong to all."""
        if fixturedef.scope == "function":
            yield
            return
        current.append(always)
        yield
        current.pop()


def facts():
    """Give what was noted."""
    masks = {}
    for bit, test in enumerate(dict.fromkeys(tests)):
        for function in calls[test]:
            masks[function] = masks.get(function, 0) | 1 << bit
    return {
        "tests": list(dict.fromkeys(tests)),
        "calls": {function: "%x" % mask for function, mask in sorted(masks.items())},
        "always": sorted(always),
    }


if PACKAGE:
    setattr(builtins, NOTE, entered)
    sys.meta_path.insert(0, Finder())
