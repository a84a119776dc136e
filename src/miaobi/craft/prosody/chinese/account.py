"""The account of a poem: its certificate, its findings, and the chart of tones with pinyin."""

from __future__ import annotations

from collections.abc import Sequence

from miaobi.certificate import Certificate, Evidence, Unit, cost
from miaobi.craft.prosody.chinese.poem import ChinesePoem
from miaobi.craft.prosody.chinese.regulated import FIVE
from miaobi.craft.prosody.chinese.scansion import Fault, Read, Scan
from miaobi.craft.prosody.chinese.scheme import Scheme
from miaobi.craft.prosody.chinese.script import shown
from miaobi.findings import Finding, Severity, Span
from miaobi.types import Removal

# rule of a fault or of the mask → how the certificate calls it
NAMES = {
    "length": "字数", "unlisted": "平仄", "tone": "平仄", "lone-level": "孤平", "three-level-ending": "三平尾",
    "rhyme": "押韵", "repeated-rhyme": "重韵", "repeat": "叠句",
}  # fmt: skip


def guarded(slots: str) -> tuple[tuple[int, str], ...]:
    """Return the slots whose tone is a rule of its own, with its name: against 孤平 and 三平尾."""
    found = {FIVE["B"]: (0, "孤平"), FIVE["A"]: (2, "三平尾")}.get(slots[-5:])
    return () if found is None or len(slots) not in (5, 7) else ((len(slots) - 5 + found[0], found[1]),)


def findings(poem: ChinesePoem, scanned: Scan) -> list[Finding]:
    """Return what the scansion found as findings: faults are errors, what is merely worth knowing notes."""
    told: list[tuple[Fault, Severity]] = [(fault, "error") for fault in scanned.faults]
    told += [(remark, "note") for remark in scanned.remarks]
    return [
        Finding(rule=fault.rule, message=_said(poem, fault), severity=severity, span=_span(poem, fault))
        for fault, severity in told
    ]


def _said(poem: ChinesePoem, fault: Fault) -> str:
    """Return the message with the character as its reader sees it."""
    if fault.line < 0 or fault.at < 0:
        return fault.message
    line = poem.lines[fault.line]
    return fault.message.replace(f"“{line.text[fault.at]}”", f"“{poem.shown(line)[fault.at]}”")


def _span(poem: ChinesePoem, fault: Fault) -> Span:
    """Return where a fault stands: its line as it is read, and the character in it."""
    if fault.line < 0:
        return Span(part="poem")
    text = poem.shown(poem.lines[fault.line])
    return Span(part=f"line-{fault.line + 1}", start=max(fault.at, 0), end=fault.at + 1, text=text)


def certificate(
    lines: Sequence[str], scanned: Scan, removals: Sequence[Sequence[Removal]] = (), given: Sequence[int] = ()
) -> Certificate:
    """Return why the poem keeps its rules. *removals*: what the decoding took, a line; *given*: lines by a person."""
    broken = {(fault.line, NAMES[fault.rule]) for fault in scanned.faults}
    units = []
    for i, text in enumerate(lines):
        costs = cost(removals[i], max(1, len(text))) if i < len(removals) else {}
        slots = scanned.scheme.lines[i] if i < len(scanned.scheme.lines) else None
        rules: list[tuple[str, str, tuple[str, ...]]] = []
        if scanned.lines and slots is not None:
            rules.append(("字数", f"{len(text)}字", ("character", "length")))
            rules.append(("平仄", _tones(scanned.lines[i]), ("tone",)))
            rules += [(name, f"第{at + 1}字“{text[at]}”{scanned.lines[i][at].tone}", (name,))
                      for at, name in guarded(slots.tones)]  # fmt: skip
            if slots.rhyme:
                rules.append(("押韵", _rhyme(scanned, i), ("rhyme",)))
                rules.append(("重韵", "韵脚不重", ("repeated rhyme",)))
        if i in given:
            rules.append(("所限", "此句是人所给，一字不改", ()))
        evidence = []
        for name, said, own in rules:
            taken = [costs[rule] for rule in own if rule in costs]
            removed = min(1.0, sum(share for share, _ in taken))
            instead = next((token.strip() for _, token in taken if token.strip()), "")
            holds = (i, name) not in broken and (-1, name) not in broken
            evidence.append(Evidence(rule=name, holds=holds, evidence=said, removed=removed, instead=instead))
        units.append(Unit(name=f"第{i + 1}句", text=text, rules=tuple(evidence)))
    return Certificate(units=tuple(units))


def _tones(line: tuple[Read, ...]) -> str:
    """Return the line's tones and, of each character with several readings of both tones, the one chosen."""
    tones = "".join(read.tone for read in line)
    chosen = [f"{r.character}读{r.tone}（{r.reading.group}）" for r in line if r.reading and r.choices > 1]
    return tones + ("；" + "，".join(chosen) if chosen else "")


def _rhyme(scanned: Scan, line: int) -> str:
    slots = scanned.scheme.lines[line]
    if slots.rhyme not in scanned.rhymes:
        return "无韵"
    group, tone = scanned.rhymes[slots.rhyme]
    return f"{scanned.lines[line][-1].character}，{group_name(scanned.scheme, group, tone)}"


def group_name(scheme: Scheme, group: str, tone: str) -> str:
    """Return the name of a rhyme group in its book, as 平水韵東韻平声."""
    if scheme.book == "pingshui":
        return f"平水韵{group}韵{tone}声"
    return f"词林正韵第{group}部{tone}声" if scheme.book == "cilin" else f"中华新韵{group}部{tone}声"


_ONE_TODAY = frozenset("聽听望忘醒")  # of two tones in verse; dictionaries have the other, nobody says it


def pinyin(line: tuple[Read, ...]) -> list[str]:
    """Return the line in pinyin with tone marks, of several readings the one whose tone suits the one chosen.

    入 tones are gone from Mandarin: such a character has the tone of today, whatever it is.
    """
    from pypinyin import Style
    from pypinyin import pinyin as readings

    text = shown("".join(read.character for read in line), "simplified")
    usual = [found[0] for found in readings(text, style=Style.TONE)]
    marked = readings(text, style=Style.TONE, heteronym=True)
    numbered = readings(text, style=Style.TONE3, heteronym=True)
    out = []
    for read, said, marks, numbers in zip(line, usual, marked, numbered, strict=True):
        wanted = "12" if read.tone == "平" else "34"
        fits = [mark for mark, number in zip(marks, numbers, strict=True) if number[-1] in wanted]
        kept = said in fits or not fits or (read.reading is not None and read.reading.tone == "入")
        kept = kept or read.character in _ONE_TODAY
        out.append(said if kept else fits[0])
    return out
