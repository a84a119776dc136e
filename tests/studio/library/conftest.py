from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from miaobi.compose import compose
from miaobi.forms import find
from miaobi.studio.library import Library
from miaobi.studio.library.database import Place
from miaobi.work import Work
from tests.parrot import Parrot


@cache
def composed(seed: int = 7, formats: tuple[str, ...] = ("md", "epub")) -> Work:
    brief = find("story").example.model_copy(update={"seed": seed})
    return compose(brief, engine=Parrot(), formats=formats)


@pytest.fixture
def story() -> Work:
    return composed()


@pytest.fixture
def library(root: Path | str) -> Iterator[Library]:
    with Library(Place(root)) as opened:
        yield opened
