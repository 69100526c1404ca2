"""One cause leaves one fingerprint, whatever varies from run to run."""

import pytest

from bench.flakiness.fingerprint import fingerprint, is_about_limits, is_infrastructure
from bench.model import FailedPhase


def failure(message, *, path="/home/me/project/suite/test_it.py", line=7, phase="call"):
    return FailedPhase("test_it.py::test_it", phase, path, line, message)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ValueError: <Task at 0x7f01> failed", "ValueError: <Task at 0x9abc> failed"),
        ("KeyError: '0d8f3c1e-4b52-4a65-9d0a-2f6f6f0e8a11'", "KeyError: 'aaaf3c1e-4b52-4a65-9d0a-2f6f6f0e8a22'"),
        ("assert 3 == 2", "assert 17 == 4"),
        ("OSError: cannot open /tmp/a1/file", "OSError: cannot open /tmp/b2/file"),
        ("assert '2026-01-01T00:00:00' == 'x'", "assert '2027-12-31T23:59:59' == 'x'"),
    ],
)
def test_what_varies_is_taken_out(first, second):
    assert fingerprint(failure(first)) == fingerprint(failure(second))


def test_different_exceptions_differ():
    assert fingerprint(failure("ValueError: no")) != fingerprint(failure("TypeError: no"))


def test_a_fingerprint_holds_no_folder_of_the_machine():
    assert fingerprint(failure("ValueError: no")).site == "suite/test_it.py:7"


def test_an_assertion_without_a_name_is_an_assertion_error():
    assert fingerprint(failure("assert 1 == 2")).exception == "AssertionError"


@pytest.mark.parametrize("message", ["assert (3734.27 - 3734.24) < 0.02", "assert 131.25 < 65", "TimeoutError"])
def test_a_missed_limit_is_told(message):
    assert is_about_limits(failure(message))


@pytest.mark.parametrize("message", ["assert [1, 0] == [0, 1]", "assert 'a' < 'b'", "KeyError: 'x'"])
def test_a_wrong_outcome_is_no_missed_limit(message):
    assert not is_about_limits(failure(message))


@pytest.mark.parametrize(
    "message",
    [
        "RuntimeError: Event loop is closed",
        "RuntimeError: Task got Future attached to a different loop",
        "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) database is locked",
        "sqlalchemy.exc.TimeoutError: QueuePool limit of size 1 overflow 0 reached",
        "ConnectionRefusedError: [Errno 111] Connection refused",
    ],
)
def test_loops_pools_and_connections_are_infrastructure(message):
    assert is_infrastructure(failure(message))


def test_an_assertion_is_no_infrastructure():
    assert not is_infrastructure(failure("assert response.status_code == 200"))
