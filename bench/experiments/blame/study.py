"""What of blame is in the plan: the two sets, the chain between them, and the questions."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bench.campaign.frame import Frame
from bench.experiments.blame.chain import Chain, Stage, Unit
from bench.experiments.blame.rules import Rules
from bench.experiments.blame.target import Target
from bench.experiments.contract import Request
from bench.model import Contender

NAME = "blame"
AGAIN = "again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """The units with their needs in the order of the chain, and the questions in the order in which they are asked.

    `micro` is the row of micro-benchmarks where a question is about one. The budget is shared equally.
    """

    before: str
    after: str
    units: tuple[Unit, ...]
    needs: tuple[tuple[int, ...], ...]
    targets: tuple[Target, ...]
    rules: Rules
    micro: Contender | None = None

    @property
    def chain(self) -> Chain:
        """Return the chain of units."""
        return Chain(units=self.units, needs=tuple(map(frozenset, self.needs)))

    @property
    def share(self) -> Rules:
        """Return the rules of one question, with its part of the budget."""
        return replace(self.rules, budget_seconds=self.rules.budget_seconds / max(len(self.targets), 1))

    def set_name(self, stage: Stage) -> str:
        """Name the dependency set of a stage; the same packages have the same name in every run of the same sets."""
        if stage.copy:
            return f"{self.set_name(Stage(stage.units))}-{AGAIN}"
        if stage == self.chain.old:
            return self.before
        if stage == self.chain.new:
            return self.after
        moved = " ".join(sorted(self.chain.packages(stage)))
        return f"way-{hashlib.sha256(f'{self.before} {self.after} {moved}'.encode()).hexdigest()[:10]}"


def study_of(
    chain: Chain, *, before: str, after: str, targets: tuple[Target, ...], rules: Rules, micro: Contender | None = None
) -> Study:
    """Write a chain down as a study."""
    return Study(
        before=before,
        after=after,
        units=chain.units,
        needs=tuple(tuple(sorted(needed)) for needed in chain.needs),
        targets=targets,
        rules=rules,
        micro=micro if any(target.measure == "micro" for target in targets) else None,
    )


def plan(request: Request) -> Study | None:  # noqa: ARG001 - the shape of every planner
    """Return None: what differs between two installed sets is known only to the command that installs them."""
    return None


def announce(frame: Frame, study: Study) -> Iterator[str]:  # noqa: ARG001 - the shape of every announcement
    """Name the questions and the units."""
    for target in study.targets:
        yield f"which package changed {target.words}?"
    packages = sum(len(unit.packages) for unit in study.units)
    yield f"{packages} packages differ, in {len(study.units)} units that can move one by one"
    for unit in study.units:
        yield f"  {unit.name}: {', '.join(map(str, unit.packages))}"
        yield from (f"    merged: {because}" for because in unit.because)
