"""剪纸 window paper-cut (窗花): one sheet of red paper on white, all of it in one piece.

The picture is cut by `silhouette`; a patterned frame holds it; what would fall out is tied by a bridge or a curl. Cut
along the SVG's strokes it holds together.
"""

from __future__ import annotations

import cv2
import numpy as np

from miaobi.craft.painting.cut.cutting import Mask, corner_flowers, frame, joined, left
from miaobi.craft.painting.cut.silhouette import Silhouette
from miaobi.craft.painting.land import LEFT_OUT
from miaobi.craft.painting.paper import tooth
from miaobi.craft.painting.stroke import Stroke
from miaobi.craft.painting.view import Pixels, View
from miaobi.craft.painting.wash import mottled

_RED, _WHITE = np.array([198, 24, 34], np.float32), np.array([250, 247, 240], np.float32)
_MARGIN, _BAND = 0.022, 0.062  # of the shorter side: white about the sheet, the frame
_LEAST, _MOST = 700, 2200  # px of the longer side that is cut


def jianzhi(view: View, rng: np.random.Generator, strokes: list[Stroke] | None = None) -> Pixels:
    """Return the picture cut from one red sheet."""
    sheet = sheet_of(view, rng)
    if strokes is not None:
        strokes += _outlines(sheet, view.shape[1] / sheet.shape[1])
    return _lit(sheet, view, rng)


def sheet_of(view: View, rng: np.random.Generator) -> Mask:
    """Return the sheet, 255 where it is left, in one piece; its longer side has 700 to 2,200 px."""
    longest = int(np.clip(max(view.shape), _LEAST, _MOST))
    width = round(view.shape[1] * longest / max(view.shape))
    shape = (round(view.shape[0] * width / view.shape[1]), width)
    unit = min(shape) / 1000
    edge = (_MARGIN + _BAND) * min(shape)
    inner = (round(shape[0] - 2 * edge), round(shape[1] - 2 * edge))
    scale = max(inner[1] / shape[1], inner[0] / shape[0])
    small = view.of(lambda layer: layer.name not in LEFT_OUT, round(shape[1] * scale))
    picture = Silhouette(small, view, rng).finished()
    sheet = frame(shape, _MARGIN * min(shape), _BAND * min(shape), unit)
    taken = np.zeros(shape, bool)
    down, across = (max(0, (a - b) // 2) for a, b in zip(picture.shape, inner, strict=True))
    part = np.s_[down : down + inner[0], across : across + inner[1]]
    tall, wide = picture[part].shape
    start = round(edge)
    there = np.s_[start : start + tall, start : start + wide]
    sheet[there] = np.maximum(sheet[there], picture[part])
    taken[there] = small.of_subject[part]
    corner_flowers(sheet, edge, 0.115 * min(shape), taken)
    return joined(sheet, unit, 40 * unit * unit, taken)


def _outlines(sheet: Mask, grow: float) -> list[Stroke]:
    """Return the sheet as one red outline and its openings in white."""
    found, tree = cv2.findContours(left(sheet), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    out = []
    for contour, (_, _, _, parent) in sorted(zip(found, tree[0], strict=True), key=lambda pair: pair[1][3] >= 0):
        ring = cv2.approxPolyDP(contour, 0.7, True)[:, 0].astype(np.float32) * np.float32(grow)
        if len(ring) > 2:
            colour = _RED if parent < 0 else _WHITE
            out.append(Stroke(ring, 0.0, "#" + "".join(f"{int(v):02x}" for v in colour)))
    return out


def _lit(sheet: Mask, view: View, rng: np.random.Generator) -> Pixels:
    """Return the sheet lying on white: its own faint relief, its thin shadow."""
    shape, unit = view.shape, view.unit
    size = (shape[1], shape[0])
    way = cv2.INTER_AREA if sheet.shape[1] > shape[1] else cv2.INTER_CUBIC
    field = cv2.resize(cv2.GaussianBlur(sheet, (0, 0), 0.8).astype(np.float32) / 255, size, interpolation=way)
    sharp = np.float32(max(1.0, 2.4 * shape[1] / sheet.shape[1]))
    paper = np.clip((field - 0.5) * sharp + 0.5, 0, 1)
    shift = np.array([[1, 0, -view.side * 2.2 * unit], [0, 1, 2.6 * unit]])
    shadow = cv2.GaussianBlur(cv2.warpAffine(paper, shift, size), (0, 0), 2.6 * unit + 0.3)
    grain = tooth(rng, shape, max(1.6, 2.2 * unit))
    uneven = cv2.resize(mottled(rng, sheet.shape, 3, 3), size)
    out = _WHITE * (1 - 0.20 * shadow)[:, :, None] * (0.992 + 0.012 * grain)[:, :, None]
    red = _RED * (0.955 + 0.05 * grain + 0.045 * uneven)[:, :, None]
    out += (red - out) * paper[:, :, None]
    return np.clip(out, 0, 255).astype(np.uint8)
