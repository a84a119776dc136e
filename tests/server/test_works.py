"""What the page does with works, over a real socket: versions, files, variations, boards, help with a text."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from PIL import Image

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.studio.library import Library
from tests.parrot import Parrot
from tests.server.conftest import KEY, Served, access
from tests.server.test_native import events

NOWHERE = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def client(parrot: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=parrot.url, headers={"Authorization": f"Bearer {KEY}"}, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def haiku(home: Any) -> str:
    work = compose(Brief(form="haiku", idea="rain on the roof"), engine=Parrot(), formats=["txt"])
    with Library() as library:
        library.add(work)
    return work.id


def made(form: str, idea: str, formats: list[str]) -> str:
    """Keep a work of a test's own."""
    work = compose(Brief(form=form, idea=idea), engine=Parrot(), formats=formats)
    with Library() as library:
        library.add(work)
    return work.id


def test_file_is_made_when_it_is_asked_for_and_kept(client: httpx.Client, haiku: str) -> None:
    before = client.get(f"/api/works/{haiku}").json()
    assert "md" in before["exports"]
    answer = client.get(f"/api/works/{haiku}/exports/md")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "AI-generated" in answer.text
    assert any(f["name"].endswith(".md") for f in client.get(f"/api/works/{haiku}").json()["files"])
    assert client.get(f"/api/works/{haiku}/exports/md").content == answer.content
    refused = client.get(f"/api/works/{haiku}/exports/mp3")
    assert refused.status_code == 400
    assert "It can be: txt" in refused.json()["error"]["message"]


def test_edit_is_a_version_that_can_be_compared_exported_and_undone(client: httpx.Client) -> None:
    id = made("story", "A thief steals a painting", ["md"])
    work = client.get(f"/api/works/{id}").json()
    text = "Somebody changed the beginning.\n\n" + work["text"]
    edited = client.post(f"/api/works/{id}/versions", json={"text": text, "note": "a new beginning"})
    assert edited.status_code == 201
    assert client.post(f"/api/works/{id}/versions", json={"text": text}).json() == edited.json()
    now = client.get(f"/api/works/{id}").json()
    assert (now["edited"], now["made"]["brief"]["idea"], now["content"]) == (True, "A thief steals a painting", None)
    versions = client.get(f"/api/works/{id}/versions").json()["versions"]
    assert [v["kind"] for v in versions] == ["composed", "edit"]
    change = {"old": versions[0]["id"], "new": versions[1]["id"]}
    (first,) = client.get(f"/api/works/{id}/difference", params=change).json()["changes"]
    assert (first["kind"], first["new"]) == ("added", "Somebody changed the beginning.")
    document = zipfile.ZipFile(io.BytesIO(client.get(f"/api/works/{id}/exports/docx").content)).read(
        "word/document.xml"
    )
    assert b"Somebody changed the beginning." in document
    assert b"AI-generated" in document
    client.post(f"/api/works/{id}/return", json={"version": versions[0]["id"]})
    assert client.get(f"/api/works/{id}").json()["text"] == work["text"]


