"""The application: routes, errors as OpenAI's objects, and the gate before everything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from miaobi import __version__
from miaobi.errors import EngineError, LibraryError, LimitError, MiaobiError, UnknownNameError, UnsupportedError, show
from miaobi.forms import forms
from miaobi.server import answers, artifact, assistance, native, openai, recognising, sweeps, works, worlds
from miaobi.server.access import Access, Gate
from miaobi.server.document import allowed, document
from miaobi.server.page import page_router
from miaobi.server.pool import BusyError, Pool
from miaobi.server.worker import Worker
from miaobi.studio.library.sqlite import kept_open
from miaobi.studio.translation import said as translated


def create_app(pool: Pool, access: Access) -> FastAPI:
    """Return the application on these engines; they are freed when it ends."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        for worker in workers:
            worker.start()
        warm = asyncio.create_task(asyncio.to_thread(forms))  # some seconds of imports, which nobody need wait for
        with kept_open():
            yield
        await warm
        await asyncio.gather(*(asyncio.to_thread(worker.stop) for worker in workers))
        pool.close()

    workers = [Worker(pool) for _ in range(pool.workers)]

    app = FastAPI(
        title="miaobi",
        version=__version__,
        summary="Works, jobs and OpenAI's API on the engines of miaobi.",
        lifespan=life,
        docs_url=None,  # its page is fetched from elsewhere; the document itself is at /openapi.json
        redoc_url=None,
    )
    app.state.pool = pool
    app.state.artifacts = artifact.Artifacts()
    for routes in (openai, native, works, worlds, sweeps, recognising, assistance, artifact):
        app.include_router(routes.router)
    if access.sessions is not None:
        app.include_router(page_router(access))

    @app.get("/health", response_model=answers.Health)
    async def health() -> dict[str, Any]:
        """Tell that the server is up, and nothing else."""
        return {"status": "ok"}

    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(MiaobiError, _ours)
    app.add_middleware(Gate, access=access)
    return app


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    """Tell what of a body is wrong. FastAPI's own answer shows the input, and fails where that is NaN."""
    assert isinstance(error, RequestValidationError)
    said = []
    wrong = next((e for e in error.errors() if e["loc"][:1] == ("path",)), None)
    if wrong is not None:  # an id that can't be one
        return _error(
            404,
            translated(f"There is nothing called {show(str(wrong['input']))} here."),
            "invalid_request_error",
            "not_found",
        )
    for e in error.errors():
        cause = e.get("ctx", {}).get("error")
        place = ".".join(str(part) for part in e["loc"] if part != "body") or "body"
        said.append(f"{place}: {translated(cause.message if isinstance(cause, MiaobiError) else e['msg'])}")
    message = "; ".join(said[:5])
    return _error(400, message, "invalid_request_error", None)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == 405:  # the router tells of one route only, and a path may have several
        headers["Allow"] = ", ".join(allowed(request.app, request.url.path)) or headers.get("Allow", "")
    code = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}.get(error.status_code)
    return _error(error.status_code, str(error.detail), "invalid_request_error", code, headers)


async def _ours(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, MiaobiError)
    message = f"{translated(error.message)} {translated(error.hint)}".strip()
    if isinstance(error, BusyError):
        return _error(503, message, "server_error", "busy", {"Retry-After": "5"})
    if isinstance(error, LimitError):
        return _error(429, message, "requests", "rate_limit_exceeded", {"Retry-After": str(error.after)})
    if isinstance(error, UnknownNameError):
        return _error(
            404, message, "invalid_request_error", "model_not_found" if "model" in error.message else "not_found"
        )
    if isinstance(error, LibraryError):
        return _error(507, message, "server_error", "library")
    if isinstance(error, EngineError) and not isinstance(error, UnsupportedError):
        return _error(
            400, message, "invalid_request_error", "context_length_exceeded" if "tokens" in error.message else None
        )
    return _error(400, message, "invalid_request_error", None)


def _error(
    status: int, message: str, kind: str, code: str | None, headers: dict[str, str] | None = None
) -> JSONResponse:
    sendable = message.encode("utf-8", "replace").decode()  # a lone surrogate of the body's can't be sent back
    return JSONResponse({"error": {"message": sendable, "type": kind, "param": None, "code": code}}, status, headers)


def host_names(host: str) -> frozenset[str]:
    """Return the names under which a server bound to *host* may be asked."""
    loopback = {"127.0.0.1", "localhost", "[::1]"}
    return frozenset(loopback if host in ("127.0.0.1", "::1", "localhost") else {*loopback, show(host).strip("“”")})
