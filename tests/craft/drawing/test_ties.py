"""Ties in a picture: who holds, rides, crosses is drawn there; who is under, behind or after whom is staged so."""

from __future__ import annotations

import numpy as np
import pytest

from miaobi.craft.drawing.assembly import assembled
from miaobi.craft.drawing.body import bearers
from miaobi.craft.drawing.build import air_in, draw
from miaobi.craft.drawing.check import check_frame, check_seen
from miaobi.craft.drawing.grounds.stage import Stage
from miaobi.craft.drawing.part import part_names, told
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.scene import Placed, Scene
from miaobi.craft.drawing.shape import Layer, box_of
from miaobi.craft.drawing.telling import alt, description
from miaobi.craft.drawing.words.reading import read_wish


def scenes(idea: str, count: int = 4) -> list[Scene]:
    return candidates(read_wish(idea, called=True), Fixed(900, 600), 5, count)


def place(scene: Scene, name: str) -> Placed:
    return next(p for p in scene.subjects if p.id == name)


def box(scene: Scene, name: str) -> tuple[float, float, float, float]:
    stage = Stage(scene, air_in(scene), np.random.default_rng(0))
    layers: list[Layer] = [layer for body in assembled(stage) for layer in body.layers]
    solid = [
        s for layer in layers if layer.subject == name for s in layer.shapes if s.material not in ("glow", "light")
    ]
    return box_of(solid)


@pytest.mark.parametrize(
    ("idea", "who", "whom"),
    [
        ("a girl sits on a bench", "girl", "bench"),
        ("a knight rides a horse", "knight", "horse"),
        ("a train crosses the viaduct", "train", "long-bridge"),
        ("two children in a rowing boat", "girl", "rowing-boat"),
        ("a cat on the roof of a house", "cat", "house"),
        ("老人在小船上", "old-man", "rowing-boat"),
        ("a boy rides a dolphin in the sea", "boy", "dolphin"),
    ],
)
def test_who_is_on_something_touches_it(idea: str, who: str, whom: str) -> None:
    for scene in scenes(idea):
        left, top, right, bottom = box(scene, who)
        there = box(scene, whom)
        assert there[0] < (left + right) / 2 < there[2]
        assert top < there[3]
        assert there[1] - 0.02 * scene.height < bottom <= there[3] + 0.05 * scene.height
        assert check_frame(draw(scene), [who, whom]) == []


@pytest.mark.parametrize(
    ("idea", "thing"),
    [("a man reads a letter", "letter"), ("an old man with a lantern", "lantern"), ("姑娘撑着伞", "umbrella")],
)
def test_what_is_held_is_in_reach_and_small(idea: str, thing: str) -> None:
    for scene in scenes(idea):
        held = place(scene, thing)
        assert held.borne
        who = box(scene, held.of)
        tall = who[3] - who[1]
        left, top, right, bottom = box(scene, thing)
        assert max(left - who[2], who[0] - right, top - who[3], who[1] - bottom) < 0.15 * tall
        assert bottom - top < 0.65 * tall


def test_a_kite_is_in_the_sky_above_who_flies_it() -> None:
    for scene in scenes("a boy flies a kite"):
        assert box(scene, "kite")[3] < box(scene, "boy")[1] + 0.2 * scene.height


def test_who_chases_is_behind_and_both_run_the_same_way() -> None:
    for scene in scenes("a fox chases a rabbit through the snow"):
        fox, rabbit = place(scene, "fox"), place(scene, "rabbit")
        assert fox.flip == rabbit.flip
        assert (fox.x < rabbit.x) != fox.flip
        assert fox.pose == "run"


def test_who_is_under_a_tree_is_below_its_crown_and_less_tall() -> None:
    for scene in scenes("a fox under an old oak"):
        fox, oak = box(scene, "fox"), box(scene, "oak")
        assert oak[0] < (fox[0] + fox[2]) / 2 < oak[2]
        assert fox[3] - fox[1] < 0.5 * (oak[3] - oak[1])


def test_a_led_animal_goes_with_its_leader_over_a_bridge() -> None:
    for scene in scenes("an old man with a lantern leads a donkey over the bridge"):
        places = scene.subjects
        by = {places[k].id: places[v].id for k, v in bearers(places).items()}
        assert by == {"old-man": "bridge", "lantern": "old-man", "donkey": "old-man"}


def test_what_is_done_is_told() -> None:
    scene = scenes("a girl on a bench reads a letter")[0]
    assert "a girl on a bench, reading a letter" in alt(scene, "oil", "en")
    assert "The girl is on the bench." in description(scene, "oil", "en")
    assert "女孩在长椅上，读着信" in alt(scene, "oil", "zh")


def test_who_is_hidden_is_noticed() -> None:
    scene = scenes("a house and a cat")[0]
    house, cat = place(scene, "house"), place(scene, "cat")
    behind = cat.model_copy(update={"x": house.x, "y": house.y - 0.01, "borne": ""})
    hidden = scene.model_copy(update={"subjects": (behind, house)})
    assert [f.rule for f in check_seen(draw(hidden), ["cat", "house"])] == ["hidden"]
    beside = scene.model_copy(update={"subjects": (house, cat.model_copy(update={"y": 0.95}))})
    assert check_seen(draw(beside), ["cat", "house"]) == []


def test_what_bears_somebody_is_kept_with_them_and_bears_who_is_made_anew() -> None:
    idea = "a girl sits on a bench and reads a letter"
    old = scenes(idea)[0]
    kept = told(old, ["girl"])
    assert set(kept) == {"girl", "bench"}
    [new] = candidates(read_wish(idea), Fixed(900, 600, kept=told(old, ["bench"])), 9, 1)
    assert place(new, "bench").model_copy(update={"seed": None, "number": None}) == place(old, "bench")
    assert (place(new, "girl").x, place(new, "girl").y) == (place(old, "girl").x, place(old, "girl").y)
    assert place(new, "girl").borne
    assert place(new, "letter").of == "girl"


def test_one_bearer_made_anew_takes_what_it_holds_along() -> None:
    idea = "a postman with a letter, and a house"
    old = scenes(idea)[0]
    kept = told(old, [name for name in part_names(old) if name != "postman"])
    assert "letter" not in kept
    [new] = candidates(read_wish(idea), Fixed(900, 600, kept=kept), 9, 1)
    assert place(new, "postman").x != place(old, "postman").x
    assert place(new, "letter").of == "postman"
    assert place(new, "house").model_copy(update={"seed": None, "number": None}) == place(old, "house")
