"""What the routes answer, as schemas: the OpenAPI document has them, and every answer is held to its own.

An answer that lacks a field, or has one of another kind, is a defect of ours: 500, and a line in the log. One with a
field more goes out as it is; ``tests/server/test_document.py`` looks that there is none.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from miaobi.bible import Bible
from miaobi.certificate import Unit
from miaobi.findings import Finding
from miaobi.studio.library.version import File, Kind
from miaobi.studio.recognition import How

State = Literal["queued", "running", "paused", "done", "failed", "cancelled"]


class Answer(BaseModel):
    """What all answers are: of a schema."""

    model_config = ConfigDict(extra="allow")


class Health(Answer):
    """The server is up."""

    status: Literal["ok"]


# --- forms and engines --------------------------------------------------------------------------------------------


class EngineCard(Answer):
    """An engine that can be asked for by ``name``."""

    name: str
    title: str
    licence: str
    languages: list[str] = Field(description="Empty: unknown.")
    parameters: int = Field(description="0: unknown.")
    context: int = Field(description="Tokens; 0: unknown.")


class Engines(Answer):
    """The engines here; the first answers where none is named."""

    engines: list[EngineCard]


class Lengths(Answer):
    """How long a work may be, in words (字 in Chinese)."""

    usual: int
    least: int
    most: int


class FormCard(Answer):
    """A form as it is declared."""

    name: str
    names: dict[str, str]
    summary: dict[str, str]
    languages: list[str]
    length: Lengths
    lengths: dict[str, Lengths] = Field(description="By language, where it has a range of its own.")
    formats: list[str]
    references: list[str] = Field(description="Kinds of material that it takes.")
    options: dict[str, Any] = Field(description="JSON schema of its options.")
    keeps: bool = Field(description="Whether parts can be kept when it is varied.")
    heeds: list[str] = Field(description="Of tone and audience, those that change the work.")
    writes: list[str] = Field(description="The languages that an engine here writes it in.")
    examples: list[dict[str, Any]] = Field(description="Briefs.")


class Forms(Answer):
    """The forms, and plug-ins that can't be loaded with the reason."""

    forms: list[FormCard]
    broken: dict[str, str]


# --- jobs -----------------------------------------------------------------------------------------------------------


class Progress(Answer):
    """How far a job is."""

    what: str
    done: float = Field(ge=0, le=1)
    left: float | None = Field(description="Seconds, where that can be told.")
    part: str = Field("", description="Of a world, the part at hand.")


class JobCard(Answer):
    """A job as it stands."""

    id: str
    state: State
    form: str
    idea: str
    brief: dict[str, Any]
    engine: str
    world: str = Field(description="The world whose parts it makes.")
    sweep: str = Field(description="The sweep of which it is a cell.")
    priority: int
    attempts: int
    progress: Progress | None
    work: str = Field(description="The work's id once it is done.")
    error: str
    created: str
    finished: str | None


class Jobs(Answer):
    """Jobs, in the order that the route says."""

    jobs: list[JobCard]


class RunningEvent(Answer):
    """Event ``running``: a worker has taken the job up."""

    attempt: int


class ProgressEvent(Progress):
    """Event ``progress``."""


class Written(Answer):
    """Words of a step, and whose they are."""

    text: str
    author: str


class ChoiceMade(Answer):
    """What stood for choice, how each measured, and which was taken (−1: none)."""

    step: str
    candidates: list[str]
    measures: list[dict[str, float]]
    taken: int


class StepEvent(Answer):
    """Event ``step``: what is on paper."""

    name: str
    part: str = Field("", description="Of a world, the part at hand.")
    texts: list[Written]
    choices: list[ChoiceMade]


class PartEvent(Answer):
    """Event ``part``: a part of a world is made and kept."""

    part: str
    work: str


class DoneEvent(Answer):
    """Event ``done``, the last."""

    work: str


class FailedEvent(Answer):
    """Event ``failed``, the last."""

    error: str


EVENTS: dict[str, type[BaseModel]] = {  # queued, paused and cancelled say no more than their name
    "running": RunningEvent,
    "progress": ProgressEvent,
    "step": StepEvent,
    "part": PartEvent,
    "done": DoneEvent,
    "failed": FailedEvent,
}


# --- works ------------------------------------------------------------------------------------------------------------


class WorkCard(Answer):
    """A work as lists show it."""

    id: str
    form: str
    language: str
    title: str
    idea: str
    origin: Literal["composed", "own"]
    place: str
    seed: int
    checkpoint: str
    checkpoint_sha256: str
    words: int
    created: str
    updated: str
    removed: str | None
    boards: list[str]


