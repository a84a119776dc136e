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


class _Answer(BaseModel):
    model_config = ConfigDict(extra="allow")


class Health(_Answer):
    """The server is up."""

    status: Literal["ok"]


# --- forms and engines --------------------------------------------------------------------------------------------


class EngineCard(_Answer):
    """An engine that can be asked for by ``name``."""

    name: str
    title: str
    licence: str
    languages: list[str] = Field(description="Empty: unknown.")
    parameters: int = Field(description="0: unknown.")
    context: int = Field(description="Tokens; 0: unknown.")


class Engines(_Answer):
    """The engines here; the first answers where none is named."""

    engines: list[EngineCard]


class Lengths(_Answer):
    """How long a work may be, in words (字 in Chinese)."""

    usual: int
    least: int
    most: int


class FormCard(_Answer):
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


class Forms(_Answer):
    """The forms, and plug-ins that can't be loaded with the reason."""

    forms: list[FormCard]
    broken: dict[str, str]


# --- jobs -----------------------------------------------------------------------------------------------------------


class Progress(_Answer):
    """How far a job is."""

    what: str
    done: float = Field(ge=0, le=1)
    left: float | None = Field(description="Seconds, where that can be told.")
    part: str = Field("", description="Of a world, the part at hand.")


class JobCard(_Answer):
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


class Jobs(_Answer):
    """Jobs, in the order that the route says."""

    jobs: list[JobCard]


class RunningEvent(_Answer):
    """Event ``running``: a worker has taken the job up."""

    attempt: int


class ProgressEvent(Progress):
    """Event ``progress``."""


class Written(_Answer):
    """Words of a step, and whose they are."""

    text: str
    author: str


class ChoiceMade(_Answer):
    """What stood for choice, how each measured, and which was taken (−1: none)."""

    step: str
    candidates: list[str]
    measures: list[dict[str, float]]
    taken: int


class StepEvent(_Answer):
    """Event ``step``: what is on paper."""

    name: str
    part: str = Field("", description="Of a world, the part at hand.")
    texts: list[Written]
    choices: list[ChoiceMade]


class PartEvent(_Answer):
    """Event ``part``: a part of a world is made and kept."""

    part: str
    work: str


class DoneEvent(_Answer):
    """Event ``done``, the last."""

    work: str


class FailedEvent(_Answer):
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


class WorkCard(_Answer):
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


class Works(_Answer):
    """Works."""

    works: list[Hit]


class PartCard(_Answer):
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


class VersionCard(_Answer):
    """A version as the tree shows it."""

    id: str
    work: str
    parent: str | None
    kind: Kind
    note: str
    words: int
    created: str
    branches: list[str]


class Versions(_Answer):
    """The versions, the first first, and the ends of the branches."""

    versions: list[VersionCard]
    branches: dict[str, str]


class VersionAnswer(_Answer):
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


class Kept(_Answer):
    """The version that the work is now."""

    version: str


# --- worlds, sweeps, files -------------------------------------------------------------------------------------------


class Role(_Answer):
    """A part of a world that isn't called by its form."""

    form: str
    options: dict[str, Any]


class BibleDeclared(_Answer):
    """What a bible is made of, and what parts a world can have beside the forms."""

    bible: dict[str, Any] = Field(description="JSON schema.")
    roles: dict[str, Role]
    usual: dict[str, list[str]] = Field(description="By language.")
    most: int = Field(description="Parts.")


class PartNamed(_Answer):
    """A part of a world with its work's id, "" where it isn't made."""

    name: str
    form: str
    work: str


class _WorldSeen(_Answer):
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


class Worlds(_Answer):
    """The worlds, what was changed last first."""

    worlds: list[WorldCard]


class WorldPart(_Answer):
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


class AxisSaid(_Answer):
    """What is varied, and over which values."""

    name: str
    values: list[str | int | float | bool]


class CellSaid(_Answer):
    """A cell of a sweep: the number of its value in each axis, and its job."""

    place: list[int]
    job: JobCard


