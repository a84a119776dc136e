from __future__ import annotations

from random import Random

import pytest

from miaobi.craft.prosody.english.metre import METRES
from miaobi.craft.prosody.english.scansion import scan, words_in
from miaobi.craft.verse.broadside import broadside
from miaobi.craft.verse.filling import Filling
from miaobi.craft.verse.frame import Frame, frames, openers
from miaobi.craft.verse.lexicon import lexicon_of, moods, worlds
from miaobi.craft.verse.pattern import pattern
from miaobi.craft.verse.phrase import sound
from miaobi.craft.verse.plan import distinct, reachable_ends, safe_ends
from miaobi.craft.verse.theme import read_theme
from miaobi.work import Imprint

SEA = lexicon_of(("sea",))
PENTAMETER = METRES["iambic pentameter"]
STAGES = ("scene", "deed", "person", "turn", "close", "line", "refrain")


@pytest.mark.parametrize("idea", ["A lighthouse keeper finds a message in a bottle", "The sea", "Autumn in the city"])
@pytest.mark.parametrize("stage", STAGES)
def test_most_frames_of_a_stage_fill_a_pentameter(idea: str, stage: str) -> None:
    theme = read_theme(idea)
    own = [f for f in frames(stage) if f.needs <= set(theme.names)]
    ends = [[reachable_ends(line.places, PENTAMETER) for line in f.read(SEA, theme.names)] for f in own]
    assert sum(all(found) for found in ends) >= min(len(own), 3)


@pytest.mark.parametrize("seed", range(20))
def test_line_drawn_by_craft_scans_fills_its_frame_and_ends_as_wanted(seed: int) -> None:
    chance = Random(seed)
    frame = chance.choice([f for f in frames("scene") if f.lines == 2])
    for line in frame.read(SEA, {"it": ("the sea",)}):
        ends = frozenset(sorted(reachable_ends(line.places, PENTAMETER))[:3])
        if "" in line.places[-1].phrases or not ends:
            continue
        filling = Filling(line, PENTAMETER, ends)
        text = filling.draw(chance)
        assert scan(text, PENTAMETER) is not None
        assert words_in(text)[-1][0].lower() in ends
        assert filling.accepts(text)
        assert not filling.accepts(text + " again")
        assert not filling.accepts(text.rsplit(" ", 1)[0])


def test_article_never_stands_before_a_vowel() -> None:
    line = Frame("I {hold} a {thing} and one {thing}").read(SEA, {})[0]
    after = [place for place in line.places if place.kind == "thing"]
    assert not [p for p in after[0].phrases if p[0] in "aeiou"]
    assert [p for p in after[1].phrases if p[0] in "aeiou"]
    either = Frame("[a|one] {light}").read(SEA, {})[0]
    assert not [p for p in either.places[1].phrases if p[:1] in tuple("aeio")]


def test_line_closes_with_what_its_subject_can_do() -> None:
    third, first, none = (
        set(Frame(source).read(SEA, {"it": ("the sea",)})[0].places[-1].phrases)
        for source in ("the {light} {shine.s} {tail}", "I {bide} {tail}", "and here {it}, {tail}")
    )
    assert {"and fades away", "and will not go", "and slips away"} & third
    assert "and learn to wait" in first - third - none
    assert not [p for p in first | none if p.startswith("and will not go")]


def test_sentence_within_a_line_begins_with_a_capital_whatever_is_left_out() -> None:
    line = Frame("I {hold} {it}. ([all]) the {light} {shine.s}").read(SEA, {"it": ("the sea",)})[0]
    begun = next(place for place in line.places if "The" in place.phrases)
    assert begun.phrases == ("All the", "The")


@pytest.mark.parametrize(
    ("idea", "it", "role", "deed"),
    [
        ("A lighthouse keeper finds a message in a bottle", "the message", "lighthouse keeper", "find a message"),
        ("My grandmother's kitchen", "the kitchen", "", ""),
        ("Autumn in the city", "autumn", "", ""),
        ("Missing an old friend", "my friend", "", ""),
        ("The last train home", "the train", "", ""),
        ("Loneliness", "loneliness", "", ""),
        ("Teaching my daughter to ride a bicycle", "the bicycle", "", ""),
        ("Moving out of the house where I grew up", "the house", "", ""),
    ],
)
def test_theme_is_read_from_the_idea(idea: str, it: str, role: str, deed: str) -> None:
    theme = read_theme(idea)
    assert theme.it[0] == it
    assert (theme.role[:1] or ("",))[0] == role
    assert (theme.deed[:1] or ("",))[0] == deed


def test_every_world_and_mood_has_words_of_every_kind() -> None:
    for name in worlds():
        lexicon = lexicon_of((name,))
        assert all(lexicon.words(kind) for kind in ("place", "thing", "creature", "light", "weather", "many", "adj"))
    for mood in moods():
        assert lexicon_of(("sea",), mood).words("adj") != SEA.words("adj")


def test_distinct_finds_a_word_for_each_line_or_says_there_is_none() -> None:
    assert distinct(["ab", "bc", "c"], [])
    assert not distinct(["ab", "ab", "b"], [])
    assert not distinct(["ab", "b"], ["a"])


def test_line_may_not_take_the_last_rhyme_of_one_to_come() -> None:
    assert safe_ends(["night", "light", "white"], [["light"]], []) == {"night", "white"}
    assert safe_ends(["night", "light"], [["light"], ["white"]], ["might"]) == {"night"}


def test_pattern_knows_its_refrains_and_partners() -> None:
    made = pattern("small", [("A1BA2", "iambic pentameter", "scene"), ("ABA1", "iambic pentameter", "close")])
    assert made.scheme == "ABA ABA"
    assert made.lines[5].repeats == 0
    assert made.partners(3) == [0, 2]
    assert made.partners(5) == [2, 3]


def test_no_letter_but_x_and_z_lacks_an_opener() -> None:
    assert set("abcdefghijklmnopqrstuvwxyz") - set(openers()) == {"x", "z"}


def test_broadside_is_well_formed_and_holds_every_line_within_its_sheet() -> None:
    from xml.etree import ElementTree

    lines = ["The lantern burns above the silver door", "And <cold> rain falls & falls once more"]
    imprint = Imprint(identifier="x", notice="AI-generated (miaobi)", language="en", title="The Lantern")
    root = ElementTree.fromstring(broadside("The Lantern", "for Anna", [lines], imprint))
    texts = ["".join(t.itertext()) for t in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["The Lantern", "for Anna", *lines, "AI-generated (miaobi)"]
    height = float(root.attrib["height"])
    assert all(0 < float(t.attrib["y"]) < height for t in root.iter("{http://www.w3.org/2000/svg}text"))


def test_a_town_is_where_and_not_what() -> None:
    theme = read_theme("A baker in Leeds")
    assert theme.town == ("Leeds",)
    assert "leeds" not in " ".join((*theme.it, *theme.titles)).lower().replace("a baker in leeds", "")
    assert read_theme("A baker loses a spoon").town == ()


def test_the_wind_that_blows_does_not_rhyme_with_the_mind() -> None:
    assert sound("wind") != sound("mind")
    assert sound("wind") == sound("sinned")
    assert sound("mind") == sound("kind")
