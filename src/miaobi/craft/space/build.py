"""Build: a planned solid shaped in clay or on the lathe, scaled to millimetres, without crumbs, coloured."""

from __future__ import annotations

import cv2
import numpy as np

from miaobi.craft.drawing.build import draw
from miaobi.craft.painting.view import look
from miaobi.craft.space import sweep
from miaobi.craft.space.clay import Clay, Shape, block, limb, moved, turned
from miaobi.craft.space.group import modelled
from miaobi.craft.space.inscription import away, raised, set_words
from miaobi.craft.space.isosurface import surface
from miaobi.craft.space.lattice import openwork
from miaobi.craft.space.mesh import Colours, Mesh, largest, smoothed
from miaobi.craft.space.plan import GLAZES, Figures, Lattice, Letters, Plaque, Relief, Solid, Sweep, Vessel
from miaobi.craft.space.shaping import lathe, relief

WALL = 1.2  # mm: three lines of a 0.4 mm nozzle
_FINE = 150  # cells along the longest side of what is modelled in clay
_COARSE = 130  # of openwork: its net has five times as much surface as a figure
_FINER = 300  # of what is written: its edges are sharp
_LEAST_CELL = 0.3  # mm: a nozzle of 0.4 mm can print nothing finer
_RELIEF = 300  # points across a relief
_SKY = 0.06  # nearness of what is sky, and stays flat
_PALE, _STONE, _DEEP, _HIGH = "#ece4d2", "#b8ae9e", "#8d7355", "#dccaa6"


def build(form: Solid, size: float) -> Mesh:
    """Return *form* as a mesh that stands or lies on z = 0, *size* mm along its longest side."""
    mesh = _built(form, size)
    middle = (mesh.vertices.max(axis=0) + mesh.vertices.min(axis=0)) / 2
    middle[2] = mesh.vertices[:, 2].min()
    return Mesh(mesh.vertices - middle, mesh.faces, mesh.colours)


def _built(form: Solid, size: float) -> Mesh:
    match form:
        case Figures():
            return _clay(modelled(list(form.figures), form.ground, form.seed), size, _FINE)
        case Vessel():
            return _vessel(form, size)
        case Lattice():
            return _lattice(form, size)
        case Sweep():
            return _clay(_swept(form), size, _FINE)
        case Letters():
            return _clay(_standing(form) if form.stands else _tag(form), size, _FINER)
        case Plaque():
            return _clay(_plaque(form), size, _FINER)
        case Relief():
            return _relief(form, size)


def _clay(clay: Clay, size: float, fine: int) -> Mesh:
    """Return *clay* as a mesh of *size* mm, coloured, in one piece, cut off flat below."""
    low, high = clay.box
    cell = max(float((high - low).max()) / fine, _LEAST_CELL * float((high - low).max()) / size)
    mesh = smoothed(largest(surface(clay.distance, low, high, cell)))
    colours = clay.colours(mesh.vertices, 0.6 * cell)
    real = float((mesh.vertices.max(axis=0) - mesh.vertices.min(axis=0)).max())
    return Mesh(mesh.vertices * (size / real), mesh.faces, colours)


def _tinted(mesh: Mesh, colour: str) -> Mesh:
    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)], np.float32)
    colours: Colours = np.tile(rgb, (len(mesh.vertices), 1))
    return Mesh(mesh.vertices, mesh.faces, colours)


def _vessel(form: Vessel, size: float) -> Mesh:
    height = size / max(1.0, 2 * max(r for r, _ in form.profile))
    profile = np.array(form.profile) * [height, 1]
    wall = 2 * WALL if form.hollow else 0.0
    mesh = lathe(profile, height, wall, lobes=form.lobes, twist=form.twist, depth=form.flute * height)
    return _tinted(mesh, GLAZES[form.glaze])


def _lattice(form: Lattice, size: float) -> Mesh:
    height = size / max(1.0, 2 * max(r for r, _ in form.profile))
    profile = np.array(form.profile) * [height, 1]
    wall, strut = max(2.6, 0.036 * height), max(2.4, 0.034 * height)
    for ribs in (0, 8):
        shape = openwork(profile, height, wall, form.pattern, form.period * height, strut, floor=form.floor, ribs=ribs)
        cell = max(float((shape.high - shape.low).max()) / _COARSE, _LEAST_CELL)
        mesh = smoothed(largest(surface(shape.distance, shape.low, shape.high, cell)))
        if mesh.size[2] > 0.98 * height:  # else the pattern opened all round somewhere, and the rim came off
            break
    return _tinted(mesh, GLAZES[form.glaze])


