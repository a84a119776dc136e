from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("gensim", reason="needs the lab extra")

from miaobi.errors import CorpusError
from miaobi.lab.vectors import word2vec
from miaobi.lab.vectors.word2vec import Recipe, learn
from tests.lab.made import sentences

pytestmark = pytest.mark.lab
KINDS = [("skipgram", 5), ("skipgram", 0), ("cbow", 5), ("cbow", 0)]


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("text") / "t.txt"
    path.write_text("\n".join(sentences(400)) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(("method", "negative"), KINDS)
def test_one_worker_gives_the_same_vectors_and_they_are_gensim_s(text: Path, method: str, negative: int) -> None:
    from gensim.models import Word2Vec
    from gensim.models.word2vec import LineSentence

    recipe = Recipe(method=method, negative=negative, dimensions=12, epochs=2, least=1, seed=4)  # type: ignore[arg-type]
    one, two = learn(text, recipe), learn(text, recipe)
    assert one.losses == two.losses
    assert one.vectors.vectors.tobytes() == two.vectors.vectors.tobytes()
    theirs = Word2Vec(
        LineSentence(str(text)),
        vector_size=12,
        sg=int(method == "skipgram"),
        negative=negative,
        hs=int(not negative),
        epochs=2,
        min_count=1,
        seed=4,
        workers=1,
    )
    assert tuple(theirs.wv.index_to_key) == one.vectors.words
    np.testing.assert_array_equal(theirs.wv.vectors, one.vectors.vectors)


@pytest.mark.parametrize(("method", "negative"), KINDS)
def test_each_epoch_s_loss_is_its_own_and_workers_lose_none_of_it(text: Path, method: str, negative: int) -> None:
    recipe = Recipe(method=method, negative=negative, dimensions=12, epochs=3, least=1, rate=1e-4)  # type: ignore[arg-type]
    losses = learn(text, recipe).losses
    assert losses == pytest.approx([losses[0]] * 3, rel=0.05)  # gensim's own sum would be 1, 2 and 3 times the first
    workers = learn(text, Recipe(**{**vars(recipe), "workers": 3})).losses
    assert workers == pytest.approx(losses, rel=0.05)


def test_loss_of_nothing_learnt_is_that_of_a_fair_coin(text: Path) -> None:
    recipe = Recipe(method="cbow", dimensions=12, epochs=1, least=1, rate=1e-9, sample=0, negative=5)
    # one word and five drawn ones; gensim's table of logarithms reads 1.7 % high at 0 (a whole-number division)
    assert learn(text, recipe).losses[0] == pytest.approx(6 * np.log(2), rel=0.02)


def test_most_bounds_the_words(text: Path) -> None:
    assert len(learn(text, Recipe(dimensions=4, epochs=1, least=1, most=10)).vectors.words) <= 10


@pytest.mark.parametrize("content", ["", "\n", "one", "a b c d e"])
def test_too_little_text_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "t.txt").write_text(content)
    with pytest.raises(CorpusError, match="too few to learn"):
        learn(tmp_path / "t.txt", Recipe(dimensions=4, epochs=1))


def test_learning_that_diverges_is_told(text: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    net = word2vec._net

    def spoilt(recipe: Recipe) -> object:
        made = net(recipe)
        train = made.train

        def broken(*given: object, **named: object) -> None:
            train(*given, **named)
            made.wv.vectors[0, 0] = np.nan

        made.train = broken
        return made

    monkeypatch.setattr(word2vec, "_net", spoilt)
    with pytest.raises(CorpusError, match="diverged"):
        learn(text, Recipe(dimensions=4, epochs=1, least=1))
