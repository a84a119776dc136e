"""The desk at which a form drafts: measured choices, named streams of chance, durable steps, and their record.

Durability: a step's JSON value and the trace of its making are put in the journal before the next step begins. A
resumed job replays the journal; since a step depends only on the brief, its key and earlier steps, and the engine
gives the same tokens cold or warm, the rest comes out byte for byte as it would have.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol, TypeVar

import numpy as np

from miaobi.brief import Brief
from miaobi.decoding.presets import PRESETS
from miaobi.decoding.selection import best, rank
from miaobi.errors import CancelledError, MiaobiError, UnsupportedError
from miaobi.form import Measure
from miaobi.types import Candidate, Constraint, Engine, Floats, Prompt, Request, Sampling, derive_seed, write
from miaobi.work import Choice

T = TypeVar("T")
Progress = Callable[[str, float], None]


class Journal(Protocol):
    """Where finished steps are kept."""

    def get(self, key: str) -> dict[str, Any] | None:
        """Return what was put under *key*, or None."""

    def put(self, key: str, entry: dict[str, Any]) -> None:
        """Keep *entry* durably; when this returns, a kill loses it no more."""


class MemoryJournal:
    """A journal for one process."""

    def __init__(self) -> None:
        self._entries: dict[str, dict[str, Any]] = {}

    def get(self, key: str) -> dict[str, Any] | None:
        """Return what was put under *key*, or None."""
        return self._entries.get(key)

    def put(self, key: str, entry: dict[str, Any]) -> None:
        """Keep *entry*."""
        self._entries[key] = entry


@dataclass
class Trace:
    """What happened while a work was made."""

    choices: list[dict[str, Any]] = field(default_factory=list)
    receipts: list[dict[str, Any]] = field(default_factory=list)
    removals: Counter[str] = field(default_factory=Counter)
    authorship: Counter[str] = field(default_factory=Counter)
    sampling: dict[str, Any] = field(default_factory=dict)

    def merge(self, other: dict[str, Any]) -> None:
        """Add the trace of one step, as plain values."""
        self.choices += other["choices"]
        self.receipts += other["receipts"]
        self.removals.update(other["removals"])
        self.authorship.update(other["authorship"])
        self.sampling |= other["sampling"]

    def plain(self) -> dict[str, Any]:
        """Return the trace as JSON values."""
        return {
            "choices": self.choices,
            "receipts": self.receipts,
            "removals": dict(self.removals),
            "authorship": dict(self.authorship),
            "sampling": self.sampling,
        }


class WritingDesk:
    """The desk that ``compose`` sets up; see ``form.Desk`` for what each method promises."""

    def __init__(
        self,
        brief: Brief,
        engine: Engine,
        length: int,
        options: Any,
        *,
        journal: Journal | None = None,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] = lambda: False,
        beside: Callable[[str], Engine] | None = None,
    ) -> None:
        self.brief = brief
        self.engine = engine
        self.length = length
        self.trace = Trace()
        self._options = options
        self._journal = journal or MemoryJournal()
        self._progress = progress
        self._cancelled = cancelled
        self._open: Trace | None = None
        self._used: set[str] = set()
        self._beside = beside
        self.cards: list[dict[str, Any]] = []  # of weights used that are no engine

    def beside(self, checkpoint: str) -> WritingDesk:
        """Return this desk with another engine on it; journal and record are the same."""
        found = copy(self)
        if self._beside is not None:
            found.engine = self._beside(checkpoint)
        return found

    def options(self, kind: type[T]) -> T:
        """Return the brief's options as the form's own class."""
        assert isinstance(self._options, kind)
        return self._options

    def step(self, key: str, make: Callable[[], T]) -> T:
        """Return ``make()``, or what it returned when this job ran before."""
        if self._open is not None or key in self._used:
            raise MiaobiError(f"Step “{key}” is inside another step or its key was used before.")
        self._used.add(key)
        entry = self._journal.get(key)
        if entry is None:
            self._stop_if_cancelled()
            self._open = Trace()
            try:
                value = make()
            finally:
                trace, self._open = self._open, None
            entry = json.loads(json.dumps({"value": value, "trace": trace.plain()}, ensure_ascii=False))
            self._journal.put(key, entry)
        self.trace.merge(entry["trace"])
        result: T = entry["value"]
        return result

    def seed(self, *key: object) -> int:
        """Return the seed of the stream named by *key*."""
        return derive_seed(self.brief.seed, *key)

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
        self._stop_if_cancelled()
        chosen = sampling or PRESETS["prose"]
        request = Request(
            prompt=prompt,
            max_tokens=max_tokens,
            seed=self.seed(key),
            n=n,
            sampling=chosen,
            constraint=constraint,
            stop=tuple(stop),
            banned=tuple(banned),
        )
        candidates = write(self.engine, request, self._stop_if_cancelled)
        trace = self._now
        trace.sampling.setdefault(key.split(":", maxsplit=1)[0], asdict(chosen))
        trace.removals.update(r.rule for c in candidates for r in c.removals)
        trace.removals.update(f"relented: {phrase}" for c in candidates for phrase in c.relented)
        return candidates

    def pick(self, key: str, texts: Sequence[str], measure: Measure, weights: dict[str, float]) -> int:
        """Rank *texts*; record the ranking; return the index of the best, −1 if all are rejected."""
        measures = [measure(t) for t in texts]
        taken = best(rank(measures, weights))
        rounded = tuple(
            {k: round(v, 3) for k, v in m.items()} if m is not None else {"rejected": 1.0} for m in measures
        )
        choice = Choice(step=key, candidates=tuple(texts), measures=rounded, taken=taken)
        self._now.choices.append(choice.model_dump(mode="json"))
        return taken

    def relevance(self, text: str, candidates: Sequence[str]) -> Floats:
        """Return cosine similarity of each candidate to *text*; zeros where the engine has no embeddings."""
        if not candidates:
            return np.zeros(0, np.float32)
        try:
            vectors = self.engine.embed([text, *candidates])
        except UnsupportedError:
            return np.zeros(len(candidates), np.float32)
        result: Floats = vectors[1:] @ vectors[0]
        return result

    def say(self, what: str, done: float) -> None:
        """Report progress; stop here where the user asked to stop."""
        self._stop_if_cancelled()
        if self._progress:
            self._progress(what, done)

    def receipt(self, receipt: dict[str, Any]) -> None:
        """Keep the account of what went into a prompt."""
        self._now.receipts.append(receipt)

    def use(self, card: dict[str, Any]) -> None:
        """Name weights that make part of the work and are no engine."""
        if card not in self.cards:
            self.cards.append(card)

    def credit(self, author: str, words: int) -> None:
        """Count *words* as written by *author*."""
        self._now.authorship[author] += words

    @property
    def _now(self) -> Trace:
        return self._open if self._open is not None else self.trace

    def _stop_if_cancelled(self) -> None:
        if self._cancelled():
            raise CancelledError("Stopped.", "What was done is kept: go on with `miaobi resume`.")
