"""Readings of characters in a rhyme book: tone and rhyme group, as many as the book gives.

| book | groups | tones | source |
|---|---|---|---|
| pingshui 平水韵 | 106, traditional characters | 平 上 去 入 | ``data/zh/pingshui.tsv`` |
| cilin 词林正韵 | 19 部: groups of 平水韵 joined | 平 上 去 入 | made of the table above, see ``_part`` |
| xinyun 中华新韵 | 14, of Mandarin | 平 (1st, 2nd) 仄 (3rd, 4th) | pypinyin |

A character may be read several ways; whoever judges a line takes the reading that fits and says which. The books are
never mixed: one poem is judged by one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Book = Literal["pingshui", "cilin", "xinyun"]
LEVEL, OBLIQUE, FREE = "平", "仄", "中"


@dataclass(frozen=True)
class Reading:
    """One way to read a character: ``tone`` 平 上 去 入 (新韵: 平 仄), ``group`` as the book names it."""

    tone: str
    group: str

    @property
    def level(self) -> bool:
        """Whether the tone is level 平; all others are oblique 仄."""
        return self.tone == LEVEL

    @property
    def rhyme(self) -> tuple[str, str]:
        """Return what two words that rhyme have in common: the group, and level, oblique or entering tone."""
        return self.group, self.tone if self.tone in (LEVEL, "入") else OBLIQUE


class RhymeBook:
    """A rhyme book: readings by character. Immutable."""

    def __init__(self, name: Book, read: Callable[[str], tuple[Reading, ...]]) -> None:
        self.name, self._read = name, cache(read)

    def readings(self, character: str) -> tuple[Reading, ...]:
        """Return the readings of a character; none for one that the book doesn't hold."""
        return self._read(character)

    def tones(self, character: str) -> str:
        """Return 平, 仄, 中 for a character that is read both ways, or "" for one that the book doesn't hold."""
        kinds = {reading.level for reading in self.readings(character)}
        return "" if not kinds else FREE if len(kinds) == 2 else LEVEL if True in kinds else OBLIQUE


@cache
def _table() -> dict[str, tuple[Reading, ...]]:
    found: dict[str, list[Reading]] = {}
    for row in rows("pingshui"):
        tone, group, characters = row
        for character in characters:
            found.setdefault(character, []).append(Reading(tone[-1], group))
    for kind, character, model in rows("variants"):
        if kind == "like":
            found[character] = found[model]
    for kind, character, model in rows("variants"):
        if kind == "same":
            found[character] = found[model]
    return {character: tuple(readings) for character, readings in found.items()}


def rows(name: str) -> list[list[str]]:
    """Return the rows of a table in ``data/zh``."""
    text = (files("miaobi.craft") / "data" / "zh" / f"{name}.tsv").read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@cache
def seldom() -> dict[str, str]:
    """Return characters that the books read in two tones, and the one, 平 or 仄, that poets hardly ever take."""
    return {character: tone for character, tone, *_ in rows("seldom")}


@cache
def variants() -> dict[int, str]:
    """Return other shapes of a character and the one that the tables use, as ``str.translate`` takes them."""
    return {ord(character): model for kind, character, model in rows("variants") if kind == "same"}


# 词林正韵 by 部; the groups in both halves of a line are parted by today's final, see _part
_PARTS = (
    "東冬董腫送宋", "江陽講養絳漾", "支微齊紙尾薺寘未霽灰賄泰隊", "魚虞語麌御遇", "佳蟹卦灰賄泰隊",
    "真文軫吻震問元阮願", "寒刪先旱潸銑翰諫霰元阮願", "蕭肴豪篠巧皓嘯效號", "歌哿箇", "麻馬禡佳卦", "庚青蒸梗迥敬徑",
    "尤有宥", "侵寢沁", "覃鹽咸感琰豏勘豔陷", "屋沃", "覺藥", "質陌錫職緝", "物月曷黠屑葉", "合洽",
)  # fmt: skip
_TENS = tuple("一二三四五六七八九十")
_NUMERALS = [*_TENS, *(f"十{unit}" for unit in _TENS[:9])]


