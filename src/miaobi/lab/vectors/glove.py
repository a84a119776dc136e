"""GloVe (Pennington, Socher, Manning 2014): vectors whose products are the logarithms of co-occurrence.

    J = sum over i, j of  f(X_ij) · (w_i · c_j + b_i + d_j − log X_ij)²        f(x) = min(1, (x / x_max)^alpha)

w_i is a word's vector, c_j its vector as context, b and d their biases. Learnt by AdaGrad as in Stanford's program:
the step of a parameter is  rate·g / sqrt(1 + sum of its (rate·g)² before).  A word's final vector is w + c.

What is ours is the order of the steps. Words are dealt into B blocks; a *tile* is the set of pairs between two blocks
and touches nothing outside them. The tiles of an epoch are played like a round-robin tournament (circle method:
Kirkman 1847): in each round every block meets one other, so all tiles of a round can be learnt at once on any number
of cores without a lock, and the result is the same for any number of threads. This is the stratification of Gemulla
et al. (KDD 2011), made symmetric. A tile's rows also stay in the cache, which is where the speed comes from.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from miaobi.errors import CorpusError
from miaobi.lab.compiled import compiled
from miaobi.lab.vectors.cooccurrence import Keys, Numbers, Room, Run
from miaobi.types import Floats

# What a word has, in one piece of memory: (V, 4, D + pad). In the place after the D numbers stands the bias.
WORD, CONTEXT, WORD_SQUARES, CONTEXT_SQUARES = range(4)
Places = npt.NDArray[np.int64]  # where tiles begin
_LANES = 8  # float32 that one AVX2 instruction handles; rows are padded to whole ones


@dataclass(frozen=True)
class Recipe:
    """How to learn. The values are those of Stanford's demo but for the vectors' length."""

    dimensions: int = 100
    epochs: int = 15
    x_max: float = 10.0  # co-occurrences above weigh the same
    alpha: float = 0.75
    rate: float = 0.05
    blocks: int = 64  # even; more make a tile's rows fit a smaller cache
    seed: int = 0
    threads: int = 1  # changes the speed, never the result
    memory: float = 2.0  # gigabytes; pairs beyond lie on the disk


@dataclass(frozen=True)
class Learnt:
    """What comes out: (V, D) float32, and the mean of J's terms an epoch."""

    vectors: npt.NDArray[np.float32]
    contexts: npt.NDArray[np.float32]
    losses: tuple[float, ...]

    @property
    def sums(self) -> npt.NDArray[np.float32]:
        """The vectors that the paper evaluates: w + c."""
        return self.vectors + self.contexts


@compiled(fast=True, inline=True)
def _step(
    word: Floats,
    context: Floats,
    word_squares: Floats,
    context_squares: Floats,
    bias: int,
    log_x: Any,
    weight: Any,
    rate: Any,
) -> Any:
    """Take one AdaGrad step for one X_ij; return f(X_ij) · error² of before it."""
    product = np.float32(0.0)
    for k in range(bias):
        product += word[k] * context[k]
    error = product + word[bias] + context[bias] - log_x  # w_i · c_j + b_i + d_j − log X_ij
    pull = rate * min(max(weight * error, np.float32(-100.0)), np.float32(100.0))  # rate · f(X_ij) · error
    for k in range(bias):
        to_word, to_context = pull * context[k], pull * word[k]  # rate · dJ/dw_i and rate · dJ/dc_j
        word[k] -= to_word / np.sqrt(word_squares[k])
        context[k] -= to_context / np.sqrt(context_squares[k])
        word_squares[k] += to_word * to_word
        context_squares[k] += to_context * to_context
    word[bias] -= pull / np.sqrt(word_squares[bias])  # a bias has the gradient 1
    context[bias] -= pull / np.sqrt(context_squares[bias])
    word_squares[bias] += pull * pull
    context_squares[bias] += pull * pull
    return weight * error * error


@compiled(fast=True)
def _learn(
    rows: Numbers, columns: Numbers, values: Floats, table: Floats, dimensions: int, x_max: Any, alpha: Any, rate: Any
) -> float:
    """Learn the pairs of one tile, each in both directions; return the sum of J's terms."""
    cost = 0.0
    for n in range(len(rows)):
        i, j, x = table[rows[n]], table[columns[n]], values[n]
        same = rows[n] == columns[n]
        if same:
            x = x + x  # a word meets itself from the left and from the right
        log_x = np.float32(np.log(x))
        weight = np.float32(1.0) if x >= x_max else np.float32((x / x_max) ** alpha)  # f(X_ij)
        cost += _step(i[0], j[1], i[2], j[3], dimensions, log_x, weight, rate)
        if not same:
            cost += _step(j[0], i[1], j[2], i[3], dimensions, log_x, weight, rate)
    return cost


