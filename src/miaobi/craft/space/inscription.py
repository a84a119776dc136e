"""Inscription: set words as solids: letters that stand, a tag for a ring, a plaque. Latin and Chinese alike.

The outlines come from ``craft/drawing/lettering``; a fine raster of them gives the distance to their edge
(Felzenszwalb and Huttenlocher's transform, as OpenCV has it), and a bevel is a matter of that distance and of depth.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from miaobi.craft.drawing.lettering import set_line
from miaobi.craft.markup import CJK
from miaobi.craft.space.clay import Shape

Points = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float64]
_ROOM = 6.0  # mm about the words that the field knows
_LEADING = 1.28  # of the size, from line to line


@dataclass(frozen=True)
class Words:
    """Set words as a field of distances over the plane; their middle is the origin, y upwards, mm."""

    field: npt.NDArray[np.float32]  # mm, negative inside
    pixel: float  # mm
    width: float
    height: float

    def distance(self, x: Floats, y: Floats) -> Floats:
        """Return the distance to the letters' edge, mm, negative inside; beyond the field it goes on growing."""
        rows, columns = self.field.shape
        column = x / self.pixel + columns / 2 - 0.5
        row = rows / 2 - 0.5 - y / self.pixel
        inner = np.clip(column, 0, columns - 1), np.clip(row, 0, rows - 1)
        values = np.empty(len(x))
        for start in range(0, len(x), 30_000):
            part = slice(start, start + 30_000)
            values[part] = cv2.remap(
                self.field,
                inner[0][part, None].astype(np.float32),
                inner[1][part, None].astype(np.float32),
                cv2.INTER_LINEAR,
            )[:, 0]
        beyond = np.hypot(column - inner[0], row - inner[1]) * self.pixel
        return np.where(beyond > 0, np.maximum(values, 0) + beyond, values)


def set_words(lines: tuple[str, ...], size: float, weight: int = 700) -> Words:
    """Return *lines* set centred, *size* mm from line to line and *weight* heavy."""
    import resvg_py

    tracking = 0.03 if not CJK.search("".join(lines)) else 0.02
    placed = [set_line(line, weight, tracking) for line in lines]
    width = max(line.width for line in placed) * size
    height = size * (1 + _LEADING * (len(lines) - 1))
    pixel = min(0.1, max(width, height) / 900)
    sheet_w, sheet_h = width + 2 * _ROOM, height + 2 * _ROOM
    paths = "".join(
        line.placed(sheet_w / 2, _ROOM + size * (0.80 + _LEADING * i), size, "#000000") for i, line in enumerate(placed)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {sheet_w:.3f} {sheet_h:.3f}" '
        f'width="{sheet_w:.3f}" height="{sheet_h:.3f}">{paths}</svg>'
    )
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=round(sheet_w / pixel), background="#ffffff"))
    ink = 255 - cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    field = cv2.GaussianBlur((away(ink < 128) - away(ink >= 128)) * np.float32(pixel), (0, 0), 1.0)
    marked = np.argwhere(ink >= 128)
    top, bottom = (marked[:, 0].min(), marked[:, 0].max()) if len(marked) else (0, 1)
    middle = round((top + bottom) / 2 - (ink.shape[0] - 1) / 2)  # the ink's own middle, not the line's
    field = np.roll(field, -middle, axis=0)
    return Words(field, pixel, width, float(bottom - top) * pixel)


def away(marked: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    """Return how far each marked pixel is from the next that isn't, px.

    The transform's last bits depend on where in memory its picture lies; squares of distances are whole numbers.
    """
    found = cv2.distanceTransform(marked.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.sqrt(np.rint(found.astype(float) ** 2)).astype(np.float32)


def raised(words: Words, low: float, high: float, bevel: float, axis: int, *, grow: float = 0.0) -> Shape:
    """Return the letters as a solid from *low* to *high* along *axis* (1: they stand, facing −y; 2: they lie).

    Their edges towards the reader are cut at 45°, *bevel* mm wide. *grow* thickens them all round by so many mm.
    """
    half = np.array([words.width / 2 + _ROOM + grow, words.height / 2 + _ROOM + grow])
    middle, reach = (low + high) / 2, (high - low) / 2

    def distance(p: Points) -> Floats:
        flat = words.distance(p[:, 0], p[:, 2] if axis == 1 else p[:, 1]) - grow
        toward = (p[:, axis] - middle) * (-1 if axis == 1 else 1)
        cut = (flat + toward - reach + bevel) / np.sqrt(2)
        return np.maximum(np.maximum(flat, np.abs(toward) - reach), cut)

    if axis == 1:
        return Shape(distance, np.array([-half[0], low, -half[1]]), np.array([half[0], high, half[1]]))
    return Shape(distance, np.array([-half[0], -half[1], low]), np.array([half[0], half[1], high]))
