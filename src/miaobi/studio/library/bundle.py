"""The ``.miaobi`` file: one work with all its versions, as a zip whose bytes are the same for the same work.

``manifest.json`` names format, work, brief, seed, checkpoint, branches, versions and objects; ``versions/<id>.json``
and ``objects/<sha256>`` are as in the library. Members are sorted, stored uncompressed and dated 1980-01-01. Nothing is
ever unpacked by its name: a file with other members, too many, too large, or not what their names say is refused whole.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from miaobi.engines.disk import write_whole
from miaobi.errors import InputFileError, show
from miaobi.studio.library.library import MAIN, Library
from miaobi.studio.library.objects import canonical, sha256
from miaobi.studio.library.version import Described
from miaobi.studio.refusal import refused

FORMAT = "miaobi work"
EDITION = 1
MEMBERS_LIMIT = 50_000
MEMBER_LIMIT = 200_000_000  # bytes of one member, unpacked
WHOLE_LIMIT = 1_000_000_000
_MEMBER = re.compile(r"manifest\.json|versions/[0-9a-f]{64}\.json|objects/[0-9a-f]{64}")
_OLDEST = (1980, 1, 1, 0, 0, 0)  # what a zip calls no date
_HINT = "Ask whoever gave it to you to export it again."


def pack(library: Library, work: str) -> bytes:
    """Return the work as the bytes of a ``.miaobi`` file."""
    card = library.find(work)
    described = [library.described(entry.id) for entry in library.versions(card.id)]
    names = {n for d in described for n in (*d.version.objects, *(f.sha256 for f in d.files))}
    record = library.record(described[0].version)
    made = record.get("record", {})
    manifest = {
        "format": FORMAT,
        "edition": EDITION,
        "work": card.id,
        "title": card.title,
        "form": card.form,
        "origin": card.origin,
        "created": card.created,
        "brief": record.get("brief"),
        "seed": card.seed,
        "checkpoint": made.get("checkpoint"),
        "branches": library.branches(card.id),
        "versions": [d.version.id for d in described],
        "objects": sorted(names),
    }
    members = {f"versions/{d.version.id}.json": canonical(d.model_dump(mode="json")) for d in described}
    members |= {f"objects/{name}": library.objects.get(name) for name in names}
    members["manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        for name in sorted(members, key=lambda n: (n != "manifest.json", n)):
            entry = zipfile.ZipInfo(name, _OLDEST)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            file.writestr(entry, members[name])
    return out.getvalue()


def export(library: Library, work: str, path: Path) -> Path:
    """Write the work as a ``.miaobi`` file, whole or not at all."""
    content = pack(library, work)
    with refused(path, "the export", "give another file (--out FILE)"):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    return path


def take(library: Library, path: Path) -> str:
    """Take the work of a ``.miaobi`` file into the library and return its id. Raises InputFileError, nothing taken."""
    shown = show(str(path))
    try:
        with zipfile.ZipFile(path) as file:
            members = _members(file, shown)
    except FileNotFoundError:
        raise InputFileError(f"There is no file at {shown}.", "Check the path.") from None
    except IsADirectoryError:
        raise InputFileError(f"{shown} is a folder.", "Give one .miaobi file.") from None
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError) as error:
        raise InputFileError(f"{shown} is not a readable .miaobi file: {error}.", _HINT) from error
    except Exception as error:  # zlib.error and what else a hostile stream makes a decompressor raise
        raise InputFileError(f"{shown} can't be unpacked: {error}.", _HINT) from error
    manifest, described = _checked(members, shown)
    return _insert(library, manifest, described, members)


def _members(file: zipfile.ZipFile, shown: str) -> dict[str, bytes]:
    entries = file.infolist()
    if len(entries) > MEMBERS_LIMIT or sum(e.file_size for e in entries) > WHOLE_LIMIT:
        raise InputFileError(f"{shown} is too large to be a work: {len(entries):,} members.", _HINT)
    found: dict[str, bytes] = {}
    whole = 0
    for entry in entries:
        if not _MEMBER.fullmatch(entry.filename):
            raise InputFileError(f"{shown} has a member that no export has: {show(entry.filename)}.", _HINT)
        if entry.filename in found:
            raise InputFileError(f"{shown} has {show(entry.filename)} twice.", _HINT)
        with file.open(entry) as stream:  # a size that lies is found out here, not in memory
            content = stream.read(MEMBER_LIMIT + 1)
        whole += len(content)
        if len(content) > MEMBER_LIMIT or whole > WHOLE_LIMIT:
            raise InputFileError(f"{shown} unpacks to more than a work may have.", _HINT)
        found[entry.filename] = content
    return found


def _checked(members: dict[str, bytes], shown: str) -> tuple[dict[str, Any], list[Described]]:
    """Return manifest and versions when everything is what its name says and hangs together."""
    try:
        manifest = json.loads(members["manifest.json"])
        if manifest["format"] != FORMAT:
            raise ValueError(f"its format is {manifest['format']!r}")
        if manifest["edition"] > EDITION:
            raise InputFileError(f"{shown} was written by a newer miaobi.", "Update miaobi.")
        described = [_version(members, str(id)) for id in manifest["versions"]]
        ids = [d.version.id for d in described]
        if not ids or len(set(ids)) != len(ids):
            raise ValueError("it has no version, or one twice")
        for i, d in enumerate(described):
            if d.version.work != manifest["work"] or (d.version.parent and d.version.parent not in ids[:i]):
                raise ValueError(f"the version {ids[i][:12]} doesn't hang together with the rest")
            for name in (*d.version.objects, *(f.sha256 for f in d.files)):
                if sha256(members[f"objects/{name}"]) != name:
                    raise ValueError(f"the object {name[:12]} is not what its name says")
            members[f"objects/{d.version.text}"].decode()
        branches = dict(manifest["branches"])
        if MAIN not in branches or any(not isinstance(n, str) or head not in ids for n, head in branches.items()):
            raise ValueError("its branches don't end at its versions")
    except KeyError as error:
        raise InputFileError(f"{shown} lacks {error.args[0]}.", _HINT) from None
    except (ValueError, TypeError, AttributeError, RecursionError, ValidationError) as error:
        raise InputFileError(f"{shown} is not a work: {str(error)[:300]}.", _HINT) from None
    return manifest, described


def _version(members: dict[str, bytes], id: str) -> Described:
    found = Described.model_validate_json(members[f"versions/{id}.json"])
    if found.version.id != id:
        raise ValueError(f"the version {id[:12]} is not what its name says")
    return found


def _insert(library: Library, manifest: dict[str, Any], described: list[Described], members: dict[str, bytes]) -> str:
    """Keep everything; where the work is here and its branches have gone on, they stay and the other's end beside."""
    for d in described:
        for name in (*d.version.objects, *(f.sha256 for f in d.files)):
            library.objects.put(members[f"objects/{name}"])
    work = str(manifest["work"])
    with library.index.database.write():
        for d in described:
            library.insert(d)
        mine = library.branches(work)
        ids = {d.version.id for d in described}
        for name, head in manifest["branches"].items():
            if name in mine and mine[name] != head and mine[name] not in ids:
                name = f"{name} (imported {head[:8]})"  # noqa: PLW2901
            library.move(work, name, head)
        library.index.set_removed(work, None)
    return work
