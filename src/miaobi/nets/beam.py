"""Beam: the likeliest target of a sequence-to-sequence net, found greedily or among the best few at each step.

Hypotheses are ranked by log p(y | x) / lp(y) with lp(y) = ((5 + |y|) / 6)^α (Wu et al. 2016, equation 14); |y| counts
END. α = 0 is the bare likelihood, which favours the short; the Transformer's paper decodes with 4 beams and α = 0.6.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from miaobi.errors import BriefError
from miaobi.nets.sequence import BEGIN, END, PADDING, EncoderDecoder


@dataclass(frozen=True)
class Hypothesis:
    """A target without BEGIN and END, and the log-likelihood of it and its END (nats)."""

    tokens: tuple[int, ...]
    likelihood: float
    ended: bool

    def worth(self, alpha: float) -> float:
        """Return what hypotheses are ranked by."""
        return self.likelihood / penalty(len(self.tokens) + self.ended, alpha)


def penalty(length: int, alpha: float) -> float:
    """Return lp = ((5 + length) / 6)^α."""
    return float(((5 + length) / 6) ** alpha)


@torch.no_grad()
def greedy(net: EncoderDecoder, source: Tensor, limit: int) -> list[list[int]]:
    """Return a target of each of *source* (B, S), the likeliest token after another, at most *limit* of them."""
    net.eval()
    memory, seen = net.encode(source)
    said = torch.full((len(source), 1), BEGIN)  # (B, 1 + t)
    ended = torch.zeros(len(source), dtype=torch.bool)
    for _ in range(limit):
        token = _forbid(net.decode(said, memory, seen)[:, -1]).argmax(-1)  # (B,)
        token = torch.where(ended, PADDING, token)
        ended |= token == END
        said = torch.cat((said, token[:, None]), 1)
        if bool(ended.all()):
            break
    return [[t for t in row if t not in (PADDING, END)] for row in said[:, 1:].tolist()]


@torch.no_grad()
def beam(net: EncoderDecoder, source: Tensor, limit: int, width: int = 4, alpha: float = 0.6) -> list[Hypothesis]:
    """Return the best hypotheses of one *source* (1, S), best first, at most *width*.

    It stops when *width* hypotheses have ended and no living one can still overtake the last of them, or at *limit*
    tokens, where the living ones count as they are only if none has ended. BriefError for a width below 1.
    """
    if width < 1 or limit < 1 or len(source) != 1:
        raise BriefError(
            f"A beam of width {width} over {len(source)} sources and {limit} tokens can't be searched.",
            "Width and limit are 1 or more; sources are searched one at a time.",
        )
    net.eval()
    memory, seen = net.encode(source)
    living, done = [Hypothesis((), 0.0, False)], list[Hypothesis]()
    while living and len(living[0].tokens) < limit:
        said = torch.tensor([(BEGIN, *h.tokens) for h in living])  # (K, 1 + t)
        logits = net.decode(said, memory.expand(len(living), -1, -1), seen.expand(len(living), -1, -1, -1))
        logs = _forbid(logits[:, -1]).log_softmax(-1)  # (K, V)
        totals = torch.tensor([h.likelihood for h in living])[:, None] + logs
        best = totals.flatten().topk(min(2 * width, totals.numel()))  # at most half of them are ENDs of K beams
        grown = []
        for value, index in zip(best.values.tolist(), best.indices.tolist(), strict=True):
            row, token = divmod(index, logs.shape[1])
            if value == float("-inf"):
                continue
            if token == END:
                done.append(Hypothesis(living[row].tokens, value, True))
            else:
                grown.append(Hypothesis((*living[row].tokens, token), value, False))
        done = sorted(done, key=lambda h: -h.worth(alpha))[:width]
        living = grown[:width]
        if len(done) == width and living and _cannot_win(living[0], done[-1], limit, alpha):
            break
    return done or sorted(living, key=lambda h: -h.worth(alpha))


def _cannot_win(living: Hypothesis, done: Hypothesis, limit: int, alpha: float) -> bool:
    """Say whether *living*, if all that follows were certain, would still be worth less than *done*."""
    longest = limit if alpha > 0 else len(living.tokens) + 1
    return living.likelihood / penalty(longest, alpha) <= done.worth(alpha)


def _forbid(logits: Tensor) -> Tensor:
    """Return *logits* (…, V) with padding and BEGIN made impossible."""
    logits = logits.clone()
    logits[..., [PADDING, BEGIN]] = float("-inf")
    return logits
