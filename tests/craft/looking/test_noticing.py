"""What colour and shape say of a picture: steady, and right where it can be known."""

from __future__ import annotations

import numpy as np
import pytest

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.craft.drawing.words.reading import read_wish
from miaobi.craft.looking.noticing import notice
from miaobi.craft.looking.palette import palette_of
from miaobi.craft.looking.telling import account, colour_name, idea_of
from miaobi.studio.sight import bible, brief_values
from tests.parrot import Parrot


def _halves(above: tuple[int, int, int], below: tuple[int, int, int]) -> np.ndarray:
    image = np.empty((120, 180, 3), np.uint8)
    image[:70], image[70:] = above, below
    return image


def test_palette_holds_the_colours_with_their_shares() -> None:
    found = palette_of(_halves((40, 60, 200), (240, 230, 60)))
    assert len(found) == 2
    assert [share for _, share in found] == pytest.approx([0.58, 0.42], abs=0.03)
    assert [colour_name(c, "en") for c, _ in found] == ["blue", "pale yellow"]
    assert [colour_name(c, "zh") for c, _ in found] == ["蓝", "淡黄"]


def test_horizon_weight_and_symmetry_are_measured() -> None:
    image = _halves((150, 190, 240), (60, 120, 50))
    assert notice(image).horizon == pytest.approx(70 / 120, abs=0.03)
    assert notice(image).symmetry > 0.9
    image[20:50, 140:170] = (200, 30, 30)
    seen = notice(image)
    assert seen.weight[0] > 0.6
    assert seen.symmetry < 0.9
    assert notice(np.full((50, 50, 3), 128, np.uint8)).horizon is None


@pytest.mark.parametrize(
    ("below", "ground", "season"), [((70, 130, 50), "field", "summer"), ((246, 247, 250), "snowfield", "winter")]
)
def test_view_by_day_gives_hour_place_and_season(below: tuple[int, int, int], ground: str, season: str) -> None:
    seen = notice(_halves((120, 170, 235), below))
    assert seen.hour in ("noon", "morning")
    assert (seen.ground, seen.season) == (ground, season)
    assert read_wish(idea_of(seen, "en")).season == season
    assert read_wish(idea_of(seen, "zh")).season == season


def test_night_and_sunset_are_told_from_day_and_seed_a_brief() -> None:
    night, sunset = notice(_halves((20, 24, 50), (10, 12, 20))), notice(_halves((230, 130, 90), (90, 60, 70)))
    assert (night.hour, sunset.hour) == ("night", "sunset")
    assert (night.mood, sunset.mood) != ("calm", "calm")
    values = brief_values(sunset, "picture", "a ship comes home", "en")
    brief = Brief.parse(values)
    asked = read_wish(brief.idea, brief.tone)
    assert asked.hour == "sunset"
    assert ("ship", 1) in asked.subjects
    assert brief.options["palette"].startswith("#")
    assert "夕阳" in brief_values(sunset, "", "", "zh")["idea"]
    assert bible(night, "en").palette


def test_work_made_from_a_picture_shows_it() -> None:
    seen = notice(_halves((230, 130, 90), (90, 60, 70)))
    values = brief_values(seen, "picture", "a ship", "en")
    brief = Brief.parse(values | {"options": values["options"] | {"size": 256, "medium": "none"}})
    work = compose(brief, engine=Parrot(), formats=("svg",))
    assert work.content["scene"]["hour"] == "sunset"
    assert work.bible is not None
    assert set(work.bible.palette) == {colour for colour, _ in seen.palette}
    assert "ship" in work.bible.motifs


def test_portrait_or_pattern_is_not_given_an_hour() -> None:
    image = np.full((160, 120, 3), 90, np.uint8)
    y, x = np.mgrid[:160, :120]
    image[(x - 60) ** 2 + (y - 80) ** 2 < 1600] = (220, 170, 140)
    seen = notice(image)
    assert (seen.hour, seen.ground, seen.season, seen.disc) == ("", "", "", None)
    for language in ("en", "zh"):
        assert idea_of(seen, language)
        assert account(seen, language)


def test_same_picture_gives_the_same_words() -> None:
    image = np.random.default_rng(1).integers(0, 255, (90, 140, 3), dtype=np.uint8)
    assert notice(image) == notice(image.copy())
