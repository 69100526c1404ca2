"""What the witnesses of the accounts application share: two processes, the services outside, people with accounts."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from twinbench_witness import Answer, Database, Outside, Served, database, until, uvicorn

PASSWORD = "correct horse battery"
MANY = 12

SETTINGS = {
    "OUTBOX_POLL_SECONDS": "0.05",
    "ATTEMPTS_PER_MINUTE": "0",
    "EVENTS_HEARTBEAT_SECONDS": "0.2",
    "PASSWORD_TIME_COST": "1",
    "PASSWORD_MEMORY_COST_KIB": "8",
    "PASSWORD_PARALLELISM": "1",
    "SHUTDOWN_GRACE_SECONDS": "5",
}


class Bank(Outside):
    """The mail gateway and every provider."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[dict[str, str]] = []
        self.requests: list[str] = []
        self.request_ids: list[str | None] = []
        self.revoked: list[str] = []
        self.refresh_tokens: set[str] = set()
        self.accounts: list[dict[str, Any]] = []
        self.pages: dict[str, list[list[dict[str, Any]]]] = {}
        # Statuses with content that come instead, paths that hang up, and paths that wait for their event.
        self.instead: dict[str, tuple[int, Any]] = {}
        self.dropped: set[str] = set()
        self.held: dict[str, threading.Event] = {}
        self.delay_s: dict[str, float] = {}
        self.dripping_s: dict[str, float] = {}
        self.in_flight = self.most_in_flight = self.grants = 0
        self._lock = threading.Lock()

    def account(self, external_id: str, *pages: list[dict[str, Any]], **changes: Any) -> None:
        """Add an account with its pages of transactions."""
        shown = {"id": external_id, "name": "Remote", "kind": "checking", "currency": "EUR", "balance_minor": 5_000}
        self.accounts.append(shown | changes)
        self.pages[external_id] = list(pages)

    def letters_to(self, address: str) -> list[dict[str, str]]:
        """Return the letters that an address got."""
        return [letter for letter in self.letters if letter["to"] == address]

    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, Any]:
        """Answer as the gateway or a provider."""
        url = urlsplit(request.path)
        with self._lock:
            self.requests.append(f"{request.command} {url.path}")
            self.request_ids.append(request.headers.get("X-Request-ID"))
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            if url.path in self.dropped:
                raise ConnectionAbortedError
            time.sleep(self.delay_s.get(url.path, 0))
            if url.path in self.held:
                self.held[url.path].wait(60)
            if url.path in self.dripping_s:
                self._drip(request, self.dripping_s[url.path])
                raise ConnectionAbortedError
            if url.path in self.instead:
                return self.instead[url.path]
            with self._lock:
                return self._answer(request.command, url.path.strip("/").split("/"), url.query, body)
        finally:
            with self._lock:
                self.in_flight -= 1

    def _drip(self, request: BaseHTTPRequestHandler, seconds: float) -> None:
        text = json.dumps({"accounts": []}).encode()
        request.send_response(200)
        request.send_header("Content-Length", str(len(text)))
        request.end_headers()
        for byte in text:
            time.sleep(seconds / len(text))
            request.wfile.write(bytes([byte]))

    def _answer(self, method: str, path: list[str], query: str, body: bytes) -> tuple[int, Any]:
        match method, path:
            case "POST", ["letters"]:
                self.letters.append(json.loads(body))
                return 202, {}
            case "POST", ["oauth", "token"]:
                return self._grant({name: texts[0] for name, texts in parse_qs(body.decode()).items()})
            case "POST", ["oauth", "revoke"]:
                self.revoked.append(parse_qs(body.decode())["token"][0])
                return 200, {}
            case "GET", ["accounts"]:
                return 200, {"accounts": self.accounts}
            case "GET", ["accounts", external_id, "transactions"]:
                pages = self.pages[external_id]
                number = int(parse_qs(query)["page"][0])
                return 200, {"pages": len(pages), "transactions": pages[number - 1] if pages else []}
            case _:
                return 404, {}

    def _grant(self, form: dict[str, str]) -> tuple[int, Any]:
        if form["grant_type"] == "refresh_token" and form["refresh_token"] not in self.refresh_tokens:
            return 400, {"error": "invalid_grant"}
        # It is good once, as at many providers.
        self.refresh_tokens.discard(form.get("refresh_token", ""))
        self.grants += 1
        self.refresh_tokens.add(f"refresh-{self.grants}")
        tokens = {"access_token": f"access-{self.grants}", "refresh_token": f"refresh-{self.grants}"}
        return 200, {**tokens, "expires_in": 3600}


def remote(number: int, amount_minor: int = -100) -> dict[str, Any]:
    """Return a transaction as a provider shows it."""
    shown = {"id": f"r-{number}", "posted_on": "2025-10-17", "amount_minor": amount_minor}
    return {**shown, "description": f"Remote {number}"}


