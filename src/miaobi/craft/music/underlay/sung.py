"""Sung syllables: lines of words cut as they are sung, with the stress or the tone of each.

English: how many syllables a word has and which are stressed comes from the dictionary of verse; its letters are
parted by onsets as long as English begins words with (maximal onset, Kahn 1976). Chinese: a character is a
syllable; its tone is that of its reading in the line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from miaobi.craft.prosody.english.dictionary import WORD, listed
from miaobi.craft.prosody.english.scansion import spoken_ways
from miaobi.types import Language

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_VOWELS = re.compile(r"(?:(?<![qQ])u|[aeioyàâäéèêëîïôöùûü])+", re.I)
_ONSET = re.compile(  # consonants that begin an English syllable, or none
    "(?:qu|[bcdfghjklmnprstvwyz]|[bcfgps]l|[bcdfgptw]r|[cgpstw]h|[dstw]w|s[ckmnpt]|kn|gn|wr|chr|sch|shr|thr|phr"
    "|s[pc]l|s[cpt]r|squ)?"
)
_STRENGTH = {"1": 2, "c": 2, "2": 1}


@dataclass(frozen=True, slots=True)
class Sung:
    """One syllable."""

    text: str
    joined: bool  # the word goes on
    strength: int  # 0 weak, 1 secondary or without stress of its own in Chinese, 2 stressed
    tone: int  # of Mandarin, 1–5; 0 in English
    opens: bool  # the first of its line
    word: str


def syllables(lines: list[str], language: Language) -> list[Sung]:
    """Return the syllables of *lines* in order; what has no letters falls away, marks stay with their syllable."""
    cut = _chinese if language == "zh" else _english
    found: list[Sung] = []
    for line in lines:
        found += cut(line)
    return found


def _english(line: str) -> list[Sung]:
    found: list[Sung] = []
    for chunk in re.sub(r"[-–—/]+", " ", line).split():
        match = next((m for m in WORD.finditer(chunk) if any(c.isalpha() for c in m.group())), None)
        if match is None:
            continue
        word = match.group()
        levels = _levels(word)
        pieces = _parted(word, len(levels))
        for n, (piece, level) in enumerate(zip(pieces, levels, strict=False)):
            last = n == len(pieces) - 1
            text = (chunk[: match.start()] if n == 0 else "") + piece + (chunk[match.end() :] if last else "")
            found.append(Sung(text, not last, _STRENGTH.get(level, 0), 0, not found, word))
    return found


def _levels(word: str) -> str:
    """Return the stress of each syllable; of *fire* and *hour* as one, which the dictionary also says as two."""
    ways = [w.levels for w in spoken_ways(word)]
    groups = [m.group() for m in _VOWELS.finditer(word)]
    natural = max(len(groups) - (len(groups) > 1 and bool(re.search("[^aeiouy]e$", word.lower()))), 1)
    return next((w for w in ways if len(ways[0]) > natural and len(w) == natural), ways[0])


def _parted(word: str, count: int) -> list[str]:
    """Return a word in its pieces; one of two words is cut where they join: light-house."""
    for at in range(4, len(word) - 3):
        first, second = word[:at].lower(), word[at:].lower()
        if count > 1 and first in listed() and second in listed():
            left, right = len(_levels(first)), len(_levels(second))
            if left + right == count:
                return hyphenated(word[:at], left) + hyphenated(word[at:], right)
    return hyphenated(word, count)


def hyphenated(word: str, count: int) -> list[str]:
    """Return a word in *count* pieces, as near as its letters let it come.

    "silver" in 2 is "sil", "ver"; a silent e makes no piece; a word with fewer groups of vowels than syllables is cut
    within one ("qui-et").
    """
    groups = [(m.start(), m.end()) for m in _VOWELS.finditer(word)]
    if groups and word[0] in "yY" and groups[0] == (0, 1) and len(groups) > 1:
        groups.pop(0)  # a consonant: yel-low
    while len(groups) > count:
        groups.remove(_silent(word, groups))
    while 0 < len(groups) < count:
        wide = max(range(len(groups)), key=lambda g: groups[g][1] - groups[g][0])
        start, end = groups[wide]
        if end - start < 2:
            break
        groups[wide : wide + 1] = [(start, start + 1), (start + 1, end)]
    edges = [0]
    for (_, end), (start, _) in pairwise(groups):
        between = word[end:start].lower()
        if word[start - 1 :].lower() in ("le", "les", "led") and len(between) > 1:
            keep = len(between) - 2  # bot-tle
        else:
            keep = next(k for k in range(len(between) + 1) if _ONSET.fullmatch(between[k:]))
            keep = max(keep, 1) if len(between) > 1 and between[0] == between[1] else keep  # hap-py
        edges.append(end + keep)
    if word[-3:].lower() == "ing" and len(edges) > 1 and edges[-1] > len(word) - 5:
        doubled = len(word) > 4 and word[-4] == word[-5] and word[-4] not in "ls"
        edges[-1] = len(word) - 3 - doubled  # sleep-ing, run-ning
    edges.append(len(word))
    return [word[a:b] for a, b in pairwise(edges)]


def _silent(word: str, groups: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the group of vowels that is likeliest silent: a last e, the e of -ed and -es, else the last but one."""
    start, end = groups[-1]
    if word[start:end].lower() == "e" and re.fullmatch(r"[sd]?['’]?\w*", word[end:]):
        return groups[-1]
    plain = [g for g in groups[1:] if word[g[0] : g[1]].lower() == "e"]
    return plain[-1] if plain else groups[-1]


def _chinese(line: str) -> list[Sung]:
    from pypinyin import Style, lazy_pinyin

    marks: list[str] = lazy_pinyin(line, style=Style.TONE3, neutral_tone_with_five=True, errors=lambda said: [*said])  # type: ignore[arg-type,return-value]
    found: list[Sung] = []
    for char, reading in zip(line, marks, strict=False):
        if _HAN.match(char):
            tone = int(reading[-1]) if reading[-1:].isdigit() else 5
            found.append(Sung(char, False, 0 if tone == 5 else 1, tone, not found, char))
        elif found and not char.isspace():
            last = found[-1]
            found[-1] = Sung(last.text + char, last.joined, last.strength, last.tone, last.opens, last.word)
    return found
