"""Posture: where the joints of a person are, from ``data/poses.tsv``: a body (stand, sit, ride …) and what its arms do
(hold, read, lead …), named together as "seat-read". Elbows follow from where the hands must be.

Units are heights of a grown person who looks to the right, (0, 0) between the feet, y up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from miaobi.errors import BriefError

Joint = tuple[float, float]

UPPER, FORE = 0.175, 0.165  # of an arm, to the middle of the hand
# names that pictures knew before bodies and arms were told apart
_ALSO = {"look": "stand-look", "reach": "stand-reach", "read": "sit-read", "row": "row-oars", "sleep": "lie"}


@dataclass(frozen=True)
class Arm:
    """Shoulder, elbow, hand."""

    shoulder: Joint
    elbow: Joint
    hand: Joint


@dataclass(frozen=True)
class Posture:
    """Where the joints are. ``seat``: height of what is sat on, 0 for one who stands; ``turn``: degrees, of the whole
    about (0, 0), anticlockwise; ``nod``: of the head, below 0 it looks down."""

    hips: Joint
    chest: Joint
    head: Joint
    far_leg: tuple[Joint, Joint]  # knee, foot
    near_leg: tuple[Joint, Joint]
    far: Arm
    near: Arm
    body: str
    seat: float = 0.0
    turn: float = 0.0
    nod: float = 0.0


@dataclass(frozen=True)
class _Arms:
    body: str
    far: Joint | None
    near: Joint | None
    bends: tuple[float, float]
    nod: float


def bodies() -> tuple[str, ...]:
    """Return the names of all bodies."""
    return tuple(_table()[0])


def gestures() -> tuple[str, ...]:
    """Return the names of all that arms do."""
    return tuple(_table()[1])


def body_for(arms: str) -> str:
    """Return the body that a gesture of the arms is made with where none is said. Raises ``KeyError``."""
    return _table()[1][arms].body


@cache
def posture(pose: str) -> Posture:
    """Return the joints of *pose*: a body, what arms do, or both with a hyphen between. Raises ``BriefError``."""
    bodies, gestures = _table()
    body, _, arms = _ALSO.get(pose, pose).partition("-")
    if not arms and body in gestures:
        body, arms = gestures[body].body, body
    if body not in bodies or (arms and arms not in gestures):
        raise BriefError(
            f"no pose {pose!r}: a pose is a body ({', '.join(bodies)}), what arms do ({', '.join(gestures)}), or both "
            "as in 'seat-read'"
        )
    base = bodies[body]
    return _with_arms(base, gestures[arms]) if arms else base


def _with_arms(base: Posture, arms: _Arms) -> Posture:
    lean = math.atan2(base.hips[0] - base.chest[0], base.chest[1] - base.hips[1])  # anticlockwise from upright

    def arm(own: Arm, wanted: Joint | None, bend: float) -> Arm:
        if wanted is None:
            return own
        c, s = math.cos(lean), math.sin(lean)
        hand = (base.chest[0] + c * wanted[0] - s * wanted[1], base.chest[1] + s * wanted[0] + c * wanted[1])
        return _arm(own.shoulder, hand, bend)

    far, near = arm(base.far, arms.far, arms.bends[0]), arm(base.near, arms.near, arms.bends[1])
    return replace(base, far=far, near=near, nod=base.nod + arms.nod)


def _arm(shoulder: Joint, hand: Joint, bend: float = 1.0) -> Arm:
    """Return the arm that ends in *hand*, or as near to it as it reaches; *bend* 1: the elbow is below or behind."""
    dx, dy = hand[0] - shoulder[0], hand[1] - shoulder[1]
    far = math.hypot(dx, dy) or 1e-6
    long = min(far, 0.995 * (UPPER + FORE))
    hand = (shoulder[0] + dx / far * long, shoulder[1] + dy / far * long)
    along = (UPPER**2 - FORE**2 + long**2) / (2 * long)
    out = math.sqrt(max(0.0, UPPER**2 - along**2)) * bend
    elbow = (shoulder[0] + dx / far * along + dy / far * out, shoulder[1] + dy / far * along - dx / far * out)
    return Arm(shoulder, elbow, hand)


@cache
def _table() -> tuple[dict[str, Posture], dict[str, _Arms]]:
    bodies: dict[str, Posture] = {}
    gestures: dict[str, _Arms] = {}
    text = files("miaobi.craft").joinpath("data", "poses.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#") or not line:
            continue
        kind, name, *rest = line.split("\t")
        if kind == "arms":
            body, far, near, bend, bend2, nod = rest
            gestures[name] = _Arms(body, _joint(far), _joint(near), (float(bend), float(bend2)), float(nod))
            continue
        joints = [(float(x), float(y)) for x, y in (pair.split() for pair in rest[:9])]
        hips, chest, head, knee, foot, knee2, foot2, hand, hand2 = joints
        far_shoulder, near_shoulder = (chest[0] + 0.045, chest[1] + 0.035), (chest[0] - 0.035, chest[1] + 0.035)
        bodies[name] = Posture(
            hips, chest, head, (knee, foot), (knee2, foot2), _arm(far_shoulder, hand), _arm(near_shoulder, hand2),
            name, *(float(cell) for cell in rest[9:]),
        )  # fmt: skip
    return bodies, gestures


def _joint(text: str) -> Joint | None:
    if text == "-":
        return None
    x, y = text.split()
    return float(x), float(y)
