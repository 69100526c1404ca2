"""A cause is named only where the test fails more often with it than without it, by an exact test of both rates."""

from dataclasses import dataclass, replace

from bench.statistics import fisher_p

ALPHA = 0.05
MOST_EXPLANATIONS = 8
FIRST_CONTROLS = 4
MOST_CONTROLS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """How often a test failed with and without what is to be its cause, everything else held constant."""

    cause: str
    failures: int
    runs: int
    without_failures: int
    without_runs: int

    @property
    def p_value(self) -> float:
        """Give Fisher's exact one-sided p-value: does the test fail more often with the cause?"""
        if not self.runs or not self.without_runs:
            return 1.0
        counts = (self.failures, self.without_failures)
        return fisher_p(counts, (self.runs, self.without_runs), alternative="greater")

    @property
    def is_shown(self) -> bool:
        """Whether it holds although up to eight explanations are tried for one test: Bonferroni at 5 % together."""
        return self.p_value <= ALPHA / MOST_EXPLANATIONS

    @property
    def may_be_shown(self) -> bool:
        """Whether more controls, at most ten in all, would show it if none of them failed."""
        fewer = self.without_runs < MOST_CONTROLS
        return fewer and replace(self, without_runs=MOST_CONTROLS).is_shown

    @property
    def words(self) -> str:
        """Write both rates and the test."""
        return (
            f"fails in {self.failures} of {self.runs} runs {self.cause}, in {self.without_failures} of "
            f"{self.without_runs} without (Fisher's exact test, one-sided: p = {self.p_value:.2g})"
        )
