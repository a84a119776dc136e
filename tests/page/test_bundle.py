"""What the page weighs before anything is played, and where it comes from."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from miaobi.server.page import BUILT

LIMIT = 300_000  # bytes after gzip of what the first view loads


@pytest.fixture
def document() -> str:
    if not (BUILT / "index.html").is_file():
        pytest.skip("the page isn't built: python hatch_build.py")
    return (BUILT / "index.html").read_text()


def test_first_load_is_light(document: str) -> None:
    assets = re.findall(r'(?:src|href)="/([^"]+)"', document)
    assert any(name.endswith(".js") for name in assets)
    weight = sum(len(gzip.compress((BUILT / name).read_bytes())) for name in assets)
    assert 10_000 < weight <= LIMIT


def test_nothing_is_inline_or_from_elsewhere(document: str) -> None:
    assert not re.search(r"<script(?![^>]*src=)|<style|\son\w+=|\sstyle=|https?://", document)


def test_three_dimensions_are_no_part_of_the_first_load(document: str) -> None:
    later = [p for p in (BUILT / "assets").glob("*.js") if p.name not in document]
    assert any(b"WebGLRenderer" in p.read_bytes() for p in later)
    assert not list(BUILT.rglob("*.map"))


def test_licences_of_what_is_in_it_are_beside_it(document: str) -> None:
    told = (BUILT / "licences.txt").read_text()
    for name in ("svelte", "three"):
        assert re.search(rf"^{name} [\d.]+ \(MIT\)\n\n.*?Permission is hereby granted", told, re.M | re.S)


def test_no_third_party_code_is_in_the_sources() -> None:
    web = Path(__file__).parents[2] / "web"
    assert {p.name for p in web.iterdir()} <= {
        "index.html", "licences.ts", "node_modules", "package.json", "package-lock.json", "public", "src",
        "tsconfig.json", "vite.config.ts",
    }  # fmt: skip
