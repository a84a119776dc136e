"""Birds and what swims: standing, perched, swimming and flying birds from one skeleton; fish, whales, turtles,
insects."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.shape import Points, bar, curve_through, leaf, limb, oval, poly

Place = tuple[float, float]


FLIGHT = 0.55  # length of a bird of which the stroke of the wings is 1 high


@dataclass(frozen=True)
class Bird:
    """Proportions of a bird whose body is about 1 long."""

    body: float = 0.24  # half depth
    neck: float = 0.2
    bill: float = 0.14
    bent: float = 0.0  # of the bill, downwards
    leg: float = 0.3
    tail: float = 0.3
    wing: float = 1.0  # span of one wing in flight
    broad: float = 0.30
    back: str = "#6f7378"
    front: str = "#d9d5cc"
    tip: str = "#2a2a2c"
    beak: str = "#d89a3a"
    crown: str = ""


BIRDS = {
    "gull": Bird(0.20, 0.14, 0.15, 0.03, 0.18, 0.22, 1.25, 0.22, "#b3bac0", "#f4f3ee", "#2f3236", "#e0a93c"),
    "crane": Bird(0.22, 0.75, 0.32, 0.0, 0.95, 0.24, 1.5, 0.38, "#f0eee8", "#f4f2ec", "#25252a", "#6a6a55", "#c4352a"),
    "heron": Bird(0.20, 0.62, 0.32, 0.0, 0.80, 0.20, 1.35, 0.36, "#8f9aa4", "#dfe2e2", "#33383f", "#d8a83c"),
    "egret": Bird(0.18, 0.62, 0.30, 0.0, 0.80, 0.20, 1.3, 0.34, "#f5f4f0", "#f8f7f3", "#f1f0ec", "#3a3a34"),
    "crow": Bird(0.22, 0.10, 0.17, 0.02, 0.20, 0.34, 1.1, 0.32, "#24252b", "#2b2c33", "#17181d", "#202024"),
    "eagle": Bird(
        0.24, 0.12, 0.16, 0.08, 0.18, 0.32, 1.45, 0.40, "#5a4330", "#6d523a", "#2e231b", "#dba93a", "#efe9dc"
    ),
    "swallow": Bird(0.17, 0.05, 0.07, 0.0, 0.08, 0.55, 1.05, 0.20, "#27344e", "#efe6d8", "#1d263a", "#2a2a2a"),
    "goose": Bird(0.25, 0.42, 0.16, 0.02, 0.22, 0.22, 1.2, 0.30, "#7d7266", "#cfc6b8", "#3a342e", "#d8883a"),
    "sparrow": Bird(0.26, 0.06, 0.10, 0.0, 0.16, 0.30, 0.85, 0.30, "#8a6648", "#d8cbb6", "#5a4230", "#3a332d"),
    "robin": Bird(0.29, 0.05, 0.09, 0.0, 0.20, 0.28, 0.85, 0.30, "#7d6a50", "#cf6a34", "#5a4a38", "#3a332d"),
    "owl": Bird(0.36, 0.04, 0.05, 0.06, 0.12, 0.20, 1.1, 0.42, "#8b6f50", "#d8c3a0", "#5b4633", "#c9a24a"),
    "magpie": Bird(0.22, 0.08, 0.13, 0.0, 0.20, 0.62, 0.95, 0.28, "#22242c", "#f2efe8", "#2b4a66", "#1d1d20"),
    "rooster": Bird(0.30, 0.24, 0.11, 0.02, 0.26, 0.5, 0.8, 0.3, "#a8482a", "#c8742f", "#22382f", "#dba93a", "#c4302a"),
    "duck": Bird(0.26, 0.22, 0.14, 0.0, 0.12, 0.22, 0.95, 0.26, "#8a7a66", "#c9bfae", "#4a5a6a", "#d8a23a", "#2f5d45"),
    "swan": Bird(0.29, 0.80, 0.17, 0.02, 0.14, 0.24, 1.3, 0.34, "#f2f1ec", "#f7f6f2", "#eceae4", "#d8772f"),
}


def flying(pen: Pen, kind: str = "gull", beat: float | None = None) -> None:
    """Draw a bird in flight, 1 high from wing tip to wing tip of its stroke; *beat* −1 wings down … 1 up."""
    form = BIRDS[kind]
    up = float(pen.rng.choice([-0.25, 0.25, 0.6, 0.95])) if beat is None else beat
    pen = pen.at(0, 0.32, FLIGHT)
    body = [
        (-0.42, -0.02, form.body * 0.30),
        (-0.1, 0.0, form.body * 0.72),
        (0.22, 0.03, form.body * 0.66),
        (0.42, 0.06, form.body * 0.4),
    ]
    far = _wing(form, min(1.0, up + 0.25), 0.92, 0.14)
    pen.fill(far, form.back, 0.12, "feather", grain=60)
    fan = [
        poly(
            (-0.40, 0.02),
            (-0.42 - form.tail, 0.10),
            (-0.48 - form.tail * (0.6 if kind == "swallow" else 1.05), 0.0),
            (-0.42 - form.tail, -0.08),
            (-0.38, -0.05),
        )
    ]
    pen.fill(fan[0], form.back, 0.4, "feather")
    if form.leg > 0.5:
        pen.fill(limb([(-0.35, -0.03, 0.02), (-0.9, -0.02, 0.012)]), "#3a3a34", 0.4, "feather")
    pen.fill(limb(body), form.front, 0.30, "feather")
    pen.fill(limb([(x, y + r * 0.3, r * 0.62) for x, y, r in body]), form.front, 0.95, "feather")
    reach = 0.42 + form.neck
    lift = _lift(kind)
    pen.fill(limb([(0.36, 0.05, form.body * 0.45), (reach, lift, form.body * 0.34)]), form.front, 0.75, "feather")
    pen.fill(
        oval(reach + 0.04, lift + 0.01, form.body * 0.42, form.body * 0.38), form.crown or form.front, 0.85, "feather"
    )
    pen.fill(
        poly((reach + 0.10, lift + 0.03), (reach + 0.12 + form.bill, lift - form.bent), (reach + 0.10, lift - 0.035)),
        form.beak,
        0.8,
        "feather",
    )
    near = _wing(form, up, 1.0, 0.04)
    pen.fill(near, form.back, 0.72 if pen.air.height > 0.2 else 0.5, "feather", grain=120)
    tip = near[len(near) // 2 - 4 : len(near) // 2 + 4]
    pen.fill(tip, form.tip, 0.4, "feather")
    if pen.fine:
        for t in np.linspace(0.25, 0.8, 6):
            a, b = near[int(t * (len(near) // 2))], near[-1 - int(t * (len(near) // 2))]
            pen.fill(bar(a[0], a[1], b[0], b[1], 0.012), form.tip, 0.4, "feather", opacity=0.5)


def _lift(kind: str) -> float:
    """Return how high a flying bird holds its head."""
    return 0.06 if kind in ("heron", "egret") else 0.10


def _wing(form: Bird, up: float, size: float, x: float) -> Points:
    """Return the outline of a wing: arm up to the wrist, hand to the tip, and the trailing edge back."""
    w, b = form.wing * size, form.broad * size
    wrist = np.array([x + 0.16, 0.06 + w * (0.16 + 0.42 * up)])
    tip = np.array([x - 0.36 * w, 0.06 + w * (0.30 + 0.75 * up) if up > 0 else 0.06 + w * (0.30 + 1.1 * up)])
    lead = [
        np.array([x + 0.22, 0.05]),
        np.array([x + 0.24, 0.06 + wrist[1] * 0.5]),
        wrist,
        (wrist + tip) / 2 + [0.08, 0.05],
        tip,
    ]
    trail = [
        tip + [0.02, -0.05], (wrist + tip) / 2 + [-b * 0.62, -0.10], wrist + [-b * 1.30, -0.10],
        np.array([x - b * 0.9, 0.02 + wrist[1] * 0.25]), np.array([x - 0.22, -0.02]),
    ]  # fmt: skip
    return np.concatenate([curve_through(np.array(lead), 4), curve_through(np.array(trail), 4)])


def _carriage(kind: str, pose: str) -> tuple[float, float, float, float, Place, Place, Place]:
    """Return of a standing bird: how high it is; how high its middle, the cosine and sine of its lean, rear, chest and
    head, in lengths of its body."""
    form = BIRDS[kind]
    long = form.neck > 0.3
    high = form.leg + form.body * 2 + form.neck * (0.9 if long else 1.0) + (0.22 if not long else 0.12)
    if pose == "swim":
        high -= form.leg + form.body * 0.5
    y = form.leg + form.body if pose != "swim" else form.body * 0.45
    up = {"owl": 62, "eagle": 52, "crow": 24, "robin": 34, "sparrow": 30, "magpie": 26, "rooster": 20}.get(kind, 14)
    c, s = math.cos(math.radians(up)), math.sin(math.radians(up))
    rear, chest = (-0.36 * c, y - 0.36 * s * 0.8), (0.26 * c, y + 0.30 * s)
    return high, y, c, s, rear, chest, (chest[0] + 0.14, chest[1] + form.neck * 0.95 + form.body * 0.30)


def bill(kind: str, pose: str = "stand") -> Place:
    """Return where the tip of a bird's bill is, in its heights; *pose*: stand, swim, fly."""
    form = BIRDS[kind]
    if pose == "fly":
        return FLIGHT * (0.54 + form.neck + 0.8 * form.bill), 0.32 + FLIGHT * (_lift(kind) - 0.8 * form.bent)
    high, *_, head = _carriage(kind, pose)
    r = 0.085 if form.neck > 0.3 else form.body * 0.56
    return (head[0] + r + form.bill * 0.8) / high, (head[1] - form.bent) / high


