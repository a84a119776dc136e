"""/api/assist: help with a person's own text. Nothing is changed by it: what is offered is taken, or not, on the page.

Places are code points. What rules can do is done by rule; the rest waits for an engine like any other request.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from miaobi.assist.critique import criticise
from miaobi.assist.passage import Stretch, language_of
from miaobi.assist.pen import Pen, pen_for
from miaobi.assist.revision import needs_engine, read_instruction, revise
from miaobi.assist.writing import alternatives, go_on
from miaobi.brief import clean_text
from miaobi.engines.opening import refuse_language
from miaobi.errors import BriefError
from miaobi.server import assistance_answers as answers
from miaobi.server.pool import Pool, Seat
from miaobi.studio.translation import findings
from miaobi.types import Engine, Language

T = TypeVar("T")
router = APIRouter(prefix="/api/assist")
_TEXT = 200_000  # characters


class Passage(BaseModel):
    """A text and a passage of it; ``end`` 0 is the end of the text."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(max_length=_TEXT)
    start: int = Field(0, ge=0, le=_TEXT)
    end: int = Field(0, ge=0, le=_TEXT)
    language: Language | None = None
    engine: str = Field("", max_length=300)
    seed: int = Field(0, ge=0, le=2**63 - 1)

    def read(self) -> tuple[str, Stretch, Language]:
        """Return the text, the passage and the language. BriefError for a passage that isn't in the text."""
        for line in self.text.split("\n"):
            clean_text(line, "text", _TEXT)
        if not self.text.strip():
            raise BriefError("The text is empty.", "Write a sentence first.")
        end = self.end or len(self.text)
        if not self.start < end <= len(self.text):
            raise BriefError(f"There is no passage from {self.start} to {end} in {len(self.text)} characters.", "")
        where = Stretch(self.start, end, self.text[self.start : end])
        return self.text, where, self.language or language_of(self.text)


class Continuation(Passage):
    """How many words are wanted after the passage."""

    words: int = Field(40, ge=1, le=500)


class Choice(Passage):
    """How many other ways are wanted."""

    count: int = Field(4, ge=1, le=10)


class Instruction(Passage):
    """What is to be done with the passage, as ``miaobi revise`` reads it."""

    instruction: str = Field(max_length=500)


async def _penned(request: Request, asked: Passage, language: Language, work: Callable[[Callable[[str], Pen]], T]) -> T:
    """Return what *work* makes with a pen, on the engine's own thread."""
    pool: Pool = request.app.state.pool
    seat: Seat = pool.seat(asked.engine) if asked.engine else pool.speaking(language)
    engine: Engine = seat.engine
    refuse_language(engine.checkpoint, language)
    return await seat.call(lambda: work(lambda text: pen_for(text, language, engine, seed=asked.seed)))


@router.post("/continue", response_model=answers.Continued)
async def continue_text(request: Request, asked: Continuation) -> dict[str, Any]:
    """Offer what could come next."""
    text, where, language = asked.read()
    before = text[: where.end]
    told = await _penned(request, asked, language, lambda pen: go_on(before, asked.words, pen(before)))
    return {"text": told, "author": "engine"}


@router.post("/alternatives", response_model=answers.Alternatives)
async def other_ways(request: Request, asked: Choice) -> dict[str, Any]:
    """Offer other ways of saying the passage, each with whose words it is."""
    text, where, language = asked.read()
    found = await _penned(request, asked, language, lambda pen: alternatives(text, where, asked.count, pen(text)))
    return {"alternatives": [asdict(a) for a in found]}


@router.post("/revise", response_model=answers.Revised)
async def revised(request: Request, asked: Instruction) -> dict[str, Any]:
    """Offer the passage revised: by rule where there is one, else with sentences of the engine's between its own."""
    text, where, language = asked.read()
    wanted = read_instruction(asked.instruction)
    if needs_engine(wanted):
        made = await _penned(request, asked, language, lambda pen: revise(text, where, wanted, language, pen))
    else:
        made = revise(text, where, wanted, language)
    after = len(text) - where.end
    return {
        "text": made.text[where.start : len(made.text) - after],
        "author": "engine" if made.engine else "craft",
        "changed": made.changed,
        "removed": made.removed,
        "left": [asdict(edit) for edit in made.left],
    }


@router.post("/critique", response_model=answers.Critique)
def critique(asked: Passage) -> dict[str, Any]:
    """Say what a careful reader would mark, with its place and its evidence."""
    text, _, language = asked.read()
    return {"language": language, "remarks": findings(r.model_dump(mode="json") for r in criticise(text, language))}
