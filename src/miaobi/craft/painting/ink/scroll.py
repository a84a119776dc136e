"""Scroll: an ink painting in the making: what is to be painted, the washes laid so far, the brush."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from miaobi.craft.drawing.shape import Layer
from miaobi.craft.painting.contour import Forms, forms_of
from miaobi.craft.painting.ink.brush import Brush
from miaobi.craft.painting.land import is_land, is_night
from miaobi.craft.painting.view import Field, View
from miaobi.craft.painting.wash import mottled

WIDEST = 1500  # px: washes are soft, and contours smooth, at any size


@dataclass
class Scroll:
    """``view``: of what is painted; ``whole``: of all; ``tone``: the washes of land, water and what grows, 0–1;
    ``figures``: those of what isn't land, which creep less; ``pigments``: the seed of what is uneven in colours."""

    view: View
    whole: View
    brush: Brush
    rng: np.random.Generator
    tone: Field
    figures: Field
    pigments: int

    @property
    def unit(self) -> float:
        """A thousandth of the shorter side, px."""
        return self.view.unit

    @cached_property
    def forms(self) -> Forms:
        """The forms of what is painted."""
        return forms_of(self.view.drawing, self.view.shape[1], lambda layer: not is_land(layer))

    @cached_property
    def drift(self) -> Field:
        """Noise that mist follows, about −1…1."""
        return mottled(self.rng, self.view.shape, 4, 4, stretch=2.5)

    @property
    def scale(self) -> float:
        """Px of the view for one of the drawing's."""
        return self.view.shape[1] / self.view.drawing.width

    def has(self, name: str) -> bool:
        """Tell whether the drawing has a layer of this name."""
        return any(layer.name == name for layer in self.layers)

    @cached_property
    def night(self) -> bool:
        """Whether it is dark outside."""
        return is_night(self.view, self.whole.drawing)

    @cached_property
    def white(self) -> bool:
        """Whether snow lies or falls."""
        return self.has("snowfall") or float(self.view.made_of("snow").mean()) > 0.1

    @cached_property
    def misty(self) -> bool:
        """Whether mist lies before those who are seen, not only between the ranges."""
        names = [("mist" if layer.name == "mist" else "who" if layer.subject else "") for layer in self.layers]
        return "who" in names and "mist" in names[names.index("who") :]

    @property
    def layers(self) -> list[Layer]:
        """All that was drawn, from far to near."""
        return self.whole.drawing.layers
