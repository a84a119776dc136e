"""A transformer of ours as ``LlamaForCausalLM`` and back: the same weights, rows of q and k in another order; GPT-2 in.

RoPE turns pairs of rows. Ours lie side by side (0 1 | 2 3 | …), as in llama.cpp; Hugging Face's are half a head apart
(0 d/2 | 1 d/2+1 | …). So row 2i goes to i and row 2i+1 to d/2+i, in every head. Attention sums over a head's rows, so
nothing else changes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from miaobi.engines.disk import explained
from miaobi.errors import UnsupportedError
from miaobi.lab.export.vocabulary import special_tokens
from miaobi.nets.gpt2 import Gpt2, Gpt2Shape
from miaobi.nets.transformer import Transformer, TransformerShape

NAMES = {
    "attention_norm": "input_layernorm",
    "attention.q": "self_attn.q_proj",
    "attention.k": "self_attn.k_proj",
    "attention.v": "self_attn.v_proj",
    "attention.out": "self_attn.o_proj",
    "feed_norm": "post_attention_layernorm",
    "feed.gate": "mlp.gate_proj",
    "feed.up": "mlp.up_proj",
    "feed.down": "mlp.down_proj",
}


def halves(weight: Tensor, heads: int) -> Tensor:
    """Return the rows of q or k (heads · d, D) with each head's even rows before its odd ones."""
    rows = weight.view(heads, -1, 2, weight.shape[1])  # (heads, d/2, 2, D)
    return rows.transpose(1, 2).reshape(weight.shape)


def pairs(weight: Tensor, heads: int) -> Tensor:
    """Return the rows of q or k (heads · d, D) as ours again: the inverse of ``halves``."""
    rows = weight.view(heads, 2, -1, weight.shape[1])  # (heads, 2, d/2, D)
    return rows.transpose(1, 2).reshape(weight.shape)


def configuration(net: Transformer, begin: int | None = None, end: int | None = None) -> Any:
    """Return the ``LlamaConfig``; *begin* and *end*: ids of the tokens that begin and end a text, if there are any."""
    from transformers import LlamaConfig

    shape = net.shape
    return LlamaConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.width,
        intermediate_size=shape.inner,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.groups,
        max_position_embeddings=shape.context,
        rope_theta=shape.rope_base,
        rms_norm_eps=shape.epsilon,
        tie_word_embeddings=True,
        bos_token_id=begin,
        eos_token_id=end,
        pad_token_id=None,
    )


def to_huggingface(net: Transformer, begin: int | None = None, end: int | None = None) -> Any:
    """Return the same net as ``LlamaForCausalLM``, float32, in evaluation mode."""
    from transformers import LlamaForCausalLM

    weights = {
        "model.embed_tokens.weight": net.embedding.weight,
        "lm_head.weight": net.embedding.weight,
        "model.norm.weight": net.norm.weight,
    }
    own = net.state_dict()
    for layer in range(net.shape.layers):
        for ours, theirs in NAMES.items():
            weight = own[f"blocks.{layer}.{ours}.weight"]
            if ours in {"attention.q", "attention.k"}:
                weight = halves(weight, net.shape.heads if ours.endswith("q") else net.shape.groups)
            weights[f"model.layers.{layer}.{theirs}.weight"] = weight
    made = LlamaForCausalLM(configuration(net, begin, end))
    with torch.no_grad():
        made.load_state_dict({name: weight.detach().clone() for name, weight in weights.items()}, strict=True)
    return made.eval()


def write_folder(net: Transformer, tokenizer: Any, folder: Path, begin: int | None = None) -> None:
    """Write config.json, model.safetensors and tokenizer.json; *tokenizer*: a ``tokenizers.Tokenizer``.

    *begin*: the token before every text, if the net was trained to see one there; the tokenizer then puts it there.
    """
    from tokenizers import Tokenizer, processors
    from transformers import PreTrainedTokenizerFast

    own = Tokenizer.from_str(tokenizer.to_str())
    special = special_tokens(own)
    end, unknown = special.get("end"), special.get("unknown")
    names = {"eos_token": end, "unk_token": unknown, "bos_token": begin}
    if begin is not None:
        first = own.id_to_token(begin)
        own.post_processor = processors.TemplateProcessing(f"{first} $A", special_tokens=[(first, begin)])
    with explained(folder, "the exported net"):
        folder.mkdir(parents=True, exist_ok=True)
        to_huggingface(net, begin, end).save_pretrained(folder)
        given = {name: own.id_to_token(token) for name, token in names.items() if token is not None}
        PreTrainedTokenizerFast(tokenizer_object=own, **given).save_pretrained(folder)


