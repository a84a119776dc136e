"""The reader of GGUF headers against damaged and hostile files."""

from __future__ import annotations

import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from miaobi.engines.gguf_file import inspect
from miaobi.errors import CheckpointError

from .hostile import Gguf, array_key, key, string_key, tensor, text, u32_key

LEGAL = Gguf().keys
HUGE = (1 << 64) - 1


def written(folder: Path, content: bytes) -> Path:
    path = folder / "a.gguf"
    path.write_bytes(content)
    return path


def test_legal_file_is_described(tmp_path: Path) -> None:
    keys = [
        *LEGAL,
        string_key("general.name", "Tiny"),
        string_key("general.license", "apache-2.0"),
        array_key("general.languages", 8, 2, text("en") + text("zh")),
        string_key("tokenizer.chat_template", "x" * 10_000),
    ]
    header = inspect(written(tmp_path, Gguf(keys=keys).content()))
    assert (header.architecture, header.name, header.licence) == ("llama", "Tiny", "apache-2.0")
    assert (header.context_length, header.vocabulary, header.parameters) == (64, 2, 4)
    assert header.languages == ("en", "zh")
    assert header.quantisation == "F32"
    assert header.chat_template == "x" * 10_000
    assert header.tensors[0].start % 32 == 0


def test_reader_agrees_with_the_gguf_package_on_a_file_that_package_wrote(tmp_path: Path) -> None:
    import gguf

    path = tmp_path / "b.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(128)
    writer.add_token_list(["a", "b", "c"])
    weights = np.arange(96, dtype=np.float32).reshape(3, 32)
    packed = gguf.quants.quantize(weights, gguf.GGMLQuantizationType.Q8_0)
    writer.add_tensor("token_embd.weight", packed, raw_dtype=gguf.GGMLQuantizationType.Q8_0)
    writer.add_tensor("output_norm.weight", weights[0])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    header = inspect(path)
    theirs = gguf.GGUFReader(path).tensors
    assert [(t.name, t.start, t.length, t.type) for t in header.tensors] == [
        (t.name, int(t.data_offset), int(t.n_bytes), t.tensor_type.name) for t in theirs
    ]
    assert (header.vocabulary, header.context_length, header.parameters) == (3, 128, 128)


