"""Contours: the outlines of the forms in a drawing, each drawn once, by the form that stands in front.

A form is what of one layer is of one matter and one colour, whatever light falls on it: light and shade of a coat are
one form, coat and hair are two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import cv2
import numpy as np

from miaobi.craft.drawing.colour import linear, oklab
from miaobi.craft.drawing.shape import Drawing, Gradient, Layer, Shape
from miaobi.craft.drawing.svg import path_of
from miaobi.craft.painting.ink.brush import Path, smoothed
from miaobi.craft.painting.view import Field

_ALIKE = np.array([0.30, 0.045, 0.045])  # of lightness, a, b (OKLab): what light does to one colour


@dataclass
class Form:
    """One form: its layer's number from 1, its matter, its first colour (OKLab)."""

    layer: int
    material: str
    tone: Field
    box: list[float] = field(default_factory=lambda: [1e9, 1e9, -1e9, -1e9])


@dataclass(frozen=True)
class Forms:
    """All forms of a drawing. ``label``: (H, W) int32, number of the form from 1; nearer ones have higher numbers."""

    label: Field
    forms: tuple[Form, ...]

    @cached_property
    def inside(self) -> Field:
        """How far each px lies from the edge of its form, px."""
        same = np.ones(self.label.shape, np.uint8)
        across, down = self.label[:, 1:] != self.label[:, :-1], self.label[1:] != self.label[:-1]
        same[:, 1:][across] = 0
        same[1:][down] = 0
        return cv2.distanceTransform(same, cv2.DIST_L2, 3)

    @cached_property
    def girth(self) -> Field:
        """Half the width of each form where it is widest, px, by number; of 0 for what isn't one."""
        out = np.zeros(len(self.forms) + 1, np.float32)
        np.maximum.at(out, self.label.ravel(), self.inside.ravel())
        return out

    def contours(self, wanted: Callable[[Form], bool], least: float) -> Iterator[tuple[int, Path]]:
        """Return what can be seen of the outlines of *wanted* forms (their numbers), runs of at least *least* px."""
        height, width = self.label.shape
        for number, form in enumerate(self.forms, start=1):
            if not wanted(form):
                continue
            x0, y0 = max(0, int(form.box[0]) - 3), max(0, int(form.box[1]) - 3)
            x1, y1 = min(width, int(form.box[2]) + 4), min(height, int(form.box[3]) + 4)
            if x1 - x0 < 3 or y1 - y0 < 3:
                continue
            mask = (self.label[y0:y1, x0:x1] == number).astype(np.uint8)
            found, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
            for contour in found:
                if len(contour) >= least:
                    line = contour[:, 0] + [x0, y0]
                    for run in _runs(self._owned(line, number)):
                        if len(run) >= least:
                            yield number, line[run].astype(float)

    def _owned(self, line: Path, number: int) -> Field:
        """Return which points of an outline border on what is behind, and not on the edge of the sheet."""
        height, width = self.label.shape
        out = np.zeros(len(line), bool)
        for dx, dy in ((2, 0), (-2, 0), (0, 2), (0, -2), (1, 1), (-1, -1), (1, -1), (-1, 1)):
            x, y = np.clip(line[:, 0] + dx, 0, width - 1), np.clip(line[:, 1] + dy, 0, height - 1)
            out |= self.label[y, x] < number
        inside = (line > 2).all(1) & (line[:, 0] < width - 3) & (line[:, 1] < height - 3)
        return np.asarray(out & inside)


def _runs(owned: Field) -> list[Field]:
    """Return runs of true in a closed outline as indices."""
    if owned.all():
        return [np.arange(len(owned))]
    start = int(np.argmin(owned))
    order = np.roll(np.arange(len(owned)), -start)
    flags = owned[order].astype(np.int8)
    flags = cv2.morphologyEx(flags[None].astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))[0]
    edge = np.flatnonzero(np.diff(np.concatenate([[0], flags, [0]])))
    return [order[a:b] for a, b in zip(edge[::2], edge[1::2], strict=True)]


def forms_of(drawing: Drawing, width: int, told_apart: Callable[[Layer], bool]) -> Forms:
    """Return the forms of *drawing* at *width* px; a layer that isn't *told_apart* is one form."""
    import resvg_py

    grow = width / drawing.width
    forms: list[Form] = []
    marks = []
    for number, layer in enumerate(drawing.layers, start=1):
        own: list[int] = []
        for shape in layer.shapes:
            if not shape.solid or shape.opacity <= 0.4:
                continue
            tone = oklab(linear(_colour(shape)))
            which = next((i for i in own if not told_apart(layer) or _alike(forms[i], shape, tone)), -1)
            if which < 0:
                which = len(forms)
                forms.append(Form(number, shape.material, tone))
                own.append(which)
            box = forms[which].box
            every = np.concatenate(shape.rings) * grow
            low, high = every.min(0), every.max(0)
            box[:] = [min(box[0], low[0]), min(box[1], low[1]), max(box[2], high[0]), max(box[3], high[1])]
            marks.append(f'<path d="{path_of(shape)}" fill="#{which + 1:06x}" fill-rule="evenodd"/>')
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width} {drawing.height}" '
        f'width="{drawing.width}" height="{drawing.height}" shape-rendering="crispEdges">' + "".join(marks) + "</svg>"
    )
    png = bytes(resvg_py.svg_to_bytes(svg_string=text, width=width, skip_system_fonts=True))
    code = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR).astype(np.int32)
    return Forms(code[:, :, 0] + 256 * code[:, :, 1] + 65536 * code[:, :, 2], tuple(forms))


def _alike(form: Form, shape: Shape, tone: Field) -> bool:
    return form.material == shape.material and bool((np.abs(form.tone - tone) < _ALIKE).all())


def _colour(shape: Shape) -> str:
    if isinstance(shape.fill, Gradient):
        return shape.fill.stops[len(shape.fill.stops) // 2][1]
    return shape.fill


def strokes_of(line: Path, rng: np.random.Generator, unit: float, longest: float) -> list[Path]:
    """Cut an outline where a brush would be set down anew: at corners, and where its ink ends."""
    if len(line) < 6:
        return [line]
    smooth = smoothed(line, 1.7 * unit + 0.5)
    reach = max(3, round(5 * unit))
    ahead = np.roll(smooth, -reach, 0) - smooth
    behind = smooth - np.roll(smooth, reach, 0)
    cross = ahead[:, 0] * behind[:, 1] - ahead[:, 1] * behind[:, 0]
    turn = np.abs(np.arctan2(cross, (ahead * behind).sum(1)))
    turn[:reach] = turn[-reach:] = 0
    corners = [
        i
        for i in np.flatnonzero(turn > 0.95).tolist()
        if turn[i] >= turn[max(0, i - 2 * reach) : i + 2 * reach + 1].max()
    ]
    out, start = [], 0
    for end in [*corners, len(smooth)]:
        while start < end:
            long = int(rng.uniform(0.55, 1.0) * longest)
            stop = end if end - start < 1.4 * long else start + long
            if stop - start > 3:
                out.append(smooth[max(0, start - round(1.5 * unit)) : stop])
            start = stop + (int(rng.uniform(0, 4) * unit) if stop < end else 0)
        start = end
    return out
