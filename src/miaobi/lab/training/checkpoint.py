"""The state of a run on disk: one safetensors file, with what is not a tensor as JSON in its header.

One file, written beside its place and renamed, is what makes a kill at any moment harmless: there is the old state or
the new, never half of one and never the weights of one with the log of another. Nothing is pickled.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from torch import Tensor

from miaobi.engines import safetensors_file
from miaobi.engines.disk import explained, settle
from miaobi.errors import CheckpointError, show

_KEY = "miaobi"


def write(path: Path, tensors: dict[str, Tensor], values: dict[str, Any]) -> None:
    """Write *tensors* and *values* (JSON); *path* holds the old state or the new. CheckpointError if it can't."""
    from safetensors.torch import save

    content = save({name: t.detach().contiguous() for name, t in tensors.items()}, {_KEY: json.dumps(values)})
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with explained(path.parent, "the state of the training run"):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
            settle(part, path)
        finally:
            part.unlink(missing_ok=True)


def read(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Return what ``write`` wrote; CheckpointError if the file is damaged or something else."""
    from safetensors import SafetensorError
    from safetensors.torch import load

    header = safetensors_file.inspect(path)
    try:
        values = json.loads(header.metadata[_KEY])
        return load(path.read_bytes()), values
    except (KeyError, ValueError, SafetensorError) as error:
        raise CheckpointError(
            f"{show(str(path))} is not the state of a training run of miaobi, or it is damaged.",
            "Delete it to train anew, or restore it from a copy.",
        ) from error
