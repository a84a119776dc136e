"""Icons of the npm package ``@mdi/svg`` (Apache-2.0) as path data, a small written language of drawing.

An icon's text is the ``d`` of its path (SVG 1.1 section 8.3); what is around it is the same in every file, a square of
24 × 24. The icon's name is its title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from miaobi.errors import CorpusError, show
from miaobi.lab.corpus.document import Document, Origin, Progress, Source
from miaobi.lab.corpus.package import Package, fetch, members

PACKAGE = Package(
    "@mdi/svg", "7.4.47", "de92e5dc9ce46c392ab5c53aa7190b19f82b40cb48872a083f788c7e13e91fef", 1_354_060, "Apache-2.0"
)
_PATH = re.compile(r'<path d="([^"]+)"')


def open_icons(wanted: str = "", progress: Progress | None = None, archive: Path | None = None) -> Source:
    """Return the icons whose names hold *wanted* (all when empty), fetching the package once."""
    path = fetch(PACKAGE, progress, archive)
    notes = "path data only; some icons have licences of their own, see the package's LICENSE"
    origin = Origin(PACKAGE.name, PACKAGE.licence, f"npm {PACKAGE.name} {PACKAGE.version}", PACKAGE.sha256, notes)
    return Source(origin, lambda: _read(path, wanted))


def _read(path: Path, wanted: str) -> Iterator[Document]:
    for member, content in members(path, "svg/", ".svg"):
        name = member.removeprefix("svg/").removesuffix(".svg")
        drawn = _PATH.findall(content.decode("utf-8"))
        if not drawn:
            raise CorpusError(f"{show(member)} in {path.name} holds no path.")
        if wanted in name:
            yield Document(name, " ".join(drawn), {"title": name})
