"""Going on from a person's text, and other ways of saying a passage of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from miaobi.assist.passage import Stretch
from miaobi.assist.pen import Pen, openers_for
from miaobi.craft.text.finite import parse
from miaobi.craft.text.sentence import capital, ends, length, sentences
from miaobi.craft.text.shortening import plain
from miaobi.craft.text.token import narration
from miaobi.errors import BriefError, DraftError

_PARAGRAPH = 5  # sentences after which a new one begins
_JOINTS = "when|while|because|although|before|after|until|if|as soon as"
_PLAIN = '[^,;:“”"]+'
_CLAUSE = re.compile(rf"^(?P<main>[A-Z]{_PLAIN}?),? (?P<word>{_JOINTS}) (?P<rest>{_PLAIN})\.$")
_FRONTED = re.compile(rf"^(?P<word>(?i:{_JOINTS})) (?P<rest>{_PLAIN}), (?P<main>{_PLAIN})\.$")


@dataclass(frozen=True)
class Alternative:
    """Another way of saying a passage, and whose words it is."""

    text: str
    author: Literal["engine", "craft"]
    how: str


def go_on(text: str, wanted: int, pen: Pen) -> str:
    """Return *wanted* words or more that go on from *text*, all the engine's; DraftError when none are good enough."""
    whole = text.rstrip()
    added: list[str] = []
    told = ""
    if whole and not ends(whole, pen.language):
        head = whole[: len(whole) - len(_fragment(whole, pen))]
        fragment = whole[len(head) :]
        options = pen.options("end", head.rstrip(), fragment, fragment=True)
        if options:
            told = options[0][len(fragment) :]
            pen.memory.add(options[0])
    failures = 0
    space = " " if pen.language == "en" else ""
    while length(told, pen.language) < wanted and failures < 3:
        pen.desk.say(f"sentence {len(added) + 1}", min(length(told, pen.language) / wanted, 1.0))
        before = whole + told
        sentence = pen.sentence(f"continue:{len(added)}:{failures}", before, openers_for(before, pen.voice, text))
        if not sentence:
            failures += 1
            continue
        parted = bool(added) and len(added) % _PARAGRAPH == 0
        told += ("\n\n" if parted else space) + sentence
        added.append(sentence)
    if not told.strip():
        raise DraftError(
            "The engine wrote no continuation that is good enough.",
            "Try another seed (--seed) or a stronger checkpoint.",
        )
    return told


def _fragment(text: str, pen: Pen) -> str:
    last = sentences(text.rsplit("\n", 1)[-1], pen.language)
    return last[-1] if last else ""


def alternatives(text: str, where: Stretch, count: int, pen: Pen) -> list[Alternative]:
    """Return at most *count* other ways of saying the passage, the best first; DraftError when there is none."""
    if not where.text.strip():
        raise BriefError("The passage is empty.", "Quote the words: --passage “…”, or give --lines 10-12.")
    before = text[: where.start].rstrip()
    said = where.text.strip()
    found: dict[str, Alternative] = {}
    for turn, opener in enumerate(_openings(said, pen)):
        for option in pen.options(f"alternative:{turn}", before, opener, about=said)[:count]:
            if option != said:
                found.setdefault(option, Alternative(option, "engine", "written anew"))
    pen.desk.say("ranking", 0.9)
    for other, how in _rewordings(said, pen):
        found.setdefault(other, Alternative(other, "craft", how))
    if not found:
        raise DraftError("No alternative is good enough.", "Try another seed (--seed) or a stronger checkpoint.")
    near = dict(zip(found, pen.desk.relevance(said, list(found)), strict=True))
    ranked = sorted(found.values(), key=lambda a: -float(near[a.text]))
    ruled = [a for a in ranked if a.author == "craft"][
        : max(count // 3, 1)
    ]  # these keep what is said: some always stand
    written = [a for a in ranked if a.author == "engine"][: max(count - len(ruled), 0)]
    return [a for a in ranked if a in ruled or a in written][:count]


def _openings(said: str, pen: Pen) -> list[str]:
    """Return beginnings for another way of saying it: its own subject first."""
    if pen.language == "zh":
        return [*(c for c in ("他", "她", "我") if said.startswith(c)), ""]
    found = []
    tokens = next(iter(narration(said)), [])
    first = parse(tokens).finites[:1] if tokens else []
    if first and 0 < first[0].at <= 5:
        found.append(said[: tokens[first[0].at].start].rstrip())
    return [*found, *(o for o in openers_for(said, pen.voice) if o not in found)][:4]


def _rewordings(said: str, pen: Pen) -> list[tuple[str, str]]:
    """Return what rules make of the passage: clauses the other way round, parted sentences, without asides."""
    found = []
    if pen.language == "en":
        if m := _CLAUSE.match(said):
            main = (
                m["main"]
                if m["main"].startswith("I ") or m["main"].split()[0] in pen.voice.names
                else _lower(m["main"])
            )
            found.append((f"{capital(m['word'])} {m['rest']}, {main}.", "the clause first"))
        if m := _FRONTED.match(said):
            found.append((f"{capital(m['main'])} {m['word'].lower()} {m['rest']}.", "the clause last"))
        if re.search(r", and (?=he |she |it |they |I |we |the )", said) and len(sentences(said)) == 1:
            first, rest = re.split(r", and (?=he |she |it |they |I |we |the )", said, maxsplit=1)
            found.append((f"{first}. {capital(rest)}", "in two sentences"))
    less = plain(said, pen.language).text
    if less != said:
        found.append((less, "without asides"))
    return [(text, how) for text, how in found if text != said]


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]
