"""A world in a real browser: its bible written, its works made together, one of them anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.page.conftest import Visit
from tests.page.test_studio import sideways, until
from tests.page.tour import furnish_world

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def world(home: Path) -> str:
    return furnish_world()


def test_world_is_written_made_and_one_part_made_anew(visit: Visit) -> None:
    page = visit("en", 1280)
    page.keyboard.press("g")
    page.keyboard.press("w")
    page.wait_for_url("**/worlds")
    page.goto(page.url + "/new")
    page.wait_for_selector("ol li")
    page.locator("#idea").fill("Snow falls on a railway station")
    for name in ("Short story", "Ballad", "Song", "Illustration", "Book cover"):
        page.get_by_role("button", name=f"Leave “{name}” out").click()
    assert page.get_by_role("button", name="Make the world").is_disabled()
    page.get_by_role("button", name="Add Haiku").click()
    page.get_by_role("button", name="Add Limerick").click()
    page.get_by_role("button", name="Make “Limerick” earlier").click()
    assert page.locator("ol .name").all_inner_texts() == ["Limerick", "Haiku"]
    page.get_by_role("button", name="Make “Limerick” later").click()
    page.get_by_role("button", name="Wishes").first.click()
    page.locator("#option-mood").select_option("dark")
    page.locator("#engine").select_option("parrot")
    page.locator("summary").click()
    page.locator("#bible-title").fill("Snow Line")
    page.locator("#bible-mood").select_option("sad")
    page.get_by_role("button", name="Add a person").click()
    until(page, "document.activeElement.id === 'bible-personas-0-name'")
    page.keyboard.type("Mara")
    page.get_by_role("button", name="Make the world").click()
    page.wait_for_url(re.compile(r"/worlds/[0-9a-f-]{36}$"))
    page.wait_for_selector("text=2 of 2 works made", timeout=90_000)
    assert page.locator("h1").inner_text() == "Snow Line"
    assert page.locator("li .kind").all_inner_texts() == ["Haiku", "Limerick"]
    first = page.locator("li a").first.get_attribute("href")
    page.get_by_role("button", name="Make it anew: Haiku").click()
    page.locator("dialog .chief").click()
    until(
        page, f"document.querySelector('li a') && document.querySelector('li a').getAttribute('href') !== '{first}'", 60
    )
    page.get_by_role("tab", name="On one page").click()
    page.frame_locator("iframe").get_by_role("heading", name="Snow Line").first.wait_for()
    with page.expect_download() as started:
        page.get_by_role("button", name="Take the page away").click()
    assert "Snow Line" in Path(started.value.path()).read_text()


def test_bible_is_kept_and_what_was_made_before_is_marked(visit: Visit, world: str) -> None:
    page = visit("zh", 360)
    page.goto(re.sub(r"(://[^/]+).*", rf"\1/worlds/{world}/bible", page.url))
    page.wait_for_selector(".bible")
    assert page.locator("#bible-title").input_value() == "The Glass Tide"
    page.get_by_role("button", name="添一种颜色").click()
    page.get_by_role("button", name="添一处地方").click()
    page.keyboard.type("the quay")
    page.locator("#bible-key").fill("H")
    page.get_by_role("button", name="存下设定").click()
    page.wait_for_selector(".refused")
    assert "H" in page.locator(".refused").inner_text()
    page.seen.complaints = [said for said in page.seen.complaints if "Failed to load" not in said]  # the refusal itself
    page.locator("#bible-key").fill("D")
    page.keyboard.press("Control+s")
    until(page, "document.querySelector('.keep .chief').disabled")
    assert sideways(page) == 0
    page.reload()
    page.wait_for_selector(".bible")
    assert page.locator("input[type=color]").count() == 3
    assert page.locator("#bible-places-0-name").input_value() == "the quay"
    page.get_by_role("tab", name="作品").click()
    page.wait_for_selector("text=比别的旧")  # the picture, by the palette
    assert page.locator(".tag", has_text="比别的旧").count() == 1
    assert sideways(page) == 0
