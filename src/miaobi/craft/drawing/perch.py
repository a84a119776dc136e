"""Perch: how figures and things come together: where a held thing is (``grip``, from ``data/grips.tsv``) and where
others sit, stand, ride or row on something (``perches``, from ``data/perches.tsv``).

All in the unit of a subject: (0, 0) its foot, x to the right where it looks, y up, 1 the height that its generator
draws (a child's figure is ``small`` of it).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from miaobi.craft.drawing import beast, bird
from miaobi.craft.drawing.chinese_building import deck
from miaobi.craft.drawing.figure import PEOPLE, near_arm, turn_shapes
from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.pigment import Told
from miaobi.craft.drawing.posture import Joint, body_for, gestures, posture
from miaobi.craft.drawing.subject import BEAST, Subject, subjects

_LARGE = 0.8  # m: what is larger isn't lifted
_SHARE = 0.5  # of a holder with no hands: what it carries is no larger
_STRINGS = 0.5  # how high what lies on the knees is touched, in its heights


@dataclass(frozen=True)
class Grip:
    """Where a thing is that somebody holds: its foot at (x, y), 1 of it ``size`` of the holder's, turned by ``turn``
    degrees about its foot, anticlockwise as the holder looks to the right."""

    x: float
    y: float
    size: float
    pose: str  # that the holder then has
    hand: Joint  # that holds it, or the mouth
    turn: float = 0.0
    behind: bool = False  # drawn before the holder
    over: bool = False  # the near arm is drawn once more over it
    held: str = ""  # the pose that the thing has, for ``Subject.draw``
    cord: tuple[Joint, Joint] | None = None  # ends of a string or a halter


@dataclass(frozen=True)
class Perch:
    """A place of somebody on, in or under an anchor, in the anchor's heights; ``y`` is what is stood or sat on."""

    x: float
    y: float
    pose: str
    behind: bool = False  # drawn before the anchor, whose near side hides the legs
    seat: bool = False  # a person sits: ``stood`` says where its foot is
    most: float | None = None  # of the occupant's height, in the anchor's; None: real sizes hold
    anchor: str = ""  # the pose that the anchor then has, for ``Subject.draw``

    @property
    def true(self) -> bool:
        """Whether real sizes hold."""
        return self.most is None


def unit_metres(name: str) -> float:
    """Return how many metres the unit is that subject *name* is drawn in."""
    subject = subjects()[name]
    return subject.metres / _small(subject)


def _small(subject: Subject) -> float:
    return PEOPLE[subject.kind].small if subject.generator == "person" else 1.0


def hand(who: str, pose: str, *, near: bool = True) -> Joint:
    """Return where a hand of person *who* is in *pose*; the mouth of an animal."""
    subject = subjects()[who]
    if subject.generator != "person":
        return mouth(who, pose)
    stance = posture(pose)
    joint = (stance.near if near else stance.far).hand
    if stance.turn:
        c, s = math.cos(math.radians(stance.turn)), math.sin(math.radians(stance.turn))
        joint = (c * joint[0] - s * joint[1], s * joint[0] + c * joint[1])
    small = _small(subject)
    return joint[0] * small, joint[1] * small


def mouth(who: str, pose: str = "stand") -> Joint:
    """Return where the mouth or bill of an animal is, of a person the mouth."""
    subject = subjects()[who]
    if subject.generator == "beast":
        bones, skull = beast.skeleton(subject.kind, pose), beast.BEASTS[subject.kind].skull
        return BEAST * float(bones.nose[0] + 0.2 * skull), BEAST * float(bones.nose[1] - 0.3 * skull)
    if subject.generator in ("standing", "swimming"):
        return bird.bill(subject.kind, "swim" if subject.generator == "swimming" else pose)
    if subject.generator == "person":
        x, y = posture(pose).head
        small = _small(subject)
        return (x + 0.058) * small, (y - 0.028) * small
    return 0.5 * subject.wide * 0.9, 0.5


