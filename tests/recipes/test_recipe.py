"""Every recipe runs to its end at its quick size, on texts made here, and leaves a card and what it promises."""

from __future__ import annotations

import importlib
import json
import random
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the lab extra")
pytest.importorskip("numba", reason="needs the lab extra")
pytest.importorskip("tokenizers", reason="needs the lab extra")
pytestmark = pytest.mark.lab

RHYTHMS = ((8,), (4, 4), (2, 2, 4), (4, 2, 2), (2, 2, 2, 2), (1, 1, 2, 1, 1, 2), (3, 1, 2, 2), (1,) * 8, (6, 2))
RECIPES = Path(__file__).parents[2] / "recipes"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(RECIPES))
    return tmp_path


def cook(name: str, *words: str) -> None:
    """Run a recipe as from the command line."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [f"recipes/{name}.py", "--quick", "--threads", "1", "--licence", "CC0-1.0", *words])
        importlib.import_module(name).cook()


def written(path: Path, texts: list[str]) -> str:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    return str(path)


def poems(count: int, seed: int = 0) -> list[str]:
    """Return 五绝 that keep every rule and mean nothing."""
    chance = random.Random(seed)
    letters = {"平": "春眠聞啼來風聲花知多床前明光疑霜頭低思", "仄": "不覺曉處鳥夜雨落少月是地上舉望白日盡入海"}
    out = []
    for _ in range(count):
        lines = [
            "".join(chance.choice(letters[slot if slot != "中" else chance.choice("平仄")]) for slot in slots)
            for slots in ("中仄平平仄", "平平仄仄", "中平平仄仄", "中仄仄平")
        ]
        first, second = chance.sample("流頭樓舟", 2)
        out.append(f"{lines[0]}，{lines[1]}{first}。\n{lines[2]}，{lines[3]}{second}。")
    return out


def test_verse_leaves_a_card_with_poems_and_a_file_for_llama_cpp(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source = written(home / "poems.jsonl", [*poems(300), "not a poem"])
    cook("verse", "--source", source)
    card = (home / "made/verse/verse-card.md").read_text(encoding="utf-8")
    assert "| perplexity of characters |" in card
    assert "**Licence of the weights: CC0-1.0.**" in card
    assert (home / "made/verse/verse.gguf").read_bytes()[:4] == b"GGUF"
    assert "300 poems and couplets" in capfd.readouterr().out
    with pytest.raises(SystemExit) as stopped:  # an error of miaobi ends the recipe with its exit code
        cook("verse", "--source", str(home / "missing"))
    assert stopped.value.code


def test_folk_tunes_are_written_and_held_to_music21(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("music21", reason="needs the lab extra")
    chance = random.Random(0)
    bars = [" ".join(f"{chance.choice('ABcdefga')}{n}" for n in chance.choice(RHYTHMS)) for _ in range(240 * 8)]
    ends = [f"{chance.choice('ABcd')}4 G4" for _ in range(240)]
    rows = ["|".join([*bars[7 * i : 7 * i + 7], end]) for i, end in enumerate(ends)]
    texts = [f"X:1\nT:Reel {i}\nM:4/4\nL:1/8\nK:G\n{row}|]\n" for i, row in enumerate(rows)]
    cook("folk_tunes", "--source", written(home / "tunes.jsonl", texts))
    assert "music21 reads 3 of 3 tunes" in capfd.readouterr().out
    assert (home / "made/folk-tunes/tunes.abc").read_text(encoding="utf-8").count("X:") >= 3
    folk = importlib.import_module("folk_tunes")
    assert folk.readable(texts[0])
    assert not folk.readable("X:1\nT:nothing\n")


def test_icons_are_told_and_leave_a_card_and_a_file_for_llama_cpp(home: Path) -> None:
    chance = random.Random(0)
    texts = []
    for _ in range(320):
        left, top, right, foot = (chance.randrange(a, a + 12) for a in (4, 4, 30, 30))
        told = f"x{left} y{top} x{right} y{top} x{right} y{foot} x{left} y{foot}"
        texts.append(f"{chance.choice(('square', 'box'))} go upright one {told} end")
    cook("icons", "--source", written(home / "icons.jsonl", texts))
    assert (home / "made/icons/icons.gguf").read_bytes()[:4] == b"GGUF"
    assert "5-gram" in (home / "made/icons/icons-card.md").read_text(encoding="utf-8")


def test_style_of_an_author_is_composed_with_and_its_card_tells_the_longest_copy(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    many = written(home / "many.jsonl", poems(700))
    own = written(home / "own.jsonl", poems(120, seed=1))
    cook("authors_style", "--source", own, "--base-source", many, "--name", "me")
    assert "| longest copy |" in (home / "made/me/me-card.md").read_text(encoding="utf-8")
    assert "lab:me-base + me" in capfd.readouterr().out
    assert list((home / "made/me/work").glob("*.txt"))


def test_style_goes_onto_a_checkpoint_too(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from miaobi.lab.export.gguf import write_gguf
    from miaobi.nets.storage import build
    from tests.lab.vocabularies import learnt

    torch.manual_seed(0)
    sizes = {"vocabulary": 448, "context": 1024, "width": 32, "layers": 1, "heads": 2}
    write_gguf(build("transformer", sizes), learnt("bpe", poems(30)), home / "base.gguf")
    own = written(home / "own.jsonl", poems(120, seed=1))
    cook("authors_style", "--source", own, "--base", str(home / "base.gguf"), "--name", "me")
    told = (home / "made/me/me-card.md").read_text(encoding="utf-8")
    assert "Adapters of rank 8 on" in told
    assert "| longest copy |" in told
    assert list((home / "made/me/work").glob("*.txt"))


def test_articles_are_written_by_a_net_that_started_from_their_vectors(home: Path) -> None:
    chance = random.Random(0)
    words = [a + b for a in ("lam", "boa", "kee", "sai", "wa") for b in ("p", "t", "per", "ls", "ter", "nd")]
    texts = [" ".join(chance.choices(words, k=40)) + "." for _ in range(120)]
    cook("article_chain", "--source", written(home / "articles.jsonl", texts), "--name", "news")
    card = (home / "made/news/news-card.md").read_text(encoding="utf-8")
    assert "The embedding started from word vectors: 30 rows of vectors.txt." in card
    assert (home / "made/news/map.svg").is_file()


def test_articles_of_python_are_passages_of_which_none_comes_twice(home: Path) -> None:
    chain = importlib.import_module("article_chain")
    path = Path(chain.reference(home))
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(texts) == len(set(texts)) > 100
    paragraphs = [part for text in texts for part in text.split("\n\n")]
    assert len(set(paragraphs)) > 0.98 * len(paragraphs)


def test_recipe_that_is_run_again_keeps_its_finished_run(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    step = importlib.import_module("step")
    folder = home / "home/runs/done"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text('{"outcome": {}}')
    step.train("done", home, home)
    assert "is finished, and kept" in capfd.readouterr().out


def test_oracle_gan_leaves_a_card_a_method_and_their_curves_side_by_side(home: Path) -> None:
    cook("oracle_gan")
    curves = (home / "made/oracle/curves.md").read_text(encoding="utf-8")
    assert "| temperature | likelihood | seqgan | relgan |" in curves
    for method in ("likelihood", "seqgan", "relgan"):
        card = (home / f"made/oracle/oracle-{method}-card.md").read_text(encoding="utf-8")
        assert f"trained by {method}" in card
        assert "| 0.6 |" in card


def test_dates_are_written_as_pairs_learnt_and_answered(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    cook("dates")
    card = (home / "made/dates/dates-card.md").read_text(encoding="utf-8")
    assert "that turns a source into a target" in card
    assert "held-out sources" in card
    assert "**Licence of the weights: CC0-1.0.**" in card
    assert "$ miaobi lab transduce dates '一九八四年六月二日' --n 2" in capfd.readouterr().out
    assert importlib.import_module("dates").numeral(21) == "二十一"
