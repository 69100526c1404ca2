"""From circumstances to a trial's specification."""

import json
from dataclasses import replace

import msgspec

from bench.flakiness.conditions import NATURAL, REGISTRY, Applied, Circumstances, Order
from bench.flakiness.conditions.condition import abbreviated
from bench.model import Cell, TrialSpec

NAME = "flakiness"
LONGEST_VARIABLE = 16_000
VARIANT = 120


def applied(circumstances: Circumstances) -> Applied:
    """Give what the process needs: the plugins and environment of all conditions, and the order of the tests.

    An explicit order goes before that of a condition.
    """
    parts = [REGISTRY[setting.condition].apply(setting.seed) for setting in circumstances.settings]
    order = order_of(circumstances)
    wish = order.as_json(numbered=circumstances.numbered)
    plugins = ["twinbench_once", "twinbench_tree"]
    plugins += [plugin for part in parts for plugin in part.plugins]
    environment = {name: text for part in parts for name, text in part.environment.items()}
    if wish != "{}":
        plugins.append("twinbench_order")
        environment["TWINBENCH_ORDER"] = wish
    if circumstances.spared:
        names = {condition: [abbreviated(test) for test in tests] for condition, tests in circumstances.spared}
        environment["TWINBENCH_SPARED"] = json.dumps(names)
    if circumstances.copied_without is not None:
        environment["TWINBENCH_COPY_WITHOUT"] = json.dumps(circumstances.copied_without)
    return Applied(plugins=tuple(dict.fromkeys(plugins)), environment=environment, order=order)


def order_of(circumstances: Circumstances) -> Order:
    """Give the order that is chosen explicitly, else that of the conditions."""
    orders = [REGISTRY[setting.condition].apply(setting.seed).order for setting in circumstances.settings]
    chosen = next((order for order in (circumstances.order, *orders) if order != NATURAL), NATURAL)
    return replace(chosen, without=chosen.without or circumstances.without)


def base_order(circumstances: Circumstances) -> Order:
    """Give the order in which the suite's tests ran, without a choice among them."""
    return replace(order_of(circumstances), first=None, then=())


def specify(cell: Cell, circumstances: Circumstances, *, block: int, position: int) -> TrialSpec:
    """Specify the trial of `cell` under `circumstances`; what is too long for a variable goes into a file."""
    needs = applied(circumstances)
    long = {name: text for name, text in needs.environment.items() if len(text) > LONGEST_VARIABLE}
    return TrialSpec(
        experiment=NAME,
        cell=replace(cell, variant=circumstances.condition[:VARIANT]),
        block=block,
        position=position,
        warmup=False,
        hash_seed=circumstances.hash_seed,
        padding_bytes=0,
        arguments=tuple(part for plugin in needs.plugins for part in ("-p", plugin)),
        environment={**needs.environment, **{name: f"@{{scratch}}/{name}.json" for name in long}},
        files={f"{name}.json": text for name, text in long.items()},
        answers=msgspec.json.decode(msgspec.json.encode(circumstances)),
    )
