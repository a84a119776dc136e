"""Land: which of a drawing's layers are land, water or sky, where its crests run, and what brush and scissors leave out
of it: what only vectors need (a thousand blades of grass, ripples, cast shadows) comes back as a few marks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from miaobi.craft.drawing.shape import Drawing, Layer
from miaobi.craft.painting.view import Field, View

LEFT_OUT = (
    "grass", "footing", "foreground grass", "shadow", "shade", "wake", "glitter", "ripples", "reflections", "stars",
    "rain", "splashes", "snowfall", "clouds", "far clouds", "window light",
)  # fmt: skip
SLOPES = ("grass", "snow", "sand", "ground")


def luminary_of(view: View) -> npt.NDArray[np.bool_]:
    """Return where sun or moon is seen."""
    numbers = [n for n, layer in enumerate(view.drawing.layers, start=1) if layer.name in ("sun", "moon")]
    return np.asarray(np.isin(view.layer, numbers) & view.made_of("light"))


def is_night(view: View, drawing: Drawing) -> bool:
    """Tell whether it is dark in what *view* shows of *drawing*."""
    names = {layer.name for layer in drawing.layers}
    return "moon" in names or ("sun" not in names and float(view.light[:4].mean()) < 0.36)


def is_range(layer: Layer) -> bool:
    """Tell whether a layer is a range of mountains."""
    first = next((s for s in layer.shapes if s.solid), None)
    return first is not None and first.material == "mountain"


def is_slope(layer: Layer) -> bool:
    """Tell whether a layer is a stretch of land with a crest."""
    first = next((s for s in layer.shapes if s.solid), None)
    return not layer.subject and first is not None and first.material in SLOPES


def is_land(layer: Layer) -> bool:
    """Tell whether a layer is land, water or sky: painted by washes, not by the outlines of its parts."""
    if layer.subject:
        return False
    first = next((s for s in layer.shapes if s.solid), None)
    return first is None or first.material in ("mountain", "sky", "water", "light", "cloud", "mist", "glow", *SLOPES)


def crest_of(view: View, layer: Layer) -> Field:
    """Return the height of a layer's upper edge for each column, px of the view, hidden parts too."""
    size = (view.drawing.width, view.drawing.height)
    rings = [shape.rings[0] for shape in layer.shapes if shape.solid]
    shown = [np.ptp(np.clip(ring, 0, size), axis=0).prod() for ring in rings]
    body = rings[int(np.argmax(shown))] * (view.shape[1] / view.drawing.width)
    crest = np.full(view.shape[1], float(body[:, 1].max()))
    for (x0, y0), (x1, y1) in zip(body, np.roll(body, -1, axis=0), strict=True):
        first, last = max(0, int(np.ceil(min(x0, x1)))), min(len(crest) - 1, int(max(x0, x1)))
        if first <= last and x0 != x1:
            columns = np.arange(first, last + 1)
            heights = y0 + (y1 - y0) * (columns - x0) / (x1 - x0)
            crest[first : last + 1] = np.minimum(crest[first : last + 1], heights)
    return crest
