"""Phrases of an English idea: things, verbs, prepositions and joints, in their order.

A shallow parse after Abney 1991 (chunks), by closed classes, the forms of known verbs and where a word stands: after a
determiner a noun, after a noun a verb. What no generator draws is a thing as well (*her hat*), so that nobody else
takes its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from miaobi.craft.drawing.pigment import colour_words
from miaobi.craft.drawing.subjects.subject import PEOPLE, subjects
from miaobi.craft.drawing.words.act_words import done_by, gesture_of
from miaobi.craft.drawing.words.lexicon import (
    ADVERBS,
    AHEAD,
    AND,
    BE,
    CLAUSE,
    DEGREES,
    DETERMINERS,
    HAVE,
    MANY,
    MODALS,
    NOBODY,
    OBJECTS,
    OPEN,
    OWNERS,
    PART_THINGS,
    PARTICLES,
    QUANTITIES,
    RELATIVE,
    SEES,
    SUBJECTS,
    TOGETHER,
    TURNS,
    body_parts,
    closed,
    plural,
    plural_nouns,
    prepositions,
    states,
    thing_parts,
    verb_forms,
)
from miaobi.craft.drawing.words.mention import SOFT, STRONG, Mention
from miaobi.craft.drawing.words.phrase import Kind, Phrase
from miaobi.craft.text.name import is_given
from miaobi.craft.text.table import table
from miaobi.craft.text.verb import Tag


def phrases(low: str, marks: Mapping[int, str], found: Sequence[Mention]) -> list[Phrase]:
    """Return the phrases of the ``plain`` words *low*; *marks*: punctuation by the number of the word after it."""
    return _Reader(low, marks, found).read()


class _Reader:
    """Words on their way to phrases."""

    def __init__(self, low: str, marks: Mapping[int, str], found: Sequence[Mention]) -> None:
        self.words = low.split()
        self.marks = marks
        self.named = {len(low[: m.start].split()): (m, len(low[m.start : m.end].split())) for m in found}
        self.out: list[Phrase] = []

    def read(self) -> list[Phrase]:
        at = 0
        while at < len(self.words):
            if at in self.marks:
                self.out.append(Phrase("joint", self.marks[at]))
            at = self._next(at)
        if len(self.words) in self.marks:
            self.out.append(Phrase("joint", self.marks[len(self.words)]))
        return self.out

    def _next(self, at: int) -> int:
        """Read the phrase that begins at a word, and return where it ends."""
        word = self.words[at]
        if at in self.named:
            return self._thing(at)
        if f"{word} {''.join(self.words[at + 1 : at + 2])}" in states():  # cross-legged
            self.out.append(Phrase("state", f"{word} {self.words[at + 1]}"))
            return at + 2
        if word in OPEN and self._last("thing") and at not in self.marks and not self._noun_after(at):
            self.out.append(Phrase("state", word))
            return at + 1
        if word in states():
            self.out.append(Phrase("state", word, tag="past"))
            return at + 1
        if tuple(self.words[at : at + 3]) in TOGETHER:
            self.out.append(Phrase("adverb", "together"))
            return at + 3
        if word == "in" and (ahead := self._ahead(at)):
            self.out.append(Phrase("adverb", "ahead"))
            return ahead
        if word in BE | HAVE | MODALS:
            return self._auxiliary(at)
        if word == "to" and self._base(at + 1):
            return self._infinitive(at + 1)
        if word in RELATIVE and not (word == "that" and self._noun_after(at) and not self._last("thing")):
            self.out.append(Phrase("joint", word))
            return at + 1
        if word in AND | CLAUSE or (word in ("before", "after") and self._clause_after(at)):
            self.out.append(Phrase("joint", word if word in AND else "while"))
            return at + 1
        if place := self._where(at):
            return place
        if word in ("each", "one") and self.words[at + 1 : at + 2] in (["other"], ["another"]):
            self.out.append(Phrase("thing", "each other"))
            return at + 2
        if word in OWNERS and (word != "her" or self._owned(at + 1)):
            return self._thing(at)
        if word in NOBODY:
            self.out.append(Phrase("thing", word))
            return at + 1
        if word in SUBJECTS | OBJECTS:
            self.out.append(Phrase("thing", word, many=word in ("they", "them", "we", "themselves")))
            return at + 1
        if self._verb(at):
            base, tag = self._form(at)
            self.out.append(Phrase("verb", base, tag=tag))
            return at + 1
        if word in ADVERBS or word in TURNS | PARTICLES or (word.endswith("ly") and len(word) > 4):
            self.out.append(Phrase("adverb", word))
            return at + 1
        return self._thing(at)

    def _ahead(self, at: int) -> int:
        """Return where *in front* ends that has nothing after it, 0 for none."""
        for words in AHEAD:
            end = at + len(words)
            if tuple(self.words[at:end]) == words and (self.words[end : end + 1] != ["of"] or end in self.marks):
                return end
        return 0

    def _owned(self, at: int) -> bool:
        """Tell whether *her* before a word says whose that is."""
        if at >= len(self.words) or at in self.marks:
            return False
        word = self.words[at]
        return at in self.named or not (word in closed() or word in states() or word.endswith("ly"))

    def _last(self, kind: Kind) -> bool:
        """Tell whether the last phrase but adverbs is of a kind."""
        real = next((p for p in reversed(self.out) if p.kind != "adverb"), None)
        return real is not None and real.kind == kind

    def _before(self) -> Phrase | None:
        return next((p for p in reversed(self.out) if p.kind != "adverb"), None)

    def _where(self, at: int) -> int:
        """Read a preposition, with a part of a thing (*on the roof of*), and return where it ends, 0 for none."""
        for parts in prepositions():
            end = at + len(parts)
            if tuple(self.words[at:end]) != parts or any(i in self.marks for i in range(at + 1, end)):
                continue
            last = end >= len(self.words) or end in self.marks or self.words[end] in AND | CLAUSE | MODALS
            bare = last or (len(parts) == 1 and not self._noun_after(at, pronouns=True))
            if bare and parts[-1] in PARTICLES | TURNS and self.words[end : end + 1] not in (["which"], ["whom"]):
                return 0
            part, length = self._part(end)
            if part:
                self.out.append(Phrase("where", " ".join(parts), where=part))
                return end + length
            self.out.append(Phrase("where", " ".join(parts)))
            return end
        return 0

    def _part(self, at: int) -> tuple[str, int]:
        """Return where on a thing *the roof of* is, and how many words that has."""
        for end in range(at, min(at + 4, len(self.words) - 1)):
            if end in self.named and self.named[end][0].id not in PART_THINGS:
                return "", 0
            if self.words[end] in thing_parts() and self.words[end + 1] == "of":
                body = self.words[end] in body_parts() and self.words[end] != "back"
                return ("", 0) if body else (thing_parts()[self.words[end]], end + 2 - at)
            if not (self.words[end] in DETERMINERS or self._describes(end)):
                return "", 0
        return "", 0

    def _noun_after(self, at: int, *, pronouns: bool = False) -> bool:
        """Tell whether a noun phrase follows a word."""
        i = at + 1
        if i >= len(self.words) or i in self.marks:
            return False
        word = self.words[i]
        if i in self.named or word in DETERMINERS or word in OWNERS or word in NOBODY or self._describes(i):
            return True
        if pronouns and word in OBJECTS | {"one"}:
            return True
        if word in closed() or word in states() or (word.endswith("ly") and len(word) > 4):
            return False
        forms = {tag for _, tag in verb_forms(word)}
        return not forms or (
            word in table("noun_verbs.en") or (forms == {"third"} and word[:-1] in table("noun_verbs.en"))
        )

    def _clause_after(self, at: int) -> bool:
        """Tell whether *before*, *after* lead a clause: *before the rain comes*."""
        i = at + 1
        while i < len(self.words) and i < at + 5 and i not in self.marks:
            if i not in self.named and self.words[i] not in DETERMINERS and i > at + 1:
                return any(tag in ("third", "past") for _, tag in verb_forms(self.words[i]))
            i += 1
        return False

    def _base(self, at: int) -> bool:
        if at >= len(self.words) or at in self.named or at in self.marks:
            return False
        return any(tag == "base" for _, tag in verb_forms(self.words[at]))

    def _infinitive(self, at: int) -> int:
        base = next(base for base, tag in verb_forms(self.words[at]) if tag == "base")
        self.out.append(Phrase("verb", base, to=True))
        return at + 1

    def _auxiliary(self, at: int) -> int:
        """Read *is*, *has been*, *will* with the verb after it: *is being loaded*, *doesn't ride*."""
        passive = progressive = False
        i = at
        while i < len(self.words) and (i == at or i not in self.marks):
            word = self.words[i]
            if word in BE:
                passive, progressive = True, True
            elif word in HAVE:
                passive = False
            elif word in MODALS:
                pass
            elif word in ("not", "t", "n") or word in ADVERBS - {"there", "here"} or word.endswith("ly"):
                self.out.append(Phrase("adverb", word))
            else:
                break
            i += 1
        if i < len(self.words) and i not in self.marks and i not in self.named and self.words[i] not in states():
            for base, tag in verb_forms(self.words[i]):
                if tag == "ing" and progressive:
                    self.out.append(Phrase("verb", base, tag="third"))
                    return i + 1
                if tag == "base" and self.words[at] in MODALS:
                    self.out.append(Phrase("verb", base, tag="third"))
                    return i + 1
                if tag in ("past", "participle"):
                    self.out.append(Phrase("verb", base, tag="passive" if passive else "third"))
                    return i + 1
        self.out.append(Phrase("verb", "have" if self.words[at] in HAVE else "be", tag="be"))
        return i

    def _form(self, at: int) -> tuple[str, Tag]:
        """Return the verb of a word and its form as it stands here."""
        forms = verb_forms(self.words[at]) or [(self.words[at][:-1], "third")]
        wanted = [p for p in forms if p[1] == "base"] if self._takes_base() else []
        base, tag = (wanted or [p for p in forms if p[1] != "base"] or forms)[0]
        return base, "past" if tag == "participle" else tag

    def _takes_base(self) -> bool:
        before = self._before()
        if before is None:
            return False
        if before.kind == "thing":
            perceived = next((p for p in reversed(self.out[:-1]) if p.kind == "verb"), None)
            sees = perceived is not None and perceived.word in SEES
            return (
                before.many
                or sees
                or before.word in ("i", "you", "we", "they")
                or before.word in NOBODY
                or self._many()
            )
        if before.word == SOFT and self._many():
            return True
        if before.kind == "joint" and before.word in AND:
            verb = next((p for p in reversed(self.out) if p.kind == "verb"), None)
            return verb is not None and (verb.tag == "base")
        return (
            before.kind == "joint"
            and before.word in ("who", "that", "which")
            and self.out[-2:-1] != []
            and self.out[-2].many
        )

    def _many(self) -> bool:
        """Tell whether several are the subject of the clause so far: *knights on horseback* gather."""
        start = 0
        for i, phrase in enumerate(self.out):
            if phrase.kind == "joint" and phrase.word not in (SOFT, "and"):
                start = i + 1
        clause = [p for p in self.out[start:] if p.kind != "adverb"]
        if clause and clause[0].kind == "where":  # on a hill, a boy and a dog
            clause = clause[next((i + 1 for i, p in enumerate(clause) if p.word == SOFT), len(clause)) :]
        if not clause or clause[0].kind != "thing" or any(p.finite for p in clause):
            return False
        joined = len(clause) > 2 and clause[1].word == "and" and clause[2].kind == "thing"  # a king and a boy look
        return clause[0].many or joined

    def _verb(self, at: int) -> bool:
        """Tell whether a word is a verb where it stands."""
        word = self.words[at]
        tags = {tag for _, tag in verb_forms(word)}
        before = self._before()
        after = before is not None and before.kind == "thing"
        if not tags:
            return self._unlisted(at)
        bare = self._bare_noun(at + 1)
        if "ing" in tags:
            base = verb_forms(word)[0][0]
            if bare and not after:
                return bool(done_by(base)) or not gesture_of(base)
            return not (before is not None and before.kind == "where" and bare)
        if tags & {"past", "participle"} and not (tags & {"base"} and not self._takes_base() and not after):
            return not bare or after or (before is not None and before.kind == "joint")
        if "past" in tags and before is not None and before.kind == "joint" and before.word in AND:
            last = next((p for p in reversed(self.out) if p.finite), None)
            if last is not None and last.tag == "past" and self.words[at + 1 : at + 2] and not bare:
                return self.words[at + 1] in DETERMINERS or self.words[at + 1] in OWNERS  # sat and read a letter
        if "third" in tags:
            if before is None or before.kind == "where":
                return False
            things = sum(p.kind == "thing" or p.word in RELATIVE for p in self.out)
            if before.kind == "verb":  # the violin nobody plays hangs
                return before.finite and things > sum(p.finite for p in self.out)
            bare = at + 1 >= len(self.words) or at + 1 in self.marks or not self._noun_after(at + 1)
            listed = before.word == SOFT and bare and word in plural_nouns() and not any(p.finite for p in self.out)
            joined = before.kind == "joint" and things > 0 and word not in body_parts() and not listed
            return after or before.kind == "state" or joined
        return self._takes_base()

    def _unlisted(self, at: int) -> bool:
        """Tell whether a word in -s that no list has is a verb: *a violinist busks beneath*."""
        word, before = self.words[at], self._before()
        if before is None or before.kind != "thing" or before.many or at in self.marks or not word.endswith("s"):
            return False
        since = next((i for i, p in enumerate(reversed(self.out)) if p.word == STRONG), len(self.out))
        done = any(p.finite for p in self.out[len(self.out) - since :])
        return plural(word) and not done and not self._bare_noun(at + 1)

    def _bare_noun(self, at: int) -> bool:
        """Tell whether a noun without a determiner stands at a word."""
        if at >= len(self.words) or at in self.marks:
            return False
        word = self.words[at]
        if at in self.named:
            return True
        return word not in closed() and word not in states() and not word.endswith("ly") and not verb_forms(word)

    def _describes(self, at: int) -> bool:
        """Tell whether a word is an adjective or a number by a list."""
        if at in self.named:
            return False
        word = self.words[at]
        return (
            any(word in table(name) for name in ("adjectives.en", "numerals.en", "matter.en")) or word in colour_words()
        )

    def _thing(self, at: int) -> int:
        """Read a noun phrase, and return where it ends."""
        i, owner, many, led, single, bare, doing = at, "", False, False, False, True, ""
        while i < len(self.words) and (i == at or i not in self.marks or (bare and led and self._listed(i))):
            word = self.words[i]
            if i in self.named:
                return self._drawn(i, owner, many, led=led, doing=doing)
            if word in OWNERS:
                owner, led = OWNERS[word], True
            elif word in DETERMINERS or word in table("numerals.en"):
                many = many or word in table("numerals.en") or word in MANY
                led, single = True, single or word in ("a", "an", "one")
            elif word == "s" and i > at:  # whose it is
                owner = ""
            elif led and i > at and (word in DEGREES or (self._describes(i) and self._modifies(i, led, single))):
                pass
            elif (word in closed() - {"one", "ones"} and not (owner and word in body_parts())) or (
                word in states() and i > at
            ):
                break
            elif single and word in QUANTITIES and self.words[i + 1 : i + 2] == ["of"]:
                many, single = True, False
                i += 1  # a row of huts
            elif i > at and self._begins_doing(i):  # the other holding the basket
                break
            elif not (
                led and self._describes(i) and i + 1 in self.marks and self._listed(i + 1)
            ) and not self._modifies(i, led, single):
                if not led and self._describes(i):
                    self.out.append(Phrase("state", word))
                    return i + 1
                body = body_parts().get(word, "")
                self.out.append(Phrase("thing", word, many=many or plural(word), owner=owner, body=body, led=led))
                return self._beyond(i + 1)
            bare = word in DETERMINERS or self._describes(i)
            doing = (
                next((base for base, tag in verb_forms(word) if tag == "ing"), doing) if i > at or not led else doing
            )
            i += 1
        if i == at:
            self.out.append(Phrase("adverb", self.words[at]))
            return at + 1
        self.out.append(Phrase("thing", self.words[i - 1], many=many, owner=owner))
        return i

    def _listed(self, at: int) -> bool:
        """Tell whether a comma before a word stands between adjectives: *a small, stubborn sunflower*."""
        return (
            self.marks[at] == SOFT
            and self._describes(at - 1)
            and (at in self.named or self._describes(at) or (at + 1 in self.named and not verb_forms(self.words[at])))
        )

    def _begins_doing(self, at: int) -> bool:
        ing = any(tag == "ing" for _, tag in verb_forms(self.words[at]))
        before = self.words[at - 1] in ("other", "one", "another", "both", "all")
        return ing and before and not self._bare_noun(at + 1)

    def _modifies(self, at: int, led: bool, single: bool) -> bool:
        """Tell whether a word stands before its noun: *her straw* hat, *a burning* ship."""
        nxt = at + 1
        if nxt >= len(self.words) or nxt in self.marks:
            return False
        word, following = self.words[at], self.words[nxt]
        if following == "s":
            return True
        if nxt in self.named:
            mention = self.named[nxt][0]
            if is_given(mention.word.title()) and subjects()[mention.id].generator in PEOPLE:
                return self._describes(at)  # in the evening Nora sits
            return self._describes(at) or not plural(word) or not led
        last = nxt + 1 >= len(self.words) or nxt + 1 in self.marks
        beyond = (
            {tag for _, tag in verb_forms(self.words[nxt + 1])} if not last and nxt + 1 not in self.named else set()
        )
        if following in closed() or following in states() or (following.endswith("ly") and len(following) > 4):
            return False
        tags = {tag for _, tag in verb_forms(following)}
        if self._describes(at):
            return led or "third" not in tags  # in black, a widow places
        named = following.removesuffix("s") in table("noun_verbs.en") or following == "leaves"
        if (
            named and "third" in tags and ("base" in beyond or (not last and self.words[nxt + 1] in BE))
        ):  # autumn leaves fall
            return True
        if not tags and plural(following) and single and not plural(word):
            return False  # in a coat busks
        if {tag for _, tag in verb_forms(word)} & {"ing", "past", "participle"}:
            return bool(not tags or following in table("noun_verbs.en") or self._describes(nxt))
        if not tags or (self._describes(nxt) and not last and self._noun_after(nxt)):
            return True
        return tags == {"base"} and following in table("noun_verbs.en") and not plural(word)

    def _drawn(self, at: int, owner: str, many: bool, *, led: bool, doing: str) -> int:
        """Read a thing that a generator draws, with a part of it: *the barn roof*, *the elephant's back*."""
        mention, length = self.named[at]
        end = at + length
        several = mention.count > 1 or many or plural(self.words[end - 1])
        thing = Phrase("thing", self.words[end - 1], mention.id, several, owner, led=led or several, doing=doing)
        owned = self.words[end : end + 1] == ["s"] and end not in self.marks
        part = self.words[end + owned] if end + owned < len(self.words) and end + owned not in self.marks else ""
        only = end + owned not in self.named or self.named[end + owned][0].id in PART_THINGS
        if part and only and (part in thing_parts() or (owned and part in body_parts())):
            if owned and part in body_parts():
                self.out.append(replace(thing, body=body_parts()[part]))
                return end + owned + 1
            self.out.append(replace(thing, where=thing_parts()[part]))
            return end + owned + 1
        self.out.append(thing)
        return self._beyond(end)

    def _beyond(self, at: int) -> int:
        """Pass over a noun that what was named only describes: *a wheat* field, and return where it ends."""
        while at < len(self.words) and at not in self.marks and at not in self.named:
            word = self.words[at]
            known = word in closed() or word in states() or bool(verb_forms(word)) or word.endswith("ly")
            if known or self._describes(at) or self._unlisted(at):
                break
            at += 1
        return at
