from __future__ import annotations

import itertools
import math
from functools import cache

import cv2
import numpy as np
import pytest

from miaobi.craft.drawing.air import air_of
from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.scene import HOWS
from miaobi.craft.drawing.shape import box_of
from miaobi.craft.drawing.subjects import perch, posture
from miaobi.craft.drawing.subjects.figure import person, turn_shapes
from miaobi.craft.drawing.subjects.people import PEOPLE
from miaobi.craft.drawing.subjects.perch import Grip, Perch
from miaobi.craft.drawing.subjects.subject import subjects
from miaobi.errors import BriefError

AIR = air_of("morning", "clear", "spring", -0.7)
PERSONS = [name for name, subject in subjects().items() if subject.generator == "person"]
POSES = [*posture.bodies(), *posture.gestures(), "look", "reach", "read", "row", "seat-read", "ride-hold"]
HELD = sorted(perch._holds())
PLACES = [(a if a != "person" else "woman", how) for a, how in sorted(perch._perches())]


UNIT = 80.0  # px: too small for what is only drawn in a large figure


def pen_of(seed: int = 3) -> Pen:
    return Pen(AIR, np.random.default_rng(seed), 0.1, 0.0, 0.0, UNIT)


@cache
def rings(name: str, pose: str = "", seed: int = 3) -> tuple[np.ndarray, ...]:
    """Outlines of a subject in its own heights, y up."""
    pen = pen_of(seed)
    subjects()[name].draw(pen, pose)
    return solid(pen)


def solid(pen: Pen) -> tuple[np.ndarray, ...]:
    shapes = [shape for shape in pen.shapes if shape.solid and shape.opacity > 0.4]
    return tuple((ring * [1, -1] / UNIT).astype(np.float32)[:, None] for shape in shapes for ring in shape.rings)


def covered(outlines: tuple[np.ndarray, ...], x: float, y: float, within: float) -> bool:
    """Whether one of *outlines* comes as near as *within* to (x, y)."""
    return any(cv2.pointPolygonTest(ring, (x, y), True) >= -within for ring in outlines)


@pytest.mark.parametrize("pose", POSES)
def test_every_person_draws_every_pose(pose: str) -> None:
    stance = posture.posture(pose)
    kinds = PEOPLE if pose in posture.bodies() else ("girl", "man", "monk", "woman", "witch")  # arms don't differ more
    for kind in kinds:
        who, pen = PEOPLE[kind], pen_of()
        person(pen, kind, pose, empty=True)
        _, top, _, bottom = (v / UNIT for v in box_of(pen.shapes))
        assert bottom < {"fly": 0.5, "swim": 0.25}.get(pose, 0.12), (kind, pose)
        least = 0.15 if stance.body in ("lie", "fly", "swim") else 0.45
        assert least * who.small < bottom - top < 1.35 * who.small, (kind, pose)
        if not stance.turn:
            assert covered(solid(pen), *(v * who.small for v in stance.near.hand), 0.005), (kind, pose)


def test_arm_bones_keep_their_lengths() -> None:
    for pose in POSES:
        for arm in (posture.posture(pose).far, posture.posture(pose).near):
            assert math.dist(arm.shoulder, arm.elbow) == pytest.approx(posture.UPPER, abs=1e-6)
            assert math.dist(arm.elbow, arm.hand) == pytest.approx(posture.FORE, abs=1e-6)


def test_unknown_pose_is_refused_with_what_is_known() -> None:
    with pytest.raises(BriefError, match="seat-read"):
        posture.posture("levitate")


def test_empty_hands_carry_nothing() -> None:
    full, bare = pen_of(), pen_of()
    person(full, "keeper", "stand")
    person(bare, "keeper", "stand", empty=True)
    assert len(bare.shapes) < len(full.shapes)


def touches(held: Grip, thing: str, place: tuple[float, float], within: float) -> bool:
    """Whether what is held comes as near as *within* to a place of its holder."""
    c, s = math.cos(math.radians(held.turn)), math.sin(math.radians(held.turn))
    x, y = (place[0] - held.x) / held.size, (place[1] - held.y) / held.size
    return covered(rings(thing, held.held), c * x + s * y, c * y - s * x, within / held.size)


