"""Motif: what an English idea names, as a story can name it again: “the message in the bottle”, “the mountain”."""

from __future__ import annotations

import re

from miaobi.craft.text.idea import Idea
from miaobi.craft.text.sentence import words

_DETERMINED = re.compile(
    r"\b(?P<first>an?|the|(?<!no )(?<!any )one|two|three|his|her|their) "
    r"(?P<rest>(?:(?!the|an?\b)[a-z-]+ ){0,2}?[a-z-]+)"
    r"(?=$|[,.;:!?]| (?:in|on|under|over|across|from|of|with|at|to|for|into|before|after|by|through|and|who|that|which"
    r"|where|left|told|came|went|fell|began|met|out|up|down|home|north|south|east|west|asleep|[a-z]+(?:s|ed))\b)"
)
_TAIL = re.compile(r"(?: (?:in|under|on|from|of|with|that|who|which|told by) [a-z' -]+)?")
_LONGEST = 8  # words of a motif
_TIMES = re.compile(  # they name when, or nothing that can be seen
    "week|night|day|year|time|morning|evening|hour|month|summer|winter|spring|autumn|minute|moment"
    "|middle|way|side|end|face|dream"
)


def motifs_of(idea: Idea) -> tuple[str, ...]:
    """Return the definite phrases of what the deed names: the thing, bare and with what is said of it, then the others.

    >>> from miaobi.craft.text.idea import read_idea
    >>> motifs_of(read_idea("A girl teaches a crow to carry letters over the mountain"))
    ('the crow', 'the mountain')
    >>> motifs_of(read_idea("A clockmaker repairs a watch that runs backwards"))
    ('the watch', 'the watch that ran backwards')
    """
    found: list[str] = []
    whole = ""
    for match in _DETERMINED.finditer(idea.deed):
        head = match["rest"].split()[-1]
        own = match["first"] in {"his", "her", "their"}
        if _TIMES.fullmatch(head) or (own and found) or match["first"] in {"two", "three"}:
            continue
        said = f"{match['first'] if own else 'the'} {match['rest']}"
        if not found and head == idea.head and (tail := _tail(idea.deed[match.end() :])):
            whole = said + tail
        found.append(said)
    place = re.sub(r"^\w+ (?:an?|the) ", "the ", idea.place)
    if place.startswith("the "):
        found.append(place)
    heads = [words(said)[-1] for said in found]
    plain = [said for i, said in enumerate(found) if heads[i] not in heads[:i]]
    return (*plain[:1], *([whole] if whole else []), *plain[1:])


def _tail(after: str) -> str:
    """Return what the deed says of its thing behind it, up to the next clause, where it is short."""
    said = re.split(r" and |,", after)[0]
    match = _TAIL.match(said)
    whole = match is not None and match.end() == len(said)
    return said if whole and len(words(said)) <= _LONGEST else ""
