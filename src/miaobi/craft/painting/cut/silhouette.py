"""Silhouettes: a drawing as what is left of a sheet of paper (the picture inside the frame of ``jianzhi``).

Figures are silhouettes that saw teeth, crescents and flowers of holes open; what is pale in them (faces, walls) is cut
out up to its outline. Ranges and clouds are lines, water is waves; near ground is lines with grass on them, and paper
below all feet. By night, in snow and in rain the sky is left and stars, flakes and streaks are cut.
"""

from __future__ import annotations

import cv2
import numpy as np

from miaobi.craft.drawing.noise import curve
from miaobi.craft.drawing.shape import Layer
from miaobi.craft.painting.contour import Form, Forms, forms_of
from miaobi.craft.painting.cut.cutting import (
    OPEN,
    PAPER,
    Mask,
    almond,
    blossom,
    cloud,
    crescent,
    cut,
    disc,
    line,
    offset_run,
    teeth,
    tuft,
)
from miaobi.craft.painting.land import crest_of, is_land, is_night, is_range, is_slope, luminary_of
from miaobi.craft.painting.stroke import scattered
from miaobi.craft.painting.view import Field, View
from miaobi.craft.painting.wash import mottled

_BROAD = 0.12  # of the picture: land that takes more is seen as ground
_WAYS = ("path", "road", "track")
_PALE = ("skin", "wall", "paper", "water", "light", "snow", "glass")


