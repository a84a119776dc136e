"""Poem: what the forms of English verse share: their content, options, check, reading of a person's text, and files."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from miaobi.brief import Brief
from miaobi.certificate import Certificate, Evidence, Unit
from miaobi.craft.document import MEDIA_TYPES, Document, Note, PageBreak, Paragraph, Span, Table, write
from miaobi.craft.markup import one_line
from miaobi.craft.prosody.english.scansion import words_in
from miaobi.craft.text.fault import slop_in
from miaobi.craft.typesetting import CHINESE, SERIF, fonts, grid, metadata, string, typeset
from miaobi.craft.verse.broadside import broadside, page
from miaobi.craft.verse.judgement import judge, part
from miaobi.craft.verse.lexicon import moods
from miaobi.craft.verse.pattern import Pattern
from miaobi.craft.verse.theme import Theme, read_theme
from miaobi.errors import BriefError, show
from miaobi.findings import Finding
from miaobi.findings import Span as Where
from miaobi.form import Content, Desk, Form, Length, Options
from miaobi.forms.art.demand import Demand, admit_demand, demand_of
from miaobi.forms.art.poet import Wish, poet_for, write_poem
from miaobi.types import Language
from miaobi.work import Imprint, Rendering

FORMATS = ("txt", "md", "html", "pdf", "svg")
Mood = Literal["", "calm", "sad", "joyful", "dark", "hopeful", "tender", "wry"]
_TONES = {
    "warm": "tender", "gentle": "tender", "loving": "tender", "melancholy": "sad", "sorrowful": "sad", "bleak": "dark",
    "gloomy": "dark", "happy": "joyful", "cheerful": "joyful", "bright": "joyful", "quiet": "calm", "peaceful": "calm",
    "humorous": "wry", "funny": "wry", "ironic": "wry",
}  # fmt: skip


class VerseOptions(Options):
    """What may be asked of any English poem."""

    mood: Mood = Field("", description="calm, sad, joyful, dark, hopeful, tender or wry: chooses its adjectives")
    words: tuple[str, ...] = Field((), description="words that must be said, in a list or between commas")
    lines: dict[int, str] = Field({}, description='lines of your own that stand as they are, by number: {"3": "…"}')
    acrostic: str = Field("", description="a word whose letters begin the lines, one a line")
    dedication: str = Field("", description="set under the title: “for Anna”")
    chart: bool = Field(
        False, description="add the scansion chart, the rhyme scheme and each departure from the metre to the files"
    )

    @field_validator("words", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """Take what the command line gives, words between commas, as one entry; ``demand_of`` parts them."""
        return (value,) if isinstance(value, str) else value


class Verse(BaseModel):
    """One line."""

    model_config = ConfigDict(extra="forbid")
    text: str
    given: bool = False  # by the person: kept byte for byte
    at: int = 0  # place of its first character in a person's own text


class Poem(Content):
    """A poem in stanzas, with the account of how it keeps its form."""

    form: str
    stanzas: list[list[Verse]]
    dedication: str = ""
    scheme: str = ""
    certificate: Certificate = Certificate()
    chart: bool = False
    person: bool = False  # read from a person's own file

    @property
    def verses(self) -> list[Verse]:
        """All lines in order."""
        return [line for stanza in self.stanzas for line in stanza]

    def text(self) -> str:
        """Return the poem as text, stanzas between blank lines."""
        return "\n\n".join("\n".join(line.text for line in stanza) for stanza in self.stanzas)


@dataclass(frozen=True)
class Kind:
    """What a form of verse says of itself. ``pattern`` of its options; ``fitting`` of the lines that a text has."""

    name: str
    pattern: Callable[[dict[str, Any]], Pattern]
    fitting: Callable[[Sequence[str]], Pattern | None]
    count: str  # how many lines it may have, in words


def draft_poem(desk: Desk, kind: Kind, options: VerseOptions) -> Poem:
    """Write a poem of *kind*."""
    brief = desk.brief
    given = options.model_dump()
    pattern = kind.pattern(given)
    theme = read_theme(brief.idea)
    demand = demand_of(pattern, options.words, options.lines, options.acrostic)
    mood = options.mood or _mood_of(brief.tone)
    said = {w.lower() for text in demand.lines.values() for w, _ in words_in(text)}
    words = [w for w in demand.words if not {x.lower() for x, _ in words_in(w)} <= said]
    lines = write_poem(poet_for(desk, theme, mood), Wish(pattern, demand.lines, demand.acrostic, words))
    poem = _poem(kind, pattern, brief.title or _title(desk, theme), lines)
    verdict = _certificate(poem, pattern, [line["cost"] for line in lines])
    return poem.model_copy(update={"certificate": verdict, "dedication": options.dedication, "chart": options.chart})


def _mood_of(tone: str) -> str:
    for word in re.findall(r"[a-z]+", tone.lower()):
        if word in moods() or word in _TONES:
            return str(_TONES.get(word, word))
    return ""


def _title(desk: Desk, theme: Theme) -> str:
    titles: tuple[str, ...] = theme.titles
    return titles[desk.seed("title") % len(titles)]


def _poem(kind: Kind, pattern: Pattern, title: str, lines: Sequence[dict[str, Any]]) -> Poem:
    stanzas: list[list[Verse]] = []
    at = 0
    for stanza in pattern.stanzas:
        here = lines[at : at + len(stanza.lines)]
        verses = [Verse(text=line["text"], given=line["given"]) for line in here]
        stanzas.append(
            [*verses[:-1], verses[-1] if verses[-1].given else _closed(verses[-1], repeated=stanza.lines[-1].refrain)]
        )
        at += len(stanza.lines)
    return Poem(title=title, form=kind.name, stanzas=stanzas, scheme=pattern.scheme)


def _closed(verse: Verse, repeated: bool) -> Verse:
    """Return the last line of a stanza with a full stop in place of a mark that goes on."""
    return verse if repeated else Verse(text=re.sub(r"[,;:]$", ".", verse.text))


def _certificate(poem: Poem, pattern: Pattern, costs: Sequence[dict[str, Any]]) -> Certificate:
    texts = [line.text for line in poem.verses]
    verdicts = judge(texts, pattern, [line.given for line in poem.verses])
    units = []
    for i, (line, paid) in enumerate(zip(poem.verses, costs, strict=True)):
        rules = []
        for verdict in (v for v in verdicts if v.line == i):
            removed, instead = paid.get(
                verdict.evidence.rule,
                paid.get(_measure_name(pattern, i), [0.0, ""]) if verdict.evidence.rule == "syllables" else [0.0, ""],
            )
            rules.append(verdict.evidence.model_copy(update={"removed": round(removed, 4), "instead": instead}))
        if line.given:
            rules.append(Evidence(rule="given", holds=True, evidence="stands as it was given"))
        elif "frame" in paid:
            removed, instead = paid["frame"]
            rules.append(
                Evidence(
                    rule="frame",
                    holds=True,
                    evidence="a sentence of craft’s",
                    removed=round(removed, 4),
                    instead=instead,
                )
            )
        units.append(Unit(name=part(i), text=line.text, rules=tuple(rules)))
    return Certificate(units=tuple(units))


def _measure_name(pattern: Pattern, i: int) -> str:
    return pattern.lines[i].measure.name


# --- check ------------------------------------------------------------------------------------------------------


def check_poem(options: VerseOptions, poem: Poem, kind: Kind) -> list[Finding]:
    """Return what is wrong with a poem by the rules of its kind, and what was asked for that it lacks."""
    texts = [line.text for line in poem.verses]
    pattern = kind.fitting(texts) if poem.person else kind.pattern(options.model_dump())
    if pattern is None or len(pattern.lines) != len(texts):
        message = f"The text has {len(texts)} lines; a {kind.name} has {kind.count}."
        return [Finding(rule="lines", message=message, severity="error")]
    freely = [line.given or poem.person for line in poem.verses]
    found = [v.finding for v in judge(texts, pattern, freely) if v.finding]
    demand = demand_of(pattern, options.words, options.lines, options.acrostic)
    told = [*found, *_unmet(texts, demand), *_worn(texts)]
    return [_placed(f, poem) for f in told] if poem.person else told


def _placed(finding: Finding, poem: Poem) -> Finding:
    """Return the finding with its part named by the place in the person's text (``at120``), as all of ours are."""
    if finding.span is None:
        return finding
    verse = poem.verses[int(finding.span.part.split()[1]) - 1]
    return finding.model_copy(
        update={"span": finding.span.model_copy(update={"part": f"at{verse.at + finding.span.start}"})}
    )


