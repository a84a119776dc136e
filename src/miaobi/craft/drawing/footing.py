"""Footing: how large a subject is in a scene, how high and how far across its foot stands, by ground and camera."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from miaobi.craft.drawing.camera import WATER, bank_of, below, eye_of, is_behind, narrowed
from miaobi.craft.drawing.grounds.perspective import FRONT, KERB, foot_of, scale_at, vanish
from miaobi.craft.drawing.scene import Placed, Scene
from miaobi.craft.drawing.subjects.perch import unit_metres
from miaobi.craft.drawing.subjects.subject import FIGURES, Subject, subjects
from miaobi.craft.drawing.words.acts import animate

TABLE = (0.690, 0.745, 0.945)  # of a room: far and near edge of its top, foot of its legs; shares of the height
_ON_TABLE = 0.85  # metres: what is larger stands on the floor
MARGIN = 0.03
_FOCUS = {"thirds-left": 0.34, "thirds-right": 0.66, "symmetry": 0.5, "s-curve": 0.62, "void": 0.27}
_LINING = ("tree", "conifer", "scots_pine", "willow", "palm", "cypress", "dead_tree", "bamboo", "lantern")
_CLOSING = ("house", "windmill", "hall", "gate")  # beside what stands afar
_LONG = ("stone_wall", "fence", "hay")
_WITH_DOORS = ("house", "hall", "church", "castle", "windmill", "lighthouse", "temple", "tent", "gate")
_BESIDE = 0.34  # of the height: things about whom a close shot is of
_BY_TABLE = 0.46  # of the height a metre takes in a room, a little more than beside its table


def is_firm(subject: Subject) -> bool:
    """Tell whether *subject* must stand on land."""
    return subject.stand in ("ground", "thing")


def lies_on_table(subject: Subject) -> bool:
    """Tell whether *subject* is on the table in a room: small things, and a fish, which lies on a plate there."""
    return (subject.stand == "thing" and subject.metres <= _ON_TABLE) or is_served(subject)


def is_served(subject: Subject) -> bool:
    """Tell whether *subject* is on a plate in a room, since it can't swim there."""
    return subject.generator == "fish" and subject.metres < 1


def is_still_life(names: Sequence[str]) -> bool:
    """Tell whether all of these lie on a table: then the room is seen from near."""
    on_floor = [n for n in names if not lies_on_table(subjects()[n])]
    return not [n for n in on_floor if subjects()[n].stand not in ("hang", "far")]


def table_middle(scene: Scene, thing_chief: bool) -> float:
    """Return where the table of a room stands, a share of the width: under the chief subject where that is a thing."""
    focus = _FOCUS[scene.composition]
    return focus if thing_chief else 0.74 if focus == 0.5 else 1 - focus


def size_of(
    rng: np.random.Generator, subject: Subject, chief: Subject, scene: Scene, copy: int, is_chief: bool, room: float
) -> float:
    """Return the height of a subject, a share of the canvas's; *room*: the share at the top that a title takes."""
    narrow = narrowed(scene.width, scene.height)
    free = 1 - 0.55 * room
    void = scene.composition == "void" and scene.view == "wide"
    scale = 0.62 if void else 1.0 if is_behind(subject, scene) and not is_chief else scene.close
    near = scene.view == "close"
    if scene.ground == "interior" and is_served(subject):
        return 0.10 if chief.generator in (*FIGURES, "beast") else 0.20
    own = subject.share * narrow * free * scale
    if scene.ground == "interior" and subject.generator in (*FIGURES, "beast") and not near:
        own *= 1.2  # in a room one is near
    if (
        scene.ground == "interior" and subject.generator == "beast" and not (near and is_chief)
    ):  # the table there says how large animals are
        own = min(own, _BY_TABLE * subject.metres)
    if is_chief:
        return own * of_copy(rng, subject, scene, copy)
    if subject.stand in ("far", "hang", "bridge") or is_behind(subject, scene):
        return own
    alive = animate(subject.id) and subject.generator not in FIGURES
    damped = 0.8 if chief.generator in FIGURES and alive else 0.55  # a dog is half its girl
    drawn = chief.share * chief.metres / unit_metres(chief.id)  # a child is drawn less tall than its share
    by_nature = drawn * narrow * free * scale * (unit_metres(subject.id) / chief.metres) ** damped
    size = min(own * 0.95, max(own * (0.3 if alive else 0.42), by_nature))
    if near and not animate(subject.id):
        size = min(size, _BESIDE)
    return size * of_copy(rng, subject, scene, copy, (0.6, 0.85))


def of_copy(
    rng: np.random.Generator,
    subject: Subject,
    scene: Scene,
    copy: int,
    spread: tuple[float, float] = (0.55, 0.75),
) -> float:
    """Return the factor of the size of one more of a kind: people are alike but for how far off their feet are put, of
    others some are young."""
    if copy == 0:
        return 1.0
    if subject.generator not in FIGURES or scene.ground == "street":
        return float(rng.uniform(*spread))
    away = 0.02 if scene.ground in ("interior", "city", *WATER) else 0.08 if scene.view == "high" else 0.145
    return max(0.45, 1 - away * copy) * float(rng.uniform(0.95, 1.03))


