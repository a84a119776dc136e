"""Nets of the laboratory as engines: they write what the net says, alone or together, under constraint and ban."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.lab

from miaobi.engines import open_engine  # noqa: E402
from miaobi.engines.llamacpp import LlamaCpp  # noqa: E402
from miaobi.engines.recurrent import TrainedNet  # noqa: E402
from miaobi.errors import (  # noqa: E402
    CheckpointError,
    EngineError,
    LanguageNotSpokenError,
    UnknownNameError,
    UnsupportedError,
)
from miaobi.nets import storage  # noqa: E402
from miaobi.nets.generation import greedy  # noqa: E402
from miaobi.types import Engine, Prompt, Regex, Request, Sampling, write  # noqa: E402
from tests.lab.trained import NETS, trained  # noqa: E402

GREEDY = Sampling(temperature=0)


@pytest.fixture(scope="module", params=NETS)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A run of each kind; the transformer's without its GGUF file."""
    return trained(request.param, tmp_path_factory.mktemp("home"))


@pytest.fixture
def engine(run: Any) -> Any:
    return TrainedNet(run, threads=1)


def test_engine_obeys_the_protocol_and_names_its_run(engine: TrainedNet, run: Any) -> None:
    assert isinstance(engine, Engine)
    assert engine.checkpoint.name == f"lab:{run.name}"
    assert len(engine.checkpoint.sha256) == 64
    assert engine.checkpoint.licence == "CC0-1.0"


def test_engine_writes_greedily_what_the_net_says(engine: TrainedNet, run: Any) -> None:
    (found,) = write(engine, Request(Prompt(prefix="the lamp"), 12, seed=0, sampling=GREEDY))
    tokens = [run.begin, *engine._tokeniser.read("the lamp")]
    assert list(found.tokens) == greedy(storage.load(run.folder), tokens, 12)
    assert engine.vocabulary.text(found.tokens) == found.text


def test_candidates_are_the_same_alone_and_together_and_scored_as_they_were_written(engine: TrainedNet) -> None:
    together = write(engine, Request(Prompt(prefix="a boat"), 10, seed=4, n=3))
    for i in range(3):
        alone = write(engine, Request(Prompt(prefix="a boat"), 10, seed=4, n=i + 1))[i]
        assert alone == together[i]
    scores = engine.score(Prompt(prefix="a boat"), [c.text for c in together])
    for candidate, score in zip(together, scores, strict=True):
        np.testing.assert_allclose(score, candidate.logprobs[: len(score)], atol=1e-4)
        assert all(value < 0 and math.isfinite(value) for value in score)


def test_constraint_and_ban_hold(engine: TrainedNet) -> None:
    pattern = Regex("(ab|ba){3}")
    (found,) = write(engine, Request(Prompt(prefix="the"), 10, seed=1, constraint=pattern))
    assert set(found.text) <= {"a", "b"}
    assert len(found.text) == 6
    (free,) = write(engine, Request(Prompt(prefix="the "), 30, seed=1))
    words = [word for word in re.findall(r"\w+", free.text[:-1]) if len(word) > 1]
    (kept,) = write(engine, Request(Prompt(prefix="the "), 30, seed=1, banned=(words[-1],)))
    assert words[-1] not in re.findall(r"\w+", kept.text)  # rewound, and another way taken
    assert kept.text[: free.text.rindex(words[-1])] == free.text[: free.text.rindex(words[-1])]


def test_texts_have_unit_vectors_and_counts(engine: TrainedNet) -> None:
    vectors = engine.embed(["the lamp", "a boat", "the lamp"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(vectors[0], vectors[2])
    assert engine.count("the lamp") == 8


def test_turns_of_chat_and_texts_longer_than_the_context_are_refused(run: Any) -> None:
    engine = TrainedNet(run, context=20, threads=1)
    with pytest.raises(UnsupportedError, match="continues text"):
        write(engine, Request(Prompt(user="Hello"), 5, seed=0))
    with pytest.raises(EngineError, match="opened for 20"):
        write(engine, Request(Prompt(prefix="the lamp"), 50, seed=0))


def test_spec_opens_a_run_by_name_and_says_which_there_are(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIAOBI_HOME", str(run.folder.parents[1]))
    opened = open_engine(f"lab:{run.name}", "en", threads=1)
    assert opened.checkpoint.name == f"lab:{run.name}"
    assert isinstance(opened, LlamaCpp if run.record["net"] == "transformer" else TrainedNet)
    opened.close()
    with pytest.raises(UnknownNameError, match="no run “nobody”"):
        open_engine("lab:nobody")
    with pytest.raises(LanguageNotSpokenError):
        open_engine(f"lab:{run.name}", "zh")


def test_damaged_net_is_refused(run: Any, tmp_path: Path) -> None:
    from dataclasses import replace

    for file in ("run.json", "net.json", "tokenizer.json"):
        (tmp_path / file).write_bytes((run.folder / file).read_bytes())
    whole = (run.folder / "net.safetensors").read_bytes()
    (tmp_path / "net.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CheckpointError, match="can't be loaded"):
        TrainedNet(replace(run, folder=tmp_path))
