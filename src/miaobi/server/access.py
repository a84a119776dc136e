"""Who may come in: an ASGI layer before all routes, the only place where keys and cookies are read.

Loopback is no boundary: any page in a browser can send to it. So a request has to name a host that is ours (a foreign
name that points here is a rebound DNS entry), a page's Origin has to be our own, and every route but ``/health`` and
those of the page itself wants a key, compared in constant time, or the cookie of a session. A cookie comes by itself,
so what it may change has to come from our own page: unsafe methods need its Origin. A body is read before any
route runs, cut off at its limit while it arrives, whatever length it claims, and at the end of its time.

A key is the machine's own or a user's. Its scopes are checked here by method and path, its limits too, and here it is
said once for the whole request whose library and jobs are opened (``database.OWNER``). What is changed, and who is
turned away, is written to the log of ``users.py`` where others than the machine's own key can come in.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import ClientDisconnect

from miaobi.errors import LibraryError, show
from miaobi.server.meter import Meter
from miaobi.server.session import Sessions
from miaobi.server.strict import fault
from miaobi.studio.library.database import OWNER
from miaobi.studio.recognition import LIMIT
from miaobi.studio.translation import READER, TRADITIONAL, preferred, prefers_traditional
from miaobi.studio.users import Key, Limits, Users, digest

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_log = logging.getLogger("miaobi.server")
_FRESH = 2.0  # seconds for which a key that was looked up is believed; one that was taken back works as long
_AT_ONCE = 50_000  # bytes of JSON that are read without a thread of their own
_KNOWN = 1_000  # keys, right or wrong, that are remembered so long
OPEN = frozenset({"/health"})
# the page's own paths: it reads them itself
VIEWS = ("create", "making", "works", "worlds", "sweep", "library", "board", "compare")
FILES = frozenset({"/api/recognise"})  # where a file is sent, not JSON
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
    """The rules. ``hosts``: names with or without a port; ``key``: SHA-256 of the machine's own secret, never itself.

    ``sessions`` are the page's; where there are none, there is no page. ``limits`` are those of the machine's own key,
    ``logged`` says whether the log is kept: both where others can reach the address.
    """

    key: bytes
    hosts: frozenset[str]
    body_limit: int = 2_000_000  # bytes
    file_limit: int = LIMIT  # of a file that is looked at
    body_seconds: float = 60.0  # for a body to come
    send_seconds: float = 30.0  # for a part of an answer to be taken
    sessions: Sessions | None = None
    limits: Limits | None = None
    logged: bool = False

    def limit_of(self, path: str) -> int:
        """Return how many bytes a body that is sent to *path* may have."""
        return self.file_limit if path in FILES else self.body_limit

    def is_open(self, path: str) -> bool:
        """Tell whether a path needs neither key nor session: it gives away nothing of a user's."""
        return path in OPEN or (self.sessions is not None and path.split("/")[1] in PAGE)

    def in_session(self, headers: dict[str, str]) -> bytes | None:
        """Return the digest of the key whose session's cookie a request has; None without one."""
        secret = cookie_of(headers)
        return self.sessions.key_of(secret) if secret and self.sessions is not None else None

    @staticmethod
    def digest(secret: str) -> bytes:
        """Return what is kept of a secret."""
        return digest(secret)

    def key_of(self, digested: bytes) -> Key | None:
        """Return the key of a secret's digest; the own one in a time that doesn't depend on how much of it is right."""
        if hmac.compare_digest(digested, self.key):
            return Key("own", "", limits=self.limits)
        with Users() as users:
            return users.find(digested.hex())