def standing(pen: Pen, kind: str = "heron", pose: str = "stand") -> None:
    """Draw a bird on its feet (or, *pose* swim, on the water), 1 high."""
    form = BIRDS[kind]
    long = form.neck > 0.3
    high, y, c, s, rear, chest, head = _carriage(kind, pose)
    pen = pen.at(0, 0, 1 / high)
    if pose != "swim":
        for dx, lit in ((0.02, 0.2), (-0.05, 0.6)):
            pen.fill(
                bar(dx, 0.0, dx + 0.02, y - form.body * 0.4, 0.028),
                "#4a4638" if kind != "gull" else "#d8a23a",
                lit,
                "feather",
                grain=90,
            )
            pen.fill(bar(dx - 0.05, 0.012, dx + 0.12, 0.012, 0.026), "#4a4638", lit, "feather")
    pen.fill(
        limb(
            [
                (rear[0] + 0.08, rear[1], form.body * 0.34),
                (rear[0] - form.tail * c * 0.9, rear[1] - form.tail * s * (0.9 if kind != "rooster" else -1.6), 0.05),
            ]
        ),
        form.tip if kind in ("magpie", "rooster") else form.back,
        0.35,
        "feather",
    )
    trunk = [(*rear, form.body * 0.45), (0.0, y - 0.01, form.body), (*chest, form.body * 0.72)]
    if long:
        sway = 0.16 if kind in ("heron", "egret", "crane", "swan") else 0.05
        neck = [
            (chest[0] + 0.02, chest[1] + 0.02, form.body * 0.55),
            (chest[0] + 0.10 + sway * 0.8, chest[1] + form.neck * 0.30, 0.060),
            (chest[0] - sway * 0.2 + 0.04, chest[1] + form.neck * 0.66, 0.048),
            (head[0], head[1], 0.055),
        ]
    else:
        neck = [(*chest, form.body * 0.66), (head[0] - 0.02, head[1], form.body * 0.52)]
    pen.limbs([trunk, neck], form.front, "feather", grain=20)
    wing = [
        (rear[0] - 0.08, rear[1] - 0.02, 0.02),
        (-0.10, y + form.body * 0.18, form.body * 0.62),
        (chest[0] - 0.06, chest[1] + 0.02, form.body * 0.34),
    ]
    pen.limbs([wing], form.back, "feather", lit=0.4, grain=20)
    if pen.fine:
        for i in range(4):
            pen.fill(
                limb(
                    [
                        (rear[0] - 0.16 + 0.05 * i, rear[1] - 0.03 + 0.02 * i, 0.012),
                        (-0.04 + 0.04 * i, y + form.body * (0.25 - 0.16 * i), 0.012),
                    ]
                ),
                form.tip,
                0.35,
                "feather",
                opacity=0.75,
            )
    r = 0.085 if long else form.body * 0.56
    if kind == "owl":
        r = form.body * 0.78
    pen.limbs(
        [[(head[0] - 0.01, head[1], r), (head[0] + r * 0.4, head[1] - 0.005, r * 0.8)]],
        form.crown if kind in ("eagle", "duck") else form.front if kind != "robin" else form.back,
        "feather",
    )
    if kind == "owl":
        for dx in (-0.34, 0.34):
            pen.fill(oval(head[0] + dx * r + 0.05, head[1] + 0.02, r * 0.36, r * 0.38), "#efe0c0", 0.9, "feather")
            pen.fill(oval(head[0] + dx * r + 0.05, head[1] + 0.02, r * 0.2, r * 0.2), "#1b1613", 0.2, "feather")
            pen.fill(
                poly(
                    (head[0] + dx * r * 1.6, head[1] + r * 0.6),
                    (head[0] + dx * r * 2.2 + 0.02, head[1] + r * 1.35),
                    (head[0] + dx * r * 0.6, head[1] + r * 0.85),
                ),
                form.back,
                0.5,
                "feather",
            )
        pen.fill(
            poly((head[0] + 0.02, head[1] - 0.0), (head[0] + 0.08, head[1] - 0.0), (head[0] + 0.05, head[1] - r * 0.5)),
            form.beak,
            0.9,
            "feather",
        )
        return
    if kind in ("crane", "rooster"):
        pen.fill(oval(head[0] - 0.01, head[1] + r * 0.75, r * 0.7, r * 0.45), form.crown, 0.9, "feather")
    pen.fill(
        poly(
            (head[0] + r * 0.75, head[1] + r * 0.35),
            (head[0] + r + form.bill, head[1] - form.bent - r * 0.1),
            (head[0] + r * 0.75, head[1] - r * 0.35),
        ),
        form.beak,
        0.85,
        "feather",
    )
    pen.fill(
        oval(head[0] + r * 0.35, head[1] + r * 0.22, r * 0.16 + 0.006, r * 0.16 + 0.006), "#141210", 0.1, "feather"
    )