def _unmet(texts: Sequence[str], demand: Demand) -> list[Finding]:
    found = []
    for i, text in demand.lines.items():
        if texts[i] != text:
            found.append(
                Finding(rule="given-line", message=f"Line {i + 1} is not the line that was given.", severity="error")
            )
    for i, letter in enumerate(demand.acrostic):
        if not texts[i].lstrip("“‘\"'(").lower().startswith(letter):
            message = f"Line {i + 1} begins with “{texts[i][:1]}”; the acrostic wants “{letter}”."
            found.append(Finding(rule="acrostic", message=message, severity="error"))
    said = {w.lower() for text in texts for w, _ in words_in(text)}
    for word in demand.words:
        if not {w.lower() for w, _ in words_in(word)} <= said:
            found.append(Finding(rule="required-word", message=f"The word {show(word)} is not said.", severity="error"))
    return found


def _worn(texts: Sequence[str]) -> list[Finding]:
    found = []
    for i, text in enumerate(texts):
        for phrase in slop_in(text, "en"):
            start = text.lower().find(phrase)
            span = Where(part=part(i), start=start, end=start + len(phrase), text=phrase)
            found.append(Finding(rule="worn", message=f"Line {i + 1}: “{phrase}” is worn.", severity="note", span=span))
    return found


