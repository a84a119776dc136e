"""Scheme: what a poem's form asks of each of its lines, the same for regulated verse, 词 and couplets."""

from __future__ import annotations

from dataclasses import dataclass, replace

from miaobi.craft.prosody.chinese.regulated import SHAPES, Pattern
from miaobi.craft.prosody.chinese.rime import Book
from miaobi.craft.prosody.chinese.tune import Slots, Tune

NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Scheme:
    """Lines of slots; ``name`` in traditional characters. ``pattern`` is set for regulated verse."""

    name: str
    lines: tuple[Slots, ...]
    book: Book
    pattern: Pattern | None = None
    repeats_words: bool = True  # a character may come twice in the poem; a 绝句 avoids it

    @property
    def letters(self) -> tuple[str, ...]:
        """The rhymes of the scheme in their order, each once; a small letter is its capital's oblique side."""
        return tuple(dict.fromkeys(line.rhyme for line in self.lines if line.rhyme))

    def ends(self, letter: str) -> list[int]:
        """Return the numbers of the lines with this rhyme."""
        return [i for i, line in enumerate(self.lines) if line.rhyme == letter]


def regulated(pattern: Pattern, book: Book = "pingshui") -> Scheme:
    """Return the scheme of a 绝句 or 律诗."""
    slots = SHAPES[pattern.width]
    lines = tuple(
        Slots(slots[shape], "，。"[i % 2], "A" if rhymes else "", 0)
        for i, (shape, rhymes) in enumerate(zip(pattern.shapes, pattern.rhymes, strict=True))
    )
    return Scheme(pattern.name, lines, book, pattern, pattern.count == 8)


def of_tune(tune: Tune, book: Book = "cilin") -> Scheme:
    """Return the scheme of a 词."""
    return Scheme(tune.name, tune.lines, book)


def couplet(first: str, second: str) -> Scheme:
    """Return the scheme of a 对联 by the slots of its lines; there is no rhyme in it."""
    return Scheme("聯", (Slots(first, "，", "", 0), Slots(second, "。", "", 0)), "pingshui")


def with_shapes(scheme: Scheme, shapes: list[str]) -> Scheme:
    """Return a regulated scheme in which each line has the shape named, 拗救 among them."""
    assert scheme.pattern is not None
    slots = SHAPES[scheme.pattern.width]
    lines = (replace(line, tones=slots[shape]) for line, shape in zip(scheme.lines, shapes, strict=True))
    return replace(scheme, lines=tuple(lines))