def test_edited_verse_tables_and_charts_are_set_as_such(client: httpx.Client) -> None:
    id = made("story", "A thief and a chart", ["md"])
    svg = base64.b64encode(b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>').decode()
    table, chart = "| a | b | | :-- | --: | | 1 | 2 |", f"![A chart](data:image/svg+xml;base64,{svg})"
    text = f"# One\n\nRoses are red,\nviolets are blue.\n\n{table}\n\n{chart}"
    assert client.post(f"/api/works/{id}/versions", json={"text": text}).status_code == 201
    page = client.get(f"/api/works/{id}/exports/html").text
    assert f"base64,{svg}" in page
    assert "<figure" in page
    assert "<td" in page
    assert page.count("violets are blue.") == 1
    assert "Roses are red," in page
    assert "![" not in page


def test_work_is_varied_with_lines_kept_and_locks_stay(client: httpx.Client, haiku: str) -> None:
    first = client.get(f"/api/works/{haiku}").json()["content"]["stanzas"][0][0]["text"]
    assert client.put(f"/api/works/{haiku}/locks", json={"parts": [1]}).json() == {"locks": [1]}
    job = client.post(f"/api/works/{haiku}/variations", json={"formats": ["txt"]}).json()
    done = events(client, job["id"])[-1]
    assert done[1] == "done", done
    varied = client.get(f"/api/works/{done[2]['work']}").json()
    assert varied["made"]["parent"] == haiku
    assert varied["content"]["stanzas"][0][0]["text"].rstrip("—,.") == first.rstrip("—,.")
    assert client.put(f"/api/works/{haiku}/locks", json={"parts": []}).json() == {"locks": []}
    assert client.put(f"/api/works/{haiku}/locks", json={"parts": [9]}).status_code == 400


def test_cover_is_a_small_picture_asked_for_once(client: httpx.Client, haiku: str) -> None:
    brief = Brief(form="picture", idea="a heron", options={"size": 800, "medium": "none"})
    picture = compose(brief, engine=Parrot(), formats=["png"])
    with Library() as library:
        library.add(picture)
    answer = client.get(f"/api/works/{picture.id}/cover")
    small = Image.open(io.BytesIO(answer.content))
    assert (small.format, max(small.size)) == ("JPEG", 640)
    again = client.get(f"/api/works/{picture.id}/cover", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"/api/works/{haiku}/cover").status_code == 204
    tune = made("tune", "a heron", ["svg"])
    drawn = client.get(f"/api/works/{tune}/cover")
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in drawn.headers["content-security-policy"]


def test_certificate_and_its_absence_are_told(client: httpx.Client, haiku: str) -> None:
    found = client.get(f"/api/works/{haiku}/certificate").json()
    assert found["holds"]
    assert [unit["name"] for unit in found["units"]] == ["line 1", "line 2", "line 3"]
    story = made("story", "A thief without papers", ["md"])
    assert "no certificate" in client.get(f"/api/works/{story}/certificate").json()["error"]["message"]


def test_boards_and_trash(client: httpx.Client, haiku: str) -> None:
    assert client.put(f"/api/boards/Rain 雨/{haiku}").json()["boards"] == ["Rain 雨"]
    assert client.get("/api/boards").json()["boards"]["Rain 雨"] == 1
    assert [w["id"] for w in client.get("/api/works", params={"board": "Rain 雨"}).json()["works"]] == [haiku]
    page = client.get("/api/pages/Rain 雨")
    assert page.headers["content-disposition"].startswith("attachment")
    assert "Rain 雨" in page.text
    url = client.post("/api/pages/Rain 雨/artifact").json()["url"]
    assert "sandbox allow-scripts" in client.get(url).headers["content-security-policy"]
    assert client.delete(f"/api/boards/Rain 雨/{haiku}").json()["boards"] == []
    assert client.post("/api/pages/Rain 雨/artifact").status_code == 400
    client.delete(f"/api/works/{haiku}")
    assert haiku not in [w["id"] for w in client.get("/api/works").json()["works"]]
    assert haiku in [w["id"] for w in client.get("/api/works", params={"trash": True}).json()["works"]]
    assert client.post(f"/api/works/{haiku}/restore").json()["removed"] is None


def test_file_is_recognised_within_bounds(client: httpx.Client, haiku: str) -> None:
    exported = client.get(f"/api/works/{haiku}/exports/html").content
    found = client.post("/api/recognise", params={"name": "x.html"}, content=exported).json()
    assert (found["how"], found["work"]["id"], found["brief"]["idea"]) == ("bytes", haiku, "rain on the roof")
    changed = client.post("/api/recognise", params={"name": "x.html"}, content=exported + b"<!-- -->").json()
    assert (changed["how"], changed["work"]["id"]) == ("label", haiku)
    assert client.post("/api/recognise").json()["how"] == "none"
    large = client.post("/api/recognise", content=b"\0" * 300_000)  # more than JSON may have here
    assert (large.status_code, large.json()["how"]) == (200, "none")
    assert (access().limit_of("/api/recognise"), access().limit_of("/api/works")) == (50_000_000, 200_000)


def test_steps_are_told_with_their_words_and_choices(client: httpx.Client) -> None:
    brief = {"form": "story", "idea": "A thief is told step by step", "length": 450}
    job = client.post("/api/jobs", json={"brief": brief, "formats": ["md"]}).json()
    told = events(client, job["id"])
    steps = [said for _, kind, said in told if kind == "step"]
    assert len(steps) >= 5
    words = [text["text"] for step in steps for text in step["texts"]]
    whole = client.get(f"/api/works/{told[-1][2]['work']}").json()["text"]
    assert words
    assert all(sentence in whole for sentence in words if len(sentence) > 20)
    assert any(step["choices"] for step in steps)


def test_help_with_a_text_changes_nothing_and_counts_code_points(client: httpx.Client) -> None:
    text = "😀 Anna walks to the harbour. She sees a boat."
    asked = {"text": text, "start": 2, "end": 28, "instruction": "tense=past"}
    offered = client.post("/api/assist/revise", json=asked).json()
    assert (offered["text"], offered["author"]) == ("Anna walked to the harbour.", "craft")
    ways = client.post("/api/assist/alternatives", json={"text": text, "start": 2, "end": 28, "count": 3}).json()
    assert 1 <= len(ways["alternatives"]) <= 3
    assert {a["author"] for a in ways["alternatives"]} <= {"engine", "craft"}
    told = client.post("/api/assist/continue", json={"text": text, "words": 5}).json()
    assert told["author"] == "engine"
    assert told["text"].strip()
    remarks = client.post("/api/assist/critique", json={"text": "It was very very late. It was very late."}).json()
    assert remarks["remarks"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", f"/api/works/{NOWHERE}/versions", {"text": "x"}),
        ("get", f"/api/works/{NOWHERE}/versions", None),
        ("get", f"/api/works/{NOWHERE}/exports/md", None),
        ("post", f"/api/works/{NOWHERE}/variations", {}),
        ("post", f"/api/works/{NOWHERE}/artifact", None),
        ("put", f"/api/boards/x/{NOWHERE}", None),
        ("delete", f"/api/works/{NOWHERE}", None),
        ("get", f"/api/works/{NOWHERE}/difference?old=aaaa&new=bbbb", None),
        ("post", "/api/assist/revise", {"text": "", "instruction": "tone=plain"}),
        ("post", "/api/assist/revise", {"text": "A\u0000b", "instruction": "tone=plain"}),
        ("post", "/api/assist/revise", {"text": "Words.", "start": 4, "end": 2, "instruction": "tone=plain"}),
        ("post", "/api/assist/revise", {"text": "Words.", "instruction": "sing it"}),
        ("post", "/api/assist/continue", {"text": "她走进了屋子。", "language": "zh", "engine": "nobody"}),
        ("get", "/api/pages/nothing-here", None),
    ],
)
def test_what_can_not_be_done_is_told(client: httpx.Client, method: str, path: str, body: Any) -> None:
    answer = client.request(method, path, json=body)
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"]["message"]