class Silhouette:
    """What is inside the frame, in the making. ``sheet``: 255 where paper is left; *whole*: the view with all
    layers."""

    def __init__(self, view: View, whole: View, rng: np.random.Generator) -> None:
        self.view, self.rng = view, rng
        self.unit = view.unit
        self.sheet: Mask = np.zeros(view.shape, np.uint8)
        self.forms: Forms = forms_of(view.drawing, view.shape[1], lambda layer: not is_land(layer))
        names = {layer.name for layer in whole.drawing.layers}
        self.falling = "snow" if "snowfall" in names else "rain" if "rain" in names else ""
        self.dark = is_night(view, whole.drawing) or bool(self.falling)

    def finished(self) -> Mask:
        """Cut everything, from far to near, and return the sheet."""
        layers = self.view.drawing.layers
        slopes = [n for n, layer in enumerate(layers, start=1) if is_slope(layer) and layer.name not in _WAYS]
        nearest = slopes[-1] if slopes else 0
        self._sky()
        for number, layer in enumerate(layers, start=1):
            mask = self.view.layer == number
            if not mask.any():
                continue
            if is_range(layer):
                self._range(layer, mask)
            elif is_slope(layer) and layer.name in _WAYS:
                self._outlined(mask, 3.6 * self.unit)
            elif layer.name in ("road", "floor") or number == nearest:
                self._ground(layer, mask)
            elif is_slope(layer):
                broad = mask.mean() > (3 if self.dark else 1) * _BROAD
                (self._ground if broad else self._range)(layer, mask)
            elif self.view.made_of("water")[mask].mean() > 0.5 and not layer.subject:
                self._water(mask)
            elif layer.name == "sea of clouds":
                self._outlined(mask, 5 * self.unit)
            elif not is_land(layer):
                self._things(number, layer, mask)
        return self.sheet

    def _sky(self) -> None:
        """Leave clouds on an open sky; open stars, flakes or streaks in a sky that is left."""
        view, rng, unit = self.view, self.rng, self.unit
        lamp = luminary_of(view)
        sky = view.made_of("sky", "cloud", "mist", "glow") & (view.depth > 0.9) | lamp
        if not sky.any():
            return
        foot = int(np.flatnonzero(sky.any(axis=1)).max())
        field = np.zeros(view.shape, np.uint8)
        if self.dark:
            field[:] = PAPER
            for x, y in scattered(rng, view.shape, (34 if self.falling else 52) * unit).tolist():
                if y > foot or rng.random() < 0.35:
                    continue
                if self.falling == "rain":
                    cut(field, [almond(x, y, rng.uniform(26, 46) * unit, 3.4 * unit, 1.92)])
                elif self.falling == "snow":
                    size = rng.uniform(5, 11) * unit
                    cut(
                        field,
                        blossom(x, y, size, 6, rng.uniform(0, 1)) if size > 7 * unit else [disc(x, y, 0.4 * size)],
                    )
                else:
                    cut(field, [_star(x, y, rng.uniform(3.5, 8) * unit)])
        else:
            for k in range(3):
                way = 1.0 if k % 2 else -1.0
                x = (0.20 if way < 0 else 0.80) * view.shape[1] + rng.normal(0, 0.08) * view.shape[1]
                y = foot * (0.24 + 0.22 * k) + rng.normal(0, 8) * unit
                self._cloud(field, x, y, rng.uniform(42, 64) * unit, way)
        self.sheet[sky] = field[sky]
        if lamp.any():
            ys, xs = np.nonzero(lamp)
            self._lamp(float(np.ptp(xs)) / 2 + float(xs.min()), float(np.ptp(ys)) / 2 + float(ys.min()), lamp, sky)

    def _cloud(self, field: Mask, x: float, y: float, size: float, way: float) -> None:
        """Leave a cloud that trails away to the frame on the side of *way*."""
        to = self.view.shape[1] - x if way > 0 else x
        cloud(field, x, y, size, 4.4 * self.unit, way * (to + 0.05 * self.view.shape[1]))

    def _lamp(self, x: float, y: float, lamp: Field, sky: Field) -> None:
        """Cut the moon out with rays about it, or leave the sun with its own."""
        field = self.sheet.copy()
        unit, radius = self.unit, float(np.ptp(np.flatnonzero(lamp.any(axis=0)))) / 2 + 1
        if self.dark:
            cut(field, [disc(x, y, 1.55 * radius)], PAPER)
            field[lamp] = OPEN
            for k in range(18):
                angle = 2 * np.pi * k / 18
                far = 1.32 * radius
                cut(field, [almond(x + far * np.cos(angle), y + far * np.sin(angle), 0.30 * radius, 3 * unit, angle)])
        else:
            for k in range(20):
                angle = 2 * np.pi * k / 20
                far, half = 1.5 * radius, 0.10
                tip = np.array([[x + far * np.cos(angle), y + far * np.sin(angle)]])
                base = [
                    [x + 1.05 * radius * np.cos(angle + s), y + 1.05 * radius * np.sin(angle + s)]
                    for s in (-half, half)
                ]
                cut(field, [np.concatenate([tip, np.array(base)])], PAPER)
            cut(field, [disc(x, y, 1.1 * radius)], PAPER)
            cut(field, blossom(x, y, 0.8 * radius, 9, 0.0))
            self._cloud(field, x, y + 1.5 * radius, 1.1 * radius, 1.0 if x > 0.5 * self.view.shape[1] else -1.0)
        self.sheet[sky] = field[sky]

    def _range(self, layer: Layer, mask: Field) -> None:
        """Leave a crest with saw teeth hanging from it and a second line; before a sky that is left, leave the land and
        cut its crest, but for snow."""
        view, unit = self.view, self.unit
        rows, columns = np.indices(view.shape, dtype=np.float32)
        below = rows - crest_of(view, layer)[None, :].astype(np.float32)
        wave = np.abs(((columns / (8.5 * unit)) % 1) * 2 - 1)
        sway = 1 + 0.5 * mottled(self.rng, view.shape, 9, 3)
        hang = (9 + 15 * wave**1.6 * sway) * unit
        if self.dark and self.falling != "snow":
            kept = (below > 5 * unit) & ~((below > 13 * unit) & (below < 4 * unit + hang))
        else:
            kept = (below < hang) | ((below > 38 * unit) & (below < 42.5 * unit) & (sway > 0.72))
        self.sheet[mask] = np.where(kept, PAPER, OPEN)[mask].astype(np.uint8)

    def _ground(self, layer: Layer, mask: Field) -> None:
        """Leave of the nearest land its crest, lines with grass on them where somebody stands, and below all feet the
        paper itself, opened by grass and flowers."""
        view, unit, rng = self.view, self.unit, self.rng
        height, width = view.shape
        crest = crest_of(view, layer)
        grown = layer.name not in ("road", "floor")
        stands = np.flatnonzero((view.of_subject & (view.layer > 0)).any(axis=1))
        feet = float(stands.max()) + 8 * unit if len(stands) else 0.8 * height
        feet = float(np.clip(feet, max(crest.min() + 60 * unit, 0.74 * height), 0.935 * height))
        x = np.arange(-4, width + 5, 3, dtype=float)
        field = np.zeros(view.shape, np.uint8)
        line(field, np.stack([np.arange(width), crest + 2 * unit], 1), 6 * unit)
        y, start = float(crest.mean()) + 34 * unit, float(crest.mean())
        while y < feet - 16 * unit:
            deep = (y - start) / max(1.0, height - start)
            roll = y + (7 + 20 * deep) * unit * curve(rng, len(x), 3 - deep, 3, 0.35)
            line(field, np.stack([x, roll], 1), (2.8 + 1.6 * deep) * unit)
            for i in rng.choice(len(x), max(1, len(x) // 22), replace=False).tolist() if grown else ():
                cut(field, tuft(x[i], roll[i] + 3 * unit, (13 + 15 * deep) * unit), PAPER)
            y += (30 + 44 * deep) * unit
        self.sheet[mask] = field[mask]
        edge = feet + 6 * unit * np.sin(np.arange(width) / (90 * unit) + rng.uniform(0, 6))
        below = np.indices(view.shape, dtype=np.float32)[0] - edge[None, :].astype(np.float32)
        solid = mask & (below > 0)
        self.sheet[solid] = PAPER
        self.sheet[mask & (below > 7 * unit) & (below < 10 * unit)] = OPEN
        if grown:
            self._strewn(solid & (below > 12 * unit))

    def _strewn(self, mask: Field) -> None:
        """Open grass and flowers in near ground."""
        rng, unit = self.rng, self.unit
        room = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 3)
        for x, y in scattered(rng, self.view.shape, 40 * unit).tolist():
            if room[int(y), int(x)] < 15 * unit:
                continue
            kind = rng.random()
            if kind < 0.55:
                cut(self.sheet, tuft(x, y + 8 * unit, rng.uniform(18, 26) * unit))
            elif kind < 0.8:
                cut(self.sheet, blossom(x, y, rng.uniform(10, 14) * unit, int(rng.integers(5, 8)), rng.uniform(0, 1)))
            else:
                cut(self.sheet, [crescent(x, y, 8 * unit, rng.uniform(0, 6))])

    def _water(self, mask: Field) -> None:
        """Leave waves that run from bank to bank, wider apart the nearer they are."""
        view, unit, rng = self.view, self.unit, self.rng
        self.sheet[mask] = OPEN
        rows = np.flatnonzero(mask.any(axis=1))
        field = np.zeros(view.shape, np.uint8)
        y, top = float(rows[0]) + 4 * unit, float(rows[0])
        x = np.arange(-4, view.shape[1] + 5, 3, dtype=float)
        while y < rows[-1] + 10 * unit:
            deep = (y - top) / max(1.0, view.shape[0] - top)
            long, high = (42 + 70 * deep) * unit, (1.6 + 5.5 * deep) * unit
            phase = rng.uniform(0, 6)
            crest = y - high * (np.abs(np.sin(np.pi * x / long + phase)) ** 0.7 * 2 - 1)
            line(field, np.stack([x, crest], 1), (2.8 + 2.0 * deep) * unit)
            y += (12 + 26 * deep) * unit
        self.sheet[mask] = field[mask]

    def _outlined(self, mask: Field, width: float) -> None:
        """Leave the outline of a mask."""
        inside = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 3)
        self.sheet[mask] = np.where(inside < width, PAPER, OPEN)[mask].astype(np.uint8)

    def _things(self, number: int, layer: Layer, mask: Field) -> None:
        """Cut what stands somewhere: free of what is behind it, its forms apart, each with its pattern."""
        unit, forms = self.unit, self.forms
        subject = bool(layer.subject)
        gap = (5.6 if subject else 2.6) * unit
        size = max(1, round(gap))
        about = cv2.dilate(mask.astype(np.uint8), np.ones((2 * size + 1, 2 * size + 1), np.uint8)) > 0
        behind = about & ~mask & (self.view.layer < number)
        ys = np.flatnonzero(mask.any(axis=1))
        feet = int(ys[-1] - (0.06 * (ys[-1] - ys[0]) if not self.dark else 0))
        behind[feet:] = False  # it stands on what it stands on
        self.sheet[behind] = OPEN
        own = [k for k, form in enumerate(forms.forms, start=1) if form.layer == number]
        lit = self.dark and layer.name == "trunks"  # birches before a sky that is left
        dark = [] if lit else [k for k in own if not self._is_pale(forms.forms[k - 1], own)]
        label = np.where(mask, forms.label, 0)
        closed = np.isin(label, dark)
        width = (3.4 if subject else 2.4) * unit
        self.sheet[mask] = np.where(closed | (forms.inside < width), PAPER, OPEN)[mask].astype(np.uint8)
        self._slits(np.where(closed, label, 0))
        for k in dark:
            form = forms.forms[k - 1]
            if form.material in ("foliage", "grass") and not subject:
                self._leafy(label == k, 9)
            elif float(forms.girth[k]) > 5.5 * unit:
                self._patterned(k, form)

    def _is_pale(self, form: Form, own: list[int]) -> bool:
        """Tell whether a form is cut out up to its outline: faces, walls, and white where the rest is dark."""
        tones = [float(self.forms.forms[k - 1].tone[0]) for k in own]
        if form.material in _PALE:
            return bool(form.tone[0] > 0.7 * max(tones))
        return bool(form.tone[0] > 0.80 and min(tones) < 0.5)

    def _slits(self, label: Field) -> None:
        """Open a slit between forms that touch; here and there it stops, and holds them."""
        apart = np.zeros(label.shape, bool)
        for a, b, at in ((label[:, 1:], label[:, :-1], np.s_[:, 1:]), (label[1:], label[:-1], np.s_[1:])):
            apart[at] |= (a != b) & (a > 0) & (b > 0)
        size = max(1, round(1.1 * self.unit))
        wide = cv2.dilate(apart.astype(np.uint8), np.ones((2 * size + 1, 2 * size + 1), np.uint8)) > 0
        held = mottled(self.rng, label.shape, 26, 2) < -0.42
        self.sheet[wide & ~held & (label > 0)] = OPEN

    def _leafy(self, mask: Field, size: float) -> None:
        """Open leaves in a crown."""
        rng, unit = self.rng, self.unit
        inside = self.forms.inside
        for x, y in scattered(rng, self.view.shape, 1.55 * size * unit).tolist():
            if mask[int(y), int(x)] and inside[int(y), int(x)] > 0.55 * size * unit:
                turn = rng.choice([-0.9, 0.9, 2.2]) + rng.normal(0, 0.2)
                cut(self.sheet, [almond(x, y, size * unit * rng.uniform(0.85, 1.1), 0.42 * size * unit, turn)])

    def _patterned(self, k: int, form: Form) -> None:
        """Open the pattern of one form: saw teeth inside its outline, then crescents and flowers where there is
        room."""
        unit, rng, forms = self.unit, self.rng, self.forms
        mask = forms.label == k
        girth = float(forms.girth[k])
        if form.material in ("foliage", "flower", "grass"):
            self._leafy(mask, float(np.clip(0.5 * girth / unit, 6, 13)))
            return
        taken = np.zeros(mask.shape, np.uint8)
        if girth > 11 * unit and form.material not in ("bark", "metal", "glass", "light"):
            self._teeth(mask, girth, taken)
        inside = np.where(taken > 0, 0, forms.inside)
        spots = scattered(rng, mask.shape, float(np.clip(0.55 * girth, 5 * unit, 22 * unit)))
        here = mask[spots[:, 1].astype(int), spots[:, 0].astype(int)]
        spots = spots[here]
        room = inside[spots[:, 1].astype(int), spots[:, 0].astype(int)]
        set_: list[tuple[float, float, float]] = []
        for i in np.argsort(-room):
            radius = float(min(room[i] - 2.6 * unit, 15 * unit))
            if radius < 2.6 * unit or len(set_) > 70:
                break
            x, y = spots[i].tolist()
            if all(np.hypot(x - a, y - b) > 1.25 * (radius + r) + 2.5 * unit for a, b, r in set_):
                set_.append((x, y, radius))
                self._motif(form.material, x, y, radius, first=len(set_) % 3 == 1)

    def _motif(self, material: str, x: float, y: float, radius: float, *, first: bool) -> None:
        rng = self.rng
        turn = float(self.view.direction[int(y), int(x)])
        if material in ("bark", "wood"):
            cut(self.sheet, [almond(x, y, 2.1 * radius, 0.6 * radius, turn)])
        elif material in ("cloth", "roof") and first and radius > 5 * self.unit:
            cut(self.sheet, blossom(x, y, radius, 5 if radius < 9 * self.unit else 6, rng.uniform(0, 1)))
        elif radius > 4 * self.unit or material in ("fur", "feather", "scale"):
            cut(self.sheet, [crescent(x, y, 0.92 * radius, turn + (np.pi / 2 if material == "scale" else 0))])
        else:
            cut(self.sheet, [disc(x, y, 0.7 * radius)])

    def _teeth(self, mask: Field, girth: float, taken: Mask) -> None:
        """Open saw teeth along the longer outlines of a form."""
        unit, rng = self.unit, self.rng
        found, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        for contour in found:
            outline = contour[:, 0].astype(float)
            if len(outline) < 90 * unit:
                continue
            start = int(rng.integers(len(outline)))
            long = int(len(outline) * rng.uniform(0.28, 0.42))
            for first in (start, start + len(outline) // 2):
                run = np.roll(outline, -first, axis=0)[:long]
                run = cv2.GaussianBlur(run[None].astype(np.float32), (0, 0), max(1.0, 2 * unit))[0]
                run = np.stack([np.convolve(run[:, c], np.ones(7) / 7, "valid") for c in (0, 1)], 1)
                step = 4.6 * unit
                path, side = offset_run(run, mask, 4.2 * unit, step)
                deep = float(np.clip(0.42 * girth, 6 * unit, 13 * unit))
                rings = [r for r in teeth(path, side, deep, step) if self._within(r, mask)]
                cut(self.sheet, rings)
                cut(taken, [ring + 0 for ring in rings], 255)
        size = max(1, round(3 * unit))
        taken[:] = cv2.dilate(taken, np.ones((2 * size + 1, 2 * size + 1), np.uint8))

    def _within(self, ring: Field, mask: Field) -> bool:
        x, y = np.round(ring).astype(int).T
        if x.min() < 0 or y.min() < 0 or x.max() >= mask.shape[1] or y.max() >= mask.shape[0]:
            return False
        return bool(mask[y, x].all()) and float(self.forms.inside[y, x].min()) > 2.2 * self.unit


def _star(x: float, y: float, radius: float) -> Field:
    turn = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    far = np.where(np.arange(8) % 2, 0.36, 1.0) * radius
    return np.stack([x + far * np.cos(turn), y + far * np.sin(turn)], 1)
