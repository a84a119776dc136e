"""What the routes that help with a text answer, as schemas; see ``answers``."""

from __future__ import annotations

from typing import Literal

from miaobi.server.answers import Answer


class Continued(Answer):
    """What could come next."""

    text: str
    author: Literal["engine"]


class OtherWay(Answer):
    """Another way of saying a passage."""

    text: str
    author: Literal["engine", "craft"]
    how: str


class Alternatives(Answer):
    """Other ways, the best first."""

    alternatives: list[OtherWay]


class LeftAlone(Answer):
    """A place that was left as it is; ``new`` says why."""

    start: int
    end: int
    old: str
    new: str


class Revised(Answer):
    """The passage revised."""

    text: str
    author: Literal["engine", "craft"]
    changed: int
    removed: list[str]
    left: list[LeftAlone]


class RemarkAnswer(Answer):
    """What a careful reader would mark; places are code points, line and column count from 1."""

    rule: str
    severity: Literal["error", "warning", "note"]
    message: str
    suggestion: str
    line: int
    column: int
    start: int
    end: int
    text: str
    evidence: dict[str, float | int | str | list[str]]


class Critique(Answer):
    """The remarks, in the order of the text."""

    language: str
    remarks: list[RemarkAnswer]
