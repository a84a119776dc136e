"""word2vec (Mikolov et al. 2013) through gensim: skip-gram and CBOW, negative sampling and hierarchical softmax.

Skip-gram with negative sampling raises, for a word i, a word j in its window and k drawn words n,

    log s(v_j · u_i) + sum over n of log s(−v_n · u_i)          s(x) = 1 / (1 + e^−x)

gensim adds the loss of a whole run up in one float32, in which what is added after some ten million words is lost to
rounding, and threads write over one another's sums (its issues 2617 and 2735). Here each batch of each worker gets a
sum of its own, which is added in double precision: the loss of an epoch is that epoch's, for any number of workers.
What gensim itself leaves out of the sum stays out: pairs whose product is beyond ±6, where its table of s(x) ends;
and that table reads 1.7 % high at 0. So the loss tells how learning goes, and isn't to be compared with another
program's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from miaobi.errors import CorpusError
from miaobi.lab.vectors.embedding import WordVectors, of
from miaobi.lab.vectors.sentence import Words, lines

Method = Literal["skipgram", "cbow"]


@dataclass(frozen=True)
class Recipe:
    """How to learn; the values are gensim's but for the sampling of frequent words.

    With ``workers=1`` the same text and seed give the same vectors; with more they don't, and nothing can make them.
    """

    method: Method = "skipgram"
    dimensions: int = 100
    epochs: int = 5
    window: int = 5
    negative: int = 5  # drawn words; 0: hierarchical softmax instead
    least: int = 5
    most: int = 0  # words that get a vector; 0: all that occur often enough
    sample: float = 1e-3
    rate: float = 0.025
    seed: int = 0
    workers: int = 1


@dataclass(frozen=True)
class Learnt:
    """The vectors, and the mean loss a trained word of each epoch (nats)."""

    vectors: WordVectors
    losses: tuple[float, ...]
    words: int  # words of the text, those without a vector left out


class _Lines:
    """Sentences that can be read again in each epoch."""

    def __init__(self, path: Path, words: Words) -> None:
        self._path, self._words = path, words

    def __iter__(self) -> Iterator[list[str]]:
        for block in lines(self._path):
            for line in block.split("\n"):
                if found := self._words(line):
                    yield found


class _Ledger:
    """What gensim's inner loop takes for its net: the net itself, but for a sum of losses that is a batch's own."""

    def __init__(self, net: Any) -> None:
        self._net = net
        self.wv = net.wv  # asked for twice a word: through __getattr__ that doubles the time of CBOW
        self.running_training_loss = 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._net, name)


def learn(
    path: Path,
    recipe: Recipe | None = None,
    words: Words = str.split,
    progress: Callable[[int, float], None] | None = None,
) -> Learnt:
    """Learn vectors from a text file; *progress* hears of each epoch and its loss. CorpusError for too little text."""
    from gensim.models.callbacks import CallbackAny2Vec

    recipe = recipe or Recipe()
    net = _net(recipe)
    sentences = _Lines(path, words)
    net.build_vocab(sentences)
    if len(net.wv) < 2:
        raise CorpusError(
            f"{len(net.wv)} words occur {recipe.least} times or more: too few to learn.",
            "Give more text, or lower --least.",
        )
    losses: list[float] = []

    class Epoch(CallbackAny2Vec):  # gensim has no types
        def on_epoch_end(self, model: Any) -> None:
            losses.append(model.take_loss())
            if progress:
                progress(len(losses), losses[-1])

    net.train(sentences, total_examples=net.corpus_count, epochs=recipe.epochs, compute_loss=True, callbacks=[Epoch()])
    if not np.isfinite(net.wv.vectors).all():
        raise CorpusError("Learning diverged: a vector is not finite.", f"Lower the rate (it is {recipe.rate}).")
    return Learnt(of(net.wv.index_to_key, net.wv.vectors), tuple(losses), int(net.corpus_total_words))


def _net(recipe: Recipe) -> Any:
    return _trusted()(
        vector_size=recipe.dimensions,
        window=recipe.window,
        min_count=recipe.least,
        max_final_vocab=recipe.most or None,
        sg=int(recipe.method == "skipgram"),
        negative=recipe.negative,
        hs=int(recipe.negative == 0),
        sample=recipe.sample,
        alpha=recipe.rate,
        seed=recipe.seed,
        workers=recipe.workers,
    )


def _trusted() -> Any:
    from gensim.models import word2vec

    class Word2Vec(word2vec.Word2Vec):  # gensim has no types
        """gensim's, with a loss that can be trusted."""

        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings)
            self._lock, self._loss, self._trained = threading.Lock(), 0.0, 0

        def _do_train_job(self, sentences: Any, alpha: float, inits: Any) -> tuple[int, int]:
            ledger = _Ledger(self)
            if self.sg:
                tally = word2vec.train_batch_sg(ledger, sentences, alpha, inits[0], self.compute_loss)
            else:
                tally = word2vec.train_batch_cbow(ledger, sentences, alpha, *inits, self.compute_loss)
            with self._lock:
                self._loss += float(ledger.running_training_loss)
                self._trained += tally
            return tally, self._raw_word_count(sentences)

        def take_loss(self) -> float:
            """Return the mean loss a trained word since it was last asked for."""
            with self._lock:
                mean = self._loss / max(1, self._trained)
                self._loss, self._trained = 0.0, 0
            return mean

    return Word2Vec