def flock(pen: Pen, kind: str = "goose", count: int = 9) -> None:
    """Draw a skein of birds in flight, 1 high and about 3 wide."""
    for i in range(count):
        arm = (i + 1) // 2
        way = 1 if i % 2 else -1
        x, y = 1.2 - arm * 0.34, 0.55 + way * arm * 0.10 + 0.03 * float(pen.rng.normal())
        flying(pen.at(x, y, 0.30), kind)


def fish(pen: Pen, kind: str = "fish") -> None:
    """Draw a fish 1 long, its middle half up: fish, carp (red and white), whale, dolphin."""
    back, front = {
        "fish": ("#5a7a86", "#cfd8d6"),
        "carp": ("#d8572f", "#f2e4d2"),
        "whale": ("#3d5566", "#c3ccd0"),
        "dolphin": ("#5d7686", "#d5dde0"),
    }[kind]
    deep = {"fish": 0.15, "carp": 0.17, "whale": 0.20, "dolphin": 0.13}[kind]
    bend = float(pen.rng.uniform(-0.06, 0.06)) if kind in ("fish", "carp") else 0.10
    if kind == "whale":
        spine = [
            (-0.46, 0.42, 0.02),
            (-0.25, 0.34, 0.07),
            (0.05, 0.30, deep),
            (0.32, 0.30, deep * 0.95),
            (0.46, 0.28, deep * 0.6),
        ]
    else:
        spine = [
            (-0.40, 0.5 - bend, 0.025),
            (-0.18, 0.5 + bend * 0.4, deep * 0.62),
            (0.08, 0.5 + bend, deep),
            (0.30, 0.5 + bend * 0.5, deep * 0.82),
            (0.44, 0.5, deep * 0.38),
        ]
    tx, ty, _ = spine[0]
    if kind in ("whale", "dolphin"):
        pen.fill(
            limb([(tx + 0.02, ty, 0.02), (tx - 0.10, ty + 0.10, 0.028), (tx - 0.20, ty + 0.12, 0.004)]),
            back,
            0.7,
            "scale",
        )
        pen.fill(
            limb([(tx + 0.02, ty, 0.02), (tx - 0.02, ty + 0.12, 0.028), (tx + 0.02, ty + 0.20, 0.004)]),
            back,
            0.35,
            "scale",
        )
    else:
        pen.fill(
            poly((tx + 0.03, ty), (tx - 0.14, ty + 0.13), (tx - 0.09, ty), (tx - 0.14, ty - 0.13)), back, 0.55, "scale"
        )
        pen.fill(
            poly((-0.02, 0.5 + deep * 0.8), (0.04, 0.5 + deep * 1.75), (0.20, 0.5 + deep * 0.75)), back, 0.6, "scale"
        )
        pen.fill(
            poly((0.02, 0.5 - deep * 0.8), (-0.06, 0.5 - deep * 1.5), (0.12, 0.5 - deep * 0.8)), back, 0.35, "scale"
        )
    pen.fill(limb(spine), back, 0.25, "scale")
    pen.fill(limb([(x, y - r * 0.42, r * 0.56) for x, y, r in spine]), front, 0.7, "scale")
    pen.fill(limb([(x, y + r * 0.45, r * 0.42) for x, y, r in spine]), back, 0.95, "scale")
    if kind == "carp":
        for x in (-0.18, 0.06, 0.26):
            pen.fill(oval(x, 0.55, 0.07, 0.05), "#f5ead8", 0.9, "scale")
    if kind == "dolphin":
        pen.fill(
            poly((-0.06, 0.5 + deep * 0.9), (-0.10, 0.5 + deep * 2.0), (0.10, 0.5 + deep * 0.85)), back, 0.7, "scale"
        )
        pen.fill(limb([(0.44, 0.49, 0.045), (0.54, 0.47, 0.016)]), back, 0.7, "scale")
    hx, hy, _ = spine[-1]
    pen.fill(oval(hx - 0.05, hy + deep * 0.15, 0.016, 0.016), "#15130f", 0.1, "scale")
    pen.fill(
        limb([(0.16, spine[2][1] - deep * 0.6, 0.02), (0.06, spine[2][1] - deep * 1.25, 0.012)]), back, 0.45, "scale"
    )
    if kind == "whale":
        for t in np.linspace(0.05, 0.42, 7):
            pen.fill(bar(float(t), 0.30 - deep * 0.45, float(t) + 0.02, 0.30 - deep * 0.9, 0.006), back, 0.4, "scale")
        for turn in (60, 80, 100, 120):
            c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
            pen.fill(
                limb(
                    [
                        (0.26, 0.50, 0.008),
                        (0.26 + c * 0.12, 0.50 + s * 0.18, 0.010),
                        (0.26 + c * 0.26, 0.52 + s * 0.18, 0.004),
                    ]
                ),
                "#eef3f4",
                1.0,
                "water",
                opacity=0.9,
            )