def _curve(form: Sweep) -> sweep.Curve:
    """Return the curve, about 1 across."""
    match form.curve:
        case "trefoil":
            return sweep.torus_knot(2, 3, 0.29, 0.145)
        case "cinquefoil":
            return sweep.torus_knot(2, 5, 0.31, 0.125)
        case "eight-turns":
            return sweep.torus_knot(3, 8, 0.32, 0.11)
        case "figure-eight":
            return sweep.figure_eight_knot(0.43)
        case "moebius":
            return sweep.ring(0.37)
        case "infinity":
            return sweep.infinity(0.46)
        case "spiral":
            return sweep.spiral(0.30, 0.80, 4.0)
        case "arch":
            return sweep.arch(0.80, 0.78)


def _swept(form: Sweep) -> Clay:
    curve = _curve(form)
    clay = Clay()
    thick = form.thick * (0.62 if form.curve == "eight-turns" else 1.0)
    wide = np.full(len(curve.points), thick)
    if form.curve == "spiral":
        wide = thick * np.linspace(1.15, 0.55, len(curve.points))
    body = sweep.swept(curve, wide, form.flat, 180.0 * form.twist)
    lowest = float(curve.points[:, 2].min()) - thick * (1.0 if form.flat == 1 else 0.75)
    foot = lowest + 0.02
    clay.add(body, GLAZES[form.glaze])
    if form.curve in ("spiral", "arch"):
        reach = float(np.abs(curve.points[:, :2]).max()) + 0.10
        deep = reach if form.curve == "spiral" else 0.20
        plate = (
            turned(((reach, 0.0), (reach + 0.01, 0.02), (reach - 0.02, 0.06)))
            if form.curve == "spiral"
            else block((0, 0, 0.03), (2 * reach, 2 * deep, 0.06), 0.02)
        )
        clay.add(moved(plate, (0, 0, foot - 0.055)), _STONE, 0.02)
        return clay
    stem = turned(((0.24, 0.0), (0.24, 0.035), (0.10, 0.07), (0.06, 0.12), (0.055, 0.20)), rounding=0.008)
    clay.add(moved(stem, (0, 0, foot - 0.165)), _STONE, 0.05)
    return clay


_TYPE = 30.0  # mm: the size that words are modelled at


def _standing(form: Letters) -> Clay:
    """Return letters on a plate of their own outline, which grows out of a foot."""
    words = set_words(form.lines, _TYPE)
    deep = 9.0
    clay = Clay()
    grown = 3.4
    plate = raised(words, 0.0, 3.6, 0.8, 1, grow=grown)
    bottom = -words.height / 2 - grown
    half = words.width / 2 + grown
    tall = max(5.0, 0.16 * words.height)
    clay.add(plate, _PALE)
    if len(form.lines) > 1:  # what holds one line to the next
        clay.add(block((0, 1.8, -0.1 * _TYPE), (2 * half - 12, 3.6, words.height - 0.5 * _TYPE), 0.8), _PALE, 2.0)
    clay.add(block((0, 1.6, bottom + tall / 2), (2 * half + 4, 3.6, tall), 1.0), _PALE, 2.0)
    reach = max(22.0, 0.62 * words.height)
    clay.add(block((0, 0.0, bottom + 1.0), (2 * half + 6, reach, 4.4), 1.4), _PALE, 1.5)
    clay.add(raised(words, -deep, 0.6, 1.3, 1), GLAZES[form.glaze])
    return clay


def _tag(form: Letters) -> Clay:
    """Return letters lying on a plate of their own outline with a hole for a ring."""
    words = set_words(form.lines, _TYPE)
    clay = Clay()
    grown = 4.2
    left = -words.width / 2 - grown
    clay.add(raised(words, 0.0, 3.4, 0.7, 2, grow=grown), _PALE)
    if len(form.lines) > 1:
        clay.add(block((0, 0, 1.7), (words.width, words.height - 0.3 * _TYPE, 3.4), 0.7), _PALE, 2.0)
    clay.add(limb((left + 1.5, 0, 1.7), (left + 6, 0, 1.7), 1.7), _PALE)
    eye = turned(((7.0, 0.0), (7.0, 2.8), (6.4, 3.4), (0.0, 3.4)), (left - 3.0, 0, 0))
    clay.add(eye, _PALE)
    clay.add(block((left + 3.0, 0, 1.7), (12, 9.0, 3.4), 0.6), _PALE)
    clay.add(raised(words, 3.0, 6.4, 1.0, 2), GLAZES[form.glaze])
    clay.cut(turned(((3.2, -1.0), (3.2, 8.0)), (left - 3.6, 0, 0)), _PALE)
    return clay


