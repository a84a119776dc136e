"""Pictures of the studio for docs/studio.md: composes some works in a library of its own and photographs each view.

    python benchmarks/studio_pictures.py docs/studio

Needs Chromium, the built page (`python hatch_build.py`) and the extra [dev].
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from miaobi.engines.entry import checkpoint_folder

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--disable-background-networking"]
WORKS = (  # form, idea, seed, options
    ("haiku", "Snow falls on a railway station", 3, {}),
    ("sonnet", "The last tram home", 2, {}),
    ("jueju", "江上秋夜", 5, {}),
    ("ci", "暮春微雨", 5, {}),
    ("story", "A lighthouse keeper finds a message in a bottle", 7, {}),
    ("tune", "A walk along the harbour", 2, {}),
    ("picture", "A heron by a lake at dawn", 4, {"size": 1200}),
    ("picture", "孤舟蓑笠翁，独钓寒江雪", 5, {"size": 900}),
    ("sculpture", "A vase", 2, {}),
)


def main(folder: Path) -> None:
    """Compose, photograph, write."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as play:
        (Path(home) / "checkpoints").symlink_to(checkpoint_folder())
        environment = os.environ | {"MIAOBI_HOME": home}
        command = [sys.executable, "-m", "miaobi", "studio", "--no-browser", "--port", "0"]
        server = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        try:
            link = _link(server)
            chromium = shutil.which("chromium") or shutil.which("google-chrome")
            browser = play.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            context = browser.new_context(reduced_motion="reduce", locale="en-GB")
            page = context.new_page()
            page.goto(link)
            page.wait_for_selector(".card")
            _photograph(page, link.partition("/#")[0], folder)
            browser.close()
        finally:
            server.terminate()
            server.wait(timeout=30)


def _link(server: subprocess.Popen[str]) -> str:
    assert server.stderr is not None
    for line in server.stderr:
        if found := re.search(r"http://\S+#enter=\S+", line):
            return found[0]
    raise SystemExit("The studio did not start.")


def _photograph(page: Any, at: str, folder: Path) -> None:
    made = {idea: _composed(page, at, form, idea, seed, options) for form, idea, seed, options in WORKS}
    _look(page, "en", "light", 1280)
    _shot(page, f"{at}/create", ".card", folder / "create.webp")
    _shot(page, f"{at}/create/sonnet", "#idea", folder / "brief.webp", _filled)
    _making(page, at, folder / "making.webp")
    _shot(page, made[WORKS[4][1]], ".prose p", folder / "story.webp")
    _shot(page, f"{made[WORKS[4][1]]}/write", "textarea", folder / "write.webp", _offered)
    _shot(page, f"{made[WORKS[1][1]]}/checks", "ol .rule", folder / "checks.webp")
    _shot(page, made[WORKS[5][1]], ".score img", folder / "tune.webp")
    _shot(page, f"{at}/library", "li.sheet", folder / "library.webp", lambda page: page.wait_for_timeout(2500))
    _world(page, at, folder / "world.webp")
    _grid(page, at, folder / "sweep.webp")
    _look(page, "en", "dark", 1280)
    _shot(page, made[WORKS[6][1]], ".picture img", folder / "picture-dark.webp")
    _look(page, "zh", "light", 1280)
    _shot(page, made[WORKS[2][1]], ".stanza", folder / "verse-zh.webp")
    _look(page, "zh", "light", 390)
    _shot(page, f"{at}/create", ".card", folder / "phone-create.webp")
    _shot(page, made[WORKS[3][1]], ".stanza", folder / "phone-verse.webp")
    _look(page, "zh", "dark", 390)
    _shot(page, f"{at}/library", "li.sheet", folder / "phone-library.webp", lambda page: page.wait_for_timeout(1500))


def _composed(page: Any, at: str, form: str, idea: str, seed: int, options: dict[str, Any]) -> str:
    page.goto(f"{at}/create/{form}")
    page.locator("#idea").fill(idea)
    page.locator("#seed").fill(str(seed))
    if form == "picture" and not idea.isascii():
        page.locator("input[value=zh]").check(force=True)
    for name, value in options.items():
        if not page.locator("details[open]").count():
            page.locator("summary").first.click()
        page.locator(f"#option-{name}").fill(str(value))
    page.locator(".go .button").click()
    page.wait_for_url("**/works/*", timeout=180_000)
    return str(page.url)


def _look(page: Any, language: str, theme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800 if width > 600 else 780})
    page.evaluate("([l, t]) => { localStorage.language = l; localStorage.look = t }", [language, theme])


def _shot(page: Any, url: str, until: str, path: Path, then: Any = None) -> None:
    page.goto(url)
    page.wait_for_selector(until)
    page.wait_for_timeout(700)
    if then:
        then(page)
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").save(path, quality=82, method=6)


def _filled(page: Any) -> None:
    page.locator("#idea").fill("The last tram home, and the one passenger who rides past her stop")
    page.locator("summary").first.click()
    page.wait_for_timeout(200)


def _offered(page: Any) -> None:
    page.locator("textarea").evaluate(
        "a => { a.focus({preventScroll: true}); a.setSelectionRange(0, a.value.indexOf('\\n')) }"
    )
    page.get_by_role("button", name="Present tense").click()
    page.wait_for_selector(".offers li")


def _making(page: Any, at: str, path: Path) -> None:
    page.goto(f"{at}/create/story")
    page.locator("#idea").fill("A clockmaker mends the town clock in secret")
    page.locator("#seed").fill("11")
    page.locator(".go .button").click()
    page.wait_for_selector(".step:nth-of-type(4)", timeout=60_000)
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").save(path, quality=82, method=6)
    page.wait_for_url("**/works/*", timeout=180_000)


def _world(page: Any, at: str, path: Path) -> None:
    page.goto(f"{at}/worlds/new")
    page.wait_for_selector("ol li")
    page.locator("#idea").fill("A lighthouse keeper finds a message in a bottle")
    page.locator("#author").fill("Anna Writer")
    page.locator("#seed").fill("7")
    page.locator(".go .chief").click()
    page.wait_for_url("**/worlds/*-*")
    page.wait_for_selector("text=5 of 5 works made", timeout=600_000)
    page.set_viewport_size({"width": 1280, "height": 1230})
    _shot(page, page.url, ".wide img", path, lambda page: page.wait_for_timeout(2500))
    page.set_viewport_size({"width": 1280, "height": 800})


def _grid(page: Any, at: str, path: Path) -> None:
    page.goto(f"{at}/create/picture")
    page.locator("#idea").fill("A heron by a lake at dawn")
    page.locator("#seed").fill("4")
    page.locator("summary").first.click()
    page.locator("#option-size").fill("700")
    page.locator("summary", has_text="Make several").click()
    page.locator("#axis-0").select_option("medium")
    for chip in page.get_by_role("group", name="Values: Medium").get_by_role("button").all():
        if (chip.inner_text() in ("ink", "watercolour", "woodcut")) != (chip.get_attribute("aria-pressed") == "true"):
            chip.click()
    page.locator("#axis-1").select_option("hour")
    page.locator("#values-1").fill("dawn, night")
    page.locator(".go .button").click()
    page.wait_for_url("**/sweep/*")
    page.wait_for_selector("text=6 of 6 made", timeout=600_000)
    page.set_viewport_size({"width": 1280, "height": 1180})
    _shot(page, page.url, ".cell img", path, lambda page: page.wait_for_timeout(2500))
    page.set_viewport_size({"width": 1280, "height": 800})


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/studio"))
