"""Animals on four legs from one skeleton: legs, trunk, neck, head, tail of the proportions of a kind, in a pose; 1
is the height of the withers. They look to the right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from miaobi.craft.drawing.colour import mix
from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.shape import Points, bar, limb, oval, poly
from miaobi.craft.drawing.subjects.skeleton import BEASTS, CURLED, LYING, Bead, Beast, Skeleton, pose_of, skeleton

_TUFTED = ("brush", "buffalo", "horns")  # their tails end in a tuft
_MANES = {"mane": "#2e2420", "horn": "#c3aec6"}  # of a horse, of a unicorn


def beast(pen: Pen, kind: str = "horse", pose: str = "stand") -> None:
    """Draw an animal of ``BEASTS``; *pose*: stand, walk, run, graze, sit (lie for hoofed ones), lie, sleep."""
    pose = pose_of(kind, pose)
    if pose == "sleep" and kind in CURLED:
        _curled(pen, kind)
        return
    form, bones = BEASTS[kind], skeleton(kind, pose)
    withers, rump, root, head, nose = bones.withers, bones.rump, bones.root, bones.head, bones.nose
    trunk = list(bones.trunk)
    dark = form.coat
    for near in (False, True):
        _legs(pen, form, withers, rump, pose, near=near)
        if not near:
            _tail(pen, form, rump, pose)
    neck: list[Bead] = [
        (root[0] - 0.04, root[1] - 0.02, form.deep * 0.86),
        ((root[0] + head[0]) / 2, (root[1] + head[1]) / 2 + 0.01, max(form.skull * 0.80, form.deep * 0.56)),
        (head[0], head[1], form.skull * 0.86),
    ]
    if form.crest == "buffalo":  # a heavy neck with a hump before and a dewlap under it
        neck[0] = (root[0] - 0.06, root[1] + 0.02, form.deep)
        neck[1] = (neck[1][0], neck[1][1] - 0.03, form.deep * 0.74)
    face: list[Bead] = [
        (head[0] - 0.02, head[1] + 0.01, form.skull),
        (head[0] * 0.45 + nose[0] * 0.55, head[1] * 0.45 + nose[1] * 0.55, form.skull * 0.66),
        (nose[0], nose[1], form.skull * 0.42),
    ]
    if form.crest == "wool":
        _wool(pen, form, trunk, neck, face)
    elif form.crest == "ruff":
        pen.limbs([trunk], dark, "fur", grain=10)
        pen.limbs(
            [[(root[0] - 0.02, root[1] - 0.06, 0.27), (head[0] - 0.06, head[1] - 0.02, 0.30)]],
            "#7a4a26",
            "fur",
            grain=70,
        )
        pen.limbs([face], dark, "fur", grain=10)
    else:
        pen.limbs([trunk, neck, face], dark, "fur", grain=12)
    if form.belly and pen.fine:
        under = [
            (x + 0.02, y - r * (0.98 - thick), r * thick)
            for (x, y, r), thick in zip(trunk[1:], (0.05, 0.13, 0.26, 0.10), strict=True)
        ]
        pen.fill(limb(under), form.belly, 0.30, "fur", opacity=0.7)
        pen.fill(
            limb(
                [
                    (face[1][0], face[1][1] - form.skull * 0.3, form.skull * 0.30),
                    (nose[0], nose[1] - form.skull * 0.1, form.skull * 0.24),
                ]
            ),
            form.belly,
            0.7,
            "fur",
        )
    _marks(pen, form, trunk, face, neck)
    _head(pen, form, bones, pose)


def _curled(pen: Pen, kind: str) -> None:
    """Draw an animal that sleeps in a round, its tail about it."""
    form, bones = BEASTS[kind], skeleton(kind, "sleep")
    k = form.deep / 0.17
    mound: list[Bead] = [
        (-0.40, 0.15 * k, 0.13 * k),
        (-0.26, 0.24 * k, 0.19 * k),
        (0.00, 0.27 * k, 0.20 * k),
        (0.22, 0.19 * k, 0.15 * k),
        (0.34, 0.11 * k, 0.10 * k),
    ]
    pen.limbs([mound], form.coat, "fur", grain=12)
    _marks(pen, form, mound, [(*bones.head, form.skull)])
    haunch = [(-0.24, 0.19 * k, 0.165 * k), (-0.10, 0.09 * k, 0.085 * k)]
    pen.fill(limb([(x + 0.015, y + 0.005, r + 0.014) for x, y, r in haunch]), form.coat, 0.05, "fur")
    pen.limbs([haunch], form.coat, "fur", lit=0.35, grain=40)
    (hx, hy), (nx, ny), skull = bones.head.tolist(), bones.nose.tolist(), form.skull
    thick = max(0.035, form.bushy)
    tail = [
        (-0.46, 0.12 * k, thick * 0.7),
        (-0.24, thick * 0.95, thick),
        (0.06, thick * 0.85, thick),
        (hx - 0.06, 0.06, 0.5 * thick + 0.012),
    ]
    pen.fill(limb([(x, y + 0.012, r + 0.010) for x, y, r in tail[1:]]), form.coat, 0.05, "fur")
    pen.limbs([tail], form.coat, "fur", lit=0.4, grain=5)
    if form.coat == "#c8632c":
        pen.fill(limb([(hx - 0.22, thick * 0.8, thick * 0.8), (hx - 0.04, 0.06, 0.04)]), "#f0e4d4", 0.8, "fur")
    paw = [(hx - 0.08, 0.05, 0.05), (nx - 0.02, 0.04, 0.042)]
    pen.limbs([paw], form.belly or form.coat, "fur", lit=0.2, grain=5)
    face: list[Bead] = [
        (hx - 0.02, hy + 0.01, skull),
        (hx * 0.45 + nx * 0.55, hy * 0.45 + ny * 0.55, skull * 0.66),
        (nx, ny, skull * 0.42),
    ]
    pen.fill(limb([(x - 0.012, y, r + 0.016) for x, y, r in face[:2]]), form.coat, 0.0, "fur")
    pen.limbs([face], form.coat, "fur", lit=0.45, grain=12)
    muzzle = [(face[1][0] + 0.01, face[1][1] - skull * 0.28, skull * 0.34), (nx, ny - skull * 0.06, skull * 0.34)]
    pen.fill(limb(muzzle), form.belly or mix(form.coat, "#ffffff", 0.4), 0.75, "fur")
    _head(pen, form, bones, "sleep")


def _legs(pen: Pen, form: Beast, withers: Points, rump: Points, pose: str, *, near: bool) -> None:
    lit, bright = (0.22, 0.85) if near else (0.0, 0.08)
    swing = {"walk": 0.28 if near else -0.14, "run": 0.42 if near else -0.42}.get(pose, 0.05 if near else -0.05)
    long, t = form.leg + form.deep * 0.6, form.thick * (1.0 if near else 0.9)
    step = 0.06 if pose == "walk" else -swing * 1.4  # of the forefeet
    apart = 0.0 if near else 0.09 + 0.8 * form.thick  # so that four legs are seen, not two thick ones
    fore = (withers[0] - 0.06 + apart, withers[1] - form.deep * 0.2)
    low = pose == "sit" or pose in LYING
    hind = (rump[0] + 0.03 + (apart * 1.15 if not low else 0.07), rump[1] - form.deep * 0.1)
    coat = "#26242a" if form.marks == "panda" else form.coat
    if pose in LYING:
        ahead = 0.62 * form.leg * (-0.4 if form.crest or form.marks == "patches" else 1.0)  # hoofed ones fold theirs
        spines = [
            [
                (fore[0] - 0.02, fore[1], t * 2.0),
                (fore[0] + 0.10, max(t * 1.3, fore[1] * 0.42), t * 1.35),
                (fore[0] + 0.16, t * 0.9, t * 1.0),
                (fore[0] + 0.16 + ahead, t * 0.75, t * 0.75),
            ],
            [
                (hind[0] + 0.05, hind[1] + 0.02, form.deep * 0.80),
                (hind[0] + 0.30, form.deep * 0.45, t * 1.6),
                (hind[0] + 0.12, t * 0.8, t),
                (hind[0] + 0.36, t * 0.6, t * 0.8),
            ],
        ]
    elif pose == "sit":
        spines = [
            [
                (fore[0] + 0.03, fore[1], t * 2.0),
                (fore[0] + 0.10, fore[1] * 0.5, t * 1.1),
                (fore[0] + 0.12, t * 0.8, t * 0.9),
                (fore[0] + 0.20, t * 0.6, t * 0.7),
            ],
            [
                (hind[0] + 0.05, hind[1] + 0.02, form.deep * 0.85),
                (hind[0] + 0.26, form.deep * 0.5, t * 1.6),
                (hind[0] + 0.10, t * 0.8, t),
                (hind[0] + 0.34, t * 0.6, t * 0.8),
            ],
        ]
    elif pose == "run":
        ahead = 0.30 if near else 0.16
        spines = [
            [
                (fore[0], fore[1], t * 2.2),
                (fore[0] + ahead * 0.9, fore[1] - long * 0.38, t * 1.2),
                (fore[0] + ahead * 1.2, fore[1] - long * 0.74, t * 0.8),
                (fore[0] + ahead * 1.55, fore[1] - long * 0.86, t * 0.8),
            ],
            [
                (hind[0], hind[1], form.deep * 0.72),
                (hind[0] - 0.10, hind[1] - long * 0.42, t * 1.5),
                (hind[0] - ahead * 1.3, hind[1] - long * 0.60, t * 0.9),
                (hind[0] - ahead * 1.8, hind[1] - long * 0.84, t * 0.8),
            ],
        ]
    else:
        spines = [
            [
                (fore[0], fore[1], max(t * 2.1, form.deep * 0.55)),
                (fore[0] + step * 0.25 + 0.005, form.leg * 0.80, t * 1.55),
                (fore[0] + step * 0.45 + 0.01, form.leg * 0.50, t * 1.12),
                (fore[0] + step * 0.60, form.leg * 0.14, t * 0.74),
                (fore[0] + step * 0.60 + t * 0.5, t * 0.55, t * 0.95),
            ],
            [
                (hind[0], hind[1], form.deep * 0.86),
                (hind[0] + 0.07 - swing * 0.15, form.leg * 0.80, t * 1.9),
                (hind[0] - 0.02 - swing * 0.4, form.leg * 0.60, t * 1.3),
                (hind[0] - 0.075 - swing * 0.6, form.leg * 0.44, t * 1.02),
                (hind[0] - 0.065 - swing * 0.75, form.leg * 0.12, t * 0.72),
                (hind[0] - 0.065 + t * 0.6 - swing * 0.75, t * 0.55, t * 0.95),
            ],
        ]
        if pose == "walk" and not near:  # this foot is in the air
            spines[0][1:] = [
                (fore[0] + 0.19, form.leg * 0.62, t * 1.15),
                (fore[0] + 0.14, form.leg * 0.34, t * 0.78),
                (fore[0] + 0.19, form.leg * 0.26, t * 0.85),
            ]
    pen.limbs(spines, coat, "fur", lit=lit, bright=bright, grain=85)
    if form.coat in ("#a9764a", "#7a4a30", "#efe6d6", "#857a70") and pen.fine and not low:
        for spine in spines:
            x, y, r = spine[-1]
            pen.fill(
                limb([(x - r * 0.4, y + r * 0.3, r * 0.9), (x + r * 0.5, y - r * 0.2, r * 0.75)]), "#2d2723", 0.3, "fur"
            )


def _tail(pen: Pen, form: Beast, rump: Points, pose: str) -> None:
    turn = math.radians(form.tail_turn if pose != "run" else min(20.0, form.tail_turn + 60))
    low = pose == "sit" or pose in LYING
    x, y = rump[0] - form.deep * 0.72, rump[1] + form.deep * (0.45 if not low else -0.5)
    if low:
        turn = math.radians(-15)
    if low and form.tail_turn > 90:  # a squirrel's is carried over its back
        pen.limbs(
            [[(x + 0.12, 0.10, 0.07), (x - 0.10, 0.42, 0.15), (x + 0.05, 0.78, 0.14), (x - 0.12, 0.92, 0.05)]],
            form.coat,
            "fur",
            lit=0.15,
            bright=0.7,
            grain=80,
        )
        return
    c, s = -abs(math.cos(turn)), math.sin(turn)
    mid = (x + c * form.tail * 0.5 - 0.03, max(0.9 * form.bushy, y + s * form.tail * 0.5 + 0.05))
    end = (x + c * form.tail * 0.8 - 0.05 * (s < 0), max(0.03, y + s * form.tail))
    thin = 0.022 if form.bushy < 0.03 else form.bushy * 0.6
    pen.limbs(
        [[(x + 0.05, y, thin), (*mid, max(thin, form.bushy)), (*end, form.bushy * 0.5)]],
        _MANES.get(form.crest, form.coat),
        "fur",
        lit=0.15,
        bright=0.7,
        grain=60,
    )
    if form.crest in _TUFTED:
        pen.fill(
            limb([(*end, 0.025), (end[0] - 0.01, end[1] - 0.05, 0.04), (end[0], end[1] - 0.13, 0.012)]),
            "#2e2420",
            0.4,
            "fur",
        )
    if form.coat == "#c8632c":
        pen.fill(oval(end[0], end[1], form.bushy * 0.7, form.bushy * 0.5), "#f0e4d4", 0.8, "fur")


def _wool(pen: Pen, form: Beast, trunk: list[Bead], neck: list[Bead], face: list[Bead]) -> None:
    from miaobi.craft.drawing.mass import Grain
    from miaobi.craft.drawing.subjects.tree import crown

    pen.limbs([face], "#4d453f", "fur")
    balls = [
        (x + dx, -(y + dy), r * 0.72, r * 0.7)
        for x, y, r in (*trunk, neck[0], neck[1])
        for dx, dy in ((-0.05, 0.06), (0.06, -0.05), (0.0, 0.0))
    ]
    since = len(pen.shapes)
    crown(pen, balls, form.coat, Grain(0.22, 0.25, 30, (0.42, 0.62, 0.82), 120))
    pen.shapes[since:] = [replace(s, material="fur", solid=True) for s in pen.shapes[since:] if len(s.rings[0]) != 6]


def _marks(pen: Pen, form: Beast, trunk: list[Bead], face: list[Bead], neck: Sequence[Bead] = ()) -> None:
    if not form.marks or not pen.fine:
        return
    rng = pen.rng
    if form.marks == "stripes":
        told = pen.told.parts.get("", "")
        dark = mix(told, "#2a2522", 0.22) if told else "#2a2522"
        xs = [p[0] for p in trunk]
        for x in np.linspace(xs[0] + 0.05, xs[-1] - 0.02, 11):
            y, r = float(np.interp(x, xs, [p[1] for p in trunk])), float(np.interp(x, xs, [p[2] for p in trunk]))
            lean = float(rng.uniform(-0.03, 0.03))
            pen.fill(
                limb(
                    [(x, y + r * 0.96, 0.018), (x + lean, y + r * 0.4, 0.020), (x + lean * 2, y - r * 0.35, 0.006)], 4
                ),
                dark,
                0.35,
                "fur",
            )
        for dx in (-0.3, 0.1, 0.45):
            hx, hy, r = face[0]
            pen.fill(
                limb([(hx + dx * r, hy + r * 0.95, 0.014), (hx + dx * r + 0.02, hy + r * 0.5, 0.008)]),
                dark,
                0.3,
                "fur",
            )
    if form.marks == "blotches":
        spine = (*trunk, *neck)
        along = np.cumsum([0.0, *(math.hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(spine))])
        for i, t in enumerate(np.arange(0.0, float(along[-1]), 0.105)):
            x, y, r = (float(np.interp(t, along, [bead[k] for bead in spine])) for k in range(3))
            for row in ((-0.55, 0.05, 0.6), (-0.25, 0.35))[i % 2] if r > 0.12 else (0.0,):
                turn = np.linspace(0, 2 * np.pi, 6, endpoint=False) + float(rng.uniform(0, 1))
                own = 0.036 + 0.012 * float(rng.uniform(-1, 1))
                ring = np.stack([x + own * np.cos(turn), y + row * r + own * np.sin(turn)], 1)
                pen.fill(ring, "#8a5a2c", 0.45, "fur")
    if form.marks == "patches":
        for x, y, r in (
            (trunk[1][0], trunk[1][1] + 0.06, 0.17),
            (trunk[3][0] - 0.06, trunk[3][1] + 0.03, 0.15),
            (face[0][0], face[0][1] + 0.03, 0.08),
        ):
            turn = np.linspace(0, 2 * np.pi, 12, endpoint=False)
            out = r * (1 + 0.22 * rng.uniform(-1, 1, 12))
            pen.fill(
                np.stack([x + out * np.cos(turn), y + out * np.sin(turn) * 0.9], 1), "#33291f", 0.4, "fur", smooth=True
            )
    if form.marks == "panda":
        x, y, r = trunk[4]
        pen.fill(limb([(x - 0.06, y + r * 0.7, 0.10), (x - 0.02, y - r * 0.8, 0.12)]), "#26242a", 0.4, "fur")


def _head(pen: Pen, form: Beast, bones: Skeleton, pose: str) -> None:
    k, head, nose = form.skull, bones.head, bones.nose
    hx, hy = float(head[0]), float(head[1])
    ear = "#26242a" if form.marks == "panda" else form.coat
    if pose == "sleep" and form.ears == "round" and not form.marks and not form.crest:  # of a bear or a mouse
        ear = mix(ear, "#1c1410", 0.35)
        if pen.fine:
            snout = [(hx + 0.6 * (nose[0] - hx), hy + 0.6 * (nose[1] - hy) - k * 0.1, k * 0.42), (*nose, k * 0.36)]
            pen.fill(limb(snout), mix(form.coat, "#e8c9a0", 0.4), 0.6, "fur")
    if form.ears == "round":
        pen.fill(oval(hx - k * 0.55, hy + k * 0.85, k * 0.42, k * 0.42), ear, 0.55, "fur")
    elif form.ears == "sharp":
        for dx, lit in ((-0.75, 0.3), (-0.30, 0.7)):
            pen.fill(
                poly(
                    (hx + dx * k - k * 0.30, hy + k * 0.5),
                    (hx + dx * k + k * 0.05, hy + k * 1.75),
                    (hx + dx * k + k * 0.45, hy + k * 0.6),
                ),
                ear,
                lit,
                "fur",
            )
    elif form.ears in ("long", "tall", "donkey"):
        long = {"tall": 3.2, "donkey": 2.5}.get(form.ears, 1.6)
        for turn, lit in ((118, 0.3), (140 if form.ears == "long" else 98, 0.7)):
            c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
            pen.fill(
                limb(
                    [
                        (hx - k * 0.4, hy + k * 0.6, k * 0.16),
                        (hx - k * 0.4 + c * k * long * 0.5, hy + k * 0.6 + s * k * long * 0.5, k * 0.32),
                        (hx - k * 0.4 + c * k * long, hy + k * 0.6 + s * k * long, k * 0.06),
                    ]
                ),
                ear,
                lit,
                "fur",
            )
    else:
        big = 2.6 if form.crest == "tusks" else 1.0
        if not form.crest and form.belly:  # a dog's is told from its cheek
            ear, big = mix(ear, "#2a1c12", 0.35), 1.25
        pen.fill(
            limb(
                [
                    (hx - k * 0.5, hy + k * 0.35, k * 0.32 * big),
                    (hx - k * (0.9 + 0.1 * big), hy - k * 0.35 * big, k * 0.26 * big),
                ]
            ),
            ear,
            0.62,
            "fur",
        )
    if pen.fine:
        ex, ey = hx + k * 0.42, hy + k * 0.22
        if pose == "sleep":
            pen.fill(bar(ex - k * 0.20, ey, ex + k * 0.20, ey - k * 0.06, k * 0.09), "#17130f", 0.2, "fur")
        else:
            pen.fill(oval(ex, ey, k * 0.13, k * 0.13), "#17130f", 0.2, "fur")
            pen.fill(oval(ex + k * 0.03, ey + k * 0.05, k * 0.045, k * 0.045), "#f5f1e6", 1.0, "fur")
        pen.fill(oval(float(nose[0]) + k * 0.26, float(nose[1]) + k * 0.10, k * 0.16, k * 0.13), "#241d1a", 0.3, "fur")
        if form.marks == "panda":
            pen.fill(oval(ex - k * 0.02, ey - 0.01, k * 0.28, k * 0.34), "#26242a", 0.3, "fur")
            pen.fill(oval(ex, ey, k * 0.08, k * 0.08), "#f5f1e6", 0.6, "fur")
    crest = form.crest
    if crest in ("brush", "buffalo"):
        nx, ny = float(nose[0]), float(nose[1])
        tip = [(0.35 * hx + 0.65 * nx, 0.35 * hy + 0.65 * ny, k * 0.46), (nx, ny, k * 0.42)]
        pen.fill(limb(tip), form.belly or "#b3a28c", 0.75, "fur")
        if pen.fine:
            pen.fill(oval(nx + k * 0.22, ny + k * 0.08, k * 0.10, k * 0.08), "#241d1a", 0.3, "fur")
    if crest == "antlers":
        for way in (-0.35, 0.25):
            bx, by = hx - k * 0.1, hy + k * 0.8
            beam = [
                (bx, by, 0.016),
                (bx - 0.10 + way * 0.3, by + 0.18, 0.014),
                (bx - 0.02 + way * 0.75, by + 0.40, 0.006),
            ]
            pen.fill(limb(beam), "#8c7350", 0.7 if way > 0 else 0.3, "wood")
            for t in (0.35, 0.62, 0.85):
                x = float(np.interp(t, [0, 0.5, 1], [p[0] for p in beam]))
                y = float(np.interp(t, [0, 0.5, 1], [p[1] for p in beam]))
                pen.fill(
                    limb([(x, y, 0.010), (x + 0.09, y + 0.10, 0.003)]), "#8c7350", 0.8 if way > 0 else 0.35, "wood"
                )
    elif crest in ("horns", "buffalo", "curl"):
        sweep = {"horns": (0.10, 0.16), "buffalo": (-0.24, 0.30), "curl": (-0.20, 0.22)}[crest]
        stout = 1.5 if crest == "buffalo" else 1.0
        for lit, dx in ((0.35, -0.06), (0.8, 0.02)):
            bx, by = hx - k * 0.2 + dx, hy + k * 0.75
            pen.fill(
                limb(
                    [
                        (bx, by, 0.028 * stout),
                        (
                            bx + sweep[0] * 0.5 - 0.04 * stout,
                            by + sweep[1] * (0.75 if stout == 1 else 0.45),
                            0.022 * stout,
                        ),
                        (bx + sweep[0], by + sweep[1], 0.005),
                    ]
                ),
                "#d9cfb8" if crest != "buffalo" else "#c2b496",
                lit,
                "stone",
            )
        if crest == "curl":
            pen.fill(
                limb(
                    [
                        (float(nose[0]) - 0.02, float(nose[1]) - k * 0.4, 0.02),
                        (float(nose[0]) - 0.04, float(nose[1]) - k * 1.6, 0.004),
                    ]
                ),
                "#c9c0b0",
                0.6,
                "fur",
            )
    elif crest == "brush":
        root = bones.withers + [-0.02, form.deep * 0.9]
        crown = np.array([hx - k * 0.35, hy + k * 0.85])
        along = crown - root
        up = np.array([-along[1], along[0]]) / float(np.hypot(*along))
        ridge = [
            (float(x), float(y), r)
            for (x, y), r in zip((root, (root + crown) / 2 + 0.02 * up, crown), (0.015, 0.035, 0.03), strict=True)
        ]
        pen.fill(limb(ridge), "#2e2420", 0.35, "fur", grain=70)
    elif crest in _MANES:
        for t in np.linspace(0, 1, 13):
            root = bones.withers + [0.0, form.deep]
            x, y = root + (np.array([hx - k * 0.55, hy + k * 0.75]) - root) * t
            fall = 0.16 * (1 - 0.4 * t)
            back = -0.06 if pose != "run" else -0.16
            pen.fill(
                limb([(x, y, 0.022), (x + back * 0.6, y - fall * 0.4, 0.024), (x + back, y - fall, 0.006)], 4),
                _MANES[crest],
                0.2 + 0.5 * (t > 0.5),
                "fur",
                grain=70,
            )
        pen.fill(
            limb([(hx - k * 0.2, hy + k * 0.95, 0.03), (hx + k * 0.4, hy + k * 0.5, 0.01)]), _MANES[crest], 0.4, "fur"
        )
        if crest == "horn":
            point = (hx + k * 1.0, hy + k * 3.2)
            pen.fill(
                poly((hx + k * 0.10, hy + k * 0.85), (hx + k * 0.45, hy + k * 0.70), point), "#e8cf8a", 0.9, "metal"
            )
    elif crest == "humps":
        for t in (0.28, 0.67):
            x, y = bones.rump + (bones.withers - bones.rump) * t
            hump = ((-0.02, 0.07, 0.14), (-0.01, 0.16, 0.125), (0.0, 0.24, 0.095), (0.01, 0.29, 0.06))
            pen.limbs([[(x + dx, y + dy, r) for dx, dy, r in hump]], form.coat, "fur")
    elif crest == "tusks":
        sway = [
            (float(nose[0]), float(nose[1]), k * 0.46),
            (float(nose[0]) + 0.06, max(k * 0.34, float(nose[1]) - 0.26), k * 0.34),
            (float(nose[0]) + (0.04 if nose[1] > 0.5 else 0.24), max(k * 0.24, float(nose[1]) - 0.50), k * 0.24),
            (float(nose[0]) + (0.16 if nose[1] > 0.5 else 0.36), max(k * 0.3, float(nose[1]) - 0.60), k * 0.18),
        ]
        pen.limbs([sway], form.coat, "fur", grain=80)
        pen.fill(
            limb(
                [
                    (float(nose[0]) - 0.02, float(nose[1]) - 0.08, 0.026),
                    (float(nose[0]) + 0.12, float(nose[1]) - 0.20, 0.02),
                    (float(nose[0]) + 0.24, float(nose[1]) - 0.16, 0.005),
                ]
            ),
            "#efe6d0",
            0.95,
            "stone",
        )
