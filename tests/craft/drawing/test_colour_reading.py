from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.colour import hexed, hue, linear, oklab
from miaobi.craft.drawing.pigment import pigment
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.scene import Scene
from miaobi.craft.drawing.shape import Drawing
from miaobi.craft.drawing.telling import alt
from miaobi.craft.drawing.words.reading import read_wish
from miaobi.craft.drawing.words.undrawn import undrawn
from miaobi.craft.painting.media import painted
from miaobi.craft.painting.view import Pixels, View, look


def scene_of(idea: str, *, palette: tuple[str, ...] = (), **fixed: Any) -> Scene:
    given: dict[str, Any] = {"hour": "noon", "weather": "clear", "ground": "sea"} | fixed
    return candidates(read_wish(idea), Fixed(300, 200, palette=palette, **given), 5, 1)[0]


def drawing_of(scene: Scene, name: str) -> Drawing:
    """Return the drawing of one subject alone."""
    drawing = draw(scene)
    drawing.layers = [layer for layer in drawing.layers if layer.subject == name]
    return drawing


def mean_of(view: View, colours: Pixels | None = None) -> str:
    """Return the mean colour of a subject's pixels, #rrggbb."""
    assert view.of_subject.sum() > 40
    mean = (view.colour if colours is None else colours)[view.of_subject].astype(float).mean(axis=0)
    return "#" + "".join(f"{round(float(v)):02x}" for v in mean)


def drawn(scene: Scene, name: str) -> str:
    return mean_of(look(drawing_of(scene, name), 300))


def apart(one: str, other: str) -> float:
    """Return how far the hues of two colours are apart, degrees."""
    return abs((hue(one)[0] - hue(other)[0] + 180) % 360 - 180)


@pytest.mark.parametrize(
    ("idea", "told"),
    [
        ("a red kite", [("kite", "", "red")]),
        ("an old wooden green boat", [("rowing-boat", "", "green")]),
        ("a white horse and a black dog", [("horse", "", "white"), ("dog", "", "black")]),
        ("a girl in a yellow coat", [("girl", "coat", "yellow")]),
        ("a woman in black walks by the sea", [("woman", "coat", "black")]),
        ("a man in a black hat and a red scarf", [("man", "hat", "black"), ("man", "scarf", "red")]),
        ("a house with a blue door", [("house", "door", "blue")]),
        ("two black cats and the white ducks", [("cat", "", "black"), ("duck", "", "white")]),
        ("the boat is blue", [("rowing-boat", "", "blue")]),
        ("a black knight", [("knight", "coat", "black")]),
        ("橘猫", [("cat", "", "orange")]),
        ("白马和黑狗", [("horse", "", "white"), ("dog", "", "black")]),
        ("红伞", [("umbrella", "", "red")]),
        ("红色的小风筝", [("kite", "", "red")]),
        ("穿红衣的女孩", [("girl", "coat", "red")]),
        ("女孩穿着红裙子", [("girl", "coat", "red")]),
        ("两只白天鹅", [("swan", "", "white")]),
        ("戴黑帽子的老人", [("old-man", "hat", "black")]),
        ("红叶、红梅、白鹭、黄牛", []),
        ("a blackbird, a red fox and a cup of green tea", []),
        ("a black woman and a white man", []),
        ("黑人和女孩", []),
        ("a boy in red boots", []),
        ("a girl in the green field under a grey sky", []),
        ("黄昏的猫", []),
    ],
)
def test_colours_are_read_of_subjects_and_of_nothing_else(idea: str, told: list[tuple[str, str, str]]) -> None:
    assert sorted(read_wish(idea).colours) == sorted((id, part, pigment(name)) for id, part, name in told)


def test_a_shade_is_read_and_a_grey_cat_is_no_grey_sky() -> None:
    ((_, _, dark),) = read_wish("a dark green boat").colours
    assert oklab(linear(dark))[0] < oklab(linear(pigment("green")))[0] - 0.1
    assert read_wish("a grey cat").weather == ""
    assert read_wish("雪白的马").weather == ""


BROWNS = ("#5a2e1f", "#a8512b", "#e8cf98", "#5d6b46")


