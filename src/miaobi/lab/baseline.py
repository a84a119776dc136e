"""The baseline that a net has to beat: an interpolated Kneser–Ney 5-gram over the same tokens.

    p(w | h) = max(c(h w) - D, 0) / c(h) + D · kinds(h) / c(h) · p(w | h without its first token)

c counts occurrences for the longest contexts, and for shorter ones in how many contexts a gram occurs (continuations).
D = n₁ / (n₁ + 2 n₂) of each order; below the first order all tokens are equally likely. Kneser & Ney 1995, in the
interpolated form of Chen & Goodman 1999.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

ORDER = 5
Gram = tuple[int, ...]


class KneserNey:
    """Counts of *tokens*; *size*: of the vocabulary."""

    def __init__(self, tokens: Sequence[int], size: int, order: int = ORDER) -> None:
        self.order, self.size = order, size
        self._followers: list[dict[Gram, Counter[int]]] = []  # of each context length, what follows and how often
        grams = Counter(zip(*(tokens[i:] for i in range(order)), strict=False))
        for length in range(order - 1, -1, -1):
            followers: dict[Gram, Counter[int]] = {}
            for gram, count in grams.items():
                followers.setdefault(gram[:-1], Counter())[gram[-1]] = count
            self._followers.insert(0, followers)
            if length:
                grams = Counter(gram[1:] for gram in grams)  # each kind of longer gram once: continuations
        self._totals = [{context: sum(c.values()) for context, c in each.items()} for each in self._followers]
        self._discounts = [_discount(each) for each in self._followers]

    def probability(self, context: Sequence[int], token: int) -> float:
        """Return p(token | the last tokens of *context*)."""
        found = 1.0 / self.size
        for length in range(min(self.order - 1, len(context)) + 1):
            key = tuple(context[len(context) - length :])
            total = self._totals[length].get(key)
            if not total:
                break  # a context never seen: the longer ones weren't either
            counts, discount = self._followers[length][key], self._discounts[length]
            found = (max(counts[token] - discount, 0) + discount * len(counts) * found) / total
        return found

    def loss(self, tokens: Sequence[int]) -> float:
        """Return the mean negative log-likelihood of *tokens* but the first, in nats."""
        return -sum(
            math.log(self.probability(tokens[max(0, i - self.order + 1) : i], tokens[i])) for i in range(1, len(tokens))
        ) / (len(tokens) - 1)

    def generate(self, begin: Sequence[int], count: int, seed: int, temperature: float = 1.0) -> list[int]:
        """Return *count* tokens that follow *begin*."""
        rng = np.random.default_rng(seed)
        said = list(begin)
        for _ in range(count):
            p = self._distribution(said[-(self.order - 1) :]) ** (1 / temperature)
            said.append(int(rng.choice(self.size, p=p / p.sum())))
        return said[len(begin) :]

    def _distribution(self, context: Sequence[int]) -> np.ndarray:
        found = np.full(self.size, 1.0 / self.size)
        for length in range(len(context) + 1):
            key = tuple(context[len(context) - length :])
            total = self._totals[length].get(key)
            if not total:
                break
            counts, discount = self._followers[length][key], self._discounts[length]
            found *= discount * len(counts) / total
            tokens = np.fromiter(counts, np.int64, len(counts))
            values = np.fromiter(counts.values(), np.float64, len(counts))
            found[tokens] += np.maximum(values - discount, 0) / total
        return found


def _discount(followers: dict[Gram, Counter[int]]) -> float:
    once = sum(count == 1 for counts in followers.values() for count in counts.values())
    twice = sum(count == 2 for counts in followers.values() for count in counts.values())
    return once / (once + 2 * twice) if once and twice else 0.5
