"""The studio as a person meets it: a real server with the real checkpoint, and the system's own Chromium.

What is missing (Chromium, the built page) skips these tests with its name; ``make test`` builds the page.
"""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from miaobi.engines import open_engine
from miaobi.engines.entry import checkpoint_folder
from miaobi.server.access import Access
from miaobi.server.app import create_app, host_names
from miaobi.server.page import BUILT
from miaobi.server.pool import Pool
from miaobi.server.session import Sessions
from tests.parrot import Parrot

KEY = "test-key-of-32-characters-or-more"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",  # a solid is drawn without a graphics card
    "--autoplay-policy=no-user-gesture-required",
]


@dataclass
class Studio:
    """Where it listens, and how to come in."""

    url: str
    sessions: Sessions

    @property
    def link(self) -> str:
        return f"{self.url}/#enter={self.sessions.invite()}"


@pytest.fixture(scope="package", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, default_gguf: Path) -> Iterator[Path]:
    """A library of its own; checkpoints are the ordinary ones."""
    home, ordinary = tmp_path_factory.mktemp("home"), checkpoint_folder()
    ordinary.mkdir(parents=True, exist_ok=True)
    (home / "checkpoints").symlink_to(ordinary)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MIAOBI_HOME", str(home))
        yield home


@pytest.fixture(scope="package")
def studio(home: Path) -> Iterator[Studio]:
    if not (BUILT / "index.html").is_file():
        pytest.skip("the page isn't built: python hatch_build.py")
    sessions = Sessions()
    listening = socket.create_server(("127.0.0.1", 0))
    access = Access(Access.digest(KEY), host_names("127.0.0.1"), sessions=sessions)
    engines = {
        "smollm2": open_engine(threads=1),
        "parrot": Parrot(("en", "zh")),
    }  # asked for where the words don't matter
    app = create_app(Pool(engines), access)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Studio(f"http://127.0.0.1:{listening.getsockname()[1]}", sessions)
    server.should_exit = True
    thread.join(timeout=20)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    if not CHROMIUM:
        pytest.skip("there is no Chromium on this machine")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def _bad(said: Any) -> bool:
    """Tell whether a message of the console's is a complaint; that Chromium doesn't know ``webrtc 'block'`` is none."""
    return said.type == "error" and "directive 'webrtc'" not in said.text


@dataclass
class Seen:
    """What a browser asked for, and what it complained of."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


Visit = Callable[..., Any]


@pytest.fixture
def visit(chromium: Any, studio: Studio) -> Iterator[Visit]:
    """Open the studio in a browser of its own: ``visit("zh", 360, theme="dark")`` gives the page, already inside.

    When the test ends, nothing but loopback may have been asked, and no policy broken.
    """
    contexts: list[tuple[Any, Seen]] = []

    def open_page(language: str = "en", width: int = 1280, theme: str = "light", height: int = 800) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN" if language == "zh" else "en-GB",
            color_scheme=theme,
            reduced_motion="reduce",
        )
        seen = Seen()
        contexts.append((context, seen))
        context.on("request", lambda request: seen.requests.append(request.url))
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on("console", lambda said: seen.complaints.append(said.text) if _bad(said) else None)
        page.seen = seen
        page.goto(studio.link)
        page.wait_for_selector("main h1")
        return page

    yield open_page
    for context, seen in contexts:
        foreign = [url for url in seen.requests if not url.startswith((studio.url, "blob:", "data:"))]
        assert not foreign, foreign
        assert not seen.complaints, seen.complaints
        assert seen.requests
        context.close()
