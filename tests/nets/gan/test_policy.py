"""Rollouts and policy gradient on a case that can be computed by hand; Gumbel softmax; discriminators' shapes."""

from __future__ import annotations

import math

import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.lab

from miaobi.errors import BriefError  # noqa: E402
from miaobi.nets.gan.discriminator import Discriminator, Representations  # noqa: E402
from miaobi.nets.gan.generator import LSTMGenerator, TextShape  # noqa: E402
from miaobi.nets.gan.gumbel import draw_softly, gumbel_softmax, relativistic, sharpness  # noqa: E402
from miaobi.nets.gan.policy import policy_loss, values  # noqa: E402


def chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def coin(probability: float, length: int = 3) -> LSTMGenerator:
    """A generator that says 1 with *probability* each time, whatever came before, and else 0."""
    net = LSTMGenerator(TextShape(vocabulary=2, length=length, width=2, hidden=2))
    net.head.weight.data.zero_()
    net.head.bias.data = torch.tensor([math.log(1 - probability), math.log(probability)])
    return net


def share(tokens: torch.Tensor) -> torch.Tensor:
    """The judge: how many of a text's tokens are 1."""
    return tokens.float().mean(1)


def test_value_of_a_prefix_is_the_mean_reward_of_what_may_follow() -> None:
    tokens = torch.tensor([[1, 0, 1], [0, 0, 0]])
    found = values(coin(0.25), share, tokens, 20_000, chance())
    by_hand = torch.tensor([[(1 + 0.5) / 3, (1 + 0.25) / 3, 2 / 3], [0.5 / 3, 0.25 / 3, 0.0]])
    torch.testing.assert_close(found, by_hand, atol=0.01, rtol=0)


def test_rollouts_of_a_certain_generator_are_exact_and_keep_rows_apart() -> None:
    tokens = torch.tensor([[1, 0, 1], [0, 0, 0]])
    found = values(coin(1 - 1e-7), share, tokens, 3, chance())
    torch.testing.assert_close(found, torch.tensor([[3, 2, 2], [2, 1, 0]]) / 3)


def test_policy_gradient_is_that_computed_by_hand_and_raises_what_is_rewarded() -> None:
    net = coin(0.25, length=1)
    tokens, rewards = torch.tensor([[1], [0]]), torch.tensor([[0.8], [0.2]])
    policy_loss(net.likelihoods(tokens), rewards).backward()
    # d(-Q log p)/d bias = Q (p - onehot), mean over both texts
    by_hand = (0.8 * torch.tensor([0.75, -0.75]) + 0.2 * torch.tensor([-0.25, 0.25])) / 2
    torch.testing.assert_close(net.head.bias.grad, by_hand)
    assert net.head.bias.grad[1] < 0  # descending raises the logit of 1


def test_baseline_gives_equal_rewards_no_gradient() -> None:
    net = coin(0.25, length=2)
    tokens = torch.tensor([[1, 0], [0, 0]])
    policy_loss(net.likelihoods(tokens), torch.full((2, 2), 0.7), baseline=True).backward()
    assert net.head.bias.grad.abs().max() == 0


def test_straight_through_says_one_token_and_passes_the_soft_gradient() -> None:
    logits, direction = torch.randn(5, 7), torch.randn(5, 7)
    grads, outs = [], []
    for straight in (False, True):
        leaf = logits.clone().requires_grad_()
        out = gumbel_softmax(leaf, 2.0, chance(4), straight)
        (out * direction).sum().backward()
        grads.append(leaf.grad)
        outs.append(out.detach())
    torch.testing.assert_close(grads[0], grads[1])
    torch.testing.assert_close(outs[1].amax(-1), torch.ones(5))
    torch.testing.assert_close(outs[1].abs().sum(-1), torch.ones(5))
    assert torch.equal(outs[0].argmax(-1), outs[1].argmax(-1))


def test_gumbel_draws_with_the_probabilities_of_softmax_and_sharpens() -> None:
    logits = torch.tensor([0.0, 1.0, 2.0])
    many = gumbel_softmax(logits.expand(20_000, 3), 100.0, chance())
    counts = torch.bincount(many.argmax(-1), minlength=3) / 20_000
    torch.testing.assert_close(counts, logits.softmax(-1), atol=0.015, rtol=0)
    soft = gumbel_softmax(logits.expand(20_000, 3), 1.0, chance())
    assert soft.amax(-1).mean() < many.amax(-1).mean()
    assert [sharpness(n, 10, 100.0) for n in (0, 5, 10)] == pytest.approx([1, 10, 100])


def test_soft_texts_carry_a_gradient_to_every_weight() -> None:
    torch.manual_seed(0)
    net = LSTMGenerator(TextShape(vocabulary=6, length=5, width=4, hidden=4))
    judge = Representations(6, 5, width=6, count=3, filters=4)
    text = draw_softly(net, 2, 1.5, chance())
    assert text.shape == (2, 5, 6)
    judge(text).sum().backward()
    assert all(weight.grad is not None and weight.grad.abs().sum() > 0 for weight in net.parameters())


def test_relativistic_loss_is_small_when_the_winner_is_ahead() -> None:
    assert float(relativistic(torch.tensor([2.0]), torch.tensor([0.5]))) == pytest.approx(math.log(1 + math.exp(-1.5)))


def test_discriminators_give_a_logit_a_text_and_a_representation() -> None:
    torch.manual_seed(0)
    tokens = torch.randint(0, 6, (3, 5))
    assert Discriminator(6, 5, width=4, filters=4)(tokens).shape == (3,)
    judge = Representations(6, 5, width=6, count=3, filters=4).eval()
    one_hot = torch.nn.functional.one_hot(tokens, 6).float()
    assert judge(tokens).shape == (3, 3)
    torch.testing.assert_close(judge(tokens), judge(one_hot), atol=1e-6, rtol=1e-5)
    with pytest.raises(BriefError, match="as long as the text"):
        Discriminator(6, 3)
