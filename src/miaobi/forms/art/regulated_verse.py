"""What 绝句 and 律诗 share: their patterns, their check and how a person's own poem is read."""

from __future__ import annotations

import random
from typing import Literal

from pydantic import Field, field_validator

from miaobi.brief import Brief
from miaobi.craft.prosody.chinese import setting
from miaobi.craft.prosody.chinese.account import findings
from miaobi.craft.prosody.chinese.imagery import parallelism
from miaobi.craft.prosody.chinese.poem import ChinesePoem, of_text, split_lines
from miaobi.craft.prosody.chinese.regulated import PATTERNS
from miaobi.craft.prosody.chinese.rime import Book
from miaobi.craft.prosody.chinese.scansion import recognised, scan
from miaobi.craft.prosody.chinese.scheme import Scheme, regulated
from miaobi.craft.prosody.chinese.script import traditional
from miaobi.errors import BriefError
from miaobi.findings import Finding, Span
from miaobi.form import Desk
from miaobi.forms.art.chinese_verse import compose
from miaobi.forms.art.chinese_wish import VerseOptions, demand_of, plan_of
from miaobi.work import Imprint, Rendering

LOOSE_PARALLEL = 0.1  # half of what people's couplets have; below it a middle couplet is noted


class RegulatedOptions(VerseOptions):
    """Options of 绝句 and 律诗."""

    width: int = Field(0, description="characters a line: 5 or 7; 0: as the length says, else 7")
    start: Literal["", "平起", "仄起"] = Field("", description="tone of the first line's second character")
    first_rhyme: Literal["", "yes", "no"] = Field("", description="whether the first line rhymes 首句入韵")
    book: Literal["pingshui", "xinyun"] = Field("pingshui", description="平水韵 or 中华新韵, never both")

    @field_validator("width")
    @classmethod
    def _legal(cls, value: int) -> int:
        if value not in (0, 5, 7):
            raise ValueError("5 or 7 characters a line")
        return value


def schemes(brief: Brief, options: RegulatedOptions, count: int) -> list[Scheme]:
    """Return the schemes that the options leave."""
    width = options.width or (5 if brief.length and brief.length < 6 * count else 7)
    return [
        regulated(pattern, options.book)
        for pattern in PATTERNS
        if (pattern.width, pattern.count) == (width, count)
        and options.start in ("", pattern.start)
        and options.first_rhyme in ("", "yes" if pattern.rhymed else "no")
    ]


def admit(brief: Brief, count: int) -> None:
    """Refuse what can't be met: the reason, and the nearest demand that can."""
    options = RegulatedOptions.model_validate(brief.options)
    if brief.length and options.width and brief.length != options.width * count:
        raise BriefError(
            f"{brief.length} 字 and lines of {options.width} contradict each other.",
            f"Leave out one: {count} lines of {options.width} are {options.width * count} 字.",
        )
    plan_of(demand_of(brief, options, count), schemes(brief, options, count), random.Random(0))


def draft(desk: Desk, count: int) -> ChinesePoem:
    """Write the poem."""
    options = desk.options(RegulatedOptions)
    return compose(desk, demand_of(desk.brief, options, count), schemes(desk.brief, options, count), options)


def check(brief: Brief, poem: ChinesePoem) -> list[Finding]:
    """Scan the poem anew, and note what no rule forbids but a reader sees: loose couplets, words that return."""
    lines = poem.plain()
    scheme = recognised(lines, RegulatedOptions.model_validate(brief.options).book)
    if scheme is None:
        lengths = "、".join(str(len(line)) for line in lines)
        message = f"绝句四句、律诗八句，每句五字或七字；此有{len(lines)}句，各{lengths}字。"
        return [Finding(rule="length", message=message, severity="error", span=Span(part="poem"))]
    return [*findings(poem, scan(lines, scheme)), *_seen(poem)]


def _seen(poem: ChinesePoem) -> list[Finding]:
    lines = [poem.shown(line) for line in poem.lines]
    if len(lines) == 8:
        return [note for i in (3, 5) if (note := _loose(poem, i))]
    found, told = [], dict[str, int]()
    for i, line in enumerate(lines):
        for at, character in enumerate(line):
            if told.setdefault(character, i) != i:
                span = Span(part=f"line-{i + 1}", start=at, end=at + 1, text=line)
                message = f"第{i + 1}句“{character}”字重出。"
                found.append(Finding(rule="repeated-word", message=message, severity="note", span=span))
    return found


def _loose(poem: ChinesePoem, second: int) -> Finding | None:
    """Return a note on a middle couplet whose lines hardly face each other, by the number of its second line."""
    lines = poem.plain()
    degree = parallelism(lines[second - 1], lines[second])
    if degree >= LOOSE_PARALLEL:
        return None
    message = f"第{second}、{second + 1}句对仗不工（{degree:.2f}，前人平均0.23）。"
    span = Span(part=f"line-{second + 1}", text=poem.shown(poem.lines[second]))
    return Finding(rule="loose-parallel", message=message, severity="note", span=span)


def render(poem: ChinesePoem, ending: str, imprint: Imprint) -> Rendering:
    """Write the poem as a file of this ending."""
    lines = poem.plain()
    scheme = recognised(lines, poem.book) or regulated(PATTERNS[0], poem.book)
    return setting.render(poem, scan(lines, scheme), ending, imprint)


def read(text: str, count: int, book: Book = "pingshui") -> ChinesePoem:
    """Return a person's poem as content, against the pattern that it comes nearest to."""
    title, lines = split_lines(text)
    scheme = recognised([traditional(line) for line in lines], book) or regulated(
        next(p for p in PATTERNS if p.count == count), book
    )
    return of_text(title, lines, scheme)
