"""A person's own SVG: read as hostile and judged for ``miaobi check``."""

from __future__ import annotations

from pathlib import Path

from miaobi.craft.drawing.check import LIMIT, check_svg
from miaobi.errors import InputFileError, show
from miaobi.findings import Finding


def is_picture(name: str) -> bool:
    """Tell by its ending whether a file is a picture that can be judged."""
    return Path(name).suffix.lower() == ".svg"


def judge(name: str) -> list[Finding]:
    """Return what is found in the SVG; InputFileError for a file that can't be read."""
    shown = show(name)
    try:
        with Path(name).open("rb") as file:
            content = file.read(LIMIT + 1)
    except FileNotFoundError:
        raise InputFileError(f"There is no file at {shown}.", "Check the path.") from None
    except (OSError, ValueError) as error:
        raise InputFileError(f"{shown} can't be read: {error}.", "Check the path and its permissions.") from error
    return check_svg(content)
