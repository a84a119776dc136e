"""A person's own tune: opened, and judged for ``miaobi check``."""

from __future__ import annotations

from pathlib import Path

from miaobi.craft.music.judgement import findings
from miaobi.craft.music.opening import ENDINGS, MOST_BYTES, opened
from miaobi.craft.music.reading import NotationError, Reading
from miaobi.craft.music.score import Score
from miaobi.errors import InputFileError, show
from miaobi.findings import Finding
from miaobi.studio.intake import read_bytes


def is_tune(name: str) -> bool:
    """Tell by its ending whether a file holds music."""
    return Path(name).suffix.lower().lstrip(".") in ENDINGS


def read(name: str) -> tuple[Reading, bytes]:
    """Return what the file holds and its bytes; InputFileError, with the file's name, for one that can't be read."""
    path = Path(name)
    content = read_bytes(path, MOST_BYTES)
    try:
        return opened(content, path.suffix, path.stem), content
    except NotationError as error:
        raise InputFileError(f"{show(name)}: {error.message}", error.hint) from None


def judge(name: str) -> tuple[Score, list[Finding]]:
    """Return the score of the file and what is found in it; InputFileError, with the file's name, for one that
    can't be read or judged.
    """
    (score, dropped), _ = read(name)
    try:
        found = findings(score)
    except NotationError as error:
        raise InputFileError(f"{show(name)}: {error.message}", error.hint) from None
    return score, found + [
        Finding(rule="not-judged", message=f"Not judged: {what}.", severity="note") for what in dropped
    ]
