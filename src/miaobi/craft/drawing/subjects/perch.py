"""Perch: how figures and things come together: where a held thing is (``grip``, from ``data/grips.tsv``) and where
others sit, stand, ride or row on something (``perches``, from ``data/perches.tsv``).

All in the unit of a subject: (0, 0) its foot, x to the right where it looks, y up, 1 the height that its generator
draws (a child's figure is ``small`` of it).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from miaobi.craft.drawing.subjects import bird, skeleton
from miaobi.craft.drawing.subjects.chinese_building import deck
from miaobi.craft.drawing.subjects.figure import COUPLE
from miaobi.craft.drawing.subjects.people import PEOPLE
from miaobi.craft.drawing.subjects.posture import Joint, body_for, gestures, posture
from miaobi.craft.drawing.subjects.subject import BEAST, CRITTERS, MOTORS, Subject, subjects

_LARGE = 0.8  # m: what is larger isn't lifted
_PLAYED = 0.72  # of an animal's height: its instrument is no larger
_SHARE = 0.5  # of a holder with no hands: what it carries is no larger
_EASE = 0.62  # a cat on a roof must still be seen: the power of its real share
_SORTS = {  # whose places differ from those of others
    "wheels": ("train", *MOTORS, "cart", "bicycle"),
    "wings": ("butterfly", "bee", "flying"),
    "bird": ("standing", "swimming"),
    "beast": ("beast",),
    "plant": ("flower", "blossom", "bamboo", "reeds"),
    "person": ("person", "couple"),
    "thing": ("book", "letter", "cup", "turned", "candle", "teapot", "musical", "fan"),
}
_BODIES = {  # that a gesture is made with, on a perch, the likeliest first
    "sit": ("sit", "seat", "dangle", "ride", "row"),
    "read": ("sit", "seat", "dangle", "row"),
    "sleep": ("lie",),
    "stand": ("stand",),
    "look": ("stand",),
    "walk": ("walk",),
    "run": ("walk",),
}
AFOOT = ("stand", "walk", "run", "dance", "bend", "kneel")
PEOPLED = ("person", "couple", "crowd")  # who is drawn as people are
_AS = {"standing": "stand", "swimming": "swim", "flying": "fly"}  # how a bird is
_DRAWN = ("cart", "sled", "car", "train")  # by an animal
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
    over: bool = False  # the near arm of the person who is the anchor is drawn once more over it
    seat: bool = False  # a person sits: ``stood`` says where its foot is
    most: float | None = None  # of the occupant's height, in the anchor's; None: real sizes hold
    anchor: str = ""  # the pose that the anchor then has, for ``Subject.draw``


def unit_metres(name: str) -> float:
    """Return how many metres the unit is that subject *name* is drawn in."""
    subject = subjects()[name]
    return subject.metres / _small(subject)


def _small(subject: Subject) -> float:
    return PEOPLE[subject.kind].small if subject.generator == "person" else 1.0


def hand(who: str, pose: str, *, near: bool = True) -> Joint:
    """Return where a hand of person *who* is in *pose*; the mouth of an animal."""
    subject = subjects()[who]
    if subject.generator not in PEOPLED:
        return mouth(who, pose)
    stance = posture(pose)
    joint = (stance.near if near else stance.far).hand
    if subject.generator == "couple":
        joint = joint[0] + COUPLE, joint[1]  # the one ahead
    if stance.turn:
        c, s = math.cos(math.radians(stance.turn)), math.sin(math.radians(stance.turn))
        joint = (c * joint[0] - s * joint[1], s * joint[0] + c * joint[1])
    small = _small(subject)
    return joint[0] * small, joint[1] * small


def mouth(who: str, pose: str = "stand") -> Joint:
    """Return where the mouth or bill of an animal is, of a person the mouth."""
    subject = subjects()[who]
    if subject.generator == "beast":
        bones, skull = skeleton.skeleton(subject.kind, pose), skeleton.BEASTS[subject.kind].skull
        return BEAST * float(bones.nose[0] + 0.2 * skull), BEAST * float(bones.nose[1] - 0.3 * skull)
    if subject.generator in _AS:
        return bird.bill(subject.kind, _AS[subject.generator])
    if subject.generator in PEOPLED:
        x, y = posture(pose).head
        small = _small(subject)
        return (x + 0.058) * small + (COUPLE if subject.generator == "couple" else 0.0), (y - 0.028) * small
    return 0.5 * subject.wide * 0.9, 0.5


def neck(who: str, pose: str = "stand") -> Joint:
    """Return where a halter lies about the neck of an animal; for others the middle of their height."""
    subject = subjects()[who]
    if subject.generator != "beast":
        return 0.0, 0.5
    bones = skeleton.skeleton(subject.kind, pose)
    return BEAST * float(0.35 * bones.root[0] + 0.65 * bones.head[0]), BEAST * float(
        0.35 * bones.root[1] + 0.65 * bones.head[1]
    )


def back(who: str, x: float = 0.0, pose: str = "stand") -> float:
    """Return how high the back of an animal is at *x*."""
    return BEAST * skeleton.back(subjects()[who].kind, x / BEAST, pose)


def level(anchor: str, x: float, pose: str = "") -> float:
    """Return how high one stands at *x* on a bridge or on the back of an animal in a pose, in its heights."""
    return back(anchor, x, pose or "stand") if subjects()[anchor].generator == "beast" else deck(anchor, x, pose)


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
    if thing.generator == "beast" and thing.metres <= _LARGE:
        return _Hold("hug", "hands", (0.20, 0.32), held="sit")
    if thing.generator in ("standing", "swimming", *CRITTERS) and thing.metres <= _LARGE:
        return _Hold("hug", "hands", (0.0, 0.25), times=0.8)
    if thing.metres <= _LARGE:
        return _Hold("carry", "hands", (0.0, 0.25))
    return _Hold("reach", "beside", (-0.5 * thing.wide, 0.0), order="front")


def grip(who: str, pose: str, thing: str) -> Grip:
    """Return where *thing* is that *who* holds, reads, plays, leads, pulls or pushes; both are ids of subjects.

    *pose*: the body of the holder (stand, seat, sit, ride, walk …), or what its arms do too ("seat-read", "lead").
    """
    holder, held = subjects()[who], subjects()[thing]
    hold = _hold(held)
    true = unit_metres(thing) / unit_metres(who)
    if holder.generator not in PEOPLED:
        if held.generator in _DRAWN:
            return _pulled(who, pose, held, hold, true)
        return (_at_paws if held.generator == "musical" else _in_mouth)(who, pose, held, hold, true)
    arms = pose.rpartition("-")[2]
    if arms == "lead" or (hold.place == "beside" and held.generator == "beast" and arms != "push"):
        return _led(who, held, true)
    if arms == "push" or (arms in ("pull", "haul") and hold.place == "beside"):
        hold = _Hold(arms, "before" if arms == "push" else "trail", _hitch(held), order="front")
    return _in_hand(who, _posed(pose, hold), held, hold, true)


def _hitch(thing: Subject) -> Joint:
    """Return the point of a thing at which it is drawn."""
    return 0.45 * thing.wide, 0.35


def _in_hand(who: str, pose: str, thing: Subject, hold: _Hold, true: float) -> Grip:
    small, stance = _small(subjects()[who]), posture(pose)
    near, far = hand(who, pose), hand(who, pose, near=False)
    middle = ((near[0] + far[0]) / 2, (near[1] + far[1]) / 2)
    eased = hold.place in ("lap", "chin", "mouth") or thing.generator == "musical"  # a child's is smaller
    size = true * hold.times * (small if eased else 1.0)
    c, s = math.cos(math.radians(hold.turn)), math.sin(math.radians(hold.turn))

    def at(place: Joint, size: float = size) -> Grip:
        px, py = hold.point[0] * size, hold.point[1] * size
        x, y = place[0] - (c * px - s * py), place[1] - (s * px + c * py)
        order = hold.order
        return Grip(x, y, size, pose, near, hold.turn, order == "behind", order == "over", hold.held)

    if hold.place == "sky":
        x, y = near[0] + 1.15, near[1] + 1.0
        return Grip(x, y, size, pose, near, held=hold.held, cord=(near, (x, y + hold.point[1] * size)))
    if hold.place == "trail":
        hitch = (near[0] - 0.25, hold.point[1] * size)
        return replace(at(hitch), cord=(near, hitch))
    if hold.place == "before":
        return Grip(middle[0] + 0.9 * hold.point[0] * size, 0.0, size, pose, near)
    if hold.place == "floor":
        eye = mouth(who, pose)
        place = (eye[0], eye[1] + 0.03 * small) if hold.arms == "eye" else (middle[0], near[1])
        return at(place, place[1] / hold.point[1])
    if hold.place == "beside":
        return at((0.26 * small, 0.0))
    if hold.place == "lap":
        x = stance.hips[0] * small + 2 * hold.point[0] * size
        return at((x, near[1] - _STRINGS * size if stance.seat else 0.0))
    if hold.place == "chin":
        return at(((stance.chest[0] + 0.045) * small, (stance.chest[1] + 0.06) * small))
    if hold.place == "mouth":
        return at(mouth(who, pose))
    grip = at(near if hold.place == "hand" else middle)
    low = stance.body in ("sit", "heels", "kneel")  # who is so low sets it down
    return replace(grip, y=max(0.0, grip.y)) if low else grip


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


def _in_mouth(who: str, pose: str, thing: Subject, hold: _Hold, true: float) -> Grip:
    """Return where an animal carries a thing: by what one holds it by, by its edge where one needs both hands, by its
    middle where it lives."""
    x, y = mouth(who, pose)
    pose = _AS.get(subjects()[who].generator, pose)
    size = min(_SHARE, true * min(1.3, max(1.0, hold.times)))
    if hold.arms == "read":  # no larger than its head
        beast = skeleton.BEASTS.get(subjects()[who].kind)
        size = min(size, 1.5 * BEAST * beast.skull if beast else 0.2)
    px, py = hold.point
    alive = hold.arms == "hug" or thing.generator == "fish"
    if alive or hold.place != "hand":
        px, py = (0.0, 0.5) if alive else (-0.42 * thing.wide, 0.5)
    if hold.held == "read":  # an open sheet is narrower than a sealed one
        px = -0.42
    return Grip(x - px * size, y - py * size, size, pose, (x, y), held=hold.held)


def _at_paws(who: str, pose: str, thing: Subject, hold: _Hold, true: float) -> Grip:
    """Return where an instrument is that an animal plays: it stands before its forepaws or its breast, and a beast sits
    at it; what is played on its strings leans towards it."""
    subject = subjects()[who]
    pose = "sit" if subject.generator == "beast" else _AS.get(subject.generator, pose)
    x, y = mouth(who, pose)
    if hold.place == "mouth":  # a flute
        size, c, s = 0.28, math.cos(math.radians(hold.turn)), math.sin(math.radians(hold.turn))
        px, py = hold.point[0] * size, hold.point[1] * size
        return Grip(x - (c * px - s * py), y - (s * px + c * py), size, pose, (x, y), hold.turn)
    bones = skeleton.skeleton(subject.kind, pose) if subject.generator == "beast" else None
    breast = BEAST * float(bones.withers[0]) + 0.16 if bones else 0.22
    if hold.place in ("chin", "hand"):
        size = max(0.5, min(_PLAYED, true))
        return Grip(breast, 0.02, size, pose, (breast, 0.5 * size), 14.0, held=hold.held)
    size = max(0.35, min(_PLAYED, true))
    half = {"piano": 1.28, "guqin": 0.9}.get(thing.id, 0.5)  # of what stands there
    return Grip(breast + half * size, 0.0, size, pose, (breast, 0.5 * size))


def _pulled(who: str, pose: str, thing: Subject, hold: _Hold, true: float) -> Grip:
    """Return where a cart or a sled is that an animal draws: its shafts at the animal's flank, or on a trace."""
    x, y = neck(who, pose)
    if hold.place == "floor":  # shafts
        return Grip(0.55 * x - hold.point[0] * true, 0.0, true, pose, (x, y))
    px, py = (c * true for c in (hold.point if hold.place == "trail" else _hitch(thing)))
    foot = -0.75 - px
    return Grip(foot, 0.0, true, pose, (x, y), cord=((0.5 * x, 0.75 * y), (foot + px, py)))


