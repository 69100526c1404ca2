"""Work that fails, is repeated and is given up."""

import time

from accounts import made, service
from twinbench_witness import until

BODY = {"email": "alice@example.com", "password": "correct horse battery", "full_name": "Alice"}


def message_is_given_up_after_five_attempts():
    with service() as served:
        served.bank.instead["/letters"] = (503, {})
        made(served.processes[0].call("POST", "/auth/register", body=BODY))
        until(lambda: served.database.value("SELECT error FROM outbox_messages"))
        # Four attempts have failed, and the next one is due: what would take two minutes.
        served.database.rows("UPDATE outbox_messages SET attempts = 4, due_at = created_at, error = NULL")
        until(lambda: served.database.value("SELECT error FROM outbox_messages"))
        given_up = served.database.value("SELECT count(*) FROM outbox_messages WHERE settled_at IS NOT NULL")
        assert given_up == 1, "after five attempts the message still waits for the next one"


def failed_message_is_not_tried_again_at_once():
    with service() as served:
        served.bank.instead["/letters"] = (503, {})
        made(served.processes[0].call("POST", "/auth/register", body=BODY))
        until(lambda: "POST /letters" in served.bank.requests)
        time.sleep(2)
        tried = served.bank.requests.count("POST /letters")
        assert tried == 1, f"within two seconds the gateway was asked {tried} times"
