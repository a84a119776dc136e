"""Lattice: an openwork shell: a turned body whose wall is a triply periodic surface (A. Schoen's gyroid, 1970;
Schwarz, 1865).

The wall is where the surface's function is small, so one wall everywhere, held by a rim above and a floor or a rim
below.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from miaobi.craft.drawing.shape import curve_through
from miaobi.craft.space.clay import Shape

Points = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float64]
_OPEN = {"schwarz": 0.75, "diamond": 0.55}  # of the wave: beyond it is open


def openwork(
    profile: Points,
    height: float,
    wall: float,
    pattern: str,
    period: float,
    strut: float,
    *,
    floor: bool,
    ribs: int = 0,
) -> Shape:
    """Return a shell turned from *profile* ((n, 2): radius mm, height 0–1) of *wall* mm with *pattern* cut through
    it.

    *period*: mm after which the pattern comes again; *strut*: mm that are left standing between holes; *ribs* stand
    upright where the pattern alone doesn't join what is above to what is below.
    """
    line = curve_through(profile, 16)
    radius, level = line[:, 0], line[:, 1] * height
    slope = np.gradient(radius, np.maximum(level, 1e-9) + 1e-9 * np.arange(len(level)))
    lean = np.sqrt(1 + np.clip(slope, -3, 3) ** 2)
    k = 2 * np.pi / period
    rim = 1.25 * wall

    def distance(p: Points) -> Floats:
        r, z = np.hypot(p[:, 0], p[:, 1]), p[:, 2]
        off = (r - np.interp(z, level, radius)) / np.interp(z, level, lean)
        shell = np.abs(off + wall / 2) - wall / 2
        ends = np.maximum(-z, z - height)
        middle = (
            np.interp(z, level, radius) - wall / 2
        )  # the pattern is cut straight through, as it is on the wall's middle
        turn = np.arctan2(p[:, 1], p[:, 0])
        off_line = _net(pattern, turn, middle, z, k, strut)
        if ribs:
            off_line = np.minimum(off_line, np.abs(np.sin(ribs * turn / 2)) * 2 / ribs * middle - strut / 2)
        open_ = _rounded(off_line, shell, 0.35 * wall)
        held = np.minimum(np.abs(z - height + rim / 2), np.abs(z - rim / 2)) - rim / 2
        whole = np.minimum(open_, np.maximum(shell, held))
        if floor:
            whole = np.minimum(whole, np.maximum(off, np.abs(z - rim / 2) - rim / 2))
        return np.maximum(whole, ends)

    reach = float(radius.max()) + 0.5
    return Shape(distance, np.array([-reach, -reach, 0.0]), np.array([reach, reach, height]))


def _rounded(a: Floats, b: Floats, melt: float) -> Floats:
    return np.asarray(np.maximum(a, b) + np.maximum(melt - np.abs(a - b), 0) ** 2 / (4 * melt))


def _net(pattern: str, turn: Floats, radius: Floats, height: Floats, k: float, strut: float) -> Floats:
    """Return the distance on the wall to what stands between the holes, mm, negative in it."""
    step = 0.12 / k
    beside = turn + step / np.maximum(radius, 1)
    if pattern == "diagrid":
        here, around, above = (_diagrid(k, t, z) for t, z in ((turn, height), (beside, height), (turn, height + step)))
        return np.asarray(np.abs(here) / _slope(here, around, above, step, k) - strut / 2)
    at, by = _around(radius, k, turn), _around(radius, k, beside)
    low, high = _along(k, height), _along(k, height + step)

    def off(sense: int) -> tuple[Floats, Floats]:
        here, around, above = (_wave(pattern, flat, rise, sense) for flat, rise in ((at, low), (by, low), (at, high)))
        return here, _slope(here, around, above, step, k)

    if pattern == "gyroid":  # where it is zero, or its mirror image is: two families of lines that cross
        one, other = (np.abs(wave) / slope for wave, slope in (off(1), off(-1)))
        return np.asarray(np.minimum(one, other) - strut / 2)
    wave, slope = off(1)
    return np.asarray((np.abs(wave) - _OPEN[pattern]) / slope)  # holes where the wave is near its heights and depths


def _slope(here: Floats, around: Floats, above: Floats, step: float, k: float) -> Floats:
    return np.asarray(np.maximum(np.hypot(around - here, above - here) / step, 0.3 * k))


def _diagrid(k: float, turn: Floats, height: Floats) -> Floats:
    count = 2 * max(4, round(k * 40 / 2))
    return np.asarray(np.sin((count * turn + k * height) / 2) * np.sin((count * turn - k * height) / 2))


def _around(radius: Floats, k: float, turn: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return sine and cosine of x, and of y, on the wall; x and y in periods."""
    x, y = k * radius * np.cos(turn), k * radius * np.sin(turn)
    return np.sin(x), np.cos(x), np.sin(y), np.cos(y)


def _along(k: float, height: Floats) -> tuple[Floats, Floats]:
    """Return sine and cosine of z, in periods."""
    return np.sin(k * height), np.cos(k * height)


def _wave(pattern: str, around: Sequence[Floats], along: Sequence[Floats], sense: int) -> Floats:
    sin_x, cos_x, sin_y, cos_y = around
    sin_z, cos_z = along[0] * sense, along[1]
    if pattern == "gyroid":
        return np.asarray(sin_x * cos_y + sin_y * cos_z + sin_z * cos_x)
    if pattern == "schwarz":
        return np.asarray(cos_x + cos_y + cos_z)
    return np.asarray(sin_x * sin_y * sin_z + sin_x * cos_y * cos_z + cos_x * sin_y * cos_z + cos_x * cos_y * sin_z)
