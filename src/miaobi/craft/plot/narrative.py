"""Narrative: the one representation under story, novel and screenplay (and later game, dialogue and translation).

Acts hold scenes, scenes beats, beats lines. Every part has a stable id (``a1.s2.b3.l4``) that findings, edits and
translations point to. Facts carry the scenes in which they hold, so that a contradiction can name both its sides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict

from miaobi.bible import Bible
from miaobi.form import Content

Author = Literal["engine", "craft", "user"]


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Line(_Value):
    """A sentence or a speech. ``text`` of speech has its quotation marks and its tag, as it is read."""

    id: str
    text: str
    kind: Literal["narration", "speech"] = "narration"
    speaker: str = ""  # persona id, or a name in capitals for one who only passes through
    manner: str = ""  # how it is said: a screenplay's parenthetical
    author: Author = "craft"
    joined: bool = True  # follows the line before it in the same paragraph


class Beat(_Value):
    """One step of the plot: what happens, and the lines that tell it."""

    id: str
    name: str  # function in the plot: "deed", "turn"
    intent: str = ""  # what it is for, in words
    lines: list[Line] = []


class Scene(_Value):
    """A stretch in one place and time; ``present`` are the ids of the personas in it."""

    id: str
    title: str = ""
    place: str = ""
    time: str = ""
    present: list[str] = []
    beats: list[Beat] = []


class Act(_Value):
    """A part or a chapter."""

    id: str
    title: str = ""
    summary: str = ""
    scenes: list[Scene] = []


class Narrative(Content):
    """A told story."""

    language: Literal["en", "zh"]
    bible: Bible
    acts: list[Act]
    tense: Literal["past", "present"] = "past"
    person: Literal["third", "first"] = "third"

    def scenes(self) -> Iterator[Scene]:
        """Yield every scene in order."""
        for act in self.acts:
            yield from act.scenes

    def lines(self) -> Iterator[tuple[Scene, Line]]:
        """Yield every line in order with its scene."""
        for scene in self.scenes():
            for beat in scene.beats:
                for line in beat.lines:
                    yield scene, line

    def text(self) -> str:
        """Return the whole prose, paragraphs between blank lines."""
        return "\n\n".join(paragraph for scene in self.scenes() for paragraph in paragraphs(scene, self.language))


def paragraphs(scene: Scene, language: str) -> list[str]:
    """Return the scene's paragraphs: lines joined until one asks for a new paragraph."""
    out: list[list[str]] = []
    for beat in scene.beats:
        for line in beat.lines:
            if line.joined and out:
                out[-1].append(line.text)
            else:
                out.append([line.text])
    return [("" if language == "zh" else " ").join(p) for p in out]
