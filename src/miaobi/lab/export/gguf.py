"""A decoder of ours as a GGUF file of the architecture "llama" or "gpt2": header, vocabulary, weights; F32, Q8_0, Q4_0.

Our RoPE turns the pairs that llama.cpp turns, so the weights go in as they are. The head is the embedding, so there is
no ``output.weight``. A quantised file is made from the F32 one by ``engines.requantise``, embeddings in Q8_0 (rows
whose length is no multiple of 32 stay F32). Every file is held to the net it came from before it gets its name: see
``parity``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from miaobi.engines.disk import explained, settle
from miaobi.engines.requantise import Recipe, convert, finish
from miaobi.errors import UnsupportedError, show
from miaobi.lab.export.parity import hold
from miaobi.lab.export.vocabulary import GgufVocabulary, translate
from miaobi.nets.storage import kind_of

TYPES = ("F32", "Q8_0", "Q4_0")
_NAMES = {
    "embedding": "token_embd",
    "positions": "position_embd",
    "norm": "output_norm",
    "attention_norm": "attn_norm",
    "attention.q": "attn_q",
    "attention.k": "attn_k",
    "attention.v": "attn_v",
    "attention.qkv": "attn_qkv",
    "attention.out": "attn_output",
    "feed_norm": "ffn_norm",
    "feed.gate": "ffn_gate",
    "feed.up": "ffn_up",
    "feed.down": "ffn_down",
}
ARCHITECTURES = {"transformer": "llama", "gpt2": "gpt2"}  # llama.cpp's name of each decoder


def tensor_name(ours: str) -> str:
    """Return llama.cpp's name of one of our nets' weights: blocks.0.feed.up.bias is blk.0.ffn_up.bias."""
    place, _, kind = ours.rpartition(".")
    if not place.startswith("blocks."):
        return f"{_NAMES[place]}.{kind}"
    _, number, part = place.split(".", 2)
    return f"blk.{number}.{_NAMES[part]}.{kind}"


def write_gguf(
    net: Any,
    tokenizer: Any,
    path: Path,
    kind: str = "F32",
    *,
    begin: int | None = None,
    about: Mapping[str, str] | None = None,
) -> float:
    """Write *net* with its *tokenizer* to *path*; return the largest difference of a logit from the net's own.

    *begin*: the token before every text. *about*: keys of the header, such as general.name and general.license. Raises
    UnsupportedError for a vocabulary that llama.cpp would read otherwise, TrainingError when the file's logits or ids
    are not the net's.
    """
    if kind not in TYPES:
        raise UnsupportedError(f"There is no type {show(kind)}.", f"These are legal: {', '.join(TYPES)}.")
    plain = path.with_name(f".{path.name}.{os.getpid()}.f32.part")
    packed = path.with_name(f".{path.name}.{os.getpid()}.part")
    with explained(path.parent, path.name):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_plain(net, translate(tokenizer, net.shape.vocabulary, begin), plain, dict(about or {}))
            difference = hold(net, tokenizer, plain)
            if kind != "F32":
                convert(plain, packed, Recipe(kind.lower(), kind))
                difference = hold(net, tokenizer, packed, exact=False)
            settle(plain if kind == "F32" else packed, path)
        finally:
            plain.unlink(missing_ok=True)
            packed.unlink(missing_ok=True)
    return difference


def _write_plain(net: Any, vocabulary: GgufVocabulary, path: Path, about: dict[str, str]) -> None:
    import gguf

    shape, kind = net.shape, kind_of(net)
    writer = gguf.GGUFWriter(path, ARCHITECTURES[kind])
    for key, value in about.items():
        writer.add_string(key, value)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_vocab_size(shape.vocabulary)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.inner)
    writer.add_head_count(shape.heads)
    if kind == "transformer":
        writer.add_head_count_kv(shape.groups)
        writer.add_rope_dimension_count(shape.width // shape.heads)
        writer.add_rope_freq_base(shape.rope_base)
        writer.add_layer_norm_rms_eps(shape.epsilon)
    else:
        writer.add_layer_norm_eps(shape.epsilon)
    vocabulary.write(writer)
    for name, weight in net.state_dict().items():
        writer.add_tensor(tensor_name(name), weight.detach().numpy())
    finish(writer)
