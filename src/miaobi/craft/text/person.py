"""Telling a text in another person: "she" becomes "I", or "I" becomes "she", and their verbs agree.

One figure becomes the narrator, or the narrator becomes a figure with a name. Quoted speech stays. A pronoun that may
mean somebody else of the same gender is left and reported, as is "her" where it may be of or to her.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from miaobi.craft.text.edit import Edit, Shift, apply
from miaobi.craft.text.finite import parse
from miaobi.craft.text.inflection import PRONOUNS as FORMS
from miaobi.craft.text.inflection import Pronoun
from miaobi.craft.text.name import gender_of
from miaobi.craft.text.speech import mask_speech
from miaobi.craft.text.subject import ADVERBS, DETERMINERS, PREPOSITIONS, PRONOUNS
from miaobi.craft.text.surroundings import BE, JOINING, MODALS, SEPARATING, Finite, Tense
from miaobi.craft.text.table import table
from miaobi.craft.text.token import Token, narration
from miaobi.craft.text.verb import conjugate, readings
from miaobi.craft.text.wordclass import word_class

_FIRST = {"i": 0, "me": 1, "my": 2, "mine": 3, "myself": 4}
_I = ("I", "me", "my", "mine", "myself")
_WE = {"we": "they", "us": "them", "our": "their", "ours": "theirs", "ourselves": "themselves"}
_AFTER_OBJECT = PREPOSITIONS | ADVERBS | DETERMINERS | set(PRONOUNS) | set(BE) | set(MODALS) | SEPARATING | {"to", "'s"}


@dataclass(frozen=True)
class Figure:
    """Who it is about."""

    name: str = ""
    pronoun: Pronoun = "she"

    @property
    def names(self) -> frozenset[str]:
        """The words of the name."""
        return frozenset(self.name.split())


@dataclass
class _Work:
    edits: list[Edit] = field(default_factory=list)
    left: list[Edit] = field(default_factory=list)

    def change(self, token: Token, new: str) -> None:
        if token.text[:1].isupper():
            new = new[:1].upper() + new[1:]
        self.put(token, new)

    def put(self, token: Token, new: str) -> None:
        if new != token.text:
            self.edits.append(Edit(token.start, token.end, token.text, new))

    def leave(self, token: Token, why: str) -> None:
        self.left.append(Edit(token.start, token.end, token.text, why))

    def shift(self, text: str) -> Shift:
        return Shift(apply(text, self.edits), tuple(self.edits), tuple(self.left))


def figure_of(text: str) -> Figure | None:
    """Return the figure a third-person text is about: its most frequent name, or the only gender; None if unclear."""
    words = re.findall(r"[A-Za-z]+", mask_speech(text))
    named = Counter(w for w in words if gender_of(w))
    if named:
        name, times = named.most_common(1)[0]
        gender = gender_of(name)
        if list(named.values()).count(times) == 1 and gender:
            return Figure(name, gender)
        return None
    low = {w.lower() for w in words}
    she, he = bool(low & {"she", "her", "hers"}), bool(low & {"he", "him", "his"})
    return Figure("", "she" if she else "he") if she != he else None


def to_first(text: str, figure: Figure) -> Shift:
    """Return the text told by *figure*."""
    work, tense = _Work(), told_in(text)
    other = False  # somebody else of the gender was spoken of last
    previous = 0
    for tokens in narration(text):
        if "\n\n" in re.sub(r"[ \t]", "", text[previous : tokens[0].start + 1]):
            other = False
        previous = tokens[-1].end
        other = _sentence_to_first(tokens, figure, tense, work, other)
    return work.shift(text)


def _sentence_to_first(tokens: Sequence[Token], figure: Figure, tense: Tense, work: _Work, other: bool) -> bool:
    finites = parse(tokens, tense).finites
    heads = {f.subject.head for f in finites if f.subject}
    clitics = {f.at for f in finites if tokens[f.at].low == "'s"}
    replaced: set[int] = set()
    for i, token in enumerate(tokens):
        if token.kind != "word":
            continue
        if token.text in figure.names:
            other = False
            _name_to_first(tokens, i, figure, heads, clitics, work, replaced)
        elif _is_other(tokens, i, figure):
            other = True
        elif token.low in FORMS[figure.pronoun]:
            if other:
                work.leave(token, "it may mean somebody else")
            else:
                _pronoun_to_first(tokens, i, figure.pronoun, work)
                replaced.add(i)
    for f in finites:
        if f.subject and f.subject.head in replaced and not f.subject.plural and f.tense == "present":
            work.change(tokens[f.at], _agree_first(tokens[f.at], f))
    return other


def _is_other(tokens: Sequence[Token], i: int, figure: Figure) -> bool:
    if figure.pronoun == "they":
        return False
    token = tokens[i]
    kin = word_class("female" if figure.pronoun == "she" else "male")
    return token.low in kin or (gender_of(token.text) == figure.pronoun and token.text not in figure.names)


def _name_to_first(
    tokens: Sequence[Token], i: int, figure: Figure, heads: set[int], clitics: set[int], work: _Work, replaced: set[int]
) -> None:
    """Replace a name of one or more words, with the 's that hangs on it."""
    token = tokens[i]
    if i and tokens[i - 1].text in figure.names:
        if tokens[i - 1].end == token.start - 1 and work.edits and work.edits[-1].end == tokens[i - 1].end:
            last = work.edits.pop()
            work.edits.append(Edit(last.start, token.end, last.old + " " + token.text, last.new))
            if i in heads:
                work.edits[-1] = Edit(last.start, token.end, last.old + " " + token.text, "I")
                replaced.add(i)
        return
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if after is not None and after.low == "'s" and i + 1 not in clitics:
        new = "My" if _begins(tokens, i) else "my"
        work.edits.append(Edit(token.start, after.end, token.text + after.text, new))
    elif i in heads:
        work.change(token, "I")
        replaced.add(i)
    else:
        joined = after is not None and after.low == "and"
        work.put(token, "I" if joined and _begins(tokens, i) else "me")


