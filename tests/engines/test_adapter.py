"""LoRA adapters on a toy checkpoint whose logits are computed by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from miaobi.engines import open_engine
from miaobi.engines.adapter import Adapter, parse
from miaobi.engines.llamacpp import LlamaCpp
from miaobi.errors import CheckpointError, UnsupportedError

from . import toy_gguf
from .toy_gguf import lora

TARGETS = ("blk.0.attn_v.weight", "blk.0.attn_output.weight", "blk.0.ffn_down.weight", "output.weight")
TOKEN = 70


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy_gguf.write(tmp_path_factory.mktemp("toy") / "toy.gguf", toy_gguf.weights(0))


def row(toy: Path, *adapters: Adapter) -> np.ndarray:
    engine = LlamaCpp(toy, context=64, threads=1, adapters=adapters)
    try:
        return engine._cache.plant([TOKEN])
    finally:
        engine.close()


def test_logits_of_the_toy_are_those_computed_by_hand(toy: Path) -> None:
    assert np.allclose(row(toy), toy_gguf.logits(toy_gguf.weights(0), TOKEN), atol=2e-2)


@pytest.mark.parametrize("target", [*TARGETS, "all"])
@pytest.mark.parametrize("scale", [1.0, -0.5])
def test_adapter_changes_the_logits_as_computed_by_hand(toy: Path, tmp_path: Path, target: str, scale: float) -> None:
    adapter = lora(3, *(TARGETS if target == "all" else [target]))
    path = adapter.write(tmp_path / "style.gguf")
    plain, changed = row(toy), row(toy, Adapter(path, scale))
    base = toy_gguf.weights(0)
    expected = toy_gguf.logits(toy_gguf.merged(base, adapter, scale), TOKEN) - toy_gguf.logits(base, TOKEN)
    assert np.abs(expected).max() > 0.5
    assert np.allclose(changed - plain, expected, atol=3e-2)


def test_two_adapters_add_up(toy: Path, tmp_path: Path) -> None:
    first, second = lora(3, "output.weight"), lora(4, "output.weight", rank=2)
    paths = first.write(tmp_path / "a.gguf"), second.write(tmp_path / "b.gguf")
    base = toy_gguf.weights(0)
    both = toy_gguf.merged(toy_gguf.merged(base, first, 1.0), second, 0.5)
    expected = toy_gguf.logits(both, TOKEN) - toy_gguf.logits(base, TOKEN)
    assert np.allclose(row(toy, Adapter(paths[0]), Adapter(paths[1], 0.5)) - row(toy), expected, atol=3e-2)


def test_scale_of_nought_is_no_adapter_to_the_bit(toy: Path, tmp_path: Path) -> None:
    path = lora(3, *TARGETS).write(tmp_path / "style.gguf")
    assert np.array_equal(row(toy, Adapter(path, 0.0)), row(toy))


def test_checkpoint_with_an_adapter_has_a_name_and_a_hash_of_its_own(
    toy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path / "home"))
    path = lora(3, "output.weight").write(tmp_path / "style.gguf")
    known = []
    for spec in (str(toy), f"{toy}::lora={path}@0.5", f"{toy}::lora={path}", f"{toy}::lora={path}@0"):
        engine = open_engine(spec, threads=1)
        known.append(engine.checkpoint)
        engine.close()
    assert known[1].name.endswith("+ style@0.5")
    assert len({c.sha256 for c in known}) == 3
    assert known[3] == known[0]


def no_halves(a: toy_gguf.Lora) -> None:
    a.extra = {"output.weight.lora_a": a.pairs.pop("output.weight")[0]}


def unknown(a: toy_gguf.Lora) -> None:
    a.pairs["blk.7.attn_q.weight"] = a.pairs.pop("output.weight")


def transposed(a: toy_gguf.Lora) -> None:
    left, right = a.pairs["output.weight"]
    a.pairs["output.weight"] = (np.ascontiguousarray(left.T), right)


def foreign(a: toy_gguf.Lora) -> None:
    a.extra = {"output.bias": np.zeros(4, np.float32)}


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda a: setattr(a, "kind", "control-vector"), "no LoRA"),
        (lambda a: setattr(a, "architecture", "gemma3"), "for gemma3"),
        (lambda a: setattr(a, "alpha", None), "alpha"),
        (no_halves, "one half is missing"),
        (unknown, "no matrix"),
        (transposed, "are legal"),
        (foreign, "neither"),
    ],
)
def test_adapter_that_does_not_fit_is_refused_before_llama_cpp_sees_it(
    toy: Path, tmp_path: Path, spoil: Callable[[toy_gguf.Lora], None], says: str
) -> None:
    adapter = lora(3, "output.weight")
    spoil(adapter)
    with pytest.raises(CheckpointError, match=says):
        LlamaCpp(toy, context=64, adapters=[Adapter(adapter.write(tmp_path / "bad.gguf"))])


@pytest.mark.parametrize("content", [b"", b"GGUF", b"\x80\x04 a pickle"])
def test_file_that_is_no_gguf_is_refused(toy: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.gguf").write_bytes(content)
    with pytest.raises(CheckpointError, match="not a GGUF file"):
        LlamaCpp(toy, context=64, adapters=[Adapter(tmp_path / "bad.gguf")])


def test_spec_is_split_into_checkpoint_and_adapters() -> None:
    assert parse("x.gguf::lora=a@b.gguf@0.5::lora=c.gguf") == (
        "x.gguf",
        (Adapter(Path("a@b.gguf"), 0.5), Adapter(Path("c.gguf"))),
    )
    assert parse("http://[::1]:8080/v1#m") == ("http://[::1]:8080/v1#m", ())


@pytest.mark.parametrize("spec", ["x::lora=", "x::lora=a@", "x::lora=a@much", "x::lora=a@nan"])
def test_spec_that_can_not_be_read_says_what_it_looks_like(spec: str) -> None:
    with pytest.raises(CheckpointError, match="looks like"):
        parse(spec)


def test_server_has_no_adapters() -> None:
    with pytest.raises(UnsupportedError, match=r"llama\.cpp only"):
        open_engine("http://127.0.0.1:9/v1::lora=a.gguf")
