"""Form (体裁): the declaration of a kind of work, one file each, and the desk at which it is written.

A form file ends with ``FORM = Form(...)``. Our own are found by walking ``miaobi.forms``; other people's by the
entry point group ``miaobi.forms``. CLI help, docs table and contract tests are generated from the declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue

from miaobi.bible import Bible
from miaobi.brief import Brief
from miaobi.findings import Finding
from miaobi.types import LANGUAGES, Candidate, Constraint, Engine, Floats, Language, Prompt, Sampling
from miaobi.work import Imprint, Rendering

T = TypeVar("T")
Measure = Callable[[str], dict[str, float] | None]  # qualities of a candidate; None rejects it


class Options(BaseModel):
    """A form's own options; subclass it and describe each field, the CLI help is made from that."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Content(BaseModel):
    """What a form produces before it is rendered; must round-trip through JSON."""

    model_config = ConfigDict(extra="forbid")
    title: str


# of an option, beside its schema: the program fills it in, it is no wish of a person's, and no editor shows it
FILLED_IN: Final[dict[str, JsonValue]] = {"readOnly": True}


@dataclass(frozen=True)
class Part:
    """A part of a work that has a name: the sky of a picture."""

    name: str
    titles: dict[Language, str]


@dataclass(frozen=True)
class Length:
    """How long a work of this form is, in words (字 in Chinese)."""

    usual: int
    least: int
    most: int


class Desk(Protocol):
    """What a form may use while it drafts: the engine behind measured choices, one seed, durable steps."""

    brief: Brief
    engine: Engine
    length: int  # words wanted, resolved from the brief and the form

    def options(self, kind: type[T]) -> T:
        """Return the brief's options as the form's own class."""

    def beside(self, checkpoint: str) -> Desk:
        """Return this desk with another checkpoint at hand, by its name in the catalog; "" is the default one.

        Steps, chance and the record are this desk's; its engine is closed with the work. Where the user chose the
        engine it stays that one.
        """

    def step(self, key: str, make: Callable[[], T]) -> T:
        """Return ``make()``, once: its JSON value is stored under *key* before the next step begins, and a
        resumed job gets it from there. Keys are unique in a work; *make* must depend on nothing that was not a step."""

    def seed(self, *key: object) -> int:
        """Return the seed of the stream named by *key*."""

    def write(
        self,
        key: str,
        prompt: Prompt,
        *,
        n: int = 1,
        max_tokens: int = 64,
        stop: Sequence[str] = (),
        constraint: Constraint | None = None,
        sampling: Sampling | None = None,
        banned: Sequence[str] = (),
    ) -> list[Candidate]:
        """Return *n* candidates for *prompt* from one shared prefix."""

    def pick(self, key: str, texts: Sequence[str], measure: Measure, weights: dict[str, float]) -> int:
        """Rank *texts* by weighted, standardised measures; record it; return the index, -1 if all are rejected."""

    def relevance(self, text: str, candidates: Sequence[str]) -> Floats:
        """Return cosine similarity of each candidate to *text*, (len(candidates),) float32, −1…1."""

    def say(self, what: str, done: float) -> None:
        """Report progress: what is being made, and the share done, 0–1. The place to stop where the user asked to."""

    def receipt(self, receipt: dict[str, Any]) -> None:
        """Keep the account of what went into a prompt."""

    def use(self, card: dict[str, Any]) -> None:
        """Name weights that make part of the work and are no engine: name, sha256, licence, source; for record and
        label."""

    def credit(self, author: str, words: int) -> None:
        """Count *words* as written by "engine", "craft" or "user"."""


@dataclass(frozen=True)
class Form:
    """A declaration: everything that the road needs to know of one kind of work."""

    name: str  # "story"
    names: dict[Language, str]  # {"en": "Short story", "zh": "短篇小说"}
    summary: dict[Language, str]
    content: type[Content]
    length: Length
    draft: Callable[[Desk], Content]
    check: Callable[[Brief, Any], list[Finding]]  # pure; the content is the form's own class
    render: Callable[[Any, str, Imprint], Rendering]  # pure: content, ending ("epub"), imprint
    formats: tuple[str, ...]  # endings that render knows; the first is the one to read
    example: Brief
    options: type[Options] = Options
    languages: tuple[Language, ...] = LANGUAGES
    aliases: tuple[str, ...] = ()
    more_examples: tuple[Brief, ...] = ()  # one for each further language
    lengths: dict[Language, Length] = field(default_factory=dict)  # where a language's 字 or words need another range
    on_request: tuple[str, ...] = ()  # of the formats those that are written only when they are asked for by name
    references: tuple[str, ...] = ()  # kinds of material that the form takes: "style", "lore", "table", …
    checkpoints: dict[Language, str] = field(default_factory=dict)  # the default, where it isn't the catalog's
    heeds: tuple[str, ...] = ()  # of the brief's ``tone`` and ``audience``, those that change the work
    revise: Callable[[Desk, Any, list[Finding]], Content] | None = None  # mend what check found
    bible: Callable[[Any], Bible | None] = field(default=lambda content: None)  # read from the content
    read: Callable[[str, Language], Content] | None = None  # a person's own text as content, for `miaobi check`
    # the options under which the parts of these numbers (from 1) stay as the content has them, for `miaobi vary`;
    # BriefError for a part that isn't there
    keep: Callable[[Brief, Any, Sequence[int]], dict[str, Any]] | None = None
    # those parts by name, in the order of their numbers, where they have names
    parts: Callable[[Any], Sequence[Part]] | None = None
    # a poem's lines by stanzas, for works of the same world that sing them or set them under a picture
    verse: Callable[[Any], Sequence[Sequence[str]]] | None = None
    admit: Callable[[Brief], None] = field(default=lambda brief: None)  # raise BriefError before anything runs

    @property
    def examples(self) -> tuple[Brief, ...]:
        """A brief of each language that the form knows."""
        return (self.example, *self.more_examples)

    def engine_in(self, language: Language, wanted: str = "") -> str:
        """Return the spec of the engine to open: the one *wanted*, else the form's own for *language*, else ""."""
        return wanted or self.checkpoints.get(language, "")

    def length_in(self, language: Language) -> Length:
        """Return how long a work of this form is in *language*."""
        return self.lengths.get(language, self.length)
