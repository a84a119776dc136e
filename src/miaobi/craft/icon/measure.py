"""Measures of an icon: how much is inked, how far two are alike, how much mirrors, how thin its parts are."""

from __future__ import annotations

from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt

Raster = npt.NDArray[np.float32]  # (size, size), 0 bare … 1 inked


def raster(data: str, size: int, rule: Literal["evenodd", "nonzero"] = "evenodd") -> Raster:
    """Return path data in the frame of 24 × 24 as a picture of *size* px a side."""
    import resvg_py

    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" fill="#fff"/>'
        f'<path fill-rule="{rule}" d="{data}"/></svg>'
    )
    png = bytes(resvg_py.svg_to_bytes(svg_string=text, width=size, skip_system_fonts=True))
    grey: Any = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    return np.asarray(1 - grey / np.float32(255), np.float32)


def overlap(one: Raster, other: Raster) -> float:
    """Return the share that two pictures have in common of what either has (Jaccard), 0–1."""
    return float(np.minimum(one, other).sum() / max(1e-6, float(np.maximum(one, other).sum())))


def ink(picture: Raster) -> float:
    """Return the share of the frame that is inked."""
    return float(picture.mean())


def spindly(picture: Raster) -> float:
    """Return how much of a picture is thinner than a sixteenth of the frame, ink or gap, as a share of the ink.

    *picture*: (48, 48). What a square of 3 px, moved about inside, doesn't reach is thin (opening and closing).
    """
    black = (picture > 0.5).astype(np.uint8)
    square = np.ones((3, 3), np.uint8)
    lost = int((black & ~cv2.morphologyEx(black, cv2.MORPH_OPEN, square) & 1).sum())
    filled = int((cv2.morphologyEx(black, cv2.MORPH_CLOSE, square) & ~black & 1).sum())
    return (lost + filled) / max(1, int(black.sum()))
