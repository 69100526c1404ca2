"""Shift the wall clock; loaded with `-p twinbench_clock`.

TWINBENCH_CLOCK is the local time at which the session begins, as 2028-02-29T12:00:00; from there the clock
ticks on. With TWINBENCH_CLOCK_CROSS=1 it is a moment to cross instead: the first reading in the body of each
test is a millisecond before it, the second is after it, so that a day that ends between two readings of the clock
is met by every test, not by one in millions. The time zone is the process's own (TZ). Monotonic clocks are left alone.

Functions of `time` and `datetime` are C code that modules import by name, so their entries in CPython's
method tables are exchanged, not their names (the way of the time-machine package). CPython only;
anywhere else, and where a check afterwards fails, it refuses to run. Standard library and pytest only.
"""

import ctypes
import datetime
import os
import sys
import time

import pytest
from twinbench_names import Spared

METH_VARARGS, METH_KEYWORDS, METH_NOARGS, METH_FASTCALL = 1, 2, 4, 0x80
MILLISECOND_NS = 1_000_000
CALLING = METH_VARARGS | METH_KEYWORDS | METH_NOARGS | METH_FASTCALL


class MethodDef(ctypes.Structure):
    """PyMethodDef of CPython's C API."""

    _fields_ = [("name", ctypes.c_char_p), ("function", ctypes.c_void_p), ("flags", ctypes.c_int)]


class Method(ctypes.Structure):
    """PyCFunctionObject of CPython's C API, up to the pointer to its definition."""

    _fields_ = [("head", ctypes.c_byte * object.__basicsize__), ("definition", ctypes.POINTER(MethodDef))]


class Clock:
    """What the wall clock says: the system's time and an offset."""

    def __init__(self):
        self.offset_ns = 0
        self.read = None
        self.readings = None
        self.is_spared = False

    def now_ns(self):
        """Read the shifted clock; while a moment is to be crossed, it passes between the first two readings."""
        if self.is_spared:
            return self.read()
        if self.readings is not None:
            self.readings += 1
            if self.readings == 1:
                self.jump_to(MOMENT_NS - MILLISECOND_NS)
            elif self.readings == 2:
                self.jump_to(max(MOMENT_NS, self.read() + self.offset_ns))
        return self.read() + self.offset_ns

    def jump_to(self, unix_ns):
        """Let it be `unix_ns` now."""
        self.offset_ns = unix_ns - self.read()


clock = Clock()
kept = []  # C code calls these for as long as the process lives


def harmless(shifted):
    """Answer None where arguments are wrong: no exception can leave a callback of ctypes."""

    def call(*args):
        try:
            return shifted(*args)
        except (TypeError, ValueError, OverflowError):
            return None

    return call


def exchange(method, shifted):
    """Let CPython call `shifted(self, *args)` for a built-in function, whatever calling convention that one has."""
    shifted = harmless(shifted)
    definition = Method.from_address(id(method)).definition.contents
    flags = definition.flags & CALLING
    objects = ctypes.py_object
    if flags == METH_NOARGS:
        function = ctypes.PYFUNCTYPE(objects, objects, ctypes.c_void_p)(lambda owner, _: shifted(owner))
    elif flags == METH_VARARGS:
        function = ctypes.PYFUNCTYPE(objects, objects, objects)(lambda owner, args: shifted(owner, *args))
    elif flags == METH_FASTCALL | METH_KEYWORDS:
        kinds = (objects, ctypes.POINTER(objects), ctypes.c_ssize_t, ctypes.c_void_p)
        function = ctypes.PYFUNCTYPE(objects, *kinds)(
            lambda owner, args, count, names: shifted(owner, *keywords(args, count, names))
        )
    elif flags == ctypes.c_int(METH_FASTCALL).value:
        function = ctypes.PYFUNCTYPE(objects, objects, ctypes.POINTER(objects), ctypes.c_ssize_t)(
            lambda owner, args, count: shifted(owner, *args[:count])
        )
    else:
        raise pytest.UsageError("twinbench_clock: %r has an unknown calling convention" % method)
    kept.append(function)
    definition.function = ctypes.cast(function, ctypes.c_void_p)


