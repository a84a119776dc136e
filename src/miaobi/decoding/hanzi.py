"""A line of Chinese verse as a constraint over tokens: tone, rhyme, given characters and no repetition, slot by slot.

On a checkpoint whose tokens are characters (our verse net) the vocabulary is read once into arrays, and a mask is a
conjunction of a handful of them; the rules are told apart, so that what each took from the model is known. On any other
checkpoint the same line is an automaton over text. Nothing here leads into a dead end: a slot's demands depend on no
other slot but for repetition, and ``empty_slot`` tells beforehand where no character is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from miaobi.craft.prosody.chinese.imagery import doubled
from miaobi.craft.prosody.chinese.rime import BOOKS, FREE, LEVEL, OBLIQUE, Book, seldom
from miaobi.craft.prosody.chinese.scansion import Rhyme
from miaobi.decoding.constraint import AutomatonFollower, Follower
from miaobi.decoding.vocabulary import Vocabulary
from miaobi.types import Floats, Mask

_LEAST = 1000  # characters that are tokens of their own, for a vocabulary to be read into arrays


@dataclass
class HanziLine:
    """What a line is held to. ``given``: a character a slot, "" where the line is free; ``barred``: used elsewhere."""

    slots: str
    book: Book = "pingshui"
    rhyme: Rhyme | None = None  # of the last slot
    given: tuple[str, ...] = ()
    barred: frozenset[str] = frozenset()
    barred_ends: frozenset[str] = frozenset()  # rhyme words that are taken
    echoes: tuple[int, ...] = ()  # a slot each: the earlier slot whose character it repeats, −1 for none
    named: tuple[tuple[int, str], ...] = ()  # slots whose tone has a rule of its own: (2, "三平尾")
    name: str = "verse"

    def follower(self, vocabulary: Vocabulary) -> Follower:
        """Return a follower at the line's beginning."""
        table = _table(vocabulary, self.book)
        if len(table.token) < _LEAST:
            return AutomatonFollower(self, vocabulary)
        return LineFollower(self, table)

    def allows(self, at: int, character: str, before: str) -> bool:
        """Tell whether *character* may stand in the slot *at* behind *before*, the line so far."""
        given = self.given[at] if self.given else ""
        if given:
            return character == given
        if self.echoes and self.echoes[at] >= 0:
            return character == before[self.echoes[at]]
        readings = BOOKS[self.book].readings(character)
        slot = self.slots[at]
        suiting = [r for r in readings if slot == FREE or r.level == (slot == LEVEL)]
        if self.usual(at) and seldom().get(character) == slot:
            return False
        if at == len(self.slots) - 1 and self.rhyme is not None:
            suiting = [r for r in suiting if r.rhyme == self.rhyme]
            if character in self.barred_ends:
                return False
        return bool(suiting) and (not self._repeated(character, before) or self.doubles(at, before) == character)

    def usual(self, at: int) -> bool:
        """Tell whether a slot's tone is to be one that poets do read: not where a rhyme is, nor by today's readings."""
        return self.book != "xinyun" and not (at == len(self.slots) - 1 and self.rhyme is not None)

    def doubles(self, at: int, before: str) -> str:
        """Return the character that may stand in the slot *at* a second time 叠字, or ""."""
        if self.echoes:  # what is said twice is said where the first line says it
            return ""
        pairs = {5: (1, 3, 4), 7: (1, 3, 5, 6)}.get(len(self.slots), (1, 3))
        last = before[-1:]
        again = len(before) > 1 and before[-2] == last
        return last if at in pairs and not again and last in doubled() and last not in self.barred else ""

    def _repeated(self, character: str, before: str) -> bool:
        return character in self.barred or character in before or character in self.given

    # --- as an automaton over text: the state is what has been written ------------------------------------------

    def start(self) -> str:
        """Return the state before any text."""
        return ""

    def advance(self, state: str, piece: str) -> str | None:
        """Return the line after *piece*, or None where it breaks a rule."""
        for character in piece:
            if len(state) == len(self.slots) or not self.allows(len(state), character, state):
                return None
            state += character
        return state

    def complete(self, state: str) -> bool:
        """Tell whether the line is whole."""
        return len(state) == len(self.slots)


