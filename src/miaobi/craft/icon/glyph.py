"""Glyph: an icon as it is written, event by event: rings on a grid of half units, on one axis of symmetry.

    upright | lying      the axis: x = 12, or y = 12 (then everything is told with x and y changed)
    half                 the right half of a ring that is its own mirror image, from the axis down to the axis
    twin                 a ring on the right, whose mirror image is there too
    one                  a ring by itself
      x24 y4             a corner, in halves of a unit: the frame is 48 × 48
      t+90 x44 y24       the next corner, reached by an arc that turns 90° clockwise; without t by a straight edge
    end

A ring goes clockwise from its topmost corner, rings come the larger first, and where rings lie in each other they
are filled by turns (even-odd). So equal icons have equal events, and mirror images are exact by construction.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from miaobi.craft.icon.path import Edge, Ring, along

GRID = 48
AXIS = GRID // 2
TURNS = tuple(sorted({s * t / 2 for t in range(15, 361, 15) for s in (-1, 1)}))  # degrees: multiples of 7.5 to 180
KINDS = ("half", "twin", "one")
_FLAT = 7.5  # degrees: less is straight


@dataclass(frozen=True)
class Corner:
    """A corner on the grid, and the turn of the edge that leads to it (0: straight), degrees."""

    x: int
    y: int
    turn: float = 0.0


@dataclass(frozen=True)
class Stroke:
    """One ring as written. Of a ``one`` and a ``twin`` the first corner's turn is that of the edge that closes it."""

    kind: str
    corners: tuple[Corner, ...]


@dataclass(frozen=True)
class Glyph:
    """A whole icon."""

    strokes: tuple[Stroke, ...]
    lying: bool = False


# --- as events ------------------------------------------------------------------------------------------------


def turn_name(turn: float) -> str:
    """Return the event of a turn."""
    return f"t{turn:+g}"


def every_event() -> list[str]:
    """Return every event that a glyph may have."""
    return [
        "upright",
        "lying",
        *KINDS,
        "end",
        *(f"x{i}" for i in range(GRID + 1)),
        *(f"y{i}" for i in range(GRID + 1)),
        *map(turn_name, TURNS),
    ]


def events(glyph: Glyph) -> list[str]:
    """Return a glyph as events."""
    return [axis(glyph), *(name for stroke in glyph.strokes for name in events_of(stroke)), "end"]


def axis(glyph: Glyph) -> str:
    """Return the event of a glyph's axis."""
    return "lying" if glyph.lying else "upright"


def events_of(stroke: Stroke) -> list[str]:
    """Return a stroke as events."""
    out = [stroke.kind]
    corners = stroke.corners if stroke.kind == "half" else (*stroke.corners, stroke.corners[0])
    for i, corner in enumerate(corners):
        closing = stroke.kind != "half" and i == len(corners) - 1
        if closing and not corner.turn:
            break  # a straight edge closes it unsaid
        if corner.turn and (i or stroke.kind == "half"):
            out.append(turn_name(corner.turn))
        out += [f"x{corner.x}", f"y{corner.y}"]
    return out


def read(names: Iterable[str]) -> Glyph:
    """Return the glyph that events tell; ValueError where they tell none."""
    strokes: list[Stroke] = []
    lying, turn, x = False, 0.0, -1
    for name in names:
        if name in ("upright", "lying"):
            lying = name == "lying"
        elif name in KINDS:
            strokes.append(Stroke(name, ()))
        elif name == "end":
            break
        elif name[0] == "t":
            turn = float(name[1:])
        elif name[0] == "x":
            x = int(name[1:])
        elif name[0] == "y" and strokes and x >= 0:
            last = strokes[-1]
            strokes[-1] = replace(last, corners=(*last.corners, Corner(x, int(name[1:]), turn)))
            turn, x = 0.0, -1
        else:
            raise ValueError(f"{name} stands where it can't")
    return Glyph(tuple(map(_closed, strokes)), lying)


def _closed(stroke: Stroke) -> Stroke:
    """Return a ring whose last corner, where it is the first again, has given its turn to that."""
    first, last = stroke.corners[0], stroke.corners[-1]
    if stroke.kind == "half" or len(stroke.corners) < 2 or (first.x, first.y) != (last.x, last.y):
        return stroke
    return Stroke(stroke.kind, (replace(first, turn=last.turn), *stroke.corners[1:-1]))


# --- as rings -------------------------------------------------------------------------------------------------


def drawn(glyph: Glyph) -> list[tuple[Corner, ...]]:
    """Return every ring of a glyph, halves and twins completed, in the frame as it is seen."""
    out: list[tuple[Corner, ...]] = []
    for stroke in glyph.strokes:
        ring = stroke.corners
        if stroke.kind == "half":
            ring = unfolded(ring)
        out.append(ring)
        if stroke.kind == "twin":
            out.append(mirrored(ring))
    return [tuple(_turned(ring)) if glyph.lying else ring for ring in out]


