"""新诗: modern Chinese verse without metre, written line by line by a checkpoint that speaks Chinese.

Craft gives the stanzas their way from scene to close and each its first word; the engine writes every line, many times,
under a constraint of characters and length; what repeats, copies the examples or is worn is thrown away, and of the
rest the likeliest, nearest to the idea and newest stands.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any, Literal

from pydantic import Field

from miaobi.brief import Brief
from miaobi.craft.document import MEDIA_TYPES, Document, Stanza, write
from miaobi.craft.plot.telling import file_name
from miaobi.craft.prosody.chinese.poem import MARKS, split_lines
from miaobi.craft.prosody.chinese.script import Script, script_of, shown, traditional
from miaobi.craft.text.chinese_fault import is_simplified
from miaobi.craft.text.fault import slop_in
from miaobi.craft.typesetting import CHINESE, SERIF, fonts, metadata, typeset
from miaobi.craft.verse.broadside import broadside, page
from miaobi.errors import BriefError, DraftError, show
from miaobi.findings import Finding, Span
from miaobi.form import Content, Desk, Form, Length, Options
from miaobi.types import Candidate, Language, Prompt, Regex, Sampling
from miaobi.work import Imprint, Rendering

SHORTEST, LONGEST = 2, 14  # characters a line
CANDIDATES, TRIES = 10, 3
SAMPLING = Sampling(temperature=0.9, min_p=0.04)
_WEIGHTS = {"likelihood": 1.0, "ending": 1.0, "relevance": 0.6, "newness": 1.0, "measure": 0.3}
_HAN = "\u4e00-\u9fff"
_COPIED = 5  # characters in a row that no line shares with the examples, nor with a line told
_HANGING = tuple("的和与把被在从向对而但或是像了又也一")  # a line that ends so is half a line
_ALIKE = 1  # further lines that may begin with the same character
_STAGES = ("scene", "person", "turn", "close")


class NewOptions(Options):
    """Options of 新诗."""

    stanzas: int = Field(3, ge=1, le=6, description="how many stanzas, 1 to 6")
    words: str = Field("", description="words that must stand in the poem, parted by commas or blanks")
    script: Literal["auto", "traditional", "simplified"] = Field("auto", description="auto: that of the idea")
    dedication: str = Field("", description="a line under the title: 给友人")


class NewPoem(Content):
    """Lines in stanzas, in the script that they are read in."""

    stanzas: list[list[str]]
    dedication: str = ""

    @property
    def lines(self) -> list[str]:
        """All lines in order."""
        return [line for stanza in self.stanzas for line in stanza]

    def text(self) -> str:
        """Return the poem, stanzas between blank lines."""
        return "\n\n".join("\n".join(stanza) for stanza in self.stanzas)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("miaobi.craft") / "data" / "zh" / "xinshi.toml").read_text("utf-8"))


def _words(options: NewOptions) -> list[str]:
    return list(dict.fromkeys(word for word in MARKS.split(options.words) if word))


def admit(brief: Brief) -> None:
    """Refuse what can't be met."""
    options = NewOptions.model_validate(brief.options)
    words, room = _words(options), sum(_sizes(options.stanzas))
    for word in words:
        if not re.fullmatch(f"[{_HAN}]{{1,{LONGEST - 2}}}", word):
            raise BriefError(
                f"The required word {show(word)} can't stand in a line.",
                f"Give Chinese characters, at most {LONGEST - 2} a word.",
            )
    if len(words) > room:
        raise BriefError(
            f"{len(words)} words are asked for; {options.stanzas} stanzas have {room} lines.",
            f"These can be had: {'、'.join(words[:room])}.",
        )


def _sizes(stanzas: int) -> list[int]:
    return [4 if i % 2 == 0 else 3 for i in range(stanzas)]


def draft(desk: Desk) -> NewPoem:
    """Write the poem line by line."""
    options = desk.options(NewOptions)
    pen = _Pen(desk, options)
    stanzas: list[list[str]] = []
    for s, size in enumerate(_sizes(options.stanzas)):
        desk.say("verse", s / options.stanzas)
        stanzas.append(pen.stanza(s, size))
    script: Script = script_of(desk.brief.idea + options.words) if options.script == "auto" else options.script
    return NewPoem(
        title=desk.brief.title or _title(desk.brief.idea),
        stanzas=[[_scripted(line, script) for line in stanza] for stanza in stanzas],
        dedication=options.dedication.strip(),
    )


