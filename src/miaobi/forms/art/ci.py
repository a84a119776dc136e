"""词: to one of forty-five tunes, each with its own lines, tones and rhymes, as 全宋词 has them."""

from __future__ import annotations

import difflib
import random
from typing import Literal

from pydantic import Field

from miaobi.brief import Brief
from miaobi.craft.prosody.chinese import setting
from miaobi.craft.prosody.chinese.account import findings
from miaobi.craft.prosody.chinese.poem import ChinesePoem, of_text, split_lines
from miaobi.craft.prosody.chinese.rime import Book
from miaobi.craft.prosody.chinese.scansion import Scan, scan
from miaobi.craft.prosody.chinese.scheme import Scheme, of_tune
from miaobi.craft.prosody.chinese.script import shown, traditional
from miaobi.craft.prosody.chinese.tune import ALIASES, Tune, tunes
from miaobi.errors import BriefError, UnknownNameError, show
from miaobi.findings import Finding
from miaobi.form import Desk, Form, Length
from miaobi.forms.art.chinese_verse import CHECKPOINT, compose
from miaobi.forms.art.chinese_wish import VerseOptions, demand_of, kept, plan_of
from miaobi.types import Language
from miaobi.work import Imprint, Rendering


class CiOptions(VerseOptions):
    """Options of 词."""

    tune: str = Field("浣溪沙", description="the 词牌, as 水调歌头; `docs/verse.md` lists all")
    book: Literal["cilin", "xinyun"] = Field("cilin", description="词林正韵 or 中华新韵, never both")


def tune_of(name: str) -> Tune:
    """Return the tune called *name* in either script; UnknownNameError names the nearest."""
    wanted = shown(traditional(name.strip()), "simplified")
    wanted = ALIASES.get(wanted, wanted)
    if wanted in tunes():
        return tunes()[wanted]
    near = difflib.get_close_matches(wanted, tunes(), n=3, cutoff=0.3)
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    raise UnknownNameError(f"No tune called {show(name)} is known.", f"{hint}Known: {'、'.join(tunes())}.")


def _demanded(brief: Brief) -> tuple[CiOptions, Scheme]:
    options = CiOptions.model_validate(brief.options)
    return options, of_tune(tune_of(options.tune), options.book)


def admit(brief: Brief) -> None:
    """Refuse what can't be met: the reason, and the nearest demand that can."""
    options, scheme = _demanded(brief)
    size = sum(len(slots.tones) for slots in scheme.lines)
    if brief.length and brief.length != size:
        raise BriefError(f"{options.tune} has {size} 字, not {brief.length}.", "Leave out --length; the tune sets it.")
    plan_of(demand_of(brief, options, len(scheme.lines)), [scheme], random.Random(0))


def draft(desk: Desk) -> ChinesePoem:
    """Write the poem."""
    options, scheme = _demanded(desk.brief)
    poem = compose(desk, demand_of(desk.brief, options, len(scheme.lines)), [scheme], options)
    return poem.model_copy(update={"title": f"{shown(scheme.name, poem.script)}·{poem.title}"})


def _scanned(poem: ChinesePoem, book: Book) -> Scan:
    return scan(poem.plain(), of_tune(next(t for t in tunes().values() if t.name == poem.scheme), book))


def check(brief: Brief, poem: ChinesePoem) -> list[Finding]:
    """Scan the poem anew."""
    return findings(poem, _scanned(poem, CiOptions.model_validate(brief.options).book))


def render(poem: ChinesePoem, ending: str, imprint: Imprint) -> Rendering:
    """Write the poem as a file of this ending."""
    return setting.render(poem, _scanned(poem, poem.book), ending, imprint)


def read(text: str, language: Language) -> ChinesePoem:
    """Return a person's 词 against the tune that its title names, else the one whose lines it has.

    BriefError where neither is known.
    """
    title, lines = split_lines(text)
    bare = shown(traditional(title), "simplified")
    named = next((t for name, t in sorted(_called().items(), key=lambda p: -len(p[0])) if name in bare), None)
    lengths = tuple(map(len, lines))
    fitting = [t for t in tunes().values() if t.lengths == lengths]
    if named is None and not fitting:
        raise BriefError(
            f"No tune is known whose lines have {', '.join(map(str, lengths))} characters.",
            "Name the tune in the first line, as in 《浣溪沙》.",
        )
    if named is not None:
        return of_text(title, lines, of_tune(named))
    schemes = [of_tune(tune) for tune in fitting]
    bare_lines = [traditional(line) for line in lines]
    return of_text(title, lines, min(schemes, key=lambda s: len(scan(bare_lines, s).faults)))


def _called() -> dict[str, Tune]:
    return tunes() | {alias: tunes()[name] for alias, name in ALIASES.items()}


FORM = Form(
    name="ci",
    names={"en": "Ci (lyric to a tune)", "zh": "词"},
    aliases=("宋词", "词牌"),
    summary={
        "en": "A Chinese lyric to one of 45 classical tunes; lines, tones and rhymes as the tune asks.",
        "zh": "依四十五调之一填词，句读、平仄、用韵悉合词谱。",
    },
    content=ChinesePoem,
    options=CiOptions,
    length=Length(usual=42, least=23, most=114),
    languages=("zh",),
    checkpoints={"zh": CHECKPOINT},
    draft=draft,
    check=check,
    admit=admit,
    read=read,
    keep=lambda brief, poem, numbers: kept(poem, numbers) | {"tune": poem.scheme},
    verse=ChinesePoem.by_stanza,
    render=render,
    formats=("txt", "md", "html", "pdf", "svg"),
    example=Brief(form="ci", idea="暮春微雨", language="zh", seed=7),
)
