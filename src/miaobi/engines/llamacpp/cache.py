"""Cache: llama.cpp's KV cache as a trunk with branches, laid out so that the bits never depend on its history.

Floating-point sums depend on their order, and attention sums over cells in the order of the cells. Rules, each
found by measurement on b11549 (Q4_1, Q8_0 and Q4_0; contexts to 1,500 tokens):

1. Flash attention on and at most 32 tokens evaluated at once. From 64 on a tiled kernel sums in another order. Weights
   in K-quants, Q5 or floating point have kernels that do so from 4 or 8 on: for them one at a time (``selftest``).
2. Keys in f16 and values in another type (q8_0; bf16 where the head size asks for it). With both in f16 a single
   token against 512 cells or more is split over the threads, and 1 or 2 threads differ by up to 1.1 nats.
3. The cells of a sequence rise with its positions. llama.cpp fills the lowest free cell first, so a cell below the
   top is never freed while a branch lives: what a branch drops goes to a sequence that nobody reads (the
   *ballast*). Without that, logits differed by up to 0.8 nats.

4. A sequence put back from its saved state into an empty cache fills the cells from the lowest, in order.

So the cache is a stack: the trunk (the last prompt) at the bottom, the branches (candidates) above it in the order
of writing; all branches are freed together. Under these rules prefill, token by token, batches, forks and rewinds
give bit-identical logits, for any number of threads.
"""

from __future__ import annotations

import ctypes as C
from collections.abc import Sequence

import numpy as np

from miaobi.engines.llamacpp.library import BF16, F16, FLASH_ATTENTION_ON, Q8_0, library
from miaobi.engines.llamacpp.weights import Weights
from miaobi.errors import EngineError
from miaobi.types import Floats

BRANCHES = 16
_BALLAST = BRANCHES + 1
AT_ONCE = 32  # n_ubatch; rule 1
_BATCH = 256
_LEFT = 4  # trunks kept when another is planted: a story goes back and forth between telling and speaking
_WORTH_KEEPING = 48  # tokens; fewer are evaluated sooner than they are put back
Feed = tuple[int, Sequence[int], int]  # branch (0: the trunk), tokens, how many logit rows from the end


