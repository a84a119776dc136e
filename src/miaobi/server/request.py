"""Bodies of OpenAI's API as values, and what they become for an engine.

What we can't do is refused by name and not silently left out: tools, pictures in messages, ``logit_bias``, alternatives
to each token. Fields that change nothing here (``user``, ``metadata`` and their like) are taken and left.
"""

from __future__ import annotations

import math
import secrets
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from miaobi.brief import clean_text
from miaobi.errors import BriefError
from miaobi.types import Constraint, Grammar, JsonSchema, Prompt, Request, Sampling

TEXT_LIMIT = 1_000_000  # characters
NO_CONTROL = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"  # what clean_text takes, for the document
_ANY_JSON = JsonSchema({"type": "object"})


def _spoken(text: str) -> str:
    clean_text(text, "text", TEXT_LIMIT)  # refuses what is no text; the text itself stays as it is
    return text


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("a finite number is wanted")
    return value


Text = Annotated[str, AfterValidator(_spoken), WithJsonSchema({"type": "string", "pattern": NO_CONTROL})]
Number = Annotated[float, AfterValidator(_finite)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)


class Part(_Body):
    """A part of a message."""

    type: str
    text: Text = ""


class Message(_Body):
    """One message of a chat."""

    role: Literal["system", "developer", "user", "assistant"]
    content: Text | list[Part] | None = None

    def said(self) -> str:
        """Return the message's words; BriefError for a part that is no text."""
        if isinstance(self.content, list):
            for part in self.content:
                if part.type != "text":
                    raise BriefError(f"A message has a part of type “{part.type}”.", "Only text is read.")
            return "".join(part.text for part in self.content)
        return self.content or ""


class Schema(_Body):
    """A named JSON schema."""

    name: str = "answer"
    schema_: dict[str, Any] = Field(default_factory=dict, alias="schema")


class Format(_Body):
    """What the answer has to be."""

    type: Literal["text", "json_object", "json_schema"] = "text"
    json_schema: Schema | None = None


class StreamOptions(_Body):
    """What a stream tells besides."""

    include_usage: bool = False


class _Sampled(_Body):
    model: str = Field(min_length=1, max_length=300)
    temperature: Number = Field(1.0, ge=0, le=2)
    top_p: Number = Field(1.0, gt=0, le=1)
    min_p: Number = Field(0.0, ge=0, le=1)
    top_k: int = Field(0, ge=0, le=100_000)
    presence_penalty: Number = Field(0.0, ge=-2, le=2)
    frequency_penalty: Number = Field(0.0, ge=-2, le=2)
    n: int = Field(1, ge=1, le=16)
    max_tokens: int | None = Field(None, ge=1, le=100_000)
    seed: int | None = Field(None, ge=-(2**63), le=2**63 - 1)
    stop: Text | list[Text] | None = Field(None, max_length=TEXT_LIMIT)
    stream: bool = False
    stream_options: StreamOptions | None = None
    logit_bias: dict[str, Any] | None = None
    grammar: Text | None = None  # llama.cpp's field: GBNF

    def sampling(self) -> Sampling:
        """Return how tokens are drawn."""
        return Sampling(
            temperature=self.temperature,
            top_p=self.top_p,
            min_p=self.min_p,
            top_k=self.top_k,
            presence_penalty=self.presence_penalty,
            frequency_penalty=self.frequency_penalty,
        )

    def stops(self) -> tuple[str, ...]:
        """Return the texts before which the answer ends."""
        given = [self.stop] if isinstance(self.stop, str) else self.stop or []
        if len(given) > 16:
            raise BriefError(f"{len(given)} stop sequences were given.", "Give at most 16.")
        return tuple(s for s in given if s)

    def chance(self) -> int:
        """Return the seed: the one given, as the engine takes it, else one by chance."""
        return (self.seed & (2**63 - 1)) if self.seed is not None else secrets.randbelow(2**63)

    def refuse(self, *fields: str) -> None:
        """Raise BriefError for what is asked for and can't be had."""
        extra = self.model_extra or {}
        for name in fields:
            if extra.get(name) not in (None, [], {}, False, "none"):
                raise BriefError(f"“{name}” can't be had here.", "Leave it out.")
        if self.logit_bias:
            raise BriefError("“logit_bias” can't be had here.", "Leave it out.")


