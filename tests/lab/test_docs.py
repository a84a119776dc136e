"""The laboratory's pages: every command and every piece of Python in them runs, in order, at a tiny size.

A command stands as a reader would type it; ``TINY`` puts options behind it that make it small (the last of an option
counts), ``STANDING_IN`` puts things of the tests' own for what would have to be fetched. Nothing else is changed.
"""

from __future__ import annotations

import json
import os
import random
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the lab extra")
pytest.importorskip("numba", reason="needs the lab extra")
pytest.importorskip("onnxruntime", reason="needs the lab extra")
pytestmark = pytest.mark.lab

from miaobi.cli.app import run as command  # noqa: E402
from miaobi.lab.corpus import poem  # noqa: E402
from tests.lab.made import sentences  # noqa: E402

PAGES = Path(__file__).parents[2] / "docs" / "lab"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.S | re.M)
_NET = "--steps 4 --batch 2 --width 16 --layers 1 --heads 2 --warmup 1 --threads 1"
TINY = {
    "train": _NET,
    "evaluate": "--samples 2 --length 12",
    "generate": "--length 8",
    "vocabulary": "--size 400",
    "vectors": "--dimensions 8 --epochs 1 --least 2 --threads 1",
    "pairs": "--steps 4 --batch 4 --warmup 2 --validation 0.3",
    "gan": "--vocabulary 20 --length 6 --hidden 8 --memory 8 --texts 64 --filters 4 --pretraining 4 --judging 1 "
    "--steps 1 --rollouts 1 --batch 8",
}
STANDING_IN = {"smollm2-135m-instruct": "base.gguf", "TEXT": "text.txt"}


def blocks(page: str) -> list[tuple[str, str]]:
    return BLOCK.findall((PAGES / page).read_text(encoding="utf-8"))


def lines(block: str) -> list[list[str]]:
    """Return the words of each command of a console block; what follows it there is what it prints."""
    return [shlex.split(line[2:], comments=True) for line in block.splitlines() if line.startswith("$ ")]


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A reader's folder: texts, pairs, a text, a checkpoint."""
    from miaobi.lab.export.gguf import write_gguf
    from miaobi.nets.storage import build
    from tests.lab.vocabularies import learnt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path / "home"))
    texts = tmp_path / "texts"
    texts.mkdir()
    for i, text in enumerate(sentences(300, words=60)):
        (texts / f"{i:02}.txt").write_text(text + " and the water took the king and the plant. man woman\n")
    (tmp_path / "text.txt").write_text("".join(path.read_text() for path in texts.iterdir()))
    words = ["".join(random.Random(i).choices("abcd", k=3)) for i in range(40)]
    (tmp_path / "pairs.jsonl").write_text("".join(json.dumps({"source": w, "target": w[::-1]}) + "\n" for w in words))
    tokenizer = learnt("bpe", sentences(9))
    torch.manual_seed(0)
    sizes = {"vocabulary": 448, "context": 1024, "width": 32, "layers": 1, "heads": 2}
    write_gguf(build("transformer", sizes), tokenizer, tmp_path / "base.gguf")
    return tmp_path


@pytest.mark.parametrize("page", ["nets.md", "sequence.md", "adversarial.md", "word-vectors.md"])
def test_commands_of_a_page_run_in_order(page: str, room: Path, capfd: pytest.CaptureFixture[str]) -> None:
    ran = 0
    for kind, block in blocks(page):
        if kind == "python":
            run_apart([sys.executable, "-c", block])
            ran += 1
        for words in lines(block) if kind == "console" else ():
            run_line(words, capfd)
            ran += 1
    assert ran >= 3


def run_apart(words: list[str]) -> None:
    own = {"PYTHONPATH": str(PAGES.parents[1] / "src"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(words, env=os.environ | own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def run_line(words: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    """Run one command of a page; only pip's are left out."""
    words = [STANDING_IN.get(word, word) for word in words]
    if words[0] == "pip":
        return
    small = shlex.split(TINY.get(words[words.index("lab") + 1], "")) if "lab" in words else []
    if words[0] == "torchrun":
        runner = [sys.executable, "-m", "torch.distributed.run", "--rdzv-backend", "c10d"]
        runner += ["--rdzv-endpoint", "localhost:0"]
        run_apart([*runner, *words[1:], *small])
        return
    assert words[0] == "miaobi", words
    code = command([*words[1:], *small])
    assert code == 0, f"{shlex.join(words)}: {capfd.readouterr().err}"


def test_commands_of_the_page_of_corpora_run_on_a_package_like_the_real_one(
    room: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    import dataclasses
    import hashlib

    from tests.lab.corpus.test_package import tarball

    lines_of = ["春眠不覺曉", "處處聞啼鳥", "夜來風雨聲", "花落知多少"]
    chance = random.Random(0)
    poems = [{"title": f"{i}", "paragraphs": ["，".join(chance.sample(lines_of, 2)) + f"{i}。"]} for i in range(60)]
    packed = tarball({"dist/quantangshi/poet.tang.0.json": json.dumps(poems, ensure_ascii=False).encode()})
    monkeypatch.setattr(
        poem, "PACKAGE", dataclasses.replace(poem.PACKAGE, sha256=hashlib.sha256(packed).hexdigest(), size=len(packed))
    )
    (room / "package.tgz").write_bytes(packed)
    [(_, block)] = [found for found in blocks("corpus.md") if found[0] == "console"]
    for words in lines(block):
        run_line([*words, "--archive", "package.tgz"] if "chinese-poetry" in words else words, capfd)
    assert (room / "poems-tokens/tokens.json").is_file()


def test_every_page_with_commands_is_run() -> None:
    told = {page.name for page in PAGES.glob("*.md") if "```" in page.read_text(encoding="utf-8")}
    assert told == {"nets.md", "sequence.md", "adversarial.md", "word-vectors.md", "corpus.md"}
