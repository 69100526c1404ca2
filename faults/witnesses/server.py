"""What only a client on the other side of a socket can see, on PostgreSQL whose commits take a second."""

import json
import threading

from accounts import made, remote, service
from twinbench_witness import Later, until

SLOW_COMMIT = """
CREATE FUNCTION slow_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1.0); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER slow_commit AFTER {event} ON {table} DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION slow_commit();
"""


def _make_commits_slow(served, event, table):
    served.database.rows(SLOW_COMMIT.format(event=event, table=table))


def answered_change_is_stored():
    with service() as served:
        alice = served.person()
        _make_commits_slow(served, "UPDATE", "users")
        made(alice.call("PATCH", "/auth/me", body={"full_name": "Renamed"}))
        stored = made(alice.call("GET", "/auth/me", at=1))["full_name"]
        assert stored == "Renamed", f"the change was answered, and the other process still reads {stored!r}"


def published_progress_is_stored():
    with service(
        first={"OUTBOX_POLL_SECONDS": "0.05"}, outbox_poll_seconds="0", events_heartbeat_seconds="20"
    ) as served:
        alice = served.person()
        served.bank.account("a-1", [remote(1)])
        held = served.bank.held["/accounts/a-1/transactions"] = threading.Event()
        job = alice.started_import(alice.connection())
        until(lambda: "GET /accounts/a-1/transactions" in served.bank.requests)
        _make_commits_slow(served, "INSERT", "transactions")

        def watch():
            with served.processes[0].stream(f"/imports/{job}/events", headers=alice.headers) as answer:
                for line in answer:
                    if line.startswith(b"data: ") and json.loads(line[6:])["transaction_count"] == 1:
                        return len(made(alice.call("GET", "/transactions", at=1))["items"])
            return None

        watching = Later(watch)
        until(lambda: "/events" in served.processes[0].log())
        held.set()
        stored = watching.result()
        assert stored == 1, f"an event counts one transaction, and {stored} are stored"
