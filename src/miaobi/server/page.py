"""The page itself: what Vite built, served under a policy that lets nothing else run, and the door to a session."""

from __future__ import annotations

import asyncio
import mimetypes
import pathlib
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from miaobi.errors import UnknownNameError, UnsupportedError, show
from miaobi.server.access import VIEWS, Access, cookie_name, cookie_of

BUILT = pathlib.Path(__file__).with_name("page")
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' blob:",
    "font-src": "'self'",
    "connect-src": "'self' blob:",  # a solid's textures are read from blobs
    "frame-src": "'self'",
    "form-action": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "svelte-trusted-html",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(),"
    " display-capture=(), browsing-topics=()",
}


class Entry(BaseModel):
    """What opens a session: the token of a link, or the key."""

    model_config = ConfigDict(extra="forbid")
    token: str = Field("", max_length=200)
    key: str = Field("", max_length=500)


def check_built(folder: pathlib.Path = BUILT) -> None:
    """Raise UnsupportedError where the page was not built."""
    if not (folder / "index.html").is_file():
        raise UnsupportedError(
            "The page of the studio is not built here; a wheel of miaobi has it, a clone has to make it.",
            "In the clone: make studio (npm and Node come with it as Python packages).",
        )


def page_router(access: Access, folder: pathlib.Path = BUILT) -> APIRouter:
    """Return the routes of the page in *folder*. None of them gives anything of a user's away."""
    router = APIRouter(include_in_schema=False)

    async def view() -> Response:
        """Give the one document of the page; which view it shows it reads from the address."""
        check_built(folder)
        headers = HEADERS | {"Cache-Control": "no-cache"}
        return Response((folder / "index.html").read_bytes(), media_type="text/html; charset=utf-8", headers=headers)

    router.add_api_route("/", view, methods=["GET", "HEAD"])
    for name in VIEWS:
        router.add_api_route(f"/{name}", view, methods=["GET", "HEAD"])
        router.add_api_route(f"/{name}/{{rest:path}}", view, methods=["GET", "HEAD"])

    @router.get("/assets/{name}")
    async def asset(name: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]+(\.[a-z0-9]+)+$")]) -> Response:
        """Give a file whose name has the hash of what it holds."""
        return _file(folder / "assets" / name, "public, max-age=31536000, immutable")

    @router.get("/seal.svg")
    async def seal() -> Response:
        """Give the icon."""
        return _file(folder / "seal.svg", "public, max-age=86400")

    @router.post("/session")
    async def enter(request: Request, entry: Entry) -> Response:
        """Open a session for the token of a link or for the key."""
        assert access.sessions is not None
        headers = {name.lower(): value for name, value in request.headers.items()}
        given = access.digest(entry.key)
        known = await asyncio.to_thread(access.key_of, given) if entry.key else None
        if known is not None:
            secret = access.sessions.begin(given)
        elif entry.token:
            secret = access.sessions.enter(entry.token, access.key)
        else:
            secret = ""
        if not secret:
            is_open = access.in_session(headers) is not None
            return JSONResponse({"open": is_open}, 200 if is_open else 401)
        answer = JSONResponse({"open": True})
        name = cookie_name(headers.get("host", ""))
        answer.set_cookie(
            name, secret, httponly=True, samesite="strict", path="/", secure=request.url.scheme == "https"
        )
        return answer

    @router.get("/session")
    async def state(request: Request) -> dict[str, Any]:
        """Tell whether the one who asks is in a session."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        return {"open": access.in_session(headers) is not None}

    @router.delete("/session")
    async def leave(request: Request) -> dict[str, Any]:
        """Close the session of the one who asks."""
        assert access.sessions is not None
        access.sessions.end(cookie_of({name.lower(): value for name, value in request.headers.items()}))
        return {"open": False}

    return router


def _file(path: pathlib.Path, keep: str) -> Response:
    if not path.is_file():
        raise UnknownNameError(f"The page has no file {show(path.name)}.", "Load the page anew.")
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    kind = "text/javascript" if path.suffix == ".js" else kind  # some systems' tables call it otherwise
    return Response(path.read_bytes(), media_type=kind, headers={"Cache-Control": keep})
