"""A trained net in torch, Hugging Face and llama.cpp: the same ids, the same logits, the same text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.lab

from miaobi.engines.llamacpp import LlamaCpp  # noqa: E402
from miaobi.engines.transformers import Transformers  # noqa: E402
from miaobi.errors import EngineError, TrainingError, UnsupportedError  # noqa: E402
from miaobi.lab.export import parity  # noqa: E402
from miaobi.lab.export.gguf import write_gguf  # noqa: E402
from miaobi.lab.export.huggingface import write_folder  # noqa: E402
from miaobi.lab.export.vocabulary import rows, special_tokens  # noqa: E402
from miaobi.lab.training import Recipe, train  # noqa: E402
from miaobi.nets.generation import greedy  # noqa: E402
from miaobi.nets.transformer import Transformer, TransformerShape  # noqa: E402
from miaobi.types import Prompt, Request, Sampling, write  # noqa: E402
from tests.lab import vocabularies  # noqa: E402


@dataclass
class Exported:
    net: Transformer
    tokenizer: Any
    texts: list[str]
    file: Path
    folder: Path
    difference: float
    begin: int


@pytest.fixture(scope="module", params=sorted(vocabularies.ALL))
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """A net trained for a few steps on a text that it comes to know, exported both ways."""
    folder = tmp_path_factory.mktemp(request.param)
    made, texts = vocabularies.ALL[request.param]
    tokenizer = made()
    begin = special_tokens(tokenizer)["begin"]
    size = rows(tokenizer)
    torch.manual_seed(0)
    net = Transformer(TransformerShape(size, context=256, width=32, layers=2, heads=4, kv_heads=2))
    text = np.array(tokenizer.encode("".join(texts * 60), add_special_tokens=False).ids, dtype=np.uint16)
    train(net, text, text, Recipe(steps=60, batch=8, context=48, rate=5e-3), folder / "run", cores=1)
    difference = write_gguf(net, tokenizer, folder / "net.gguf", begin=begin, about={"general.license": "CC0-1.0"})
    write_folder(net, tokenizer, folder / "hf", begin=begin)
    return Exported(net.eval(), tokenizer, texts, folder / "net.gguf", folder / "hf", difference, begin)


def test_logits_of_torch_hugging_face_and_llama_cpp_are_equal(exported: Exported) -> None:
    from transformers import AutoModelForCausalLM

    tokens = exported.tokenizer.encode(exported.texts[0] * 3, add_special_tokens=False).ids[:60]
    with torch.no_grad():
        ours = exported.net(torch.tensor([tokens]))[0][0].numpy()
        theirs = AutoModelForCausalLM.from_pretrained(exported.folder)(input_ids=torch.tensor([tokens])).logits[0]
    assert ours.std() > 1
    np.testing.assert_allclose(theirs.numpy(), ours, atol=1e-3)
    np.testing.assert_allclose(parity.logits(exported.file, tokens), ours, atol=parity.TOLERANCE)
    assert exported.difference < parity.TOLERANCE


def test_held_out_lines_are_read_into_the_same_ids(exported: Exported) -> None:
    rng = np.random.default_rng(1)
    kind = exported.file.parent.name.rstrip("0123456789")
    unknown = [*"龙ß€"] if kind in {"letters", "bpe"} else []  # the others know what they were made of
    letters = [letter for letter in "".join(exported.texts) if exported.tokenizer.encode(letter).ids] + unknown
    lines = ["".join(rng.choice(letters, 30)) for _ in range(300)]
    if kind == "event":
        lines = [" ".join(rng.choice(vocabularies.EVENTS, 20)) for _ in range(300)]
    assert parity.misread(exported.file, exported.tokenizer, lines) == ""
    if kind == "char":
        exported.tokenizer.encode_special_tokens = True
        assert len(exported.tokenizer.encode("<eos>", add_special_tokens=False).ids) == 5
        assert parity.misread(exported.file, exported.tokenizer, ["the <eos>"]) == ""


def test_engines_write_the_same_200_tokens_as_torch_greedily(exported: Exported) -> None:
    prompt = exported.texts[1][:12] if exported.texts[1][:5] != "NOTE_" else "NOTE_56 NOTE_57 "
    tokens = [exported.begin, *exported.tokenizer.encode(prompt, add_special_tokens=False).ids]
    ours = greedy(exported.net, tokens, 200)
    request = Request(Prompt(prefix=prompt), max_tokens=200, seed=0, sampling=Sampling(temperature=0))
    with LlamaCpp(exported.file, context=256, threads=1) as engine:
        (found,) = write(engine, request)
        assert engine.checkpoint.licence == "CC0-1.0"
    assert list(found.tokens) == ours
    assert len(set(ours)) > 5
    theirs: Any = Transformers(exported.folder, threads=1)
    assert write(theirs, request)[0].tokens == found.tokens


@pytest.mark.parametrize(("kind", "most"), [("Q8_0", 0.5), ("Q4_0", 5.0)])
def test_quantised_file_runs_and_is_near(exported: Exported, kind: str, most: float) -> None:
    path = exported.file.with_name(f"{kind}.gguf")
    assert 0 < write_gguf(exported.net, exported.tokenizer, path, kind) < most
    assert path.stat().st_size < exported.file.stat().st_size
    with LlamaCpp(path, context=64, threads=1) as engine:
        assert len(write(engine, Request(Prompt(prefix=exported.texts[0][:5]), max_tokens=5, seed=0))[0].tokens) > 0


def test_file_whose_numbers_are_not_the_nets_is_not_written(
    exported: Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = parity.logits

    def wrong(path: Path, tokens: list[int]) -> Any:
        return right(path, tokens) + 0.1

    monkeypatch.setattr(parity, "logits", wrong)
    with pytest.raises(TrainingError, match="differ from the net's by up to"):
        write_gguf(exported.net, exported.tokenizer, tmp_path / "net.gguf")
    assert list(tmp_path.iterdir()) == []


def test_vocabulary_that_llama_cpp_would_read_otherwise_is_refused(exported: Exported, tmp_path: Path) -> None:
    from tokenizers import Tokenizer, models

    with pytest.raises(UnsupportedError, match="Unigram"):
        write_gguf(exported.net, Tokenizer(models.Unigram([("a", 0.0)], unk_id=0)), tmp_path / "net.gguf")
    assert list(tmp_path.iterdir()) == []


def test_llama_cpp_ends_reading_what_begins_like_an_entry_and_goes_on_otherwise(exported: Exported) -> None:
    with LlamaCpp(exported.file, context=64, threads=1) as engine:
        for text in ("NOTE_", "\xe9\xe9", "龙龙", "NOTE_5x NOTE_56"):
            assert 0 < engine.count(text) <= len(text.encode())


def test_prompt_longer_than_the_context_is_refused_and_the_engine_goes_on(exported: Exported) -> None:
    with LlamaCpp(exported.file, context=64, threads=1) as engine:
        text = exported.texts[0]
        before = engine.score(Prompt(prefix=text[:8]), [text[8:24]])
        with pytest.raises(EngineError, match="don't fit"):
            engine.score(Prompt(prefix=text * 40), [text[:8]])
        assert engine.score(Prompt(prefix=text[:8]), [text[8:24]]) == before


def test_net_without_rows_to_spare_is_refused_where_they_are_needed(tmp_path: Path) -> None:
    tokenizer = vocabularies.events()
    net = Transformer(TransformerShape(tokenizer.get_vocab_size(), width=8, layers=1, heads=1))
    with pytest.raises(UnsupportedError, match="rows to spare"):
        write_gguf(net, tokenizer, tmp_path / "net.gguf")
