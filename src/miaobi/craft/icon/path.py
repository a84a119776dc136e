"""Path data of SVG (SVG 1.1, section 8.3) as rings of straight edges and circular arcs.

Everything that is curved becomes arcs: of circles as they are, of Bézier curves and ellipses by halving until an arc
through the ends and the middle is near enough. An arc is told by where it ends and by how far it turns on the way:
degrees, clockwise positive (y grows downward), 0 for a straight edge, at most 180.
"""

from __future__ import annotations

import cmath
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from miaobi.errors import BriefError, show

_TOKEN = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_ARITY = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_NEAR = 0.3  # of the frame's 24 units: how far an arc may lie from the curve it stands for
_HALVINGS = 2


@dataclass(frozen=True)
class Edge:
    """To where, and how far it turns on the way."""

    end: complex
    turn: float = 0.0


Ring = tuple[complex, tuple[Edge, ...]]  # where it begins, and its edges back to there


def rings(data: str) -> list[Ring]:
    """Return the closed rings of path data; BriefError for what is no path."""
    out: list[Ring] = []
    start = at = 0j
    edges: list[Edge] = []
    last: tuple[str, complex] = ("", 0j)

    def close() -> None:
        if edges:
            if abs(at - start) > 1e-9:
                edges.append(Edge(start))
            out.append((start, tuple(edges)))
            edges.clear()

    for letter, numbers in _commands(data):
        kind, base = letter.upper(), at if letter.islower() else 0j
        points = [base + complex(*pair) for pair in zip(numbers[::2], numbers[1::2], strict=False)]
        mirrored = 2 * at - last[1] if kind in "ST" and last[0] == {"S": "C", "T": "Q"}[kind] else at
        control = at
        if kind == "M":
            close()
            start = at = points[0]
        elif kind == "Z":
            close()
            at = start
        elif kind in "LHV":
            x, y = (numbers + numbers)[:2]
            end = {"L": points[0] if points else 0j, "H": complex(base.real + x, at.imag)}.get(kind)
            at = end if end is not None else complex(at.real, base.imag + y)
            edges.append(Edge(at))
        elif kind == "A":
            end = base + complex(*numbers[5:])
            edges += _elliptic(at, end, complex(*numbers[:2]), numbers[2], bool(numbers[3]), bool(numbers[4]))
            at = end
        else:
            first, second, end = _controls(kind, at, mirrored, points)
            control = second if kind in "CS" else points[0] if kind == "Q" else mirrored
            edges += _curved(at, first, second, end, _HALVINGS)
            at = end
        last = ({"S": "C", "T": "Q"}.get(kind, kind), control)
    close()
    return out


def _controls(kind: str, at: complex, mirrored: complex, points: list[complex]) -> tuple[complex, complex, complex]:
    """Return the two control points and the end of a curve as a cubic one."""
    if kind == "C":
        return points[0], points[1], points[2]
    if kind == "S":
        return mirrored, points[0], points[1]
    middle, end = (points[0], points[1]) if kind == "Q" else (mirrored, points[0])
    return at + (middle - at) * 2 / 3, end + (middle - end) * 2 / 3, end


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    """Give each command once for each set of its numbers."""
    letter, numbers = "", list[str]()
    for found in [*_TOKEN.finditer(_flags_apart(data)), None]:
        if found is not None and found[2]:
            numbers.append(found[2])
            continue
        size = _ARITY.get(letter.upper(), 0)
        if letter and (len(numbers) % size if size else numbers):
            raise BriefError(f"{show(data)} is no path data: {letter} has {len(numbers)} numbers.")
        if letter and not size:
            yield letter, []
        for i in range(0, len(numbers), size or 1):
            values = [float(n) for n in numbers[i : i + size]]
            yield letter if not i or letter.upper() != "M" else {"M": "L", "m": "l"}[letter], values
        letter, numbers = found[1] if found is not None else "", []


def _flags_apart(data: str) -> str:
    """Return path data whose arcs have their two flags apart from what follows: they may stand as ``012,3``."""
    number = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
    arc = re.compile(
        rf"({number})[\s,]*({number})[\s,]*({number})[\s,]*([01])[\s,]*([01])[\s,]*({number})[\s,]*({number})"
    )
    return re.sub(r"([Aa])([^A-Za-z]*)", lambda m: m[1] + arc.sub(r"\1 \2 \3 \4 \5 \6 \7 ", m[2]), data)