class Hit(WorkCard):
    """A work in a list; of a search also where the words stand."""

    excerpt: str = ""


class Works(Answer):
    """Works."""

    works: list[Hit]


class PartCard(Answer):
    """A part of a work that can be kept, by its name."""

    name: str
    titles: dict[str, str] = Field(description="By language.")


class WorkAnswer(WorkCard):
    """A work with its newest words and how it was made."""

    version: str
    edited: bool
    text: str
    content: dict[str, Any] | None = Field(description="Of the form; null where the text was edited.")
    made: dict[str, Any] = Field(description="Brief, record, bible and findings of its making; empty for an own text.")
    findings: list[Finding] | None = Field(description="Of this very version; null where they can't be read.")
    files: list[File]
    exports: list[str]
    locks: list[int]
    parts: list[PartCard] = Field(description="Those that can be kept by name, in the order of their numbers.")
    keeps: bool


class VersionCard(Answer):
    """A version as the tree shows it."""

    id: str
    work: str
    parent: str | None
    kind: Kind
    note: str
    words: int
    created: str
    branches: list[str]


class Versions(Answer):
    """The versions, the first first, and the ends of the branches."""

    versions: list[VersionCard]
    branches: dict[str, str]


class VersionAnswer(Answer):
    """A version with its words; ``content`` and ``record`` are names of objects."""

    id: str
    work: str
    parent: str | None
    kind: Kind
    note: str
    form: str
    language: str
    title: str
    place: str
    text: str
    content: str | None
    record: str | None


class Kept(Answer):
    """The version that the work is now."""

    version: str


# --- worlds, sweeps, files -------------------------------------------------------------------------------------------


class Role(Answer):
    """A part of a world that isn't called by its form."""

    form: str
    options: dict[str, Any]


class BibleDeclared(Answer):
    """What a bible is made of, and what parts a world can have beside the forms."""

    bible: dict[str, Any] = Field(description="JSON schema.")
    roles: dict[str, Role]
    usual: dict[str, list[str]] = Field(description="By language.")
    most: int = Field(description="Parts.")


class PartNamed(Answer):
    """A part of a world with its work's id, "" where it isn't made."""

    name: str
    form: str
    work: str


class _WorldSeen(Answer):
    id: str
    title: str
    idea: str
    logline: str
    language: str
    palette: list[str]
    created: str
    updated: str


class WorldCard(_WorldSeen):
    """A world as lists show it."""

    parts: list[PartNamed]


class Worlds(Answer):
    """The worlds, what was changed last first."""

    worlds: list[WorldCard]


class WorldPart(Answer):
    """A part of a world, with its work where it is made."""

    name: str
    form: str
    options: dict[str, Any]
    seed: int
    work: WorkCard | None
    outdated: bool = Field(description="Its poem or bible has changed since it was made.")


class WorldAnswer(_WorldSeen):
    """A world with its bible, its parts, and the job that makes some of them."""

    author: str
    engine: str
    bible: Bible
    parts: list[WorldPart]
    job: JobCard | None


class AxisSaid(Answer):
    """What is varied, and over which values."""

    name: str
    values: list[str | int | float | bool]


class CellSaid(Answer):
    """A cell of a sweep: the number of its value in each axis, and its job."""

    place: list[int]
    job: JobCard


class SweepAnswer(Answer):
    """A sweep, the first axis slowest."""

    id: str
    axes: list[AxisSaid]
    cells: list[CellSaid]


class Removed(Answer):
    """The works that went to the trash."""

    removed: list[str]


class RecognisedFile(Answer):
    """What a file says of itself, and what the library knows of it."""

    how: How
    label: dict[str, str] | None
    notice: str
    work: WorkCard | None
    brief: dict[str, Any] | None
    world: dict[str, Any] | None


# --- versions ---------------------------------------------------------------------------------------------------------


class Changed(Answer):
    """A stretch that changed; of a changed passage its words, with = - + before them."""

    kind: Literal["added", "removed", "changed"]
    old: str
    new: str
    words: list[tuple[str, str]]


class Difference(Answer):
    """What changed, in order."""

    work: str
    changes: list[Changed]


class LockedParts(Answer):
    """The parts that variations keep."""

    locks: list[int]


class CertificateAnswer(Answer):
    """Why a work keeps its rules, by line, bar or shape."""

    language: str
    holds: bool
    units: list[Unit]


class Boards(Answer):
    """The boards, with the number of works on each."""

    boards: dict[str, int]


class Framed(Answer):
    """An address that is good for a minute."""

    url: str
