"""Fetch one file by HTTP so that nothing is lost: range requests (RFC 9110 section 14) go on where a cut left off.

The bytes go to ``<target>.part``; a small ``.part.json`` beside it says of which file they are the beginning, so that
a part is never continued with another file. The name is given only after size and SHA-256 agree.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from miaobi.engines.disk import digest, explained, settle
from miaobi.errors import CheckpointError, show

Progress = Callable[[int, int], None]  # bytes here, bytes in all (0: unknown); may raise to give up
_TRIES = 5  # connections in a row that bring no new byte
_TIMEOUT = httpx.Timeout(30.0, connect=15.0)


class CutError(Exception):
    """The connection brought less than the file; what came is kept."""


@dataclass(frozen=True)
class Source:
    """Where a file is fetched, and how to know that it is the right one."""

    url: str
    sha256: str = ""  # hex; empty: not known beforehand
    size: int = 0  # bytes; 0: not known beforehand

    @property
    def shown(self) -> str:
        """The address without user name, password and query, fit for a message."""
        parts = urlsplit(self.url)
        return show(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}")


def download(
    source: Source, target: Path, *, progress: Progress | None = None, client: httpx.Client | None = None
) -> Path:
    """Bring *source* to *target*, going on from an earlier part. Raises CheckpointError; the part is kept for next time
    unless its bytes are proven wrong."""
    with explained(target.parent, "the download"):
        target.parent.mkdir(parents=True, exist_ok=True)
        part = part_of(target)
        adopt(part, source)
        own = client or httpx.Client(follow_redirects=True, timeout=_TIMEOUT)
        try:
            _fetch(own, source, part, progress)
            if source.sha256 and digest(part) != source.sha256:
                _drop(part)  # a stale proxy or a part that went bad on the disk: once more, from nothing
                adopt(part, source)
                _fetch(own, source, part, progress)
                _verify(part, source)
        finally:
            if client is None:
                own.close()
        settle(part, target)
        _note(part).unlink(missing_ok=True)
    return target


def _note(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _drop(part: Path) -> None:
    part.unlink(missing_ok=True)
    _note(part).unlink(missing_ok=True)


def part_of(target: Path) -> Path:
    """Return where the bytes of *target* gather while it is fetched."""
    return target.with_name(target.name + ".part")


def adopt(part: Path, source: Source, *, create: bool = True) -> None:
    """Keep the part only if it is of the same file."""
    identity = json.dumps({"file": source.sha256 or source.url})
    note = _note(part)
    if part.exists() and not (note.exists() and note.read_text(encoding="utf-8") == identity):
        _drop(part)
    note.write_text(identity, encoding="utf-8")
    if create:
        part.touch()


def _fetch(client: httpx.Client, source: Source, part: Path, progress: Progress | None) -> None:
    fruitless = 0
    while True:
        before = part.stat().st_size
        if source.size and before == source.size:
            return
        try:
            _connect(client, source, part, progress)
        except (httpx.TransportError, CutError) as error:
            fruitless = 0 if part.stat().st_size > before else fruitless + 1
            if fruitless >= _TRIES:
                raise CheckpointError(
                    f"{source.shown} could not be fetched: {error or type(error).__name__}.",
                    "Check the connection and run the same command again: what is here is kept. Offline, bring "
                    "the file by other means: miaobi checkpoints add PATH",
                ) from error
            time.sleep(0.2 * 2**fruitless)
        else:
            return


def _connect(client: httpx.Client, source: Source, part: Path, progress: Progress | None) -> None:
    have = part.stat().st_size
    headers = {"Accept-Encoding": "identity"}  # a range counts stored bytes, not packed ones
    if have:
        headers["Range"] = f"bytes={have}-"
    with client.stream("GET", source.url, headers=headers) as answer:
        if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            if answer.headers.get("Content-Range", "").rpartition("/")[2] == str(have):
                return  # the part is already the whole
            part.write_bytes(b"")
            raise CutError("the part here was longer than the file there")
        if answer.status_code >= httpx.codes.BAD_REQUEST:
            _refuse(answer, source)
        if answer.status_code != httpx.codes.PARTIAL_CONTENT or not _begins_at(answer, have):
            have = 0
        length = answer.headers.get("Content-Length", "")
        total = source.size or (have + int(length) if length.isdigit() else 0)
        with part.open("r+b") as file:
            file.truncate(have)
            file.seek(have)
            for block in answer.iter_raw():  # as they come: a chunk being gathered is lost when the connection breaks
                if source.size and have + len(block) > source.size:
                    raise CheckpointError(f"{source.shown} holds more than the {source.size:,} bytes that it should.")
                file.write(block)
                have += len(block)
                if progress:
                    progress(have, total)
    if total and have < total:
        raise CutError(f"the connection ended after {have:,} of {total:,} bytes")


def _begins_at(answer: httpx.Response, have: int) -> bool:
    return bool(answer.headers.get("Content-Range", "").startswith(f"bytes {have}-"))


def _refuse(answer: httpx.Response, source: Source) -> None:
    """Raise for a status that says no; one that says "later" (429, 5xx) counts as a cut."""
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise CutError(f"the server answered {answer.status_code}")
    raise CheckpointError(
        f"{source.shown} was refused by the server: {answer.status_code} {answer.reason_phrase}.",
        "Check the address; if the file needs a login, fetch it yourself and run: miaobi checkpoints add PATH",
    )


def _verify(part: Path, source: Source) -> None:
    found = digest(part)
    if found != source.sha256:
        _drop(part)
        raise CheckpointError(
            f"{source.shown} is not the file it should be: its SHA-256 is {found}, expected {source.sha256}.",
            "The server or a proxy between serves something else. Nothing was installed.",
        )
