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