class Chat(_Sampled):
    """The body of /v1/chat/completions."""

    messages: list[Message] = Field(min_length=1, max_length=2_000)
    max_completion_tokens: int | None = Field(None, ge=1, le=100_000)
    response_format: Format | None = None
    logprobs: bool = False
    top_logprobs: int | None = Field(None, ge=0, le=20)

    def request(self, usual: int) -> Request:
        """Return the request; *usual*: tokens to write where the body doesn't say. BriefError for what can't be had."""
        self.refuse("tools", "functions", "audio", "modalities")
        return Request(
            prompt=self.prompt(),
            max_tokens=self.max_completion_tokens or self.max_tokens or usual,
            seed=self.chance(),
            n=self.n,
            sampling=self.sampling(),
            constraint=self.constraint(),
            stop=self.stops(),
        )

    def prompt(self) -> Prompt:
        """Return the chat as a prompt; a last message of the assistant's is gone on with. BriefError without a turn."""
        system, turns = "", list[list[str]]()
        for message in self.messages:
            said = message.said()
            if message.role in ("system", "developer"):
                system += ("\n\n" if system else "") + said
            elif message.role == "user":
                if turns and len(turns[-1]) == 1:  # two of the user's in a row are one turn
                    turns[-1][0] += "\n\n" + said
                else:
                    turns.append([said])
            elif not turns:
                raise BriefError("The chat begins with the assistant.", "Let a message of the user's come first.")
            elif len(turns[-1]) == 2:
                turns[-1][1] += said
            else:
                turns[-1].append(said)
        if not turns or not turns[-1][0]:
            raise BriefError("The chat has no message of the user's to answer.", "Give one with words in it.")
        *before, last = turns
        history = tuple((asked, answered) for asked, answered in before)
        return Prompt(system=system, user=last[0], prefix=last[1] if len(last) == 2 else "", history=history)

    def constraint(self) -> Constraint | None:
        """Return what the answer is held to while it is written."""
        if self.grammar:
            return Grammar(self.grammar, "gbnf")
        wanted = self.response_format.type if self.response_format else "text"
        if wanted == "json_schema":
            if self.response_format is None or self.response_format.json_schema is None:
                raise BriefError("response_format asks for a json_schema and gives none.", "Give json_schema.schema.")
            return JsonSchema(self.response_format.json_schema.schema_)
        return _ANY_JSON if wanted == "json_object" else None


class Completion(_Sampled):
    """The body of /v1/completions."""

    prompt: Text | list[Text] = ""
    logprobs: int | None = Field(None, ge=0, le=5)
    echo: bool = False

    def requests(self, usual: int) -> list[Request]:
        """Return a request for each prompt. BriefError for what can't be had."""
        self.refuse("suffix")
        prompts = [self.prompt] if isinstance(self.prompt, str) else self.prompt
        if not 1 <= len(prompts) <= 64:
            raise BriefError(f"{len(prompts)} prompts were given.", "Give 1 to 64.")
        chance = self.chance()
        return [
            Request(
                prompt=Prompt(prefix=text),
                max_tokens=self.max_tokens or usual,
                seed=chance,
                n=self.n,
                sampling=self.sampling(),
                constraint=Grammar(self.grammar, "gbnf") if self.grammar else None,
                stop=self.stops(),
            )
            for text in prompts
        ]


class Embedding(_Body):
    """The body of /v1/embeddings."""

    model: str = Field(min_length=1, max_length=300)
    input: Text | list[Text] = Field(max_length=TEXT_LIMIT)
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = None

    def texts(self) -> list[str]:
        """Return the texts. BriefError where there are none, an empty one, or too many."""
        texts = [self.input] if isinstance(self.input, str) else self.input
        if not 1 <= len(texts) <= 2_048 or not all(texts):
            raise BriefError("There is nothing to embed in the input.", "Give 1 to 2,048 texts, none of them empty.")
        if self.dimensions is not None:
            raise BriefError("“dimensions” can't be had here.", "Leave it out.")
        return texts