HOSTILE = {
    "empty": (b"", "left"),
    "another format": (b"PK\x03\x04" + bytes(100), "letters GGUF"),
    "version 1": (Gguf(version=1).content(), "version 1"),
    "big-endian": (Gguf(version=3 << 24).content(), "big-endian"),
    "endless keys": (Gguf(key_count=HUGE).content(), "keys; at most"),
    "endless tensors": (Gguf(tensor_count=HUGE).content(), "tensors; at most"),
    "more keys than there are": (Gguf(key_count=9).content(), "byte"),
    "endless key name": (Gguf(keys=[struct.pack("<Q", HUGE)]).content(), "a key is"),
    "key that is not text": (Gguf(keys=[*LEGAL, key(b"\xff\xfe", 4, bytes(4))]).content(), "UTF-8"),
    "key twice": (Gguf(keys=[*LEGAL, LEGAL[0]]).content(), "comes twice"),
    "unknown type": (Gguf(keys=[*LEGAL, key("x", 77, bytes(8))]).content(), "type 77"),
    "truth value of 7": (Gguf(keys=[*LEGAL, key("x", 7, b"\x07")]).content(), "truth value"),
    "endless string": (Gguf(keys=[*LEGAL, key("x", 8, struct.pack("<Q", HUGE))]).content(), "announced"),
    "endless array": (Gguf(keys=[*LEGAL, array_key("x", 10, HUGE, b"")]).content(), "announced"),
    "array whose bytes wrap round 2^64": (Gguf(keys=[*LEGAL, array_key("x", 10, 1 << 61, b"")]).content(), "announced"),
    "endless array of strings": (Gguf(keys=[*LEGAL, array_key("x", 8, HUGE, b"")]).content(), "announces"),
    "array of arrays": (Gguf(keys=[*LEGAL, array_key("x", 9, 1, bytes(12))]).content(), "array of arrays"),
    "array of unknowns": (Gguf(keys=[*LEGAL, array_key("x", 50, 1, bytes(12))]).content(), "elements of type 50"),
    "huge chat template": (
        Gguf(keys=[*LEGAL, string_key("tokenizer.chat_template", "x" * (2 << 20))]).content(),
        "chat template",
    ),
    "alignment 0": (Gguf(keys=[*LEGAL, u32_key("general.alignment", 0)]).content(), "alignment is 0"),
    "alignment 48": (Gguf(keys=[*LEGAL, u32_key("general.alignment", 48)]).content(), "alignment is 48"),
    "alignment as text": (Gguf(keys=[*LEGAL, string_key("general.alignment", "32")]).content(), "alignment"),
    "tensor's name too long": (Gguf(tensors=[tensor("x" * 64, (4,))]).content(), "tensor's name"),
    "tensor twice": (Gguf(tensors=[tensor("x", (4,)), tensor("x", (4,), offset=32)]).content(), "comes twice"),
    "five dimensions": (Gguf(tensors=[tensor("x", (1, 1, 1, 1, 1))]).content(), "5 dimensions"),
    "four milliard dimensions": (Gguf(tensors=[tensor("x", (), dimensions=1 << 31)]).content(), "dimensions"),
    "dimension of 0": (Gguf(tensors=[tensor("x", (0, 4))]).content(), "shape"),
    "dimensions whose product wraps to 0": (Gguf(tensors=[tensor("x", (1 << 32, 1 << 32))]).content(), "shape"),
    "unknown tensor type": (Gguf(tensors=[tensor("x", (4,), kind=999)]).content(), "type 999"),
    "row that blocks don't divide": (Gguf(tensors=[tensor("x", (33,), kind=8)]).content(), "can't pack"),
    "offset outside the file": (Gguf(tensors=[tensor("x", (4,), offset=1 << 63)]).content(), "offset"),
    "overlapping tensors": (Gguf(tensors=[tensor("x", (4,)), tensor("y", (4,))]).content(), "should be at 32"),
    "data cut short": (Gguf(data=bytes(15)).content(), "cut short"),
    "no architecture": (Gguf(keys=LEGAL[1:]).content(), "architecture"),
    "no tensors": (Gguf(tensors=[]).content(), "no tensors"),
    "fewer scores than tokens": (
        Gguf(keys=[*LEGAL, array_key("tokenizer.ggml.scores", 6, 1, bytes(4))]).content(),
        "1 elements",
    ),
    "token types of one byte": (
        Gguf(keys=[*LEGAL, array_key("tokenizer.ggml.token_type", 0, 2, bytes(2))]).content(),
        "elements of type 0",
    ),
    "end token outside the vocabulary": (
        Gguf(keys=[*LEGAL, u32_key("tokenizer.ggml.eos_token_id", 2)]).content(),
        "outside the vocabulary",
    ),
    "negative context": (
        Gguf(keys=[LEGAL[0], key("llama.context_length", 5, struct.pack("<i", -1))]).content(),
        "context_length is -1",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_file_is_refused_with_what_is_wrong_and_where(tmp_path: Path, case: str) -> None:
    content, reason = HOSTILE[case]
    with pytest.raises(CheckpointError, match=r"\(byte [\d,]+\)") as caught:
        inspect(written(tmp_path, content))
    assert reason in caught.value.message
    assert caught.value.hint


def test_file_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = Gguf().content()
    for length in range(len(whole)):
        with pytest.raises(CheckpointError):
            inspect(written(tmp_path, whole[:length]))


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="There is no file"):
        inspect(tmp_path / "nothing.gguf")
    with pytest.raises(CheckpointError, match="There is no file"):
        inspect(tmp_path)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(
        st.tuples(st.integers(0, len(Gguf().content()) - 1), st.sampled_from([0, 1, 8, 9, 0x7F, 0x80, 0xFF])),
        max_size=4,
    ),
    cut=st.integers(0, len(Gguf().content())),
)
def test_damaged_file_is_described_or_refused_but_never_crashes_the_reader(
    tmp_path: Path, changes: list[tuple[int, int]], cut: int
) -> None:
    content = bytearray(Gguf().content())
    for at, byte in changes:
        content[at] = byte
    try:
        header = inspect(written(tmp_path, bytes(content[:cut])))
    except CheckpointError:
        return
    assert all(t.start + t.length <= cut for t in header.tensors)


def test_memory_stays_small_whatever_the_file_announces(tmp_path: Path) -> None:
    strings = array_key("tokenizer.ggml.merges", 8, 200_000, text("ab") * 200_000)
    names = [tensor(f"t{i}", (1,), offset=32 * i) for i in range(20_000)]
    large = Gguf(keys=[*LEGAL, strings, key("x", 8, text("y" * (30 << 20)))], tensors=names, data=bytes(32 * 20_000))
    cases = [large.content(), *(HOSTILE[c][0] for c in ("endless array", "endless string", "endless tensors"))]
    inspect(written(tmp_path, Gguf().content()))  # imports are no part of the measure
    for content in cases:
        path = written(tmp_path, content)
        tracemalloc.start()
        try:
            inspect(path)
        except CheckpointError:
            pass
        finally:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert peak < 50 << 20
