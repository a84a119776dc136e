"""Adapters on pretrained checkpoints: read as nets of ours, trained, measured by torch and llama.cpp alike, used."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.lab

from miaobi.cli.app import run as command  # noqa: E402
from miaobi.engines import open_engine  # noqa: E402
from miaobi.engines import run as run_folder  # noqa: E402
from miaobi.errors import BriefError, CheckpointError, CorpusError, UnknownNameError, UnsupportedError  # noqa: E402
from miaobi.lab import adaptation, card, pretrained, session  # noqa: E402
from miaobi.lab.corpus.store import Corpus  # noqa: E402
from miaobi.lab.corpus.token_file import write_tokens  # noqa: E402
from miaobi.lab.evaluation import longest_shared  # noqa: E402
from miaobi.lab.export.gguf import write_gguf  # noqa: E402
from miaobi.lab.export.huggingface import from_huggingface, to_huggingface  # noqa: E402
from miaobi.lab.order import Order  # noqa: E402
from miaobi.lab.training import Recipe  # noqa: E402
from miaobi.nets import storage  # noqa: E402
from miaobi.types import Prompt  # noqa: E402
from tests.engines import toy_nets  # noqa: E402
from tests.lab.trained import prepared  # noqa: E402


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path))
    return tmp_path


def toy_tokenizer() -> Any:
    from tests.lab.vocabularies import learnt

    return learnt("bpe", ["the lamp went out and the keeper slept"] * 3)


def net_of(kind: str, rows: int) -> Any:
    torch.manual_seed(3)
    sizes = {"vocabulary": rows, "context": 48, "width": 32, "layers": 2, "heads": 4}
    return storage.build(kind, sizes | ({"kv_heads": 2} if kind == "transformer" else {})).eval()


@pytest.mark.parametrize("kind", ["transformer", "gpt2"])
def test_net_is_read_from_its_file_with_its_weights_and_text_as_its_tokenizer_reads_it(
    kind: str, tmp_path: Path
) -> None:
    tokenizer = toy_tokenizer()
    net = net_of(kind, 320)
    write_gguf(net, tokenizer, tmp_path / "net.gguf")
    read = pretrained.read_net(tmp_path / "net.gguf")
    assert storage.describe(read)["net"] == kind
    for name, weight in net.state_dict().items():
        assert torch.equal(read.state_dict()[name], weight), name
    known = pretrained.CheckpointVocabulary(tmp_path / "net.gguf")
    text = "the lamp, 灯 and <s>"
    assert known.encode(text) == tokenizer.encode(text, add_special_tokens=False).ids
    assert known.decode([known.bos, *known.encode(text), known.eos]) == text
    with pytest.raises(CorpusError, match="no token number 320"):
        known.decode([320])


@pytest.mark.parametrize("kind", ["gpt2", "llama"])
def test_checkpoint_of_hugging_face_gives_the_same_logits_as_a_net_of_ours(kind: str, tmp_path: Path) -> None:
    from transformers import AutoModelForCausalLM

    if kind == "gpt2":
        made = AutoModelForCausalLM.from_pretrained(toy_nets.gpt2(tmp_path)).eval()
    else:
        made = to_huggingface(net_of("transformer", 64))
    tokens = torch.randint(0, 64, (2, 20))
    with torch.no_grad():
        torch.testing.assert_close(from_huggingface(made)(tokens)[0], made(tokens).logits, atol=1e-4, rtol=1e-4)


def test_checkpoint_with_parts_of_its_own_is_refused(tmp_path: Path) -> None:
    from transformers import AutoModelForCausalLM

    from tests.engines import toy_gguf

    untied = AutoModelForCausalLM.from_pretrained(toy_nets.llama(tmp_path))
    with pytest.raises(UnsupportedError, match="head of its own"):
        from_huggingface(untied)
    with pytest.raises(UnsupportedError, match=r"other parts .*output\.weight"):
        pretrained.read_net(toy_gguf.write(tmp_path / "toy.gguf", toy_gguf.weights(0)))


def ordered(home: Path, base: Path, known: Any, **more: Any) -> Order:
    """Return an order for an adapter on *base*, whose vocabulary is *known*."""
    corpus, _, _ = prepared(home / "made")
    write_tokens(Corpus(corpus), known, home / "own", validation=0.3, test=0.0)
    recipe = Recipe(steps=20, batch=8, context=16, optimiser="adamw", rate=3e-2, warmup=2)
    return replace(Order("me", home / "own", None, "transformer", {}, recipe, corpus, base=str(base), rank=2), **more)


def test_author_adapts_a_folder_of_gpt2_and_both_programs_measure_the_same_gain(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = toy_nets.gpt2(home / "gpt2")
    corpus, _, _ = prepared(home / "made")
    tokens = ["lab", "tokens", str(corpus), str(folder), "--out", str(home / "own"), "--validation", "0.3"]
    assert command(tokens) == 0
    small = ["--steps", "20", "--batch", "8", "--context", "16", "--rate", "0.03", "--warmup", "2", "--rank", "2"]
    assert command(["lab", "train", "me", str(home / "own"), "--base", str(folder), *small, "--threads", "1"]) == 0
    said = capsys.readouterr()
    assert said.out.count("without the adapter") == 2
    assert "Longest run of words shared with the training texts" in said.out
    run = run_folder.find("me")
    known, file = adaptation.vocabulary_of(folder), adaptation.vocabulary_of(run.folder)
    assert (known.size, known.bos, known.eos) == (file.size, file.bos, file.eos)
    assert known.encode("the keeper, <|end|>") == file.encode("the keeper, <|end|>")
    measured = run.record["adaptation"]
    np.testing.assert_allclose(measured["torch"], measured["llama.cpp"], atol=0.02)  # activations in Q8_0 there
    assert math.exp(measured["torch"][1] - measured["torch"][0]) < 0.9
    assert not (run.folder / "net.gguf").exists()
    assert (run.folder / "net.safetensors").stat().st_size < 40_000  # the adapters alone
    told = (run.folder / "card.md").read_text()
    assert "| llama.cpp |" in told
    assert "Longest run of words that 8 texts of it share" in told
    scores = []
    for spec in ("lab:me", f"{run.record['base']}::lora={run.folder / 'adapter.gguf'}@1", run.record["base"]):
        engine = open_engine(spec, threads=1)
        scores.append(sum(engine.score(Prompt(prefix="the keeper "), ["lit the lamp"])[0]))
        engine.close()
    assert scores[0] == scores[1] > scores[2]
    assert command(["lab", "evaluate", "me", "--samples", "2", "--length", "12", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["run"]["perplexity"] == pytest.approx(math.exp(measured["torch"][1]), rel=0.05)
    assert command(["lab", "export", "me", "--out", str(home / "me.gguf")]) == 0
    assert (home / "me.gguf").read_bytes() == (run.folder / "adapter.gguf").read_bytes()
    assert command(["lab", "export", "me", "--out", str(home / "me")]) != 0
    mine = home / "mine.txt"
    mine.write_text("The keeper lit the lamp. A boat came home.\n")
    capsys.readouterr()
    assert command(["continue", str(mine), "--style", "me", "--words", "5"]) == 70
    assert "gpt2 + me is opened for 256" in capsys.readouterr().err  # too small for the prompt, but on


def test_base_that_is_another_or_none_is_refused(home: Path) -> None:
    tokenizer = toy_tokenizer()
    write_gguf(net_of("transformer", 320), tokenizer, home / "base.gguf")
    known = pretrained.CheckpointVocabulary(home / "base.gguf")
    wanted = ordered(home, home / "base.gguf", known)
    with pytest.raises(UnknownNameError, match="no run “nobody”"):
        session.begin(replace(wanted, base="nobody"))
    with pytest.raises(BriefError, match="context of 64"):
        session.begin(replace(wanted, recipe=replace(wanted.recipe, context=64)))
    _, _, tokens = prepared(home / "others")
    with pytest.raises(CorpusError, match="vocabulary of"):
        session.begin(replace(wanted, tokens=tokens))
    with pytest.raises(UnsupportedError, match="is no gru"):
        session.begin(replace(wanted, net="gru"))
    with pytest.raises(BriefError, match="a vocabulary of its own"):
        session.begin(replace(wanted, vocabulary=home / "made"))
    run = session.begin(wanted)
    write_gguf(net_of("transformer", 320), tokenizer, home / "base.gguf", about={"general.name": "another"})
    with pytest.raises(CheckpointError, match="another one than when this run began"):
        session.go_on(run, cores=1)
    with pytest.raises(CheckpointError, match="unfinished"):
        open_engine("lab:me")


def test_adapter_can_not_be_a_base_itself(home: Path) -> None:
    folder = home / "runs/me"
    folder.mkdir(parents=True)
    record = {"net": "transformer", "outcome": {}, "base": "x.gguf", "checkpoint": {"name": "x"}}
    (folder / "run.json").write_text(json.dumps(record))
    with pytest.raises(UnsupportedError, match="an adapter itself"):
        session.begin(Order("two", prepared(home / "made")[2], None, "transformer", {}, Recipe(), base="me"))


def test_longest_run_of_words_is_found_across_case_and_marks() -> None:
    training = ["The lamp went out, and the keeper slept till morning.", "A boat came home."]
    found = longest_shared(["x y", "when the LAMP went out and the keeper woke"], training)
    assert found == ["the", "lamp", "went", "out", "and", "the", "keeper"]
    assert longest_shared(["春眠不觉晓处处"], ["春眠，不觉晓。"]) == list("春眠不觉晓")
    assert longest_shared(["nothing of it here"], training) == []


@pytest.mark.parametrize(("words", "said"), [(11, "**11** (below"), (12, "**12** (**not below** the 12")])
def test_card_says_when_what_is_written_is_copied(words: int, said: str) -> None:
    record = {
        "rank": 8,
        "base": "b",
        "adaptation": {"torch": [3.0, 2.0], "llama.cpp": [3.1, 2.1], "tokens": 100},
        "copied": {"words": words, "passage": "a b c", "texts": 8},
    }
    told = "\n".join(card._adapted(record))
    assert said in told
    assert ("“a b c”" in told) == (words == 12)
    assert "| torch | 20.09 | 7.39 | -63.2% |" in told
