"""Embeddings: a second context with pooling switched on, over the same weights."""

from __future__ import annotations

import ctypes as C
from collections.abc import Sequence

import numpy as np

from miaobi.engines.llamacpp.library import FLASH_ATTENTION_ON, POOLING_MEAN, library
from miaobi.engines.llamacpp.weights import Weights
from miaobi.errors import EngineError
from miaobi.types import Floats


class Embedder:
    """Mean-pooled states of the last layer. Texts longer than *limit* tokens are the mean of their pieces' sums."""

    def __init__(self, weights: Weights, limit: int, threads: int) -> None:
        self._lib = lib = library()
        params = lib.llama_context_default_params()
        params.n_ctx = params.n_batch = params.n_ubatch = self._limit = limit
        params.n_threads = params.n_threads_batch = threads
        params.flash_attn_type, params.pooling_type, params.embeddings = FLASH_ATTENTION_ON, POOLING_MEAN, True
        self._context = lib.llama_init_from_model(weights.model, params)
        if not self._context:
            raise EngineError("llama.cpp can't make a context for embeddings.", "Free memory and try again.")
        weights.adapt(self._context)
        self._batch = lib.llama_batch_init(limit, 0, 1)
        self._width = lib.llama_model_n_embd(weights.model)

    def embed(self, texts: Sequence[Sequence[int]]) -> Floats:
        """Return one unit vector a text, (len(texts), D) float32; a text without tokens gets zeros."""
        out = np.zeros((len(texts), self._width), dtype=np.float32)
        for i, tokens in enumerate(texts):
            for start in range(0, len(tokens), self._limit):
                piece = tokens[start : start + self._limit]
                out[i] += self._mean(piece) * np.float32(len(piece))
            length = float(np.linalg.norm(out[i]))
            out[i] /= np.float32(length or 1.0)
        return out

    def _mean(self, tokens: Sequence[int]) -> Floats:
        lib, batch = self._lib, self._batch
        lib.llama_memory_clear(lib.llama_get_memory(self._context), True)
        batch.n_tokens = len(tokens)
        for i, token in enumerate(tokens):
            batch.token[i], batch.pos[i], batch.n_seq_id[i] = token, i, 1
            batch.seq_id[i][0], batch.logits[i] = 0, 1
        if (code := lib.llama_decode(self._context, batch)) != 0:
            raise EngineError(f"llama.cpp could not embed the text: code {code}.", "Report this as a defect.")
        pointer = lib.llama_get_embeddings_seq(self._context, 0)
        return np.ctypeslib.as_array(C.cast(pointer, C.POINTER(C.c_float)), (self._width,)).copy()

    def close(self) -> None:
        """Free the memory."""
        if self._context:
            self._lib.llama_batch_free(self._batch)
            self._lib.llama_free(self._context)
            self._context = None
