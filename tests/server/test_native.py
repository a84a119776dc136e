"""Forms, jobs and works over a real socket, with an engine that answers at once."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.errors import LanguageNotSpokenError
from miaobi.forms import forms
from miaobi.server.pool import Pool
from miaobi.studio.job import Order
from tests.parrot import Parrot
from tests.server.conftest import KEY, Served

STORY = {"form": "story", "idea": "A thief steals a painting", "length": 450, "seed": 3}


@pytest.fixture
def client(parrot: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=parrot.url, headers={"Authorization": f"Bearer {KEY}"}, timeout=60) as client:
        yield client


def sent(client: httpx.Client, brief: dict[str, Any], **more: Any) -> dict[str, Any]:
    headers = {"Idempotency-Key": more.pop("once")} if "once" in more else {}
    answer = client.post("/api/jobs", json={"brief": brief, "formats": ["md"]} | more, headers=headers)
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()
    return job


def events(client: httpx.Client, id: str, after: int = 0) -> list[tuple[int, str, Any]]:
    found: list[tuple[int, str, Any]] = []
    headers = {"Last-Event-ID": str(after)} if after else {}
    with client.stream("GET", f"/api/jobs/{id}/events", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        number, kind = 0, ""
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if name == "id":
                number = int(value)
            elif name == "event":
                kind = value
            elif name == "data":
                found.append((number, kind, json.loads(value)))
    return found


def test_brief_goes_in_and_a_work_with_its_files_comes_out(client: httpx.Client) -> None:
    job = sent(client, STORY)
    told = events(client, job["id"])
    assert [kind for _, kind, _ in told][:2] == ["queued", "running"]
    assert told[-1][1] == "done"
    assert events(client, job["id"], told[0][0]) == told[1:]
    ended = client.get(f"/api/jobs/{job['id']}").json()
    assert (ended["state"], ended["work"]) == ("done", told[-1][2]["work"])
    work = client.get(f"/api/works/{ended['work']}").json()
    assert work["made"]["brief"]["idea"] == STORY["idea"]
    (name,) = [f["name"] for f in work["files"]]
    file = client.get(f"/api/works/{ended['work']}/files/{name}")
    assert file.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in file.headers["content-security-policy"]
    assert "AI-generated" in file.text
    assert ended["work"] in [w["id"] for w in client.get("/api/works", params={"q": "painting"}).json()["works"]]
    assert client.get("/api/works", params={"form": "email"}).json()["works"] == []


def test_form_that_ships_its_own_checkpoint_is_written_by_it(client: httpx.Client) -> None:
    brief = {"form": "duilian", "idea": "春风送暖花千树", "language": "zh"}
    told = events(client, sent(client, brief)["id"])
    assert told[-1][1] == "done", told[-1]
    work = client.get(f"/api/works/{told[-1][2]['work']}").json()
    assert work["checkpoint"] == "miaobi-verse-zh"


def test_sending_twice_under_one_key_makes_one_job(client: httpx.Client) -> None:
    assert sent(client, STORY, once="abc")["id"] == sent(client, STORY, once="abc")["id"]


@pytest.mark.parametrize(
    ("wish", "status", "says"),
    [
        ({"brief": {"form": "story", "idea": ""}}, 400, "empty"),
        ({"brief": {"form": "storey", "idea": "x"}}, 404, "story"),
        ({"brief": STORY | {"length": 1}}, 400, "length"),
        ({"brief": STORY | {"options": {"nope": 1}}}, 400, "nope"),
        ({"brief": STORY, "formats": ["exe"]}, 400, "exe"),
        ({"brief": STORY, "engine": "gpt-4"}, 404, "parrot"),
        ({"brief": STORY, "engine": "../../etc/passwd"}, 404, "no model"),
        ({"brief": STORY, "priority": 1000}, 400, "priority"),
        ({"brief": STORY, "more": 1}, 400, "more"),
        ({"brief": STORY | {"idea": "a\x00b"}}, 400, "control character"),
        ([], 400, "body"),
    ],
)
def test_what_can_not_be_made_is_refused_before_it_waits(
    client: httpx.Client, wish: Any, status: int, says: str
) -> None:
    before = len(client.get("/api/jobs", params={"limit": 1000}).json()["jobs"])
    answer = client.post("/api/jobs", json=wish)
    assert (answer.status_code, says in answer.json()["error"]["message"]) == (status, True), answer.text
    assert len(client.get("/api/jobs", params={"limit": 1000}).json()["jobs"]) == before


def test_waiting_job_is_cancelled_at_once(client: httpx.Client) -> None:
    blocking = [sent(client, STORY | {"seed": 100 + i, "length": 900}, priority=50) for i in range(2)]
    waiting = sent(client, STORY | {"seed": 200}, priority=-100)
    assert client.post(f"/api/jobs/{waiting['id']}/cancel").json()["state"] == "cancelled"
    for job in blocking:
        client.post(f"/api/jobs/{job['id']}/cancel")
    deadline = time.monotonic() + 30
    states = [""]
    while time.monotonic() < deadline and not set(states) <= {"done", "cancelled"}:
        states = [client.get(f"/api/jobs/{job['id']}").json()["state"] for job in blocking]
    assert set(states) <= {"done", "cancelled"}
    assert [kind for _, kind, _ in events(client, waiting["id"])] == ["queued", "cancelled"]


@pytest.mark.parametrize("id", ["nope", "0" * 36, "..", "%2Fetc%2Fpasswd", "a/b", "'; DROP TABLE works; --"])
def test_names_that_are_nobody_s_are_told_as_such(client: httpx.Client, id: str) -> None:
    for place in ("/api/jobs/{}", "/api/jobs/{}/events", "/api/works/{}", "/api/works/{}/files/x"):
        answer = client.get(place.format(id))
        assert answer.status_code in (400, 404), (place, answer.status_code)
        assert answer.json()["error"]["message"]


def test_forms_are_told_with_the_schema_of_their_options(client: httpx.Client) -> None:
    told = client.get("/api/forms").json()["forms"]
    assert {form["name"] for form in told} == set(forms())
    sonnet = client.get("/api/forms/十四行诗").json()
    assert sonnet["options"]["properties"]["scheme"]["enum"] == ["shakespearean", "petrarchan"]
    assert sonnet["keeps"]


def state_of(client: httpx.Client, id: str, *wanted: str) -> str:
    deadline = time.monotonic() + 30
    while (state := str(client.get(f"/api/jobs/{id}").json()["state"])) not in wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    return state


def test_queue_is_paused_reordered_and_gone_on_with(slow: Served) -> None:
    with httpx.Client(base_url=slow.url, headers={"Authorization": f"Bearer {KEY}"}, timeout=60) as client:
        running = sent(client, STORY | {"seed": 300}, engine="slow")["id"]
        assert state_of(client, running, "running") == "running"
        first, second = (sent(client, STORY | {"seed": seed}, engine="slow")["id"] for seed in (301, 302))
        moved = client.post(f"/api/jobs/{second}/move", json={"before": first}).json()["jobs"]
        assert [job["id"] for job in moved] == [second, first]
        assert [job["id"] for job in client.get("/api/queue").json()["jobs"]] == [second, first]
        for id in (first, second):
            assert client.post(f"/api/jobs/{id}/pause").json()["state"] == "paused"
        while not (progress := client.get(f"/api/jobs/{running}").json()["progress"]) or not progress["left"]:
            assert state_of(client, running, "running") == "running"
        assert 0 < progress["done"] < 1
        client.post(f"/api/jobs/{running}/pause")
        assert state_of(client, running, "paused") == "paused"
        assert client.post(f"/api/jobs/{running}/cancel").json()["state"] == "cancelled"
        assert client.post(f"/api/jobs/{running}/retry").json()["state"] == "queued"
        client.post(f"/api/jobs/{second}/resume")
        assert [state_of(client, id, "done") for id in (running, second)] == ["done", "done"]
        told = [kind for _, kind, _ in events(client, running) if kind not in ("progress", "step")]
        assert told == ["queued", "running", "paused", "cancelled", "queued", "running", "done"]
        assert client.post(f"/api/jobs/{running}/retry").status_code == 400
        assert client.post(f"/api/jobs/{running}/move", json={}).status_code == 400
        assert client.get(f"/api/jobs/{first}").json()["state"] == "paused"
        client.post(f"/api/jobs/{first}/cancel")


def test_refusals_and_findings_come_in_the_reader_s_language(client: httpx.Client) -> None:
    chinese = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}
    wrong = {"brief": {"form": "haiku", "idea": "Snow", "length": 999}}
    assert "can't be written" in client.post("/api/jobs", json=wrong).json()["error"]["message"]
    refused = client.post("/api/jobs", json=wrong, headers=chinese).json()["error"]["message"]
    assert "写不了 999 词的英文俳句。" in refused
    job = sent(client, {"form": "haiku", "idea": "Snow", "audience": "sailors", "seed": 91})
    work = f"/api/works/{events(client, job['id'])[-1][2]['work']}"
    [english] = [f["message"] for f in client.get(work).json()["findings"] if f["rule"] == "not-heeded"]
    [told] = [f["message"] for f in client.get(work, headers=chinese).json()["findings"] if f["rule"] == "not-heeded"]
    assert english == "The audience “sailors” changes nothing in the form haiku."
    assert told == "读者“sailors”对英文俳句不起作用。"
    kept = client.get(work, headers=chinese).json()["made"]["findings"]
    assert english in [f["message"] for f in kept]  # the record stays as it is


def test_id_that_can_not_be_one_is_not_found_in_plain_words(client: httpx.Client) -> None:
    answer = client.get("/api/works/doesnotexist")
    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "There is nothing called “doesnotexist” here."


def test_brief_without_an_engine_goes_to_the_first_that_speaks_its_language() -> None:
    pool = Pool({"english": Parrot(("en",)), "chinese": Parrot(("zh",))})
    order = Order(brief=Brief(form="story", idea="守灯人", language="zh", seed=1))
    pool.admit(order)
    assert pool.engine_for(order) is pool.seats["chinese"].engine
    with pytest.raises(LanguageNotSpokenError) as refused:
        pool.admit(order.model_copy(update={"engine": "english"}))
    assert refused.value.hint == "Choose another engine here: chinese."


def test_progress_of_a_novel_never_goes_back() -> None:
    told: list[float] = []
    brief = Brief(form="novel", idea="A thief steals a painting", seed=1)
    compose(brief, engine=Parrot(("en",)), formats=["md"], progress=lambda _, done: told.append(done))
    chapters = told[: next((i for i, done in enumerate(told) if done >= 1), len(told))]
    assert chapters == sorted(chapters)
    assert len(set(chapters)) > 20