class _Table:
    """A vocabulary as arrays over its tokens, (V,) bool each. ``token``: by character, and back."""

    def __init__(self, vocabulary: Vocabulary, book: Book) -> None:
        self.size = len(vocabulary)
        self.token: dict[str, int] = {}
        self._book = BOOKS[book]
        for token, piece in enumerate(vocabulary.pieces):
            text = piece.decode("utf-8", "replace").strip()
            if len(text) == 1 and text not in self.token and self._book.readings(text):
                self.token[text] = token
        self.character = {token: character for character, token in self.token.items()}
        self.listed = self.mask(self.token)
        tones = {character: self._book.tones(character) for character in self.token}
        self.level = self.mask(c for c, tone in tones.items() if tone in (LEVEL, FREE))
        self.oblique = self.mask(c for c, tone in tones.items() if tone and tone != LEVEL)
        rare = dict[str, list[str]]({LEVEL: [], OBLIQUE: []})
        for character, tone in seldom().items():
            rare[tone].append(character)
        self.usual = {LEVEL: self.level & ~self.mask(rare[LEVEL]), OBLIQUE: self.oblique & ~self.mask(rare[OBLIQUE])}
        self._rhymes: dict[Rhyme, Mask] = {}

    def mask(self, characters: Any) -> Mask:
        """Return which tokens are one of *characters*."""
        found = np.zeros(self.size, np.bool_)
        found[[self.token[c] for c in characters if c in self.token]] = True
        return found

    def rhyming(self, rhyme: Rhyme) -> Mask:
        """Return which tokens can be read in this group and tone."""
        if rhyme not in self._rhymes:
            self._rhymes[rhyme] = self.mask(c for c in self.token if rhyme in {r.rhyme for r in self._book.readings(c)})
        return self._rhymes[rhyme]


def _table(vocabulary: Vocabulary, book: Book) -> _Table:
    key = f"_hanzi_{book}"
    if key not in vocabulary.__dict__:
        vocabulary.__dict__[key] = _Table(vocabulary, book)
    found: _Table = vocabulary.__dict__[key]
    return found


class LineFollower:
    """A follower on arrays; tells its rules apart."""

    certain = True

    def __init__(self, line: HanziLine, table: _Table) -> None:
        self.name, self._line, self._table = line.name, line, table
        self._written: list[int] = []
        self._free = ~table.mask(line.barred | set(line.given))
        self._named = dict(line.named)
        self._ends = ~table.mask(line.barred_ends)

    def rules(self, logits: Floats) -> list[tuple[str, Mask]]:
        """Return the masks of the next slot in the order of blame: character, tone, rhyme, given, repetition."""
        at, line, table = len(self._written), self._line, self._table
        if at == len(line.slots):
            return [("length", np.zeros(table.size, np.bool_))]
        if line.given and line.given[at]:
            return [("character", table.listed), ("given", table.mask([line.given[at]]))]
        found = [("character", table.listed)]
        if line.echoes and line.echoes[at] >= 0:
            same = np.zeros(table.size, np.bool_)
            same[self._written[line.echoes[at]]] = True
            return [*found, ("repetition", same)]
        if (slot := line.slots[at]) != FREE:
            tones = table.usual if line.usual(at) else {LEVEL: table.level, OBLIQUE: table.oblique}
            found.append((self._named.get(at, "tone"), tones[slot]))
        if at == len(line.slots) - 1 and line.rhyme is not None:
            found += [("rhyme", table.rhyming(line.rhyme)), ("repeated rhyme", self._ends)]
        found.append(("repetition", self._unrepeated()))
        return found

    def _unrepeated(self) -> Mask:
        free = self._free.copy()
        free[self._written] = False
        before = "".join(self._table.character[token] for token in self._written)
        if twice := self._line.doubles(len(before), before):
            free[self._table.token[twice]] = True
        return free

    def mask(self, logits: Floats) -> Mask:
        """Return which tokens may come next."""
        allowed: Mask = np.logical_and.reduce([mask for _, mask in self.rules(logits)])
        return allowed

    def consume(self, token: int) -> bool:
        """Take a token."""
        at = len(self._written)
        character = self._table.character.get(token, "")
        before = "".join(self._table.character[t] for t in self._written)
        if at == len(self._line.slots) or not character or not self._line.allows(at, character, before):
            return False
        self._written.append(token)
        return True

    def rewind(self, count: int) -> None:
        """Forget the last tokens."""
        if count:
            del self._written[-count:]

    def complete(self) -> bool:
        """Tell whether the line is whole."""
        return len(self._written) == len(self._line.slots)

    def forced(self) -> list[int]:
        """Return the given characters that come next."""
        line, at = self._line, len(self._written)
        found = []
        while at < len(line.slots) and line.given and line.given[at]:
            token = self._table.token.get(line.given[at])
            if token is None:
                break
            found.append(token)
            at += 1
        return found