class Cache:
    """A context of llama.cpp: branch 0 is the trunk, 1…16 continue it. ``cells``: tokens that fit in all."""

    def __init__(self, weights: Weights, cells: int, threads: int, at_once: int = AT_ONCE) -> None:
        self._lib = lib = library()
        params = lib.llama_context_default_params()
        params.n_ctx, params.n_batch, params.n_ubatch = cells, _BATCH, at_once
        params.n_seq_max, params.kv_unified = BRANCHES + 2, True
        params.n_threads = params.n_threads_batch = threads
        params.flash_attn_type = FLASH_ATTENTION_ON
        head = lib.llama_model_n_embd(weights.model) // max(1, lib.llama_model_n_head(weights.model))
        params.type_k, params.type_v = F16, Q8_0 if head % 32 == 0 else BF16
        self.context = lib.llama_init_from_model(weights.model, params)
        if not self.context:
            raise EngineError(
                f"llama.cpp can't make a context of {cells} tokens: too little memory, or no flash attention.",
                "Ask for a smaller context.",
            )
        weights.adapt(self.context)
        self._memory = lib.llama_get_memory(self.context)
        self._batch = lib.llama_batch_init(_BATCH, 0, 1)
        self._width = len(weights.vocabulary)
        self.cells = cells
        self.used = 0  # cells, ballast included
        self.branches: dict[int, list[int]] = {0: []}  # all tokens of each, the trunk's included
        self._left: list[
            tuple[list[int], bytes]
        ] = []  # trunks that were left, with their state; the last is the newest

    def set_threads(self, threads: int) -> None:
        """Evaluate with this many threads; the numbers don't depend on it."""
        self._lib.llama_set_n_threads(self.context, threads, threads)

    def clear(self) -> None:
        """Forget everything."""
        self._lib.llama_memory_clear(self._memory, True)
        self.branches, self.used = {0: []}, 0

    def prune(self) -> None:
        """Free all branches at once; the trunk stays."""
        for branch in [b for b in self.branches if b]:
            self._lib.llama_memory_seq_rm(self._memory, branch, -1, -1)
            del self.branches[branch]
        self._lib.llama_memory_seq_rm(self._memory, _BALLAST, -1, -1)
        self.used = len(self.branches[0])

    def plant(self, tokens: Sequence[int]) -> Floats:
        """Make *tokens* the trunk, keeping what it already shares; return the logits after them, (V,) float32."""
        self.prune()
        keep = self._return(tokens[:-1])
        trunk = self.branches[0]
        self._lib.llama_memory_seq_rm(self._memory, 0, keep, -1)
        del trunk[keep:]
        self.used = keep
        return self.feed([(0, tokens[keep:], 1)])[0]

    def _return(self, tokens: Sequence[int]) -> int:
        """Make the trunk the one, of the present and those left, that shares most with *tokens*; return how much."""
        trunk = self.branches[0]
        shared = common_beginning(trunk, tokens)
        if shared >= len(trunk) // 2 or len(trunk) < _WORTH_KEEPING:
            return shared
        self._leave(trunk)
        known, state = max(self._left, key=lambda left: common_beginning(left[0], tokens))
        if common_beginning(known, tokens) < shared + _WORTH_KEEPING:
            return shared
        self.clear()
        if not self._lib.llama_state_seq_set_data(self.context, state, len(state), 0):
            self.clear()
            return 0
        self.branches[0], self.used = list(known), len(known)
        return common_beginning(known, tokens)

    def _leave(self, trunk: list[int]) -> None:
        """Keep the state of the trunk, in place of the one most like it, else of the oldest beyond those kept."""
        size = self._lib.llama_state_seq_get_size(self.context, 0)
        state = C.create_string_buffer(size)
        if self._lib.llama_state_seq_get_data(self.context, state, size, 0) != size:
            return
        self._left = [left for left in self._left if common_beginning(left[0], trunk) < len(left[0]) // 2]
        self._left = [*self._left[1 - _LEFT :], (list(trunk), state.raw)]

    def grow(self, branch: int) -> None:
        """Begin a branch where the trunk ends."""
        self._lib.llama_memory_seq_cp(self._memory, 0, branch, -1, -1)
        self.branches[branch] = list(self.branches[0])

    def graft(self, branch: int) -> None:
        """Make the only branch the trunk; legal while nothing else was written above the old trunk."""
        self._lib.llama_memory_seq_cp(self._memory, branch, 0, len(self.branches[0]), -1)
        self.branches[0] = list(self.branches[branch])
        self.prune()

    def rewind(self, branch: int, count: int) -> None:
        """Drop the last *count* tokens of a branch; their cells become ballast (rule 3)."""
        tokens = self.branches[branch]
        start = len(tokens) - count
        self._lib.llama_memory_seq_cp(self._memory, branch, _BALLAST, start, -1)
        self._lib.llama_memory_seq_rm(self._memory, branch, start, -1)
        del tokens[start:]

    def feed(self, feeds: Sequence[Feed]) -> list[Floats]:
        """Evaluate tokens on branches; return the rows asked for, in order of *feeds*, each (V,) float32."""
        fresh = sum(len(tokens) for _, tokens, _ in feeds)
        if self.used + fresh > self.cells:  # llama.cpp ends the process over a batch larger than its context
            raise EngineError(
                f"{self.used + fresh:,} tokens don't fit into a cache of {self.cells:,}.",
                "Shorten the prompt, or open the engine with a larger context.",
            )
        rows: list[Floats] = []
        queue: list[tuple[int, int, int, bool]] = []
        for branch, tokens, wanted in feeds:
            known = self.branches[branch]
            for i, token in enumerate(tokens):
                queue.append((token, len(known), branch, i >= len(tokens) - wanted))
                known.append(token)
        for start in range(0, len(queue), _BATCH):
            rows += self._evaluate(queue[start : start + _BATCH])
        return rows

    def _evaluate(self, queue: Sequence[tuple[int, int, int, bool]]) -> list[Floats]:
        batch = self._batch
        batch.n_tokens = len(queue)
        for i, (token, position, branch, wanted) in enumerate(queue):
            batch.token[i], batch.pos[i], batch.n_seq_id[i] = token, position, 1
            batch.seq_id[i][0], batch.logits[i] = branch, wanted
        code = self._lib.llama_decode(self.context, batch)
        if code != 0:
            self.clear()
            cause = f"no room for {len(queue)} more in a cache of {self.cells} tokens" if code == 1 else f"code {code}"
            raise EngineError(f"llama.cpp could not evaluate the tokens: {cause}.", "Ask for a larger context.")
        self.used += len(queue)
        return [self._row(i) for i, item in enumerate(queue) if item[3]]

    def _row(self, index: int) -> Floats:
        pointer = self._lib.llama_get_logits_ith(self.context, index)
        if not pointer:
            raise EngineError("llama.cpp gave no logits for a token that asked for them.", "Report this as a defect.")
        return np.ctypeslib.as_array(C.cast(pointer, C.POINTER(C.c_float)), (self._width,)).copy()

    def close(self) -> None:
        """Free the memory."""
        if self.context:
            self._lib.llama_batch_free(self._batch)
            self._lib.llama_free(self.context)
            self.context = None


def common_beginning(a: Sequence[int], b: Sequence[int]) -> int:
    """Return how many tokens *a* and *b* share from the start."""
    size = min(len(a), len(b))
    return next((i for i in range(size) if a[i] != b[i]), size)
