"""Tell the harness which tests a perturbation had anything to do with; used by the other plugins.

Each note is a line in the probe's file: ["note", what, test id]. Without that file nothing is written. Standard
library only.
"""

import os

from twinbench_events import Real


class Notes:
    """Notes of one kind, at most one for each test."""

    def __init__(self, what):
        self.what = what
        self.path = os.environ.get("TWINBENCH_OUT", "")
        self.process = Real.getpid()
        self.nodeid = None

    def begin(self, nodeid):
        """Turn to another test."""
        self.nodeid = nodeid

    def take(self):
        """Note that the running test is concerned."""
        if self.nodeid is None or not self.path or Real.getpid() != self.process:
            return
        nodeid, self.nodeid = self.nodeid, None
        if nodeid is None:  # another thread has just taken it
            return
        try:
            out = Real.open_file(self.path, os.O_WRONLY | os.O_APPEND)
            Real.write(out, Real.dumps(["note", self.what, nodeid]).encode("ascii") + b"\n")
            Real.close(out)
        except OSError:
            pass  # the file is gone, and nobody is left to read a note
