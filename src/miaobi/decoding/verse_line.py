"""A line of verse as a constraint over tokens: a frame of words, a measure, and the words that it may end on.

The frame is a row of elements; each is a set of phrases that may stand there (one phrase: it must), or a run of any
words of a list. Phrases become tries of tokens, so that a word of several tokens is held to its sound from its first
token on. A state is a set of places in those tries with what the measure has seen; what may come next is known from the
sets of stress patterns below a node and those after which the line can still be finished, so no legal beginning is a
dead end. All that is worked out for a state is kept with the compiled line.

The pronunciations are the caller's: a phrase comes with the patterns of stress (levels) in which it may be said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from miaobi.decoding.vocabulary import Vocabulary
from miaobi.types import Floats, Mask

_WORD = 64  # stress patterns in a machine word of a row of bits


class Measure(Protocol):
    """What a line is measured by: a metre or a number of syllables. States are frozen sets; empty is a dead end."""

    @property
    def name(self) -> str:
        """What the rule is called."""

    def start(self) -> frozenset[Any]:
        """Return the states before the first syllable."""

    def advance(self, states: Any, levels: str) -> frozenset[Any]:
        """Return the states after syllables of these levels."""

    def complete(self, states: Any) -> bool:
        """Tell whether the line may end."""


@dataclass(frozen=True)
class Phrases:
    """What may stand at one place of a line. ``said``: phrase → its patterns of stress; ``""`` is nothing at all.

    ``runs``: one or more of them in a row.
    """

    said: Mapping[str, tuple[str, ...]] = field(hash=False)
    runs: bool = False


@dataclass(eq=False)
class VerseLine:
    """A line: its elements from left to right, its measure, the last words it may have (None: any).

    Its first word gets a capital. The last element is no run, and may not be left out where ``ends`` are asked for.
    """

    elements: tuple[Phrases, ...]
    measure: Measure
    ends: frozenset[str] | None = None  # lower case
    name: str = "verse"
    _compiled: _Compiled | None = field(default=None, repr=False)

    def follower(self, vocabulary: Vocabulary) -> VerseFollower:
        """Return a follower at the start of the line."""
        if self._compiled is None or self._compiled.vocabulary is not vocabulary:
            self._compiled = _Compiled(self, vocabulary)
        return VerseFollower(self._compiled)


class _Node:
    """A place in a trie of tokens."""

    __slots__ = ("below", "below_last", "ends", "ends_last", "kids")

    def __init__(self) -> None:
        self.kids: dict[int, _Node] = {}
        self.ends = self.ends_last = 0  # bits of the patterns of phrases that end here; of those that may end the line
        self.below = self.below_last = 0  # the same of all phrases from here on

    def bits(self, last: bool) -> int:
        return self.below_last if last else self.below


class _Patterns:
    """Numbers for patterns of stress."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.levels: list[str] = []

    def bits(self, patterns: Sequence[str]) -> int:
        total = 0
        for levels in patterns:
            if levels not in self.numbers:
                self.numbers[levels] = len(self.levels)
                self.levels.append(levels)
            total |= 1 << self.numbers[levels]
        return total

    def of(self, bits: int) -> list[str]:
        return [levels for i, levels in enumerate(self.levels) if bits >> i & 1]

    def row(self, bits: int) -> npt.NDArray[np.uint64]:
        size = -(-len(self.levels) // _WORD) * _WORD // 8
        return np.frombuffer(bits.to_bytes(size, "little"), dtype=np.uint64)


class _Reach:
    """From which states a line can still be finished."""

    def __init__(self, line: VerseLine, patterns: _Patterns) -> None:
        self.line, self._patterns = line, patterns
        self._allowed: dict[tuple[int, frozenset[Any]], int] = {}
        self._all = [
            patterns.bits([p for phrase, ways in e.said.items() if phrase for p in ways]) for e in line.elements
        ]
        closing = line.elements[-1].said.items()
        self._closing = patterns.bits(
            [
                p
                for phrase, ways in closing
                if phrase and (line.ends is None or last_word(phrase) in line.ends)
                for p in ways
            ]
        )

    def allowed(self, i: int, states: frozenset[Any]) -> int:
        """Return the bits of the patterns that element *i* may have in *states* so that the line can be finished."""
        key = (i, states)
        if key not in self._allowed:
            self._allowed[key] = 0  # a run that takes no syllable goes nowhere
            final = i + 1 == len(self.line.elements)
            total = 0
            for levels in self._patterns.of(self._closing if final else self._all[i]):
                after = self.line.measure.advance(states, levels)
                onward = self.reachable(i + 1, after)
                if onward or (after and self.line.elements[i].runs and self.allowed(i, after)):
                    total |= self._patterns.bits([levels])
            self._allowed[key] = total
        return self._allowed[key]

    def reachable(self, i: int, states: frozenset[Any]) -> bool:
        """Tell whether the line can be finished from before element *i*."""
        if not states:
            return False
        if i == len(self.line.elements):
            return self.line.measure.complete(states)
        if "" in self.line.elements[i].said and self.reachable(i + 1, states):
            return True
        return self.allowed(i, states) != 0


_Item = tuple[int, int, frozenset[Any]]  # element, node, states of the measure


class _Compiled:
    """A line against a vocabulary."""

    def __init__(self, line: VerseLine, vocabulary: Vocabulary) -> None:
        self.line, self.vocabulary, self.patterns = line, vocabulary, _Patterns()
        self.reach = _Reach(line, self.patterns)
        self.nodes: list[_Node] = []
        self.numbers: dict[int, int] = {}
        self.roots = [self._root(i, initial=False) for i in range(len(line.elements))]
        self.firsts = [self._root(i, initial=True) for i in range(len(line.elements))]
        self.after: dict[tuple[frozenset[_Item], int], frozenset[_Item]] = {}
        self.rules: dict[frozenset[_Item], list[tuple[str, Mask]]] = {}
        self.only: dict[frozenset[_Item], int] = {}
        self.start = frozenset(self._open(0, line.measure.start(), first=True))

    def _number(self, node: _Node) -> int:
        if id(node) not in self.numbers:
            self.numbers[id(node)] = len(self.nodes)
            self.nodes.append(node)
        return self.numbers[id(node)]

    def _root(self, i: int, initial: bool) -> int:
        """Return the trie of an element; *initial*: as the line's beginning, with a capital and no blank before."""
        assert self.vocabulary.encode is not None, "a verse line needs the checkpoint's own tokeniser"
        ends = self.line.ends if i == len(self.line.elements) - 1 else None
        root = _Node()
        for phrase, ways in self.line.elements[i].said.items():
            if not phrase:
                continue
            bits = self.patterns.bits(ways)
            last = bits if ends is None or last_word(phrase) in ends else 0
            text = phrase[0].upper() + phrase[1:] if initial else " " + phrase
            node = root
            for token in self.vocabulary.encode(text):
                node.below |= bits
                node.below_last |= last
                node = node.kids.setdefault(token, _Node())
            node.below |= bits
            node.below_last |= last
            node.ends |= bits
            node.ends_last |= last
        return self._number(root)

    def _open(self, i: int, states: frozenset[Any], first: bool = False) -> list[_Item]:
        """Return the items before element *i* and, where it may be nothing, before those after it."""
        if i == len(self.line.elements):
            return [(i, -1, states)] if self.line.measure.complete(states) else []
        found: list[_Item] = []
        if self.reach.allowed(i, states):
            found.append((i, (self.firsts if first else self.roots)[i], states))
        if "" in self.line.elements[i].said:
            found += self._open(i + 1, states, first)
        return found

    def _last(self, i: int) -> bool:
        return i == len(self.line.elements) - 1 and not self.line.elements[i].runs

    def step(self, items: frozenset[_Item], token: int) -> frozenset[_Item]:
        """Return the items after *token*; empty where it may not come."""
        key = (items, token)
        if key not in self.after:
            found: list[_Item] = []
            for i, number, states in items:
                kid = self.nodes[number].kids.get(token) if number >= 0 else None
                allowed = self.reach.allowed(i, states) if kid else 0
                if kid is None or not kid.bits(self._last(i)) & allowed:
                    continue
                if kid.kids:
                    found.append((i, self._number(kid), states))
                for levels in self.patterns.of(kid.ends & allowed):
                    after = self.line.measure.advance(states, levels)
                    final = i == len(self.line.elements) - 1
                    if not final or kid.ends_last & self.patterns.bits([levels]):
                        found += self._open(i + 1, after)
                    if self.line.elements[i].runs and self.reach.allowed(i, after):
                        found.append((i, self.roots[i], after))
            self.after[key] = frozenset(found)
        return self.after[key]

    def masks(self, items: frozenset[_Item]) -> list[tuple[str, Mask]]:
        """Return the masks of the frame, the measure and the rhyme."""
        if items not in self.rules:
            size = len(self.vocabulary)
            frame, measure, rhyme = (np.zeros(size, dtype=np.bool_) for _ in range(3))
            for i, number, states in items:
                if number < 0:
                    continue
                tokens, below, below_last = self._rows(self.nodes[number])
                frame[tokens] = True
                rows = self.patterns.row(self.reach.allowed(i, states))
                fits = (below & rows).any(axis=1)
                measure[tokens] |= fits
                rhyme[tokens] |= fits & (below_last & rows).any(axis=1) if self._last(i) else fits
            named = [("frame", frame), (self.line.measure.name, measure | ~frame)]
            if self.line.ends is not None:
                named.append(("rhyme", rhyme | ~measure))
            self.rules[items] = named
            allowed_now = np.flatnonzero(np.logical_and.reduce([mask for _, mask in named]))
            self.only[items] = int(allowed_now[0]) if len(allowed_now) == 1 else -1
        return self.rules[items]

    def _rows(self, node: _Node) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
        """Return the tokens after *node*, the patterns below each as rows of bits, and those that may end the line."""
        tokens = np.fromiter(node.kids, dtype=np.int64, count=len(node.kids))
        below = np.array([self.patterns.row(kid.below) for kid in node.kids.values()])
        last = np.array([self.patterns.row(kid.below_last) for kid in node.kids.values()])
        return tokens, below, last


def last_word(phrase: str) -> str:
    """Return the last word of a phrase in lower case, without its marks."""
    return phrase.rsplit(" ", 1)[-1].strip(".,;:!?—").lower()


class VerseFollower:
    """A follower on a line; ``_states``: the items after each token."""

    certain = True

    def __init__(self, compiled: _Compiled) -> None:
        self.name, self._compiled = compiled.line.name, compiled
        self._states = [compiled.start]

    def mask(self, logits: Floats) -> Mask:
        """Return which tokens may come next."""
        mask: Mask = np.logical_and.reduce([mask for _, mask in self.rules(logits)])
        return mask

    def rules(self, logits: Floats) -> list[tuple[str, Mask]]:
        """Return the masks of the frame, the measure and the rhyme."""
        return self._compiled.masks(self._states[-1])

    def consume(self, token: int) -> bool:
        """Take a token."""
        after = self._compiled.step(self._states[-1], token)
        if after:
            self._states.append(after)
        return bool(after)

    def rewind(self, count: int) -> None:
        """Forget the last tokens."""
        if count:
            del self._states[-count:]

    def complete(self) -> bool:
        """Tell whether the line may end here."""
        return any(number < 0 for _, number, _ in self._states[-1])

    def forced(self) -> list[int]:
        """Return the tokens that the line leaves no choice about."""
        items, found = self._states[-1], list[int]()
        while not any(number < 0 for _, number, _ in items):
            self._compiled.masks(items)
            if (token := self._compiled.only[items]) < 0:
                break
            found.append(token)
            items = self._compiled.step(items, token)
        return found
