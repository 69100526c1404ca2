"""Laws of the mirror table: the truth is a real server, one missing package costs one cell, nothing waits for ever."""

import importlib
import sys
import time

import pytest

from bench.experiments.fidelity import mirror
from bench.experiments.fidelity.mirror import Client, Mirror, Observed, Row
from tests.fidelity.conftest import EXPERIMENTS

SCRIPT = "fidelity/subject/mirror.py"
CLIENTS = (Client(id="server", title="uvicorn"), Client(id="one", title="One"), Client(id="two", title="Two"))


def a_row(row_id="parts", **values):
    cells = {client.id: Observed(value=values.get(client.id, "")) for client in CLIENTS}
    return Row(id=row_id, title=f"title of {row_id}", cells=cells)


def a_mirror(*rows):
    return Mirror(packages={}, clients=CLIENTS, rows=rows)


@pytest.fixture(scope="module")
def subject():
    """The script's modules in this interpreter, where the packages of `current` are installed, too."""
    folder = str(EXPERIMENTS / "fidelity" / "subject")
    sys.path.insert(0, folder)
    yield importlib.import_module
    sys.path.remove(folder)


@pytest.mark.slow
@pytest.mark.parametrize("dependency_set", ["current", "adr"])
def test_every_row_is_observed_on_the_server_or_says_why(run_script, dependency_set):
    found = mirror.read(run_script(dependency_set, SCRIPT))
    assert len(found.rows) >= 20
    silent = {row.id: row.cells["server"].why for row in found.rows if not row.cells["server"].value}
    assert set(silent) == {"websocket", "library"}
    assert all(silent.values())


@pytest.mark.slow
def test_upgrade_made_test_client_stream_and_cancel_while_async_client_buffers(run_script):
    before, after = (mirror.read(run_script(name, SCRIPT)) for name in ("adr", "current"))
    earlier = {shown.client.id: (shown.streams, shown.cancels) for shown in before.behaviours}
    today = {shown.client.id: (shown.streams, shown.cancels) for shown in after.behaviours}
    assert earlier["server"] == today["server"] == (True, True)
    assert (earlier["testclient-entered"], today["testclient-entered"]) == ((False, False), (True, True))
    assert (earlier["asyncclient-httpx"], today["asyncclient-httpx"]) == ((False, False), (False, False))
    assert earlier["asyncclient-httpx2"] == (None, None)
    turned = {turn.row for turn in mirror.turned(before, after) if turn.client.id == "testclient-entered"}
    assert turned == {"parts", "first-byte", "disconnect", "cancellation"}
    assert not [turn for turn in mirror.turned(before, after) if turn.client.id in ("server", "asyncclient-httpx")]


def test_client_disagrees_only_where_both_were_observed():
    found = a_mirror(a_row("parts", server="3", one="3", two="1"), a_row("head", one="x", two="y"))
    one, two = found.tallies
    assert (one.agree, one.disagree, one.unobserved) == (1, (), ("title of head",))
    assert (two.agree, two.disagree) == (0, ("title of parts",))


def test_row_that_was_observed_once_only_was_not_turned():
    before = a_mirror(a_row("parts", server="3", one="1"))
    after = a_mirror(a_row("parts", server="3", one="3", two="1"))
    assert [(turn.client.id, turn.agreed, turn.now_agrees) for turn in mirror.turned(before, after)] == [
        ("one", False, True)
    ]


def test_missing_package_costs_its_cell_and_no_other(subject, monkeypatch):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    clients, observables = subject("clients"), subject("observables")
    head = next(observable for observable in observables.OBSERVABLES if observable.id == "head")
    cells = subject("mirror").observe(head, clients.WAYS)
    assert "uvicorn cannot be imported" in cells["server"]["why"]
    assert cells["testclient"]["value"] == cells["asyncclient-httpx"]["value"] == "0 bytes, Content-Length 5"


def test_missing_attribute_is_named_with_its_version(subject, monkeypatch):
    monkeypatch.delattr("starlette.background.BackgroundTask")
    observables, clients = subject("observables"), subject("clients")
    background = next(observable for observable in observables.OBSERVABLES if observable.id == "background")
    cells = subject("mirror").observe(background, clients.WAYS[2:3])
    assert "starlette 1." in cells["testclient"]["why"]
    assert "has no starlette.background.BackgroundTask" in cells["testclient"]["why"]


def test_observation_that_hangs_is_given_up(subject):
    observables, clients = subject("observables"), subject("clients")
    endless = observables.Observable(
        id="hangs", title="", app=subject("watched").plain, look=lambda _caller, _notes: time.sleep(30)
    )
    began = time.monotonic()
    cells = subject("mirror").observe(endless, clients.WAYS[2:4], deadline_seconds=0.2)
    assert time.monotonic() - began < 5
    assert {cell["why"] for cell in cells.values()} == {"no answer within 0.2 seconds"}
