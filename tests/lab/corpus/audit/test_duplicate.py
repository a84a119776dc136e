from __future__ import annotations

import random

import numpy as np
import pytest

pytest.importorskip("numba", reason="needs the lab extra")

from miaobi.lab.corpus.audit import duplicate
from miaobi.lab.corpus.audit.duplicate import find, passages, shingles, similarity
from miaobi.lab.corpus.split import normal
from tests.lab.made import sentences

pytestmark = pytest.mark.lab


def exactly(a: str, b: str, width: int) -> float:
    """Jaccard similarity of the sets of pieces, as its definition says."""
    one, two = ({t[i : i + width] for i in range(len(t) - width + 1)} for t in (a, b))
    return len(one & two) / len(one | two)


@pytest.mark.parametrize(("width", "alphabet"), [(9, "abcd"), (5, "春江潮水连海平明月共生")])
def test_similarity_is_that_of_the_sets_of_pieces(width: int, alphabet: str) -> None:
    chance = random.Random(2)
    a = "".join(chance.choice(alphabet) for _ in range(300))
    b = a[:200] + "".join(chance.choice(alphabet) for _ in range(120))
    assert similarity(shingles(a), shingles(b)) == pytest.approx(exactly(a, b, width))


def test_equal_texts_are_exact_duplicates_whatever_their_case_and_punctuation() -> None:
    found = find(["The cat sat.", "x", "the CAT sat", "y", "The, cat; sat!"])
    assert found.exact == [[0, 2, 4]]
    assert found.near == []
    assert found.surplus == {2, 4}


def test_nearly_equal_texts_are_found_and_others_are_not() -> None:
    texts = sentences(200, words=60)
    changed = [t.replace(t.split()[30], "changed", 1) for t in texts[:40]]
    half = [
        " ".join(t.split()[:30]) + " " + s for t, s in zip(texts[40:60], sentences(20, seed=5, words=30), strict=True)
    ]
    found = find([*texts, *changed, *half])
    wanted = [[i, 200 + i] for i in range(40) if similarity(*map(shingles, map(normal, (texts[i], changed[i])))) >= 0.8]
    assert len(wanted) > 30
    assert sorted(found.near) == wanted


def test_band_is_shared_as_often_as_the_formula_says() -> None:
    """P(some of 20 bands of 6 agrees at similarity s) = 1 − (1 − s^6)^20."""
    chance, shared, wanted = np.random.default_rng(0), 0, 0.0
    for _ in range(400):
        common, own = int(chance.integers(20, 90)), 60
        a = np.unique(chance.integers(0, 2**63, common + own).astype(np.uint64))
        b = np.unique(np.concatenate([a[:common], chance.integers(0, 2**63, own).astype(np.uint64)]))
        wanted += 1 - (1 - similarity(a, b) ** 6) ** 20
        shared += bool((duplicate._bands(a, 20, 6) == duplicate._bands(b, 20, 6)).any())
    assert shared / 400 == pytest.approx(wanted / 400, abs=0.05)


def test_short_and_empty_texts_are_no_near_duplicates() -> None:
    assert find(["ab", "ac", "", "!"]).surplus == set()
    assert find([]).surplus == set()
    assert find(["", ""]).exact == [[0, 1]]


def test_equal_passages_are_sampled_alike_wherever_they_stand() -> None:
    one, two, passage = sentences(3, words=120)
    inside = set(passages(passage).tolist())
    assert len(inside) > 10
    assert inside <= set(passages(f"{one} {passage} {two}").tolist())
    assert not inside & set(passages(one).tolist())
    assert len(passages("short")) == 0
