"""docs/solids.md names every option, kind, glaze and figure."""

from __future__ import annotations

from pathlib import Path

from miaobi.craft.drawing.subjects.subject import subjects
from miaobi.craft.space.figures.catalogue import FIGURES
from miaobi.craft.space.plan import GLAZES, KINDS
from miaobi.forms.art.sculpture import SculptureOptions

PAGE = (Path(__file__).parents[1] / "docs" / "solids.md").read_text("utf-8")


def test_page_names_every_option_kind_and_glaze() -> None:
    for name in (*SculptureOptions.model_fields, *KINDS, *GLAZES):
        assert f"`{name}`" in PAGE, name


def test_page_lists_every_figure() -> None:
    said = " ".join(PAGE.split("## What can be shaped", 1)[1].split())
    assert f"{len(FIGURES)} figures" in said
    for name in FIGURES:
        shown = f"{subjects()[name].words[0]} {subjects()[name].chinese[0]}" if name in subjects() else f"{name} "
        assert shown in said
