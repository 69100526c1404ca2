"""Print how well the hunt does: recall, classes, polluters, replays, false alarms, and two simpler ways beside it."""

import argparse
import itertools
import sys
import time
from collections.abc import Iterator, Sequence

from bench.flakiness import survey
from bench.flakiness.conditions import PLAIN, Circumstances
from bench.flakiness.diagnosis import diagnose
from bench.flakiness.notebook import Notebook
from bench.flakiness.outcomes import Observation, flipping, verdicts
from bench.model import Trial
from tests.flake_corpus.figures import Figures, figures
from tests.flake_corpus.laboratory import Execute, drive, laboratory
from tests.flake_corpus.truth import true_class

SUITE_RUNS = 20
STABLE_RUNS = 300
HOUR = 3600.0


def main(arguments: Sequence[str]) -> int:
    """Measure what the options ask for and print it."""
    parser = argparse.ArgumentParser(prog="python -m tests.flake_corpus", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stable-runs", type=int, default=STABLE_RUNS, help="runs of the stable tests alone")
    parser.add_argument("--survey-only", action="store_true", help="leave out the diagnosis")
    parser.add_argument("--no-rivals", action="store_true", help="leave out plain re-running and random order")
    options = parser.parse_args(arguments)
    with laboratory() as (execute, installed):
        started = time.monotonic()
        steps = survey.conduct(options.seed, installed, suite_runs=SUITE_RUNS, budget_seconds=HOUR)
        seen = drive(steps, execute, tell)
        seconds = time.monotonic() - started
        say(recall_words("conditions in rotation", seen, seconds))
        if not options.no_rivals:
            for name, circumstances in rivals(options.seed).items():
                say(recall_words(name, *watched(execute, circumstances, seconds=seconds)))
        if not options.survey_only:
            hunted(execute, installed, seen)
    if options.stable_runs:
        stable(options.seed, options.stable_runs)
    return 0


def rivals(seed: int) -> dict[str, Iterator[Circumstances]]:
    """Give what the simpler ways run: the suite again and again, and in random orders."""
    again = (Circumstances(condition=PLAIN, hash_seed=seed + n) for n in itertools.count(1))
    shuffled = (Circumstances(condition="random-order", seed=seed + n, hash_seed=seed + n) for n in itertools.count(1))
    return {"plain re-running, the same seconds": again, "random order alone, the same seconds": shuffled}


def watched(
    execute: Execute, circumstances: Iterator[Circumstances], *, seconds: float = HOUR
) -> tuple[list[Observation], float]:
    """Run the whole corpus under each of the circumstances, for at most `seconds`; give also the seconds it took."""
    started, seen = time.monotonic(), []
    for each in circumstances:
        trial = execute(each)
        seen.append(Observation(circumstances=each, trial=trial))
        bad = [test for test, good in verdicts(trial).items() if not good]
        note(f"{each.condition} {each.seed}: {trial.outcome.value}, {len(bad)} failed, {trial.wall_ns / 1e9:.1f} s")
        if time.monotonic() - started > seconds:
            break
    return seen, time.monotonic() - started


def recall_words(name: str, seen: Sequence[Observation], seconds: float) -> str:
    """Say which part of the flaky tests flipped."""
    flaky = [test for test in tests_of(seen) if true_class(test) is not None]
    found = set(flipping(seen))
    missed = sorted(set(flaky) - found)
    alarms = sorted(test for test in found if true_class(test) is None)
    share = len(found & set(flaky)) / len(flaky)
    executions = sum(len(verdicts(each.trial)) for each in seen)
    return (
        f"{name}: recall {share:.1%} ({len(found & set(flaky))} of {len(flaky)}) in {len(seen)} trials, "
        f"the executions of {executions / len(tests_of(seen)):.1f} suite runs, {seconds:.0f} s; "
        f"false alarms {len(alarms)}"
        + "".join(f"\n    missed {test}" for test in missed)
        + "".join(f"\n    false alarm {test}" for test in alarms)
    )


def tests_of(seen: Sequence[Observation]) -> list[str]:
    """Name every test that ran."""
    return list(dict.fromkeys(test for each in seen for test in verdicts(each.trial)))


def hunted(execute: Execute, installed: dict[str, str], seen: Sequence[Observation]) -> None:
    """Diagnose what the survey found and print the figures."""
    notebook = Notebook(seen, budget_seconds=HOUR)
    diagnoses = drive(diagnose(notebook, installed), execute, tell)
    seconds = sum(each.trial.wall_ns for each in notebook.targeted) / 1e9
    say(figure_words(figures(tests_of(seen), diagnoses)))
    say(f"diagnosis: {len(notebook.targeted)} targeted runs, {seconds:.0f} s")


def figure_words(found: Figures) -> str:
    """Write the figures of a diagnosis."""
    lines = [
        f"class right: {found.right_class} of {found.found}",
        *(f"    {each}" for each in found.wrong_class),
        (
            f"cause right within {found.allowed_bisection_runs} runs: {found.right_cause} of {found.order_dependent} "
            f"(at most {found.most_bisection_runs} runs)"
        ),
        *(f"    {each}" for each in found.wrong_cause),
        f"replay fails at least 9 of 10 times: {found.proven} of {found.replays}",
        *(f"    {each}" for each in found.unproven),
        f"stable tests called flaky: {len(found.false_alarms)}",
        *(f"    {each}" for each in found.false_alarms),
    ]
    return "\n".join(lines)


def stable(seed: int, runs: int) -> None:
    """Run the stable tests alone under the conditions in rotation and print every failure as a false alarm."""
    with laboratory("stable_sync.py", "stable_async.py") as (execute, installed):
        circumstances = itertools.islice(survey.rotation(seed, installed), runs)
        seen, seconds = watched(execute, circumstances)
    bad = [(each.condition, test) for each in seen for test, good in verdicts(each.trial).items() if not good]
    say(f"stable tests: {len(tests_of(seen))} tests, {len(seen)} runs, {seconds:.0f} s, {len(bad)} false alarms")
    for condition, test in bad:
        say(f"    {condition}: {test}")


def tell(circumstances: Circumstances, trial: Trial) -> None:
    """Say on stderr what is going on."""
    last = circumstances.order.then[-1] if circumstances.order.then else ""
    note(f"{circumstances.condition} {circumstances.seed}: {trial.outcome.value}, {len(trial.tests)} tests, {last}")


def say(words: str) -> None:
    """Print a result."""
    print(words, flush=True)  # noqa: T201 - the figures are what this is for


def note(words: str) -> None:
    """Print progress."""
    print(f"  {words}", file=sys.stderr, flush=True)  # noqa: T201 - progress


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
