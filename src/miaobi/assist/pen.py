"""The pen: the engine writes sentences into a person's text, in the voice of that text.

As in ``forms/writing/narrator``: for an opening the engine writes sixteen continuations from one shared prefix, faulty
ones are turned away by name, the rest are ranked, the best stands or none. What is a fault is read from the text: its
person, tense, names, what it has said. A sample of style leads the prompt and draws the choice towards its voice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from miaobi.assist.grammar import person_of, tense_of
from miaobi.assist.passage import mask_speech
from miaobi.brief import Brief
from miaobi.craft.plot.plan import data
from miaobi.craft.text import fault
from miaobi.craft.text.name import gender_of, is_given
from miaobi.craft.text.repetition import Memory, longest_shared_run, ngrams
from miaobi.craft.text.sentence import capital, han, length, sentences, words
from miaobi.craft.text.stylometry import Profile, profile
from miaobi.craft.text.subject import DETERMINERS, PREPOSITIONS, PRONOUNS, is_adverb
from miaobi.craft.text.table import table
from miaobi.craft.text.verb import readings
from miaobi.desk import Progress, WritingDesk
from miaobi.types import Candidate, Engine, Language, Prompt, Sampling

CANDIDATES = 16
SAMPLING = Sampling(min_p=0.05, temperature=0.75)
_WEIGHTS = {"fluency": 1.0, "relevance": 0.8, "fresh": 0.6, "fit": 0.4, "style": 1.5}
_ENDS: dict[Language, tuple[str, ...]] = {
    "en": (".", "!", "?", "\n", ";", ":", "“", "”", '"', "("),
    "zh": ("。", "！", "？", "\n", "；", "：", "“", "”", "「", "（", "…"),
}
_STOP: dict[Language, str] = {"en": ".", "zh": "。"}
_FIT = {"en": 11, "zh": 16}  # words (字) that a sentence should have
_COPIED = {"en": 6, "zh": 10}  # words (字) in a row that count as copied from the sample of style
_ZH_FAULT = re.compile(r"[A-Za-z0-9_*#<>|{}\[\]\\=~^@`《》【】�]")


@dataclass
class Pen:
    """Writes into one text. ``written`` is what it has added so far."""

    desk: WritingDesk
    language: Language
    voice: fault.Voice
    text: str
    sample: str = ""
    style: Profile | None = None
    written: str = ""
    used: set[str] = field(default_factory=set)  # stems that it has brought in: not to be worn out
    memory: Memory = field(init=False)

    def __post_init__(self) -> None:
        self.memory = Memory(self.language)
        self.memory.add(self.text)
        if self.sample:
            self.style = profile(self.sample, self.language)

    def sentence(self, key: str, before: str, openers: Sequence[str], about: str = "") -> str:
        """Return one sentence that goes on after *before* from one of *openers*, "" when none is good enough."""
        for turn, opener in enumerate(openers):
            chosen = self.options(f"{key}:{turn}", before, opener, about)
            if chosen:
                self.memory.add(chosen[0])
                self.used.update(self._stems(chosen[0]))
                self.written += (" " if self.language == "en" else "") + chosen[0]
                return chosen[0]
        return ""

    def options(self, key: str, before: str, opener: str, about: str = "", fragment: bool = False) -> list[str]:
        """Return the sentences that begin with *opener* and have no fault, the best first. The ranking is recorded."""
        written = self.desk.write(
            key,
            Prompt(system=self._context(before, bool(opener)), prefix=opener),
            n=CANDIDATES,
            max_tokens=28 if self.language == "en" else 40,
            stop=_ENDS[self.language],
            sampling=SAMPLING,
        )
        found: dict[str, Candidate] = {}
        for c in written:
            if c.finish == "length" or not c.text.strip() or (opener and self.language == "en" and c.text[0].isalnum()):
                continue
            text = (opener + c.text).strip()
            text = " ".join(text.split()).rstrip(",，-–、 ") + _STOP[self.language]
            found.setdefault(text if fragment else capital(text), c)
        near = dict(zip(found, self.desk.relevance(about or before[-400:], list(found)), strict=True))
        texts, left = list(found), []
        while texts:
            best = self.desk.pick(
                key, texts, lambda t: self._measure(t, opener, found[t], float(near[t])), self._weights
            )
            if best < 0:
                break
            left.append(texts.pop(best))
        return left

    def _stems(self, text: str) -> list[str]:
        if self.language == "en":
            return [fault.stem(w) for w in fault.content_words(text)]
        return ["".join(pair) for pair in ngrams(han(text), 2)]

    @property
    def _weights(self) -> dict[str, float]:
        return {k: v for k, v in _WEIGHTS.items() if k != "style" or self.style}

    def _context(self, before: str, opened: bool) -> str:
        """Return what the engine reads: the manner wanted, then the last sentences before the place."""
        space = " " if self.language == "en" else ""
        last = space.join(sentences(before.rsplit("\n\n", 1)[-1], self.language)[-6:])
        if length(last, self.language) < 40:
            last = space.join(sentences(before.replace("\n\n", space), self.language)[-6:])
        manner = self.sample[-600:] if self.sample else ""
        plain = self.language == "en" and self.voice.person == "third" and self.voice.tense == "past"
        if not manner and plain and length(last, "en") < 60:
            manner = data("en", "exemplar")["narration"]
        head = f"{manner}\n\n" if manner else ""
        return head + last + (space if opened and last else "")

    def fault_of(self, text: str) -> str:
        """Return the first fault of a sentence, or ""."""
        if self.sample and longest_shared_run(text, self.sample, self.language) >= _COPIED[self.language]:
            return "copied"
        if self.memory.repeats(text):
            return "repeat"
        if self.language == "en":
            return fault.narration_fault(text, self.voice)
        count = len(han(text))
        if _ZH_FAULT.search(text) or count < 4 or count > 45 or count < 0.7 * len(text):
            return "markup"
        if self.voice.person == "third" and re.search("我|你", text):
            return "first-person"
        pairs = ngrams(han(text), 2)
        if len(set(pairs)) < len(pairs):
            return "echo"
        if re.search("[说道问喊](?:。|，|$)", text):
            return "tag"  # of speech that never comes
        return "slop" if fault.slop_in(text, "zh") else ""

    def _measure(self, text: str, opener: str, candidate: Candidate, near: float) -> dict[str, float] | None:
        if self.fault_of(text) or length(text, self.language) - length(opener, self.language) < 2:
            return None
        added = self._stems(text[len(opener) :])
        stale = sum(stem in self.used for stem in added)
        if not added or stale > (1 if self.language == "en" else len(added) // 3):
            return None
        measured = {
            "fluency": candidate.mean_logprob,
            "relevance": near,
            "fresh": 1 - stale / len(added),
            "fit": -abs(length(text, self.language) - _FIT[self.language]) / _FIT[self.language],
        }
        if self.style:
            joined = f"{self.written} {text}" if self.language == "en" else self.written + text
            measured["style"] = -self.style.distance(profile(joined, self.language))
        return measured


def pen_for(
    text: str, language: Language, engine: Engine, *, seed: int = 0, sample: str = "", progress: Progress | None = None
) -> Pen:
    """Return a pen that writes in the voice of *text*."""
    brief = Brief(form="text", idea="assist", language=language, seed=seed)
    return Pen(WritingDesk(brief, engine, 0, None, progress=progress), language, voice_of(text, language), text, sample)


def voice_of(text: str, language: Language) -> fault.Voice:
    """Return the voice in which a text is told: person, tense, who is named."""
    narration = mask_speech(text)
    if language == "zh":
        told = "first" if narration.count("我") > narration.count("他") + narration.count("她") else "third"
        return fault.Voice("zh", person=told, known=frozenset(han(text)))
    names = frozenset(re.findall(r"(?<=[a-z,;] )([A-Z][a-zà-ÿ]+)", text)) | {w for w in words(text) if is_given(w)}
    low = {w.lower() for w in words(text)}
    pronouns = {p for p, forms in _PRONOUN_FORMS.items() if low & forms}
    genders: dict[str, str] = {n: gender_of(n) for n in names if gender_of(n)}
    return fault.Voice(
        "en",
        names=names,
        pronouns=frozenset(pronouns | set(genders.values())),
        tense=tense_of(narration) or "past",
        person="first" if person_of(narration) == "first" else "third",
        known=frozenset(fault.content_words(text)),
        genders=genders,
    )


_PRONOUN_FORMS = {"she": {"she", "her", "hers"}, "he": {"he", "him", "his"}, "they": {"they", "them", "their"}}


def openers_for(before: str, voice: fault.Voice, own: str = "", count: int = 4) -> list[str]:
    """Return openings for the next sentence: who or what was spoken of last, never how the last sentence began.

    *own* is the person's own text: the things in it are gone on from, not those that the engine has brought in.
    """
    if voice.language == "zh":
        return _openers_zh(before, own or before, count)
    last = sentences(before, "en")[-1:] or [""]
    taken = (words(last[0]) or [""])[0].lower()
    found: list[str] = []
    for subject in reversed(
        [w for w in words(mask_speech(before)) if w in {"I", "She", "He", "They", "We"} or w in voice.names]
    ):
        if subject not in found:
            found.append(subject)
    things = [f"The {noun}" for noun in reversed(nouns(own or before))]
    mixed = [x for pair in zip(found + [""] * len(things), things + [""] * len(found), strict=True) for x in pair if x]
    kept = [o for o in mixed if o.split()[0].lower() != taken or o.startswith("The ")]
    return [*dict.fromkeys(kept[: count - 1]), ""]


def _openers_zh(before: str, own: str, count: int) -> list[str]:
    last = (sentences(before, "zh")[-1:] or [""])[0]
    places = [m.group() for m in re.finditer(r"(?<![\u4e00-\u9fff的在从])[\u4e00-\u9fff]{1,2}(?:里|上|外|边)", own)]
    people = [p for p in ("他", "她", "我") if p in own and not last.startswith(p)]
    found = [*people, *reversed(places), "远处", "风", "天色", "那"]
    kept = [o for o in dict.fromkeys(found) if not last.startswith(o) and f"。{o}" not in before[-60:]]
    return [*kept[: count - 1], ""]


def nouns(text: str, limit: int = 6) -> list[str]:
    """Return the last things that an article or a possessive stands before, in the order of the text."""
    found: list[str] = []
    tokens = words(mask_speech(text))
    for i, word in enumerate(tokens[:-1]):
        if word.lower() not in DETERMINERS - {"that", "this", "which", "what", "all", "some", "one"}:
            continue
        noun = next((w for w in tokens[i + 1 : i + 3] if w.lower() not in table("adjectives.en")), "").lower()
        verbal = noun in readings() and noun not in table("noun_verbs.en")
        light = noun in table("light.en") | table("vague.en") | set(PRONOUNS) | PREPOSITIONS
        if noun.isalpha() and len(noun) > 2 and not verbal and not light and not is_adverb(noun):
            found = [n for n in found if n != noun] + [noun]
    return found[-limit:]
