"""A person's own tune: opened and judged for ``miaobi check``."""

from __future__ import annotations

from pathlib import Path

from miaobi.craft.music.judgement import findings
from miaobi.craft.music.opening import ENDINGS, MOST_BYTES, opened
from miaobi.craft.music.reading import NotationError
from miaobi.craft.music.score import Score
from miaobi.errors import InputFileError, show
from miaobi.findings import Finding


def is_tune(name: str) -> bool:
    """Tell by its ending whether a file holds music."""
    return Path(name).suffix.lower().lstrip(".") in ENDINGS


def judge(name: str) -> tuple[Score, list[Finding]]:
    """Return the score of the file and what is found in it; InputFileError, with the file's name, for one that
    can't be read.
    """
    path, shown = Path(name), show(name)
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise InputFileError(f"There is no file at {shown}.", "Check the path.") from None
    except (OSError, ValueError) as error:
        raise InputFileError(f"{shown} can't be read: {error}.", "Check the path and its permissions.") from error
    try:
        score, dropped = opened(content, path.suffix, path.stem)
        found = findings(score)
    except NotationError as error:
        raise InputFileError(f"{shown}: {error.message}", error.hint) from None
    return score, found + [
        Finding(rule="not-judged", message=f"Not judged: {what}.", severity="note") for what in dropped
    ]
