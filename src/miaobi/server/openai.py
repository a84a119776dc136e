"""/v1: models, completions, chat completions and embeddings, as OpenAI's API has them, streams as server-sent events.

Differences: the same seed gives the same text; ``min_p``, ``top_k`` and ``grammar`` (GBNF) are taken too;
log-probabilities are of the tokens written, without their alternatives.
"""

from __future__ import annotations

import base64
import json
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, StreamingResponse

from miaobi.errors import MiaobiError
from miaobi.server import openai_answers as answers
from miaobi.server.pool import Pool, Seat, whole
from miaobi.server.request import Chat, Completion, Embedding
from miaobi.types import Candidate, Engine, Piece
from miaobi.types import Request as Order

USUAL = 512  # tokens written where a body doesn't say
router = APIRouter(prefix="/v1")
_STREAMED = {"text/event-stream": {"schema": {"type": "string"}}}
_REASONS = {"length": "length"}  # of candidates; everything else ends as "stop"


def _pool(request: Request) -> Pool:
    pool: Pool = request.app.state.pool
    return pool


@router.get("/models", response_model=answers.Models)
async def models(request: Request) -> dict[str, Any]:
    """List the engines by the names under which they are asked for."""
    return {"object": "list", "data": [_model(seat) for seat in _pool(request).seats.values()]}


@router.get("/models/{name:path}", response_model=answers.Model)
async def model(request: Request, name: str) -> dict[str, Any]:
    """Tell about one."""
    return _model(_pool(request).seat(name))


def _model(seat: Seat) -> dict[str, Any]:
    card = seat.engine.checkpoint
    return {
        "id": seat.name,
        "object": "model",
        "created": 0,
        "owned_by": "miaobi",
        "licence": card.licence,
        "languages": list(card.languages),
        "context": card.context,
        "parameters": card.parameters,
    }


@router.post(
    "/chat/completions", response_model=None, responses={200: {"model": answers.ChatAnswer, "content": _STREAMED}}
)
async def chat(request: Request, body: Chat) -> JSONResponse | StreamingResponse:
    """Answer a chat."""
    seat = _pool(request).seat(body.model)
    order = body.request(USUAL)
    head = _head("chatcmpl", "chat.completion", body.model)
    if body.stream:
        usage = bool(body.stream_options and body.stream_options.include_usage)
        return _events(_chat_stream(request, seat, order, head, body.logprobs, usage))
    done = await whole(_metered(request, seat, order))
    choices = []
    for piece in done:
        assert piece.done is not None
        told = _chat_logprobs(seat.engine, piece.done) if body.logprobs else None
        choices.append(
            {
                "index": piece.index,
                "message": {"role": "assistant", "content": piece.done.text, "refusal": None},
                "logprobs": told,
                "finish_reason": _reason(piece.done),
            }
        )
    usage_of = await _usage(seat, [order], [piece.done for piece in done if piece.done])
    return JSONResponse(head | {"choices": choices, "usage": usage_of})


async def _chat_stream(
    request: Request, seat: Seat, order: Order, head: dict[str, Any], logprobs: bool, usage: bool
) -> AsyncIterator[dict[str, Any]]:
    head = head | {"object": "chat.completion.chunk"}
    for index in range(order.n):
        yield head | {"choices": [_delta(index, {"role": "assistant", "content": ""})]}
    finished: list[Candidate] = []
    async with aclosing(_metered(request, seat, order)) as pieces:
        async for piece in pieces:
            if piece.text:
                yield head | {"choices": [_delta(piece.index, {"content": piece.text})]}
            if piece.done is not None:
                finished.append(piece.done)
                told = _chat_logprobs(seat.engine, piece.done) if logprobs else None
                yield head | {"choices": [_delta(piece.index, {}, _reason(piece.done), told)]}
    if usage:
        yield head | {"choices": [], "usage": await _usage(seat, [order], finished)}


