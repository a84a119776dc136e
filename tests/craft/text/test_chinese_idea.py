from __future__ import annotations

import pytest

from miaobi.craft.text.chinese_idea import ChineseIdea, read_chinese_idea


def found(idea: ChineseIdea) -> tuple[str, str, str, str, str]:
    return (idea.name or idea.role, idea.deed, idea.one, idea.that, idea.kind)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("灯塔守护人在瓶子里发现一封信", ("灯塔守护人", "在瓶子里发现了一封信", "一封信", "那封信", "物")),
        ("女儿替母亲去还一把伞", ("女儿", "接下了一件差事，要替母亲还一把伞", "一把伞", "那把伞", "物")),
        ("林秀云继承了一间倒闭的照相馆", ("林秀云", "继承了一间倒闭的照相馆", "一间倒闭的照相馆", "那间照相馆", "处")),
        (
            "茶馆老板娘遇见一个不说话的孩子",
            ("茶馆老板娘", "遇见了一个不说话的孩子", "一个不说话的孩子", "那个孩子", "人"),
        ),
        (
            "邮差陈水生每天给一座空房子送信",
            ("陈水生", "照例给一座空房子送信，可是这一回，有什么地方不一样了", "一封信", "那封信", "物"),
        ),
        ("老茶馆要拆了，掌柜不肯走", ("掌柜", "不肯走", "一间老茶馆", "那间老茶馆", "处")),
        ("母亲的旧毛衣", ("", "", "一件母亲的旧毛衣", "那件旧毛衣", "物")),
        ("孤独", ("", "在一张旧纸上看见了“孤独”两个字", "一张旧纸", "那张旧纸", "物")),
    ],
)
def test_who_does_what_with_which_thing(text: str, expected: tuple[str, str, str, str, str]) -> None:
    assert found(read_chinese_idea(text)) == expected


def test_a_duty_becomes_an_errand() -> None:
    idea = read_chinese_idea("小镇邮差必须把最后一封信送到被水库淹没的村子")
    assert idea.deed == "接下了一件差事，要把最后一封信送到被水库淹没的村子"
    assert idea.that == "那封信"


def test_kinship_is_no_trade() -> None:
    assert read_chinese_idea("女儿替母亲去还一把伞").trade == ""
    assert read_chinese_idea("灯塔守护人在瓶子里发现一封信").trade == "灯塔守护人"


@pytest.mark.parametrize("text", ["", "。", "！！！", "A lighthouse", "7", "𠮷野家", "一" * 500])
def test_anything_can_be_read(text: str) -> None:
    assert isinstance(read_chinese_idea(text), ChineseIdea)
