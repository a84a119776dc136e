"""Read the header of a GGUF file (versions 2 and 3 of the ggml project's specification), trusting nothing in it.

    magic "GGUF" · version u32 · tensor count u64 · key count u64
    keys:     name string · type u32 · value            string: length u64 · bytes
    tensors:  name string · dimensions u32 · each u64 · type u32 · offset u64
    padding to the alignment, then the data

A bad file makes llama.cpp abort the whole process, so every file passes here first. What is claimed is compared with
the bytes that are left before anything is allocated; arrays are walked, never kept; the memory used is bounded.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import BinaryIO

from miaobi.errors import CheckpointError, show

Scalar = int | float | bool | str
_WINDOW = 1 << 20  # bytes read at a time
_KEYS, _KEY_LENGTH = 4096, 1024  # real files have some forty keys of some forty bytes
_TENSORS, _TENSOR_NAME = 65_536, 63  # ggml's own limit of a name, without its ending zero
_KEPT = 4096  # bytes of a string that is kept; longer ones are walked over
_TEMPLATE = 1 << 20  # bytes of a chat template
_STRING, _ARRAY = 8, 9
_FORMATS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<B", 10: "<Q", 11: "<q", 12: "<d"}
_BOOL, _UINT32, _INT32, _FLOAT32 = 7, 4, 5, 6


@dataclass(frozen=True)
class TensorInfo:
    """One tensor: name, shape with the fastest dimension first, ggml type, place and length in the file (bytes)."""

    name: str
    shape: tuple[int, ...]
    type: str
    start: int
    length: int


@dataclass(frozen=True)
class GgufHeader:
    """What a GGUF file says of itself."""

    version: int
    architecture: str
    name: str
    licence: str
    languages: tuple[str, ...]
    context_length: int
    vocabulary: int  # entries
    chat_template: str
    parameters: int
    quantisation: str  # the type that most weights have
    alignment: int
    tensors: tuple[TensorInfo, ...]
    values: dict[str, Scalar] = field(repr=False)  # numbers and short strings
    lengths: dict[str, int] = field(repr=False)  # of arrays


class _Fault(Exception):
    """What is wrong; where is known by the reader."""


class _Bytes:
    """A file read forwards through a window, which knows how much is left."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self.size = file, size
        self._window, self._at, self._base = b"", 0, 0

    @property
    def position(self) -> int:
        return self._base + self._at

    @property
    def left(self) -> int:
        return self.size - self.position

    def take(self, count: int) -> bytes:
        if count > self.left:
            raise _Fault(f"{count:,} bytes are announced and {self.left:,} are left")
        if len(self._window) - self._at < count:
            start = self.position
            self._file.seek(start)
            self._window, self._base, self._at = self._file.read(max(count, _WINDOW)), start, 0
            if len(self._window) < count:
                raise _Fault("the file became shorter while it was read")
        self._at += count
        return self._window[self._at - count : self._at]

    def skip(self, count: int) -> None:
        if count > self.left:
            raise _Fault(f"{count:,} bytes are announced and {self.left:,} are left")
        if self._at + count <= len(self._window):
            self._at += count
        else:
            self._window, self._base, self._at = b"", self.position + count, 0

    def number(self, form: str) -> int | float:
        value: int | float = struct.unpack(form, self.take(struct.calcsize(form)))[0]
        return value

    def u32(self) -> int:
        return int(self.number("<I"))

    def u64(self) -> int:
        return int(self.number("<Q"))

    def text(self, limit: int, what: str) -> str:
        length = self.u64()
        if length > limit:
            raise _Fault(f"{what} is {length:,} bytes long; at most {limit:,} are taken")
        try:
            return self.take(length).decode("utf-8")
        except UnicodeDecodeError:
            raise _Fault(f"{what} is not UTF-8") from None


def inspect(path: Path) -> GgufHeader:
    """Return what the file at *path* says of itself; CheckpointError says what is wrong and at which byte."""
    with opened(path) as file:
        source = _Bytes(file, path.stat().st_size)
        try:
            return _header(source)
        except _Fault as fault:
            raise CheckpointError(
                f"{show(str(path))} is not a GGUF file that can be used: {fault} (byte {source.position:,}).",
                "It may be cut short or damaged: fetch it again and compare its size and SHA-256 with the publisher's.",
            ) from None


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a checkpoint's file for reading; CheckpointError where there is none or it may not be read."""
    try:
        if not path.is_file():
            raise CheckpointError(f"There is no file at {show(str(path))}.", "Check the path.")
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise CheckpointError(f"{show(str(path))} can't be read: {error.strerror or error}.") from error


