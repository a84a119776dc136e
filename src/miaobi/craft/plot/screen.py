"""Plan a short film from the same plan as a story: scenes with headings, action in the present tense, speech.

A narrative of kind "present" becomes a ``Script``; its elements are what Fountain 1.1 and Final Draft know, so that
whatever is told is valid in both.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from miaobi.craft.facts.clause import is_plural
from miaobi.craft.plot.narrative import Line, Narrative
from miaobi.craft.plot.plan import DEALS, Openers, Plan, data, sentence_case
from miaobi.craft.plot.reference import LONGEST, short_deed
from miaobi.craft.plot.template import fill
from miaobi.craft.plot.variant import legal, vary
from miaobi.craft.screenplay import Element, Script
from miaobi.craft.text.idea import Idea
from miaobi.craft.text.sentence import capital, words
from miaobi.types import derive_seed

WORDS_A_RECALL = 160
SHOT_WORDS = 7  # what an opening comes to in a screenplay, on the average
_SPEAKERS = {"HERO": "hero", "ALLY": "ally"}
_LINE = re.compile(r"^([A-Z ]+?)(?: \(([^)]*)\))?: (.*)$")


@dataclass(frozen=True)
class PlannedLine:
    """A line before it is written: its kind, who speaks and how, and a template with openings."""

    kind: str  # "action", "speech" or "transition"
    template: str
    speaker: str = ""
    manner: str = ""


@dataclass(frozen=True)
class PlannedScene:
    """A scene before it is written."""

    heading: str
    lines: tuple[PlannedLine, ...]


def plan_screenplay(plan: Plan, idea: Idea, seed: int, length: int) -> tuple[PlannedScene, ...]:
    """Return the scenes of a short film that tells *plan* in about *length* words: of several deals the nearest."""
    rng = random.Random(derive_seed(seed, "screen", plan.bible.logline))
    tables = data("en", "screen")
    slots = _slots(plan, idea, tables["now"], rng)
    openers = Openers({kind: [fill(o, slots) for o in pool] for kind, pool in tables["openers"].items()}, rng)
    dealt = []
    for _ in range(DEALS):
        drawn = [rng.choice([s for s in tables["scene"] if s["name"] == name]) for name in tables["course"]]
        told = _fit([(scene, _scene(scene, slots, openers)) for scene in drawn], length)
        dealt.append(_recalled(told, tables["recall"], slots, openers, length, rng))
    return min(dealt, key=lambda scenes: abs(_words(scenes) - length))


def _fit(drawn: list[tuple[dict[str, Any], PlannedScene]], length: int) -> tuple[PlannedScene, ...]:
    """Leave optional scenes out, the highest rank first, while the film is longer than *length* words."""
    for rank in sorted({scene.get("optional", 0) for scene, _ in drawn} - {0}, reverse=True):
        shorter = [pair for pair in drawn if pair[0].get("optional", 0) != rank]
        if _words([planned for _, planned in drawn]) > length:
            drawn = shorter
    return tuple(planned for _, planned in drawn)


def _recalled(
    scenes: Sequence[PlannedScene],
    table: dict[str, list[str]],
    slots: dict[str, str],
    openers: Openers,
    length: int,
    rng: random.Random,
) -> tuple[PlannedScene, ...]:
    """Return the scenes, some beginning with a line that comes back to the deed: one a 160 words of *length*."""
    told = next((i for i, s in enumerate(scenes) if any(slots["act"] in x.template for x in s.lines)), len(scenes))
    slots = {**slots, "act": short_deed(slots["act"])}
    later = range(told + 1, len(scenes) - 1)
    chosen = rng.sample(later, min(len(later), length // WORDS_A_RECALL)) if len(words(slots["act"])) <= LONGEST else []
    decks = {place: rng.sample(lines, len(lines)) for place, lines in table.items()}
    out = list(scenes)
    for i in sorted(chosen):
        if deck := decks[scenes[i].heading[:3]]:
            out[i] = PlannedScene(scenes[i].heading, (_line(deck.pop(), slots, openers), *scenes[i].lines))
    return tuple(out)


def _words(scenes: Sequence[PlannedScene]) -> int:
    """Return about how many words the lines of *scenes* will have."""
    templates = [line.template for scene in scenes for line in scene.lines if line.kind != "transition"]
    return sum(len(words(re.sub(r"\[[^\]]*\]", " ", t))) + SHOT_WORDS * t.count("[") for t in templates)


def _scene(scene: dict[str, Any], slots: dict[str, str], openers: Openers) -> PlannedScene:
    lines = legal(scene["lines"], frozenset(slots["marks"].split()))
    heading = fill(scene["heading"], slots).upper()
    return PlannedScene(heading, tuple(_line(text, slots, openers) for text in lines))


def _line(text: str, slots: dict[str, str], openers: Openers) -> PlannedLine:
    match = _LINE.match(text)
    assert match, text
    who, manner, template = match.groups()
    dealt = re.sub(r"@(\w+)", lambda m: openers.deal(m.group(1)), openers.vary(fill(template, slots)))
    kind = {"A": "action", "T": "transition"}.get(who, "speech")
    said = openers.vary(fill(manner or "", slots))
    return PlannedLine(kind, sentence_case(dealt), _SPEAKERS.get(who, who) if kind == "speech" else "", said)


def _slots(plan: Plan, idea: Idea, now: dict[str, dict[str, str]], rng: random.Random) -> dict[str, str]:
    told = plan.slots
    token = told["token"]
    seen = {key: vary(fill(now[key][token], told), rng) for key in ("token", "break", "after")}
    return told | {
        "TOWN": told["town"].removeprefix("the "),
        "HOME": told["home"].removeprefix("the "),
        "FAR": told["far"].removeprefix("the "),
        "Tool": capital(told["the_tool"]),
        "The_tool": capital(told["the_tool"]),
        "Sound": capital(told["sound"]),
        "Sound_two": capital(told["sound_two"]),
        "age": str(rng.randrange(9, 15) if "child" in told["marks"].split() else rng.randrange(34, 68)),
        "ally_age": str(rng.randrange(28, 70)),
        "A_role": capital(told["a_role"]),
        "ROLE": told["role"].upper(),
        "act": idea.act or f"comes upon {told['a_thing']}",
        "Deadline_bare": capital(told["deadline"]),
        "token_seen": seen["token"],
        "token_low": seen["token"][0].lower() + seen["token"][1:],
        "break_now": seen["break"],
        "token_after": seen["after"],
        "token_after_low": seen["after"][0].lower() + seen["after"][1:],
        **{f"{key}_now": present(told[key]) for key in ("weather", "weather_two", "weather_three", "weather_low")},
    }


_NOW = {
    "came": "comes", "crossed": "crosses", "had": "has", "lay": "lies", "were": "are", "stood": "stands", "was": "is",
    "ticked": "ticks", "moved": "moves", "hung": "hangs", "blew": "blows", "sat": "sits", "creaked": "creaks",
    "went": "goes", "rattled": "rattles", "climbed": "climbs", "rose": "rises", "hid": "hides", "walked": "walks",
    "ran": "runs", "drew": "draws", "feathered": "feathers", "made": "makes", "filled": "fills", "dripped": "drips",
    "found": "finds", "turned": "turned", "begun": "begun", "covered": "covered", "stiffened": "stiffened",
    "did": "does", "dropped": "dropped",
}  # fmt: skip


def present(clause: str) -> str:
    """Return a clause of the world table in the present tense: its first finite verb changed."""
    parts = clause.split()
    for i, word in enumerate(parts):
        if word in _NOW and _NOW[word] != word:
            parts[i] = _number(_NOW[word], " ".join(parts[:i]))
            if word in {"had", "was", "were"} or i + 1 >= len(parts):
                break
    return " ".join(parts)


def _number(verb: str, subject: str) -> str:
    """Return a verb of the third person in the number of its subject: *the geese go over*."""
    if not is_plural(subject) or verb == "are":
        return verb
    return {"has": "have", "is": "are", "goes": "go", "crosses": "cross"}.get(verb, verb.removesuffix("s"))


def to_script(story: Narrative, notice: str) -> Script:
    """Return the narrative as a screenplay; names in capitals at their first appearance."""
    names = {p.id: p.name.upper() for p in story.bible.personas}
    credit = "编剧" if story.language == "zh" else "written by"
    page = (("Title", story.title), ("Credit", credit), ("Author", "miaobi"), ("Notes", notice))
    elements: list[Element] = []
    introduced: set[str] = set()
    for scene in story.scenes():
        elements.append(Element("scene", scene.title))
        for beat in scene.beats:
            for line in beat.lines:
                elements += _elements(line, names, story, introduced)
    return Script(page, tuple(elements))


def _elements(line: Line, names: dict[str, str], story: Narrative, introduced: set[str]) -> list[Element]:
    if line.kind == "speech":
        cue = names.get(line.speaker, line.speaker)
        manner = [Element("parenthetical", line.manner)] if line.manner and line.manner != "CONT'D" else []
        return [Element("character", cue), *manner, Element("dialogue", line.text)]
    if line.manner == "transition":
        return [Element("transition", line.text)]
    text = line.text
    for persona in story.bible.personas:
        if persona.name in text and persona.id not in introduced:
            introduced.add(persona.id)
            text = text.replace(persona.name, persona.name.upper(), 1)
    return [Element("action", text)]
