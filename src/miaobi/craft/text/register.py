"""Register of English narration: contractions written out or drawn together, words of one register for the other's.

Only replacements that are safe whatever stands around are made (``data/en/register.toml``); quoted speech stays.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from miaobi.craft.text.edit import Edit, Shift, apply
from miaobi.craft.text.finite import parse
from miaobi.craft.text.speech import mask_speech
from miaobi.craft.text.surroundings import Finite
from miaobi.craft.text.token import Token, narration
from miaobi.craft.text.verb import conjugate

Register = Literal["formal", "informal"]
_WHOLE = {"'m": "am", "'re": "are", "'ve": "have", "'ll": "will"}
_SHORT = {"am": "'m", "are": "'re", "is": "'s", "has": "'s", "have": "'ve", "will": "'ll", "had": "'d", "would": "'d"}
_NOT = {"is", "are", "was", "were", "do", "does", "did", "has", "have", "had", "would", "could", "should"}
_HOSTS = frozenset(["i", "you", "he", "she", "it", "we", "they", "that", "there"])


def shift_register(text: str, to: Register) -> Shift:
    """Return *text* in the register *to*, with what was changed."""
    edits = [e for tokens in narration(text) for e in (_expand(tokens) if to == "formal" else _contract(text, tokens))]
    taken = [(e.start, e.end) for e in edits]
    for edit in _words(text, to):
        if not any(edit.start < end and start < edit.end for start, end in taken):
            edits.append(edit)
            taken.append((edit.start, edit.end))
    return Shift(apply(text, edits), tuple(sorted(edits, key=lambda e: e.start)))


def _expand(tokens: Sequence[Token]) -> list[Edit]:
    found = {f.at: f for f in parse(tokens).finites}
    edits = []
    for i, t in enumerate(tokens):
        if t.low == "n't" and i:
            host = tokens[i - 1]
            edits.append(_negation(host, t))
        elif t.low in {"'s", "'d"} and i in found:
            edits.append(Edit(t.start, t.end, t.text, " " + _word(t, found[i])))
        elif t.low in _WHOLE:
            edits.append(Edit(t.start, t.end, t.text, " " + _WHOLE[t.low]))
    return edits


def _negation(host: Token, clitic: Token) -> Edit:
    word = {"can": "cannot", "will": "will not", "shall": "shall not"}.get(host.low, f"{host.low} not")
    new = word[0].upper() + word[1:] if host.text[:1].isupper() else word
    return Edit(host.start, clitic.end, host.text + clitic.text, new)


def _word(token: Token, finite: Finite) -> str:
    if token.low == "'d":
        return "had" if finite.kind == "have" else "would"
    return "has" if finite.kind == "have" else "is"


def _contract(text: str, tokens: Sequence[Token]) -> list[Edit]:
    mark = "’" if "’" in text else "'"
    edits: list[Edit] = []
    for finite in parse(tokens).finites:
        i, t = finite.at, tokens[finite.at]
        after = tokens[i + 1] if i + 1 < len(tokens) else None
        if t.low == "cannot":
            edits.append(Edit(t.start, t.end, t.text, _like(t, f"can{mark}t")))
        elif after is not None and after.low == "not" and t.low in _NOT | {"will", "can"}:
            new = {"will": "won", "can": "can"}.get(t.low, t.low + "n") + f"{mark}t"
            edits.append(Edit(t.start, after.end, text[t.start : after.end], _like(t, new)))
        elif _may_hang(tokens, finite):
            edits.append(
                Edit(tokens[i - 1].end, t.end, text[tokens[i - 1].end : t.end], _SHORT[t.low].replace("'", mark))
            )
    return edits


def _may_hang(tokens: Sequence[Token], finite: Finite) -> bool:
    i = finite.at
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if not i or tokens[i].low not in _SHORT or tokens[i - 1].low not in _HOSTS or after is None or after.kind != "word":
        return False
    if finite.kind == "have":  # only the auxiliary: "I've gone", never "I've a dog"
        return after.low.endswith(("ed", "en", "wn", "ne", "ung")) or after.low in {
            "been",
            "had",
            "made",
            "lost",
            "left",
        }
    return finite.kind in {"be", "modal"} and not after.low.endswith("n't")


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("miaobi.craft") / "data" / "en" / "register.toml").read_text("utf-8"))


@cache
def _pairs(to: Register) -> dict[str, str]:
    pairs = [pair.split("|") for pair in _data()["words"]]
    for pair in _data()["verbs"]:
        informal, formal = pair.split("|")
        head, *rest = informal.split()
        for form in ("base", "third", "past", "ing"):
            low = " ".join([getattr(conjugate(head), form), *rest])
            pairs.append([low, getattr(conjugate(formal), form)])
    barred = set(_data()["only_formal" if to == "formal" else "only_informal"].split())
    chosen = [(a, b) if to == "formal" else (b, a) for a, b in pairs]
    found: dict[str, str] = {}
    for old, new in chosen:
        if old.split()[0] not in barred and old not in barred:
            found.setdefault(old, new)
    return found


def _words(text: str, to: Register) -> list[Edit]:
    pairs = _pairs(to)
    pattern = "|".join(re.escape(w) for w in sorted(pairs, key=len, reverse=True))
    edits = []
    for m in re.finditer(rf"(?<![\w’'\-])(?:{pattern})(?![\w’'\-])", mask_speech(text), re.I):
        new = pairs[m.group().lower()]
        new = new[0].upper() + new[1:] if m.group()[0].isupper() else new
        edits.append(Edit(m.start(), m.end(), m.group(), new))
        edits += _article(text, m.start(), m.group(), new)
    return edits


def _article(text: str, start: int, old: str, new: str) -> list[Edit]:
    """Return the edit of an article that a new word asks for: "a help", "an aid"."""
    match = re.search(r"\b(an?)\s+$", text[:start], re.I)
    if not match or (old[0].lower() in "aeiou") == (new[0].lower() in "aeiou"):
        return []
    article = "an" if new[0].lower() in "aeiou" else "a"
    return [Edit(match.start(1), match.end(1), match[1], article.capitalize() if match[1][0].isupper() else article)]


def _like(token: Token, new: str) -> str:
    return new[0].upper() + new[1:] if token.text[:1].isupper() else new


def intensifiers() -> frozenset[str]:
    """Return the words that a shorter text does without."""
    return frozenset(_data()["intensifiers"].split())


def openers() -> tuple[str, ...]:
    """Return the phrases at the head of a sentence that a shorter text does without."""
    return tuple(" ".join(p.split()) for p in _data()["openers"].split("|"))