def _header(source: _Bytes) -> GgufHeader:
    if source.take(4) != b"GGUF":
        raise _Fault("it does not begin with the letters GGUF")
    version = source.u32()
    if version not in {2, 3}:
        swapped = int.from_bytes(version.to_bytes(4, "little"), "big")
        raise _Fault("its byte order is big-endian" if swapped in {2, 3} else f"version {version}; 2 and 3 are known")
    tensors, keys = source.u64(), source.u64()
    if tensors > _TENSORS:
        raise _Fault(f"{tensors:,} tensors; at most {_TENSORS:,} are taken")
    if keys > _KEYS:
        raise _Fault(f"{keys:,} keys; at most {_KEYS:,} are taken")
    values, arrays = _read_keys(source, keys)
    alignment = _alignment(values)
    infos = _read_tensors(source, tensors, alignment)
    _check_vocabulary(values, arrays)
    return _summary(version, alignment, values, {k: n for k, (_, n) in arrays.items()}, infos)


def _read_keys(source: _Bytes, count: int) -> tuple[dict[str, Scalar], dict[str, tuple[int, int]]]:
    """Return scalars, and of arrays the element type and length."""
    values: dict[str, Scalar] = {}
    arrays: dict[str, tuple[int, int]] = {}
    seen: set[str] = set()
    for _ in range(count):
        key = source.text(_KEY_LENGTH, "a key")
        if key in seen:
            raise _Fault(f"the key {show(key)} comes twice")
        seen.add(key)
        kind = source.u32()
        if kind == _ARRAY:
            arrays[key] = _walk_array(source, key, values)
        elif kind == _STRING:
            text = _string(source, key)
            if text is not None:
                values[key] = text
        else:
            values[key] = _scalar(source, kind, key)
    return values, arrays


def _scalar(source: _Bytes, kind: int, key: str) -> Scalar:
    if kind not in _FORMATS:
        raise _Fault(f"the key {show(key)} has type {kind}, which GGUF does not know")
    value = source.number(_FORMATS[kind])
    if kind != _BOOL:
        return value
    if value not in {0, 1}:
        raise _Fault(f"the key {show(key)} is a truth value of {value}")
    return bool(value)


def _string(source: _Bytes, key: str) -> str | None:
    """Return the string, or None for one too long to keep. A chat template is always kept."""
    length = source.u64()
    limit = _TEMPLATE if key == "tokenizer.chat_template" else _KEPT
    if length > limit:
        if limit == _TEMPLATE:
            raise _Fault(f"the chat template is {length:,} bytes long; at most {limit:,} are taken")
        source.skip(length)
        return None
    try:
        return source.take(length).decode("utf-8")
    except UnicodeDecodeError:
        raise _Fault(f"the value of {show(key)} is not UTF-8") from None


def _walk_array(source: _Bytes, key: str, values: dict[str, Scalar]) -> tuple[int, int]:
    kind, count = source.u32(), source.u64()
    if kind == _ARRAY:
        raise _Fault(f"{show(key)} is an array of arrays, which llama.cpp can't read")
    if kind == _STRING:
        if count * 8 > source.left:
            raise _Fault(f"{show(key)} announces {count:,} strings and {source.left:,} bytes are left")
        if key == "general.languages" and count <= 256:
            values[key] = ",".join(source.text(64, "a language") for _ in range(count))
            return kind, count
        for _ in range(count):
            source.skip(source.u64())
    elif kind in _FORMATS:
        source.skip(count * struct.calcsize(_FORMATS[kind]))
    else:
        raise _Fault(f"the array {show(key)} has elements of type {kind}, which GGUF does not know")
    return kind, count


def _alignment(values: dict[str, Scalar]) -> int:
    alignment = values.get("general.alignment", 32)
    if not isinstance(alignment, int) or not 8 <= alignment <= 65_536 or alignment & (alignment - 1):
        raise _Fault(f"the alignment is {alignment}; a power of two from 8 to 65,536 is legal")
    return alignment


@cache
def _blocks() -> dict[int, tuple[str, int, int]]:
    """Return ggml's types: number → name, weights in a block, bytes of a block."""
    from gguf.constants import GGML_QUANT_SIZES

    return {int(kind): (kind.name, *sizes) for kind, sizes in GGML_QUANT_SIZES.items()}


