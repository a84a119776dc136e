"""Plan a short film from the same plan as a story: scenes with headings, action in the present tense, speech.

A narrative of kind "present" becomes a ``Script``; its elements are what Fountain 1.1 and Final Draft know, so that
whatever is told is valid in both.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from miaobi.craft.plot.narrative import Line, Narrative
from miaobi.craft.plot.plan import Openers, Plan, data
from miaobi.craft.plot.template import fill
from miaobi.craft.screenplay import Element, Script
from miaobi.craft.text.idea import Idea
from miaobi.craft.text.sentence import capital

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


def plan_screenplay(plan: Plan, idea: Idea, seed: int) -> tuple[PlannedScene, ...]:
    """Return the scenes of a short film that tells *plan*."""
    rng = random.Random(seed)
    tables = data("en", "screen")
    slots = _slots(plan, idea, tables["now"], rng)
    packs = {kind: [fill(o, slots) for o in pool] for kind, pool in tables["openers"].items()}
    openers = Openers(packs | data("en", "novel")["speech"], rng)
    return tuple(
        PlannedScene(
            fill(scene["heading"], slots).upper(), tuple(_line(text, slots, openers) for text in scene["lines"])
        )
        for scene in tables["scene"]
    )


def _line(text: str, slots: dict[str, str], openers: Openers) -> PlannedLine:
    match = _LINE.match(text)
    assert match, text
    who, manner, template = match.groups()
    dealt = re.sub(r"@(\w+)", lambda m: openers.deal(m.group(1)), fill(template, slots))
    kind = {"A": "action", "T": "transition"}.get(who, "speech")
    return PlannedLine(kind, dealt, _SPEAKERS.get(who, who) if kind == "speech" else "", fill(manner or "", slots))


def _slots(plan: Plan, idea: Idea, now: dict[str, dict[str, str]], rng: random.Random) -> dict[str, str]:
    told = plan.slots
    bare = told["home"].removeprefix("the ")
    token = told["token"]
    return told | {
        "TOWN": told["town"].removeprefix("the "),
        "HOME": bare,
        "FAR": told["far"].removeprefix("the "),
        "Thing": capital(told["thing"]),
        "Sound": capital(told["sound"]),
        "Sound_two": capital(told["sound_two"]),
        "age": str(rng.randrange(34, 68)),
        "ally_age": str(rng.randrange(28, 70)),
        "act": idea.act or f"comes upon {told['a_thing']}",
        "stop_verb": "stop" if told["they"] == "they" else "stops",
        "Deadline_bare": capital(told["deadline"]),
        "token_seen": fill(now["token"][token], told),
        "break_now": fill(now["break"][token], told),
        **{f"{key}_now": present(told[key]) for key in ("weather", "weather_two", "weather_three")},
    }


_NOW = {
    "came": "comes", "crossed": "crosses", "had": "has", "lay": "lies", "were": "are", "stood": "stands", "was": "is",
    "ticked": "ticks", "moved": "moves", "hung": "hangs", "blew": "blows", "sat": "sits", "creaked": "creaks",
    "went": "goes", "rattled": "rattles", "climbed": "climbs", "rose": "rises", "hid": "hides", "walked": "walk",
    "ran": "runs", "drew": "draws", "feathered": "feathers", "made": "makes", "filled": "fills", "dripped": "drips",
    "found": "finds", "turned": "turned", "begun": "begun", "covered": "covered", "stiffened": "stiffened",
    "did": "does", "dropped": "dropped",
}  # fmt: skip


def present(clause: str) -> str:
    """Return a clause of the world table in the present tense: its first finite verb changed."""
    parts = clause.split()
    for i, word in enumerate(parts):
        if word in _NOW and _NOW[word] != word:
            parts[i] = _NOW[word]
            if word in {"had", "was", "were"} or i + 1 >= len(parts):
                break
    return " ".join(parts)


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
