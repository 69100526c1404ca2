"""The line that a re-validation adds to the history."""

from collections.abc import Iterator

from bench.results import Results
from bench.revalidation.findings import ChangeFinding, ClaimChange, SetFinding
from bench.statistics import Estimate
from bench.storage.history import HistoryLine, HistoryRatio, HistorySet, machine_id
from bench.storage.run_folder import Manifest


def history_line(
    manifest: Manifest,
    sets: tuple[SetFinding, SetFinding],
    analyses: tuple[Results, Results],
    claims: tuple[ClaimChange, ...],
    changes: tuple[ChangeFinding, ...],
) -> HistoryLine:
    """Sum up a re-validation: sets, versions, decisions, verdicts, and the ratios with their intervals."""
    before, after = (_set(manifest, found) for found in sets)
    return HistoryLine(
        run=manifest.run_id,
        started=manifest.started,
        profile=manifest.plan.frame.profile,
        revision=manifest.revision,
        machine={label: shown for label, shown in manifest.machine.items() if label != "load at start"},
        machine_id=machine_id(manifest.machine),
        before=before,
        after=after,
        decisions=(analyses[0].decision.decision.value, analyses[1].decision.decision.value),
        verdicts={claim.id: (claim.before.value, claim.after.value) for claim in claims},
        ratios=tuple(ratio for change in changes for ratio in _ratios(change)),
    )


def _set(manifest: Manifest, found: SetFinding) -> HistorySet:
    measured = manifest.dependency_sets.get(found.name)
    return HistorySet(
        name=found.name,
        sha256=found.sha256,
        considered_until=found.considered_until,
        versions={} if measured is None else measured.packages,
    )


def _ratios(change: ChangeFinding) -> Iterator[HistoryRatio]:
    found: tuple[tuple[str, Estimate | None], ...] = (
        ("before", change.before),
        ("after", change.after),
        ("change", change.estimate),
    )
    for under, estimate in found:
        if estimate is not None:
            yield HistoryRatio(
                rival=change.rival_contender,
                backend=change.backend,
                metric=change.metric,
                under=under,
                ratio=estimate.ratio,
                low=estimate.low,
                high=estimate.high,
                blocks=estimate.blocks,
            )
