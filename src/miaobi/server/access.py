"""Who may come in: an ASGI layer before all routes.

Loopback is no boundary: any page in a browser can send to it. So a request has to name a host that is ours (a foreign
name that points here is a rebound DNS entry), a page's Origin has to be our own, and every route but ``/health`` and
those of the page itself wants the key, compared in constant time, or the cookie of a session. A cookie comes by itself,
so what it may change has to come from our own page: unsafe methods need its Origin. A body is cut off at its limit
while it arrives, whatever length it claims.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException

from miaobi.server.session import Sessions

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

OPEN = frozenset({"/health"})
VIEWS = ("create", "making", "work", "library", "board", "compare")  # the page's own paths: it reads them itself
PAGE = frozenset({"", "assets", "artifact", "session", "seal.svg", *VIEWS})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
)


@dataclass(frozen=True)
class Access:
    """The rules. ``hosts``: names with or without a port; ``key``: SHA-256 of the secret, never itself.

    ``sessions`` are the page's; where there are none, there is no page.
    """

    key: bytes
    hosts: frozenset[str]
    body_limit: int = 2_000_000  # bytes
    sessions: Sessions | None = None

    def is_open(self, path: str) -> bool:
        """Tell whether a path needs neither key nor session: it gives away nothing of a user's."""
        return path in OPEN or (self.sessions is not None and path.split("/")[1] in PAGE)

    def in_session(self, headers: dict[str, str]) -> bool:
        """Tell whether a request has the cookie of a session that is open."""
        secret = cookie_of(headers)
        return bool(secret) and self.sessions is not None and self.sessions.knows(secret)

    @staticmethod
    def digest(secret: str) -> bytes:
        """Return what is kept of a secret."""
        return hashlib.sha256(secret.encode()).digest()

    def knows(self, secret: str) -> bool:
        """Tell whether a secret is the key, in a time that doesn't depend on how much of it is right."""
        return hmac.compare_digest(self.digest(secret), self.key)


class Gate:
    """The layer."""

    def __init__(self, app: App, access: Access) -> None:
        self._app, self._access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Turn a request away, or pass it on with a counted body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal:
            await _answer(send, *refusal)
            return
        await self._app(scope, _Body(receive, self._access.body_limit).receive, _dressed(send))

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str, str] | None:
        host = headers.get("host", "")
        name = host.rsplit(":", 1)[0] if host.rpartition(":")[2].isdigit() else host
        if not {host, name} & self._access.hosts:
            return 421, "This host name is not one of this server's.", "wrong_host"
        origin = headers.get("origin")
        if origin is not None and origin.partition("://")[2] != host:
            return 403, "A page of another origin may not ask here.", "wrong_origin"
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > self._access.body_limit:
            return 413, f"The body is larger than {self._access.body_limit:,} bytes.", "body_too_large"
        kind, _, secret = headers.get("authorization", "").partition(" ")
        if self._access.is_open(scope["path"]) or (kind.lower() == "bearer" and self._access.knows(secret.strip())):
            return None
        if not self._access.in_session(headers):
            return 401, "A key is wanted: Authorization: Bearer KEY.", "invalid_api_key"
        if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return 403, "Only this server's own page may ask with its session.", "wrong_origin"
        if scope["method"] not in SAFE and origin is None:
            return 403, "A change needs the Origin of this server's page, or the key.", "wrong_origin"
        return None


def cookie_name(host: str) -> str:
    """Return the name of the session's cookie: cookies know no port, so the name has it."""
    port = host.rpartition(":")[2]
    return f"miaobi-{port if port.isdigit() else 80}"


def cookie_of(headers: dict[str, str]) -> str:
    """Return the secret in a request's cookie, "" without one."""
    name = cookie_name(headers.get("host", ""))
    pairs = (pair.strip().partition("=") for pair in headers.get("cookie", "").split(";"))
    return next((value for key, _, value in pairs if key == name), "")


class _Body:
    """Counts what arrives."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive, self._limit, self._left = receive, limit, limit

    async def receive(self) -> MutableMapping[str, Any]:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise HTTPException(413, f"The body is larger than {self._limit:,} bytes.")
        return message


def _dressed(send: Send) -> Send:
    async def told(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            have = {name.lower() for name, _ in message.get("headers", [])}
            message["headers"] = [*message.get("headers", []), *(h for h in HEADERS if h[0] not in have)]
        await send(message)

    return told


async def _answer(send: Send, status: int, message: str, code: str) -> None:
    kind = "authentication_error" if status == 401 else "invalid_request_error"
    body = json.dumps({"error": {"message": message, "type": kind, "param": None, "code": code}}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *HEADERS]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
