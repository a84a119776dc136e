"""Continuity of a narrative, without a judge: names, person, tense, attributes, who is there.

Deterministic checks in the sense of ConStory-Bench's categories: each finding names its evidence. (a) name drift: a
capitalised word within two edits of a cast name; (b) attribute conflicts against the bible's facts; (c) someone speaks
who is absent; (d) first person or present tense in the narration of a third-person past story.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from miaobi.craft.plot.narrative import Line, Narrative
from miaobi.craft.text.chinese_fault import person_drift
from miaobi.craft.text.chinese_idea import word_table
from miaobi.craft.text.sentence import unquoted
from miaobi.findings import Finding, Span

_INSIDE = re.compile(r"(?<=[a-z,;] )([A-Z][a-zà-ÿ]{3,})\b")  # not at the beginning of a sentence
_FIRST = re.compile(r"\b(?:I|me|my|mine|we|us|our|ours)\b")
_PRESENT = re.compile(r"\b(?:is|are|has|does|doesn’t|doesn't|isn’t|isn't)\b")
_COLOUR = "grey|gray|blue|green|brown|black|hazel|amber"


def edit_distance(a: str, b: str) -> int:
    """Return Levenshtein's distance."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return row[-1]


def check_names(story: Narrative) -> Iterator[Finding]:
    """Yield an error where a name of the cast is misspelt."""
    if story.language == "zh":
        yield from _check_chinese_names(story)
        return
    names = {w for p in story.bible.personas for w in p.name.split()}
    places = {w for p in story.bible.places for w in p.name.split()}
    for _, line in story.lines():
        for match in _INSIDE.finditer(line.text):
            word = match.group(1)
            if word in places or word in names or word.removesuffix("s") in names:
                continue
            near = [n for n in names if word[0] == n[0] and 0 < edit_distance(word, n) <= (1 if len(n) < 6 else 2)]
            if near:
                message = f"“{word}” looks like a drifted “{near[0]}”."
                yield _finding("name-drift", message, line, match.start(1), match.end(1))


def _check_chinese_names(story: Narrative) -> Iterator[Finding]:
    """Yield an error where one 字 of a three-字 name has been changed: 周海升, 李海生 for 周海生."""
    for name in {p.name for p in story.bible.personas if len(p.name) == 3}:
        surname, given = name[0], name[1:]
        others = "".join(sorted(word_table("姓") - {surname}))
        drifted = re.compile(rf"{name[:2]}(?!{name[2]})[\u4e00-\u9fff]|[{others}]{given}")
        for _, line in story.lines():
            for match in drifted.finditer(line.text):
                message = f"“{match.group()}”像是写错了的“{name}”。"
                yield _finding("name-drift", message, line, match.start(), match.end())


def check_voice(story: Narrative) -> Iterator[Finding]:
    """Yield errors for first person outside speech, and in English for the present tense."""
    for _, line in story.lines():
        if line.kind == "speech" and "“" not in line.text:
            continue
        if story.language == "zh":
            if story.person == "third" and (drifted := person_drift(line.text)):
                yield _finding("person-drift", f"叙述里出现了“{drifted}”。", line)
            continue
        plain = unquoted(line.text)
        if story.person == "third" and (found := _FIRST.search(plain)):
            yield _finding("person-drift", f"First person in the narration: “{found.group()}”.", line)
        if story.tense == "past" and (found := _PRESENT.search(plain)):
            yield _finding("tense-drift", f"Present tense in the narration: “{found.group()}”.", line)


def check_speakers(story: Narrative) -> Iterator[Finding]:
    """Yield an error where somebody speaks who isn't in the scene."""
    for scene, line in story.lines():
        if line.speaker and not line.speaker.isupper() and line.speaker not in scene.present:
            yield _finding("absent-speaker", f"{line.speaker} speaks but isn't in {scene.id}.", line)


def check_attributes(story: Narrative) -> Iterator[Finding]:
    """Yield an error where the text contradicts a fact of the bible: eyes, age."""
    eyes = {f.subject: f.value for f in story.bible.facts if f.attribute == "eyes"}
    for persona in story.bible.personas:
        value = eyes.get(persona.id) or persona.traits.get("eyes", "")
        if not value:
            continue
        pattern = re.compile(rf"\b{re.escape(persona.name)}(?:’s|'s)\s+({_COLOUR})\s+eyes\b")
        for _, line in story.lines():
            for match in pattern.finditer(line.text):
                if match.group(1) != value:
                    message = f"{persona.name}'s eyes are {value} in the bible and {match.group(1)} here."
                    yield _finding("attribute-conflict", message, line, match.start(), match.end())


def check_continuity(story: Narrative) -> list[Finding]:
    """Return what all of them find."""
    checks = (check_names, check_voice, check_speakers, check_attributes)
    return [finding for check in checks for finding in check(story)]


def _finding(rule: str, message: str, line: Line, start: int = 0, end: int = 0) -> Finding:
    span = Span(part=line.id, start=start, end=end or len(line.text), text=line.text[start:end] or line.text)
    return Finding(rule=rule, message=message, severity="error", span=span)
