"""Filling a line's frame by chance, and telling whether a text fills it, for engines that can't be held to it.

Some engines can't be steered token by token. For them the candidates of a line come from here, as many as wanted, each
within frame, measure and rhyme, and the engine only says how likely each is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from miaobi.craft.text.sentence import capital
from miaobi.craft.verse.frame import Line
from miaobi.craft.verse.pattern import Measured
from miaobi.craft.verse.phrase import last_word, ways


@dataclass
class Filling:
    """A line's frame with its measure and the words that it may end on (None: any)."""

    line: Line
    measure: Measured
    ends: frozenset[str] | None
    _open: dict[tuple[int, frozenset[Any]], bool] = field(default_factory=dict)

    def draw(self, chance: Random) -> str:
        """Return a text for the line, without its closing mark; the plan has seen to it that there is one."""
        states: frozenset[Any] = self.measure.start()
        chosen: list[str] = []
        for i, place in enumerate(self.line.places):
            fitting = [
                (phrase, after)
                for phrase in place.phrases
                if (after := self._after(phrase, states)) and self._last(i, phrase) and self._reaches(i + 1, after)
            ]
            phrase, states = chance.choice(fitting)
            chosen.append(phrase)
        return capital(" ".join(filter(None, chosen)))

    def accepts(self, text: str) -> bool:
        """Tell whether *text* fills the frame, the measure and the rhyme."""
        return self._matches(0, text[:1].lower() + text[1:], self.measure.start(), first=True)

    def _matches(self, i: int, rest: str, states: frozenset[Any], first: bool) -> bool:
        if i == len(self.line.places):
            return not rest.strip() and self.measure.complete(states)
        for phrase in self.line.places[i].phrases:
            after = self._after(phrase, states)
            own = phrase[:1].lower() + phrase[1:] if first else phrase
            begun = rest.lstrip(" ")
            if after and begun.startswith(own) and self._last(i, phrase):
                left = begun[len(own) :]
                if (not phrase or not left[:1].isalpha()) and self._matches(i + 1, left, after, first and not phrase):
                    return True
        return False

    def _after(self, phrase: str, states: frozenset[Any]) -> frozenset[Any]:
        found = frozenset(s for levels in ways(phrase) for s in self.measure.advance(states, levels))
        return found if phrase else states

    def _last(self, i: int, phrase: str) -> bool:
        final = i == len(self.line.places) - 1
        return not final or self.ends is None or last_word(phrase) in self.ends

    def _reaches(self, i: int, states: frozenset[Any]) -> bool:
        if i == len(self.line.places):
            return self.measure.complete(states)
        key = (i, states)
        if key not in self._open:
            self._open[key] = any(
                self._last(i, phrase) and (after := self._after(phrase, states)) and self._reaches(i + 1, after)
                for phrase in self.line.places[i].phrases
            )
        return self._open[key]


def draw_distinct(filling: Filling, chance: Random, count: int) -> Sequence[str]:
    """Return up to *count* different texts."""
    found: dict[str, None] = {}
    for _ in range(3 * count):
        found.setdefault(filling.draw(chance))
        if len(found) == count:
            break
    return list(found)
