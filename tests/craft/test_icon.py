"""Icons as rings: path data read, written as events and back, drawn the same, mirrored exactly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miaobi.craft.icon.glyph import Corner, Glyph, Stroke, area, drawn, events, glyph_of, mirrored, path_data, read
from miaobi.craft.icon.likeness import SIDE, nearest, taken_for
from miaobi.craft.icon.measure import overlap, raster, spindly
from miaobi.craft.icon.path import rings
from miaobi.craft.icon.stroke import borrowed, framed_for, strokes_for
from miaobi.craft.icon.word import asked, drawable
from miaobi.errors import BriefError

HOUSE = "M10,20V14H14V20H19V12H22L12,3L2,12H5V20H10Z"
RING = "M12 2a10 10 0 1 0 0 20a10 10 0 0 0 0-20zm0 2a8 8 0 0 1 0 16A8 8 0 014 12a8 8 0 018-8z"
CURVED = "M4 12C4 7.6 7.6 4 12 4S20 7.6 20 12 16.4 20 12 20 4 16.4 4 12Z"
ELLIPSE = "M2 12A10 5 0 0 1 22 12A10 5 0 0 1 2 12Z"


@pytest.mark.parametrize("data", [HOUSE, RING, CURVED, ELLIPSE], ids=["lines", "arcs", "curves", "ellipse"])
def test_path_is_drawn_the_same_on_the_grid_and_told_by_half(data: str) -> None:
    glyph = glyph_of(rings(data))
    assert glyph is not None
    assert overlap(raster(data, 96, "nonzero"), raster(path_data(glyph), 96)) > 0.95
    assert {s.kind for s in glyph.strokes} == {"half"}
    assert read(events(glyph)) == glyph


def test_mirror_image_is_exact() -> None:
    told = "upright half x24 y6 x44 y24 t+90 x38 y40 x24 y40 twin x30 y10 x36 y10 x36 y16 end"
    glyph = read(told.split())
    upright, lying = (drawn(Glyph(glyph.strokes, lying=lying)) for lying in (False, True))
    spots = {(c.x, c.y) for ring in upright for c in ring}
    assert spots == {(48 - x, y) for x, y in spots}
    assert {(c.y, c.x) for ring in lying for c in ring} == spots
    assert all(area(ring) > 0 for ring in upright + lying)  # all of them clockwise


def test_square_is_a_square_whatever_its_commands() -> None:
    written = {
        path_data(g) for d in ("M4 4H20V20H4Z", "m4 4h16v16h-16z", "M4,20L20 20 20,4 4 4") if (g := glyph_of(rings(d)))
    }
    assert len(written) == 1


_CORNER = st.builds(Corner, st.integers(0, 48), st.integers(0, 48), st.sampled_from([0.0, 90.0, -45.0, 180.0]))


@given(st.lists(_CORNER, min_size=3, max_size=6, unique_by=lambda c: (c.x, c.y)))
@settings(max_examples=60, deadline=None)
def test_ring_is_read_back_and_its_mirror_image_twice_is_itself(ring: list[Corner]) -> None:
    glyph = Glyph((Stroke("one", tuple(ring)),))
    assert read(events(glyph)) == glyph
    assert mirrored(mirrored(ring)) == tuple(ring)
    assert len(drawn(glyph)) == 1


@pytest.mark.parametrize("data", ["M1", "M1 1L2", "M0 0A1 1 0 0 1 3"])
def test_what_is_no_path_is_refused(data: str) -> None:
    with pytest.raises(BriefError, match="no path data"):
        rings(data)


def test_copy_is_found_and_a_house_is_taken_for_a_house() -> None:
    picture = raster(HOUSE, SIDE)
    near = nearest(picture, 10)
    assert near[0].name == "home"
    assert near[0].overlap == 1.0
    assert taken_for(near, ("home",)) > 0.8
    assert taken_for(near, ("calendar",)) == 0.0
    assert nearest(picture[:, ::-1], 1)[0].name == "home"
    noise = np.random.default_rng(0).random((SIDE, SIDE)).astype(np.float32)
    near = nearest(noise, 10)
    assert taken_for(near, (near[0].name.split("-")[0],)) < 0.2


def test_splinters_are_told_from_strokes() -> None:
    assert spindly(raster("M4 4H20V20H4Z", 48)) < 0.02
    assert spindly(raster("M4 4H20V4.4H4Z", 48)) > 0.5


def test_words_are_found_in_both_languages_and_strangers_are_named() -> None:
    assert asked("An icon of houses with a lock", "en").words == ("home", "lock")
    assert asked("房子和日历", "zh").words == ("home", "calendar")
    found = asked("a dragon's calender", "en")
    assert found.words == ()
    assert "dragon" in found.unknown
    assert "calendar" in found.near
    assert len(drawable()) > 80


def test_strokes_of_a_word_begin_its_icons_and_one_alone_is_borrowed() -> None:
    first, every = strokes_for(("home",))
    assert set(first) <= set(every)
    assert borrowed([*first[0], "end"])
    small, frames = framed_for(("home",))
    assert borrowed([*small[0], "end"])
    assert not borrowed([*small[0], *frames[0][1:], "end"])
