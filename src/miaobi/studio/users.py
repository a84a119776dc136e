"""Users of a server, their keys and what was done with them.

A key is 256 bits of chance, told once; kept is its SHA-256, which no guessing turns back (a slow hash is for passwords,
of which there are none). It has scopes: ``infer`` is the engines by /v1, ``read`` and ``write`` are /api. A user's
library is a room of its own: see ``database.Place``. What is done is written to a log in which each entry is sealed
with the one before, so that none can be altered or left out unseen.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from miaobi.errors import BriefError, UnknownNameError, show
from miaobi.studio.library.database import Place, Row, now, open_database, place_of

SCOPES = ("infer", "read", "write")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")  # it is a folder's or a schema's name too


class Limits(BaseModel):
    """What a key may have: requests, tokens and bytes in a minute, jobs that haven't ended."""

    model_config = ConfigDict(frozen=True)
    requests: int = Field(default=600, ge=1)
    tokens: int = Field(default=60_000, ge=1)
    bytes: int = Field(default=100_000_000, ge=1)
    jobs: int = Field(default=20, ge=1)


@dataclass(frozen=True)
class Key:
    """A key as it is kept. An owner of "" is the machine's own, whose key may be without limits."""

    id: str
    owner: str
    scopes: tuple[str, ...] = SCOPES
    limits: Limits | None = None
    created: str = ""
    revoked: str | None = None


class Users:
    """The users of a server, for one thread. Use it as a context manager, or ``close`` it."""

    def __init__(self, root: Path | str | None = None) -> None:
        self._database = open_database(Place(place_of(root, "").root))

    def __enter__(self) -> Users:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def add(self, name: str, scopes: Collection[str] = SCOPES, limits: Limits | None = None) -> tuple[Key, str]:
        """Give a user, new or known, a key; return it with its secret, which is never told again."""
        if not _NAME.fullmatch(name):
            raise BriefError(f"{show(name)} can't name a user.", "1 to 32 of a–z, 0–9 and _, a letter first.")
        if unknown := [scope for scope in scopes if scope not in SCOPES] or not scopes:
            raise BriefError(f"{show(unknown)} is no set of scopes.", f"Scopes are {', '.join(SCOPES)}.")
        secret = f"miaobi_{secrets.token_urlsafe(32)}"
        kept = tuple(scope for scope in SCOPES if scope in scopes)
        key = Key(secrets.token_hex(4), name, kept, limits or Limits(), now())
        assert key.limits is not None
        with self._database.write() as c:
            c.execute("INSERT INTO users (name, created) VALUES (?, ?) ON CONFLICT DO NOTHING", (name, key.created))
            c.execute(
                "INSERT INTO keys (id, owner, sha256, scopes, limits, created) VALUES (?, ?, ?, ?, ?, ?)",
                (key.id, name, digest(secret).hex(), " ".join(kept), key.limits.model_dump_json(), key.created),
            )
        return key, secret

    def issued(self) -> list[Key]:
        """Return all keys, those of a user together."""
        return [_key(row) for row in self._database.read("SELECT * FROM keys ORDER BY owner, created, id")]

    def revoke(self, name: str) -> list[Key]:
        """Take a user's keys back, or the one key of this id; return them. UnknownNameError where there are none."""
        with self._database.write() as c:
            rows = c.execute(
                "SELECT * FROM keys WHERE (owner = ? OR id = ?) AND revoked IS NULL ORDER BY id", (name, name)
            ).fetchall()
            if not rows:
                raise UnknownNameError(f"{show(name)} has no key and is none.", "See them: miaobi users list")
            c.executemany("UPDATE keys SET revoked = ? WHERE id = ?", [(now(), row["id"]) for row in rows])
        return [_key(row) for row in rows]

    def find(self, sha256: str) -> Key | None:
        """Return the key whose secret has this hash, if it wasn't taken back."""
        rows = self._database.read("SELECT * FROM keys WHERE sha256 = ? AND revoked IS NULL", (sha256,))
        return _key(rows[0]) if rows else None

    def note(self, entry: dict[str, Any]) -> None:
        """Write to the log what was done."""
        text = json.dumps({"at": now()} | entry, ensure_ascii=False, sort_keys=True)
        with self._database.write() as c:
            last = c.execute("SELECT seal FROM audit ORDER BY number DESC LIMIT 1").fetchone()
            c.execute(
                "INSERT INTO audit (entry, seal) VALUES (?, ?)", (text, _seal(last["seal"] if last else "", text))
            )

    def log(self, limit: int = 100) -> list[dict[str, Any]]:
        """Return what was done, the last first."""
        rows = self._database.read("SELECT number, entry FROM audit ORDER BY number DESC LIMIT ?", (limit,))
        return [{"number": row["number"]} | json.loads(row["entry"]) for row in rows]

    def broken(self) -> int | None:
        """Return the number of the first entry whose seal isn't that of what stands there; None where all are."""
        before = ""
        for row in self._database.read("SELECT number, entry, seal FROM audit ORDER BY number"):
            if row["seal"] != _seal(before, row["entry"]):
                return int(row["number"])
            before = row["seal"]
        return None


def digest(secret: str) -> bytes:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _seal(before: str, entry: str) -> str:
    return hashlib.sha256(f"{before}\n{entry}".encode()).hexdigest()


def _key(row: Row) -> Key:
    return Key(
        id=row["id"],
        owner=row["owner"],
        scopes=tuple(row["scopes"].split()),
        limits=Limits.model_validate_json(row["limits"]),
        created=row["created"],
        revoked=row["revoked"],
    )
