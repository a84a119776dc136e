"""What the routes of OpenAI's API answer, as schemas; see ``answers``."""

from __future__ import annotations

from typing import Any, Literal

from miaobi.server.answers import Answer


class Model(Answer):
    """An engine as OpenAI lists it, with what else is known of it."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str
    licence: str
    languages: list[str]
    context: int
    parameters: int


class Models(Answer):
    """The engines."""

    object: Literal["list"]
    data: list[Model]


class Usage(Answer):
    """Tokens read and written."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Said(Answer):
    """The message that answers."""

    role: Literal["assistant"]
    content: str
    refusal: None


class ChatChoice(Answer):
    """One answer to a chat."""

    index: int
    message: Said
    logprobs: dict[str, Any] | None
    finish_reason: Literal["stop", "length"]


class ChatAnswer(Answer):
    """The answers to a chat. Streamed: chat.completion.chunk objects as server-sent events."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChatChoice]
    usage: Usage


class TextChoice(Answer):
    """One continuation."""

    index: int
    text: str
    logprobs: dict[str, Any] | None
    finish_reason: Literal["stop", "length"]


class TextAnswer(Answer):
    """The continuations. Streamed: objects with one piece each, as server-sent events."""

    id: str
    object: Literal["text_completion"]
    created: int
    model: str
    choices: list[TextChoice]
    usage: Usage


class Vector(Answer):
    """A unit vector, as numbers or as base64 of little-endian float32."""

    object: Literal["embedding"]
    index: int
    embedding: list[float] | str


class Read(Answer):
    """Tokens read."""

    prompt_tokens: int
    total_tokens: int


class Embeddings(Answer):
    """A vector for each text."""

    object: Literal["list"]
    model: str
    data: list[Vector]
    usage: Read
