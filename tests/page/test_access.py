"""WCAG: axe finds nothing on any view, in both languages and both themes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.studio.job import Order
from miaobi.studio.library import Library
from miaobi.studio.queue import Queue
from tests.page.conftest import Visit
from tests.parrot import Parrot

pytestmark = pytest.mark.tools
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
_TOLD = ".then(r => r.violations.flatMap(v => v.nodes.map(n => [v.id, n.target, n.html, n.failureSummary])))"
_TAGS = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']"
RUN = f"() => axe.run(document, {{runOnly: {_TAGS}}}){_TOLD}"
CONTRAST = f"() => axe.run(document, {{runOnly: {{type: 'rule', values: ['color-contrast']}}}}){_TOLD}"
WORKS = (("haiku", "rain", ["txt"]), ("haiku", "wind", ["txt"]), ("tune", "rain", ["svg", "ogg", "html"]))


@pytest.fixture(scope="module")
def made(home: Path) -> dict[str, str]:
    """Works of each kind, a finding and a second version among them, and a job that failed."""
    found = {}
    with Library() as library:
        for form, idea, formats in WORKS:
            work = compose(Brief(form=form, idea=idea, seed=len(found)), engine=Parrot(), formats=formats)
            library.add(work)
            found[f"{form} {idea}"] = work.id
        edited = "Rain on the old roof\nand the gutter talks all night\nto the sleeping cat."
        library.keep(found["haiku rain"], edited, note="by hand")
        library.pin("Weather", found["haiku wind"])
    with Queue() as queue:
        job = queue.add(Order(brief=Brief(form="haiku", idea="fails"), engine="gone"))
        claimed = queue.claim("nobody")
        while claimed and claimed.id != job.id:
            claimed = queue.claim("nobody")
        queue.end(job.id, "nobody", "failed", {"error": "The engine is gone.\nTry another."})
        found["job"] = job.id
    return found


def judged(page: Any, name: str) -> list[Any]:
    """Return what is wrong with a view: by all rules on paper, in ink by those that colours matter to."""
    found = [(name, *one) for one in page.evaluate(RUN)]
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    found += [(f"{name} in ink", *one) for one in page.evaluate(CONTRAST)]
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_axe_finds_nothing(visit: Visit, made: dict[str, str], language: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core isn't installed: npm ci in web")
    poem, tune = made["haiku rain"], made["tune rain"]
    page = visit(language, 1280 if language == "en" else 360)
    page.context.add_init_script(path=AXE)
    origin = page.url.rstrip("/").removesuffix("/create")
    wrong: list[Any] = []

    def judge(name: str) -> None:
        wrong.extend(judged(page, name))

    def look(path: str, until: str) -> None:
        page.goto(origin + path)
        page.wait_for_selector(until)
        judge(path)

    look("/create", ".card")
    look("/create/tune", "#idea")
    page.locator("summary").first.click()
    judge("wishes")
    look("/making", "h1")
    look(f"/making/{made['job']}", ".over")
    for view in ("", "/write", "/checks", "/made", "/versions", "/files"):
        look(f"/works/{poem}{view}", "[role=tabpanel] > *")
    page.goto(f"{origin}/works/{poem}")
    page.wait_for_selector(".acts .button")
    page.locator(".acts .button").first.click()
    page.wait_for_selector("dialog[open]")
    judge("vary")
    look(f"/works/{tune}", ".score img")
    page.locator(".acts .button").first.click()
    page.wait_for_selector("button.bar")
    page.locator("button.bar").nth(1).click()
    judge("bars")
    look(f"/works/{tune}/checks", "ol .rule")
    look("/library", "li.sheet")
    page.keyboard.press("Control+k")
    page.wait_for_selector("[role=option]")
    judge("commands")
    look("/board/Weather", "iframe")
    look("/library?q=nowhere-at-all", ".empty")
    look(f"/compare/{poem}/{made['haiku wind']}", ".pair .prose")
    assert not wrong
