"""The start of a net: from word vectors, rows of its embedding become the vectors of their words (Kim 2014); or from
the weights of a finished run.

Vectors are brought to the size that fresh rows have, E^-½ a number, so that the rates of a recipe stay right; rows of
words without a vector stay as they were drawn. A capitalised word takes the vector of its lower case.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from miaobi.engines import run as run_folder
from miaobi.engines.disk import digest
from miaobi.engines.run import Run
from miaobi.errors import BriefError, CorpusError, show
from miaobi.lab.vectors.embedding import WordVectors
from miaobi.nets import storage


def take(net: Any, tokenizer: Any, path: Path) -> dict[str, Any]:
    """Start *net* from the vectors at *path*; return what the run's record keeps of them. Raises BriefError."""
    found = WordVectors.load(path)
    width = int(net.shape.width)
    if found.vectors.shape[1] != width:
        raise BriefError(
            f"The vectors have {found.vectors.shape[1]} numbers and the net is {width} wide.",
            f"Give --width {found.vectors.shape[1]}, or learn vectors with --dimensions {width}.",
        )
    rows, places = [], []
    for row in range(tokenizer.get_vocab_size()):
        word = tokenizer.id_to_token(row) or ""
        place = found.index.get(word, found.index.get(word.lower()))
        if place is not None:
            rows.append(row)
            places.append(place)
    if not rows:
        raise BriefError(
            f"No token of the vocabulary has a vector in {show(path.name)}.",
            "Vectors are of words or characters: make the vocabulary with --kind word or char.",
        )
    taken = found.vectors[places]
    size = float(np.sqrt(np.mean(np.square(taken)))) or 1.0
    with torch.no_grad():
        net.embedding.weight[rows] = torch.from_numpy(taken * (width**-0.5 / size))
    return {"path": str(path.absolute()), "name": path.name, "sha256": digest(path), "words": len(rows)}


def take_again(net: Any, tokenizer: Any, record: dict[str, Any]) -> None:
    """Start *net* from the vectors that its run began with; CorpusError if they are others now."""
    path = Path(record["path"])
    if not path.is_file() or digest(path) != record["sha256"]:
        raise CorpusError(
            f"The vectors at {show(str(path))} have changed since this run began.",
            "Restore them, or train under another name.",
        )
    take(net, tokenizer, path)


def take_weights(net: Any, run: Run) -> dict[str, Any]:
    """Start *net* from the weights of *run*; return what the record of the new run keeps of them. CheckpointError."""
    net.load_state_dict(storage.load(run.folder).state_dict())
    return {"name": run.name, "sha256": digest(run.folder / storage.WEIGHTS)}


def take_weights_again(net: Any, record: dict[str, Any]) -> None:
    """Start *net* from the weights that its run began with; CorpusError if they are others now."""
    run = run_folder.find(record["name"])
    if take_weights(net, run)["sha256"] != record["sha256"]:
        raise CorpusError(
            f"The weights of the run {run.name} have changed since this run began.", "Train under another name."
        )