def foot(
    rng: np.random.Generator, subject: Subject, scene: Scene, size: float, chief: bool, copy: int, room: float
) -> float:
    """Return where the foot stands: nearer what is small, farther what is tall."""
    h, stand = scene.horizon, subject.stand
    if scene.ground == "space" and is_firm(subject):
        return 0.95 - 0.02 * copy
    if scene.ground in ("sky", "space") and stand not in ("hang", "far"):
        return min(0.92, max(room + size + 0.05, 0.5 + size / 2 + 0.14 * copy - 0.05 * (not chief)))
    if stand == "sky" and scene.view == "high":
        return float(np.clip(0.42 + 0.3 * rng.random() + size / 2, room + size + MARGIN, 0.95))
    if stand == "sky":
        return float(
            np.clip(
                room + (0.05 + 0.06 * copy) + size + 0.10 * rng.random(),
                room + size + MARGIN,
                max(room + size + 0.04, h - 0.02 if not chief else h + 0.04),
            )
        )
    if scene.ground == "street" and stand != "hang":
        return min(0.95, foot_of(h, size, unit_metres(subject.id), eye_of(scene)))
    if stand == "hang":
        return room + size * 1.02 + 0.01
    wet, bank = scene.ground in (*WATER, "city"), bank_of(scene)
    if stand == "far":
        if scene.view == "high" and not wet:
            return h + 0.26 * (1 - h)
        return below(scene, 0.09 if scene.ground == "forest" else 0.025)  # the forest's floor begins nearer
    if stand == "under":
        return min(bank + 0.03 if wet else 0.95, h + 0.30 * (1 - h) + size * 0.8)
    if stand == "water":
        deep = 0.34 + 0.06 * rng.random() + 0.10 * copy if size > 0.3 else 0.48 + 0.10 * copy
        if scene.view == "close" and chief:
            deep = 0.86
        return min(bank, h + (1 - h) * deep * 0.86) if wet else h + (1 - h) * deep
    if stand == "bridge":
        return h + (1 - h) * 0.20
    if stand == "shore":
        return h + (1 - h) * (0.45 if scene.view == "high" else 0.12 if wet else 0.16)
    if stand == "thing":
        return 0.93 + 0.02 * rng.random()
    tall = subject.metres > 3
    if is_behind(subject, scene) and not chief:
        return h + (1 - h) * (0.08 + 0.06 * rng.random())  # as far off as it is small
    if scene.view == "close" and (chief or not tall):
        aside = 0.0 if chief or animate(subject.id) else 0.07  # things stand behind
        return 0.965 - aside - 0.02 * rng.random() - 0.025 * min(copy, 3)
    if wet:  # on the near bank, whose edge may be a quarter of it lower than where it begins
        high, least = (0.58 - 0.13 * copy, 0.32) if not tall else (0.33 - 0.026 * copy, 0.27)
        return bank + (1 - bank) * max(least, high)
    deep = 0.62 if chief else 0.50 if scene.view != "high" else 0.30 + 0.45 * float(rng.random())
    if tall:
        deep = 0.34 if not chief else 0.42
    return h + (1 - h) * (deep + 0.10 * rng.random() - 0.09 * copy)


def foot_indoors(rng: np.random.Generator, subject: Subject, copy: int, still: bool) -> float:
    """Return where the foot stands in a room: small things on the table, all others on the floor."""
    if not lies_on_table(subject):
        return 0.955 - 0.02 * min(copy, 3)
    return 0.80 + 0.05 * rng.random() + (0.05 if copy else 0.0) if still else 0.712 + 0.022 * rng.random()


def reach_of(scene: Scene, subject: Subject, y: float, aim: float) -> tuple[float, float]:
    """Return between which x a subject may stand in a street: houses close it, trees and lamps stand on the pavement,
    the others on the road or the pavement."""
    if subject.stand in ("sky", "hang"):
        return (0.0, 1.0)
    middle = vanish(scene.composition)
    metre = scale_at(scene.horizon, y, eye_of(scene)) * scene.height / scene.width
    if subject.generator in _LINING and subject.metres > 3:
        kerb = middle + (KERB + 0.7) * metre * (1 if aim > middle else -1)
        return kerb, kerb
    if subject.stand in ("far", "shore") or subject.generator in _CLOSING:
        return middle, middle
    return middle - (FRONT - 0.6) * metre, middle + (FRONT - 0.6) * metre


def aim_of(scene: Scene, subject: Subject, chief: bool, number: int) -> float:
    """Return where across a subject is best: the chief one on a point of the composition, the others about it."""
    focus = _FOCUS[scene.composition]
    if chief:
        return focus
    if subject.stand == "hang":
        return 0.82 if focus < 0.5 else 0.18
    if subject.stand in ("far", "bridge"):
        return 0.5 + (0.5 - focus) * 0.7
    if subject.stand == "sky":
        return 0.5 - 0.25 * scene.side + (0.5 - focus) * 0.3
    return (1 - focus, focus + (0.5 - focus) * 0.9, 0.5, 1 - focus * 0.8, focus * 0.6)[number % 5]


def uncovered(placed: Sequence[Placed], scene: Scene) -> tuple[Placed, ...]:
    """Return the places with what is low and long moved nearer, so that no wall hides the door of what is behind it."""
    out = list(placed)
    table, tall = subjects(), scene.height / scene.width
    for i, low in enumerate(placed):
        if table[low.id].generator not in _LONG or low.borne or scene.ground in ("street", "interior"):
            continue
        for other in placed:
            reach = 0.5 * (low.size * table[low.id].wide + other.size * table[other.id].wide) * tall
            if table[other.id].generator not in _WITH_DOORS or abs(low.x - other.x) > reach or low.y < other.y:
                continue
            y = float(np.clip(other.y + low.size - 0.015, low.y, 0.965))
            scale = min(1.0, max(0.45, (y - other.y + 0.015) / low.size))
            for k, one in enumerate(placed):  # and whoever is on it
                if k == i or (one.borne and one.of == low.id):
                    up, across = (low.y - one.y) * scale, (one.x - low.x) * scale
                    size = one.size * scale
                    out[k] = one.model_copy(update={"y": y - up, "x": low.x + across, "size": size})
    return tuple(out)