def butterfly(pen: Pen) -> None:
    """Draw a butterfly."""
    tone = str(pen.rng.choice(["#e09a2f", "#4a7fb8", "#d8d0f0", "#c8503c"]))
    for way, lit in ((-1, 0.55), (1, 1.0)):
        pen.fill(
            np.array([[0, 0.5], [0.2 * way, 0.95], [0.46 * way, 0.98], [0.48 * way, 0.7], [0.2 * way, 0.5]]),
            tone,
            lit,
            "feather",
            smooth=True,
        )
        pen.fill(
            np.array([[0, 0.48], [0.22 * way, 0.46], [0.38 * way, 0.30], [0.26 * way, 0.06], [0.08 * way, 0.2]]),
            tone,
            lit * 0.8,
            "feather",
            smooth=True,
        )
        pen.fill(oval(0.36 * way, 0.82, 0.06, 0.06), "#2b2420", 0.4, "feather")
        pen.fill(limb([(0.01 * way, 0.75, 0.008), (0.10 * way, 1.0, 0.006)]), "#2b2420", 0.4, "feather")
    pen.fill(limb([(0, 0.22, 0.02), (0, 0.5, 0.034), (0, 0.76, 0.03)]), "#2b2420", 0.4, "feather")


def bee(pen: Pen) -> None:
    """Draw a bee, or fireflies by night."""
    if pen.air.hour in ("night", "dusk"):
        for x, y in zip(np.linspace(-0.6, 0.6, 9), pen.rng.uniform(0.05, 0.95, 9), strict=True):
            near = float(pen.rng.uniform(0.6, 1.2))
            pen.glow(float(x), float(y), 0.30 * near, "#e8f08a", 0.8)
            pen.shine(oval(float(x), float(y), 0.028 * near, 0.022 * near), "#f6ffb0")
        return
    for turn in (60, 110):
        pen.fill(leaf(0.0, 0.6, 0.6, 0.34, turn), "#e9f0f4", 1.0, "feather", opacity=0.75)
    pen.fill(oval(-0.1, 0.45, 0.42, 0.26), "#d9a02c", 0.8, "fur")
    for x in (-0.3, -0.1, 0.1):
        pen.fill(bar(x, 0.22, x, 0.68, 0.09), "#2b2118", 0.4, "fur")
    pen.fill(oval(0.34, 0.5, 0.17, 0.17), "#2b2118", 0.5, "fur")


