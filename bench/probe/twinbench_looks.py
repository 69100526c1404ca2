"""See the state that tests share: what modules hold, and what the process and its surroundings are like.

Each thing seen is {(rank, module, name): (token, text)}: equal tokens mean that nothing changed, the text is what
a reader is shown, and the rank says how telling a change is. Values are read through their types, never through
their own methods, so that looking runs none of the suite's code. Standard library only.
"""

import asyncio
import collections
import decimal
import locale
import logging
import os
import signal
import socket
import sys
import tempfile
import threading
import time
import types
import warnings

DEEPEST = 4
MOST_ITEMS = 200
MOST_PLACES = 30_000
MOST_LOGGERS = 300
MOST_FILES = 3_000
PLAIN = (type(None), bool, int, float, complex, str, bytes)
OPEN_TYPES = ("asyncio", "types", "collections", "threading", "argparse", "configparser", "contextvars")
NOT_SET_BY_TESTS = {"PYTEST_CURRENT_TEST", "PYTEST_VERSION", "COLUMNS", "LINES", "_"}
PATCHED = ("builtins", "time", "datetime", "random", "os", "os.path", "socket", "uuid", "secrets", "subprocess", "json")
LOCAL = ("site-packages", "dist-packages", os.sep + "lib" + os.sep + "python")
OUR_PREFIXES = ("twinbench_", "_pytest", "pytest", "pluggy")


class Looks:
    """Look at everything, for a suite whose files are below `root`."""

    def __init__(self, root):
        self.root = os.path.join(os.path.realpath(root), "")
        self.kinds = (self.modules, environment, imports, patches, log, loops, process, threads, opened, self.files)
        self.plain_seed = None

    def take(self):
        """Give everything that is seen; a kind that cannot be seen is left out."""
        seen = {}
        for kind in self.kinds:
            try:
                seen.update(kind())
            except Exception:  # a suite may have replaced anything
                continue
        return seen

    def modules(self):
        """See what the globals of the project's modules hold."""
        walk = Walk()
        chosen = [(name, module) for name, module in list(sys.modules.items()) if self.is_project(name, module)]
        # What several modules hold is named by the application's, not by a test's.
        for name, module in sorted(chosen, key=lambda each: (is_of_tests(each[0]), each[0])):
            walk.seen[0, "", "module " + name] = ("module", "")
            walk.module(name, module)
        return walk.seen

    def is_project(self, name, module):
        """Tell whether a module is of the suite's own project."""
        path = vars(module).get("__file__") if type(module) is types.ModuleType else None
        if not path or name.startswith(OUR_PREFIXES):
            return False
        path = os.path.realpath(path)
        return path.startswith(self.root) and not any(part in path for part in LOCAL)

    def files(self):
        """See the files of the project and the names in the temporary folder."""
        import twinbench_tree

        found = {}
        names = twinbench_tree.files(self.root)
        if len(names) <= MOST_FILES:
            found.update({(1, "", "file " + name): (status, "") for name, status in names.items()})
        temporary = tempfile.gettempdir()
        for name in os.listdir(temporary):
            if not name.startswith(("pytest-of-", "probe.jsonl", "output.txt", "pymp-", "TWINBENCH")):
                found[2, "", "temporary file " + name] = ("file", "")
        return found


def is_of_tests(name):
    """Tell whether a module holds tests or fixtures."""
    last = name.rpartition(".")[2]
    return last == "conftest" or last.startswith("test_") or last.endswith("_test")


