"""What only the clock shows: hashing costs seconds here, and others are to be answered meanwhile."""

import time

from accounts import PASSWORD, made, service
from twinbench_witness import Later

COSTLY = {"password_time_cost": "60", "password_memory_cost_kib": "32768", "password_parallelism": "1"}
BODY = {"email": "alice@example.com", "password": PASSWORD, "full_name": "Alice"}


def _longest_wait(process, busy):
    """Return how long the slowest answer took while something else was under way, and how long that took."""
    began, longest = time.monotonic(), 0.0
    while not busy.is_done():
        asked = time.monotonic()
        made(process.call("GET", "/health/live"))
        longest = max(longest, time.monotonic() - asked)
        time.sleep(0.02)
    return longest, time.monotonic() - began


def others_are_answered_while_somebody_registers():
    with service(**COSTLY) as served:
        process = served.processes[0]
        longest, whole = _longest_wait(process, Later(lambda: process.call("POST", "/auth/register", body=BODY)))
        assert longest < whole / 2, (
            f"while a password was hashed for {whole:.1f} s, nobody was answered for {longest:.1f} s"
        )


def others_are_answered_while_somebody_logs_in():
    with service(**COSTLY) as served:
        process = served.processes[0]
        made(process.call("POST", "/auth/register", body=BODY))
        longest, whole = _longest_wait(process, Later(lambda: served.login(BODY["email"])))
        assert longest < whole / 2, (
            f"while a password was checked for {whole:.1f} s, nobody was answered for {longest:.1f} s"
        )
