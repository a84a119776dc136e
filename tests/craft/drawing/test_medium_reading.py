"""A medium that an idea names is painted in, and is nothing in the scene; a picture in the scene is no medium."""

from __future__ import annotations

import pytest

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.craft.drawing.words.medium_reading import read_medium
from miaobi.craft.drawing.words.reading import read_wish
from miaobi.forms.art.picture_wish import PictureOptions, wish_of
from tests.parrot import Parrot


@pytest.mark.parametrize(
    ("idea", "medium", "rest"),
    [
        ("a woodcut of a baker kneading dough", "woodcut", "a baker kneading dough"),
        ("An oil painting of a ship in a storm", "oil", "a ship in a storm"),
        ("a small watercolour of a harbour", "watercolour", "a harbour"),
        ("ink wash of a lone boat", "ink", "a lone boat"),
        ("a pencil sketch of an old man", "pencil", "an old man"),
        ("a red paper-cut of two magpies", "jianzhi", "two magpies"),
        ("papercut: a fox and the moon", "papercut", "a fox and the moon"),
        ("a fox in the snow, in watercolour.", "watercolour", "a fox in the snow"),
        ("水墨山水，孤舟老翁", "ink", "山水，孤舟老翁"),
        ("水墨画一幅：山中老僧扫落叶", "ink", "山中老僧扫落叶"),
        ("一幅水墨的江南雨巷", "ink", "江南雨巷"),
        ("一幅水彩画：雨后的小镇", "watercolour", "雨后的小镇"),
        ("剪纸风格的兔子和月亮", "jianzhi", "兔子和月亮"),
        ("老渔夫在海上，木刻版画", "woodcut", "老渔夫在海上"),
        ("铅笔素描，一位老人", "pencil", "一位老人"),
        ("黄山云海的水墨画", "ink", "黄山云海"),
    ],
)
def test_medium_is_read_and_its_words_are_gone(idea: str, medium: str, rest: str) -> None:
    assert read_medium(idea) == (medium, rest)


@pytest.mark.parametrize(
    "idea",
    [
        "a girl hangs a watercolour on the wall",
        "an oil painting of a ship hangs above the fireplace",
        "she paints the harbour in watercolours",
        "a letter written in ink",
        "an oil lamp on a table",
        "墙上挂着一幅油画",
        "墙上有一幅黄山的水墨画",
        "剪窗花的奶奶",
        "剪纸艺人坐在门口",
        "油画家在海边写生",
        "铅笔盒里的小老鼠",
        "一位画家在画油画",
    ],
)
def test_picture_in_the_scene_is_no_medium(idea: str) -> None:
    assert read_medium(idea) == ("", idea)


def test_auto_takes_the_medium_told_and_an_option_that_overrules_it_is_told() -> None:
    idea = "a woodcut of a baker and a cat"
    brief = Brief.parse({"form": "picture", "idea": idea, "options": {"size": 256}})
    wish = wish_of(brief, PictureOptions())
    assert wish.medium == "woodcut"
    assert not wish.undrawn
    assert "ink" not in dict(read_wish("水墨山水，孤舟老翁").subjects)
    flat = brief.model_copy(update={"options": {"size": 256, "medium": "none"}})
    told = [f for f in compose(flat, engine=Parrot(), formats=("svg",)).findings if f.rule == "overruled"]
    assert [f.message for f in told] == [
        "The idea is read as woodcut, the option medium says none: the picture follows the option."
    ]
