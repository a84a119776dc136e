"""The cage: a web page that is a work's file, shown in the studio where it can reach nothing.

The file may run its own scripts and nothing more: no cookie, no origin, no network, no window, no form. The policy is
a header, so that it holds too where somebody opens the address by itself; the page that frames it allows frames of our
own alone (``frame-src 'self'``), which closes what a sandbox leaves open, a frame that navigates itself away with what
it has seen. An address works for a minute: long enough to load, too short to be passed on.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from miaobi.errors import UnknownNameError, show
from miaobi.server.native import Id, kept_file

LIFE = 60.0  # seconds
KEPT = 256  # addresses; the oldest goes first
CAGE = {
    "Content-Security-Policy": "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline';"
    " img-src data: blob:; media-src data: blob:; font-src data:; form-action 'none'; base-uri 'none';"
    " frame-ancestors 'self'; webrtc 'block'; sandbox allow-scripts",
    "Cross-Origin-Resource-Policy": "same-site",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(),"
    " midi=(), clipboard-read=(), clipboard-write=(), display-capture=(), fullscreen=(), browsing-topics=()",
    "X-DNS-Prefetch-Control": "off",
}
router = APIRouter()


@dataclass(frozen=True)
class Shown:
    """A file that may be shown, and until when."""

    work: str
    name: str
    until: float


class Artifacts:
    """The addresses that work."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, Shown] = OrderedDict()

    def show(self, work: str, name: str) -> str:
        """Return a token for a file of a work."""
        token = secrets.token_urlsafe(24)
        self._kept[token] = Shown(work, name, self._clock() + LIFE)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return token

    def find(self, token: str) -> Shown:
        """Return what a token is for; UnknownNameError for one that never was or whose time is over."""
        shown = self._kept.get(token)
        if shown is None or shown.until < self._clock():
            self._kept.pop(token, None)
            raise UnknownNameError("This address has run out.", "Open the work again.")
        return shown


@router.post("/api/works/{id}/artifacts/{name}")
def show_artifact(request: Request, id: Id, name: str) -> dict[str, str]:
    """Give an address, good for a minute, at which a web page among a work's files may be framed."""
    file, _ = kept_file(id, name)
    if file.media_type.partition(";")[0] != "text/html":
        raise UnknownNameError(f"{show(name)} is no web page.", "Pictures and sound are shown as they are.")
    artifacts: Artifacts = request.app.state.artifacts
    return {"url": f"/artifact/{artifacts.show(id, name)}"}


@router.get("/artifact/{token}", include_in_schema=False)
def artifact(request: Request, token: str) -> Response:
    """Give the file behind an address, in the cage."""
    artifacts: Artifacts = request.app.state.artifacts
    shown = artifacts.find(token)
    _, content = kept_file(shown.work, shown.name)
    return Response(content, media_type="text/html; charset=utf-8", headers=CAGE)
