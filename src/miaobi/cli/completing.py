"""What a shell offers after a tab: forms, the names and values of their options, endings, engines, works.

Forms take a second to load, so what is offered of them is kept in ``completion.json`` in the data folder, for one
version of the program and one state of the forms that are installed. Nothing else is written, and no library is made.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import typer

from miaobi import __version__
from miaobi.studio.translation import READER, in_script

_Offer = list[tuple[str, str]]
_WORKS = 200  # the newest that are offered


def form_names(incomplete: str) -> _Offer:
    """Offer forms by name, with what they are."""
    return _beginning([(name, f["what"]) for name, f in _forms().items()], incomplete)


def form_title(name: str) -> str:
    """Return what a reader calls a form: the name by which it is asked for, in Chinese its Chinese one."""
    return name if READER.get() == "en" else in_script(_forms().get(name, {}).get("zh") or name)


def option_values(context: typer.Context, incomplete: str) -> _Offer:
    """Offer the options of the form that was named, as name=; then their values where they are a choice."""
    form = _form(context)
    name, equals, _ = incomplete.partition("=")
    if not equals:
        return _beginning([(f"{o}=", told["what"]) for o, told in form.get("options", {}).items()], incomplete)
    values = form.get("options", {}).get(name, {}).get("values", [])
    return _beginning([(f"{name}={value}", "") for value in values], incomplete)


def endings_of(context: typer.Context, incomplete: str) -> _Offer:
    """Offer the endings of the form that was named, after those that stand there already."""
    before, comma, _ = incomplete.rpartition(",")
    taken = before.split(",")
    offered = [e for e in _form(context).get("formats", []) if e not in taken]
    return _beginning([(before + comma + ending, "") for ending in offered], incomplete)


def reference_kinds(context: typer.Context, incomplete: str) -> _Offer:
    """Offer the kinds of material that the form takes."""
    return _beginning([(f"{kind}=", "") for kind in _form(context).get("references", [])], incomplete)


def engines(incomplete: str) -> _Offer:
    """Offer the checkpoints of the catalog."""
    from miaobi.engines import catalog

    return _beginning([(entry.name, entry.title) for entry in catalog.entries()], incomplete)


def languages(incomplete: str) -> _Offer:
    """Offer the languages."""
    return _beginning([("en", "English"), ("zh", "中文")], incomplete)


def picture_ways(incomplete: str) -> _Offer:
    """Offer how a picture can be shown."""
    from miaobi.cli.inline_picture import WAYS

    return _beginning([(way, "") for way in WAYS], incomplete)


def work_ids(incomplete: str) -> _Offer:
    """Offer the newest works by the beginning of their ids, with form and title."""
    from miaobi.studio.library import Library
    from miaobi.studio.library.database import begun

    if not begun():
        return []
    with Library() as library:
        cards = library.works(limit=_WORKS)
    return _beginning([(card.id[:8], f"{card.form}: {card.title}") for card in cards], incomplete)


def _beginning(offered: Iterable[tuple[str, str]], incomplete: str) -> _Offer:
    return [(value, what) for value, what in offered if value.startswith(incomplete)]


def _form(context: typer.Context) -> dict[str, Any]:
    """Return what is known of the form named on the command line; {} where none is, or of no such name.

    Behind an option that still lacks its value the words before it are not read as parameters yet.
    """
    given = [str(word).strip().lower() for word in (context.params.get("form") or "", *context.args)]
    return next((f for name, f in _forms().items() for word in given if word in (name, *f["names"])), {})


def _forms() -> dict[str, Any]:
    from miaobi.studio.job import jobs_folder

    kept, state = jobs_folder().parent / "completion.json", _state()
    try:
        found = json.loads(kept.read_text("utf-8"))
        if found["state"] == state:
            forms: dict[str, Any] = found["forms"]
            return forms
    except (OSError, ValueError, KeyError, TypeError):
        pass  # not there yet, or cut short: it is made anew
    forms = _described()
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps({"state": state, "forms": forms}, ensure_ascii=False), "utf-8")
    except OSError:
        pass  # a full or closed disk: it is made anew the next time
    return forms


def _state() -> list[str]:
    """Return what the forms depend on: the version, their files' times and what else is installed."""
    from importlib.metadata import entry_points

    folder = Path(__file__).parents[1] / "forms"
    newest = max(path.stat().st_mtime_ns for path in folder.rglob("*.py"))
    return [__version__, str(newest), *sorted(f"{e.name}={e.value}" for e in entry_points(group="miaobi.forms"))]


def _described() -> dict[str, Any]:
    from miaobi.forms import forms

    told = {}
    for name, form in forms().items():
        properties = form.options.model_json_schema().get("properties", {})
        told[name] = {
            "zh": form.names.get("zh", ""),
            "names": [*form.names.values(), *form.aliases],
            "what": form.summary.get("en", ""),
            "formats": list(form.formats),
            "references": list(form.references),
            "options": {
                option: {"what": schema.get("description", ""), "values": _values(schema)}
                for option, schema in properties.items()
            },
        }
    return told


def _values(schema: dict[str, Any]) -> list[str]:
    """Return the values of an option that is a choice, or yes and no; [] for any other."""
    if "const" in schema:
        return [str(schema["const"])]
    if "enum" in schema:
        return [str(value) for value in schema["enum"] if value != ""]
    if schema.get("type") == "boolean":
        return ["yes", "no"]
    return [value for inner in schema.get("anyOf", []) for value in _values(inner)]
