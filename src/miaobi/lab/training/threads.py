"""How many threads a run gets, by trial: on a machine whose cores are taken, two may be slower than one."""

from __future__ import annotations

import os
import time
from typing import Any

import torch

from miaobi.lab.training.batches import Pair

_GAIN = 0.9  # more threads must save a tenth of the time to be taken


def probe(net: Any, batch: Pair) -> int:
    """Return the number of threads with which a step of *net* is fastest: 1, 2, 4, … up to the cores."""
    cores = os.cpu_count() or 1
    best, least = 1, float("inf")
    threads = 1
    while threads <= cores:
        torch.set_num_threads(threads)
        seconds = min(_seconds(net, batch) for _ in range(3))
        if seconds < least * _GAIN:
            best, least = threads, seconds
        threads *= 2
    net.zero_grad(set_to_none=True)
    return best


def share(processes: int) -> int:
    """Return the threads of each of *processes* on this machine."""
    return max(1, (os.cpu_count() or 1) // processes)


def _seconds(net: Any, batch: Pair) -> float:
    begin = time.perf_counter()
    net.loss(*batch, None)[0].backward()
    return time.perf_counter() - begin
