"""Requantise a GGUF file into a layout that llama.cpp multiplies quickly, once, beside the original.

llama.cpp repacks Q4_0 and Q8_0 for wide vector units and has no such kernel for Q4_1. Blocks are of 32 weights:

    Q8_0   scale fp16 · 32 × int8                  w = d·q
    Q4_0   scale fp16 · 32 × 4 bits                w = d·(q − 8), first half of the block in the low nibbles

The reference takes Q4_0's scale from the largest weight (d = max/−8). Here the scale is searched: of a fixed list of
divisors the one with the least squared error, block by block. Which weights get which type is a recipe; what each costs
in perplexity is in docs/log.md, and why the default is what it is in docs/decisions/0002. The same file and recipe give
the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from miaobi.engines.disk import digest, explained, settle
from miaobi.engines.lock import locked
from miaobi.types import Floats

Bytes = npt.NDArray[np.uint8]
_BLOCK = 32
_DIVISORS = np.array([-8.0, -8.5, -7.5, -9.0, -7.0, -9.5, -6.5, -10.0], dtype=np.float32)
_ROWS = 4096  # blocks worked on at a time: keeps the search within the processor's cache


@dataclass(frozen=True)
class Recipe:
    """Which type each matrix gets. ``exceptions``: parts of tensor names and their types; the first that fits wins."""

    name: str  # with a version: part of the copy's file name
    body: str = "Q4_0"
    exceptions: tuple[tuple[str, str], ...] = (("token_embd", "Q8_0"), ("output.weight", "Q8_0"))

    def type_of(self, tensor: str) -> str:
        """Return the ggml type for a tensor of two dimensions or more."""
        return next((kind for part, kind in self.exceptions if part in tensor), self.body)


DEFAULT = Recipe("q8_0-v1", "Q8_0")


def prepared(original: Path, sha256: str = "", recipe: Recipe = DEFAULT, folder: Path | None = None) -> Path:
    """Return the requantised copy of *original*, made on first use in its folder (or *folder*).

    The name holds the original's hash and the recipe, so that a new recipe or another file makes a new copy.
    """
    sha256 = sha256 or digest(original)
    target = (folder or original.parent) / f"{original.name.split('.')[0]}.{sha256[:12]}.{recipe.name}.gguf"
    if target.exists():
        return target
    with explained(target.parent, target.name), locked(target.with_name(f".{target.name}.lock")):
        if not target.exists():  # the other process may have made it
            part = target.with_name(f"{target.name}.{os.getpid()}.part")
            try:
                convert(original, part, recipe)
                settle(part, target)
            finally:
                part.unlink(missing_ok=True)
    return target


def convert(source: Path, target: Path, recipe: Recipe) -> None:
    """Write *source* to *target* with its matrices in the recipe's types; keys are kept as they are."""
    import gguf

    reader = gguf.GGUFReader(source)
    fields = {name: field for name, field in reader.fields.items() if not name.startswith("GGUF.")}
    writer = gguf.GGUFWriter(target, fields.pop("general.architecture").contents())
    for name, field in fields.items():
        kind = field.types[0]
        inner = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
        if name == "general.file_type":
            writer.add_file_type(int(gguf.LlamaFileType[f"MOSTLY_{recipe.body}"]))
        else:
            writer.add_key_value(name, field.contents(), kind, inner)
    for tensor in reader.tensors:
        if len(tensor.shape) == 1 or int(tensor.shape[0]) % _BLOCK:
            writer.add_tensor(tensor.name, np.array(tensor.data), raw_dtype=tensor.tensor_type)
            continue
        wanted = gguf.GGMLQuantizationType[recipe.type_of(tensor.name)]
        if wanted == tensor.tensor_type:
            packed = np.array(tensor.data)
        else:
            weights = gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
            packed = _PACKERS[wanted.name](weights)
        writer.add_tensor(tensor.name, packed, raw_dtype=wanted)
    finish(writer)


def finish(writer: Any) -> None:
    """Write what a ``gguf.GGUFWriter`` was given, and close its file whatever happens."""
    try:
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
    finally:
        writer.close()


def pack_q8_0(weights: Floats) -> Bytes:
    """Pack (…, N) float32 as (…, N/32·34) bytes of Q8_0."""
    import gguf

    packed: Bytes = gguf.quants.quantize(weights, gguf.GGMLQuantizationType.Q8_0)
    return packed


def pack_q4_0(weights: Floats) -> Bytes:
    """Pack (…, N) float32 as (…, N/32·18) bytes of Q4_0, each block with the scale of least squared error."""
    blocks = np.ascontiguousarray(weights, dtype=np.float32).reshape(-1, _BLOCK)
    packed = np.concatenate([_pack_blocks(blocks[i : i + _ROWS]) for i in range(0, len(blocks), _ROWS)])
    return packed.reshape(*weights.shape[:-1], -1)


def _pack_blocks(blocks: Floats) -> Bytes:
    """(B, 32) float32 → (B, 18) uint8."""
    rows = np.arange(len(blocks))
    extreme = blocks[rows, np.abs(blocks).argmax(axis=1)]  # with its sign: it is what reaches −8
    best = np.full(len(blocks), np.inf, dtype=np.float32)
    scales = np.zeros(len(blocks), dtype=np.float16)
    codes = np.zeros(blocks.shape, dtype=np.uint8)
    for divisor in _DIVISORS:
        scale = (extreme / divisor).astype(np.float16)
        step = scale.astype(np.float32)[:, None]
        inverse = np.divide(1.0, step, out=np.zeros_like(step), where=step != 0)
        code = np.clip(np.rint(blocks * inverse) + 8, 0, 15)
        error = np.square(blocks - (code - 8) * step).sum(axis=1)
        better = error < best
        best[better], scales[better], codes[better] = error[better], scale[better], code[better].astype(np.uint8)
    nibbles = codes[:, : _BLOCK // 2] | codes[:, _BLOCK // 2 :] << 4
    return np.concatenate([scales.view(np.uint8).reshape(-1, 2), nibbles], axis=1)


_PACKERS: dict[str, Callable[[Floats], Bytes]] = {"Q4_0": pack_q4_0, "Q8_0": pack_q8_0}
