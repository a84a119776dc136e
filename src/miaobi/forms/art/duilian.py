"""对联: to a first line that is given, the second: tone against tone, word facing word, no character in common."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from pydantic import Field

from miaobi.brief import Brief
from miaobi.certificate import Certificate, Evidence, Unit, cost
from miaobi.craft.prosody.chinese import control, setting
from miaobi.craft.prosody.chinese.account import findings
from miaobi.craft.prosody.chinese.couplet import answering, faults_of, opening
from miaobi.craft.prosody.chinese.imagery import facing, parallelism, relevance
from miaobi.craft.prosody.chinese.poem import ChinesePoem, Verse, hanzi, of_text, split_lines
from miaobi.craft.prosody.chinese.rime import PINGSHUI
from miaobi.craft.prosody.chinese.scansion import Scan, scan
from miaobi.craft.prosody.chinese.scheme import couplet
from miaobi.craft.prosody.chinese.script import script_of
from miaobi.decoding.hanzi import HanziLine
from miaobi.errors import BriefError, DraftError, UnsupportedError, show
from miaobi.findings import Finding, Span
from miaobi.form import Desk, Form, Length, Options
from miaobi.forms.art.chinese_verse import CHECKPOINT, SAMPLING
from miaobi.types import Language, Prompt, Removal
from miaobi.work import Imprint, Rendering

CANDIDATES = 48
_WEIGHTS = {"likelihood": 1.0, "parallel": 1.2, "relevance": 0.5}


class CoupletOptions(Options):
    """Options of 对联."""

    about: str = Field("", description="what the second line is to be about; as the first when not given")
    script: Literal["auto", "traditional", "simplified"] = Field("auto", description="auto: that of the first line")
    appendix: Literal["chart", "certificate", "none"] = Field("chart", description="what stands behind the couplet")


def _first(brief: Brief) -> str:
    first = hanzi(brief.idea, "first line")
    if not 4 <= len(first) <= 9:
        raise BriefError(
            f"The first line {show(brief.idea)} has {len(first)} characters.", "Give one of 4 to 9 as the idea."
        )
    for character in first:
        if not PINGSHUI.readings(character):
            raise BriefError(
                f"The character {show(character)} is not in the rhyme book: its tone is unknown.",
                "Take another character.",
            )
    return first


def admit(brief: Brief) -> None:
    """Refuse a first line that no second can answer."""
    first = _first(brief)
    if brief.length and brief.length != 2 * len(first):
        raise BriefError(
            f"Two lines of {len(first)} are {2 * len(first)} 字, not {brief.length}.", "Leave out --length."
        )


def draft(desk: Desk) -> ChinesePoem:
    """Write the second line: the best of many."""
    if not desk.engine.steerable:
        raise UnsupportedError(
            f"{desk.engine.checkpoint.name} doesn't show its logits, by which the line is held to its rules.",
            "Leave out --engine to use miaobi's own verse net.",
        )
    options, first = desk.options(CoupletOptions), _first(desk.brief)
    plain: dict[str, Any] = desk.step("second", lambda: _second(desk, first, options))
    second, removals = plain["text"], [Removal(**r) for r in plain["removals"]]
    desk.credit("user", len(first))
    desk.credit("engine", len(second))
    script = script_of(desk.brief.idea) if options.script == "auto" else options.script
    return ChinesePoem(
        title=desk.brief.title or "对联",
        scheme="聯",
        book="pingshui",
        script=script,
        lines=[
            Verse(text=first, mark="，", given=desk.brief.idea.strip().rstrip("，。,.")),
            Verse(text=second, mark="。"),
        ],
        appendix=options.appendix,
        certificate=_certificate(first, second, removals),
    )


def _second(desk: Desk, first: str, options: CoupletOptions) -> dict[str, Any]:
    slots, echoes = answering(first)
    # a net that knows our control tokens reads each as one
    named = desk.engine.count(control.COUPLET + " ") == 1
    head = f"{control.COUPLET} {control.line_token(opening(first), False)} {' '.join(first)} "
    text = head + control.line_token(slots, slots[-1] == "平") + " " if named else f"上联：{first}\n下联："
    line = HanziLine(slots, barred=frozenset(first), echoes=echoes)
    room = len(slots) if named else 4 * len(slots)
    prompt = Prompt(prefix=text)
    written = desk.write("second", prompt, n=CANDIDATES, max_tokens=room, constraint=line, sampling=SAMPLING)
    by_text = {"".join(c.text.split()): c for c in written}
    texts = [text for text in by_text if len(text) == len(slots)]
    about = list(hanzi(options.about, "about")) if options.about else list(first)

    def measure(text: str) -> dict[str, float]:
        return {
            "likelihood": sum(by_text[text].logprobs) / len(text),
            "parallel": parallelism(first, text),
            "relevance": relevance(text, about),
        }

    best = desk.pick("second", texts, measure, _WEIGHTS)
    if best < 0:
        raise DraftError(f"No second line was found to {show(first)}.", "Try another --seed, or another first line.")
    return {"text": texts[best], "removals": [asdict(r) for r in by_text[texts[best]].removals]}


def _certificate(first: str, second: str, removals: list[Removal]) -> Certificate:
    costs = cost(removals, len(second))
    wrong = {fault.rule for fault in faults_of(first, second)}
    removed, instead = costs.get("tone", (0.0, ""))
    pairs = [(a, b, facing(a, b)) for a, b in zip(first, second, strict=True)]
    faced = "，".join(f"{a}对{b}" + (f" {degree:.2f}" if degree is not None else "") for a, b, degree in pairs)
    repeated, other = costs.get("repetition", (0.0, ""))
    rules = (
        Evidence(rule="字数", holds="length" not in wrong, evidence=f"{len(second)}字"),
        Evidence(
            rule="平仄相对", holds="tone" not in wrong, evidence=answering(first)[0], removed=removed, instead=instead
        ),
        Evidence(rule="不重字", holds="shared" not in wrong, evidence="无同字", removed=repeated, instead=other),
        Evidence(rule="对仗", holds=True, evidence=f"{faced}；平均{parallelism(first, second):.2f}"),
    )
    given = Evidence(rule="所限", holds=True, evidence="此句是人所给，一字不改")
    return Certificate(
        units=(Unit(name="上联", text=first, rules=(given,)), Unit(name="下联", text=second, rules=rules))
    )


def _scanned(poem: ChinesePoem) -> Scan:
    first, second = poem.plain()
    return scan([first, second], couplet(opening(first), answering(first)[0]))


def check(brief: Brief, poem: ChinesePoem) -> list[Finding]:
    """Hold the second line against the first."""
    if len(poem.lines) != 2:
        return [
            Finding(
                rule="length", message=f"对联二句，此有{len(poem.lines)}句。", severity="error", span=Span(part="poem")
            )
        ]
    first, second = poem.plain()
    found = [
        Finding(
            rule=f.rule,
            message=f.message,
            severity="error",
            span=Span(part="line-2", start=max(f.at, 0), text=poem.shown(poem.lines[1])),
        )
        for f in faults_of(first, second)
    ]
    if not found:
        found = findings(poem, _scanned(poem))
    degree = parallelism(first, second) if len(first) == len(second) else 0.0
    if degree < 0.1:
        found.append(
            Finding(rule="loose-parallel", message=f"对仗不工（{degree:.2f}，前人平均0.23）。", severity="note")
        )
    return found


def render(poem: ChinesePoem, ending: str, imprint: Imprint) -> Rendering:
    """Write the couplet as a file of this ending."""
    return setting.render(poem, _scanned(poem), ending, imprint)


def read(text: str, language: Language) -> ChinesePoem:
    """Return a person's couplet as content."""
    title, lines = split_lines(text)
    first = hanzi(lines[0], "first line")
    return of_text(title or "对联", lines, couplet(opening(first), answering(first)[0]))


FORM = Form(
    name="duilian",
    names={"en": "Duilian (antithetical couplet)", "zh": "对联"},
    aliases=("对子", "楹联"),
    summary={
        "en": "Given the first line of a Chinese couplet, the second: tone against tone, word facing word.",
        "zh": "出上联，对下联：平仄相反，字字相对，不重一字。",
    },
    content=ChinesePoem,
    options=CoupletOptions,
    length=Length(usual=14, least=8, most=18),
    languages=("zh",),
    checkpoints={"zh": CHECKPOINT},
    draft=draft,
    check=check,
    admit=admit,
    read=read,
    verse=ChinesePoem.by_stanza,
    render=render,
    formats=("txt", "md", "html", "pdf", "svg"),
    example=Brief(form="duilian", idea="春风送暖花千树", language="zh", seed=7),
)
