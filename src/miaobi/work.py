"""Work: content, renderings, findings and the record of its making. Immutable; a revision names its parent."""

from __future__ import annotations

import base64
import hashlib
import uuid
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_serializer, field_validator

from miaobi.bible import Bible
from miaobi.brief import Brief
from miaobi.findings import Finding
from miaobi.types import Language

NAMESPACE = uuid.UUID("6d1a0b1e-0000-5000-8000-6d69616f6269")  # ours, fixed: work ids are UUIDv5 under it


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Imprint(_Value):
    """What every exported file says of itself. Writers place ``notice`` where readers see it and the rest in
    the format's own metadata. Holds no clock: the same brief gives the same bytes."""

    identifier: str  # UUID of the work
    notice: str  # visible: "AI-generated · miaobi, SmolLM2-135M-Instruct"; "" only for a person's own, not a work
    language: Language
    title: str
    creator: str = "miaobi"
    aigc: dict[str, str] = Field(default_factory=dict)  # the seven keys of GB 45438-2025 Annex E
    generator: str = ""  # "miaobi 0.1.0"


class Rendering(_Value):
    """One file of a work."""

    name: str  # "the-glass-tide.epub"
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Hex digest of the bytes."""
        return hashlib.sha256(self.content).hexdigest()

    @field_serializer("content", when_used="json-unless-none")
    def _encode(self, content: bytes) -> str:
        return base64.b64encode(content).decode()

    @field_validator("content", mode="before")
    @classmethod
    def _decode(cls, value: Any) -> Any:
        return base64.b64decode(value) if isinstance(value, str) else value


class Choice(_Value):
    """One ranking: what was asked for, which candidates there were, how they measured and which was taken."""

    step: str
    candidates: tuple[str, ...]
    measures: tuple[dict[str, float], ...]
    taken: int  # index; -1 when none was good enough and craft wrote the passage


class Record(_Value):
    """How a work was made: enough to explain it, to credit it and to make it again."""

    engine: str
    checkpoint: dict[str, Any]
    beside: tuple[dict[str, Any], ...] = ()  # further checkpoints that wrote parts of it: a song's words
    sampling: dict[str, Any] = Field(default_factory=dict)  # by step kind
    seed: int
    versions: dict[str, str] = Field(default_factory=dict)
    authorship: dict[str, int] = Field(default_factory=dict)  # words by "engine", "craft", "user"
    choices: tuple[Choice, ...] = ()
    receipts: tuple[dict[str, Any], ...] = ()  # what went into each prompt, why, and what was dropped
    removals: dict[str, int] = Field(default_factory=dict)  # how often each decoding rule acted
    signature: str | None = None  # place of the signed credential

    @property
    def written_by(self) -> str:
        """The names of all checkpoints that wrote it, as its label has them."""
        return " + ".join(str(card.get("name", "")) for card in (self.checkpoint, *self.beside))


class Work(_Value):
    """A finished work."""

    id: str
    form: str
    brief: Brief
    bible: Bible | None = None
    content: dict[str, Any]
    findings: tuple[Finding, ...] = ()
    renderings: tuple[Rendering, ...] = ()
    record: Record
    parent: str | None = None

    @property
    def title(self) -> str:
        """The work's title, from its content."""
        return str(self.content.get("title") or self.brief.title or self.brief.idea[:60])

    def rendering(self, ending: str) -> Rendering:
        """Return the rendering whose name ends in ``.ending``; KeyError if there is none."""
        for r in self.renderings:
            if r.name.endswith("." + ending):
                return r
        raise KeyError(ending)


def work_id(brief: Brief, checkpoint_sha256: str, version: str, parent: str | None = None) -> str:
    """Return the work's UUID: equal for equal brief, checkpoint, program version and parent."""
    text = "\n".join([brief.model_dump_json(), checkpoint_sha256, version, parent or ""])
    return str(uuid.uuid5(NAMESPACE, text))
