"""SVG of a drawing: named layers, allow-listed elements, title and description first, credits and label as metadata.

Elements: svg, title, desc, metadata, defs, linearGradient, radialGradient, stop, g, path, rect, text. No script, no
style, no link, no image: a viewer has nothing to fetch and nothing to run.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import numpy as np

from miaobi.craft.drawing.shape import MATERIALS, Drawing, Gradient, Points, Shape
from miaobi.craft.markup import escape, one_line
from miaobi.work import Imprint

TOLD = 128
Paint = Callable[[int, Shape], str | None]


def number(value: float) -> str:
    """Return *value* with at most one decimal."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def path_of(shape: Shape) -> str:
    """Return the path data of a shape's rings."""
    return "".join((_rounded if shape.smooth else _straight)(ring) for ring in shape.rings)


def _straight(ring: Points) -> str:
    flat = np.round(ring, 1)
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in flat) + "Z"


def _rounded(ring: Points) -> str:
    middles = (ring + np.roll(ring, -1, axis=0)) / 2
    out = [f"M{number(middles[-1][0])} {number(middles[-1][1])}"]
    for (x, y), (mx, my) in zip(ring, middles, strict=True):
        out.append(f"Q{number(x)} {number(y)} {number(mx)} {number(my)}")
    return "".join(out) + "Z"


class _Sheet:
    """Collects gradients, each once, while shapes are written."""

    def __init__(self) -> None:
        self.defs: dict[str, str] = {}

    def paint(self, fill: str | Gradient) -> str:
        if isinstance(fill, str):
            return fill
        stops = "".join(
            f'<stop offset="{offset:g}" stop-color="{colour}"'
            + (f' stop-opacity="{opacity:.3g}"' if opacity < 1 else "")
            + "/>"
            for offset, colour, opacity in fill.stops
        )
        (x0, y0), (x1, y1) = fill.start, fill.end
        if fill.radius:
            body = (
                f'<radialGradient id="%s" gradientUnits="userSpaceOnUse" cx="{number(x0)}" cy="{number(y0)}" '
                f'r="{number(fill.radius)}">{stops}</radialGradient>'
            )
        else:
            body = (
                f'<linearGradient id="%s" gradientUnits="userSpaceOnUse" x1="{number(x0)}" y1="{number(y0)}" '
                f'x2="{number(x1)}" '
                f'y2="{number(y1)}">{stops}</linearGradient>'
            )
        name = self.defs.setdefault(body, f"p{len(self.defs) + 1}")
        return f"url(#{name})"

    def written(self) -> str:
        return "<defs>" + "".join(body % name for body, name in self.defs.items()) + "</defs>" if self.defs else ""


def svg(
    drawing: Drawing,
    title: str,
    description: str,
    imprint: Imprint | None = None,
    credits: Sequence[str] = (),
    over: str = "",
) -> str:
    """Return *drawing* as SVG; *over* is markup of ours that lies on top (lettering)."""
    sheet = _Sheet()
    groups = []
    for i, layer in enumerate(drawing.layers):
        marks = []
        for shape in layer.shapes:
            more = f' fill-opacity="{shape.opacity:.3g}"' if shape.opacity < 1 else ""
            rule = ' fill-rule="evenodd"' if len(shape.rings) > 1 else ""
            marks.append(f'<path d="{path_of(shape)}" fill="{sheet.paint(shape.fill)}"{more}{rule}/>')
        if marks:
            name = escape(one_line(layer.name))
            groups.append(f'<g id="layer-{i + 1}" aria-label="{name}">' + "\n".join(marks) + "</g>")
    about = json.dumps(
        {
            "AIGC": imprint.aigc if imprint else {},
            "generator": imprint.generator if imprint else "",
            "credits": list(credits),
        },
        ensure_ascii=False,
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width} {drawing.height}" '
        f'width="{drawing.width}" '
        f'height="{drawing.height}" role="img" aria-labelledby="title description">\n'
        f'<title id="title">{escape(one_line(title))}</title><desc id="description">'
        f"{escape(one_line(description))}</desc>\n"
        f"<metadata>{escape(about)}</metadata>\n{sheet.written()}\n"
        f'<rect width="{drawing.width}" height="{drawing.height}" fill="{drawing.paper}"/>\n'
        + "\n".join(groups)
        + f"\n{over}</svg>\n"
    )


def masks(drawing: Drawing) -> str:
    """Return the drawing with each solid shape in a flat code instead of its colour: red is the layer's number from
    1, green the number of the material, plus ``TOLD`` where the colour was told, blue the grain (0–180 degrees). Edges
    aren't blended."""
    marks = []
    for i, layer in enumerate(drawing.layers):
        for shape in layer.shapes:
            if shape.solid and shape.opacity > 0.4:
                grain = round(shape.grain) % 180
                matter = MATERIALS.index(shape.material) + TOLD * shape.told
                code = f"#{min(255, i + 1):02x}{matter:02x}{grain:02x}"
                marks.append(f'<path d="{path_of(shape)}" fill="{code}" fill-rule="evenodd"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width} {drawing.height}" '
        f'width="{drawing.width}" '
        f'height="{drawing.height}" shape-rendering="crispEdges">' + "".join(marks) + "</svg>"
    )
