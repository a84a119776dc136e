from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from miaobi.craft import raster
from miaobi.errors import CorpusError, UnknownNameError
from miaobi.lab.vectors.embedding import WordVectors, of
from miaobi.lab.vectors.map import draw, plane


@pytest.fixture
def vectors() -> WordVectors:
    words = [*"abcdef", "明月", "<&>"]
    return of(words, np.random.default_rng(0).standard_normal((len(words), 5), np.float32))


def test_plane_keeps_the_distances_of_points_that_lie_in_one() -> None:
    flat = (
        np.random.default_rng(1).standard_normal((9, 2))
        @ np.linalg.qr(np.random.default_rng(2).normal(size=(6, 2)))[0].T
    )
    places, share = plane(flat.astype(np.float32))
    assert share == pytest.approx(1)
    wanted = np.linalg.norm(flat[:, None] - flat, axis=2)
    np.testing.assert_allclose(np.linalg.norm(places[:, None] - places, axis=2), wanted, atol=1e-5)


def test_map_is_an_svg_with_every_word_that_others_can_draw(vectors: WordVectors) -> None:
    svg = draw(vectors, {"first": ["a", "b", "c"], "second": ["明月", "<&>"]})
    texts = {e.text for e in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")}
    assert {"a", "b", "c", "明月", "<&>", "first", "second"} <= texts
    assert raster.png(svg, 400).startswith(b"\x89PNG")
    assert svg == draw(vectors, {"first": ["a", "b", "c"], "second": ["明月", "<&>"]})


def test_same_word_thrice_is_drawn() -> None:
    assert draw(of(["a"], np.ones((1, 3), np.float32)), {"": ["a", "a", "a"]}).count(">a</text>") == 3


def test_too_few_and_unknown_words_are_refused(vectors: WordVectors) -> None:
    with pytest.raises(CorpusError, match="three words or more"):
        draw(vectors, {"": ["a", "b"]})
    with pytest.raises(UnknownNameError, match="zebra"):
        draw(vectors, {"": ["a", "b", "zebra"]})