def kept_lines(poem: Poem, pattern: Pattern, numbers: Sequence[int]) -> dict[str, Any]:
    """Return the options under which these lines stand as they are, a refrain with its first line.

    BriefError for a line that isn't there.
    """
    texts = [line.text for line in poem.verses]
    lines = dict[int, str]()
    for number in numbers:
        if not 1 <= number <= len(texts):
            raise BriefError(f"There is no line {number}: the poem has {len(texts)}.", "Number them from 1.")
        origin = pattern.lines[number - 1].repeats if number <= len(pattern.lines) else None
        for i in {number - 1, number - 1 if origin is None else origin}:
            lines[i + 1] = texts[i]
    return {"lines": {str(number): lines[number] for number in sorted(lines)}}


def read_poem(text: str, kind: Kind) -> Poem:
    """Return a person's own text as a poem: lines as they stand, stanzas at blank lines, a heading as its title."""
    title, at = "", 0
    front = re.match(r"---\n.*?\n---\n", text, flags=re.S)
    blocks: list[list[Verse]] = [[]]
    for raw in text.splitlines(keepends=True):
        start, at = at, at + len(raw)
        line = raw.strip().rstrip("\\").rstrip()
        if front and start < front.end():
            continue
        if line.startswith("# "):
            title = line[2:].strip()
        elif not line or line.startswith(("<", "#")):
            blocks.append([])
        else:
            blocks[-1].append(Verse(text=line, given=True, at=start + raw.index(line)))
    return Poem(title=title or kind.name, form=kind.name, stanzas=[b for b in blocks if b], person=True)


# --- files ------------------------------------------------------------------------------------------------------


def render_poem(poem: Poem, ending: str, imprint: Imprint) -> Rendering:
    """Return the poem as a file: a page of type, or a broadside as SVG."""
    name = f"{poem.form}.{ending}"
    if ending == "svg":
        stanzas = [[line.text for line in stanza] for stanza in poem.stanzas]
        content = broadside(poem.title, poem.dedication, stanzas, imprint)
        return Rendering(name=name, media_type="image/svg+xml", content=content)
    if ending == "pdf":
        return Rendering(name=name, media_type=MEDIA_TYPES[ending], content=_pdf(poem, imprint))
    blocks: list[Any] = [
        Paragraph((Span("\n".join(line.text for line in stanza)),), first=True) for stanza in poem.stanzas
    ]
    if poem.chart:
        chart = Table(_CHART, _HEAD, tuple(_rows(poem)), "rllc")
        blocks += [PageBreak(), chart, *map(Note, _remarks(poem))]
    document = Document(poem.title, poem.dedication, "en", tuple(blocks), imprint, setting="report")
    return Rendering(name=name, media_type=MEDIA_TYPES[ending], content=write(document, ending))


