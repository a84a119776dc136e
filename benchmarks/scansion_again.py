"""A second opinion on Chinese verse, written apart from ``miaobi.craft.prosody.chinese``: it shares no code with it.

It reads ``pingshui.tsv`` and ``tunes.toml`` itself and states regulated verse by the old rules of thumb, not by
templates: in every line the second, fourth and sixth characters alternate (二四六分明); the lines of a couplet oppose
each other there (对), and the next couplet takes up the tone of the last line (粘); rhyming lines end level, the others
oblique; no line ends on three level tones; no rhyming line has one level tone alone beside its rhyme word (孤平).
"""

from __future__ import annotations

import itertools
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

DATA = Path(str(files("miaobi.craft"))) / "data" / "zh"
PARTS = [
    "東冬董腫送宋", "江陽講養絳漾", "支微齊紙尾薺寘未霽灰賄泰隊", "魚虞語麌御遇", "佳蟹卦灰賄泰隊",
    "真文軫吻震問元阮願", "寒刪先旱潸銑翰諫霰元阮願", "蕭肴豪篠巧皓嘯效號", "歌哿箇", "麻馬禡佳卦",
    "庚青蒸梗迥敬徑", "尤有宥", "侵寢沁", "覃鹽咸感琰豏勘豔陷", "屋沃", "覺藥", "質陌錫職緝", "物月曷黠屑葉",
    "合洽",
]  # fmt: skip


@cache
def book() -> dict[str, set[tuple[str, str]]]:
    """Return character → {(tone 平上去入, group)}."""
    read: dict[str, set[tuple[str, str]]] = {}
    for row in (DATA / "pingshui.tsv").read_text("utf-8").splitlines():
        if not row.startswith("#"):
            tone, group, characters = row.split("\t")
            for character in characters:
                read.setdefault(character, set()).add((tone[-1], group))
    others = [r.split("\t") for r in (DATA / "variants.tsv").read_text("utf-8").splitlines() if not r.startswith("#")]
    for kind in ("like", "same"):
        for how, character, model in others:
            if how == kind:
                read[character] = read[model]
    return read


def sides(character: str) -> set[str]:
    """Return which of P (level) and Z (oblique) a character can be."""
    return {"P" if tone == "平" else "Z" for tone, _ in book().get(character, ())}


def regulated(lines: list[str]) -> list[str]:
    """Return what is wrong with a 绝句 or 律诗; nothing where some way of reading it keeps every rule."""
    width = len(lines[0]) if lines else 0
    if width not in (5, 7) or len(lines) not in (4, 8) or any(len(line) != width for line in lines):
        return ["shape"]
    if any(not sides(c) for line in lines for c in line):
        return ["unlisted"]
    ways = [(start, first) for start in "PZ" for first in (True, False)]
    return min((_one_way(lines, width, *way) for way in ways), key=len)


def _one_way(lines: list[str], width: int, start: str, first: bool) -> list[str]:
    wrong: list[str] = []
    second = start
    for n, line in enumerate(lines):
        if n:  # the second line of a couplet opposes, the first of the next one takes up
            second = second if n % 2 == 0 else _other(second)
        rhymes = n % 2 == 1 or (n == 0 and first)
        want = {1: second, 3: _other(second), width - 1: "P" if rhymes else "Z"}
        if width == 7:
            want[5] = second
        if any(want[i] not in sides(line[i]) for i in want):
            wrong.append(f"line {n + 1}: tones")
            continue
        choices = [[want[i]] if i in want else sorted(sides(line[i])) for i in range(width)]
        if not any(_sounds(tones, rhymes) for tones in itertools.product(*choices)):
            wrong.append(f"line {n + 1}: three level or one level alone")
    ends = [line[-1] for n, line in enumerate(lines) if n % 2 == 1 or (n == 0 and first)]
    if len(set(ends)) < len(ends):
        wrong.append("rhyme word twice")
    shared = set.intersection(*({group for tone, group in book()[end] if tone == "平"} for end in ends))
    return wrong if shared else [*wrong, "rhyme"]


def _other(side: str) -> str:
    return "Z" if side == "P" else "P"


def _sounds(tones: tuple[str, ...], rhymes: bool) -> bool:
    """Tell whether a line is free of 三平尾 and, where it rhymes, of 孤平: its last five are Z P Z Z P."""
    return "".join(tones[-3:]) != "PPP" and not (rhymes and "".join(tones[-5:]) == "ZPZZP")


@cache
def tunes() -> dict[str, list[tuple[str, str, str]]]:
    """Return tune (traditional name) → lines as (slots, rhyme letter or "", "=" where it repeats)."""
    found = {}
    text = (DATA / "tunes.toml").read_text("utf-8")
    for name, lines in re.findall(r'name = "(.+)"\npoems = \d+\nlines = "(.+)"', text):
        found[name] = [
            (m[1], "" if m[2] == "-" else m[2], m[3]) for m in re.finditer(r"([平仄中]+)[，。、](\S?)(=?)", lines)
        ]
    return found


def to_tune(lines: list[str], name: str) -> list[str]:
    """Return what is wrong with a 词 to a tune. 部 whose groups are halved count in both."""
    slots = tunes()[name]
    if [len(s) for s, _, _ in slots] != [len(line) for line in lines]:
        return ["shape"]
    wrong = []
    for n, (line, (tones, _, again)) in enumerate(zip(lines, slots, strict=True)):
        sound = {"平": "P", "仄": "Z"}
        if any(t in sound and sound[t] not in sides(c) for c, t in zip(line, tones, strict=True)):
            wrong.append(f"line {n + 1}: tones")
        if again and line != lines[n - 1]:
            wrong.append(f"line {n + 1}: no repetition")
    for letter in dict.fromkeys(letter.upper() for _, letter, _ in slots if letter):
        ends = [
            (line[-1], tones[-1])
            for line, (tones, own, again) in zip(lines, slots, strict=True)
            if own.upper() == letter and not again
        ]
        if not set.intersection(*(_parts(end, side) for end, side in ends)):
            wrong.append(f"rhyme {letter}")
        if len({end for end, _ in ends}) < len(ends):
            wrong.append(f"rhyme word of {letter} twice")
    return wrong


def _parts(character: str, side: str) -> set[int]:
    groups = {group for tone, group in book().get(character, ()) if (tone == "平") == (side == "平")}
    return {i for i, part in enumerate(PARTS) if groups & set(part)}


def couplet(first: str, second: str) -> list[str]:
    """Return what is wrong with the second line of a 对联."""
    if len(first) != len(second):
        return ["shape"]
    wrong = [f"shared {c}" for c in set(first) & set(second)]
    for i in {*range(1, len(first), 2), len(first) - 1}:
        if not any(a != b for a in sides(first[i]) for b in sides(second[i])):
            wrong.append(f"place {i + 1}: the same tone")
    return wrong
