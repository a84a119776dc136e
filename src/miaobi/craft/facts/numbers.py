"""Numbers in a text, and the licence that a number needs to stand there.

1. A numeral is a run of digits with its inner commas and points: ``1,250.5``. Commas don't count: ``1250`` = ``1,250``.
2. An English number word is one of a closed list (*two* … *twenty*, tens, *hundred* …, *dozen*); *one* and ordinals,
   which are more often pronouns and order than quantity, are free.
3. A Chinese numeral is a run of 〇零一二两三…十百千万亿; 一 alone is free (一些, 一起).
4. A number is licensed when the given material has it, written in any of these ways the same.

``NumberAutomaton`` holds the rule while a text is decoded, ``unlicensed`` verifies it afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from miaobi.craft.text.table import table

_NUMERAL = re.compile(r"\d+(?:[,.]\d+)*")
_LETTERS = re.compile(r"[^\W\d_]+")
_HAN_RUN = re.compile("[〇零一二两三四五六七八九十百千万亿]+")
_HAN = frozenset("〇零一二两三四五六七八九十百千万亿")
WORDS = table("numerals.en")


def canonical(numeral: str) -> str:
    """Return a numeral without its thousands marks and closing point: ``1,250.`` → ``1250``."""
    return numeral.replace(",", "").rstrip(".")


def numbers_in(text: str) -> list[str]:
    """Return the numbers of *text* in canonical form, in order within each kind: numerals, words, Chinese runs."""
    found = [canonical(m) for m in _NUMERAL.findall(text)]
    found += [w for w in (x.lower() for x in _LETTERS.findall(text)) if w in WORDS]
    return found + [r for r in _HAN_RUN.findall(text) if r != "一"]


@dataclass(frozen=True)
class Licence:
    """The numbers that may be written."""

    numbers: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Licence:
        """Return the licence to write the numbers that *texts* have."""
        return cls(frozenset(n for text in texts for n in numbers_in(text)))

    def unlicensed(self, text: str) -> list[str]:
        """Return the numbers of *text* that were not given."""
        return [n for n in numbers_in(text) if n not in self.numbers]


class NumberAutomaton:
    """A ``types.Automaton``: a text in which every number is licensed. The state is the unfinished word or numeral."""

    name = "number-licence"

    def __init__(self, licence: Licence) -> None:
        self._numbers = licence.numbers

    def start(self) -> str:
        """Return the state before any text."""
        return ""

    def advance(self, state: str, piece: str) -> str | None:
        """Return the state after *piece*; None as soon as no licensed number begins so."""
        for c in piece:
            joined = state + c
            if self._goes_on(state, c):
                if not self._may_begin(joined):
                    return None
                state = joined
            else:
                if not self.complete(state):
                    return None
                state = c if c.isalnum() else ""
                if state and not self._may_begin(state):
                    return None
        return state

    def complete(self, state: str) -> bool:
        """Tell whether the text may end here: the word or numeral under way is whole and licensed."""
        if not state:
            return True
        if state[0] in _HAN:
            return state == "一" or state in self._numbers
        if state[0].isdecimal():
            return canonical(state) in self._numbers
        return state.lower() not in WORDS or state.lower() in self._numbers

    @staticmethod
    def _goes_on(state: str, c: str) -> bool:
        if not state:
            return False
        if state[0] in _HAN:
            return c in _HAN
        if state[0].isdecimal():
            return c.isdecimal() or (c in ",." and state[-1].isdecimal())
        return c.isalpha() and c not in _HAN

    def _may_begin(self, run: str) -> bool:
        if run[0] in _HAN:
            return run == "一" or any(n.startswith(run) for n in self._numbers)
        if run[0].isdecimal():
            bare = run.replace(",", "")
            return any(n.startswith(bare) for n in self._numbers) or canonical(run) in self._numbers
        return True
