"""The HTTP engine against a real llama.cpp server."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from miaobi.engines.openai_compatible import OpenAICompatible
from miaobi.errors import EngineError, UnsupportedError
from miaobi.types import All, Grammar, JsonSchema, Prompt, Request, Sampling, write

from .conftest import Shelf

pytestmark = pytest.mark.checkpoint


@pytest.fixture
def engine(llama_server: str) -> Iterator[OpenAICompatible]:
    opened = OpenAICompatible(llama_server)
    yield opened
    opened.close()


def test_server_is_recognised(engine: OpenAICompatible) -> None:
    assert engine.dialect == "llama.cpp"
    assert engine.checkpoint.context == 8192


def test_candidates_differ_and_come_again_with_their_logprobs(engine: OpenAICompatible) -> None:
    request = Request(Prompt("Once upon a time"), 8, seed=5, n=2)
    first, second = write(engine, request), write(engine, request)
    assert [c.text for c in first] == [c.text for c in second]
    assert first[0].text != first[1].text
    assert all(len(c.logprobs) == 8 and c.finish == "length" for c in first)


def test_schema_holds(engine: OpenAICompatible) -> None:
    schema = {"type": "object", "properties": {"colour": {"enum": ["red", "blue"]}}, "required": ["colour"]}
    done = write(engine, Request(Prompt(user="A colour?"), 40, seed=1, constraint=JsonSchema(schema)))[0]
    assert json.loads(done.text)["colour"] in {"red", "blue"}


def test_gbnf_grammar_holds(engine: OpenAICompatible) -> None:
    grammar = Grammar('root ::= "yes" | "no"', "gbnf")
    assert write(engine, Request(Prompt("Yes or no?"), 5, seed=1, constraint=grammar))[0].text in {"yes", "no"}


def test_answer_goes_on_from_its_prefix_and_ends_before_the_stop(engine: OpenAICompatible) -> None:
    greedy = Sampling(temperature=0)
    prompt = Prompt(user="Count to nine.", prefix="1, 2, 3, 4,")
    done = write(engine, Request(prompt, 12, seed=1, sampling=greedy, stop=("7",)))[0]
    assert "5" in done.text
    assert "7" not in done.text


def test_banned_phrase_is_avoided_or_said_to_be_let_through(engine: OpenAICompatible) -> None:
    done = write(engine, Request(Prompt("The cat sat on the"), 6, seed=1, banned=(" ",)))[0]
    assert done.relented == (" ",)
    assert write(engine, Request(Prompt("The cat"), 6, seed=1, banned=("xylophone",)))[0].relented == ()


def test_closing_the_stream_leaves_the_server_free(engine: OpenAICompatible) -> None:
    stream = engine.stream(Request(Prompt("Once"), 900, seed=1))
    assert next(stream).text
    stream.close()  # type: ignore[attr-defined]
    assert write(engine, Request(Prompt("Once"), 2, seed=1))


def test_what_a_server_can_not_do_is_refused(engine: OpenAICompatible) -> None:
    with pytest.raises(UnsupportedError, match="All"):
        write(engine, Request(Prompt("a"), 1, seed=1, constraint=All(())))
    with pytest.raises(UnsupportedError, match="score"):
        engine.score(Prompt("a"), ["b"])
    with pytest.raises(UnsupportedError, match="embeddings"):
        engine.embed(["a"])


def test_tokens_are_counted_by_the_server(engine: OpenAICompatible) -> None:
    assert engine.count("hello world") == 2


def test_no_server_is_explained() -> None:
    with pytest.raises(EngineError, match="No server answers"):
        OpenAICompatible("http://127.0.0.1:9/v1")


def test_key_is_in_no_message(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIAOBI_API_KEY", "sk-secret")
    shelf.statuses = [401]
    with pytest.raises(EngineError, match="set MIAOBI_API_KEY") as caught:
        OpenAICompatible(f"{shelf.url}/v1")
    assert "sk-secret" not in str(caught.value)


def test_busy_server_is_asked_again(shelf: Shelf) -> None:
    shelf.statuses = [503]
    shelf.files["/v1/models"] = (b'{"data": [{"id": "m", "owned_by": "vllm", "max_model_len": 9}]}', "application/json")
    opened = OpenAICompatible(f"{shelf.url}/v1")
    assert (opened.dialect, opened.checkpoint.name, opened.checkpoint.context) == ("vllm", "m", 9)
    opened.close()
