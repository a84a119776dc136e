"""Icons of ``@mdi/svg`` as a net is to learn them: ``craft.icon.glyph``'s events after words for what they show.

    path data ──▶ rings of lines and arcs on a grid ──▶ cloud outline go upright half x24 y8 … end

Left out are brands (nobody's to draw anew), letters and digits, what is deprecated, and what is another icon with a
badge on it (``account-check``): of a small net these would take the room and give it nothing new. So are those that the
grid doesn't hold, that are long, or that show nothing of ``craft.icon.word``'s table. Words are those parts of an
icon's name that stand in the table or say how it is drawn. Each icon is told as it is and in the mirror, unless its
name says left or right.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from miaobi.craft.icon import word
from miaobi.craft.icon.glyph import Glyph, axis, drawn, events, events_of, from_corners, glyph_of, mirrored, path_data
from miaobi.craft.icon.measure import overlap, raster
from miaobi.craft.icon.path import rings
from miaobi.craft.icon.stroke import Use
from miaobi.errors import BriefError
from miaobi.lab.corpus.document import Document, Origin, Progress, Source
from miaobi.lab.corpus.icon import PACKAGE, open_icons
from miaobi.lab.corpus.package import fetch, members
from miaobi.lab.corpus.split import split_of

LONGEST = 76  # events
RARE = 3  # icons: a word in fewer is not told
_MANNERS = frozenset(
    ("outline", "variant", "bold", "thin", "thick", "left", "right", "up", "down", "open", "closed", "multiple")
)
_LIKE = 0.9  # overlap of what the grid holds with the icon
_LEFT_OUT = {"Brand / Logo", "Alpha / Numeric", "Developer / Languages"}
_BADGES = frozenset(
    re.findall(
        r"\w+",
        "off plus minus remove alert check lock edit cog sync refresh clock cancel search key eye question settings "
        "wireless charging multiple network heart star arrow marker information up down right left music image play "
        "pause stop download upload import export account link bluetooth",
    )
)
_SIDES = frozenset({"left", "right"})


@dataclass(frozen=True)
class Icon:
    """An icon that is learnt from."""

    name: str
    words: tuple[str, ...]
    glyph: Glyph


def open_glyphs(progress: Progress | None = None, archive: Path | None = None) -> Source:
    """Return the icons of the npm package as events, fetching it once."""
    path = fetch(PACKAGE, progress, archive)
    notes = "as events on a grid; brands, letters, deprecated ones and badges left out"
    origin = Origin(PACKAGE.name, PACKAGE.licence, f"npm {PACKAGE.name} {PACKAGE.version}", PACKAGE.sha256, notes)
    return Source(origin, lambda: _tell(icons(path)))


def icons(archive: Path, dropped: Counter[str] | None = None) -> list[Icon]:
    """Return the icons of the package that are learnt from; *dropped* is told why others aren't."""
    (meta,) = (json.loads(content) for name, content in members(archive, "meta.json"))
    about = {row["name"]: row for row in meta}
    out = []
    for document in open_icons(archive=archive).read():
        name = document.id
        reason = _unwanted(about[name], about)
        glyph = None if reason else _glyph(document.text)
        if glyph is None:
            if dropped is not None:
                dropped[reason or "too long, or not held by the grid"] += 1
            continue
        out.append(Icon(name, tuple(name.split("-")), glyph))
    return out


def _unwanted(row: dict[str, object], about: dict[str, object]) -> str:
    """Return why an icon isn't learnt from, "" for one that is."""
    tags, parts = set(row["tags"]), str(row["name"]).split("-")  # type: ignore[call-overload]
    if row["deprecated"]:
        return "deprecated"
    if tags & _LEFT_OUT:
        return "brands, letters and languages"
    plain = [p for p in parts if p != "outline"]
    for i in range(1, len(plain)):
        if plain[i] in _BADGES and "-".join(plain[:i]) in about and "arrow" not in plain[:i]:
            return "another icon with a badge"
    return ""


def _glyph(data: str) -> Glyph | None:
    try:
        glyph = glyph_of(rings(data))
    except BriefError:
        return None
    if glyph is None or len(events(glyph)) > LONGEST:
        return None
    held = overlap(raster(data, 48, "nonzero"), raster(path_data(glyph), 48))
    return glyph if held >= _LIKE else None


def _tell(found: list[Icon]) -> Iterator[Document]:
    learnt = [icon for icon in found if split_of(_family(icon)) == "train"]  # a word of held-out icons alone is unknown
    known = set(word.words())
    counts = Counter(w for icon in learnt for w in set(icon.words))
    for icon in found:
        words = [w for w in icon.words if counts[w] >= RARE and (w in known or w in _MANNERS)]
        if not known & set(words):
            continue
        meta = {"family": _family(icon)}
        yield Document(icon.name, " ".join([*words, "go", *events(icon.glyph)]), meta)
        image = in_mirror(icon.glyph)
        if image != icon.glyph and not _SIDES & set(icon.words):
            yield Document(f"{icon.name}/mirror", " ".join([*words, "go", *events(image)]), meta)


def strokes(found: list[Icon]) -> dict[tuple[str, ...], list[Use]]:
    """Return every stroke of plain icons, as its axis and events, with where it is used.

    Plain is an icon whose name has no word but those that are told: ``heart-half`` and ``axis-lock`` would lend others
    what makes them another thing.
    """
    out: dict[tuple[str, ...], list[Use]] = {}
    known = set(word.words())
    for icon in found:
        words = tuple(w for w in icon.words if w in known) if set(icon.words) <= known | _MANNERS else ()
        for i, stroke in enumerate(icon.glyph.strokes if words else ()):
            out.setdefault((axis(icon.glyph), *events_of(stroke)), []).append(Use(words, not i))
    return out


def _family(icon: Icon) -> str:
    """Return what the variants of an icon have in common: they stay on one side of a split."""
    return "-".join(w for w in icon.words if w not in ("outline", "variant")) or icon.name


def in_mirror(glyph: Glyph) -> Glyph:
    """Return a glyph with left and right changed."""
    return from_corners([mirrored(ring) for ring in drawn(glyph)])
