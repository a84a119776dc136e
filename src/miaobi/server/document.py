"""The OpenAPI document: what the routes declare, the errors that any of them can answer, and the key."""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from miaobi.brief import Brief
from miaobi.server.answers import EVENTS

ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {
                "message": {"type": "string", "description": "What was wrong, and what to do."},
                "type": {"type": "string"},
                "param": {"type": ["string", "null"]},
                "code": {"type": ["string", "null"]},
            },
        }
    },
}
ANSWERS = {
    "400": "The request can't be carried out as it stands.",
    "401": "A key is wanted.",
    "403": "The key lacks the scope, or the request comes from a page of another origin.",
    "404": "There is nothing of that name, or it is another user's.",
    "408": "The body took too long.",
    "413": "The body is too large.",
    "415": "The body is in an encoding that is not read.",
    "421": "The host name is not one of this server's.",
    "429": "The key has had its requests, tokens, bytes or jobs.",
    "503": "Too many wait for the engine.",
    "507": "The library can't be read or written.",
}
LINKS = (  # method, path and status whose answer has the id that the paths beginning so want
    ("post", "/api/jobs", "202", "$response.body#/id", "/api/jobs/{id}"),
    ("get", "/api/works", "200", "$response.body#/works/0/id", "/api/works/{id}"),
)
_WAITING = {"429", "503"}
_OPEN = {"/health"}
_PARTS = re.compile(r"(\{\w+\})")


def document(app: FastAPI) -> dict[str, Any]:
    """Return the document of *app*, made once."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
        parts = made.setdefault("components", {})
        parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        schemas = parts.setdefault("schemas", {})
        for name in ("HTTPValidationError", "ValidationError"):  # FastAPI's own, which are never answered
            schemas.pop(name, None)
        schemas["Error"] = ERROR
        brief = Brief.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= brief.pop("$defs", {}) | {"Brief": brief}
        for model in EVENTS.values():
            event = model.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= event.pop("$defs", {}) | {model.__name__: event}
        schemas["Wish"]["properties"]["brief"] = {"$ref": "#/components/schemas/Brief"}
        for path, found in made["paths"].items():
            for operation in found.values():
                _complete(operation, path in _OPEN)
        for method, path, status, source, reached in LINKS:
            answer = made["paths"][path][method]["responses"][status]
            answer["links"] = {
                f"{m} {p}": {"operationId": made["paths"][p][m]["operationId"], "parameters": {"id": source}}
                for p, found in made["paths"].items()
                for m in found
                if p.startswith(reached)
            }
        app.openapi_schema = made
    return app.openapi_schema


def _complete(operation: dict[str, Any], is_open: bool) -> None:
    operation["responses"].pop("422", None)
    for status, what in ANSWERS.items():
        answer: dict[str, Any] = {
            "description": what,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
        }
        if status in _WAITING:
            answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}}
        operation["responses"].setdefault(status, answer)
    if not is_open:
        operation["security"] = [{"key": []}]


def allowed(app: FastAPI, path: str) -> list[str]:
    """Return the methods that the document has for a path."""
    found: set[str] = set()
    for template, operations in document(app)["paths"].items():
        pattern = "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in _PARTS.split(template))
        if re.fullmatch(pattern, path):
            found.update(method.upper() for method in operations)
    return sorted(found)
