"""``miaobi forms``: what can be composed, told from the declarations."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from miaobi.cli.completing import form_names

_TYPES = {"string", "integer", "number", "boolean", "array", "object", "null", "value"}  # of JSON schema


def register(app: typer.Typer) -> None:
    """Add the verb to *app*."""
    app.command("forms")(list_forms)


def list_forms(
    name: Annotated[
        str, typer.Argument(metavar="[FORM]", help="One form, in English or Chinese.", autocompletion=form_names)
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the forms, or tell all about one."""
    from miaobi.cli.terminal import say, table, tell_json
    from miaobi.forms import broken, find, forms
    from miaobi.studio.translation import READER, in_script

    if name:
        form = describe(find(name))
        tell_json(form) if as_json else _tell_one(form)
        return
    found = [describe(form) for form in forms().values()]
    if as_json:
        tell_json({"forms": found})
    else:
        reader = READER.get()
        columns = ["form", "中文" if reader == "en" else "name", "languages", "words", "files", "what it is"]
        rows = []
        for f in found:
            chinese, what = f["names"].get("zh", ""), f["summary"].get(reader, "")
            names = [f["form"], chinese] if reader == "en" else [in_script(chinese), f["form"]]
            usual = str(f["length"]["usual"])
            rows.append([*names, " ".join(f["languages"]), usual, " ".join(f["formats"]), _ours(what)])
        table(columns, rows)
    for entry, why in broken().items():
        say(f"Left out: the form {entry} can't be loaded: {why}")


def describe(form: Any) -> dict[str, Any]:
    """Return a declaration as plain values."""
    properties = form.options.model_json_schema().get("properties", {})
    return {
        "form": form.name,
        "names": dict(form.names),
        "aliases": list(form.aliases),
        "summary": dict(form.summary),
        "languages": list(form.languages),
        "length": asdict(form.length),
        "lengths": {language: asdict(legal) for language, legal in form.lengths.items()},
        "formats": list(form.formats),
        "references": list(form.references),
        "options": {
            name: {"type": _kind(schema), "default": schema.get("default"), "what": schema.get("description", "")}
            for name, schema in properties.items()
        },
        "examples": [brief.model_dump(mode="json", exclude_defaults=True) for brief in form.examples],
    }


def _kind(schema: dict[str, Any]) -> str:
    if "const" in schema:
        return str(schema["const"])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "anyOf" in schema:
        return " | ".join(_kind(s) for s in schema["anyOf"])
    kind = str(schema.get("type", "value"))
    bounds = [f"{word} {schema[key]}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in schema]
    return " ".join([kind, *bounds])


def _ours(text: str) -> str:
    """Return a text of a declaration in the characters of its reader."""
    from miaobi.studio.translation import READER, in_script

    return text if READER.get() == "en" else in_script(text)


def _tell_one(form: dict[str, Any]) -> None:
    from miaobi.cli.terminal import bracketed, padded, table, tell
    from miaobi.studio.translation import READER, label, said

    tell(f"{form['names'].get('en', form['form'])} · {_ours(form['names'].get('zh', ''))}")
    if READER.get() == "en":
        tell(form["summary"].get("en", ""))
    tell(_ours(form["summary"].get("zh", "")))
    tell()

    def row(name: str, value: str) -> None:
        tell(padded(label(name), 11) + value)

    row("names", ", ".join([form["form"], *form["aliases"]]))
    row("languages", ", ".join(form["languages"]))
    row("words", _range(form["length"]))
    if zh := form["lengths"].get("zh"):
        row("字", _range(zh))
    row("files", ", ".join(form["formats"]))
    if form["references"]:
        row("takes", bracketed(", ".join(form["references"]), "--reference KIND=FILE"))
    if form["options"]:
        tell("\n" + label("options (-o name=value)"))
        table(
            ["name", "type", "default", "what"],
            [
                [name, _typed(o["type"]), "" if o["default"] is None else str(o["default"]), said(o["what"])]
                for name, o in form["options"].items()
            ],
        )
    tell()
    for example in form["examples"]:
        given = "".join(f' -o {name}="{value}"' for name, value in example.get("options", {}).items())
        given += "".join(f" --reference {r['kind']}={r['name']}" for r in example.get("references", []))
        composed = f'miaobi compose {form["form"]} "{example["idea"]}" --seed {example.get("seed", 0)}{given}'
        row("example", composed)


def _range(length: dict[str, int]) -> str:
    from miaobi.cli.terminal import bracketed
    from miaobi.studio.translation import label

    return bracketed(f"{length['usual']:,}", f"{length['least']:,} {label('to')} {length['most']:,}")


def _typed(kind: str) -> str:
    """Return an option's type for the reader: what is typed as its value stays as it is."""
    from miaobi.studio.translation import label

    told = []
    for one in kind.split(" | "):
        words = one.split(" ")
        told.append(" ".join(map(label, words)) if words[0] in _TYPES else one)
    return " | ".join(told)