def neck(who: str, pose: str = "stand") -> Joint:
    """Return where a halter lies about the neck of an animal; for others the middle of their height."""
    subject = subjects()[who]
    if subject.generator != "beast":
        return 0.0, 0.5
    bones = beast.skeleton(subject.kind, pose)
    return BEAST * float(0.35 * bones.root[0] + 0.65 * bones.head[0]), BEAST * float(
        0.35 * bones.root[1] + 0.65 * bones.head[1]
    )


def back(who: str, x: float = 0.0, pose: str = "stand") -> float:
    """Return how high the back of an animal is at *x*."""
    bones = beast.skeleton(subjects()[who].kind, pose)
    knots = bones.trunk
    xs = [k[0] for k in knots]
    at = min(max(x / BEAST, xs[0]), xs[-1])
    for (xa, ya, ra), (xb, yb, rb) in pairwise(knots):
        if xa <= at <= xb:
            t = (at - xa) / (xb - xa)
            return BEAST * float(ya + ra + (yb + rb - ya - ra) * t)
    return BEAST * float(knots[-1][1] + knots[-1][2])


def level(anchor: str, x: float) -> float:
    """Return how high one stands at *x* on a bridge or on the back of an animal, in its heights."""
    return back(anchor, x) if subjects()[anchor].generator == "beast" else deck(anchor, x)


@dataclass(frozen=True)
class _Hold:
    arms: str
    place: str
    point: Joint
    turn: float = 0.0
    times: float = 1.0
    order: str = "over"
    held: str = ""


@cache
def _holds() -> dict[str, _Hold]:
    found = {}
    for names, arms, place, point, turn, times, order, held in _rows("grips.tsv"):
        x, y = point.split()
        hold = _Hold(arms, place, (float(x), float(y)), float(turn), float(times), order, held.strip("-"))
        found.update(dict.fromkeys(names.split(","), hold))
    return found


def _rows(name: str) -> Iterator[list[str]]:
    text = files("miaobi.craft").joinpath("data", name).read_text(encoding="utf-8")
    return (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))


def _hold(thing: Subject) -> _Hold:
    hold = _holds().get(thing.id)
    if hold:
        return hold
    if thing.generator in ("beast", "standing", "swimming", "turtle") and thing.metres <= _LARGE:
        return _Hold("hug", "hands", (0.0, 0.25), held="sit" if thing.generator == "beast" else "")
    if thing.metres <= _LARGE:
        return _Hold("carry", "hands", (0.0, 0.25))
    return _Hold("reach", "beside", (-0.5 * thing.wide, 0.0), order="front")


def grip(who: str, pose: str, thing: str) -> Grip:
    """Return where *thing* is that *who* holds, reads, plays, leads; both are ids of subjects.

    *pose*: the body of the holder (stand, seat, sit, ride, walk …), or what its arms do too ("seat-read", "lead").
    """
    holder, held = subjects()[who], subjects()[thing]
    hold = _hold(held)
    true = unit_metres(thing) / unit_metres(who)
    if holder.generator != "person":
        return _in_mouth(who, pose, hold, true)
    if pose == "lead" or (hold.place == "beside" and held.generator == "beast"):
        return _led(who, thing, true)
    pose = _posed(pose, hold)
    small = _small(holder)
    near, far = hand(who, pose), hand(who, pose, near=False)
    middle = ((near[0] + far[0]) / 2, (near[1] + far[1]) / 2)
    stance = posture(pose)
    size = true * hold.times * (small if hold.place in ("lap", "chin", "mouth") else 1.0)
    c, s = math.cos(math.radians(hold.turn)), math.sin(math.radians(hold.turn))

    def at(place: Joint) -> Grip:
        px, py = hold.point[0] * size, hold.point[1] * size
        x, y = place[0] - (c * px - s * py), place[1] - (s * px + c * py)
        order = hold.order
        return Grip(x, y, size, pose, near, hold.turn, order == "behind", order == "over", hold.held)

    if hold.place == "sky":
        x, y = near[0] + 1.15, near[1] + 1.0
        tie = (x + hold.point[0] * size, y + hold.point[1] * size)
        return Grip(x, y, size, pose, near, held=hold.held, cord=(near, tie))
    if hold.place == "floor":
        level = mouth(who, pose)[1] + 0.03 * small if hold.arms == "eye" else near[1]
        size = level / hold.point[1]
        return at((mouth(who, pose)[0] if hold.arms == "eye" else middle[0], level))
    if hold.place == "beside":
        return at((0.26 * small, 0.0))
    if hold.place == "lap":
        x = stance.hips[0] * small + 2 * hold.point[0] * size
        return at((x, near[1] - _STRINGS * size if stance.seat else 0.0))
    if hold.place == "chin":
        return at(((stance.chest[0] + 0.045) * small, (stance.chest[1] + 0.06) * small))
    if hold.place == "mouth":
        return at(mouth(who, pose))
    return at(near if hold.place == "hand" else middle)


