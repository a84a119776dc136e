"""Does llama.cpp compute what the net computes, and read what the vocabulary reads? Asked of every file we write.

llama.cpp is given float32 keys and values here and no flash attention, so that what differs is the file. (The engine
keeps keys in f16 and values in Q8_0, for reasons told in ``engines.llamacpp.cache``.)
"""

from __future__ import annotations

import ctypes as C
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from miaobi.decoding.sampling import log_normaliser
from miaobi.engines.adapter import Adapter
from miaobi.engines.llamacpp.library import library
from miaobi.engines.llamacpp.weights import Weights
from miaobi.engines.trial import tried
from miaobi.errors import TrainingError, show
from miaobi.lab.export.vocabulary import spaced
from miaobi.types import Floats

TOLERANCE = 1e-2  # of a logit, in nats
_F32 = 0  # ggml_type
_TOKENS = 48


def logits(path: Path, tokens: Sequence[int]) -> Floats:
    """Return llama.cpp's logits (T, V) after each of *tokens*."""
    weights = Weights(path)
    try:
        return _logits(weights, tokens)
    finally:
        weights.close()


def nats(path: Path, windows: Sequence[Sequence[int]], adapters: Sequence[Adapter] = ()) -> float:
    """Return llama.cpp's mean negative log-likelihood in nats of each window's tokens but the first."""
    weights, total, count = Weights(path, adapters), 0.0, 0
    try:
        for window in windows:
            rows = _logits(weights, window[:-1])  # (T, V)
            total += sum(log_normaliser(row) - float(row[t]) for row, t in zip(rows, window[1:], strict=True))
            count += len(rows)
    finally:
        weights.close()
    return total / count


def _logits(weights: Weights, tokens: Sequence[int]) -> Floats:
    lib = library()
    params = lib.llama_context_default_params()
    params.n_ctx = params.n_batch = params.n_ubatch = len(tokens)
    params.n_threads = params.n_threads_batch = 1
    params.type_k = params.type_v = _F32
    params.flash_attn_type = 0
    context = lib.llama_init_from_model(weights.model, params)
    weights.adapt(context)
    batch = lib.llama_batch_init(len(tokens), 0, 1)
    try:
        batch.n_tokens = len(tokens)
        for i, token in enumerate(tokens):
            batch.token[i], batch.pos[i], batch.n_seq_id[i] = token, i, 1
            batch.seq_id[i][0], batch.logits[i] = 0, True
        if lib.llama_decode(context, batch):
            raise TrainingError("llama.cpp can't evaluate the exported net.", "Report this as a defect.")
        width = len(weights.vocabulary)
        rows = (lib.llama_get_logits_ith(context, i) for i in range(len(tokens)))
        return np.stack([np.ctypeslib.as_array(C.cast(r, C.POINTER(C.c_float)), (width,)).copy() for r in rows])
    finally:
        lib.llama_batch_free(batch)
        lib.llama_free(context)


def misread(path: Path, tokenizer: Any, lines: Sequence[str]) -> str:
    """Return the first of *lines* that llama.cpp reads into other ids than *tokenizer*; "" if there is none."""
    weights = Weights(path)
    end = " " if spaced(json.loads(tokenizer.to_str())) else ""
    try:
        for line in lines:
            if weights.tokenise(line + end) != list(tokenizer.encode(line, add_special_tokens=False).ids):
                return line
    finally:
        weights.close()
    return ""


def hold(net: Any, tokenizer: Any, path: Path, exact: bool = True) -> float:
    """Return the largest difference of a logit; TrainingError if *exact* and it is too large, or if ids differ."""
    tried(path)  # a bad file ends the process, so another one loads it first
    count = min(_TOKENS, net.shape.context)
    tokens = np.random.default_rng(0).integers(0, net.shape.vocabulary, count).tolist()
    with torch.no_grad():
        own = net.eval()(torch.tensor([tokens]))[0][0].numpy()
    difference = float(np.abs(own - logits(path, tokens)).max())
    if exact and not difference <= TOLERANCE:
        raise TrainingError(
            f"The exported file's logits differ from the net's by up to {difference:.3g} nats.",
            f"{TOLERANCE} is allowed. Report this as a defect with the run's net.json.",
        )
    added = {token.content for token in tokenizer.get_added_tokens_decoder().values()}
    known = sorted(t for t in tokenizer.get_vocab(with_added_tokens=False) if t.isprintable() and t not in added)
    texts = [tokenizer.decode(tokens[i : i + 12], skip_special_tokens=True) for i in range(0, count, 12)] + known[:200]
    if wrong := misread(path, tokenizer, [t for t in texts if "\ufffd" not in t]):
        raise TrainingError(
            f"llama.cpp reads {show(wrong)} into other tokens than the vocabulary.",
            "The file was not written. Use a byte-level BPE, or a list of strings read from the left, longest first.",
        )
    return difference
