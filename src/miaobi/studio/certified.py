"""The certificate of a work in the library, and as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from miaobi.certificate import Certificate
from miaobi.craft import certified
from miaobi.engines.disk import write_whole
from miaobi.errors import BriefError, show
from miaobi.studio.library import Library
from miaobi.studio.library.version import Version
from miaobi.studio.refusal import refused
from miaobi.types import Language

ENDINGS = ("svg", "txt", "json")


def certificate_of(library: Library, version: Version) -> tuple[Certificate, Language]:
    """Return the certificate of a composed version and its language; BriefError for a work without one."""
    work = library.composed(version)
    plain: dict[str, Any] = (work.content.get("certificate") or {}) if work else {}
    if work is None or not plain.get("units"):
        kind = "a text that a person edited" if work is None else f"a {work.form}"
        raise BriefError(
            f"{show(version.title)} is {kind} and has no certificate.",
            "Works of verse have one. For a text of your own: miaobi check FILE --form FORM",
        )
    return Certificate.model_validate(plain), work.brief.language


def write_certificate(certificate: Certificate, language: Language, out: Path) -> Path:
    """Write the certificate as its file's ending says. BriefError for an ending that isn't known."""
    ending = out.suffix.lstrip(".").lower()
    if ending not in ENDINGS:
        raise BriefError(
            f"A certificate can't be written as {show(out.name)}.", f"Its ending may be {', '.join(ENDINGS)}."
        )
    with refused(out, "the certificate", "give another file (--out FILE)"):
        out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(out, certified.shown(certificate, language, ending))
    return out