def _part(character: str, group: str) -> str:
    """Return the 部 of a group.

    灰 賄 泰 隊 fall to the fifth part where Mandarin ends in -ai, else to the third; 元 阮 願 to the seventh with -an,
    else to the sixth; 佳 卦 to the tenth with -a, else to the fifth. That is an approximation of Ge Zai's lists.
    """
    held = [i for i, groups in enumerate(_PARTS) if group in groups]
    if len(held) == 1:
        return _NUMERALS[held[0]]
    final = _finals(character)[0] if _finals(character) else ""
    if group in "灰賄泰隊":
        return _NUMERALS[4 if final.endswith("ai") else 2]
    if group in "元阮願":
        return _NUMERALS[6 if final.endswith("an") else 5]
    return _NUMERALS[9 if final.endswith("a") else 4]


def _cilin(character: str) -> tuple[Reading, ...]:
    found = (Reading(r.tone, _part(character, r.group)) for r in _table().get(character, ()))
    return tuple(dict.fromkeys(found))


# 中华新韵 (十四韵), by the final without its medial; 支 is -i after sibilants
_NEW = {
    "麻": "a ia ua", "波": "o e uo", "皆": "ie ve ue", "开": "ai uai", "微": "ei uei ui", "豪": "ao iao",
    "尤": "ou iou iu", "寒": "an ian uan van", "文": "en in uen un vn", "唐": "ang iang uang",
    "庚": "eng ing ueng ong iong", "齐": "i er v", "支": "-i", "姑": "u",
}  # fmt: skip
_NEW_GROUPS = {final: group for group, finals in _NEW.items() for final in finals.split()}


@cache
def _finals(character: str) -> tuple[str, ...]:
    """Return the finals of a character in Mandarin, without tone, the commonest reading first."""
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.FINALS, heteronym=True, strict=True, errors="ignore")
    return tuple(found[0]) if found else ()


@cache
def usual(character: str) -> str:
    """Return 平 or 仄 as poets read a character, else as its commonest Mandarin reading has it: for free slots."""
    if (rare := seldom().get(character)) is not None:
        return OBLIQUE if rare == LEVEL else LEVEL
    from pypinyin import Style, pinyin

    said = pinyin(character, style=Style.TONE3, errors="ignore", neutral_tone_with_five=True)
    return LEVEL if said and said[0][0][-1:] in "12" else OBLIQUE


def _xinyun(character: str) -> tuple[Reading, ...]:
    from pypinyin import Style, pinyin

    def parts(style: Style) -> list[str]:
        found = pinyin(
            character, style=style, heteronym=True, strict=True, errors="ignore", neutral_tone_with_five=True
        )
        return list(found[0]) if found else []

    readings: dict[Reading, None] = {}
    for syllable in parts(Style.TONE3):
        tone = syllable[-1]
        group = _new_group(syllable[:-1])
        if tone in "1234" and group:
            readings[Reading(LEVEL if tone in "12" else OBLIQUE, group)] = None
    return tuple(readings)


def _new_group(syllable: str) -> str:
    from pypinyin.contrib.tone_convert import to_finals

    final = to_finals(syllable, strict=True)
    if final == "i" and syllable.startswith(("z", "c", "s", "r")):
        final = "-i"
    return _NEW_GROUPS.get(final.replace("ü", "v"), "")


PINGSHUI = RhymeBook("pingshui", lambda character: _table().get(character, ()))
CILIN = RhymeBook("cilin", _cilin)
XINYUN = RhymeBook("xinyun", _xinyun)
BOOKS: dict[Book, RhymeBook] = {"pingshui": PINGSHUI, "cilin": CILIN, "xinyun": XINYUN}
