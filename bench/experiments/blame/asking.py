"""From what the user asks about to targets."""

from collections.abc import Sequence

from bench.claims.claim import Claim
from bench.errors import ConfigurationError
from bench.experiments.blame.target import COLLECTION, Measure, Target

TIMES: tuple[Measure, ...] = ("wall", "cpu")
HINT = "ask for ratio, wall:CONTENDER, cpu:CONTENDER, micro:NAME, collection, a claim's id or a test's id (FILE::TEST)"


def targets_of(
    what: str,
    *,
    contenders: Sequence[str],
    baseline: str,
    backends: Sequence[str],
    claims: Sequence[Claim] = (),
    micro: str = "",
) -> tuple[Target, ...]:
    """Return the questions that `what` means, one for each backend; raise ConfigurationError for what means none."""
    kind, _, name = what.partition(":")
    claim = next((each for each in claims if each.id == what), None)
    if claim is not None:
        return _of_claim(claim, backends)
    if "::" in what or what == COLLECTION:
        return _each("failure", contenders[:1], backends, name=what)
    if what in {"ratio", "ratio:cpu"}:
        others = [each for each in contenders if each != baseline]
        return _each("cpu" if name else "wall", others, backends, over=baseline, asked=what)
    if kind == "micro" and name and micro:
        return _each("micro", [micro], backends, name=name)
    if kind in TIMES and name in contenders:
        return _each("wall" if kind == "wall" else "cpu", [name], backends)
    if what in contenders:
        return _each("wall", [what], backends)
    raise ConfigurationError(
        f"nothing is called {what!r}", cause=f"the contenders are {', '.join(contenders)}", hint=HINT
    )


def usual_targets(*, contenders: Sequence[str], baseline: str, backends: Sequence[str]) -> tuple[Target, ...]:
    """Return what is asked without a name: every contender's time, and every ratio."""
    others = [each for each in contenders if each != baseline]
    ratios = _each("wall", others, backends, over=baseline) if baseline in contenders and others else ()
    return (*_each("wall", contenders, backends), *ratios)


def _of_claim(claim: Claim, backends: Sequence[str]) -> tuple[Target, ...]:
    if claim.metric not in TIMES:
        raise ConfigurationError(
            f"the claim {claim.id!r} is not about a time", cause=f"it is of the kind {claim.kind!r}", hint=HINT
        )
    measure: Measure = "cpu" if claim.metric == "cpu" else "wall"
    chosen = [backend for backend in backends if not claim.backends or backend in claim.backends]
    if claim.rival is None:
        return _each(measure, [claim.subject], chosen)
    return _each(measure, [claim.rival], chosen, over=claim.subject)


def _each(
    measure: Measure,
    contenders: Sequence[str],
    backends: Sequence[str],
    *,
    over: str = "",
    name: str = "",
    asked: str = "",
) -> tuple[Target, ...]:
    if not contenders:
        raise ConfigurationError(f"{asked!r} needs two contenders", hint="name both: --contender A --contender B")
    return tuple(
        Target(measure=measure, contender=contender, backend=backend, over=over, name=name)
        for backend in backends
        for contender in contenders
    )
