"""Group: the processes that train one net together, on one machine or many (torch.distributed, gloo).

Each reads its rows of every batch; gradients are averaged before a step (DistributedDataParallel), so all hold the same
weights, and the batch of a recipe is that of all together: a run has the losses of one process but for rounding. Only
the first writes. ``torchrun --nproc-per-node 2 -m miaobi lab train …`` makes a group, and so does Ray Train.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from miaobi.errors import BriefError


@dataclass(frozen=True)
class Group:
    """This process's place in the group; of one process all that follows does nothing."""

    rank: int = 0
    size: int = 1

    @property
    def first(self) -> bool:
        """Whether this process is the one that writes."""
        return self.rank == 0

    def wait(self) -> None:
        """Wait for all others to come here."""
        if self.size > 1:
            torch.distributed.barrier()

    def summed(self, *values: float) -> list[float]:
        """Return the sums of *values* over all processes."""
        if self.size == 1:
            return list(values)
        total = torch.tensor(values, dtype=torch.float64)
        torch.distributed.all_reduce(total)
        return [float(each) for each in total]

    def rows(self, tensor: Tensor) -> Tensor:
        """Return this process's rows of a batch (B, T)."""
        return tensor.tensor_split(self.size)[self.rank] if self.size > 1 else tensor

    def gathered(self, tensors: Sequence[Tensor]) -> list[tuple[Tensor, ...]]:
        """Return the *tensors* of every process, in their order; they have the same shapes everywhere.

        They travel as numbers. ``all_gather_object`` would unpickle what comes by a socket: run whatever it says.
        """
        if self.size == 1:
            return [tuple(tensors)]
        found = [[torch.empty_like(tensor) for _ in range(self.size)] for tensor in tensors]
        for places, tensor in zip(found, tensors, strict=True):
            torch.distributed.all_gather(places, tensor.contiguous())
        return [tuple(places[rank] for places in found) for rank in range(self.size)]

    def admit(self, rows: int) -> None:
        """Raise BriefError unless a batch of *rows* can be shared out evenly: else the mean of means isn't the mean."""
        if rows % self.size:
            raise BriefError(
                f"A batch of {rows} sequences can't be shared out evenly among {self.size} processes.",
                f"Take a --batch that is a multiple of {self.size}.",
            )

    def shared(self, net: Any) -> Any:
        """Return ``net.loss`` as a callable that averages gradients over the group as they come."""
        if self.size == 1:
            return net.loss
        return nn.parallel.DistributedDataParallel(_Loss(net), broadcast_buffers=False)


class _Loss(nn.Module):
    """What DistributedDataParallel wraps: it wants a module whose forward is the loss."""

    def __init__(self, net: Any) -> None:
        super().__init__()
        self.net = net

    def forward(self, *given: Any) -> Any:
        """Return what ``net.loss`` returns."""
        return self.net.loss(*given)


def current() -> Group:
    """Return the group that this process is in."""
    if torch.distributed.is_available() and torch.distributed.is_initialized():
        return Group(torch.distributed.get_rank(), torch.distributed.get_world_size())
    return Group()


@contextmanager
def joined() -> Iterator[Group]:
    """Join the processes that torchrun began beside this one, if it did."""
    if int(os.environ.get("WORLD_SIZE", "1")) < 2:
        yield Group()
        return
    # Functions of its have the group that there is at their import as a default, and DistributedDataParallel imports
    # it: the group would outlive the interpreter, whose end gloo's threads don't survive ("terminate called without an
    # active exception"). Before the group is made they have None.
    import torch._dynamo

    torch.distributed.init_process_group("gloo")
    try:
        yield current()
    finally:
        gc.collect()  # what DistributedDataParallel leaves behind holds the group too
        torch.distributed.destroy_process_group()
