"""House fronts of an old Chinese town along a street: fire walls, grey tiles, wooden shops, lattices, lanterns."""

from __future__ import annotations

import numpy as np

from miaobi.craft.drawing.grounds.street_front import Box, Front, pick, slope, weathered, window
from miaobi.craft.drawing.shape import Shape, oval, rect

_TIMBER = ("#6b3a2c", "#5a3528", "#7a4632", "#4f3a30")


def chinese_front(front: Front) -> None:
    """Draw a house: a wooden shop front below, white wall or lattice above, grey tiles, lanterns."""
    rng, long = front.rng, front.long
    tall = rng.random() < 0.6
    front.eave = 5.6 if tall else 3.5
    front.wall = "#e9e6de"
    timber = pick(front, _TIMBER)
    _fire_wall(front)
    front.block((0, 0, long, front.eave), front.wall, front.lit, "wall")
    weathered(front)
    _counter(front, timber)
    if tall:
        _upper(front, timber)
    slope(front, "#5d6368", 3.2, 2.9, over=0.9)
    if front.fine and front.stage.cover != "snow":
        _tile_rows(front)
    _lanterns(front)
    if front.fine and rng.random() < 0.55:
        _banner(front)


def _fire_wall(front: Front) -> None:
    """Draw the white end wall that stands over the roofs in steps, with grey caps (马头墙)."""
    top = front.eave + 0.9
    steps = ((0.15, top), (-1.5, top + 1.1), (-3.4, top + 2.2), (-5.4, top + 1.1))
    outs = [0.15, -1.5, -3.4, -5.4, -7.2]
    for (_, up), out, nxt in zip(steps, outs, outs[1:], strict=False):
        front.hull(((0, 0, out), (0, up, out), (0, up, nxt), (0, 0, nxt)), front.wall, front.end + 0.15, "wall", 4)
        cap = "#eef2f7" if front.stage.cover == "snow" else "#4d5358"
        front.hull(
            ((0, up, out + 0.25), (0, up + 0.32, out + 0.1), (0, up + 0.32, nxt), (0, up, nxt)), cap, 0.5, "roof"
        )


def _counter(front: Front, timber: str) -> None:
    """Draw a ground floor: posts, boards, an open shop between them, its name above."""
    air, long = front.stage.air, front.long
    front.block((0.2, 0, long - 0.2, 3.05), timber, front.lit, "wood", out=0.05)
    count = 3
    for k in range(count):
        a0 = 0.4 + k * (long - 0.8) / count + 0.1
        a1 = 0.4 + (k + 1) * (long - 0.8) / count - 0.1
        low = 0.1 if k == 1 else 0.85
        if air.dark:
            front.lamp((a0, low, a1, 2.35), "#ffc063", out=0.06)
        else:
            front.block((a0, low, a1, 2.35), "#2a211c", 0.5, "wood", out=0.06)
        if front.fine:
            _lattice(front, (a0, max(low, 1.5), a1, 2.35), timber)
    if air.dark:
        front.halo(long / 2, 0.4, 3.2, "#ffb45a", 0.24, 1.0)
    board = (0.5 * long - 1.1, 2.45, 0.5 * long + 1.1, 3.0)
    front.block(board, "#1f1a18", 0.5, "wood", out=0.25)
    if front.fine:
        for k in range(3):
            a = board[0] + 0.35 + 0.58 * k
            front.block((a, board[1] + 0.13, a + 0.34, board[3] - 0.13), "#d8ae3c", 0.9, "metal", out=0.27)


def _lattice(front: Front, box: Box, timber: str) -> None:
    a0, u0, a1, u1 = box
    for k in range(1, 5):
        a = a0 + (a1 - a0) * k / 5
        front.block((a - 0.025, u0, a + 0.025, u1), timber, front.lit * 0.8, "wood", out=0.08)
    for k in range(1, 3):
        u = u0 + (u1 - u0) * k / 3
        front.block((a0, u - 0.025, a1, u + 0.025), timber, front.lit * 0.8, "wood", out=0.08)


def _upper(front: Front, timber: str) -> None:
    """Draw an upper floor: a row of lattice windows in wood, or two small ones in the white wall."""
    long = front.long
    if front.rng.random() < 0.55:
        front.block((0.2, 3.25, long - 0.2, 5.2), timber, front.lit * 0.9, "wood", out=0.04)
        for k in range(4):
            a0 = 0.4 + k * (long - 0.8) / 4 + 0.08
            a1 = 0.4 + (k + 1) * (long - 0.8) / 4 - 0.08
            if front.stage.air.dark and front.rng.random() < 0.6:
                front.lamp((a0, 3.7, a1, 4.9), "#ffc063", out=0.05)
            else:
                front.block((a0, 3.7, a1, 4.9), "#cfc6b2", front.lit * 0.6, "paper", out=0.05)
            if front.fine:
                _lattice(front, (a0, 3.7, a1, 4.9), timber)
        return
    for at in (0.28, 0.72):
        window(front, at * long - 0.45, 3.75, 0.9, 1.05, timber)


def _tile_rows(front: Front) -> None:
    for a in np.arange(0.2, front.long, 0.42):
        ridge = (
            (a, front.eave - 0.02, 0.9),
            (a + 0.12, front.eave - 0.02, 0.9),
            (a + 0.12, front.eave + 2.9, -3.2),
            (a, front.eave + 2.9, -3.2),
        )
        front.hull(ridge, "#5d6368", 0.28, "roof", 60)


def _lanterns(front: Front) -> None:
    """Hang red lanterns under the eave."""
    dark = front.stage.air.dark
    for t in (0.2, 0.5, 0.8):
        along, up = t * front.long, (2.75 if front.eave > 4 else front.eave - 0.75)
        x, y = front.at(along, up, 0.75)
        r = 0.34 * front.focus / (front.span[0] + along)
        if dark:
            front.halo(along, up, 1.5, "#ff7a4a", 0.5, 0.75)
        colour = front.stage.air.leant("#ff6a3c") if dark else front.stage.air.tint("#c8342a", 0.75, front.depth)
        front.shapes.append(Shape((oval(x, y, r, r * 0.86),), colour, "light" if dark else "cloth", 90))
        cap = front.stage.air.tint("#d8ae3c", 0.8, front.depth)
        for end in (-1, 1):
            front.shapes.append(
                Shape((rect(x - r * 0.42, y + end * r * 0.9 - r * 0.14, r * 0.84, r * 0.28),), cap, "metal")
            )


def _banner(front: Front) -> None:
    """Hang a shop's banner out over the street (幌子)."""
    cloth = pick(front, ("#b8392f", "#2f4a6b", "#d8b24a", "#e9e2d0"))
    at = 0.9
    front.hull(((at, 4.4, 0.2), (at, 4.5, 0.2), (at, 4.5, 1.1), (at, 4.4, 1.1)), "#4a3628", 0.5, "wood")
    front.hull(((at, 2.7, 0.4), (at, 4.4, 0.4), (at, 4.4, 1.0), (at, 2.7, 1.0)), cloth, 0.65, "cloth", 90)
