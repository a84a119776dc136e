"""A recurrent net as an ONNX file: for onnxruntime, and by way of a converter for TensorFlow (decision 14).

| input, output | shape | |
|---|---|---|
| tokens | (B, T) int64 | what is read |
| state0 … | (1, B, H); attention's memory (B, S, 2E) | what ``Recurrent.start`` and the read before gave |
| logits | (B, T, V) float32 | of the token after each |
| after0 … | as state0 … | what the next read is given |

B, T and S are free, or fixed where *tokens* says how many are read at once (B is 1 then). The vocabulary lies in the
file as metadata (``tokenizer.json``). Every file is run with onnxruntime and held to the net before it gets its name.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from miaobi.engines.disk import explained, settle
from miaobi.errors import BriefError, TrainingError
from miaobi.nets.recurrent import Recurrent

TOLERANCE = 1e-4  # of a logit, in nats; measured differences are below 1e-6
_OPSET = 17


class _Reading(nn.Module):
    """A read with the state laid out flat, as ONNX wants it."""

    def __init__(self, net: Recurrent) -> None:
        super().__init__()
        self.net = net

    def forward(self, tokens: Tensor, *state: Tensor) -> tuple[Tensor, ...]:
        logits, after = self.net(tokens, state)
        return logits, *after


def write_onnx(net: Recurrent, path: Path, about: Mapping[str, str] | None = None, tokens: int = 0) -> float:
    """Write *net*; return the largest difference of a logit from the net's own.

    *about*: metadata. *tokens*: fixes the shapes, as a converter to TensorFlow needs it. Raises TrainingError where
    onnxruntime gives other logits, BriefError where shapes can't be fixed.
    """
    import onnx

    if tokens and net.look is not None:
        raise BriefError(
            "The past that attention looks back at grows, so its shape can't be fixed.",
            "Leave out --fixed, or train a net with --look none.",
        )
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    count = len(net.start(1))
    given, left = [f"state{i}" for i in range(count)], [f"after{i}" for i in range(count)]
    with explained(path.parent, path.name):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            batch, length, past = (1, tokens, 0) if tokens else (2, 5, 3)
            with warnings.catch_warnings(), torch.no_grad():
                warnings.simplefilter("ignore")  # of torch, that a newer exporter is there: it fixes the shapes
                torch.onnx.export(
                    _Reading(net).eval(),  # else it is left learning, with its dropout
                    _sample(net, batch, length, past),
                    str(part),
                    input_names=["tokens", *given],
                    output_names=["logits", *left],
                    dynamic_axes=None if tokens else _free(net, given, left),
                    opset_version=_OPSET,
                    dynamo=False,
                )
            made = onnx.load(part)
            onnx.helper.set_model_props(made, {**dict(about or {}), "producer": "miaobi"})
            onnx.save(made, part)
            difference = hold(net, part, [(1, tokens, 0)] if tokens else [(1, 1, 0), (3, 7, 0), (2, 9, 70)])
            settle(part, path)
        finally:
            part.unlink(missing_ok=True)
    return difference


def _free(net: Recurrent, given: list[str], left: list[str]) -> dict[str, dict[int, str]]:
    """Return which dimensions of which input and output are free."""
    axes = {name: {0: "batch", 1: "time"} for name in ("tokens", "logits")}
    axes |= {name: {1: "batch"} for name in (*given, *left)}
    if net.look is not None:
        axes |= {given[-1]: {0: "batch", 1: "seen"}, left[-1]: {0: "batch", 1: "seen after"}}
    return axes


def _sample(net: Recurrent, batch: int, length: int, past: int) -> tuple[Tensor, ...]:
    """Return tokens (B, T) and the state after *past* others."""
    chance = torch.Generator().manual_seed(0)
    drawn = torch.randint(0, net.shape.vocabulary, (batch, past + length), generator=chance)
    state = net(drawn[:, :past])[1] if past else net.start(batch)
    return drawn[:, past:], *state


def hold(net: Recurrent, path: Path, shapes: list[tuple[int, int, int]]) -> float:
    """Return the largest difference of a logit or a state; *shapes*: B, T and how many tokens went before."""
    import onnxruntime

    onnxruntime.set_default_logger_severity(3)
    session: Any = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [each.name for each in session.get_inputs()]
    worst = 0.0
    for shape in shapes:
        with torch.no_grad():
            given = _sample(net, *shape)
            logits, after = net(given[0], given[1:])
        found = session.run(None, {name: each.numpy() for name, each in zip(names, given, strict=True)})
        pairs = zip(found, (logits, *after), strict=True)
        worst = max(worst, *(float(np.abs(a - b.numpy()).max()) for a, b in pairs))
    if not worst <= TOLERANCE:
        raise TrainingError(
            f"onnxruntime's numbers differ from the net's by up to {worst:.3g}.",
            f"{TOLERANCE} is allowed. Report this as a defect with the run's net.json.",
        )
    return worst
