"""The page while a run goes on: what is measured so far, and never a ratio."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bench import text
from bench.campaign.plan import Plan
from bench.experiments.registry import is_timing
from bench.model import Outcome, Trial, on_backend, spent_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one experiment measured on one backend so far."""

    what: str
    blocks: int
    trials: int
    failed: int


def live_page(plan: Plan, trials: Sequence[Trial], *, run_id: str, at: str, resume: str, due: str) -> bytes:
    """Write the page; `at` is the time to show, `due` says when the first verdict is expected."""
    loader = PackageLoader("bench.report")
    environment = Environment(autoescape=True, loader=loader, undefined=StrictUndefined, trim_blocks=True)
    last = trials[-1] if trials else None
    load = last.before.load_1min if last else None
    context = {
        "run_id": run_id,
        "profile": plan.frame.profile,
        "now_doing": f"Measuring: {last.experiment}{on_backend(last.cell.backend)}" if last else "Getting ready",
        "spent": text.long_duration(spent_seconds(trials)),
        "budget": text.long_duration(plan.frame.budget_seconds),
        "due": due,
        "rows": list(_rows(trials)),
        "load": "" if load is None else f"{load:.1f}",
        "at": at,
        "resume": resume,
        "style": Markup(loader.get_source(environment, "style.css")[0].strip()),  # noqa: S704 - a file of this package
    }
    return environment.get_template("live.html.j2").render(context).encode()


def _rows(trials: Sequence[Trial]) -> Iterator[Row]:
    for experiment, backend in dict.fromkeys((trial.experiment, trial.cell.backend) for trial in trials):
        own = [trial for trial in trials if (trial.experiment, trial.cell.backend) == (experiment, backend)]
        # What an experiment is about may be failing: only a suite that is timed was meant to pass.
        failed = sum(trial.outcome is not Outcome.PASSED for trial in own) if is_timing(experiment) else 0
        yield Row(
            what=f"{experiment}{on_backend(backend)}",
            blocks=len({trial.block for trial in own if not trial.warmup}),
            trials=len(own),
            failed=failed,
        )
