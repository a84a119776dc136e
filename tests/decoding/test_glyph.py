"""A net that has no preferences at all is held to drawings: rings that close, cross nothing and stay in the frame."""

from __future__ import annotations

from contextlib import suppress
from functools import cache

import numpy as np
import pytest

from miaobi.craft.icon.glyph import GRID, area, drawn, every_event, polygon, read
from miaobi.craft.icon.stroke import strokes_for
from miaobi.decoding.glyph import GlyphRings, _crosses
from miaobi.decoding.vocabulary import Vocabulary
from miaobi.decoding.writer import Move, Writer
from miaobi.engines import open_engine
from miaobi.errors import DeadEndError
from miaobi.types import Prompt, Request, write

VOCABULARY = Vocabulary((b"", *((n + " ").encode() for n in every_event())), frozenset({0}), frozenset({0}))


def written(line: GlyphRings, seed: int) -> list[str]:
    """Write as a net would that has no preferences."""
    writer, move = Writer(Request(Prompt(), line.events, seed, constraint=line), 0, (), VOCABULARY), Move()
    rng = np.random.default_rng(seed)
    while writer.finish is None:
        rows = [rng.normal(size=len(VOCABULARY)).astype(np.float32) for _ in range(max(1, len(move.feed)))]
        move = writer.step(rows)
    return writer.candidate().text.split() if writer.finish == "constraint" else []


@cache
def many(learnt: bool) -> tuple[tuple[str, ...], ...]:
    """Return drawings of learnt rings without preferences, or free ones of our own net."""
    first, strokes = strokes_for(("home",))
    out: list[tuple[str, ...]] = []
    engine = None if learnt else open_engine("miaobi-icon")
    for seed in range(10):
        with suppress(DeadEndError):
            if engine is None:
                out.append(tuple(written(GlyphRings(strokes=strokes, first=first, least=2), seed)))
                continue
            request = Request(Prompt(prefix="home go "), 110, seed, constraint=GlyphRings())
            (candidate,) = write(engine, request)
            out.append(tuple(candidate.text.split()) if candidate.finish == "constraint" else ())
    return tuple(names for names in out if names)


def pieces(ring: list[complex]) -> np.ndarray:
    return np.array([[a.real, a.imag, b.real, b.imag] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)])


@pytest.mark.checkpoint
@pytest.mark.parametrize("learnt", [False, True], ids=["free", "learnt"])
def test_every_drawing_has_rings_that_close_inside_the_frame_and_cross_nothing(learnt: bool) -> None:
    assert len(many(learnt)) > 2
    for names in many(learnt):
        assert names[-1] == "end"
        found = drawn(read(names))
        edges = [pieces(polygon(ring, 10)) for ring in found]
        assert all((e >= -0.01).all() and (e <= GRID + 0.01).all() for e in edges)
        assert all(abs(area(ring)) >= 6 for ring in found)
        for i, one in enumerate(edges):
            assert not any(_crosses(np.round(one, 3), np.round(other, 3)) for other in edges[:i])
        whole = np.concatenate(edges)
        assert max(np.ptp(whole[:, [0, 2]]), np.ptp(whole[:, [1, 3]])) >= 30


def test_learnt_drawings_have_the_word_s_own_stroke_first_and_no_ring_twice() -> None:
    first, strokes = strokes_for(("home",))
    for names in many(True):
        starts = [i for i, n in enumerate(names) if n in ("half", "twin", "one")]
        rings = [(names[0], *names[a:b]) for a, b in zip(starts, [*starts[1:], len(names) - 1], strict=True)]
        assert rings[0] in first
        assert set(rings) <= set(strokes)
        assert len(rings) == len(set(rings)) >= 2
