"""What of a finished step can be read while a work grows: its words with whose they are, and what stood for choice."""

from __future__ import annotations

from typing import Any


def written(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the words and choices of a journal's entry, as plain values."""
    return {"texts": _texts(entry["value"]), "choices": entry["trace"]["choices"]}


def _texts(value: Any) -> list[dict[str, str]]:
    """Return every passage in a step's value, in order; one that says whose it is keeps that."""
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            return [{"text": value["text"], "author": str(value.get("author", ""))}]
        return [found for inner in value.values() for found in _texts(inner)]
    return [found for inner in value for found in _texts(inner)] if isinstance(value, list) else []