@pytest.mark.parametrize("thing", HELD)
def test_hand_meets_what_it_holds(thing: str) -> None:
    for who, body in itertools.product(("woman", "boy"), ("stand", "seat", "walk", "ride")):
        held = perch.grip(who, body, thing)
        if held.cord:
            assert math.dist(held.cord[0], held.hand) < 1e-6
            assert touches(held, thing, held.cord[1], 0.02)
        elif perch._holds()[thing].place != "beside":
            hands = [perch.hand(who, held.pose, near=near) for near in (True, False)]
            assert any(touches(held, thing, at, 0.06) for at in hands), (who, body)


@pytest.mark.parametrize("flip", [False, True])
def test_shapes_turn_about_the_foot_as_one_sees_who_looks_to_the_right(flip: bool) -> None:
    pen = pen_of().at(0.5, 0.25, 1.0, flip=flip)
    pen.fill(np.array([[0.2, 0.0], [0.3, 0.0], [0.3, 0.1]]), "#808080", 0.5, "wood")
    turn_shapes(pen, 0, 90)
    way = -1 if flip else 1
    expected = np.array([[0.0, 0.2], [0.0, 0.3], [-0.1, 0.3]]) * [way, 1] + [0.5, 0.25]
    assert solid(pen)[0][:, 0] == pytest.approx(expected, abs=1e-6)


def test_sleeper_lies_with_its_head_behind() -> None:
    pen = pen_of()
    person(pen, "monk", "sleep")
    left, top, right, _ = (v / UNIT for v in box_of(pen.shapes))
    assert right - left > 3 * -top
    assert perch.hand("monk", "lie")[1] > 0.1


def test_small_things_grow_and_real_sizes_hold_else() -> None:
    def times(thing: str) -> float:
        return perch.grip("man", "stand", thing).size * perch.unit_metres("man") / perch.unit_metres(thing)

    assert times("violin") == pytest.approx(1)
    assert times("cup") == pytest.approx(1.8)
    assert perch.grip("girl", "stand", "cup").size == pytest.approx(perch.grip("boy", "stand", "cup").size)


def test_animal_holds_in_its_mouth_and_is_led_by_its_neck() -> None:
    held = perch.grip("fox", "walk", "letter")
    assert touches(held, "letter", held.hand, 0.01)
    for bird, pose in (("crow", "stand"), ("duck", "swim"), ("gull", "fly")):
        held = perch.grip(bird, "stand", "letter")
        assert held.pose == pose
        assert covered(rings(bird, pose), *held.hand, 0.03)
    held = perch.grip("fox", "walk", "letter")
    assert covered(rings("fox", "walk"), *held.hand, 0.02)
    led = perch.grip("boy", "stand", "ox")
    assert led.cord
    assert led.x < 0
    assert led.pose == "walk-lead"


@pytest.mark.parametrize(("anchor", "how"), PLACES)
def test_perch_lies_on_what_is_drawn(anchor: str, how: str) -> None:
    for place in perch.perches(anchor, how):
        assert posture.posture(place.pose)
        _, _, size, pose = perch.stood(place, "woman", anchor)
        assert size > 0
        assert posture.posture(pose)
        if how in GROUND or place.y < 0.06:  # on the ground by it, or on its wings in it
            continue
        for seed in range(2):
            assert covered(rings(anchor, place.anchor, seed), place.x, place.y, 0.03), place


GROUND = ("under", "beside", "before", "behind", "pull", "face", "in/wings")


def test_seated_person_has_its_seat_on_the_perch() -> None:
    place = Perch(0.1, 0.5, "seat", seat=True)
    x, y, size, pose = perch.stood(place, "girl", "bench")
    assert (x, y + posture.posture(pose).seat * PEOPLE["girl"].small * size) == pytest.approx((0.1, 0.5))


def test_what_is_drawn_by_chance_has_no_fixed_place() -> None:
    assert perch.perches("bush", "on") == ()


def test_tables_name_what_there_is() -> None:
    ids = {*subjects(), "person"}
    assert set(perch._holds()) <= ids
    for anchor, how in perch._perches():
        place, _, sort = how.partition("/")
        assert anchor in ids
        assert place in HOWS
        assert not sort or sort in perch._SORTS


