"""The OpenAPI document says what each route answers, and holds the events to what a job really tells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
from pydantic import BaseModel

from miaobi.server import answers, assistance_answers, openai_answers
from miaobi.server.answers import EVENTS
from tests.server.conftest import KEY, Served
from tests.server.test_native import STORY, events, sent

AUTH = {"Authorization": f"Bearer {KEY}"}


def test_every_answer_that_is_json_has_a_schema_of_its_own(parrot: Served) -> None:
    document = httpx.get(f"{parrot.url}/openapi.json", headers=AUTH, timeout=60).json()
    named = 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                kinds = answer.get("content", {})
                if status.startswith("2") and "application/json" in kinds:
                    assert "$ref" in kinds["application/json"]["schema"], (method, path, status)
                    named += 1
    assert named >= 30


def undocumented(value: Any, where: str = "") -> Iterator[str]:
    """Yield the fields of an answer that its schema doesn't have."""
    if isinstance(value, BaseModel):
        yield from (f"{where}.{name}" for name in value.model_extra or ())
        for name in type(value).model_fields:
            yield from undocumented(getattr(value, name), f"{where}.{name}")
    elif isinstance(value, list | tuple):
        for one in value[:3]:
            yield from undocumented(one, where)


def test_answers_have_no_field_that_the_document_lacks(parrot: Served) -> None:
    with httpx.Client(base_url=parrot.url, headers=AUTH, timeout=60) as client:
        job = sent(client, STORY | {"seed": 78})
        work = events(client, job["id"])[-1][2]["work"]
        version = client.get(f"/api/works/{work}").json()["version"]
        text = {"text": "The lamp was lit. The lamp was lit.", "language": "en"}
        for path, model, body in (
            ("/api/forms", answers.Forms, None),
            ("/api/engines", answers.Engines, None),
            ("/api/jobs", answers.Jobs, None),
            (f"/api/jobs/{job['id']}", answers.JobCard, None),
            ("/api/works", answers.Works, None),
            ("/api/works?q=painting", answers.Works, None),
            (f"/api/works/{work}", answers.WorkAnswer, None),
            (f"/api/works/{work}/versions", answers.Versions, None),
            (f"/api/works/{work}/versions/{version}", answers.VersionAnswer, None),
            (f"/api/works/{work}/difference?old={version}&new={version}", answers.Difference, None),
            ("/api/boards", answers.Boards, None),
            ("/api/assist/critique", assistance_answers.Critique, text),
            ("/v1/models", openai_answers.Models, None),
            ("/v1/completions", openai_answers.TextAnswer, {"model": "parrot", "prompt": "The sea", "max_tokens": 4}),
            ("/v1/embeddings", openai_answers.Embeddings, {"model": "parrot", "input": "The sea"}),
        ):
            told = client.post(path, json=body) if body else client.get(path)
            assert told.status_code == 200, (path, told.text)
            assert not list(undocumented(model.model_validate(told.json()))), path


def test_events_are_as_the_document_has_them(parrot: Served) -> None:
    with httpx.Client(base_url=parrot.url, headers=AUTH, timeout=60) as client:
        told = events(client, sent(client, STORY | {"seed": 77})["id"])
    for _, kind, said in told:
        if kind in EVENTS:
            assert EVENTS[kind].model_validate(said).model_dump(mode="json", exclude_unset=True) == said
        else:
            assert (kind, said) == ("queued", {})
    assert {"running", "step", "done"} <= {kind for _, kind, _ in told}
