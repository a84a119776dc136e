"""Both languages of the page say everything: its own words, and the wishes of every form."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from miaobi.forms import forms

WORDS = Path(__file__).parents[2] / "web" / "src" / "words"
SOURCES = [p for p in WORDS.parent.rglob("*") if p.suffix in {".svelte", ".ts"}]


def table(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((WORDS / f"{name}.json").read_text())
    return found


def test_both_languages_have_the_same_keys_with_the_same_gaps() -> None:
    en, zh = table("en"), table("zh")
    assert list(en) == list(zh)
    for key, words in en.items():
        assert words.strip()
        assert zh[key].strip()
        assert sorted(re.findall(r"\{\w+\}", words)) == sorted(re.findall(r"\{\w+\}", zh[key])), key


def test_no_word_of_the_table_is_unused() -> None:
    text = "\n".join(path.read_text() for path in SOURCES)
    made = {m[1] for m in re.finditer(r"[`'\"]([a-z]+(?:\.[a-z]+)*\.)\$\{", text)}  # put together: `files.${ending}`
    unused = [key for key in table("en") if f"'{key}'" not in text and not any(key.startswith(m) for m in made)]
    assert not unused


def test_chinese_words_are_chinese() -> None:
    for key, words in table("zh").items():
        if key not in {"palette.language", "files.md", "files.pdf", "files.mid", "files.musicxml"}:
            assert re.search(r"[\u4e00-\u9fff]", words), key


@pytest.mark.parametrize("form", list(forms().values()), ids=lambda form: form.name)
def test_every_wish_of_a_form_has_a_name_and_a_word_in_chinese(form: Any) -> None:
    known = table("options")
    for name, schema in form.options.model_json_schema().get("properties", {}).items():
        assert f"{form.name}.{name}" in known["names"] or name in known["names"], name
        assert f"{form.name}.{name}" in known["zh"] or name in known["zh"], name
        for value in schema.get("enum", []):
            assert value == "" or f"{form.name}.{value}" in known["values"] or value in known["values"], value
