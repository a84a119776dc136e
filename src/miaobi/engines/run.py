"""Runs: folders in which a net was trained. What an engine has to know of one, and where they are.

run.json            net and recipe, what it was trained on, licence, language, how it ended
net.json            the net's kind and sizes          net.safetensors   its weights, the best by held-out loss
tokenizer.json      the vocabulary                    net.gguf          a decoder, for llama.cpp
adapter.gguf        of a run with a base; where that is a pretrained checkpoint, weights are the adapter's alone
log.jsonl chart.svg card.md                           resume.safetensors   while it is unfinished
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from miaobi.engines.disk import kept_digest
from miaobi.engines.entry import checkpoint_folder
from miaobi.errors import CheckpointError, UnknownNameError, show
from miaobi.types import Checkpoint

RECORD, RESUME, GGUF, ADAPTER = "run.json", "resume.safetensors", "net.gguf", "adapter.gguf"


@dataclass(frozen=True)
class Run:
    """A run that is on the disk, finished or not; ``record`` is what run.json holds."""

    folder: Path
    record: dict[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        """Its name: that of its folder."""
        return self.folder.name

    @property
    def finished(self) -> bool:
        """Whether training came to its end."""
        return "outcome" in self.record

    @property
    def begin(self) -> int | None:
        """The token before every text, if the net was trained to see one there."""
        begin = self.record.get("begin")
        return int(begin) if begin is not None else None

    def checkpoint(self, context: int, file: str = "net.safetensors") -> Checkpoint:
        """Return what an engine says of the weights it runs."""
        return Checkpoint(
            name=f"lab:{self.name}",
            sha256=kept_digest(self.folder / file),
            licence=str(self.record.get("licence", "unknown")),
            source=f"trained here on {self.record.get('corpus', {}).get('name', 'unnamed texts')}",
            languages=tuple(self.record.get("languages", ())),
            context=context,
            parameters=int(self.record.get("parameters", 0)),
        )


def runs_folder() -> Path:
    """Return the folder of runs, beside that of checkpoints."""
    return checkpoint_folder().parent / "runs"


def read(folder: Path) -> Run:
    """Return the run in *folder*; CheckpointError if it holds none that can be read."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        if not isinstance(record, dict):
            raise ValueError("it is no JSON object")
    except (OSError, ValueError) as error:
        raise CheckpointError(
            f"{show(str(folder))} holds no run that can be read: {error}.", "Train one: miaobi lab train NAME …"
        ) from error
    return Run(folder, record)


def runs() -> list[Run]:
    """Return the runs of this machine by name; folders without a record are left out."""
    return [read(path.parent) for path in sorted(runs_folder().glob(f"*/{RECORD}"))]


def find(name: str) -> Run:
    """Return the run called *name*, or the one in a folder of that path; UnknownNameError says which there are."""
    path = Path(name).expanduser()
    folder = path if path.is_absolute() or len(path.parts) > 1 else runs_folder() / name
    if not name or not (folder / RECORD).is_file():
        known = ", ".join(run.name for run in runs()) or "none yet"
        raise UnknownNameError(
            f"There is no run {show(name)}.", f"These are here: {known}. To train one: miaobi lab train NAME …"
        )
    return read(folder)
