"""The section: what each arm sees, fault by fault, what only one style sees, and whose predictions were wrong."""

from collections.abc import Iterator

from bench import text
from bench.drawing import tables
from bench.drawing.section import Section
from bench.drawing.tables import Column, Entry, Table
from bench.drawing.words import backend_title
from bench.experiments.faults.arm import Arm
from bench.experiments.faults.choosing import Choice
from bench.experiments.faults.fault import LAYERS, SUITE, Layer, class_title
from bench.experiments.faults.finding import FaultsFinding
from bench.experiments.faults.matrix import matrix
from bench.experiments.faults.runs import Ending
from bench.experiments.faults.sight import Share, best_states, seen_unlike

_EXPLAINED = (
    "A fault is one small change of the application that a witness has proved on the real server: it finds damage "
    "there, and none on the unchanged application. Every suite then ran in a fresh process on each faulty application, "
    "the tests that enter a function which the fault changes; what fails on the unchanged application is not counted. "
    "What the arms did not see alike was run three more times, as was the unchanged application: a fault is seen where "
    "the suite is red in every run."
)
_LAYERS = (
    "Layers add up: twins are the tests that both styles share, flows call other services and work in the background, "
    "and concurrency is written by hand in each style. Oracles are no tests: after each test they look for a coroutine "
    "that was never awaited, a pending task, a connection or transaction left open, a blocked loop, and too many "
    "statements (pytest -p twinbench_oracles). Arms are compared without them."
)


def section(found: FaultsFinding) -> Section:
    """Show shares, the matrix, what only one arm sees, false alarms, surprises, and what does not count."""
    return Section(
        title="Which faults the suites see",
        headline=headline(found),
        paragraphs=(_EXPLAINED, _LAYERS, _chosen(found.choice)),
        tables=tuple(filter(None, (_shares(found), _classes(found), _pairings(found), _only(found), _alarms(found)))),
        charts=tuple(filter(None, (matrix(found, best_states(found.sightings)),))),
        folded=(("Predictions that were wrong", _surprises(found)),),
        commands=(("measure it again", "nox -s bench -- faults"),),
        left_out=tuple(dict.fromkeys(_left_out(found))),
    )


def headline(found: FaultsFinding) -> str:
    """Say how many of the proved faults each arm sees with all that it has."""
    shares = [share for share in found.shares if share.layer is SUITE and share.kind == "all" and share.faults]
    if not shares:
        return "No fault was proved and run."
    part = f" of a sample of the {found.sample_of} declared" if found.sample_of else ""
    counts = text.listing([f"{share.arm} {share.seen}" for share in shares])
    alarms = len({alarm.control for alarm in found.false_alarms})
    alarmed = f" {text.count(alarms, 'correct change')} raised a false alarm." if alarms else ""
    return f"Of {max(share.faults for share in shares)} proved faults{part} the suites see: {counts}.{alarmed}"


def _chosen(choice: Choice) -> str:
    """Say how many tests ran, and what the check of the choice showed."""
    ran = f"Of {choice.tests:,} tests in all suites' runs on faults, {choice.run:,} were chosen and ran"
    if not choice.checked:
        return f"{ran}; the choice was not checked."
    named = text.listing([f"{each.test} ({each.fault})" for each in choice.missed[:4]])
    beyond = f"further tests saw a fault: {named}" if choice.missed else "no further test saw a fault"
    return f"{ran}. Of {text.count(choice.checked, 'run')} that were made again with the whole suite, {beyond}."


def _title(found: FaultsFinding, fault_id: str) -> str:
    return next((fault.title for fault in found.faults if fault.id == fault_id), fault_id)


def _share(share: Share | None) -> Entry:
    if share is None or not share.faults or share.interval is None:
        return tables.words(text.NOTHING)
    bounds = f"{text.percent(share.interval.low)} to {text.percent(share.interval.high)}"
    return tables.words(f"{share.seen} of {share.faults}", note=bounds)


def _find(found: FaultsFinding, arm: Arm, layer: Layer, kind: str) -> Share | None:
    wanted = (arm.id, layer, kind)
    return next((share for share in found.shares if (share.arm, share.layer, share.kind) == wanted), None)


def _shares(found: FaultsFinding) -> Table:
    columns = (Column(heading="Arm"), *(Column(heading=f"with {layer}") for layer in LAYERS))
    rows = [
        [tables.words(arm.id, note=arm.title), *(_share(_find(found, arm, layer, "all")) for layer in LAYERS)]
        for arm in found.arms
    ]
    return tables.table("table-faults-shares", "Proved faults that each suite sees, layer by layer.", columns, rows)


