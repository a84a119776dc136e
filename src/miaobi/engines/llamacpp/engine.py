"""LlamaCpp: the default engine, on llama.cpp's raw C API. Every constraint of ours holds while decoding.

The same seed gives the same tokens alone or in a batch, with a cold or a warm cache, with one thread or two; the
module ``cache`` names the rules that this rests on. Calls may be interleaved: the run that is not on the cache is
evaluated anew when it goes on, with the same result.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock

from miaobi.decoding.sampling import log_normaliser
from miaobi.decoding.writer import Move, Writer
from miaobi.engines.adapter import Adapter, adapted
from miaobi.engines.llamacpp import selftest
from miaobi.engines.llamacpp.cache import AT_ONCE, BRANCHES, Cache, Feed, common_beginning
from miaobi.engines.llamacpp.embedding import Embedder
from miaobi.engines.llamacpp.weights import Weights
from miaobi.errors import BuildError, EngineError
from miaobi.types import Checkpoint, Floats, Piece, Prompt, Request

_WIDEST = 16  # candidates written at once
CHUNK = 64  # tokens of a text scored at once
_SLACK = 64  # cells a candidate may waste by rewinding before the wave is evaluated anew


@dataclass
class _Wave:
    """Candidates written together from one prompt; ``fed``: what each has on the cache beyond the prompt."""

    prompt: list[int]
    writers: list[Writer]
    fed: dict[int, list[int]] = field(default_factory=dict)


class LlamaCpp:
    """An engine for one GGUF file. ``context``: the most tokens of a prompt with its continuation."""

    steerable = True

    def __init__(
        self,
        path: str | Path,
        *,
        checkpoint: Checkpoint | None = None,
        context: int = 4096,
        threads: int | None = None,
        adapters: Sequence[Adapter] = (),
    ) -> None:
        self._weights = Weights(Path(path), adapters)
        trained = self._weights._lib.llama_model_n_ctx_train(self._weights.model)
        self.context = min(context, trained) if trained > 0 else context
        self.checkpoint = adapted(checkpoint or self._describe(), adapters)
        self.threads = threads or 1
        self.vocabulary = self._weights.vocabulary
        self._lock = RLock()
        self._cache = self._tested()
        self._on_cache: _Wave | None = None
        if threads is None:
            self.threads = self._probe()

    def _describe(self) -> Checkpoint:
        weights = self._weights
        return Checkpoint(
            name=weights.path.stem,
            licence=weights.meta("general.license") or "unknown",
            source=weights.path.name,
            context=self.context,
            parameters=int(weights._lib.llama_model_n_params(weights.model)),
            chat=bool(weights._lib.llama_model_chat_template(weights.model, None)),
        )

    def _tested(self) -> Cache:
        """Return a cache that keeps its promises with these weights, at the highest speed at which it does."""
        known, identity = selftest.kept(self.checkpoint.sha256), self.checkpoint.sha256
        fault = ""
        for at_once in (known,) if known else (AT_ONCE, 1):
            cache = Cache(self._weights, self.context + _SLACK, self.threads, at_once)
            full = not known and at_once > 1  # one at a time there is no other way to sum
            fault = selftest.fault(cache, len(self.vocabulary), full)
            if not fault and not known:
                if identity and not self._weights.adapted:
                    text = self._weights.read(Prompt(prefix="Once upon a time"))
                    fault = selftest.against_server(cache, self._weights.path, text, len(self.vocabulary))
                if not fault:
                    selftest.keep(identity, at_once)
            if not fault:
                return cache
            cache.close()
        self._weights.close()
        raise BuildError(
            f"llama.cpp fails its self-test with {self.checkpoint.name}: {fault}.",
            "Install the pinned range: pip install 'xllamacpp>=2026.10.11549,<2026.12'",
        )

    def _probe(self) -> int:
        """Choose the thread count by trial; it changes the speed and never the text.

        Threads of llama.cpp wait by spinning: on a machine whose cores are taken, two fall to a tenth of one's speed.
        """
        most = min(8, os.cpu_count() or 1)
        if most == 1 or getattr(os, "getloadavg", lambda: (0.0,))()[0] > 0.6 * most:
            return 1
        seconds = {}
        for threads in (1, most):
            self._cache.set_threads(threads)
            begin = time.perf_counter()
            self._cache.plant([*range(min(16, len(self.vocabulary)))])
            seconds[threads] = time.perf_counter() - begin
            self._cache.clear()
        best = most if seconds[most] < 0.8 * seconds[1] else 1
        self._cache.set_threads(best)
        return best

    def stream(self, request: Request) -> Iterator[Piece]:
        """Write the candidates, at most 16 at a time; closing the iterator cancels within one token."""
        prompt = self._fit(request)
        room = self._cache.cells - len(prompt)
        width = max(1, min(_WIDEST, BRANCHES, room // (request.max_tokens + 1)))
        for start in range(0, request.n, width):
            indices = range(start, min(start + width, request.n))
            yield from self._write(_Wave(prompt, [Writer(request, i, prompt, self.vocabulary) for i in indices]))

    def _fit(self, request: Request) -> list[int]:
        """Return the prompt's tokens; EngineError if they and the continuation exceed the context."""
        prompt = self._weights.read(request.prompt)
        if len(prompt) + request.max_tokens > self.context:
            raise EngineError(
                f"The prompt takes {len(prompt):,} tokens and {request.max_tokens:,} are to be written; "
                f"{self.checkpoint.name} is opened for {self.context:,} in all.",
                "Shorten the prompt, write less at once, or open the engine with a larger context.",
            )
        return prompt

    def _write(self, wave: _Wave) -> Iterator[Piece]:
        try:
            with self._lock:
                moves = self._begin(wave)
            while True:
                yield from self._pieces(wave)
                wave.writers = [w for w in wave.writers if w.finish is None]
                if not wave.writers:
                    return
                with self._lock:
                    moves = self._advance(wave, moves)
        finally:
            with self._lock:
                self._release(wave)

    def _pieces(self, wave: _Wave) -> Iterator[Piece]:
        for writer in wave.writers:
            if text := writer.release():
                yield Piece(writer.index, text)
            if writer.finish is not None:
                yield Piece(writer.index, done=writer.candidate())

    def _begin(self, wave: _Wave) -> dict[int, Move]:
        """Evaluate the prompt once and let every candidate choose its first token from the same row."""
        row = self._cache.plant(wave.prompt)
        self._on_cache = wave
        for branch, writer in enumerate(wave.writers, 1):
            self._cache.grow(branch)
            wave.fed[writer.index] = []
        self._places = {w.index: b for b, w in enumerate(wave.writers, 1)}
        return {w.index: w.step([row]) for w in wave.writers}

    def _advance(self, wave: _Wave, moves: dict[int, Move]) -> dict[int, Move]:
        """Carry out the candidates' moves in one batch and let each choose again."""
        need = sum(len(moves[w.index].feed) + 1 for w in wave.writers)
        if self._on_cache is not wave or self._cache.used + need > self._cache.cells:
            self._restore(wave)
        feeds: list[Feed] = []
        for writer in wave.writers:
            move, branch, fed = moves[writer.index], self._places[writer.index], wave.fed[writer.index]
            feed = move.feed
            if move.rewind:  # the row at that point is not kept: the token before it is evaluated again
                feed = (self._cache.branches[branch][-move.rewind - 1], *feed)
                self._cache.rewind(branch, move.rewind + 1)
                del fed[len(fed) - move.rewind :]
            feeds.append((branch, feed, max(1, len(move.feed))))
            fed += move.feed
        rows = self._cache.feed(feeds)
        result = {}
        for writer, (_, _, wanted) in zip(wave.writers, feeds, strict=True):
            own, rows = rows[:wanted], rows[wanted:]
            result[writer.index] = writer.step(own)
        return result

    def _restore(self, wave: _Wave) -> None:
        """Put a wave back on the cache, which another run has used or ballast has filled."""
        self._cache.plant(wave.prompt)
        self._on_cache = wave
        self._places = {w.index: b for b, w in enumerate(wave.writers, 1)}
        for writer in wave.writers:
            branch = self._places[writer.index]
            self._cache.grow(branch)
            self._cache.feed([(branch, wave.fed[writer.index], 0)])

    def _release(self, wave: _Wave) -> None:
        if self._on_cache is not wave or self._cache.context is None:
            return
        self._on_cache = None
        if list(self._cache.branches) == [0, 1] and self._cache.used == len(self._cache.branches[1]):
            self._cache.graft(1)
        else:
            self._cache.prune()

    def score(self, prompt: Prompt, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Return log-probabilities in nats of each text's tokens as continuation of *prompt*."""
        head = self._weights.read(prompt)
        tokens = [self._weights.tokenise(text) for text in texts]
        with self._lock:
            self._on_cache = None
            row = self._cache.plant(head)
            longest, room = max(map(len, tokens), default=0), self._cache.cells - len(head)
            if longest <= min(CHUNK, self.context - len(head)) and sum(map(len, tokens)) <= room:
                return self._score_side_by_side(row, tokens)
            return [self._score(row, own) for own in tokens]

    def _score_side_by_side(self, row: Floats, tokens: list[list[int]]) -> list[tuple[float, ...]]:
        """Score short texts at once: their common beginning on the trunk, then a branch for each."""
        least = min(map(len, tokens), default=0)
        shared = tokens[0][:least] if tokens else []
        for own in tokens:
            shared = shared[: common_beginning(shared, own)]
        rows = [row, *(self._cache.feed([(0, shared, len(shared))]) if shared else [])]
        head = [_logprob(r, token) for r, token in zip(rows, shared, strict=False)]
        out: list[tuple[float, ...]] = []
        for start in range(0, len(tokens), BRANCHES):
            rest = [own[len(shared) :] for own in tokens[start : start + BRANCHES]]
            for branch in range(1, len(rest) + 1):
                self._cache.grow(branch)
            after = self._cache.feed([(i, own, len(own)) for i, own in enumerate(rest, 1)])
            for own in rest:
                before = [rows[-1], *after[: len(own)]]
                after = after[len(own) :]
                out.append((*head, *(_logprob(r, token) for r, token in zip(before, own, strict=False))))
            self._cache.prune()
        return out

    def _score(self, row: Floats, tokens: list[int]) -> tuple[float, ...]:
        if not tokens:
            return ()
        if len(self._cache.branches[0]) + len(tokens) > self.context:
            raise EngineError(
                f"A text of {len(tokens):,} tokens doesn't fit behind the prompt in {self.context:,} tokens.",
                "Score a shorter text.",
            )
        self._cache.grow(1)
        rows, result = [row], []
        for start in range(0, len(tokens), CHUNK):
            chunk = tokens[start : start + CHUNK]
            rows += self._cache.feed([(1, chunk, len(chunk))])
            result += [_logprob(rows.pop(0), token) for token in chunk]
        self._cache.prune()
        return tuple(result)

    def count(self, text: str) -> int:
        """Return how many tokens *text* takes."""
        return len(self._weights.tokenise(text))

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector a text: the mean of the last layer's states, (len(texts), D) float32."""
        with self._lock:
            if self._embedder is None:
                self._embedder = Embedder(self._weights, min(self.context, 512), self.threads)
            return self._embedder.embed([self._weights.tokenise(t) for t in texts])

    _embedder: Embedder | None = None

    def close(self) -> None:
        """Free weights and memory; the engine is unusable after."""
        with self._lock:
            if self._embedder is not None:
                self._embedder.close()
                self._embedder = None
            self._cache.close()
            self._weights.close()

    def __enter__(self) -> LlamaCpp:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _logprob(row: Floats, token: int) -> float:
    return float(row[token]) - log_normaliser(row)
