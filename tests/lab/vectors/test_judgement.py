from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("gensim", reason="needs the lab extra")

from gensim.models import KeyedVectors

from miaobi.errors import InputFileError
from miaobi.lab.vectors import judgement
from miaobi.lab.vectors.embedding import WordVectors, of

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def vectors() -> WordVectors:
    """Random vectors of the words that the judgements are about, most of them."""
    words = set()
    for name in judgement.SETS.values():
        for row in judgement.gensim_file(name).read_text(encoding="utf-8").splitlines():
            words |= set(row.lower().split("\t")[:2]) if not row.startswith("#") else set()
    words |= {"athens", "greece", "baghdad", "iraq", "bangkok", "thailand", "berlin", "germany"}
    kept = [w for i, w in enumerate(sorted(words)) if w and i % 10]
    return of(kept, np.random.default_rng(0).standard_normal((len(kept), 12), np.float32))


@pytest.mark.parametrize("name", judgement.SETS)
def test_similarity_is_what_gensim_reckons(vectors: WordVectors, name: str) -> None:
    keyed = KeyedVectors(12)
    keyed.add_vectors(list(vectors.words), vectors.vectors)
    _, spearman, unknown = keyed.evaluate_word_pairs(
        str(judgement.gensim_file(judgement.SETS[name])), case_insensitive=True
    )
    found = judgement.similarity(vectors, name)
    assert found.correlation == pytest.approx(float(spearman[0]), abs=1e-6)
    assert 1 - found.known / found.pairs == pytest.approx(unknown / 100, abs=1e-6)
    assert 0.05 < found.margin < 0.15


def test_analogies_are_what_gensim_reckons(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    pairs = [(f"c{i}", f"n{i}") for i in range(8)]
    base = {c: chance.standard_normal(10) for c, _ in pairs}
    step = chance.standard_normal(10)
    rows = {w: v for c, n in pairs for w, v in ((c, base[c]), (n, base[c] + step + chance.standard_normal(10)))}
    vectors = of(list(rows), np.array(list(rows.values()), np.float32))
    questions = tmp_path / "q.txt"
    questions.write_text(
        ": pairs\n" + "\n".join(f"{a} {b} {c} {d}" for a, b in pairs for c, d in pairs if a != c) + "\n"
    )
    keyed = KeyedVectors(10)
    keyed.add_vectors(list(vectors.words), vectors.vectors)
    share, _ = keyed.evaluate_word_analogies(str(questions), case_insensitive=False)
    found = judgement.analogies(vectors, questions)
    assert (found.known, found.questions) == (56, 56)
    assert 0 < found.share < 1
    assert found.share == pytest.approx(share)


def test_unknown_words_leave_no_figure() -> None:
    vectors = of(["zzz", "yyy"], np.eye(2, dtype=np.float32))
    found = judgement.similarity(vectors, "WordSim-353")
    assert math.isnan(found.correlation)
    assert math.isnan(found.margin)
    assert (found.known, found.pairs) == (0, 353)
    assert math.isnan(judgement.analogies(vectors).share)


def test_line_that_is_no_pair_is_named(tmp_path: Path) -> None:
    (tmp_path / "p.tsv").write_text("cat dog 3\n")
    with pytest.raises(InputFileError, match="cat dog 3"):
        judgement.correlate(of(["a"], np.eye(1, dtype=np.float32)), tmp_path / "p.tsv")
