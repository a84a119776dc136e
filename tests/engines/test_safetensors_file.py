"""The reader of safetensors headers against damaged and hostile files, and the refusal of pickles."""

from __future__ import annotations

import json
import pickle
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from miaobi.engines.safetensors_file import inspect, refuse_pickle
from miaobi.errors import CheckpointError

from .hostile import safetensors


def entry(dtype: Any = "F32", shape: Any = (4,), offsets: Any = (0, 16)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


def written(folder: Path, content: bytes) -> Path:
    path = folder / "a.safetensors"
    path.write_bytes(content)
    return path


def test_legal_file_is_described(tmp_path: Path) -> None:
    table = {"__metadata__": {"format": "pt"}, "b": entry(offsets=(8, 24)), "a": entry("BF16", (2, 2), (0, 8))}
    header = inspect(written(tmp_path, safetensors(table, bytes(24))))
    assert header.parameters == 8
    assert header.shapes == {"a": (2, 2), "b": (4,)}
    assert header.metadata == {"format": "pt"}


HOSTILE = {
    "empty": (b"", "announced"),
    "endless header": (safetensors({}, length=(1 << 64) - 1), "announced"),
    "header longer than any": (safetensors(b" " * (9 << 20)), "at most"),
    "not JSON": (safetensors(b"hello, world"), "should be"),
    "not UTF-8": (safetensors(b'{"\xff": 1}'), "UTF-8"),
    "deep": (safetensors(b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b"}"), "nested"),
    "deep metadata": (safetensors(b'{"__metadata__": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001), "JSON value"),
    "something after the object": (safetensors(b"{} {}"), "no tensors|follows|take"),
    "name twice": (safetensors(b'{"a": 1, "a": 2}'), "comes twice"),
    "no tensors": (safetensors({}), "take 0 bytes"),
    "unknown type": (safetensors({"a": entry("F31")}), "does not know"),
    "type that is a list": (safetensors({"a": entry([])}), "does not know"),
    "shape with a fraction": (safetensors({"a": entry(shape=[1.5])}), "whole numbers"),
    "shape with true": (safetensors({"a": entry(shape=[True, 4])}), "whole numbers"),
    "negative shape": (safetensors({"a": entry(shape=[-4])}), "whole numbers"),
    "huge shape": (safetensors({"a": entry(shape=[1 << 40, 1 << 40])}), "larger than the file"),
    "offsets backwards": (safetensors({"a": entry(offsets=[16, 0])}), "bytes for"),
    "offsets outside": (safetensors({"a": entry(offsets=[0, 1 << 40])}), "bytes for"),
    "length unlike the shape": (safetensors({"a": entry(shape=[5])}), "bytes for"),
    "overlap": (safetensors({"a": entry(), "b": entry()}), "should at"),
    "hole": (safetensors({"a": entry(offsets=[4, 20])}, bytes(20)), "should at"),
    "bytes that belong to nothing": (safetensors({"a": entry()}, bytes(99)), "take 16 bytes"),
    "metadata that is a list": (safetensors({"__metadata__": [], "a": entry()}), "table of strings"),
    "description with another key": (safetensors({"a": entry() | {"x": 1}}), "not described"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_file_is_refused_with_what_is_wrong_and_where(tmp_path: Path, case: str) -> None:
    content, reason = HOSTILE[case]
    with pytest.raises(CheckpointError, match=r"\(byte [\d,]+\)") as caught:
        inspect(written(tmp_path, content))
    assert any(r in caught.value.message for r in reason.split("|"))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(
        lambda v: safetensors(json.dumps({"a": v}).encode())
    )
)
def test_any_bytes_are_described_or_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(CheckpointError):
        inspect(written(tmp_path, content))


def test_memory_stays_small_for_a_header_of_empty_lists(tmp_path: Path) -> None:
    path = written(tmp_path, safetensors(b'{"__metadata__": [' + b"[]," * (2 << 20) + b"[]]}"))
    tracemalloc.start()
    with pytest.raises(CheckpointError):
        inspect(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50 << 20


@pytest.mark.parametrize("name", ["pytorch_model.bin", "a.pt", "a.CKPT", "a.pkl"])
def test_pickle_is_refused_by_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(CheckpointError, match="pickle"):
        refuse_pickle(tmp_path / name)


def test_pickle_is_refused_by_content_under_another_name(tmp_path: Path) -> None:
    path = tmp_path / "weights.gguf"
    path.write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(CheckpointError, match="runs whatever program"):
        refuse_pickle(path)
