"""Skeleton: the proportions of animals on four legs, and where their joints are in a pose. 1 is the height of the
withers; they look to the right."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from miaobi.craft.drawing.shape import Points

Bead = tuple[float, float, float]


@dataclass(frozen=True)
class Beast:
    """Proportions; lengths in heights of the withers, angles in degrees above the horizontal."""

    long: float = 1.05  # chest to rump
    leg: float = 0.52  # length of leg
    deep: float = 0.17  # half depth of the trunk
    thick: float = 0.055  # of a leg at the knee, half
    neck: float = 0.42
    poise: float = 50.0
    skull: float = 0.12
    muzzle: float = 0.24
    drop: float = -25.0  # of the muzzle
    tail: float = 0.45
    tail_turn: float = -70.0
    bushy: float = 0.02
    ears: str = "round"  # round, sharp, long, donkey (longer), tall, flap
    crest: str = ""  # antlers, horns, buffalo, curl, mane, brush (short and upright), humps, tusks
    coat: str = "#8a6a4a"
    belly: str = ""
    marks: str = ""  # stripes, spots, patches
    back: float = 0.0  # arch of the back


BEASTS = {
    "deer": Beast(
        0.8, 0.58, 0.185, 0.03, 0.4, 58, 0.085, 0.16, -22, 0.16, -50, 0.035, "long", "antlers", "#a9764a", "#d8bf9c"
    ),
    "horse": Beast(0.9, 0.55, 0.225, 0.043, 0.5, 48, 0.105, 0.27, -42, 0.55, -72, 0.055, "sharp", "mane", "#7a4a30"),
    "donkey": Beast(
        0.86, 0.5, 0.225, 0.042, 0.36, 44, 0.13, 0.25, -40, 0.46, -78, 0.02, "donkey", "brush", "#857a70", "#d8d0c2"
    ),
    "cow": Beast(
        1.08, 0.44, 0.27, 0.055, 0.32, 22, 0.13, 0.24, -42, 0.58, -85, 0.025, "flap", "horns", "#efe6d6", "", "patches"
    ),
    "ox": Beast(1.1, 0.40, 0.285, 0.065, 0.30, 14, 0.145, 0.23, -40, 0.55, -85, 0.02, "flap", "buffalo", "#5c4c40"),
    "sheep": Beast(
        1.05, 0.36, 0.31, 0.04, 0.24, 34, 0.12, 0.18, -40, 0.14, -70, 0.05, "flap", "wool", "#ece4d4", "", ""
    ),
    "goat": Beast(0.84, 0.46, 0.225, 0.036, 0.28, 48, 0.1, 0.15, -35, 0.14, 40, 0.03, "flap", "curl", "#d8d0c2"),
    "dog": Beast(0.84, 0.46, 0.19, 0.046, 0.24, 46, 0.145, 0.19, -12, 0.45, 40, 0.04, "flap", "", "#a87848", "#e8d8bc"),
    "wolf": Beast(
        0.94, 0.48, 0.205, 0.046, 0.26, 32, 0.14, 0.23, -14, 0.50, -55, 0.07, "sharp", "", "#77777a", "#b8b4ac"
    ),
    "fox": Beast(
        1.0, 0.42, 0.175, 0.036, 0.24, 34, 0.15, 0.21, -16, 0.80, -20, 0.11, "sharp", "", "#c8632c", "#f0e4d4"
    ),
    "cat": Beast(
        0.98, 0.42, 0.18, 0.046, 0.17, 46, 0.185, 0.08, -12, 0.75, 55, 0.045, "sharp", "", "#77706a", "", "stripes"
    ),
    "tiger": Beast(
        1.18,
        0.44,
        0.225,
        0.075,
        0.26,
        28,
        0.19,
        0.13,
        -14,
        0.75,
        -40,
        0.045,
        "round",
        "",
        "#d88a3a",
        "#f1e2c6",
        "stripes",
    ),
    "lion": Beast(1.08, 0.46, 0.225, 0.072, 0.28, 34, 0.18, 0.15, -14, 0.75, -60, 0.03, "round", "ruff", "#c9974f"),
    "bear": Beast(1.25, 0.38, 0.29, 0.105, 0.22, 16, 0.20, 0.17, -12, 0.06, -40, 0.05, "round", "", "#5b4434"),
    "panda": Beast(
        1.15, 0.36, 0.31, 0.115, 0.20, 22, 0.24, 0.10, -10, 0.05, -40, 0.05, "round", "", "#efece4", "", "panda"
    ),
    "elephant": Beast(
        1.05, 0.46, 0.32, 0.105, 0.18, 22, 0.23, 0.10, -60, 0.35, -80, 0.018, "flap", "tusks", "#8b8784", "", "", 0.05
    ),
    "camel": Beast(0.88, 0.58, 0.21, 0.050, 0.55, 40, 0.11, 0.20, -10, 0.35, -80, 0.025, "round", "humps", "#c79f63"),
    "rabbit": Beast(
        0.95, 0.30, 0.27, 0.075, 0.16, 50, 0.20, 0.10, -20, 0.10, 20, 0.08, "tall", "", "#b9a78f", "#efe6d8", "", 0.12
    ),
    "pig": Beast(1.20, 0.34, 0.28, 0.07, 0.16, 12, 0.18, 0.20, -16, 0.16, 50, 0.015, "flap", "", "#dba79a"),
    "mouse": Beast(
        1.2, 0.22, 0.32, 0.06, 0.12, 20, 0.22, 0.20, -14, 1.1, 10, 0.015, "round", "", "#8f857c", "", "", 0.12
    ),
    "squirrel": Beast(
        0.95, 0.30, 0.22, 0.06, 0.18, 60, 0.17, 0.10, -14, 0.95, 100, 0.16, "sharp", "", "#a85f35", "#f0e2cc", "", 0.12
    ),
    "zebra": Beast(
        0.88, 0.52, 0.225, 0.043, 0.42, 50, 0.11, 0.24, -42, 0.50, -78, 0.02, "sharp", "brush", "#efe9dc", "", "stripes"
    ),
    "giraffe": Beast(
        0.74,
        0.60,
        0.17,
        0.032,
        0.66,
        72,
        0.085,
        0.18,
        -30,
        0.42,
        -82,
        0.018,
        "flap",
        "",
        "#d9ab62",
        "#efe0c0",
        "blotches",
    ),
    "unicorn": Beast(0.90, 0.55, 0.225, 0.043, 0.50, 50, 0.105, 0.26, -44, 0.55, -68, 0.06, "sharp", "horn", "#efece6"),
}


HOOFED = (
    "zebra",
    "giraffe",
    "unicorn",
    "deer",
    "horse",
    "donkey",
    "cow",
    "ox",
    "sheep",
    "goat",
    "elephant",
    "camel",
    "pig",
)
# small ones crouch where others stand
_CROUCHED = {
    "rabbit": {"stand": "lie", "walk": "lie", "graze": "lie"},
    "mouse": {"stand": "lie", "walk": "lie", "graze": "lie"},
    "squirrel": {"stand": "sit", "walk": "run", "graze": "sit"},
}
CURLED = ("dog", "wolf", "fox", "cat", "squirrel", "mouse")  # how they sleep
LYING = ("lie", "sleep")


@dataclass(frozen=True)
class Skeleton:
    """Where an animal's joints are, in heights of its withers."""

    withers: Points
    rump: Points
    trunk: tuple[Bead, ...]
    root: Points  # of the neck
    head: Points
    nose: Points


