"""Finding: one result of a check, pointing into the work.

Severities: an *error* means the work isn't valid and may not be delivered; a *warning* is a weakness the
author should know of; a *note* only informs.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Severity = Literal["error", "warning", "note"]


class Span(BaseModel):
    """Where: a stable id of a part (``scene-2.p3``, ``title``), and code points within its text."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    part: str
    start: int = 0
    end: int = 0
    text: str = ""  # the words meant, so that a finding can be read alone


class Finding(BaseModel):
    """One result of a check."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    rule: str  # kebab-case, stable: "name-drift"
    message: str
    severity: Severity = "warning"
    span: Span | None = None


def errors_of(findings: list[Finding]) -> list[Finding]:
    """Return the findings that make a work invalid."""
    return [f for f in findings if f.severity == "error"]
