"""Observe each row through each client and through a real server, and write the table.

An observation that ends with an error, or not at all, is a cell with its reason; the rest goes on.
"""

import os
import sys
import threading
import time
import warnings
from collections.abc import Sequence
from typing import Any

from clients import WAYS, Notes, Way
from observables import OBSERVABLES, Observable
from packages import CannotObserveError, versions, write_result

DEADLINE_SECONDS = 10.0


def observe(
    observable: Observable, ways: Sequence[Way], *, deadline_seconds: float = DEADLINE_SECONDS
) -> dict[str, dict[str, str]]:
    """Observe one row through every way at once: {way: {"value": ...}}, or {"why": ...} where that cannot be done.

    A thread that does not come back is left behind: it is a daemon, and the script ends without waiting for it.
    """
    cells: dict[str, dict[str, str]] = {}

    def run(way: Way) -> None:
        cells[way.id] = _observed(observable, way)

    threads = [threading.Thread(target=run, args=(way,), daemon=True) for way in ways]
    deadline = time.monotonic() + deadline_seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    late = {"why": f"no answer within {deadline_seconds:g} seconds"}
    return {way.id: cells.get(way.id, late) for way in ways}


def _observed(observable: Observable, way: Way) -> dict[str, str]:
    notes: Notes = {}
    try:
        with way.open(observable.app(notes), notes, backend=observable.backend) as caller:
            return {"value": observable.look(caller, notes)}
    except (CannotObserveError, ImportError, AttributeError) as error:
        return {"why": str(error)}
    except BaseException as error:  # noqa: BLE001 - a client's error, of whatever kind, is one cell's
        return {"why": f"{type(error).__name__}: {error}"}


def table(observables: Sequence[Observable], ways: Sequence[Way]) -> dict[str, Any]:
    """Observe every row through every way."""
    rows = [
        {"id": observable.id, "title": observable.title, "cells": observe(observable, ways)}
        for observable in observables
    ]
    return {
        "schema": "mirror/1",
        "packages": versions(),
        "clients": [{"id": way.id, "title": way.title} for way in ways],
        "rows": rows,
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # TestClient warns of a timeout; the row says what it does with it
    write_result(table(OBSERVABLES, WAYS))
    sys.stdout.flush()
    os._exit(0)
