"""Phrase: a chunk of an English idea: a thing, a verb, a preposition or a joint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from miaobi.craft.drawing.words.lexicon import OBJECTS, SUBJECTS
from miaobi.craft.text.verb import Tag

Kind = Literal["thing", "verb", "where", "joint", "adverb", "state"]


@dataclass(frozen=True)
class Phrase:
    """One phrase. ``word``: a noun, a pronoun, a verb's base, a preposition, a conjunction or a mark."""

    kind: Kind
    word: str
    id: str = ""  # of a thing: the subject that is drawn, "" for none
    many: bool = False
    owner: str = ""  # of a thing: the pronoun whose it is
    where: str = ""  # of a thing: where on it, told by a part of it (*the roof of the barn*)
    body: str = ""  # of a thing that is a part of a body: which (``acts_table("body")``)
    led: bool = False  # of a thing: whether a determiner or a number leads it, or it is a bare plural
    doing: str = ""  # of a thing: the verb that describes it (*a sleeping* elephant)
    tag: Tag | Literal["passive", "be"] = "base"  # of a verb
    to: bool = False  # of a verb: an infinitive

    @property
    def pronoun(self) -> bool:
        """Tell whether it stands for somebody named elsewhere."""
        return self.kind == "thing" and not self.id and self.word in SUBJECTS | OBJECTS

    @property
    def finite(self) -> bool:
        """Tell whether a verb can be a clause's own."""
        return self.kind == "verb" and self.tag in ("third", "past", "base", "be") and not self.to
