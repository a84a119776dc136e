"""The forms that can be composed: ours, found by walking this package, and other people's, by entry point.

A third party declares, in its ``pyproject.toml``::

    [project.entry-points."miaobi.forms"]
    limerick = "my_package.limerick:FORM"
"""

from __future__ import annotations

import difflib
import math
import pkgutil
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from pydantic import ValidationError

from miaobi.brief import Brief, brief_error
from miaobi.errors import BriefError, UnknownNameError, show
from miaobi.form import Form


@cache
def forms() -> dict[str, Form]:
    """Return every form by its English name, ours first, in alphabetical order; a broken one of others is left out."""
    return _ours() | _others()[0]


@cache
def _ours() -> dict[str, Form]:
    return {form.name: form for form in sorted(_own(), key=lambda form: form.name)}


def _called(form: Form) -> set[str]:
    """Return everything that a form is called, in lower case."""
    return {name.lower() for name in (form.name, *form.names.values(), *form.aliases)}


def strangers() -> dict[str, Form]:
    """Return other people's forms by name."""
    return dict(_others()[0])


def broken() -> dict[str, str]:
    """Return other people's forms that can't be loaded, by entry point, with the reason."""
    return dict(_others()[1])


@cache
def _others() -> tuple[dict[str, Form], dict[str, str]]:
    """Return the forms of entry points, and why those that fail do: one bad package mustn't take the rest down."""
    found: dict[str, Form] = {}
    failed: dict[str, str] = {}
    taken = {name: form.name for form in _ours().values() for name in _called(form)}
    for entry in sorted(entry_points(group="miaobi.forms"), key=lambda e: e.name):
        named = f"{entry.name} ({entry.value})"
        try:
            form = entry.load()
        except Exception as error:  # whatever a stranger's module raises
            failed[named] = f"{type(error).__name__}: {error}"
            continue
        if not isinstance(form, Form):
            failed[named] = f"it is a {type(form).__name__}, not a Form"
        elif clash := sorted(_called(form) & set(taken)):
            failed[named] = f"its name {show(clash[0])} is that of the form {taken[clash[0]]}"
        else:
            found[form.name] = form
            taken |= dict.fromkeys(_called(form), form.name)
    return found, failed


def _own() -> list[Form]:
    out = []
    for group in pkgutil.iter_modules(__path__, __name__ + "."):
        if group.ispkg:
            package = import_module(group.name)
            modules = (import_module(m.name) for m in pkgutil.iter_modules(package.__path__, group.name + "."))
            out += [m.FORM for m in modules if hasattr(m, "FORM")]
    return out


@cache
def _own_called(name: str) -> Form | None:
    """Return our form of this English name without loading the others; None where its module isn't called so."""
    stem = name.replace("-", "_")
    for group in pkgutil.iter_modules(__path__, __name__ + "."):
        if group.ispkg and stem in {m.name for m in pkgutil.iter_modules(import_module(group.name).__path__)}:
            form = getattr(import_module(f"{group.name}.{stem}"), "FORM", None)
            if isinstance(form, Form) and form.name == name:
                return form
    return None


def find(name: str) -> Form:
    """Return the form called *name* in English or Chinese; UnknownNameError names the nearest ones."""
    wanted = name.strip().lower()
    if (own := _own_called(wanted)) is not None:
        return own
    called = {name: form for form in forms().values() for name in _called(form)}
    if wanted in called:
        return called[wanted]
    near = difflib.get_close_matches(wanted, called, n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    failed = [f"{entry} can't be loaded: {why}. " for entry, why in broken().items() if entry.split(" ")[0] == wanted]
    hint += "".join(failed)
    raise UnknownNameError(f"There is no form called {show(name)}.", f"{hint}Forms: {', '.join(sorted(forms()))}.")


def options_error(form: Form, error: ValidationError) -> BriefError:
    """Return what is wrong with options of *form*, and how to write what is right."""
    problem = brief_error(error, "options")
    kinds = {found["type"] for found in error.errors()}
    if "extra_forbidden" in kinds or not problem.hint:
        known = ", ".join(form.options.model_fields) or "none"
        return BriefError(problem.message, f"Options of {form.name}: {known}.")
    if "literal_error" in kinds:
        return BriefError(problem.message, f"{problem.hint} What each value does: miaobi forms {form.name}")
    return problem


def admit(form: Form, brief: Brief) -> tuple[Any, int]:
    """Return the form's options and the length in words, or raise BriefError that explains the refusal."""
    if not brief.idea.strip():
        raise BriefError("The brief is empty.", f"Say what the {form.name} is about, e.g. “{form.example.idea}”.")
    if brief.language not in form.languages:
        raise BriefError(f"A {form.name} can't be written in “{brief.language}”: it knows {', '.join(form.languages)}.")
    legal = form.length_in(brief.language)
    length = brief.length or legal.usual
    if not legal.least <= length <= legal.most:
        unit = "字" if brief.language == "zh" else "words"
        raise BriefError(
            f"A {form.name} of {length:,} {unit} can't be written.",
            f"Its length may be {legal.least:,} to {legal.most:,} {unit} (--length).",
        )
    try:
        options = form.options.model_validate(brief.options)
    except ValidationError as error:
        raise options_error(form, error) from None
    if name := _infinite(options.model_dump()):
        raise BriefError(f"The option {show(name)} of a {form.name} is not a finite number.", "Give a finite one.")
    if wrong := [r.kind for r in brief.references if r.kind not in form.references]:
        taken = ", ".join(form.references) or "none"
        raise BriefError(f"A {form.name} makes nothing of a {wrong[0]} reference.", f"It takes: {taken}.")
    form.admit(brief)
    return options, length


def _infinite(values: dict[str, Any]) -> str:
    """Return the name of the first option that is NaN or infinite, or ""."""
    bad = (name for name, value in values.items() if isinstance(value, float) and not math.isfinite(value))
    return next(bad, "")
