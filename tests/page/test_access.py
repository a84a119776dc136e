"""WCAG: axe finds nothing on any view or sheet, in any language or look, and none is wider than a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.page.conftest import Visit
from tests.page.test_studio import sideways
from tests.page.tour import Shown, furnish, walk

pytestmark = pytest.mark.tools
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
_TOLD = ".then(r => r.violations.flatMap(v => v.nodes.map(n => [v.id, n.target, n.html, n.failureSummary])))"
_TAGS = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']"
# what stands in a frame is a page of its own, which keeps axe out; nothing is loaded by media rules of elsewhere
_HOW = "iframes: false, preload: false, resultTypes: ['violations']"
RUN = f"() => axe.run(document, {{{_HOW}, runOnly: {_TAGS}}}){_TOLD}"
CONTRAST = f"() => axe.run(document, {{{_HOW}, runOnly: {{type: 'rule', values: ['color-contrast']}}}}){_TOLD}"


@pytest.fixture(scope="module")
def shown(home: Path) -> Shown:
    return furnish()


def judged(page: Any, name: str) -> list[Any]:
    """Return what is wrong with a view: by all rules on paper; in ink and where the system asks for more contrast, by
    the rule of colours."""
    found = [(name, *one) for one in page.evaluate(RUN)]
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    found += [(f"{name} in ink", *one) for one in page.evaluate(CONTRAST)]
    page.evaluate("document.documentElement.dataset.theme = 'system'")
    page.emulate_media(contrast="more")
    found += [(f"{name} with more contrast", *one) for one in page.evaluate(CONTRAST)]
    page.emulate_media(contrast="no-preference")
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    return found


@pytest.mark.parametrize(
    ("tongue", "width", "system"), [("en", 1280, "light"), ("zh", 360, "dark"), ("hant", 360, "light")]
)
def test_axe_finds_nothing_and_nothing_is_too_wide(
    visit: Visit, shown: Shown, tongue: str, width: int, system: str
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core isn't installed: npm ci in web")
    page = visit("en" if tongue == "en" else "zh", width, theme=system)
    page.context.add_init_script(path=AXE)
    page.route("**/api/forms", without_engine)
    page.evaluate("tongue => { localStorage.language = tongue }", tongue)
    page.reload()
    page.wait_for_selector(".card")
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    wrong: list[Any] = []
    seen = 0
    for name in walk(page, shown):
        seen += 1
        wrong += judged(page, name)
        if width > 360:
            page.set_viewport_size({"width": 360, "height": 800})
        if (by := sideways(page)) != 0:
            wrong.append((name, f"{by} pixels wider than 360"))
        if width > 360:
            page.set_viewport_size({"width": width, "height": 800})
    # the work that isn't there is asked for, and the browser says so
    page.seen.complaints = [said for said in page.seen.complaints if "404" not in said]
    assert seen >= 45
    assert not wrong, "\n".join(map(str, wrong))


def without_engine(route: Any) -> None:
    """Answer as a server on which one of the forms can be written by nobody."""
    answer = route.fetch()
    told = answer.json()
    told["forms"][0]["writes"] = []
    route.fulfill(response=answer, json=told)
