"""Sessions, connections and tasks that somebody must give back or wait for."""

import time

from accounts import made, service
from twinbench_witness import Later, until


def answered_login_is_in_the_audit_log_for_good():
    with service(outbox_poll_seconds="0") as served, served.database.connect() as other:
        body = {"email": "alice@example.com", "password": "correct horse battery", "full_name": "Alice"}
        made(served.processes[0].call("POST", "/auth/register", body=body))
        with other.transaction():
            # Nobody can write to the audit log now: whoever waits for that cannot answer yet.
            other.execute("LOCK TABLE audit_entries IN ACCESS EXCLUSIVE MODE")
            login = Later(lambda: served.login(body["email"]))
            deadline = time.monotonic() + 3
            while not login.is_done() and time.monotonic() < deadline:
                time.sleep(0.02)
            if login.is_done():
                served.processes[0].kill()
        answered = login.result()
        stored = served.database.value("SELECT count(*) FROM audit_entries WHERE action = 'logged-in'")
        assert (answered.status, stored) == (200, 1), f"a login answered {answered.status} has {stored} audit entries"


def letter_that_could_not_be_sent_waits():
    with service() as served:
        served.bank.instead["/letters"] = (503, {})
        body = {"email": "alice@example.com", "password": "correct horse battery", "full_name": "Alice"}
        made(served.processes[0].call("POST", "/auth/register", body=body))
        until(lambda: "POST /letters" in served.bank.requests)
        until(lambda: served.database.value("SELECT attempts FROM outbox_messages") >= 1)
        time.sleep(0.5)
        waiting = served.database.value("SELECT count(*) FROM outbox_messages WHERE settled_at IS NULL")
        assert waiting == 1, "a letter that the gateway refused counts as sent"


def keeper_gives_its_connections_back():
    with service() as served:
        alice, process = served.person(), served.processes[0]
        path = f"/connections/{alice.connection()}/remote-accounts"
        for number in range(1, 41):
            answer = alice.call("GET", path, seconds=8)
            assert answer.status == 200, f"request {number} was answered {answer.status} {answer.text[:200]}"
        assert "non-checked-in connection" not in process.log(), "connections were left to the garbage collector"


def letter_that_was_asked_for_again_comes():
    with service() as served:
        people = [served.person(verified=False) for _ in range(8)]
        for person in people:
            made(person.call("POST", "/auth/verify/resend"))
        letters = lambda: [len(served.bank.letters_to(person.address)) for person in people]  # noqa: E731
        until(
            lambda: letters() == [2] * len(people),
            seconds=6,
            damage=f"people got {letters()} letters instead of two each",
        )
        assert "Traceback" not in served.processes[0].log(), served.processes[0].log()[-500:]
