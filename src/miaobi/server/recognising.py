"""/api/recognise: any file, to be told whose it is and to have its brief again."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Query, Request

from miaobi.server import answers
from miaobi.studio.library import Library
from miaobi.studio.recognition import recognised

router = APIRouter()
_FILE = {"required": False, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


@router.post("/api/recognise", response_model=answers.RecognisedFile, openapi_extra={"requestBody": _FILE})
async def recognise(request: Request, name: str = Query("", max_length=300)) -> dict[str, Any]:
    """Tell what a file says of itself and what the library knows of it. Nothing of it is kept."""
    content = await request.body()
    return await asyncio.to_thread(_told, name, content)


def _told(name: str, content: bytes) -> dict[str, Any]:
    with Library() as library:
        found = recognised(library, name, content)
    return {
        "how": found.how,
        "label": found.label,
        "notice": found.notice,
        "work": asdict(found.card) if found.card else None,
        "brief": found.brief,
        "world": found.world.model_dump(mode="json") if found.world else None,
    }
