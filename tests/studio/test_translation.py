"""What is said in Chinese: everything that a user of the page or of compose can be told, and nothing in vain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from miaobi.cli import main
from miaobi.cli.app import app
from miaobi.findings import Finding
from miaobi.forms import forms
from miaobi.studio.translation import (
    TRADITIONAL,
    finding,
    labels,
    messages,
    preferred,
    prefers_traditional,
    said,
    titles,
)
from tests.templates import constants, steps, templates
from tests.templates import labels as labels_said

SHOWN = (  # whose messages a user of the page or of `compose` meets; programs' (server/request.py), disks' are English
    "assist", "brief.py", "compose.py", "forms", "studio/world/plan.py", "studio/world/making.py",
    "studio/world/board.py", "studio/world/wording.py", "studio/world/shelf.py", "studio/sweep.py", "server/worlds.py",
    "server/sweeps.py",
    "craft/facts", "craft/looking/opening.py", "craft/mail.py", "craft/melody", "craft/chorale", "craft/plot",
    "craft/music/judgement.py", "craft/music/underlay", "craft/music/chord.py", "craft/music/instrument.py",
    "craft/music/transposition.py", "craft/music/arrangement", "craft/music/performance.py", "craft/space/fitness.py",
    "craft/text", "craft/verse/judgement.py", "craft/drawing/check.py", "craft/drawing/colour.py",
    "craft/drawing/lettering.py", "craft/prosody/chinese", "studio/variation.py", "studio/intake.py", "studio/queue.py",
    "studio/library/library.py", "studio/library/search.py", "studio/library/export.py", "studio/certified.py",
    "studio/picture.py", "server/assistance.py", "server/artifact.py", "server/native.py", "server/works.py",
    "server/pool.py", "server/page.py", "engines/opening.py", "engines/fleet.py",
    *(str(path.relative_to("src/miaobi")) for path in sorted(Path("src/miaobi/cli").glob("*.py"))),
    "studio/delivery.py", "studio/job.py", "studio/library", "studio/manuscript.py", "studio/refusal.py",
    "studio/sheet.py", "studio/tune.py", "studio/users.py",
)  # fmt: skip
PIECES = {  # parts of messages that the source puts together; the catalogue has the whole
    "; {0} fits better", "names several versions", "is no version in the library", "{0}, {1} syllables",
    "“{0}” ({1}) with {2}", "{0} in {1}",
}  # fmt: skip
HOLE = re.compile(r"\{(\d+)\}")


@pytest.fixture(scope="module")
def source() -> dict[str, str]:
    told = dict(_helps(get_command(app))) | dict(_options())
    return {text.strip(): where for text, where in templates(*SHOWN).items()} | told


def _helps(command: Any, name: str = "miaobi") -> Iterator[tuple[str, str]]:
    """Yield what each verb does, with the verb; the laboratory's are English."""
    yield " ".join(command.help.split("\n\n")[0].split()), name
    if name != "miaobi lab":
        for inner, verb in getattr(command, "commands", {}).items():
            yield from _helps(verb, f"{name} {inner}")


def _options() -> Iterator[tuple[str, str]]:
    """Yield what is said of each form's options, with the option."""
    for form in forms().values():
        for option, schema in form.options.model_json_schema().get("properties", {}).items():
            yield schema["description"], f"{form.name}.{option}"


def test_everything_that_is_shown_is_translated(source: dict[str, str]) -> None:
    lacking = {text: where for text, where in source.items() if text not in messages() and text not in PIECES}
    assert not lacking, "their Chinese belongs into src/miaobi/studio/data/messages.zh.txt"


def test_nothing_is_translated_in_vain(source: dict[str, str]) -> None:
    """Each message of the catalogue is said somewhere, as it stands or with values for some of its holes."""
    everywhere = source | {text.strip(): where for text, where in templates(".").items()}
    patterns = [re.compile(HOLE.sub("(.+?)", re.escape(t).replace(r"\{", "{").replace(r"\}", "}"))) for t in everywhere]
    parts = [piece.strip() for text in everywhere for piece in re.split(r"(?<=[.?]) ", text)]
    text = "\n".join(path.read_text("utf-8") for path in Path("src/miaobi").rglob("*.py") if path.is_file())
    vain = [
        m for m in messages()
        if m not in everywhere and m not in parts and not any(p.fullmatch(m) for p in patterns)
        and HOLE.split(m)[0] not in text and not m.startswith(OF_PYDANTIC + OF_TYPER)
    ]  # fmt: skip
    assert not vain, "nobody says them any more: src/miaobi/studio/data/messages.zh.txt"


OF_PYDANTIC = ("Input should", "String should", "Field required", "Extra inputs", "Value error")
OF_TYPER = ("No such", "Did you mean", "Missing", "Got unexpected", "Invalid value for", "Option '{0}' requires")