def from_huggingface(made: Any) -> Any:
    """Return *made*, a ``LlamaForCausalLM`` or ``GPT2LMHeadModel``, as a net of ours; UnsupportedError for others."""
    kind = made.config.model_type
    weights = {name: weight.detach().clone() for name, weight in made.state_dict().items() if "rotary" not in name}
    tied = torch.equal(made.get_output_embeddings().weight, made.get_input_embeddings().weight)
    if kind not in {"llama", "gpt2"} or not tied:
        raise UnsupportedError(
            f"The checkpoint is a {kind}{'' if tied else ' with a head of its own'}.",
            "Llama and GPT-2 whose head is the embedding can be adapted; others as they are: --engine FOLDER.",
        )
    weights.pop("lm_head.weight")
    net = _from_gpt2(made.config, weights) if kind == "gpt2" else _from_llama(made.config, weights)
    return net.eval()


def _from_llama(config: Any, weights: dict[str, Tensor]) -> Transformer:
    scaling = config.rope_parameters
    if scaling.get("rope_type", "default") != "default" or config.attention_bias or config.mlp_bias:
        raise UnsupportedError("Its RoPE is stretched, or it has biases.", "Take a plain Llama.")
    shape = TransformerShape(
        config.vocab_size,
        config.max_position_embeddings,
        config.hidden_size,
        config.num_hidden_layers,
        config.num_attention_heads,
        config.num_key_value_heads,
        config.intermediate_size,
        rope_base=float(scaling["rope_theta"]),
        epsilon=config.rms_norm_eps,
    )
    own = {"embedding.weight": weights["model.embed_tokens.weight"], "norm.weight": weights["model.norm.weight"]}
    for layer in range(shape.layers):
        for ours, theirs in NAMES.items():
            weight = weights[f"model.layers.{layer}.{theirs}.weight"]
            if ours in {"attention.q", "attention.k"}:
                weight = pairs(weight, shape.heads if ours.endswith("q") else shape.groups)
            own[f"blocks.{layer}.{ours}.weight"] = weight
    net = Transformer(shape)
    net.load_state_dict(own, strict=True)
    return net


_GPT2 = {
    "attention_norm": "ln_1",
    "attention.qkv": "attn.c_attn",
    "attention.out": "attn.c_proj",
    "feed_norm": "ln_2",
    "feed.up": "mlp.c_fc",
    "feed.down": "mlp.c_proj",
}


def _from_gpt2(config: Any, weights: dict[str, Tensor]) -> Gpt2:
    if config.activation_function != "gelu_new" or config.scale_attn_by_inverse_layer_idx:
        raise UnsupportedError("Its activation or its attention isn't GPT-2's own.", "Take a plain GPT-2.")
    shape = Gpt2Shape(
        config.vocab_size,
        config.n_positions,
        config.n_embd,
        config.n_layer,
        config.n_head,
        config.n_inner or 0,
        epsilon=config.layer_norm_epsilon,
    )
    own = {"embedding.weight": weights["transformer.wte.weight"], "positions.weight": weights["transformer.wpe.weight"]}
    own |= {f"norm.{kind}": weights[f"transformer.ln_f.{kind}"] for kind in ("weight", "bias")}
    for layer in range(shape.layers):
        for ours, theirs in _GPT2.items():
            for kind in ("weight", "bias"):
                weight = weights[f"transformer.h.{layer}.{theirs}.{kind}"]
                own[f"blocks.{layer}.{ours}.{kind}"] = weight.T if weight.dim() == 2 else weight  # Conv1D is (in, out)
    net = Gpt2(shape)
    net.load_state_dict(own, strict=True)
    return net
