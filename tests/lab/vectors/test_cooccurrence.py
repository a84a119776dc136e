from __future__ import annotations

import resource
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("numba", reason="needs the lab extra")

from miaobi.errors import CorpusError
from miaobi.lab.vectors import cooccurrence
from miaobi.lab.vectors.cooccurrence import Run
from miaobi.lab.vectors.sentence import END

pytestmark = pytest.mark.lab


def plainly(numbers: list[int], size: int, window: int) -> dict[int, float]:
    """Count as the paper says it, pair by pair."""
    found: dict[int, float] = defaultdict(float)
    line: list[int] = []
    for n in [*numbers, END]:
        if n == END:
            for at, j in enumerate(line):
                for distance, i in enumerate(reversed(line[max(0, at - window) : at]), 1):
                    found[min(i, j) * size + max(i, j)] += 1 / distance
            line = []
        else:
            line.append(n)
    return dict(found)


def as_dict(run: Run) -> dict[int, float]:
    assert (np.diff(run.pairs.astype(np.int64)) > 0).all()
    return dict(zip(run.pairs.tolist(), run.values.tolist(), strict=True))


def counted(numbers: list[int], size: int, **options: float) -> dict[int, float]:
    return as_dict(cooccurrence.count(np.array(numbers, np.int32), size, **options))  # type: ignore[arg-type]


@given(
    numbers=st.lists(st.integers(END, 6), min_size=2, max_size=60),
    window=st.integers(1, 8),
    threads=st.integers(1, 3),
)
@settings(max_examples=60, deadline=None)
def test_counts_are_those_of_the_formula(numbers: list[int], window: int, threads: int) -> None:
    numbers = [0, 1, END, *numbers]
    wanted = plainly(numbers, 7, window)
    assert counted(numbers, 7, window=window, threads=threads) == pytest.approx(wanted, rel=1e-6)


@pytest.fixture
def rare() -> tuple[list[int], int]:
    """Words most of which are too rare for the dense table."""
    chance = np.random.default_rng(1)
    size = 3000
    numbers = (size * chance.random(5_000) ** 2).astype(int)
    numbers[chance.random(5_000) < 0.05] = END
    return numbers.tolist(), size


@pytest.mark.parametrize(("memory", "threads"), [(2.0, 1), (2.0, 3), (0.0001, 2)])
def test_memory_and_threads_do_not_change_the_counts(
    rare: tuple[list[int], int], memory: float, threads: int, tmp_path: Path
) -> None:
    numbers, size = rare
    found = counted(numbers, size, window=5, memory=memory, threads=threads, folder=tmp_path)  # type: ignore[arg-type]
    assert found == pytest.approx(plainly(numbers, size, 5), rel=1e-6)
    assert list(tmp_path.iterdir()) == []


def test_counts_beyond_the_memory_lie_on_the_disk(rare: tuple[list[int], int], monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    take = cooccurrence._take
    monkeypatch.setattr(cooccurrence, "_take", lambda file, size: (taken.append(size), take(file, size)))
    counted(*rare, window=5, memory=0.0001)
    assert max(taken) > 100_000


def test_full_disk_is_told_with_the_next_step(rare: tuple[list[int], int], tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(CorpusError, match="set TMPDIR"):
            counted(*rare, window=5, memory=0.0001, folder=tmp_path)  # type: ignore[arg-type]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_words_that_never_meet_are_refused() -> None:
    with pytest.raises(CorpusError, match="No two words stand on one line"):
        counted([0, END, 1, END, 0], 2)
