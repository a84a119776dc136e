"""What a critique looks for in English: worn phrases, drift of person and tense, loads, passives, tags, names.

Loads are measured a hundred words; their limits are choices of ours, stated in the evidence beside what was found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from miaobi.assist.grammar import FIRST, person_of, tense_of, tense_votes
from miaobi.assist.passage import mask_speech, stretches
from miaobi.assist.remark import Remark, remark
from miaobi.craft.text.fault import content_words, slop_in, stem
from miaobi.craft.text.sentence import words
from miaobi.craft.text.table import lines, table

_FILLER = re.compile(
    r"\b(?:very|really|quite|rather|somewhat|actually|basically|simply|literally|suddenly|definitely|certainly|just"
    r"|kind of|sort of|a little|a bit|started to|began to|seemed to|in order to|the fact that)\b",
    re.I,
)
_PARTICIPLE = (
    r"(?:\w{2,}ed|born|broken|brought|built|bought|caught|chosen|cut|done|drawn|driven|eaten|fallen|fed|felt|found"
    r"|forgotten|given|gone|hidden|held|hung|hurt|kept|known|laid|led|left|lit|lost|made|paid|put|read|said|seen|sent"
    r"|set|shaken|shot|shown|shut|sold|spoken|spent|stolen|struck|swept|taken|taught|thrown|told|torn|understood|won"
    r"|worn|woven|written)"
)
_PASSIVE = re.compile(rf"\b(?:was|were|is|are|been|being|be)\s+(?:\w+ly\s+|never\s+|not\s+)?{_PARTICIPLE}\b", re.I)
_SHOWY = table("showy_tags.en")
_TAG = re.compile(
    rf"[,?!.…—][”\"’]\s+(?:(?:[A-Z]\w+|he|she|they|I)\s+)?(said|asked|replied|{'|'.join(sorted(_SHOWY))})\b"
)
_PER_HUNDRED = {"filler": 3.0, "adverb": 3.0}
_DOMINANT = 0.75


def remarks(text: str) -> Iterator[Remark]:
    """Yield what is to be said of an English text."""
    narration = mask_speech(text)
    yield from _worn(text)
    yield from _person_drift(text, narration)
    yield from _tense_drift(text, narration)
    yield from _loads(text, narration)
    yield from _passives(text, narration)
    yield from _tags(text)
    yield from _names(text)
    yield from _openers(text)
    yield from _word_echoes(text)


def _worn(text: str) -> Iterator[Remark]:
    for phrase in slop_in(text, "en"):
        for match in re.finditer(rf"\b{re.escape(phrase)}\b", text, re.I):
            hint = "Say what is seen, heard or done here, and only here."
            yield remark(text, match.span(), "worn-phrase", f"A worn phrase: “{match.group()}”.", hint)


def _person_drift(text: str, narration: str) -> Iterator[Remark]:
    votes = [(s, person_of(narration[s.start : s.end])) for s in stretches(text, "en")]
    counted = Counter(p for _, p in votes if p in {"first", "third"})
    total = sum(counted.values())
    if total < 4 or counted["third"] / total < _DOMINANT:
        return  # a first-person narrator speaks of others all the time: only the third person can be left
    for s, person in votes:
        if person == "first" and (found := FIRST.search(narration, s.start, s.end)):
            message = f"“{found.group()}” makes the narrator speak in a text told in the third person."
            share = round(counted["third"] / total, 2)
            hint = "Put it in quotation marks if somebody says or thinks it; else he, she, they or a name."
            yield remark(text, found.span(), "person-drift", message, hint, sentence=s.text, third_share=share)


def _tense_drift(text: str, narration: str) -> Iterator[Remark]:
    votes = [(s, tense_of(narration[s.start : s.end])) for s in stretches(text, "en")]
    counted = Counter(t for _, t in votes if t)
    total = sum(counted.values())
    if total < 4:
        return
    main, times = counted.most_common(1)[0]
    if times / total < _DOMINANT:
        return
    for s, tense in votes:
        if tense and tense != main:
            before, now = tense_votes(narration[s.start : s.end])
            message = f"This sentence is in the {tense}, the text in the {main} tense."
            hint = f"miaobi revise FILE --instruction tense={main} does it by rule."
            evidence = before if tense == "past" else now
            share = round(times / total, 2)
            yield remark(text, (s.start, s.end), "tense-drift", message, hint, verbs=evidence, main_share=share)


def _loads(text: str, narration: str) -> Iterator[Remark]:
    count = len(words(narration))
    adverbs = [
        m for m in re.finditer(r"\b[A-Za-z]{3,}ly\b", narration) if m.group().lower() not in table("not_adverbs.en")
    ]
    for rule, found in (("filler", list(_FILLER.finditer(narration))), ("adverb", adverbs)):
        load = 100 * len(found) / count if count else 0.0
        if len(found) < 3 or load <= _PER_HUNDRED[rule]:
            continue
        what = "Filler" if rule == "filler" else "Adverbs in -ly"
        most = [f"{w} ×{n}" for w, n in Counter(m.group().lower() for m in found).most_common(6)]
        message = f"{what}: {load:.1f} a hundred words ({', '.join(most)})."
        hint = "Strike each and read again." if rule == "filler" else "Look for a verb that needs none."
        limit, rate = _PER_HUNDRED[rule], round(load, 1)
        yield remark(text, found[0].span(), f"{rule}-load", message, hint, load=rate, limit=limit, found=most)


def _passives(text: str, narration: str) -> Iterator[Remark]:
    all_of = stretches(text, "en")
    found = [m for m in _PASSIVE.finditer(narration) if m.group().split()[-1].lower() not in table("states.en")]
    if len(found) >= 3 and len(found) / max(len(all_of), 1) > 0.25:
        share = round(len(found) / len(all_of), 2)
        message = f"{len(found)} passives in {len(all_of)} sentences."
        phrases = [m.group() for m in found[:8]]
        hint = "Let the one who does it be the subject."
        yield remark(text, found[0].span(), "passive-share", message, hint, "note", share=share, found=phrases)


def _tags(text: str) -> Iterator[Remark]:
    found = list(_TAG.finditer(text))
    fancy = [m for m in found if m[1] in _SHOWY]
    if len(fancy) >= 3 and len(fancy) / len(found) > 0.4:
        message = f"{len(fancy)} of {len(found)} dialogue tags call attention to themselves."
        hint = "“said” is invisible; or leave the tag out where it is plain who speaks."
        kinds = sorted({m[1] for m in fancy})
        yield remark(text, fancy[0].span(1), "dialogue-tags", message, hint, "note", found=kinds, tags=len(found))


def _names(text: str) -> Iterator[Remark]:
    """Yield a remark where a name stands rarely beside one a letter apart that stands three times as often."""
    found = list(re.finditer(r"(?<=[\w,;] )[A-Z][a-zà-ÿ]{3,}\b", text))
    counted = Counter(m.group() for m in found)
    for rare, times in counted.items():
        for usual, often in counted.items():
            if rare != usual and often >= 3 * times and _one_apart(rare.lower(), usual.lower()):
                first = next(m for m in re.finditer(rf"\b{rare}\b", text))
                message = f"“{rare}” ({times}×) may be “{usual}” ({often}×)."
                hint = "Make the name the same everywhere, or the two less alike."
                yield remark(text, first.span(), "name-drift", message, hint, usual=usual, times=times, often=often)


def _one_apart(a: str, b: str) -> bool:
    """Tell whether one letter was changed, added, lost or swapped with its neighbour."""
    if abs(len(a) - len(b)) > 1:
        return False
    i = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    swapped = a[i + 1 : i + 2] == b[i : i + 1] and a[i : i + 1] == b[i + 1 : i + 2] and a[i + 2 :] == b[i + 2 :]
    return a[i + 1 :] == b[i + 1 :] or a[i:] == b[i + 1 :] or a[i + 1 :] == b[i:] or swapped


def _openers(text: str) -> Iterator[Remark]:
    all_of = stretches(text, "en")
    firsts = [(words(s.text) or [""])[0].lower() for s in all_of]
    i = 0
    while i < len(all_of):
        end = i + 1
        while end < len(all_of) and firsts[end] == firsts[i] and firsts[i]:
            end += 1
        if end - i >= 4:
            span = (all_of[i].start, all_of[end - 1].end)
            message = f"{end - i} sentences in a row begin with “{firsts[i]}”."
            yield remark(text, span, "same-opener", message, "Begin one of them elsewhere.", "note", count=end - i)
        i = end


def _word_echoes(text: str) -> Iterator[Remark]:
    """Yield a note where a word with weight stands three times within forty words; names may."""
    light = table("light.en") | {w for phrase in lines("vague.en") for w in phrase.split()}
    named = {m.group().lower() for m in re.finditer(r"(?<=[a-z,;] )[A-Z]\w+", text)}
    places: dict[str, list[tuple[int, re.Match[str]]]] = {}
    told: set[str] = set()
    for i, m in enumerate(re.finditer(r"[A-Za-zÀ-ÿ]+(?:['’][a-z]+)?", text)):
        low = m.group().lower()
        if len(low) < 5 or low in light or low in named or not content_words(low):
            continue
        key = stem(low)
        kept = [p for p in places.get(key, []) if i - p[0] <= 40] + [(i, m)]
        places[key] = kept
        if len(kept) >= 3 and key not in told:
            told.add(key)
            span = (kept[0][1].start(), kept[-1][1].end())
            message = f"“{low}” stands {len(kept)} times within {i - kept[0][0] + 1} words."
            yield remark(text, span, "word-echo", message, "Keep the one that counts.", "note", word=low)
