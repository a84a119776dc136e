"""What a brief asks of a poem besides its form; what can't be met is refused with the reason and the nearest that can.

Refused before a word is written: a given line outside the poem or out of its metre; two given lines that must rhyme
and don't; one that no word of ours rhymes with; an acrostic of a wrong length, against a given line, or with a letter
that no sentence of ours begins with; more words than there is room for, and a word that the metre has no place for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from miaobi.craft.prosody.english.metre import Metre, Syllabic, loosened
from miaobi.craft.prosody.english.rhyme import rhyme
from miaobi.craft.prosody.english.scansion import misfit, scan, words_in
from miaobi.craft.verse.frame import Line, closings, frames, openers
from miaobi.craft.verse.judgement import end_word, syllable_counts
from miaobi.craft.verse.lexicon import KINDS, lexicon_of, worlds
from miaobi.craft.verse.pattern import Pattern
from miaobi.craft.verse.phrase import sound, ways
from miaobi.craft.verse.plan import reachable_ends, supply_of
from miaobi.craft.verse.theme import Theme
from miaobi.errors import BriefError, show


@dataclass(frozen=True)
class Demand:
    """What is asked. ``lines``: place from 0 → text; ``acrostic``: lower-case letters."""

    words: tuple[str, ...]
    lines: Mapping[int, str]
    acrostic: str


def demand_of(pattern: Pattern, words: Sequence[str], lines: Mapping[int, str], acrostic: str) -> Demand:
    """Return the demand in the terms of the pattern."""
    apart = [w.strip() for entry in words for w in re.split(r"[,;]", entry)]
    letters = "".join(c for c in acrostic.lower() if not c.isspace())
    return Demand(tuple(w for w in dict.fromkeys(apart) if w), {int(n) - 1: text for n, text in lines.items()}, letters)


def admit_demand(demand: Demand, pattern: Pattern, theme: Theme) -> None:
    """Raise BriefError for the first thing that can't be met."""
    _admit_lines(demand, pattern)
    _admit_rhymes(demand, pattern)
    _admit_acrostic(demand, pattern)
    _admit_words(demand, pattern, theme)


def _admit_lines(demand: Demand, pattern: Pattern) -> None:
    count = len(pattern.lines)
    for i, text in demand.lines.items():
        if not 0 <= i < count:
            raise BriefError(
                f"Line {i + 1} was given; a {pattern.name} of this length has {count} lines.",
                f"Number the given lines from 1 to {count}.",
            )
        if "\n" in text or not words_in(text):
            message = f"The given line {i + 1}, {show(text)}, is not one line of words."
            raise BriefError(message, "Give each line by itself.")
        measure = pattern.lines[i].measure
        if isinstance(measure, Metre) and scan(text, loosened(measure)) is None:
            where = misfit(text, loosened(measure))
            raise BriefError(
                f"The given line {i + 1}, {show(text)}, is no {measure.name}: {where.reason}",
                f"Change “{where.word}” or its place, or write in a form of another metre (free-verse has none).",
            )
        if isinstance(measure, Syllabic) and not any(measure.least <= n <= measure.most for n in syllable_counts(text)):
            have = min(syllable_counts(text), key=lambda n: abs(n - measure.least))
            raise BriefError(
                f"The given line {i + 1}, {show(text)}, has {have} syllables where the form wants {measure.name}.",
                "Lengthen or shorten it, or write in a form without a count (free-verse).",
            )
        if pattern.lines[i].repeats is not None:
            origin = int(pattern.lines[i].repeats or 0)
            if demand.lines.get(origin) != text:
                raise BriefError(
                    f"Line {i + 1} of a {pattern.name} is line {origin + 1} word for word; {show(text)} was given.",
                    f"Give the refrain as line {origin + 1} instead; it comes back by itself.",
                )


def _admit_rhymes(demand: Demand, pattern: Pattern) -> None:
    supply = _supply()
    for i, text in sorted(demand.lines.items()):
        own = end_word(text)
        partners = pattern.partners(i)
        for k in partners:
            if k in demand.lines and k > i and rhyme(own, end_word(demand.lines[k])) is None:
                other = end_word(demand.lines[k])
                raise BriefError(
                    f"The given lines {i + 1} and {k + 1} must rhyme, and “{own}” does not rhyme with “{other}”.",
                    f"End one of them on another word{_like(own)}, or give one of them a place with another rhyme "
                    f"(the scheme is {pattern.scheme}).",
                )
        missing = [k for k in partners if k not in demand.lines]
        if missing and supply.get(sound(own), 0) < len(missing) + 1:
            raise BriefError(
                f"The given line {i + 1} ends on “{own}”, and too few words rhyme with that: {len(missing)} needed.",
                f"End it on a word with more rhymes: one that rhymes with {', '.join(_rich())}.",
            )


