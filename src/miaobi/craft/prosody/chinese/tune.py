"""Tunes of 词: lines, wanted tones, marks and rhymes of each 词牌, read from ``data/zh/tunes.toml``.

A line is written 中平中仄平平仄。A: slots (中 either tone), the mark behind it, the rhyme's letter or ``-``. Lines with
one letter rhyme in one 部 and one tone; a small letter is the oblique rhyme of the capital's 部 (平仄通叶); ``=``
repeats the line before. ``|`` parts the stanzas.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# other names of tunes that we have
ALIASES = {
    "望江南": "忆江南", "江南好": "忆江南", "江神子": "江城子", "木兰花": "玉楼春", "酹江月": "念奴娇",
    "百字令": "念奴娇", "大江东去": "念奴娇", "乌夜啼": "相见欢", "浪淘沙令": "浪淘沙", "南柯子": "南歌子",
    "鹊踏枝": "蝶恋花", "凤栖梧": "蝶恋花", "丑奴儿": "采桑子", "思佳客": "鹧鸪天", "减兰": "减字木兰花",
}  # fmt: skip


@dataclass(frozen=True)
class Slots:
    """One line of a tune."""

    tones: str
    mark: str
    rhyme: str  # a letter, or ""
    stanza: int
    repeats: bool = False  # the line before, word for word


@dataclass(frozen=True)
class Tune:
    """A tune; ``name`` in traditional characters, ``simplified`` as it is asked for."""

    name: str
    simplified: str
    lines: tuple[Slots, ...]

    @property
    def lengths(self) -> tuple[int, ...]:
        """Characters of each line."""
        return tuple(len(line.tones) for line in self.lines)


@cache
def tunes() -> dict[str, Tune]:
    """Return all tunes by their simplified names."""
    text = (files("miaobi.craft") / "data" / "zh" / "tunes.toml").read_text("utf-8")
    return {name: Tune(row["name"], name, _lines(row["lines"])) for name, row in tomllib.loads(text).items()}


def _lines(text: str) -> tuple[Slots, ...]:
    found: list[Slots] = []
    for stanza, part in enumerate(text.split("|")):
        for word in part.split():
            tones, mark, rhyme = word.rstrip("=")[:-2], word.rstrip("=")[-2], word.rstrip("=")[-1]
            found.append(Slots(tones, mark, "" if rhyme == "-" else rhyme, stanza, word.endswith("=")))
    return tuple(found)