def _curved(start: complex, first: complex, second: complex, end: complex, left: int) -> list[Edge]:
    """Return a cubic Bézier curve as arcs."""
    if abs(end - start) < 1e-9 and abs(first - start) + abs(second - end) < 1e-9:
        return []
    points = [_on(start, first, second, end, k / 8) for k in range(9)]
    turn = turn_through(start, points[4], end)
    if abs(turn) <= 180 and (not left or _fits(start, end, turn, points)):
        return [Edge(end, turn)]
    a, b, c = (start + first) / 2, (first + second) / 2, (second + end) / 2
    d, e = (a + b) / 2, (b + c) / 2
    middle = (d + e) / 2
    return _curved(start, a, d, middle, left - 1) + _curved(middle, e, c, end, left - 1)


def _on(start: complex, first: complex, second: complex, end: complex, t: float) -> complex:
    u = 1 - t
    return u**3 * start + 3 * u * u * t * first + 3 * u * t * t * second + t**3 * end


def _fits(start: complex, end: complex, turn: float, points: list[complex]) -> bool:
    arc = along(start, Edge(end, turn), 16)
    return all(min(abs(p - q) for q in (start, *arc)) < _NEAR + abs(end - start) / 40 for p in points)


def _elliptic(start: complex, end: complex, radii: complex, tilt: float, large: bool, sweep: bool) -> list[Edge]:
    """Return an elliptical arc as circular ones (the centre by SVG 1.1, F.6)."""
    rx, ry = abs(radii.real), abs(radii.imag)
    if start == end or not rx or not ry:
        return [Edge(end)] if start != end else []
    turned = cmath.exp(1j * math.radians(tilt))

    def flat(p: complex) -> complex:
        q = p / turned
        return complex(q.real / rx, q.imag / ry)

    a, b = flat(start), flat(end)
    half = abs(b - a) / 2
    grow = max(1.0, half)  # radii too small are enlarged
    a, b = a / grow, b / grow
    away = math.sqrt(max(0.0, 1 - abs(b - a) ** 2 / 4)) * (1 if large != sweep else -1)
    centre = (a + b) / 2 + (b - a) / abs(b - a) * 1j * -away * -1
    from_, to = cmath.phase(a - centre), cmath.phase(b - centre)
    whole = (to - from_) % (2 * math.pi) if sweep else -((from_ - to) % (2 * math.pi))
    pieces = max(1, math.ceil(abs(whole) / (math.pi if rx == ry else math.pi / 4) - 1e-9))

    def place(angle: float) -> complex:
        p = (centre + cmath.exp(1j * angle)) * grow
        return complex(p.real * rx, p.imag * ry) * turned

    out, before = [], start
    for i in range(pieces):
        there = end if i == pieces - 1 else place(from_ + whole * (i + 1) / pieces)
        out.append(Edge(there, turn_through(before, place(from_ + whole * (i + 0.5) / pieces), there)))
        before = there
    return out


def turn_through(start: complex, middle: complex, end: complex) -> float:
    """Return how far an arc turns, degrees, that goes through *middle*, half way; 0 where they are on one line."""
    chord = abs(end - start)
    if chord < 1e-9:
        return 0.0
    rise = ((middle - (start + end) / 2) / (end - start)).imag * chord
    if abs(rise) < 1e-6 * chord:
        return 0.0
    return -math.degrees(4 * math.atan(2 * rise / chord))


def along(start: complex, edge: Edge, steps: int = 8) -> list[complex]:
    """Return points of an edge after *start*, its end the last; one for a straight edge."""
    if abs(edge.turn) < 1e-6:
        return [edge.end]
    turn = math.radians(edge.turn)
    centre = (start + edge.end) / 2 + (edge.end - start) * 1j / (2 * math.tan(turn / 2))
    parts = max(2, math.ceil(steps * abs(edge.turn) / 180))
    out = [centre + (start - centre) * cmath.exp(1j * turn * k / parts) for k in range(1, parts)]
    return [*out, edge.end]


def outline(ring: Ring, steps: int = 12) -> list[complex]:
    """Return a ring as a polygon."""
    points, at = [], ring[0]
    for edge in ring[1]:
        points += along(at, edge, steps)
        at = edge.end
    return points
