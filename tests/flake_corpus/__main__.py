"""Print how well the search does: recall, classes, causes, states, replays, false alarms; two simpler ways beside."""

import argparse
import itertools
import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence

from bench.flakiness import design, survey
from bench.flakiness.conditions import Circumstances, under
from bench.flakiness.outcomes import UNUSABLE, Observation, flipping, verdicts
from bench.flakiness.search import Examination
from bench.flakiness.survey import Limits
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
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many surveys, each with the next seed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="trials at once (default: all cores)")
    parser.add_argument("--stable-runs", type=int, default=STABLE_RUNS, help="runs of the stable tests alone")
    parser.add_argument("--survey-only", action="store_true", help="leave out the diagnosis")
    parser.add_argument("--no-rivals", action="store_true", help="leave out plain re-running and random order")
    options = parser.parse_args(arguments)
    recalls = []
    with laboratory(jobs=options.jobs) as (execute, installed):
        for seed in range(options.seed, options.seed + options.seeds):
            seen, seconds = surveyed(execute, installed, seed=seed, jobs=options.jobs)
            recalls.append(recall(seen))
            say(recall_words(f"seed {seed}", seen, seconds))
            for name, circumstances in () if options.no_rivals else rivals(seed):
                found = watched(execute, circumstances, seconds=seconds, jobs=options.jobs)
                say(recall_words(f"{name}, the same seconds", *found))
            if not options.survey_only:
                diagnosed(execute, installed, seen, jobs=options.jobs)
    if len(recalls) > 1:
        say(f"recall over {len(recalls)} seeds: mean {statistics.fmean(recalls):.1%}, lowest {min(recalls):.1%}")
    if options.stable_runs:
        stable(options.seed, options.stable_runs, jobs=options.jobs)
    return 0


def surveyed(
    execute: Execute, installed: dict[str, str], *, seed: int, jobs: int
) -> tuple[tuple[Observation, ...], float]:
    """Make one survey; give also the seconds it took."""
    started = time.monotonic()
    limits = Limits(suite_runs=SUITE_RUNS, seconds=HOUR, jobs=jobs)
    seen = drive(survey.conduct(seed, installed, limits), execute, watch)
    return seen, time.monotonic() - started


def rivals(seed: int) -> Iterator[tuple[str, Iterator[Circumstances]]]:
    """Give what the simpler ways run: the suite again and again, and in random orders."""
    numbers = (seed + place for place in itertools.count(1))
    yield "plain re-running", (Circumstances(hash_seed=number) for number in numbers)
    numbers = (seed + place for place in itertools.count(1))
    yield "random order alone", (under("random-order", number, hash_seed=number) for number in numbers)


def watched(
    execute: Execute, circumstances: Iterator[Circumstances], *, jobs: int, seconds: float = HOUR
) -> tuple[list[Observation], float]:
    """Run the whole corpus under each of the circumstances, for at most `seconds`; give also the seconds it took."""
    started, seen = time.monotonic(), []
    while batch := tuple(itertools.islice(circumstances, jobs)):
        for each, trial in zip(batch, execute(batch), strict=True):
            seen.append(Observation(circumstances=each, trial=trial))
            watch(each, trial)
        if time.monotonic() - started > seconds:
            break
    return seen, time.monotonic() - started


def recall(seen: Sequence[Observation]) -> float:
    """Give the share of the flaky tests that flipped."""
    flaky = {test for test in tests_of(seen) if true_class(test) is not None}
    return len(flaky & set(flipping(seen))) / len(flaky)


def recall_words(name: str, seen: Sequence[Observation], seconds: float) -> str:
    """Say which part of the flaky tests flipped."""
    flaky = [test for test in tests_of(seen) if true_class(test) is not None]
    found = set(flipping(seen))
    missed = sorted(set(flaky) - found)
    alarms = sorted(test for test in found if true_class(test) is None)
    executions = sum(len(verdicts(each.trial)) for each in seen)
    return (
        f"{name}: recall {recall(seen):.1%} ({len(flaky) - len(missed)} of {len(flaky)}) in {len(seen)} trials, "
        f"the executions of {executions / len(tests_of(seen)):.1f} suite runs, {seconds:.0f} s; "
        f"false alarms {len(alarms)}"
        + "".join(f"\n    missed {test}" for test in missed)
        + "".join(f"\n    false alarm {test}" for test in alarms)
    )


def tests_of(seen: Sequence[Observation]) -> list[str]:
    """Name every test that ran."""
    return list(dict.fromkeys(test for each in seen for test in verdicts(each.trial)))


def diagnosed(execute: Execute, installed: dict[str, str], seen: Sequence[Observation], *, jobs: int) -> None:
    """Diagnose what the survey found and print the figures."""
    started = time.monotonic()
    examination = Examination(seen, budget_seconds=HOUR, installed=installed, jobs=jobs)
    while batch := examination.wanted:
        for circumstances, trial in zip(batch, execute(batch), strict=True):
            watch(circumstances, trial)
            examination.take(trial)
    searched = examination.searched
    say(figure_words(figures(tests_of(seen), searched.diagnoses)))
    say(f"diagnosis: {len(searched.targeted)} targeted runs, {time.monotonic() - started:.0f} s")


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
        f"state named: {found.right_state} of {found.order_dependent}",
        *(f"    {each}" for each in found.wrong_state),
        f"replay fails at least 9 of 10 times: {found.proven} of {found.replays}",
        *(f"    {each}" for each in found.unproven),
        f"stable tests called flaky: {len(found.false_alarms)}",
        *(f"    {each}" for each in found.false_alarms),
    ]
    return "\n".join(lines)


def stable(seed: int, runs: int, *, jobs: int) -> None:
    """Run the stable tests alone under the design and print every failure as a false alarm."""
    with laboratory("stable_sync.py", "stable_async.py", jobs=jobs) as (execute, installed):
        circumstances = itertools.islice(design.rotation(seed, installed), runs)
        seen, seconds = watched(execute, circumstances, jobs=jobs)
    bad = [(each.condition, test) for each in seen for test, good in verdicts(each.trial).items() if not good]
    executions = sum(len(verdicts(each.trial)) for each in seen)
    say(
        f"stable tests: {len(tests_of(seen))} tests, {len(seen)} runs, {executions:,} executions, {seconds:.0f} s, "
        f"{len(bad)} false alarms"
    )
    for condition, test in bad:
        say(f"    {condition}: {test}")


def watch(circumstances: Circumstances, trial: Trial) -> None:
    """Say on stderr what is going on."""
    last = circumstances.order.then[-1] if circumstances.order.then else ""
    bad = sum(not good for good in verdicts(trial).values())
    note(f"{circumstances.condition}: {trial.outcome.value}, {bad} of {len(trial.tests)} failed, {last}")
    if trial.outcome in UNUSABLE:
        note(trial.message)


def say(words: str) -> None:
    """Print a result."""
    print(words, flush=True)  # noqa: T201 - the figures are what this is for


def note(words: str) -> None:
    """Print progress."""
    print(f"  {words}", file=sys.stderr, flush=True)  # noqa: T201 - progress


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
