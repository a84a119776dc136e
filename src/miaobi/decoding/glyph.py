"""Rings of an icon as a constraint over the events of ``craft.icon.glyph``: what is drawn is a drawing by construction.

    structure   commands have their numbers; a half goes from the axis to the axis, a twin stays on its side
    length      so many events, rings and corners: when they run out, what is open must close
    frame       every corner and every arc lies inside the frame
    crossing    no edge crosses another, of its ring or of any, nor folds back on the one before it
    speck       a ring encloses something; the whole is large enough to be seen
    learnt      where strokes are given: a ring is one of them, so that only their company is new

A corner is judged as a whole when its y comes, against all edges that stand. It doesn't look ahead further than the
edge that closes a ring: where a ring has no way on, the writer backs up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from miaobi.craft.icon.glyph import AXIS, GRID, KINDS, Corner, area, unfolded
from miaobi.craft.icon.path import Edge, along
from miaobi.decoding.constraint import Follower
from miaobi.decoding.vocabulary import Vocabulary
from miaobi.types import Floats, Mask

Segments = npt.NDArray[np.float64]  # (n, 4): x1 y1 x2 y2
_NONE = np.zeros((0, 4))
_SPECK = 6.0  # quarters of a square unit that a ring encloses at least
_LEAST = 30  # halves of a unit: the larger side of the whole, at least
_CLOSING = 7  # events left from which on what is open must close


@dataclass
class GlyphRings:
    """An icon's events after its words: so many events, rings and corners of one ring at most.

    ``strokes``: the rings that there may be, each as its axis and its events (none: any); ``first``: those with which
    it may begin; ``least``: how many there are at least.
    """

    events: int = 110
    rings: int = 8
    corners: int = 26
    strokes: tuple[tuple[str, ...], ...] = ()
    first: tuple[tuple[str, ...], ...] = ()
    least: int = 1
    name: str = "glyph"

    def follower(self, vocabulary: Vocabulary) -> Follower:
        """Return a follower before the first event."""
        return GlyphFollower(self, _table(vocabulary))


_Tree = dict[str, Any]  # of events; "" where a stroke may end


@lru_cache(maxsize=8)
def _tree(strokes: tuple[tuple[str, ...], ...]) -> _Tree:
    root: _Tree = {}
    for stroke in strokes:
        node = root
        for name in stroke:
            node = node.setdefault(name, {})
        node[""] = {}
    return root


class _Table:
    """A vocabulary of events as arrays."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.size = len(vocabulary)
        self.name = {i: piece.decode("utf-8", "replace").strip() for i, piece in enumerate(vocabulary.pieces) if piece}
        self.token = {name: i for i, name in self.name.items()}
        self.places = {
            letter: np.array([self.token.get(f"{letter}{i}", -1) for i in range(GRID + 1)]) for letter in "xy"
        }
        self.turns = {name: float(name[1:]) for name in self.token if name[:2] in ("t+", "t-") and name[2:3].isdigit()}

    def mask(self, names: Sequence[str]) -> Mask:
        """Return which tokens are one of *names*."""
        found = np.zeros(self.size, np.bool_)
        found[[self.token[n] for n in names if n in self.token]] = True
        return found


def _table(vocabulary: Vocabulary) -> _Table:
    if "_glyph" not in vocabulary.__dict__:
        vocabulary.__dict__["_glyph"] = _Table(vocabulary)
    found: _Table = vocabulary.__dict__["_glyph"]
    return found


@dataclass(frozen=True)
class _State:
    """Where a candidate is. ``edges``: all that stand, mirror images too; ``own``: those of the open ring."""

    count: int = 0
    axis: str = ""  # upright or lying, once it is told
    ended: bool = False
    rings: int = 0
    done: frozenset[tuple[Corner, ...]] = frozenset()  # rings that stand: none comes twice
    kind: str = ""
    corners: tuple[Corner, ...] = ()
    whole: bool = False  # the open ring has come back to where it began
    turn: float = 0.0
    x: int = -1
    node: _Tree | None = None  # how far a learnt stroke has been followed
    edges: Segments = field(default_factory=lambda: _NONE)
    own: Segments = field(default_factory=lambda: _NONE)


