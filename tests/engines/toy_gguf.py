"""A Llama of one layer as GGUF, and its forward pass by hand for one token: no rotation, nothing else to attend to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import gguf
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
WIDTH, HIDDEN, HEADS, TOKENS, EPSILON = 64, 96, 4, 300, 1e-5


def weights(seed: int) -> dict[str, Floats]:
    """Return random matrices, (out, in) as numpy has them, and norms of one."""
    rng = np.random.default_rng(seed)
    shapes = {
        "attn_q": (WIDTH, WIDTH),
        "attn_k": (WIDTH, WIDTH),
        "attn_v": (WIDTH, WIDTH),
        "attn_output": (WIDTH, WIDTH),
    }
    shapes |= {"ffn_gate": (HIDDEN, WIDTH), "ffn_up": (HIDDEN, WIDTH), "ffn_down": (WIDTH, HIDDEN)}
    found = {f"blk.0.{n}.weight": rng.normal(0, s[1] ** -0.5, s).astype(np.float32) for n, s in shapes.items()}
    found |= {
        n: np.ones(WIDTH, np.float32) for n in ("blk.0.attn_norm.weight", "blk.0.ffn_norm.weight", "output_norm.weight")
    }
    for name in ("token_embd.weight", "output.weight"):
        found[name] = rng.normal(0, 1, (TOKENS, WIDTH)).astype(np.float32)
    return found


def write(path: Path, matrices: Mapping[str, Floats], architecture: str = "llama") -> Path:
    """Write a checkpoint whose vocabulary is the bytes and some words."""
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_context_length(128)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_rms_eps(EPSILON)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{i:02X}>" for i in range(256))]
    tokens += [f"w{i}" for i in range(TOKENS - len(tokens))]
    kinds = [2, 3, 3, *[6] * 256]
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * TOKENS)
    writer.add_token_types([*kinds, *[1] * (TOKENS - len(kinds))])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(False)
    return _finished(writer, matrices, path)


@dataclass
class Lora:
    """An adapter in the making; each field can be made wrong."""

    pairs: dict[str, tuple[Floats, Floats]]  # matrix → A (r, in), B (out, r)
    alpha: float | None = 8.0
    architecture: str = "llama"
    kind: str = "lora"
    extra: dict[str, Floats] = field(default_factory=dict)

    def write(self, path: Path) -> Path:
        writer = gguf.GGUFWriter(path, self.architecture)
        writer.add_type("adapter")
        writer.add_string("adapter.type", self.kind)
        if self.alpha is not None:
            writer.add_float32("adapter.lora.alpha", self.alpha)
        tensors = dict(self.extra)
        for name, (a, b) in self.pairs.items():
            tensors |= {f"{name}.lora_a": a, f"{name}.lora_b": b}
        return _finished(writer, tensors, path)


def lora(seed: int, *targets: str, rank: int = 4) -> Lora:
    """Return a random adapter for these matrices."""
    rng = np.random.default_rng(seed)
    base = weights(0)
    return Lora(
        {
            t: (
                rng.normal(0, 0.2, (rank, base[t].shape[1])).astype(np.float32),
                rng.normal(0, 0.2, (base[t].shape[0], rank)).astype(np.float32),
            )
            for t in targets
        }
    )


def merged(matrices: Mapping[str, Floats], adapter: Lora, scale: float) -> dict[str, Floats]:
    """Return the matrices with scale · (alpha / r) · B A added."""
    found = dict(matrices)
    for name, (a, b) in adapter.pairs.items():
        assert adapter.alpha is not None
        found[name] = found[name] + np.float32(scale * adapter.alpha / a.shape[0]) * (b @ a)
    return found


def logits(matrices: Mapping[str, Floats], token: int) -> Floats:
    """Return the logits after one token."""

    def norm(x: Floats) -> Floats:
        return x / np.sqrt(np.mean(x * x) + np.float32(EPSILON))

    x = matrices["token_embd.weight"][token]
    value = matrices["blk.0.attn_v.weight"] @ norm(x)  # one key: all attention goes to it
    x = x + matrices["blk.0.attn_output.weight"] @ _as_bf16(value)
    h = norm(x)
    gate = matrices["blk.0.ffn_gate.weight"] @ h
    x = x + matrices["blk.0.ffn_down.weight"] @ (gate / (1 + np.exp(-gate)) * (matrices["blk.0.ffn_up.weight"] @ h))
    out: Floats = matrices["output.weight"] @ norm(x)
    return out


def _as_bf16(x: Floats) -> Floats:
    """Round as the cache of values does."""
    bits = x.astype(np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000).astype(np.uint32).view(np.float32)


def _finished(writer: gguf.GGUFWriter, tensors: Mapping[str, Floats], path: Path) -> Path:
    for name, tensor in tensors.items():
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
