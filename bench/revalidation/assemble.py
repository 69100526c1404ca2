"""Analyse each dependency set by itself, then say what the upgrade changed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bench import decision, text
from bench.analysis import analyse, fitness, goals
from bench.campaign.plan import Plan
from bench.experiments import flakiness, speed
from bench.findings import Analysis, ClaimFinding, ComparisonFinding, Decision, Verdict
from bench.model import Trial
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
    """Analyse a run over two dependency sets, from its manifest and its trials and from nothing else."""
    record = manifest.revalidation
    assert record is not None, "only the manifest of a re-validation comes here"
    views = _view(manifest.plan, record.before), _view(manifest.plan, record.after)
    noise_floor = [c for view in views for c in speed.compare(view, trials) if c.is_noise_floor]
    analyses = [
        _analysis(manifest, view, trials, noise_floor, claims_text=claims_text, notices=notices) for view in views
    ]
    before, after = analyses[0], _held_back(*analyses, profile=manifest.plan.profile)
    changed = changes(views, trials, before=before, after=after)
    claims = claim_changes(before.claims, after.claims, changed)
    sets = _set(manifest, record.before), _set(manifest, record.after)
    packages = _packages(manifest, record)
    line = history_line(manifest, sets, (before, after), claims, changed)
    unfit = tuple(reason for reason in before.invalid_because if reason in after.invalid_because)
    return Revalidation(
        sentence=f"The upgrade cannot be judged: {unfit[0]}." if unfit else _sentence(before, after, claims),
        before_set=sets[0],
        after_set=sets[1],
        before=before,
        after=after,
        may_flip=manifest.plan.profile not in SMALL_PROFILES,
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
    )


def _view(plan: Plan, name: str) -> Plan:
    """Give the plan as one set sees it; a set that could not be installed is a view without a trial."""
    found = (view for view in plan.views if view.dependency_sets == (name,))
    return next(found, replace(plan, dependency_sets=(name,), has_copy=False))


def _analysis(
    manifest: Manifest,
    view: Plan,
    trials: Sequence[Trial],
    noise_floor: Sequence[ComparisonFinding],
    *,
    claims_text: str | None,
    notices: Sequence[str],
) -> Analysis:
    """Analyse the trials of one set; whether the machine was fit is asked of the run as a whole."""
    timing = [trial for trial in trials if trial.experiment != flakiness.NAME]
    found = analyse(
        replace(manifest, plan=view),
        [trial for trial in trials if (trial.cell.dependency_set,) == view.dependency_sets],
        claims_text=claims_text,
        notices=notices,
        noise_floor=() if view.has_copy else noise_floor,
        unfit_machine=fitness.unfit_machine(
            manifest.plan, timing, noise_floor, cores=manifest.machine.get("cores", "")
        ),
    )
    walls = sum(trial.wall_ns for trial in trials)
    claims = _withdrawn(found)
    return replace(
        found,
        claims=claims,
        decision=decision.decide(claims),
        goals=goals.lines(claims, found.comparisons),
        run=replace(found.run, trials=len(trials), measured_seconds=round(walls / 1e9, 1)),
    )


def _withdrawn(found: Analysis) -> tuple[ClaimFinding, ...]:
    """Withdraw what rests on suites that never passed under the set: they are broken, and the record is not refuted."""
    broken = {(each.contender, each.backend): each for each in found.failures if each.failed == each.trials > 0}
    withdrawn = []
    for claim in found.claims:
        places = ((name, claim.backend) for name in (claim.subject, claim.rival) if name)
        own = next((broken[place] for place in places if place in broken), None)
        if own is not None and claim.verdict is not Verdict.NOT_MEASURED:
            said = own.first_message.removeprefix("E  ").strip()
            reason = f"the suite of {own.contender} does not pass under this dependency set: {said}"
            flip = "suites that run under it"
            withdrawn.append(replace(claim, verdict=Verdict.INVALID, reason=reason, would_flip=flip))
        else:
            withdrawn.append(claim)
    return tuple(withdrawn)


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


def _held_back(before: Analysis, after: Analysis, *, profile: str) -> Analysis:
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
    return replace(after, decision=replace(found, decision=Decision.UNDETERMINED, sentence=sentence))


def _sentence(before: Analysis, after: Analysis, claims: Sequence[ClaimChange]) -> str:
    """Say what the upgrade did to the decision, and by which of the deciding claims."""
    first, second = before.decision.decision.value, after.decision.decision.value
    grave = (Transition.FLIPPED, Transition.NEWLY_BROKEN, Transition.NEWLY_INCONCLUSIVE)
    turned = [f"{c.id} {c.transition.value}" for c in claims if c.weight == "decides" and c.transition in grave]
    because = f": {text.listing(turned)}" if turned else ""
    if first == second:
        return f"The upgrade leaves the decision as it was, {second}{because}."
    return f"The upgrade moves the decision from {first} to {second}{because}."