def _admit_acrostic(demand: Demand, pattern: Pattern) -> None:
    letters = demand.acrostic
    if not letters:
        return
    count = len(pattern.lines)
    if any(not ("a" <= c <= "z") for c in letters):
        wrong = next(c for c in letters if not "a" <= c <= "z")
        raise BriefError(f"No line can begin with {show(wrong)}: an acrostic is of letters a to z.", "Leave it out.")
    if len(letters) > count:
        raise BriefError(
            f"The acrostic {show(letters)} has {len(letters)} letters; the {pattern.name} has {count} lines.",
            f"Its first {count} letters can be had: {show(letters[:count])}.",
        )
    for i, letter in enumerate(letters):
        if i in demand.lines and not demand.lines[i].lower().startswith(letter):
            raise BriefError(
                f"The acrostic wants line {i + 1} to begin with “{letter}”; the given line begins with "
                f"“{demand.lines[i][:1]}”.",
                "Change the word of the acrostic or the given line.",
            )
        origin = pattern.lines[i].repeats
        if origin is not None and letters[origin : origin + 1] != letter:
            raise BriefError(
                f"Line {i + 1} is line {origin + 1} word for word, so both begin alike; the acrostic wants “{letter}”.",
                f"The first {i} letters can be had: {show(letters[:i])}.",
            )
        if letter not in openers() and i not in demand.lines:
            have = "".join(sorted(openers()))
            raise BriefError(
                f"No sentence of ours begins with “{letter}”, which the acrostic wants for line {i + 1}.",
                f"The letters {have} can be had; or give line {i + 1} yourself.",
            )


def _admit_words(demand: Demand, pattern: Pattern, theme: Theme) -> None:
    given = {w.lower() for text in demand.lines.values() for w, _ in words_in(text)}
    for word in demand.words:
        if not words_in(word):
            raise BriefError(f"{show(word)} is no word: it has no letters.", "Give words.")
    wanted = [w for w in demand.words if not {x.lower() for x, _ in words_in(w)} <= given]
    units = sum(sum(i not in demand.lines for i in range(len(stanza.lines))) // 2 for stanza in pattern.stanzas)
    if len(wanted) > units:
        raise BriefError(
            f"{len(wanted)} words are asked for; a {pattern.name} of this length has room for {units}.",
            f"These can be had: {', '.join(wanted[:units]) or 'none'}.",
        )
    for word in wanted:
        _admit_word(word, pattern, theme)


def _admit_word(word: str, pattern: Pattern, theme: Theme) -> None:
    longest = max(_room(line.measure) for line in pattern.lines)
    counts = {len(levels) for levels in ways(word)}
    if min(counts) > longest:
        raise BriefError(
            f"{show(word)} has {min(counts)} syllables; the longest line of a {pattern.name} has {longest}.",
            f"A word of at most {longest} syllables can be had.",
        )
    lexicon = lexicon_of(theme.named[:2])
    names = dict(theme.names) | {"word": (word,)}
    for stanza in pattern.stanzas:
        for frame in frames("word"):
            pairs = zip(frame.read(lexicon, names), stanza.lines, strict=False)
            if all(reachable_ends(line.places, asked.measure) for line, asked in pairs):
                return
    said = " or ".join(dict.fromkeys("".join("/" if c in "12c" else "x" for c in levels) for levels in ways(word)))
    raise BriefError(
        f"No line of a {pattern.name} has a place for {show(word)}, which is said {said} (/ stressed, x not).",
        "Ask for a shorter word, or for a form without metre (free-verse).",
    )


def _room(measure: Metre | Syllabic) -> int:
    return measure.longest if isinstance(measure, Metre) else measure.most


def _last(line: Line) -> Iterator[str]:
    """Give the phrases that a line may end on, those before what may be left out among them."""
    for place in reversed(line.places):
        yield from (phrase for phrase in place.phrases if phrase)
        if "" not in place.phrases:
            return


@cache
def _supply() -> dict[tuple[str, ...], int]:
    lexicon = lexicon_of(tuple(worlds()))
    nouns = (w for kind in KINDS if kind != "adj" for w in lexicon.words(kind))
    names = {"it": ("the sea",), "noun": ("tale",), "role": ("keeper",), "who": ("poet",), "deed": ("wait",)}
    stages = ("line", "scene", "deed", "turn", "close")
    read = (f.read(lexicon, names) for stage in stages for f in frames(stage) if f.needs <= set(names))
    verbs = {phrase for lines in read for line in lines for phrase in _last(line)}  # *turns*, for *burns*
    return supply_of({w.split()[-1] for w in (*nouns, *closings(lexicon), *verbs)})


def _rich() -> list[str]:
    return ["night", "day", "stone", "sea", "wall"]


def _like(word: str) -> str:
    lexicon = lexicon_of(tuple(worlds()))
    found = [w for kind in ("place", "thing") for w in lexicon.words(kind) if rhyme(word, w)][:3]
    return f" ({', '.join(found)} would rhyme with “{word}”)" if found else ""
