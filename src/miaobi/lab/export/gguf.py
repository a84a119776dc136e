"""A transformer of ours as a GGUF file of the architecture "llama": header, vocabulary, weights; F32, Q8_0 or Q4_0.

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
from miaobi.nets.transformer import Transformer

TYPES = ("F32", "Q8_0", "Q4_0")
NAMES = {
    "attention_norm": "attn_norm",
    "attention.q": "attn_q",
    "attention.k": "attn_k",
    "attention.v": "attn_v",
    "attention.out": "attn_output",
    "feed_norm": "ffn_norm",
    "feed.gate": "ffn_gate",
    "feed.up": "ffn_up",
    "feed.down": "ffn_down",
}


def write_gguf(
    net: Transformer,
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


def _write_plain(net: Transformer, vocabulary: GgufVocabulary, path: Path, about: dict[str, str]) -> None:
    import gguf

    shape = net.shape
    writer = gguf.GGUFWriter(path, "llama")
    for key, value in about.items():
        writer.add_string(key, value)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_vocab_size(shape.vocabulary)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.inner)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.groups)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_layer_norm_rms_eps(shape.epsilon)
    vocabulary.write(writer)
    own = net.state_dict()
    writer.add_tensor("token_embd.weight", own["embedding.weight"].numpy())
    for layer in range(shape.layers):
        for ours, theirs in NAMES.items():
            writer.add_tensor(f"blk.{layer}.{theirs}.weight", own[f"blocks.{layer}.{ours}.weight"].numpy())
    writer.add_tensor("output_norm.weight", own["norm.weight"].numpy())
    finish(writer)
