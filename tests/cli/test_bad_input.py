"""What people, disks and strangers hand to the command line: each gets its exit code, and an error says what is legal.

A case is (what makes it, the command, exit code, what standard error says). None may end in a traceback or a "defect".
"""

from __future__ import annotations

import pickle
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.run import run
from tests.engines.hostile import Gguf, string_key

Make = Callable[[Path], object]
Case = tuple[Make, list[str | bytes], int, str]
COMPOSE: list[str | bytes] = ["compose", "story"]


def nothing(home: Path) -> None:
    return


def write(name: str, content: bytes) -> Make:
    return lambda home: (home / name).write_bytes(content)


def library(content: bytes) -> Make:
    def make(home: Path) -> None:
        (home / "library").mkdir()
        (home / "library" / "library.db").write_bytes(content)

    return make


def newer_library(home: Path) -> None:
    assert run("works", "list", home=home).returncode == 0
    with sqlite3.connect(home / "library" / "library.db") as raw:
        raw.execute("INSERT INTO migrations VALUES ('9999-future', '2099')")
    raw.close()


def foreign_library(home: Path) -> None:
    (home / "library").mkdir()
    with sqlite3.connect(home / "library" / "library.db") as raw:
        raw.execute("CREATE TABLE songs (title)")
    raw.close()


def archive(members: dict[str, bytes], compress: int = zipfile.ZIP_STORED) -> Make:
    def make(home: Path) -> None:
        with zipfile.ZipFile(home / "x.miaobi", "w", compress) as file:
            for name, content in members.items():
                file.writestr(name, content)

    return make


def read_only(home: Path) -> None:
    (home / "locked").mkdir(mode=0o555)


def linked_to_itself(home: Path) -> None:
    (home / "loop.txt").symlink_to(home / "loop.txt")


