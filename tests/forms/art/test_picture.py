from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from miaobi.brief import Brief, Reference
from miaobi.compose import compose
from miaobi.craft.drawing.check import check_svg
from miaobi.craft.drawing.layout import PLATFORMS
from miaobi.errors import BriefError
from miaobi.forms.art.picture import FORM
from miaobi.work import Work
from tests.parrot import Parrot


def _made(idea: str = "a fox under an old oak", formats: tuple[str, ...] = ("svg",), **more: Any) -> Work:
    options = {"size": 320, "medium": "none"} | more.pop("options", {})
    brief = Brief(form="picture", idea=idea, seed=3, options=options, **more)
    return compose(brief, engine=Parrot(), formats=formats)


def test_options_fix_what_they_name() -> None:
    work = _made(
        options={"hour": "night", "weather": "snow", "ground": "forest", "composition": "void", "palette": "indigo"}
    )
    scene = work.content["scene"]
    assert (scene["hour"], scene["weather"], scene["ground"], scene["composition"]) == (
        "night",
        "snow",
        "forest",
        "void",
    )
    assert len(scene["palette"]) == 5
    assert scene["season"] == "winter"
    assert work.bible is not None
    assert work.bible.palette == tuple(scene["palette"])


def test_an_option_wins_over_the_idea_and_a_finding_says_so() -> None:
    work = _made("a fox in the forest at noon", options={"hour": "night", "ground": "lake", "view": "low"})
    scene = work.content["scene"]
    assert (scene["hour"], scene["ground"], scene["view"]) == ("night", "lake", "low")
    told = [f.message for f in work.findings or () if f.rule == "overruled"]
    assert told == [
        "The idea is read as noon, the option hour says night: the picture follows the option.",
        "The idea is read as forest, the option ground says lake: the picture follows the option.",
    ]
    assert not [f for f in _made("a fox at noon", options={"hour": "noon"}).findings or () if f.rule == "overruled"]


def test_a_view_that_a_place_does_not_have_is_told() -> None:
    work = _made("a woman reads in a room, seen from above")
    assert work.content["scene"]["view"] == "wide"
    assert "other-view" in {f.rule for f in work.findings or ()}


def test_engine_chooses_among_scenes_and_the_record_says_so() -> None:
    work = _made()
    [choice] = work.record.choices
    assert choice.step == "scene"
    assert len(choice.candidates) > 3
    assert set(choice.measures[0]) == {"brief", "composition"}


@pytest.mark.parametrize("use", ["cover", "album", "post", "broadside"])
def test_title_and_author_are_set_as_outlines_in_both_scripts(use: str) -> None:
    for idea, title, author in (("a ship at sea", "The Glass Tide", "A. Writer"), ("海上的船", "玻璃的潮水", "某某")):
        lines = (
            {"lines": "first line / second line" if idea.isascii() else "床前明月光／疑是地上霜"}
            if use == "broadside"
            else {}
        )
        language = "en" if idea.isascii() else "zh"
        with_type = _made(idea, language=language, title=title, options={"use": use, "author": author, **lines})
        text = with_type.rendering("svg").content
        assert check_svg(text) == []
        assert text.count(b'transform="matrix(') > len(title) // 2
        assert b"<text" not in text


def test_post_has_the_size_of_its_platform() -> None:
    for name in ("instagram", "wechat"):
        work = _made(options={"use": "post", "platform": name}, formats=("png",))
        with Image.open(io.BytesIO(work.rendering("png").content)) as image:
            wide, tall = PLATFORMS[name]
            assert max(image.size) == 320
            assert image.size[0] / image.size[1] == pytest.approx(wide / tall, rel=0.02)
            assert image.info["Description"] == work.content["alt"]


def test_strokes_are_an_svg_of_their_own() -> None:
    work = _made(options={"medium": "ink", "svg": "strokes"})
    text = work.rendering("svg").content
    assert check_svg(text) == []
    assert text.count(b"<path") > 200


