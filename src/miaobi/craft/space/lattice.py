"""Lattice: an openwork shell: a turned body whose wall is a triply periodic surface (A. Schoen's gyroid, 1970;
Schwarz, 1865).

The wall is where the surface's function is small, so one wall everywhere, held by a rim above and a floor or a rim
below.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

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

    def off(wave: Callable[[Floats, Floats], Floats]) -> tuple[Floats, Floats]:
        here = wave(turn, height)
        slope = (
            np.hypot(wave(turn + step / np.maximum(radius, 1), height) - here, wave(turn, height + step) - here) / step
        )
        return here, np.maximum(slope, 0.3 * k)

    if pattern == "gyroid":  # where it is zero, or its mirror image is: two families of lines that cross
        nets = [off(partial(_pattern, pattern, radius, k, sense)) for sense in (1, -1)]
        return np.asarray(np.min([np.abs(w) / slope for w, slope in nets], axis=0) - strut / 2)
    wave, slope = off(partial(_pattern, pattern, radius, k, 1))
    if pattern == "diagrid":
        return np.asarray(np.abs(wave) / slope - strut / 2)
    return np.asarray((np.abs(wave) - _OPEN[pattern]) / slope)  # holes where the wave is near its heights and depths


def _pattern(pattern: str, radius: Floats, k: float, sense: int, turn: Floats, height: Floats) -> Floats:
    if pattern == "diagrid":
        count = 2 * max(4, round(k * 40 / 2))
        return np.asarray(np.sin((count * turn + k * height) / 2) * np.sin((count * turn - k * height) / 2))
    x, y, z = k * radius * np.cos(turn), k * radius * np.sin(turn), k * height * sense
    if pattern == "gyroid":
        return np.asarray(np.sin(x) * np.cos(y) + np.sin(y) * np.cos(z) + np.sin(z) * np.cos(x))
    if pattern == "schwarz":
        return np.asarray(np.cos(x) + np.cos(y) + np.cos(z))
    return np.asarray(
        np.sin(x) * np.sin(y) * np.sin(z)
        + np.sin(x) * np.cos(y) * np.cos(z)
        + np.cos(x) * np.sin(y) * np.cos(z)
        + np.cos(x) * np.cos(y) * np.sin(z)
    )
