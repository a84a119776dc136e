"""Generators and the oracle: likelihoods against direct computations, memory against plain attention."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.lab

from miaobi.errors import BriefError  # noqa: E402
from miaobi.nets.gan.generator import START, Generator, LSTMGenerator, TextShape  # noqa: E402
from miaobi.nets.gan.oracle import Oracle  # noqa: E402
from miaobi.nets.gan.relational import Memory, RelationalGenerator  # noqa: E402

SHAPE = TextShape(vocabulary=7, length=5, width=4, hidden=6)


def chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(params=[LSTMGenerator, RelationalGenerator])
def net(request: pytest.FixtureRequest) -> Generator:
    torch.manual_seed(1)
    made: Generator = request.param(SHAPE)
    return made.eval()


def test_logits_of_whole_texts_are_those_of_token_after_token(net: Generator) -> None:
    tokens = torch.randint(0, 7, (3, 5))
    with torch.no_grad():
        torch.testing.assert_close(net(tokens), Generator.forward(net, tokens), atol=1e-6, rtol=1e-5)
        changed = tokens.clone()
        changed[:, 3] = (changed[:, 3] + 1) % 7
        assert torch.equal(net(tokens)[:, :4], net(changed)[:, :4])  # logits of token 3 don't know token 3
        assert not torch.allclose(net(tokens)[:, 4], net(changed)[:, 4])


def test_samples_have_the_shape_and_follow_from_the_seed(net: Generator) -> None:
    drawn = net.sample(4, chance(2))
    assert drawn.shape == (4, 5)
    assert torch.equal(drawn, net.sample(4, chance(2)))
    assert not torch.equal(drawn, net.sample(4, chance(3)))


def test_samples_are_drawn_as_often_as_their_likelihood_says() -> None:
    torch.manual_seed(1)
    net = LSTMGenerator(TextShape(vocabulary=3, length=2, width=4, hidden=4))
    drawn = net.sample(20_000, chance(), temperature=0.5)
    counts = torch.bincount(drawn[:, 0] * 3 + drawn[:, 1], minlength=9) / len(drawn)
    every = torch.cartesian_prod(torch.arange(3), torch.arange(3))
    with torch.no_grad():
        expected = net.likelihoods(every, 0.5).sum(1).exp()
    assert expected.sum().item() == pytest.approx(1.0, abs=1e-5)
    torch.testing.assert_close(counts, expected, atol=0.012, rtol=0)  # four standard errors at most


def test_oracle_s_likelihood_equals_the_lstm_s_formulas_written_out() -> None:
    oracle, tokens = Oracle(SHAPE, seed=3), torch.tensor([[2, 6, 0, 3, 3]])
    cell, h, c, total, last = oracle.cell, torch.zeros(6), torch.zeros(6), 0.0, START
    for token in tokens[0].tolist():
        x = oracle.embedding.weight[last]
        i, f, g, o = (cell.weight_ih_l0 @ x + cell.weight_hh_l0 @ h + cell.bias_ih_l0).chunk(4)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        total -= float((oracle.head.weight @ h + oracle.head.bias).log_softmax(0)[token])
        last = token
    assert float(oracle.nll(tokens)) == pytest.approx(total / 5, abs=1e-5)


def test_oracle_has_standard_normal_weights_of_its_seed() -> None:
    shape = TextShape(vocabulary=300, length=5)
    weights = torch.cat([w.flatten() for n, w in Oracle(shape, 1).named_parameters() if n != "cell.bias_hh_l0"])
    assert weights.mean().item() == pytest.approx(0, abs=0.03)
    assert weights.std().item() == pytest.approx(1, abs=0.03)
    assert torch.equal(Oracle(shape, 1).head.weight, Oracle(shape, 1).head.weight)
    assert not torch.equal(Oracle(shape, 1).head.weight, Oracle(shape, 2).head.weight)


def test_memory_attends_as_plain_attention_of_each_head() -> None:
    memory = Memory(slots=3, heads=2, size=4)
    slots, x = torch.randn(2, 3, 8), torch.randn(2, 1, 8)
    both = torch.cat((slots, x), 1)
    heads = []
    for part in (slice(0, 4), slice(4, 8)):
        q, k, v = memory.q(slots)[..., part], memory.k(both)[..., part], memory.v(both)[..., part]
        heads.append((q @ k.transpose(1, 2) / 2).softmax(-1) @ v)  # √4 = 2
    torch.testing.assert_close(memory.attend(slots, x), torch.cat(heads, -1))


def test_memory_keeps_what_it_has_when_the_gates_say_so() -> None:
    memory = Memory(slots=2, heads=1, size=4)
    memory.read.bias.data = torch.tensor([-99.0] * 4 + [99.0] * 4)
    slots = torch.randn(1, 2, 4)
    torch.testing.assert_close(memory(slots, torch.randn(1, 4)), slots)


def test_sizes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(BriefError, match="sizes 1 or more"):
        TextShape(vocabulary=0)
    with pytest.raises(BriefError, match="multiple"):
        RelationalGenerator(SHAPE, heads=4)
