from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from miaobi.studio.library import Library


def miaobi(*arguments: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"MIAOBI_HOME": str(home)} | more
    command = [sys.executable, "-m", "miaobi.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, cwd=home, check=False)


def test_import_loads_nothing_heavy() -> None:
    code = "import miaobi, miaobi.cli, sys; print([m for m in ('torch', 'xllamacpp', 'pydantic') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False)
    assert done.stdout.strip() == "[]"


def test_forms_lists_every_form_in_both_languages(tmp_path: Path) -> None:
    done = miaobi("forms", home=tmp_path)
    assert done.returncode == 0
    for name in ("story", "短篇小说", "novel", "screenplay", "剧本", "news", "email"):
        assert name in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["compose", "stry", "a sea"], 64, "story"),
        (["compose", "story", "   "], 64, "empty"),
        (["compose", "story", "a sea", "--lang", "fr"], 64, "language"),
        (["compose", "story", "一片海", "--lang", "zh"], 69, "gemma-3-270m"),
        (["compose", "prose", "a sea", "--lang", "zh"], 64, "zh"),
        (["compose", "story", "a sea", "--format", "exe"], 64, "epub"),
        (["compose", "story", "a sea", "--length", "5"], 64, "450"),
        (["compose", "story", "a sea", "--length", "-5"], 64, "length"),
        (["compose", "story", "a sea", "-o", "colour=red"], 64, "colour"),
        (["compose", "story", "a sea", "-o", "colour"], 64, "name=value"),
        (["compose", "story", "a sea", "--seed", "-1"], 64, "seed"),
        (["compose", "story", "a sea", "--date", "soon"], 64, "date"),
        (["compose", "story", "a sea", "--reference", "style=missing.txt"], 66, "missing.txt"),
        (["compose", "story", "a sea", "--reference", "colour=x"], 64, "style"),
        (["compose", "story", "a sea", "--engine", "no-such-checkpoint"], 64, "smollm2"),
        (["compose", "story", "a sea", "--engine", "./missing.gguf"], 69, "missing.gguf"),
        (["compose", "novel", "a sea", "--length", "9000", "-o", "chapters=29"], 64, "chapters"),
        (["compose", "news", "a sea"], 64, "fact"),
        (["resume"], 64, "unfinished"),
        (["resume", "abc"], 64, "abc"),
    ],
)
def test_bad_input_gets_its_code_and_says_what_is_legal(
    tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    done = miaobi(*arguments, home=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert said in done.stderr


@pytest.mark.parametrize("idea", ["a \ud800 sea", "a \x00 sea", "sea " * 300_000])
def test_text_that_cannot_be_stored_is_refused(idea: str) -> None:
    from miaobi.brief import Brief
    from miaobi.errors import BriefError

    with pytest.raises(BriefError):
        Brief.parse({"form": "story", "idea": idea})


@pytest.mark.parametrize("idea", ["شاعر يكتب رسالة", "👩‍🚀 finds 🌊", "zéro\u200bwidth", "e\u0301te"])
def test_text_of_any_script_is_taken(idea: str) -> None:
    from miaobi.brief import Brief

    brief = Brief.parse({"form": "story", "idea": idea})
    assert "\u200b" not in brief.idea
    assert Brief.model_validate_json(brief.model_dump_json()) == brief


@pytest.mark.checkpoint
@pytest.mark.slow
def test_compose_writes_the_files_and_their_record(tmp_path: Path, own_home: Path) -> None:
    environment = os.environ | {"MIAOBI_HOME": str(own_home)}
    command = [sys.executable, "-m", "miaobi.cli", "compose", "故事", "A thief steals a painting", "--length", "450"]
    done = subprocess.run(
        [*command, "--format", "md,epub", "--out", "made", "--json"],
        capture_output=True, text=True, timeout=400, check=False, env=environment, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert {f["name"].rpartition(".")[2] for f in told["files"]} == {"md", "epub"}
    record = json.loads((tmp_path / "made" / "record.json").read_text("utf-8"))
    assert record["brief"]["idea"] == "A thief steals a painting"
    assert record["record"]["checkpoint"]["name"] == told["checkpoint"]
    with Library(own_home / "library") as library:
        (card,) = library.works()
    assert (card.id, card.idea) == (record["id"], "A thief steals a painting")
    assert card.checkpoint_sha256 == record["record"]["checkpoint"]["sha256"]
