"""Reading of weather: what falls, and what is over or only to come: *after the rain* is wet and clear, *before the
storm* dark and windy, *snow on the roofs* lies and doesn't fall."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_DET = r"(?:(?:the|a|an|last|heavy|long|night s|summer|spring|autumn|winter|first|great) ){0,3}"
_RAIN = r"(?:rain|rains|rainfall|shower|showers|downpour|drizzle)"
_STORM = r"(?:thunderstorm|storm|tempest|gale|hurricane)"
_SNOW = r"(?:snow|snowfall|blizzard|snowstorm)"
_LIES = "roof roofs rooftops branch branches ground hills fields trees fence bench".replace(" ", "|")
_WET = "street streets road pavement cobbles cobblestones stones ground grass leaves sand".replace(" ", "|")
_TOLD = {  # what it says of the land or the sky: English words between blanks, Chinese ones
    "wet": (
        rf"after {_DET}(?:{_RAIN}|{_STORM})",
        rf"{_RAIN} (?:has |had |have )?(?:stops|stopped|is over|ends|ended)",
        r"(?:storm|rain) has passed",
        rf"wet (?:{_WET})",
        "puddles?",
        "雨后|雨过|雨停|雨歇|雨霁|雨住|雨止|新霁|积水|湿漉漉",
    ),
    "snow": (
        rf"after {_DET}{_SNOW}",
        r"snow (?:lies|lay|lying|covers|covered)",
        "covered (?:in|with) snow",
        "(?:deep|melting|fresh|old) snow",
        rf"{_SNOW} has (?:stopped|fallen)",
        rf"snow on {_DET}(?:{_LIES})",
        "snowy (?:roof|roofs|rooftops)",
        "雪后|雪停|雪霁|雪住|雪止|积雪|残雪|覆雪|落满了?雪|盖满了?雪|白雪皑皑|白雪覆盖|被雪覆盖|踏雪|屋顶上?的雪",
    ),
    "storm": (
        rf"before {_DET}{_STORM}",
        rf"(?:gathering|coming|approaching|nearing) {_STORM}",
        rf"{_STORM} (?:is |was )?(?:coming|gathers|gathering|approaches|approaching|nears|brewing|brews)",
        "暴风雨前|暴雨前|暴风雨来临|暴风雨将至|暴雨将至|大雨将至|山雨欲来|风雨欲来|雷雨前|台风前|风暴前",
    ),
    "peaks": ("snow capped", "snowy (?:mountain|mountains|peak|peaks)", "雪山|雪峰"),  # there it lies all year
}
_OVER = re.compile(
    "|".join(
        rf"(?P<{name}>(?<= )(?:{'|'.join(p for p in said if p.isascii())})(?= )"
        rf"|{'|'.join(p for p in said if not p.isascii())})"
        for name, said in _TOLD.items()
    )
)
_FALLS = {"wet": ("rain", "storm", "mist"), "snow": ("snow",), "storm": ("storm", "rain"), "peaks": ()}


_IN_OTHERS = re.compile(  # things whose Chinese names have a weather or a season in them
    "烟花(?!三月)|烟囱|烟斗|香烟|抽烟|吸烟|云雀|云豹|风琴|风扇|风衣|风格|风信子|雷达|地雷|雪糕|雪茄|冰淇淋|冰激凌|冰箱|冰糖|冰棍|春卷"
)


@dataclass(frozen=True)
class Sky:
    """Weather, what lies on the land though it doesn't fall, and what is to come; "" for what isn't told."""

    weather: str = ""
    cover: str = ""  # snow, wet
    coming: str = ""  # storm


def read_sky(low: str, hits: Sequence[str]) -> Sky:
    """Return what the ``plain`` words *low* tell of the sky; *hits*: weathers that they name, the likeliest first."""
    found = {name for match in _OVER.finditer(low) for name, said in match.groupdict().items() if said}
    if not found - {"peaks"}:
        return Sky(hits[0] if hits else "")
    rest = [w for w in hits if not any(w in _FALLS[name] for name in found)]
    cover = "snow" if "snow" in found else "wet" if "wet" in found else ""
    if "storm" in found:
        return Sky("wind", cover, "storm")
    weather = rest[0] if rest else "clear"
    return Sky(weather, cover)


def without_things(low: str) -> str:
    """Return *low* with the names of things blanked out that have a weather or a season in them: 烟花, 冰箱."""
    return _IN_OTHERS.sub(lambda m: " " * len(m.group()), low)


def without_told(low: str) -> str:
    """Return *low* with the words for what is over, lies or is to come blanked out."""
    return _OVER.sub(lambda m: re.sub(r"[^ ]", " ", m.group()), low)
