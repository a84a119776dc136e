"""llama.cpp's C API, bound with ctypes on the shared object inside the ``xllamacpp`` wheel.

The wheel exports the whole API though it documents only its server. Structures are passed by value, so their
layout is part of the contract; it is that of build b11549 and is checked when the library opens: the defaults that
the library fills in must stand where we expect them. Each structure has a tail of spare bytes, so that a build that
appends fields still fits.
"""

from __future__ import annotations

import ctypes as C
import importlib.util
import logging
import os
from functools import cache
from pathlib import Path
from typing import Any

from miaobi.errors import BuildError

logger = logging.getLogger("miaobi.llamacpp")
F16, Q8_0, BF16 = 1, 8, 30  # ggml_type
FLASH_ATTENTION_ON = 1
POOLING_MEAN = 1


class ModelParams(C.Structure):
    """``llama_model_params``: only the defaults are used."""

    _fields_ = [("spare", C.c_char * 512)]


class ContextParams(C.Structure):
    """``llama_context_params`` of b11549."""

    _fields_ = [
        ("n_ctx", C.c_uint32),
        ("n_batch", C.c_uint32),
        ("n_ubatch", C.c_uint32),
        ("n_seq_max", C.c_uint32),
        ("n_rs_seq", C.c_uint32),
        ("n_outputs_max", C.c_uint32),
        ("n_outputs_max_per_seq", C.c_uint32),
        ("n_threads", C.c_int32),
        ("n_threads_batch", C.c_int32),
        ("ctx_type", C.c_int32),
        ("rope_scaling_type", C.c_int32),
        ("pooling_type", C.c_int32),
        ("attention_type", C.c_int32),
        ("flash_attn_type", C.c_int32),
        ("rope", C.c_float * 6),  # freq base and scale, four of YaRN
        ("yarn_orig_ctx", C.c_uint32),
        ("defrag_thold", C.c_float),
        ("cb_eval", C.c_void_p),
        ("cb_eval_user_data", C.c_void_p),
        ("type_k", C.c_int32),
        ("type_v", C.c_int32),
        ("moe_cache_size", C.c_size_t),
        ("abort_callback", C.c_void_p),
        ("abort_callback_data", C.c_void_p),
        ("embeddings", C.c_bool),
        ("offload_kqv", C.c_bool),
        ("no_perf", C.c_bool),
        ("op_offload", C.c_bool),
        ("swa_full", C.c_bool),
        ("kv_unified", C.c_bool),
        ("spare", C.c_char * 370),
    ]


class Batch(C.Structure):
    """``llama_batch``: tokens to evaluate, each with its position and sequences."""

    _fields_ = [
        ("n_tokens", C.c_int32),
        ("token", C.POINTER(C.c_int32)),
        ("embd", C.c_void_p),
        ("pos", C.POINTER(C.c_int32)),
        ("n_seq_id", C.POINTER(C.c_int32)),
        ("seq_id", C.POINTER(C.POINTER(C.c_int32))),
        ("logits", C.POINTER(C.c_int8)),
    ]


