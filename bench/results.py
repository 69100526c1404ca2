"""A run as the report shows it: what was measured and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.claims.weighing import ClaimFinding
from bench.drawing.section import Section
from bench.experiments.attempts.finding import AttemptFinding, AttemptsFinding
from bench.experiments.counting.finding import CountingFinding, ExercisedFinding
from bench.experiments.factors.finding import FactorFinding, FactorsFinding
from bench.experiments.flakiness.finding import FlakeSearchFinding
from bench.experiments.micro.finding import MicroCost, MicroFinding
from bench.experiments.registry import EXPERIMENTS
from bench.experiments.reliability.finding import FailureFinding, ReliabilityFinding
from bench.experiments.simplicity.counting import SuiteCount
from bench.experiments.simplicity.finding import SimplicityFinding
from bench.experiments.speed.finding import CellFinding, LayerFinding, SpeedFinding, TwinFinding
from bench.findings import Findings, RunFinding, TrialPoint
from bench.flakiness.findings import FlakinessFinding
from bench.judgement.finding import DecisionFinding, GoalLine, Judgement
from bench.judgement.fitness import comparisons
from bench.paired.finding import ComparisonFinding


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Findings and judgement together; the properties are what most pages ask for, empty where nothing was planned."""

    findings: Findings
    judgement: Judgement

    @property
    def run(self) -> RunFinding:
        """Return the run itself."""
        return self.findings.run

    @property
    def trials(self) -> tuple[TrialPoint, ...]:
        """Return every trial on the time axis."""
        return self.findings.trials

    @property
    def decision(self) -> DecisionFinding:
        """Return the decision."""
        return self.judgement.decision

    @property
    def goals(self) -> tuple[GoalLine, ...]:
        """Return the lines of the first screen."""
        return self.judgement.goals

    @property
    def claims(self) -> tuple[ClaimFinding, ...]:
        """Return the claims weighed."""
        return self.judgement.claims

    @property
    def invalid_because(self) -> tuple[str, ...]:
        """Say why no timing of the run counts."""
        return self.judgement.invalid_because

    @property
    def left_out(self) -> tuple[str, ...]:
        """Say what the report has nothing to show of."""
        return self.judgement.left_out

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return the caveats."""
        return self.judgement.warnings

    @property
    def sections(self) -> Mapping[str, Section]:
        """Return the sections that experiments make themselves, by the name of the experiment."""
        made = {
            name: EXPERIMENTS[name].section(found)
            for name, found in self.findings.by_experiment.items()
            if name in EXPERIMENTS
        }
        return {name: section for name, section in made.items() if section is not None}

    @property
    def cells(self) -> tuple[CellFinding, ...]:
        """Return the timed cells."""
        found = self.findings.of(SpeedFinding)
        return found.cells if found else ()

    @property
    def comparisons(self) -> tuple[ComparisonFinding, ...]:
        """Return the comparisons of all experiments, A/A pairs among them."""
        return comparisons(self.findings)

    @property
    def twins(self) -> tuple[TwinFinding, ...]:
        """Return the single tests."""
        found = self.findings.of(SpeedFinding)
        return found.twins if found else ()

    @property
    def layers(self) -> tuple[LayerFinding, ...]:
        """Return the slowest test of each layer."""
        found = self.findings.of(SpeedFinding)
        return found.layers if found else ()

    @property
    def failures(self) -> tuple[FailureFinding, ...]:
        """Return how often each contender failed."""
        found = self.findings.of(ReliabilityFinding)
        return found.failures if found else ()

    @property
    def suites(self) -> Mapping[str, SuiteCount]:
        """Return the counts of the sources."""
        found = self.findings.of(SimplicityFinding)
        return found.suites if found else {}

    @property
    def micro_costs(self) -> tuple[MicroCost, ...]:
        """Return the costs of small operations."""
        found = self.findings.of(MicroFinding)
        return found.costs if found else ()

    @property
    def exercised(self) -> tuple[ExercisedFinding, ...]:
        """Return what each cell exercised."""
        found = self.findings.of(CountingFinding)
        return found.cells if found else ()

    @property
    def attempts(self) -> tuple[AttemptFinding, ...]:
        """Return the changes that were tried."""
        found = self.findings.of(AttemptsFinding)
        return found.attempts if found else ()

    @property
    def factors(self) -> tuple[FactorFinding, ...]:
        """Return what single factors cost."""
        found = self.findings.of(FactorsFinding)
        return found.factors if found else ()

    @property
    def provoked(self) -> tuple[FailureFinding, ...]:
        """Return in how many trials under conditions each contender flaked."""
        found = self.findings.of(FlakeSearchFinding)
        return found.provoked if found else ()

    @property
    def flakiness(self) -> FlakinessFinding | None:
        """Return the search for flakes."""
        found = self.findings.of(FlakeSearchFinding)
        return found.search if found else None
