"""Tens of English poems with an engine that only chooses, judged by the second checker; the demands of a brief."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from miaobi.compose import compose
from miaobi.errors import BriefError
from miaobi.forms import admit, find
from miaobi.work import Work
from tests.cli.run import run
from tests.forms.art.demands import MET, REFUSED
from tests.forms.art.second import faults
from tests.parrot import Parrot

IDEAS = ("A lighthouse keeper finds a message in a bottle", "Autumn in the city", "The sea", "A robot learns to garden")
PENTAMETER, LONG, SHORT = {10, 11}, {8, 9, 10}, {5, 6, 7}
KEPT = {
    "sonnet": ("ABABCDCDEFEFGG", [PENTAMETER] * 14),
    "heroic-couplets": ("AABBCCDDEEFF", [PENTAMETER] * 12),
    "terza-rima": ("ABABCBCDCDEDE", [PENTAMETER] * 13),
    "villanelle": ("ABAABAABAABAABAABAA", [PENTAMETER] * 19),
    "ballad": ("xAxA" + "xBxB" + "xCxC" + "xDxD" + "xExE", [{8, 9}, {6, 7}] * 10),
    "limerick": ("AABBA", [LONG, LONG, SHORT, SHORT, LONG]),
    "haiku": ("xxx", [{5}, {7}, {5}]),
    "free-verse": ("x" * 12, [set(range(3, 15))] * 12),
}


def lines_of(work: Work) -> list[str]:
    return [line["text"] for stanza in work.content["stanzas"] for line in stanza]


@pytest.mark.parametrize("form", KEPT)
@pytest.mark.parametrize("seed", range(4))
def test_every_poem_keeps_syllables_and_rhyme_by_the_second_checker(form: str, seed: int) -> None:
    work = compose({"form": form, "idea": IDEAS[seed], "seed": seed}, engine=Parrot(), formats=["txt"])
    scheme, allowed = KEPT[form]
    lines = lines_of(work)
    assert not faults(lines, scheme, allowed)
    repeated = 2 if form == "villanelle" else 0
    assert len(set(lines)) == len(lines) - 3 * repeated


def test_person_whom_no_anapaest_fits_gives_place_to_one_whom_it_does() -> None:
    lines = lines_of(compose({"form": "limerick", "idea": "A librarian hides a book", "seed": 3}, engine=Parrot()))
    assert "librarian" not in " ".join(lines)
    assert not faults(lines, *KEPT["limerick"])


def test_second_checker_finds_what_is_wrong() -> None:
    lines = ["The lantern burns above the sea", "The lantern burns above the sea at last", "The bell", "The stone"]
    found = faults(lines, "AxAA", [PENTAMETER, PENTAMETER, {2}, {2}])
    assert len(found) == 4  # eight syllables; sea and bell; sea and stone; bell and stone


def test_villanelle_brings_its_refrains_back_word_for_word() -> None:
    lines = lines_of(compose({"form": "villanelle", "idea": "The sea", "seed": 5}, engine=Parrot(), formats=["txt"]))
    assert lines[0] == lines[5] == lines[11] == lines[17]
    assert lines[2] == lines[8] == lines[14] == lines[18]


@pytest.mark.parametrize(("form", "options", "reason", "nearest"), REFUSED)
def test_what_can_not_be_met_is_refused_with_the_nearest_that_can(
    form: str, options: dict[str, object], reason: str, nearest: str
) -> None:
    engine = Parrot()
    with pytest.raises(BriefError) as caught:
        compose({"form": form, "idea": "the sea", "options": options}, engine=engine)
    assert reason in caught.value.message
    assert nearest in caught.value.hint
    assert engine.calls == 0  # before anything runs


@pytest.mark.parametrize(("form", "options"), MET)
def test_what_looks_impossible_and_is_not_is_met(form: str, options: dict[str, object]) -> None:
    work = compose({"form": form, "idea": "the sea", "options": options, "seed": 1}, engine=Parrot(), formats=["txt"])
    lines = lines_of(work)
    given = options.get("lines", {})
    assert isinstance(given, dict)
    for number, text in given.items():
        assert lines[number - 1] == text  # byte for byte
    acrostic = str(options.get("acrostic", ""))
    assert "".join(line[0].lower() for line in lines)[: len(acrostic)] == acrostic
    wanted = options.get("words", [])
    assert isinstance(wanted, list)
    for word in wanted:
        assert re.search(rf"\b{word}\b", "\n".join(lines), re.I)


def test_mood_changes_the_words_and_tone_stands_for_it() -> None:
    brief = {"form": "sonnet", "idea": "The sea", "seed": 1}
    plain, dark = (compose(brief | {"options": {"mood": m}}, engine=Parrot(), formats=["txt"]) for m in ("", "dark"))
    toned = compose(brief | {"tone": "gloomy"}, engine=Parrot(), formats=["txt"])
    assert lines_of(plain) != lines_of(dark) == lines_of(toned)


def test_certificate_names_reading_partners_and_what_was_given() -> None:
    options = {"lines": {3: "Rough winds do shake the darling buds of May"}, "chart": True, "dedication": "for Anna"}
    brief = {"form": "sonnet", "idea": "The sea", "options": options, "seed": 2}
    work = compose(brief, engine=Parrot())
    units = work.content["certificate"]["units"]
    assert [u["name"] for u in units] == [f"line {i}" for i in range(1, 15)]
    assert all(rule["holds"] for unit in units for rule in unit["rules"])
    by_rule = {rule["rule"]: rule["evidence"] for rule in units[2]["rules"]}
    assert by_rule["given"] == "stands as it was given"
    assert "10 syllables" in by_rule["iambic pentameter"]
    assert "(line 1)" in by_rule["rhyme"]
    text = work.rendering("txt").content.decode()
    assert "Rhyme scheme: ABAB CDCD EFEF GG" in text
    assert "for Anna" in text


def test_files_escape_what_the_person_gave() -> None:
    options = {"lines": {1: "The <b>night & day the lantern burns for me"}, "dedication": "for <script>&"}
    work = compose({"form": "heroic-couplets", "idea": "The sea", "options": options}, engine=Parrot())
    for ending in ("html", "svg"):
        content = work.rendering(ending).content.decode()
        assert "<b>night" not in content
        assert "&lt;script&gt;" in content


@pytest.mark.parametrize("form", ["sonnet", "haiku", "ballad"])
def test_poem_of_our_own_passes_when_read_back_as_a_person_s(form: str) -> None:
    work = compose({"form": form, "idea": "The sea", "seed": 3}, engine=Parrot(), formats=["txt"])
    declared = find(form)
    assert declared.read is not None
    text = "\n\n".join("\n".join(line["text"] for line in stanza) for stanza in work.content["stanzas"])
    poem = declared.read(f"# The Sea\n\n{text}\n", "en")
    assert poem.title == "The Sea"
    assert not [f for f in declared.check(work.brief, poem) if f.severity == "error"]


SONNET_73 = Path(__file__).with_name("sonnet_73.txt")


def test_a_great_sonnet_is_read_but_for_its_two_boldest_lines_and_faulted_where_it_is_spoilt() -> None:
    declared = find("sonnet")
    assert declared.read is not None
    brief = declared.example
    text = SONNET_73.read_text("utf-8")
    assert [f.message[:8] for f in declared.check(brief, declared.read(text, "en"))] == ["Line 4: ", "Line 11:"]
    spoilt = text.replace("in the west", "in the dark").replace("which shake against", "that quiver against")
    found = declared.check(brief, declared.read(spoilt, "en"))
    told = {(f.rule, f.message.split(":")[0]) for f in found}
    assert told == {("metre", "Line 3"), ("metre", "Line 4"), ("rhyme", "Line 8"), ("metre", "Line 11")}
    metre = next(f for f in found if f.message.startswith("Line 3"))
    assert metre.span is not None
    place = int(metre.span.part.removeprefix("at"))
    assert spoilt[place:].startswith(metre.span.text)


def test_slant_rhyme_of_a_person_is_remarked_and_no_error() -> None:
    declared = find("heroic-couplets")
    assert declared.read is not None
    poem = declared.read(
        "The lantern burns above the silver stone,\nAnd all the gulls return when light is gone.\n", "en"
    )
    found = declared.check(declared.example, poem)
    assert [(f.rule, f.severity) for f in found] == [("rhyme", "warning")]
    assert "slant" in found[0].message


def test_check_of_a_file_points_to_the_line_and_says_why(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("The lantern burns above the silver sea,\nAnd another return of the tide for me.\n", "utf-8")
    done = run("check", "mine.txt", "--form", "heroic-couplets", "--json", home=tmp_path)
    assert done.returncode == 65
    [finding] = json.loads(done.stdout)["findings"]
    assert finding["rule"] == "metre"
    assert "Line 2" in finding["message"]


def test_text_with_a_wrong_number_of_lines_is_told_so() -> None:
    declared = find("limerick")
    assert declared.read is not None
    found = declared.check(declared.example, declared.read("One line only.\n", "en"))
    assert [f.rule for f in found] == ["lines"]
    assert "5 lines" in found[0].message


def test_options_come_as_text_from_the_command_line() -> None:
    form = find("sonnet")
    brief = form.example.model_copy(update={"options": {"words": ["salt, rope"], "lines": json.loads('{"2": "x"}')}})
    with pytest.raises(BriefError, match="given line 2"):
        admit(form, brief)
