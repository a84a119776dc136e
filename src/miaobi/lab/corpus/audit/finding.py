"""What a person should know of a corpus before training on it, as findings: the gravest first, each with what to do."""

from __future__ import annotations

from collections.abc import Iterator

from miaobi.findings import Finding, Severity
from miaobi.lab.corpus.audit.audit import Audit
from miaobi.lab.corpus.audit.damage import SPOILT

_GRAVE = 0.1  # share of duplicates from which they are an error


def findings(found: Audit) -> list[Finding]:
    """Return the findings, errors before warnings before notes."""
    all_of_them = [*_quantity(found), *_copies(found), *_texts(found)]
    return sorted(all_of_them, key=lambda f: ("error", "warning", "note").index(f.severity))


def _finding(rule: str, severity: Severity, message: str) -> Finding:
    return Finding(rule=rule, severity=severity, message=message)


def _quantity(found: Audit) -> Iterator[Finding]:
    if found.sufficiency and found.sufficiency.verdict in {"scarce", "far too little"}:
        yield _finding("quantity", "error", f"{found.sufficiency.verdict}: {found.sufficiency.advice}")
    if not found.splits["validation"][0]:
        yield _finding("validation", "error", "No document falls into validation: too few documents, or a share of 0.")


def _copies(found: Audit) -> Iterator[Finding]:
    """Tell of what is said twice, within training and across the splits."""
    documents = found.manifest.documents
    near = sum(len(g) - 1 for g in found.duplicates.near)
    exact = sum(len(g) - 1 for g in found.duplicates.exact)
    if found.straddling:
        message = f"{found.straddling:,} groups of duplicates stand in training and outside it."
        yield _finding("straddling", "error", message)
    if found.leaks:
        message = (
            f"{len(found.leaks):,} of {documents - found.splits['train'][0]:,} validation and test documents share a "
            "passage with training, duplicates aside: their loss would be too good. Leave them out."
        )
        yield _finding("leakage", "error", message)
    if exact or near:
        share = (exact + near) / documents
        message = (
            f"{exact:,} exact and {near:,} near duplicates ({share:.1%}). Leave them out: a net learns them by heart."
        )
        yield _finding("duplicates", "error" if share > _GRAVE else "warning", message)


def _texts(found: Audit) -> Iterator[Finding]:
    """Tell of what is wrong within documents."""
    if found.personal:
        kinds = ", ".join(f"{kind} ({d:,})" for kind, (d, _) in found.personal.items())
        yield _finding("personal-data", "error", f"Personal data in documents: {kinds}. Leave them out or mask them.")
    if spoilt := sum(found.damaged.get(kind, (0, 0))[0] for kind in SPOILT):
        yield _finding("damage", "warning", f"{spoilt:,} documents with text that was read in a wrong encoding.")
    repeated, marked = len(found.boilerplate.repeated), len(found.boilerplate.marked)
    if repeated or marked:
        message = f"{repeated:,} lines stand in many documents, {marked} phrases belong to pages and not to texts."
        yield _finding("boilerplate", "warning", message)
    if {"zh-Hant", "zh-Hans"} <= set(found.languages):
        yield _finding("script", "warning", "Traditional and simplified Chinese: many words have two forms here.")
    short, long = found.outliers
    if short or long:
        message = f"{len(short):,} documents far shorter and {len(long):,} far longer than the rest."
        yield _finding("length", "note", message)