class Walk:
    """Walk through values, each once."""

    def __init__(self):
        self.seen = {}
        self.visited = set()

    def module(self, name, module):
        """See every global of a module."""
        for key, value in list(vars(module).items()):
            if key.startswith(("__", "@py")) or type(value) is types.ModuleType:
                continue
            self.value(value, "%s.%s" % (name, key), "module " + name, DEEPEST)

    def value(self, value, path, owner, depth):
        """See one value and what it holds."""
        kind = type(value)
        place = 0, owner, path
        if len(self.seen) > MOST_PLACES:
            return
        if kind in PLAIN:
            self.seen[place] = (kind.__name__, hash(value)), short(value)
        elif not self.is_new(value):
            self.seen[place] = id(value), ""
        elif issubclass(kind, type):
            self.seen[place] = id(value), ""
            if owner == "module " + str(vars(value).get("__module__")):
                self.members(dict(vars(value)), path, owner, depth)
        elif issubclass(kind, dict):
            self.seen[place] = ("dict", id(value)), ""
            if depth:
                for key, held in list(dict.items(value))[:MOST_ITEMS]:
                    self.value(held, "%s[%s]" % (path, short(key) or kind_of(key)), owner, depth - 1)
        elif issubclass(kind, (list, tuple, set, frozenset, collections.deque)):
            self.sequence(value, place, depth)
        elif kind.__name__ == "_lru_cache_wrapper":
            self.seen[place] = id(value), ""
            size = value.cache_info().currsize
            self.seen[0, owner, "the cache of " + path] = size, "%d entries" % size
        elif kind.__module__ == "sqlite3":
            self.seen[place] = id(value), ""
            if kind.__name__ == "Connection":
                changed = type(value).total_changes.__get__(value)
                self.seen[0, owner, "rows written through " + path] = changed, str(changed)
        else:
            self.instance(value, place, depth)

    def sequence(self, value, place, depth):
        """See a container without keys: how many it holds, and what the plain ones among them are."""
        held = list(value)
        tokens = [hash(each) if type(each) in PLAIN else id(each) for each in held[:MOST_ITEMS]]
        ordered = tokens if isinstance(value, (list, tuple, collections.deque)) else sorted(tokens)
        plain = all(type(each) in PLAIN for each in held)
        text = short(list(held)) if plain and len(held) <= 5 else "%d items" % len(held)
        self.seen[place] = (len(held), tuple(ordered)), text
        if depth:
            for number, each in enumerate(held[:20]):
                if type(each) not in PLAIN and type(each) not in (types.FunctionType,):
                    self.value(each, "%s[%d]" % (place[2], number), place[1], depth - 2 if depth > 2 else 0)

    def instance(self, value, place, depth):
        """See an object of the project, or of the few libraries whose objects tests change."""
        kind = type(value)
        self.seen[place] = id(value), kind_of(value) if depth == DEEPEST else ""
        held = held_by(value)
        overrides = held.get("dependency_overrides")
        if type(overrides) is dict:
            for dependency in list(overrides):
                self.seen[0, place[1], "%s.dependency_overrides[%s]" % (place[2], kind_of(dependency))] = (
                    id(overrides[dependency]),
                    kind_of(overrides[dependency]),
                )
        is_open = kind.__module__.partition(".")[0] in OPEN_TYPES or "module " + kind.__module__ == place[1]
        if is_open and depth:
            self.members(held, place[2], place[1], depth - 1)

    def members(self, held, path, owner, depth):
        """See the attributes of a class or an instance."""
        for key, value in list(held.items())[:MOST_ITEMS]:
            if not (isinstance(key, str) and key.startswith("__")):
                self.value(value, "%s.%s" % (path, key), owner, depth)

    def is_new(self, value):
        """Tell whether a value is met for the first time."""
        new = id(value) not in self.visited
        self.visited.add(id(value))
        return new


def held_by(value):
    """Read an object's attributes without asking the object."""
    try:
        held = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}
    return held if type(held) is dict else {}


def kind_of(value):
    """Name a value by its qualified name or its type."""
    for named in (types.FunctionType, types.BuiltinFunctionType, type):
        if isinstance(value, named):
            return value.__qualname__
    return "a " + type(value).__name__


def short(value):
    """Write a plain value; nothing for any other."""
    if type(value) in PLAIN or (type(value) is list and all(type(each) in PLAIN for each in value)):
        text = repr(value)
        return text if len(text) <= 40 else text[:37] + "..."
    return ""


def environment():
    """See variables, the working directory and what modules are looked for in."""
    seen = {(0, "", "os.environ[%r]" % key): (text, short(text)) for key, text in os.environ.items() if is_set(key)}
    folder = os.getcwd()
    seen[0, "", "the working directory"] = folder, folder if len(folder) <= 40 else "..." + folder[-37:]
    seen[1, "", "sys.path"] = tuple(map(str, sys.path)), "%d entries" % len(sys.path)
    return seen


def is_set(key):
    """Tell whether a variable is one that tests set, not pytest or the harness."""
    return key not in NOT_SET_BY_TESTS and not key.startswith("TWINBENCH_")


def imports():
    """See modules that are not what an import would give."""
    seen = {}
    for name, module in list(sys.modules.items()):
        spec = held_by(module).get("__spec__")
        strange = type(module) is not types.ModuleType or spec is None or getattr(spec, "name", name) != name
        if strange and not name.startswith(OUR_PREFIXES) and "." not in name:
            seen[0, "", "sys.modules[%r]" % name] = id(module), ""
        elif name.partition(".")[0] not in sys.stdlib_module_names:
            seen[2, "module " + name, "module object " + name] = id(module), ""
    return seen


