"""From the first start to a finished, edited and exported story, song and picture, with nothing but a keyboard.

Every journey begins with the link that the terminal shows. One of them is written by the real checkpoint; the others by
the tests' engine, since there it is the page that is shown to work, in both languages at each of three widths.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.page.conftest import Visit
from tests.page.test_studio import sideways, until

pytestmark = [pytest.mark.checkpoint, pytest.mark.tools]
WIDTHS = (360, 768, 1440)
NAMED = {  # by which forms are found among the commands
    "en": {"story": "short story", "song": "song", "picture": "picture"},
    "zh": {"story": "短篇小说", "song": "歌曲", "picture": "图画"},
}
IDEA = {
    "en": ("A lighthouse keeper finds a message in a bottle", "The tide comes in", "A heron by a lake at dawn"),
    "zh": ("守灯塔的老人捡到一只瓶子", "江上秋夜", "湖边的鹭鸶，清晨"),
}
SUNG = {
    "en": "The tide comes in at night\nThe lamp is burning low\nA gull goes out of sight\nAnd home is where we go",
    "zh": "江上秋夜月如霜\n渔火三星照小窗\n一夜西风吹不尽\n芦花飞过水中央",
}
SHORTER, PRESENT = 3, 7  # of the buttons beside a text
OFFERED = {"en": PRESENT, "zh": SHORTER}
ADDED = {"en": "And the lamp stayed lit.", "zh": "灯一直亮着。"}


class Keyboard:
    """A page on which no pointer is ever moved."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.press, self.type = page.keyboard.press, page.keyboard.insert_text

    def reach(self, wanted: str, most: int = 120, back: bool = False) -> None:
        """Go on from control to control until the one that has the focus is what a selector names."""
        for _ in range(most):
            self.press("Shift+Tab" if back else "Tab")
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
                return
        raise AssertionError(f"no way by the keyboard to {wanted}")

    def use(self, wanted: str, **how: Any) -> None:
        self.reach(wanted, **how)
        self.press("Enter")

    def write(self, wanted: str, text: str) -> None:
        self.reach(wanted)
        self.press("Control+a")
        self.type(text)

    def choose(self, wanted: str, value: str) -> None:
        """Take a value of a list that opens."""
        self.reach(wanted)
        self.press("Home")
        for _ in range(40):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{wanted} never had {value}")

    def command(self, words: str) -> None:
        self.press("Control+k")
        self.page.wait_for_selector("[role=combobox]")
        self.type(words)
        self.press("Enter")

    def view(self, name: str) -> None:
        """Go to another view of a work by the arrows of its tabs."""
        self.reach("[role=tab]", back=self.page.evaluate("!!document.activeElement.closest('#panel')"))
        for _ in range(6):
            if self.page.evaluate("document.activeElement.id") == f"tab-{name}":
                break
            self.press("ArrowRight")
            self.page.wait_for_timeout(30)
        self.page.wait_for_selector(f"[role=tabpanel].{name} > *")

    def make(self, form: str, idea: str, engine: str, wishes: Callable[[], None] | None = None) -> None:
        """Write a brief, compose it, and wait until its work is open."""
        self.command(form)
        self.page.wait_for_url("**/create/*")
        self.write("#idea", idea)
        if wishes is not None:
            self.use("summary")
            wishes()
        self.write("#seed", "7")
        self.choose("#engine", engine)
        self.press("Control+Enter")
        self.opened()

    def opened(self) -> None:
        self.page.wait_for_url("**/works/*", timeout=90_000)
        self.page.wait_for_selector("[role=tabpanel] > *")
        assert sideways(self.page) == 0

    def vary(self, part: str) -> None:
        """Make the work again with a part kept."""
        before = self.page.url
        self.use(".acts .button")
        self.page.wait_for_selector("dialog[open]")
        self.reach(f"dialog {part}")
        self.press("Space")
        self.use("dialog .chief")
        self.page.wait_for_url(lambda url: "/works/" in url and url != before, timeout=60_000)
        self.opened()
        self.view("made")
        assert self.page.locator("a[href^='/works/']", has_text=re.compile("Open|打开")).count() == 1

    def taken(self, ending: str) -> Path:
        """Take the work away as a file."""
        self.view("files")
        at = [item.inner_text() for item in self.page.locator("#panel .ending").all()].index(ending)
        self.reach(f"#panel li:nth-child({at + 1}) button")
        with self.page.expect_download() as started:
            self.press("Enter")
        return Path(started.value.path())


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_story_song_and_picture_are_made_edited_and_exported_by_keyboard(
    visit: Visit, language: str, width: int
) -> None:
    page = visit(language, width)
    keys = Keyboard(page)
    engine = "" if (language, width) == ("en", 1440) else "parrot"
    story, song, picture = IDEA[language]
    keys.press("Tab")
    assert page.evaluate("document.activeElement.className").startswith("skip")
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    keys.press("?")
    page.wait_for_selector("dialog[open] kbd")
    keys.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")

    keys.make(NAMED[language]["story"], story, engine)
    assert page.locator(".prose p").count() >= 5
    keys.view("write")
    keys.reach("textarea")
    keys.press("Control+a")
    keys.use(f"aside .acts button:nth-child({OFFERED[language]})")
    page.wait_for_selector(".offers li", timeout=20_000)
    before = page.locator("textarea").input_value()
    keys.use(".offers .chief")
    until(page, "document.activeElement.matches('textarea')")
    assert page.locator("textarea").input_value() != before
    keys.press("Control+End")
    keys.type("\n\n" + ADDED[language])
    keys.press("Control+s")
    page.wait_for_selector("header .caption >> text=/edited by you|你改过/")
    keys.view("versions")
    assert page.locator("#panel li").count() >= 2
    exported = keys.taken("md").read_text()
    assert ADDED[language] in exported
    assert "AI-generated" in exported or "人工智能生成" in exported
    with zipfile.ZipFile(keys.taken("docx")) as package:
        assert ADDED[language] in package.read("word/document.xml").decode()

    def small_song() -> None:
        keys.write("#option-tempo", "200")
        keys.write("#option-lyrics", SUNG[language])

    keys.make(NAMED[language]["song"], song, engine, small_song)
    until(page, "document.querySelector('.score img').naturalWidth > 100")
    keys.reach(".player button")
    until(page, "document.querySelector('audio')?.duration > 1")
    keys.press("Space")
    until(page, "document.querySelector('audio').currentTime > 0")
    keys.vary("button.bar")
    assert keys.taken("mid").read_bytes().startswith(b"MThd")
    assert (
        f"<text>{SUNG[language].splitlines()[0][-5:].split()[-1][-5 if language == 'en' else -1 :]}</text>"
        in keys.taken("musicxml").read_text()
    )

    def small_picture() -> None:
        keys.write("#option-size", "256")
        keys.choose("#option-medium", "none")

    keys.make(NAMED[language]["picture"], picture, engine, small_picture)
    until(page, "document.querySelector('.picture img')?.naturalWidth === 256")
    keys.vary(".keep input")
    assert keys.taken("png").read_bytes().startswith(b"\x89PNG")
    assert keys.taken("svg").read_text().lstrip().startswith("<")


def test_files_are_chosen_by_keyboard(visit: Visit, tmp_path: Path) -> None:
    page = visit("en", 1440)
    keys = Keyboard(page)
    record = tmp_path / "record.json"
    record.write_text(json.dumps({"nothing": "of ours"}))
    keys.command("label")
    page.wait_for_selector("dialog[open] .chief")
    with page.expect_file_chooser() as opened:
        keys.use("dialog .chief")
    opened.value.set_files(record)
    page.wait_for_selector("dialog .stamp.none")
    keys.press("Escape")
    keys.command("screenplay")
    page.wait_for_url("**/create/screenplay")
