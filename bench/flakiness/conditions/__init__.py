"""The conditions, one small module each kind; adding a condition touches no other module."""

from collections.abc import Mapping

from bench.flakiness.conditions import chance, clock, order, pressure, schedule, surroundings
from bench.flakiness.conditions.condition import (
    NATURAL,
    PLAIN,
    Applied,
    Circumstances,
    Condition,
    Order,
    only,
)

REGISTRY: Mapping[str, Condition] = {
    condition.name: condition
    for module in (order, schedule, pressure, clock, chance, surroundings)
    for condition in module.CONDITIONS
}

__all__ = ["NATURAL", "PLAIN", "REGISTRY", "Applied", "Circumstances", "Condition", "Order", "only"]
