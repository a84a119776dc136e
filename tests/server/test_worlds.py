"""Worlds on the server: a bible that works share, made as one job that survives a kill, a part made anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from miaobi.studio.world import shelf
from miaobi.studio.world.making import composed
from tests.server.conftest import KEY, Served
from tests.server.test_native import events

IDEA = "A lighthouse keeper finds a message in a bottle"
PICTURE = {"size": 256, "medium": "none"}
PARTS = [{"name": "ballad"}, {"name": "song"}, {"name": "illustration", "options": PICTURE}]


@pytest.fixture
def client(parrot: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=parrot.url, headers={"Authorization": f"Bearer {KEY}"}, timeout=60) as client:
        yield client


def begun(client: httpx.Client, **more: Any) -> dict[str, Any]:
    answer = client.post("/api/worlds", json={"idea": IDEA, "parts": PARTS} | more)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def grown(client: httpx.Client, id: str) -> tuple[dict[str, Any], list[Any]]:
    """Let a world be made; return it and what was told meanwhile."""
    job = client.post(f"/api/worlds/{id}/making")
    assert job.status_code == 202, job.text
    told = events(client, job.json()["id"])
    assert told[-1][1] == "done", told[-1]
    return client.get(f"/api/worlds/{id}").json(), told


def work_of(client: httpx.Client, world: dict[str, Any], part: str) -> dict[str, Any]:
    card = next(p["work"] for p in world["parts"] if p["name"] == part)
    found: dict[str, Any] = client.get(f"/api/works/{card['id']}").json()
    return found


def test_world_is_made_as_one_job_and_shares_its_bible(client: httpx.Client) -> None:
    bible = {
        "title": "The Glass Tide",
        "mood": "sad",
        "key": "E",
        "mode": "dorian",
        "palette": ["#274754", "#e8dcc0"],
        "personas": [{"id": "p1", "name": "Mara", "role": "lighthouse keeper"}],
    }
    world = begun(client, bible=bible)
    assert [part["work"] for part in world["parts"]] == [None] * 3
    world, told = grown(client, world["id"])
    assert world["job"] is None
    assert [said["part"] for _, kind, said in told if kind == "part"] == ["ballad", "song", "illustration"]
    assert {said["part"] for _, kind, said in told if kind == "step"} >= {"ballad", "song"}
    shares = [said["done"] for _, kind, said in told if kind == "progress"]
    assert shares == sorted(shares)
    assert shares[-1] <= 1
    ballad, song, picture = (work_of(client, world, name) for name in ("ballad", "song", "illustration"))
    assert (ballad["title"], ballad["content"]["dedication"]) == ("The Glass Tide", "for Mara")
    key = song["content"]["score"]["bars"][0]["key"]
    assert (key["tonic"], key["mode"]) == ("E", "dorian")
    assert picture["made"]["brief"]["options"]["palette"] == "#274754 #e8dcc0"
    assert {work["made"]["brief"]["tone"] for work in (ballad, song, picture)} == {"sad"}
    assert ballad["boards"] == ["The Glass Tide"]
    page = client.get(f"/api/worlds/{world['id']}/page")
    assert "attachment" in page.headers["content-disposition"]
    assert "The Glass Tide" in page.text
    url = client.post(f"/api/worlds/{world['id']}/artifact").json()["url"]
    assert "sandbox allow-scripts" in client.get(url).headers["content-security-policy"]
    assert "All parts" in client.post(f"/api/worlds/{world['id']}/making").json()["error"]["message"]


def test_part_is_made_anew_and_what_has_old_words_is_told(client: httpx.Client) -> None:
    world, _ = grown(client, begun(client, seed=5)["id"])
    place = f"/api/worlds/{world['id']}"
    old = {part["name"]: part["work"]["id"] for part in world["parts"]}
    job = client.post(f"{place}/parts/ballad/anew", json={"options": {"mood": "wry"}}).json()
    assert events(client, job["id"])[-1][1] == "done"
    world = client.get(place).json()
    new = {part["name"]: part["work"]["id"] for part in world["parts"]}
    assert new["ballad"] != old["ballad"]
    assert (new["song"], new["illustration"]) == (old["song"], old["illustration"])
    assert world["parts"][0]["options"] == {"mood": "wry"}
    assert [part["name"] for part in world["parts"] if part["outdated"]] == ["song"]  # it sings the old poem
    assert client.get(f"/api/works/{old['ballad']}").status_code == 200
    bible = world["bible"] | {"key": "G", "mode": "mixolydian"}
    world = client.put(f"{place}/bible", json=bible).json()
    assert world["bible"]["key"] == "G"
    job = client.post(f"{place}/parts/song/anew", json={}).json()
    assert events(client, job["id"])[-1][1] == "done"
    world = client.get(place).json()
    assert not any(part["outdated"] for part in world["parts"])
    song = work_of(client, world, "song")
    assert song["content"]["score"]["bars"][0]["key"]["tonic"] == "G"


def test_what_a_person_wrote_stays_and_what_they_emptied_is_told_anew(client: httpx.Client) -> None:
    world, _ = grown(client, begun(client, parts=[{"name": "story"}])["id"])
    place, learnt = f"/api/worlds/{world['id']}", world["bible"]
    people = [learnt["personas"][0] | {"name": "Mara", "want": "to be left alone"}, *learnt["personas"][1:]]
    client.put(f"{place}/bible", json=learnt | {"personas": people, "theme": ""})
    job = client.post(f"{place}/parts/story/anew", json={}).json()
    assert events(client, job["id"])[-1][1] == "done"
    bible = client.get(place).json()["bible"]
    assert bible["personas"] == people
    assert bible["theme"]
    assert bible["title"] == work_of(client, client.get(place).json(), "story")["title"]


def test_parts_are_added_and_taken_out(client: httpx.Client) -> None:
    world = begun(client, parts=[{"name": "haiku"}])
    place = f"/api/worlds/{world['id']}"
    more = client.post(f"{place}/parts", json={"parts": [{"name": "haiku"}, {"name": "tune"}]}).json()
    assert [part["name"] for part in more["parts"]] == ["haiku", "haiku-2", "tune"]
    world, _ = grown(client, world["id"])
    assert len({part["work"]["id"] for part in world["parts"]}) == 2  # the same brief twice is the same haiku
    left = client.delete(f"{place}/parts/tune").json()
    assert [part["name"] for part in left["parts"]] == ["haiku", "haiku-2"]
    client.delete(f"{place}/parts/haiku-2")
    assert "only part" in client.delete(f"{place}/parts/haiku").json()["error"]["message"]
    assert world["id"] in [one["id"] for one in client.get("/api/worlds").json()["worlds"]]
    assert client.delete(place).status_code == 200
    assert client.get(place).status_code == 404
    assert client.get(f"/api/works/{world['parts'][0]['work']['id']}").status_code == 200


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"idea": "  "}, "needs an idea"),
        ({"parts": [{"name": "kazoo"}]}, "no form called"),
        ({"parts": [{"name": "jueju"}]}, "isn't written in this language"),
        ({"parts": [{"name": "cover", "options": {"colour": "red"}}]}, "no option"),
        ({"parts": [{"name": "cover", "options": {"medium": "glue"}}]}, "medium"),
        ({"bible": {"mood": "peckish"}}, "no mood"),
        ({"bible": {"key": "H"}}, "no key"),
        ({"bible": {"mode": "gong gong"}}, "no mode"),
        ({"bible": {"tempo": 9000}}, "tempo"),
        ({"bible": {"palette": ["red"]}}, "no colour"),
        ({"bible": {"personas": [{"id": "a", "name": " "}]}}, "no name"),
        ({"bible": {"places": [{"id": "a", "name": "x"}, {"id": "a", "name": "y"}]}}, "same id"),
        ({"bible": {"title": "x" * 81}}, "81 characters"),
        ({"bible": {"theme": "a\u0007b"}}, "control character"),
        ({"engine": "nobody"}, "no model"),
    ],
)
def test_what_can_not_be_met_is_told_before_anything_is_kept(client: httpx.Client, change: Any, said: str) -> None:
    before = client.get("/api/worlds").json()
    answer = client.post("/api/worlds", json={"idea": IDEA, "parts": PARTS} | change)
    assert 400 <= answer.status_code < 500
    assert said in answer.json()["error"]["message"]
    assert client.get("/api/worlds").json() == before


def test_declaration_says_what_a_bible_may_hold(client: httpx.Client) -> None:
    told = client.get("/api/bible").json()
    properties = told["bible"]["properties"]
    assert {"title", "logline", "theme", "mood", "palette", "motifs", "places", "personas", "tempo"} <= set(properties)
    assert "hopeful" in properties["mood"]["enum"]
    assert told["roles"]["cover"] == {"form": "picture", "options": {"use": "cover"}}
    assert told["usual"]["zh"][0] == "lushi"


def test_world_is_shown_from_the_index_until_something_of_it_changes(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = begun(client, parts=[{"name": "haiku"}])["id"]
    world, _ = grown(client, id)
    work = world["parts"][0]["work"]["id"]
    read: list[str] = []
    monkeypatch.setattr(shelf, "composed", lambda id: read.append(id) or composed(id))
    first = client.get(f"/api/worlds/{id}").json()
    assert first == client.get(f"/api/worlds/{id}").json()
    assert len(read) <= 1
    read.clear()
    edited = client.post(f"/api/works/{work}/versions", json={"text": "Words of mine,\nand no others."})
    assert edited.status_code == 201
    client.get(f"/api/worlds/{id}")
    assert read == [work]
    client.put(f"/api/worlds/{id}/bible", json={"mood": "dark"})
    assert client.get(f"/api/worlds/{id}").json()["parts"][0]["outdated"]
