"""Providers that are slow, gone or asked by many."""

import threading
import time

from accounts import service
from twinbench_witness import Later, at_once


def unreachable_provider_is_named():
    with service() as served:
        alice = served.person()
        served.bank.dropped.add("/accounts")
        answer = alice.call("GET", f"/connections/{alice.connection()}/remote-accounts")
        assert answer.status == 502, answer.status


def token_is_refreshed_once_for_all():
    with service() as served:
        alice = served.person()
        connection = alice.connection(expires_in=1)
        served.bank.delay_s["/oauth/token"] = 0.5
        path = f"/connections/{connection}/remote-accounts"
        answers = at_once([lambda: alice.call("GET", path)] * 8)
        assert [answer.status for answer in answers] == [200] * 8, [answer.status for answer in answers]
        asked = served.bank.requests.count("POST /oauth/token")
        assert asked == 1, f"the provider was asked for a token {asked} times"


def slow_provider_holds_no_connection():
    with service(outbound_timeout_seconds="20") as served:
        alice = served.person()
        path = f"/connections/{alice.connection()}/remote-accounts"
        held = served.bank.held["/accounts"] = threading.Event()
        waiting = [Later(lambda: alice.call("GET", path)) for _ in range(20)]
        try:
            # All of them ask the provider, unless some wait for a connection to the database: those never do.
            deadline = time.monotonic() + 3
            while served.bank.in_flight < 20 and time.monotonic() < deadline:
                time.sleep(0.05)
            answer = alice.call("GET", "/accounts", seconds=5)
            assert answer.status == 200, f"nobody else was served: {answer.status} {answer.text}"
        finally:
            held.set()
        for request in waiting:
            request.result()


def dripping_provider_is_given_up_in_time():
    with service(outbound_timeout_seconds="1") as served:
        alice = served.person()
        served.bank.dripping_s["/accounts"] = 8.0
        began = time.monotonic()
        answer = alice.call("GET", f"/connections/{alice.connection()}/remote-accounts")
        elapsed = time.monotonic() - began
        assert answer.status == 504, f"answered {answer.status} after {elapsed:.1f} s"


def request_ids_stay_with_their_requests():
    with service() as served:
        alice = served.person()
        path = f"/connections/{alice.connection()}/remote-accounts"
        served.bank.delay_s["/accounts"] = 0.3
        ids = [f"request-{number:03}" for number in range(8)]
        answers = at_once([lambda id_=id_: alice.call("GET", path, headers={"X-Request-ID": id_}) for id_ in ids])
        assert [answer.status for answer in answers] == [200] * 8, [answer.status for answer in answers]
        seen = sorted(filter(None, served.bank.request_ids))
        assert [id_ for id_ in seen if id_.startswith("request-")] == ids, f"the provider saw {seen}"


def token_is_refreshed_once_for_all_who_come_together():
    with service() as served:
        alice = served.person()
        served.bank.delay_s["/oauth/token"] = 0.3
        for turn in range(8):
            connection = alice.connection(f"Number {turn}", expires_in=1)
            path = f"/connections/{connection}/remote-accounts"
            before = served.bank.requests.count("POST /oauth/token")
            answers = at_once([lambda path=path: alice.call("GET", path)] * 16)
            assert {answer.status for answer in answers} == {200}, [answer.status for answer in answers]
            asked = served.bank.requests.count("POST /oauth/token") - before
            assert asked == 1, f"the provider was asked for one token {asked} times"
