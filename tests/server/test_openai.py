"""The unmodified client of OpenAI on the default checkpoint."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pytest
from openai import AuthenticationError, BadRequestError, NotFoundError, OpenAI

from miaobi.engines import open_engine
from miaobi.types import Prompt, Request, Sampling, write
from tests.server.conftest import KEY, Served

pytestmark = pytest.mark.checkpoint
TURN = [{"role": "user", "content": "Name a colour."}]


@pytest.fixture(scope="module")
def client(real: Served) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{real.url}/v1", api_key=KEY, max_retries=0) as client:
        yield client


def test_models_are_listed_with_their_licence(client: OpenAI) -> None:
    (model,) = client.models.list().data
    assert model.id == "smollm2"
    assert client.models.retrieve("smollm2").licence == "Apache-2.0"  # type: ignore[attr-defined]
    with pytest.raises(NotFoundError, match="There are: smollm2"):
        client.models.retrieve("gpt-4")


def test_completion_is_what_the_engine_itself_writes(client: OpenAI) -> None:
    done = client.completions.create(
        model="smollm2", prompt="Once upon a time", max_tokens=12, seed=7, temperature=0.8, n=2, logprobs=0
    )
    engine = open_engine(threads=1)
    own = write(engine, Request(Prompt(prefix="Once upon a time"), 12, 7, n=2, sampling=Sampling(temperature=0.8)))
    assert [choice.text for choice in done.choices] == [candidate.text for candidate in own]
    assert done.usage is not None
    assert done.usage.completion_tokens == sum(len(c.tokens) for c in own)
    told = done.choices[0].logprobs
    assert told is not None
    assert "".join(told.tokens or []) == done.choices[0].text
    assert told.token_logprobs == pytest.approx(own[0].logprobs, abs=1e-6)
    engine.close()


def test_stream_adds_up_to_the_whole(client: OpenAI) -> None:
    asked = {"model": "smollm2", "messages": TURN, "max_tokens": 20, "seed": 3, "temperature": 0.7}
    whole = client.chat.completions.create(**asked)  # type: ignore[call-overload]
    chunks = list(
        client.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True})  # type: ignore[call-overload]
    )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content
    assert len(chunks) > 5
    assert chunks[-1].usage == whole.usage
    assert [c.choices[0].finish_reason for c in chunks if c.choices and c.choices[0].finish_reason] == [
        whole.choices[0].finish_reason
    ]


def test_answer_obeys_a_json_schema(client: OpenAI) -> None:
    schema = {
        "type": "object",
        "properties": {"colour": {"enum": ["red", "green"]}, "sure": {"type": "boolean"}},
        "required": ["colour", "sure"],
        "additionalProperties": False,
    }
    done = client.chat.completions.create(
        model="smollm2",
        messages=TURN,  # type: ignore[arg-type]
        max_tokens=60,
        response_format={"type": "json_schema", "json_schema": {"name": "c", "schema": schema}},
    )
    answer = json.loads(done.choices[0].message.content or "")
    assert answer["colour"] in ("red", "green")
    assert isinstance(answer["sure"], bool)


def test_turns_before_are_read(client: OpenAI) -> None:
    turns = [
        {"role": "user", "content": "My dog is called Bruno."},
        {"role": "assistant", "content": "Noted."},
        {"role": "user", "content": "What is my dog called?"},
        {"role": "assistant", "content": "Your dog is called"},
    ]
    done = client.chat.completions.create(model="smollm2", messages=turns, temperature=0, max_tokens=12)  # type: ignore[arg-type]
    assert "Bruno" in (done.choices[0].message.content or "")


def test_embeddings_are_unit_vectors_in_both_formats(client: OpenAI) -> None:
    packed = client.embeddings.create(model="smollm2", input=["a lamp", "a lantern", "a tax return"])
    plain = client.embeddings.create(model="smollm2", input=["a lamp"], encoding_format="float")
    rows = np.array([row.embedding for row in packed.data])
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-4)
    assert rows[0] == pytest.approx(plain.data[0].embedding, abs=1e-4)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "tools"),
        ({"logit_bias": {"5": 1}}, "logit_bias"),
        ({"temperature": 9}, "temperature"),
        ({"max_tokens": 90_000}, "tokens"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, "begins with the assistant"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]}, "image_url"),
        ({"messages": []}, "messages"),
        ({"response_format": {"type": "json_schema"}}, "json_schema"),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "nope"}}}},
            "schema",
        ),
    ],
)
def test_what_can_not_be_had_is_refused_by_name(client: OpenAI, more: dict[str, object], says: str) -> None:
    with pytest.raises(BadRequestError, match=says):
        client.chat.completions.create(**({"model": "smollm2", "messages": TURN} | more))  # type: ignore[call-overload]


def test_wrong_key_is_turned_away(real: Served) -> None:
    with pytest.raises(AuthenticationError), OpenAI(base_url=f"{real.url}/v1", api_key="guess", max_retries=0) as other:
        other.models.list()
