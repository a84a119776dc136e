"""How English words are said: the CMU Pronouncing Dictionary, rules that derive from it, and a guess for the rest.

``data/en/cmudict.txt.gz`` holds a word a line and its pronunciations as ARPAbet phones; a vowel carries its stress,
1 primary, 2 secondary, 0 none. The dictionary is General American. What it lacks is derived where a rule is safe
(inflections, compounds, British spellings, poets' elisions), else read letter by letter, and the source says so.
"""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal

from miaobi.craft.prosody.english.letters import spell_out
from miaobi.craft.text.wordclass import word_class

Source = Literal["dictionary", "derived", "guess"]
WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]*(?:['’][A-Za-zÀ-ÖØ-öø-ÿ]+)*['’]?")
_CLUSTERS = frozenset(
    f"{first} {second}"
    for seconds, firsts in {"R": "P B T D K G F TH SH", "L": "P B K G F S", "W": "T D K G S"}.items()
    for first in firsts.split()
    for second in [seconds]
) | frozenset({"S P", "S T", "S K", "S M", "S N", "S P R", "S T R", "S K R", "S P L", "S K W"})  # that begin a syllable
_COMPOUND = 8  # letters: shorter words fall into parts by accident
_VOICELESS = frozenset({"P", "T", "K", "F", "TH"})
_SIBILANT = frozenset({"S", "Z", "SH", "ZH", "CH", "JH"})


@dataclass(frozen=True)
class Pronunciation:
    """One way to say a word: ARPAbet phones, vowels with their stress."""

    phones: tuple[str, ...]
    source: Source = "dictionary"

    @cached_property
    def stresses(self) -> str:
        """The stress of each syllable, ``"100"`` for *memory*."""
        return "".join(p[-1] for p in self.phones if p[-1].isdigit())

    @property
    def syllables(self) -> int:
        """How many syllables it has."""
        return len(self.stresses)

    @cached_property
    def rhyming_part(self) -> tuple[str, ...]:
        """The last stressed vowel and all that follows, without stress marks: what a perfect rhyme shares."""
        return tuple(p.rstrip("012") for p in self.phones[self._nucleus :])

    @cached_property
    def ending(self) -> tuple[str, ...]:
        """The last vowel, stressed or not, and what follows, without stress marks."""
        last = max((i for i, p in enumerate(self.phones) if p[-1].isdigit()), default=0)
        return tuple(p.rstrip("012") for p in self.phones[last:])

    @cached_property
    def onset(self) -> tuple[str, ...]:
        """The consonants before the rhyming part: what a perfect rhyme must not share."""
        start = self._nucleus
        while start and not self.phones[start - 1][-1].isdigit():
            start -= 1
        cluster = self.phones[start : self._nucleus]
        if start:  # within a word only what can begin a syllable: *light-house* has the h of *house*
            while len(cluster) > 1 and " ".join(cluster) not in _CLUSTERS:
                cluster = cluster[1:]
        return cluster

    @cached_property
    def _nucleus(self) -> int:
        vowels = [i for i, p in enumerate(self.phones) if p[-1].isdigit()]
        stressed = [i for i in vowels if self.phones[i][-1] != "0"]
        return (stressed or vowels or [0])[-1]


def pronunciations(word: str) -> tuple[Pronunciation, ...]:
    """Return how *word* may be said, the dictionary's first choice first; never empty."""
    return _pronunciations(_plain(word))


def listed() -> dict[str, str]:
    """Return the dictionary: word → its pronunciations, phones between blanks, ``|`` between pronunciations."""
    return _entries()


def _plain(word: str) -> str:
    return word.lower().replace("’", "'").strip('.,;:!?"“”()—–')


@cache
def _entries() -> dict[str, str]:
    packed = (files("miaobi.craft") / "data" / "en" / "cmudict.txt.gz").read_bytes()
    return dict(line.split("\t", 1) for line in gzip.decompress(packed).decode("ascii").splitlines())


@cache
def _pronunciations(word: str) -> tuple[Pronunciation, ...]:
    if entry := _entries().get(word):
        said = tuple(Pronunciation(tuple(way.split())) for way in entry.split("|"))
        return (*said, *_elided(said))
    if derived := _derived(word):
        return derived
    return (Pronunciation(spell_out(word), "guess"),)


def _elided(said: tuple[Pronunciation, ...]) -> tuple[Pronunciation, ...]:
    """Return the shorter way that poets say words like *heaven* and *flower*: one syllable less.

    Only where a weak vowel follows a stressed one with nothing (*flow-er*, *pi-ous* is left alone) or v (*hea-v'n*).
    """
    phones = said[0].phones
    for middle in (("AW1",), ("AY1",)):
        if phones[-2:] == (*middle, "ER0"):
            shorter = Pronunciation((*phones[:-2], *middle, "R"), "derived")
            return () if shorter.phones in {p.phones for p in said} else (shorter,)
    if phones[-4:] == ("EH1", "V", "AH0", "N"):
        return (Pronunciation((*phones[:-2], "N"), "derived"),)
    return ()


def _derived(word: str) -> tuple[Pronunciation, ...]:
    entries = _entries()
    if word in (special := _poets_spellings()):
        return (Pronunciation(special[word], "derived"),)
    if word.endswith(("'s", "s'")):
        base = word[:-2] if word.endswith("'s") else word[:-1]
        bare = tuple(_with(p.phones, ()) for p in _known(base)) if word.endswith("s'") else ()  # *my mistress' eyes*
        return (*bare, *(_with(p.phones, _plural(p.phones)) for p in _known(base)))
    if word.endswith("in'") and word[:-1] + "g" in entries:
        return tuple(_with((*p.phones[:-1], "N"), ()) for p in _known(word[:-1] + "g"))
    if "-" in word.strip("-"):
        parts = [_pronunciations(part)[0] for part in word.split("-") if part]
        guessed = any(p.source == "guess" for p in parts)
        phones = tuple(phone for p in parts for phone in p.phones)
        return (Pronunciation(phones, "guess" if guessed else "derived"),)
    for british, american in (
        ("our", "or"),
        ("ise", "ize"),
        ("isi", "izi"),
        ("yse", "yze"),
        ("tre", "ter"),
        ("ll", "l"),
    ):
        respelt = word.replace(british, american)
        if respelt != word and respelt in entries:
            return tuple(_with(p.phones, ()) for p in _known(respelt))
    return _inflected(word)


def _inflected(word: str) -> tuple[Pronunciation, ...]:
    if word.endswith("s") and word[:-1] in _entries():
        return tuple(_with(p.phones, _plural(p.phones)) for p in _known(word[:-1]))
    for base in (word[:-1], word[:-2]) if word.endswith("ed") else ():
        if base in _entries():
            return tuple(_with(p.phones, _past(p.phones)) for p in _known(base))
    for base in (word[:-3], word[:-3] + "e") if word.endswith("ing") else ():
        if base in _entries():
            return tuple(_with(p.phones, ("IH0", "NG")) for p in _known(base))
    if word.endswith("ly") and word[:-2] in _entries():
        return tuple(_with(p.phones, ("L", "IY0")) for p in _known(word[:-2]))
    if word.endswith("ness") and word[:-4] in _entries():
        return tuple(_with(p.phones, ("N", "AH0", "S")) for p in _known(word[:-4]))
    if word.endswith("less") and word[:-4] in _entries():
        return tuple(_with(p.phones, ("L", "AH0", "S")) for p in _known(word[:-4]))
    return _compound(word)


def _compound(word: str) -> tuple[Pronunciation, ...]:
    """Return a closed compound, *streetlamp*, said as its parts, the second with secondary stress."""
    for cut in range(len(word) - 3, 3, -1):
        first, second = word[:cut], word[cut:]
        if len(word) >= _COMPOUND and first in _entries() and second in _entries():
            (head, tail) = (_pronunciations(part)[0].phones for part in (first, second))
            return (Pronunciation((*head, *(p.replace("1", "2") for p in tail)), "derived"),)
    return ()


def _known(word: str) -> tuple[Pronunciation, ...]:
    return _pronunciations(word) if word in _entries() else ()


def _with(phones: tuple[str, ...], ending: tuple[str, ...]) -> Pronunciation:
    return Pronunciation((*phones, *ending), "derived")


def _plural(phones: tuple[str, ...]) -> tuple[str, ...]:
    last = phones[-1]
    return ("IH0", "Z") if last in _SIBILANT else ("S",) if last in _VOICELESS else ("Z",)


def _past(phones: tuple[str, ...]) -> tuple[str, ...]:
    last = phones[-1]
    return ("IH0", "D") if last in {"T", "D"} else ("T",) if last in _VOICELESS | {"S", "SH", "CH"} else ("D",)


@cache
def _poets_spellings() -> dict[str, tuple[str, ...]]:
    return {entry.split(":")[0]: tuple(entry.split(":")[1].split("_")) for entry in word_class("poets_spelling")}
