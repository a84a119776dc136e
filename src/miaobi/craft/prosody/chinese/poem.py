"""ChinesePoem: the content of 绝句, 律诗, 词 and 对联, and how a person's own text becomes one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from miaobi.certificate import Certificate
from miaobi.craft.prosody.chinese.rime import Book
from miaobi.craft.prosody.chinese.scheme import Scheme
from miaobi.craft.prosody.chinese.script import Script, script_of, shown, traditional
from miaobi.errors import BriefError, show
from miaobi.form import Content

MARKS = re.compile("[，。！？；、：,.!?;:\\s]+")
_HEAD = re.compile("^[\\s　]*[《〈「『【].*[》〉」』】][\\s　]*$")


class Verse(BaseModel):
    """One line. ``text`` is traditional, as it is judged; ``given``: what a person gave, as it was given."""

    model_config = ConfigDict(extra="forbid")
    text: str
    mark: str = ""
    stanza: int = 0
    given: str = ""


class ChinesePoem(Content):
    """A poem with its scheme's name and its account."""

    scheme: str  # 七絕仄起入韻, 浣溪沙, 聯
    book: Book
    script: Script
    lines: list[Verse]
    dedication: str = ""
    appendix: Literal["chart", "certificate", "none"] = "chart"
    certificate: Certificate = Certificate()

    def plain(self) -> list[str]:
        """Return the lines as they are judged, without marks."""
        return [line.text for line in self.lines]

    def shown(self, line: Verse) -> str:
        """Return a line as it is read: in the poem's script, or as a person gave it."""
        return line.given or shown(line.text, self.script)

    def text(self) -> str:
        """Return all lines as they are read."""
        return "".join(self.shown(line) for line in self.lines)

    def by_stanza(self) -> list[list[str]]:
        """Return the lines as they are read, without marks, by stanzas."""
        numbers = list(dict.fromkeys(line.stanza for line in self.lines))
        return [[self.shown(line) for line in self.lines if line.stanza == number] for number in numbers]

    def sentences(self) -> list[list[str]]:
        """Return the poem by stanzas and sentences, with marks: what is set as a column or a printed line."""
        stanzas: list[list[str]] = []
        for i, line in enumerate(self.lines):
            if i == 0 or line.stanza != self.lines[i - 1].stanza:
                stanzas.append([""])
            stanzas[-1][-1] += self.shown(line) + line.mark
            if line.mark in "。！？":
                stanzas[-1].append("")
        return [[sentence for sentence in stanza if sentence] for stanza in stanzas]


def split_lines(text: str) -> tuple[str, list[str]]:
    """Return title and lines of a poem that a person wrote.

    A first line in 《 》, behind #, or without marks before lines with marks is the title. Verse lines are parted by
    marks and line breaks. BriefError where nothing is left.
    """
    rows = [row.strip() for row in text.strip().splitlines() if row.strip()]
    title = ""
    if rows and (_HEAD.match(rows[0]) or rows[0].startswith("#")):
        title = rows.pop(0).strip("#《》〈〉「」『』【】 　")
    elif len(rows) > 1 and not MARKS.search(rows[0]) and MARKS.search(rows[1]):
        title = rows.pop(0)
    lines = [part for part in MARKS.split("\n".join(rows)) if part]
    if not lines:
        raise BriefError("There is no verse in the text.", "Give its lines, parted by marks or line breaks.")
    return title, lines


def of_text(title: str, lines: Sequence[str], scheme: Scheme) -> ChinesePoem:
    """Return a person's poem against the scheme that it is judged by."""
    marks = [slots.mark for slots in scheme.lines]
    stanzas = [slots.stanza for slots in scheme.lines]
    verses = [
        Verse(
            text=traditional(line),
            given=line,
            mark=marks[i] if i < len(marks) else "，",
            stanza=stanzas[i] if i < len(stanzas) else stanzas[-1],
        )
        for i, line in enumerate(lines)
    ]
    return ChinesePoem(
        title=title or lines[0], scheme=scheme.name, book=scheme.book, script=script_of("".join(lines)), lines=verses
    )


def hanzi(text: str, what: str) -> str:
    """Return *text* without blanks and marks, in traditional characters; BriefError where it isn't all Chinese."""
    bare = MARKS.sub("", text)
    wrong = [c for c in bare if not "\u3400" <= c <= "\u9fff" and ord(c) < 0x20000]
    if wrong or not bare:
        raise BriefError(
            f"The {what} {show(text)} is not made of Chinese characters.",
            f"{show(wrong[0])} is none." if wrong else "Give at least one.",
        )
    return traditional(bare)
