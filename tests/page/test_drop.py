"""A file dropped on the page: its label is read, and its brief comes back where it is known."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import pytest

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.studio.delivery import record_of
from miaobi.studio.library import Library
from miaobi.studio.world.plan import world_of
from miaobi.work import Work
from tests.page.conftest import Visit
from tests.page.test_access import AXE, judged
from tests.page.test_studio import sideways, until
from tests.parrot import Parrot

pytestmark = pytest.mark.tools
DROP = """([name, content]) => {
    const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0))
    const carried = new DataTransfer()
    carried.items.add(new File([bytes], name))
    for (const kind of ['dragover', 'drop'])
        document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }))
}"""


@pytest.fixture(scope="module")
def works(home: Path) -> tuple[Work, Work]:
    """A tune that the library has, and a haiku that it hasn't."""
    tune = compose(Brief(form="tune", idea="rain at dusk", options={"key": "D"}), engine=Parrot(), formats=["mid"])
    haiku = compose(Brief(form="haiku", idea="snow on a bridge", seed=41), engine=Parrot(), formats=["html"])
    with Library() as library:
        library.add(tune)
    return tune, haiku


def dropped(page: Any, name: str, content: bytes) -> None:
    page.evaluate(DROP, [name, base64.b64encode(content).decode()])
    page.wait_for_selector("dialog .said, dialog [role=alert]")


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh", 360)])
def test_file_tells_whose_it_is_and_gives_its_brief_back(
    visit: Visit, works: tuple[Work, Work], language: str, width: int
) -> None:
    tune, haiku = works
    page = visit(language, width)
    if AXE.is_file():
        page.context.add_init_script(path=AXE)
        page.reload()
        page.wait_for_selector(".card")
    dropped(page, "mine.txt", b"Nothing of anybody's.")
    assert page.locator("dialog .stamp.none").count() == 1
    assert page.locator("dialog .chief").count() == 0
    dropped(page, "haiku.html", haiku.rendering("html").content)
    assert haiku.id in page.locator("dialog").inner_text()
    assert page.locator("dialog .chief").count() == 0
    dropped(page, "tune.mid", tune.rendering("mid").content)
    until(page, f"document.querySelector('dialog a.work')?.getAttribute('href') === '/works/{tune.id}'")
    if AXE.is_file():
        assert not judged(page, "a file")
    assert sideways(page) == 0
    page.locator("dialog .chief").click()
    page.wait_for_url("**/create/tune")
    assert page.locator("#idea").input_value() == "rain at dusk"
    assert page.locator("#option-key").input_value() == "D"


def test_record_is_chosen_by_keyboard_and_a_world_begins_as_it_was(visit: Visit, works: tuple[Work, Work]) -> None:
    page = visit("en", 1280)
    page.keyboard.press("Control+k")
    page.keyboard.type("label")
    page.keyboard.press("Enter")
    page.locator("dialog .chief").wait_for()
    record = record_of(works[1], {})
    given = {"name": "record.json", "mimeType": "application/json", "buffer": record}
    page.locator("input[type=file][hidden]").set_input_files(given)
    page.get_by_role("button", name="Restore the brief").click()
    page.wait_for_url("**/create/haiku")
    assert (page.locator("#idea").input_value(), page.locator("#seed").input_value()) == ("snow on a bridge", "41")
    world = world_of("A thief steals a painting", "en", ["haiku", "cover medium=ink"], author="Anna")
    dropped(page, "world.json", world.model_dump_json().encode())
    page.get_by_role("button", name="Restore the brief").click()
    page.wait_for_url("**/worlds/new")
    page.wait_for_selector("ol li")
    assert page.locator("#author").input_value() == "Anna"
    assert page.locator("ol .name").all_inner_texts() == ["Haiku", "Book cover"]
    assert page.locator("ol .tag").all_inner_texts() == ["1"]


def test_file_that_is_too_large_is_not_sent(visit: Visit) -> None:
    page = visit("en", 1280)
    page.evaluate("""() => {
        const carried = new DataTransfer()
        carried.items.add(new File([new Uint8Array(50_000_001)], 'big.wav'))
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true }))
    }""")
    page.wait_for_selector("dialog [role=alert]")
    assert "at most 50 MB" in page.locator("dialog").inner_text()
    assert not re.search("recognise", " ".join(page.seen.requests))
