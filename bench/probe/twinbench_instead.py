"""Import some modules from other files: a fault is put in place without touching the user's files.

TWINBENCH_INSTEAD is MODULE=FILE, several apart by semicolons. The probe imports this before any plugin of the suite, which
may import the application; a module that is there already stays as it is, and the probe tells. Standard library only.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys


class Instead(importlib.abc.MetaPathFinder):
    """Find the named modules in their other files, packages with their own folder to search in."""

    def __init__(self, files):
        self.files = files

    def find_spec(self, name, path=None, target=None):
        """Return the spec of a module that is exchanged, None for any other."""
        if name not in self.files:
            return None
        own = importlib.machinery.PathFinder.find_spec(name, path)
        if own is None:
            return None
        within = own.submodule_search_locations
        return importlib.util.spec_from_file_location(
            name, self.files[name], submodule_search_locations=None if within is None else list(within)
        )


FILES = dict(pair.split("=", 1) for pair in os.environ.get("TWINBENCH_INSTEAD", "").split(";") if pair)
TOO_LATE = sorted(FILES.keys() & sys.modules.keys())
sys.meta_path.insert(0, Instead(FILES))
