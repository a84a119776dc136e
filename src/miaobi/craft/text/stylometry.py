"""A voice as numbers: sentence lengths, function words, marks, dialogue, measured so that two texts can be compared.

The distance is Burrows' Delta (2002) with fixed scales: the mean of |difference| / scale over the features; a scale
is about what the feature varies between authors of fiction (choices of ours). 0 is the same voice. Short texts are
noisy: a few hundred words on either side are wanted, and a sentence is judged with the text that it joins.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from statistics import fmean, pstdev

from miaobi.craft.text.sentence import han, length, sentences, units, words
from miaobi.craft.text.speech import QUOTED
from miaobi.types import Language

_FUNCTION = {
    "en": [
        "the",
        "a",
        "and",
        "but",
        "or",
        "of",
        "to",
        "in",
        "on",
        "at",
        "with",
        "for",
        "from",
        "as",
        "that",
        "which",
        "who",
        "he",
        "she",
        "it",
        "they",
        "i",
        "you",
        "his",
        "her",
        "was",
        "had",
        "is",
        "not",
        "so",
        "then",
    ],
    "zh": list("的了着过是在有不也就都和与而却把被这那他她我你很又还吗吧呢"),
}
_MARKS = {"en": [",", ";", ":", "—", "!", "?", "…", "("], "zh": list("，；：、！？…—")}
_SCALES = {"sentence": 5.0, "spread": 4.0, "word": 0.4, "dialogue": 0.15, "contraction": 0.02, "paragraph": 30.0}
_FUNCTION_SCALE = 0.012  # share of all words
_MARK_SCALE = 0.012  # a word


@dataclass(frozen=True)
class Profile:
    """Features of a text by name."""

    features: dict[str, float]
    words: int

    def distance(self, other: Profile) -> float:
        """Return how far apart two voices are; the mean over the features both have, in scales."""
        shared = self.features.keys() & other.features.keys()
        return fmean(abs(self.features[k] - other.features[k]) / _scale(k) for k in sorted(shared)) if shared else 0.0


def profile(text: str, language: Language) -> Profile:
    """Measure the voice of *text*."""
    count = max(length(text, language), 1)
    lengths = [length(s, language) for s in sentences(text, language)] or [0]
    said = sum(length(m.group(), language) for m in QUOTED.finditer(text))
    own = units(text, language)
    counted = Counter(own)
    features = {
        "sentence": fmean(lengths),
        "spread": pstdev(lengths),
        "dialogue": said / count,
        "paragraph": count / max(len([p for p in re.split(r"\n\s*\n", text) if p.strip()]), 1),
    }
    if language == "en":
        features["word"] = fmean(len(w) for w in own) if own else 0.0
        features["contraction"] = len(re.findall(r"\w[’'](?:t|s|re|ve|ll|d|m)\b", text)) / count
    features |= {f"word {w}": counted[w] / count for w in _FUNCTION[language]}
    features |= {f"mark {m}": text.count(m) / count for m in _MARKS[language]}
    return Profile(features, len(words(text)) + len(han(text)))


def _scale(name: str) -> float:
    kind = name.split(" ", maxsplit=1)[0] if " " in name else name
    if kind == "mark":
        return _MARK_SCALE
    return _FUNCTION_SCALE if " " in name else _SCALES[name]
