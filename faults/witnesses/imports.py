"""Imports, from a provider that answers over a socket."""

import threading

from accounts import made, remote, service
from twinbench_witness import Later, until


def pages_reach_their_accounts():
    with service() as served:
        alice = served.person()
        served.bank.account("a-1", [remote(1, -1)], name="First")
        served.bank.account("a-2", [remote(2, -2)], name="Second")
        # The account that is asked first answers last.
        served.bank.delay_s["/accounts/a-1/transactions"] = 0.7
        job = alice.finished_import(alice.started_import(alice.connection()))
        assert job["status"] == "succeeded", job
        names = {item["id"]: item["name"] for item in made(alice.call("GET", "/accounts"))["items"]}
        rows = made(alice.call("GET", "/transactions"))["items"]
        stored = {names[row["account_id"]]: row["amount_minor"] for row in rows}
        assert stored == {"First": -1, "Second": -2}, f"transactions came to the wrong accounts: {stored}"


def import_with_a_missing_page_fails():
    with service() as served:
        alice = served.person()
        served.bank.account("a-1", [remote(1)])
        served.bank.account("a-2", [remote(2)])
        served.bank.instead["/accounts/a-2/transactions"] = (500, {})
        job = alice.finished_import(alice.started_import(alice.connection()))
        assert job["status"] == "failed", f"an import without one of its pages {job['status']}"


def provider_is_asked_for_four_pages_at_a_time():
    with service() as served:
        alice = served.person()
        served.bank.account("a-1", *[[remote(number)] for number in range(14)])
        served.bank.delay_s["/accounts/a-1/transactions"] = 0.2
        job = alice.finished_import(alice.started_import(alice.connection()))
        assert job["status"] == "succeeded", job
        assert served.bank.most_in_flight == 4, f"{served.bank.most_in_flight} requests at a time"


def import_cut_off_by_a_shutdown_goes_on_elsewhere():
    first = {"OUTBOX_POLL_SECONDS": "0.05"}
    with service(first=first, outbox_poll_seconds="0", shutdown_grace_seconds="0.2") as served:
        alice = served.person()
        served.bank.account("a-1", [remote(1)])
        held = served.bank.held["/accounts/a-1/transactions"] = threading.Event()
        job = alice.started_import(alice.connection())
        until(lambda: "GET /accounts/a-1/transactions" in served.bank.requests)
        served.processes[0].ask_to_stop()
        until(served.processes[0].has_stopped)
        held.set()
        shown = made(alice.call("GET", f"/imports/{job}", at=1))
        assert shown["status"] == "running", f"an import that another process should take over is {shown['status']}"


def progress_is_shown_while_an_import_runs():
    with service() as served:
        alice = served.person()
        served.bank.account("a-1", [remote(1)])
        held = served.bank.held["/accounts/a-1/transactions"] = threading.Event()
        job = alice.started_import(alice.connection())

        def first_event():
            with served.processes[0].stream(f"/imports/{job}/events", headers=alice.headers) as answer:
                return answer.readline()

        watching = Later(first_event)
        try:
            until(watching.is_done, seconds=5, damage="no event came while the import was running")
            assert watching.result().startswith(b"event: "), watching.result()
        finally:
            held.set()


def watchers_hold_no_connection():
    with service(events_heartbeat_seconds="5") as served:
        alice = served.person()
        served.bank.account("a-1", [remote(1)])
        held = served.bank.held["/accounts/a-1/transactions"] = threading.Event()
        job = alice.started_import(alice.connection())
        until(lambda: "GET /accounts/a-1/transactions" in served.bank.requests)

        def watch():
            with served.processes[0].stream(f"/imports/{job}/events", headers=alice.headers) as answer:
                answer.readline()
                held.wait(20)

        watchers = [Later(watch) for _ in range(20)]
        try:
            until(lambda: served.processes[0].log().count("/events") >= 15 or held.wait(0.5), seconds=10)
            answer = alice.call("GET", "/accounts", seconds=5)
            assert answer.status == 200, f"with 20 watchers a request got {answer.status} {answer.text}"
        finally:
            held.set()
        for watcher in watchers:
            watcher.result()
