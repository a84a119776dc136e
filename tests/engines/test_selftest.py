"""The self-test, and the server that stands in when it fails."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest

from miaobi.engines import disk, open_engine
from miaobi.engines.llamacpp import LlamaCpp, selftest
from miaobi.engines.llamacpp import library as library_module
from miaobi.engines.llamacpp.cache import Cache
from miaobi.engines.llamacpp.server import LlamaServer
from miaobi.errors import BuildError, UnsupportedError
from miaobi.types import All, Checkpoint, Engine, Grammar, JsonSchema, Prompt, Regex, Request, Sampling, write

from . import toy_gguf

GREEDY = Sampling(temperature=0)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy_gguf.write(tmp_path_factory.mktemp("toy") / "toy.gguf", toy_gguf.weights(0))


def verdict(home: Path) -> dict[str, int]:
    (path,) = home.glob("checkpoints/verdicts/*.selftest.json")
    return dict(json.loads(path.read_text()))


def open_toy(toy: Path) -> LlamaCpp:
    return LlamaCpp(toy, context=128, threads=1, checkpoint=Checkpoint("toy", disk.digest(toy)))


def test_weights_whose_kernels_differ_are_evaluated_one_at_a_time_and_stay_exact(toy: Path, home: Path) -> None:
    engine = open_toy(toy)
    ask = Request(Prompt(prefix="abc def"), 12, 3, n=6)
    batch = write(engine, ask)
    engine._cache.clear()
    assert write(engine, Request(ask.prompt, 12, 3, n=1)) == batch[:1]
    engine.close()
    assert verdict(home) == {"at_once": 1}


@pytest.mark.parametrize("context", [16, 40, 128])
def test_short_contexts_have_room_for_the_test(toy: Path, home: Path, context: int) -> None:
    LlamaCpp(toy, context=context, threads=1).close()


@pytest.mark.checkpoint
def test_default_checkpoint_is_evaluated_32_at_a_time(home: Path, request: pytest.FixtureRequest) -> None:
    published: Path = request.getfixturevalue("default_gguf")
    engine = LlamaCpp(published, context=256, threads=1, checkpoint=Checkpoint("x", "0" * 64))
    engine.close()
    assert verdict(home) == {"at_once": 32}


def test_full_test_runs_once_a_checkpoint_and_build(toy: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_toy(toy).close()
    seen: list[bool] = []
    fault = selftest.fault
    monkeypatch.setattr(selftest, "fault", lambda cache, size, full: seen.append(full) or fault(cache, size, full))
    monkeypatch.setattr(selftest, "against_server", lambda *a: pytest.fail("asked again"))
    open_toy(toy).close()
    assert seen == [False]


def test_build_that_decodes_other_tokens_than_the_server_fails(
    toy: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = Cache.feed
    monkeypatch.setattr(Cache, "feed", lambda self, feeds: [-row for row in feed(self, feeds)])
    with pytest.raises(BuildError, match="where the server decodes"):
        open_toy(toy)
    assert not list(home.glob("checkpoints/verdicts/*.selftest.json"))


def test_logits_that_are_no_numbers_fail(toy: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = Cache.feed
    monkeypatch.setattr(Cache, "feed", lambda self, feeds: [row * np.float32(np.nan) for row in feed(self, feeds)])
    with pytest.raises(BuildError, match="not finite"):
        open_toy(toy)


@pytest.fixture
def stand_in(
    toy: Path, home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[Engine]:
    """The toy, opened with a library whose parameters lie elsewhere."""
    monkeypatch.setattr(library_module, "layout_faults", lambda defaults: ["n_ctx is 7, expected 512"])
    library_module.library.cache_clear()
    with caplog.at_level(logging.WARNING):
        engine = open_engine(str(toy), context=128)
    assert "n_ctx is 7" in caplog.text
    assert "server stands in" in caplog.text
    yield engine
    engine.close()
    monkeypatch.undo()
    library_module.library.cache_clear()


def test_server_stands_in_when_the_layout_differs_and_writes_the_same_greedy_text(stand_in: Engine, toy: Path) -> None:
    assert isinstance(stand_in, LlamaServer)
    assert isinstance(stand_in, Engine)
    assert not stand_in.steerable
    ask = Request(Prompt(prefix="abc"), 6, 1, sampling=GREEDY)
    (done,) = write(stand_in, ask)
    assert len(done.logprobs) == 6
    library_module.layout_faults = lambda defaults: []  # type: ignore[assignment]  # undone by the fixture
    library_module.library.cache_clear()
    raw = LlamaCpp(toy, context=128, threads=1)
    (expected,) = write(raw, ask)
    raw.close()
    assert np.allclose(done.logprobs[0], expected.logprobs[0], atol=0.1)


def test_server_is_on_the_loopback_address_and_asks_for_its_key(stand_in: LlamaServer) -> None:
    address = stand_in._box.listening_address
    assert address.startswith("http://127.0.0.1:")
    assert httpx.post(f"{address}/completion", json={"prompt": "a", "n_predict": 1}).status_code == 401


def test_server_is_held_to_a_schema_and_refuses_what_it_can_not_hold(stand_in: Engine) -> None:
    schema = JsonSchema({"enum": ["ab", "cd"]})
    (done,) = write(stand_in, Request(Prompt(prefix="x"), 12, 1, constraint=schema))
    assert json.loads(done.text) in {"ab", "cd"}
    (done,) = write(stand_in, Request(Prompt(prefix="x"), 12, 1, constraint=Grammar('root ::= "ab" [0-9]', "gbnf")))
    assert done.text[:2] == "ab"
    for refused in (Regex("a"), Grammar('start: "a"'), All((Regex("a"),))):
        with pytest.raises(UnsupportedError, match="local checkpoint"):
            write(stand_in, Request(Prompt(prefix="x"), 4, 1, constraint=refused))
    with pytest.raises(UnsupportedError, match="pinned range"):
        stand_in.score(Prompt(prefix="x"), ["a"])


def test_server_counts_and_embeds(stand_in: Engine) -> None:
    assert stand_in.count("ab") == 2
    vectors = stand_in.embed(["ab", "cd ef"])
    assert vectors.shape == (2, toy_gguf.WIDTH)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
