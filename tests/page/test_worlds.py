"""A world in a real browser: its bible written, its works made together, one of them anew."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from miaobi.bible import Bible
from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.studio.job import Growth, Order
from miaobi.studio.library import Library
from miaobi.studio.queue import Queue
from miaobi.studio.world.making import grown
from miaobi.studio.world.plan import Part, world_of
from miaobi.studio.world.shelf import Shelf
from miaobi.work import Work
from tests.page.conftest import Visit
from tests.page.test_access import AXE, judged
from tests.page.test_studio import sideways, until
from tests.parrot import Parrot

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def world(home: Path) -> str:
    """A world of three works, of which one is still to be made."""
    wish = world_of(
        "A lighthouse keeper finds a message in a bottle",
        "en",
        ["haiku", "illustration size=256 medium=none"],
        given=Bible(title="The Glass Tide", palette=("#274754", "#e8dcc0"), mood="calm"),
    )

    def carry(part: Part, brief: Brief) -> tuple[Work, str]:
        work = compose(brief, engine=Parrot(), formats=["png"] if part.form == "picture" else ["txt"])
        with Library() as library:
            library.add(work)
        return work, ""

    with Library() as library:
        kept = Shelf(library).add(wish)
        grown(wish, {}, carry, lambda change: Shelf(library).change(kept.id, change).world)
        more = Part(name="limerick", form="limerick")
        Shelf(library).change(kept.id, lambda w: w.model_copy(update={"parts": (*w.parts, more)}))
    return kept.id


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


@pytest.mark.parametrize("language", ["en", "zh"])
def test_axe_finds_nothing_on_worlds(visit: Visit, world: str, language: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core isn't installed: npm ci in web")
    with Queue() as queue:
        growth = Growth(world=world, parts=("limerick",))
        job = queue.add(Order(brief=Brief(form="limerick", idea="waits"), engine="gone", growth=growth))
        queue.pause(job.id)
    page = visit(language, 1280 if language == "en" else 360)
    page.context.add_init_script(path=AXE)
    origin = page.url.rstrip("/").removesuffix("/create")
    wrong: list[Any] = []

    def look(path: str, until: str, *clicks: str) -> None:
        page.goto(origin + path)
        page.wait_for_selector(until)
        for click in clicks:
            page.locator(click).first.click()
        wrong.extend(judged(page, path))
        assert sideways(page) == 0

    look("/worlds", "li.sheet")
    look("/worlds/new", "ol li", "button[aria-expanded]", "summary", ".bible section button")
    look(f"/worlds/{world}", ".progress")
    with Queue() as queue:
        queue.cancel(job.id)
    look(f"/worlds/{world}", ".none .button", ".foot .button:enabled")
    look(f"/worlds/{world}/bible", ".bible section")
    look(f"/worlds/{world}/page", "iframe")
    assert not wrong
