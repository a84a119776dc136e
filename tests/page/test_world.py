"""A world's page in a real browser: nothing is asked of anybody, axe finds nothing, the cursor follows the sound."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from miaobi.studio import carrying
from miaobi.studio.carrying import Engines
from miaobi.studio.world import making
from miaobi.studio.world.plan import world_of
from tests.page.test_access import AXE, RUN
from tests.parrot import Parrot


@pytest.fixture(scope="module")
def page_file(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    forms = ["story", "ballad", "song", "illustration size=400 medium=none", "cover size=400 medium=none"]
    with pytest.MonkeyPatch.context() as patch, Engines() as engines:
        patch.setattr(carrying, "open_engine", lambda *_, **__: Parrot(("en", "zh")))
        wish = world_of("A lighthouse keeper finds a message in a bottle", "en", forms, author="Anna Writer")
        making.make(wish, folder, engines, lambda part, what, done: None)
    return folder / making.PAGE


@pytest.fixture
def page(chromium: Any, page_file: Path, request: pytest.FixtureRequest) -> Any:
    width, theme = getattr(request, "param", (1280, "light"))
    axe = "everybody" in request.node.name  # axe itself is a script that we don't allow
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=theme, bypass_csp=axe)
    said: list[str] = []
    page = context.new_page()
    page.on("request", lambda asked: said.append(asked.url) if not asked.url.startswith(("file:", "data:")) else None)
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(page_file.as_uri())
    yield page
    assert not said
    context.close()


@pytest.mark.parametrize("page", [(1280, "light"), (360, "dark")], indirect=True, ids=["wide", "narrow"])
def test_page_is_for_everybody_and_as_wide_as_the_window(page: Any) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core isn't there: the page's packages aren't installed")
    page.add_script_tag(path=AXE)
    assert page.evaluate(RUN) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_cursor_follows_the_sound_and_a_note_is_heard_from(page: Any) -> None:
    audio = page.locator("#song audio")
    page.wait_for_function("document.querySelector('#song audio').duration > 10")
    audio.evaluate("a => { a.currentTime = 8; }")
    page.wait_for_selector("#song .now")
    first = page.locator("#song .sheet .note .notehead").nth(12)
    first.click()
    page.wait_for_function("document.querySelector('#song audio').currentTime !== 8")
    audio.evaluate("a => a.pause()")


def test_picture_is_shown_large_by_keyboard_and_closed_again(page: Any) -> None:
    page.locator("figure button").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("dialog").evaluate("d => d.open")
    assert page.locator("dialog img").evaluate("i => i.naturalWidth") > 100
    page.keyboard.press("Escape")
    assert not page.locator("dialog").evaluate("d => d.open")