def _pdf(poem: Poem, imprint: Imprint) -> bytes:
    """Return one page, and with a chart a second: how each line is read."""
    stanzas = [[line.text for line in stanza] for stanza in poem.stanzas]
    parts = [metadata(imprint), f"#set text(font: {fonts(*SERIF, *CHINESE)})"]
    parts.append(page(poem.title, poem.dedication, stanzas, imprint))
    if poem.chart:
        parts += [
            '#set page(paper: "a5", height: auto, margin: 13mm, fill: white, background: none, footer: none)',
            "#set text(size: 9pt)",
            f"#text(size: 13pt, {string(poem.title)})\n#v(1mm)\n#text(fill: luma(90), {string(_CHART)})\n#v(2mm)",
            grid(_HEAD, _rows(poem), wide=1),
            *(f"#v(1mm)\n#text(fill: luma(90), {string(remark)})" for remark in _remarks(poem)),
        ]
    return typeset("\n".join(parts) + "\n", imprint)


_CHART = "Scansion: / on the beat, x off it"
_HEAD = ("line", "text", "reading", "rhyme")


def _rows(poem: Poem) -> list[tuple[str, ...]]:
    letters = poem.scheme.replace(" ", "")
    return [
        (unit.name.split()[-1], one_line(unit.text), unit.rules[0].evidence.split(",")[0], letter)
        for unit, letter in zip(poem.certificate.units, letters, strict=True)
    ]


def _remarks(poem: Poem) -> list[str]:
    """Return the rhyme scheme and each departure from the metre, a sentence each."""
    departures = [
        f"Line {n}: {unit.rules[0].evidence.split('; ', 1)[1]}"
        for n, unit in enumerate(poem.certificate.units, 1)
        if "; " in unit.rules[0].evidence
    ]
    return [f"Rhyme scheme: {poem.scheme}", *departures]


def verse_form(
    kind: Kind,
    *,
    names: dict[Language, str],
    summary: dict[Language, str],
    example: Brief,
    length: Length,
    options: type[VerseOptions] = VerseOptions,
    aliases: tuple[str, ...] = (),
) -> Form:
    """Return the declaration of a form of English verse."""

    def draft(desk: Desk) -> Poem:
        return draft_poem(desk, kind, desk.options(options))

    def check(brief: Brief, poem: Poem) -> list[Finding]:
        return check_poem(options.model_validate(brief.options), poem, kind)

    def admit(brief: Brief) -> None:
        given = options.model_validate(brief.options)
        pattern = kind.pattern(given.model_dump())
        demand = demand_of(pattern, given.words, given.lines, given.acrostic)
        admit_demand(demand, pattern, read_theme(brief.idea))

    def read(text: str, language: Language) -> Poem:
        if language != "en":
            raise BriefError(f"A {kind.name} is read in English only.", "Say --language en if the text is English.")
        return read_poem(text, kind)

    def keep(brief: Brief, poem: Poem, numbers: Sequence[int]) -> dict[str, Any]:
        return kept_lines(poem, kind.pattern(options.model_validate(brief.options).model_dump()), numbers)

    return Form(
        name=kind.name,
        names=names,
        summary=summary,
        aliases=aliases,
        content=Poem,
        length=length,
        languages=("en",),
        options=options,
        draft=draft,
        check=check,
        render=render_poem,
        formats=FORMATS,
        heeds=("tone",),
        read=read,
        keep=keep,
        verse=lambda poem: [[line.text for line in stanza] for stanza in poem.stanzas],
        admit=admit,
        example=example,
    )
