"""Scripted: an engine that replays given texts, so that tests are fast and say what the model "said".

Candidate *i* of a call gets the next text of the script, cut at the request's stops and token limit. A token is one
character. Constraints and bans are not applied: what is scripted is what comes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from miaobi.errors import EngineError
from miaobi.types import Candidate, Checkpoint, Floats, Piece, Prompt, Request

_DIMENSIONS = 64


class Scripted:
    """Replays *texts* in order. ``requests`` keeps what was asked."""

    steerable = False

    def __init__(self, texts: Iterable[str], *, checkpoint: Checkpoint | None = None) -> None:
        self.checkpoint = checkpoint or Checkpoint(name="scripted", licence="none", context=1_000_000, chat=True)
        self.requests: list[Request] = []
        self._texts = list(texts)
        self._used = 0

    @classmethod
    def read(cls, path: Path) -> Scripted:
        """Read a script: a JSON list of texts. Raises EngineError when the file is something else."""
        try:
            texts = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise EngineError(f"The script {path.name} can't be read: {error}", "Give a JSON list of texts.") from None
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise EngineError(f"The script {path.name} isn't a list of texts.", 'It looks like ["first", "second"].')
        return cls(texts)

    def stream(self, request: Request) -> Iterator[Piece]:
        """Give the next ``request.n`` texts; EngineError when the script has run out."""
        self.requests.append(request)
        for index in range(request.n):
            if self._used >= len(self._texts):
                raise EngineError(
                    f"The script has {len(self._texts)} texts and all are used.",
                    f"Script a text for this call too; its prompt ends in “{_end(request.prompt)}”.",
                )
            text = self._texts[self._used]
            self._used += 1
            candidate = _cut(text, request)
            for character in candidate.text:
                yield Piece(index, character)
            yield Piece(index, done=candidate)

    def score(self, prompt: Prompt, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Return −1 nat for every character: a script prefers nothing."""
        return [(-1.0,) * len(text) for text in texts]

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return hashed bags of character pairs as unit vectors, (len(texts), 64): texts that share words are near."""
        out = np.zeros((len(texts), _DIMENSIONS), dtype=np.float32)
        for row, text in zip(out, texts, strict=True):
            for a, b in zip(text.lower(), text.lower()[1:], strict=False):
                row[hashlib.blake2b((a + b).encode(), digest_size=1).digest()[0] % _DIMENSIONS] += 1
        lengths = np.linalg.norm(out, axis=1, keepdims=True).astype(np.float32)
        out /= np.maximum(lengths, np.float32(1e-9))
        return out

    def count(self, text: str) -> int:
        """Return the number of characters."""
        return len(text)

    def close(self) -> None:
        """End the script: every further call fails."""
        self._used = len(self._texts)


def _end(prompt: Prompt) -> str:
    return (prompt.prefix or prompt.user or prompt.system)[-40:]


def _cut(text: str, request: Request) -> Candidate:
    ends = [at for at in (text.find(stop) for stop in request.stop if stop) if at >= 0]
    text = text[: min(ends)] if ends else text
    long = len(text) > request.max_tokens
    text = text[: request.max_tokens]
    return Candidate(text, tuple(map(ord, text)), (), "length" if long else "stop")