def _pronoun_to_first(tokens: Sequence[Token], i: int, pronoun: Pronoun, work: _Work) -> None:
    token = tokens[i]
    subject, object_, determiner, possessive, reflexive = FORMS[pronoun]
    if token.low == subject:
        work.change(token, "I")
        return
    if token.low == reflexive:
        role = 4
    elif object_ == determiner == token.low:
        role = _role_of_her(tokens, i)
    elif token.low == object_:
        role = 1
    elif determiner == possessive == token.low:
        role = 2 if _noun_follows(tokens, i) else 3
    else:
        role = 2 if token.low == determiner else 3
    if role < 0:
        work.leave(token, "of her or to her")
        return
    new = _I[role]
    work.change(token, new[0].upper() + new[1:] if token.text[0].isupper() else new)


def _role_of_her(tokens: Sequence[Token], i: int) -> int:
    """Return 1 for the object, 2 for the determiner, −1 where it can't be told."""
    if not _noun_follows(tokens, i):
        return 1
    after = tokens[i + 1].low
    tags = {t for _, t in readings().get(after, ())}
    if not tags or after in table("adjectives.en"):
        return 2
    before = next((tokens[k].low for k in range(i - 1, -1, -1) if tokens[k].low not in ADVERBS), "")
    governing = {base for base, _ in readings().get(before, ())}
    sensing = governing & (word_class("perceiving") | {"make", "let", "help", "watch", "keep", "leave", "have"})
    if tags == {"base"} and after not in table("noun_verbs.en"):
        return 1
    if tags & {"base", "ing"}:
        return -1 if sensing else 2
    return 2


def _noun_follows(tokens: Sequence[Token], i: int) -> bool:
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    return after is not None and after.kind == "word" and after.low not in _AFTER_OBJECT - {"next", "first"}


def _agree_first(token: Token, finite: Finite) -> str:
    if finite.kind == "be":
        return {"'s": "’m" if "’" in token.text else "'m", "is": "am"}.get(token.low, token.text)
    if finite.kind == "have":
        return {"'s": "’ve" if "’" in token.text else "'ve", "has": "have"}.get(token.low, token.text)
    if finite.kind == "modal":
        return token.text
    return "do" if finite.kind == "do" else finite.base


def to_third(text: str, figure: Figure) -> Shift:
    """Return a first-person text as told of *figure*: by name where a paragraph first says "I", then by pronoun."""
    work, tense = _Work(), told_in(text)
    named, previous = False, 0
    for tokens in narration(text):
        if not previous or "\n\n" in re.sub(r"[ \t]", "", text[previous : tokens[0].start + 1]):
            named = False
        previous = tokens[-1].end
        named = _sentence_to_third(tokens, figure, tense, work, named)
    return work.shift(text)


def _sentence_to_third(tokens: Sequence[Token], figure: Figure, tense: Tense, work: _Work, named: bool) -> bool:
    plural: dict[int, bool] = {}
    for i, token in enumerate(tokens):
        if token.kind != "word":
            continue
        if _is_other(tokens, i, figure):
            named = False
        if token.low in _WE:
            work.put(token, _cased(tokens, i, _WE[token.low]))
        elif token.low in _FIRST and (token.low != "i" or token.text == "I"):
            role = _FIRST[token.low]
            by_name = role == 0 and not named and bool(figure.name)
            new = figure.name if by_name else FORMS[figure.pronoun][role]
            named = named or by_name
            plural[i] = figure.pronoun == "they" and not by_name
            work.put(token, new if by_name else _cased(tokens, i, new))
    for f in parse(tokens, tense).finites:
        if f.subject and f.subject.head in plural and f.subject.person == 1:
            work.change(tokens[f.at], _agree_third(tokens[f.at], f, plural[f.subject.head]))
    return named


def _agree_third(token: Token, finite: Finite, plural: bool) -> str:
    mark = "’" if "’" in token.text else "'"
    if finite.kind == "be":
        one = {"'m": f"{mark}s", "am": "is", "was": "was", "were": "were"}
        many = {"'m": f"{mark}re", "am": "are", "was": "were"}
        return (many if plural else one).get(token.low, token.text)
    if plural or finite.kind == "modal" or finite.tense == "past":
        return token.text
    if finite.kind == "have":
        return f"{mark}s" if token.low == "'ve" else "has"
    return "does" if finite.kind == "do" else conjugate(finite.base).third


def _cased(tokens: Sequence[Token], i: int, new: str) -> str:
    return new[0].upper() + new[1:] if _begins(tokens, i) else new


def _begins(tokens: Sequence[Token], i: int) -> bool:
    """Tell whether the word begins its sentence: nothing but marks before it, or a whole speech."""
    before = [t for t in tokens[:i] if t.kind != "mark" or t.low in JOINING]
    return not before


def told_in(text: str) -> Tense:
    """Return the tense in which a text is told, by the count of its finite verbs."""
    counted = Counter(f.tense for tokens in narration(text) for f in parse(tokens).finites)
    return "present" if counted["present"] > counted["past"] else "past"
