"""Beginning and end of the processes."""

import threading

from accounts import PASSWORD, made, service
from twinbench_witness import database, until, uvicorn

BODY = {"email": "alice@example.com", "password": PASSWORD, "full_name": "Alice"}


def started_application_is_ready():
    settings = {"DATABASE_CREATE_SCHEMA": "1", "OUTBOX_POLL_SECONDS": "0", "OUTSIDE_URL": "http://127.0.0.1:9"}
    second = {**settings, "DATABASE_CREATE_SCHEMA": "0"}
    with uvicorn("accounts_server:app", environments=[settings, second], ready="/health/live") as served:
        answers = [process.call("GET", "/health/ready").status for process in served.processes]
        assert answers == [204, 204], f"processes that have started answer {answers}"


def application_ends_when_it_is_asked_to():
    with service(outbox_poll_seconds="0") as served:
        made(served.processes[0].call("POST", "/auth/register", body=BODY))
        for process in served.processes:
            process.ask_to_stop()
            until(process.has_stopped, seconds=8, damage="a process that was asked to stop is still there after 8 s")


def letter_is_delivered():
    with service() as served:
        made(served.processes[0].call("POST", "/auth/register", body=BODY))
        until(lambda: served.bank.letters, seconds=8, damage="no letter came in 8 s")


def message_at_hand_is_finished():
    with service(first={"OUTBOX_POLL_SECONDS": "0.05"}, outbox_poll_seconds="0") as served:
        held = served.bank.held["/letters"] = threading.Event()
        made(served.processes[0].call("POST", "/auth/register", body=BODY))
        until(lambda: served.bank.in_flight)
        served.processes[0].ask_to_stop()
        threading.Timer(0.7, held.set).start()
        until(served.processes[0].has_stopped)
        settled = database().value("SELECT count(*) FROM outbox_messages WHERE settled_at IS NOT NULL")
        assert settled == 1, "the letter that was on its way will be sent once more"


def application_ends_while_the_gateway_hangs():
    settings = {"shutdown_grace_seconds": "0.5", "outbound_timeout_seconds": "30", "outbox_poll_seconds": "0"}
    with service(first={"OUTBOX_POLL_SECONDS": "0.05"}, **settings) as served:
        held = served.bank.held["/letters"] = threading.Event()
        made(served.processes[0].call("POST", "/auth/register", body=BODY))
        until(lambda: served.bank.in_flight)
        served.processes[0].ask_to_stop()
        try:
            until(served.processes[0].has_stopped, seconds=8, damage="it waits for the gateway, whatever the grace is")
        finally:
            held.set()
