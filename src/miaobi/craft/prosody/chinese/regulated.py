"""Regulated verse 近体诗: the sixteen patterns of 绝句 and 律诗, and the lines that count as kept.

A line has one of four shapes (五言; 七言 puts 中平 or 中仄 before it), named as in Wang Li, 《诗词格律》:

    a 中仄平平仄    b 中平平仄仄    A 中仄仄平平    B 平平仄仄平        中: either tone

and three more that count as kept, 拗救:

    b′ 平平仄平仄            stands for b by itself
    B′ 中平平仄平            stands for B: its third character saves a first that is oblique (孤平), or the line before
    a′ 中仄中仄仄, 中仄仄平仄  stands for a, if the line after it is a B′; the second one need not be saved

仄起 or 平起 is the tone of the first line's second character. A couplet's lines oppose 对, a couplet begins as the last
one ended 粘. Lines 2, 4, 6, 8 rhyme in a level tone, and the first, if it ends in one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Shape = Literal["a", "b", "A", "B"]
Start = Literal["平起", "仄起"]
FIVE: dict[str, str] = {
    "a": "中仄平平仄", "b": "中平平仄仄", "A": "中仄仄平平", "B": "平平仄仄平",
    "b'": "平平仄平仄", "B'": "中平平仄平", "a'": "中仄中仄仄", "a''": "中仄仄平仄",
}  # fmt: skip
# 七言 is 五言 with two characters before it whose second opposes the old second
SEVEN: dict[str, str] = {
    "a": "中平中仄平平仄", "b": "中仄中平平仄仄", "A": "中平中仄仄平平", "B": "中仄平平仄仄平",
    "b'": "中仄平平仄平仄", "B'": "中仄中平平仄平", "a'": "中平中仄中仄仄", "a''": "中平中仄仄平仄",
}  # fmt: skip
SHAPES = {5: FIVE, 7: SEVEN}
STARTS: tuple[Start, ...] = ("平起", "仄起")


@dataclass(frozen=True)
class Pattern:
    """A pattern of regulated verse: *width* 5 or 7, *count* of lines 4 or 8."""

    width: int
    count: int
    start: Start
    rhymed: bool  # 首句入韵

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """Return the shape of each line."""
        oblique = self.start == "仄起"
        if self.width == 7:
            oblique = not oblique  # the shapes are named by 五言, whose second character is 七言's fourth
        cycle: tuple[Shape, ...] = ("a", "B", "b", "A") if oblique else ("b", "A", "a", "B")
        first: Shape = cycle[0] if not self.rhymed else "A" if oblique else "B"
        return (first, *(cycle * 2)[1 : self.count])

    @property
    def rhymes(self) -> tuple[bool, ...]:
        """Tell of each line whether it rhymes."""
        return tuple(i % 2 == 1 or (i == 0 and self.rhymed) for i in range(self.count))

    @property
    def name(self) -> str:
        """Return the name of form and pattern, as in 七絕平起入韻."""
        form = ("五", "七")[self.width == 7] + ("絕", "律")[self.count == 8]
        return f"{form}{self.start}{'入韻' if self.rhymed else '不入韻'}"


PATTERNS = tuple(
    Pattern(width, count, start, rhymed)
    for width in (5, 7) for count in (4, 8) for start in STARTS for rhymed in (True, False)
)  # fmt: skip


def fits(tones: str, slots: str) -> bool:
    """Tell whether a line's *tones* (平 仄, 中 for a character read both ways) can be read as *slots* ask."""
    return len(tones) == len(slots) and all(t == s or "中" in (t, s) for t, s in zip(tones, slots, strict=True))


def kept(tones: list[str], pattern: Pattern) -> list[str] | None:
    """Return the shape that each line of a poem has, 拗救 among them, or None where the pattern isn't kept."""
    slots = SHAPES[pattern.width]
    found: list[str] = []
    for i, (line, shape) in enumerate(zip(tones, pattern.shapes, strict=True)):
        allowed = {"a": ("a", "a''", "a'"), "b": ("b", "b'"), "A": ("A",), "B": ("B", "B'")}[shape]
        named = next((name for name in allowed if fits(line, slots[name])), None)
        if named is None or (i and found[-1] == "a'" and named != "B'" and not fits(line, slots["B'"])):
            return None
        found.append("B'" if i and found[-1] == "a'" else named)
    return None if found[-1] == "a'" else found