def _led(who: str, thing: Subject, true: float) -> Grip:
    """Return where an animal goes that is led by a halter, or somebody by the hand."""
    pose = "walk-lead"
    near = hand(who, pose)
    if thing.generator in PEOPLED:
        x, _ = hand(thing.id, "walk-hold")
        return Grip(near[0] - x * true, 0.0, true, pose, near, held="walk-hold")
    reach = neck(thing.id, "walk")
    x = near[0] - 0.14 - true * (reach[0] + 0.10)
    return Grip(x, 0.0, true, pose, near, held="walk", cord=(near, (x + reach[0] * true, reach[1] * true)))


@cache
def _perches() -> dict[tuple[str, str], tuple[tuple[str, ...], ...]]:
    found: dict[tuple[str, str], tuple[tuple[str, ...], ...]] = {}
    for names, hows, *row in _rows("perches.tsv"):
        for name in names.split(","):
            for how in hows.split(","):
                found[name, how] = (*found.get((name, how), ()), tuple(row))
    return found


def perches(anchor: str, how: str, who: str = "", gesture: str = "", pose: str = "") -> tuple[Perch, ...]:
    """Return where others are *how* to *anchor* (an id; on, in, under, ride, row, cross …), the best place first.

    *who* is there (a train wants a flat bridge, a bird a shoulder), with what *gesture* (on a bridge one who sits is at
    its edge) and the *pose* of the anchor where it is a person or an animal choose among the places. Empty where no
    fixed place is right: what is drawn by chance is stood on where its silhouette ends.
    """
    subject = subjects()[anchor]
    name, scale = ("person", _small(subject)) if subject.generator in PEOPLED else (anchor, 1.0)
    out = []
    for x_, y_, place, order, most, anchor_pose in _fitting(name, how, who):
        x, own = scale * float(x_), anchor_pose.strip("-")
        y = level(anchor, x, own or pose) if y_ == "*" else scale * float(y_)
        seat = posture(place).seat > 0
        limit = None if most == "-" else scale * float(most)
        out.append(Perch(x, y, place, order == "behind", order == "over", seat, limit, own))
    wanted = _BODIES.get(gesture, ())
    body = posture(pose).body if pose and name == "person" else ""

    def unfit(place: Perch) -> tuple[bool, int]:
        own = bool(body) and bool(place.anchor) and posture(place.anchor).body != body
        there = posture(place.pose).body
        return own, wanted.index(there) if there in wanted else len(wanted)

    return tuple(sorted(out, key=unfit))


