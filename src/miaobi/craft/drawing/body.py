"""Bodies: subjects that stand together as one: a girl on a bench with a letter, a train on a bridge, a led donkey.

The first of a body stands in the scene; the others are borne by it, where ``perch`` says. What ties bodies to each
other (under, beside, chases) is for staging.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from miaobi.craft.drawing.scene import How, Placed
from miaobi.craft.drawing.subjects.perch import grip, perches, stood, unit_metres
from miaobi.craft.drawing.subjects.subject import CRITTERS, subjects
from miaobi.craft.drawing.words.acts import Act, animate

Unit = tuple[str, int]  # a subject, and which of several
HELD: tuple[How, ...] = ("hold", "read", "play", "carry", "lead", "push", "pull")
_BORNE_BY: tuple[How, ...] = ("on", "in", "under", "ride", "row", "cross", "climb", "pull", "play", "enter")
_TOPS = ("ground", "shore", "thing", "water")  # how that stands on which others may stand
_NO_TOP = ("reeds", "flower", "lotus", "campfire", "cactus", "swing", "well", "fence", "kite")
_HOLD_MOST = 2.2  # metres
_LEAST = 0.16  # of what bears it: who is smaller isn't seen
_HEAVY = ("piano", "clock", "gramophone", "telescope")


@dataclass(frozen=True)
class Member:
    """One of a body: its foot, its size in heights of the first one."""

    id: str
    copy: int = 0
    x: float = 0.0
    y: float = 0.0
    size: float = 1.0
    pose: str = ""
    how: How | Literal[""] = ""
    of: str = ""
    borne: Literal["", "over", "behind"] = ""


@dataclass
class Body:
    """Members, the one that stands in the scene first."""

    members: list[Member] = field(default_factory=list)

    @property
    def root(self) -> Member:
        """The first, which stands in the scene."""
        return self.members[0]

    def extent(self) -> tuple[float, float, float, float]:
        """Return how far it reaches, in heights of the first: left, foot, right, top (x of its foot is 0)."""
        lows, highs = [], []
        for m in self.members:
            half = 0.5 * m.size * subjects()[m.id].wide
            lows.append((m.x - half, m.y))
            highs.append((m.x + half, m.y + m.size))
        return (
            min(x for x, _ in lows),
            min(0.0, *(y for _, y in lows), 0.0),
            max(x for x, _ in highs),
            max(y for _, y in highs),
        )


def bodies(units: Sequence[Unit], acts: Sequence[Act], gestures: Mapping[str, str]) -> tuple[list[Body], list[Act]]:
    """Return the bodies that *units* make, in their order, and the acts that tie bodies to each other."""
    parents, loose = _parents(units, acts)
    children: dict[Unit, list[Unit]] = {}
    for child, (_, parent) in parents.items():
        children.setdefault(parent, []).append(child)
    out = []
    for unit in units:
        if unit in parents:
            continue
        body = Body([Member(unit[0], unit[1], pose=gestures.get(unit[0], ""))])
        _bear(body, 0, unit, children, parents, gestures)
        out.append(body)
    return out, loose


def _parents(units: Sequence[Unit], acts: Sequence[Act]) -> tuple[dict[Unit, tuple[How, Unit]], list[Act]]:
    """Return by whom each unit is borne, if by anybody, and the acts that don't say so."""
    parents: dict[Unit, tuple[How, Unit]] = {}
    loose: list[Act] = []
    taken: dict[tuple[Unit, str], int] = {}  # places of a bearer that are taken
    here = set(units)
    for act in acts:
        if (act.who, 0) not in here or (act.whom, 0) not in here:
            continue
        held = grips(act.who, act.how, act.whom)
        bearer = act.who if held else act.whom
        borne = [u for u in units if u[0] == (act.whom if held else act.who)]
        places = _places(act, borne)
        done = False
        for unit in borne:
            key = ((bearer, 0), "hand" if held and act.how != "lead" else act.how)
            number = taken.get(key, 0)
            if unit in parents or number >= places or _above((bearer, 0), unit, parents):
                continue
            parents[unit] = (act.how, (bearer, 0))
            taken[key] = number + 1
            done = True
        if not done:
            loose.append(act)
    return parents, loose


def bearers(places: Sequence[Placed]) -> dict[int, int]:
    """Return by the number of each subject that is borne the number of its bearer."""
    out = {}
    for i, place in enumerate(places):
        if place.borne:
            found = next((k for k, other in enumerate(places) if other.id == place.of and k != i), None)
            if found is not None:
                out[i] = found
    return out


