"""Dependency sets by name: committed locks, sets resolved on demand, upgrades on top of one, a user's file."""

from bench.dependency_sets.installation import install
from bench.dependency_sets.locked import LockedSet
from bench.dependency_sets.names import choose, upgraded
from bench.dependency_sets.resolution import Resolver

__all__ = ["LockedSet", "Resolver", "choose", "install", "upgraded"]
