"""What a run without claims says first: its comparisons, or what its search found."""

from collections.abc import Iterator

from bench import text
from bench.experiments.differences.analysis import left_out_of
from bench.experiments.differences.finding import DifferencesFinding
from bench.experiments.flakiness.finding import FlakeSearchFinding
from bench.experiments.machines.finding import MachinesFinding
from bench.experiments.speed.finding import SpeedFinding
from bench.findings import Findings
from bench.judgement.finding import Decision, DecisionFinding
from bench.model import on_backend
from bench.paired.finding import ComparisonFinding
from bench.statistics import ComparisonVerdict

_OPEN = (ComparisonVerdict.INCONCLUSIVE, ComparisonVerdict.TOO_FEW_BLOCKS)
_MOST = 2


def decide(findings: Findings) -> DecisionFinding:
    """Lead with the comparisons of wall time; what may explain them are the reasons."""
    speed, differences = findings.of(SpeedFinding), findings.of(DifferencesFinding)
    own = {row.id for row in findings.frame.contenders if not left_out_of(row)}
    compared = [
        c
        for c in (speed.comparisons if speed else ())
        if c.metric == "wall" and not c.is_noise_floor and {c.rival_contender, c.baseline_contender} <= own
    ]
    machines = findings.of(MachinesFinding)
    disagreeing = [each.sentence for each in (machines.effects if machines else ()) if each.depends]
    is_open = (
        not compared
        or bool(disagreeing)
        or any(c.comparison is None or c.comparison.verdict in _OPEN for c in compared)
    )
    return DecisionFinding(
        decision=Decision.UNDETERMINED if is_open else Decision.COMPARED,
        sentence=_sentence(compared) if compared else _searched(findings),
        reasons=(*disagreeing, *(differences.sentences if differences else ())),
        would_flip=tuple(dict.fromkeys(_proposals(differences))) if differences else (),
        alternatives=(),
    )


def _sentence(compared: list[ComparisonFinding]) -> str:
    said = [_said(each) for each in compared]
    more = len(said) - _MOST
    whole = "; ".join(said[:_MOST]) + (f"; and {text.count(more, 'comparison')} more." if more > 0 else ".")
    return f"O{whole[1:]}" if whole.startswith("on ") else whole


def _said(compared: ComparisonFinding) -> str:
    where = f"{on_backend(compared.backend)} ".lstrip()
    if compared.estimate is None:
        names = f"{compared.rival_contender} and {compared.baseline_contender}"
        why = "no block was finished" if not compared.invalid_because else compared.invalid_because[0]
        return f"{where}{names} are not compared: {why}"
    effect = text.takes(compared.rival_contender, compared.baseline_contender, compared.estimate)
    return f"{where}{effect}: {compared.words}"


def _searched(findings: Findings) -> str:
    found = findings.of(FlakeSearchFinding)
    if found is None:
        return "Nothing is compared in this run, and no claim decides."
    flaky = sum(cell.flaky_tests for cell in found.search.cells)
    return f"The search found {text.count(flaky, 'flaky test')}." if flaky else "The search found no flaky test."


def _proposals(differences: DifferencesFinding) -> Iterator[str]:
    tested = {each.without for each in differences.tested}
    for pair in differences.pairs:
        for each in pair.may_explain:
            if each.without and each.without not in tested:
                yield f"a gap that is gone without {each.without}: compare again with --without {each.without}"
