"""What differs between two cells beside their tests."""

from dataclasses import dataclass

from bench.statistics import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is not alike: what it is on either side.

    `seconds` is the time that went to it in the candidate's counting trial less that in the baseline's, None where it
    has no time of its own. `without` names it for `compare --without`, '' where it cannot be left out.
    """

    what: str
    baseline: str
    candidate: str
    seconds: float | None = None
    without: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairDifferences:
    """What differs between a candidate and the baseline of its backend.

    `gap_seconds` is the difference of their median wall times, None without timed trials. `may_explain` are those
    of the differences that could make up much of a gap beyond the margin: an untested proposal each. `invalid_because`
    says why the pair's times are not of what they seem to be.
    """

    backend: str
    baseline: str
    candidate: str
    gap_seconds: float | None
    differences: tuple[Difference, ...]
    may_explain: tuple[Difference, ...]
    sentence: str
    invalid_because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestedExplanation:
    """A comparison that was made once more without something.

    `before` and `after` are the ratios of candidate over baseline with it and without, `change` is the second over the
    first, from the blocks that held both pairs, with its interval. `explains` is True where the interval says that the
    gap got smaller, False where it says that it did not, None where the blocks do not tell.
    """

    backend: str
    without: str
    baseline: str
    candidate: str
    before: float
    after: float
    change: Estimate
    explains: bool | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferencesFinding:
    """The pairs, in the order of backends and contenders, and what of their differences was left out to test it."""

    pairs: tuple[PairDifferences, ...]
    tested: tuple[TestedExplanation, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """Say what was tested, and of each pair what may explain its gap, or that its times are not what they seem."""
        tested = {each.without for each in self.tested}
        open_pairs = [
            pair for pair in self.pairs if not pair.may_explain or {each.without for each in pair.may_explain} - tested
        ]
        said = [*(each.sentence for each in self.tested), *(pair.sentence for pair in open_pairs)]
        return tuple(dict.fromkeys(filter(None, said)))
