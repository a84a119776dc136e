"""Telling: a picture in words: alt text (short, for who can't see it) and description, in English and Chinese."""

from __future__ import annotations

from collections import Counter

from miaobi.craft.drawing.deed import deeds, phrases, sentences
from miaobi.craft.drawing.scene import Scene
from miaobi.craft.drawing.subject import subjects
from miaobi.craft.facts.wording import plural
from miaobi.types import Language

_HOUR = {
    "dawn": ("at dawn", "黎明"),
    "morning": ("in the morning", "清晨"),
    "noon": ("at noon", "正午"),
    "afternoon": ("in the afternoon", "午后"),
    "sunset": ("at sunset", "日落时"),
    "dusk": ("at dusk", "暮色中"),
    "night": ("at night", "夜里"),
}
_WEATHER = {
    "clear": ("under a clear sky", "晴空"),
    "cloudy": ("under clouds", "多云"),
    "wind": ("in the wind", "有风"),
    "mist": ("in mist", "有雾"),
    "rain": ("in rain", "下雨"),
    "storm": ("in a storm", "风暴"),
    "snow": ("in falling snow", "下雪"),
}
_GROUND = {
    "sea": ("by the sea", "海边"),
    "lake": ("by a mountain lake", "湖边"),
    "river": ("by a river", "江边"),
    "mountains": ("among mountains", "群山间"),
    "desert": ("in the desert", "沙漠里"),
    "forest": ("in a forest", "林中"),
    "snowfield": ("on a field of snow", "雪原上"),
    "city": ("before a city across the water", "隔水望城"),
    "street": ("in a street", "街上"),
    "garden": ("in a garden", "园中"),
    "field": ("among fields", "田野上"),
    "hills": ("on rolling hills", "丘陵间"),
    "interior": ("in a room with a window", "窗边的屋里"),
    "sky": ("above a sea of clouds", "云海之上"),
    "space": ("on a moon among the stars", "星空下的月面"),
}
_MEDIUM = {
    "oil": ("Oil painting", "油画"),
    "watercolour": ("Watercolour", "水彩"),
    "ink": ("Ink painting", "水墨画"),
    "woodcut": ("Woodcut", "木刻"),
    "papercut": ("Paper-cut", "剪纸"),
    "stipple": ("Stipple drawing", "点画"),
    "pencil": ("Pencil drawing", "铅笔画"),
    "none": ("Picture", "图画"),
}
_SIDE = (("on the left", "左边"), ("in the middle", "中间"), ("on the right", "右边"))
_NUMBER = ("no", "one", "two", "three", "four", "five", "six", "seven")


def name_of(id: str, language: Language, count: int = 1) -> str:
    """Return what a subject is called."""
    subject = subjects()[id]
    if language == "zh":
        return subject.chinese[0]
    word = subject.words[0]
    if subject.generator == "person":
        word = id.replace("-", " ") if id not in ("umbrella-walker",) else "walker under an umbrella"
    if count == 1:
        return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
    return f"{_NUMBER[min(count, 7)]} {word if word in subject.words[1:] or word.endswith('s') else plural(word)}"


def alt(scene: Scene, medium: str, language: Language) -> str:
    """Return the alt text: medium, what is seen, where, when."""
    k = 0 if language == "en" else 1
    counted = Counter(p.id for p in sorted(scene.subjects, key=lambda p: not p.chief))
    if language == "zh":
        things = "、".join(phrases(scene.subjects, deeds(scene), lambda i: name_of(i, "zh"), "zh")) or "风景"
        return (
            f"{_MEDIUM[medium][k]}：{_HOUR[scene.hour][k]}，{_GROUND[scene.ground][k]}，{things}，"
            f"{_WEATHER[scene.weather][k]}。"
        )
    who = phrases(scene.subjects, deeds(scene), lambda i: name_of(i, "en", counted[i]), "en")
    things = ", ".join(who) or "a landscape"
    return (
        f"{_MEDIUM[medium][k]}: {things}, {_GROUND[scene.ground][k]} {_HOUR[scene.hour][k]}, "
        f"{_WEATHER[scene.weather][k]}."
    )


def description(scene: Scene, medium: str, language: Language) -> str:
    """Return the description: the alt text, then where each thing stands, the light and the colours."""
    k = 0 if language == "en" else 1
    parts = [alt(scene, medium, language)]
    for p in sorted(scene.subjects, key=lambda p: not p.chief):
        if p.borne:
            continue
        side = _SIDE[0 if p.x < 0.4 else 2 if p.x > 0.6 else 1][k]
        deep = 0 if p.y > 0.75 else 1 if p.y > scene.horizon + 0.1 else 2
        where = (("in front", "前景"), ("half way back", "中景"), ("far off", "远处"))[deep][k]
        said = name_of(p.id, language)
        parts.append(
            f"{said}在{side}，{where}。" if language == "zh" else f"{said[0].upper()}{said[1:]} stands {side}, {where}."
        )
    parts += sentences(deeds(scene), lambda i: name_of(i, language), language)
    light = ("left", "左方") if scene.side < 0 else ("right", "右方")
    parts.append(f"光从{light[1]}来。" if language == "zh" else f"The light comes from the {light[0]}.")
    if scene.palette:
        parts.append(
            ("配色：" if language == "zh" else "Colours: ")
            + ", ".join(scene.palette)
            + ("。" if language == "zh" else ".")
        )
    return (" " if language == "en" else "").join(parts)


def illustrating(words: str, story: str, number: str, language: Language) -> str:
    """Return which passage a picture illustrates: its *words*, the story's title, the *number* of its paragraph."""
    if language == "zh":
        return f"所画为《{story}》第 {number} 段：{words}"
    paragraph = "paragraphs" if "-" in number else "paragraph"
    return f"It illustrates {paragraph} {number} of “{story}”: {words}"


def prompt(scene: Scene, medium: str, idea: str) -> str:
    """Return the picture as words for a checkpoint that paints, most important first, since it reads only so many.

    *idea*: the brief's own words where they are English; those of the scene are English always.
    """
    counted = Counter(p.id for p in sorted(scene.subjects, key=lambda p: not p.chief))
    things = ", ".join(name_of(i, "en", n) for i, n in counted.items())
    light = "left" if scene.side < 0 else "right"
    parts = [
        "" if medium == "none" else _MEDIUM[medium][0].lower(),
        " ".join(idea.split())[:200].rstrip(".!?"),
        things,
        f"{_GROUND[scene.ground][0]} {_HOUR[scene.hour][0]} {_WEATHER[scene.weather][0]}",
        scene.season,
        f"{scene.mood} mood" if scene.mood else "",
        f"light from the {light}",
    ]
    return ", ".join(part for part in parts if part)
