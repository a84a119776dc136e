"""The screenplay before fountain-js, afterwriting and a reader of FDX that isn't ours."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from miaobi.work import Work
from tests.tools.conftest import run, written

pytestmark = [pytest.mark.tools, pytest.mark.slow]
TYPES = """
const { Fountain } = require(process.argv[1] + '/fountain-js');
const text = require('fs').readFileSync(process.argv[2], 'utf8');
const tokens = new Fountain().parse(text, true).tokens;
console.log(JSON.stringify(tokens.map(t => [t.type, t.text])));
"""


def test_fountain_js_reads_every_scene_and_every_speech(
    works: dict[str, Work], node_modules: Path, tmp_path: Path
) -> None:
    path = written(works["screenplay"], "fountain", tmp_path)
    done = run("node", "-e", TYPES, node_modules, path)
    assert done.returncode == 0, done.stderr
    tokens = json.loads(done.stdout)
    script = path.read_text("utf-8")
    count = {kind: sum(t[0] == kind for t in tokens) for kind in ("scene_heading", "character", "dialogue", "title")}
    acts = works["screenplay"].content["acts"]
    scenes = [s for act in acts for s in act["scenes"]]
    spoken = [line for s in scenes for b in s["beats"] for line in b["lines"] if line["kind"] == "speech"]
    assert count["scene_heading"] == len(scenes)
    assert count["dialogue"] == len(spoken)
    assert count["character"] >= len(spoken) * 0.8  # one who goes on after an action keeps the cue
    assert count["title"] == 1
    assert works["screenplay"].title in script


def test_afterwriting_makes_pages_of_it(works: dict[str, Work], node_modules: Path, tmp_path: Path) -> None:
    path = written(works["screenplay"], "fountain", tmp_path)
    done = run(
        "node", node_modules / "afterwriting" / "awc.js", "--source", path, "--pdf", tmp_path / "a.pdf", "--overwrite",
        cwd=tmp_path,
    )  # fmt: skip
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF"), done.stdout + done.stderr


def test_fdx_holds_the_paragraph_types_of_final_draft(works: dict[str, Work]) -> None:
    root = ElementTree.fromstring(works["screenplay"].rendering("fdx").content)
    assert root.tag == "FinalDraft"
    types = {p.get("Type") for p in root.iterfind("./Content/Paragraph")}
    assert {"Scene Heading", "Action", "Character", "Dialogue"} <= types
    assert types <= {
        "Scene Heading",
        "Action",
        "Character",
        "Parenthetical",
        "Dialogue",
        "Transition",
        "Shot",
        "General",
    }