def test_red_paper_is_told_no_other_colour_and_its_cuts_are_an_allowed_svg() -> None:
    told, red = (_made("a blue boat", options={"medium": m, "svg": "strokes"}) for m in ("pencil", "jianzhi"))
    assert "blue" in told.content["alt"]
    assert "blue" not in red.content["alt"] + red.content["description"]
    assert "red" in red.content["alt"]
    assert check_svg(red.rendering("svg").content) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"subjects": "a quark"}, "can't be drawn"),
        ({"subjects": "lighthous"}, "lighthouse"),
        ({"subjects": "fox,cat,dog,cow,owl,pig,bear,lion"}, "too many"),
        ({"palette": "#123456"}, "2 to 12"),
        ({"palette": "#808080 #818181"}, "as light as each other"),
        ({"palette": "#12345"}, "no colour"),
        ({"palette": "puce"}, "no palette"),
        ({"size": 5000}, "4096"),
        ({"size": 0}, "256"),
        ({"shape": "0:0"}, "no shape"),
        ({"shape": "9:1"}, "no shape"),
        ({"hour": "teatime"}, "no hour"),
        ({"weather": "plague"}, "no weather"),
        ({"medium": "gouache"}, "medium"),
        ({"use": "post", "platform": "myspace"}, "platform"),
        ({"platform": "x"}, "Only a post"),
        ({"use": "broadside"}, "1 to 40 lines"),
        ({"lines": "a / b"}, "Only a broadside"),
        ({"author": "Anna"}, "bears no author"),
        ({"medium": "none", "svg": "strokes"}, "no strokes"),
    ],
)
def test_what_cannot_be_painted_is_refused_before_anything_runs(options: dict[str, Any], said: str) -> None:
    with pytest.raises(BriefError) as caught:
        compose(Brief(form="picture", idea="a fox", options=options), engine=Parrot())
    assert said in str(caught.value)


def test_check_finds_a_missing_subject() -> None:
    work = _made()
    picture = FORM.content.model_validate(work.content)
    lost = picture.model_copy(update={"asked": ("whale",)})
    assert [f.rule for f in FORM.check(work.brief, lost)] == ["subject-missing"]


STORY = Reference(
    kind="story",
    name="tide.txt",
    text="Dawn came with fog on the sea.\n\n"
    "At noon an old man sat <b>under the oak</b> with an anchor.\n\n“Yes,” she said.",
)


def test_a_passage_of_a_story_is_illustrated_told_and_escaped() -> None:
    work = _made("the old man waits", formats=("svg", "txt"), references=(STORY,))
    scene = work.content["scene"]
    assert {p["id"] for p in scene["subjects"]} == {"old-man", "oak"}
    assert (scene["hour"], scene["weather"]) == ("noon", "mist")
    assert "paragraph 2 of “tide”: At noon an old man" in work.content["alt"]
    assert "anchor" in "".join(f.message for f in work.findings)
    [receipt] = work.record.receipts
    assert receipt["paragraphs"] == [2, 2, 3]
    assert receipt["text"] == work.content["passage"]
    text = work.rendering("svg").content
    assert check_svg(text) == []
    assert b"<b>" not in text
    assert b"&lt;b&gt;" in text
    assert work.title.startswith("At Noon an Old Man Sat")


@pytest.mark.parametrize(
    ("references", "options", "said"),
    [
        ((), {"passage": "2"}, "Only of a story"),
        ((STORY,), {"passage": "4"}, "3 paragraphs"),
        ((STORY,), {"passage": "dragons"}, "has the words"),
        ((STORY, STORY), {}, "2 stories"),
        ((STORY.model_copy(update={"text": "# Title\n\n***"}),), {}, "no paragraphs"),
        ((Reference(kind="persona", name="a", text="name: Mara"),), {}, "no story"),
        ((Reference(kind="lore", name="a", text="x"),), {}, "makes nothing of a lore"),
    ],
)
def test_material_that_no_picture_can_be_made_of_is_refused(
    references: tuple[Reference, ...], options: dict[str, Any], said: str
) -> None:
    with pytest.raises(BriefError) as caught:
        compose(Brief(form="picture", idea="a fox", options=options, references=references), engine=Parrot())
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("idea", "title"),
    [
        ("春节，两个孩子放鞭炮，奶奶提着红灯笼", "春节，两个孩子放鞭炮"),
        ("水墨画一幅：山中老僧扫落叶", "山中老僧扫落叶"),
        ("一只黑白相间的小猫坐在红色的屋顶上看月亮", "一只黑白相间的小猫坐在红色的屋顶"),
    ],
)
def test_title_of_a_long_chinese_idea_ends_at_a_mark(idea: str, title: str) -> None:
    brief = Brief.parse({"form": "picture", "idea": idea, "language": "zh", "options": {"size": 256, "medium": "none"}})
    work = compose(brief, engine=Parrot(), formats=("svg",))
    assert work.title == title
