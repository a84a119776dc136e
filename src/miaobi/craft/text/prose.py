"""Checks that any prose must pass: length, repeats, worn phrases, copied exemplars. Findings point into the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from miaobi.craft.text.fault import slop_in
from miaobi.craft.text.repetition import longest_shared_run, repeated_sentences
from miaobi.craft.text.sentence import length
from miaobi.findings import Finding, Span
from miaobi.types import Language

EXEMPLAR_RUN = 6  # words in a row shared with an exemplar that count as copied; 10 字 in Chinese
SLACK = (0.9, 1.15)  # length over wish within which nothing is said: S_l ≥ 95 of LongBench-Write


def length_score(wanted: int, got: int) -> float:
    """Return S_l of LongBench-Write (Bai et al. 2024), 0–100."""
    if got <= 0:
        return 0.0
    return 100 * max(0.0, 1 - (got / wanted - 1) / 3) if got > wanted else 100 * max(0.0, 1 - (wanted / got - 1) / 2)


def check_length(text: str, wanted: int, language: Language) -> Iterator[Finding]:
    """Yield a warning where the text is much longer or shorter than wished, an error where it is empty."""
    got = length(text, language)
    if not got:
        yield Finding(rule="empty", message="The text is empty.", severity="error")
    elif not SLACK[0] <= got / wanted <= SLACK[1]:
        yield Finding(rule="length", message=f"{got} words were written where {wanted} were wished for.")


def check_repeats(text: str, language: Language) -> Iterator[Finding]:
    """Yield an error for each sentence that occurs twice."""
    for sentence in repeated_sentences(text, language):
        yield Finding(
            rule="repeated-sentence",
            message=f"A sentence occurs twice: {sentence}",
            severity="error",
            span=_find(text, sentence),
        )


def check_slop(parts: Iterable[tuple[str, str]], language: Language) -> Iterator[Finding]:
    """Yield a warning for each worn phrase; *parts* are (id, text)."""
    for part, text in parts:
        for phrase in slop_in(text, language):
            start = text.lower().find(phrase)
            span = Span(part=part, start=start, end=start + len(phrase), text=phrase)
            yield Finding(rule="worn-phrase", message=f"A worn phrase: “{phrase}”.", span=span)


def check_copied(parts: Iterable[tuple[str, str]], exemplars: Sequence[str], language: Language) -> Iterator[Finding]:
    """Yield an error for each part that shares a long run of words with an exemplar of the prompt."""
    limit = EXEMPLAR_RUN if language == "en" else 10
    for part, text in parts:
        run = max((longest_shared_run(text, exemplar, language) for exemplar in exemplars), default=0)
        if run >= limit:
            yield Finding(
                rule="copied-exemplar",
                message=f"{run} words in a row come from an exemplar of the prompt.",
                severity="error",
                span=Span(part=part, text=text[:120]),
            )


def _find(text: str, passage: str) -> Span:
    start = text.rfind(passage)
    return Span(part="text", start=start, end=start + len(passage), text=passage)
