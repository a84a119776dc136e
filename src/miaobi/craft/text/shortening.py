"""Shortening by taking away: first words and asides that carry nothing, then the sentences that carry least.

A sentence's weight is how much of the passage's vocabulary it holds (the centrality of Luhn 1958), with what must stay
made heavy: the first and the last one, speech, one that names somebody for the first time or is leant on by the next
("she", "this"). Nothing is added and no word is changed. Chinese is ranked by pairs of characters.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from miaobi.craft.text.fault import content_words, stem
from miaobi.craft.text.name import is_given
from miaobi.craft.text.register import intensifiers, openers
from miaobi.craft.text.repetition import ngrams
from miaobi.craft.text.sentence import capital, length, sentences, units, words
from miaobi.craft.text.speech import QUOTED, mask_speech
from miaobi.types import Language

_LEANS_EN = re.compile(r"^[“\"]?(?:he|she|it|they|this|that|these|those|his|her|its|their|so|but|and|then)\b", re.I)
_LEANS_ZH = re.compile(r"^[“「]?(?:他|她|它|这|那|于是|但|可是|然后|所以)")
_ASIDE = re.compile(r"\s*\((?:[^()]{1,80})\)|\s*（[^（）]{1,40}）|\s+—\s[^—.!?]{1,80}\s—(?=\s)")


@dataclass(frozen=True)
class Shortened:
    """A shorter text and what was taken away, in order."""

    text: str
    removed: tuple[str, ...]


def plain(text: str, language: Language) -> Shortened:
    """Return *text* without asides, empty openers and intensifiers; every sentence stays."""
    removed: list[str] = []
    return Shortened(_trim(text, language, removed), tuple(removed))


@dataclass
class _Piece:
    paragraph: int
    text: str
    weight: float = 0.0


def shorten(text: str, wanted: int, language: Language) -> Shortened:
    """Return *text* in about *wanted* words (字), never fewer than its first and last sentence have."""
    removed: list[str] = []
    if length(text, language) > wanted:
        text = _trim(text, language, removed)
    paragraphs = re.split(r"(\n\s*\n)", text)
    pieces = [_Piece(i, s) for i, p in enumerate(paragraphs) if i % 2 == 0 for s in sentences(p, language)]
    _weigh(pieces, language)
    count = sum(length(p.text, language) for p in pieces)
    gone: set[int] = set()
    for k in sorted(range(len(pieces)), key=lambda k: pieces[k].weight):
        size = length(pieces[k].text, language)
        if count <= wanted or pieces[k].weight == float("inf"):
            break
        if count - size < wanted * 0.8:
            continue  # it would take away too much
        gone.add(k)
        count -= size
    removed += [pieces[k].text for k in sorted(gone)]
    return Shortened(_joined(paragraphs, pieces, gone, language), tuple(removed))


def _joined(paragraphs: list[str], pieces: list[_Piece], gone: set[int], language: Language) -> str:
    space = "" if language == "zh" else " "
    out: list[str] = []
    for i, paragraph in enumerate(paragraphs):
        if i % 2:
            continue
        mine = [k for k, p in enumerate(pieces) if p.paragraph == i]
        kept = [pieces[k].text for k in mine if k not in gone]
        whole = paragraph if len(kept) == len(mine) else space.join(kept)
        if whole.strip():
            out.append(whole)
    return "\n\n".join(out)


def _weigh(pieces: list[_Piece], language: Language) -> None:
    keys = [_keys(p.text, language) for p in pieces]
    spread = Counter(key for own in keys for key in set(own))
    named: set[str] = set()
    for k, piece in enumerate(pieces):
        shared = sum(spread[key] - 1 for key in set(keys[k]))
        piece.weight = shared / (len(keys[k]) or 1) + 0.01 * len(keys[k])
        names = set(re.findall(r"(?<=[a-z,;] )[A-Z][a-z]+", piece.text))
        names |= {w for w in words(piece.text) if is_given(w)}
        if names - named:
            piece.weight += 2
        named |= names
        if QUOTED.search(piece.text):
            piece.weight += 2
        following = pieces[k + 1].text if k + 1 < len(pieces) else ""
        if (_LEANS_ZH if language == "zh" else _LEANS_EN).match(following):
            piece.weight += 1
    for k in {0, len(pieces) - 1} if pieces else set():
        pieces[k].weight = float("inf")


def _keys(text: str, language: Language) -> list[str]:
    if language == "zh":
        return ["".join(g) for g in ngrams(units(text, language), 2)]
    return [stem(w) for w in content_words(text)]


def _trim(text: str, language: Language, removed: list[str]) -> str:
    """Take asides, empty openers and intensifiers out of the narration."""
    patterns = [_ASIDE]
    if language == "en":
        heads = "|".join(re.escape(o) for o in openers())
        patterns += [
            re.compile(rf"(?:(?<=^)|(?<=[.!?]\s)|(?<=\n))(?:{heads}),?\s+(?=\w)", re.I),
            re.compile(
                rf"\b(?:{'|'.join(sorted(intensifiers()))})\s+(?=[a-z]+\b)(?!to\b|as\b|so\b|a\b|the\b|not\b|in\b)"
            ),
        ]
    for pattern in patterns:
        masked = mask_speech(text)
        for match in reversed(list(pattern.finditer(masked))):
            removed.append(match.group().strip())
            after = text[match.end() :]
            begins = not text[: match.start()].strip() or text[: match.start()].rstrip()[-1] in ".!?\n"
            text = text[: match.start()] + (capital(after) if begins and language == "en" else after)
    return text
