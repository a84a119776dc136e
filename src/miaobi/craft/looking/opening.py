"""Opening: a picture file from anywhere as pixels. Its size is read from its head before anything is unpacked.

PNG, JPEG, WebP, GIF and BMP by their first bytes, whatever the file is called; the first picture of several; upright
by its EXIF orientation; CMYK as seen; what is transparent on white. Anything else, too large, too many pixels or cut
short is refused.
"""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from miaobi.errors import InputFileError

Pixels = npt.NDArray[np.uint8]  # (height, width, 3), RGB

MOST_BYTES = 40_000_000
MOST_PIXELS = 50_000_000
_SIDES = (16, 20_000)  # px: least and most of a side
_HELD = 1_450_000  # bytes of a picture that a brief holds
_HELD_SIDE = 2048  # px


@dataclass(frozen=True)
class Opened:
    """A picture's pixels, and what its file was that they aren't."""

    pixels: Pixels
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Head:
    kind: str
    width: int
    height: int
    alpha: bool = False
    moving: bool = False
    channels: int = 3


def opened(content: bytes, name: str) -> Opened:
    """Return the picture in *content*; InputFileError, with *name* as it is to be shown, for what can't be taken."""
    if len(content) > MOST_BYTES:
        raise InputFileError(
            f"{name} has {len(content):,} bytes; at most {MOST_BYTES:,} are read.", "Save it smaller, as JPEG or WebP."
        )
    head = _head(content)
    if head is None:
        raise InputFileError(f"{name} is no picture that can be read.", "Give a PNG, JPEG, WebP, GIF or BMP file.")
    if not all(_SIDES[0] <= side <= _SIDES[1] for side in (head.width, head.height)):
        raise InputFileError(
            f"{name} is {head.width:,} × {head.height:,} pixels.", f"A side may have {_SIDES[0]} to {_SIDES[1]:,}."
        )
    if (many := head.width * head.height) > MOST_PIXELS:
        raise InputFileError(
            f"{name} has {many / 1e6:,.0f} million pixels; at most {MOST_PIXELS / 1e6:.0f} are unpacked.",
            "Save it smaller.",
        )
    return Opened(_decoded(content, head, name), _notes(head))


def _notes(head: _Head) -> tuple[str, ...]:
    found = []
    if head.moving:
        found.append("It moves; its first picture was taken.")
    if head.channels == 4 and head.kind == "JPEG":
        found.append("Its colours are for print (CMYK) and were read without a profile.")
    return tuple(found)


def _decoded(content: bytes, head: _Head, name: str) -> Pixels:
    how = cv2.IMREAD_UNCHANGED if head.alpha else cv2.IMREAD_COLOR  # only IMREAD_COLOR turns it upright
    try:
        found = cv2.imdecode(np.frombuffer(content, np.uint8), how)
    except cv2.error:
        found = None
    if found is None or found.ndim < 2 or not _whole(content, head):
        raise InputFileError(
            f"{name} is damaged or cut short: it says {head.kind} and can't be unpacked.", "Check the file."
        )
    if found.dtype == np.uint16:
        found = (found >> 8).astype(np.uint8)
    if found.ndim == 2:
        found = cv2.cvtColor(found, cv2.COLOR_GRAY2BGR)
    if found.shape[2] == 4:
        veil = found[:, :, 3:].astype(np.float32) / 255
        found = (found[:, :, :3] * veil + 255 * (1 - veil) + 0.5).astype(np.uint8)
    return np.ascontiguousarray(found[:, :, ::-1])


def _whole(content: bytes, head: _Head) -> bool:
    """Tell whether the file has its end: decoders fill what is missing with grey and say nothing."""
    if head.kind == "PNG":
        return b"IEND" in content[-64_000:]
    if head.kind == "JPEG":
        return b"\xff\xd9" in content[-64_000:]
    return head.kind != "WebP" or len(content) >= int.from_bytes(content[4:8], "little")


def _head(content: bytes) -> _Head | None:
    """Return what the head says; None for what is no picture of a kind that is read."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            width, height, _, colour = struct.unpack(">IIBB", content[16:26])
            early = content[:65536]
            return _Head("PNG", width, height, bool(colour & 4) or b"tRNS" in early, b"acTL" in early)
        if content.startswith(b"\xff\xd8\xff"):
            return _jpeg(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
        if content[:6] in (b"GIF87a", b"GIF89a"):
            width, height = struct.unpack("<HH", content[6:10])
            return _Head("GIF", width, height, moving=b"NETSCAPE2.0" in content[:4096])
        if content[:2] == b"BM":
            width, height = struct.unpack("<ii", content[18:26])
            return _Head("BMP", width, abs(height))
    except (struct.error, IndexError):
        return None
    return None


def _jpeg(content: bytes) -> _Head | None:
    at = 2
    while at + 9 < len(content):
        if content[at] != 0xFF:
            return None
        mark = content[at + 1]
        if mark == 0xFF:  # padding
            at += 1
            continue
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):  # a start of frame
            height, width, channels = struct.unpack(">HHB", content[at + 5 : at + 10])
            return _Head("JPEG", width, height, channels=channels)
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


def _webp(content: bytes) -> _Head | None:
    kind, body = content[12:16], content[20:30]
    if kind == b"VP8X":
        width, height = (int.from_bytes(body[i : i + 3], "little") + 1 for i in (4, 7))
        return _Head("WebP", width, height, bool(body[0] & 16), bool(body[0] & 2))
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return _Head("WebP", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1))
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", body[6:10])
        return _Head("WebP", width & 0x3FFF, height & 0x3FFF)
    return None


def shrunk(pixels: Pixels, side: int) -> Pixels:
    """Return *pixels* with a longer side of at most *side* px."""
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return pixels
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))


def held(pixels: Pixels) -> str:
    """Return *pixels* as a brief holds a picture: JPEG in a ``data:`` URL, shrunk until it is small enough."""
    side = _HELD_SIDE
    while True:
        done, data = cv2.imencode(".jpg", shrunk(pixels, side)[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 91])
        assert done
        if data.size <= _HELD:
            return "data:image/jpeg;base64," + base64.b64encode(data.tobytes()).decode()
        side = round(side * 0.8)


def unheld(text: str, name: str) -> Pixels:
    """Return the pixels of what ``held`` made, or of any ``data:`` URL of a picture; InputFileError for anything
    else."""
    _, comma, body = text.partition(";base64,")
    if not text.startswith("data:image/") or not comma:
        raise InputFileError(f"{name} is no picture.", "Give a picture's file, or a data:image/…;base64 URL.")
    try:
        content = base64.b64decode(body, validate=True)
    except ValueError as error:
        raise InputFileError(f"{name} is no base64: {error}.", "Check how it was encoded.") from None
    return opened(content, name).pixels
