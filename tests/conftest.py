from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres


@pytest.fixture(scope="session")
def default_gguf() -> Path:
    """The default checkpoint: from MIAOBI_TEST_GGUF, or by the catalog."""
    if given := os.environ.get("MIAOBI_TEST_GGUF"):
        return Path(given)
    catalog = pytest.importorskip("miaobi.engines.catalog", reason="set MIAOBI_TEST_GGUF to a GGUF file")
    return Path(catalog.ensure("smollm2-135m-instruct"))


@pytest.fixture
def own_home(tmp_path: Path, default_gguf: Path) -> Path:
    """A data folder of the test's own with the checkpoints that are here: no test writes into a user's library."""
    from miaobi.engines.catalog import checkpoint_folder

    home = tmp_path / "home"
    home.mkdir()
    checkpoint_folder().mkdir(parents=True, exist_ok=True)
    (home / "checkpoints").symlink_to(checkpoint_folder(), target_is_directory=True)
    return home


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server of the tests' own; what is written there needs to live no longer than they."""
    if reason := postgres.missing():
        pytest.skip(reason)
    with postgres.server("fsync=off", "full_page_writes=off", "synchronous_commit=off") as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a library lies: a folder, then a new database of a real PostgreSQL."""
    if request.param == "sqlite":
        return tmp_path / "library"
    return postgres.fresh(request.getfixturevalue("postgres_server"))
