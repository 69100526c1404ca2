"""Note which top-level modules a suite has loaded by its end: what it never loads cannot have slowed it down.

One line in the probe's file. Never in a trial that is timed. Standard library and pytest only.
"""

import json
import os
import sys


def pytest_unconfigure() -> None:
    """Write the names, if there is a probe that reads them."""
    path = os.environ.get("TWINBENCH_OUT", "")
    if not path:
        return
    names = sorted({str(name).partition(".")[0] for name in list(sys.modules)})
    try:
        with open(path, "a", encoding="ascii") as out:
            out.write(json.dumps(["note", "loaded", names]) + "\n")
    except OSError:
        pass  # nobody is left to read it
