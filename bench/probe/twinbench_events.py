"""The file of events of a measured process: whose it is, and how it survives what suites do to descriptors.

Suites close every descriptor, open files of their own under the same number, replace the functions of `os` and
`time`, and fork. So the file is open under a high number, what it leads to is looked at before each write, the
functions are kept from the start (in a class: freezegun replaces attributes of modules), and only the process
that opened the file writes to it. A forked child notes what it does in a file beside it. Standard library only.
"""

import errno
import json
import os
import time

HIGHEST = 1000
ROOM = 24


class Real:
    """The functions as they were before any test ran."""

    close, fstat, getpid, open_file, write = os.close, os.fstat, os.getpid, os.open, os.write
    now_ns = time.monotonic_ns
    dumps = staticmethod(json.dumps)


def open_high(path, flags):
    """Open a file under a number that `os.closerange(3, 256)` and the lowest free number never meet."""
    descriptor = Real.open_file(path, flags, 0o644)
    try:
        import fcntl
        import resource

        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        lowest = (HIGHEST if limit < 0 else min(limit, HIGHEST + ROOM) - ROOM)  # -1 is no limit
        high = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, max(lowest, 3))
    except (ImportError, OSError, ValueError):
        return descriptor
    Real.close(descriptor)
    return high


class Events:
    """The events of one process; each is one line of ASCII JSON, so that no test name can break a line."""

    def __init__(self, path):
        self.path = path
        self.process = Real.getpid()
        self.descriptor = open_high(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.identity = identity(self.descriptor)

    def write(self, *event):
        """Append one event; never raise, and never write to a file that is not ours."""
        if Real.getpid() != self.process:
            return
        line = Real.dumps(event).encode("ascii") + b"\n"
        try:
            if identity(self.descriptor) != self.identity:
                self.reopen()
            Real.write(self.descriptor, line)
        except OSError:
            pass  # the file is gone or the disk is full: there is nobody to tell

    def reopen(self):
        """Open the file again, if it is still there; what has our old number now belongs to somebody else."""
        descriptor = open_high(self.path, os.O_WRONLY | os.O_APPEND)
        if identity(descriptor) != self.identity:
            Real.close(descriptor)
            raise OSError(errno.ENOENT, "another file has its name")
        self.descriptor = descriptor

    def is_of_a_child(self):
        """Tell whether this process was forked from the one that is measured."""
        return Real.getpid() != self.process

    def write_of_child(self, *event):
        """Append an event of a forked child to the file beside."""
        try:
            out = Real.open_file(self.path + ".forks", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            Real.write(out, Real.dumps(event).encode("ascii") + b"\n")
            Real.close(out)
        except OSError:
            pass

    def close(self):
        """Close the file if the number is still ours."""
        try:
            if not self.is_of_a_child() and identity(self.descriptor) == self.identity:
                Real.close(self.descriptor)
        except OSError:
            pass


def identity(descriptor):
    """Name the file that a descriptor leads to, None for a closed one."""
    try:
        status = Real.fstat(descriptor)
    except OSError:
        return None
    return status.st_dev, status.st_ino
