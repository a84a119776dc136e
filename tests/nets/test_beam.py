"""Decoding against a search through all targets, and against greedy decoding."""

from __future__ import annotations

from itertools import product

import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.lab

from miaobi.errors import BriefError  # noqa: E402
from miaobi.nets.beam import Hypothesis, beam, greedy, penalty  # noqa: E402
from miaobi.nets.sequence import BEGIN, END, EncoderDecoder, SequenceShape  # noqa: E402

SOURCE = torch.tensor([[3, 4, 5, 2]])


@pytest.fixture
def net() -> EncoderDecoder:
    torch.manual_seed(5)
    made = EncoderDecoder(SequenceShape(vocabulary=6, context=8, width=8, layers=1, heads=2, hidden=8)).eval()
    made.embedding.weight.data *= 2  # likelihoods that differ
    return made


def likelihood(net: EncoderDecoder, tokens: tuple[int, ...]) -> float:
    """log p(tokens, END), padding and BEGIN being impossible."""
    with torch.no_grad():
        logits = net(SOURCE, torch.tensor([[BEGIN, *tokens]]))[0]
    logits[:, :2] = float("-inf")
    logs = logits.log_softmax(-1)
    return sum(float(logs[i, t]) for i, t in enumerate((*tokens, END)))


@pytest.mark.parametrize("alpha", [0.0, 0.6])
def test_beam_as_wide_as_the_space_finds_the_best_of_all(net: EncoderDecoder, alpha: float) -> None:
    everything = [t for n in range(4) for t in product((3, 4, 5), repeat=n)]  # with END at most 4 tokens
    ranked = sorted(everything, key=lambda t: -likelihood(net, t) / penalty(len(t) + 1, alpha))
    found = beam(net, SOURCE, 4, width=30, alpha=alpha)
    assert [h.tokens for h in found[:5]] == ranked[:5]
    assert found[0].likelihood == pytest.approx(likelihood(net, ranked[0]), abs=1e-4)


def test_beam_of_one_says_what_greedy_says(net: EncoderDecoder) -> None:
    net.embedding.weight.data[END] -= 3 * net.embedding.weight.data[3:].mean(0)
    assert list(beam(net, SOURCE, 6, width=1, alpha=0.0)[0].tokens) == greedy(net, SOURCE, 6)[0]


def test_length_penalty_favours_the_longer_of_two() -> None:
    short, long = Hypothesis((3,), -2.0, True), Hypothesis((3, 4, 5, 3), -2.4, True)
    assert short.worth(0.0) > long.worth(0.0)
    assert short.worth(1.0) < long.worth(1.0)
    assert penalty(7, 1.0) == 2.0


def test_greedy_of_a_batch_equals_greedy_of_each_row(net: EncoderDecoder) -> None:
    rows = torch.tensor([[3, 4, 5, 2], [5, 5, 2, 0]])
    assert greedy(net, rows, 6) == [greedy(net, row[None], 6)[0] for row in rows]


def test_beam_without_width_is_refused(net: EncoderDecoder) -> None:
    with pytest.raises(BriefError, match="Width and limit"):
        beam(net, SOURCE, 4, width=0)
