"""Shifting a narration from present to past and back. What is said in quotation marks stays as it is.

Every finite verb that can be told is changed and nothing else; what can't be decided is left and reported: a word
that may be a noun, a conditional, ``must``. Perfects turn with their auxiliary ("has gone" ↔ "had gone"), as do
questions and negations ("does not go" ↔ "did not go"); a subjunctive "as if he were" stays.
"""

from __future__ import annotations

from collections.abc import Sequence

from miaobi.craft.text.edit import Edit, Shift, apply
from miaobi.craft.text.finite import parse
from miaobi.craft.text.subject import PREPOSITIONS, Subject
from miaobi.craft.text.surroundings import Finite, Tense
from miaobi.craft.text.token import Token, narration
from miaobi.craft.text.verb import conjugate
from miaobi.craft.text.wordclass import word_class

_MODALS = {"cannot": "could not", "will": "would", "can": "could", "may": "might", "'ll": "'d"}
_BACK = {"would": "will", "could": "can", "might": "may"}
_LYING = word_class("location")
_TIMES = word_class("time")


def shift_tense(text: str, to: Tense) -> Shift:
    """Return *text* told in the tense *to*, with what was changed and what was left undecided."""
    edits: list[Edit] = []
    left: list[Edit] = []
    for tokens in narration(text):
        found = parse(tokens, "past" if to == "present" else "present")
        for finite in found.finites:
            if finite.tense == to:
                continue
            new = _to_past(tokens, finite) if to == "past" else _to_present(tokens, finite)
            token = tokens[finite.at]
            if new is None:
                left.append(Edit(token.start, token.end, token.text, _reason(tokens, finite)))
            elif new != token.text:
                edits.append(_edit(text, tokens, finite.at, new))
        left += [Edit(u.token.start, u.token.end, u.token.text, u.why) for u in found.undecided if u.tense != to]
        if edits:
            left += [Edit(t.start, t.end, t.text, "a time of day of its own") for t in tokens if t.low in _TIMES]
    return Shift(apply(text, edits), tuple(edits), tuple(left))


def _reason(tokens: Sequence[Token], finite: Finite) -> str:
    if finite.base in {"must", "should", "shall"}:
        return f"“{finite.base}” has no other tense"
    if finite.kind == "modal":
        return "a condition, which has no other tense"
    if finite.base == "lie":
        return "lay (was lying) or lied"
    return "its subject can't be told"


def _to_past(tokens: Sequence[Token], finite: Finite) -> str | None:
    token = tokens[finite.at]
    if finite.kind == "be":
        plural = finite.subject.plural if finite.subject else token.low in {"are", "'re"}
        past = "were" if token.low in {"are", "'re"} or (plural and token.low != "is") else "was"
        return f" {past}" if token.low.startswith("'") else past
    if finite.kind == "have":
        return "'d" if token.low in {"'s", "'ve"} else "had"
    if finite.kind == "do":
        return "did"
    if finite.kind == "modal":
        return _MODALS.get(finite.base)
    if finite.base == "lie":
        after = tokens[finite.at + 1].low if finite.at + 1 < len(tokens) else ""
        return "lied" if after in {"to", "about"} else "lay" if after in PREPOSITIONS | _LYING else None
    return conjugate(finite.base).past


def _to_present(tokens: Sequence[Token], finite: Finite) -> str | None:
    token, subject = tokens[finite.at], finite.subject
    negated = finite.at + 1 < len(tokens) and tokens[finite.at + 1].low == "n't"
    if finite.kind == "modal":
        if finite.base not in _BACK or _conditional(tokens) or _perfect_follows(tokens, finite.at):
            return None
        present = _BACK[finite.base]
        if token.low == "'d":
            return "'ll"
        return {"can": "ca", "will": "wo"}.get(present, present) if negated else present
    if finite.kind == "be":
        as_if = any(t.low == "as" for t in tokens[max(0, finite.at - 4) : finite.at])
        if token.low == "were" and _conditional(tokens) and (as_if or subject is None or not subject.plural):
            return token.text  # subjunctive: as if he were
        return _be(token, subject)
    if subject is None:
        return None
    if finite.kind == "have":
        short = token.low == "'d"
        return ("'s" if short else "has") if subject.third_singular else ("'ve" if short else "have")
    if finite.kind == "do":
        return "does" if subject.third_singular else "do"
    forms = conjugate(finite.base)
    return forms.third if subject.third_singular else forms.base


def _be(token: Token, subject: Subject | None) -> str:
    if token.low == "were":
        return "are"
    return "am" if subject and subject.person == 1 and not subject.plural else "is"


def _conditional(tokens: Sequence[Token]) -> bool:
    return any(t.low in word_class("condition") for t in tokens)


def _perfect_follows(tokens: Sequence[Token], at: int) -> bool:
    return any(t.low in {"have", "'ve"} for t in tokens[at + 1 : at + 4])


def _edit(text: str, tokens: Sequence[Token], at: int, new: str) -> Edit:
    token, end = tokens[at], tokens[at].end
    if new == "can" and at + 1 < len(tokens) and tokens[at + 1].low == "not":
        new, end = "cannot", tokens[at + 1].end
    if token.text[:1].isupper():
        new = new[:1].upper() + new[1:]
    if "’" in text:
        new = new.replace("'", "’")
    return Edit(token.start, end, text[token.start : end], new)
