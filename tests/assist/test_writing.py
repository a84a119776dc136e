from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from miaobi.assist.ideas import ideas
from miaobi.assist.judgement import judge
from miaobi.assist.passage import passage
from miaobi.assist.pen import nouns, openers_for, pen_for, voice_of
from miaobi.assist.writing import alternatives, go_on
from miaobi.craft.text.sentence import length, sentences
from miaobi.craft.text.stylometry import profile
from miaobi.engines.scripted import Scripted
from miaobi.errors import BriefError, DraftError
from miaobi.forms import find
from tests.parrot import Parrot

TEXT = """\
The lighthouse stood at the end of the causeway. Marta unlocked the door when the bell rang. The key turned easily.

She put her bag on the bottom step, and she listened to the wind. Somewhere above her a shutter knocked."""
SHORT = "He ran. He fell. The rain came. He rose. It was late. He ran on. The dog barked. Nobody came. " * 4
LONG = (
    "When the long grey evening of the feast had at last gone down behind the roofs of the lower town, and the carts"
    " had all been drawn away, the old woman who kept the gate would sit beneath the wall and count the lamps along"
    " the quay, one after another, until the last of them went out. "
) * 4


class TwoVoices(Parrot):
    """Writes one short phrase, one long, and so on."""

    def _phrase(self, rng: np.random.Generator) -> str:
        short = super()._phrase(rng)
        return (
            short + f" of the {rng.choice(THINGS)}, where the {rng.choice(THINGS)} was"
            if rng.random() < 0.5
            else short[:14]
        )


THINGS = ["wall", "cellar", "yard", "quay", "hill", "tower", "garden", "stove", "roof", "field", "ditch", "barn"]


def test_continuation_is_the_engine_s_and_long_enough() -> None:
    told = go_on(TEXT, 40, pen_for(TEXT, "en", Parrot(), seed=1))
    assert length(told, "en") >= 40
    assert told.startswith(" ")
    said = sentences(told, "en")
    assert len(set(said)) == len(said)
    assert not set(said) & set(sentences(TEXT, "en"))


def test_same_seed_gives_the_same_words_and_another_seed_others() -> None:
    told = [go_on(TEXT, 40, pen_for(TEXT, "en", Parrot(), seed=seed)) for seed in (1, 1, 2)]
    assert told[0] == told[1] != told[2]


def test_sentence_that_breaks_off_is_ended_first() -> None:
    told = go_on(TEXT + " The old lamp", 20, pen_for(TEXT, "en", Parrot(), seed=1))
    assert told[:1] == " "
    assert told.split()[0][0].islower()


def test_chinese_goes_on_in_chinese() -> None:
    text = "老人坐在船头，望着海。他一句话也没说。"
    script = ["浪一下一下拍着船舷。", "He spoke.", "我想回家。", "他把灯捻亮了一些。"] * 64
    told = go_on(text, 8, pen_for(text, "zh", Scripted(script), seed=1))
    assert length(told, "zh") >= 8
    assert "He" not in told
    assert "我" not in told


def test_engine_with_nothing_good_is_told_not_used() -> None:
    with pytest.raises(DraftError, match="no continuation"):
        go_on(TEXT, 40, pen_for(TEXT, "en", Scripted([" is a testament to resilience."] * 2_000)))


def test_voice_is_read_from_the_text() -> None:
    voice = voice_of(TEXT, "en")
    assert (voice.tense, voice.person, voice.names) == ("past", "third", frozenset({"Marta"}))
    assert voice.pronouns == {"she"}
    assert voice_of("I walk home. I see a dog. It is late. I am cold.", "en").person == "first"
    assert voice_of("我走回家。我看见一条狗。", "zh").person == "first"


def test_openers_are_things_and_people_of_the_text() -> None:
    assert nouns("She put her bag on the old step. The small key lay by a door.") == ["bag", "step", "key", "door"]
    openers = openers_for(TEXT, voice_of(TEXT, "en"))
    assert "The shutter" in openers
    assert openers[-1] == ""


def test_alternatives_are_ranked_different_and_say_whose_they_are() -> None:
    where = passage(TEXT, "Marta unlocked the door when the bell rang.")
    found = alternatives(TEXT, where, 20, pen_for(TEXT, "en", Parrot(), seed=1))
    assert len({a.text for a in found}) == len(found) >= 5
    assert where.text not in {a.text for a in found}
    assert {a.author for a in found} == {"engine", "craft"}
    assert "When the bell rang, Marta unlocked the door." in {a.text for a in found if a.author == "craft"}
    assert any(a.text.startswith("Marta ") for a in found if a.author == "engine")


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ("When the bell rang, she left.", "She left when the bell rang."),
        ("She left because the bell rang.", "Because the bell rang, she left."),
        ("She put her bag down, and she listened.", "She put her bag down. She listened."),
        ("It was very cold.", "It was cold."),
    ],
)
def test_rules_offer_alternatives(said: str, other: str) -> None:
    found = alternatives(said, passage(said, ""), 20, pen_for(said, "en", Parrot(), seed=1))
    assert other in {a.text for a in found if a.author == "craft"}


def test_passage_without_words_is_refused() -> None:
    with pytest.raises(BriefError, match="empty"):
        alternatives("A. \n\nB.", passage("A. \n\nB.", "2:4"), 3, pen_for("A.", "en", Parrot()))


