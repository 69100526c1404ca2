"""What is answered as done must be stored: the other process looks."""

from accounts import made, service
from twinbench_witness import until


def changed_account_is_stored():
    with service() as served:
        alice = served.person()
        account = alice.account()
        made(alice.call("PATCH", f"/accounts/{account}", body={"name": "Renamed"}))
        stored = made(alice.call("GET", f"/accounts/{account}", at=1))["name"]
        assert stored == "Renamed", f"the account is still called {stored!r}"


def changed_transaction_is_stored():
    with service() as served:
        alice = served.person()
        transaction = alice.transaction(alice.account())
        made(alice.call("PATCH", f"/transactions/{transaction}", body={"description": "Coffee"}))
        stored = made(alice.call("GET", f"/transactions/{transaction}", at=1))["description"]
        assert stored == "Coffee", f"the description is still {stored!r}"


def session_of_a_stolen_token_is_ended():
    with service() as served:
        alice = served.person()
        old = {"refresh_token": alice.tokens["refresh_token"]}
        renewed = made(served.processes[0].call("POST", "/auth/refresh", body=old))
        again = served.processes[0].call("POST", "/auth/refresh", body=old)
        after = served.processes[1].call("POST", "/auth/refresh", body={"refresh_token": renewed["refresh_token"]})
        assert (again.status, after.status) == (401, 401), (again.status, after.status)


def login_is_in_the_audit_log():
    with service() as served:
        alice = served.person()
        actions = [item["action"] for item in made(alice.call("GET", "/audit/mine", at=1))["items"]]
        assert "logged-in" in actions, f"the audit log holds {actions}"


def logout_is_stored():
    with service() as served:
        alice = served.person()
        made(alice.call("POST", "/auth/logout"))
        answer = alice.call("GET", "/auth/me", at=1)
        assert answer.status == 401, f"after the logout, the token is answered {answer.status}"


def letter_for_a_new_password_comes():
    with service() as served:
        alice = served.person()
        made(served.processes[0].call("POST", "/auth/password-reset", body={"email": alice.address}))
        until(lambda: len(served.bank.letters_to(alice.address)) == 2, seconds=8, damage="no letter came in 8 s")
