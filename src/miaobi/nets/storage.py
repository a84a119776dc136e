"""Nets by name, and how a net lies in a folder: net.json says what it is, net.safetensors holds the weights."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from miaobi.errors import BriefError, CheckpointError, UnknownNameError, show

KINDS = ("transformer", "gpt2", "rnn", "lstm", "gru")  # nets of language: they continue a text
DECODERS = ("transformer", "gpt2")  # llama.cpp runs these
OTHERS = {  # class names of nets that do something else
    "EncoderDecoder": "encoder-decoder",
    "LSTMGenerator": "lstm-generator",
    "RelationalGenerator": "memory-generator",
}
SHAPE, WEIGHTS = "net.json", "net.safetensors"


def build(kind: str, sizes: dict[str, Any]) -> Any:
    """Return a fresh net of *kind*, one of KINDS or OTHERS; *sizes*: the fields of its shape.

    Raises UnknownNameError, or BriefError for sizes.
    """
    if kind not in KINDS and kind not in OTHERS.values():
        raise UnknownNameError(f"There is no net {show(kind)}.", f"These are known: {', '.join(KINDS)}.")
    try:
        if kind == "transformer":
            from miaobi.nets.transformer import Transformer, TransformerShape

            return Transformer(TransformerShape(**sizes))
        if kind == "gpt2":
            from miaobi.nets.gpt2 import Gpt2, Gpt2Shape

            return Gpt2(Gpt2Shape(**sizes))
        if kind == "encoder-decoder":
            from miaobi.nets.sequence import EncoderDecoder, SequenceShape

            return EncoderDecoder(SequenceShape(**sizes))
        if kind in OTHERS.values():
            return _generator(kind, sizes)
        from miaobi.nets.recurrent import Recurrent, RecurrentShape

        return Recurrent(RecurrentShape(**{"cell": kind, **sizes}))
    except TypeError as error:
        raise BriefError(f"A {kind} can't be built of these sizes: {error}.", "See miaobi lab train --help.") from error


def _generator(kind: str, sizes: dict[str, Any]) -> Any:
    from miaobi.nets.gan.generator import LSTMGenerator, TextShape
    from miaobi.nets.gan.relational import RelationalGenerator

    return (LSTMGenerator if kind == "lstm-generator" else RelationalGenerator)(TextShape(**sizes))


def kind_of(net: Any) -> str:
    """Return the name by which ``build`` makes such a net."""
    name = type(net).__name__
    return str(getattr(net.shape, "cell", OTHERS.get(name, name.lower())))


def describe(net: Any) -> dict[str, Any]:
    """Return what ``build`` needs to make the net again: its kind and sizes."""
    return {"net": kind_of(net), "sizes": {k: v for k, v in asdict(net.shape).items() if k != "cell"}}


def load(folder: Path) -> Any:
    """Return the net in *folder*, ready to be read with; CheckpointError if it is missing or damaged."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        described = json.loads((folder / SHAPE).read_text(encoding="utf-8"))
        net = build(described["net"], described["sizes"])
        net.load_state_dict(load_file(folder / WEIGHTS), strict=True)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        reason = str(error).splitlines() or [type(error).__name__]
        raise CheckpointError(
            f"The net in {show(str(folder))} can't be loaded: {reason[0]}",
            "A folder of a run holds net.json and net.safetensors as miaobi lab train leaves them.",
        ) from error
    return net.eval()
