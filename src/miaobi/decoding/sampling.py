"""Drawing a token from a row of logits: every stage of ``types.Sampling``, in the order of llama.cpp.

penalties → DRY → top-k → typical → top-p → min-p → XTC → temperature → draw; mirostat 2 replaces all that
follows the penalties. After each stage the probabilities of what is left are taken anew.

- repetition, presence, frequency: Keskar et al. 2019 (CTRL); OpenAI's two.
- DRY ("don't repeat yourself", p-e-w 2024): a token that would lengthen a repetition of L tokens loses
  ``multiplier · base^(L − allowed)`` nats; a repetition ends at a sequence breaker.
- typical: Meister et al. 2022. top-p: Holtzman et al. 2019. min-p: Nguyen et al. 2024.
- XTC ("exclude top choices", p-e-w 2024): with a probability, drop all tokens above the threshold but the least.
- mirostat 2: Basu et al. 2020; keeps the surprise of the text near *tau* bits.

Chance is counted, not streamed: the two numbers for position *t* of a candidate are BLAKE2b(seed, t), so neither
the order in a batch nor a rewind can change what another position gets. Ties go to the lower id.

Speed: tokens far below the best one can't survive top-k, top-p or min-p, so those stages run on a shortlist when
that is provably the same; a row of 49,152 logits takes about 0.3 ms.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from miaobi.types import Floats, Mask, Sampling

Ids = npt.NDArray[np.int64]
Doubles = npt.NDArray[np.float64]
_SHORTLIST = 1000  # tokens
_DRY_LONGEST = 50  # a longer repetition is punished no harder: base^48 is beyond any logit


def uniforms(seed: int, position: int) -> tuple[float, float]:
    """Return two numbers in [0, 1) that depend on nothing but *seed* and *position*."""
    digest = hashlib.blake2b(f"{seed}\x1f{position}".encode(), digest_size=16).digest()
    first, second = int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:], "big")
    return (first >> 11) * 2.0**-53, (second >> 11) * 2.0**-53


def log_normaliser(logits: Floats) -> float:
    """Return log Σ exp(logits) in nats."""
    top = float(logits.max())
    return top + float(np.log(np.exp(logits - np.float32(top)).sum(dtype=np.float64)))


def dry_penalties(history: Sequence[int], sampling: Sampling, breakers: Collection[int]) -> dict[int, float]:
    """Return the nats that DRY takes from each token which would lengthen a repetition in *history*."""
    if not history or history[-1] in breakers:
        return {}
    last, end, longest = history[-1], len(history) - 1, dict[int, int]()
    for i in range(end - 1, -1, -1):
        if history[i] != last or history[i + 1] in breakers:
            continue
        length = 1
        while (
            length < min(i + 1, _DRY_LONGEST)
            and history[i - length] == history[end - length]
            and history[i - length] not in breakers
        ):
            length += 1
        longest[history[i + 1]] = max(longest.get(history[i + 1], 0), length)
    allowed = sampling.dry_allowed_length
    return {
        token: sampling.dry_multiplier * sampling.dry_base ** (length - allowed)
        for token, length in longest.items()
        if length >= allowed
    }


def penalise(logits: Floats, history: Sequence[int], sampling: Sampling, breakers: Collection[int]) -> Floats:
    """Return *logits* (V,) after the penalties and DRY; the row given is left as it is."""
    window = history[-sampling.penalty_window :] if sampling.penalty_window > 0 else []
    out = logits.copy()
    plain = sampling.repetition_penalty != 1.0 or sampling.presence_penalty != 0.0 or sampling.frequency_penalty != 0.0
    if plain and window:
        counts = Counter(window)
        ids = np.fromiter(counts.keys(), dtype=np.int64)
        times = np.fromiter(counts.values(), dtype=np.float32)
        seen = out[ids]
        seen = np.where(seen > 0, seen / sampling.repetition_penalty, seen * sampling.repetition_penalty)
        out[ids] = seen - times * np.float32(sampling.frequency_penalty) - np.float32(sampling.presence_penalty)
    if sampling.dry_multiplier > 0:
        for token, loss in dry_penalties(window, sampling, breakers).items():
            out[token] -= loss
    return out


@dataclass
class _Pool:
    """The tokens still in play, most probable first, with logits; ``mass``: log Σ exp of those."""

    ids: Ids
    logits: Doubles
    mass: float

    @property
    def probabilities(self) -> Doubles:
        return np.exp(self.logits - self.mass)

    def keep(self, chosen: npt.NDArray[np.bool_] | slice | Ids) -> _Pool:
        kept = self.logits[chosen]
        top = kept.max()
        return _Pool(self.ids[chosen], kept, float(top + np.log(np.exp(kept - top).sum())))


def _ordered(logits: Floats, ids: Ids, mass: float | None) -> _Pool:
    """Sort the tokens *ids* by falling logit, ties by id."""
    ids = np.sort(ids)
    ids = ids[np.argsort(-logits[ids], kind="stable")]
    chosen = logits[ids].astype(np.float64)
    if mass is None:
        mass = float(chosen[0] + np.log(np.exp(chosen - chosen[0]).sum()))
    return _Pool(ids, chosen, mass)


def _needs_tail(sampling: Sampling) -> bool:
    """Tell whether a stage may look beyond any shortlist."""
    return sampling.typical_p < 1.0 or sampling.mirostat_tau > 0


def _shortlist(logits: Floats, sampling: Sampling) -> _Pool:
    """Return the tokens that can be drawn at all: all of them, or fewer where that is provably the same."""
    size = logits.shape[0]
    if 0 < sampling.top_k < size and sampling.mirostat_tau <= 0:
        cut = np.partition(logits, size - sampling.top_k)[size - sampling.top_k]
        pool = _ordered(logits, np.flatnonzero(logits >= cut), None)
        return pool.keep(slice(sampling.top_k))
    if not _needs_tail(sampling) and (sampling.min_p > 0 or sampling.top_p < 1.0):
        mass = log_normaliser(logits)
        top = float(logits.max())
        floor = np.log(sampling.min_p) if sampling.min_p > 0 else -9.0
        ids = np.flatnonzero(logits >= top + floor - 1e-4)
        if ids.size > _SHORTLIST and sampling.top_p < 1.0:
            ids = np.argpartition(-logits, _SHORTLIST)[:_SHORTLIST].astype(np.int64)
        pool = _ordered(logits, ids, mass)
        if sampling.top_p >= 1.0 or float(pool.probabilities.sum()) >= sampling.top_p + 1e-6:
            return pool
    return _ordered(logits, np.flatnonzero(logits > -np.inf), None)


def _typical(pool: _Pool, share: float) -> _Pool:
    """Keep the tokens whose surprise is nearest the entropy until they hold *share* of the probability."""
    p = pool.probabilities
    surprise = pool.mass - pool.logits
    distance = np.abs(surprise - float((p * surprise).sum()))
    order = np.argsort(distance, kind="stable")
    count = int(np.searchsorted(np.cumsum(p[order]), share)) + 1
    return pool.keep(np.sort(order[:count]))


def truncate(logits: Floats, sampling: Sampling, chance: float = 1.0) -> tuple[Ids, Doubles]:
    """Return ids and probabilities (before temperature) left by top-k, typical, top-p, min-p and XTC.

    *chance* in [0, 1): XTC acts when it is below ``xtc_probability``. Order: falling probability, ties by id.
    """
    pool = _shortlist(logits, sampling)
    if sampling.typical_p < 1.0:
        pool = _typical(pool, sampling.typical_p)
    if sampling.top_p < 1.0:
        pool = pool.keep(slice(int(np.searchsorted(np.cumsum(pool.probabilities), sampling.top_p)) + 1))
    if sampling.min_p > 0:
        pool = pool.keep(pool.logits >= pool.logits[0] + np.log(sampling.min_p))
    if chance < sampling.xtc_probability:
        above = int((pool.probabilities >= sampling.xtc_threshold).sum())
        if above >= 2:
            pool = pool.keep(slice(above - 1, None))
    return pool.ids, pool.probabilities


def _draw(p: Doubles, u: float) -> int:
    """Return the index where the cumulative probability passes *u*."""
    return min(int(np.searchsorted(np.cumsum(p), u * float(p.sum()), side="right")), len(p) - 1)


def _mirostat(logits: Floats, mu: float, u: float, temperature: float) -> tuple[int, float]:
    """Draw among tokens less surprising than *mu* bits; return the token and its surprise in bits."""
    pool = _ordered(logits / np.float32(temperature), np.flatnonzero(logits > -np.inf), None)
    bits = (pool.mass - pool.logits) / np.log(2.0)
    pool = pool.keep(slice(max(1, int((bits <= mu).sum()))))
    at = _draw(pool.probabilities, u)
    return int(pool.ids[at]), float(pool.mass - pool.logits[at]) / float(np.log(2.0))


class Sampler:
    """Draws the tokens of one candidate. Its state is the tokens so far, so it can be rewound."""

    def __init__(self, sampling: Sampling, seed: int, prompt: Sequence[int], breakers: Collection[int] = ()) -> None:
        self.sampling, self.seed, self.breakers = sampling, seed, breakers
        self.history = list(prompt[-sampling.penalty_window :]) if sampling.penalty_window > 0 else []
        self._prompt = len(self.history)
        self._mu = [2.0 * sampling.mirostat_tau]

    @property
    def position(self) -> int:
        """How many tokens have been accepted."""
        return len(self.history) - self._prompt

    def choose(self, logits: Floats, mask: Mask | None = None, forbidden: Collection[int] = ()) -> int:
        """Return a token id; -1 if *mask* and *forbidden* leave none. Call ``accept`` before the next one."""
        s = self.sampling
        row = penalise(logits, self.history, s, self.breakers)
        if mask is not None:
            row[~mask] = -np.inf
        if forbidden:
            row[list(forbidden)] = -np.inf
        best = int(row.argmax())
        if row[best] == -np.inf:
            return -1
        if s.temperature <= 0:
            return best
        first, second = uniforms(self.seed, self.position)
        if s.mirostat_tau > 0:
            token, surprise = _mirostat(row, self._mu[-1], first, s.temperature)
            self._pending = self._mu[-1] - s.mirostat_eta * (surprise - s.mirostat_tau)
            return token
        ids, p = truncate(row, s, second)
        if s.temperature != 1.0:
            p = p ** (1.0 / s.temperature) if s.temperature > 0.05 else (p / p[0]) ** (1.0 / s.temperature)
        return int(ids[_draw(p, first)])

    _pending: float | None = None

    def accept(self, token: int) -> None:
        """Take *token*, drawn or forced, into the history."""
        self.history.append(token)
        self._mu.append(self._mu[-1] if self._pending is None else self._pending)
        self._pending = None

    def rewind(self, count: int) -> None:
        """Forget the last *count* tokens."""
        if count:
            del self.history[-count:]
            del self._mu[-count:]
        self._pending = None
