"""Stand in for everything the application reaches over HTTP: providers and the mail gateway.

One file for both suites. It is asynchronous on both sides, because it is called by the application and not by tests:
through the transport that create_app is given, without a network.
"""

import asyncio
import base64
import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from app.outbound import httpx

Scope, Receive, Send = (
    dict[str, Any],
    Callable[[], Awaitable[dict[str, Any]]],
    Callable[[dict[str, Any]], Awaitable[None]],
)
Answer = tuple[int, Any]


class Outside:
    """Answer as an ASGI application; tests set what it knows and read what it was told."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.letters: list[dict[str, str]] = []
        self.requests: list[str] = []
        self.request_ids: list[str | None] = []
        self.revoked: list[str] = []
        # Codes that people have been given, each with the PKCE challenge they were sent with.
        self.codes: dict[str, str] = {}
        self.refresh_tokens: set[str] = set()
        self.accounts: list[dict[str, Any]] = []
        self.pages: dict[str, list[list[dict[str, Any]]]] = {}
        # Answers or errors that come instead of the right ones, by path.
        self.instead: dict[str, Answer | Exception] = {}
        # Paths that answer only when their event is set.
        self.held: dict[str, asyncio.Event] = {}
        self.in_flight = self.most_in_flight = self.grants = 0

    def letter_token(self, page: str = "") -> str:
        """Return the token of the newest letter with a link to this page."""
        texts = [letter["text"] for letter in self.letters if f"{page}#" in letter["text"]]
        return texts[-1].rpartition("#")[2].strip()

    def account(self, external_id: str, *pages: list[dict[str, Any]], **changes: Any) -> None:
        """Add an account with its pages of transactions."""
        shown = {"id": external_id, "name": "Remote", "kind": "checking", "currency": "EUR", "balance_minor": 5_000}
        self.accounts.append(shown | changes)
        self.pages[external_id] = list(pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        while (message := await receive()).get("more_body"):
            body += message["body"]
        body += message.get("body", b"")
        headers = {name.decode(): text.decode() for name, text in scope["headers"]}
        self.requests.append(f"{scope['method']} {scope['path']}")
        self.request_ids.append(headers.get("x-request-id"))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            # Let the other requests that are ready arrive first.
            await asyncio.sleep(0)
            if event := self.held.get(scope["path"]):
                await event.wait()
            status, content = self._answer(scope, body)
        finally:
            self.in_flight -= 1
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(content).encode()})

    def _answer(self, scope: Scope, body: bytes) -> Answer:
        instead = self.instead.get(scope["path"])
        if isinstance(instead, Exception):
            raise instead
        if instead is not None:
            return instead
        match scope["method"], scope["path"].strip("/").split("/"):
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
                number = int(parse_qs(scope["query_string"].decode())["page"][0])
                return 200, {"pages": len(pages), "transactions": pages[number - 1] if pages else []}
            case _:
                return 404, {}

    def _grant(self, form: dict[str, str]) -> Answer:
        if form["grant_type"] == "refresh_token":
            granted = form["refresh_token"] in self.refresh_tokens
            # It is good once, as at many providers: a second refresh with it is refused.
            self.refresh_tokens.discard(form["refresh_token"])
        else:
            hashed = hashlib.sha256(form["code_verifier"].encode()).digest()
            proof = base64.urlsafe_b64encode(hashed).decode().rstrip("=")
            granted = self.codes.pop(form["code"], None) == proof
        if not granted:
            return 400, {"error": "invalid_grant"}
        self.grants += 1
        self.refresh_tokens.add(f"refresh-{self.grants}")
        granted_tokens = {"access_token": f"access-{self.grants}", "refresh_token": f"refresh-{self.grants}"}
        return 200, {**granted_tokens, "expires_in": 3600}


def transport(outside: Outside) -> httpx.AsyncBaseTransport:
    """Return what create_app takes instead of a network."""
    return httpx.ASGITransport(app=outside)


def remote(number: int, amount_minor: int = -100) -> dict[str, Any]:
    """Return a transaction as a provider tells of it."""
    shown = {"id": f"r-{number}", "posted_on": "2025-10-17", "amount_minor": amount_minor}
    return {**shown, "description": f"Remote {number}"}
