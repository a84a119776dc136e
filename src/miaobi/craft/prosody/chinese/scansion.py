"""Scansion: reading a poem against its scheme, character by character, and saying where it fails and why.

Of a character's readings the first is taken that its slot allows; a rhyme word's, that the poem's rhyme allows. What
was chosen is kept: it is the evidence. Faults are named by the rule that they break:

| rule | broken when |
|---|---|
| length | a line, or the poem, is too long or too short |
| unlisted | the rhyme book doesn't hold a character, so nothing can be said of it |
| tone | no reading has the wanted tone |
| lone-level 孤平 | the same, at the first (third of seven) character of a 平平仄仄平 line |
| three-level-ending 三平尾 | the same, at the third last of a 仄仄平平 line; also 三仄尾 as a note |
| rhyme | the rhyme words share no group, or not in the tone that is wanted |
| repeated-rhyme | a rhyme word comes twice |
| repeat | a line that repeats the one before does not |
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from miaobi.craft.prosody.chinese.regulated import PATTERNS, Pattern, kept
from miaobi.craft.prosody.chinese.rime import BOOKS, FREE, LEVEL, OBLIQUE, Book, Reading, usual
from miaobi.craft.prosody.chinese.scheme import Scheme, regulated, with_shapes

Rhyme = tuple[str, str]  # group; 平, 仄 or 入


@dataclass(frozen=True)
class Read:
    """One character as it was read: the slot, the reading chosen (None: none fits), and how many there were."""

    character: str
    slot: str
    reading: Reading | None
    choices: int

    @property
    def tone(self) -> str:
        """平 or 仄 as it was read; ？ where it can't be."""
        return "？" if self.reading is None else LEVEL if self.reading.level else OBLIQUE


@dataclass(frozen=True)
class Fault:
    """One rule broken; ``at``: the character's place in the line, or −1 for all of it."""

    rule: str
    line: int
    at: int
    message: str


@dataclass(frozen=True)
class Scan:
    """A poem read. ``shapes``: of each line, for regulated verse; ``rhymes``: by letter."""

    scheme: Scheme
    lines: tuple[tuple[Read, ...], ...]
    shapes: tuple[str, ...]
    rhymes: dict[str, Rhyme]
    faults: tuple[Fault, ...]
    remarks: tuple[Fault, ...]  # what is allowed but worth knowing: 拗救, 三仄尾


def scan(lines: list[str], scheme: Scheme) -> Scan:
    """Read *lines* (traditional characters, no marks) against *scheme*."""
    faults = [*_lengths(lines, scheme)]
    if faults:
        return Scan(scheme, (), (), {}, tuple(faults), ())
    scheme, shapes = _shaped(lines, scheme)
    rhymes, wrong = _rhymes(lines, scheme)
    reads: list[tuple[Read, ...]] = []
    for number, (text, slots) in enumerate(zip(lines, scheme.lines, strict=True)):
        found = []
        for at, (character, slot) in enumerate(zip(text, slots.tones, strict=True)):
            wanted = rhymes.get(slots.rhyme) if at == len(text) - 1 else None
            readings = BOOKS[scheme.book].readings(character)
            if slot == FREE and len({r.level for r in readings}) == 2:
                readings = tuple(sorted(readings, key=lambda r: r.level != (usual(character) == LEVEL)))
            chosen = next((r for r in readings if _suits(r, slot) and (wanted is None or r.rhyme == wanted)), None)
            if chosen is None:
                chosen = next((r for r in readings if _suits(r, slot)), None)
            found.append(Read(character, slot, chosen, len(readings)))
            if chosen is None:
                faults.append(_tone_fault(number, at, character, slot, readings, scheme, shapes))
        reads.append(tuple(found))
        if slots.repeats and text != lines[number - 1]:
            faults.append(Fault("repeat", number, -1, f"第{number + 1}句当叠前句“{lines[number - 1]}”。"))
    return Scan(scheme, tuple(reads), shapes, rhymes, (*faults, *wrong), tuple(_remarks(lines, shapes, scheme)))


def _suits(reading: Reading, slot: str) -> bool:
    return slot == FREE or reading.level == (slot == LEVEL)


def _lengths(lines: list[str], scheme: Scheme) -> list[Fault]:
    if len(lines) != len(scheme.lines):
        return [Fault("length", -1, -1, f"此体{len(scheme.lines)}句，此有{len(lines)}句。")]
    return [
        Fault("length", i, -1, f"第{i + 1}句“{text}”当有{len(slots.tones)}字，此有{len(text)}字。")
        for i, (text, slots) in enumerate(zip(lines, scheme.lines, strict=True))
        if len(text) != len(slots.tones)
    ]


