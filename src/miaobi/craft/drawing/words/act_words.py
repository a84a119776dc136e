"""Words of acts: ``data/scene_acts.toml``, and the forms of its English verbs."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from miaobi.craft.text.verb import Tag, conjugate


@cache
def acts_table(name: str) -> dict[str, tuple[str, ...]]:
    """Return a table of ``data/scene_acts.toml``; ``_`` in a word stands for a space."""
    text = files("miaobi.craft").joinpath("data", "scene_acts.toml").read_text(encoding="utf-8")
    return {key: tuple(w.replace("_", " ") for w in value.split()) for key, value in tomllib.loads(text)[name].items()}


@cache
def act_forms() -> dict[str, list[tuple[str, Tag]]]:
    """Return the verbs of the tables by each of their forms."""
    bases = {w.split()[0] for name in ("verb", "phrase", "pose") for words in acts_table(name).values() for w in words}
    out: dict[str, list[tuple[str, Tag]]] = {}
    for base in sorted(bases):
        f = conjugate(base)
        pairs: tuple[tuple[str, Tag], ...] = (
            (f.base, "base"), (f.third, "third"), (f.participle, "participle"), (f.past, "past"), (f.ing, "ing"),
        )  # fmt: skip
        for form, tag in pairs:
            out.setdefault(form, []).append((base, tag))
    return out
