"""Telling: what was noticed in a picture, in words: an account of it, and the idea of another work that has its hour
and place."""

from __future__ import annotations

import numpy as np

from miaobi.craft.drawing.colour import hue, lightness
from miaobi.craft.looking.noticing import Sight
from miaobi.types import Language

_ENGLISH = {
    "dawn": "dawn", "morning": "morning", "noon": "noon", "sunset": "sunset", "dusk": "dusk", "night": "night",
    "sea": "the sea", "snowfield": "snow", "forest": "a forest", "field": "a meadow", "desert": "a desert",
}  # fmt: skip
_CHINESE = {
    "dawn": "拂晓", "morning": "清晨", "noon": "正午", "sunset": "夕阳", "dusk": "暮色", "night": "夜",
    "sea": "海", "snowfield": "雪原", "forest": "林", "field": "田野", "desert": "沙漠",
    "spring": "春", "summer": "夏", "autumn": "秋", "winter": "冬",
    "calm": "宁静", "sad": "忧伤", "joyful": "欢快", "dark": "幽暗", "hopeful": "有望", "tender": "温柔",
    "bold": "奔放",
}  # fmt: skip
_HUES = (  # degrees of OKLab below which a colour has the name
    (20, "pink", "粉"), (55, "red", "红"), (80, "orange", "橙"), (112, "yellow", "黄"), (165, "green", "绿"),
    (215, "teal", "青"), (285, "blue", "蓝"), (325, "violet", "紫"), (361, "pink", "粉"),
)  # fmt: skip
_GREYS = ((0.25, ("black", "黑")), (0.55, ("dark grey", "深灰")), (0.85, ("grey", "灰")), (2.0, ("white", "白")))


def colour_name(colour: str, language: Language) -> str:
    """Return what people call *colour*: ``pale blue``, ``深绿``."""
    angle, chroma = hue(colour)
    light = lightness(colour)
    zh = language == "zh"
    if chroma < 0.03:
        word = next(w for edge, w in _GREYS if light < edge)
        return word[zh]
    english, chinese = next((e, c) for edge, e, c in _HUES if angle % 360 < edge)
    if english == "orange" and light < 0.55:
        english, chinese = "brown", "棕"
    tone = ("dark ", "深") if light < 0.42 else ("pale ", "淡") if light > 0.78 else ("", "")
    return tone[zh] + (chinese if zh else english)


def idea_of(seen: Sight, language: Language) -> str:
    """Return the idea of a work that has this picture's hour, season, place and light."""
    return _idea_zh(seen) if language == "zh" else _idea_en(seen)


def _idea_en(seen: Sight) -> str:
    when = " ".join(w for w in (seen.season, _ENGLISH.get(seen.hour, "")) if w)
    where = _ENGLISH.get(seen.ground, "")
    parts = [_article(when)] if when else []
    if where:
        parts.append(("over " if seen.ground in ("sea", "snowfield", "desert") else "in ") + where)
    if seen.disc:
        parts.append("with the moon above" if seen.hour == "night" else "with the sun low above")
    first, second = (colour_name(c, "en") for c, _ in (*seen.palette, *seen.palette)[:2])
    return " ".join(parts) if parts else f"a thing in {first} and {second}"


def _idea_zh(seen: Sight) -> str:
    season, when = _CHINESE.get(seen.season, ""), _CHINESE.get(seen.hour, "")
    where = _CHINESE.get(seen.ground, "")
    light = ("，明月当空" if seen.hour == "night" else "，红日低垂") if seen.disc else ""
    head = season + ("日" if season and when else "") + when
    if not head and not where:
        return f"一物，{colour_name(seen.palette[0][0], 'zh')}色"
    return head + ("的" if head and where else "") + (where or "天边") + light


def account(seen: Sight, language: Language) -> list[str]:
    """Return what was noticed as lines to read, what can't be known last."""
    return _account_zh(seen) if language == "zh" else _account_en(seen)


def _account_en(seen: Sight) -> list[str]:
    colours = ", ".join(f"{colour_name(c, 'en')} {c} ({s:.0%})" for c, s in seen.palette)
    x, y = seen.weight
    lines = [
        f"Colours: {colours}.",
        f"What stands out lies {_third(x, ('to the left', 'in the middle', 'to the right'))}, "
        f"{_third(y, ('above', 'half-way up', 'below'))}; "
        + (
            f"a level line parts it {seen.horizon:.0%} down." if seen.horizon is not None else "no level line parts it."
        ),
        f"Its halves are {_alike(seen.symmetry)} (symmetry {seen.symmetry:.2f})."
        + (f" Light comes from {seen.light}." if seen.light else ""),
    ]
    lines += [
        f"{what.capitalize()}: {getattr(seen, what)}, because {why}."
        for what, why in seen.reasons.items()
        if getattr(seen, what)
    ]
    if seen.disc:
        lines.append("A bright round thing stands above: sun, moon or lamp.")
    return [*lines, "Who or what is shown can't be known from colour and shape; say it with --idea."]


def _account_zh(seen: Sight) -> list[str]:
    colours = "、".join(f"{colour_name(c, 'zh')} {c}（{s:.0%}）" for c, s in seen.palette)
    x, y = seen.weight
    lines = [
        f"颜色：{colours}。",
        f"醒目之处偏{_third(x, ('左', '中', '右'))}、{_third(y, ('上', '中', '下'))}；"
        + (f"水平线在自上{seen.horizon:.0%}处。" if seen.horizon is not None else "没有明显的水平线。"),
    ]
    names = {"hour": "时辰", "season": "季节", "ground": "地点", "mood": "情调"}
    guessed = [
        f"{names[what]}：{_CHINESE.get(getattr(seen, what), getattr(seen, what))}"
        for what in names
        if getattr(seen, what)
    ]
    lines += ["；".join(guessed) + "。"] if guessed else []
    if seen.disc:
        lines.append("上方有一个明亮的圆形：日、月或灯。")
    return [*lines, "画的是谁、是什么，单凭颜色和形状无从知道；请用 --idea 说明。"]


def _alike(symmetry: float) -> str:
    return "alike" if symmetry > 0.8 else "akin" if symmetry > 0.5 else "unlike"


def _third(share: float, words: tuple[str, str, str]) -> str:
    return words[int(np.clip(share * 3, 0, 2.999))]


def _article(name: str) -> str:
    return ("an " if name[0] in "aeiou" else "a ") + name
