"""A second checker of English verse, written apart: its own reading of the dictionary file, none of our prosody.

It knows nothing of metre. It counts syllables and tells rhymes, and judges a poem by a scheme and by how many syllables
each line may have.
"""

from __future__ import annotations

import functools
import gzip
import itertools
import re
from importlib.resources import files

VOWEL = re.compile(r"\d$")


@functools.cache
def book() -> dict[str, list[list[str]]]:
    raw = (files("miaobi") / "craft" / "data" / "en" / "cmudict.txt.gz").read_bytes()
    out: dict[str, list[list[str]]] = {}
    for row in gzip.decompress(raw).decode().split("\n"):
        if row:
            word, said = row.split("\t")
            out[word] = [way.split() for way in said.split("|")]
    return out


def ways(word: str) -> list[list[str]]:
    low = word.lower().replace("’", "'")
    if low in book():
        return book()[low]
    for ending, sound in (("'s", ["Z"]), ("s", ["Z"])):
        if low.endswith(ending) and low[: -len(ending)] in book():
            return [way + sound for way in book()[low[: -len(ending)]]]
    for cut in range(3, len(low) - 2):  # streetlamp
        if low[:cut] in book() and low[cut:] in book():
            return [a + b for a in book()[low[:cut]] for b in book()[low[cut:]]]
    return []


def tokens(line: str) -> list[str]:
    return [t for t in re.split(r"[^A-Za-z'’]+", line) if re.search("[A-Za-z]", t)]


def counts(line: str) -> set[int]:
    each = [{sum(bool(VOWEL.search(p)) for p in way) for way in ways(w)} for w in tokens(line)]
    return {sum(combination) for combination in itertools.product(*each)}


def unknown(line: str) -> list[str]:
    return [w for w in tokens(line) if not ways(w)]


def tails(word: str) -> set[tuple[tuple[str, ...], tuple[str, ...]]]:
    """(the consonants before the rhyme, the rhyme) for each way to say a word."""
    out = set()
    for way in ways(word):
        at = max((i for i, p in enumerate(way) if p[-1] in "12"), default=0)
        before = []
        for phone in reversed(way[:at]):
            if VOWEL.search(phone):
                break
            before.insert(0, phone)
        out.add((tuple(before), tuple(p.rstrip("012") for p in way[at:])))
    return out


def rhymes(a: str, b: str) -> bool:
    return any(x[1] == y[1] and x[0] != y[0] for x in tails(a) for y in tails(b))


def faults(lines: list[str], scheme: str, allowed: list[set[int]]) -> list[str]:
    """What is wrong. *scheme*: a letter a line, x for none; a lower-case letter marks a line that comes back."""
    found = []
    for i, (line, legal) in enumerate(zip(lines, allowed, strict=True)):
        if strange := unknown(line):
            found.append(f"{i + 1}: not in the dictionary: {strange}")
        elif not counts(line) & legal:
            found.append(f"{i + 1}: {counts(line)} syllables, not {legal}: {line}")
    for i, j in itertools.combinations(range(len(lines)), 2):
        if scheme[i] != "x" and scheme[i].upper() == scheme[j].upper() and lines[i] != lines[j]:
            a, b = tokens(lines[i])[-1], tokens(lines[j])[-1]
            if not rhymes(a, b):
                found.append(f"{i + 1}, {j + 1}: {a} and {b} do not rhyme")
    return found
