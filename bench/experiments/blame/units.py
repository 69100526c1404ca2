"""Units: groups of packages that can only move together, and the order in which they can move one by one."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from bench.experiments.blame.chain import Chain, PackageMove, Unit
from bench.experiments.blame.constraints import Before, TwoSets, asked_for, constraints, needed_by, version_of

Node = TypeVar("Node", bound=str | int)
Groups = Mapping[str, int]
"""The group of each changed package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is believed before anything is measured; a wrong belief costs trials and no validity.

    `loaded` are the packages that some suite loads under either set, None where nobody looked. `weights` say how
    likely a package is the culprit, in any unit; 1 where nothing is said.
    """

    loaded: frozenset[str] | None = None
    weights: Mapping[str, float] = field(default_factory=dict)

    def is_loaded(self, package: str) -> bool:
        """Return whether a suite loads the package, as far as is known."""
        return self.loaded is None or package in self.loaded

    def weight(self, package: str) -> float:
        """Return a package's weight; what is never loaded can hardly be the culprit."""
        return self.weights.get(package, 1.0) if self.is_loaded(package) else 0.01


def chain_of(sets: TwoSets, prior: Prior | None = None) -> Chain:
    """Group the changed packages into units and put them into an order whose every prefix can be installed.

    Packages in a cycle of constraints are one unit; a package that only came or went joins the only unit that needs
    it; the units that no suite loads become one where that drags no other along. The order prefers what is likely.
    """
    prior = prior or Prior()
    before = constraints(sets)
    groups = _cycles(before)
    groups = _with_company(sets, before, groups)
    groups = _with_quiet(before, groups, prior)
    order = _ordered(before, groups, prior)
    place = {group: position for position, group in enumerate(order)}
    units = tuple(_unit(sets, sorted(p for p in groups if groups[p] == group), prior) for group in order)
    needs = [frozenset(place[g] for g in _ancestors(_edges(before, groups), group)) for group in order]
    return Chain(units=units, needs=tuple(needs))


def _cycles(before: Before) -> Groups:
    """Put packages that must not move later than each other into one group."""
    reach = {package: _ancestors(before, package) | {package} for package in before}
    names = sorted(before)
    return {
        package: next(place for place, other in enumerate(names) if other in reach[package] and package in reach[other])
        for package in names
    }


def _with_company(sets: TwoSets, before: Before, groups: Groups) -> Groups:
    """Let what only came or only went join its only needer, unless the suites ask for it themselves."""
    asked = asked_for(sets)
    one_sided = [p for p in sets.changed if (p in sets.old) != (p in sets.new) and p not in asked]
    needers = {package: needed_by(sets, package) for package in one_sided}
    while True:
        for package in one_sided:
            others = {groups.get(needer) for needer in needers[package]} - {groups[package]}
            if len(others) == 1 and None not in others:
                groups = _closed(before, _joined(groups, groups[package], next(g for g in others if g is not None)))
                break
        else:
            return groups


def _with_quiet(before: Before, groups: Groups, prior: Prior) -> Groups:
    """Join the groups that no suite loads, one by one, as long as no loaded group would have to join them."""
    quiet = [
        group for group in sorted(set(groups.values())) if not any(prior.is_loaded(p) for p in _members(groups, group))
    ]
    for group in quiet[1:]:
        joined = _joined(groups, groups[_members(groups, group)[0]], quiet[0])
        if _closed(before, joined) == joined:
            groups = joined
    return groups


def _joined(groups: Groups, group: int, into: int) -> Groups:
    return {package: into if number == group else number for package, number in groups.items()}


def _closed(before: Before, groups: Groups) -> Groups:
    """Join groups that, after others were joined, must not move later than each other."""
    edges = _edges(before, groups)
    again = _cycles({str(group): frozenset(map(str, others)) for group, others in edges.items()})
    first: dict[int, int] = {}
    for group in sorted(edges):
        first.setdefault(again[str(group)], group)
    return {package: first[again[str(group)]] for package, group in groups.items()}


def _edges(before: Before, groups: Groups) -> Mapping[int, frozenset[int]]:
    edges: dict[int, set[int]] = {group: set() for group in groups.values()}
    for package, others in before.items():
        edges[groups[package]] |= {groups[other] for other in others}
    return {group: frozenset(others - {group}) for group, others in edges.items()}


def _ordered(before: Before, groups: Groups, prior: Prior) -> list[int]:
    """Sort groups so that each follows what it needs, the likeliest first among those that are free to go."""
    edges = _edges(before, groups)
    order: list[int] = []
    while len(order) < len(edges):
        free = [group for group in edges if group not in order and edges[group] <= set(order)]
        order.append(min(free, key=lambda group: (-_weight(_members(groups, group), prior), _members(groups, group))))
    return order


def _ancestors(edges: Mapping[Node, Collection[Node]], node: Node) -> frozenset[Node]:
    """Return all that must not move later than a node, itself left out."""
    found: set[Node] = set()
    waiting = list(edges[node])
    while waiting:
        other = waiting.pop()
        if other not in found:
            found.add(other)
            waiting += edges[other]
    return frozenset(found - {node})


def _members(groups: Groups, group: int) -> list[str]:
    return sorted(package for package, number in groups.items() if number == group)


def _weight(packages: Iterable[str], prior: Prior) -> float:
    return max(map(prior.weight, packages))


def _unit(sets: TwoSets, packages: list[str], prior: Prior) -> Unit:
    asked = asked_for(sets)
    moves = [
        PackageMove(name=name, old=version_of(sets.old, name), new=version_of(sets.new, name)) for name in packages
    ]
    main = min(
        moves, key=lambda move: (-prior.weight(move.name), not move.is_change, move.name not in asked, move.name)
    )
    return Unit(
        packages=(main, *(move for move in moves if move != main)),
        quiet=not any(map(prior.is_loaded, packages)),
        weight=_weight(packages, prior),
    )