def _plaque(form: Plaque) -> Clay:
    """Return words in relief on a plate with a raised border and two studs."""
    words = set_words(form.lines, 14.0 if len(form.lines) > 2 else 20.0, 600)
    wide, high = words.width + 34, words.height + 30
    thick, rise = 4.0, 2.2
    clay, glaze = Clay(), GLAZES[form.glaze]
    plate = block((0, 0, thick / 2), (wide, high, thick), 1.2)
    clay.add(_rounded(plate, wide, high, 6.0), glaze)
    for inset, broad in ((3.0, 2.2), (6.8, 1.0))[: 2 if form.border == "double" else 1]:
        clay.add(_frame(wide - 2 * inset, high - 2 * inset, broad, thick - 0.6, thick + rise * 0.8, 5.0), _PALE)
    clay.add(raised(words, thick - 0.6, thick + rise, 0.9, 2), _PALE)
    for x in (-1, 1):
        at = (x * (wide / 2 - 11.5), 0.0)
        clay.add(
            turned(((2.2, thick - 0.6), (2.2, thick + 0.6), (1.2, thick + 1.6), (0, thick + 1.9)), (*at, 0)), _PALE
        )
    return clay


def _rounded(shape: Shape, wide: float, high: float, corner: float) -> Shape:
    def distance(p: np.ndarray) -> np.ndarray:
        return np.maximum(shape.distance(p), _rect(p, wide, high, corner))

    return Shape(distance, shape.low, shape.high)


def _rect(p: np.ndarray, wide: float, high: float, corner: float) -> np.ndarray:
    qx, qy = np.abs(p[:, 0]) - wide / 2 + corner, np.abs(p[:, 1]) - high / 2 + corner
    return np.hypot(np.maximum(qx, 0), np.maximum(qy, 0)) + np.minimum(np.maximum(qx, qy), 0) - corner


def _frame(wide: float, high: float, broad: float, low: float, top: float, corner: float) -> Shape:
    def distance(p: np.ndarray) -> np.ndarray:
        edge = np.abs(_rect(p, wide, high, corner) + broad / 2) - broad / 2
        flat = np.abs(p[:, 2] - (low + top) / 2) - (top - low) / 2
        return np.maximum(np.maximum(edge, flat), (edge + p[:, 2] - top + 0.5) / np.sqrt(2))

    return Shape(distance, np.array([-wide / 2, -high / 2, low]), np.array([wide / 2, high / 2, top]))


def _relief(form: Relief, size: float) -> Mesh:
    """Return a scene as a slab: what is near stands higher, each thing swells from its edge."""
    view = look(draw(form.scene), 2 * _RELIEF)
    near = (1 - view.depth) ** 0.8
    swell = np.zeros(view.shape, np.float32)
    for number in np.unique(view.layer[near > _SKY]).tolist():
        marked, subject = view.layer == number, number > 0 and view.subjects[number - 1]
        share = np.minimum(away(marked) / ((0.06 if subject else 0.035) * 2 * _RELIEF), 1)[marked]
        swell[marked] = (1.0 if subject else 0.55) * np.sqrt(share * (2 - share))
    grain = np.clip(view.light - cv2.GaussianBlur(view.light, (0, 0), 7), -0.12, 0.12) * np.minimum(near / _SKY, 1)
    shape = 0.50 * near + 0.42 * swell + 0.5 * grain
    shape = cv2.resize(cv2.GaussianBlur(shape.astype(np.float32), (0, 0), 1.6), None, fx=0.5, fy=0.5)
    low, high = np.percentile(shape, [1, 99.7])
    heights = np.clip((shape - low) / max(1e-3, float(high - low)), 0, 1)
    border = 6
    heights[:border], heights[-border:], heights[:, :border], heights[:, -border:] = (1,) * 4
    mesh = relief(heights.astype(float) * form.rise, size, 2 * WALL)
    share = np.clip((mesh.vertices[:, 2:] - 2 * WALL) / form.rise, 0, 1)
    deep, high_up = (np.array([int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)]) for c in (_DEEP, _HIGH))
    return Mesh(mesh.vertices, mesh.faces, (deep + (high_up - deep) * share).astype(np.float32))
