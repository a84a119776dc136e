"""A two-dimensional map of word vectors as SVG: the plane in which they differ most (principal components, Pearson
1901).

The share of the differences that the plane holds stands in the map: where it is small, words that are near each other
on it need not be near in the space.
"""

from __future__ import annotations

import numpy as np

from miaobi.craft.chart.svg import FONT, PALETTE, fit, measure
from miaobi.craft.markup import escape
from miaobi.errors import CorpusError
from miaobi.lab.vectors.embedding import WordVectors
from miaobi.types import Floats

_WIDTH, _HEIGHT, _EDGE, _TOP = 960, 720, 40, 64


def plane(vectors: Floats) -> tuple[Floats, float]:
    """Return places (N, 2) of *vectors* (N, D) in the plane of their principal components, and its share of variance.

    The sign of an axis is chosen so that its largest coordinate is positive: the same vectors give the same map.
    """
    centred = vectors.astype(np.float64) - vectors.mean(axis=0)
    u, s, _ = np.linalg.svd(centred, full_matrices=False)
    places = u[:, :2] * s[:2]
    if places.shape[1] < 2:
        places = np.pad(places, ((0, 0), (0, 2 - places.shape[1])))
    signs = np.sign(places[np.abs(places).argmax(axis=0), [0, 1]])
    whole = float((s**2).sum())
    return np.asarray(places * np.where(signs == 0, 1, signs), np.float32), float((s[:2] ** 2).sum()) / (whole or 1.0)


def draw(vectors: WordVectors, groups: dict[str, list[str]], title: str = "Word vectors") -> str:
    """Return the map of the words of *groups* (name in the legend: words). Raises if one is unknown or all are < 3."""
    placed = [(word, colour) for colour, words in enumerate(groups.values()) for word in words]
    if len(placed) < 3:
        raise CorpusError(f"A map needs three words or more; there are {len(placed)}.", "Name more words.")
    places, share = plane(vectors.units[[vectors.number(word) for word, _ in placed]])
    low, high = places.min(axis=0), places.max(axis=0)
    span = np.maximum(high - low, 1e-9)
    room = np.array([_WIDTH - 2 * _EDGE - 90, _HEIGHT - _TOP - 2 * _EDGE])
    spots = (places - low) / span * room + np.array([_EDGE, _TOP + _EDGE / 2])
    note = f"{share:.0%} of the differences lie in this plane"
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" '
        f'role="img" aria-labelledby="t d" font-family="{FONT}" font-size="13" fill="#2b2b2b">',
        f'<title id="t">{escape(title)}</title>',
        f'<desc id="d">{escape(note)}: {escape(", ".join(w for w, _ in placed))}</desc>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<text x="16" y="28" font-size="17" font-weight="600">{escape(fit(title, _WIDTH - 32, 17))}</text>',
        f'<text x="16" y="48" fill="#666">{escape(note)}</text>',
    ]
    out += [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{PALETTE[colour % len(PALETTE)]}"/>'
        for (_, colour), (x, y) in zip(placed, spots, strict=True)
    ]
    out += _labels(placed, spots)
    if len(groups) > 1:
        for i, name in enumerate(groups):
            y = _HEIGHT - 12 - 18 * (len(groups) - 1 - i)
            out.append(f'<circle cx="{_WIDTH - 150}" cy="{y - 4}" r="5" fill="{PALETTE[i % len(PALETTE)]}"/>')
            out.append(f'<text x="{_WIDTH - 138}" y="{y}">{escape(fit(name, 120))}</text>')
    return "\n".join([*out, "</svg>", ""])


def _labels(placed: list[tuple[str, int]], spots: Floats) -> list[str]:
    """Return each word beside its point, moved down or up where another stands already."""
    taken: list[tuple[float, float, float]] = []  # left, right, baseline
    out = []
    for (word, colour), (x, y) in zip(placed, spots, strict=True):
        left, right = float(x) + 6, float(x) + 6 + measure(word, 13)
        shifts = (0, 13, -13, 26, -26, 39, -39)
        free = [s for s in shifts if not any(left < r and right > le and abs(y + s - b) < 12 for le, r, b in taken)]
        baseline = float(y) + 4 + (free[0] if free else 0)
        taken.append((left, right, baseline - 4))
        out.append(
            f'<text x="{left:.1f}" y="{baseline:.1f}" fill="{PALETTE[colour % len(PALETTE)]}">{escape(word)}</text>'
        )
    return out