class GlyphFollower:
    """A follower that tells its rules apart; a state is a value, so going back is forgetting the last ones."""

    certain = False  # a ring can run into a corner without a way out: the writer backs up

    def __init__(self, line: GlyphRings, table: _Table) -> None:
        self.name, self._line, self._table = line.name, line, table
        self._states = [_State()]
        self._judged_last: tuple[_State | None, list[tuple[str, Mask]]] = (None, [])

    def rules(self, logits: Floats) -> list[tuple[str, Mask]]:
        """Return the masks of what may come next, in the order of blame; the logits don't matter."""
        del logits
        state = self._states[-1]
        if self._judged_last[0] is not state:
            self._judged_last = (state, self._rules(state))
        return self._judged_last[1]

    def _rules(self, state: _State) -> list[tuple[str, Mask]]:
        if state.ended:
            return [("structure", np.zeros(self._table.size, np.bool_))]
        if state.x >= 0:
            return self._rules_of_corner(state)
        allowed, closable = self._structure(state)
        rules = [("structure", self._table.mask(allowed))]
        if self._line.strokes:
            rules.append(("learnt", self._table.mask(self._learnt(state, allowed))))
        if state.corners and not closable:
            kept = [n for n in allowed if n not in KINDS and n != "end"]
            rules.append(("crossing", self._table.mask(kept)))
        if "end" in allowed and self._side(state) < _LEAST:
            rules.append(("speck", self._table.mask([n for n in allowed if n != "end"])))
        left = self._line.events - state.count
        if left <= _CLOSING:
            rules.append(("length", self._table.mask(self._closing(state, allowed, left))))
        return rules

    def mask(self, logits: Floats) -> Mask:
        """Return which tokens may come next."""
        allowed: Mask = np.logical_and.reduce([mask for _, mask in self.rules(logits)])
        return allowed

    def consume(self, token: int) -> bool:
        """Take a token."""
        state = self._states[-1]
        if state.ended or not self.mask(np.zeros(self._table.size, np.float32))[token]:
            return False
        self._states.append(self._after(state, self._table.name[token]))
        return True

    def rewind(self, count: int) -> None:
        """Forget the last tokens."""
        if count:
            del self._states[-count:]

    def complete(self) -> bool:
        """Tell whether the icon is finished."""
        return self._states[-1].ended

    def forced(self) -> list[int]:
        """Return nothing: what there is no choice about is found by the mask."""
        return []

    # --- what may come by the structure alone ---------------------------------------------------------------

    def _structure(self, state: _State) -> tuple[list[str], bool]:
        """Return the events that may come between corners, and whether the open ring may close here."""
        if not state.axis:
            return ["upright", "lying"], True
        names: list[str] = []
        closable = not state.kind or self._closes(state)
        if state.turn == 0.0 and (closable or self._could_close(state)) and (state.kind or state.rings == 0):
            names += [*KINDS] if state.rings < self._line.rings else []
            names += ["end"] if state.rings >= self._line.least else []
        if state.kind and not state.whole and len(state.corners) < self._line.corners:
            names += [n for n in self._table.token if n[0] == "x" and n[1:].isdigit() and self._fits(state, int(n[1:]))]
            names += [*self._table.turns] if state.corners and not state.turn else []
        return names, closable

    def _learnt(self, state: _State, allowed: Sequence[str]) -> list[str]:
        """Return which of *allowed* go on with a stroke that was learnt, or begin one where one has ended."""
        root = self._root(state)
        node = root if state.node is None else state.node
        between = state.node is None or "" in node
        return [n for n in allowed if n in node or (between and (n == "end" or n in root))]

    def _fits(self, state: _State, x: int) -> bool:
        if state.kind == "one":
            return True
        if state.kind == "half" and not state.corners:
            return x == AXIS
        if state.kind == "half" and x == AXIS:
            return len(state.corners) > 1 or state.turn > 0
        return x >= AXIS

    def _could_close(self, state: _State) -> bool:
        """Tell whether only edges stand against closing here: then they are to blame, not the structure."""
        return state.kind != "half" and not state.whole and len(state.corners) > 2

    def _closes(self, state: _State) -> bool:
        if state.whole:
            return True
        if state.kind == "half" or len(state.corners) < 2:
            return False
        if len(state.corners) == 2 and not state.corners[1].turn:
            return False
        first = state.corners[0]
        return all(mask.all() for mask in self._judged(state, np.array([[first.x, first.y]]), 0.0, closing=True))

    def _closing(self, state: _State, allowed: Sequence[str], left: int) -> list[str]:
        """Return what leads to an end in the events that are left."""
        if not state.kind or state.whole or "end" in allowed:
            return ["end"]
        return [f"x{AXIS}"] if state.kind == "half" else [n for n in allowed if left > 3]

    def _side(self, state: _State) -> float:
        edges = np.concatenate([state.edges, self._with_images(state.kind, state.own)])
        if not len(edges):
            return 0.0
        xs, ys = edges[:, [0, 2]], edges[:, [1, 3]]
        return float(max(np.ptp(xs), np.ptp(ys)))

    # --- corners --------------------------------------------------------------------------------------------

    def _rules_of_corner(self, state: _State) -> list[tuple[str, Mask]]:
        legal = np.array([self._apart(state, state.x, y) for y in range(GRID + 1)])
        learnt = legal if state.node is None else np.array([f"y{y}" in state.node for y in range(GRID + 1)])
        inside, clear, large = (legal & learnt for _ in range(3))
        ys = np.flatnonzero(inside)  # the others needn't be judged
        if state.corners and len(ys):
            spots = np.stack([np.full(len(ys), state.x), ys], 1)
            inside[ys], clear[ys] = self._judged(state, spots, state.turn)
        large[ys] = [self._encloses(state, state.x, int(y)) for y in ys]
        return [
            ("structure", self._of(legal)),
            ("learnt", self._of(learnt)),
            ("frame", self._of(inside)),
            ("crossing", self._of(clear)),
            ("speck", self._of(large)),
        ]

    def _of(self, legal: npt.NDArray[np.bool_]) -> Mask:
        found = np.zeros(self._table.size, np.bool_)
        tokens = self._table.places["y"]
        found[tokens[legal & (tokens >= 0)]] = True
        return found

    def _apart(self, state: _State, x: int, y: int) -> bool:
        """Tell whether a corner is a new one; back at the first one only an arc may lead."""
        spots = [(c.x, c.y) for c in state.corners]
        if (x, y) not in spots:
            return True
        return (x, y) == spots[0] and bool(state.turn) and state.kind != "half" and len(spots) > 1

    def _encloses(self, state: _State, x: int, y: int) -> bool:
        """Tell whether a ring that closes with this corner encloses more than a speck."""
        corner = Corner(x, y, state.turn)
        if state.kind == "half" and x == AXIS and state.corners:
            half = (*state.corners, corner)
            return half not in state.done and area(unfolded(half)) >= _SPECK
        if state.corners and (x, y) == (state.corners[0].x, state.corners[0].y):
            ring = (replace(state.corners[0], turn=state.turn), *state.corners[1:])
            return ring not in state.done and area(ring) >= _SPECK
        return True

    def _judged(
        self, state: _State, spots: npt.NDArray[np.int64], turn: float, *, closing: bool = False
    ) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Return for each spot whether an edge to there stays in the frame, and whether it is clear of all others."""
        last = state.corners[-1]
        runs = [_run(last.x, last.y, int(x), int(y), turn) for x, y in spots]
        low = AXIS - 0.01 if state.kind in ("half", "twin") else 0.0
        inside = np.array([bool((r[:, [0, 2]] >= low).all() and (r >= 0).all() and (r <= GRID).all()) for r in runs])
        others = state.edges
        if state.kind in ("half", "twin"):
            others = np.concatenate([others, _image(others)])
        others = np.concatenate([others, state.own])
        clear = ~np.array([_crosses(r, others) for r in runs])
        if len(state.corners) > 1:
            before = state.own[-1]
            clear &= ~np.array([_folds(before, r[0]) for r in runs])
        if closing and clear.all():
            clear &= not _folds(runs[0][-1], state.own[0])
            ring = state.corners
            clear &= ring not in state.done and area(ring) >= _SPECK
        return inside, clear

    def _after(self, state: _State, name: str) -> _State:
        state = replace(state, count=state.count + 1, node=self._onward(state, name))
        if name in ("upright", "lying"):
            return replace(state, axis=name)
        if name == "end" or name in KINDS:
            state = self._closed(state)
            if name == "end":
                return replace(state, ended=True)
            return replace(state, kind=name, rings=state.rings + 1)
        if name[0] == "t":
            return replace(state, turn=self._table.turns[name])
        if name[0] == "x":
            return replace(state, x=int(name[1:]))
        corner = Corner(state.x, int(name[1:]), state.turn)
        own = state.own
        if state.corners:
            last = state.corners[-1]
            own = np.concatenate([own, _run(last.x, last.y, corner.x, corner.y, corner.turn)])
        first = state.corners[0] if state.corners else None
        back = first is not None and (first.x, first.y) == (corner.x, corner.y)
        whole = back or (state.kind == "half" and first is not None and corner.x == AXIS)
        corners = (corner, *state.corners[1:]) if back else (*state.corners, corner)
        return replace(state, corners=corners, own=own, whole=whole, turn=0.0, x=-1)

    def _root(self, state: _State) -> _Tree:
        """Return the strokes that may begin here, by their events; before the axis is told, the axes."""
        tree = _tree(self._line.strokes if state.rings or not self._line.first else self._line.first)
        return tree.get(state.axis, {}) if state.axis else tree

    def _onward(self, state: _State, name: str) -> _Tree | None:
        if not self._line.strokes or name in ("upright", "lying", "end"):
            return None
        node = self._root(state) if name in KINDS else state.node or {}
        onward: _Tree = node[name]
        return onward

    def _closed(self, state: _State) -> _State:
        """Return the state with the open ring among those that stand."""
        own = state.own
        if state.kind in ("one", "twin") and not state.whole:
            last, first = state.corners[-1], state.corners[0]
            own = np.concatenate([own, _run(last.x, last.y, first.x, first.y, 0.0)])
        edges = np.concatenate([state.edges, self._with_images(state.kind, own)])
        done = state.done | {state.corners}
        return replace(state, edges=edges, done=done, own=_NONE, corners=(), whole=False, kind="")

    @staticmethod
    def _with_images(kind: str, edges: Segments) -> Segments:
        return edges if kind == "one" else np.concatenate([edges, _image(edges)])


def _image(edges: Segments) -> Segments:
    """Return the mirror images of edges."""
    return np.asarray(edges * np.array([-1, 1, -1, 1]) + np.array([GRID, 0, GRID, 0]))


@lru_cache(maxsize=1 << 16)
def _run(x: int, y: int, to_x: int, to_y: int, turn: float) -> Segments:
    """Return an edge as straight pieces, (n, 4)."""
    start, end = complex(x, y), complex(to_x, to_y)
    points = [start, *along(start, Edge(end, turn), 10)] if start != end else [start, end]
    out = np.array([[a.real, a.imag, b.real, b.imag] for a, b in pairwise(points)])
    return np.asarray(np.round(out, 3))


def _crosses(run: Segments, others: Segments) -> bool:
    """Tell whether a run of pieces crosses any other piece, or runs along it."""
    if not len(others):
        return False
    a, b = run[:, None, :2], run[:, None, 2:]
    c, d = others[None, :, :2], others[None, :, 2:]

    def side(p: npt.NDArray[np.float64], q: npt.NDArray[np.float64], r: npt.NDArray[np.float64]) -> Segments:
        return (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1]) - (q[..., 1] - p[..., 1]) * (r[..., 0] - p[..., 0])

    one, two, three, four = side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)
    small = 0.05
    crossing = (one * two < -small) & (three * four < -small)
    return bool(crossing.any())


def _folds(before: npt.NDArray[np.float64], after: npt.NDArray[np.float64]) -> bool:
    """Tell whether a piece goes back the way that the one before it came."""
    a = math.atan2(before[3] - before[1], before[2] - before[0])
    b = math.atan2(after[3] - after[1], after[2] - after[0])
    return abs(math.remainder(b - a, math.tau)) > math.pi - 0.12
