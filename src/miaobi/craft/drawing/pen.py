"""Pen: what a generator draws with. It knows the air, the depth of its layer and the scale of its subject.

Generators draw in the unit of their subject: (0, 0) is where it stands, x to the right, y *up*, 1 its height. The pen
turns that into pixels and gives every shape the colour that its matter has in this light at this depth.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from miaobi.craft.drawing.air import Air
from miaobi.craft.drawing.pigment import Told
from miaobi.craft.drawing.shape import Gradient, Points, Shape, limb

Spine = Sequence[tuple[float, float, float]]


class Pen:
    """A place, a scale and a light; ``shapes`` is what was drawn."""

    def __init__(
        self, air: Air, rng: np.random.Generator, depth: float, x: float, y: float, size: float, *, flip: bool = False
    ) -> None:
        self.air = air
        self.rng = rng
        self.depth = depth
        self.x, self.y, self.size = x, y, size
        self.flip = -1.0 if flip else 1.0
        self.shapes: list[Shape] = []
        self.told = Told()
        self.feeling = ""  # a mood that faces show
        self.look = 0  # by which chance people have their clothes, hair and skin; 0: as their kind has
        self.local = ""  # of what style the country is: western, chinese
        self.fine = size > 90  # px: below this detail is left out

    @property
    def side(self) -> float:
        """Where the light comes from, as the subject sees it: −1 behind a flipped one's back."""
        return self.air.side * self.flip

    def at(self, x: float, y: float, size: float = 1.0, *, flip: bool = False) -> Pen:
        """Return a pen for a part: its foot at (x, y), its unit *size* of ours; it draws into our shapes."""
        px, py = self.x + x * self.size * self.flip, self.y - y * self.size
        part = Pen(self.air, self.rng, self.depth, px, py, self.size * size, flip=(self.flip < 0) != flip)
        part.shapes, part.told = self.shapes, self.told
        part.feeling, part.look, part.local = self.feeling, self.look, self.local
        return part

    def px(self, points: Points) -> Points:
        """Return unit points as pixels."""
        return np.stack([self.x + points[:, 0] * self.size * self.flip, self.y - points[:, 1] * self.size], axis=1)

    def fill(
        self,
        points: Points | Sequence[Points],
        own: str,
        lit: float,
        material: str,
        *,
        grain: float = 0.0,
        opacity: float = 1.0,
        smooth: bool = False,
        solid: bool = True,
    ) -> None:
        """Fill an outline, or several as one, in unit coordinates."""
        rings = [points] if isinstance(points, np.ndarray) else list(points)
        if self.told.ledger is not None and solid:
            key = (own, material)
            areas = sorted(_area(np.asarray(ring, float)) for ring in rings)
            area = (areas[-1] - sum(areas[:-1])) * self.size**2
            self.told.ledger[key] = self.told.ledger.get(key, 0.0) + opacity * area
        self.shapes.append(
            Shape(
                tuple(self.px(np.asarray(r, float)) for r in rings),
                self._tint(own, lit),
                material,
                grain if self.flip > 0 else 180 - grain,
                opacity,
                smooth,
                solid,
                self._is_told(own),
            )
        )

    def _is_told(self, own: str) -> bool:
        return own in self.told.dye or own in self.told.parts.values()

    def _tint(self, own: str, lit: float) -> str:
        """Return the colour of matter here: one that was told keeps its hue, whatever the palette."""
        if self._is_told(own):
            return self.air.tint_told(self.told.dye.get(own, own), lit, self.depth)
        return self.air.tint(own, lit, self.depth)

    def shine(self, points: Points, colour: str, *, opacity: float = 1.0, smooth: bool = False) -> None:
        """Fill with light that is the thing's own: a window, a lamp."""
        self.shapes.append(Shape((self.px(points),), self.air.leant(colour), "light", 0.0, opacity, smooth))

    def glow(self, x: float, y: float, radius: float, colour: str, strength: float = 0.6) -> None:
        """Lay a halo of light about a lamp."""
        at = self.px(np.array([[x, y]]))[0]
        r = radius * self.size
        colour = self.air.leant(colour)
        stops = ((0.0, colour, strength), (0.35, colour, strength * 0.35), (1.0, colour, 0.0))
        turn = np.linspace(0, 2 * np.pi, 20, endpoint=False)
        ring = at + r * np.stack([np.cos(turn), np.sin(turn)], axis=1)
        centre = (float(at[0]), float(at[1]))
        self.shapes.append(Shape((ring,), Gradient(stops, centre, centre, r), "glow", solid=False))

    def limbs(
        self,
        spines: Sequence[Spine],
        own: str,
        material: str,
        *,
        lit: float = 0.25,
        bright: float = 0.95,
        grain: float = 0.0,
        model: bool = True,
    ) -> None:
        """Draw tapered limbs as one body, modelled by a narrower lit limb towards the light on each."""
        for spine in spines:
            self.fill(limb(spine), own, lit, material, grain=grain)
        if model and self.fine:
            for spine in spines:
                lighter = [(x + 0.34 * r * self.side, y + 0.34 * r, 0.58 * r) for x, y, r in spine]
                self.fill(limb(lighter), own, (lit + bright) / 2, material, grain=grain)
            for spine in spines:
                lightest = [(x + 0.62 * r * self.side, y + 0.5 * r, 0.24 * r) for x, y, r in spine]
                self.fill(limb(lightest), own, bright, material, grain=grain)


def _area(ring: Points) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / 2
