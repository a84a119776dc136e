"""Several works of one brief in a grid: composed from the editor, compared, one of them kept."""

from __future__ import annotations

import re

import pytest

from tests.page.conftest import Visit
from tests.page.test_studio import until

pytestmark = pytest.mark.tools


def test_brief_is_made_over_several_values_and_one_is_kept(visit: Visit) -> None:
    page = visit("en", 1280)
    page.goto(re.sub(r"(://[^/]+).*", r"\1/library?trash=1", page.url))
    page.wait_for_load_state("networkidle")
    before = page.locator("li.sheet").count()  # what other tests threw away
    page.goto(re.sub(r"(://[^/]+).*", r"\1/create/haiku", page.url))
    page.locator("#idea").fill("A heron in the rain")
    page.locator("#seed").fill("4")
    page.locator("#engine").select_option("parrot")
    page.locator("summary", has_text="Make several").click()
    page.locator("#axis-0").select_option("mood")
    chips = page.get_by_role("group", name="Values: Mood").get_by_role("button")
    for chip in chips.all():
        if chip.get_attribute("aria-pressed") != ("true" if chip.inner_text() in ("calm", "dark") else "false"):
            chip.click()
    page.get_by_role("button", name="Compose all 2").click()
    page.wait_for_url("**/sweep/*")
    until(page, "document.querySelectorAll('.cell .words .stanza').length === 2", 90)
    assert page.locator(".value").all_inner_texts() == ["calm", "dark"]
    for box in page.locator(".foot input").all():
        box.check()
    page.get_by_role("link", name="Compare 2/2").click()
    page.wait_for_selector("text=Mood")
    page.go_back()
    page.get_by_role("button", name="Keep this one: dark").click()
    page.locator("dialog .chief").click()
    page.wait_for_url("**/works/*")
    page.goto(re.sub(r"(://[^/]+).*", r"\1/library?trash=1", page.url))
    page.wait_for_selector("li.sheet")
    until(page, f"document.querySelectorAll('li.sheet').length === {before + 1}")
