"""The cage: a web page that is a work's file, shown in the studio where it can reach nothing.

The file may run its own scripts and nothing more: no cookie, no origin, no network, no window, no form. The policy is
a header, so that it holds too where somebody opens the address by itself; the page that frames it allows frames of our
own alone (``frame-src 'self'``), which closes what a sandbox leaves open, a frame that navigates itself away with what
it has seen. An address works for a minute: long enough to load, too short to be passed on.

No policy of a header's stops WebRTC, whose packets carry what a page has seen past ``connect-src``: Chromium 156
doesn't know ``webrtc 'block'``. So the first script of the page takes its names away before any other runs. A frame
within would have them anew: none can be written as markup, since the tag is made text, nor by a script, since Trusted
Types let no text become markup; XSLT, which they forget, is taken away as well.
"""

from __future__ import annotations

import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response

from miaobi.errors import UnknownNameError
from miaobi.server import answers
from miaobi.server.native import Id
from miaobi.server.works import Name, exported, on_one_page
from miaobi.server.worlds import page_of

LIFE = 60.0  # seconds
KEPT = 16  # addresses; the oldest goes first
CAGE = {
    "Content-Security-Policy": "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline';"
    " img-src data: blob:; media-src data: blob:; font-src data:; form-action 'none'; base-uri 'none';"
    " require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors 'self'; webrtc 'block';"
    " sandbox allow-scripts",
    "Cross-Origin-Resource-Policy": "same-site",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(),"
    " midi=(), clipboard-read=(), clipboard-write=(), display-capture=(), fullscreen=(), browsing-topics=()",
    "X-DNS-Prefetch-Control": "off",
}
GUARD = (
    b"<!doctype html><script>for (const name of Object.getOwnPropertyNames(self))"
    b" if (/RTC|WebTransport|XSLT/.test(name)) delete self[name]; document.currentScript.remove()</script>"
)
_FRAME = re.compile(rb"<(?=i?frame|object|embed|fencedframe|portal)", re.I)  # their names can't be written otherwise
router = APIRouter()


def caged(page: bytes) -> bytes:
    """Return a page with nothing in it that could send past its policy, and no frame. Its text stays what it was."""
    return GUARD + _FRAME.sub(b"&lt;", page)


class Artifacts:
    """The addresses that work, each with its page and until when."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, tuple[bytes, float]] = OrderedDict()

    def show(self, page: bytes) -> str:
        """Return a token for a page."""
        token = secrets.token_urlsafe(24)
        self._kept[token] = (page, self._clock() + LIFE)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return token

    def find(self, token: str) -> bytes:
        """Return the page of a token; UnknownNameError for one that never was or whose time is over."""
        page, until = self._kept.get(token, (b"", 0.0))
        if until <= self._clock():
            self._kept.pop(token, None)
            raise UnknownNameError("This address has run out.", "Open the work again.")
        return page


@router.post("/api/works/{id}/artifact", response_model=answers.Framed)
def show_artifact(request: Request, id: Id) -> dict[str, str]:
    """Give an address, good for a minute, at which the web page of a work may be framed; it is made where it wasn't."""
    artifacts: Artifacts = request.app.state.artifacts
    return {"url": f"/artifact/{artifacts.show(exported(id, 'html').content)}"}


@router.post("/api/pages/{name}/artifact", response_model=answers.Framed)
def show_board(request: Request, name: Name) -> dict[str, str]:
    """Give an address, good for a minute, at which the works of a board may be framed as one page."""
    artifacts: Artifacts = request.app.state.artifacts
    return {"url": f"/artifact/{artifacts.show(on_one_page(name))}"}


@router.post("/api/worlds/{id}/artifact", response_model=answers.Framed)
def show_world(request: Request, id: Id) -> dict[str, str]:
    """Give an address, good for a minute, at which the works of a world may be framed as one page."""
    artifacts: Artifacts = request.app.state.artifacts
    return {"url": f"/artifact/{artifacts.show(page_of(id)[1])}"}


@router.get("/artifact/{token}", include_in_schema=False)
def artifact(request: Request, token: str) -> Response:
    """Give the file behind an address, in the cage."""
    artifacts: Artifacts = request.app.state.artifacts
    return Response(caged(artifacts.find(token)), media_type="text/html; charset=utf-8", headers=CAGE)
