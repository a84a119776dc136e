"""Reading a person's own text as a narrative, so that a form's checks can judge it.

The id of every line is ``at`` and the place of its first character in the text: what a check finds can be pointed to.
The cast are the names that stand at least twice; person and tense are those that most of the narration votes for.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal

from miaobi.bible import Bible, Persona
from miaobi.craft.plot.narrative import Act, Beat, Line, Narrative, Scene
from miaobi.craft.screenplay import fountain
from miaobi.craft.text.name import gender_of, is_given
from miaobi.craft.text.person import told_in
from miaobi.craft.text.sentence import sentences, words
from miaobi.craft.text.speech import QUOTED, mask_speech
from miaobi.types import Language

_FIRST = re.compile(r"\b(?:I|me|my|we|us|our)\b")
_THIRD = re.compile(r"\b(?:he|him|his|she|her|hers|they|them|their)\b", re.I)


def read_prose(text: str, language: Language) -> Narrative:
    """Return a prose text; paragraphs are at blank lines, headings and front matter are left out."""
    lines: list[Line] = []
    front = re.match(r"---\n.*?\n---\n", text, re.S)
    for block in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text):
        if block.group().startswith(("#", "<", "```", "|")) or (front and block.start() < front.end()):
            continue
        at = block.start()
        for k, sentence in enumerate(sentences(block.group(), language)):
            start = text.index(sentence, at)
            at = start + len(sentence)
            said = " ".join(sentence.split())
            lines.append(Line(id=f"at{start}", text=said, kind=_kind(sentence), author="user", joined=k > 0))
    scene = Scene(id="s1", beats=[Beat(id="s1.b1", name="text", lines=lines)])
    return _narrative(text, language, [scene])


def _kind(sentence: str) -> Literal["narration", "speech"]:
    return "speech" if QUOTED.search(sentence) else "narration"


def read_screenplay(text: str, language: Language) -> Narrative:
    """Return a screenplay in Fountain; what stands before the first heading is a scene without one."""
    script = fountain.parse(text)
    scenes: list[Scene] = []
    at, cue, manner = 0, "", ""
    for element in script.elements:
        found = text.find(element.text.split("\n", 1)[0], at)
        at = found if found >= 0 else at
        if element.kind == "scene":
            scenes.append(_scene(f"s{len(scenes) + 1}", element.text))
        elif element.kind == "character":
            cue, manner = re.sub(r"\s*\(.*?\)", "", element.text).strip(), ""
        elif element.kind == "parenthetical":
            manner = element.text
        elif element.kind in {"action", "dialogue", "transition"}:
            if not scenes:
                scenes.append(_scene("s1", ""))
            speech = element.kind == "dialogue"
            line = Line(
                id=f"at{at}",
                text=" ".join(element.text.split()),
                kind="speech" if speech else "narration",
                speaker=cue if speech else "",
                manner=manner if speech else "transition" if element.kind == "transition" else "",
                author="user",
                joined=False,
            )
            scenes[-1].beats[0].lines.append(line)
            if speech and cue not in scenes[-1].present:
                scenes[-1].present.append(cue)
    told = _narrative(text, language, scenes, title=dict(script.title_page).get("Title", ""))
    return told.model_copy(update={"tense": "present", "person": "third"})  # as screenplays are written


def _scene(id: str, heading: str) -> Scene:
    return Scene(id=id, title=heading, place=heading, beats=[Beat(id=f"{id}.b1", name="scene")])


def _narrative(text: str, language: Language, scenes: list[Scene], title: str = "") -> Narrative:
    heading = re.search(r"^#\s+(.+)$", text, re.M)
    narration = mask_speech(text)
    first, third = len(_FIRST.findall(narration)), len(_THIRD.findall(narration))
    named = Counter(w for w in words(text) if is_given(w))
    cast = tuple(
        Persona(id=name, name=name, pronoun=gender_of(name) or "they")
        for name, times in sorted(named.items())
        if times > 1
    )
    return Narrative(
        title=title or (heading[1] if heading else "text"),
        language=language,
        bible=Bible(personas=cast),
        acts=[Act(id="a1", scenes=scenes)],
        tense=told_in(text) if language == "en" else "past",
        person="first" if first > third else "third",
    )
