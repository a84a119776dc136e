"""Requantising: packed bytes against the gguf package, and the copy on the disk."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import pytest

from miaobi.engines.disk import digest
from miaobi.engines.gguf_file import inspect
from miaobi.engines.requantise import DEFAULT, Recipe, pack_q4_0, prepared

Q = gguf.GGMLQuantizationType


@pytest.fixture
def original(tmp_path: Path) -> Path:
    path = tmp_path / "Tiny.Q4_1.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(128)
    writer.add_token_list(["a", "b", "c"])
    writer.add_chat_template("{{ x }}")
    rng = np.random.default_rng(0)
    for name in ("token_embd.weight", "blk.0.ffn_down.weight", "blk.0.attn_q.weight"):
        packed = gguf.quants.quantize(rng.normal(size=(8, 64)).astype(np.float32), Q.Q4_1)
        writer.add_tensor(name, packed, raw_dtype=Q.Q4_1)
    writer.add_tensor("output_norm.weight", np.ones(64, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_packed_blocks_are_read_by_the_gguf_package_and_nearer_than_its_own() -> None:
    weights = np.random.default_rng(1).normal(size=(16, 96)).astype(np.float32)
    weights[0, :32] = 0  # a block without a scale

    def error(packed: np.ndarray) -> float:
        return float(np.square(gguf.quants.dequantize(packed, Q.Q4_0) - weights).sum())

    assert error(pack_q4_0(weights)) < error(gguf.quants.quantize(weights, Q.Q4_0))


def test_copy_has_the_recipe_s_types_and_keeps_the_keys(original: Path) -> None:
    recipe = Recipe("mixed-v1", "Q4_0", (("token_embd", "Q8_0"), ("ffn_down", "Q8_0")))
    before, after = inspect(original), inspect(prepared(original, recipe=recipe))
    types = {t.name: t.type for t in after.tensors}
    assert types == {
        "token_embd.weight": "Q8_0",
        "blk.0.ffn_down.weight": "Q8_0",
        "blk.0.attn_q.weight": "Q4_0",
        "output_norm.weight": "F32",
    }
    assert (after.chat_template, after.vocabulary, after.context_length) == ("{{ x }}", 3, 128)
    assert before.parameters == after.parameters


def test_copy_is_made_once_and_has_the_same_bytes_wherever_it_is_made(original: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    first, second = prepared(original), prepared(original, folder=tmp_path / "elsewhere")
    assert first.name == f"Tiny.{digest(original)[:12]}.{DEFAULT.name}.gguf"
    assert digest(first) == digest(second)
    stamp = first.stat().st_mtime_ns
    assert prepared(original).stat().st_mtime_ns == stamp
    assert not list(first.parent.glob("*.part"))


def test_nothing_is_left_when_the_original_can_not_be_read(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match=r"."):
        prepared(broken)
    assert not [p for p in tmp_path.iterdir() if p.suffix in {".part"} or "q8_0" in p.suffixes]
