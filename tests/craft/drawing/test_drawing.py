from __future__ import annotations

import numpy as np
import pytest

from miaobi.craft.drawing.air import HOURS, WEATHERS, air_of
from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.check import check_frame, check_svg, ink_share
from miaobi.craft.drawing.colour import contrast, harmony, hexed, lightness, linear, mix, oklab, read_hex, unlab
from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.scene import GROUNDS
from miaobi.craft.drawing.shape import MATERIALS, box_of
from miaobi.craft.drawing.staging import composition_score
from miaobi.craft.drawing.subjects.subject import subjects
from miaobi.craft.drawing.svg import svg
from miaobi.craft.drawing.telling import alt, description
from miaobi.craft.drawing.words.reading import read_wish
from miaobi.errors import BriefError


@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#a33b20", "#1f6a78"])
def test_oklab_goes_there_and_back(colour: str) -> None:
    assert hexed(unlab(oklab(linear(colour)))) == colour


def test_colours_are_read_mixed_and_measured() -> None:
    assert read_hex(" #FaB ") == "#ffaabb"
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert lightness("#000000") < lightness(mix("#000000", "#ffffff", 0.5)) < lightness("#ffffff")
    assert harmony(["#c8452f", "#2f8f86"]) > harmony(["#ff0000", "#d8c000", "#00c030", "#0060ff", "#c000c0"])
    with pytest.raises(BriefError, match="no colour"):
        read_hex("red")


def test_what_is_far_fades_to_the_haze_and_what_is_lit_is_lighter() -> None:
    air = air_of("afternoon", "clear", "summer", -0.8)
    near, far = air.tint("#224422", 0.5, 0.0), air.tint("#224422", 0.5, 0.9)
    assert contrast(far, air.haze) < contrast(near, air.haze)
    assert lightness(air.tint("#886644", 1.0)) > lightness(air.tint("#886644", 0.1))


def test_palette_turns_hue_and_keeps_lightness() -> None:
    plain, leaning = (air_of("noon", "clear", "summer", 1, palette) for palette in ((), ("#7a2620", "#f3e3c3")))
    one, other = plain.tint("#3060a0", 0.6), leaning.tint("#3060a0", 0.6)
    assert one != other
    assert lightness(one) == pytest.approx(lightness(other), abs=0.03)


def test_there_are_a_hundred_subjects_and_more_with_words_in_both_languages() -> None:
    assert len(subjects()) >= 200
    assert all(s.words[0] and s.chinese[0] and 0 < s.share < 1 for s in subjects().values())


@pytest.mark.parametrize("name", sorted(subjects()))
def test_subject_draws_itself_about_its_height_above_its_foot(name: str) -> None:
    pen = Pen(air_of("morning", "clear", "spring", -0.7), np.random.default_rng(3), 0.1, 500, 500, 60)
    subjects()[name].draw(pen)
    left, top, right, bottom = box_of(pen.shapes)
    assert pen.shapes
    assert all(s.material in MATERIALS for s in pen.shapes)
    assert all(np.isfinite(ring).all() for s in pen.shapes for ring in s.rings)
    assert 10 < bottom - top < 160
    assert right - left < 60 * 8
    assert top < 500


@pytest.mark.parametrize(
    ("idea", "wanted"),
    [
        ("A lighthouse keeper finds a message in a bottle", ["lighthouse", "keeper", "letter", "bottle"]),
        ("three sailboats at sunset", ["sail-boat"]),
        ("plum blossom in the snow", ["plum-branch"]),
        ("孤舟蓑笠翁，独钓寒江雪", ["fishing-boat"]),
        ("江南水乡，乌篷船过石桥", ["water-village", "sampan", "bridge"]),
        ("two wolves and a fox", ["wolf", "fox"]),
    ],
)
def test_subjects_are_found_in_the_words_of_the_idea(idea: str, wanted: list[str]) -> None:
    assert [name for name, _ in read_wish(idea).subjects] == wanted


def test_hour_weather_season_and_number_are_read() -> None:
    wish = read_wish("three sailboats at sunset in the autumn rain")
    assert (wish.hour, wish.weather, wish.season) == ("sunset", "rain", "autumn")
    assert dict(wish.subjects)["sail-boat"] == 3
    assert read_wish("明月").hour == "night"
    assert read_wish("a house", "melancholy").mood == "sad"


