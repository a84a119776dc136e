from __future__ import annotations

import pytest

from miaobi.craft.prosody.chinese.regulated import PATTERNS, SEVEN, SHAPES, Pattern
from miaobi.craft.prosody.chinese.scansion import Scan, recognised, scan
from miaobi.craft.prosody.chinese.scheme import of_tune, regulated
from miaobi.craft.prosody.chinese.script import traditional
from miaobi.craft.prosody.chinese.tune import tunes


def read(poem: str) -> Scan:
    lines = [traditional(line) for line in poem.split()]
    scheme = recognised(lines)
    assert scheme is not None
    return scan(lines, scheme)


@pytest.mark.parametrize(
    ("poem", "name", "group"),
    [
        ("白日依山尽 黄河入海流 欲穷千里目 更上一层楼", "五絕仄起不入韻", "尤"),
        ("朝辞白帝彩云间 千里江陵一日还 两岸猿声啼不住 轻舟已过万重山", "七絕平起入韻", "刪"),
        (
            "空山新雨后 天气晚来秋 明月松间照 清泉石上流 竹喧归浣女 莲动下渔舟 随意春芳歇 王孙自可留",
            "五律平起不入韻",
            "尤",
        ),
        (
            "昔人已乘黄鹤去 此地空余黄鹤楼 黄鹤一去不复返 白云千载空悠悠 "
            "晴川历历汉阳树 芳草萋萋鹦鹉洲 日暮乡关何处是 烟波江上使人愁",
            "",
            "尤",
        ),
    ],
)
def test_famous_poems_are_read_as_people_read_them(poem: str, name: str, group: str) -> None:
    scanned = read(poem)
    assert scanned.rhymes == {"A": (group, "平")}
    if name:
        assert scanned.scheme.name == name
        assert not scanned.faults
    else:  # 黄鹤楼: its first half is famous for not being regulated
        assert {fault.rule for fault in scanned.faults} >= {"tone"}


def test_chosen_reading_of_a_two_tone_character_is_kept() -> None:
    scanned = read("故人西辞黄鹤楼 烟花三月下扬州 孤帆远影碧空尽 唯见长江天际流")
    chosen = {r.character: r.tone for line in scanned.lines for r in line if r.choices > 1}
    assert chosen["空"] == "平"
    assert chosen["下"] == "仄"


def test_rescued_line_is_no_fault_and_is_told() -> None:
    scanned = read("移舟泊烟渚 日暮客愁新 野旷天低树 江清月近人")
    assert not scanned.faults
    assert [remark.line for remark in scanned.remarks] == [0]
    assert scanned.shapes[0] == "b'"


FAULTS = {
    "tone": "白日依天尽 黄河入海流 欲穷千里目 更上一层天楼",
    "rhyme": "白日依山尽 黄河入海东 欲穷千里目 更上一层楼",
    "repeated-rhyme": "白日依山尽 黄河入海流 欲穷千里目 更上一江流",
}


def test_fault_is_named_and_placed() -> None:
    rhyme = read(FAULTS["rhyme"])
    assert "rhyme" in {fault.rule for fault in rhyme.faults}
    again = read(FAULTS["repeated-rhyme"])
    assert [(f.rule, f.line) for f in again.faults if f.rule == "repeated-rhyme"] == [("repeated-rhyme", 3)]
    pattern = Pattern(5, 4, "仄起", False)
    lone = scan(["白日依山盡", "日月入海流", "欲窮千里目", "更上一層樓"], regulated(pattern))
    assert next((f.rule, f.line, f.at) for f in lone.faults) == ("lone-level", 1, 0)
    level = scan(["白日依山盡", "黃河入海流", "欲窮千里目", "更上孤高樓"], regulated(pattern))
    assert ("three-level-ending", 3, 2) in [(f.rule, f.line, f.at) for f in level.faults]


def test_character_outside_the_table_is_told_and_not_guessed() -> None:
    scanned = scan(["白日依山囧", "黃河入海流", "欲窮千里目", "更上一層樓"], regulated(Pattern(5, 4, "仄起", False)))
    assert [(fault.rule, fault.line, fault.at) for fault in scanned.faults] == [("unlisted", 0, 4)]


