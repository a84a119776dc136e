from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.words.reading import read_wish
from miaobi.craft.painting.cut.papercut import papercut
from miaobi.craft.painting.land import luminary_of
from miaobi.craft.painting.tracing import pierced
from miaobi.craft.painting.view import Pixels, View, look


@cache
def _view() -> View:
    fixed = Fixed(600, 400, hour="night", weather="clear", ground="lake", view="wide")
    return look(draw(candidates(read_wish("a boat", called=True), fixed, 2, 1)[0]), 240)


@cache
def _cut() -> Pixels:
    return papercut(_view(), np.random.default_rng(1))


def test_sky_is_few_papers_with_edges_and_no_gradient() -> None:
    view = _view()
    sky = cv2.erode(view.made_of("sky").astype(np.uint8), np.ones((5, 5))) > 0
    steps = np.abs(np.diff(_cut().astype(int).mean(axis=2), axis=1))[sky[:, 1:]]
    assert np.median(steps) < 1.5  # a paper has grain only
    assert 0.001 < (steps > 4).mean() < 0.12  # and where the next begins an edge


def test_rings_about_the_moon_are_lighter_the_nearer() -> None:
    view = _view()
    ys, xs = np.nonzero(luminary_of(view))
    rows, columns = np.indices(view.shape)
    far = np.hypot(rows - ys.mean(), columns - xs.mean())
    light = _cut().mean(axis=2)
    sky = view.made_of("sky")
    near, away = light[sky & (far < 30) & (far > 12)].mean(), light[sky & (far > 110)].mean()
    assert near > away + 4


def test_a_subject_casts_its_shadow_away_from_the_light() -> None:
    view = _view()
    boat = view.of_subject.astype(np.uint8)
    side = np.sign(view.side) * -1
    shift = np.array([[1, 0, 3 * side], [0, 1, 3]], float)
    there = (cv2.warpAffine(boat, shift, boat.shape[::-1]) > 0) & (boat == 0) & view.made_of("water")
    other = (
        (cv2.warpAffine(boat, -shift + 2 * np.eye(2, 3), boat.shape[::-1]) > 0) & (boat == 0) & view.made_of("water")
    )
    light = _cut().mean(axis=2)
    assert light[there].mean() < light[other].mean()


def test_holes_of_a_sheet_stay_open_in_svg() -> None:
    mask = np.zeros((60, 80), np.uint8)
    mask[10:50, 10:70] = 1
    mask[20:40, 30:50] = 0
    (path,) = pierced(mask > 0, np.array([10, 20, 30]))
    assert path.colour == "#0a141e"
    x, y = path.path.T
    area = abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / 2  # the hole runs the other way round
    assert abs(area - (39 * 59 - 21 * 21)) < 60
