"""Cover: what a list shows of a work, from a picture that was made already; nothing is painted for a list."""

from __future__ import annotations

import cv2
import numpy as np

from miaobi.studio.library import Library
from miaobi.studio.library.version import Version

WIDEST = 640  # pixels of the longer side
QUALITY = 84  # of the JPEG


def cover_of(library: Library, version: Version) -> tuple[bytes, str] | None:
    """Return a small JPEG of a version's PNG, or its SVG as it is, with the media type; None where it has neither."""
    files = {f.name.rpartition(".")[2]: f for f in library.described(version.id).files}
    if "png" in files:
        return _small(library.objects.get(files["png"].sha256)), "image/jpeg"
    if "svg" in files:
        return library.objects.get(files["svg"].sha256), "image/svg+xml"
    return None


def _small(png: bytes) -> bytes:
    pixels = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    scale = min(1.0, WIDEST / max(pixels.shape[:2]))
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    done, made = cv2.imencode(
        ".jpg", cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    )
    assert done
    small: bytes = made.tobytes()
    return small
