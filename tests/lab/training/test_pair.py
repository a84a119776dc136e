"""Pairs: how they are laid, and that a net learns to say a string backwards."""

from __future__ import annotations

import random

import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.lab

from miaobi.errors import BriefError, CorpusError  # noqa: E402
from miaobi.lab.training.pair import PairRecipe, batch, train  # noqa: E402
from miaobi.nets.beam import beam, greedy  # noqa: E402
from miaobi.nets.sequence import EncoderDecoder, SequenceShape  # noqa: E402


def net() -> EncoderDecoder:
    torch.manual_seed(0)
    shape = SequenceShape(vocabulary=11, context=8, width=32, layers=1, heads=4, hidden=64, dropout=0.0)
    return EncoderDecoder(shape)


def backwards(count: int) -> list[tuple[list[int], list[int]]]:
    chance = random.Random(1)
    strings = [[chance.randrange(3, 11) for _ in range(chance.randrange(2, 6))] for _ in range(count)]
    return [(s, s[::-1]) for s in strings]


def test_batch_marks_begin_and_end_and_fills_up_with_padding() -> None:
    sources, targets = batch([([3, 4], [5]), ([6], [7, 8, 9])])
    assert sources.tolist() == [[3, 4, 2], [6, 2, 0]]
    assert targets.tolist() == [[1, 5, 2, 0, 0], [1, 7, 8, 9, 2]]


def test_net_learns_to_say_strings_backwards_that_it_never_saw() -> None:
    pairs = backwards(2000)
    known = {tuple(s) for s, _ in pairs[:1800]}
    unseen = [(s, t) for s, t in pairs[1800:] if tuple(s) not in known]
    made = net()
    train(made, pairs[:1800], PairRecipe(steps=260, warmup=60))
    sources, _ = batch(unseen)
    right = [said == t for said, (_, t) in zip(greedy(made, sources, 8), unseen, strict=True)]
    assert sum(right) / len(right) > 0.75
    assert len(unseen) > 50
    s, t = unseen[right.index(True)]
    assert list(beam(made, batch([(s, t)])[0], 8)[0].tokens) == t


def test_same_seed_gives_the_same_weights() -> None:
    nets = [net(), net()]
    for each in nets:
        train(each, backwards(20), PairRecipe(steps=2, batch=4))
    assert all(torch.equal(a, b) for a, b in zip(nets[0].parameters(), nets[1].parameters(), strict=True))


def test_no_pairs_are_refused() -> None:
    with pytest.raises(CorpusError, match="no pairs"):
        train(net(), [], PairRecipe())


def test_recipe_without_steps_is_refused() -> None:
    with pytest.raises(BriefError, match="1 or more"):
        PairRecipe(steps=0)
