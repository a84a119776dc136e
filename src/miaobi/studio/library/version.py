"""Version: one state of a work. Content-addressed: its id is the SHA-256 of what it is, its parent's id included.

So a tree of versions can't be altered unseen, the same edit of the same text is one version however often it is kept,
and two libraries agree on names. When it was made and which files were rendered from it are no part of what it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from miaobi.studio.library.objects import canonical, sha256
from miaobi.types import Language

Kind = Literal["composed", "own", "edit", "alternative"]
_SHA = r"^[0-9a-f]{64}$"
_UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Version(_Value):
    """What a version is."""

    work: str = Field(pattern=_UUID)
    parent: str | None = Field(default=None, pattern=_SHA)
    kind: Kind
    note: str = Field(default="", max_length=2_000)  # what was done: "revise: tense=past"
    form: str = Field(max_length=100)
    language: Language
    title: str = Field(max_length=20_000)
    place: str = Field(default="", max_length=4_096)  # of an own text: its file
    text: str = Field(pattern=_SHA)  # the words, as object
    content: str | None = Field(default=None, pattern=_SHA)  # a composed work's content, JSON
    record: str | None = Field(default=None, pattern=_SHA)  # brief, bible, findings and how it was made, JSON

    @property
    def id(self) -> str:
        """The version's name."""
        return sha256(canonical(self.model_dump(mode="json")))

    @property
    def objects(self) -> set[str]:
        """The objects that it needs."""
        return {name for name in (self.text, self.content, self.record) if name}


class File(_Value):
    """A rendering kept with a version."""

    name: str = Field(min_length=1, max_length=255, pattern=r"^[^/\\\x00-\x1f]+$")
    media_type: str = Field(max_length=200)
    bytes: int = Field(ge=0)
    sha256: str = Field(pattern=_SHA)


class Described(_Value):
    """A version as it lies beside the database and in an export: what it is, its files, when it came."""

    version: Version
    files: tuple[File, ...] = ()
    created: str = Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")


@dataclass(frozen=True)
class Passage:
    """A paragraph of a version's text, named by its words."""

    sha256: str
    start: int
    end: int


def passages(text: str) -> list[Passage]:
    """Return the paragraphs (between blank lines) of *text* with their names and places."""
    found = []
    for match in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text):
        words = match.group().rstrip()
        found.append(Passage(sha256(words.encode()), match.start(), match.start() + len(words)))
    return found