async def _metered(request: Request, seat: Seat, order: Order) -> AsyncGenerator[Piece]:
    """Give the pieces of an order and charge its key with the tokens, those of an answer that is broken off too.

    What was read is charged as a quarter of its bytes: to count it would take the engine's turn again.
    """
    written: dict[int, int] = {}
    try:
        async with aclosing(seat.stream(order)) as pieces:
            async for piece in pieces:
                written[piece.index] = written.get(piece.index, 0) + bool(piece.text)
                if piece.done is not None and piece.done.tokens:
                    written[piece.index] = len(piece.done.tokens)
                yield piece
    finally:
        request.state.spend(sum(written.values()) + -(-len(_said(order).encode()) // 4))


def _said(order: Order) -> str:
    prompt = order.prompt
    return "".join([prompt.system, *(text for turn in prompt.history for text in turn), prompt.user, prompt.prefix])


def _delta(index: int, delta: dict[str, Any], reason: str | None = None, logprobs: Any = None) -> dict[str, Any]:
    return {"index": index, "delta": delta, "logprobs": logprobs, "finish_reason": reason}


@router.post("/completions", response_model=None, responses={200: {"model": answers.TextAnswer, "content": _STREAMED}})
async def completions(request: Request, body: Completion) -> JSONResponse | StreamingResponse:
    """Go on from texts."""
    seat = _pool(request).seat(body.model)
    orders = body.requests(USUAL)
    head = _head("cmpl", "text_completion", body.model)
    if body.stream:
        usage = bool(body.stream_options and body.stream_options.include_usage)
        return _events(_text_stream(request, seat, orders, head, body, usage))
    choices, finished = [], list[Candidate]()
    for k, order in enumerate(orders):
        for piece in await whole(_metered(request, seat, order)):
            assert piece.done is not None
            finished.append(piece.done)
            before = order.prompt.prefix if body.echo else ""
            told = _text_logprobs(seat.engine, piece.done, len(before)) if body.logprobs is not None else None
            choices.append(_text(k * body.n + piece.index, before + piece.done.text, _reason(piece.done), told))
    return JSONResponse(head | {"choices": choices, "usage": await _usage(seat, orders, finished)})


async def _text_stream(
    request: Request, seat: Seat, orders: list[Order], head: dict[str, Any], body: Completion, usage: bool
) -> AsyncIterator[dict[str, Any]]:
    finished: list[Candidate] = []
    for k, order in enumerate(orders):
        for i in range(body.n if body.echo else 0):
            yield head | {"choices": [_text(k * body.n + i, order.prompt.prefix)]}
        async with aclosing(_metered(request, seat, order)) as pieces:
            async for piece in pieces:
                index = k * body.n + piece.index
                if piece.text:
                    yield head | {"choices": [_text(index, piece.text)]}
                if piece.done is not None:
                    finished.append(piece.done)
                    told = _text_logprobs(seat.engine, piece.done, 0) if body.logprobs is not None else None
                    yield head | {"choices": [_text(index, "", _reason(piece.done), told)]}
    if usage:
        yield head | {"choices": [], "usage": await _usage(seat, orders, finished)}


def _text(index: int, text: str, reason: str | None = None, logprobs: Any = None) -> dict[str, Any]:
    return {"index": index, "text": text, "logprobs": logprobs, "finish_reason": reason}


@router.post("/embeddings", response_model=answers.Embeddings)
async def embeddings(request: Request, body: Embedding) -> dict[str, Any]:
    """Return a unit vector for each text."""
    seat = _pool(request).seat(body.model)
    texts = body.texts()
    vectors = await seat.call(lambda: seat.engine.embed(texts))
    rows: list[Any] = [
        base64.b64encode(row.astype("<f4").tobytes()).decode() if body.encoding_format == "base64" else row.tolist()
        for row in vectors
    ]
    count = sum(await seat.call(lambda: [seat.engine.count(text) for text in texts]))
    request.state.spend(count)
    return {
        "object": "list",
        "model": body.model,
        "data": [{"object": "embedding", "index": i, "embedding": row} for i, row in enumerate(rows)],
        "usage": {"prompt_tokens": count, "total_tokens": count},
    }


def _head(prefix: str, kind: str, name: str) -> dict[str, Any]:
    return {"id": f"{prefix}-{uuid.uuid4().hex}", "object": kind, "created": int(time.time()), "model": name}


def _reason(candidate: Candidate) -> str:
    return _REASONS.get(candidate.finish, "stop")


async def _usage(seat: Seat, orders: list[Order], finished: list[Candidate]) -> dict[str, int]:
    said = [_said(order) for order in orders]
    read = sum(await seat.call(lambda: [seat.engine.count(text) for text in said if text]))
    written = sum(len(candidate.tokens) for candidate in finished)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _pieces(engine: Engine, candidate: Candidate) -> list[bytes]:
    """Return the bytes of each token; empty ones where the engine doesn't show its vocabulary."""
    known = getattr(engine, "vocabulary", None)
    return [known.pieces[token] if known is not None else b"" for token in candidate.tokens]


def _chat_logprobs(engine: Engine, candidate: Candidate) -> dict[str, Any]:
    content = [
        {"token": raw.decode("utf-8", "replace"), "logprob": logprob, "bytes": list(raw), "top_logprobs": []}
        for raw, logprob in zip(_pieces(engine, candidate), candidate.logprobs, strict=False)
    ]
    return {"content": content, "refusal": None}


def _text_logprobs(engine: Engine, candidate: Candidate, start: int) -> dict[str, Any]:
    tokens = [raw.decode("utf-8", "replace") for raw in _pieces(engine, candidate)]
    offsets = [start + sum(map(len, tokens[:i])) for i in range(len(tokens))]
    return {
        "tokens": tokens,
        "token_logprobs": list(candidate.logprobs),
        "top_logprobs": None,
        "text_offset": offsets,
    }


def _events(chunks: AsyncIterator[dict[str, Any]]) -> StreamingResponse:
    """Return the chunks as server-sent events; what fails on the way is told as the last of them."""

    async def lines() -> AsyncIterator[str]:
        try:
            async for chunk in chunks:
                yield f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"
        except MiaobiError as error:
            yield f"data: {json.dumps({'error': told(error)}, ensure_ascii=False)}\n\n"
        yield "data: [DONE]\n\n"

    return StreamingResponse(lines(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


def told(error: MiaobiError, kind: str = "invalid_request_error", code: str | None = None) -> dict[str, Any]:
    """Return an error as OpenAI's object: the message with what to do, its kind and code."""
    message = f"{error.message} {error.hint}".strip()
    return {"message": message, "type": kind, "param": None, "code": code}
