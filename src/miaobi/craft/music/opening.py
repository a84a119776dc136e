"""Opening: a file of music by its ending, whatever the notation."""

from __future__ import annotations

from miaobi.craft.music import abc, mei, midi, musicxml
from miaobi.craft.music.reading import NotationError, Reading
from miaobi.errors import show

ENDINGS = ("abc", "mid", "midi", "musicxml", "mxl", "mei")
MOST_BYTES = 20_000_000


def opened(content: bytes, ending: str, title: str = "Untitled") -> Reading:
    """Return what a file holds; *title* for a file that names none. NotationError says why it can't be read."""
    if not content.strip():
        raise NotationError("The file is empty.", "Give a tune.")
    if len(content) > MOST_BYTES:
        raise NotationError(f"The file is larger than {MOST_BYTES:,} bytes.", "Give the score of one piece.")
    match ending.lower().lstrip("."):
        case "abc":
            return abc.read(_text(content))
        case "mid" | "midi":
            return midi.read(content, title)
        case "musicxml" | "mxl" | "xml":
            return musicxml.read(content)
        case "mei":
            return mei.read(content)
        case other:
            raise NotationError(f"{show(other)} is no notation that is read.", f"These are: {', '.join(ENDINGS)}.")


def _text(content: bytes) -> str:
    if b"\0" in content:
        raise NotationError("It is no ABC: it has NUL bytes.", "Give a text file.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")  # what older collections are written in