def grips(who: str, how: str, whom: str) -> bool:
    """Tell whether *who* bears *whom* in doing this to it and isn't borne: a fiddle is in hand, at a piano one sits."""
    if how in ("push", "pull") and subjects()[who].generator == "person":
        return True
    return how in HELD and animate(who) and not perches(whom, how, who)


def _above(one: Unit, other: Unit, parents: Mapping[Unit, tuple[How, Unit]]) -> bool:
    """Tell whether *other* bears *one*, or is it."""
    while one != other:
        if one not in parents:
            return False
        one = parents[one][1]
    return True


def _places(act: Act, borne: Sequence[Unit]) -> int:
    """Return how many the bearer has room for."""
    who, whom = subjects()[act.who], subjects()[act.whom]
    if act.how == "lead":
        return 1 if who.generator == "person" and whom.generator in ("beast", "person") else 0
    if act.how in ("push", "pull"):
        able = who.generator in ("person", "beast") and whom.generator in ("cart", "sled", "bicycle", "car")
        return int(able)
    if grips(act.who, act.how, act.whom):
        able = animate(act.who) and who.generator in ("person", "beast", "standing", "swimming", "flying")
        fits = whom.metres <= _HOLD_MOST or whom.id in _HEAVY
        small = who.generator == "person" or whom.metres < who.metres or whom.generator == "musical"  # a mouse's drum
        return int(able and fits and whom.stand != "far" and small)
    if act.how not in _BORNE_BY:
        return 0
    if act.how == "under" and whom.stand != "bridge":  # near it: under an oak one isn't a tenth of it
        return 0
    if there := perches(act.whom, act.how, act.who):
        return len(there)
    if act.how == "on" and whom.stand in _TOPS and whom.generator not in _NO_TOP and not animate(act.whom):
        return 3 if who.metres < 0.7 * whom.metres or who.generator in ("beast", "standing", *CRITTERS) else 0
    return 0


def _bear(
    body: Body,
    at: int,
    unit: Unit,
    children: Mapping[Unit, Sequence[Unit]],
    parents: Mapping[Unit, tuple[How, Unit]],
    gestures: Mapping[str, str],
) -> None:
    """Add to *body* whom its member *at* bears, and whom those bear."""
    taken: dict[str, int] = {}
    for child in children.get(unit, ()):
        bearer = body.members[at]
        how, gesture = parents[child][0], gestures.get(child[0], "")
        number = taken.get(how, 0)
        taken[how] = number + 1
        held = grips(bearer.id, how, child[0])
        if held:
            member, pose = _held(bearer, child, how, full=any(h in taken for h in HELD if h != how))
            body.members[at] = replace(bearer, pose=pose)
        elif there := perches(bearer.id, how, child[0], gesture, bearer.pose):
            perch = there[number]
            x, y, size, pose = stood(perch, child[0], bearer.id, gesture=gesture)
            member = Member(child[0], child[1], x, y, size, pose, how, bearer.id, "behind" if perch.behind else "over")
            if perch.anchor:
                body.members[at] = replace(bearer, pose=perch.anchor)
        else:
            member = _atop(bearer, child, number, gesture)
        bearer = body.members[at]
        member = replace(
            member,
            x=bearer.x + member.x * bearer.size,
            y=bearer.y + member.y * bearer.size,
            size=member.size * bearer.size,
        )
        body.members.append(member)
        _bear(body, len(body.members) - 1, child, children, parents, gestures)


def gripping(how: str, who: str, pose: str) -> str:
    """Return the pose that a grip is asked for with."""
    if how in ("lead", "push", "pull") and subjects()[who].generator == "person":
        return how
    return pose or ("walk" if how == "pull" else "stand")


def _held(bearer: Member, child: Unit, how: How, *, full: bool) -> tuple[Member, str]:
    """Return what is held and the pose that holds it; *full*: another thing is in the hand already."""
    held = grip(bearer.id, gripping(how, bearer.id, bearer.pose), child[0])
    borne: Literal["over", "behind"] = "behind" if held.behind else "over"
    pose = "" if held.held == "read" and how != "read" else held.held  # what is only carried stays sealed
    return Member(
        child[0], child[1], held.x, held.y, held.size, pose, how, bearer.id, borne
    ), bearer.pose if full else held.pose


def _atop(bearer: Member, child: Unit, number: int, pose: str) -> Member:
    """Return who stands on top of what has no place of its own for that: the drawing says how high that is."""
    one = subjects()[child[0]]
    size = max(_LEAST, unit_metres(child[0]) / unit_metres(bearer.id))
    x = (0.0, -0.22, 0.22)[number] * subjects()[bearer.id].wide
    pose = pose or ("sit" if one.generator == "beast" else "")
    return Member(child[0], child[1], x, 0.97, size, pose, "on", bearer.id, "over")
