"""Engines: what gives text for a prompt. ``open_engine`` opens any of them from one line of text.

| spec | engine |
|---|---|
| "" | llama.cpp on the default checkpoint |
| a name of the catalog | llama.cpp on that checkpoint |
| a path to a .gguf file | llama.cpp on that file |
| a folder, or hf:org/name | refused for now: the transformers engine is to come |
| http(s)://host:port/v1#model | an OpenAI-compatible server |
| scripted:FILE | replays texts, for tests |
"""

from __future__ import annotations

from typing import Any

from miaobi.types import Engine, Language


def open_engine(spec: str = "", language: Language | None = None, **settings: Any) -> Engine:
    """Open the engine that *spec* names; *settings* are the engine's own.

    ``progress`` and ``accept`` are passed to the catalog when a checkpoint has to be pulled. Raises
    LanguageNotSpokenError when the checkpoint is known not to speak *language*.
    """
    from miaobi.engines.opening import open_by_spec

    return open_by_spec(spec, language, settings)
