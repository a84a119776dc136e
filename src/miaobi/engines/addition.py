"""Add a checkpoint of the user's to the catalog: a .gguf file, a folder as transformers or diffusers reads it, a Hub
id, or a URL.

A file stays where it is and is recorded with its hash; only a URL brings a file here. Nothing is recorded before
its header has been inspected and, for GGUF, before a child process has loaded it.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import re
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx

from miaobi.engines import gguf_file, pipeline_folder, safetensors_file
from miaobi.engines.catalog import register
from miaobi.engines.disk import digest, explained
from miaobi.engines.download import Progress, Source, download
from miaobi.engines.entry import Entry, checkpoint_folder, named
from miaobi.engines.package_index import without_login
from miaobi.engines.trial import tried
from miaobi.errors import CheckpointError, UnknownNameError, show

_HUB = re.compile(r"hf:[\w.-]+/[\w.-]+")


def add(spec: str, name: str | None = None, *, progress: Progress | None = None) -> Entry:
    """Inspect what *spec* names, try it, record it under *name* (made from its file name if not given)."""
    if spec.startswith("hf:"):
        hub_id(spec)
        entry = Entry(_free_name(name or spec.partition("/")[2]), spec[3:], path=spec)
        register(entry, Path(spec))
        return entry
    if spec.startswith(("http://", "https://")):
        return _from_url(spec, name, progress)
    path = Path(spec).expanduser().absolute()
    if path.is_dir():
        entry = pipeline_folder.describe(path) if pipeline_folder.is_pipeline(path) else describe_folder(path)
    else:
        entry = describe_file(path)
    entry = dataclasses.replace(entry, name=_free_name(name or path.stem))
    if path.is_file():
        tried(path, entry.sha256)
    register(entry, path)
    return entry


def hub_id(spec: str) -> str:
    """Return *spec* if it looks like hf:org/name; CheckpointError if not."""
    if not _HUB.fullmatch(spec):
        raise CheckpointError(f"{show(spec)} is not a Hub id.", "It looks like hf:org/name.")
    return spec


def _from_url(url: str, name: str | None, progress: Progress | None) -> Entry:
    filename = unquote(Path(urlsplit(url).path).name)
    safetensors_file.refuse_pickle(Path(filename))
    if Path(filename).suffix.lower() != ".gguf" or "/" in filename or "\\" in filename:
        raise CheckpointError(
            f"{show(url)} does not end in the name of a .gguf file.",
            "Give the address of the file itself, or a Hub id (hf:org/name).",
        )
    name = _free_name(name or Path(filename).stem)
    folder = checkpoint_folder() / name
    hooks = {"request": [_to_the_same_side(url)]}
    with httpx.Client(follow_redirects=True, timeout=30.0, event_hooks=hooks) as client:
        path = download(Source(url), folder / filename, progress=progress, client=client)
    try:
        entry = dataclasses.replace(describe_file(path), name=name)
        tried(path, entry.sha256)
    except CheckpointError:
        with explained(folder, name):
            shutil.rmtree(folder)
        raise
    register(entry, path)
    return entry


def describe_file(path: Path) -> Entry:
    """Return an entry for a .gguf file, from its own header; its name is the file's."""
    safetensors_file.refuse_pickle(path)
    if path.suffix.lower() == ".safetensors":
        raise CheckpointError(
            f"{show(path.name)} is one part of a checkpoint.", "Give the folder that it lies in, with its config.json."
        )
    header = gguf_file.inspect(path)
    return Entry(
        name=path.stem.lower(),
        title=header.name or path.stem,
        file=path.name,
        licence=header.licence or "unknown",
        languages=header.languages,
        size=path.stat().st_size,
        sha256=digest(path),
        parameters=header.parameters,
        context=header.context_length,
        chat=bool(header.chat_template),
        path=str(path),
    )


def describe_folder(path: Path) -> Entry:
    """Return an entry for a folder as transformers writes it; every safetensors header in it is inspected."""
    if pipeline_folder.is_pipeline(path):
        raise CheckpointError(
            f"{show(path.name)} paints pictures; it writes no text.",
            "Add it (miaobi checkpoints add FOLDER) and let it paint: miaobi compose picture IDEA -o checkpoint=NAME",
        )
    if not (path / "config.json").is_file():
        raise CheckpointError(
            f"{show(str(path))} is not a checkpoint: it has no config.json.",
            "Give a .gguf file, or a folder with config.json, the tokenizer and .safetensors files.",
        )
    weights = sorted(path.glob("*.safetensors"))
    if not weights:
        for file in sorted(path.iterdir()):
            safetensors_file.refuse_pickle(file)
        raise CheckpointError(f"{show(str(path))} holds no .safetensors file.", "Its weights must be .safetensors.")
    parameters = sum(safetensors_file.inspect(file).parameters for file in weights)
    return Entry(name=path.name.lower(), title=path.name, parameters=parameters, path=str(path))


def _to_the_same_side(url: str) -> Callable[[httpx.Request], None]:
    """Return what refuses a redirection into a private network, or from https to http: an address that the user didn't
    give can make this machine ask its neighbours (server-side request forgery)."""
    given = httpx.URL(url)

    def check(request: httpx.Request) -> None:
        asked = request.url
        if asked.host == given.host and asked.scheme == given.scheme:
            return
        if given.scheme == "https" != asked.scheme or not all(map(_is_public, _addresses(asked.host))):
            raise CheckpointError(
                f"{show(without_login(url))} leads on to {show(without_login(str(asked)))}, which is not fetched.",
                "Fetch the file yourself and run: miaobi checkpoints add PATH",
            )

    return check


def _addresses(host: str) -> list[str]:
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, None)]
    except OSError:
        return []  # nobody is asked: the connection fails of itself


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    return (getattr(ip, "ipv4_mapped", None) or ip).is_global


def _free_name(wanted: str) -> str:
    """Return *wanted* as a name of the catalog; refuse one that is the program's own."""
    name = re.sub(r"[^a-z0-9._-]+", "-", wanted.lower()).strip(".-_")[:64]
    if not name:
        raise CheckpointError(f"{show(wanted)} can't be a name.", "Letters a–z, digits, dots and dashes are legal.")
    if name in named() or (checkpoint_folder() / name / "checkpoint.json").exists():
        raise UnknownNameError(
            f"The catalog has a checkpoint called {name} already.",
            f"Give another name, or first: miaobi checkpoints remove {name}",
        )
    return name
