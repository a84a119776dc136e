"""Engines: what gives text for a prompt. ``open_engine`` opens any of them from one line of text.

| spec | engine | constraints | the same text for the same seed |
|---|---|---|---|
| "" | llama.cpp on the default checkpoint | all, while decoding | alone or in a batch, cold or warm, any threads |
| a name of the catalog | llama.cpp on that checkpoint | all | the same |
| a path to a .gguf file | llama.cpp on that file | all | the same |
| any of these and ``::lora=PATH@SCALE`` | with LoRA adapters (``adapter``) | all | the same |
| a folder, or hf:org/name | transformers (extra ``[lab]``) | all | alone or in a batch, on one machine |
| lab:RUN | llama.cpp on a transformer's GGUF, else the net itself (extra ``[lab]``) | all | alone or in a batch |
| http(s)://host:port/v1#model | an OpenAI-compatible server | what it can hold | as far as it keeps it |
| http://a/v1,http://b/v1#model | several such servers of one model (``fleet``) | the same | whichever answers |
| scripted:FILE | replays texts, for tests | none | always |

llama.cpp evaluates up to 32 tokens at once where its kernels are exact in batches (Q8_0, Q4_0, Q4_1), and one at a time
elsewhere (K-quants, Q5, F16, F32, adapters): see ``llamacpp.selftest``. Where a build's C API fails the self-test its
own server stands in (``llamacpp.server``), a black box like any other server.
"""

from __future__ import annotations

from typing import Any

from miaobi.types import Engine, Language


def open_engine(spec: str = "", language: Language | None = None, **settings: Any) -> Engine:
    """Open the engine that *spec* names; *settings* are the engine's own (``context``, ``threads``, ``adapters``).

    ``progress`` and ``accept`` are passed to the catalog when a checkpoint has to be pulled. Raises
    LanguageNotSpokenError when the checkpoint is known not to speak *language*.
    """
    from miaobi.engines.opening import open_by_spec

    return open_by_spec(spec, language, settings)
