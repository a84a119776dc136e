"""Telling: a planned solid in words, in either language: what the engine chooses by, and what its files say."""

from __future__ import annotations

import math
from collections import Counter

from miaobi.craft.drawing.subjects.subject import subjects
from miaobi.craft.drawing.telling import alt
from miaobi.craft.space.plan import Figures, Lattice, Letters, Plaque, Relief, Solid, Sweep, Vessel
from miaobi.types import Language

_CHINESE = {
    "tower": "塔楼",
    "star": "星",
    "moon": "月牙",
    "mountain": "山",
    "unicorn": "独角兽",
    "radio": "收音机",
    "robot": "机器人",
    "plain": "圆座",
    "grass": "草地",
    "sea": "海面",
    "snow": "雪地",
    "sand": "沙地",
    "stone": "石座",
    "amphora": "瓶",
    "bowl": "碗",
    "beaker": "杯",
    "bottle": "瓶",
    "gourd": "葫芦瓶",
    "goblet": "高脚杯",
    "candlestick": "烛台",
    "pawn": "卒",
    "top": "陀螺",
    "column": "柱",
    "vase": "瓶",
    "lamp": "灯罩",
    "ball": "球",
    "gyroid": "螺旋曲面纹",
    "schwarz": "圆孔纹",
    "diamond": "方孔纹",
    "honeycomb": "蜂巢纹",
    "diagrid": "菱格纹",
    "trefoil": "三叶结",
    "cinquefoil": "五叶结",
    "eight-turns": "八绕结",
    "figure-eight": "八字结",
    "moebius": "莫比乌斯带",
    "infinity": "无穷",
    "spiral": "螺旋",
    "arch": "拱",
    "celadon": "青瓷色",
    "cobalt": "钴蓝",
    "ochre": "赭色",
    "oxblood": "牛血红",
    "ivory": "象牙白",
    "jade": "玉色",
    "slate": "石板灰",
    "terracotta": "陶土色",
    "plum": "紫",
    "ink": "墨色",
}
_GROUND = {
    "plain": "on a round base",
    "grass": "on grass",
    "sea": "on the sea",
    "snow": "on snow",
    "sand": "on sand",
    "stone": "on stone",
}
_CURVE = {
    "trefoil": "trefoil knot",
    "cinquefoil": "knot of five loops",
    "eight-turns": "knot of eight turns",
    "figure-eight": "figure-eight knot",
    "moebius": "Möbius band",
    "infinity": "sign of infinity",
    "spiral": "spiral",
    "arch": "arch",
}
_COUNTED = {2: "two ", 3: "three ", 4: "four "}


def described(form: Solid, language: Language) -> str:
    """Return one sentence that says what the solid is."""
    return _chinese(form) if language == "zh" else _english(form)


def _english(form: Solid) -> str:
    a_glazed = _article(getattr(form, "glaze", "plain")).capitalize()
    match form:
        case Figures():
            riding, standing = _riding(form)
            names = Counter(map(_name, standing))
            told = _listed(
                [f"{_article(_name(who))} riding {_article(_name(whom))}" for who, whom in riding]
                + [_article(n) if k == 1 else _COUNTED[k] + _plural(n) for n, k in names.items()]
            )
            return f"{told[0].upper()}{told[1:]} {_GROUND[form.ground]}."
        case Vessel():
            flutes = ""
            if form.lobes:
                way = " that turn" if abs(form.twist) > 20 else ""
                flutes = f" with {form.lobes} flutes{way}"
            return f"{a_glazed} {form.name}{flutes}."
        case Lattice():
            return f"{a_glazed} {form.name} of openwork, its wall a {form.pattern} net."
        case Sweep():
            section = "round" if form.flat == 1 else "flat"
            return f"{a_glazed} {_CURVE[form.curve]} of a {section} bar."
        case Letters():
            where = "standing on a foot" if form.stands else "on a tag"
            return f"The words “{' '.join(form.lines)}” {where}, {form.glaze}."
        case Plaque():
            return f"A plaque, {form.glaze}, with the words “{' '.join(form.lines)}” in a {form.border} border."
        case Relief():
            return "Relief. " + alt(form.scene, "none", "en")


def _chinese(form: Solid) -> str:
    def zh(name: str) -> str:
        return _CHINESE.get(name, name)

    match form:
        case Figures():
            riding, standing = _riding(form)
            told = "、".join(
                [f"{_han(who)}骑{_han(whom)}" for who, whom in riding]
                + [_han(n) if k == 1 else "二三四"[k - 2] + "个" + _han(n) for n, k in Counter(standing).items()]
            )
            return f"{told}，立于{zh(form.ground)}。"
        case Vessel():
            return f"{zh(form.glaze)}的{zh(form.name)}" + (f"，{form.lobes}道棱纹。" if form.lobes else "。")
        case Lattice():
            return f"{zh(form.glaze)}的镂空{zh(form.name)}，{zh(form.pattern)}。"
        case Sweep():
            return f"{zh(form.glaze)}的{zh(form.curve)}。"
        case Letters():
            return f"{zh(form.glaze)}的立体字“{''.join(form.lines)}”" + ("，有座。" if form.stands else "，挂牌。")
        case Plaque():
            return f"{zh(form.glaze)}的牌匾：“{''.join(form.lines)}”。"
        case Relief():
            return "浮雕。" + alt(form.scene, "none", "zh")


def _riding(form: Figures) -> tuple[list[tuple[str, str]], list[str]]:
    """Return who rides on what, and the figures that stand by themselves."""
    riders = [one for one in form.figures if one.astride]
    others = [one for one in form.figures if not one.astride]
    pairs = []
    for rider in riders:
        steed = min(others, key=lambda one: math.hypot(one.x - rider.x, one.y - rider.y))
        others.remove(steed)
        pairs.append((rider.figure, steed.figure))
    return pairs, [one.figure for one in others]


def figure_name(figure: str, language: Language) -> str:
    """Return what a figure is called."""
    return _han(figure) if language == "zh" else _name(figure)


def _name(figure: str) -> str:
    return subjects()[figure].words[0] if figure in subjects() else figure


def _han(figure: str) -> str:
    return subjects()[figure].chinese[0] if figure in subjects() else _CHINESE[figure]


def _article(name: str) -> str:
    return ("an " if name[0] in "aeiou" and not name.startswith("uni") else "a ") + name


def _plural(name: str) -> str:
    irregular = {
        "man": "men",
        "woman": "women",
        "mouse": "mice",
        "goose": "geese",
        "fisherman": "fishermen",
        "postman": "postmen",
        "sheep": "sheep",
        "fish": "fish",
        "deer": "deer",
        "carp": "carp",
        "wolf": "wolves",
        "ox": "oxen",
    }
    head, _, last = name.rpartition(" ")
    last = irregular.get(last) or (
        last[:-1] + "ies" if last.endswith("y") else last + ("es" if last.endswith(("s", "x", "ch", "sh")) else "s")
    )
    return f"{head} {last}".strip()


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1]
