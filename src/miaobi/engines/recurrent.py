"""TrainedNet: a net of the laboratory, as it was trained, as an engine (extra ``[lab]``); spec ``lab:RUN``.

Recurrent nets have no other engine. A transformer is run here while it has no GGUF file; with one, llama.cpp runs it.
Text comes out of the same ``decoding.Writer`` as from llama.cpp, so every constraint, ban and sampling stage holds.

A recurrent state can't be cut like a cache of keys and values, so the state after every token is kept: going back is
taking an older one. Every sequence is read by itself, the prompt in one piece and then token by token, so that the same
request gives the same tokens alone or in a batch, on one machine with one version of torch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import RLock
from typing import Any

import numpy as np

from miaobi.decoding.sampling import log_normaliser
from miaobi.decoding.writer import Writer, in_turns
from miaobi.engines.chat import plain, tokens_of
from miaobi.engines.run import Run
from miaobi.engines.tokeniser import Tokeniser
from miaobi.errors import CheckpointError, EngineError, UnsupportedError, show
from miaobi.types import Floats, Piece, Prompt, Request

_CHUNK = 128  # tokens embedded at once


class _Sequence:
    """One sequence: its tokens, and the net's state after each of them from the prompt's last but one on."""

    def __init__(self, net: Any, tokens: Sequence[int]) -> None:
        self._net, self._states = net, [net.start(1)]
        self.tokens: list[int] = []
        if len(tokens) > 1:
            self._read(tokens[:-1])
        self.row = self.feed(tokens[-1:], 1)[0]

    def _read(self, tokens: Sequence[int]) -> Floats:
        import torch

        with torch.inference_mode():
            logits, state = self._net(torch.tensor([list(tokens)]), self._states[-1])
        self._states.append(state)
        self.tokens += tokens
        return np.ascontiguousarray(logits[0, -1].numpy())

    def feed(self, tokens: Sequence[int], wanted: int) -> list[Floats]:
        """Read *tokens* one by one; return the last *wanted* rows, each (V,) float32."""
        return [self._read([token]) for token in tokens][-wanted:]

    def rewind(self, count: int) -> None:
        """Drop the last *count* tokens."""
        del self.tokens[len(self.tokens) - count :]
        del self._states[len(self._states) - count :]

    def branch(self) -> _Sequence:
        """Return a copy that goes on by itself; states are never changed, so they are shared."""
        twin = object.__new__(_Sequence)
        twin._net, twin._states, twin.tokens, twin.row = self._net, list(self._states), list(self.tokens), self.row
        return twin


class TrainedNet:
    """An engine for one run of the laboratory. ``context``: the most tokens of a prompt with its continuation."""

    steerable = True

    def __init__(self, run: Run, *, context: int = 4096, threads: int | None = None) -> None:
        try:
            import torch
            from tokenizers import Tokenizer

            from miaobi.nets import storage
        except ImportError:
            raise UnsupportedError(
                f"The run {show(run.name)} is a net of torch, which isn't installed here.",
                "Install it (pip install 'miaobi[lab]'), or export a transformer: miaobi lab export RUN.",
            ) from None
        self._net = storage.load(run.folder)
        try:
            fast = Tokenizer.from_file(str(run.folder / "tokenizer.json"))
        except Exception as error:  # tokenizers raises bare Exception
            raise CheckpointError(
                f"The vocabulary of the run {show(run.name)} can't be read: {error}.", "Train the run anew."
            ) from error
        if threads:
            torch.set_num_threads(threads)
        width = int(self._net.shape.vocabulary)
        known = fast.get_vocab(with_added_tokens=True)
        ends = frozenset(known[name] for name in ("<eos>", "</s>", "<|endoftext|>") if name in known)
        self._tokeniser = Tokeniser(fast, width, ends)
        self._begin = [] if run.begin is None else [run.begin]
        self.vocabulary = self._tokeniser.vocabulary
        self.context = min(context, getattr(self._net.shape, "context", context))
        self.checkpoint = run.checkpoint(self.context)
        self._lock = RLock()
        self._trunk: tuple[list[int], _Sequence] | None = None

    def _plant(self, prompt: Prompt) -> _Sequence:
        """Return the prompt read; the latest is kept."""
        if prompt.user:
            raise UnsupportedError(
                f"{self.checkpoint.name} continues text; it was not trained to answer.",
                "Give plain text to be continued, or take a checkpoint for chat: miaobi checkpoints list.",
            )
        tokens = tokens_of(prompt, plain, self._tokeniser.read, self._begin)
        tokens = tokens or [min(self.vocabulary.ends, default=0)]  # an empty prompt: something must come first
        if self._trunk is None or self._trunk[0] != tokens:
            self._check_room(len(tokens))
            self._trunk = tokens, _Sequence(self._net, tokens)
        return self._trunk[1]

    def stream(self, request: Request) -> Iterator[Piece]:
        """Write the candidates, a move of each in turn; closing the iterator cancels within one token."""
        with self._lock:
            trunk = self._plant(request.prompt)
        self._check_room(len(trunk.tokens) + request.max_tokens)
        writers = [Writer(request, i, trunk.tokens, self.vocabulary) for i in range(request.n)]
        yield from in_turns([(w, trunk.branch(), w.step([trunk.row])) for w in writers], self._lock)

    def _check_room(self, needed: int) -> None:
        if needed > self.context:
            raise EngineError(
                f"Prompt and text take {needed:,} tokens; {self.checkpoint.name} is opened for {self.context:,}.",
                "Shorten the prompt, write less at once, or train a net with a larger context.",
            )

    def score(self, prompt: Prompt, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Return log-probabilities in nats of each text's tokens as continuation of *prompt*."""
        with self._lock:
            trunk = self._plant(prompt)
            return [self._score(trunk.branch(), self._tokeniser.read(text)) for text in texts]

    def _score(self, sequence: _Sequence, tokens: list[int]) -> tuple[float, ...]:
        self._check_room(len(sequence.tokens) + len(tokens))
        rows = [sequence.row, *sequence.feed(tokens[:-1], max(1, len(tokens)))]
        return tuple(float(row[t]) - log_normaliser(row) for row, t in zip(rows, tokens, strict=False))

    def count(self, text: str) -> int:
        """Return how many tokens *text* takes."""
        return len(self._tokeniser.read(text))

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector a text: the mean of what goes to the head, (len(texts), D) float32."""
        import torch

        size, chunk = int(self._net.shape.width), min(_CHUNK, self.context)
        out = np.zeros((len(texts), size), dtype=np.float32)
        for i, text in enumerate(texts):
            tokens = self._tokeniser.read(text)
            for start in range(0, len(tokens), chunk):
                with self._lock, torch.inference_mode():
                    states = self._net.states(torch.tensor([tokens[start : start + chunk]]))
                out[i] += states[0].sum(0).numpy()
            out[i] /= np.float32(np.linalg.norm(out[i]) or 1.0)
        return out

    def close(self) -> None:
        """Free weights and memory; the engine is unusable after."""
        with self._lock:
            self._net = self._trunk = None
