"""Sentences and words. English words are runs of letters, digits and inner apostrophes or hyphens; a Chinese text
is counted in 字 (every Han character one), as editors there do; runs of Latin letters in it count one each."""

from __future__ import annotations

import re

from miaobi.types import Language

_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ0-9]+(?:['’\-][A-Za-zÀ-ÖØ-öø-ÿ0-9]+)*")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Prof|Capt|vs|etc|No)|\b[A-Z])\.$")
_TAG = r"(?:[A-Z][\w’-]+|he|she|they|I)\s+(?:said|asked|told|cried|called|whispered|answered|replied)\b"
_END_EN = re.compile(rf"[.!?…]+[\"”’')\]]*(?=\s|$)(?!(?<=[!?…][”\"])\s+(?:[a-z]|{_TAG}))")
_TAG_ZH = r"[^，。！？“”\n]{0,12}[说问道讲喊叫答念]"  # after the closing quote the sentence goes on: “……。”她说。
_END_ZH = re.compile(rf"[。！？…]+[”’」』）]*+(?!(?<=[”’」』]){_TAG_ZH})")


def words(text: str) -> list[str]:
    """Return the Latin words of *text* as they stand."""
    return _WORD.findall(text)


def han(text: str) -> list[str]:
    """Return the Han characters of *text*."""
    return _HAN.findall(text)


def length(text: str, language: Language) -> int:
    """Return the length in words; in Chinese 字 plus Latin runs."""
    return len(words(text)) if language == "en" else len(han(text)) + len(words(text))


def units(text: str, language: Language) -> list[str]:
    """Return what n-grams are made of: lower-case words, or Han characters."""
    return [w.lower() for w in words(text)] if language == "en" else han(text)


def sentences(text: str, language: Language = "en") -> list[str]:
    """Split *text* into sentences with their closing marks; text without an end is the last one."""
    found, start = [], 0
    for match in (_END_EN if language == "en" else _END_ZH).finditer(text):
        piece = text[start : match.end()]
        if language == "en" and _ABBREVIATION.search(piece):
            continue
        if piece.strip():
            found.append(piece.strip())
        start = match.end()
    if text[start:].strip():
        found.append(text[start:].strip())
    return found


def ends(text: str, language: Language) -> bool:
    """Tell whether *text* ends as a sentence does."""
    pattern = _END_EN if language == "en" else _END_ZH
    stripped = text.rstrip()
    return any(m.end() == len(stripped) for m in pattern.finditer(stripped))


_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]|「[^」]*」|『[^』]*』")


def unquoted(text: str) -> str:
    """Return *text* without what stands in double quotes: the narration alone."""
    return _QUOTED.sub(" ", text)


def capital(text: str) -> str:
    """Return *text* with its first letter upper-case, the rest as it was."""
    for i, c in enumerate(text):
        if c.isalpha():
            return text[:i] + c.upper() + text[i + 1 :]
    return text