def _fitting(name: str, how: str, who: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of an anchor, those for the like of *who* before those for all."""
    generator = subjects()[who].generator if who else ""
    own = next((sort for sort, generators in _SORTS.items() if generator in generators), "")
    rows = _perches()
    return rows.get((name, f"{how}/{own}"), ()) or rows.get((name, how), ())


def stood(
    perch: Perch, who: str, anchor: str, size: float | None = None, gesture: str = ""
) -> tuple[float, float, float, str]:
    """Return x, y of the foot, size and pose of *who* at a perch of *anchor*, in the anchor's heights.

    *size*: its height where it is known; else the real one, or, where that would be lost beside the anchor, one eased
    towards it. *gesture*: what it does there, as far as the place allows that.
    """
    subject = subjects()[who]
    if size is None:
        size = unit_metres(who) / unit_metres(anchor)
        if perch.most is not None:
            size = min(size**_EASE if size < 1 else size, perch.most / _small(subject))
    if subject.generator in PEOPLED:
        pose = _there(perch.pose, gesture)
        return perch.x, perch.y - posture(pose).seat * _small(subject) * size, size, pose
    body = posture(perch.pose).body
    pose = "stand"
    if subject.generator == "beast":
        pose = "sit" if perch.seat or body == "sit" else body if body in ("walk", "lie") else "stand"
        pose = gesture if gesture in ("sit", "sleep", "lie", "graze") else pose
    return perch.x, perch.y, size, pose


def _there(pose: str, gesture: str) -> str:
    """Return the pose of a person of *gesture* in a place for *pose*: its arms do it, or on its feet all of it."""
    body, _, arms = pose.partition("-")
    body = posture(pose).body
    if gesture in gestures() and not arms and pose not in gestures():
        return f"{body}-{gesture}"
    if body in ("stand", "walk") and gesture in AFOOT:
        return gesture
    return pose
