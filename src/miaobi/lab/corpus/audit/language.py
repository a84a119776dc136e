"""The language of a text, by its script and, for Latin letters, by its commonest words.

Rough on purpose: it answers whether a corpus holds what its name says, not what a single line is in. Chinese is
parted into traditional and simplified by characters that only one of them uses; a corpus of both teaches two forms of
one word.
"""

from __future__ import annotations

import re

_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]"), 0.1),  # kana: a tenth is enough, the rest is kanji
    ("ko", re.compile("[\uac00-\ud7af\u1100-\u11ff]"), 0.3),
    ("zh", re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]"), 0.3),
    ("Cyrillic", re.compile("[\u0400-\u04ff]"), 0.3),
    ("Arabic", re.compile("[\u0600-\u06ff]"), 0.3),
    ("Greek", re.compile("[\u0370-\u03ff]"), 0.3),
    ("Devanagari", re.compile("[\u0900-\u097f]"), 0.3),
    ("Hebrew", re.compile("[\u0590-\u05ff]"), 0.3),
    ("Thai", re.compile("[\u0e00-\u0e7f]"), 0.3),
)
_WORDS = {  # the commonest words of running text
    "en": "the of and to in a that was his he with for as had you not be her is on it at by which she from or",
    "fr": "de la le et les des en un du une que qui dans pour pas au sur il est elle vous ce je ne se par à son plus",
    "de": "der die und in den das von zu mit sich auf ist nicht ein eine dem im es er sie aus als wie eines auch an so",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más pero sus ha o este me mucho",
    "it": "di e il che la a in un è per una non del con si della dei sono gli nel da alla più le i al lo come ma",
    "pt": "de a o que e do da em um os no se na por mais as dos como mas ao não uma foi com para seu ele",
    "nl": "de van het een en in is dat op te zijn met voor niet die aan er om was maar ik ze ook door naar",
}
_MARKS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_TRADITIONAL = frozenset("國來時長風雲東門馬見過還處無與學書車萬龍鳥魚愛樂聽說語飛華應聲對當這個們會點聞頭")
_SIMPLIFIED = frozenset("国来时长风云东门马见过还处无与学书车万龙鸟鱼爱乐听说语飞华应声对当这个们会点闻头")
_ONLY_TRADITIONAL, _ONLY_SIMPLIFIED = _TRADITIONAL - _SIMPLIFIED, _SIMPLIFIED - _TRADITIONAL
_ENOUGH = 0.05  # share of words that are among a language's commonest; running prose has .2 and more


def language(text: str) -> str:
    """Return a language (en, zh-Hant, zh-Hans, zh, ja…), a script, ``Latin`` if unclear, or ``none``."""
    sample = text[:5000]
    letters = sum(c.isalpha() for c in sample)
    if not letters:
        return "none"
    for name, pattern, share in _SCRIPTS:
        if len(pattern.findall(sample)) >= share * letters:
            return _chinese(sample) if name == "zh" else name
    words = re.findall(r"[^\W\d_]+", sample.lower())
    shares = {name: sum(w in marks for w in words) / len(words) for name, marks in _MARKS.items()}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= _ENOUGH and len(words) >= 5 else "Latin"


def _chinese(sample: str) -> str:
    traditional = sum(c in _ONLY_TRADITIONAL for c in sample)
    simplified = sum(c in _ONLY_SIMPLIFIED for c in sample)
    if max(traditional, simplified) < 2 * min(traditional, simplified) + 1:
        return "zh"
    return "zh-Hant" if traditional > simplified else "zh-Hans"