def test_sample_of_style_draws_the_voice_towards_it() -> None:
    """An engine that writes short sentences and long ones: the sample decides which stand."""
    told = {
        name: go_on(TEXT, 40, pen_for(TEXT, "en", TwoVoices(), seed=1, sample=sample))
        for name, sample in (("none", ""), ("short", SHORT), ("long", LONG))
    }
    near = {name: profile(text, "en") for name, text in told.items()}
    for sample, name, other in ((SHORT, "short", "long"), (LONG, "long", "short")):
        wanted = profile(sample, "en")
        assert near[name].distance(wanted) < near[other].distance(wanted)
        assert near[name].distance(wanted) <= near["none"].distance(wanted)


def test_voices_are_told_apart() -> None:
    assert profile(SHORT, "en").distance(profile(SHORT[: len(SHORT) // 2], "en")) < 0.2
    assert profile(SHORT, "en").distance(profile(LONG, "en")) > 1
    assert profile("他来了，又走了。", "zh").distance(profile("他来了，又走了。", "zh")) == 0


@pytest.mark.parametrize("kind", ["titles", "names", "what-ifs"])
@pytest.mark.parametrize(
    ("text", "language"),
    [("A lighthouse keeper finds a message in a bottle", "en"), (TEXT, "en"), ("老木匠在海边捡到一封信", "zh")],
)
def test_ideas_are_different_and_the_same_for_the_same_seed(kind: str, text: str, language: str) -> None:
    found = ideas(text, kind, 6, language, seed=3)  # type: ignore[arg-type]
    assert len({t.text for t in found}) == 6
    assert found == ideas(text, kind, 6, language, seed=3)  # type: ignore[arg-type]
    assert found != ideas(text, kind, 6, language, seed=4)  # type: ignore[arg-type]
    assert not any("{" in t.text for t in found)


def test_ideas_speak_of_what_the_person_wrote() -> None:
    titles = ideas("A lighthouse keeper finds a message in a bottle", "titles", 20, "en")
    assert any("Message" in t.text for t in titles)
    assert any("信" in t.text for t in ideas("老木匠在海边捡到一封信", "titles", 10, "zh"))
    assert "Marta" not in {t.text for t in ideas(TEXT, "names", 50, "en")}
    ended = ideas(TEXT, "what-ifs", 9, "en", pen=pen_for(TEXT, "en", Parrot()))
    assert {t.author for t in ended} == {"engine", "craft"}


def test_unknown_kind_of_ideas_says_the_legal_ones() -> None:
    with pytest.raises(BriefError, match="no kind") as caught:
        ideas("x", "plots", 3, "en")
    assert "what-ifs" in caught.value.hint


def test_own_story_is_judged_with_places() -> None:
    text = (
        "# Mine\n\nMarta walked home. Marta sat down by the cold stove.\n\n"
        "Then she saw Martha at the window. She walked home and is tired. Marta sat down by the cold stove."
    )
    found = judge(text, find("story"), "en")
    rules = {r.rule: r for r in found}
    assert {"repeated-sentence", "tense-drift", "name-drift"} <= set(rules)
    assert all(text[r.start : r.end] == r.text for r in found)
    assert rules["name-drift"].text == "Martha"
    assert rules["tense-drift"].line == 5


def test_form_that_does_not_know_the_language_says_so() -> None:
    with pytest.raises(BriefError, match="zh"):
        judge("一篇文章。", replace(find("story"), languages=("en",)), "zh")


def test_own_screenplay_is_judged() -> None:
    text = "Title: Mine\n\nINT. KITCHEN - DAY\n\nMarta opens the door.\n\nMARTA\n(low)\nWho is there?\n\nNobody is.\n"
    assert [r.rule for r in judge(text, find("剧本"), "en") if r.severity == "error"] == []
    wrong = text + "\nI am the wind.\n\nMarta opens the door and waits.\n\nMarta opens the door and waits.\n"
    assert {"person-drift", "repeated-sentence"} <= {r.rule for r in judge(wrong, find("剧本"), "en")}


def test_form_that_needs_facts_says_so() -> None:
    with pytest.raises(BriefError, match="needs what the text was made from") as caught:
        judge("A text.", find("news"), "en")
    assert "story" in caught.value.hint


@pytest.mark.checkpoint
@pytest.mark.slow
def test_real_checkpoint_goes_on_in_the_person_tense_and_cast_of_the_text(default_gguf: Path) -> None:
    from miaobi.assist.critique import criticise
    from miaobi.engines import open_engine

    engine = open_engine(str(default_gguf))
    try:
        told = go_on(TEXT, 25, pen_for(TEXT, "en", engine, seed=1))
        assert told == go_on(TEXT, 25, pen_for(TEXT, "en", engine, seed=1))
        found = alternatives(TEXT, passage(TEXT, "The key turned easily."), 3, pen_for(TEXT, "en", engine, seed=1))
    finally:
        engine.close()
    assert length(told, "en") >= 25
    remarks = {r.rule for r in criticise(TEXT + told, "en")}
    assert not remarks & {"repeated-sentence", "person-drift", "tense-drift", "worn-phrase"}
    assert len(found) == 3
