"""Training on texts of an oracle: maximum likelihood, and from there SeqGAN or RelGAN.

SeqGAN   a step: one policy gradient step of the generator, then the discriminator on fresh texts of both kinds.
RelGAN   a step: one step of the generator through softly drawn texts, five of the discriminator; β rises.

All chance follows from the seed and the names of the phases, so one thread gives the same weights each time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from miaobi.errors import BriefError, TrainingError
from miaobi.nets.gan.discriminator import Discriminator, Representations
from miaobi.nets.gan.generator import Generator
from miaobi.nets.gan.gumbel import draw_softly, relativistic, sharpness
from miaobi.nets.gan.policy import policy_loss, values
from miaobi.types import derive_seed

Watch = Callable[[str, int, float], None]  # phase, step, loss


@dataclass(frozen=True)
class Settings:
    """How long and how hard. The papers: 10,000 texts, batches of 64, 16 rollouts, βmax 100 or more (recalled)."""

    batch: int = 64
    pretraining: int = 2000  # steps of maximum likelihood
    judging: int = 200  # SeqGAN: steps of the discriminator before the first of the generator
    steps: int = 100  # adversarial steps of the generator
    rounds: int = 5  # steps of the discriminator for each of the generator
    rollouts: int = 16
    rate: float = 5e-3  # of maximum likelihood
    adversarial: float = 1e-3  # rate of the generator afterwards; the discriminator's is 1e-4 in RelGAN, 1e-3 in SeqGAN
    most: float = 100.0  # βmax
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("batch", "rollouts", "rounds"):
            if getattr(self, name) < 1:
                raise BriefError(f"{name} is {getattr(self, name)}.", f"{name} is 1 or more.")
        if min(self.rate, self.adversarial) <= 0 or self.most < 1:
            raise BriefError(
                f"Rates {self.rate} and {self.adversarial} with βmax {self.most} can't be trained with.",
                "Rates are above 0, βmax is 1 or more.",
            )


def likelihood(net: Generator, texts: Tensor, settings: Settings, watch: Watch = lambda *_: None) -> None:
    """Train *net* on *texts* (N, T) by maximum likelihood."""
    optimiser = torch.optim.Adam(net.parameters(), lr=settings.rate)
    chance = _chance(settings, "likelihood")
    net.train()
    for step in range(settings.pretraining):
        loss = net.nll(_some(texts, settings.batch, chance))
        _descend(optimiser, loss, "likelihood", step, net.parameters())
        watch("likelihood", step, float(loss.detach()))


def seqgan(
    net: Generator, judge: Discriminator, texts: Tensor, settings: Settings, watch: Watch = lambda *_: None
) -> None:
    """Go on training *net* by policy gradient against *judge*, which learns to tell its texts from *texts* (N, T)."""
    chance = _chance(settings, "seqgan")
    generator = torch.optim.Adam(net.parameters(), lr=settings.adversarial)
    discriminator = torch.optim.Adam(judge.parameters(), lr=1e-3)

    def judged(count: int) -> None:
        judge.train()
        for step in range(count):
            real, drawn = _some(texts, settings.batch, chance), net.sample(settings.batch, chance)
            logits = judge(torch.cat((real, drawn)))
            truth = torch.cat((torch.ones(len(real)), torch.zeros(len(drawn))))
            loss = F.binary_cross_entropy_with_logits(logits, truth)
            _descend(discriminator, loss, "discriminator", step, judge.parameters())

    def reward(tokens: Tensor) -> Tensor:
        return torch.sigmoid(judge(tokens))

    judged(settings.judging)
    for step in range(settings.steps):
        judge.eval()
        drawn = net.sample(settings.batch, chance)
        rewards = values(net, reward, drawn, settings.rollouts, chance)
        loss = policy_loss(net.likelihoods(drawn), rewards)
        _descend(generator, loss, "seqgan", step, net.parameters())
        watch("seqgan", step, float(rewards.mean()))
        judged(settings.rounds)


def relgan(
    net: Generator, judge: Representations, texts: Tensor, settings: Settings, watch: Watch = lambda *_: None
) -> None:
    """Go on training *net* through softly drawn texts against *judge*, which tells them from *texts* (N, T)."""
    chance = _chance(settings, "relgan")
    generator = torch.optim.Adam(net.parameters(), lr=settings.adversarial)
    discriminator = torch.optim.Adam(judge.parameters(), lr=1e-4)
    net.train()
    judge.train()
    for step in range(settings.steps):
        beta = sharpness(step, settings.steps, settings.most)
        real = _some(texts, settings.batch, chance)
        loss = relativistic(judge(draw_softly(net, settings.batch, beta, chance)), judge(real))
        _descend(generator, loss, "relgan", step, net.parameters())
        watch("relgan", step, float(loss.detach()))
        for turn in range(settings.rounds):
            with torch.no_grad():
                drawn = draw_softly(net, settings.batch, beta, chance)
            loss = relativistic(judge(_some(texts, settings.batch, chance)), judge(drawn))
            _descend(discriminator, loss, "discriminator", turn, judge.parameters())


def _chance(settings: Settings, phase: str) -> torch.Generator:
    seed = derive_seed(settings.seed, "adversarial", phase)
    torch.manual_seed(seed)  # dropout's masks
    return torch.Generator().manual_seed(seed)


def _some(texts: Tensor, count: int, chance: torch.Generator) -> Tensor:
    return texts[torch.randint(len(texts), (count,), generator=chance)]


def _descend(
    optimiser: torch.optim.Optimizer, loss: Tensor, phase: str, step: int, weights: Iterable[torch.nn.Parameter]
) -> None:
    """Take one step down *loss*, the gradient's norm being 5 at most; TrainingError if the loss is no number."""
    if not math.isfinite(float(loss.detach())):
        raise TrainingError(f"The loss of {phase} is no number at step {step}.", "Train with smaller rates.")
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(list(weights), 5.0)
    optimiser.step()
