"""The tables about an upgrade: claims before and after, packages, and what is wrong with a set."""

from bench import text
from bench.drawing import tables
from bench.drawing.tables import Column, Entry, Table
from bench.drawing.words import backend_title
from bench.revalidation import Revalidation
from bench.revalidation.findings import ClaimChange, Problem, SetFinding


def claim_table(found: Revalidation) -> Table | None:
    """List every claim that either set could weigh, with both verdicts and what became of it."""
    columns = (
        Column(heading="Claim"),
        Column(heading=f"Before: {found.before_set.name}", kind="status"),
        Column(heading=f"After: {found.after_set.name}", kind="status"),
        Column(heading="Became", kind="status"),
        Column(heading="Change of the ratio"),
    )
    order = {weight: place for place, weight in enumerate(("decides", "informs"))}
    rows = [_claim(claim) for claim in sorted(found.claims, key=lambda claim: order[claim.weight])]
    caption = "Each claim judged once per dependency set, from trials of the same blocks."
    return tables.table("table-claims-before-and-after", caption, columns, rows) if rows else None


def _claim(claim: ClaimChange) -> list[Entry]:
    return [
        tables.words(f"{claim.id}", note=f"{claim.weight} · {backend_title(claim.backend)}"),
        _verdict(claim.before.value, claim.numbers_before),
        _verdict(claim.after.value, claim.numbers_after),
        tables.status(claim.transition.value),
        tables.words(claim.change),
    ]


def _verdict(verdict: str, numbers: str) -> Entry:
    shown = tables.status(verdict)
    return Entry(words=shown.words, mark=shown.mark, note=numbers)


def turned(found: Revalidation) -> list[str]:
    """Say what a client, or the server, shows otherwise after the upgrade."""
    return [f"{each.client.title}, {each.title}: {each.before}, now {each.after}" for each in found.turned]


def counts(found: Revalidation) -> str:
    """Say how much the upgrade changes, as the end of a sentence: packages, and what became of the claims."""
    became = text.listing([f"{number} {words}" for words, number in found.counts.items() if number])
    return f"changes {text.count(len(found.packages), 'package')}; claims: {became or 'none'}"


def package_table(found: Revalidation) -> Table | None:
    """List the packages that differ, by what importlib.metadata saw in each environment."""
    columns = (
        Column(heading="Package"),
        Column(heading=found.before_set.name),
        Column(heading=found.after_set.name),
        Column(heading="Kind"),
    )
    rows = [
        [tables.name(each.name), tables.name(each.before), tables.name(each.after), tables.words(each.kind)]
        for each in found.packages
    ]
    caption = "Packages that differ between the sets, as installed."
    return tables.table("table-package-changes", caption, columns, rows) if rows else None


def problem_table(found: Revalidation) -> Table | None:
    """List what is wrong with a set, new things first."""
    columns = (
        Column(heading="Standing", kind="status"),
        Column(heading="What"),
        Column(heading="First error line", kind="code"),
        Column(heading="A guess from the message"),
        Column(heading="Where"),
    )
    rows = [_problem(problem) for problem in found.problems]
    caption = "What did not resolve, install, import, collect or pass, and new deprecations; the suspicion is a guess."
    return tables.table("table-problems", caption, columns, rows) if rows else None


def _problem(problem: Problem) -> list[Entry]:
    places = [backend_title(name) for name in problem.backends]
    where = f"{text.listing(problem.contenders)} on {text.listing(places)}" if places else "the set itself"
    tests = f"{text.count(problem.tests, 'test')}, as {text.shorten(problem.first_test)}" if problem.tests else ""
    return [
        tables.status(problem.standing),
        tables.words(problem.stage.value, note=problem.dependency_set),
        Entry(words=text.shorten(problem.line, limit=300)),
        tables.words(problem.package or "not told", note=problem.because),
        tables.words(where, note=tests),
    ]


def sets(found: Revalidation) -> list[str]:
    """Say of both sets what they are."""
    return [_set("before", found.before_set), _set("after", found.after_set)]


def _set(when: str, found: SetFinding) -> str:
    until = f"releases up to {found.considered_until}" if found.considered_until else "releases up to an unknown day"
    if not found.packages:
        return f"{when}: {found.name}, {until}, not installed"
    return f"{when}: {found.name}, {until}, {text.count(found.packages, 'package')} on Python {found.python}"
