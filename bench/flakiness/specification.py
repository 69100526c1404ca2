"""From circumstances to a trial's specification."""

from dataclasses import replace

import msgspec

from bench.flakiness.conditions import NATURAL, REGISTRY, Applied, Circumstances, Order
from bench.model import Cell, TrialSpec

NAME = "flakiness"


def applied(circumstances: Circumstances) -> Applied:
    """Give what the process needs: the condition's plugins and environment, and the order of the tests.

    An order of one's own goes before the condition's.
    """
    condition = REGISTRY[circumstances.condition].apply(circumstances.seed)
    chosen = circumstances.order if circumstances.order != NATURAL else condition.order
    order = replace(chosen, without=chosen.without or circumstances.without)
    plugins = ("twinbench_once", *condition.plugins, *(() if order == NATURAL else ("twinbench_order",)))
    ordered = {} if order == NATURAL else {"TWINBENCH_ORDER": order.as_json()}
    return Applied(plugins=plugins, environment={**condition.environment, **ordered}, order=order)


def base_order(circumstances: Circumstances) -> Order:
    """Give the order in which the suite's tests ran, without a choice among them."""
    return replace(applied(circumstances).order, first=None, then=())


def specify(cell: Cell, circumstances: Circumstances, *, block: int, position: int) -> TrialSpec:
    """Specify the trial of `cell` under `circumstances`."""
    needs = applied(circumstances)
    return TrialSpec(
        experiment=NAME,
        cell=replace(cell, variant=circumstances.condition),
        block=block,
        position=position,
        warmup=False,
        hash_seed=circumstances.hash_seed,
        padding_bytes=0,
        arguments=tuple(part for plugin in needs.plugins for part in ("-p", plugin)),
        environment=needs.environment,
        answers=msgspec.to_builtins(circumstances),
    )
