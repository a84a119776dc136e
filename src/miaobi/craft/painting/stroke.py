"""Strokes: paths that follow the direction of a view's matter and end where their layer or their tone does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from miaobi.craft.painting.view import Field, View

Spots = npt.NDArray[np.float32]  # (n, 2): x, y in px


@dataclass(frozen=True)
class Stroke:
    """One mark, for SVG: a path, its width in px, its colour and opacity."""

    path: Spots
    width: float
    colour: str
    opacity: float = 1.0


def scattered(rng: np.random.Generator, shape: tuple[int, int], step: float) -> Spots:
    """Return spots on a jittered grid *step* px apart, in random order."""
    ys, xs = np.mgrid[step / 2 : shape[0] : step, step / 2 : shape[1] : step].astype(np.float32)
    spots = np.stack([xs.ravel(), ys.ravel()], axis=1) + rng.uniform(-0.5, 0.5, (xs.size, 2)).astype(
        np.float32
    ) * np.float32(step)
    spots = np.clip(spots, 0, [shape[1] - 1, shape[0] - 1]).astype(np.float32)
    return spots[rng.permutation(len(spots))]


def at(field: npt.NDArray[Any], spots: Spots) -> npt.NDArray[Any]:
    """Return the values of *field* at *spots*."""
    x = np.clip(spots[:, 0].astype(np.int32), 0, field.shape[1] - 1)
    y = np.clip(spots[:, 1].astype(np.int32), 0, field.shape[0] - 1)
    return np.asarray(field[y, x])


def traced(
    view: View, direction: Field, spots: Spots, step: float, steps: int, dark: Field | None = None, least: float = 0.0
) -> npt.NDArray[np.float32]:
    """Walk from each spot along *direction* both ways; return paths (n, 2·steps + 1, 2).

    A walk stands still where it would leave its layer, or where *dark* is under *least*.
    """
    home = at(view.layer, spots)
    halves = []
    for way in (1.0, -1.0):
        place = spots.copy()
        heading = at(direction, place).astype(np.float32)
        go = np.stack([np.cos(heading), np.sin(heading)], 1) * np.float32(way)
        alive = np.ones(len(spots), bool)
        half = [place.copy()]
        for _ in range(steps):
            there = place + go * np.float32(step)
            alive &= (at(view.layer, there) == home) & (there[:, 0] >= 0) & (there[:, 1] >= 0)
            alive &= (there[:, 0] < view.shape[1]) & (there[:, 1] < view.shape[0])
            if dark is not None:
                alive &= at(dark, there).astype(np.float32) >= least
            place = np.where(alive[:, None], there, place).astype(np.float32)
            turn = at(direction, place).astype(np.float32)
            new = np.stack([np.cos(turn), np.sin(turn)], 1)
            new *= np.sign((new * go).sum(1, keepdims=True) + np.float32(1e-6))
            go = (0.55 * go + 0.45 * new).astype(np.float32)
            go /= np.maximum(np.linalg.norm(go, axis=1, keepdims=True), 1e-6)
            half.append(place.copy())
        halves.append(half)
    forward, backward = halves
    return np.stack([*backward[:0:-1], *forward], axis=1)


def long_enough(paths: npt.NDArray[np.float32], least: float) -> npt.NDArray[np.bool_]:
    """Tell which paths run over at least *least* px."""
    return np.asarray(np.linalg.norm(np.diff(paths, axis=1), axis=2).sum(1) >= least)


def lines(
    shape: tuple[int, int], paths: Field | Sequence[Field], greys: npt.NDArray[np.float32], width: int
) -> npt.NDArray[np.uint8]:
    """Draw paths as antialiased lines on black, each in its grey 0–1; drawn from pale to dark in eight steps."""
    out = np.zeros(shape, np.uint8)
    if not len(paths):
        return out
    bins = np.clip((greys * 8).astype(int), 0, 7)
    for level in range(8):
        chosen = [np.round(paths[i] * 16).astype(np.int32) for i in np.flatnonzero(bins == level).tolist()]
        if chosen:
            cv2.polylines(out, chosen, False, int(255 * (level + 0.7) / 8), max(1, width), cv2.LINE_AA, 4)
    return out