def _read_tensors(source: _Bytes, count: int, alignment: int) -> tuple[TensorInfo, ...]:
    found: list[tuple[str, tuple[int, ...], str, int, int]] = []
    names: set[str] = set()
    expected = 0  # ggml lays tensors end to end, each padded
    for _ in range(count):
        name = source.text(_TENSOR_NAME, "a tensor's name")
        if name in names:
            raise _Fault(f"the tensor {show(name)} comes twice")
        names.add(name)
        dimensions = source.u32()
        if not 1 <= dimensions <= 4:
            raise _Fault(f"the tensor {show(name)} has {dimensions} dimensions; 1 to 4 are legal")
        shape = tuple(source.u64() for _ in range(dimensions))
        kind, length = _extent(name, shape, source.u32(), source.size)
        offset = source.u64()
        if offset != expected:
            raise _Fault(f"the tensor {show(name)} is at offset {offset:,} and should be at {expected:,}")
        found.append((name, shape, kind, offset, length))
        expected += -(-length // alignment) * alignment
    data = -(-source.position // alignment) * alignment
    for name, _shape, _kind, offset, length in found:
        if data + offset + length > source.size:
            raise _Fault(
                f"the tensor {show(name)} ends at byte {data + offset + length:,} and the file at {source.size:,}: "
                "it is cut short"
            )
    return tuple(TensorInfo(n, s, k, data + offset, length) for n, s, k, offset, length in found)


def _extent(name: str, shape: tuple[int, ...], number: int, limit: int) -> tuple[str, int]:
    """Return the type's name and the tensor's length in bytes."""
    if number not in _blocks():
        raise _Fault(f"the tensor {show(name)} has type {number}, which ggml does not know")
    kind, block, width = _blocks()[number]
    elements = 1
    for n in shape:
        elements *= n
        if not 1 <= n < 1 << 31 or elements > limit * 64:  # no type packs 64 weights into one byte
            raise _Fault(f"the tensor {show(name)} has the shape {shape}, more than the file can hold")
    if shape[0] % block:
        raise _Fault(f"the tensor {show(name)} has rows of {shape[0]:,}, which {kind} can't pack (blocks of {block})")
    return kind, elements // block * width


def _check_vocabulary(values: dict[str, Scalar], arrays: dict[str, tuple[int, int]]) -> None:
    """llama.cpp indexes these by token without looking at their lengths."""
    kind, tokens = arrays.get("tokenizer.ggml.tokens", (_STRING, 0))
    if kind != _STRING:
        raise _Fault("the vocabulary is not an array of strings")
    for key, wanted in (("tokenizer.ggml.scores", {_FLOAT32}), ("tokenizer.ggml.token_type", {_INT32, _UINT32})):
        kind, length = arrays.get(key, (min(wanted), tokens))
        if length != tokens or kind not in wanted:
            raise _Fault(f"{key} has {length:,} elements of type {kind} for {tokens:,} tokens")
    for key, value in values.items():
        is_id = key.startswith("tokenizer.ggml.") and key.endswith("_token_id")
        if is_id and tokens and not (isinstance(value, int) and 0 <= value < tokens):
            raise _Fault(f"{key} is {value}, outside the vocabulary of {tokens:,}")


def _summary(
    version: int,
    alignment: int,
    values: dict[str, Scalar],
    lengths: dict[str, int],
    tensors: tuple[TensorInfo, ...],
) -> GgufHeader:
    architecture = values.get("general.architecture")
    if not isinstance(architecture, str) or not architecture:
        raise _Fault("it does not say its architecture (general.architecture)")
    weights: Counter[str] = Counter()
    for tensor in tensors:
        weights[tensor.type] += _elements(tensor)
    if not weights:
        raise _Fault("it holds no tensors")
    vocabulary = lengths.get("tokenizer.ggml.tokens", 0) or _positive(values, f"{architecture}.vocab_size")
    return GgufHeader(
        version=version,
        architecture=architecture,
        name=str(values.get("general.name", "")),
        licence=str(values.get("general.license", "")),
        languages=tuple(filter(None, str(values.get("general.languages", "")).split(","))),
        context_length=_positive(values, f"{architecture}.context_length"),
        vocabulary=vocabulary,
        chat_template=str(values.get("tokenizer.chat_template", "")),
        parameters=weights.total(),
        quantisation=weights.most_common(1)[0][0],
        alignment=alignment,
        tensors=tensors,
        values=values,
        lengths=lengths,
    )


def _positive(values: dict[str, Scalar], key: str) -> int:
    value = values.get(key, 0)
    if not isinstance(value, int) or not 0 <= value < 1 << 31:
        raise _Fault(f"{key} is {value}; a count is legal")
    return value


def _elements(tensor: TensorInfo) -> int:
    product = 1
    for n in tensor.shape:
        product *= n
    return product
