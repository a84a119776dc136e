"""``miaobi forms``: what can be composed, told from the declarations."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from miaobi.cli.completing import form_names


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

    if name:
        form = describe(find(name))
        tell_json(form) if as_json else _tell_one(form)
        return
    found = [describe(form) for form in forms().values()]
    if as_json:
        tell_json({"forms": found})
    else:
        columns = ["form", "中文", "languages", "words", "files", "what it is"]
        rows = [
            [
                f["form"],
                f["names"].get("zh", ""),
                " ".join(f["languages"]),
                str(f["length"]["usual"]),
                " ".join(f["formats"]),
                f["summary"].get("en", ""),
            ]
            for f in found
        ]
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
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "anyOf" in schema:
        return " | ".join(_kind(s) for s in schema["anyOf"])
    kind = str(schema.get("type", "value"))
    bounds = [f"{word} {schema[key]}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in schema]
    return " ".join([kind, *bounds])


def _tell_one(form: dict[str, Any]) -> None:
    from miaobi.cli.terminal import table, tell

    tell(f"{form['names'].get('en', form['form'])} · {form['names'].get('zh', '')}")
    tell(form["summary"].get("en", ""))
    tell(form["summary"].get("zh", ""))
    length = form["length"]
    tell(f"\nnames      {', '.join([form['form'], *form['aliases']])}")
    tell(f"languages  {', '.join(form['languages'])}")
    tell(f"words      {length['usual']:,} ({length['least']:,} to {length['most']:,})")
    if zh := form["lengths"].get("zh"):
        tell(f"字         {zh['usual']:,} ({zh['least']:,} to {zh['most']:,})")
    tell(f"files      {', '.join(form['formats'])}")
    if form["references"]:
        tell(f"takes      {', '.join(form['references'])} (--reference KIND=FILE)")
    if form["options"]:
        tell("\noptions (-o name=value)")
        table(
            ["name", "type", "default", "what"],
            [
                [name, o["type"], "" if o["default"] is None else str(o["default"]), o["what"]]
                for name, o in form["options"].items()
            ],
        )
    tell()
    for example in form["examples"]:
        given = "".join(f' -o {name}="{value}"' for name, value in example.get("options", {}).items())
        given += "".join(f" --reference {r['kind']}={r['name']}" for r in example.get("references", []))
        tell(f'example    miaobi compose {form["form"]} "{example["idea"]}" --seed {example.get("seed", 0)}{given}')