def test_train_has_a_flat_bridge_and_a_walker_an_arched_one() -> None:
    rails, path = perch.perches("long-bridge", "cross", "train")[0], perch.perches("long-bridge", "cross", "girl")[0]
    assert (rails.anchor, path.anchor) == ("flat", "")
    assert perch.level("long-bridge", 1.5, "flat") == perch.level("long-bridge", 0.0, "flat") == rails.y
    assert perch.level("long-bridge", 1.5) < perch.level("long-bridge", 0.0)
    assert perch.level("long-bridge", 4.0) == 0


def test_bird_sits_on_a_shoulder_and_a_cat_on_a_lap() -> None:
    shoulder, lap = perch.perches("woman", "on", "crow")[0], perch.perches("woman", "on", "cat")[0]
    assert shoulder.y > lap.y
    assert lap.anchor == "heels-hug"
    assert perch.perches("woman", "on", "cat", pose="seat")[0].anchor == "seat-hug"
    assert perch.perches("woman", "in", "cat")[0].anchor == "stand-hug"
    assert perch.perches("girl", "on", "crow")[0].y == pytest.approx(shoulder.y * PEOPLE["girl"].small)


def test_horse_draws_a_cart_and_a_boy_a_sled_on_the_ground_behind_them() -> None:
    cart, sled = perch.grip("horse", "walk", "cart"), perch.grip("boy", "pull", "sled")
    assert cart.y == 0
    assert cart.x < 0
    assert sled.y == pytest.approx(0, abs=1e-6)
    assert sled.cord
    assert sled.cord[1][0] < sled.cord[0][0]


def test_who_pushes_stands_behind_what_goes_before() -> None:
    cart = perch.grip("man", "push", "cart")
    assert cart.pose == "stride-push"
    assert cart.x - 0.5 * subjects()["cart"].wide * cart.size < cart.hand[0] + 0.2


def test_child_is_led_by_the_hand() -> None:
    held = perch.grip("woman", "lead", "boy")
    x, y = perch.hand("boy", held.held)
    assert held.x + x * held.size == pytest.approx(held.hand[0])
    assert abs(held.y + y * held.size - held.hand[1]) < 0.2


def test_who_sits_on_a_jetty_is_at_its_edge_and_who_looks_from_a_gallery_looks() -> None:
    walking, sitting = (perch.perches("wooden-bridge", "on", "fisherman", gesture)[0] for gesture in ("walk", "sit"))
    assert (walking.pose, sitting.pose) == ("walk", "dangle")
    gallery = perch.perches("lighthouse", "on")[0]
    assert perch.stood(gallery, "keeper", "lighthouse", gesture="look")[3] == "stand-look"
    assert perch.stood(gallery, "keeper", "lighthouse", gesture="dance")[3] == "dance"
    assert perch.stood(perch.perches("bench", "on")[0], "woman", "bench", gesture="dance")[3] == "seat"
    assert perch.stood(perch.perches("house", "on")[0], "cat", "house", gesture="sleep")[3] == "sleep"


@pytest.mark.parametrize("who", ["bear", "cat", "owl", "horse"])
def test_animal_has_no_fiddle_in_its_mouth(who: str) -> None:
    """Its instrument stands on the ground before it, lower than its mouth, and is no larger than itself."""
    held = perch.grip(who, "stand", "violin")
    _, high = perch.mouth(who, held.pose)
    assert held.y < 0.1
    assert held.size < 0.8
    assert held.y + 0.5 * held.size < high
    assert held.x > 0


def test_letter_is_open_only_where_it_is_read() -> None:
    assert perch.grip("woman", "stand", "letter").held == "read"
    assert not np.array_equal(rings("letter", "read")[0], rings("letter")[0])


@pytest.mark.parametrize("who", ["girl", "man", "old-woman"])
def test_sleeper_has_the_head_on_the_pillow_and_the_body_under_the_blanket(who: str) -> None:
    place = perch.perches("bed", "in", who, "sleep")[0]
    x, y, size, pose = perch.stood(place, who, "bed", None, "sleep")
    assert place.behind
    assert place.anchor == "slept"
    assert posture.posture(pose).body == "lie"
    stance, small = posture.posture(pose), PEOPLE[subjects()[who].kind].small
    hx, hy = x - stance.head[1] * small * size, y + stance.head[0] * small * size
    assert -1.0 < hx < -0.5
    assert 0.5 < hy < 0.85
    assert covered(rings("bed", "slept"), x, y + 0.1, 0)