_P, _I, _S, _B = C.c_void_p, C.c_int32, C.c_char_p, C.c_bool
_FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "llama_backend_init": (None, []),
    "llama_log_set": (None, [_P, _P]),
    "llama_model_default_params": (ModelParams, []),
    "llama_context_default_params": (ContextParams, []),
    "llama_model_load_from_file": (_P, [_S, ModelParams]),
    "llama_model_free": (None, [_P]),
    "llama_model_get_vocab": (_P, [_P]),
    "llama_model_n_ctx_train": (_I, [_P]),
    "llama_model_n_embd": (_I, [_P]),
    "llama_model_n_head": (_I, [_P]),
    "llama_model_n_params": (C.c_uint64, [_P]),
    "llama_model_is_recurrent": (_B, [_P]),
    "llama_model_has_encoder": (_B, [_P]),
    "llama_model_chat_template": (_S, [_P, _S]),
    "llama_model_meta_val_str": (_I, [_P, _S, _S, C.c_size_t]),
    "llama_init_from_model": (_P, [_P, ContextParams]),
    "llama_free": (None, [_P]),
    "llama_get_memory": (_P, [_P]),
    "llama_memory_clear": (None, [_P, _B]),
    "llama_memory_seq_rm": (_B, [_P, _I, _I, _I]),
    "llama_memory_seq_cp": (None, [_P, _I, _I, _I, _I]),
    "llama_state_seq_get_size": (C.c_size_t, [_P, _I]),
    "llama_state_seq_get_data": (C.c_size_t, [_P, C.c_char_p, C.c_size_t, _I]),
    "llama_state_seq_set_data": (C.c_size_t, [_P, C.c_char_p, C.c_size_t, _I]),
    "llama_memory_seq_pos_max": (_I, [_P, _I]),
    "llama_set_n_threads": (None, [_P, _I, _I]),
    "llama_batch_init": (Batch, [_I, _I, _I]),
    "llama_batch_free": (None, [Batch]),
    "llama_decode": (_I, [_P, Batch]),
    "llama_get_logits_ith": (C.POINTER(C.c_float), [_P, _I]),
    "llama_get_embeddings_seq": (C.POINTER(C.c_float), [_P, _I]),
    "llama_vocab_n_tokens": (_I, [_P]),
    "llama_vocab_is_eog": (_B, [_P, _I]),
    "llama_vocab_is_control": (_B, [_P, _I]),
    "llama_vocab_bos": (_I, [_P]),
    "llama_vocab_get_add_bos": (_B, [_P]),
    "llama_tokenize": (_I, [_P, _S, _I, C.POINTER(_I), _I, _B, _B]),
    "llama_token_to_piece": (_I, [_P, _I, _S, _I, _I, _B]),
    "llama_adapter_lora_init": (_P, [_P, _S]),
    "llama_adapter_lora_free": (None, [_P]),
    "llama_set_adapters_lora": (_I, [_P, C.POINTER(_P), C.c_size_t, C.POINTER(C.c_float)]),
}
_LEVELS = {1: logging.DEBUG, 2: logging.INFO, 3: logging.WARNING, 4: logging.ERROR}  # ggml_log_level


def _report(level: int, text: bytes, _: object) -> None:
    logger.log(min(_LEVELS.get(level, logging.DEBUG), logging.DEBUG), text.decode("utf-8", "replace").rstrip())


_log_callback = C.CFUNCTYPE(None, C.c_int, C.c_char_p, C.c_void_p)(_report)  # kept alive as long as the process


def shared_object() -> Path:
    """Return the wheel's shared object; EngineError if the wheel is missing or laid out anew."""
    spec = importlib.util.find_spec("xllamacpp")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for pattern in ("xllamacpp*.so", "xllamacpp*.pyd", "xllamacpp*.dylib"):
            if found := sorted(Path(folder).glob(pattern)):
                return found[0]
    raise BuildError(
        "llama.cpp's shared object isn't there: the package xllamacpp is missing or laid out differently.",
        "Reinstall it: pip install --force-reinstall 'xllamacpp>=2026.10.11549,<2026.12'",
    )


def layout_faults(defaults: ContextParams) -> list[str]:
    """Return what in the library's default parameters isn't where we expect it; empty if all is well."""
    expected: dict[str, Any] = {
        "n_ctx": 512,
        "n_batch": 2048,
        "n_ubatch": 512,
        "n_seq_max": 1,
        "n_threads": 4,
        "n_threads_batch": 4,
        "pooling_type": -1,
        "flash_attn_type": -1,
        "yarn_orig_ctx": 0,
        "defrag_thold": -1.0,
        "type_k": F16,
        "type_v": F16,
        "abort_callback": None,
        "embeddings": False,
        "offload_kqv": True,
        "no_perf": True,
        "op_offload": True,
        "swa_full": True,
        "kv_unified": False,
    }
    return [
        f"{name} is {getattr(defaults, name)!r}, expected {value!r}"
        for name, value in expected.items()
        if getattr(defaults, name) != value
    ]


@cache
def library() -> C.CDLL:
    """Open the shared object and bind its functions; EngineError if a function is missing or the layout differs."""
    path = shared_object()
    # Read by GNU OpenMP when it is loaded: waiting threads sleep. Spinning ones fall to a hundredth of one thread's
    # speed where cores are shared (measured: 2 threads on a busy core).
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        lib = C.CDLL(str(path))
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(lib, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError) as error:
        raise BuildError(f"llama.cpp's shared object can't be used: {error}", "Install a pinned xllamacpp.") from None
    lib.llama_log_set(C.cast(_log_callback, C.c_void_p), None)
    if faults := layout_faults(lib.llama_context_default_params()):
        raise BuildError(
            f"This build of llama.cpp lays its parameters out differently: {'; '.join(faults)}.",
            "Install the pinned range: pip install 'xllamacpp>=2026.10.11549,<2026.12'",
        )
    lib.llama_backend_init()
    return lib
