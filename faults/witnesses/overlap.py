"""The same request many times at once, through two processes."""

from accounts import MANY, PASSWORD, made, service, statuses

NEW_PASSWORD = "another good password"


def address_is_registered_once():
    with service() as served:
        for turn in range(6):
            body = {"email": f"same{turn}@example.com", "password": PASSWORD, "full_name": "Same"}
            register = lambda process, body=body: process.call("POST", "/auth/register", body=body)  # noqa: E731
            answers = served.together([register] * MANY)
            assert statuses(answers) == {201: 1, 409: MANY - 1}, statuses(answers)


def category_is_made_once():
    with service() as served:
        alice = served.person()
        account = alice.account()
        for turn in range(6):
            body = {"posted_on": "2025-10-18", "amount_minor": -1, "description": "Beans", "category": f"coffee {turn}"}
            answers = served.together([alice.sending("POST", f"/accounts/{account}/transactions", body=body)] * MANY)
            assert statuses(answers) == {201: MANY}, statuses(answers)


def change_with_a_new_category_keeps_everything():
    with service() as served:
        alice = served.person()
        account = alice.account()
        made_before = [alice.transaction(account) for _ in range(MANY)]
        for turn in range(6):
            body = {"description": f"Coffee {turn}", "category": f"coffee {turn}"}
            answers = served.together(
                [alice.sending("PATCH", f"/transactions/{id_}", body=body) for id_ in made_before]
            )
            assert statuses(answers) == {200: MANY}, statuses(answers)
            stored = [item["description"] for item in made(alice.call("GET", "/transactions", at=1))["items"]]
            assert set(stored) == {f"Coffee {turn}"}, f"descriptions are {sorted(stored)}"


def balance_is_the_sum_of_its_transactions():
    with service() as served:
        alice = served.person()
        account = alice.account()
        body = {"posted_on": "2025-10-18", "amount_minor": -1, "description": "Beans"}
        for turn in range(5):
            answers = served.together([alice.sending("POST", f"/accounts/{account}/transactions", body=body)] * MANY)
            assert statuses(answers) == {201: MANY}, statuses(answers)
            expected = -MANY * (turn + 1)
            assert alice.balance(account) == expected, f"the balance is {alice.balance(account)}, not {expected}"


def refresh_token_is_good_once():
    with service() as served:
        alice = served.person()
        for _ in range(6):
            token = {"refresh_token": made(served.login(alice.address))["refresh_token"]}
            refresh = lambda process, token=token: process.call("POST", "/auth/refresh", body=token)  # noqa: E731
            answers = served.together([refresh] * MANY)
            assert statuses(answers) == {200: 1, 401: MANY - 1}, statuses(answers)


def letter_resets_one_password():
    with service() as served:
        alice = served.person()
        for turn in range(6):
            made(served.processes[0].call("POST", "/auth/password-reset", body={"email": alice.address}))
            body = {
                "token": served.letter_token(alice.address, turn + 1, page="reset-password"),
                "new_password": NEW_PASSWORD,
            }

            def reset(process, body=body):
                return process.call("POST", "/auth/password-reset/confirm", body=body)

            answers = served.together([reset] * MANY)
            assert statuses(answers) == {204: 1, 400: MANY - 1}, statuses(answers)
