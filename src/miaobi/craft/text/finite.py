"""The finite verbs of an English sentence: which words carry the tense, of what verb, with what subject.

No tagger: a word is judged by its form, by what stands right before it (a determiner makes it a noun, an auxiliary an
infinitive or participle, "to" an infinitive) and by whether its clause has a finite verb already. Where a form is a
noun's or a participle's as well and neither decides, it is reported and not guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from miaobi.craft.text.subject import DETERMINERS, PREPOSITIONS, PRONOUNS, is_adverb, is_plural, noun_phrase
from miaobi.craft.text.surroundings import (
    BE,
    BEING,
    DO,
    HAVE,
    JOINING,
    MODALS,
    RELATIVE,
    SEPARATING,
    SUBORDINATING,
    Finite,
    Parse,
    Surroundings,
    Tense,
    Undecided,
)
from miaobi.craft.text.table import table
from miaobi.craft.text.token import Token
from miaobi.craft.text.verb import bases_of, readings
from miaobi.craft.text.wordclass import word_class

_PERCEIVING = word_class("perceiving")
_OBJECTS = word_class("object")
_COPULAR = word_class("copular")
_STATES = word_class("state")


def parse(tokens: Sequence[Token], told: Tense = "present") -> Parse:
    """Find the finite verbs of one sentence; a form of both tenses (``lay``) is taken for the tense that is *told*."""
    return _Scan(tokens, told).run()


class _Scan(Surroundings):
    def __init__(self, tokens: Sequence[Token], told: Tense) -> None:
        super().__init__(tokens)
        self.told = told
        self.infinitive = -1  # place of the last verb after "to", a modal or do

    def run(self) -> Parse:
        for i, token in enumerate(self.tokens):
            if token.kind == "speech" or (token.low in SEPARATING and not self._is_determiner_that(i)):
                self.start = i + 1
            elif token.kind == "word":
                self._word(i)
        return self.found

    def _is_determiner_that(self, i: int) -> bool:
        return self.low[i] == "that" and i + 1 < len(self.low) and i > 0 and self.low[i - 1] in PREPOSITIONS

    def _word(self, i: int) -> None:
        low = self.low[i]
        if low in {"'s", "'d"}:
            self._clitic(i)
        elif low in BE:
            self._add(i, "be", "be", BE[low])
        elif low in MODALS:
            if self.before(i) not in DETERMINERS and not (low == "may" and self.tokens[i].text == "May" and i):
                self._add(i, low, "modal", MODALS[low])
        elif low in {"have", "has", "had", "'ve"}:
            self._have(i)
        elif low in DO:
            self._do(i)
        elif low in readings():
            self._lexical(i)
        elif low.endswith("s") and self.before(i) in {"he", "she", "it"} and not (low.endswith("ss") or is_adverb(low)):
            self._undecided(i, "present", "an unknown verb, or no verb")
        elif (
            low.endswith("ed")
            and len(low) > 4
            and not self._finite_here()
            and not self._is_nominal(i)
            and i > self.start
        ):
            self._undecided(i, "past", "an unknown verb")

    # --- judging --------------------------------------------------------------------------------------------------

    def _add(self, i: int, base: str, kind: Literal["be", "have", "do", "modal", "lexical"], tense: str) -> None:
        if self.start and self.low[self.start - 1] in SUBORDINATING:
            self.subordinate.add(i)
        self.found.finites.append(Finite(i, base, tense, kind, self.subject(i)))  # type: ignore[arg-type]

    def _undecided(self, i: int, tense: Tense, why: str) -> None:
        self.found.undecided.append(Undecided(self.tokens[i], tense, why))

    def _clitic(self, i: int) -> None:
        host, after = self.low[i - 1], self._after(i)
        tags = {t for _, t in readings().get(after, ())}
        if self.low[i] == "'d":
            had = after in {"better", "been", "had"} or ("participle" in tags and "base" not in tags)
            if had or "base" in tags or after in {"be", "have", "do"}:
                self._add(i, "have" if had else "would", "have" if had else "modal", "past")
            else:
                self._undecided(i, "past", "'d is had or would")
            return
        pronoun = host in PRONOUNS or host in {"that", "what", "where", "here", "how", "this"}
        plainly = after in word_class("plain_complement")
        if not pronoun and not plainly:
            if after.endswith("ing") and "ing" in tags:
                self._undecided(i, "present", "'s is is, or a possessive")
            return
        participle = "participle" in tags and "base" not in tags
        object_ = after and self._has_object(self.low.index(after, i))
        if after in {"been", "got", "had"} or (participle and (object_ or after not in _STATES)):
            self._add(i, "have", "have", "present")
        else:
            self._add(i, "be", "be", "present")

    def _after(self, i: int) -> str:
        j = i + 1
        while j < len(self.low) and is_adverb(self.low[j]) and self.low[j] not in {"not", "there", "here", "too"}:
            j += 1
        return self.low[j] if j < len(self.low) else ""

    def _have(self, i: int) -> None:
        low, governor = self.low[i], self.governor(i)
        if (governor in {"to", "modal", "do"} and low in {"have", "'ve"}) or governor == "have":
            return
        if low == "have" and not self._plural_before(i):
            return
        self._add(i, "have", "have", "past" if low == "had" else "present")

    def _do(self, i: int) -> None:
        low = self.low[i]
        if low == "do":
            asked = i == self.start and i + 1 < len(self.low) and self.low[i + 1] in {"i", "you", "we", "they", "n't"}
            if self.governor(i) in {"to", "modal", "do"} or not (asked or self._plural_before(i)):
                return
        if low != "did" or self.governor(i) != "have":
            self._add(i, "do", "do", "past" if low == "did" else "present")

    def _plural_before(self, i: int) -> bool:
        found = self.subject(i)
        return bool(found and not found.third_singular)

    def _lexical(self, i: int) -> None:
        tags = {t for _, t in readings()[self.low[i]]}
        governor = self.governor(i)
        if governor in {"to", "modal", "do"} and "base" in tags:
            self.infinitive = i
            return
        if governor in {"have", "be"} and "participle" in tags:
            return
        if self._is_nominal(i) or tags == {"ing"}:
            return
        if "third" in tags:
            self._third(i)
        elif "past" in tags and ("base" not in tags or self.told == "past" or not self._plural_before(i)):
            self._past(i, "participle" in tags)
        elif "base" in tags:
            self._base(i)

    def _is_nominal(self, i: int) -> bool:
        """Tell whether what stands right before makes the word a noun or an adjective."""
        raw = self.low[i - 1] if i > self.start else ""
        if (
            (raw in DETERMINERS and raw not in {"which", "what", "all", "both", "that", "this", "some"})
            or raw == "'s"
            or raw.endswith("s'")
        ):
            return True
        if raw in table("adjectives.en") and i - 2 >= self.start and self.low[i - 2] in DETERMINERS:
            return True
        return raw in PREPOSITIONS - word_class("particle")

    def _third(self, i: int) -> None:
        low = self.low[i]
        base = bases_of(low, "third")[0]
        before, here = self.before(i), self._finite_here()
        if low not in table("noun_verbs.en") and base not in table("noun_verbs.en"):
            self._add(i, base, "lexical", "present")
            return
        if before in {"he", "she", "it", "who"} or (before in {"which", "that"}):
            self._add(i, base, "lexical", "present")
        elif before and here is None:
            subject = self.subject(i)
            if subject and not self._finite_follows(i, base):
                if subject.third_singular:
                    self._add(i, base, "lexical", "present")
                else:
                    self._undecided(i, "present", "a verb or a plural noun")
        elif here is not None:
            said = here.kind == "lexical" and here.base in table("saying.en") and self.subject(i) and here.at < i - 1
            between = noun_phrase(self.tokens, here.at + 1, i)
            if said or self._main_after_relative() or (between and between.third_singular and self._has_object(i)):
                self._add(i, base, "lexical", "present")
        else:
            self._joined_third(i, base)

    def _joined_third(self, i: int, base: str) -> None:
        """Judge "… and looks": a verb after one of the same subject, unless a plural noun stands before the joint."""
        last = self.found.finites[-1] if self.found.finites else None
        opener = self.low[self.start - 1] if self.start else ""
        if (
            (self.start and self.tokens[self.start - 1].kind == "speech")
            or opener in RELATIVE
            or (last is None and opener == "," and self._waiting())
        ):
            self._add(i, base, "lexical", "present")
        elif last and (subject := self.subject(i)) and subject.third_singular and opener in JOINING:
            joint = next(k for k in range(self.start - 1, -1, -1) if self.low[k] not in JOINING)
            noun = joint != last.at and is_plural(self.tokens[joint]) and self.tokens[joint].kind == "word"
            if noun and not self._has_object(i) and self._after(i) != "to":
                self._undecided(i, "present", "a verb or a plural noun")
            else:
                self._add(i, base, "lexical", "present")

    def _main_after_relative(self) -> bool:
        """Tell whether the segment is a relative clause with its verb, after a noun phrase that waits for its own."""
        opener = self.low[self.start - 1] if self.start else ""
        own = sum(f.at >= self.start for f in self.found.finites)
        return own == 1 and (opener == "what" or (opener in RELATIVE and self._phrase_before(self.start - 1)))

    def _finite_follows(self, i: int, base: str, lenient: bool = False) -> bool:
        """Tell whether a plain finite verb follows in the segment: the word at *i* is then a noun or participle."""
        if base in table("saying.en"):
            return False
        for k in range(i + 1, len(self.low)):
            low = self.low[k]
            if low in SEPARATING or self.tokens[k].kind != "word" or low in PRONOUNS:
                return False
            tags = {t for _, t in readings().get(low, ())}
            sure = (
                tags
                and tags <= {"third", "past"}
                and low not in table("noun_verbs.en")
                and not ("third" in tags and bases_of(low, "third")[0] in table("noun_verbs.en"))
            )
            ed = "past" in tags and "base" not in tags and self.low[k - 1] not in DETERMINERS | BEING | HAVE
            if k == i + 1 and base in _COPULAR:
                ed = False  # "stay closed"
            plain = low in BE or low in MODALS or low in {"has", "had", "does", "did"}
            if plain or sure or ed or (lenient and "third" in tags and self.low[k - 1] not in DETERMINERS):
                return True
        return False

    def _past(self, i: int, participle: bool) -> None:
        low = self.low[i]
        base = bases_of(low, "past")[0]
        if low == "used" and self._after(i) == "to":
            return
        before, here = self.before(i), self._finite_here()
        if (self._personal(before) and self.governor(i) not in {"have", "be"}) or not participle:
            self._add(i, base, "lexical", "past")
        elif here is not None:
            between = noun_phrase(self.tokens, here.at + 1, i)
            said = here.kind == "lexical" and here.base in table("saying.en") and between
            if said and here.base in _PERCEIVING and self._after(i) in PREPOSITIONS:
                if low not in _STATES:
                    self._undecided(i, "past", "a finite verb or a participle")
            elif self._after(i) != "by" and (said or self._main_after_relative() or (between and self._has_object(i))):
                self._add(i, base, "lexical", "past")
        elif before:
            if self.start and self.low[self.start - 1] in RELATIVE:
                self._add(i, base, "lexical", "past")  # "that her neighbour kept"
            elif self._in_apposition(i):
                self._undecided(i, "past", "a finite verb or a participle")
            elif not self._finite_follows(i, base, lenient=low in _STATES):
                self._add(i, base, "lexical", "past")
            elif low not in _STATES and self._after(i) != "by":
                self._undecided(i, "past", "a finite verb or a participle")
        else:
            self._joined_past(i, base)

    def _in_apposition(self, i: int) -> bool:
        """Tell whether the verb stands between commas after a noun phrase, another verb after the second comma."""
        if (
            not self.start
            or self.low[self.start - 1] != ","
            or self._has_object(i)
            or not self._phrase_before(self.start - 1)
        ):
            return False
        return self._verb_after_comma(i)

    def _joined_past(self, i: int, base: str) -> None:
        opener = self.low[self.start - 1] if self.start else ""
        last = self.found.finites[-1] if self.found.finites else None
        speech = bool(self.start and self.tokens[self.start - 1].kind == "speech")
        if speech or opener in RELATIVE:
            self._add(i, base, "lexical", "past")
        elif last is None and opener == "," and self._waiting():
            if not self._verb_after_comma(i):  # "the garden, flooded since Tuesday, shone"
                self._add(i, base, "lexical", "past")
        elif last is None or opener not in JOINING:
            if opener not in SUBORDINATING and self.start and self.low[i] not in _STATES:
                self._undecided(i, "past", "a finite verb or a participle")
        elif self.closed_relative() >= 0:
            self._add(i, base, "lexical", "past")
        elif opener == "," and ((self.low[i] in _STATES and not self._has_object(i)) or self._after(i) == "by"):
            return
        elif last.kind in {"be", "have"} and self._participle_between(last.at, i) and not self._has_object(i):
            return  # "was washed and dried", "had eaten and slept"
        else:
            self._add(i, base, "lexical", "past")

    def _personal(self, before: str) -> bool:
        """Tell whether the word before is a pronoun that can only be the verb's subject."""
        here = self._finite_here()
        object_ = here is not None and here.kind == "lexical" and here.base not in table("saying.en")
        return before in PRONOUNS and not (object_ and before in word_class("indefinite") | {"it", "you"})

    def _verb_after_comma(self, i: int) -> bool:
        """Tell whether no finite verb stands up to the next comma, and one right after it."""
        end = self.low.index(",", i) if "," in self.low[i:] else len(self.low) - 1
        tags = {t for _, t in readings().get("".join(self.low[end + 1 : end + 2]), ())}
        plain = not any(w in PRONOUNS or w in BE or w in MODALS for w in self.low[i + 1 : end])
        return self.low[end] == "," and plain and bool(tags & {"past", "third"})

    def _waiting(self) -> bool:
        """Tell whether the sentence begins with a noun phrase and a comma: a subject that waits for its verb."""
        comma = self.low.index(",")
        first = self.tokens[0]
        plain = first.low in DETERMINERS or (first.text[:1].isupper() and first.low not in readings())
        return plain and noun_phrase(self.tokens, 0, comma) is not None

    def _participle_between(self, a: int, b: int) -> bool:
        after = self._after(a)
        return any(t == "participle" for _, t in readings().get(after, ())) and after not in _STATES and a < b

    def _has_object(self, i: int) -> bool:
        return self._after(i) in DETERMINERS | _OBJECTS

    def _base(self, i: int) -> None:
        base, before, here = self.low[i], self.before(i), self._finite_here()
        if bases_of(base, "past") not in ([], [base]) and not self._has_object(i):
            return  # "they lay on the grass": the past of lie
        if before in {"i", "we", "they"} or (before == "you" and here is None):
            self._add(i, base, "lexical", "present")
        elif before and here is None:
            subject = self.subject(i)
            noun = base in table("noun_verbs.en") and self._finite_follows(i, base)
            if subject and not subject.third_singular and not noun:
                self._add(i, base, "lexical", "present")
        elif before and self._main_after_relative():
            if self._plural_before(i):
                self._add(i, base, "lexical", "present")
        elif not before:
            self._joined_base(i, base)

    def _joined_base(self, i: int, base: str) -> None:
        last = self.found.finites[-1] if self.found.finites else None
        opener = self.low[self.start - 1] if self.start else ""
        if opener in RELATIVE:
            antecedent = self._antecedent(self.start - 1)
            if antecedent and antecedent.plural:
                self._add(i, base, "lexical", "present")
            return
        plural = last and last.tense == "present" and self._plural_before(i)
        if not (plural and last and opener in JOINING) or self.infinitive > last.at or last.kind in {"modal", "do"}:
            return
        joint = next(k for k in range(self.start - 1, -1, -1) if self.low[k] not in JOINING)
        if base not in table("noun_verbs.en") or joint == last.at or is_adverb(self.low[joint]) or self._has_object(i):
            self._add(i, base, "lexical", "present")
        else:
            self._undecided(i, "present", "a verb or a noun")
