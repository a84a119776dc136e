from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from miaobi.engines import open_engine
from miaobi.errors import CheckpointError, DeadEndError, EngineError
from miaobi.types import All, Engine, JsonSchema, Prompt, Regex, Request, Sampling, write

from . import toy_nets

torch = pytest.importorskip("torch", reason="needs the lab extra")
pytest.importorskip("transformers", reason="needs the lab extra")
from miaobi.engines.transformers import Transformers, _Sequence  # noqa: E402

pytestmark = pytest.mark.lab
GREEDY = Sampling(temperature=0)
ASK = Request(Prompt(prefix="the keeper"), 16, seed=7, n=4, sampling=Sampling(min_p=0.02, dry_multiplier=0.8))


@pytest.fixture(scope="module", params=["gpt2", "llama"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(getattr(toy_nets, request.param)(tmp_path_factory.mktemp(request.param)))


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[Transformers]:
    engine = Transformers(folder, threads=1)
    yield engine
    engine.close()


def reference(folder: Path) -> tuple[Any, Any]:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    return AutoModelForCausalLM.from_pretrained(folder).eval(), AutoTokenizer.from_pretrained(folder)


def test_greedy_text_is_that_of_generate(engine: Transformers, folder: Path) -> None:
    net, _ = reference(folder)
    allowed = [t for t in range(len(engine.vocabulary)) if t not in set(engine.vocabulary.never.tolist())]
    for prefix in ("the keeper of", "春眠", "a"):
        ids = torch.tensor([engine._read(Prompt(prefix=prefix))])
        out = net.generate(
            ids,
            max_new_tokens=24,
            do_sample=False,
            pad_token_id=0,
            prefix_allowed_tokens_fn=lambda batch, row: allowed,
        )[0, ids.shape[1] :].tolist()
        (done,) = write(engine, Request(Prompt(prefix=prefix), 24, 1, sampling=GREEDY))
        assert list(done.tokens) == [t for t in out if t not in engine.vocabulary.ends]
        assert done.text == engine.vocabulary.text(done.tokens)


def test_logprobs_are_those_of_a_direct_pass(engine: Transformers, folder: Path) -> None:
    net, _ = reference(folder)
    (done,) = write(engine, Request(Prompt(prefix="the sea"), 12, 1, sampling=GREEDY))
    head = engine._read(Prompt(prefix="the sea"))
    with torch.inference_mode():
        logits = net(torch.tensor([[*head, *done.tokens]])).logits[0, len(head) - 1 : -1]
    direct = torch.log_softmax(logits.double(), -1)[range(len(done.tokens)), list(done.tokens)]
    assert np.allclose(done.logprobs, direct.numpy(), atol=1e-4)
    scored = engine.score(Prompt(prefix="the sea"), [engine.vocabulary.text(done.tokens)])
    if engine.vocabulary.encode and engine.vocabulary.encode(done.text) == list(done.tokens):
        assert scored[0] == done.logprobs


@pytest.mark.parametrize("text", ["the light", " wrote", "back, and\nsea", "海啼鸟 z", "<|end|></s>", "  two"])
def test_tokens_spell_the_text_they_were_read_from(engine: Transformers, text: str) -> None:
    tokens = engine._tokeniser.read(text)
    assert engine.vocabulary.text(tokens) == text
    assert not set(tokens) & engine.vocabulary.control
    assert engine.count(text) == len(tokens)


def test_prompt_begins_as_the_tokenizer_says(engine: Transformers, folder: Path) -> None:
    _, tokenizer = reference(folder)
    assert engine._read(Prompt(prefix=" the sea"))[:1] == tokenizer(" the sea").input_ids[:1]


def test_candidate_is_the_same_alone_in_a_batch_and_after_other_work(engine: Transformers) -> None:
    batch = write(engine, ASK)
    assert len({c.text for c in batch}) > 1
    write(engine, dataclasses.replace(ASK, prompt=Prompt(prefix="the sea wrote")))
    assert write(engine, dataclasses.replace(ASK, n=1)) == batch[:1]
    assert write(engine, ASK) == batch


def test_interleaved_streams_are_as_one_after_the_other(engine: Transformers) -> None:
    other = dataclasses.replace(ASK, seed=9, prompt=Prompt(prefix="春眠"))
    expected = write(engine, ASK), write(engine, other)
    streams = engine.stream(ASK), engine.stream(other)
    got: list[list[Any]] = [[], []]
    going = [0, 1]
    while going:
        for which in list(going):
            piece = next(streams[which], None)
            if piece is None:
                going.remove(which)
            elif piece.done:
                got[which].append((piece.index, piece.done))
    assert tuple([c for _, c in sorted(g, key=lambda x: x[0])] for g in got) == expected


def test_closing_a_stream_cancels_within_one_token(engine: Transformers, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = []
    feed = _Sequence.feed
    monkeypatch.setattr(_Sequence, "feed", lambda *a: steps.append(1) or feed(*a))
    stream = engine.stream(dataclasses.replace(ASK, n=1, max_tokens=100, sampling=Sampling(temperature=2.0)))
    next(stream)
    before = len(steps)
    stream.close()
    assert len(steps) == before
    monkeypatch.undo()
    assert write(engine, ASK) == write(engine, ASK)


def test_constraints_hold(engine: Transformers) -> None:
    for c in write(engine, dataclasses.replace(ASK, max_tokens=60, constraint=Regex(r"[A-Z][a-z]{2,6} [0-9]{2}\."))):
        assert re.fullmatch(r"[A-Z][a-z]{2,6} [0-9]{2}\.", c.text)
        assert c.removals
    schema = {
        "type": "object",
        "properties": {"a": {"enum": ["x", "海"]}},
        "required": ["a"],
        "additionalProperties": False,
    }
    for c in write(engine, dataclasses.replace(ASK, max_tokens=60, constraint=JsonSchema(schema))):
        assert json.loads(c.text)["a"] in {"x", "海"}
        assert len(c.logprobs) == len(c.tokens)
    with pytest.raises(DeadEndError):
        write(engine, dataclasses.replace(ASK, constraint=All((Regex("[a-z]+"), Regex("[0-9]+")))))


def test_banned_phrases_are_rewound(engine: Transformers) -> None:
    def words(text: str) -> set[str]:
        return {w.lower() for w in re.findall(r"[a-zA-Z0-9]+", text)}

    ask = dataclasses.replace(ASK, sampling=Sampling(temperature=0.7), max_tokens=24)
    banned = sorted(set().union(*(words(c.text) for c in write(engine, ask))))
    assert banned
    for c in write(engine, dataclasses.replace(ask, banned=tuple(banned))):
        let_through = {r.lower() for r in c.relented}
        assert not re.search(rf"(?<!\w)({'|'.join({*banned} - let_through)})(?!\w)", c.text, re.IGNORECASE)
        assert any(r.rule.startswith("banned") for r in c.removals)
        assert len(c.logprobs) == len(c.tokens)


def test_embeddings_are_unit_vectors_and_texts_longer_than_a_piece_have_one(engine: Transformers) -> None:
    vectors = engine.embed(["the sea", "", "the keeper " * 200])
    assert np.allclose(np.linalg.norm(vectors, axis=1), [1, 0, 1], atol=1e-5)


def test_prompt_beyond_the_context_is_refused_with_the_figures(engine: Transformers) -> None:
    with pytest.raises(EngineError, match="256"):
        write(engine, Request(Prompt(prefix="z" * 300), 16, 1))


def test_folder_is_opened_by_its_path_and_keeps_the_protocol(folder: Path) -> None:
    engine = open_engine(str(folder), threads=1)
    assert isinstance(engine, Engine)
    assert len(engine.checkpoint.sha256) == 64
    assert engine.checkpoint.parameters > 0
    engine.close()


def test_pickle_is_refused_though_the_folder_has_everything_else(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        if file.suffix != ".safetensors":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    torch.save({"w": torch.zeros(2)}, tmp_path / "pytorch_model.bin")
    with pytest.raises(CheckpointError, match="pickle"):
        open_engine(str(tmp_path))


def test_code_that_a_checkpoint_brings_along_is_not_run(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    config = json.loads((tmp_path / "config.json").read_text())
    config |= {"model_type": "evil", "auto_map": {"AutoConfig": "evil.C", "AutoModelForCausalLM": "evil.M"}}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    with pytest.raises(CheckpointError, match="transformers can't load"):
        open_engine(str(tmp_path))
    assert not (tmp_path / "ran").exists()


def test_hub_id_without_a_connection_says_the_next_step(tmp_path: Path) -> None:
    code = (
        "from miaobi.engines import open_engine\nfrom miaobi.errors import CheckpointError\n"
        "try:\n    open_engine('hf:org/name')\nexcept CheckpointError as e:\n    print(e)"
    )
    env = os.environ | {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(tmp_path), "HF_HUB_DISABLE_TELEMETRY": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=120, check=True
    )
    assert "hf:org/name could not be had" in done.stdout
    assert "Offline, give a folder" in done.stdout
