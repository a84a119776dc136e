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
Singles = npt.NDArray[np.float32]
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
        x, y, z = np.ascontiguousarray(p.T, np.float32)  # which errs by a hundredth of a nozzle's thousandth
        r = np.hypot(x, y)
        at, inverse = np.unique(z, return_inverse=True)  # the points of a grid stand at few heights
        outer, steep = (np.interp(at, level, values).astype(np.float32)[inverse] for values in (radius, lean))
        off = (r - outer) / steep
        shell = np.abs(off + wall / 2) - wall / 2
        ends = np.maximum(-z, z - height)
        middle = outer - wall / 2  # the pattern is cut straight through, as it is on the wall's middle
        way = x / np.maximum(r, 1e-6), y / np.maximum(r, 1e-6)
        off_line = _net(pattern, way, middle, z, k, strut)
        if ribs:
            turn = np.arctan2(y, x)
            off_line = np.minimum(off_line, np.abs(np.sin(ribs * turn / 2)) * 2 / ribs * middle - strut / 2)
        open_ = _rounded(off_line, shell, 0.35 * wall)
        held = np.minimum(np.abs(z - height + rim / 2), np.abs(z - rim / 2)) - rim / 2
        whole = np.minimum(open_, np.maximum(shell, held))
        if floor:
            whole = np.minimum(whole, np.maximum(off, np.abs(z - rim / 2) - rim / 2))
        return np.maximum(whole, ends)

    reach = float(radius.max()) + 0.5
    return Shape(distance, np.array([-reach, -reach, 0.0]), np.array([reach, reach, height]))


def _rounded(a: Singles, b: Singles, melt: float) -> Singles:
    return np.asarray(np.maximum(a, b) + np.maximum(melt - np.abs(a - b), 0) ** 2 / (4 * melt))


def _net(
    pattern: str, way: tuple[Singles, Singles], radius: Singles, height: Singles, k: float, strut: float
) -> Singles:
    """Return the distance on the wall to what stands between the holes, mm, negative in it: of the pattern's wave its
    height over its slope. *way*: cosine and sine of the angle about the axis."""
    cos_turn, sin_turn = way
    sin_z, cos_z = np.sin(k * height), np.cos(k * height)
    if pattern == "diagrid":  # sin((nt + kz) / 2) sin((nt - kz) / 2)
        count = 2 * max(4, round(k * 40 / 2))
        turn = count * np.arctan2(sin_turn, cos_turn)
        slope = _slope(count * np.sin(turn) / np.maximum(radius, 1), k * sin_z, 2, k)
        return np.asarray(np.abs(cos_z - np.cos(turn)) / 2 / slope - strut / 2)
    x, y = k * radius * cos_turn, k * radius * sin_turn
    waves = (np.sin(x), np.cos(x), np.sin(y), np.cos(y))

    def off(sense: int) -> tuple[Singles, Singles]:
        wave, along_x, along_y, along_z = _wave(pattern, waves, (sense * sin_z, cos_z))
        return wave, _slope(k * (cos_turn * along_y - sin_turn * along_x), k * along_z, 1, k)

    if pattern == "gyroid":  # where it is zero, or its mirror image is: two families of lines that cross
        one, other = (np.abs(wave) / slope for wave, slope in (off(1), off(-1)))
        return np.asarray(np.minimum(one, other) - strut / 2)
    wave, slope = off(1)
    return np.asarray((np.abs(wave) - _OPEN[pattern]) / slope)  # holes where the wave is near its heights and depths


def _slope(around: Floats | Singles, above: Floats | Singles, part: int, k: float) -> Singles:
    return np.maximum(np.hypot(around, above) / part, 0.3 * k).astype(np.float32)


def _wave(
    pattern: str, around: Sequence[Singles], along: Sequence[Singles]
) -> tuple[Singles, Singles, Singles, Singles]:
    """Return a surface's function, and how it changes with x, y and z, from their sines and cosines."""
    sin_x, cos_x, sin_y, cos_y = around
    sin_z, cos_z = along
    if pattern == "gyroid":
        return (
            sin_x * cos_y + sin_y * cos_z + sin_z * cos_x,
            cos_x * cos_y - sin_z * sin_x,
            cos_y * cos_z - sin_x * sin_y,
            cos_z * cos_x - sin_y * sin_z,
        )
    if pattern == "schwarz":
        return cos_x + cos_y + cos_z, -sin_x, -sin_y, -sin_z
    less, more = sin_y * sin_z + cos_y * cos_z, sin_y * cos_z + cos_y * sin_z  # cos(y - z), sin(y + z)
    turned, straight = sin_x * (cos_y * sin_z - sin_y * cos_z), cos_x * (cos_y * cos_z - sin_y * sin_z)
    return sin_x * less + cos_x * more, cos_x * less - sin_x * more, straight + turned, straight - turned