def unfolded(half: Sequence[Corner]) -> tuple[Corner, ...]:
    """Return the whole ring of its right half, which begins and ends on the axis."""
    back = [
        Corner(GRID - half[i].x, half[i].y, half[i + 1].turn if i + 1 < len(half) else 0.0)
        for i in range(len(half) - 2, 0, -1)
    ]
    last = half[-1]
    whole = [replace(half[0], turn=half[1].turn), *half[1:], *back] if last.x == AXIS else [*half]
    return tuple(whole)


def mirrored(ring: Sequence[Corner]) -> tuple[Corner, ...]:
    """Return the mirror image of a ring, clockwise too."""
    count = len(ring)
    return tuple(
        Corner(GRID - ring[-i % count].x, ring[-i % count].y, ring[(1 - i) % count].turn) for i in range(count)
    )


def _turned(ring: Sequence[Corner]) -> list[Corner]:
    """Return a ring with x and y changed, clockwise again."""
    count = len(ring)
    return [Corner(ring[-i % count].y, ring[-i % count].x, ring[(1 - i) % count].turn) for i in range(count)]


def as_ring(corners: Sequence[Corner]) -> Ring:
    """Return corners as a ring of edges in units of the frame's 24."""
    at = complex(corners[0].x, corners[0].y) / 2
    ordered = [*corners[1:], corners[0]]
    return at, tuple(Edge(complex(c.x, c.y) / 2, c.turn) for c in ordered)


def polygon(corners: Sequence[Corner], steps: int = 8) -> list[complex]:
    """Return corners as a polygon in halves of a unit."""
    points: list[complex] = []
    for before, corner in zip(corners, [*corners[1:], corners[0]], strict=True):
        points += along(complex(before.x, before.y), Edge(complex(corner.x, corner.y), corner.turn), steps)
    return points


def path_data(glyph: Glyph, scale: float = 0.5) -> str:
    """Return a glyph as path data, its rings to be filled by the even-odd rule."""
    return "".join(_data(ring, scale) for ring in drawn(glyph))


def _data(ring: Sequence[Corner], scale: float) -> str:
    def at(corner: Corner) -> str:
        return f"{corner.x * scale:g} {corner.y * scale:g}"

    parts = [f"M{at(ring[0])}"]
    for before, corner in zip(ring, [*ring[1:], ring[0]], strict=True):
        chord = math.hypot(corner.x - before.x, corner.y - before.y) * scale
        if corner.turn:
            radius = chord / 2 / math.sin(math.radians(abs(corner.turn)) / 2)
            parts.append(f"A{radius:.4g} {radius:.4g} 0 0 {int(corner.turn > 0)} {at(corner)}")
        elif corner is not ring[0]:
            parts.append(f"L{at(corner)}")
    return "".join(parts) + "Z"


# --- from rings -----------------------------------------------------------------------------------------------


def glyph_of(rings: Sequence[Ring]) -> Glyph | None:
    """Return the glyph nearest to *rings*, on the axis on which more of them mirror; None where nothing is left."""
    plain = [ring for ring in map(_gridded, rings) if len(ring) >= 2 and abs(area(ring)) >= 2]
    return from_corners(plain) if plain else None


def from_corners(rings: Sequence[Sequence[Corner]]) -> Glyph:
    """Return the glyph of rings on the grid, each clockwise."""
    rings = [_merged(ring) for ring in rings]
    upright = _written(rings)
    lying = _written([_turned(ring) for ring in rings])
    if _told(lying) < _told(upright):
        return Glyph(lying, lying=True)
    return Glyph(upright)


def _told(strokes: Sequence[Stroke]) -> int:
    """Return how many corners are told, which are fewer the more is mirrored."""
    return sum(len(s.corners) + 3 * (s.kind == "one") for s in strokes)


def area(ring: Sequence[Corner]) -> float:
    """Return the area inside, in quarters of a square unit; positive clockwise."""
    points = polygon(ring)
    return sum((a.conjugate() * b).imag for a, b in zip(points, points[1:] + points[:1], strict=True)) / 2


def _clockwise(ring: Sequence[Corner]) -> tuple[Corner, ...]:
    if area(ring) >= 0:
        return tuple(ring)
    count = len(ring)
    return tuple(replace(ring[-i % count], turn=0.0 - ring[(1 - i) % count].turn) for i in range(count))


def _gridded(ring: Ring) -> tuple[Corner, ...]:
    """Return a ring on the grid, clockwise, without corners that are none."""
    corners: list[Corner] = []
    for edge in ring[1]:
        x, y = (min(GRID, max(0, round(2 * v))) for v in (edge.end.real, edge.end.imag))
        if not corners or (corners[-1].x, corners[-1].y) != (x, y):
            corners.append(Corner(x, y, _nearest_turn(edge.turn)))
    while len(corners) > 1 and (corners[0].x, corners[0].y) == (corners[-1].x, corners[-1].y):
        corners.pop(0)
    return _merged(_clockwise(_merged(corners))) if len(corners) > 1 else ()


