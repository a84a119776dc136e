"""Who may come in: an ASGI layer before all routes.

Loopback is no boundary: any page in a browser can send to it. So a request has to name a host that is ours (a foreign
name that points here is a rebound DNS entry), a page's Origin has to be our own, and every route but ``/health`` wants
the key, compared in constant time. A body is cut off at its limit while it arrives, whatever length it claims.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

OPEN = frozenset({"/health"})
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
)


@dataclass(frozen=True)
class Access:
    """The rules. ``hosts``: names with or without a port; ``key``: SHA-256 of the secret, never itself."""

    key: bytes
    hosts: frozenset[str]
    body_limit: int = 2_000_000  # bytes

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
        if scope["path"] not in OPEN and not (kind.lower() == "bearer" and self._access.knows(secret.strip())):
            return 401, "A key is wanted: Authorization: Bearer KEY.", "invalid_api_key"
        return None


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
