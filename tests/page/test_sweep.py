"""Several works of one brief in a grid: composed from the editor, compared, one of them kept."""

from __future__ import annotations

import re
from typing import Any

import pytest

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.studio.library import Library
from miaobi.studio.queue import Queue
from miaobi.studio.sweep import sweep
from tests.page.conftest import Visit
from tests.page.test_access import AXE, judged
from tests.page.test_studio import sideways, until
from tests.parrot import Parrot

pytestmark = pytest.mark.tools


def test_brief_is_made_over_several_values_and_one_is_kept(visit: Visit) -> None:
    page = visit("en", 1280)
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
    assert page.locator("li.sheet").count() == 1


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh", 360)])
def test_axe_finds_nothing_on_a_grid(visit: Visit, home: Any, language: str, width: int) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core isn't installed: npm ci in web")
    brief = Brief(form="haiku", idea=f"A grid seen in {language}")
    axes = (("mood", ("calm", "dark")), ("tone", ("hushed", "bright", "dry")))
    orders = [order.model_copy(update={"engine": "gone"}) for order in sweep(brief, axes)]
    with Queue() as queue, Library() as library:
        jobs = queue.add_all(orders)
        for order in orders[:3]:
            claimed = queue.claim("nobody", ["gone"])
            assert claimed is not None
            work = compose(order.brief, engine=Parrot(), formats=["txt"])
            library.add(work)
            queue.end(claimed.id, "nobody", "done", {"work": work.id})
        claimed = queue.claim("nobody", ["gone"])
        assert claimed is not None
        queue.end(claimed.id, "nobody", "failed", {"error": "It is gone."})
    page = visit(language, width)
    page.context.add_init_script(path=AXE)
    cell = orders[0].cell
    assert cell is not None
    page.goto(re.sub(r"(://[^/]+).*", rf"\1/sweep/{cell.sweep}", page.url))
    until(page, "document.querySelectorAll('.cell .words').length === 3")
    assert page.locator(".cell").count() == len(jobs)
    assert sideways(page) == 0
    wrong = judged(page, "grid")
    page.locator(".foot .button").first.click()
    wrong += judged(page, "keep")
    page.goto(re.sub(r"(://[^/]+).*", r"\1/create/tune", page.url))
    page.locator("summary").last.click()
    page.locator("#axis-0").select_option("mood")
    page.locator("#axis-1").select_option("tempo")
    wrong += judged(page, "axes")
    assert sideways(page) == 0
    with Queue() as queue:
        for job in jobs:
            queue.cancel(job.id)
    assert not wrong
