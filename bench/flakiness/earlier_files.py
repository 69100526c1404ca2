"""Does a test depend on files that an earlier run left? The suite runs in copies of its folder, with and without."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

from bench.flakiness.conditions import Circumstances, only
from bench.flakiness.findings import FlakeClass
from bench.flakiness.hypotheses import Hypothesis
from bench.flakiness.notebook import Notebook, Steps
from bench.flakiness.outcomes import failed

MOST_NAMED = 5


def may_be_files(notebook: Notebook, test: str) -> bool:
    """Whether trials left files, and the outcome changed once, from one trial on, as a file makes it change."""
    shown = [bad for seen in notebook.survey if (bad := failed(seen.trial, test)) is not None]
    turns = sum(first is not second for first, second in itertools.pairwise(shown))
    return bool(notebook.appeared) and turns == 1


def hypotheses(notebook: Notebook, test: str) -> Steps[list[Hypothesis]]:
    """Run the test in a copy with the files that trials left, and in one without; explain where they differ."""
    kept = Circumstances(order=only(test), copied_without=())
    clean = replace(kept, copied_without=notebook.appeared)
    trials = yield from notebook.run_all([kept, clean])
    with_files, without = (failed(trial, test) for trial in trials)
    if with_files is without or None in (with_files, without):
        return []
    failing, passing = (kept, clean) if with_files else (clean, kept)
    files = named(notebook.appeared)
    verb = "left by" if with_files else "made by"
    return [
        Hypothesis(
            flake_class=FlakeClass.FILES,
            circumstances=failing,
            control=passing,
            reason=f"it depends on files {verb} an earlier run: {files}",
            cause=f"{'with' if with_files else 'without'} {files} in the folder",
        )
    ]


def named(files: Sequence[str]) -> str:
    """List a few files for a sentence."""
    more = f" and {len(files) - MOST_NAMED} more" if len(files) > MOST_NAMED else ""
    return ", ".join(files[:MOST_NAMED]) + more