def patches():
    """See functions of the standard library that are replaced."""
    seen = {}
    for name in PATCHED:
        for key, value in list(vars(sys.modules[name]).items()) if name in sys.modules else []:
            if callable(value) and not key.startswith("_"):
                seen[0, "", "%s.%s" % (name, key)] = id(value), ""
    return seen


def log():
    """See levels, handlers and switches of logging, and the filters of warnings."""
    seen = {
        (0, "", "logging.disable"): (logging.root.manager.disable, str(logging.root.manager.disable)),
        (1, "", "warnings.filters"): (len(warnings.filters), "%d filters" % len(warnings.filters)),
    }
    loggers = [(name, each) for name, each in list(logging.root.manager.loggerDict.items()) if held_by(each)]
    for name, each in [("root", logging.root), *loggers[:MOST_LOGGERS]]:
        held = held_by(each)
        if "level" in held:
            for key in ("level", "disabled", "propagate"):
                seen[1, "", "logger %s: %s" % (name, key)] = held.get(key), str(held.get(key))
            handlers = held.get("handlers") or []
            seen[1, "", "logger %s: handlers" % name] = tuple(map(id, handlers)), "%d handlers" % len(handlers)
    return seen


def loops():
    """See the policy, the current loop and the tasks that nobody has waited for."""
    policy = getattr(asyncio.events, "_event_loop_policy", None)
    kind = "default" if policy is None or "Default" in type(policy).__name__ else type(policy).__name__
    local = getattr(policy, "_local", None)
    loop = getattr(local, "_loop", None)
    seen = {
        (1, "", "the event loop policy"): (kind, kind),
        (2, "", "the current event loop"): (id(loop), "none" if loop is None else "closed" if closed(loop) else "open"),
    }
    for name in ("_scheduled_tasks", "_all_tasks"):
        for task in list(getattr(asyncio.tasks, name, ())):
            if isinstance(task, asyncio.Task) and not task.done():
                seen[0, "", "a pending task %s" % getattr(task.get_coro(), "__qualname__", "")] = id(task), ""
    return seen


def closed(loop):
    """Tell whether a loop is closed."""
    return isinstance(loop, asyncio.BaseEventLoop) and loop.is_closed()


def process():
    """See what the process as a whole is set to."""
    context = decimal.getcontext()
    handlers = {name: signal.getsignal(getattr(signal, name)) for name in ("SIGINT", "SIGTERM", "SIGALRM", "SIGCHLD")}
    return {
        (0, "", "the decimal context"): ((context.prec, context.rounding), "precision %d" % context.prec),
        (0, "", "the locale"): (locale.setlocale(locale.LC_ALL), locale.setlocale(locale.LC_ALL)),
        (0, "", "the time zone"): (time.tzname, time.tzname[0]),
        (0, "", "socket.getdefaulttimeout()"): (socket.getdefaulttimeout(), str(socket.getdefaulttimeout())),
        (1, "", "sys.getrecursionlimit()"): (sys.getrecursionlimit(), str(sys.getrecursionlimit())),
        **{(0, "", "the handler of " + name): (id(handler), "") for name, handler in handlers.items()},
    }


def threads():
    """See threads and child processes."""
    seen = {(1, "", "thread " + each.name): (each.ident, "") for each in threading.enumerate()}
    for child in children():
        seen[0, "", "child process %s" % child] = child, ""
    return seen


def children():
    """Give the numbers of the child processes, where the system shows them."""
    folder = "/proc/self/task"
    found = []
    for thread in os.listdir(folder) if os.path.isdir(folder) else []:
        with open(os.path.join(folder, thread, "children"), encoding="ascii") as file:
            found += file.read().split()
    return found


def opened():
    """See open files and sockets, and the ports that are listened on."""
    folder = "/proc/self/fd"
    seen = {}
    for number in os.listdir(folder) if os.path.isdir(folder) else []:
        try:
            target = os.readlink(os.path.join(folder, number))
        except OSError:
            continue
        if target.startswith("socket:"):
            seen[1, "", "an open socket"] = seen.get((1, "", "an open socket"), (0, ""))[0] + 1, ""
        elif target.startswith("/") and not target.startswith(("/dev/", "/proc/")):
            seen[2, "", "an open file %s" % os.path.basename(target)] = target, ""
    return seen
