from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.scene import Scene
from miaobi.craft.drawing.shape import box_of
from miaobi.craft.drawing.words.reading import read_wish
from miaobi.craft.painting.view import look


def scene_of(idea: str, fore: str, **fixed: Any) -> Scene:
    given: dict[str, Any] = {"hour": "noon", "weather": "clear"} | fixed
    return candidates(read_wish(idea), Fixed(450, 300, **given), 5, 1)[0].model_copy(update={"foreground": fore})


def test_in_winter_no_garden_and_no_foreground_is_in_flower() -> None:
    for weather, fore in (("clear", "branch"), ("snow", "flowers")):
        scene = scene_of("a girl", fore, ground="garden", season="winter", weather=weather)
        assert not [
            s
            for y in draw(scene).layers
            for s in y.shapes
            if s.material in ("flower", "foliage") and y.name in ("flowers", f"foreground {fore}")
        ]
    summer = draw(scene_of("a girl", "flowers", ground="garden", season="summer"))
    assert {"flowers", "foreground flowers"} <= {layer.name for layer in summer.layers}


def test_shrubs_of_a_winter_garden_are_not_pink() -> None:
    for weather, least in (("clear", -40), ("snow", -60)):
        scene = scene_of("a girl", "none", ground="garden", season="winter", weather=weather)
        shrubs = next(y for y in draw(scene).layers if y.name == "shrubs")
        for shape in shrubs.shapes:
            red, green, blue = (int(str(shape.fill)[i : i + 2], 16) for i in (1, 3, 5))
            assert least < red - blue < 60
            assert red - green < 25


@pytest.mark.parametrize("season", ["summer", "autumn", "winter"])
def test_bough_comes_in_from_the_edge_of_the_picture(season: str) -> None:
    scene = scene_of("a girl", "branch", ground="desert", season=season)
    (bough,) = (layer for layer in draw(scene).layers if layer.name == "foreground branch")
    left, _, right, _ = box_of(bough.shapes)
    assert left <= 0 or right >= scene.width
    thickest = max((s for s in bough.shapes if s.material == "bark"), key=lambda s: float(np.ptp(s.rings[0][:, 0])))
    assert thickest.rings[0][:, 0].min() < 0 or thickest.rings[0][:, 0].max() > scene.width


@pytest.mark.parametrize(
    ("idea", "fore"),
    [
        ("a girl", "grass"),
        ("a train", "stones"),
        ("a train", "flowers"),
        ("a horse and a tall oak", "branch"),
        ("two elephants", "reeds"),
    ],
)
def test_foreground_hides_no_chief(idea: str, fore: str) -> None:
    drawing = draw(scene_of(idea, fore, season="summer", ground="desert"))
    chief = next(layer for layer in drawing.layers if layer.subject)
    drawing.layers = [chief, *(layer for layer in drawing.layers if layer.name == f"foreground {fore}")]
    with_it = (look(drawing, 225).layer == 1).sum()
    drawing.layers = [chief]
    without = (look(drawing, 225).layer == 1).sum()
    assert with_it >= 0.99 * without
