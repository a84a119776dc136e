"""Training on the oracle: deterministic, better than at first, and the curve's two numbers as defined."""

from __future__ import annotations

from collections.abc import Callable

import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.lab

from miaobi.errors import BriefError  # noqa: E402
from miaobi.lab.adversarial import Settings, curve, likelihood, relgan, seqgan  # noqa: E402
from miaobi.nets.gan.discriminator import Discriminator, Representations  # noqa: E402
from miaobi.nets.gan.generator import Generator, LSTMGenerator, TextShape  # noqa: E402
from miaobi.nets.gan.oracle import Oracle  # noqa: E402
from miaobi.nets.gan.relational import RelationalGenerator  # noqa: E402

SHAPE = TextShape(vocabulary=12, length=6, width=8, hidden=8)
SHORT = Settings(batch=8, pretraining=3, judging=2, steps=2, rounds=1, rollouts=2)


def texts(count: int = 200) -> torch.Tensor:
    return Oracle(SHAPE, 1).sample(count, torch.Generator().manual_seed(5))


def by_seqgan() -> Generator:
    torch.manual_seed(0)
    net, judge = LSTMGenerator(SHAPE), Discriminator(12, 6, width=4, filters=4)
    likelihood(net, texts(), SHORT)
    seqgan(net, judge, texts(), SHORT)
    return net


def by_relgan() -> Generator:
    torch.manual_seed(0)
    net, judge = RelationalGenerator(SHAPE), Representations(12, 6, width=4, count=2, filters=4)
    likelihood(net, texts(), SHORT)
    relgan(net, judge, texts(), SHORT)
    return net


@pytest.mark.parametrize("train", [by_seqgan, by_relgan])
def test_same_seed_gives_the_same_weights(train: Callable[[], Generator]) -> None:
    first, second = train().state_dict(), train().state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_likelihood_comes_nearer_to_the_oracle_in_quality_and_diversity() -> None:
    torch.manual_seed(0)
    net, oracle = LSTMGenerator(SHAPE), Oracle(SHAPE, 1)
    test = texts(1000)[800:]
    before = curve(net, oracle, test, 0, [1.0], rows=300)[0]
    likelihood(net, texts(1000)[:800], Settings(batch=64, pretraining=150, rate=1e-2))
    after = curve(net, oracle, test, 0, [1.0, 0.5], rows=300)
    assert after[0].nll_oracle < before.nll_oracle - 0.2
    assert after[0].nll_test < before.nll_test - 0.2
    assert after[1].nll_oracle < after[0].nll_oracle  # colder: better texts …
    assert after[1].nll_test > after[0].nll_test  # … of which there are fewer


def test_policy_gradient_makes_the_rewarded_likelier() -> None:
    class LikesTwos(Discriminator):
        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            return 8 * (tokens == 2).float().mean(1) - 4 + 0 * self.head.bias

    torch.manual_seed(0)
    net = LSTMGenerator(SHAPE)
    chance = torch.Generator().manual_seed(1)
    before = (net.sample(500, chance) == 2).float().mean()
    settings = Settings(batch=32, judging=0, steps=25, rounds=1, rollouts=2, adversarial=3e-2)
    seqgan(net, LikesTwos(12, 6, width=4, filters=4), texts(), settings)
    assert (net.sample(500, chance) == 2).float().mean() > 2 * before


def test_settings_that_can_not_be_trained_with_are_refused() -> None:
    with pytest.raises(BriefError, match="rollouts is 0"):
        Settings(rollouts=0)
