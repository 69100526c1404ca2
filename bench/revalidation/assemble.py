"""Judge each dependency set by itself, then say what the upgrade changed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bench import text
from bench.analysis import analyse
from bench.campaign.plan import Plan
from bench.claims import file as claims_file
from bench.claims.claim import Claim
from bench.experiments.fidelity import mirror
from bench.experiments.fidelity.finding import FidelityFinding
from bench.experiments.fidelity.mirror import Turned
from bench.judgement.finding import Decision
from bench.judgement.fitness import Fitness, fitness
from bench.judgement.judge import judge
from bench.model import Trial
from bench.results import Results
from bench.revalidation.changes import changes
from bench.revalidation.findings import ClaimChange, PackageChange, Revalidation, SetFinding, Transition
from bench.revalidation.packages import difference
from bench.revalidation.problems import problems
from bench.revalidation.record import history_line
from bench.revalidation.transitions import claim_changes
from bench.storage import history
from bench.storage.run_folder import Manifest, RevalidationRecord

SMALL_PROFILES = ("smoke", "quick")


def revalidate(
    manifest: Manifest, trials: Sequence[Trial], *, claims_text: str | None = None, notices: Sequence[str] = ()
) -> Revalidation:
    """Judge a run over two dependency sets, from its manifest and its trials and from nothing else."""
    record = manifest.revalidation
    assert record is not None, "only the manifest of a re-validation comes here"
    whole = fitness(analyse(manifest, trials))
    views = _view(manifest.plan, record.before), _view(manifest.plan, record.after)
    before, after = (
        _results(manifest, view, trials, whole, claims_text=claims_text, notices=notices) for view in views
    )
    after = _held_back(before, after, profile=manifest.plan.frame.profile)
    changed = changes(views, trials, before=before, after=after)
    claims = claim_changes(before.claims, after.claims, changed)
    sets = _set(manifest, record.before), _set(manifest, record.after)
    packages = _packages(manifest, record)
    line = history_line(manifest, sets, (before, after), claims, changed)
    unfit = whole.without_baselines.reasons
    return Revalidation(
        sentence=f"The upgrade cannot be judged: {unfit[0]}." if unfit else _sentence(before, after, claims),
        before_set=sets[0],
        after_set=sets[1],
        before=before,
        after=after,
        may_flip=manifest.plan.frame.profile not in SMALL_PROFILES,
        claims=claims,
        changes=changed,
        packages=packages,
        problems=problems(
            manifest, trials, before=record.before, after=record.after, changed={change.name for change in packages}
        ),
        history=(*history.of_machine(record.history.lines, manifest.machine), line),
        elsewhere=sum(known.machine_id != line.machine_id for known in record.history.lines),
        history_notice=record.history.notice(),
        unfit_because=unfit,
        counts=_counts(claims),
        turned=_turned(before, after),
    )


def _view(plan: Plan, name: str) -> Plan:
    """Return the plan as one set sees it; a set that could not be installed is a view without a trial."""
    return replace(plan, frame=plan.frame.under(name))


def _results(
    manifest: Manifest,
    view: Plan,
    trials: Sequence[Trial],
    whole: Fitness,
    *,
    claims_text: str | None,
    notices: Sequence[str],
) -> Results:
    """Judge the trials of one set.

    Whether the machine was fit is asked of the run as a whole: the A/A copy runs under the earlier set only.
    A baseline that fails voids the set under which it failed.
    """
    findings = analyse(manifest, trials, plan=view, claims_text=claims_text, notices=notices)
    stated = manifest.claims_text if claims_text is None else claims_text
    claims = _about(view, claims_file.parse(stated, source="the claims"))
    fit = replace(whole, baselines=fitness(findings).baselines)
    return Results(findings=findings, judgement=judge(findings, claims, fit=fit))


def _about(view: Plan, stated: Sequence[Claim]) -> list[Claim]:
    """Leave out the claims about contenders that are not compared."""
    known = {contender.id for contender in view.frame.contenders}
    return [claim for claim in stated if {*claim.names} <= known]


def _set(manifest: Manifest, name: str) -> SetFinding:
    found = manifest.dependency_sets.get(name)
    return SetFinding(
        name=name,
        considered_until="" if found is None else found.considered_until,
        sha256="" if found is None else found.sha256,
        python="" if found is None else found.python,
        packages=0 if found is None else len(found.packages),
    )


def _packages(manifest: Manifest, record: RevalidationRecord) -> tuple[PackageChange, ...]:
    """Compare what landed; a set that could not be installed is known by its lock, and without one not at all."""
    found = [manifest.dependency_sets.get(name) for name in (record.before, record.after)]
    packages = [{} if each is None else each.packages or each.locked for each in found]
    return difference(*packages) if all(packages) else ()


def _counts(claims: Sequence[ClaimChange]) -> dict[str, int]:
    found = Counter(claim.transition for claim in claims)
    return {transition.value: found[transition] for transition in Transition if found[transition]}


def _turned(before: Results, after: Results) -> tuple[Turned, ...]:
    """List the rows of the mirror table that the upgrade turned; none where a set has no table."""
    found = [results.findings.of(FidelityFinding) for results in (before, after)]
    mirrors = [each.latest.mirror if each and each.latest else None for each in found]
    return mirror.turned(mirrors[0], mirrors[1]) if mirrors[0] and mirrors[1] else ()


def _held_back(before: Results, after: Results, *, profile: str) -> Results:
    """Let a small profile warn of a flip, but not make it: the decision is then undetermined."""
    found = after.decision
    turned = found.decision is not before.decision.decision and Decision.UNDETERMINED not in (
        found.decision,
        before.decision.decision,
    )
    if not turned or profile not in SMALL_PROFILES:
        return after
    sentence = (
        f"The decision is undetermined: it would now be {found.decision.value}, but the profile {profile} "
        "never flips a decision alone. Run the standard one."
    )
    held = replace(found, decision=Decision.UNDETERMINED, sentence=sentence)
    return replace(after, judgement=replace(after.judgement, decision=held))


def _sentence(before: Results, after: Results, claims: Sequence[ClaimChange]) -> str:
    """Say what the upgrade did to the decision, and by which of the deciding claims."""
    first, second = before.decision.decision.value, after.decision.decision.value
    grave = (Transition.FLIPPED, Transition.NEWLY_BROKEN, Transition.NEWLY_INCONCLUSIVE)
    turned = [f"{c.id} {c.transition.value}" for c in claims if c.weight == "decides" and c.transition in grave]
    because = f": {text.listing(turned)}" if turned else ""
    if first == second:
        return f"The upgrade leaves the decision as it was, {second}{because}."
    return f"The upgrade moves the decision from {first} to {second}{because}."
