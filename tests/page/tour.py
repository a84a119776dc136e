"""A walk through every view of the page and every sheet that opens over one, and works for it to show.

``walk`` goes from place to place in one page without loading it anew and tells the name of each: whoever looks at what
a place holds (axe, its width, a photograph) does so before the next.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from miaobi.bible import Bible
from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.studio.job import Growth, Order
from miaobi.studio.library import Library
from miaobi.studio.queue import Queue
from miaobi.studio.sweep import sweep
from miaobi.studio.world.making import grown
from miaobi.studio.world.plan import Part, world_of
from miaobi.studio.world.shelf import Shelf
from miaobi.work import Work
from tests.parrot import Parrot

WORKS: tuple[tuple[str, str, list[str], dict[str, Any]], ...] = (
    ("haiku", "rain", ["txt"], {}),
    ("haiku", "wind", ["txt"], {}),
    ("tune", "rain", ["svg", "ogg"], {"tempo": 200, "key": "D"}),
    ("picture", "a heron by a lake", ["png"], {"size": 256, "medium": "none"}),
    ("chorale", "evening", ["svg", "ogg"], {"tempo": 200}),
)
GO = "path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')) }"
DROPPED = """given => {
    const carried = new DataTransfer()
    carried.items.add(new File([given], 'record.json'))
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true }))
}"""


@dataclass(frozen=True)
class Shown:
    """What there is to see, by its ids: ``jobs`` one that failed and one that waits, paused."""

    works: dict[str, str]
    jobs: tuple[str, str]
    world: str
    sweep: str


def furnish() -> Shown:
    """Keep works of each kind, a finding and a second version among them, jobs, a world and a grid."""
    found = {}
    with Library() as library:
        for form, idea, formats, options in WORKS:
            brief = Brief(form=form, idea=idea, seed=len(found), options=options)
            work = compose(brief, engine=Parrot(), formats=formats)
            library.add(work)
            found[form if form != "haiku" else idea] = work.id
        edited = "Rain on the old roof\nand the gutter talks all night\nto the sleeping cat."
        library.keep(found["rain"], edited, note="by hand")
        library.pin("Weather", found["wind"])
        thrown = compose(Brief(form="haiku", idea="thrown away"), engine=Parrot(), formats=["txt"])
        library.add(thrown)
        library.remove(thrown.id)
        found["thrown"] = thrown.id
    with Queue() as queue:
        failed = queue.add(Order(brief=Brief(form="haiku", idea="fails"), engine="gone"))
        claimed = queue.claim("nobody", ["gone"])
        assert claimed is not None
        queue.end(failed.id, "nobody", "failed", {"error": "The engine is gone.\nTry another."})
        waits = queue.add(Order(brief=Brief(form="haiku", idea="waits"), engine="gone"))
        queue.pause(waits.id)
    return Shown(found, (failed.id, waits.id), furnish_world(), furnish_grid())


def furnish_world() -> str:
    """Keep a world of three works, of which one is still to be made."""
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


def furnish_grid() -> str:
    """Queue a grid of six, of which three are made, one failed and two wait."""
    brief = Brief(form="haiku", idea="A grid seen from all sides")
    axes = (("mood", ("calm", "dark")), ("tone", ("hushed", "bright", "dry")))
    orders = [order.model_copy(update={"engine": "gone"}) for order in sweep(brief, axes)]
    with Queue() as queue, Library() as library:
        queue.add_all(orders)
        for order in orders[:3]:
            claimed = queue.claim("nobody", ["gone"])
            assert claimed is not None
            work = compose(order.brief, engine=Parrot(), formats=["txt"])
            library.add(work)
            queue.end(claimed.id, "nobody", "done", {"work": work.id})
        claimed = queue.claim("nobody", ["gone"])
        assert claimed is not None
        queue.end(claimed.id, "nobody", "failed", {"error": "It is gone."})
    cell = orders[0].cell
    assert cell is not None
    return cell.sweep


def growing(world: str) -> str:
    """Queue the growth of the world, paused, so that its page shows it; return the job."""
    with Queue() as queue:
        growth = Growth(world=world, parts=("limerick",))
        job = queue.add(Order(brief=Brief(form="limerick", idea="waits"), engine="gone", growth=growth))
        queue.pause(job.id)
    return job.id


def walk(page: Any, shown: Shown) -> Iterator[str]:
    """Go through all of the page, which is inside already, and tell the name of each place when it is shown."""
    works = shown.works

    def at(path: str, until: str, *clicks: str) -> str:
        page.evaluate(GO, path)
        page.wait_for_selector(until)
        for click in clicks:
            page.locator(click).first.click()
        return path

    def sheet(opener: str, until: str = "dialog[open]") -> None:
        page.locator(opener).first.click()
        page.wait_for_selector(until)

    def close() -> None:
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog[open]", state="detached")

    yield at("/create", ".card")
    page.locator("input[type=search]").fill("no form at all")
    page.wait_for_selector(".none")
    yield "/create without a form"
    yield at("/create/tune", "#idea")
    page.locator("summary").first.click()
    page.locator("summary").last.click()
    page.locator("#axis-0").select_option("mood")
    page.locator("#axis-1").select_option("tempo")
    yield "wishes and several values"
    yield at("/create/restyle", "#idea", "summary")
    yield at("/create/report", "#idea", "summary")
    yield at("/create/nothing-like-it", ".empty")
    yield at("/making", "h1")
    yield at(f"/making/{shown.jobs[0]}", ".over")
    yield at(f"/making/{shown.jobs[1]}", ".leave")
    for view in ("", "/write", "/checks", "/made", "/versions", "/files"):
        yield at(f"/works/{works['rain']}{view}", f"#panel.{view.lstrip('/') or 'read'} > *")
    at(f"/works/{works['rain']}", "#panel.read")
    sheet(".acts .button")
    yield "vary a poem"
    close()
    sheet(".acts .button >> nth=2", "dialog #board")
    yield "boards"
    close()
    for work, opener in (("tune", "button.bar"), ("chorale", "button.bar"), ("picture", ".keep input")):
        yield at(f"/works/{works[work]}", ".score img, .picture img")
        sheet(".acts .button", opener)
        page.locator(opener).nth(1).click()
        yield f"vary a {work}"
        close()
    yield at(f"/works/{works['tune']}/checks", "ol .rule")
    yield at(f"/works/{works['tune']}/files", "#panel .ending")
    yield at(f"/works/{works['thrown']}", ".trash")
    yield at("/works/00000000-0000-4000-8000-000000000000", ".empty")
    yield at("/library", "li.sheet", "li.sheet input")
    yield at("/library?trash=1", "li.sheet")
    yield at("/library?q=nowhere-at-all", ".empty")
    yield at("/board/Weather", "iframe")
    yield at(f"/compare/{works['rain']}/{works['wind']}", ".pair .prose")
    yield at(f"/compare/{works['tune']}/{works['picture']}", ".pair img")
    yield at(f"/sweep/{shown.sweep}", ".cell .words")
    sheet(".cell .foot .button")
    yield "keep one of a grid"
    close()
    yield at("/worlds", "li.sheet")
    yield at("/worlds/new", "ol li", "button[aria-expanded]", "summary", ".bible section button")
    job = growing(shown.world)
    yield at(f"/worlds/{shown.world}", ".progress")
    with Queue() as queue:
        queue.cancel(job)
    page.wait_for_selector(".progress", state="detached")
    sheet(".foot .button:enabled")
    yield "a part anew"
    close()
    sheet(".acts .button:not(.chief, .square)")
    page.locator("dialog .more button").first.click()
    yield "further parts"
    close()
    sheet(".acts .square")
    yield "leave a world"
    close()
    yield at(f"/worlds/{shown.world}/bible", ".bible section")
    yield at(f"/worlds/{shown.world}/page", "iframe")
    yield at("/nowhere", ".empty")
    page.keyboard.press("Control+k")
    page.wait_for_selector("[role=option]")
    yield "commands"
    close()
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open] kbd")
    yield "keys"
    close()
    page.evaluate(DROPPED, json.dumps(Brief(form="haiku", idea="snow").model_dump(mode="json")))
    page.wait_for_selector("dialog .said, dialog [role=alert]")
    yield "a file"
    close()
