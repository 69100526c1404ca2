"""Bugs that our application had and no suite saw."""

import base64
import json
import time

from accounts import MANY, PASSWORD, made, service, statuses
from twinbench_witness import Later, until

COSTLY = {"PASSWORD_TIME_COST": "40", "PASSWORD_MEMORY_COST_KIB": "32768"}
NEW_PASSWORD = "another good password"
IDLE = "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()"


def cursor_of_another_list_is_refused():
    with service() as served:
        alice = served.person()
        account = alice.account()
        for _ in range(2):
            alice.transaction(account)
        cursor = made(alice.call("GET", "/transactions?limit=1"))["next_cursor"]
        early = base64.urlsafe_b64encode(json.dumps(["0001-01-01T00:00:00+01:00", account]).encode()).decode()
        asked = [f"{path}?cursor={given}" for path in ("/accounts", "/audit/mine") for given in (cursor, early)]
        answers = [alice.call("GET", path).status for path in asked]
        assert answers == [400] * 4, answers


def nul_is_refused():
    with service() as served:
        alice = served.person()
        path = f"/accounts/{alice.account()}/transactions"
        payment = {"posted_on": "2025-10-18", "amount_minor": -1, "description": "x"}
        answers = [
            alice.call("PATCH", "/auth/me", body={"full_name": "a\0b"}).status,
            alice.call("POST", path, body={**payment, "description": "a\0b"}).status,
            alice.call("POST", path, body={**payment, "category": "a\0b"}).status,
            alice.call("GET", "/transactions?text=a%00b").status,
        ]
        assert answers == [422] * 4, answers


def connection_needs_a_verified_address():
    with service() as served:
        stranger = served.person(verified=False)
        body = {"provider": "northbank", "label": "Main", "access_token": "x", "expires_in": 3600}
        answer = stranger.call("POST", "/connections", body=body)
        assert answer.status == 403, answer.status


def tokens_need_a_verified_address():
    with service() as served:
        alice = served.person()
        connection = alice.connection()
        served.database.rows("UPDATE users SET verified_at = NULL")
        body = {"access_token": "y", "expires_in": 60}
        answer = alice.call("PUT", f"/connections/{connection}/tokens", body=body)
        assert answer.status == 403, answer.status


def our_wrong_secret_ends_no_consent():
    with service() as served:
        alice = served.person()
        connection = alice.connection(expires_in=1)
        served.bank.instead["/oauth/token"] = (401, {"error": "invalid_client"})
        alice.call("GET", f"/connections/{connection}/remote-accounts")
        status = made(alice.call("GET", f"/connections/{connection}", at=1))["status"]
        assert status == "active", f"the connection is {status} because our secret is wrong"
        del served.bank.instead["/oauth/token"]
        made(alice.call("GET", f"/connections/{connection}/remote-accounts", at=1))


def deleted_connection_gives_its_tokens_back():
    with service() as served:
        alice = served.person()
        made(alice.call("DELETE", f"/connections/{alice.connection()}", at=1))
        given_back = lambda: served.bank.revoked == ["refresh-of-Main"]  # noqa: E731
        until(given_back, seconds=6, damage="the provider still has the consent of a connection that was deleted")


def deletions_at_once_move_the_balance_once():
    with service() as served:
        alice = served.person()
        account = alice.account()
        for _ in range(10):
            path = f"/transactions/{alice.transaction(account)}"
            answers = served.together([alice.sending("DELETE", path)] * MANY)
            held = alice.balance(account)
            assert (statuses(answers), held) == ({204: 1, 404: MANY - 1}, 0), f"{statuses(answers)}, balance {held}"


def login_loses_to_a_reset():
    with service(first={**COSTLY, "PASSWORD_TIME_COST": "60"}) as served:
        _, quick = served.processes
        body = {"email": "racer@example.com", "password": PASSWORD, "full_name": "Racer"}
        made(quick.call("POST", "/auth/register", body=body))
        made(quick.call("POST", "/auth/password-reset", body={"email": body["email"]}))
        token = served.letter_token(body["email"], page="reset-password")
        # Its hash is of the second process's cost: the first one checks it at once, and then hashes anew for long.
        login = Later(lambda: served.login(body["email"]))
        time.sleep(0.4)
        made(quick.call("POST", "/auth/password-reset/confirm", body={"token": token, "new_password": NEW_PASSWORD}))
        assert login.result().status == 401, (
            f"the old password opened a session after the reset: {login.result().status}"
        )
        old, new = (served.login(body["email"], password, at=1).status for password in (PASSWORD, NEW_PASSWORD))
        assert (old, new) == (401, 200), f"after the reset the old password is answered {old}, the new one {new}"


def others_write_while_somebody_logs_in():
    with service(first=COSTLY) as served:
        body = {"email": "alice@example.com", "password": PASSWORD, "full_name": "Alice"}
        made(served.processes[1].call("POST", "/auth/register", body=body))
        headers = {"Authorization": f"Bearer {made(served.login(body['email'], at=1))['access_token']}"}
        began = time.monotonic()
        login = Later(lambda: served.login("nobody@example.com"))
        time.sleep(0.2)
        idle = served.database.value(IDLE) if served.database.backend == "postgresql" else 0
        asked = time.monotonic()
        made(served.processes[1].call("PATCH", "/auth/me", headers=headers, body={"full_name": "Quick"}))
        waited = time.monotonic() - asked
        login.result()
        whole = time.monotonic() - began
        assert idle == 0, f"{idle} connections are idle in a transaction while a password is checked"
        assert waited < whole / 2, f"a write waited {waited:.2f} s for a login that took {whole:.2f} s"