def pose_of(kind: str, pose: str) -> str:
    """Return how an animal of a kind does what others do in *pose*."""
    if pose.partition("-")[0] == "seat":  # in a room people sit on stools
        pose = "sit"
    if (pose == "sit" and kind in HOOFED) or (pose == "sleep" and kind == "elephant"):
        return "lie"
    return _CROUCHED.get(kind, {}).get(pose, pose)


def skeleton(kind: str, pose: str = "stand") -> Skeleton:
    """Return the joints of an animal of ``BEASTS`` in a pose of ``beast``."""
    form, pose = BEASTS[kind], pose_of(kind, pose)
    withers = np.array([form.long * 0.42, 1.0 - form.deep])
    rump = np.array([-form.long * 0.45, 0.97 - form.deep])
    if pose == "sit":
        rump = np.array([-form.long * 0.30, form.deep * 1.05])
        withers = np.array([form.long * 0.20, 0.92 - form.deep])
    elif pose in LYING:
        rump = np.array([-form.long * 0.40, form.deep * 0.98])
        withers = np.array([form.long * 0.40, form.deep * 1.30])
    elif pose == "graze" and form.crest != "tusks":  # who has a short neck bends its forelegs
        withers[1] -= max(0.0, 0.62 - form.neck - form.muzzle)
    middle = (withers + rump) / 2 + np.array([0, form.back + (0.0 if kind in ("elephant", "pig", "sheep") else -0.02)])
    slender = kind in (
        "zebra",
        "giraffe",
        "unicorn",
        "deer",
        "horse",
        "dog",
        "wolf",
        "fox",
        "cat",
        "goat",
        "tiger",
        "lion",
        "donkey",
        "camel",
    )
    # a runner's chest is deep and its belly is drawn up towards the loins; a grazer's is a barrel
    loin, tuck, chest, sunk = (1.02, 0.0, 1.06, 0.04)
    if slender:
        loin, tuck, chest, sunk = (0.90, 0.08, 1.08, 0.10) if kind in HOOFED else (0.80, 0.16, 1.10, 0.12)
    trunk: tuple[Bead, ...] = (
        (rump[0] - 0.02, rump[1] - 0.01, form.deep * 0.90),
        (rump[0] + 0.16 * form.long, rump[1] + 0.02 + form.deep * tuck * 0.3, form.deep * (0.94 if slender else 1.02)),
        (middle[0] - 0.04, middle[1] + 0.01 + form.deep * tuck, form.deep * loin),
        (withers[0] - 0.16 * form.long, withers[1] - form.deep * sunk, form.deep * chest),
        (withers[0] + 0.03, withers[1] - 0.02 - form.deep * sunk * 0.6, form.deep * 0.90),
    )
    poise = {"graze": -52.0, "run": form.poise - 16}.get(pose, form.poise)
    if pose == "sleep":  # the head lies on the ground
        poise = math.degrees(math.asin(max(-0.95, min(0.95, (form.skull * 0.9 - withers[1]) / form.neck))))
    if pose == "sleep" and kind in CURLED:
        head = np.array([0.38, form.skull * 1.0 + 0.07])
        return Skeleton(withers, rump, trunk, withers, head, head + [form.muzzle * 0.95, -form.skull * 0.55])
    c, s = math.cos(math.radians(poise)), math.sin(math.radians(poise))
    root = np.array([withers[0] + 0.03, withers[1] + form.deep * 0.25])
    head = root + np.array([c, s]) * form.neck
    drop = math.radians({"graze": -58.0, "sleep": -6.0}.get(pose, form.drop))
    nose = head + np.array([math.cos(drop), math.sin(drop)]) * form.muzzle
    return Skeleton(withers, rump, trunk, root, head, nose)


def back(kind: str, x: float = 0.0, pose: str = "stand") -> float:
    """Return how high the back of an animal of ``BEASTS`` is at *x*, in heights of its withers."""
    knots = skeleton(kind, pose).trunk
    at = min(max(x, knots[0][0]), knots[-1][0])
    xs = [k[0] for k in knots]
    wool = 0.06 if BEASTS[kind].crest == "wool" else 0.0  # its crown is narrower than its trunk
    return float(np.interp(at, xs, [k[1] + k[2] for k in knots])) - wool
