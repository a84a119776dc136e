"""Both languages of the page say everything: its own words, and the wishes of every form."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import opencc
import pytest

from miaobi.craft.chorale.rule import RULES
from miaobi.craft.prosody.chinese.account import NAMES
from miaobi.craft.prosody.english.metre import METRES
from miaobi.forms import forms

WORDS = Path(__file__).parents[2] / "web" / "src" / "words"
SHIPPED = {p.stem.replace("_", "-") for p in (Path(__file__).parents[2] / "src" / "miaobi" / "forms").rglob("*.py")}
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


def test_every_rule_of_a_certificate_has_a_name_in_both_languages() -> None:
    source = "\n".join(path.read_text() for path in (Path(__file__).parents[2] / "src" / "miaobi").rglob("*.py"))
    named = set(re.findall(r'Evidence\(\s*rule="([^"]+)"', source))
    assert {"rhyme", "beats", "所限"} <= named
    missing = {f"rule.{rule}" for rule in named | set(RULES) | set(NAMES.values()) | set(METRES)} - set(table("en"))
    assert not missing


def hant() -> Any:
    """The script that makes the table of traditional characters."""
    spec = importlib.util.spec_from_file_location("hant", WORDS / "hant.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_traditional_words_are_complete_and_as_their_script_makes_them() -> None:
    made, zh, options = table("hant"), table("zh"), table("options")
    assert list(made["words"]) == list(zh)
    assert list(made["names"]) == list(options["names"])
    assert list(made["helps"]) == list(options["zh"])
    assert list(made["values"]) == list(options["values"])
    assert set(made["forms"]) >= {form.name for form in forms().values() if form.name in SHIPPED}
    for key, words in zh.items():
        assert re.findall(r"\{\w+\}", words) == re.findall(r"\{\w+\}", made["words"][key]), key
    assert (WORDS / "hant.json").read_text() == hant().written(), "run: python web/src/words/hant.py"


def test_no_simplified_character_is_left_and_our_trade_is_called_by_its_name() -> None:
    alone, back = opencc.OpenCC("s2t"), opencc.OpenCC("t2s")
    made = table("hant")
    shown = "".join(said for kind in ("words", "names", "helps", "values", "signs") for said in made[kind].values())
    shown += "".join(said for pair in made["forms"].values() for said in pair)
    left = {c for c in shown if alone.convert(c) != c and back.convert(c) == c}
    assert left <= set("台里"), left  # 平台; 里 in foreign names
    assert "“" not in shown
    for wrong in ("和絃", "剋制", "訊息", "臺", "裏", "弗裡", "引數", "後製", "鬥", "傢俱", "幹淨", "麵板", "鐘情"):
        assert wrong not in shown, wrong
    words = made["words"]
    assert [words[key] for key in ("work.files", "door.title", "create.ideaPlaceholder", "work.follow")] == [
        "檔案",
        "書房還沒有對這個瀏覽器開門",
        "小站落雪，一盞燈還亮著……",
        "跟著音符聽",
    ]


@pytest.mark.parametrize("form", list(forms().values()), ids=lambda form: form.name)
def test_every_wish_of_a_form_has_a_name_and_a_word_in_chinese(form: Any) -> None:
    known = table("options")
    for name, schema in form.options.model_json_schema().get("properties", {}).items():
        assert f"{form.name}.{name}" in known["names"] or name in known["names"], name
        assert f"{form.name}.{name}" in known["zh"] or name in known["zh"], name
        for value in schema.get("enum", []):
            assert value == "" or f"{form.name}.{value}" in known["values"] or value in known["values"], value


@pytest.mark.parametrize("form", list(forms().values()), ids=lambda form: form.name)
def test_what_the_program_fills_in_is_no_wish_and_what_needs_another_names_it(form: Any) -> None:
    known = form.options.model_json_schema().get("properties", {})
    assert known.get("kept", {"readOnly": True})["readOnly"]
    assert {schema["needs"] for schema in known.values() if "needs" in schema} <= set(known)
