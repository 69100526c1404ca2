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
    Setting,
    only,
    under,
)

REGISTRY: Mapping[str, Condition] = {
    condition.name: condition
    for module in (order, schedule, pressure, clock, chance, surroundings)
    for condition in module.CONDITIONS
}
ORDERS = tuple(condition.name for condition in order.CONDITIONS if condition.name != PLAIN)

__all__ = [
    "NATURAL",
    "ORDERS",
    "PLAIN",
    "REGISTRY",
    "Applied",
    "Circumstances",
    "Condition",
    "Order",
    "Setting",
    "only",
    "under",
]
