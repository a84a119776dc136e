"""Acts: who does what to whom in an idea, and who is where to what: *a girl on a bench reads a letter*.

Words decide, by ``data/scene_acts.toml``, not a parser: between two things that an idea names stands what ties them, a
verb, a preposition or an *and*. Who acts is whom the clause began with; a place that comes first is that of whoever
comes next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from miaobi.craft.drawing.scene import How
from miaobi.craft.drawing.subjects.subject import BOATS, CRITTERS, MOTORS, PEOPLE, Subject, subjects
from miaobi.craft.drawing.words.mention import Mention

_CREATURES = ("beast", "flying", "flock", "standing", "swimming", "fish", "butterfly", "bee", "dragon", *CRITTERS)
ANIMATE = (*PEOPLE, *_CREATURES)
_BRIDGES = ("bridge", "wooden_bridge", "iron_bridge")
_AFLOAT = (*BOATS, "swimming", "fish", "turtle", "octopus")
RIDDEN = (*BOATS, "bicycle", "cart", "train", *MOTORS, "aeroplane", "helicopter", "sled", "balloon", "rocket", "dragon")
STEEDS = (
    "unicorn",
    "zebra",
    "giraffe",
    "horse",
    "donkey",
    "camel",
    "elephant",
    "ox",
    "deer",
    "cow",
    "tiger",
    "pig",
    "sheep",
    "goat",
    "lion",
    "bear",
)
_CLOSED = ("train", "bus", "balloon", "rocket", "aeroplane", "helicopter")  # who is on one is in it
_READ = ("book", "letter")
_DRAWN_BY = ("cart", "sled", "car", "train", *BOATS)
_MOVES = {"flying": "fly", "flock": "fly", "butterfly": "fly", "bee": "fly", "fish": "swim"}  # who doesn't walk
_NOT_HUMAN = ("fly", "graze")
_MOVING = ("walk", "run", "fly", "swim", "cycle", "row")
_CUDDLED = 0.5
_HELD = 2.2  # metres: what is larger can't be held


@dataclass(frozen=True)
class Act:
    """Who does what to whom, or is where: ids of subjects, ``how`` one of ``scene.HOWS``."""

    who: str
    how: How
    whom: str


@dataclass
class Told:
    """What was read: acts, and a subject's gestures."""

    acts: list[Act] = field(default_factory=list)
    gestures: list[tuple[str, str]] = field(default_factory=list)

    def tie(self, who: Iterable[str], how: str, whom: str) -> None:
        """Note that each of *who* does *how* to *whom*, as far as that can be."""
        for one in who:
            act = _sensible(one, how, whom)
            if act is None or act in self.acts or (how == "beside" and Act(whom, "beside", one) in self.acts):
                continue
            self.acts.append(act)

    def untie(self, who: Iterable[str], whom: Iterable[str]) -> None:
        """Take back what ties these."""
        pairs = {(a, b) for a in who for b in whom}
        self.acts = [act for act in self.acts if (act.who, act.whom) not in pairs]

    def pose(self, who: Iterable[str], gesture: str) -> None:
        """Note a gesture, the first one of each."""
        for one in who:
            if subjects()[one].generator not in ANIMATE:
                continue
            if gesture == "read" and dict(self.gestures).get(one) == "sit":  # who sits and reads sits as well
                self.gestures.remove((one, "sit"))
            if one in dict(self.gestures):
                continue
            moving = gesture in ("walk", "run")
            shown = _MOVES.get(subjects()[one].generator, gesture) if moving else gesture
            if shown and not (shown in _NOT_HUMAN and subjects()[one].generator in PEOPLE):
                self.gestures.append((one, shown))


def animate(name: str) -> bool:
    """Tell whether a subject acts by itself."""
    return subjects()[name].generator in ANIMATE


def read_acts(idea: str, low: str, found: Sequence[Mention]) -> Told:
    """Return what *idea* tells of its subjects; *low*: its plain words, *found*: who is named where in them."""
    from miaobi.craft.drawing.words import acts_en, acts_zh

    told = Told()
    if not found:
        return told
    (acts_zh if any("\u4e00" <= c <= "\u9fff" for c in low) else acts_en).read(idea, low, found, told)
    told.acts = list(dict.fromkeys(_mounted(_drawn_along(act, told.acts), told.acts) for act in told.acts))
    told.acts = list(dict.fromkeys(_in_line(act, told) for act in told.acts))
    return told


def _in_line(act: Act, told: Told) -> Act:
    """Return the act, of two who move one before the other as *follow*: who is behind follows who is ahead."""
    gestures, ridden = dict(told.gestures), {a.whom for a in told.acts if a.how in ("ride", "row")}
    riders = {a.who for a in told.acts if a.how in ("ride", "row")}

    def moves(one: str, *, untold: bool) -> bool:
        return one in ridden | riders or (gestures[one] in _MOVING if one in gestures else untold)

    still = not (animate(act.whom) or subjects()[act.whom].generator in RIDDEN)
    pair = (act.who, act.whom)
    if act.how not in ("before", "behind") or still or not all(moves(one, untold=True) for one in pair):
        return act
    if not any(moves(one, untold=False) for one in pair):
        return act
    return Act(act.whom, "follow", act.who) if act.how == "before" else replace(act, how="follow")


