"""Transformers: any decoder checkpoint of the Hugging Face library, from a folder or the Hub (extra ``[lab]``).

Only .safetensors are read, their headers by us first; code that a checkpoint brings along is never run; the network
is used only when the user gave a Hub id. Text comes out of the same ``decoding.Writer`` as from llama.cpp, so every
constraint, ban and sampling stage holds.

Which numbers agree: every sequence is evaluated by itself (batch of one), the prompt in one piece, and candidates start
from copies of its keys and values. So the same request gives the same tokens, alone or in a batch and whatever was
asked before, on the same machine with the same versions and number of threads. Between machines or versions of torch
the last bits may differ. The price is speed: n candidates share the prompt's evaluation and nothing else.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np

from miaobi.decoding.sampling import log_normaliser
from miaobi.decoding.writer import Writer, in_turns
from miaobi.engines import pretrained
from miaobi.engines.chat import layout_of, plain, tokens_of
from miaobi.errors import EngineError
from miaobi.types import Checkpoint, Floats, Piece, Prompt, Request

_CHUNK = 512  # tokens embedded at once


class _Sequence:
    """One sequence with its cached keys and values; where a net's cache can't be cut, all is evaluated anew."""

    def __init__(self, net: Any) -> None:
        self._net, self._cache = net, _new_cache(net)
        self.tokens: list[int] = []

    def feed(self, tokens: Sequence[int], wanted: int) -> list[Floats]:
        """Evaluate *tokens*; return the last *wanted* rows, each (V,) float32."""
        import torch

        self.tokens += tokens
        cached = {_cache_name(self._net): self._cache} if self._cache is not None else {}
        fresh = tokens if cached else self.tokens
        with torch.inference_mode():
            out = self._net(input_ids=torch.tensor([list(fresh)]), use_cache=bool(cached), **cached)
        return [np.ascontiguousarray(row) for row in out.logits[0, -wanted:].float().numpy()]

    def rewind(self, count: int) -> None:
        """Drop the last *count* tokens."""
        del self.tokens[len(self.tokens) - count :]
        if self._cache is not None and count:
            self._cache.crop(-count)

    def branch(self) -> _Sequence:
        """Return a copy that goes on by itself."""
        twin = copy.copy(self)
        twin.tokens, twin._cache = list(self.tokens), copy.deepcopy(self._cache)
        return twin


def _cache_name(net: Any) -> str:
    """Return what the net calls its cached keys and values; "" if it takes none."""
    taken = inspect.signature(net.forward).parameters
    return next((name for name in ("cache", "past_key_values") if name in taken), "")


def _new_cache(net: Any) -> Any:
    """Return an empty cache; None where it could not go back, as with sliding windows and recurrent states."""
    from transformers.cache_utils import DynamicCache

    cache = DynamicCache(config=net.config) if _cache_name(net) else None
    plain = cache is not None and all(type(layer).__name__ == "DynamicLayer" for layer in cache.layers)
    return cache if plain else None


class Transformers:
    """An engine for one folder of a checkpoint, or a Hub id ``org/name``."""

    steerable = True

    def __init__(
        self,
        source: Path | str,
        *,
        checkpoint: Checkpoint | None = None,
        context: int = 4096,
        threads: int | None = None,
    ) -> None:
        loaded = pretrained.load(source, threads)
        self._net, self._tokeniser, self._begin = loaded.net, loaded.tokeniser, loaded.begin
        self._template = loaded.template
        self.context = min(context, loaded.context) if loaded.context else context
        self.vocabulary = self._tokeniser.vocabulary
        self.checkpoint = checkpoint or loaded.checkpoint
        self._lock = RLock()
        self._trunk: tuple[list[int], _Sequence, Floats] | None = None

    def _read(self, prompt: Prompt) -> list[int]:
        layout = layout_of(self._template) if prompt.user else plain
        tokens = tokens_of(prompt, layout, self._tokeniser.read, self._begin)
        return tokens or [min(self.vocabulary.ends, default=0)]  # an empty prompt: something must come first

    def _plant(self, tokens: list[int]) -> tuple[_Sequence, Floats]:
        """Return the prompt's sequence and its last row; the latest prompt is kept, whole or not at all."""
        if self._trunk is None or self._trunk[0] != tokens:
            sequence = _Sequence(self._net)
            (row,) = sequence.feed(tokens, 1)
            self._trunk = (tokens, sequence, row)
        return self._trunk[1], self._trunk[2]

    def stream(self, request: Request) -> Iterator[Piece]:
        """Write the candidates, a move of each in turn; closing the iterator cancels within one token."""
        prompt = self._read(request.prompt)
        self._check_room(len(prompt) + request.max_tokens)
        with self._lock:
            trunk, row = self._plant(prompt)
        writers = [Writer(request, i, prompt, self.vocabulary) for i in range(request.n)]
        yield from in_turns([(w, trunk.branch(), w.step([row])) for w in writers], self._lock)

    def _check_room(self, needed: int) -> None:
        if needed > self.context:
            raise EngineError(
                f"Prompt and text take {needed:,} tokens; {self.checkpoint.name} is opened for {self.context:,}.",
                "Shorten the prompt, write less at once, or open the engine with a larger context.",
            )

    def score(self, prompt: Prompt, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Return log-probabilities in nats of each text's tokens as continuation of *prompt*."""
        head = self._read(prompt)
        with self._lock:
            trunk, first = self._plant(head)
            return [self._score(trunk, first, self._tokeniser.read(text)) for text in texts]

    def _score(self, trunk: _Sequence, first: Floats, tokens: list[int]) -> tuple[float, ...]:
        self._check_room(len(trunk.tokens) + len(tokens))
        branch, rows = trunk.branch(), [first]
        for token in tokens[:-1]:  # one by one, as they were written: the same sums in the same order
            rows += branch.feed([token], 1)
        return tuple(float(row[t]) - log_normaliser(row) for row, t in zip(rows, tokens, strict=False))

    def count(self, text: str) -> int:
        """Return how many tokens *text* takes."""
        return len(self._tokeniser.read(text))

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector a text: the mean of the last layer's states, (len(texts), D) float32."""
        import torch

        chunk = min(_CHUNK, self.context)
        out = np.zeros((len(texts), int(self._net.config.hidden_size)), dtype=np.float32)
        for i, text in enumerate(texts):
            tokens = self._tokeniser.read(text)
            for start in range(0, len(tokens), chunk):
                with self._lock, torch.inference_mode():
                    ids = torch.tensor([tokens[start : start + chunk]])
                    out[i] += self._net.base_model(input_ids=ids).last_hidden_state[0].float().sum(0).numpy()
            out[i] /= np.float32(np.linalg.norm(out[i]) or 1.0)
        return out

    def close(self) -> None:
        """Free weights and memory; the engine is unusable after."""
        with self._lock:
            self._net = self._trunk = None
