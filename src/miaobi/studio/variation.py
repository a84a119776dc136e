"""Variation: a work made again from its brief with another seed, some of its parts as they are.

What is kept goes into the new brief as the form's own option for given parts, so that the varied work keeps it when it
is varied in its turn. A work that a person edited is varied as edited.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from miaobi.brief import Brief
from miaobi.engines import catalog
from miaobi.errors import BriefError, UnknownNameError, show
from miaobi.form import Form, Part
from miaobi.forms import find, forms
from miaobi.studio.job import Order
from miaobi.studio.library import Library
from miaobi.studio.library.export import origin_of
from miaobi.studio.library.version import Version

_MOST = 10_000  # parts that one list may name


def parts(text: str) -> list[int]:
    """Return the numbers that ``1,3-5`` names, each once, in order. Raises BriefError."""
    found: set[int] = set()
    for piece in filter(None, (p.strip() for p in re.split(r"[,，、\s]+", text))):
        match = re.fullmatch(r"(\d{1,6})(?:[-–](\d{1,6}))?", piece)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= first <= last or last - first >= _MOST:
            raise BriefError(f"{show(piece)} names no parts.", "Number them from 1, as in 1,3-5.")
        found.update(range(first, last + 1))
    return sorted(found)


def named_parts(library: Library, work: str) -> Sequence[Part]:
    """Return the parts of *work* that can be kept, by name in the order of their numbers; none where they have only
    numbers."""
    head = library.find_version("", work)
    if origin_of(library, head) is None or head.form not in forms():
        return ()
    form = find(head.form)
    return form.parts(_content(library, work, form)) if form.parts is not None else ()


def numbered(library: Library, work: str, text: str) -> list[int]:
    """Return the numbers of the parts that ``sky,boat 2`` or ``1,3-5`` names. Raises BriefError."""
    known = named_parts(library, work)
    if not known:
        return parts(text)
    numbers = {
        name.lower(): i for i, part in enumerate(known, 1) for name in (*reversed(part.titles.values()), part.name)
    }
    found: set[int] = set()
    for piece in filter(None, (p.strip().lower() for p in re.split(r"[,，、]", text))):
        if piece not in numbers and not re.match(r"\d", piece):
            raise UnknownNameError(f"There is no part {show(piece)}.", f"Parts: {', '.join(p.name for p in known)}.")
        found.update([numbers[piece]] if piece in numbers else parts(piece))
    return sorted(found)


def all_but(library: Library, work: str, text: str) -> list[int]:
    """Return the numbers of all parts but those that *text* names. Raises BriefError."""
    known = named_parts(library, work)
    if not known:
        raise BriefError("The parts of this work have no names.", "Say which stay: --keep 1,3-5.")
    anew = numbered(library, work, text)
    if locked := [known[i - 1].name for i in anew if i in library.locks(library.find(work).id)]:
        raise BriefError(
            f"{', '.join(locked)} can't be made anew: locked.",
            f"Release it first: miaobi lock {work} {','.join(locked)} --off",
        )
    return [i for i in range(1, len(known) + 1) if i not in anew]


def kept(library: Library, work: str, numbers: Sequence[int]) -> tuple[Brief, Form]:
    """Return the brief under which these parts of *work* stay as they are, and its form. Raises BriefError."""
    head = library.find_version("", work)
    origin = _composed(library, head)
    brief = Brief.model_validate(library.record(origin)["brief"])
    form = find(brief.form)
    if not numbers:
        return brief, form
    if form.keep is None:
        raise BriefError(
            f"A {form.name} has no lines that can be kept.",
            "Vary it as a whole: leave out --keep.",
        )
    given = form.keep(brief, _content(library, work, form), numbers)
    for name, value in given.items():  # what was kept before stays kept
        before = brief.options.get(name)
        if isinstance(value, dict) and isinstance(before, dict):
            given[name] = {str(key): v for key, v in before.items()} | value
    return brief.model_copy(update={"options": brief.options | given}), form


def _content(library: Library, work: str, form: Form) -> Any:
    """Return the newest version's content; of an edited text as the form reads it."""
    head = library.find_version("", work)
    if head.content:
        made = library.composed(head)
        assert made is not None
        return form.content.model_validate(made.content)
    if form.read is not None:
        return form.read(library.words(head), head.language)
    origin = _composed(library, head)
    raise BriefError(
        f"The newest version of {show(head.title)} is a text that a {form.name} can't be read from.",
        f"Go back to the composed one: miaobi works restore {work} --version {origin.id[:8]}",
    )


def variation(
    library: Library,
    work: str,
    *,
    keep: Sequence[int] = (),
    options: dict[str, Any] | None = None,
    seed: int | None = None,
    engine: str = "",
    formats: Sequence[str] = (),
    out: str = "",
) -> Order:
    """Return the order for *work* made again; what is locked is kept beside *keep*.

    *seed*: one more than the highest among the works of the same form and idea when None.
    """
    card = library.find(work)
    brief, form = kept(library, card.id, sorted({*keep, *library.locks(card.id)}))
    if seed is None:
        alike = library.works(form=brief.form, language=brief.language)
        seed = 1 + max(c.seed for c in alike if c.idea == card.idea)
    changed = {"seed": seed, "options": brief.options | (options or {})}
    return Order(
        brief=Brief.parse(brief.model_dump() | changed),
        engine=engine or _engine_of(card.checkpoint, form, brief),
        formats=tuple(formats),
        out=out,
        parent=card.id,
    )


def lock(library: Library, work: str, numbers: Sequence[int], *, off: bool = False) -> list[int]:
    """Lock parts of a work for its variations, or release them (*off*; all where none is named); return what is locked.

    Raises BriefError for a part that isn't there.
    """
    card = library.find(work)
    if not off:
        kept(library, card.id, numbers)
    before = set(library.locks(card.id))
    after = (before - set(numbers) if numbers else set()) if off else before | set(numbers)
    if after != before:
        library.set_locks(card.id, after)
    return sorted(after)


def _composed(library: Library, version: Version) -> Version:
    origin = origin_of(library, version)
    if origin is None:
        raise BriefError(
            f"{show(version.title)} was not composed here: there is no brief to make it again from.",
            "Compose a work first: miaobi compose FORM IDEA",
        )
    return origin


def _engine_of(checkpoint: str, form: Form, brief: Brief) -> str:
    """Return the spec of the engine that a work was made with; BriefError where only its file's name is known."""
    names = {name: entry.name for entry in catalog.entries() for name in (entry.title, entry.name)}
    if checkpoint in names:
        own = form.engine_in(brief.language) or catalog.DEFAULT
        return "" if names[checkpoint] == own else names[checkpoint]
    if checkpoint.startswith("lab:"):
        return checkpoint
    raise BriefError(
        f"The work was made with {show(checkpoint)}, which is not in the catalog.", "Say which engine: --engine"
    )