def _drawn_along(act: Act, acts: Sequence[Act]) -> Act:
    """Return the act, of the sled or cart where somebody is pulled or pushed who is on one."""
    if act.how not in ("pull", "push") or not animate(act.whom):
        return act
    under = [a.whom for a in acts if a.who == act.whom and a.how in ("on", "in", "ride")]
    return next((replace(act, whom=one) for one in under if subjects()[one].generator in ("cart", "sled")), act)


def _mounted(act: Act, acts: Sequence[Act]) -> Act:
    """Return the act, of the animal or the vehicle where who crosses a bridge rides one: it crosses with its rider."""
    if act.how != "cross":
        return act
    under = [a.whom for a in acts if a.who == act.who and a.how == "ride"]
    return replace(act, who=under[0]) if under else act


def _sensible(who: str, how: str, whom: str) -> Act | None:
    """Return the act, or what of it can be: a house isn't held, what isn't ridden is beside."""
    if who == whom:
        return None
    one, other = subjects()[who], subjects()[whom]
    if one.stand == "far" and how in ("below", "under") and other.stand != "far":
        return Act(whom, "above", who)  # while the city sleeps below
    if one.stand == "far" and how != "behind":  # a village does nothing
        return None
    if how == "carry" and other.generator in ANIMATE and one.generator in _CREATURES and other.metres < 2 * one.metres:
        return _sensible(whom, "ride", who)  # a dolphin carries a sailor
    legal = _legal(one, how, other)
    return Act(who, legal, whom) if legal else None


def _legal(one: Subject, how: str, other: Subject) -> How | None:
    able = one.generator in ANIMATE
    if how in ("cross", "in", "enter", "along") and other.generator in _BRIDGES and one.generator in _AFLOAT:
        return "under"  # a boat passes through a bridge
    if how == "under" and other.id == "umbrella" and one.generator == "person":
        return "hold"
    if how == "under" and other.stand == "sky" and one.stand != "sky":
        return "below"
    small = other.stand == "thing" or other.metres < _HELD or other.id == "balloon"
    if how in ("hold", "carry", "push") and one.generator in PEOPLE and other.generator in BOATS:
        return "row"  # 撑着竹筏
    if how in ("hold", "carry"):
        if other.generator in PEOPLE:
            return "beside"
        if how == "hold" and other.generator == "beast" and other.metres > _CUDDLED:
            return "face"  # finds a fox
        return ("hold" if how == "hold" else "carry") if able and small else "beside" if able else "on"
    if how == "read":
        return "read" if able and other.id in _READ else "face" if able else "beside"
    if how == "play":
        return "play" if (able and other.generator == "musical") or other.id == "chess" else "beside"
    if how == "ride":
        return "ride" if other.id in STEEDS or other.generator in RIDDEN else "on"
    if how == "row":
        return "row" if other.generator in BOATS else "ride" if other.generator in RIDDEN else "beside"
    if how == "above" and other.generator in _BRIDGES and one.generator in ("person", "couple", "beast", "rider"):
        how = "cross"
    if how == "above" and other.id == "campfire":
        how = "beside"
    if how == "leave" and other.metres < _HELD:
        return None
    if how == "along":
        how = "on" if other.generator in _BRIDGES else "beside"
    if how == "cross":
        return "cross" if other.generator in _BRIDGES else None
    if how in ("lead", "feed"):
        return ("lead" if how == "lead" else "feed") if able and other.generator in ANIMATE else "beside"
    if how == "pull":
        return "pull" if able and (other.generator in _DRAWN_BY or other.generator in ANIMATE) else "beside"
    if how == "face":
        return "read" if able and other.id in _READ else "face" if able else "beside"
    if how == "follow" and other.generator not in (*ANIMATE, *RIDDEN):
        return "behind"  # runs behind the house
    if how == "from" and other.generator in ANIMATE:
        return None
    if how in ("on", "in") and not able and one.metres > _HELD and other.generator in ANIMATE:
        return None  # blossom on a man
    if how == "from":
        inside = other.generator in (*BOATS, *_CLOSED)
        return "read" if able and other.id in _READ else "in" if inside else "on" if able else None
    if how == "on" and one.generator in PEOPLE and other.generator in _CLOSED:
        return "in"
    if how == "enter" and (other.stand in ("thing", "water") or other.generator in RIDDEN):
        return "in"
    if how in ("on", "in") and one.generator == "person" and (other.id in STEEDS or other.generator == "bicycle"):
        return "ride"
    if how == "does":  # a verb that isn't listed
        return "hold" if able and other.stand == "thing" else "face" if able else "beside"
    known: How | None = _PLAIN.get(how)
    return known


_PLAIN: dict[str, How] = {
    "on": "on", "in": "in", "under": "under", "behind": "behind", "before": "before", "beside": "beside",
    "above": "above", "below": "below", "push": "push", "chase": "chase", "follow": "follow", "climb": "climb",
    "enter": "enter", "leave": "leave",
}  # fmt: skip
