"""The laboratory from the command line: a corpus becomes vectors and token files, and bad input gets its exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("numba", reason="needs the lab extra")
pytest.importorskip("tokenizers", reason="needs the lab extra")

from miaobi.cli import main
from tests.lab.made import sentences

pytestmark = pytest.mark.lab


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for i, text in enumerate(sentences(80, words=60)):
        (folder / f"{i:03}.txt").write_text(text + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def corpus(texts: Path, tmp_path: Path) -> Path:
    assert main(["lab", "corpus", str(texts), "--out", str(tmp_path / "corpus"), "--licence", "CC0-1.0"]) == 0
    return tmp_path / "corpus"


def test_texts_become_a_corpus_a_report_a_vocabulary_and_token_files(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words, tokens, clean = (str(tmp_path / name) for name in ("words", "tokens", "clean"))
    assert main(["lab", "audit", str(corpus), "--clean", clean]) == 0
    assert (corpus / "audit/audit.md").read_text(encoding="utf-8").startswith("# Audit of the corpus")
    assert main(["lab", "vocabulary", clean, "--kind", "bpe", "--size", "300", "--out", words]) == 0
    assert main(["lab", "audit", str(corpus), "--parameters", "1000", "--vocabulary", words]) == 0
    assert "distinct training tokens" in (corpus / "audit/audit.md").read_text(encoding="utf-8")
    assert main(["lab", "tokens", clean, words, "--out", tokens, "--validation", "0.2"]) == 0
    assert "train: " in capsys.readouterr().out
    assert json.loads((tmp_path / "tokens/tokens.json").read_text())["kind"] == "uint16"


@pytest.mark.parametrize("method", ["glove", "skipgram", "cbow"])
def test_corpus_becomes_vectors_that_can_be_asked(
    corpus: Path, method: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("gensim", reason="needs the lab extra")
    out = str(tmp_path / "v.bin")
    order = ["--method", method, "--dimensions", "8", "--epochs", "2", "--least", "2"]
    assert main(["lab", "vectors", str(corpus), "--out", out, *order]) == 0
    record = json.loads((tmp_path / "v.bin.json").read_text())
    assert len(record["losses"]) == 2
    assert record["text"]["sha256"] == json.loads((corpus / "manifest.json").read_text())["sha256"]
    capsys.readouterr()
    assert main(["lab", "neighbours", out, "ban", "--count", "3"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert main(["lab", "analogy", out, "ban", "bel", "ko", "--count", "2"]) == 0
    assert main(["lab", "judge", out]) == 0
    assert "0 of 353 pairs" in capsys.readouterr().out
    assert main(["lab", "map", out, "--near", "ban,ko", "--out", str(tmp_path / "m.svg")]) == 0
    assert (tmp_path / "m.svg").read_text(encoding="utf-8").startswith("<svg")


def test_same_order_gives_the_same_vectors_on_any_number_of_threads(texts: Path, tmp_path: Path) -> None:
    text = tmp_path / "t.txt"
    text.write_text("".join(p.read_text() for p in sorted(texts.iterdir())))
    for threads in ("1", "2"):
        order = ["--dimensions", "8", "--epochs", "2", "--threads", threads]
        assert main(["lab", "vectors", str(text), "--out", str(tmp_path / f"{threads}.txt"), *order]) == 0
    assert (tmp_path / "1.txt").read_bytes() == (tmp_path / "2.txt").read_bytes()


BINARY, EMPTY = b"\x7fELF\0\1", b" \n"
MIXED = "明月\n".encode() + "疑是\n".encode("gb18030")


@pytest.mark.parametrize(
    ("content", "words", "code", "said"),
    [
        (None, ["corpus", "IT", "--out", "OUT"], 66, "no file or folder"),
        (EMPTY, ["corpus", "IT", "--out", "OUT"], 65, "hold no text at all"),
        (BINARY, ["corpus", "IT", "--out", "OUT"], 66, "is binary"),
        (MIXED, ["corpus", "IT", "--out", "OUT"], 66, "mixes encodings: line 2"),
        (b"x", ["corpus", "IT", "--out", "OUT", "--least-documents", "5"], 65, "fewer than the 5 asked for"),
        (b"x", ["corpus", "music21:essenFolksong", "--out", "OUT"], 64, "airdsAirs"),
        (b"x", ["corpus", "IT", "--out", "IT"], 65, "refused the corpus"),
        (b"x", ["audit", "OUT"], 65, "no corpus at"),
        (b"x", ["vocabulary", "OUT", "--out", "OUT"], 65, "no corpus at"),
        (None, ["vectors", "IT", "--out", "v.txt"], 65, "no corpus at"),
        (EMPTY, ["vectors", "IT", "--out", "v.txt"], 65, "too few to learn"),
        (b"one line of words", ["vectors", "IT", "--out", "v.txt"], 65, "lower --least"),
        (b"x", ["vectors", "IT", "--out", "v.txt", "--method", "cbow"], 65, "lower --least"),
        (BINARY, ["vectors", "IT", "--out", "v.txt", "--least", "1"], 66, "is binary"),
        (MIXED, ["vectors", "IT", "--out", "v.txt"], 66, "not UTF-8 throughout"),
        (b"a b a b", ["vectors", "IT", "--out", "v.txt", "--method", "fasttext"], 64, "glove, skipgram, cbow"),
        (BINARY, ["neighbours", "IT", "word"], 66, "first line is not two numbers"),
        (b"1 2\na 1 2\n", ["neighbours", "IT", "word"], 64, "has no vector"),
        (b"1 2\na 1 2\n", ["map", "IT", "a", "--out", "m.svg"], 65, "three words or more"),
    ],
)
def test_bad_input_gets_its_exit_code_and_the_next_step(
    content: bytes | None,
    words: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    if content is not None:
        Path("it.txt").write_bytes(content)
    names = {"IT": "it.txt", "OUT": "out"}
    assert main(["lab", *(names.get(w, w) for w in words)]) == code
    told = capsys.readouterr().err
    assert said in told
    assert "defect" not in told


def test_full_disk_is_told(texts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/documents.jsonl.part").symlink_to("/dev/full")
    assert main(["lab", "corpus", str(texts), "--out", str(tmp_path / "out")]) == 65
    assert "The disk is full" in capsys.readouterr().err


@pytest.mark.parametrize(("package", "method"), [("numba", "glove"), ("gensim", "cbow")])
def test_missing_extra_says_what_to_install(texts: Path, package: str, method: str, tmp_path: Path) -> None:
    order = ["lab", "vectors", str(texts / "001.txt"), "--out", str(tmp_path / "v.txt"), "--method", method]
    code = f"import sys; sys.modules[{package!r}] = None; from miaobi.cli import main; sys.exit(main({order!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 70
    assert f"needs the package {package}" in done.stderr
    assert "pip install 'miaobi[lab]'" in done.stderr


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from miaobi.cli import main; main(['lab', 'vectors', '--help']); "
        "sys.exit(', '.join({'numpy', 'numba', 'gensim', 'tokenizers', 'scipy', 'httpx'} & set(sys.modules)) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_corpus_holds_only_what_matches_and_tokens_say_when_nothing_is_held_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = tmp_path / "poems.jsonl"
    texts.write_text(
        '{"text": "床前明月光，\\n"}\n{"text": "床前看月光"}\n{"text": "疑是地上霜。"}\n', encoding="utf-8"
    )
    made = ["lab", "corpus", str(texts), "--out", str(tmp_path / "c"), "--matching"]
    assert main([*made, "[一-龥]{5}[，。]"]) == 0
    assert "2 documents" in (said := capsys.readouterr().out)
    assert "1 not matching [一-龥]{5}[，。]" in said
    assert main(["lab", "vocabulary", str(tmp_path / "c"), "--out", str(tmp_path / "v")]) == 0
    tokens = ["lab", "tokens", str(tmp_path / "c"), str(tmp_path / "v"), "--out", str(tmp_path / "t")]
    assert main([*tokens, "--validation", "0"]) == 0
    assert "give a larger --validation" in capsys.readouterr().out
    assert main([*made, "(月"]) != 0
    assert "is no regular expression" in capsys.readouterr().err
    assert main([*made, "x"]) != 0
    assert "no text at all that matches “x”" in capsys.readouterr().err
