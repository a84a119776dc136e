"""Judging a poem by its pattern: which reading each line has, which rules hold, where and why one fails.

The same rules judge what miaobi wrote and what a person did; a person's lines are read with more licence of metre.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from miaobi.certificate import Evidence
from miaobi.craft.prosody.english.dictionary import pronunciations
from miaobi.craft.prosody.english.metre import Metre, loosened
from miaobi.craft.prosody.english.rhyme import rhyme
from miaobi.craft.prosody.english.scansion import misfit, scan, spoken_ways, words_in
from miaobi.craft.verse.pattern import LinePattern, Measured, Pattern
from miaobi.findings import Finding, Severity, Span


@dataclass(frozen=True)
class Verdict:
    """One rule at one line, with the finding where it fails."""

    line: int
    evidence: Evidence
    finding: Finding | None = None


def judge(lines: Sequence[str], pattern: Pattern, licence: Sequence[bool]) -> list[Verdict]:
    """Return the verdict of every rule on every line. *licence*: whether a line is a person's, which may be freer.

    The number of lines must be the pattern's.
    """
    verdicts: list[Verdict] = []
    for i, (text, asked) in enumerate(zip(lines, pattern.lines, strict=True)):
        verdicts.append(_measure(i, text, asked.measure, licence[i]))
        if asked.rhyme:
            verdicts.append(_rhyme(i, lines, pattern, licence))
        if asked.repeats is not None:
            verdicts.append(_refrain(i, lines, asked))
    return verdicts


def fits_best(lines: Sequence[str], patterns: Sequence[Pattern]) -> Pattern | None:
    """Return the pattern that a person's lines keep best, of those with as many lines; None if there is none."""
    fitting = [p for p in patterns if len(p.lines) == len(lines)]
    free = [True] * len(lines)
    return min(fitting, key=lambda p: sum(not v.evidence.holds for v in judge(lines, p, free)), default=None)


def part(i: int) -> str:
    """Return the id of a line, from 0, as findings and certificates name it."""
    return f"line {i + 1}"


def end_word(text: str) -> str:
    """Return the last word of a line, "" where it has none."""
    found = words_in(text)
    return found[-1][0] if found else ""


def _measure(i: int, text: str, measure: Measured, free: bool) -> Verdict:
    if isinstance(measure, Metre):
        metre = loosened(measure) if free else measure
        if reading := scan(text, metre):
            said = f"{reading.marks}, {reading.syllables} syllables"
            licences = "; ".join(reading.licences())
            guessed = [w.word for w in reading.words if w.pronunciation.source == "guess"]
            more = f"; read by rule: {', '.join(guessed)}" if guessed else ""
            return Verdict(
                i, Evidence(rule=metre.name, holds=True, evidence=said + (f"; {licences}" if licences else "") + more)
            )
        where = misfit(text, metre)
        return Verdict(
            i,
            Evidence(rule=metre.name, holds=False, evidence=where.reason),
            _metre_finding(i, where.word, where.start, where.reason),
        )
    counts = syllable_counts(text)
    fitting = sorted(n for n in counts if measure.least <= n <= measure.most)
    if fitting:
        return Verdict(i, Evidence(rule="syllables", holds=True, evidence=f"{fitting[0]} ({measure.name})"))
    have = min(counts, key=lambda n: min(abs(n - measure.least), abs(n - measure.most)))
    reason = f"The line has {have} syllables where the form wants {measure.name}."
    span = Span(part=part(i), start=0, end=len(text), text=text)
    return Verdict(
        i,
        Evidence(rule="syllables", holds=False, evidence=f"{have} (wanted: {measure.name})"),
        Finding(rule="syllables", message=reason, severity="error", span=span),
    )


def syllable_counts(text: str) -> set[int]:
    """Return how many syllables a line may have, by every way to say its words."""
    counts = {0}
    for word, _ in words_in(text):
        counts = {n + len(way.levels) for n in counts for way in spoken_ways(word)}
    return counts


def _metre_finding(i: int, word: str, start: int, reason: str) -> Finding:
    span = Span(part=part(i), start=start, end=start + len(word), text=word)
    return Finding(rule="metre", message=f"Line {i + 1}: {reason}", severity="error", span=span)


def _rhyme(i: int, lines: Sequence[str], pattern: Pattern, licence: Sequence[bool]) -> Verdict:
    own = end_word(lines[i])
    partners = pattern.partners(i)
    missed = [k for k in partners if rhyme(own, end_word(lines[k])) is None]
    if not missed:
        found = [rhyme(own, end_word(lines[k])) for k in partners]
        sound = " ".join(found[0][0].rhyming_part) if found and found[0] else ""
        said = f"“{own}” ({sound}) with " + ", ".join(f"“{end_word(lines[k])}” (line {k + 1})" for k in partners)
        return Verdict(i, Evidence(rule="rhyme", holds=True, evidence=said))
    other = end_word(lines[missed[0]])
    slant = all(rhyme(own, end_word(lines[k]), "slant") for k in missed)
    near = slant and all(licence[k] for k in (i, *missed))  # a person may rhyme by halves
    why = _why_not(own, other) if not near else "only by halves, a slant rhyme"
    verb = "rhymes" if near else "does not rhyme"
    message = f"Line {i + 1}: “{own}” {verb} with “{other}” (line {missed[0] + 1}): {why}."
    start = lines[i].rfind(own)
    span = Span(part=part(i), start=start, end=start + len(own), text=own)
    evidence = Evidence(rule="rhyme", holds=near, evidence=f"“{own}” with “{other}”: {why}")
    if missed[0] > i:  # said once a pair, at the later line
        return Verdict(i, evidence)
    severity: Severity = "warning" if near else "error"
    return Verdict(i, evidence, Finding(rule="rhyme", message=message, severity=severity, span=span))


def _why_not(own: str, other: str) -> str:
    if own.lower() == other.lower():
        return "a word does not rhyme with itself"
    if any(a.rhyming_part == b.rhyming_part for a in pronunciations(own) for b in pronunciations(other)):
        return "they sound the same from the consonant on"
    return "their sounds differ"


def _refrain(i: int, lines: Sequence[str], asked: LinePattern) -> Verdict:
    assert asked.repeats is not None
    same = lines[i] == lines[asked.repeats]
    evidence = Evidence(rule="refrain", holds=same, evidence=f"line {asked.repeats + 1} word for word")
    span = Span(part=part(i), start=0, end=len(lines[i]), text=lines[i])
    message = f"Line {i + 1} is not line {asked.repeats + 1} word for word."
    return Verdict(i, evidence, None if same else Finding(rule="refrain", message=message, severity="error", span=span))
