"""Errors that a user can cause, each with its own sentence, cause, hint and exit code.

BenchError
├── ConfigurationError   a setting, argument, claim or contender is wrong           (exit 2)
├── DependencySetError   a dependency set is missing, altered or does not install   (exit 2)
│   ├── UnresolvableError    its requirements have no solution
│   └── RegistryError        nobody could be asked
├── DatabaseError        PostgreSQL does not start or does not answer               (exit 5)
├── RunError             a run cannot be found, read, continued or shared           (exit 2)
├── StorageError         the disk is full or the folder cannot be written           (exit 1)
└── Interrupted          the user wants to stop                                     (exit 130)
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What `python -m bench` tells its caller."""

    JUDGED = 0
    FAILED = 1
    USAGE = 2
    CHALLENGED = 3
    UNDETERMINED = 4
    UNFIT = 5
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        """Say the code in words, for the last line of the terminal."""
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.JUDGED: "measured and judged",
    ExitCode.FAILED: "unexpected failure",
    ExitCode.USAGE: "usage or configuration error",
    ExitCode.CHALLENGED: "the decision is challenged",
    ExitCode.UNDETERMINED: "the decision is undetermined",
    ExitCode.UNFIT: "machine or data unfit for a verdict",
    ExitCode.INTERRUPTED: "interrupted, the run is kept; --resume continues it",
}


class BenchError(Exception):
    """A failure that the user can mend; `str()` is what happened."""

    exit_code = ExitCode.FAILED

    def __init__(self, message: str, *, cause: str = "", hint: str = "") -> None:
        """Keep what happened, why, and the command that mends it."""
        super().__init__(message)
        self.cause = cause
        self.hint = hint


class ConfigurationError(BenchError):
    """A setting, an argument, a claim or a contender is wrong."""

    exit_code = ExitCode.USAGE


class DependencySetError(BenchError):
    """A dependency set is missing, was altered or does not install."""

    exit_code = ExitCode.USAGE


class UnresolvableError(DependencySetError):
    """The requirements of a dependency set have no solution."""


class RegistryError(DependencySetError):
    """No registry answers, and nothing is kept that could answer instead."""


class DatabaseError(BenchError):
    """PostgreSQL does not start or does not answer."""

    exit_code = ExitCode.UNFIT


class RunError(BenchError):
    """A run cannot be found, read, continued or shared."""

    exit_code = ExitCode.USAGE


class StorageError(BenchError):
    """The disk is full or the folder cannot be written."""

    exit_code = ExitCode.FAILED


class Interrupted(BenchError):  # noqa: N818 - not an error of anything
    """The user wants to stop."""

    exit_code = ExitCode.INTERRUPTED
