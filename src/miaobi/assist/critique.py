"""Critique: what a careful first reader would mark in a text, by rules whose evidence is stated.

No engine judges here: every remark can be checked against its numbers. Errors are what no editor lets stand (a
sentence twice, a quotation that never closes), warnings what weakens the text, notes what an author may want to know.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean, pstdev

from miaobi.assist import chinese, english
from miaobi.assist.passage import Stretch, paragraphs, stretches
from miaobi.assist.remark import Remark, remark
from miaobi.craft.text.repetition import ngrams
from miaobi.craft.text.sentence import length, units
from miaobi.craft.text.wrapping import unwrapped
from miaobi.findings import Severity
from miaobi.types import Language

_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}
_LONG_PARAGRAPH = {"en": 200, "zh": 400}
_LONG_SENTENCE = {"en": 45, "zh": 80}
_NEAR = {"en": 0.6, "zh": 0.65}  # Jaccard of word (字) pairs from which two sentences are near echoes
_MONOTONOUS = 0.18  # standard deviation over mean of the lengths of a run of sentences
_RUN = 6


def criticise(text: str, language: Language) -> list[Remark]:
    """Return the remarks on *text* in the order of the text."""
    text = unwrapped(text)
    found = [
        *_repeated(text, language),
        *_near_echoes(text, language),
        *_monotony(text, language),
        *_lengths(text, language),
        *_unclosed(text, language),
        *(english.remarks(text) if language == "en" else chinese.remarks(text)),
    ]
    return sorted(found, key=lambda r: (r.start, _ORDER[r.severity], r.rule))


def _repeated(text: str, language: Language) -> Iterator[Remark]:
    first: dict[tuple[str, ...], Stretch] = {}
    for s in stretches(text, language):
        key = tuple(units(s.text, language))
        if len(key) < 4:
            continue
        if key in first:
            line = text.count("\n", 0, first[key].start) + 1
            message = f"This sentence stands on line {line} already, word for word."
            yield remark(
                text, (s.start, s.end), "repeated-sentence", message, "Take one out.", "error", first_line=line
            )
        else:
            first[key] = s


def _near_echoes(text: str, language: Language) -> Iterator[Remark]:
    seen: list[tuple[Stretch, list[str], set[tuple[str, ...]]]] = []
    for s in stretches(text, language):
        said = units(s.text, language)
        pairs = set(ngrams(said, 2))
        if len(pairs) >= 4:
            for other, other_said, other_pairs in seen:
                alike = len(pairs & other_pairs) / len(pairs | other_pairs)
                if alike >= _NEAR[language] and said != other_said:
                    yield remark(
                        text,
                        (s.start, s.end),
                        "near-echo",
                        f"This nearly repeats “{_short(other.text)}”.",
                        "Keep the better of the two, or make the difference plain.",
                        likeness=round(alike, 2),
                        other=other.text,
                    )
                    break
            seen.append((s, said, pairs))


def _monotony(text: str, language: Language) -> Iterator[Remark]:
    """Yield a remark for each run of sentences of nearly the same length, never two for one sentence."""
    all_of = stretches(text, language)
    lengths = [length(s.text, language) for s in all_of]
    i = 0
    while i + _RUN <= len(all_of):
        end = i + _RUN
        if not _even(lengths[i:end]):
            i += 1
            continue
        while end < len(all_of) and _even(lengths[i : end + 1]):
            end += 1
        mean = fmean(lengths[i:end])
        unit = "words" if language == "en" else "字"
        yield remark(
            text,
            (all_of[i].start, all_of[end - 1].end),
            "even-sentences",
            f"{end - i} sentences in a row have about the same length ({mean:.0f} {unit}).",
            "Break one, or join two, where the stress should fall.",
            "note",
            lengths=[str(n) for n in lengths[i:end]],
        )
        i = end


def _even(lengths: list[int]) -> bool:
    mean = fmean(lengths)
    return mean > 3 and pstdev(lengths) / mean < _MONOTONOUS


def _lengths(text: str, language: Language) -> Iterator[Remark]:
    unit = "words" if language == "en" else "字"
    for p in paragraphs(text, language):
        if (count := length(p.text, language)) > _LONG_PARAGRAPH[language]:
            message = f"A paragraph of {count} {unit}."
            hint = "Begin a new one where the subject or the speaker changes."
            yield remark(text, (p.start, p.end), "long-paragraph", message, hint, "note", length=count)
    for s in stretches(text, language):
        if (count := length(s.text, language)) > _LONG_SENTENCE[language]:
            message = f"A sentence of {count} {unit}."
            yield remark(text, (s.start, s.end), "long-sentence", message, "Divide it.", "note", length=count)


def _unclosed(text: str, language: Language) -> Iterator[Remark]:
    """Yield an error where a quotation isn't closed; one that goes on in the next paragraph opens there again."""
    all_of = paragraphs(text, language)
    for i, p in enumerate(all_of):
        for opening, closing in (("“", "”"), ("「", "」"), ("『", "』")):
            left_open = p.text.count(opening) - p.text.count(closing)
            goes_on = i + 1 < len(all_of) and all_of[i + 1].text.startswith(opening)
            if left_open > 0 and not goes_on:
                at = p.start + p.text.rfind(opening)
                yield _quotation(text, at, p.end, f"A quotation opens with {opening} and is never closed.", closing)
            elif left_open < 0:
                at = p.start + p.text.rfind(closing)
                yield _quotation(text, at, at + 1, f"A quotation closes with {closing} that was never opened.", opening)
        if p.text.count('"') % 2:
            at = p.start + p.text.rfind('"')
            yield _quotation(text, at, p.end, "A paragraph has an odd number of quotation marks.", '"')


def _quotation(text: str, start: int, end: int, message: str, missing: str) -> Remark:
    hint = f"Put the missing {missing} where the speech has its other end."
    return remark(text, (start, min(end, start + 80)), "unclosed-quotation", message, hint, "error", missing=missing)


def _short(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