@pytest.mark.parametrize(
    ("idea", "name", "colour", "more"),
    [
        ("a red kite", "kite", "red", {}),
        ("a blue balloon", "balloon", "blue", {"hour": "night", "palette": BROWNS}),
        ("a green boat on the lake", "rowing-boat", "green", {"hour": "night", "palette": BROWNS}),
        ("橘猫", "cat", "orange", {}),
        ("a yellow car", "car", "yellow", {"hour": "sunset", "palette": BROWNS}),
        ("a girl in a blue coat", "girl", "blue", {"hour": "dusk", "weather": "mist"}),
        ("a purple dragon", "dragon", "purple", {"palette": BROWNS}),
        ("a yellow rose", "rose", "yellow", {}),
    ],
)
def test_subject_is_drawn_in_its_colour_by_day_at_night_and_against_a_palette(
    idea: str, name: str, colour: str, more: dict[str, Any]
) -> None:
    scene = scene_of(idea, **more)
    plain = scene.model_copy(update={"subjects": tuple(p.model_copy(update={"colours": {}}) for p in scene.subjects)})
    goal, seen, before = pigment(colour), drawn(scene, name), drawn(plain, name)

    def off(colour: str) -> float:
        return float(np.linalg.norm(oklab(linear(colour))[1:] - oklab(linear(goal))[1:]))

    assert off(seen) < off(before)
    assert apart(seen, goal) < 32
    assert hue(seen)[1] > 0.035


def test_white_and_black_are_told_apart() -> None:
    white, black = (drawn(scene_of(f"a {c} horse"), "horse") for c in ("white", "black"))
    assert oklab(linear(white))[0] > oklab(linear(black))[0] + 0.35


@pytest.mark.parametrize(("medium", "colour"), [("oil", "red"), ("ink", "green"), ("woodcut", "red")])
def test_colour_is_seen_in_paint(medium: str, colour: str) -> None:
    scene = scene_of(f"a {colour} boat")
    view = look(drawing_of(scene, "rowing-boat"), 300)
    seen = mean_of(view, painted(draw(scene), medium, 300, 3))
    assert apart(seen, pigment(colour)) < 40
    assert hue(seen)[1] > 0.03


def test_walls_of_a_green_house_are_green_and_its_roof_isnt() -> None:
    shapes = drawing_of(scene_of("a green house"), "house").layers[0].shapes
    walls, roofs = ([str(s.fill) for s in shapes if s.material == m and s.opacity == 1] for m in ("wall", "roof"))
    assert all(apart(fill, pigment("green")) < 30 for fill in walls[:2])
    assert all(apart(fill, pigment("green")) > 50 for fill in roofs[:2])


def test_only_the_part_that_is_told_changes() -> None:
    scene = scene_of("a house with a blue door")
    plain = scene.model_copy(update={"subjects": tuple(p.model_copy(update={"colours": {}}) for p in scene.subjects)})
    one, other = (drawing_of(s, "house").layers[0].shapes for s in (scene, plain))
    changed = [a for a, b in zip(one, other, strict=True) if a.fill != b.fill]
    assert 0 < len(changed) < 8
    assert all(apart(str(shape.fill), pigment("blue")) < 30 for shape in changed)


def test_hat_and_scarf_are_drawn_where_they_are_told() -> None:
    bare, clad = (scene_of(f"a girl {more} walks") for more in ("", "in a red hat and a blue scarf"))
    before, after = ({str(s.fill) for s in drawing_of(scene, "girl").layers[0].shapes} for scene in (bare, clad))
    for colour in ("red", "blue"):
        assert any(apart(f, pigment(colour)) < 20 and hue(f)[1] > 0.1 for f in after - before)


@pytest.mark.parametrize(
    ("idea", "said"),
    [
        ("a red kite", "a red kite"),
        ("an orange cat and three black dogs", "an orange cat, three black dogs"),
        ("a woman in black", "a woman in black"),
        ("a house with a blue door", "a house with a blue door"),
        ("红色的风筝", "红色的风筝"),
        ("穿红衣的女孩", "穿红色衣服的女孩"),
        ("三只白天鹅", "三只白色的天鹅"),
        ("两匹马", "两匹马"),
        ("两只天鹅", "两只天鹅"),
        ("三个女孩", "三个女孩"),
        ("四棵松树", "四棵松"),
        ("an owl and an hourglass", "an owl, an hourglass"),
    ],
)
def test_colours_and_numbers_are_told(idea: str, said: str) -> None:
    assert said in alt(scene_of(idea), "oil", "en" if idea.isascii() else "zh")


def test_what_only_bears_a_colour_is_not_missed() -> None:
    assert undrawn("an orange cat and a girl in a red coat", "en") == {}
    assert "coat" in undrawn("a coat on a chair", "en")


def test_hex_names_stay_within_gamut() -> None:
    assert hexed(linear(pigment("green", "dark"))) == pigment("green", "dark")
