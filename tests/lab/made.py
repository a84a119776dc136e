"""Corpora made for the tests."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

from miaobi.lab.corpus.document import Document, Origin, Source
from miaobi.lab.corpus.store import Corpus, write_corpus


def source_of(texts: Iterable[str]) -> Source:
    documents = [Document(f"d{i}", text) for i, text in enumerate(texts)]
    return Source(Origin("made", "CC0-1.0", "tests"), lambda: iter(documents))


def corpus_of(folder: Path, texts: Iterable[str]) -> Corpus:
    return write_corpus(folder, [source_of(texts)])


def sentences(count: int, seed: int = 0, words: int = 30) -> list[str]:
    """Return different texts of common words."""
    chance = random.Random(seed)
    vocabulary = [f"{a}{b}" for a in "bdfgklmnprst" for b in ("an", "el", "ir", "om", "us", "ay", "o", "e")]
    return [" ".join(chance.choice(vocabulary) for _ in range(words)) for _ in range(count)]
