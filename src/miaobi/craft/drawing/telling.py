"""Telling: a picture in words: alt text (short, for who can't see it) and description, in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from tomllib import loads

from miaobi.craft.drawing.deed import deeds, phrases, sentences
from miaobi.craft.drawing.pigment import called
from miaobi.craft.drawing.scene import Placed, Scene
from miaobi.craft.drawing.staging import WATER
from miaobi.craft.drawing.subjects.people import calling_in
from miaobi.craft.drawing.subjects.subject import Subject, subjects
from miaobi.craft.drawing.words.acts import animate
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
_NO_ARTICLE = ("chess", "grass", "lavender", "wheat", "rice", "hay", "bamboo")
_LOW = 1.2  # metres: what is lower isn't said to stand, unless it lives
_INDOORS = {  # weather that is seen through a window
    "clear": ("", ""),
    "cloudy": ("clouds outside", "窗外多云"),
    "wind": ("wind outside", "窗外有风"),
    "mist": ("mist outside", "窗外有雾"),
    "rain": ("rain outside", "窗外下雨"),
    "storm": ("a storm outside", "窗外风暴"),
    "snow": ("snow falling outside", "窗外下雪"),
}
_SIDE = (("on the left", "左边"), ("in the middle", "中间"), ("on the right", "右边"))
_CHINESE_NUMBER = "零一两三四五六七"
_NUMBER = ("no", "one", "two", "three", "four", "five", "six", "seven")


_WORN = {
    "coat": ("in {}", "穿{}衣服的"),
    "hat": ("in a {} hat", "戴{}帽子的"),
    "scarf": ("with a {} scarf", "围{}围巾的"),
}
_HAS = {
    "door": ("with a {} door", "有{}门的"),
    "roof": ("with a {} roof", "有{}屋顶的"),
    "umbrella": ("under a {} umbrella", "打{}伞的"),
}


def name_of(
    id: str, language: Language, count: int = 1, colours: Mapping[str, str] | None = None, calling: str = ""
) -> str:
    """Return what a subject is called, with the colours that it was told to have; *calling*: what the idea calls it."""
    subject = subjects()[id]
    k = 0 if language == "en" else 1
    told = {part: called(colour, language) for part, colour in (colours or {}).items()}
    whole = told.pop("", "")
    parts = [_article((_WORN | _HAS)[part][k].format(name)) for part, name in told.items() if name]
    calling = calling_in(calling, language, count)
    if language == "zh":
        many = f"{_CHINESE_NUMBER[min(count, 7)]}{_measure(subject)}" if count > 1 else ""
        return many + "".join(parts) + (f"{whole}的" if whole else "") + (calling or subject.chinese[0])
    word = calling or subject.words[0]
    if subject.generator == "person" and not calling:
        word = id.replace("-", " ") if id not in ("umbrella-walker",) else "walker under an umbrella"
    if "umbrella" in told and id == "umbrella-walker":
        word = "walker"
    if count > 1:
        many = word if calling or word in subject.words[1:] or word.endswith("s") else plural(word)
        said = f"{_NUMBER[min(count, 7)]} {whole} {many}"
    else:
        said = word if id in _NO_ARTICLE else _article(f"a {whole} {word}")
    return " ".join(" ".join([said, *parts]).split())


@cache
def _measures() -> dict[str, str]:
    text = files("miaobi.craft").joinpath("data", "measures.zh.toml").read_text(encoding="utf-8")
    return {name: measure for measure, names in loads(text).items() for name in names.split()}


def _measure(subject: Subject) -> str:
    """Return the Chinese measure word of a subject."""
    return _measures().get(subject.id) or _measures().get(subject.generator, "个")


def _article(said: str) -> str:
    """Return *said* with *an* where *a* stands before a vowel."""
    return re.sub(r"\ba( +)(?=[aeiou]|hour)", r"an\1", said)


def _things(scene: Scene, language: Language) -> list[str]:
    """Return what each kind of subject is called and does, the chief first, with how many there are of it."""
    found: dict[str, list[Placed]] = {}
    for place in scene.subjects:
        found.setdefault(place.id, []).append(place)
    names = {id: name_of(id, language, len(there), there[0].colours, there[0].called) for id, there in found.items()}
    return phrases(scene.subjects, deeds(scene), names.__getitem__, language)


def _sky(scene: Scene, language: Language) -> str:
    """Return the weather, and what of it is over, lies or is to come; in a room what is seen of it outside, if any."""
    k = 0 if language == "en" else 1
    if scene.ground == "interior":
        return _INDOORS[scene.weather][k]
    if scene.coming:
        return ("under dark clouds before a storm", "风暴将至，乌云密布")[k]
    said = _WEATHER[scene.weather][k]
    if scene.cover == "wet" and scene.weather not in ("rain", "storm"):
        return (f"{said} after rain", f"雨后，{said}")[k]
    if scene.cover == "snow" and scene.weather != "snow":
        return (f"{said}, snow on the ground", f"{said}，地上有积雪")[k]
    return said


def alt(scene: Scene, medium: str, language: Language) -> str:
    """Return the alt text: medium, what is seen, where, when."""
    k = 0 if language == "en" else 1
    sky = _sky(scene, language)
    things = _things(scene, language)
    if language == "zh":
        parts = [_HOUR[scene.hour][k], _GROUND[scene.ground][k], "、".join(things) or "风景", sky]
        return f"{_MEDIUM[medium][k]}：{'，'.join(part for part in parts if part)}。"
    seen = ", ".join(things) or "a landscape"
    where = f"{_GROUND[scene.ground][k]} {_HOUR[scene.hour][k]}"
    return f"{_MEDIUM[medium][k]}: {', '.join(part for part in (seen, where, sky) if part)}."


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
        said = name_of(p.id, language, 1, p.colours, p.called)
        verb = _verb(p, scene)[k]
        parts.append(
            f"{said}{verb}{side}，{where}。"
            if language == "zh"
            else f"{said[0].upper()}{said[1:]} {verb} {side}, {where}."
        )
    callings = {p.id: p.called for p in scene.subjects}
    parts += sentences(deeds(scene), lambda i: name_of(i, language, calling=callings.get(i, "")), language)
    light = ("left", "左方") if scene.side < 0 else ("right", "右方")
    parts.append(f"光从{light[1]}来。" if language == "zh" else f"The light comes from the {light[0]}.")
    if scene.palette:
        parts.append(
            ("配色：" if language == "zh" else "Colours: ")
            + ", ".join(scene.palette)
            + ("。" if language == "zh" else ".")
        )
    return (" " if language == "en" else "").join(parts)


def _verb(place: Placed, scene: Scene) -> tuple[str, str]:
    """Return what a subject is said to do where it is: it stands, sits, flies, floats."""
    subject = subjects()[place.id]
    body = place.pose.partition("-")[0]
    told = {
        "sit": ("sits", "坐在"), "seat": ("sits", "坐在"), "sleep": ("sleeps", "睡在"), "lie": ("lies", "躺在"),
        "walk": ("walks", "走在"), "run": ("runs", "跑在"), "dance": ("dances", "舞在"), "kneel": ("kneels", "跪在"),
        "graze": ("grazes", "在"), "ride": ("rides", "骑在"), "fly": ("flies", "飞在"), "swim": ("swims", "游在"),
    }  # fmt: skip
    if animate(place.id) and body in told:
        return told[body]
    if subject.stand == "sky":
        return ("flies", "飞在") if animate(place.id) else ("is", "在")
    if subject.stand in ("water", "under") and scene.ground in WATER:
        return ("swims", "游在") if animate(place.id) else ("floats", "停在")
    if subject.stand in ("hang", "thing") or subject.metres < _LOW:
        return ("is", "在")
    return ("stands", "在")


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
    things = ", ".join(_things(scene, "en"))
    light = "left" if scene.side < 0 else "right"
    parts = [
        "" if medium == "none" else _MEDIUM[medium][0].lower(),
        " ".join(idea.split())[:200].rstrip(".!?"),
        things,
        f"{_GROUND[scene.ground][0]} {_HOUR[scene.hour][0]} {_sky(scene, 'en')}".rstrip(),
        scene.season,
        f"{scene.mood} mood" if scene.mood else "",
        f"light from the {light}",
    ]
    return ", ".join(part for part in parts if part)
