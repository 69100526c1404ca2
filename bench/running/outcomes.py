"""How a trial ended and why: status, phase, and who ended the process."""

import re
import signal
from collections import Counter
from collections.abc import Iterator

from bench.model import Outcome
from bench.running.ended import Ended

MESSAGE_LIMIT = 4000
NAME_LIMIT = 500
MOST_ERRORS = 3
FAILING = ("failed", "error")
COVERAGE = re.compile(r"Required test coverage of (\S+?)% not reached.*|Coverage failure: .*less than fail-under=(\S+)")
COMPLAINT = re.compile(r"^(?:ERROR|INTERNALERROR>|.*\berror): .+$", flags=re.MULTILINE)


def outcome_of_script(ended: Ended) -> Outcome:
    """Judge a script: it passed if it ended with status 0 and wrote one JSON object."""
    early = _violent(ended)
    if early is not None:
        return early
    if ended.process.exit_code:
        return Outcome.FAILED
    return Outcome.CRASHED if ended.result is None else Outcome.PASSED


def outcome_of_suite(ended: Ended) -> Outcome:
    """Judge a suite by the probe's events and the status; each can only make the other worse."""
    early = _violent(ended)
    if early is not None:
        return early
    if ended.process.exit_code == 4 and ended.last("run") is None:
        return Outcome.USAGE_ERROR
    if ended.session_status is None:
        return Outcome.CRASHED
    return _outcome_of_finished(ended, ended.process.exit_code, ended.session_status)


def _violent(ended: Ended) -> Outcome | None:
    if ended.process.hung:
        return Outcome.HUNG
    return Outcome.KILLED if ended.process.exit_code < 0 else None


def _outcome_of_finished(ended: Ended, exit_code: int, session_status: int) -> Outcome:
    """Judge a session that reached its end; a status of 0 that hides failures (`os._exit` at exit) is no pass."""
    tests = ended.tests
    good = exit_code == 0 == session_status and not _failing(ended) and not _unawaited(ended)
    if not tests and (good or 5 in (exit_code, session_status)):
        return Outcome.NO_TESTS
    if good:
        return Outcome.PASSED
    return Outcome.FAILED if tests else Outcome.COLLECTION_ERROR


def message(ended: Ended, outcome: Outcome, *, script: bool) -> str:
    """Say in the first line why the trial did not pass, and show below it what was seen; '' for a trial that passed."""
    if outcome is Outcome.PASSED:
        return ""
    reason = " ".join((_reason_of_script if script else _reason_of_suite)(ended, outcome).split())[:NAME_LIMIT]
    return "\n\n".join(filter(None, [reason, _details(ended)]))


def _details(ended: Ended) -> str:
    """Show the first errors that the probe saw, else the output's end; what hangs shows all its stacks."""
    if ended.process.hung and ended.stacks:
        return ended.stacks
    errors = [f"{event[1]}\n{event[2]}" for event in ended.all("error")]
    shown = "" if ended.process.hung else "\n\n".join(errors[:MOST_ERRORS])
    return (shown or ended.output)[:MESSAGE_LIMIT]


def _reason_of_script(ended: Ended, outcome: Outcome) -> str:
    if outcome is Outcome.CRASHED:
        return "the script ended with status 0 and left no JSON object in the file TWINBENCH_RESULT"
    return _reason_of_violence(ended) or f"the script ended with status {ended.process.exit_code}"


def _reason_of_suite(ended: Ended, outcome: Outcome) -> str:
    violence = _reason_of_violence(ended)
    if violence:
        return f"{violence} {_phase(ended)}"
    match outcome:
        case Outcome.CRASHED:
            return (
                f"the process ended itself with status {ended.process.exit_code} {_phase(ended)}; "
                "pytest's session did not finish"
            )
        case Outcome.USAGE_ERROR:
            return f"pytest refused its arguments or settings: {_complaint(ended)}"
        case Outcome.COLLECTION_ERROR:
            files = [event[1] for event in ended.all("error")]
            what = f"{len(files)} of its files cannot be collected: {', '.join(files)}" if files else _complaint(ended)
            return f"no test ran; {_statuses(ended)}: {what}"
        case Outcome.NO_TESTS:
            return f"no test ran; {_statuses(ended)}"
        case _:
            return _reason_of_failure(ended)


def _reason_of_violence(ended: Ended) -> str:
    if ended.process.hung:
        seconds = ended.process.timeout_seconds
        return f"there was no end within {seconds:g} s, and the harness killed the process"
    if ended.process.exit_code >= 0:
        return ""
    number = -ended.process.exit_code
    name = next((each.name for each in signal.Signals if each == number), f"number {number}")
    return f"the process was ended by signal {name}, which the harness did not send,"


def _phase(ended: Ended) -> str:
    """Say how far the session was; the test under way is named and not blamed."""
    if ended.last("start") is None:
        return "before pytest was configured"
    if ended.last("finish") is not None:
        return "after pytest's session"
    if ended.last("collected") is None:
        return "while tests were collected"
    if ended.unfinished:
        return f"while a test was running: {ended.unfinished}"
    return "between two tests or after the last one"


def _reason_of_failure(ended: Ended) -> str:
    failing, unawaited, tests = _failing(ended), _unawaited(ended), ended.tests
    if unawaited:
        return f"ran {len(tests) - unawaited} of {len(tests)} tests; {unawaited} need an async plugin"
    if failing:
        return f"{failing} of {len(tests)} tests failed; {_statuses(ended)}"
    coverage = COVERAGE.search(ended.output)
    if coverage is not None:
        why = f": coverage below {coverage[1] or coverage[2]} ({coverage[0].strip()})"
    else:
        complaint = _complaint(ended)
        why = f": {complaint}" if complaint else ""
    uncollected = sum(1 for event in ended.all("error") if "::" not in str(event[1]))
    none = f"no test failed, but {uncollected} files cannot be collected" if uncollected else "no test failed"
    return f"{none}; {_statuses(ended)}{why}"


def _statuses(ended: Ended) -> str:
    status, exit_code = ended.session_status, ended.process.exit_code
    if status in (None, exit_code):
        return f"exit status {exit_code}"
    return f"pytest's status was {status}, and then something ended the process with status {exit_code}"


def _complaint(ended: Ended) -> str:
    """Give the last line of the output that calls itself an error."""
    lines = COMPLAINT.findall(ended.output)
    return lines[-1].strip() if lines else ""


def _failing(ended: Ended) -> int:
    return sum(test.outcome in FAILING for test in ended.tests)


def _unawaited(ended: Ended) -> int:
    return sum(1 for _ in ended.all("unawaited"))


def tally(ended: Ended) -> dict[str, int]:
    """Count the tests by outcome."""
    return dict(Counter(test.outcome for test in ended.tests))


def notices(ended: Ended) -> Iterator[str]:
    """Say what a reader of the result should know, whatever the outcome."""
    first: dict[int, str] = {}
    again = 0
    for _, process, test in ended.all("fork"):
        first.setdefault(process, str(test))
        again += 1
    if first:
        where = ", ".join(dict.fromkeys(first.values()))
        yield f"a test forked the session; {again} tests ran again in a child ({where})"
