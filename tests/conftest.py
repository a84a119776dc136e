from __future__ import annotations

import os
from pathlib import Path

import pytest


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
