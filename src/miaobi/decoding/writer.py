"""Writer: one candidate in the making. Rows of logits go in, moves for the engine come out.

The engine knows sequences and caches; the writer knows sampling, stops, constraints and banned phrases. A *move*
says what the engine must do next: drop ``rewind`` tokens from the end of the sequence, then feed ``feed``, and come
back with the logits that follow. So every steerable engine has the same loop, and the same tokens come out of it.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from miaobi.decoding.sampling import Sampler, log_normaliser
from miaobi.decoding.vocabulary import Vocabulary
from miaobi.types import Candidate, Floats, Removal, Request, derive_seed

Finish = Literal["stop", "length", "constraint", "cancelled"]


@dataclass(frozen=True)
class Move:
    """What the engine does next for one candidate."""

    rewind: int = 0
    feed: tuple[int, ...] = ()


class Writer:
    """One candidate of a request."""

    def __init__(self, request: Request, index: int, prompt: Sequence[int], vocabulary: Vocabulary) -> None:
        self.index = index
        self.request = request
        self.vocabulary = vocabulary
        self.sampler = Sampler(request.sampling, derive_seed(request.seed, index), prompt, vocabulary.breakers)
        self.tokens: list[int] = []
        self.logprobs: list[float] = []
        self.removals: list[Removal] = []
        self.relented: list[str] = []
        self.finish: Finish | None = None
        self.text = ""  # complete characters so far
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._given = 0  # characters already released

    @property
    def room(self) -> int:
        """How many more tokens may be written."""
        return self.request.max_tokens - len(self.tokens)

    def step(self, logits: Floats) -> Move:
        """Choose the next token from *logits* (V,) float32, those that follow all tokens so far."""
        token = self.sampler.choose(logits, forbidden=self.vocabulary.never.tolist())
        if token in self.vocabulary.ends:
            return self._end("stop")
        self._take(token, float(logits[token]) - log_normaliser(logits))
        if self._stopped():
            return self._end("stop")
        if self.room <= 0:
            return self._end("length")
        return Move(feed=(token,))

    def _take(self, token: int, logprob: float) -> None:
        self.tokens.append(token)
        self.logprobs.append(logprob)
        self.sampler.accept(token)
        self.text += self._decoder.decode(self.vocabulary.pieces[token])

    def _stopped(self) -> bool:
        """Cut the text at the first stop string; tell whether there is one."""
        found = [at for at in (self.text.find(s, self._given) for s in self.request.stop if s) if at >= 0]
        if found:
            self.text = self.text[: min(found)]
        return bool(found)

    def _end(self, finish: Finish) -> Move:
        if finish == "length":
            self.text += self._decoder.decode(b"", final=True).replace("\ufffd", "")
        self.finish = finish
        return Move()

    def release(self) -> str:
        """Return the text that can't be taken back any more and has not been given out yet."""
        end = len(self.text)
        if self.finish is None:
            end -= self._pending_stop()
        text, self._given = self.text[self._given : end], max(self._given, end)
        return text

    def _pending_stop(self) -> int:
        """Return how many characters at the end may be the beginning of a stop string."""
        longest = 0
        for stop in self.request.stop:
            for size in range(min(len(stop) - 1, len(self.text)), longest, -1):
                if self.text.endswith(stop[:size]):
                    longest = size
                    break
        return longest

    def candidate(self) -> Candidate:
        """Return the finished candidate."""
        return Candidate(
            text=self.text,
            tokens=tuple(self.tokens),
            logprobs=tuple(self.logprobs),
            finish=self.finish or "cancelled",
            removals=tuple(self.removals),
            relented=tuple(self.relented),
        )