def _title(idea: str) -> str:
    bare = re.split(r"[，。！？；、\n]", idea.strip())[0]
    return bare[:12]


def _scripted(line: str, script: Script) -> str:
    return traditional(line) if script == "traditional" else shown(line, "simplified")


class _Pen:
    """One poem while it is written."""

    def __init__(self, desk: Desk, options: NewOptions) -> None:
        self.desk, self.told = desk, list[str]()
        self.count, self.idea = options.stanzas, desk.brief.idea
        self.exemplars: str = _data()["exemplars"]
        lines = sum(_sizes(options.stanzas))
        words = [shown(word, "simplified") for word in _words(options)]
        step = max(1, lines // max(1, len(words)))
        self.words = {min(i * step, lines - 1): word for i, word in enumerate(words)}
        self.images = self._near(_data()["images"])
        self.title = shown(desk.brief.title or _title(desk.brief.idea), "simplified")
        self.written = ""

    def _near(self, images: Sequence[str]) -> list[str]:
        """Return an image for each stanza, those of a dozen drawn that are nearest to the idea."""
        drawn = Random(self.desk.seed("images")).sample(list(images), 12)
        near = self.desk.step("images", lambda: [round(float(x), 4) for x in self.desk.relevance(self.idea, drawn)])
        order = sorted(range(len(drawn)), key=lambda k: (-near[k], k))
        return [drawn[k] for k in order[: self.count]]

    def stanza(self, number: int, size: int) -> list[str]:
        """Return the lines of a stanza."""
        lines: list[str] = []
        for i in range(size):
            lines.append(self.desk.step(f"line {number + 1}.{i + 1}", lambda i=i: self.line(number, i)))  # type: ignore[misc]
            self.told.append(lines[-1])
            self.written += lines[-1] + "\n"
        self.written += "\n"
        return lines

    def line(self, number: int, i: int) -> str:
        """Return one line: the best of many that has no fault."""
        word = self.words.get(len(self.told), "")
        opening = word or (self._opening(number) if i == 0 else self.images[number] if i == 2 else "")
        prompt = Prompt(prefix=f"{self.exemplars}\n\n《{self.title}》\n{self.written}{opening}")
        least = max(0, SHORTEST + 1 - len(opening))
        pattern = Regex(f"[{_HAN}]{{{least},{LONGEST - len(opening)}}}\n")
        for attempt in range(TRIES):
            key = f"verse:{number + 1}.{i + 1}:{attempt}"
            written = self.desk.write(
                key, prompt, n=CANDIDATES, max_tokens=2 * LONGEST + 2, constraint=pattern, sampling=SAMPLING
            )
            found = {opening + c.text.strip(): c for c in written if c.finish != "length"}
            texts = list(found)
            near = dict(zip(texts, self.desk.relevance(self.idea, texts), strict=True))
            freely = bool(opening) or attempt == TRIES - 1  # its beginning is given, or this is the last try
            measures = {text: self._measure(text, found[text], float(near[text]), freely) for text in texts}
            best = self.desk.pick(key, texts, lambda text, m=measures: m[text], _WEIGHTS)  # type: ignore[misc]
            if best >= 0:
                self.desk.credit("craft", len(opening))
                self.desk.credit("engine", len(texts[best]) - len(opening))
                return texts[best]
        raise DraftError(
            f"{self.desk.engine.checkpoint.name} found no line in {TRIES * CANDIDATES} that says something new.",
            "Try another --seed, or a stronger checkpoint that speaks Chinese (--engine).",
        )

    def _opening(self, number: int) -> str:
        last = number == self.count - 1
        stage = "close" if last and number else _STAGES[min(number, 2)]
        fresh = [o for o in _data()["stages"][stage] if not any(line.startswith(o) for line in self.told)]
        return str(fresh[self.desk.seed("opening", number) % len(fresh)])

    def _measure(self, text: str, written: Candidate, near: float, freely: bool) -> dict[str, float] | None:
        """Return a line's qualities, None for one with a fault; *freely*: it may begin like those before."""
        if self._fault(text) or not (freely or self._begins_anew(text)):
            return None
        pairs = {text[k : k + 2] for k in range(len(text) - 1)}
        old = {line[k : k + 2] for line in self.told for k in range(len(line) - 1)}
        return {
            "likelihood": written.mean_logprob,
            "ending": max(written.logprobs[-1], -8.0) if written.logprobs else 0.0,  # low where the line breaks off
            "relevance": near,
            "newness": len(pairs - old) / max(1, len(pairs)),
            "measure": -abs(len(text) - 7) / 7,
        }

    def _begins_anew(self, text: str) -> bool:
        begun = [line[0] for line in self.told]
        return text[0] not in begun[-2:] and begun.count(text[0]) <= _ALIKE

    def _fault(self, text: str) -> bool:
        """Tell whether a line can't stand beside those told."""
        runs = {text[k : k + _COPIED] for k in range(len(text) - _COPIED + 1)}
        return (
            len(text) < SHORTEST
            or text in (*self.told, self.title, *self.exemplars.split("\n"))
            or any(run in other for run in runs for other in (self.exemplars, *self.told))
            or bool(re.search(r"(.{1,4})\1\1|(.{2,4})\2", text))
            or text.endswith(_HANGING)
            or bool(slop_in(text, "zh"))
            or not all(map(is_simplified, text))  # the examples are: another script is a slip, or a rare character
        )


def check(brief: Brief, poem: NewPoem) -> list[Finding]:
    """Look for lines that are no verse, repeat themselves or are worn, and for required words."""
    found = []
    told: dict[str, int] = {}
    for number, line in enumerate(poem.lines, 1):
        wrong = re.sub(f"[{_HAN}\u3400-\u4dbf\U00020000-\U0003ffff，。、？！：；“”…—· ]", "", line)
        span = Span(part=f"line-{number}", text=line)
        if wrong:
            found.append(_finding("not-han", f"第{number}句有汉字以外的“{wrong[:3]}”。", "error", span))
        if len(line) > 24:
            found.append(_finding("long-line", f"第{number}句长{len(line)}字。", "note", span))
        if line in told:
            found.append(_finding("repeated-line", f"第{number}句与第{told[line]}句相同。", "warning", span))
        told.setdefault(line, number)
        for phrase in slop_in(line, "zh"):
            found.append(_finding("worn", f"第{number}句“{phrase}”是套话。", "note", span))
    text = shown(poem.text(), "simplified")
    for word in _words(NewOptions.model_validate(brief.options)):
        if shown(word, "simplified") not in text:
            found.append(_finding("required-word", f"没有“{word}”。", "error", Span(part="poem")))
    return found


def _finding(rule: str, message: str, severity: Any, span: Span) -> Finding:
    return Finding(rule=rule, message=message, severity=severity, span=span)


def render(poem: NewPoem, ending: str, imprint: Imprint) -> Rendering:
    """Write the poem as a page of type, or as a broadside."""
    name = file_name(poem.title, ending)
    if ending == "svg":
        content = broadside(poem.title, poem.dedication, poem.stanzas, imprint)
        return Rendering(name=name, media_type="image/svg+xml", content=content)
    if ending == "pdf":
        sheet = page(poem.title, poem.dedication, poem.stanzas, imprint)
        source = "\n".join([metadata(imprint), f"#set text(font: {fonts(*SERIF, *CHINESE)})", sheet]) + "\n"
        return Rendering(name=name, media_type=MEDIA_TYPES[ending], content=typeset(source, imprint))
    blocks = tuple(Stanza(tuple(stanza)) for stanza in poem.stanzas)
    document = Document(poem.title, poem.dedication, "zh", blocks, imprint)
    return Rendering(name=name, media_type=MEDIA_TYPES[ending], content=write(document, ending))


def read(text: str, language: Language) -> NewPoem:
    """Return a person's poem: lines as they stand, stanzas at blank lines."""
    title, _ = split_lines(text)
    stanzas = [[row.strip() for row in block.splitlines() if row.strip()] for block in re.split(r"\n\s*\n", text)]
    rows = [[row for row in block if row.strip("#《》 ") != title] for block in stanzas]
    return NewPoem(title=title or "新诗", stanzas=[block for block in rows if block])


FORM = Form(
    name="xinshi",
    names={"en": "Chinese free verse", "zh": "新诗"},
    aliases=("现代诗", "自由诗", "白话诗"),
    summary={
        "en": "Modern Chinese verse without metre; needs a checkpoint that speaks Chinese.",
        "zh": "现代自由诗，一句一句写成；需要会中文的模型。",
    },
    content=NewPoem,
    options=NewOptions,
    length=Length(usual=80, least=12, most=320),
    languages=("zh",),
    draft=draft,
    check=check,
    admit=admit,
    read=read,
    verse=lambda poem: poem.stanzas,
    render=render,
    formats=("txt", "md", "html", "pdf", "svg"),
    example=Brief(form="xinshi", idea="雨夜的图书馆", language="zh", seed=7),
)
