"""Laws of roles, permissions and the audit log over HTTP."""

import pytest
from wiring import Client
from world import PASSWORD, Maker, ManualClock, Person

from app.auth.models import Role


@pytest.mark.parametrize(
    ("role", "statuses"),
    [(Role.CUSTOMER, (403, 403, 403)), (Role.SUPPORT, (200, 403, 403)), (Role.ADMIN, (200, 200, 200))],
)
def test_role_decides_what_is_permitted(
    client: Client, make: Maker, bob: Person, role: Role, statuses: tuple[int, ...]
) -> None:
    staff = make.person("staff", role=role)
    users = client.get("/users", headers=staff.headers)
    audit = client.get("/audit", headers=staff.headers)
    change = client.put(f"/users/{bob.id}/role", headers=staff.headers, json={"role": "support"})
    assert (users.status_code, audit.status_code, change.status_code) == statuses


def test_role_that_was_taken_away_counts_at_once(client: Client, make: Maker) -> None:
    first = make.person("first", role=Role.ADMIN)
    second = make.person("second", role=Role.ADMIN)
    client.put(f"/users/{second.id}/role", headers=first.headers, json={"role": "customer"})
    response = client.get("/users", headers=second.headers)
    assert response.json()["type"] == "urn:problem:permission-denied"


def test_closing_an_account_locks_its_owner_out(client: Client, make: Maker, bob: Person) -> None:
    admin = make.person("admin", role=Role.ADMIN)
    response = client.post(f"/users/{bob.id}/close", headers=admin.headers)
    assert response.json()["is_active"] is False
    me = client.get("/auth/me", headers=bob.headers)
    login = client.post("/auth/login", json={"email": "bob@example.com", "password": PASSWORD})
    assert (me.status_code, login.status_code) == (401, 401)


def test_staff_cannot_lock_themselves_out(client: Client, make: Maker) -> None:
    admin = make.person("admin", role=Role.ADMIN)
    response = client.post(f"/users/{admin.id}/close", headers=admin.headers)
    assert response.json()["type"] == "urn:problem:own-account"


def test_staff_are_told_of_a_missing_person(client: Client, make: Maker) -> None:
    admin = make.person("admin", role=Role.ADMIN)
    path = "/users/00000000-0000-0000-0000-000000000000/close"
    response = client.post(path, headers=admin.headers)
    assert response.json()["type"] == "urn:problem:user-not-found"


def test_people_are_filtered_and_paged_oldest_first(client: Client, make: Maker, clock: ManualClock) -> None:
    staff = make.person("staff", role=Role.SUPPORT)
    for name in ("carol", "dave", "erin"):
        make.user(name, created_at=clock.advance(minutes=1), is_active=name != "dave")
    query = {"role": "customer", "is_active": True, "limit": 1}
    first = client.get("/users", headers=staff.headers, params=query)
    cursor = first.json()["next_cursor"]
    second = client.get("/users", headers=staff.headers, params={**query, "cursor": cursor})
    names = [item["full_name"] for page in (first, second) for item in page.json()["items"]]
    assert names == ["Carol", "Erin"]
    assert second.json()["next_cursor"] is None


def test_audit_keeps_a_failed_login_with_the_requests_id(client: Client, make: Maker) -> None:
    admin = make.person("admin", role=Role.ADMIN)
    wrong = {"email": "admin@example.com", "password": "wrong"}
    client.post("/auth/login", json=wrong, headers={"X-Request-ID": "from-the-proxy"})
    response = client.get("/audit", headers=admin.headers)
    [entry] = response.json()["items"]
    assert (entry["action"], entry["subject"]) == ("login-failed", "admin@example.com")
    assert (entry["actor_id"], entry["request_id"]) == (None, "from-the-proxy")


def test_audit_keeps_what_was_denied(client: Client, make: Maker, bob: Person) -> None:
    admin = make.person("admin", role=Role.ADMIN)
    client.get("/users", headers=bob.headers)
    response = client.get("/audit", headers=admin.headers, params={"action": "access-denied"})
    [entry] = response.json()["items"]
    assert (entry["actor_id"], entry["subject"]) == (str(bob.id), "read-users")


def test_audit_tells_of_a_copied_refresh_token_whose_it_was(
    client: Client, make: Maker, alice: Person
) -> None:
    login = client.post("/auth/login", json={"email": "alice@example.com", "password": PASSWORD})
    for _ in range(2):
        client.post("/auth/refresh", json={"refresh_token": login.json()["refresh_token"]})
    response = client.get("/audit/mine", headers=alice.headers)
    assert {item["action"] for item in response.json()["items"]} == {"logged-in", "refresh-token-reused"}


def test_own_audit_shows_nobody_elses_and_pages_newest_first(
    client: Client, alice: Person, bob: Person, clock: ManualClock
) -> None:
    actions = []
    for name in ("alice", "bob", "alice"):
        clock.advance(minutes=1)
        client.post("/auth/login", json={"email": f"{name}@example.com", "password": PASSWORD})
    cursor = None
    for _ in range(2):
        query = {"limit": 1, "cursor": cursor} if cursor else {"limit": 1}
        response = client.get("/audit/mine", headers=alice.headers, params=query)
        [entry] = response.json()["items"]
        actions.append((entry["at"][11:16], entry["subject"]))
        cursor = response.json()["next_cursor"]
    assert actions == [("12:03", "alice@example.com"), ("12:01", "alice@example.com")]
    assert cursor is None
