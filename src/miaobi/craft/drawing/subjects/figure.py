"""People in silhouette with gesture: joints set by a pose, clothes hung on them, light on one side. 1 is a grown
person."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.shape import Gradient, Points, Shape, bar, limb, rotation
from miaobi.craft.drawing.subjects.attire import Person, carried, hat, scarf, trimmed, worn
from miaobi.craft.drawing.subjects.face import face
from miaobi.craft.drawing.subjects.people import varied
from miaobi.craft.drawing.subjects.posture import Arm, Joint, Posture, posture

HEAD, HEAD_OF_CHILD = 1.08, 1.34  # times the head of a statue, of seven and a half heads
TALL = 0.132  # that head
ASTRIDE = ("ride",)  # bodies whose far leg is hidden by what they sit on
COUPLE = 0.16  # half the way between two
AFLOAT = ("swim",)  # and whose legs are under water


def person(pen: Pen, kind: str = "person", pose: str = "stand", *, empty: bool = False) -> None:
    """Draw one of ``PEOPLE`` in a pose (see ``posture``), looking to the right; *empty*: with nothing in its hands."""
    who, stance = worn(varied(kind, pen), pen.told), posture(pose)
    pen = pen.at(0, 0, who.small)
    since = len(pen.shapes)
    load = "" if empty else who.carries
    if stance.body not in (*ASTRIDE, *AFLOAT):
        _leg(pen, who, stance.hips, stance.far_leg, near=False)
    _arm(pen, who, stance.far, near=False)
    if load in ("staff", "rod", "flag", "umbrella", "lantern", "sword", "broom", "kite", "brush"):
        carried(pen, load, np.array(stance.far.hand), stance.body)
    if stance.body not in AFLOAT:
        _leg(pen, who, stance.hips, stance.near_leg, near=True)
    _body(pen, who, stance)
    if load in ("bag", "basket", "violin", "book"):
        carried(pen, load, np.array(stance.near.hand if load != "violin" else stance.chest), stance.body)
    if pose.endswith("read") and not empty:
        carried(pen, "book", np.array(stance.far.hand), stance.body)
    _arm(pen, who, stance.near, near=True)
    neck = len(pen.shapes)
    _head(pen, who, stance)
    if stance.nod:
        turn_shapes(pen.at(stance.head[0] - 0.01, stance.head[1] - 0.06), neck, stance.nod)
    if stance.turn:
        turn_shapes(pen, since, stance.turn)


def near_arm(pen: Pen, kind: str, pose: str) -> None:
    """Draw once more the arm that is nearest, over what it holds."""
    who, stance = worn(varied(kind, pen), pen.told), posture(pose)
    _arm(pen.at(0, 0, who.small), who, stance.near, near=True)


def turn_shapes(pen: Pen, since: int, degrees: float) -> None:
    """Turn what was drawn from the shape of number *since* on about the pen's place, anticlockwise as it is seen by
    one who looks to the right."""
    way = degrees * (1 if pen.flip > 0 else -1)
    matrix = rotation(-way)
    for i in range(since, len(pen.shapes)):
        pen.shapes[i] = turned_shape(pen.shapes[i], matrix, np.array([pen.x, pen.y]), way)


def turned_shape(shape: Shape, matrix: Points, about: Points, degrees: float) -> Shape:
    """Return *shape* multiplied by *matrix* about a place; its grain turned by as many degrees."""
    fill = shape.fill
    if isinstance(fill, Gradient):
        start, end = ((np.array(p) - about) @ matrix.T + about for p in (fill.start, fill.end))
        fill = Gradient(fill.stops, (float(start[0]), float(start[1])), (float(end[0]), float(end[1])), fill.radius)
    rings = tuple((ring - about) @ matrix.T + about for ring in shape.rings)
    return replace(shape, rings=rings, fill=fill, grain=(shape.grain - degrees) % 180)


def _leg(pen: Pen, who: Person, hips: Joint, leg: tuple[Joint, Joint], *, near: bool) -> None:
    lit, bright = (0.25, 0.85) if near else (0.05, 0.25)
    knee, foot = leg
    pen.limbs(
        [[(hips[0], hips[1] - 0.02, 0.062), (knee[0], knee[1], 0.043), (foot[0], foot[1] + 0.02, 0.028)]],
        who.legs,
        "cloth",
        lit=lit,
        bright=bright,
        grain=90,
    )
    pen.fill(
        limb([(foot[0] - 0.005, foot[1] + 0.008, 0.024), (foot[0] + 0.055, foot[1] - 0.002, 0.016)]),
        "#2a2320",
        lit + 0.2,
        "cloth",
    )


def _arm(pen: Pen, who: Person, arm: Arm, *, near: bool) -> None:
    lit, bright = (0.30, 1.0) if near else (0.06, 0.3)
    (ex, ey), (hx, hy) = arm.elbow, arm.hand
    wide = who.sleeves
    cuff = 0.80 - 6 * max(0.0, wide - 0.03)  # of the forearm: a wide sleeve ends in a wide round
    pen.fill(limb([((hx + ex) / 2, (hy + ey) / 2, 0.022), (hx, hy, 0.024)]), who.skin, bright * 0.9, "skin")
    wrist = (ex + (hx - ex) * cuff, ey + (hy - ey) * cuff, wide * 0.92)
    pen.limbs(
        [[(*arm.shoulder, 0.045), (ex, ey, 0.034 + (wide - 0.03) * 0.6), wrist]],
        who.coat,
        "cloth",
        lit=lit,
        bright=bright,
        grain=80,
    )


def _body(pen: Pen, who: Person, stance: Posture) -> None:
    hips, chest = np.array(stance.hips), np.array(stance.chest)
    pen.limbs(
        [
            [
                (hips[0], hips[1] - 0.01, 0.075 if who.skirt <= 0.7 else 0.07),
                ((hips[0] + chest[0]) / 2, (hips[1] + chest[1]) / 2, 0.078),
                (chest[0], chest[1], 0.088),
                (chest[0], chest[1] + 0.055, 0.055),
            ]
        ],
        who.coat,
        "cloth",
        grain=85,
    )
    if who.skirt and stance.body not in AFLOAT:
        knee = (np.array(stance.far_leg[0]) + stance.near_leg[0]) / 2
        foot = (np.array(stance.far_leg[1]) + stance.near_leg[1]) / 2
        if knee[1] < hips[1] - 0.12:
            _skirt(pen, who, hips, chest, knee, foot, who.flare if not stance.turn else 0.5 * who.flare)
        else:
            _lap(pen, who, hips, knee, foot)
    if stance.body not in AFLOAT:
        trimmed(pen, who, hips, chest)


def _lap(pen: Pen, who: Person, hips: Points, knee: Points, foot: Points) -> None:
    """Draw the skirt of one who sits: over the thighs to the knees and, a long one, down from them."""
    spine = [(hips[0] - 0.01, hips[1], 0.080), ((knee[0] + hips[0]) / 2, (knee[1] + hips[1]) / 2, 0.076)]
    reach = hips + (knee - hips) * min(1.0, who.skirt / 0.5)
    spine.append((float(reach[0]), float(reach[1]), 0.062))
    if who.skirt > 0.6:
        end = knee + (foot - knee) * (who.skirt - 0.08)
        spine.append((float(end[0]) - 0.02, float(end[1]), 0.055 + who.flare * 0.25))
    spine = [(float(x), max(float(y), 0.9 * r), r) for x, y, r in spine]  # none of it in the ground
    pen.limbs([spine], who.coat, "cloth", lit=0.22, grain=60)


def _skirt(pen: Pen, who: Person, hips: Points, chest: Points, knee: Points, foot: Points, flare: float) -> None:
    down = knee if who.skirt < 0.6 else foot
    share = who.skirt / 0.55 if who.skirt < 0.6 else who.skirt
    end = hips + (down - hips) * min(1.0, share)
    wind = 0.05 if pen.air.weather in ("wind", "storm") else 0.0
    left, right = end + [-flare - wind, 0], end + [flare - wind * 0.4, 0.0]
    waist = hips + (chest - hips) * 0.3
    hem = [right + (left - right) * t + np.array([0, 0.010 * math.sin(9 * t)]) for t in np.linspace(0, 1, 9)]
    pen.fill(np.array([waist + [0.072, 0], *hem, waist + [-0.072, 0]]), who.coat, 0.22, "cloth", grain=85)
    side = right if pen.side > 0 else left
    near = waist + [0.07 if pen.side > 0 else -0.07, 0]
    pen.fill(
        np.array([near, side, side + (end - side) * 0.55, waist + (near - waist) * 0.2]),
        who.coat,
        0.95,
        "cloth",
        grain=85,
    )
    if pen.fine:
        for t in (0.3, 0.55, 0.78):
            foot_of = left + (right - left) * t
            pen.fill(
                limb(
                    [
                        (waist[0] - 0.03 + 0.06 * t, waist[1] - 0.06, 0.003),
                        (float(foot_of[0]), float(foot_of[1]) + 0.01, 0.007),
                    ]
                ),
                who.coat,
                0.05,
                "cloth",
                grain=85,
            )
        if who.trim not in ("sash", "belt", "cross"):
            pen.fill(bar(waist[0] - 0.075, waist[1], waist[0] + 0.075, waist[1], 0.018), who.coat, 0.0, "cloth")


def _head(pen: Pen, who: Person, stance: Posture) -> None:
    (x, y), chest = stance.head, np.array(stance.chest)
    spine = chest - stance.hips
    collar = chest + 0.085 * spine / np.hypot(*spine)
    pen.fill(limb([(*collar, 0.024), (x - 0.010, y - 0.03, 0.027)]), who.skin, 0.5, "skin")
    big = HEAD if who.small >= 1.0 else HEAD_OF_CHILD
    head = pen.at(x, y + 0.5 * (big - 1) * TALL, big)
    if who.hairdo == "long":
        fall = [(-0.02, 0.03, 0.058), (-0.055, -0.06, 0.046), (-0.07, -0.16, 0.018)]
        head.limbs([fall], who.hair, "fur", grain=85)
    face(head.at(0, 0, TALL), who, feeling=pen.feeling, asleep=stance.body == "lie")
    scarf(head, who)
    hat(head, who)


def couple(pen: Pen, *, pose: str = "") -> None:
    """Draw two people side by side, face to face, or, in a *pose*, one behind the other."""
    way = 1 if pose else -1
    man, woman = pen.at(way * COUPLE, 0.0), pen.at(-way * COUPLE, 0.0, 0.94, flip=not pose)
    for part, kind in ((woman, "woman"), (man, "lover")) if pose else ((man, "lover"), (woman, "woman")):
        person(part, kind, pose or "stand")


def crowd(pen: Pen) -> None:
    """Draw a few people going somewhere, 1 high and 2 wide."""
    kinds = ("man", "woman", "umbrella", "girl", "old man", "traveller", "boy")
    for i, x in enumerate(np.linspace(-0.9, 0.9, 7)):
        one = pen.at(float(x), float(pen.rng.uniform(0, 0.08)), 0.92, flip=bool(pen.rng.random() < 0.4))
        one.look = pen.look + i
        person(one, kinds[i], "walk")


def rider(pen: Pen) -> None:
    """Draw a rider on a horse, 1.55 high."""
    from miaobi.craft.drawing.subjects.beast import beast
    from miaobi.craft.drawing.subjects.skeleton import back

    beast(pen.at(0, 0, 0.62), "horse", "walk")
    person(
        pen.at(0.0, 0.62 * (back("horse", 0.0, "walk") - posture("ride").seat), 0.62), "traveller", "reins", empty=True
    )


def swing(pen: Pen, *, pose: str = "") -> None:
    """Draw a child on a swing under a bough; *pose* empty: the swing alone."""
    pen.fill(limb([(-0.6, 1.0, 0.05), (0.0, 1.03, 0.045), (0.6, 0.98, 0.03)]), "#6a5342", 0.4, "bark")
    for x in (-0.12, 0.12):
        pen.fill(bar(x, 1.0, x + 0.10, 0.30, 0.012), "#8a6d4a", 0.6, "cloth")
    pen.fill(bar(-0.06, 0.29, 0.26, 0.29, 0.03), "#7a5a3a", 0.7, "wood")
    if pose != "empty":
        person(pen.at(0.08, 0.305 - 0.72 * 0.70 * posture("dangle").seat, 0.72), "girl", "dangle-ropes")
