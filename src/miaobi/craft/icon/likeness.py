"""Likeness: which icons of the corpus a drawing is nearest to, by picture: so that no copy goes out, and so that what a
drawing will be taken for can be said without asking a net.

``data/icons.npz`` holds every icon of npm's @mdi/svg (Apache-2.0) as 24 × 24 black or white pixels, with its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

import cv2
import numpy as np
import numpy.typing as npt

from miaobi.craft.icon.measure import Raster

SIDE = 24  # px
_ALIKE = 0.8  # of the nearest icon: below it nothing is taken for much
_SOFT = 1.2  # px: how far apart edges may be and still be near


@dataclass(frozen=True)
class Near:
    """An icon of the corpus that is near. ``overlap``: share of pixels in common; ``soft``: the same, blurred."""

    name: str
    overlap: float
    soft: float


@dataclass(frozen=True)
class _Corpus:
    names: tuple[str, ...]
    hard: npt.NDArray[np.float32]  # (n, SIDE²)
    soft: npt.NDArray[np.float32]  # (n, SIDE²), unit vectors


@cache
def _corpus() -> _Corpus:
    found = np.load(BytesIO(files("miaobi.craft").joinpath("data", "icons.npz").read_bytes()), allow_pickle=False)
    names = tuple(bytes(found["names"]).decode().split("\n"))
    hard = np.unpackbits(found["pixels"], axis=1)[:, : SIDE * SIDE].astype(np.float32)
    return _Corpus(names, hard, np.stack([_blurred(row.reshape(SIDE, SIDE)) for row in hard]))


def packed(pictures: dict[str, Raster]) -> bytes:
    """Return the file of a corpus: its icons by name, each (SIDE, SIDE)."""
    pixels = np.packbits(np.stack([p.reshape(-1) > 0.5 for p in pictures.values()]), axis=1)
    out = BytesIO()
    np.savez_compressed(out, names=np.frombuffer("\n".join(pictures).encode(), np.uint8), pixels=pixels)
    return out.getvalue()


def _blurred(picture: Raster) -> Raster:
    soft = cv2.GaussianBlur(picture, (0, 0), _SOFT).reshape(-1)
    soft = soft - soft.mean()
    return np.asarray(soft / max(1e-6, float(np.linalg.norm(soft))), np.float32)


def nearest(picture: Raster, count: int) -> list[Near]:
    """Return the icons that are nearest to *picture*, (SIDE, SIDE), the nearest first, as it is or in the mirror."""
    corpus = _corpus()
    soft = np.maximum(corpus.soft @ _blurred(picture), corpus.soft @ _blurred(picture[:, ::-1]))
    order = np.argsort(-soft, kind="stable")[:count]
    return [Near(corpus.names[i], _overlap(corpus.hard[i], picture), float(soft[i])) for i in order.tolist()]


def _overlap(one: npt.NDArray[np.float32], picture: Raster) -> float:
    shares = []
    for image in (picture, picture[:, ::-1]):
        black = (image.reshape(-1) > 0.5).astype(np.float32)
        shares.append(float(np.minimum(one, black).sum() / max(1.0, float(np.maximum(one, black).sum()))))
    return max(shares)


def taken_for(near: Sequence[Near], words: Sequence[str]) -> float:
    """Return the share of the nearest icons, weighted by nearness, whose names have one of *words*; 0–1.

    It is less where even the nearest isn't near.
    """
    weights = [max(0.0, n.soft) ** 4 for n in near]
    hits = [w for n, w in zip(near, weights, strict=True) if set(n.name.split("-")) & set(words)]
    return sum(hits) / max(1e-6, sum(weights)) * min(1.0, near[0].soft / _ALIKE) ** 4
