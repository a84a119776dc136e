"""Sessions of the page: a link that works once, then a cookie that only this server's page can send.

The terminal shows a link with a token behind ``#``, which no request line, log or referrer ever holds; the page's
script sends it once and gets a cookie for it (HttpOnly, SameSite=Strict). Kept are SHA-256 digests, compared in
constant time, in memory alone: with the process all sessions end.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

INVITATION = 600.0  # seconds for which a link can be used
OPEN = 64  # sessions and links kept; the oldest goes first


class Sessions:
    """The links that wait and the sessions that are open."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._invited: OrderedDict[bytes, float] = OrderedDict()
        self._open: OrderedDict[bytes, bytes] = OrderedDict()  # each with the digest of its key

    def invite(self) -> str:
        """Return a token that opens one session, within ten minutes."""
        token = secrets.token_urlsafe(24)
        self._invited[_digest(token)] = self._clock() + INVITATION
        _shorten(self._invited)
        return token

    def enter(self, token: str, key: bytes) -> str:
        """Return the secret of a new session of *key* (a digest) for a token, which is used up by it; "" for one that
        isn't legal."""
        known = _found(self._invited, token)
        if known is None or self._invited.pop(known) < self._clock():
            return ""
        return self.begin(key)

    def begin(self, key: bytes) -> str:
        """Return the secret of a new session of *key*, a digest: it may do what that may, as long as that is good."""
        secret = secrets.token_urlsafe(24)
        self._open[_digest(secret)] = key
        _shorten(self._open)
        return secret

    def key_of(self, secret: str) -> bytes | None:
        """Return the digest of the key of the session of this secret; None where none is open."""
        known = _found(self._open, secret)
        return None if known is None else self._open[known]

    def end(self, secret: str) -> None:
        """Close a session; one that isn't open stays so."""
        known = _found(self._open, secret)
        if known is not None:
            del self._open[known]


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _found(kept: OrderedDict[bytes, Any], secret: str) -> bytes | None:
    """Return the kept digest of *secret*; every one is looked at, whichever it is."""
    wanted, found = _digest(secret), None
    for digest in tuple(kept):
        if hmac.compare_digest(digest, wanted):
            found = digest
    return found


def _shorten(kept: OrderedDict[bytes, Any]) -> None:
    while len(kept) > OPEN:
        kept.popitem(last=False)
