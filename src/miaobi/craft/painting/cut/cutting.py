"""Cuts: what scissors and knife open in a sheet of paper: saw teeth (锯齿纹), crescents (月牙纹), flowers of holes,
leaves, clouds (云纹), and the patterned frame. Masks are uint8, 255 where paper is left."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from miaobi.craft.painting.ink.brush import Path, normals, resampled

Mask = npt.NDArray[Any]
_TURN = np.linspace(0, 2 * np.pi, 40, endpoint=False)
OPEN, PAPER = 0, 255


def left(sheet: Mask) -> Mask:
    """Return 1 where paper is left, 0 where it is open: edges are drawn blended."""
    return (sheet > 127).astype(np.uint8)


def cut(sheet: Mask, rings: list[Path], value: int = OPEN) -> None:
    """Open *rings* in the sheet, or with ``PAPER`` leave them."""
    fixed = [np.round(ring * 16).astype(np.int32) for ring in rings]
    for ring in fixed:
        cv2.fillPoly(sheet, [ring], value, cv2.LINE_AA, 4)


def line(sheet: Mask, path: Path, width: float, value: int = PAPER) -> None:
    """Leave, or open, a line along *path*."""
    fixed = np.round(path * 16).astype(np.int32)
    cv2.polylines(sheet, [fixed], False, value, max(1, round(width)), cv2.LINE_AA, 4)


def crescent(x: float, y: float, radius: float, turn: float) -> Path:
    """Return a new moon about (x, y), its back to *turn* radians."""
    t = np.linspace(-1.9, 1.9, 15)
    outer = np.stack([np.cos(t), np.sin(t)], 1)
    s = np.linspace(1.9, -1.9, 15)
    inner = np.stack(
        [np.cos(1.9) + (1 - np.cos(1.9)) * 0.42 * (np.cos(s) - np.cos(1.9)) / (1 - np.cos(1.9)), np.sin(s) * 0.99], 1
    )
    return _set(np.concatenate([outer, inner]) * radius, x, y, turn)


def almond(x: float, y: float, long: float, wide: float, turn: float) -> Path:
    """Return a pointed leaf about (x, y), *long* px towards *turn*."""
    t = np.linspace(0, np.pi, 9)
    side = np.stack([-np.cos(t) * long / 2, np.sin(t) ** 1.3 * wide / 2], 1)
    return _set(np.concatenate([side, side[::-1] * [1, -1]]), x, y, turn)


def disc(x: float, y: float, radius: float) -> Path:
    """Return a round hole."""
    return np.stack([x + radius * np.cos(_TURN), y + radius * np.sin(_TURN)], 1)


def blossom(x: float, y: float, radius: float, petals: int, turn: float) -> list[Path]:
    """Return a flower of holes: a round one with drops about it."""
    rings = [disc(x, y, 0.20 * radius)]
    for k in range(petals):
        angle = turn + 2 * np.pi * k / petals
        far = 0.66 * radius
        rings.append(
            almond(x + far * np.cos(angle), y + far * np.sin(angle), 0.66 * radius, 1.7 * radius / petals, angle)
        )
    return rings


def tuft(x: float, y: float, tall: float) -> list[Path]:
    """Return three blades that open upwards from (x, y)."""
    rings = []
    for lean, high in ((-0.55, 0.75), (0.0, 1.0), (0.55, 0.75)):
        angle = -np.pi / 2 + lean
        long = tall * high
        rings.append(
            almond(x + 0.55 * long * np.cos(angle), y + 0.55 * long * np.sin(angle), 0.9 * long, 0.26 * tall, angle)
        )
    return rings


def teeth(path: Path, inward: Path, long: float, step: float) -> list[Path]:
    """Return saw teeth along a path: spikes *long* px to the side of *inward* (unit normals), *step* px apart, longest
    in the middle."""
    rings = []
    count = len(path)
    along = np.gradient(path, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-6)
    for i in range(1, count - 1):
        reach = long * np.sin(np.pi * i / (count - 1)) ** 0.5
        base, tip = path[i], path[i] + inward[i] * reach
        half = along[i] * step * 0.36
        rings.append(np.array([base - half, base + half, tip + 0.25 * half]))
    return rings


def spiral(x: float, y: float, radius: float, turns: float, start: float, way: float) -> Path:
    """Return a spiral that winds from its rim at angle *start* into (x, y)."""
    t = np.linspace(0, 1, 40)
    angle = start + way * 2 * np.pi * turns * t
    return np.stack([x + radius * (1 - 0.85 * t) * np.cos(angle), y + radius * (1 - 0.85 * t) * np.sin(angle)], 1)


def cloud(sheet: Mask, x: float, y: float, size: float, width: float, reach: float) -> None:
    """Leave a cloud of the auspicious kind (如意云): curls over a line that trails away *reach* px to the right, to the
    left where it is negative."""
    line(sheet, spiral(x, y - 0.34 * size, 0.46 * size, 1.3, np.pi / 2, 1), width)
    line(sheet, spiral(x - 0.70 * size, y - 0.16 * size, 0.30 * size, 1.2, np.pi / 2, 1), width)
    line(sheet, spiral(x + 0.70 * size, y - 0.16 * size, 0.30 * size, 1.2, np.pi / 2, -1), width)
    way = np.sign(reach)
    t = np.linspace(-1.3 * size, abs(reach), 60)
    sway = 0.10 * size * np.sin(3.0 * t / size)
    for down, start in ((0.14, 0), (0.36, 16)):
        path = np.stack([x + way * t[start:], y + down * size + sway[start:]], 1)
        line(sheet, path, width * (1 if not start else 0.8))
    head = x - way * 1.3 * size
    line(sheet, spiral(head, y + 0.14 * size + sway[0] - 0.18 * size, 0.18 * size, 1.1, np.pi / 2, way), width)


def _set(points: Path, x: float, y: float, turn: float) -> Path:
    c, s = np.cos(turn), np.sin(turn)
    return np.array([x, y]) + points @ np.array([[c, s], [-s, c]])


def frame(shape: tuple[int, int], outer: float, band: float, unit: float) -> Mask:
    """Return the frame: two lines with a pattern of crescents and holes between, saw teeth inside, a flower in each
    corner. *outer*: px from the edge of the sheet; *band*: how wide it is."""
    sheet = np.zeros(shape, np.uint8)
    h, w = shape
    low, high = outer, outer + band
    cut(sheet, [_box(low, low, w - low, h - low)], PAPER)
    cut(sheet, [_box(high, high, w - high, h - high)])
    middle = outer + 0.5 * band
    corners = [(middle, middle), (w - middle, middle), (w - middle, h - middle), (middle, h - middle)]
    for k, (a, b) in enumerate(zip(corners, corners[1:] + corners[:1], strict=True)):
        start, end = np.array(a), np.array(b)
        long = float(np.linalg.norm(end - start))
        along = (end - start) / long
        inward = np.array([-along[1], along[0]])
        count = max(2, round((long - 2 * band) / (1.05 * band)))
        turn = float(np.arctan2(inward[1], inward[0]))
        for i in range(count + 1):
            at = start + along * (band + (long - 2 * band) * i / count)
            if i % 2:
                cut(sheet, blossom(at[0], at[1], 0.36 * band, 4, turn + np.pi / 4))
            else:
                back = at - inward * 0.05 * band
                cut(sheet, [crescent(back[0], back[1], 0.30 * band, turn + np.pi)])
                hole = at + inward * 0.20 * band
                cut(sheet, [disc(hole[0], hole[1], 0.085 * band)])
        edge = start + inward * 0.5 * band
        spikes = max(4, round((long - band) / (6.5 * unit)))
        for i in range(spikes):
            at = edge + along * (0.5 * band + (long - band) * (i + 0.5) / spikes)
            half = along * 3.0 * unit
            cut(sheet, [np.array([at - half, at + half, at + inward * 8 * unit])], PAPER)
        corner = np.array(corners[k])
        cut(sheet, [disc(corner[0], corner[1], 0.46 * band)], PAPER)
        cut(sheet, blossom(corner[0], corner[1], 0.38 * band, 6, 0.0))
    return sheet


def corner_flowers(sheet: Mask, edge: float, size: float, taken: Mask) -> None:
    """Leave a quarter of a flower (角花), *size* px long, in each corner of what is *edge* px inside the sheet, but
    where something is *taken*."""
    h, w = sheet.shape
    for x, right in ((edge, 1.0), (w - edge, -1.0)):
        for y, down in ((edge, 1.0), (h - edge, -1.0)):
            rows, columns = (np.sort(np.array([v, v + size * way]).astype(int)) for v, way in ((y, down), (x, right)))
            if taken[rows[0] : rows[1], columns[0] : columns[1]].any():
                continue
            t = np.linspace(0, np.pi / 2, 60)
            way = np.stack([np.cos(t) * right, np.sin(t) * down], 1)
            rim = size * (0.86 + 0.14 * np.abs(np.sin(5 * t)))[:, None]
            corner = np.array([[x, y]])
            cut(sheet, [np.concatenate([corner, corner + way * 1.16 * size])])
            cut(sheet, [np.concatenate([corner, corner + way * rim])], PAPER)
            for k in range(5):
                angle = np.pi / 2 * (k + 0.5) / 5
                go = np.array([np.cos(angle) * right, np.sin(angle) * down])
                at, turn = corner[0] + go * 0.62 * size, float(np.arctan2(go[1], go[0]))
                cut(sheet, [almond(at[0], at[1], 0.40 * size, 0.13 * size, turn)])
            turn = float(np.arctan2(down, right))
            cut(sheet, [crescent(x + 0.17 * right * size, y + 0.17 * down * size, 0.13 * size, turn)])


def _box(left: float, top: float, right: float, foot: float) -> Path:
    return np.array([[left, top], [right, top], [right, foot], [left, foot]])


def joined(sheet: Mask, unit: float, least: float, kept: Mask | None = None) -> Mask:
    """Return *sheet* in one piece. Specks under *least* px² fall off, and what is small and far from all else, unless
    it is *kept*; other parts are tied, the nearest first, with a bridge, or a long one with curls."""
    sheet = sheet.copy()
    for reach in (*(unit * np.array([12.0, 24.0, 45.0, 80.0, 140.0])), *[np.inf] * 8):
        count, number, stats, _ = cv2.connectedComponentsWithStats(left(sheet), connectivity=4)
        if count <= 2:
            break
        main = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
        away, nearest = cv2.distanceTransformWithLabels(
            (number != main).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
        )
        ys, xs = np.nonzero(number == main)
        place = np.zeros((int(nearest.max()) + 1, 2), np.int32)
        place[nearest[ys, xs]] = np.stack([xs, ys], 1)
        for part in range(1, count):
            if part == main:
                continue
            x, y, w, h, area = stats[part]
            here = number[y : y + h, x : x + w] == part
            far = np.where(here, away[y : y + h, x : x + w], np.inf)
            row, column = np.unravel_index(int(np.argmin(far)), far.shape)
            lost = area < 6 * least and far[row, column] > 30 * unit
            if area < least or (lost and (kept is None or not kept[y : y + h, x : x + w][here].any())):
                around = np.s_[max(0, y - 2) : y + h + 2, max(0, x - 2) : x + w + 2]
                sheet[around][cv2.dilate((number[around] == part).astype(np.uint8), np.ones((3, 3))) > 0] = OPEN
            elif far[row, column] <= reach:
                start = np.array([x + column, y + row], float)
                _tie(sheet, start, place[nearest[y + row, x + column]].astype(float), unit)
    _, number, stats, _ = cv2.connectedComponentsWithStats(left(sheet), connectivity=4)
    sheet[(number != 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))) & (number > 0)] = OPEN
    return sheet


def _tie(sheet: Mask, a: Path, b: Path, unit: float) -> None:
    """Leave a bridge from *a* to *b*."""
    long = float(np.linalg.norm(b - a))
    over, width = (b - a) / max(long, 1e-6) * (1.5 * unit + 1), max(3.0, 4.2 * unit)
    if long < 90 * unit:
        line(sheet, np.stack([a - over, b + over]), width)
        return
    t = np.linspace(0, 1, 40)[:, None]
    side = np.array([-(b - a)[1], (b - a)[0]]) / long
    path = a + (b - a) * t + side * 12 * unit * np.sin(2 * np.pi * t)
    line(sheet, path, width)
    for share, way in ((0.3, 1.0), (0.7, -1.0)):
        at = path[int(share * 39)]
        centre = at + side * way * 13 * unit
        start = float(np.arctan2(*(at - centre)[::-1]))
        line(sheet, spiral(centre[0], centre[1], 13 * unit, 1.2, start, way), 3.4 * unit)


def offset_run(contour: Path, sheet_of: Mask, reach: float, step: float) -> tuple[Path, Path]:
    """Return a path *reach* px inside a contour with its inward unit normals, points *step* px apart."""
    path = resampled(contour, step, 4000)
    side = normals(path)
    probe = np.round(path + side * 2 * max(1.0, reach)).astype(int)
    inside = sheet_of[np.clip(probe[:, 1], 0, sheet_of.shape[0] - 1), np.clip(probe[:, 0], 0, sheet_of.shape[1] - 1)]
    if inside.mean() < 0.5:
        side = -side
    return path + side * reach, side
