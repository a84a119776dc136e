from __future__ import annotations

import numpy as np
import pytest

from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.subjects.subject import subjects
from miaobi.craft.drawing.words.reading import read_wish


@pytest.mark.parametrize(
    ("idea", "bank"),
    [
        ("a girl and five dogs on the beach", "bank"),
        ("a house and four sheep by the sea, a bench", "bank"),
        ("two horses and an oak by the lake", "bank"),
        ("a boy, an ox and a willow by the river", "bank"),
        ("a horse and a tree before the skyline", "quay"),
    ],
)
def test_by_the_water_whoever_lives_on_land_stands_on_the_bank(idea: str, bank: str) -> None:
    for scene in candidates(read_wish(idea), Fixed(900, 600), 5, 1):
        layers = {layer.name: layer for layer in draw(scene).layers}
        assert "islet" not in layers
        edge = np.concatenate([ring for shape in layers[bank].shapes for ring in shape.rings])
        for place in scene.subjects:
            if subjects()[place.id].stand == "ground":
                near = edge[np.abs(edge[:, 0] - place.x * scene.width) < 0.02 * scene.width]
                top = near[:, 1].min() if bank == "bank" else edge[:, 1].min()  # a quay is level
                assert top < place.y * scene.height


def test_lighthouse_keeps_its_rock_and_a_boat_the_water() -> None:
    for scene in candidates(read_wish("a lighthouse, a keeper and three boats by the sea"), Fixed(900, 600), 5, 1):
        names = [layer.name for layer in draw(scene).layers]
        assert names.count("islet") == 1
        assert names.index("lighthouse") < names.index("boat") < names.index("bank") < names.index("keeper")
