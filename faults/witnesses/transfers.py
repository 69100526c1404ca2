"""Transfers, through two processes."""

from accounts import MANY, service, statuses


def body(source, target, amount_minor=100):
    return {"from_account_id": source, "to_account_id": target, "amount_minor": amount_minor}


def repeated_transfer_is_answered_when_the_money_is_gone():
    with service() as served:
        alice = served.person()
        source, target = alice.account(100), alice.account()
        key = {"Idempotency-Key": "the-same-key"}
        first = alice.call("POST", "/transfers", headers=key, body=body(source, target))
        again = alice.call("POST", "/transfers", at=1, headers=key, body=body(source, target))
        assert (first.status, again.status) == (201, 200), (first.status, again.status)


def transfers_at_once_lose_no_money():
    with service() as served:
        alice = served.person()
        source, target = alice.account(100_000), alice.account()
        for turn in range(5):
            answers = served.together(
                [
                    alice.sending(
                        "POST",
                        "/transfers",
                        headers={"Idempotency-Key": f"key-{turn}-{number:04}"},
                        body=body(source, target),
                    )
                    for number in range(MANY)
                ]
            )
            assert statuses(answers) == {201: MANY}, statuses(answers)
            expected = (turn + 1) * MANY * 100
            held = alice.balance(source), alice.balance(target)
            assert held == (100_000 - expected, expected), f"after transfers of {expected} the accounts hold {held}"


def transfers_in_both_directions_do_not_deadlock():
    with service() as served:
        alice = served.person()
        ids = [alice.account(100_000), alice.account(100_000)]
        for turn in range(6):
            answers = served.together(
                [
                    alice.sending(
                        "POST",
                        "/transfers",
                        headers={"Idempotency-Key": f"key-{turn}-{number:04}"},
                        body=body(*(ids if number % 4 < 2 else reversed(ids))),
                    )
                    for number in range(MANY)
                ]
            )
            assert statuses(answers) == {201: MANY}, statuses(answers)


def one_key_for_two_pairs_is_answered():
    with service() as served:
        alice = served.person()
        ids = [alice.account(100_000) for _ in range(4)]
        for turn in range(15):
            key = {"Idempotency-Key": f"the-same-key-{turn}"}
            answers = served.together(
                [alice.sending("POST", "/transfers", headers=key, body=body(*ids[at : at + 2])) for at in (0, 2)]
            )
            assert statuses(answers) == {201: 1, 409: 1}, statuses(answers)


def transfer_sent_many_times_at_once_is_answered():
    with service() as served:
        alice = served.person()
        for turn in range(6):
            source, target = alice.account(100), alice.account()
            key = {"Idempotency-Key": f"the-same-key-{turn}"}
            answers = served.together(
                [alice.sending("POST", "/transfers", headers=key, body=body(source, target))] * MANY
            )
            assert statuses(answers) == {201: 1, 200: MANY - 1}, statuses(answers)
