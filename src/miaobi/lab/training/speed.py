"""Speed of a run beside what the machine could do: its share of the measured peak of float32 matrix products.

A token of training costs 6 operations a weight that it is multiplied with, two each for what is computed, for the
gradient of what went in and for that of the weight (Kaplan et al. 2020); a weight that is frozen has no gradient of
its own, which leaves 4. Causal attention adds 6 · L · D · T: q·k and ·v over half of the context, three times.
"""

from __future__ import annotations

import time
from typing import Any

import torch

_SIDE, _ROUNDS = 1024, 5


def operations(net: Any, context: int) -> float:
    """Return the floating-point operations of a token of training."""
    matrices = [weight for weight in net.parameters() if weight.dim() == 2]  # the embedding is one as the head
    each = sum(weight.numel() * (6 if weight.requires_grad else 4) for weight in matrices)
    shape = net.shape
    return float(each) + (0.0 if net.carries else 6.0 * shape.layers * shape.width * context)


def peak() -> float:
    """Return operations a second of the fastest of five products of 1024 × 1024, with the threads that torch has."""
    a, b = torch.rand(_SIDE, _SIDE), torch.rand(_SIDE, _SIDE)
    seconds = []
    for _ in range(_ROUNDS):
        begin = time.perf_counter()
        a @ b
        seconds.append(time.perf_counter() - begin)
    return 2.0 * _SIDE**3 / min(seconds)
