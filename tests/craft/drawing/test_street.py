from __future__ import annotations

import numpy as np
import pytest

from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.camera import eye_of
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.scene import Scene
from miaobi.craft.drawing.shape import Drawing
from miaobi.craft.drawing.words.reading import read_wish


def scenes_of(idea: str, count: int = 3, **fixed: str) -> list[Scene]:
    return candidates(read_wish(idea), Fixed(900, 600, **fixed), 5, count)  # type: ignore[arg-type]


def shapes_of(drawing: Drawing, *names: str) -> int:
    return sum(len(layer.shapes) for layer in drawing.layers if layer.name in names)


@pytest.mark.parametrize(
    ("idea", "ground"),
    [
        ("a woman with a dog in a street", "street"),
        ("three horses in the market", "street"),
        ("a boy crosses the street with a book", "street"),
        ("a detective in the city, in the rain, in an alley", "street"),
        ("老街上的女孩", "street"),
        ("夜市里的猫", "street"),
        ("the skyline at night", "city"),
        ("a skyline over the city", "city"),
        ("a cart on a country road", "field"),
        ("a fox in the garden", "garden"),
        ("a path over the hills", "hills"),
    ],
)
def test_place_that_is_named_is_the_ground(idea: str, ground: str) -> None:
    assert {scene.ground for scene in scenes_of(idea)} == {ground}


@pytest.mark.parametrize(
    ("idea", "style"),
    [
        ("a girl in the street", "western"),
        ("a girl in a street of Suzhou", "chinese"),
        ("胡同里的女孩", "chinese"),
        ("巴黎街头的女孩", "western"),
    ],
)
def test_houses_are_of_where_the_street_is(idea: str, style: str) -> None:
    assert scenes_of(idea, 1)[0].style == style


def test_chinese_fronts_have_lanterns() -> None:
    scene = scenes_of("胡同", 1, hour="noon", season="summer", weather="clear")[0]
    for style in ("chinese", "western"):
        houses = [y for y in draw(scene.model_copy(update={"style": style})).layers if y.name == "houses"]
        round_ones = sum(s.material == "cloth" and len(s.rings[0]) == 14 for y in houses for s in y.shapes)
        assert (round_ones > 20) == (style == "chinese")


def test_in_a_street_all_stand_on_the_road_as_tall_as_they_are_there() -> None:
    for scene in scenes_of("a man, a girl and a horse in a street, a church", 2):
        drawing = draw(scene)
        assert not shapes_of(drawing, "islet", "water", "footing")
        man = next(p for p in scene.subjects if p.id == "man")
        assert eye_of(scene) * man.size / (man.y - scene.horizon) == pytest.approx(1.75, rel=0.02)
        church = next(p for p in scene.subjects if p.id == "church")
        assert church.y < min(p.y for p in scene.subjects if p.id != "church")
        names = [layer.name for layer in drawing.layers]
        assert names.index("church") < names.index("houses") < names.index("man")


def test_street_has_lit_windows_at_night_images_in_the_wet_and_snow_where_it_snows() -> None:
    def lights(scene: Scene) -> int:
        return sum(s.material == "light" for y in draw(scene).layers if y.name == "houses" for s in y.shapes)

    day = scenes_of("a street", 1, hour="noon", weather="clear", season="summer")[0]
    night = day.model_copy(update={"hour": "night"})
    assert lights(day) == 0
    assert lights(night) > 40
    assert not shapes_of(draw(day), "reflections", "puddles")
    assert shapes_of(draw(day.model_copy(update={"weather": "rain"})), "reflections", "puddles") > 20
    snowy = draw(day.model_copy(update={"weather": "snow", "season": "winter"}))
    road = next(layer for layer in snowy.layers if layer.name == "road")
    assert {shape.material for shape in road.shapes} == {"snow"}


def test_lights_in_a_wet_road_are_broken_by_ripples() -> None:
    scene = scenes_of("a street", 1, hour="night", weather="rain", season="summer")[0]
    pieces = [
        shape.rings[0]
        for layer in draw(scene).layers
        if layer.name == "reflections"
        for shape in layer.shapes
        if shape.material == "light"
    ]
    assert len(pieces) > 100
    assert all(np.ptp(ring[:, 0]) > 2 * np.ptp(ring[:, 1]) for ring in pieces)


def test_rows_of_houses_run_to_one_point_on_the_horizon() -> None:
    scene = scenes_of("a street", 1, composition="symmetry")[0]
    houses = [layer for layer in draw(scene).layers if layer.name == "houses"]
    assert len(houses) == 2
    for layer in houses:
        feet = np.concatenate([s.rings[0] for s in layer.shapes if s.material == "wall"])
        far = feet[np.abs(feet[:, 0] - scene.width / 2) < 0.12 * scene.width]
        near = feet[np.abs(feet[:, 0] - scene.width / 2) > 0.4 * scene.width]
        assert np.ptp(far[:, 1]) < 0.5 * np.ptp(near[:, 1])