def keywords(args, count, names):
    """Give all arguments in order; the only function with a keyword takes just the one."""
    named = len(ctypes.cast(names, ctypes.py_object).value) if names else 0
    return args[: count + named]


def original(method, *args):
    """Make a Python function that calls a built-in's C function as it was, for a self of its own."""
    definition = Method.from_address(id(method)).definition.contents
    owner = method.__self__
    if definition.flags & CALLING == METH_NOARGS:
        function = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object, ctypes.c_void_p)(definition.function)
        return lambda: function(owner, None)
    function = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object, ctypes.py_object)(definition.function)
    return lambda *args: function(owner, args)


def install():
    """Exchange every function that tells or uses the current wall time."""
    clock.read = original(time.time_ns)
    localtime, gmtime, strftime = original(time.localtime), original(time.gmtime), original(time.strftime)
    ctime, asctime = original(time.ctime), original(time.asctime)
    now = datetime.datetime.now
    exchange(time.time_ns, lambda _: clock.now_ns())
    exchange(time.time, lambda _: clock.now_ns() / 1e9)
    exchange(time.localtime, lambda _, *at: localtime(*(at if at and at[0] is not None else (seconds(),))))
    exchange(time.gmtime, lambda _, *at: gmtime(*(at if at and at[0] is not None else (seconds(),))))
    exchange(time.strftime, lambda _, form, *at: strftime(form, *(at or (localtime(seconds()),))))
    exchange(time.ctime, lambda _, *at: ctime(*(at if at and at[0] is not None else (seconds(),))))
    exchange(time.asctime, lambda _, *at: asctime(*(at or (localtime(seconds()),))))
    exchange(now, lambda owner, tz=None: owner.fromtimestamp(clock.now_ns() / 1e9, tz))
    exchange(datetime.datetime.utcnow, lambda owner: utc_naive(owner))


def utc_naive(owner):
    """Do what utcnow does, without its deprecation."""
    return owner.fromtimestamp(clock.now_ns() / 1e9, datetime.timezone.utc).replace(tzinfo=None)


def seconds():
    """Read the shifted clock as a float."""
    return clock.now_ns() / 1e9


def wished():
    """Read the wished moment, a local time, as nanoseconds since the epoch."""
    text = os.environ.get("TWINBENCH_CLOCK", "")
    moment = datetime.datetime.fromisoformat(text) if text else datetime.datetime.now()
    return round(moment.timestamp() * 1e9)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    """Leave the clock as it is for tests that another one breaks each time."""
    clock.is_spared = item.nodeid in SPARED
    yield
    clock.is_spared = False


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_call(item):
    """Cross the moment in the body of each test, and come back after it."""
    before, clock.readings = clock.offset_ns, 0 if CROSSING else None
    yield
    clock.offset_ns, clock.readings = before, None


def check():
    """Make sure that what is read is what was wished."""
    readings = (time.time(), datetime.datetime.now().timestamp(), time.mktime(time.localtime()))
    if max(readings) - min(readings) > 2 or abs(readings[0] - clock.now_ns() / 1e9) > 2:
        raise pytest.UsageError("twinbench_clock: this Python's clock cannot be shifted")


if sys.implementation.name != "cpython":
    raise pytest.UsageError("twinbench_clock: only CPython's clock can be shifted")
if hasattr(time, "tzset"):
    time.tzset()
MOMENT_NS = wished()
CROSSING = os.environ.get("TWINBENCH_CLOCK_CROSS") == "1"
SPARED = Spared(os.environ.get("TWINBENCH_SPARED"), "clock", "midnight")
install()
clock.jump_to(MOMENT_NS - (60_000 * MILLISECOND_NS if CROSSING else 0))
check()
