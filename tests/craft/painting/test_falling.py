from __future__ import annotations

import numpy as np

from miaobi.craft.drawing.build import air_in, draw
from miaobi.craft.drawing.grounds.fall import falling, lightning
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.scene import Scene
from miaobi.craft.drawing.shape import Drawing, Layer, Shape, rect
from miaobi.craft.drawing.words.reading import read_wish
from miaobi.craft.painting.falling import fall_strokes, parted
from miaobi.craft.painting.media import MEDIA, painted


def scene_of(idea: str, **fixed: str) -> Scene:
    return candidates(read_wish(idea), Fixed(600, 400, view="wide", **fixed), 5, 1)[0]  # type: ignore[arg-type]


def fallen(weather: str) -> Drawing:
    """Return a plain with a sky above it in which rain or snow falls."""
    scene = scene_of("hills", weather=weather, season="winter")
    fall = falling(scene, air_in(scene), np.random.default_rng(1), 600, 400)
    sky = Layer("sky", 1.0, [Shape((rect(0, 0, 600, 250),), "#8d98a6", "sky")])
    land = Layer("land", 0.2, [Shape((rect(0, 250, 600, 150),), "#4a5240", "ground")])
    return Drawing(600, 400, [sky, land, *fall], 250.0, 1.0)


def test_rain_and_snow_are_seen_in_every_medium() -> None:
    wet, white = fallen("rain"), fallen("snow")
    dry, fall = parted(wet)
    assert len(fall) > 200
    for medium in MEDIA:
        bare = painted(dry, medium, 180, 1).astype(float)
        for other in (wet, white):
            told = np.abs(painted(other, medium, 180, 1) - bare).max(axis=2)
            most = 0.6 if medium == "jianzhi" else 0.4  # there the whole sky is left, to be cut
            assert 0.01 < (told > 40).mean() < most, medium


def test_what_falls_is_in_the_strokes_too_light_on_dark_and_dark_on_light() -> None:
    _, fall = parted(fallen("rain"))
    image = np.full((400, 600, 3), 245, np.uint8)
    image[250:] = 30
    strokes = fall_strokes(fall, image, "pencil", 1.0)
    assert len(strokes) == sum(len(s.rings) == 1 for s in fall)
    assert {s.colour for s in strokes if s.path[:, 1].max() < 220} == {"#26262a"}
    assert {s.colour for s in strokes if s.path[:, 1].min() > 280} == {"#f8f9f8"}


def test_the_wind_bends_a_tree_and_drives_smoke_one_way() -> None:
    still = scene_of("a cottage and an oak", ground="hills", weather="clear", season="summer")
    way = 1 if still.side < 0 else -1
    drawn = [draw(scene) for scene in (still, still.model_copy(update={"weather": "wind"}))]
    for subject, material in (("oak", "foliage"), ("cottage", "cloud")):
        tops = []
        for drawing in drawn:
            shapes = [s for y in drawing.layers if y.subject == subject for s in y.shapes if s.material == material]
            points = np.concatenate([s.rings[0] for s in shapes])
            tops.append(points[points[:, 1] < np.quantile(points[:, 1], 0.3), 0].mean())
        assert (tops[1] - tops[0]) * way > 5


def test_rain_wets_the_ground_and_splashes_on_nobody() -> None:
    scene = scene_of("a woman on the hills", ground="hills", weather="rain")
    layers = {layer.name: layer for layer in draw(scene).layers}
    assert layers["puddles"].shapes
    woman = scene.subjects[0]
    for shape in layers["splashes"].shapes:
        x, y = shape.rings[0].mean(axis=0) / [600, 400]
        assert not (abs(x - woman.x) < 0.02 and woman.y - woman.size < y < woman.y)


def test_lightning_strikes_nobody() -> None:
    scene = scene_of("a woman on the hills", ground="hills", weather="storm")
    bolts = [layers[0] for k in range(12) if (layers := lightning(scene, np.random.default_rng(k), 600, 200))]
    assert 0 < len(bolts) < 12
    for bolt in bolts:
        ring = next(s for s in bolt.shapes if s.material == "light").rings[0]
        assert abs(float(ring[:, 0].mean()) / 600 - scene.subjects[0].x) > 0.1
