"""The OpenAPI document says what each route answers, and holds the events to what a job really tells."""

from __future__ import annotations

import httpx

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
    schemas = document["components"]["schemas"]
    assert all(schema.get("additionalProperties") is False for name, schema in schemas.items() if name in CLOSED)


CLOSED = {"JobCard", "WorkAnswer", "Versions", "Engines", "FormCard", "ChatAnswer", "StepEvent"}


def test_events_are_as_the_document_has_them(parrot: Served) -> None:
    with httpx.Client(base_url=parrot.url, headers=AUTH, timeout=60) as client:
        told = events(client, sent(client, STORY | {"seed": 77})["id"])
    for _, kind, said in told:
        if kind in EVENTS:
            assert EVENTS[kind].model_validate(said).model_dump(mode="json", exclude_unset=True) == said
        else:
            assert (kind, said) == ("queued", {})
    assert {"running", "step", "done"} <= {kind for _, kind, _ in told}
