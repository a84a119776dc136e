from __future__ import annotations

import io
from functools import cache

import numpy as np
import pytest
from PIL import Image  # a second reader

from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.shape import Drawing
from miaobi.craft.drawing.words.reading import read_wish
from miaobi.craft.painting.media import MEDIA, painted, png
from miaobi.craft.painting.stroke import Stroke, scattered, traced
from miaobi.craft.painting.view import View, look


@cache
def _drawing() -> Drawing:
    wish = read_wish("a lighthouse and a boat under an old oak")
    return draw(candidates(wish, Fixed(600, 400, hour="afternoon", weather="clear"), 2, 1)[0])


@cache
def _view(width: int) -> View:
    return look(_drawing(), width)


@pytest.mark.parametrize("medium", sorted(MEDIA))
def test_medium_is_painted_the_same_again_and_another_hand_paints_otherwise(medium: str) -> None:
    once, again, other = (painted(_drawing(), medium, 200, seed) for seed in (1, 1, 2))
    assert once.shape[1:] == (200, 3)
    assert abs(once.shape[0] - 200 * 2 / 3) < 1.5
    assert once.dtype == np.uint8
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)
    assert once.std() > 12


def test_media_differ_from_the_plain_vectors_and_from_each_other() -> None:
    images = [painted(_drawing(), medium, 200, 1).astype(float) for medium in ("none", *sorted(MEDIA))]
    apart = [np.abs(a - b).mean() for i, a in enumerate(images) for b in images[:i]]
    assert min(apart) > 2


def test_masks_name_the_layer_and_the_matter_of_every_pixel() -> None:
    view = _view(300)
    assert view.layer.max() <= len(view.depths)
    assert (view.layer > 0).mean() > 0.99
    assert view.made_of("sky")[:3].mean() > 0.5
    assert view.of_subject.any()
    assert 0 < view.edges.astype(bool).mean() < 0.6


def test_strokes_stop_at_the_edge_of_their_layer() -> None:
    view = _view(300)
    spots = scattered(np.random.default_rng(0), view.shape, 9)
    paths = traced(view, view.direction, spots, 2.0, 6)
    home = view.layer[spots[:, 1].astype(int), spots[:, 0].astype(int)]
    for k in range(paths.shape[1]):
        there = view.layer[paths[:, k, 1].astype(int), paths[:, k, 0].astype(int)]
        assert (there == home).all()


@pytest.mark.parametrize("medium", sorted(MEDIA))
def test_painter_tells_its_strokes(medium: str) -> None:
    laid: list[Stroke] = []
    MEDIA[medium](_view(200), np.random.default_rng(1), laid)
    assert len(laid) > 20
    assert all(np.isfinite(s.path).all() and s.colour.startswith("#") and len(s.colour) == 7 for s in laid)


def test_png_carries_its_words_in_any_script() -> None:

    content = png(np.zeros((4, 6, 3), np.uint8), {"Title": "灯塔", "AIGC": '{"Label": "1"}'})
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        assert image.size == (6, 4)
        assert image.info["Title"] == "灯塔"
        assert image.info["AIGC"] == '{"Label": "1"}'
