"""Bible: what the works of one world share, so that a story, its poem, song, cover and game belong together."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Persona(_Value):
    """One of the cast. ``traits`` are checked facts: eyes, age, trade, kin."""

    id: str
    name: str
    pronoun: Literal["he", "she", "they"] = "they"
    role: str = ""  # "lighthouse keeper"
    want: str = ""
    flaw: str = ""
    voice: str = ""  # how they speak: "short, dry"
    traits: dict[str, str] = Field(default_factory=dict)


class Place(_Value):
    """Where things happen, with what the senses find there."""

    id: str
    name: str
    details: tuple[str, ...] = ()


class Lore(_Value):
    """A lorebook entry: enters the prompt when one of its keys is found (SillyTavern's and V2 cards' terms)."""

    keys: tuple[str, ...]
    content: str
    priority: int = 0  # lower is dropped first
    constant: bool = False


class Fact(_Value):
    """A typed statement with the time it holds: ``("hero", "eyes", "grey")``; chapters or scenes, inclusive."""

    subject: str
    attribute: str
    value: str
    since: int = 0
    until: int | None = None


class Bible(_Value):
    """The world, its cast and its mood. ``key``, ``mode`` and ``tempo`` are for music; ``palette`` for pictures."""

    title: str = ""
    logline: str = ""
    theme: str = ""
    mood: str = ""
    motifs: tuple[str, ...] = ()
    palette: tuple[str, ...] = ()  # "#rrggbb"
    key: str = ""
    mode: str = ""
    tempo: int = 0  # beats per minute
    personas: tuple[Persona, ...] = ()
    places: tuple[Place, ...] = ()
    lore: tuple[Lore, ...] = ()
    facts: tuple[Fact, ...] = ()

    def persona(self, id: str) -> Persona:
        """Return the persona with this id; KeyError if there is none."""
        for p in self.personas:
            if p.id == id:
                return p
        raise KeyError(id)