def _types(schema: Any) -> Iterator[str]:
    """Yield the types that a schema names, and the words for their bounds."""
    if isinstance(schema, dict):
        if isinstance(kind := schema.get("type"), str):
            yield from (kind, "from", "to", "value")
        for inner in schema.values():
            yield from _types(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _types(inner)


def test_labels_are_those_that_are_shown() -> None:
    shown = labels_said(*(place for place in SHOWN if place.startswith("cli"))) | steps("forms", "assist")
    shown |= {kind for form in forms().values() for kind in _types(form.options.model_json_schema()["properties"])}
    lacking = shown - set(labels()) - set(messages()) - {"中文"}  # a head for readers of English
    vain = set(labels()) - shown - constants(".")  # kinds and severities are shown by their values
    assert not lacking, "their Chinese belongs into src/miaobi/studio/data/labels.zh.txt"
    assert not vain, "nobody shows them any more: src/miaobi/studio/data/labels.zh.txt"


def test_translation_has_the_values_and_is_chinese() -> None:
    for english, chinese in messages().items():
        assert set(HOLE.findall(chinese)) <= set(HOLE.findall(english)), english
        assert re.search(r"[\u4e00-\u9fff]", chinese) or chinese == "{0}", english


def test_message_is_recognised_whatever_its_values() -> None:
    for template, chinese in messages().items():
        filled, told = (HOLE.sub(lambda hole: f"7{hole[1]}", text) for text in (template, chinese))
        assert said(filled, "zh") == told
        assert said(filled, "en") == filled


@pytest.mark.parametrize(("message", "told"), [
    ("A haiku of 300 words can't be written.", "写不了 300 词的英文俳句。"),
    ("The brief is empty. Say what the haiku is about, e.g. “Snow. It falls.”.",
     "还没有写创作要求。说说这篇英文俳句写什么，例如“Snow. It falls.”。"),
    ("Did you mean haiku? Forms: haiku, sonnet.", "是不是想说英文俳句？体裁有：英文俳句、十四行诗。"),
    ("The options are not valid: size: it is not a whole number (given: “a; b: c”); hue: there is nothing of that name",
     "选项不合规定：size：不是整数（给的是“a; b: c”）；hue：没有这一项"),
    ("The haiku is not valid: The subject has 99 characters.", "英文俳句不合规定：主题有 99 个字符。"),
    ("Options of sculpture: kind, text, size.", "雕塑的选项：kind, text, size。"),
    ("Line 3: “tree” does not rhyme with “sea” (line 1): their sounds differ.",
     "第 3 行：“tree”与第 1 行的“sea”：韵不同。"),
    ("What nobody said.", "What nobody said."), ("第3句“花”字重出。", "第3句“花”字重出。"), ("", ""),
])  # fmt: skip
def test_messages_within_messages_and_behind_one_another(message: str, told: str) -> None:
    assert said(message, "zh") == told


@pytest.mark.parametrize(("accepted", "language"), [
    ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB,en;q=0.9,zh;q=0.8", "en"), ("zh_CN.UTF-8", "zh"), ("zh", "zh"),
    ("", "en"), ("en;q=0.3, zh-Hant;q=0.9", "zh"), ("C.UTF-8", "en"), ("zha", "en"), (";;;q=x", "en"),
])  # fmt: skip
def test_reader_is_told_by_header_and_locale(accepted: str, language: str) -> None:
    assert preferred(accepted) == language


def test_finding_is_translated_where_it_is_shown_and_kept_as_it_was() -> None:
    found = Finding(rule="x", message="The text is empty.").model_dump()
    assert finding(found) == found


def test_error_on_the_command_line_is_in_the_reader_s_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path))
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    told = []
    for variables, more in (
        ({}, []),
        ({"LANG": "zh_CN.UTF-8"}, []),
        ({}, ["--lang", "zh"]),
        ({"LANG": "zh_CN"}, ["--lang=en"]),
    ):
        with monkeypatch.context() as patch:
            for name, value in variables.items():
                patch.setenv(name, value)
            assert main(["compose", "story", "", *more]) == 64
        told.append(capsys.readouterr().err.partition("\n")[0])
    assert told == [
        "Error: The brief is empty.",
        "错误：还没有写创作要求。",
        "错误：还没有写创作要求。",
        "Error: The brief is empty.",
    ]


def test_traditional_characters_are_for_who_reads_them_and_leave_what_is_quoted() -> None:
    for asked, wanted in (("zh-Hant", True), ("zh_TW.UTF-8", True), ("en, zh-HK;q=0.9", False), ("zh-CN", False)):
        assert prefers_traditional(asked) is wanted
    refused = "There is no model “软件里” here. There are: parrot."
    simplified = said(refused, "zh")
    token = TRADITIONAL.set(True)
    try:
        assert "「软件里」" in said(refused, "zh")
        assert "这" not in said(refused, "zh").replace("软件里", "")
        assert said(refused, "zh") != simplified
        assert titles({"en": "sky", "zh": "天空与云层"}) == {"en": "sky", "zh": "天空與雲層"}
    finally:
        TRADITIONAL.reset(token)
    assert said(refused, "zh") == simplified
