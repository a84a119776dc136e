from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest

pytest.importorskip("numba", reason="needs the lab extra")

from miaobi.errors import CorpusError
from miaobi.lab.vectors import glove
from miaobi.lab.vectors.cooccurrence import Room, Run
from miaobi.lab.vectors.glove import Recipe, initial, learn, rounds

pytestmark = pytest.mark.lab
SIZE, ROOM = 40, Room(None, 1 << 20)


@pytest.fixture(scope="module")
def run() -> Run:
    """Co-occurrences of words of two topics, which meet their own topic's more often."""
    chance = np.random.default_rng(3)
    x = chance.gamma(2.0, 0.3, (SIZE, SIZE))
    topic = np.arange(SIZE) % 2
    x[topic[:, None] == topic] *= 60
    i, j = np.triu_indices(SIZE)
    return Run((i * SIZE + j).astype(np.uint64), x[i, j].astype(np.float32))


def reference(run: Run, recipe: Recipe) -> tuple[np.ndarray, list[float]]:
    """GloVe as the paper and its program say it, in numpy and double precision, over our order of the pairs."""
    blocks = max(2, min(recipe.blocks, SIZE) // 2 * 2)
    tiles = glove._Tiles(run, SIZE, blocks, recipe.seed, ROOM)
    start = initial(SIZE, recipe.dimensions, recipe.seed)[:, :, : recipe.dimensions + 1].astype(float)
    w, c, w2, c2 = (start[:, k].copy() for k in range(4))
    schedule, chance, losses = rounds(blocks), np.random.default_rng(recipe.seed), []
    for _ in range(recipe.epochs):
        cost, terms = 0.0, 0
        for turn in chance.permutation(len(schedule)):
            for tile in schedule[turn]:
                for i, j, x in zip(*tiles.of(tile), strict=True):
                    for a, b in {(i, j), (j, i)} if i == j else [(i, j), (j, i)]:
                        value = 2 * float(x) if i == j else float(x)
                        weight = min(1.0, (value / recipe.x_max) ** recipe.alpha)
                        error = w[a, :-1] @ c[b, :-1] + w[a, -1] + c[b, -1] - np.log(value)
                        cost += weight * error**2
                        terms += 1
                        pull = recipe.rate * weight * error
                        to_w, to_c = pull * np.append(c[b, :-1], 1), pull * np.append(w[a, :-1], 1)
                        w[a] -= to_w / np.sqrt(w2[a])
                        c[b] -= to_c / np.sqrt(c2[b])
                        w2[a] += to_w**2
                        c2[b] += to_c**2
        losses.append(cost / terms)
    return w[:, :-1] + c[:, :-1], losses


def test_learning_takes_the_steps_of_the_formula(run: Run) -> None:
    recipe = Recipe(dimensions=7, epochs=3, blocks=6, seed=5)
    wanted, losses = reference(run, recipe)
    learnt = learn(run, SIZE, recipe)
    assert learnt.losses == pytest.approx(losses, rel=1e-4)
    np.testing.assert_allclose(learnt.sums, wanted, rtol=2e-3, atol=2e-4)


def test_threads_do_not_change_a_byte(run: Run) -> None:
    one, three = (learn(run, SIZE, Recipe(dimensions=16, epochs=3, blocks=8, threads=t)) for t in (1, 3))
    assert one.losses == three.losses
    assert one.vectors.tobytes() == three.vectors.tobytes()
    assert one.contexts.tobytes() == three.contexts.tobytes()


def test_pairs_on_the_disk_give_the_same_bytes(run: Run) -> None:
    here, there = (learn(run, SIZE, Recipe(dimensions=8, epochs=2, memory=m)) for m in (2.0, 1e-7))
    assert here.vectors.tobytes() == there.vectors.tobytes()


def test_seed_changes_the_vectors(run: Run) -> None:
    one, two = (learn(run, SIZE, Recipe(dimensions=4, epochs=1, seed=s)) for s in (1, 2))
    assert not np.array_equal(one.vectors, two.vectors)


def test_products_come_near_the_logarithms_and_topics_part(run: Run) -> None:
    learnt = learn(run, SIZE, Recipe(dimensions=8, epochs=60, x_max=1.0))
    assert learnt.losses[-1] < learnt.losses[0] / 10
    units = learnt.sums / np.linalg.norm(learnt.sums, axis=1, keepdims=True)
    cosines = units @ units.T
    same = np.arange(SIZE)[:, None] % 2 == np.arange(SIZE) % 2
    assert cosines[same].mean() > cosines[~same].mean() + 0.5


@pytest.mark.parametrize("blocks", [2, 4, 10, 64])
def test_each_block_meets_every_other_once_and_no_two_at_a_time(blocks: int) -> None:
    played = rounds(blocks)
    meetings = [frozenset(p) for p in chain(*played[1:])]
    assert sorted(map(sorted, meetings)) == sorted(map(list, combinations(range(blocks), 2)))
    assert all(len(set(chain(*turn))) == blocks for turn in played)


def test_every_pair_is_in_the_tile_of_its_blocks(run: Run) -> None:
    tiles = glove._Tiles(run, SIZE, 6, 0, ROOM)
    seen = []
    for tile in chain(*rounds(6)):
        rows, columns, values = tiles.of(tile)
        assert {tuple(sorted((i % 6, j % 6))) for i, j in zip(rows.tolist(), columns.tolist(), strict=True)} <= {tile}
        seen += zip((rows.astype(int) * SIZE + columns).tolist(), values.tolist(), strict=True)
    assert sorted(seen) == sorted(zip(run.pairs.tolist(), run.values.tolist(), strict=True))


def test_learning_that_diverges_is_told(run: Run) -> None:
    values = run.values.copy()
    values[3] = np.inf
    with pytest.raises(CorpusError, match="diverged in epoch 1"):
        learn(Run(run.pairs, values), SIZE, Recipe(dimensions=4, epochs=1))
