"""Pictures from anywhere: opened upright and in colour, or refused before anything is unpacked."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from miaobi.craft.looking import opening
from miaobi.craft.looking.opening import held, opened, unheld
from miaobi.errors import InputFileError

RNG = np.random.default_rng(1)
SMOOTH = np.asarray(
    Image.fromarray(RNG.integers(0, 255, (6, 8, 3), dtype=np.uint8)).resize((80, 60), Image.Resampling.BICUBIC)
)


def _saved(kind: str, image: Image.Image | None = None, **how: object) -> bytes:
    out = io.BytesIO()
    (image or Image.fromarray(SMOOTH)).save(out, kind, **how)
    return out.getvalue()


def _png(width: int, height: int, body: bytes = b"") -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("kind", "apart"), [("PNG", 0), ("BMP", 0), ("WEBP", 6), ("JPEG", 4), ("GIF", 12)])
def test_picture_is_opened_by_what_it_is(kind: str, apart: float) -> None:
    found = opened(_saved(kind), "it").pixels
    assert found.shape == SMOOTH.shape
    assert np.abs(found.astype(int) - SMOOTH).mean() <= apart


def test_picture_stands_upright() -> None:
    turned = Image.fromarray(SMOOTH)
    exif = turned.getexif()
    exif[0x0112] = 6  # to be turned clockwise
    found = opened(_saved("JPEG", turned, exif=exif), "it").pixels
    assert np.abs(found.astype(int) - np.rot90(SMOOTH, -1)).mean() < 4


def test_transparent_grey_deep_and_print_colours_are_seen_as_they_look() -> None:
    veil = np.dstack([SMOOTH, np.zeros((60, 80), np.uint8)])
    assert (opened(_saved("PNG", Image.fromarray(veil)), "it").pixels == 255).all()
    grey = Image.fromarray(SMOOTH[:, :, 0])
    assert opened(_saved("PNG", grey), "it").pixels.shape == SMOOTH.shape
    deep = Image.fromarray(SMOOTH[:, :, 0].astype(np.uint16) * 256)
    assert np.abs(opened(_saved("PNG", deep), "it").pixels[:, :, 0].astype(int) - SMOOTH[:, :, 0]).max() <= 1
    printed = opened(_saved("JPEG", Image.fromarray(SMOOTH).convert("CMYK")), "it")
    assert "CMYK" in printed.notes[0]
    assert np.abs(printed.pixels.astype(int) - SMOOTH).mean() < 8


def test_first_of_moving_pictures_is_taken_and_told() -> None:
    frames = [Image.fromarray(SMOOTH), Image.fromarray(255 - SMOOTH)]
    found = opened(_saved("GIF", frames[0], save_all=True, append_images=frames[1:], loop=0), "it")
    assert "moves" in found.notes[0]
    assert np.abs(found.pixels.astype(int) - SMOOTH).mean() < 12


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no picture"),
        (b"hello, I am a picture", "no picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture"),
        (b"%PDF-1.7", "no picture"),
        (b"\x89PNG\r\n\x1a\n", "no picture"),
        (b"\xff\xd8\xff\xe0", "no picture"),
        (b"GIF89a", "no picture"),
        (b"RIFF\x10\0\0\0WEBPVP8X", "pixels|no picture"),
        (_png(0, 600), "0 × 600"),
        (_png(2**31 - 1, 2**31 - 1), "pixels"),
        (_png(19_000, 19_000), "361 million"),
        (_png(8, 8), "8 × 8"),
        (_png(64, 64), "damaged"),
        (_png(64, 64, b"\0" * 50_000_000), None),  # more than its size says: the rest is never unpacked
        (_saved("PNG")[:900], "damaged"),
        (_saved("JPEG")[:900], "damaged"),
        (_saved("WEBP")[:300], "damaged"),
        (_saved("PNG")[:60] + b"\0" * 900 + b"IEND", "damaged"),
    ],
)
def test_what_is_hostile_or_broken_is_refused(content: bytes, says: str | None) -> None:
    if says is None:
        assert opened(content, "it").pixels.shape == (64, 64, 3)
        return
    with pytest.raises(InputFileError, match=says):
        opened(content, "“it”")


def test_too_many_bytes_are_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_head", lambda content: pytest.fail("it was looked into"))
    with pytest.raises(InputFileError, match="at most"):
        opened(b"\x89PNG\r\n\x1a\n" + bytes(opening.MOST_BYTES), "it")


def test_brief_holds_a_picture_small_enough_and_gives_it_back() -> None:
    noise = RNG.integers(0, 255, (2400, 3000, 3), dtype=np.uint8)
    text = held(noise)
    assert len(text) < 2_000_000
    assert unheld(text, "it").shape[1] > 600
    assert np.abs(unheld(held(SMOOTH), "it").astype(int) - SMOOTH).mean() < 4
    for wrong in ("", "http://example.org/a.png", "data:image/png;base64,%%%", "data:text/html;base64,PHA+"):
        with pytest.raises(InputFileError):
            unheld(wrong, "it")
