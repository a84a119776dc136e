"""A small run, trained as ``miaobi lab train`` does, on a corpus of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

NETS = ("transformer", "gru", "lstm")
WORDS = ("the keeper lit the lamp", "a boat came home", "the lamp went out", "a keeper slept", "the boat sank")


def documents() -> list[str]:
    """Forty short texts, none like another."""
    return [f"{WORDS[i % 5]} and {WORDS[i // 5 % 5]}. {WORDS[i * 3 % 5]}, {i} times." for i in range(40)]


def prepared(folder: Path) -> tuple[Path, Path, Path]:
    """Return a corpus, its vocabulary and its token files."""
    from miaobi.lab.corpus.source import open_source
    from miaobi.lab.corpus.split import split_of
    from miaobi.lab.corpus.store import Corpus, write_corpus
    from miaobi.lab.corpus.token_file import write_tokens
    from miaobi.lab.vocabulary import learn

    texts = folder / "texts"
    texts.mkdir(parents=True)
    for i, text in enumerate(documents()):
        (texts / f"{i:02}.txt").write_text(text)
    corpus = write_corpus(folder / "corpus", [open_source(str(texts), licence="CC0-1.0")])
    vocabulary = learn((d.text for d in Corpus(folder / "corpus") if split_of(d.text, 0.3) == "train"), "char")
    vocabulary.save(folder / "vocabulary")
    write_tokens(corpus, vocabulary, folder / "tokens", validation=0.3, test=0.0)
    return folder / "corpus", folder / "vocabulary", folder / "tokens"


def order(net: str, folder: Path, **recipe: Any) -> Any:
    """Return an order for a small net on a new corpus in *folder*."""
    from miaobi.lab.order import Order
    from miaobi.lab.training import Recipe

    corpus, vocabulary, tokens = prepared(folder / f"{net}-made")
    sizes: dict[str, Any] = {"width": 16, "layers": 1, "hidden": 24}
    sizes |= {"heads": 2, "context": 64} if net == "transformer" else {"look": "multiplicative", "locked": 0.1}
    made = Recipe(**{"steps": 20, "batch": 8, "context": 16, "rate": 1e-2, "warmup": 2} | recipe)
    return Order(net, tokens, vocabulary, net, sizes, made, corpus, ("en",))


def trained(net: str, home: Path) -> Any:
    """Return a finished run called *net* under *home*."""
    from miaobi.lab import session

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MIAOBI_HOME", str(home))
        run, _ = session.go_on(session.begin(order(net, home)), cores=1)
    return run
