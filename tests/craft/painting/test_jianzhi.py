from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest

from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.words.reading import read_wish
from miaobi.craft.painting.cut.cutting import PAPER, blossom, cut, disc, frame, joined, left, teeth
from miaobi.craft.painting.cut.jianzhi import jianzhi, sheet_of
from miaobi.craft.painting.stroke import Stroke
from miaobi.craft.painting.view import Pixels, View, look


@cache
def _view(idea: str, hour: str, weather: str) -> View:
    fixed = Fixed(600, 400, hour=hour, weather=weather, view="wide")
    return look(draw(candidates(read_wish(idea, called=True), fixed, 2, 1)[0]), 200)


@cache
def _cut(
    idea: str = "a girl flies a kite", hour: str = "afternoon", weather: str = "clear"
) -> tuple[Pixels, list[Stroke]]:
    laid: list[Stroke] = []
    return jianzhi(_view(idea, hour, weather), np.random.default_rng(3), laid), laid


SCENES = [
    ("月夜抚琴", "night", "clear"),
    ("a boat on the river", "morning", "snow"),
]


@pytest.mark.parametrize(("idea", "hour", "weather"), SCENES)
def test_sheet_is_one_piece_with_an_unbroken_frame(idea: str, hour: str, weather: str) -> None:
    sheet = left(sheet_of(_view(idea, hour, weather), np.random.default_rng(3)))
    assert cv2.connectedComponents(sheet, connectivity=4)[0] == 2  # the ground, and one piece
    assert 0.2 < sheet.mean() < 0.85
    edge = round(0.022 * min(sheet.shape)) + 1
    assert sheet[edge, edge:-edge].all()
    assert sheet[edge:-edge, edge].all()
    assert not sheet[0].any()


def test_there_is_red_and_white_and_nothing_else() -> None:
    seen = _cut()[0].astype(int)
    red, green, blue = (seen[:, :, k] for k in range(3))
    assert (red > 140).all()  # white, its shadow, red, and what lies between
    assert (abs(green - blue) < 30).all()
    assert 0.2 < (green < 90).mean() < 0.8


def test_svg_of_the_cuts_is_one_red_outline_and_white_openings() -> None:
    laid = _cut()[1]
    assert [s.colour for s in laid].count(laid[0].colour) == 1
    assert len({s.colour for s in laid}) == 2
    assert len(laid) > 100
    assert not any(s.width for s in laid)


def test_parts_are_tied_and_specks_fall_off() -> None:
    sheet = np.zeros((120, 160), np.uint8)
    cut(sheet, [disc(40, 60, 30), disc(120, 60, 20), disc(84, 20, 2)], PAPER)
    whole = left(joined(sheet, 1.0, 40))
    assert cv2.connectedComponents(left(sheet))[0] == 4
    assert cv2.connectedComponents(whole)[0] == 2
    assert whole[60, 40]
    assert whole[60, 120]
    assert not whole[20, 84]


def test_frame_is_one_piece_full_of_holes() -> None:
    sheet = left(frame((300, 400), 8, 24, 0.3))
    assert cv2.connectedComponents(sheet, connectivity=4)[0] == 2
    assert cv2.connectedComponents(1 - sheet)[0] > 60


def test_teeth_point_inwards_and_are_longest_in_the_middle() -> None:
    path = np.stack([np.arange(0, 100, 5.0), np.zeros(20)], 1)
    spikes = teeth(path, np.tile([0.0, 1.0], (20, 1)), 10, 5)
    reach = [float(np.ptp(s[:, 1])) for s in spikes]
    assert min(float(s[:, 1].min()) for s in spikes) >= 0
    assert max(reach) == pytest.approx(10, abs=0.5)
    assert reach[0] < reach[9]


def test_blossom_has_its_petals() -> None:
    sheet = np.full((60, 60), PAPER, np.uint8)
    cut(sheet, blossom(30, 30, 24, 6, 0.0))
    assert cv2.connectedComponents(1 - left(sheet))[0] == 1 + 7
