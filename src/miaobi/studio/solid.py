"""A person's own solid: opened as hostile and judged as a thing to print, for ``miaobi check``."""

from __future__ import annotations

from pathlib import Path

from miaobi.craft.space.fitness import findings
from miaobi.craft.space.opening import MOST_BYTES, READERS, opened
from miaobi.errors import show
from miaobi.findings import Finding
from miaobi.studio.intake import read_bytes


def is_solid(name: str) -> bool:
    """Tell by its ending whether a file holds a solid."""
    return Path(name).suffix.lower().lstrip(".") in READERS


def judge(name: str) -> list[Finding]:
    """Return what is found in the file; InputFileError for one that can't be read."""
    path = Path(name)
    mesh = opened(read_bytes(path, MOST_BYTES), path.suffix.lower().lstrip("."), show(name))
    wide, deep, high = mesh.size
    size = f"{len(mesh.faces):,} triangles, {wide:.1f} × {deep:.1f} × {high:.1f} mm."
    return [*findings(mesh), Finding(rule="size", message=size, severity="note")]
