"""The narrative forms in Chinese, with an engine that completes at once."""

from __future__ import annotations

import pytest

from miaobi.compose import compose
from miaobi.craft.plot.narrative import Narrative
from miaobi.craft.screenplay import fdx, fountain
from miaobi.craft.text.prose import length_score
from miaobi.craft.text.repetition import repeated_sentences
from miaobi.craft.text.sentence import length
from miaobi.errors import BriefError
from miaobi.forms.writing.novel import chapter_title
from miaobi.forms.writing.prose import Essay
from tests.parrot import Parrot

IDEAS = ["灯塔守护人在瓶子里发现一封信", "老茶馆要拆了，掌柜不肯走", "孤独"]


@pytest.mark.parametrize("wanted", [800, 1_200, 2_000])
@pytest.mark.parametrize("idea", IDEAS)
def test_story_keeps_its_length_and_has_no_finding(idea: str, wanted: int) -> None:
    for seed in range(4):
        brief = {"form": "story", "idea": idea, "language": "zh", "seed": seed, "length": wanted}
        work = compose(brief, engine=Parrot(), formats=["txt"])
        got = length(Narrative.model_validate(work.content).text(), "zh")
        assert not work.findings, (seed, [f.message for f in work.findings])
        assert length_score(wanted, got) >= 95, (seed, got)


def test_what_the_engine_put_in_is_counted_as_its_own() -> None:
    work = compose({"form": "story", "idea": IDEAS[0], "language": "zh", "seed": 2}, engine=Parrot(), formats=["txt"])
    got = length(Narrative.model_validate(work.content).text(), "zh")
    assert work.record.authorship["engine"] > 10
    assert sum(work.record.authorship.values()) == pytest.approx(got, abs=20)


def test_title_of_the_brief_is_kept_and_latin_words_of_the_idea_are_no_fault() -> None:
    brief = {"form": "story", "idea": "程序员收到AI写的一封信", "language": "zh", "seed": 1, "title": "回信"}
    work = compose(brief, engine=Parrot(), formats=["txt"])
    assert work.content["title"] == "回信"


@pytest.mark.parametrize("wanted", [520, 600, 720])
@pytest.mark.parametrize("idea", ["谈谈夜里走路", "外婆的豆腐", "老家的桥", "自由"])
def test_essay_keeps_its_length_and_has_no_finding(idea: str, wanted: int) -> None:
    for seed in range(5):
        brief = {"form": "prose", "idea": idea, "language": "zh", "seed": seed, "length": wanted}
        work = compose(brief, engine=Parrot(), formats=["txt"])
        got = length(Essay.model_validate(work.content).text(), "zh")
        assert not work.findings, (seed, [f.message for f in work.findings])
        assert length_score(wanted, got) >= 95, (seed, got)


@pytest.mark.parametrize("wanted", [850, 900, 960])
@pytest.mark.parametrize("idea", [*IDEAS, "茶馆老板娘遇见一个不说话的孩子", "戏班的琴师弄丢了师父的胡琴"])
def test_screenplay_keeps_its_length_and_reads_back_from_fountain_and_fdx(idea: str, wanted: int) -> None:
    for seed in range(4):
        brief = {"form": "screenplay", "idea": idea, "language": "zh", "seed": seed, "length": wanted}
        work = compose(brief, engine=Parrot(), formats=["fountain", "fdx"])
        by_ending = {r.name.rpartition(".")[2]: r.content for r in work.renderings}
        story = Narrative.model_validate(work.content)
        got = sum(length(line.text, "zh") for _, line in story.lines())
        assert not work.findings, (seed, [f.message for f in work.findings])
        assert length_score(wanted, got) >= 95, (seed, got)
        script = fountain.parse(by_ending["fountain"].decode())
        assert fdx.read(by_ending["fdx"]).elements == script.elements
        headings = [e.text for e in script.elements if e.kind == "scene"]
        assert len(headings) == 10
        assert all(heading.startswith(("内景 ", "外景 ")) for heading in headings)


@pytest.mark.parametrize(
    ("wanted", "chapters"), [(3_600, 6), (5_000, 0), pytest.param(11_000, 20, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("idea", ["小镇邮差必须把最后一封信送到被水库淹没的村子", "边关驿卒替将军送一封家书"])
def test_novel_keeps_its_length_its_names_and_its_chapters(idea: str, wanted: int, chapters: int) -> None:
    brief = {"form": "novel", "idea": idea, "language": "zh", "seed": 5, "length": wanted}
    work = compose(brief | {"options": {"chapters": chapters}}, engine=Parrot(), formats=["txt"])
    story = Narrative.model_validate(work.content)
    got = length(story.text(), "zh")
    assert not work.findings, [f.message for f in work.findings]
    assert length_score(wanted, got) >= 95, got
    assert len(story.acts) == (chapters or 8)
    assert story.acts[0].title.startswith("第一章 ")
    assert repeated_sentences(story.text(), "zh") == []


@pytest.mark.parametrize(("number", "title"), [(1, "第一章 渡口"), (10, "第十章 渡口"), (21, "第二十一章 渡口")])
def test_chapters_are_numbered_as_chinese_books_do(number: int, title: str) -> None:
    assert chapter_title(number, "渡口", "zh") == title


def test_novel_that_does_not_fit_its_chapters_is_refused_in_characters() -> None:
    brief = {"form": "novel", "idea": IDEAS[0], "language": "zh", "length": 12_000, "options": {"chapters": 8}}
    with pytest.raises(BriefError, match="字"):
        compose(brief, engine=Parrot())


def test_idea_without_a_chinese_word_is_refused() -> None:
    with pytest.raises(BriefError, match="no Chinese character"):
        compose({"form": "story", "idea": "a sea", "language": "zh"}, engine=Parrot())
