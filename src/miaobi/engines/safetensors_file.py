"""Read the header of a safetensors file, trusting nothing in it, and refuse checkpoints that are pickles.

    length u64 · JSON object of that many bytes {name: {"dtype", "shape", "data_offsets": [begin, end]}} · data
The object is read entry by entry, so that hostile JSON (deep, or a million empty lists) is never built in memory.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from miaobi.engines.gguf_file import opened
from miaobi.errors import CheckpointError, show

_LIMIT = 8 << 20  # bytes of header; a file of 10,000 tensors needs 1.3 MB
_ENTRY = 1024  # characters of one tensor's description
_METADATA = 1 << 20
_TENSORS = 65_536
_BITS = {"BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6}
_BITS |= {"I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32, "F64": 64, "I64": 64, "U64": 64}
_BITS |= {"C64": 64}
PICKLES = frozenset({".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle"})


@dataclass(frozen=True)
class SafetensorsHeader:
    """What a safetensors file says of itself."""

    parameters: int
    dtype: str  # the type that most weights have
    shapes: dict[str, tuple[int, ...]]
    metadata: dict[str, str]


class _Fault(Exception):
    def __init__(self, what: str, at: int) -> None:
        super().__init__(what)
        self.at = at


def refuse_pickle(path: Path) -> None:
    """Raise CheckpointError for a pickle: by its name, or by its first bytes (protocol 2 and up)."""
    begins = b""
    if path.is_file():
        with opened(path) as file:
            begins = file.read(4)
    if path.suffix.lower() in PICKLES or begins[:2] in {b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"}:
        raise CheckpointError(
            f"{show(path.name)} is a pickle: opening one runs whatever program is inside it, so it is refused.",
            "Take the same checkpoint as .safetensors or .gguf; publishers offer one of them nearly always.",
        )


def inspect(path: Path) -> SafetensorsHeader:
    """Return what the file at *path* says of itself; CheckpointError says what is wrong and at which byte."""
    size = path.stat().st_size if path.is_file() else 0
    with opened(path) as file:
        try:
            first = file.read(8)
            length = int.from_bytes(first, "little")
            if len(first) < 8 or not 2 <= length <= size - 8:
                raise _Fault(f"a header of {length:,} bytes is announced and {max(size - 8, 0):,} are left", 0)
            if length > _LIMIT:
                raise _Fault(f"a header of {length:,} bytes; at most {_LIMIT:,} are taken", 0)
            try:
                text = file.read(length).decode("utf-8")
            except UnicodeDecodeError as error:
                raise _Fault("the header is not UTF-8", 8 + error.start) from None
            return _summary(_Entries(text).read(), size - 8 - length)
        except _Fault as fault:
            raise CheckpointError(
                f"{show(str(path))} is not a safetensors file that can be used: {fault} (byte {fault.at:,}).",
                "It may be cut short or damaged: fetch it again and compare its size and SHA-256 with the publisher's.",
            ) from None


class _Entries:
    """The members of the outer object, one at a time."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._decoder = json.JSONDecoder()

    def read(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self._expect("{")
        if self._peek() == "}":
            return found
        while True:
            name = self._value(_ENTRY * 4)
            if not isinstance(name, str) or name in found or len(found) > _TENSORS:
                raise self._fault("a name that is not a string, comes twice, or is one too many")
            self._expect(":")
            found[name] = self._value(_METADATA if name == "__metadata__" else _ENTRY)
            if self._peek() != ",":
                break
            self._expect(",")
        self._expect("}")
        if self._text[self._at :].strip(" \0"):
            raise self._fault("something follows the header's object")
        return found

    def _value(self, limit: int) -> Any:
        self._peek()
        piece = self._text[self._at : self._at + limit]
        if re.search(r"[\[{]\s*[\[{]\s*[\[{]", piece[:64]):
            raise self._fault("values are nested deeper than any should be")
        try:
            value, end = self._decoder.raw_decode(piece)
        except (ValueError, RecursionError):
            raise self._fault(f"no JSON value within {limit:,} characters") from None
        self._at += end
        return value

    def _peek(self) -> str:
        while self._text[self._at : self._at + 1] in {" ", "\t", "\n", "\r"}:
            self._at += 1
        return self._text[self._at : self._at + 1]

    def _expect(self, character: str) -> None:
        if self._peek() != character:
            raise self._fault(f"{show(self._peek())} where {character} should be")
        self._at += 1

    def _fault(self, what: str) -> _Fault:
        return _Fault(what, 8 + len(self._text[: self._at].encode("utf-8", "replace")))


def _summary(found: dict[str, Any], data: int) -> SafetensorsHeader:
    metadata = found.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(v, str) for v in metadata.values()):
        raise _Fault("__metadata__ is not a table of strings", 8)
    weights: Counter[str] = Counter()
    spans: list[tuple[int, int, str]] = []
    for name, entry in found.items():
        dtype, elements, begin, end = _tensor(name, entry, data)
        weights[dtype] += elements
        spans.append((begin, end, name))
    position = 0
    for begin, end, name in sorted(spans):
        if begin != position:
            raise _Fault(f"the tensor {show(name)} begins at {begin:,} of the data and should at {position:,}", 8)
        position = end
    if not spans or position != data:
        raise _Fault(f"the tensors take {position:,} bytes and the file has {data:,}", 8)
    shapes = {name: tuple(entry["shape"]) for name, entry in found.items()}
    return SafetensorsHeader(weights.total(), weights.most_common(1)[0][0], shapes, metadata)


def _tensor(name: str, entry: Any, data: int) -> tuple[str, int, int, int]:
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise _Fault(f"the tensor {show(name)} is not described by dtype, shape and data_offsets", 8)
    dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(dtype, str) or dtype not in _BITS:
        raise _Fault(f"the tensor {show(name)} has the type {show(dtype)}, which safetensors does not know", 8)
    if not _counts(shape) or not _counts(offsets) or len(offsets) != 2 or len(shape) > 16:
        raise _Fault(f"the tensor {show(name)} has no whole numbers as shape and offsets", 8)
    elements = 1
    for n in shape:
        elements *= n
        if elements > data * 8:
            raise _Fault(f"the tensor {show(name)} is larger than the file", 8)
    begin, end = offsets
    if not begin <= end <= data or (end - begin) * 8 != elements * _BITS[dtype]:
        raise _Fault(f"the tensor {show(name)} has {end - begin:,} bytes for {elements:,} of {dtype}", 8)
    return dtype, elements, begin, end


def _counts(value: Any) -> bool:
    return isinstance(value, list) and all(type(n) is int and 0 <= n < 1 << 48 for n in value)
