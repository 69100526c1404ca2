"""Answers that come bit by bit."""

from accounts import service
from twinbench_witness import at_once


def _with_transactions(served, number, description="x" * 200):
    """Return someone with many transactions, written directly: recording each would take long."""
    alice = served.person()
    account = alice.account()
    connection = served.database.connect()
    first = alice.transaction(account, description=description)
    columns = "account_id, category_id, external_id, posted_on, amount_minor, description, created_at"
    copied = f"INSERT INTO transactions (id, {columns}) SELECT {{}}, {columns} FROM transactions"
    new_id = "gen_random_uuid()" if served.database.backend == "postgresql" else "lower(hex(randomblob(16)))"
    while number > 1:
        connection.execute(copied.format(new_id))
        number //= 2
    connection.close()
    return alice, first


def export_is_whole():
    with service() as served:
        alice, _ = _with_transactions(served, 1024)
        answer = alice.call("GET", "/transactions/export")
        assert answer.status == 200, f"{answer.status} {answer.text[:200]}"
        lines = len(answer.text.splitlines())
        assert lines == 1025, f"the export has {lines} lines"


def clients_who_leave_cost_no_connection():
    with service() as served:
        alice, _ = _with_transactions(served, 8192)
        process = served.processes[0]

        def leave() -> int:
            with process.stream("/transactions/export", headers=alice.headers) as answer:
                answer.read(1000)
                return answer.status

        for _ in range(4):
            assert set(at_once([leave] * 10)) == {200}
            answer = process.call("GET", "/health/ready", seconds=10)
            assert answer.status == 204, f"after clients have left, the database answers {answer.status} {answer.text}"
        assert "non-checked-in connection" not in process.log(), "connections were left to the garbage collector"
        assert "Traceback" not in process.log(), process.log()[-500:]