def _posed(pose: str, hold: _Hold) -> str:
    """Return the pose of a person who holds: its own body where the arms can do it from there, else that of the
    gesture; arms that were asked for stay."""
    stance = posture(pose)
    _, _, arms = pose.partition("-")
    if pose in gestures():
        arms = pose
    arms = arms or hold.arms
    own = body_for(arms)
    afoot = not stance.seat and stance.body not in ("heels", "sit")
    if stance.body == "stand" or hold.place == "floor" or (hold.place == "lap" and afoot):
        return f"{own}-{arms}"
    return f"{stance.body}-{arms}"


def _in_mouth(who: str, pose: str, hold: _Hold, true: float) -> Grip:
    x, y = mouth(who, pose)
    size = min(_SHARE, true * max(1.0, hold.times))
    return Grip(x - hold.point[0] * size, y - hold.point[1] * size, size, pose, (x, y), held=hold.held)


def _led(who: str, thing: str, true: float) -> Grip:
    """Return where an animal goes that is led by a halter."""
    pose = "walk-lead"
    reach = neck(thing, "walk")
    near = hand(who, pose)
    x = near[0] - 0.14 - true * (reach[0] + 0.10)
    return Grip(x, 0.0, true, pose, near, held="walk", cord=(near, (x + reach[0] * true, reach[1] * true)))


def draw_grip(pen: Pen, who: str, thing: str, held: Grip, colours: Mapping[str, str] | None = None) -> None:
    """Draw *thing* where it is held; *pen* is the holder's, *colours* are told ones of the thing."""
    part = pen.at(held.x, held.y, held.size)
    part.told = Told(colours or {})
    since = len(part.shapes)
    subjects()[thing].draw(part, held.held)
    if held.turn:
        turn_shapes(part, since, held.turn)
    if held.over and subjects()[who].generator == "person":
        near_arm(pen, subjects()[who].kind, held.pose)


@cache
def _perches() -> dict[tuple[str, str], tuple[tuple[str, ...], ...]]:
    found: dict[tuple[str, str], tuple[tuple[str, ...], ...]] = {}
    for names, hows, *row in _rows("perches.tsv"):
        for name in names.split(","):
            for how in hows.split(","):
                found[name, how] = (*found.get((name, how), ()), tuple(row))
    return found


def perches(anchor: str, how: str) -> tuple[Perch, ...]:
    """Return where others are *how* to *anchor* (an id; on, in, under, ride, row, cross …), the best place first.

    Empty where no fixed place is right: what is drawn by chance is stood on where its silhouette ends.
    """
    out = []
    for x_, y_, pose, order, most, own in _perches().get((anchor, how), ()):
        x = float(x_)
        y = level(anchor, x) if y_ == "*" else float(y_)
        seat = posture(pose).seat > 0
        out.append(Perch(x, y, pose, order == "behind", seat, None if most == "-" else float(most), own.strip("-")))
    return tuple(out)


def stood(perch: Perch, who: str, anchor: str) -> tuple[float, float, float, str]:
    """Return x, y of the foot, size and pose of *who* at a perch of *anchor*, in the anchor's heights."""
    subject = subjects()[who]
    size = unit_metres(who) / unit_metres(anchor)
    if perch.most is not None:
        size = min(size, perch.most)
    if subject.generator == "person":
        return perch.x, perch.y - posture(perch.pose).seat * _small(subject) * size, size, perch.pose
    pose = "sit" if perch.seat or posture(perch.pose).body == "sit" else "walk" if perch.pose == "walk" else "stand"
    return perch.x, perch.y, size, pose