def _shaped(lines: list[str], scheme: Scheme) -> tuple[Scheme, tuple[str, ...]]:
    """Return the scheme with 拗救 where the poem makes use of it."""
    if scheme.pattern is None:
        return scheme, ()
    tones = ["".join(BOOKS[scheme.book].tones(c) or FREE for c in line) for line in lines]
    shapes = kept(tones, scheme.pattern)
    return (scheme, scheme.pattern.shapes) if shapes is None else (with_shapes(scheme, shapes), tuple(shapes))


def _tone_fault(
    line: int,
    at: int,
    character: str,
    slot: str,
    readings: tuple[Reading, ...],
    scheme: Scheme,
    shapes: tuple[str, ...],
) -> Fault:
    where = f"第{line + 1}句第{at + 1}字“{character}”"
    if not readings:
        return Fault("unlisted", line, at, f"{where}不见于韵书，平仄无从断定。")
    said = "、".join(
        f"{r.tone}声{r.group}韵" if scheme.book != "xinyun" else f"{r.tone}声{r.group}部" for r in readings
    )
    rule, why = "tone", ""
    if shapes:
        last = len(scheme.lines[line].tones)
        if shapes[line] == "B" and at == last - 5:
            rule, why = "lone-level", "（犯孤平）"
        elif shapes[line] == "A" and at == last - 3:
            rule, why = "three-level-ending", "（三平尾）"
    return Fault(rule, line, at, f"{where}当用{slot}声，只读{said}{why}。")


def _rhymes(lines: list[str], scheme: Scheme) -> tuple[dict[str, Rhyme], list[Fault]]:
    """Return the rhyme of each letter, by the most of its words, and the words that don't share it or come twice."""
    book, rhymes, faults = BOOKS[scheme.book], dict[str, Rhyme](), list[Fault]()
    for letter in sorted(scheme.letters):  # capitals first: a small letter follows its capital
        ends = [(i, lines[i][-1]) for i in scheme.ends(letter) if not scheme.lines[i].repeats]
        sides = {i: scheme.lines[i].tones[-1] for i, _ in ends}
        held: Counter[Rhyme] = Counter()
        for i, word in ends:
            held.update({r.rhyme for r in book.readings(word) if _suits(r, sides[i])})
        if letter.islower() and (group := rhymes.get(letter.upper(), ("", ""))[0]):
            held = Counter({rhyme: n for rhyme, n in held.items() if rhyme[0] == group})
        if not held:
            faults += [Fault("rhyme", i, len(lines[i]) - 1, f"第{i + 1}句韵脚“{word}”不入韵。") for i, word in ends]
            continue
        rhyme = max(held, key=lambda each: (held[each], each))
        rhymes[letter] = rhyme
        for i, word in ends:
            if rhyme not in {r.rhyme for r in book.readings(word)}:
                own = "、".join(dict.fromkeys(r.group for r in book.readings(word))) or "韵书未收"
                message = f"第{i + 1}句韵脚“{word}”（{own}）与{rhyme[0]}韵不协。"
                faults.append(Fault("rhyme", i, len(lines[i]) - 1, message))
        for word, n in Counter(word for _, word in ends).items():
            if n > 1:
                again = [i for i, other in ends if other == word][1]
                faults.append(Fault("repeated-rhyme", again, len(lines[again]) - 1, f"韵脚“{word}”重出。"))
    return rhymes, faults


def _remarks(lines: list[str], shapes: tuple[str, ...], scheme: Scheme) -> list[Fault]:
    told = {
        "b'": "平平仄平仄，本句自救之拗句",
        "B'": "平平仄平式，拗救",
        "a'": "大拗，对句救之",
        "a''": "三仄尾，小拗",
    }
    return [
        Fault("rescued", i, -1, f"第{i + 1}句用{told[shape]}。")
        for i, shape in enumerate(shapes)
        # a level third of seven needs no rescue: then the fifth is free as it always is
        if shape in told and not (shape == "B'" and BOOKS[scheme.book].tones(lines[i][-5]) != OBLIQUE)
    ]


def recognised(lines: list[str], book: Book = "pingshui", given: Pattern | None = None) -> Scheme | None:
    """Return the regulated scheme that a poem comes nearest to, or None where it isn't 5 or 7 by 4 or 8."""
    width, count = len(lines[0]) if lines else 0, len(lines)
    fitting = [p for p in PATTERNS if (p.width, p.count) == (width, count) and given in (None, p)]
    if not fitting or any(len(line) != width for line in lines):
        return None
    return regulated(min(fitting, key=lambda p: _distance(lines, p, book)), book)


def _distance(lines: list[str], pattern: Pattern, book: Book) -> int:
    scanned = scan(lines, regulated(pattern, book))
    return len(scanned.faults)