def _nearest_turn(turn: float) -> float:
    if abs(turn) < _FLAT * 0.75:
        return 0.0
    return min(TURNS, key=lambda t: abs(t - turn))


def _merged(ring: Sequence[Corner]) -> tuple[Corner, ...]:
    """Return a ring without corners in the middle of a straight edge or of one arc."""
    corners = list(ring)
    i = 0
    while len(corners) > 2 and i < len(corners):
        before, here, after = corners[i - 1], corners[i], corners[(i + 1) % len(corners)]
        whole = _joined(before, here, after)
        if whole is None:
            i += 1
            continue
        corners[(i + 1) % len(corners)] = replace(after, turn=whole)
        del corners[i]
        i = max(0, i - 2)
    return tuple(corners)


def _joined(before: Corner, here: Corner, after: Corner) -> float | None:
    """Return the turn of one edge from *before* to *after* that runs through *here*; None where there is none."""
    a, b, c = (complex(p.x, p.y) for p in (before, here, after))
    if not here.turn and not after.turn:
        straight = (b - a) * (c - b).conjugate()
        return 0.0 if abs(straight.imag) < 1e-9 and straight.real > 0 else None
    whole = here.turn + after.turn
    if not here.turn or not after.turn or here.turn * after.turn < 0 or abs(whole) > 180 or a == c:
        return None
    first, second = (
        abs(q - p) / math.sin(math.radians(abs(t)) / 2) for p, q, t in ((a, b, here.turn), (b, c, after.turn))
    )
    if abs(first - second) > 0.12 * max(first, second):
        return None
    nearest = min(TURNS, key=lambda t: abs(t - whole))
    arc = along(a, Edge(c, nearest), 24)
    return nearest if min(abs(b - p) for p in arc) < 0.75 else None


def _written(rings: Sequence[Sequence[Corner]]) -> tuple[Stroke, ...]:
    """Return rings as strokes: those that mirror as halves and twins; the larger first."""
    left = sorted(map(_begun, rings), key=lambda ring: (-abs(area(ring)), ring[0].y, ring[0].x))
    out: list[Stroke] = []
    while left:
        ring = left.pop(0)
        image = _begun(_merged(mirrored(ring)))
        half = _half(ring) if _same(image, ring) else None
        twin = next((other for other in left if _same(other, image)), None)
        if half is not None:
            out.append(Stroke("half", half))
        elif twin is not None and min(c.x for c in (ring, image)[sum(c.x for c in ring) < AXIS * len(ring)]) >= AXIS:
            left.remove(twin)
            out.append(Stroke("twin", ring if sum(c.x for c in ring) >= AXIS * len(ring) else image))
        else:
            out.append(Stroke("one", ring))
    return tuple(out)


def _begun(ring: Sequence[Corner]) -> tuple[Corner, ...]:
    """Return a ring that begins at its topmost corner, of those the leftmost."""
    first = min(range(len(ring)), key=lambda i: (ring[i].y, ring[i].x))
    return (*ring[first:], *ring[:first])


def _same(one: Sequence[Corner], other: Sequence[Corner]) -> bool:
    return len(one) == len(other) and all(
        abs(a.x - b.x) <= 1 and abs(a.y - b.y) <= 1 and abs(a.turn - b.turn) <= 15
        for a, b in zip(one, other, strict=True)
    )


def _half(ring: Sequence[Corner]) -> tuple[Corner, ...] | None:
    """Return the right half of a ring that mirrors, from the axis to the axis; None where it crosses it otherwise."""
    opened: list[Corner] = []
    for before, corner in zip([ring[-1], *ring[:-1]], ring, strict=True):
        if (before.x - AXIS) * (corner.x - AXIS) < 0:
            a, b = complex(before.x, before.y), complex(corner.x, corner.y)
            sagitta = abs(b - a) / 2 * math.tan(math.radians(corner.turn) / 4)
            middle = (a + b) / 2 - (b - a) / abs(b - a) * 1j * sagitta if corner.turn else (a + b) / 2
            part = _nearest_turn(corner.turn / 2)
            opened.append(Corner(AXIS, min(GRID, max(0, round(middle.imag))), part))
            opened.append(replace(corner, turn=part))
        else:
            opened.append(corner)
    on = [i for i, corner in enumerate(opened) if corner.x == AXIS]
    if len(on) != 2:
        return None
    for first, last in (on, on[::-1]):
        run = [opened[(first + k) % len(opened)] for k in range((last - first) % len(opened) + 1)]
        if all(corner.x > AXIS for corner in run[1:-1]) and (len(run) > 2 or run[-1].turn > 0):
            return (replace(run[0], turn=0.0), *run[1:])
    return None
