"""docs/pictures.md names every option, every palette and every subject."""

from __future__ import annotations

from pathlib import Path

from miaobi.craft.drawing.layout import PLATFORMS
from miaobi.craft.drawing.subjects.subject import subjects
from miaobi.craft.drawing.words.reading import words_of
from miaobi.forms.art.picture import PictureOptions

PAGE = (Path(__file__).parents[1] / "docs" / "pictures.md").read_text("utf-8")


def test_page_names_every_option_palette_and_platform() -> None:
    for name in (*PictureOptions.model_fields, *words_of("named")):
        assert f"`{name}`" in PAGE, name
    for name in PLATFORMS:
        assert name in PAGE


def test_page_lists_every_subject() -> None:
    said = " ".join(PAGE.split("## What can be seen", 1)[1].split())
    assert f"{len(subjects())} subjects" in said
    for subject in subjects().values():
        assert f"{subject.words[0]} {subject.chinese[0]}" in said