class SweepAnswer(_Answer):
    """A sweep, the first axis slowest."""

    id: str
    axes: list[AxisSaid]
    cells: list[CellSaid]


class Removed(_Answer):
    """The works that went to the trash."""

    removed: list[str]


class RecognisedFile(_Answer):
    """What a file says of itself, and what the library knows of it."""

    how: How
    label: dict[str, str] | None
    notice: str
    work: WorkCard | None
    brief: dict[str, Any] | None
    world: dict[str, Any] | None


# --- versions ---------------------------------------------------------------------------------------------------------


class Changed(_Answer):
    """A stretch that changed; of a changed passage its words, with = - + before them."""

    kind: Literal["added", "removed", "changed"]
    old: str
    new: str
    words: list[tuple[str, str]]


class Difference(_Answer):
    """What changed, in order."""

    work: str
    changes: list[Changed]


class LockedParts(_Answer):
    """The parts that variations keep."""

    locks: list[int]


class CertificateAnswer(_Answer):
    """Why a work keeps its rules, by line, bar or shape."""

    language: str
    holds: bool
    units: list[Unit]


class Boards(_Answer):
    """The boards, with the number of works on each."""

    boards: dict[str, int]


class Framed(_Answer):
    """An address that is good for a minute."""

    url: str


# --- help with a text -------------------------------------------------------------------------------------------------


class Continued(_Answer):
    """What could come next."""

    text: str
    author: Literal["engine"]


class OtherWay(_Answer):
    """Another way of saying a passage."""

    text: str
    author: Literal["engine", "craft"]
    how: str


class Alternatives(_Answer):
    """Other ways, the best first."""

    alternatives: list[OtherWay]


class LeftAlone(_Answer):
    """A place that was left as it is; ``new`` says why."""

    start: int
    end: int
    old: str
    new: str


class Revised(_Answer):
    """The passage revised."""

    text: str
    author: Literal["engine", "craft"]
    changed: int
    removed: list[str]
    left: list[LeftAlone]


class RemarkAnswer(_Answer):
    """What a careful reader would mark; places are code points, line and column count from 1."""

    rule: str
    severity: Literal["error", "warning", "note"]
    message: str
    suggestion: str
    line: int
    column: int
    start: int
    end: int
    text: str
    evidence: dict[str, float | int | str | list[str]]


class Critique(_Answer):
    """The remarks, in the order of the text."""

    language: str
    remarks: list[RemarkAnswer]


# --- OpenAI's ---------------------------------------------------------------------------------------------------------


class Model(_Answer):
    """An engine as OpenAI lists it, with what else is known of it."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str
    licence: str
    languages: list[str]
    context: int
    parameters: int


class Models(_Answer):
    """The engines."""

    object: Literal["list"]
    data: list[Model]


class Usage(_Answer):
    """Tokens read and written."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Said(_Answer):
    """The message that answers."""

    role: Literal["assistant"]
    content: str
    refusal: None


class ChatChoice(_Answer):
    """One answer to a chat."""

    index: int
    message: Said
    logprobs: dict[str, Any] | None
    finish_reason: Literal["stop", "length"]


class ChatAnswer(_Answer):
    """The answers to a chat. Streamed: chat.completion.chunk objects as server-sent events."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChatChoice]
    usage: Usage


class TextChoice(_Answer):
    """One continuation."""

    index: int
    text: str
    logprobs: dict[str, Any] | None
    finish_reason: Literal["stop", "length"]


class TextAnswer(_Answer):
    """The continuations. Streamed: objects with one piece each, as server-sent events."""

    id: str
    object: Literal["text_completion"]
    created: int
    model: str
    choices: list[TextChoice]
    usage: Usage


class Vector(_Answer):
    """A unit vector, as numbers or as base64 of little-endian float32."""

    object: Literal["embedding"]
    index: int
    embedding: list[float] | str


class Read(_Answer):
    """Tokens read."""

    prompt_tokens: int
    total_tokens: int


class Embeddings(_Answer):
    """A vector for each text."""

    object: Literal["list"]
    model: str
    data: list[Vector]
    usage: Read