def test_wrong_length_ends_the_reading() -> None:
    scheme = regulated(PATTERNS[0])
    assert [fault.rule for fault in scan(["山"], scheme).faults] == ["length"]
    lines = ["白日依山盡", "黃河入海", "欲窮千里目", "更上一層樓"]
    assert [(fault.rule, fault.line) for fault in scan(lines, scheme).faults] == [("length", 1)]
    assert recognised(lines) is None


@pytest.mark.parametrize("pattern", PATTERNS, ids=[p.name for p in PATTERNS])
def test_patterns_oppose_within_a_couplet_and_take_up_between_couplets(pattern: Pattern) -> None:
    slots = [SHAPES[pattern.width][shape] for shape in pattern.shapes]
    for i, line in enumerate(slots):
        assert len(line) == pattern.width
        assert line[-1] == ("平" if pattern.rhymes[i] else "仄")
        assert line[1] != line[3]
        if i:
            assert (line[1] == slots[i - 1][1]) == (i % 2 == 0)
    assert slots[0][1] == pattern.start[0]


def test_seven_is_five_with_two_before_it() -> None:
    assert all(SEVEN[shape].endswith(five) for shape, five in SHAPES[5].items() if shape != "b'")


@pytest.mark.parametrize(
    ("name", "poem"),
    [
        ("浣溪沙", "漠漠轻寒上小楼 晓阴无赖似穷秋 淡烟流水画屏幽 自在飞花轻似梦 无边丝雨细如愁 宝帘闲挂小银钩"),
        ("如梦令", "常记溪亭日暮 沉醉不知归路 兴尽晚回舟 误入藕花深处 争渡 争渡 惊起一滩鸥鹭"),
        (
            "水调歌头",
            "明月几时有 把酒问青天 不知天上宫阙 今夕是何年 我欲乘风归去 又恐琼楼玉宇 高处不胜寒 起舞弄清影 何似在人间 "
            "转朱阁 低绮户 照无眠 不应有恨 何事长向别时圆 人有悲欢离合 月有阴晴圆缺 此事古难全 但愿人长久 千里共婵娟",
        ),
        (
            "西江月",
            "明月别枝惊鹊 清风半夜鸣蝉 稻花香里说丰年 听取蛙声一片 "
            "七八个星天外 两三点雨山前 旧时茅店社林边 路转溪桥忽见",
        ),
    ],
)
def test_famous_lyrics_keep_their_tunes(name: str, poem: str) -> None:
    lines = [traditional(line) for line in poem.split()]
    scanned = scan(lines, of_tune(tunes()[name]))
    wrong = [fault for fault in scanned.faults if fault.rule != "length"]
    assert not wrong
    # 苏轼 parts one sentence of 水调歌头 as 4 + 7, which most poems have as 6 + 5
    assert bool(scanned.faults) == (name == "水调歌头")


def test_lyric_that_rhymes_across_the_halves_of_a_group_is_told_so() -> None:
    poem = "一曲新词酒一杯 去年天气旧亭台 夕阳西下几时回 无可奈何花落去 似曾相识燕归来 小园香径独徘徊"
    scanned = scan([traditional(line) for line in poem.split()], of_tune(tunes()["浣溪沙"]))
    assert {(fault.rule, fault.line) for fault in scanned.faults} == {("rhyme", 0), ("rhyme", 2)}  # 杯 回 against 台 來


def test_at_least_twenty_tunes_are_known_and_whole() -> None:
    assert len(tunes()) == 45
    for tune in tunes().values():
        assert all(set(line.tones) <= set("平仄中") and line.mark in "，。、" for line in tune.lines)
        assert sum(bool(line.rhyme) for line in tune.lines) >= 2
        for line in tune.lines:
            assert not line.rhyme or line.tones[-1] in "平仄"


def test_repeated_line_of_a_tune_must_repeat() -> None:
    poem = ["常記溪亭日暮", "沉醉不知歸路", "興盡晚回舟", "誤入藕花深處", "爭渡", "歸去", "驚起一灘鷗鷺"]
    assert "repeat" in {fault.rule for fault in scan(poem, of_tune(tunes()["如梦令"])).faults}
