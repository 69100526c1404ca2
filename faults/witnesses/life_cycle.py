"""Beginning and end of the processes."""

import shutil
import sqlite3
import threading
from pathlib import Path

from accounts import PASSWORD, made, service
from twinbench_witness import Database, NotStartedError, database, until, uvicorn

BODY = {"email": "alice@example.com", "password": PASSWORD, "full_name": "Alice"}


def started_application_is_ready():
    settings = {"DATABASE_CREATE_SCHEMA": "1", "OUTBOX_POLL_SECONDS": "0", "OUTSIDE_URL": "http://127.0.0.1:9"}
    second = {**settings, "DATABASE_CREATE_SCHEMA": "0"}
    try:
        with uvicorn("accounts_server:app", environments=[settings, second], ready="/health/live") as served:
            answers = [process.call("GET", "/health/ready").status for process in served.processes]
    except NotStartedError as error:
        raise AssertionError(str(error)) from error
    assert answers == [204, 204], f"processes that have started answer {answers}"


def database_is_whole_in_its_file_after_the_end():
    with service() as served:
        alice = served.person()
        for process in served.processes:
            process.ask_to_stop()
            until(process.has_stopped)
        path = Path(served.database.url.partition("///")[2])
        copied = shutil.copyfile(path, path.with_suffix(".copy"))
        try:
            rows = Database(f"sqlite:///{copied}").rows(f"SELECT 1 FROM users WHERE email = '{alice.address}'")
        except sqlite3.Error as error:
            rows = error
        assert rows == [(1,)], f"a copy of the database's file lacks what was written last: {rows}"


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
