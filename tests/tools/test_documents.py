"""EPUB, DOCX and PDF before the programs that people use."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from miaobi.craft.plot.narrative import Narrative
from miaobi.craft.text.sentence import words
from miaobi.work import Work
from tests.tools.conftest import program, run, written

pytestmark = [pytest.mark.tools, pytest.mark.slow]


@pytest.mark.parametrize("form", ["story", "novel", "prose"])
def test_epubcheck_finds_no_error_and_no_warning(
    form: str, works: dict[str, Work], node_modules: Path, tmp_path: Path
) -> None:
    path = written(works[form], "epub", tmp_path)
    done = run("node", node_modules / ".bin" / "epubcheck-ts", "--json", tmp_path / "report.json", path)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert not [m for m in found["messages"] if m["severity"].upper() in {"FATAL", "ERROR", "WARNING"}]


def test_epubcheck_of_the_w3c_finds_no_error(works: dict[str, Work], tmp_path: Path) -> None:
    program("java")
    epubcheck = pytest.importorskip("epubcheck", reason="pip install epubcheck")
    result = epubcheck.EpubCheck(str(written(works["novel"], "epub", tmp_path)))
    assert result.valid, result.messages


def test_epubcheck_sees_a_broken_chapter(works: dict[str, Work], node_modules: Path, tmp_path: Path) -> None:
    import io
    import zipfile

    broken = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(works["story"].rendering("epub").content)) as old,
        zipfile.ZipFile(broken, "w") as new,
    ):
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry, content.replace(b"</p>", b"", 1) if entry.filename.endswith("xhtml") else content)
    path = tmp_path / "broken.epub"
    path.write_bytes(broken.getvalue())
    assert run("node", node_modules / ".bin" / "epubcheck-ts", path).returncode != 0


@pytest.mark.parametrize("form", ["story", "novel", "report"])
def test_libreoffice_converts_the_docx(form: str, works: dict[str, Work], tmp_path: Path) -> None:
    soffice = program("soffice")
    path = written(works[form], "docx", tmp_path)
    done = run(
        soffice, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "txt:Text",
        "--outdir", tmp_path, path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "work.txt").read_text("utf-8-sig")
    assert works[form].title in text
    assert "AI-generated" in text


@pytest.mark.parametrize("form", ["story", "prose"])
def test_pdftotext_gives_the_words_back_in_order(form: str, works: dict[str, Work], tmp_path: Path) -> None:
    done = run(program("pdftotext"), "-layout", written(works[form], "pdf", tmp_path), "-")
    assert done.returncode == 0, done.stderr
    read = words(re.sub(r"-\n\s*", "", done.stdout))
    content = works[form].content
    told = (
        Narrative.model_validate(content).text() if form == "story" else works[form].rendering("txt").content.decode()
    )
    wanted = words(told.split("\n\n", 3)[-1] if form == "prose" else told)
    at = 0
    missing = []
    for word in wanted:
        bare = word.replace("-", "")
        hit = next((i for i in range(at, min(at + 40, len(read))) if read[i].replace("-", "") == bare), None)
        if hit is None:
            missing.append(word)
        else:
            at = hit + 1
    assert len(missing) <= len(wanted) // 200, (
        missing
    )  # a word broken at its own hyphen isn't told from a hyphenated one
    assert len(wanted) > 300


def test_contents_page_and_nav_of_the_novel_name_every_chapter(works: dict[str, Work], tmp_path: Path) -> None:
    import zipfile

    titles = [act["title"] for act in works["novel"].content["acts"]]
    with zipfile.ZipFile(written(works["novel"], "epub", tmp_path)) as book:
        nav = next(book.read(n).decode() for n in book.namelist() if n.endswith("nav.xhtml"))
    for title in titles:
        assert title.replace("'", "&#x27;") in nav or title in nav
