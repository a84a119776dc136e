"""Revising a person's text: what was asked for, what came of it, and which of its words are the engine's.

| kind | done by |
|---|---|
| ``tense=past`` ``tense=present`` | rule (``craft.text.tense``), English |
| ``person=first:Anna`` ``person=third:Anna:she`` | rule (``craft.text.person``), English |
| ``register=formal`` ``register=informal`` | rule (``craft.text.register``), English |
| ``tone=plain`` | rule: intensifiers, empty openers and asides taken out |
| ``shorten=120`` ``shorten=60%`` | rule: sentences that carry least taken out (``craft.text.shortening``) |
| ``expand=200`` ``expand=150%`` | the engine writes sentences between the person's own |
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from miaobi.assist.passage import Stretch
from miaobi.assist.pen import Pen, nouns, openers_for
from miaobi.craft.text.edit import Edit, Shift
from miaobi.craft.text.person import Figure, figure_of, to_first, to_third
from miaobi.craft.text.register import shift_register
from miaobi.craft.text.sentence import length, sentences
from miaobi.craft.text.shortening import plain, shorten
from miaobi.craft.text.speech import QUOTED
from miaobi.craft.text.tense import shift_tense
from miaobi.errors import BriefError, UnsupportedError, show
from miaobi.types import Language

KINDS = ("tense", "person", "register", "tone", "shorten", "expand")
_PROTECTED = re.compile(r"^(?:#|```|\||>|---|<|\.?(?:INT|EXT)\b)")
_LEGAL = "Legal: tense=past|present, person=first|third[:NAME[:she|he|they]], register=formal|informal, tone=plain,"
_LEGAL += " shorten=WORDS or PERCENT%, expand=WORDS or PERCENT%; several with ; between them."


@dataclass(frozen=True)
class Instruction:
    """One thing to do."""

    kind: str
    value: str

    def __str__(self) -> str:
        return f"{self.kind}={self.value}"


@dataclass
class Revision:
    """The whole text after the revision; places in ``engine`` are in it, those in ``left`` in the text before."""

    text: str
    engine: list[Stretch] = field(default_factory=list)
    changed: int = 0
    left: list[Edit] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def read_instruction(text: str) -> list[Instruction]:
    """Return what *text* asks for, in order ("past tense" and "更正式" too); BriefError says what is legal."""
    parts = [p.strip() for p in re.split(r"[;；\n]", text) if p.strip()]
    if not parts:
        raise BriefError("There is no instruction.", _LEGAL)
    return [_one(part) for part in parts]


def _one(part: str) -> Instruction:
    kind, equals, value = (x.strip() for x in part.partition("="))
    if not equals:
        for pattern, name, found in _SPOKEN:
            if match := re.search(pattern, part, re.I):
                kind, value = name, match.expand(found)
                break
    kind, value = kind.lower(), value.strip()
    legal = {
        "tense": r"past|present",
        "person": r"(?:first|third)(?::[^:]*(?::(?:she|he|they))?)?",
        "register": r"formal|informal",
        "tone": r"plain",
        "shorten": r"\d{1,6}%?",
        "expand": r"\d{1,6}%?",
    }
    if kind not in legal or not re.fullmatch(legal[kind], value, re.I):
        raise BriefError(f"The instruction {show(part)} is none that can be carried out.", _LEGAL)
    return Instruction(kind, value)


_SPOKEN = (
    (r"\bpast\b|过去", "tense", "past"),
    (r"\bpresent\b|现在时", "tense", "present"),
    (r"\bfirst person\b(?: as ([A-Z]\w+))?|第一人称", "person", r"first"),
    (r"\bthird person\b|第三人称", "person", r"third"),
    (r"\binformal|\bcasual|口语", "register", "informal"),
    (r"\bformal|正式|书面", "register", "formal"),
    (r"\bplain|朴素", "tone", "plain"),
    (r"(?:\bshorten|\bcut|缩短|缩写)\D*(\d+)\s*(%?)", "shorten", r"\1\2"),
    (r"(?:\bexpand|\blengthen|扩写|扩展)\D*(\d+)\s*(%?)", "expand", r"\1\2"),
    (r"\bshorten|\bshorter|缩短|缩写|精简", "shorten", "60%"),
    (r"\bexpand|\blonger|扩写|扩展", "expand", "150%"),
)


def needs_engine(instructions: list[Instruction]) -> bool:
    """Tell whether an engine is needed."""
    return any(i.kind == "expand" for i in instructions)


def revise(
    text: str,
    where: Stretch,
    instructions: list[Instruction],
    language: Language,
    pen: Callable[[str], Pen] | None = None,
) -> Revision:
    """Carry out *instructions* on the passage *where* of *text*; headings, code and front matter in it stay.

    *pen* gives a pen for the text as it stands; without one nothing can be expanded. Raises BriefError,
    UnsupportedError for what can't be done in Chinese.
    """
    before, after = text[: where.start], text[where.end :]
    result = Revision(where.text)
    for instruction in instructions:
        _carry_out(instruction, result, before, language, pen)
    shift = len(before)
    result.engine = [Stretch(s.start + shift, s.end + shift, s.text) for s in result.engine if s.text in result.text]
    result.left = [Edit(e.start + shift, e.end + shift, e.old, e.new) for e in result.left]
    result.text = before + result.text + after
    return result


def _carry_out(
    instruction: Instruction, result: Revision, before: str, language: Language, pen: Callable[[str], Pen] | None
) -> None:
    kind, value = instruction.kind, instruction.value
    if kind in {"tense", "person", "register"} and language != "en":
        raise UnsupportedError(
            f"{kind} is done by rule, and there are rules for English only.",
            "In Chinese there are: shorten, tone=plain, and with an engine expand.",
        )
    if kind == "expand":
        if pen is None:
            raise UnsupportedError("Expanding needs an engine.", "Give one with --engine.")
        _expand(result, before, _goal(value, result.text, language), pen(before + result.text), language)
        return
    out, at, changed = [], 0, 0
    goal = _goal(value, result.text, language) / max(length(result.text, language), 1) if kind == "shorten" else 0.0
    figure = _figure(value, result.text) if kind == "person" else None
    for block in _blocks(result.text):
        out.append(result.text[at : block.start])
        at = block.end
        if kind == "shorten":
            less = shorten(block.text, max(round(goal * length(block.text, language)), 1), language)
            result.removed += less.removed
            out.append(less.text)
            changed += len(less.removed)
            continue
        if kind == "tone":
            less = plain(block.text, language)
            result.removed += less.removed
            out.append(less.text)
            changed += len(less.removed)
            continue
        shift = _shift(kind, value, block.text, figure)
        out.append(shift.text)
        changed += len(shift.edits)
        result.left += [Edit(e.start + block.start, e.end + block.start, e.old, e.new) for e in shift.left]
    result.text = "".join([*out, result.text[at:]])
    result.changed += changed


def _shift(kind: str, value: str, text: str, figure: Figure | None) -> Shift:
    if kind == "tense":
        return shift_tense(text, "past" if value.lower() == "past" else "present")
    if kind == "register":
        return shift_register(text, "formal" if value.lower() == "formal" else "informal")
    assert figure is not None
    return to_first(text, figure) if value.lower().startswith("first") else to_third(text, figure)


def _figure(value: str, text: str) -> Figure:
    person, _, rest = value.partition(":")
    name, _, pronoun = rest.partition(":")
    read = figure_of(text)
    if person.lower() == "first" and not name and not pronoun:
        if read is None:
            raise BriefError("It isn't plain whose person is meant.", "Say who tells it: person=first:NAME:she")
        return read
    guessed = figure_of(f"{name} came.") if name else None
    chosen = pronoun.lower() or (guessed.pronoun if guessed else "")
    if chosen not in {"she", "he", "they"}:
        raise BriefError("It isn't plain how to speak of the narrator.", "Say it: person=third:NAME:she (or he, they)")
    return Figure(name.strip(), "she" if chosen == "she" else "he" if chosen == "he" else "they")


def _goal(value: str, text: str, language: Language) -> int:
    count = length(text, language)
    goal = count * int(value[:-1]) // 100 if value.endswith("%") else int(value)
    if goal < 1:
        raise BriefError("Nothing would be left of the text.", "Give more words, or a larger percentage.")
    return goal


def _blocks(text: str) -> list[Stretch]:
    """Return the stretches of prose, paragraphs side by side joined; headings, code, tables and such are left out."""
    found: list[Stretch] = []
    front = re.match(r"---\n.*?\n---\n", text, re.S)
    fenced = False
    for match in re.finditer(r"(?:[^\n]+\n?)+", text[front.end() :] if front else text):
        start, end = match.start() + (front.end() if front else 0), match.end() + (front.end() if front else 0)
        marks = match.group().count("```")
        protected = fenced or bool(marks) or bool(_PROTECTED.match(match.group()))
        fenced ^= marks % 2 == 1
        if protected:
            found.append(Stretch(start, start, ""))  # a wall between what stands before and after
        elif found and found[-1].text and not text[found[-1].end : start].strip():
            found[-1] = Stretch(found[-1].start, end, text[found[-1].start : end])
        else:
            found.append(Stretch(start, end, text[start:end]))
    kept = [Stretch(s.start, s.start + len(s.text.rstrip()), s.text.rstrip()) for s in found]
    return [s for s in kept if s.text]


def _expand(result: Revision, before: str, goal: int, pen: Pen, language: Language) -> None:
    """Let the engine add sentences after the person's own, the last one excepted, until the passage is long enough."""
    if goal <= length(result.text, language):
        raise BriefError(f"The passage has {length(result.text, language)} words already.", "Ask for more than that.")
    places = [
        (b.start + b.text.index(s) + len(s), s)
        for b in _blocks(result.text)
        for s in sentences(b.text, language)
        if not QUOTED.search(s) and b.text.count(s) == 1
    ]
    if len(places) > 1:
        places = places[:-1]
    text, count, shift = result.text, length(result.text, language), 0
    for k, (at, said) in enumerate(places):
        if count >= goal:
            break
        pen.desk.say(f"after “{said[:40]}”", k / len(places))
        place = at + shift
        things = [f"The {n}" for n in reversed(nouns(said))] if language == "en" else []
        openers = [*things, *openers_for(before + text[:place], pen.voice)][:5]
        added = pen.sentence(f"expand:{k}", before + text[:place], openers, about=said)
        if not added:
            continue
        inserted = (" " if language == "en" else "") + added
        text = text[:place] + inserted + text[place:]
        start = place + len(inserted) - len(added)
        result.engine.append(Stretch(start, start + len(added), added))
        shift += len(inserted)
        count += length(added, language)
    result.text = text
    result.changed += len(result.engine)
