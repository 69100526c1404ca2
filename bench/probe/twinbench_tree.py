"""Note which files a session leaves in its folder, or run it in a copy of that folder; loaded with `-p twinbench_tree`.

With TWINBENCH_COPY_WITHOUT, a JSON list of paths, the folder is copied into the scratch folder without these
paths, and the same command starts again there before pytest has looked at anything. Each note is a line in the probe's
file: ["note", "tree", [sign, path]], with + for a file that appeared, - for one that is gone, ~ for one that changed.
Standard library and pytest only.
"""

import json
import os
import shutil
import sys
import tempfile

import pytest

PASSED_OVER = {".git", ".hg", ".venv", "venv", "env", "node_modules", "__pycache__", ".tox", ".nox", ".pytest_cache"}
PASSED_OVER |= {".mypy_cache", ".ruff_cache", ".hypothesis", ".coverage"}
MOST_FILES = 20_000
MOST_NOTES = 50
LARGEST_COPY = 500_000_000
COPIED = "TWINBENCH_COPIED"


def files(root):
    """Give size and time of change of each file below a folder, without what tools keep there."""
    found = {}
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in PASSED_OVER and not is_environment(folder, name)]
        for name in names:
            if name in PASSED_OVER or name.endswith((".pyc", ".pyo")):
                continue
            path = os.path.join(folder, name)
            try:
                status = os.stat(path)
            except OSError:
                continue
            found[os.path.relpath(path, root)] = (status.st_size, status.st_mtime_ns)
        if len(found) > MOST_FILES:
            break
    return found


def is_environment(folder, name):
    """Tell whether a folder is a virtual environment."""
    return os.path.exists(os.path.join(folder, name, "pyvenv.cfg"))


def changes(before, after):
    """List what differs between two looks at the files."""
    gone = [("-", path) for path in before if path not in after]
    new = [("+", path) for path in after if path not in before]
    changed = [("~", path) for path in after if path in before and after[path] != before[path]]
    return sorted(new) + sorted(gone) + sorted(changed)


def start_in_a_copy(left_out):
    """Copy the folder and start the same command in the copy."""
    root = os.getcwd()
    if sum(size for size, _ in files(root).values()) > LARGEST_COPY:
        raise pytest.UsageError("twinbench_tree: the folder is too large to be copied for a trial")
    copy = os.path.join(tempfile.mkdtemp(prefix="copy-"), os.path.basename(root))
    left_out = set(left_out)

    def ignored(folder, names):
        below = os.path.relpath(folder, root)
        return [
            name
            for name in names
            if name in PASSED_OVER
            or is_environment(folder, name)
            or os.path.normpath(os.path.join(below, name)) in left_out
        ]

    shutil.copytree(root, copy, ignore=ignored, symlinks=True, ignore_dangling_symlinks=True)
    if "PYTHONPATH" in os.environ:
        os.environ["PYTHONPATH"] = os.pathsep.join(
            outside(path, root) for path in os.environ["PYTHONPATH"].split(os.pathsep)
        )
    os.chdir(copy)
    os.environ[COPIED] = os.environ["PWD"] = copy
    os.execv(sys.executable, sys.orig_argv)


def outside(path, root):
    """Write a relative path that leads out of the folder so that it also holds in a copy elsewhere."""
    there = os.path.abspath(path)
    return path if there == root or there.startswith(os.path.join(root, "")) else there


class Tree:
    """The files of the session's folder at its beginning."""

    def __init__(self, out):
        self.out = out
        self.root = os.getcwd()
        self.process = os.getpid()
        self.before = files(self.root)

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self):
        """Note what has changed since."""
        if os.getpid() != self.process:
            return
        found = changes(self.before, files(self.root))[:MOST_NOTES]
        if not found:
            return
        out = os.open(self.out, os.O_WRONLY | os.O_APPEND)
        for change in found:
            os.write(out, json.dumps(["note", "tree", change]).encode("ascii") + b"\n")
        os.close(out)


def pytest_configure(config):
    """Look at the files before the first test module is imported."""
    path = os.environ.get("TWINBENCH_OUT")
    if path and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Tree(path), "twinbench-tree")


if "TWINBENCH_COPY_WITHOUT" in os.environ and COPIED not in os.environ:
    start_in_a_copy(json.loads(os.environ["TWINBENCH_COPY_WITHOUT"]))
