"""The sentences of an investigation, and the commands that follow from it."""

from collections.abc import Iterable, Sequence

from bench.experiments.blame.chain import Chain, PackageMove, Stage
from bench.experiments.blame.confirmation import Group
from bench.experiments.blame.finding import CommandRow
from bench.experiments.blame.verdict import Blame, Role, Verdict

ROLES = {
    Role.DOES_IT: "changes it in the earlier and in the later set",
    Role.ONLY_WITH_OTHERS: "changes it only where other packages have moved, too",
    Role.ONLY_WITHOUT_OTHERS: "changes it in the earlier set; in the later one something else does the same",
    Role.ONE_CONTEXT: "changes it in one of the two sets; the other is not resolved",
    Role.INNOCENT: "was not shown to change it",
}
NOBODY = "No package is named for {what}, {blame}: {reason}."
SENTENCES = {
    Blame.ALONE: "{first} alone changed {what}: {versions}.",
    Blame.WITH: "{first} with {others} changed {what}, and neither does it without: {versions}.",
    Blame.EACH: "{all} each changed a part of {what}: {versions}.",
    Blame.PART: "{first} changed {what}; whether it did so alone is open: {versions}.",
    Blame.SPREAD: "No single package changed {what}: it is spread out, or each part is below the threshold.",
    Blame.NOTHING: "Nothing to attribute for {what}: {reason}.",
    Blame.NOT_CONFIRMED: NOBODY,
    Blame.UNFINISHED: NOBODY,
    Blame.INVALID: NOBODY,
}
WITH_SIZE = frozenset(blame for blame in Blame if blame.names_somebody or blame is Blame.SPREAD)


def name_of(chain: Chain, group: Group) -> str:
    """Name a unit; several that the search could not tell apart are "one of" them."""
    names = [chain.units[unit].name for unit in sorted(group)]
    return names[0] if len(names) == 1 else f"one of {listed(names, last='or')}"


def sentence(verdict: Verdict, chain: Chain, *, what: str, effect: str = "") -> str:
    """Return the answer in one sentence; `effect` is the size of the change, in words."""
    names = [name_of(chain, group) for group in verdict.named] or [""]
    return SENTENCES[verdict.blame].format(
        first=names[0],
        others=listed(names[1:] or ["something else"]),
        all=listed(names),
        what=what + (f" ({effect})" if effect and verdict.blame in WITH_SIZE else ""),
        versions=", ".join(str(move) for group in verdict.named for move in moves(chain, group)),
        blame=verdict.blame.value,
        reason=verdict.reason,
    )


def commands(verdict: Verdict, chain: Chain, *, before: str, after: str) -> tuple[CommandRow, ...]:
    """Return, for the units that were named, how to go without them and how to upgrade nothing else."""
    if not verdict.named:
        return ()
    group = frozenset().union(*verdict.named)
    names = listed([name_of(chain, each) for each in verdict.named])
    without, alone = chain.without(group), chain.with_needs(group)
    kept = _moves(chain, chain.new.units - without.units)
    upgraded = _moves(chain, alone.units)
    upgrades = " ".join(f"--upgrade {each.name}=={each.new}" for each in upgraded if each.new)
    return (
        CommandRow(purpose=f"stay on {after!r} without {names}", command=_install((m.name, m.old) for m in kept)),
        CommandRow(purpose=f"stay on {before!r} with {names}", command=_install((m.name, m.new) for m in upgraded)),
        CommandRow(
            purpose="measure only this upgrade",
            command=f"nox -s revalidate -- --from {before} {upgrades}".rstrip(),
        ),
    )


def moves(chain: Chain, group: Group) -> tuple[PackageMove, ...]:
    """List the packages of a group with their versions."""
    return tuple(_moves(chain, group))


def listed(names: Sequence[str], *, last: str = "and") -> str:
    """Join names as a reader expects them."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def stage_words(chain: Chain, stage: Stage) -> str:
    """Describe a stage by what moved in it."""
    if stage == chain.new:
        return "the later set"
    if not stage.units:
        return "the earlier set, built a second time" if stage.copy else "the earlier set"
    return f"the earlier set with {listed([chain.units[unit].name for unit in sorted(stage.units)])}"


def _moves(chain: Chain, units: Iterable[int]) -> list[PackageMove]:
    return [move for unit in sorted(units) for move in chain.units[unit].packages]


def _install(pins: Iterable[tuple[str, str]]) -> str:
    listed_pins = list(pins)
    installed = " ".join(f"'{name}=={version}'" for name, version in listed_pins if version)
    removed = " ".join(name for name, version in listed_pins if not version)
    parts = [f"uv pip install {installed}" if installed else "", f"uv pip uninstall {removed}" if removed else ""]
    return " && ".join(filter(None, parts))