@dataclass
class Person:
    """Someone who is logged in."""

    service: Service
    address: str
    tokens: dict[str, Any]

    @property
    def headers(self) -> dict[str, str]:
        """Return what proves who they are."""
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}

    def call(self, method: str, path: str, *, at: int = 0, **options: Any) -> Answer:
        """Send a request to one of the processes in this person's name."""
        return self.sending(method, path, **options)(self.service.processes[at])

    def sending(self, method: str, path: str, *, headers: dict[str, str] | None = None, **options: Any) -> Any:
        """Return a call for any process."""
        return lambda process: process.call(method, path, headers={**self.headers, **(headers or {})}, **options)

    def account(self, balance_minor: int = 0, name: str = "Everyday") -> str:
        """Open an account and return its id."""
        body = {"name": name, "kind": "checking", "currency": "EUR", "opening_balance_minor": balance_minor}
        return made(self.call("POST", "/accounts", body=body))["id"]

    def balance(self, account_id: str, *, at: int = 1) -> int:
        """Return what an account holds, as the other process sees it."""
        return made(self.call("GET", f"/accounts/{account_id}", at=at))["balance_minor"]

    def transaction(self, account_id: str, amount_minor: int = -100, **changes: Any) -> str:
        """Record a transaction and return its id."""
        body = {"posted_on": "2025-10-18", "amount_minor": amount_minor, "description": "Beans", **changes}
        return made(self.call("POST", f"/accounts/{account_id}/transactions", body=body))["id"]

    def connection(self, label: str = "Main", *, expires_in: int = 3600) -> str:
        """Connect to a provider with tokens; those that end within half a minute are refreshed at their first use."""
        self.service.bank.refresh_tokens.add(f"refresh-of-{label}")
        tokens = {"access_token": f"access-of-{label}", "refresh_token": f"refresh-of-{label}"}
        body = {"provider": "northbank", "label": label, "expires_in": expires_in, **tokens}
        return made(self.call("POST", "/connections", body=body))["id"]

    def started_import(self, connection_id: str) -> str:
        """Start an import and return its id."""
        return made(self.call("POST", f"/connections/{connection_id}/imports"))["id"]

    def finished_import(self, job_id: str) -> dict[str, Any]:
        """Wait for an import and return its end."""
        path = f"/imports/{job_id}"
        until(lambda: made(self.call("GET", path))["finished_at"])
        return made(self.call("GET", path))


@dataclass
class Service(Served):
    """Both processes with what they reach."""

    bank: Bank = field(default_factory=Bank)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def database(self) -> Database:
        """Return the database that both processes use."""
        return database()

    def person(self, *, verified: bool = True) -> Person:
        """Register someone, follow the link of their letter unless told otherwise, and log them in."""
        address = f"person{next(self.numbers)}@example.com"
        body = {"email": address, "password": PASSWORD, "full_name": "Somebody"}
        made(self.processes[0].call("POST", "/auth/register", body=body))
        if verified:
            made(self.processes[0].call("POST", "/auth/verify", body={"token": self.letter_token(address)}))
        return Person(self, address, made(self.login(address)))

    def login(self, address: str, password: str = PASSWORD, *, at: int = 0) -> Answer:
        """Try to log in."""
        return self.processes[at].call("POST", "/auth/login", body={"email": address, "password": password})

    def letter_token(self, address: str, number: int = 1, *, page: str = "verify") -> str:
        """Wait for someone's letter with a link to this page and return the token in it."""

        def arrived() -> list[dict[str, str]]:
            return [letter for letter in self.bank.letters_to(address) if f"/{page}#" in letter["text"]]

        letters = until(lambda: arrived()[number - 1 : number])
        return letters[0]["text"].rpartition("#")[2].strip()

    def admin(self) -> Person:
        """Return someone who is logged in and may do everything."""
        person = self.person()
        self.database.rows(f"UPDATE users SET role = 'admin' WHERE email = '{person.address}'")
        return person


def made(answer: Answer) -> Any:
    """Return the content of an answer that must be a success: anything else is damage."""
    assert 200 <= answer.status < 300, f"answered {answer.status}: {answer.text[:300]}"
    return answer.json() if answer.text else None


def statuses(answers: list[Answer]) -> dict[int, int]:
    """Count answers by status."""
    return dict(Counter(answer.status for answer in answers))


@contextmanager
def service(*, first: dict[str, str] | None = None, **settings: str) -> Iterator[Service]:
    """Run both processes, with settings for both and some for the first one alone."""
    bank = Bank()
    with bank.running():
        shared = {
            **SETTINGS,
            "OUTSIDE_URL": bank.url,
            "MAIL_GATEWAY_URL": f"{bank.url}/letters",
            **{name.upper(): text for name, text in settings.items()},
        }
        environments = [{**shared, "DATABASE_CREATE_SCHEMA": "1", **(first or {})}, shared]
        with uvicorn("accounts_server:app", environments=environments, ready="/health/live") as served:
            yield Service(processes=served.processes, bank=bank)
