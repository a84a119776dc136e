"""Remark: one thing that a critique says of a text, with its place, its evidence and what might be done."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from miaobi.assist.passage import place
from miaobi.findings import Finding, Severity, Span


class Remark(BaseModel):
    """One finding of a critique. ``line`` and ``column`` count from 1, ``start`` and ``end`` are code points."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    rule: str  # kebab-case, stable
    severity: Severity
    message: str
    suggestion: str
    line: int
    column: int
    start: int
    end: int
    text: str  # the words meant
    evidence: dict[str, float | int | str | list[str]] = Field(default_factory=dict)

    def finding(self) -> Finding:
        """Return it as the finding of a check."""
        span = Span(part="text", start=self.start, end=self.end, text=self.text)
        return Finding(rule=self.rule, message=self.message, severity=self.severity, span=span)


def remark(
    whole: str,
    span: tuple[int, int],
    rule: str,
    message: str,
    suggestion: str,
    severity: Severity = "warning",
    **evidence: float | int | str | list[str],
) -> Remark:
    """Return the remark on ``whole[start:end]``."""
    start, end = span
    line, column = place(whole, start)
    return Remark(
        rule=rule,
        severity=severity,
        message=message,
        suggestion=suggestion,
        line=line,
        column=column,
        start=start,
        end=end,
        text=whole[start:end],
        evidence=evidence,
    )
