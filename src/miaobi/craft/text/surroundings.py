"""What stands around a word of an English sentence: its clause, what governs it, its subject.

A clause (here: a segment) begins after a conjunction, a relative or a mark, or after quoted speech.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from miaobi.craft.text.subject import DETERMINERS, PREPOSITIONS, PRONOUNS, Subject, is_adverb, noun_phrase
from miaobi.craft.text.table import table
from miaobi.craft.text.token import Token
from miaobi.craft.text.verb import readings
from miaobi.craft.text.wordclass import word_class

Tense = Literal["past", "present"]
BE: dict[str, Tense] = {w: "past" if w in {"was", "were"} else "present" for w in word_class("be")}
MODALS: dict[str, Tense] = {
    w: "past" if w in {"would", "could", "might", "should"} else "present" for w in word_class("modal")
}
HAVE = frozenset({"have", "has", "had", "having", "'ve"})
BEING = frozenset({*BE, "be", "been", "being", "get", "gets", "got", "getting"})
DO = frozenset({"do", "does", "did"})
JOINING = word_class("joint")
SUBORDINATING = word_class("subordinator")
SEPARATING = JOINING | SUBORDINATING | {"(", ")", "…"}
RELATIVE = frozenset({"who", "which", "that"})


@dataclass(frozen=True)
class Finite:
    """A finite verb: its place in the sentence, its base form, its tense and who does it."""

    at: int
    base: str
    tense: Tense
    kind: Literal["be", "have", "do", "modal", "lexical"]
    subject: Subject | None


@dataclass(frozen=True)
class Undecided:
    """A word that may be a finite verb or something else."""

    token: Token
    tense: Tense  # that it would be in
    why: str


@dataclass
class Parse:
    """What was found in one sentence."""

    tokens: Sequence[Token]
    finites: list[Finite] = field(default_factory=list)
    undecided: list[Undecided] = field(default_factory=list)


class Surroundings:
    """A sentence that is read from left to right; ``start`` is where the segment in hand begins."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.low = [t.low for t in tokens]
        self.found = Parse(tokens)
        self.start = 0
        self.subordinate: set[int] = set()  # places of finite verbs in subordinate clauses

    def before(self, i: int) -> str:
        """Return the word before *i*, adverbs and not left out; "" at the beginning of the segment."""
        j = self._back(i)
        return self.low[j] if j >= self.start else ""

    def _back(self, i: int) -> int:
        j = i - 1
        while j >= self.start and is_adverb(self.low[j]) and self.low[j] != "there":
            j -= 1
        return j

    def _finite_here(self) -> Finite | None:
        """Return the last finite verb of the segment."""
        last = self.found.finites[-1] if self.found.finites else None
        return last if last and last.at >= self.start else None

    def governor(self, i: int) -> str:
        """Return what makes a verb at *i* non-finite: "to", "modal", "do", "have", "be", or ""."""
        j = self._back(i)
        if j < self.start:
            last = self.found.finites[-1] if self.found.finites else None
            if not last or last.kind == "lexical" or not self.start or self.low[self.start - 1] not in JOINING:
                return ""
            return last.kind if all(is_adverb(w) or w in JOINING for w in self.low[last.at + 1 : i]) else ""
        here = self._finite_here()
        if self.low[j] in PRONOUNS and here and here.at == self._back(j) and here.kind != "lexical":
            return here.kind  # "did she go", "had they known"
        inverted = here and here.at <= self.start + 1 and not noun_phrase(self.tokens, self.start, here.at)
        if here and inverted and here.kind != "lexical":
            return here.kind if not self._lexical_between(here.at, i) else ""
        word = self.low[j]
        if word in {"to", "let", "let's"}:
            return "to"
        kinds = ((HAVE, "have"), (BEING, "be"), (DO, "do"), (frozenset(MODALS), "modal"))
        kind = next((kind for words, kind in kinds if word in words), "")
        if word in {"'s", "'d"} and here and here.at == j:
            kind = here.kind
        return kind

    def _lexical_between(self, a: int, b: int) -> bool:
        def verbal(k: int) -> bool:
            low = self.low[k]
            known = low in readings() and low not in table("noun_verbs.en")
            return known and not is_adverb(low) and self.low[k - 1] not in DETERMINERS

        return any(verbal(k) for k in range(a + 1, b))

    def subject(self, i: int) -> Subject | None:
        """Return the subject of a finite verb at *i*."""
        here = self._finite_here()
        opener = self.low[self.start - 1] if self.start else ""
        if here and opener in RELATIVE and self._phrase_before(self.start - 1):
            return self._antecedent(self.start - 1)  # "the man who lives here keeps"
        if asked := self._asked(i):
            return asked
        start = here.at + 1 if here else self.start
        if here and start < i and here.kind != "lexical" and i - here.at > 1 and here.at <= self.start + 1:
            start = self.start
        found = noun_phrase(self.tokens, start, i)
        if found is None and here is None and opener in RELATIVE:
            return self._antecedent(self.start - 1) or Subject(3, False)
        if found is None:
            return self._taken_over(i)
        if opener == "and" and found.head >= 0 and self._phrase_before(self.start - 1):
            if inner := self._within(self.start - 1, i):
                return inner
            return Subject(found.person if found.person != 3 else 3, True, found.head)
        return found

    def _asked(self, i: int) -> Subject | None:
        """Return the subject that follows an auxiliary at the head of its clause: "does she", "where are the men"."""
        low = self.low[i]
        if i != self.start or not (low in BE or low in MODALS or low in DO | {"has", "have", "had"}):
            return None
        after = self.low[i + 2 : i + 3] if self.low[i + 1 : i + 2] == ["n't"] else self.low[i + 1 : i + 2]
        at = i + 2 if self.low[i + 1 : i + 2] == ["n't"] else i + 1
        if after and after[0] in PRONOUNS:
            return Subject(*PRONOUNS[after[0]], at)
        if after and after[0] in DETERMINERS:
            return noun_phrase(self.tokens, at, min(at + 2, len(self.low)))
        return None

    def _taken_over(self, i: int) -> Subject | None:
        inverted = None
        if (self.start < i and self.low[self.start] in PREPOSITIONS) or self.low[self.start : self.start + 1] == [
            "there"
        ]:
            end = next(
                (k for k in range(i + 1, len(self.low)) if self.low[k] in SEPARATING | PREPOSITIONS), len(self.low)
            )
            inverted = noun_phrase(self.tokens, i + 1, end)
        speech = i > 0 and self.tokens[i - 1].kind == "speech"
        if speech:
            end = next((k for k in range(i + 1, len(self.low)) if self.tokens[k].kind != "word"), len(self.low))
            inverted = noun_phrase(self.tokens, i + 1, end)
        if inverted:
            return inverted
        if (relative := self.closed_relative()) >= 0:
            return self._antecedent(relative)
        if self.found.finites and not speech:
            joint = self.start - 1
            main = [f for f in self.found.finites if f.at not in self.subordinate]
            after_comma = joint > 0 and self.low[joint - 1] == "," and self.low[joint] in JOINING
            return (main[-1] if main and after_comma else self.found.finites[-1]).subject
        return self._antecedent(self.start - 1) if self.start else None

    def closed_relative(self) -> int:
        """Return where the clause begins that ends before the segment ("men, who feared him, left"), or −1."""
        if not self.start or self.low[self.start - 1] != ",":
            return -1
        begin = next((k for k in range(self.start - 2, -1, -1) if self.low[k] in SEPARATING), -1)
        relative = begin > 0 and self.low[begin] in word_class("relative_word") and self.low[begin - 1] == ","
        return begin if relative and self._phrase_before(begin - 1) else -1

    def _antecedent(self, at: int) -> Subject | None:
        """Return the noun phrase right before place *at*, across a comma."""
        end = at
        while end and self.low[end - 1] in {","}:
            end -= 1
        start = end
        while start and self.low[start - 1] not in SEPARATING and self.tokens[start - 1].kind == "word":
            start -= 1
        for k in range(end - 1, start - 1, -1):  # the nearest noun, not the head before "of"
            if self.low[k] in DETERMINERS or self.low[k] in PREPOSITIONS:
                return noun_phrase(self.tokens, k if self.low[k] in DETERMINERS else k + 1, end)
        return noun_phrase(self.tokens, start, end)

    def _within(self, joint: int, end: int) -> Subject | None:
        """Return the whole's subject where "and" joins two things of one "of": "a smell of smoke and onions"."""
        start = joint
        while start and self.low[start - 1] not in SEPARATING and self.tokens[start - 1].kind == "word":
            start -= 1
        of = any(w in PREPOSITIONS for w in self.low[start + 1 : joint])
        bare = self.low[joint + 1] not in DETERMINERS and not self.tokens[joint + 1].text[:1].isupper()
        return noun_phrase(self.tokens, start, end) if of and bare and self.low[joint + 1] not in PRONOUNS else None

    def _phrase_before(self, joint: int) -> bool:
        """Tell whether a noun phrase without a verb stands before the "and" at *joint*."""
        start = joint
        while start and self.low[start - 1] not in SEPARATING and self.tokens[start - 1].kind == "word":
            start -= 1
        if any(start <= f.at < joint for f in self.found.finites) or start == joint:
            return False
        return (
            self.low[start] not in PREPOSITIONS
            and not is_adverb(self.low[joint - 1])
            and not self.low[joint - 1].endswith("ing")
        )
