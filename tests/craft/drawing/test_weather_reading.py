from __future__ import annotations

import pytest

from miaobi.craft.drawing.build import air_in, draw
from miaobi.craft.drawing.colour import lightness
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.scene import Scene
from miaobi.craft.drawing.telling import alt
from miaobi.craft.drawing.words.reading import read_wish


def scene_of(idea: str, **fixed: str) -> Scene:
    return candidates(read_wish(idea), Fixed(480, 320, **fixed), 5, 1)[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("idea", "sky"),
    [
        ("a dog after the rain", ("clear", "wet", "")),
        ("the rain has stopped, a girl closes her umbrella", ("clear", "wet", "")),
        ("雨后的小巷", ("clear", "wet", "")),
        ("a wet street at night", ("clear", "wet", "")),
        ("the calm after the storm", ("clear", "wet", "")),
        ("a cottage after the heavy snow", ("clear", "snow", "")),
        ("雪后的村庄", ("clear", "snow", "")),
        ("snow on the roofs", ("clear", "snow", "")),
        ("a snow-covered village", ("clear", "snow", "")),
        ("a ship before the storm", ("wind", "", "storm")),
        ("a storm is coming over the sea", ("wind", "", "storm")),
        ("暴雨前的草原", ("wind", "", "storm")),
        ("a ship in the storm", ("storm", "", "")),
        ("a girl in the rain", ("rain", "", "")),
        ("after the rain it snows", ("snow", "wet", "")),
        ("a fox in the snow", ("snow", "", "")),
        ("雪山下的马", ("", "", "")),
        ("孤舟蓑笠翁，独钓寒江雪", ("snow", "", "")),
    ],
)
def test_what_falls_is_told_from_what_is_over_lies_or_is_to_come(idea: str, sky: tuple[str, str, str]) -> None:
    asked = read_wish(idea)
    assert (asked.weather, asked.cover, asked.coming) == sky


def test_after_the_rain_none_falls_and_the_ground_is_wet() -> None:
    scene = scene_of("a dog after the rain", ground="field")
    names = [layer.name for layer in draw(scene).layers]
    assert "rain" not in names
    assert "puddles" in names
    assert "after rain" in alt(scene, "oil", "en")
    dry = [layer.name for layer in draw(scene_of("a dog", ground="field", weather="clear")).layers]
    assert "puddles" not in dry


def test_after_the_snow_none_falls_and_it_lies_on_land_and_roofs() -> None:
    scene = scene_of("a house after the snow", ground="hills")
    layers = {layer.name: layer for layer in draw(scene).layers}
    assert "snowfall" not in layers
    assert any(shape.material == "snow" for shape in layers["meadow"].shapes)
    assert any(shape.material == "snow" for shape in layers["house"].shapes)
    assert "snow on the ground" in alt(scene, "oil", "en")
    assert "falling" not in alt(scene, "oil", "en")


def test_before_the_storm_the_sky_is_dark_and_nothing_falls() -> None:
    scene = scene_of("暴雨前的草原", hour="noon")
    names = [layer.name for layer in draw(scene).layers]
    assert not {"rain", "sun", "moon"} & set(names)
    wind = scene.model_copy(update={"coming": ""})
    assert lightness(air_in(scene).sky[0]) < lightness(air_in(wind).sky[0]) - 0.1
    assert "风暴将至" in alt(scene, "oil", "zh")


def test_option_overrules_what_the_words_tell() -> None:
    scene = scene_of("a dog after the rain", weather="snow")
    assert (scene.weather, scene.cover) == ("snow", "")
