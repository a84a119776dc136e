from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest

from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.words.reading import read_wish
from miaobi.craft.painting.contour import forms_of, strokes_of
from miaobi.craft.painting.ink.brush import Brush, pressure, resampled
from miaobi.craft.painting.ink.ink import ink
from miaobi.craft.painting.land import crest_of, is_land, is_range, luminary_of
from miaobi.craft.painting.stroke import Stroke
from miaobi.craft.painting.tracing import graded
from miaobi.craft.painting.view import Pixels, View, look
from miaobi.craft.painting.wash import bled, hairs

_LAKE = ("a girl in a red coat", "noon", "clear", "lake")
_NIGHT = ("a boat", "night", "clear", "lake")


@cache
def _view(idea: str, hour: str, weather: str, ground: str = "") -> View:
    fixed = Fixed(600, 400, hour=hour, weather=weather, ground=ground, view="wide")
    return look(draw(candidates(read_wish(idea, called=True), fixed, 2, 1)[0]), 240)


@cache
def _laid(*scene: str) -> tuple[Pixels, list[Stroke]]:
    laid: list[Stroke] = []
    return ink(_view(*scene), np.random.default_rng(1), laid), laid


def _painted(*scene: str) -> Pixels:
    return _laid(*scene)[0]


def _light(image: Pixels) -> Pixels:
    return image.mean(axis=2) / 255


def test_ranges_are_dark_at_the_crest_and_gone_at_the_foot() -> None:
    view, light = _view(*_LAKE), _light(_painted(*_LAKE))
    number, layer = next((n, x) for n, x in enumerate(view.drawing.layers, 1) if is_range(x) and x.depth < 0.6)
    below = np.arange(view.shape[0])[:, None] - crest_of(view, layer)[None, :]
    mask = (view.layer == number) & (below > 0)
    tall = below[mask].max()
    crest, foot = light[mask & (below < 0.12 * tall)], light[mask & (below > 0.5 * tall)]
    assert np.median(crest) < np.median(foot) - 0.04


def test_sky_and_water_are_left_on_a_clear_day_and_washed_by_night() -> None:
    for matter in ("sky", "water"):
        day, night = (_light(_painted(*s))[_view(*s).made_of(matter)].mean() for s in (_LAKE, _NIGHT))
        assert day > 0.82
        assert night < day - 0.08


def test_moon_is_the_bare_paper() -> None:
    view, light = _view(*_NIGHT), _light(_painted(*_NIGHT))
    assert np.median(light[luminary_of(view)]) > light[view.made_of("sky")].mean() + 0.15


def test_five_tones_from_paper_to_burnt_ink() -> None:
    light = _light(_painted(*_LAKE))
    shares = [
        ((light >= a) & (light < b)).mean() for a, b in ((0, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.85), (0.85, 1))
    ]
    assert min(shares) > 0.002
    assert shares[-1] > 0.4


def test_told_red_is_red_and_the_rest_nearly_without_colour() -> None:
    view = _view(*_LAKE)
    seen = _painted(*_LAKE).astype(int)
    apart = seen[:, :, 0] - seen[:, :, 2]
    assert apart[view.coloured].mean() > 60
    assert np.median(apart[~view.of_subject]) < 35


@pytest.mark.parametrize("manner", ["orchid", "nail", "wire", "blade", "wedge"])
def test_brush_presses_and_lifts(manner: str) -> None:
    press = pressure(manner, np.linspace(0, 1, 50))  # type: ignore[arg-type]
    assert (press > 0).all()
    assert press.max() <= 1.2
    assert press[-1] < 0.72 * press.max()


def test_dry_stroke_splits_and_a_wet_one_covers() -> None:
    path = np.stack([np.linspace(10, 190, 40), np.full(40, 30.0)], 1)
    covered = []
    for dry in (0.0, 0.9):
        brush = Brush((60, 200), 1.0, np.random.default_rng(1), None)
        brush.stroke(path, 20, 1.0, "wire", dry=dry)
        covered.append(float(brush.line.mean()))
    assert covered[1] < 0.9 * covered[0]


def test_each_outline_is_drawn_once_by_the_form_in_front() -> None:
    view = _view(*_LAKE)
    forms = forms_of(view.drawing, view.shape[1], lambda layer: not is_land(layer))
    runs = list(forms.contours(lambda form: True, 6))
    assert len(runs) > 5
    borders = []
    for number, line in runs:
        x, y = line.astype(int).T
        assert (forms.label[y, x] == number).all()
        about = cv2.erode(forms.label.astype(np.float32), np.ones((5, 5)))  # the least of what is near
        borders += (about[y, x] < number).tolist()
    assert np.mean(borders) > 0.9


def test_strokes_begin_anew_at_corners() -> None:
    side = np.arange(60.0)
    square = np.concatenate([np.stack([side, 0 * side], 1), np.stack([0 * side + 60, side], 1)])
    parts = strokes_of(square, np.random.default_rng(1), 1.0, 1000)
    assert len(parts) == 2
    assert all(np.ptp(part, axis=0).min() < 8 for part in parts)


def test_wet_wash_loses_its_edge() -> None:
    tone = np.zeros((200, 300), np.float32)
    tone[:, 150:] = 0.6
    sharp, lost = (bled(np.random.default_rng(1), tone, 0.6, wet) for wet in (0.0, 1.0))
    assert np.abs(np.diff(sharp, axis=1)).max() > 2 * np.abs(np.diff(lost, axis=1)).max()


def test_hairs_run_along_the_stroke() -> None:
    marks = hairs(np.random.default_rng(1), np.zeros((120, 160), np.float32), 1.0)
    assert np.abs(np.diff(marks, axis=1)).mean() < 0.5 * np.abs(np.diff(marks, axis=0)).mean()


def test_svg_of_strokes_keeps_colour_and_lies_without_gaps() -> None:
    laid = _laid(*_LAKE)[1]
    colours = np.array([[int(s.colour[k : k + 2], 16) for k in (1, 3, 5)] for s in laid])
    assert ((colours[:, 0] - colours[:, 2]) > 60).any()
    ramp = np.repeat(np.linspace(240, 20, 200, dtype=np.uint8)[None, :, None], 60, 0).repeat(3, 2)
    steps = graded(ramp, 6)
    widths = [float(np.ptp(s.path[:, 0])) for s in steps]
    assert widths == sorted(widths, reverse=True)  # each lies on the next lighter one


def test_resampled_path_keeps_its_ends() -> None:
    path = resampled(np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 30.0]]), 2.0)
    assert path[0].tolist() == [0, 0]
    assert path[-1].tolist() == [10, 30]
    assert len(path) == 20
