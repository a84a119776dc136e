"""Lattice: an openwork shell: a turned body whose wall is a net: a slice of a triply periodic surface (A. Schoen's
gyroid, 1970; Schwarz, 1865), a diagrid, a honeycomb.

The net lies on the wall as a sea chart's lines lie on the globe (Mercator, 1569): as many meshes in every ring, each as
high as it is wide, so they grow with the body's girth and come out even all round. The wall is where the net's function
is small, held by a rim above and a floor or a rim below.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from miaobi.craft.drawing.shape import curve_through
from miaobi.craft.space.clay import Shape

Points = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
_OPEN = {"schwarz": 0.62, "diamond": 0.42, "honeycomb": -0.45}  # of the wave: beyond it is open
_WIDER = 1.3  # times as wide are the gyroid's meshes: it has two families of lines
_SLICE = 0.9  # where the gyroid is cut, radians


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

    *period*: mm after which the pattern comes again where the body is as wide as it is on average; *strut*: mm that are
    left standing between holes; *ribs* stand upright where the pattern alone doesn't join what is above to what is
    below.
    """
    line = curve_through(profile, 16)
    radius, level = line[:, 0], line[:, 1] * height
    slope = np.gradient(radius, np.maximum(level, 1e-9) + 1e-9 * np.arange(len(level)))
    lean = np.sqrt(1 + np.clip(slope, -3, 3) ** 2)
    mean = np.maximum(radius - wall / 2, 1)
    steps = np.hypot(np.diff(radius), np.diff(level)) / ((mean[1:] + mean[:-1]) / 2)
    rise = np.concatenate([[0], np.cumsum(steps)])  # up the wall, in radians of its girth
    wide = period * (_WIDER if pattern == "gyroid" else 1)
    count = 2 * max(4, round(np.pi * float(mean.mean()) / wide))  # of meshes all round
    rim = 1.25 * wall

    def distance(p: Points) -> Floats:
        x, y, z = np.ascontiguousarray(p.T, np.float32)  # which errs by a hundredth of a nozzle's thousandth
        at, inverse = np.unique(z, return_inverse=True)  # the points of a grid stand at few heights
        outer, steep, up = (np.interp(at, level, values).astype(np.float32)[inverse] for values in (radius, lean, rise))
        off = (np.hypot(x, y) - outer) / steep
        shell = np.abs(off + wall / 2) - wall / 2
        ends = np.maximum(-z, z - height)
        middle = np.maximum(outer - wall / 2, 1)  # the net is cut straight through, as it is on the wall's middle
        turn = np.arctan2(y, x)
        off_line = _net(pattern, count * turn, count * (up - rise[-1] / 2), middle / count, strut)
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


def _rounded(a: Singles, b: Singles, melt: float) -> Singles:
    return np.asarray(np.maximum(a, b) + np.maximum(melt - np.abs(a - b), 0) ** 2 / (4 * melt))


def _net(pattern: str, x: Singles, y: Singles, unit: Singles, strut: float) -> Singles:
    """Return the distance on the wall to what stands between the holes, mm, negative in it: a wave over its slope.

    *x*, *y*: round the body and up it, radians of the wave; *unit*: mm to a radian.
    """
    sin_x, cos_x, sin_y, cos_y = np.sin(x), np.cos(x), np.sin(y), np.cos(y)
    if pattern == "gyroid":  # where it is zero, or its mirror image is: two families of lines that cross
        one, other = (_off(*_gyroid(sense * sin_x, cos_x, sin_y, cos_y), unit) for sense in (1, -1))
        return np.asarray(np.minimum(np.abs(one), np.abs(other)) - strut / 2)
    if pattern == "diagrid":  # sin((x + y) / 2) sin((x - y) / 2)
        return np.asarray(np.abs(_off(cos_y - cos_x, sin_x, -sin_y, unit)) - strut / 2)
    level = np.float32(_OPEN[pattern])
    if pattern == "schwarz":  # holes where the wave is near its heights and depths
        wave = cos_x + cos_y
        return _off(np.abs(wave) - level, -np.sign(wave) * sin_x, -np.sign(wave) * sin_y, unit)
    if pattern == "diamond":
        wave = sin_x * sin_y
        return _off(np.abs(wave) - level, cos_x * sin_y, sin_x * cos_y, unit)
    steep = np.float32(np.sqrt(3))
    sin_h, cos_h = np.sin(steep * y), np.cos(steep * y)  # three waves at 120°: cos 2x and cos(x ± √3 y)
    wave = 2 * cos_x * cos_h + 2 * cos_x * cos_x - 1
    return _off(wave - level, -2 * sin_x * (cos_h + 2 * cos_x), -2 * steep * cos_x * sin_h, unit)


def _gyroid(sin_x: Singles, cos_x: Singles, sin_y: Singles, cos_y: Singles) -> tuple[Singles, Singles, Singles]:
    """Return a slice of the gyroid, and how it changes with x and y."""
    sin_z, cos_z = np.float32(np.sin(_SLICE)), np.float32(np.cos(_SLICE))
    return (
        sin_x * cos_y + sin_y * cos_z + sin_z * cos_x,
        cos_x * cos_y - sin_z * sin_x,
        cos_y * cos_z - sin_x * sin_y,
    )


def _off(wave: Singles, along_x: Singles, along_y: Singles, unit: Singles) -> Singles:
    """Return how far, mm, *wave* is from zero by its slope."""
    return np.asarray(wave * unit / np.maximum(np.hypot(along_x, along_y), np.float32(0.3)))
