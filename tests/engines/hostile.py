"""Small GGUF and safetensors files written byte by byte, so that each can be wrong in exactly one place."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from typing import Any


def text(value: str | bytes) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(raw)) + raw


def key(name: str | bytes, kind: int, value: bytes) -> bytes:
    return text(name) + struct.pack("<I", kind) + value


def string_key(name: str, value: str | bytes) -> bytes:
    return key(name, 8, text(value))


def u32_key(name: str, value: int) -> bytes:
    return key(name, 4, struct.pack("<I", value))


def array_key(name: str, kind: int, count: int, content: bytes) -> bytes:
    return key(name, 9, struct.pack("<IQ", kind, count) + content)


def tensor(name: str, shape: tuple[int, ...], kind: int = 0, offset: int = 0, dimensions: int | None = None) -> bytes:
    count = len(shape) if dimensions is None else dimensions
    dims = struct.pack("<I", count) + b"".join(struct.pack("<Q", n) for n in shape)
    return text(name) + dims + struct.pack("<IQ", kind, offset)


@dataclass
class Gguf:
    """A legal file of one 4-wide F32 tensor and a vocabulary of two, unless told otherwise."""

    magic: bytes = b"GGUF"
    version: int = 3
    keys: list[bytes] = field(
        default_factory=lambda: [
            string_key("general.architecture", "llama"),
            u32_key("llama.context_length", 64),
            array_key("tokenizer.ggml.tokens", 8, 2, text("a") + text("b")),
        ]
    )
    tensors: list[bytes] = field(default_factory=lambda: [tensor("output.weight", (4,))])
    data: bytes = bytes(16)
    key_count: int | None = None
    tensor_count: int | None = None
    alignment: int = 32

    def content(self) -> bytes:
        tensors = len(self.tensors) if self.tensor_count is None else self.tensor_count
        keys = len(self.keys) if self.key_count is None else self.key_count
        head = self.magic + struct.pack("<IQQ", self.version, tensors, keys) + b"".join(self.keys + self.tensors)
        return head + bytes(-len(head) % self.alignment) + self.data


def safetensors(entries: dict[str, Any] | bytes, data: bytes = bytes(16), length: int | None = None) -> bytes:
    head = entries if isinstance(entries, bytes) else json.dumps(entries).encode()
    return struct.pack("<Q", len(head) if length is None else length) + head + data
