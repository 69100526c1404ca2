"""The blocks of a study, in their order."""

from typing import Final

WITNESSES: Final = 0
"""Every witness, on the clean application and on each fault."""
CLEAN_RUNS: Final = 1
"""Every arm on the clean application, with a note of which tests enter which functions."""
SUITES: Final = 2
"""Every arm on every proved fault, the tests that it can concern."""
WHOLE: Final = 3
"""Every arm's whole suite on some of the faults: did the choice of tests leave one out that sees them?"""
REPEATS: Final = 4
"""The first block in which what the arms do not see alike runs again."""
AGAIN: Final = 3
"""Further runs: red in 4 of 4 against 0 of 4 is a difference by Fisher's exact test, p = 0.03."""
