from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miaobi.errors import BriefError
from miaobi.studio.library import Library
from miaobi.studio.library.database import Place
from miaobi.studio.library.search import excerpt, shadow, terms_of
from tests.postgres import fresh

POEM = "春江潮水连海平，海上明月共潮生。滟滟随波千万里，何处春江无月明。"


@pytest.fixture
def shelf(library: Library) -> Library:
    library.take_in(POEM, Path("春江花月夜.txt"), "zh")
    library.take_in("She walked along the harbour wall. The moon was bright.", Path("harbour.txt"), "en")
    library.take_in("A harbour, a harbour, a harbour: and the café by the wall, 明日再来。", Path("mixed.md"), "en")
    return library


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("明月", ["春江花月夜"]),  # two characters: no stock tokenizer finds them
        ("海上明月", ["春江花月夜"]),
        ("月", ["春江花月夜"]),
        ("花月", ["春江花月夜"]),  # in the title
        ("明日", ["mixed"]),
        ("明 日", ["mixed"]),
        ("平海", []),  # not over the end of a run
        ("月海", []),
        ("潮平", []),
        ("walking", ["harbour"]),  # stems
        ("HARBOUR bright", ["harbour"]),
        ("cafe", ["mixed"]),  # accents
        ('"harbour wall"', ["harbour"]),
        ("“wall harbour”", []),
        ("harbour 明日", ["mixed"]),
        ("nothing", []),
    ],
)
def test_query_finds(shelf: Library, query: str, titles: list[str]) -> None:
    assert [h.card.title for h in shelf.search(query)] == titles


def test_better_matches_come_first_and_show_where(shelf: Library) -> None:
    hits = shelf.search("harbour")
    assert {h.card.title for h in hits} == {"harbour", "mixed"}
    assert hits[0].card.title == "harbour"  # it stands in the title
    assert hits[0].score > hits[1].score
    assert all("arbour" in h.excerpt for h in hits)


def test_search_follows_edits_of_the_main_branch(shelf: Library) -> None:
    shelf.keep("harbour", "Nobody came to the lighthouse.")
    assert [h.card.title for h in shelf.search("lighthouse")] == ["harbour"]
    assert shelf.search("moon") == []


def test_filters_hold(shelf: Library) -> None:
    shelf.pin("b", "mixed")
    assert [h.card.title for h in shelf.search("harbour", board="b")] == ["mixed"]
    assert shelf.search("harbour", language="zh") == []
    assert shelf.search("harbour", form="story") == []


@pytest.mark.parametrize("query", ["", "  ", '"', "…!?", '""'])
def test_empty_query_is_refused(query: str) -> None:
    with pytest.raises(BriefError, match="nothing to search"):
        terms_of(query)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("empty") / "library"
    sqlite = request.param == "sqlite"
    with Library(Place(folder if sqlite else fresh(request.getfixturevalue("postgres_server")))) as library:
        yield library


@given(text=st.text(max_size=60))
def test_any_text_is_a_query_or_refused(empty: Library, text: str) -> None:
    try:
        terms = terms_of(text)
    except BriefError:
        return
    assert empty.index.search(terms, "1 = 1", (), 5) == []


@given(st.text("春江潮水连海平上明月", min_size=2, max_size=8), st.text("春江潮水，。明月a ", max_size=20))
def test_every_stretch_of_chinese_finds_its_text(run: str, around: str) -> None:
    tokens = shadow(around + "，" + run).split()
    assert all(run[i : i + 2] in tokens for i in range(len(run) - 1))
    assert all(c in tokens for c in run)


def test_excerpt_shows_the_whole_word_before_one_that_begins_alike() -> None:
    text = "The harbourmaster slept. " + "It rained. " * 30 + "In the harbour lay a boat."
    assert "In the harbour lay" in excerpt(text, "harbour")
    assert "harbourmaster" in excerpt("It rained. " * 30 + "The harbourmaster slept.", "harbour")


def test_phrase_is_found_in_the_depth_of_a_novel(library: Library) -> None:
    hay = "".join(chr(0x4E00 + (i * 7919) % 20_000) for i in range(60_000))
    library.take_in(hay + "。海上明月共潮生。" + hay[::-1], Path("long.txt"), "zh")
    library.take_in(
        "Rain fell. " * 12_000 + "The lighthouse keeper slept. " + "Rain fell. " * 12_000, Path("r.txt"), "en"
    )
    assert [h.card.title for h in library.search("海上明月共潮生")] == ["long"]
    assert [h.card.title for h in library.search('"lighthouse keepers sleep"')] == []
    assert [h.card.title for h in library.search('"lighthouse keepers slept" rain')] == ["r"]
    assert library.search("明海") == []
