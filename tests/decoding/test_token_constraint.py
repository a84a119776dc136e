"""Constraints with a follower of their own: rules told apart, and what each removed."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from miaobi.decoding.vocabulary import Vocabulary
from miaobi.types import All, Floats, Mask, Prompt, Regex, Request

from .toy import PIECES, VOCABULARY, Model, random_model, run


class Letters:
    """Three letters, none twice, each after a vowel a consonant: two rules over arrays."""

    name = "letters"

    def follower(self, vocabulary: Vocabulary) -> LettersFollower:
        return LettersFollower(vocabulary)


class LettersFollower:
    name, certain = "letters", True

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.letters = np.array([p.isalpha() and len(p) == 1 and p.isascii() for p in vocabulary.pieces])
        self.vowels = np.array([p in {b"a", b"e", b"i", b"o", b"u"} for p in vocabulary.pieces])
        self.taken: list[int] = []

    def rules(self, logits: Floats) -> list[tuple[str, Mask]]:
        fresh = self.letters.copy()
        fresh[self.taken] = False
        if len(self.taken) == 3:
            fresh[:] = False
        after_vowel = bool(self.taken) and bool(self.vowels[self.taken[-1]])
        return [("fresh letter", fresh), ("no two vowels", ~self.vowels if after_vowel else np.ones_like(fresh))]

    def mask(self, logits: Floats) -> Mask:
        return np.logical_and.reduce([mask for _, mask in self.rules(logits)])

    def consume(self, token: int) -> bool:
        allowed = bool(self.mask(np.zeros(len(self.letters), np.float32))[token])
        if allowed:
            self.taken.append(token)
        return allowed

    def rewind(self, count: int) -> None:
        if count:
            del self.taken[-count:]

    def complete(self) -> bool:
        return len(self.taken) == 3

    def forced(self) -> list[int]:
        return []


def vowels_first(seed: int) -> Model:
    return random_model(seed, dict.fromkeys("aeiou", 9.0))


@pytest.mark.parametrize("seed", range(20))
def test_text_obeys_and_each_rule_says_what_it_took(seed: int) -> None:
    request = Request(Prompt(), max_tokens=8, seed=seed, constraint=Letters())
    candidate = run(request, vowels_first(seed)).candidate
    assert len(candidate.text) == len(set(candidate.text)) == 3
    vowel = [c in "aeiou" for c in candidate.text]
    assert not any(a and b for a, b in pairwise(vowel))
    taken = [r for r in candidate.removals if r.rule == "no two vowels"]
    assert {r.at for r in taken} <= {i + 1 for i, v in enumerate(vowel) if v}
    if any(vowel[:2]):
        strongest = max(taken, key=lambda r: r.mass)
        assert strongest.mass > 0.9  # the model wanted vowels and nothing else
        assert strongest.token in set("aeiou")


def test_a_conjunction_tells_the_rules_of_its_parts_apart() -> None:
    request = Request(Prompt(), max_tokens=8, seed=1, constraint=All((Regex("[a-m]{3}"), Letters())))
    candidate = run(request, random_model(1)).candidate
    assert len(set(candidate.text)) == 3
    assert set(candidate.text) <= set("abcdefghijklm")
    assert {r.rule for r in candidate.removals} <= {"regex", "fresh letter", "no two vowels"}
    assert "regex" in {r.rule for r in candidate.removals}


def test_masses_are_shares_of_what_earlier_rules_left() -> None:
    model = random_model(3)
    candidate = run(Request(Prompt(), max_tokens=8, seed=3, constraint=Letters()), model).candidate
    row = model(()).astype(np.float64)
    chance = np.exp(row - row.max())
    chance[list(VOCABULARY.ends)] = 0
    chance[VOCABULARY.never] = 0
    letter = np.array([p.isalpha() and len(p) == 1 and p.isascii() for p in (*PIECES, b"", b"")])
    expected = 1 - chance[letter].sum() / chance.sum()
    first = next(r for r in candidate.removals if r.at == 0 and r.rule == "fresh letter")
    assert first.mass == pytest.approx(expected, abs=1e-4)