STYLE = [*COMPOSE, "a sea", "--reference"]
BRIEFS: dict[str, Case] = {
    "brief-of-1-mb": (write("big.txt", b"sea " * 262_144), [*COMPOSE, "-"], 64, "20,000"),
    "brief-on-stdin-is-empty": (write("big.txt", b""), [*COMPOSE, "-"], 64, "empty"),
    "brief-on-stdin-is-binary": (write("big.txt", b"sea \0 sea"), [*COMPOSE, "-"], 66, "NUL"),
    "brief-on-stdin-is-gb18030": (write("big.txt", "海上生明月".encode("gb18030")), [*COMPOSE, "-"], 66, "UTF-8"),
    "lone-surrogate": (nothing, [*COMPOSE, b"a sea \xff\xfe"], 64, "surrogate"),
    "control-character": (nothing, [*COMPOSE, "a \x07 sea"], 64, "control character"),
    "zero-width-only": (nothing, [*COMPOSE, "\u200b\u2060\ufeff"], 64, "empty"),
    "title-too-long": (nothing, [*COMPOSE, "a sea", "--title", "x" * 501], 64, "500"),
    "unknown-verb": (nothing, ["compse", "story", "a sea"], 64, "Did you mean"),
    "unknown-option-of-verb": (nothing, [*COMPOSE, "a sea", "--sed", "3"], 64, "--seed"),
    "unknown-form-in-chinese": (nothing, ["compose", "短篇小说家", "海"], 64, "短篇小说"),
    "option-twice": (nothing, ["compose", "novel", "a sea", "-o", "chapters=8", "-o", "chapters=9"], 64, "twice"),
    "option-not-a-number": (nothing, ["compose", "novel", "a sea", "-o", "chapters=NaN"], 64, "chapters"),
    "option-json-nan": (nothing, ["compose", "news", "a sea", "-o", "facts=[NaN]"], 64, "finite"),
    "option-json-broken": (nothing, ["compose", "news", "a sea", "-o", "facts=[1,"], 64, "JSON"),
    "option-json-deep": (nothing, ["compose", "news", "a sea", "-o", "facts=" + "[" * 50_000], 64, "JSON"),
    "seed-out-of-range": (nothing, [*COMPOSE, "a sea", "--seed", str(2**63)], 64, "seed"),
    "seed-not-a-number": (nothing, [*COMPOSE, "a sea", "--seed", "1e5"], 64, "integer"),
    "length-out-of-range": (nothing, [*COMPOSE, "a sea", "--length", "1000000000"], 64, "length"),
    "date-that-is-none": (nothing, [*COMPOSE, "a sea", "--date", "2026-02-30"], 64, "date"),
    "format-of-another-form": (nothing, [*COMPOSE, "a sea", "--format", "md,fdx"], 64, "epub"),
    "language-unknown": (nothing, [*COMPOSE, "a sea", "--lang", "tlh"], 64, "zh"),
    "reference-is-a-folder": (nothing, [*STYLE, "style=."], 66, "folder"),
    "reference-is-binary": (write("x.txt", b"\x89PNG\r\n\0"), [*STYLE, "style=x.txt"], 66, "NUL"),
    "reference-is-utf-16": (write("x.txt", "a sea".encode("utf-16")), [*STYLE, "style=x.txt"], 66, "NUL"),
    "reference-is-latin-1": (write("x.txt", "café".encode("latin-1")), [*STYLE, "style=x.txt"], 66, "byte 4"),
    "reference-is-huge": (write("x.txt", b"x" * 2_000_001), [*STYLE, "style=x.txt"], 66, "2,000,000"),
    "reference-never-ends": (nothing, [*STYLE, "style=/dev/zero"], 66, "larger"),
    "reference-links-to-itself": (linked_to_itself, [*STYLE, "style=loop.txt"], 66, "loop.txt"),
    "reference-without-a-name": (nothing, [*STYLE, "style="], 64, "kind=FILE"),
}
PLACES: dict[str, Case] = {
    "out-is-a-file": (write("made", b""), [*COMPOSE, "a sea", "--out", "made"], 74, "file, not a folder"),
    "out-below-a-file": (write("made", b""), [*COMPOSE, "a sea", "--out", "made/here"], 74, "file, not a folder"),
    "out-too-long": (nothing, [*COMPOSE, "a sea", "--out", "x" * 300], 74, "too long"),
    "out-read-only": (read_only, [*COMPOSE, "a sea", "--out", "locked/here"], 74, "can't be written"),
    "library-damaged": (library(b"garbage" * 999), [*COMPOSE, "a sea"], 74, "miaobi works mend"),
    "library-of-another-program": (foreign_library, ["works", "list"], 74, "another program"),
    "library-newer": (newer_library, [*COMPOSE, "a sea"], 74, "newer miaobi"),
    "library-is-a-file": (write("library", b""), ["works", "list"], 74, "in the way"),
    "engine-that-answers-nothing": (nothing, [*COMPOSE, "a sea", "--engine", "http://127.0.0.1:9/v1#m"], 70, "answers"),
    "engine-truncated": (
        write("x.gguf", Gguf().content()[:60]), [*COMPOSE, "a sea", "--engine", "./x.gguf"], 69, "x.gguf",
    ),
    "engine-that-lies": (
        write("x.gguf", Gguf(key_count=2**60).content()), [*COMPOSE, "a sea", "--engine", "./x.gguf"], 69, "x.gguf",
    ),
    "engine-hostile": (
        write("x.gguf", Gguf(keys=[string_key("general.architecture", b"\xff" * 64)]).content()),
        [*COMPOSE, "a sea", "--engine", "./x.gguf"], 69, "x.gguf",
    ),
    "engine-is-a-pickle": (
        write("x.bin", pickle.dumps({"weights": [1]})), ["checkpoints", "add", "./x.bin"], 69, "x.bin",
    ),
    "checkpoint-unknown": (nothing, ["checkpoints", "pull", "smolm2"], 64, "Did you mean"),
    "chinese-by-an-english-checkpoint": (write("x.txt", "海。".encode()), ["continue", "x.txt"], 69, "Chinese"),
    "resume-by-a-path": (nothing, ["resume", "../../etc/passwd"], 64, "unfinished"),
}  # fmt: skip
WORKS: dict[str, Case] = {
    "work-unknown": (nothing, ["works", "show", "no such work"], 64, "works list"),
    "version-unknown": (nothing, ["works", "diff", "feedbeef", "feedbeef"], 64, "feedbeef"),
    "search-for-nothing": (nothing, ["works", "search", "  …  "], 64, "nothing to search"),
    "list-of-unknown-form": (nothing, ["works", "list", "--form", "stroy"], 64, "story"),
    "list-of-unknown-language": (nothing, ["works", "list", "--lang", "fr"], 64, "en, zh"),
    "board-without-a-name": (write("a.txt", b"A text."), ["works", "board", "add", " ", "x"], 64, "There is no work"),
    "import-missing": (nothing, ["works", "import", "x.miaobi"], 66, "no file"),
    "import-a-folder": (nothing, ["works", "import", "."], 66, "folder"),
    "import-no-zip": (write("x.miaobi", b"not a zip"), ["works", "import", "x.miaobi"], 66, "not a readable"),
    "import-climbs-out": (archive({"../../evil": b"x"}), ["works", "import", "x.miaobi"], 66, "no export has"),
    "import-absolute": (archive({"/tmp/evil": b"x"}), ["works", "import", "x.miaobi"], 66, "no export has"),
    "import-empty": (archive({}), ["works", "import", "x.miaobi"], 66, "manifest"),
    "import-bomb": (
        archive({"objects/" + "a" * 64: b"\0" * 250_000_000}, zipfile.ZIP_DEFLATED),
        ["works", "import", "x.miaobi"], 66, "unpacks to more",
    ),
    "import-deep-json": (archive({"manifest.json": b"[" * 200_000}), ["works", "import", "x.miaobi"], 66, "not a work"),
}  # fmt: skip
TEXTS: dict[str, Case] = {
    "text-missing": (nothing, ["revise", "x.txt", "--instruction", "tense=past"], 66, "no file"),
    "text-empty": (write("x.txt", b" \n"), ["revise", "x.txt", "--instruction", "tense=past"], 64, "empty"),
    "text-binary": (write("x.txt", b"\0"), ["critique", "x.txt"], 66, "NUL"),
    "text-utf-16": (write("x.txt", "海".encode("utf-16")), ["check", "x.txt"], 66, "UTF-8"),
    "text-folder": (nothing, ["continue", "."], 66, "folder"),
    "instruction-unknown": (write("x.txt", b"A."), ["revise", "x.txt", "--instruction", "sing"], 64, "tense=past|"),
    "instruction-missing": (write("x.txt", b"A."), ["revise", "x.txt"], 64, "--instruction"),
    "instruction-in-chinese-text": (
        write("x.txt", "海。".encode()), ["revise", "x.txt", "--instruction", "tense=past"], 70, "English only",
    ),
    "lines-not-there": (
        write("x.txt", b"A."), ["revise", "x.txt", "--instruction", "plain", "--lines", "2-9"], 64, "which has 1",
    ),
    "passage-not-there": (write("x.txt", b"A."), ["alternatives", "x.txt", "--passage", "B"], 64, "doesn't occur"),
    "passage-twice": (write("x.txt", b"A. A."), ["alternatives", "x.txt", "--passage", "A."], 64, "2 times"),
    "passage-and-lines": (
        write("x.txt", b"A."), ["alternatives", "x.txt", "--passage", "A", "--lines", "1"], 64, "one of --lines",
    ),
    "style-missing": (write("x.txt", b"A."), ["continue", "x.txt", "--style", "y.txt"], 66, "y.txt"),
    "words-out-of-range": (write("x.txt", b"A."), ["continue", "x.txt", "--words", "0"], 64, "words"),
    "in-place-on-stdin": (write("big.txt", b"She walks."), ["revise", "-", "--instruction", "tense=past", "--in-place"],
                          64, "as a file"),
    "ideas-of-no-kind": (nothing, ["ideas", "a sea", "--kind", "plots"], 64, "what-ifs"),
    "ideas-of-nothing": (nothing, ["ideas", " "], 64, "empty"),
    "ideas-of-a-surrogate": (nothing, ["ideas", b"a \xff"], 64, "surrogate"),
    "branch-of-nothing": (nothing, ["branch", "nothing", "b"], 64, "no work"),
    "check-by-facts": (write("x.txt", b"A."), ["check", "x.txt", "--form", "新闻"], 64, "story"),
}  # fmt: skip
CASES = BRIEFS | PLACES | WORKS | TEXTS
REAL = {name for name in CASES if name.startswith(("engine-", "checkpoint-", "chinese-"))}