@pytest.mark.parametrize("ground", GROUNDS)
def test_every_ground_is_drawn_allowed_and_the_same_again(ground: str) -> None:
    hour, weather = HOURS[GROUNDS.index(ground) % len(HOURS)], WEATHERS[GROUNDS.index(ground) % len(WEATHERS)]
    wish = read_wish("a traveller and a horse")
    [scene] = candidates(wish, Fixed(600, 400, ground=ground, hour=hour, weather=weather), 3, 1)
    drawing = draw(scene)
    text = svg(drawing, "A <title> & more", description(scene, "oil", "en"))
    assert check_svg(text.encode()) == []
    assert check_frame(drawing, [name for name, _ in wish.subjects]) == []
    assert text == svg(draw(scene), "A <title> & more", description(scene, "oil", "en"))
    assert "&lt;title&gt;" in text


def test_staging_keeps_the_rules_better_than_chance() -> None:
    rng = np.random.default_rng(1)
    wish = read_wish("a girl, her dog and an old oak by a cottage")
    staged, strewn = [], []
    for scene in candidates(wish, Fixed(900, 600), 5, 8):
        staged.append(composition_score(scene))
        places = [p.model_copy(update={"x": rng.uniform(), "y": rng.uniform()}) for p in scene.subjects]
        strewn.append(composition_score(scene.model_copy(update={"subjects": tuple(places)})))
    assert np.mean(staged) > np.mean(strewn) + 0.15


def test_picture_is_told_in_both_languages() -> None:
    [scene] = candidates(read_wish("two horses in the snow"), Fixed(600, 400), 1, 1)
    assert "two horses" in alt(scene, "oil", "en")
    assert "马" in alt(scene, "ink", "zh")
    assert len(description(scene, "oil", "en")) > len(alt(scene, "oil", "en"))


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("<script>alert(1)</script>", "element"),
        ('<image href="https://example.com/a.png"/>', "element"),
        ('<path d="M0 0" onload="x()"/>', "attribute"),
        ('<path d="M0 0L1 1" fill="url(https://example.com/a)"/>', "link"),
        ('<path d="M0 0" fill="javascript:1"/>', "link"),
        ("<foreignObject/>", "element"),
        ("<style>@import url(x)</style>", "element"),
        ('<path d="MNaN 0"/>', "number"),
        ("<g>", "not-well-formed"),
        ("<g>" * 80 + "</g>" * 80, "not-well-formed"),
        ("", "empty"),
    ],
)
def test_hostile_svg_is_refused_by_name(body: str, rule: str) -> None:
    text = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>t</title>{body}</svg>'
    assert rule in {f.rule for f in check_svg(text.encode())}


def test_entities_and_other_roots_are_refused() -> None:
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg><title>&b;</title></svg>'
    assert [f.rule for f in check_svg(bomb)] == ["not-well-formed"]
    assert [f.rule for f in check_svg(b"<html/>")] == ["not-well-formed"]
    assert [f.rule for f in check_svg(b"\xff\xfe\x00")] == ["not-well-formed"]


def test_ink_is_what_differs_from_the_commonest_colour() -> None:
    image = np.full((50, 50, 3), 240, np.uint8)
    assert ink_share(image) == 0
    image[:25] = 10
    assert ink_share(image) == pytest.approx(0.5)


@pytest.mark.parametrize("ground", ["hills", "snowfield"])
def test_meadow_is_dressed_where_nobody_stands(ground: str) -> None:
    scenes = candidates(read_wish("a horse pulls a cart"), Fixed(900, 600, ground=ground), 5, 4)
    grown = 0
    for scene in scenes:
        layers = draw(scene).layers
        there = [box_of(layer.shapes) for layer in layers if layer.subject]
        for layer in (one for one in layers if one.name == "growth"):
            left, _, right, foot = box_of([s for s in layer.shapes if s.solid])
            grown += 1
            assert foot > scene.horizon * scene.height
            assert all(not a < (left + right) / 2 < b for a, _, b, _ in there)
    assert grown