_SCUTES = (
    (0.0, 0.72, 0.19), (-0.30, 0.62, 0.15), (0.30, 0.62, 0.15), (-0.46, 0.40, 0.12), (0.46, 0.40, 0.12),
    (-0.16, 0.44, 0.14), (0.16, 0.44, 0.14),
)  # fmt: skip


def turtle(pen: Pen) -> None:
    """Draw a tortoise."""
    skin = "#7d8456"
    pen.limbs(
        [
            [(-0.38, 0.24, 0.13), (-0.46, 0.07, 0.09), (-0.40, 0.05, 0.08)],
            [(0.34, 0.24, 0.13), (0.42, 0.07, 0.09), (0.48, 0.05, 0.08)],
            [(0.50, 0.34, 0.11), (0.72, 0.46, 0.11), (0.86, 0.58, 0.14), (0.94, 0.56, 0.10)],
        ],
        skin,
        "scale",
    )
    pen.fill(limb([(-0.58, 0.24, 0.05), (-0.78, 0.16, 0.01)]), skin, 0.4, "scale")
    turn = np.linspace(0, np.pi, 18)
    shell = np.stack([0.66 * np.cos(turn), 0.24 + 0.70 * np.sin(turn) ** 0.9], 1)
    pen.fill(shell, "#6b5a34", 0.3, "scale")
    pen.fill((shell - [0, 0.3]) * 0.8 + [0.08 * pen.side, 0.34], "#7d6b3e", 0.85, "scale")
    for x, y, wide in _SCUTES:
        six = np.linspace(0, 2 * np.pi, 6, endpoint=False) + 0.2
        plate = np.stack([x + wide * 0.92 * np.cos(six), y + wide * 0.74 * np.sin(six)], 1)
        pen.fill(plate, "#5a4a28", 0.3, "scale")
        pen.fill((plate - [x, y]) * 0.66 + [x + 0.02 * pen.side, y + 0.02], "#93804c", 0.95, "scale")
    pen.fill(limb([(-0.66, 0.24, 0.05), (0.0, 0.20, 0.06), (0.66, 0.24, 0.05)]), "#8a7644", 0.6, "scale")
    pen.fill(oval(0.90, 0.62, 0.035, 0.040), "#15130f", 0.1, "scale")
    if pen.fine:
        pen.fill(limb([(0.90, 0.52, 0.008), (1.02, 0.53, 0.010)]), "#3f4428", 0.2, "scale")