def _classes(found: FaultsFinding) -> Table:
    kinds = dict.fromkeys(fault.kind for fault in found.proved)
    columns = (Column(heading="Class"), *(Column(heading=arm.id) for arm in found.arms))
    rows = [
        [tables.words(class_title(kind)), *(_share(_find(found, arm, SUITE, kind)) for arm in found.arms)]
        for kind in kinds
    ]
    return tables.table("table-faults-classes", "The same by class, with all tests and without oracles.", columns, rows)


def _pairings(found: FaultsFinding) -> Table:
    columns = (
        Column(heading="Arms"),
        Column(heading="Both", kind="number"),
        Column(heading="Only the first", kind="number"),
        Column(heading="Only the second", kind="number"),
        Column(heading="Neither", kind="number"),
        Column(heading="p", kind="number"),
    )
    rows = [
        [
            tables.words(f"{pair.first} and {pair.second}"),
            tables.integer(pair.both),
            tables.integer(pair.only_first),
            tables.integer(pair.only_second),
            tables.integer(pair.neither),
            tables.number(text.probability(pair.p), pair.p),
        ]
        for pair in found.pairings
        if pair.layer is SUITE
    ]
    caption = "Arms in pairs over the same faults, with all tests; p by McNemar's exact test, not corrected."
    return tables.table("table-faults-pairs", caption, columns, rows)


def _only(found: FaultsFinding) -> Table | None:
    if not found.only_ones:
        return None
    columns = (
        Column(heading="Fault"),
        Column(heading="What is wrong"),
        Column(heading="Seen by"),
        Column(heading="Not by"),
        Column(heading="Because of"),
    )
    rows = [
        [
            tables.words(one.fault),
            tables.words(_title(found, one.fault)),
            tables.words(one.seer),
            tables.words(one.misser),
            tables.words(one.why),
        ]
        for one in found.only_ones
    ]
    caption = "Faults that one arm sees in every run and another in none, and whether style or wiring is the reason."
    return tables.table("table-faults-only", caption, columns, rows)


def _alarms(found: FaultsFinding) -> Table | None:
    if not found.false_alarms:
        return None
    columns = (
        Column(heading="Correct change"),
        Column(heading="Arm"),
        Column(heading="Test"),
        Column(heading="Message"),
    )
    rows = [
        [
            tables.words(_title(found, alarm.control)),
            tables.words(f"{alarm.arm}, {backend_title(alarm.backend)}"),
            tables.name(alarm.test),
            tables.words(text.shorten(alarm.message, limit=120)),
        ]
        for alarm in found.false_alarms
    ]
    return tables.table("table-faults-alarms", "Tests that fail on correct changes.", columns, rows)


def _surprises(found: FaultsFinding) -> Table:
    columns = (
        Column(heading="Fault"),
        Column(heading="Arm"),
        Column(heading="Predicted"),
        Column(heading="Found"),
        Column(heading="So it was"),
    )
    rows = [
        [
            tables.words(checked.fault, note=_title(found, checked.fault)),
            tables.words(checked.arm),
            tables.words(str(checked.predicted)),
            tables.words(str(checked.found)),
            tables.words(str(checked.match)),
        ]
        for checked in found.predictions
        if checked.is_surprise
    ]
    right = sum(not checked.is_surprise for checked in found.predictions)
    caption = f"Predictions were written before the first run; {right} of {len(found.predictions)} were right."
    return tables.table("table-faults-surprises", caption, columns, rows)


def _left_out(found: FaultsFinding) -> Iterator[str]:
    for proof in found.proofs:
        if not proof.is_valid:
            reason = text.shorten(proof.reason.strip().replace("\n", " "), limit=200)
            yield f"{proof.fault} on {backend_title(proof.backend)} counts for nothing: {reason}"
    unlike = dict.fromkeys(fault for fault, _ in seen_unlike(found.sightings))
    unclear = [fault for fault in unlike if fault not in found.repeated]
    if unclear:
        yield f"not seen alike, and not run again before the budget was spent: {', '.join(unclear)}"
    reached = {sighting.fault for sighting in found.sightings}
    late = [fault.id for fault in (*found.proved, *found.controls) if fault.id not in reached]
    if late:
        yield f"not reached before the budget was spent: {', '.join(late)}"
    for clean in found.clean:
        if clean.ending is not Ending.FINISHED:
            yield f"{clean.arm} does not get through on the unchanged application on {backend_title(clean.backend)}"
        elif clean.failing:
            yield (
                f"{clean.arm} fails on the unchanged application on {backend_title(clean.backend)} in "
                f"{text.count(len(clean.failing), 'test')}, which are not counted"
            )