class Gate:
    """The layer."""

    def __init__(self, app: App, access: Access) -> None:
        self._app, self._access = app, access
        self._meter = Meter()
        self._keys: OrderedDict[bytes, tuple[float, Key | None]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Turn a request away, or pass it on with a counted body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        key, refusal = None, self._misdirected(scope["path"], headers)
        if refusal is None:
            key, refusal = await self._let_in(scope, headers)
        if refusal is None and key is not None:
            refusal = self._spent(key)
        sent = _Sent(send, self._access.send_seconds)
        if refusal is None:
            OWNER.set(key.owner if key else None)
            READER.set(preferred(headers.get("accept-language", "")))
            TRADITIONAL.set(prefers_traditional(headers.get("accept-language", "")))
            state = scope.setdefault("state", {})
            state["key"], state["spend"] = key, lambda tokens: self._spend(key, "tokens", tokens)
            body = _Body(receive, self._access.limit_of(scope["path"]), self._access.body_seconds)
            try:
                refusal = await body.read(headers)
                if refusal is None:
                    await self._app(scope, body.receive, sent.send)
            except ClientDisconnect:
                return
            finally:
                self._spend(key, "bytes", len(body.content) + sent.bytes)
        if refusal is not None:
            await _answer(sent.send, *refusal)
        if self._access.logged and (scope["method"] not in SAFE or sent.status in {401, 403, 421, 429}):
            await self._note(scope, key, sent.status)

    def _misdirected(self, path: str, headers: dict[str, str]) -> Refusal | None:
        host = headers.get("host", "")
        name = host.rsplit(":", 1)[0] if host.rpartition(":")[2].isdigit() else host
        if not {host, name} & self._access.hosts:
            return 421, "This host name is not one of this server's.", "wrong_host", None
        origin = headers.get("origin")
        if origin is not None and origin.partition("://")[2] != host:
            return 403, "A page of another origin may not ask here.", "wrong_origin", None
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > (most := self._access.limit_of(path)):
            return 413, f"The body is larger than {most:,} bytes.", "body_too_large", None
        return None

    async def _let_in(self, scope: Scope, headers: dict[str, str]) -> tuple[Key | None, Refusal | None]:
        """Return the key that a request may use, or why it may not; neither for what is open to all."""
        kind, _, secret = headers.get("authorization", "").partition(" ")
        given = digest(secret.strip()) if kind.lower() == "bearer" else None
        in_session = self._access.in_session(headers) if given is None else None
        try:
            digested = given or in_session
            key = await self._known(digested) if digested else None
        except LibraryError as error:
            return None, (507, error.message, "library", None)
        if self._access.is_open(scope["path"]):
            return None, None
        if key is None:
            return None, (401, "A key is wanted: Authorization: Bearer KEY.", "invalid_api_key", None)
        if given is None and headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return key, (403, "Only this server's own page may ask with its session.", "wrong_origin", None)
        if given is None and scope["method"] not in SAFE and "origin" not in headers:
            return key, (403, "A change needs the Origin of this server's page, or the key.", "wrong_origin", None)
        if (wanted := scope_of(scope["method"], scope["path"])) not in key.scopes:
            return key, (403, f"This key may not do that: it lacks the scope “{wanted}”.", "missing_scope", None)
        return key, None

    async def _known(self, digested: bytes) -> Key | None:
        until, key = self._keys.get(digested, (0.0, None))
        if until < time.monotonic():
            key = await asyncio.to_thread(self._access.key_of, digested)
            self._keys[digested] = (time.monotonic() + _FRESH, key)
            self._keys.move_to_end(digested)
            while len(self._keys) > _KNOWN:
                self._keys.popitem(last=False)
        return key

    def _spent(self, key: Key) -> Refusal | None:
        if key.limits is None:
            return None
        for kind, amount in (("tokens", 0), ("bytes", 0), ("requests", 1)):
            limit = getattr(key.limits, kind)
            if wait := self._meter.wait(key.id, kind, limit, amount):
                said = f"This key has had its {limit:,} {kind} of a minute."
                return 429, said, "rate_limit_exceeded", int(wait) + 1
        return None

    def _spend(self, key: Key | None, kind: str, amount: int) -> None:
        if key is not None and key.limits is not None:
            self._meter.spend(key.id, kind, getattr(key.limits, kind), amount)

    async def _note(self, scope: Scope, key: Key | None, status: int) -> None:
        entry = {
            "owner": key.owner if key else None,
            "key": key.id if key else None,
            "address": (scope.get("client") or ("",))[0],
            "did": f"{scope['method']} {scope['path'][:300]}",
            "status": status,
        }

        def noted() -> None:
            with Users() as users:
                users.note(entry)

        try:
            await asyncio.to_thread(noted)
        except LibraryError as error:
            _log.error("The log: %s", error.message)


Refusal = tuple[int, str, str, int | None]  # status, message, code, seconds to wait


def scope_of(method: str, path: str) -> str:
    """Return the scope that a request needs: whatever isn't known to be less is a change."""
    if path.startswith("/v1/"):
        return "infer"
    return "read" if method in SAFE else "write"


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
    """A body, read whole before any route runs: within its time and size, and if it is JSON strictly."""

    def __init__(self, receive: Receive, limit: int, seconds: float) -> None:
        self._receive, self._limit, self._seconds = receive, limit, seconds
        self._given = False
        self.content = b""

    async def read(self, headers: dict[str, str]) -> Refusal | None:
        """Read it; return why it is refused, or None. ClientDisconnect where its sender went away."""
        limit, content = self._limit, bytearray()
        try:
            async with asyncio.timeout(self._seconds):
                more = True
                while more:
                    message = await self._receive()
                    if message["type"] == "http.disconnect":
                        raise ClientDisconnect
                    content += message.get("body", b"")
                    more = message.get("more_body", False)
                    if len(content) > limit:
                        return 413, f"The body is larger than {limit:,} bytes.", "body_too_large", None
        except TimeoutError:
            return 408, f"The body took longer than {self._seconds:g} s.", "body_too_slow", None
        self.content = bytes(content)
        if encoding := headers.get("content-encoding", ""):
            return 415, f"A body in the encoding {show(encoding)} is not read.", "content_encoding", None
        if self.content and "json" in headers.get("content-type", ""):
            large = len(self.content) > _AT_ONCE
            found = await asyncio.to_thread(fault, self.content) if large else fault(self.content)
            return (400, found, "invalid_json", None) if found else None
        return None

    async def receive(self) -> MutableMapping[str, Any]:
        """Give it as one message, then what comes after it: that its sender went away."""
        if self._given:
            return await self._receive()
        self._given = True
        return {"type": "http.request", "body": self.content, "more_body": False}


class _Sent:
    """Adds our headers to an answer and counts it."""

    def __init__(self, send: Send, seconds: float) -> None:
        self._send, self._seconds = send, seconds
        self.status = self.bytes = 0

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            have = {name.lower() for name, _ in message.get("headers", [])}
            message["headers"] = [*message.get("headers", []), *(h for h in HEADERS if h[0] not in have)]
        self.bytes += len(message.get("body", b""))
        try:
            async with asyncio.timeout(self._seconds):
                await self._send(message)
        except TimeoutError:  # it reads no more, and would hold an engine for ever
            raise ClientDisconnect from None


async def _answer(send: Send, status: int, message: str, code: str, wait: int | None) -> None:
    kinds = {401: "authentication_error", 429: "requests"}
    told = {"message": message, "type": kinds.get(status, "invalid_request_error"), "param": None, "code": code}
    body = json.dumps({"error": told}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if wait is not None:
        headers.append((b"retry-after", str(wait).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