@compiled()
def _sizes(pairs: Keys, size: int, blocks: int, sizes: Places) -> None:
    """Count the pairs of each tile into *sizes* (B·B,)."""
    for pair in pairs:
        a, b = np.int64(pair // np.uint64(size)) % blocks, np.int64(pair % np.uint64(size)) % blocks
        sizes[min(a, b) * blocks + max(a, b)] += 1


@compiled()
def _deal(
    pairs: Keys,
    values: Floats,
    size: int,
    blocks: int,
    seed: int,
    ends: Places,
    rows: Numbers,
    columns: Numbers,
    values_out: Floats,
) -> None:
    """Put the pairs into their tiles, shuffled within each (Fisher and Yates, from the inside out).

    *ends* holds where each tile begins and, when done, where it ends.
    """
    np.random.seed(seed)
    begins = ends.copy()
    for n in range(len(pairs)):
        i, j = np.int64(pairs[n] // np.uint64(size)), np.int64(pairs[n] % np.uint64(size))
        a, b = i % blocks, j % blocks
        tile = min(a, b) * blocks + max(a, b)
        last = ends[tile]
        place = begins[tile] + np.random.randint(0, last - begins[tile] + 1)
        rows[last], columns[last], values_out[last] = rows[place], columns[place], values_out[place]
        rows[place], columns[place], values_out[place] = i, j, values[n]
        ends[tile] = last + 1


def rounds(blocks: int) -> list[list[tuple[int, int]]]:
    """Return the rounds in which each of *blocks* (even) meets each other once; first one where each meets itself."""
    circle = list(range(1, blocks))
    played = [[(b, b) for b in range(blocks)]]
    for _ in range(blocks - 1):
        seats = [0, *circle]
        played.append(
            [(min(p), max(p)) for p in zip(seats[: blocks // 2], reversed(seats[blocks // 2 :]), strict=True)]
        )
        circle = [circle[-1], *circle[:-1]]
    return played


class _Tiles:
    """The pairs of a run in the order of their tiles: 12 bytes a pair."""

    def __init__(self, run: Run, size: int, blocks: int, seed: int, room: Room) -> None:
        sizes = np.zeros(blocks * blocks, np.int64)
        _sizes(run.pairs, size, blocks, sizes)
        self._begins = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        self._ends, self._blocks = self._begins.copy(), blocks
        self.rows, self.columns = room.empty(len(run), np.int32), room.empty(len(run), np.int32)
        self.values = room.empty(len(run), np.float32)
        _deal(run.pairs, run.values, size, blocks, seed, self._ends, self.rows, self.columns, self.values)

    def of(self, tile: tuple[int, int]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        place = tile[0] * self._blocks + tile[1]
        span = slice(self._begins[place], self._ends[place])
        return self.rows[span], self.columns[span], self.values[span]


def initial(size: int, dimensions: int, seed: int) -> npt.NDArray[np.float32]:
    """Return the parameters before learning: (V, 4, D + pad), uniform in ±0.5/D, the squares 1."""
    padded = -(-(dimensions + 1) // _LANES) * _LANES
    table = np.ones((size, 4, padded), np.float32)
    shape = (size, 2, dimensions + 1)
    table[:, : CONTEXT + 1, : dimensions + 1] = (
        np.random.default_rng(seed).random(shape, np.float32) - 0.5
    ) / dimensions
    return table


def learn(
    run: Run, size: int, recipe: Recipe | None = None, progress: Callable[[int, float], None] | None = None
) -> Learnt:
    """Learn vectors for *size* words from their co-occurrences; *progress* hears of each epoch and its loss.

    The same run, recipe and processor give the same bytes, whatever ``threads`` is.
    """
    recipe = recipe or Recipe()
    blocks = max(2, min(recipe.blocks, size) // 2 * 2)
    table = initial(size, recipe.dimensions, recipe.seed)
    tiles = _Tiles(run, size, blocks, recipe.seed, Room(None, int(recipe.memory * 1e9 / 3)))
    terms = 2 * len(run) - int(np.count_nonzero(tiles.rows == tiles.columns))
    schedule, chance = rounds(blocks), np.random.default_rng(recipe.seed)
    numbers = (np.float32(recipe.x_max), np.float32(recipe.alpha), np.float32(recipe.rate))
    losses = []
    with ThreadPoolExecutor(recipe.threads) as pool:
        for epoch in range(recipe.epochs):
            cost = 0.0
            for turn in chance.permutation(len(schedule)):
                cost += sum(
                    pool.map(lambda tile: _learn(*tiles.of(tile), table, recipe.dimensions, *numbers), schedule[turn])
                )
            losses.append(cost / terms)
            if not np.isfinite(cost):
                raise CorpusError(
                    f"Learning diverged in epoch {epoch + 1}: the loss is {cost}.",
                    f"Lower the rate (it is {recipe.rate}).",
                )
            if progress:
                progress(epoch + 1, losses[-1])
    d = recipe.dimensions
    return Learnt(table[:, WORD, :d].copy(), table[:, CONTEXT, :d].copy(), tuple(losses))