@pytest.mark.parametrize("name", CASES)
def test_bad_input_gets_its_code_and_says_what_is_legal(tmp_path: Path, name: str) -> None:
    make, arguments, code, said = CASES[name]
    make(tmp_path)
    given = (tmp_path / "big.txt").read_bytes() if (tmp_path / "big.txt").exists() else b""
    module = "miaobi.cli" if name in REAL else "tests.cli.parroted"
    before = {p: p.read_bytes() for p in tmp_path.rglob("library.db") if code == 74}
    done = run(*arguments, home=tmp_path, module=module, given=given, rightless=name == "out-read-only")
    assert (done.returncode, "Traceback" in done.stderr, "defect" in done.stderr) == (code, False, False), done.stderr
    assert said in done.stderr
    assert done.stdout == ""
    assert all(path.read_bytes() == content for path, content in before.items())
    assert not list(tmp_path.parent.rglob("evil"))


TAKEN: dict[str, list[str | bytes]] = {
    "right-to-left": [*COMPOSE, "שומר המגדלור מוצא מכתב בבקבוק", "--length", "450"],
    "emoji-and-joiners": [*COMPOSE, "👩‍🚀 finds a 🌊 in a café", "--length", "450"],
    "bidi-overrides-in-the-title": [*COMPOSE, "a sea", "--title", "\u202eevil\u202c txt.exe", "--length", "450"],
    "path-in-the-title": [*COMPOSE, "a sea", "--title", "../../evil/..\\evil", "--length", "450"],
    "windows-name-as-title": [*COMPOSE, "a sea", "--title", "CON", "--length", "450"],
    "markup-in-the-title": [*COMPOSE, "a sea", "--title", "<script>alert(1)</script> & “*]", "--length", "450"],
    "idea-like-an-option": [*COMPOSE, "--length", "450", "--", "--a sea--"],
    "crlf-and-bom-reference": [*COMPOSE, "a sea", "--length", "450", "--reference", "style=bom.txt"],
}


@pytest.mark.parametrize("name", TAKEN)
def test_odd_but_legal_input_makes_a_work(tmp_path: Path, name: str) -> None:
    (tmp_path / "bom.txt").write_bytes(b"\xef\xbb\xbfShe went.\r\nShe came.\r\n")
    done = run("compose", "--format", "md,html", *TAKEN[name][1:], home=tmp_path)
    assert done.returncode == 0, done.stderr
    made = list(tmp_path.rglob("record.json"))
    assert len(made) == 1
    assert made[0].parent.parent == tmp_path
    files = {p.name for p in made[0].parent.iterdir()}
    assert {name.rpartition(".")[2] for name in files} == {"md", "html", "json"}
    assert not any(c in name for name in files for c in '\u202e/\\<>:"|?*')
    page = next(p for p in made[0].parent.iterdir() if p.suffix == ".html").read_text("utf-8")
    assert "<script" not in page
    assert not list(tmp_path.parent.rglob("evil"))
