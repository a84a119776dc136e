"""The narrator: tells a planned beat, craft and engine in turn.

Craft gives what happens. For every opening the engine writes a number of short continuations from one shared prefix;
those with a fault are turned away by name, the rest are ranked, and the best stands. When none is good enough the next
opener is tried, and at last the opening is left out: no sentence is better than a bad one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from miaobi.bible import Persona
from miaobi.craft.plot.narrative import Beat, Line
from miaobi.craft.plot.plan import FRAME_LENGTH, OPENING_WORDS, Plan, PlannedBeat, data
from miaobi.craft.plot.template import Fixed, parse
from miaobi.craft.text import fault
from miaobi.craft.text.repetition import longest_shared_run
from miaobi.craft.text.sentence import capital, length
from miaobi.craft.text.table import lines
from miaobi.form import Desk
from miaobi.forms.writing.background import background_of
from miaobi.forms.writing.endings import bare, choose_ending, writes_freely
from miaobi.forms.writing.frames import complete_frame
from miaobi.forms.writing.teller import Segment, Teller
from miaobi.types import Candidate, Language, Sampling

CANDIDATES = 12
TEXTURE = Sampling(min_p=0.05, temperature=0.75)
SPEECH = Sampling(min_p=0.05, temperature=0.8)
WEIGHTS = {"fluency": 0.6, "sound": 0.8, "concrete": 0.5, "fresh": 0.8, "fit": 0.5}
PARAGRAPH = "¶"
_ENDS = (".", "!", "?", "\n", ";", ":", "“", "”", '"', "(")


def tell(teller: Teller, key: str, template: str, texture: Sequence[str], budget: int) -> list[Segment]:
    """Return the segments of one beat.

    *budget* is how many words there are left for it: openings of narration are skipped when craft alone fills it, and
    *texture* opens further sentences where it falls short.
    """
    told = list(_parts(teller, key, template, budget))
    count = _count(teller, told)
    for i, openers in enumerate(texture):
        if count >= budget - _opening(teller) // 2:
            break
        segment = narrate(teller, f"{key}:more{i}", openers.split("|"))
        if segment:
            if (
                teller.language == "zh" and told and told[-1].text.endswith("”")
            ):  # speech and what follows: two paragraphs
                segment = replace(segment, paragraph=True)
            told.append(segment)
            teller.take([segment])
            count += length(segment.text, teller.language)
    return told


def _opening(teller: Teller) -> int:
    return FRAME_LENGTH if teller.language == "zh" else OPENING_WORDS


def _count(teller: Teller, told: Sequence[Segment]) -> int:
    return sum(length(s.text, teller.language) for s in told)


def _parts(teller: Teller, key: str, template: str, budget: int) -> Iterator[Segment]:
    fresh = True
    parts = parse(template)
    spare = budget - sum(length(p.text, teller.language) for p in parts if isinstance(p, Fixed))
    for i, part in enumerate(parts):
        if isinstance(part, Fixed):
            for j, raw in enumerate(part.text.split(PARAGRAPH)):
                piece = teller.unsaid(raw)
                if not (fresh or j):
                    piece = teller.smooth(piece)
                if piece.strip() or (j and piece):
                    segment = Segment(piece.strip(), "craft", fresh or j > 0)
                    fresh = False
                    teller.take([segment])
                    yield segment
                elif j:
                    fresh = True
        elif part.speech or spare > 0:
            ask = f"{key}:{i}"
            written = speak(teller, ask, part.openers) if part.speech else narrate(teller, ask, part.openers)
            if written:
                spare -= length(written.text, teller.language)
                segment = replace(written, paragraph=fresh)
                fresh = False
                teller.take([segment])
                yield segment


def narrate(teller: Teller, key: str, openers: Sequence[str]) -> Segment | None:
    """Return one sentence that goes on from one of *openers*, or None when no candidate is good enough."""
    if teller.language == "zh":
        return complete_frame(teller, key, openers)
    start = teller.desk.seed(key, "opener") % len(openers)
    dealt = [capital(openers[(start + turn) % len(openers)]) for turn in range(len(openers))]
    if not writes_freely(teller.desk.engine.checkpoint) and (ours := [o for o in dealt if "<" in o]):
        endings = (choose_ending(teller, f"{key}:{turn}", opener, speech=False) for turn, opener in enumerate(ours))
        return next((ended for ended in endings if ended), None)
    for turn, opener in enumerate(map(bare, dealt)):
        written = teller.desk.write(
            f"texture:{key}:{turn}",
            teller.prompt(opener),
            n=CANDIDATES,
            max_tokens=13,
            stop=_ENDS,
            sampling=TEXTURE,
        )
        if chosen := _choose(teller, f"{key}:{turn}", opener, written, speech=False):
            return Segment(chosen, "engine")
    return None


def speak(teller: Teller, key: str, openers: Sequence[str]) -> Segment:
    """Return what is said, without quotation marks; one of our own lines when nothing better comes."""
    start = teller.desk.seed(key, "opener") % len(openers)
    dealt = [openers[(start + turn) % len(openers)].rstrip(",") for turn in range(len(openers))]
    if not writes_freely(teller.desk.engine.checkpoint):
        for turn, opener in enumerate(dealt):
            if "<" in opener and (ended := choose_ending(teller, f"{key}:{turn}", opener, speech=True)):
                return ended
    for turn, opener in enumerate(map(bare, dealt)):
        written = teller.desk.write(
            f"speech:{key}:{turn}",
            teller.prompt(opener, speech=True),
            n=CANDIDATES,
            max_tokens=15,
            stop=_ENDS,
            sampling=SPEECH,
        )
        if chosen := _choose(teller, f"{key}:{turn}", opener, written, speech=True):
            return Segment(chosen, "engine")
    unsaid = [text for text in lines("fallback.en") if text not in teller.told]
    said = next((o for o in [*unsaid, *map(bare, dealt)] if o not in teller.told), bare(dealt[0]))
    return Segment(said, "craft")


def _choose(teller: Teller, key: str, opener: str, written: Sequence[Candidate], speech: bool) -> str:
    """Return the best whole sentence, or ""."""
    by_text: dict[str, Candidate] = {}
    for c in written:
        if (
            c.finish != "length" and c.text.strip() and not c.text[0].isalnum()
        ):  # a letter would go on with the opener's word
            text = " ".join((opener + c.text).split()).rstrip(",-– ")
            by_text.setdefault(text if speech else text + ".", c)
    voice = replace(teller.voice, known=frozenset(teller.known))

    def measure(text: str) -> dict[str, float] | None:
        broken = fault.speech_fault(text, voice) if speech else fault.narration_fault(text, voice)
        count = length(text, teller.language)
        added = count - length(opener, teller.language)
        copied = longest_shared_run(text, teller.speech_head if speech else teller.narration_head, teller.language) >= 4
        if (
            broken
            or copied
            or teller.memory.repeats(text)
            or not 1 <= added <= 9
            or count < 4
            or teller.memory.opener_age(text) < 3
        ):
            return None
        return _measures(teller, text, opener, by_text[text], count)

    texts = list(by_text)
    best = teller.desk.pick(key, texts, measure, WEIGHTS)
    if best >= 0:
        teller.desk.credit("craft", length(opener, teller.language))
        teller.desk.credit("engine", length(texts[best], teller.language) - length(opener, teller.language))
        teller.used.update(fault.stem(w) for w in fault.content_words(texts[best]))
        return texts[best]
    return ""


def _measures(teller: Teller, text: str, opener: str, candidate: Candidate, count: int) -> dict[str, float] | None:
    added = fault.content_words(text[len(opener) :])
    if not added:
        return None
    concrete = [w for w in added if w in teller.vocabulary or fault.stem(w) in teller.vocabulary]
    stale = [w for w in added if fault.stem(w) in teller.used]
    return {
        "fluency": candidate.mean_logprob,
        "sound": min(0.0, min(candidate.logprobs, default=0.0) + 3),  # its most surprising token, past 3 nats
        "concrete": min(len(concrete), 2) / 2,
        "fresh": 1 - len(stale) / len(added),
        "fit": -abs(count - 8) / 8,
    }


def lines_of(id: str, segments: Sequence[Segment]) -> list[Line]:
    """Join segments to lines: what stands between quotation marks belongs to the words around it."""
    lines: list[Line] = []
    for s in segments:
        if lines and (lines[-1].text.endswith("“") or s.text[:1] in ",.?!”") and not s.paragraph:
            last = lines[-1]
            author = "engine" if "engine" in (last.author, s.author) else last.author
            lines[-1] = last.model_copy(update={"text": last.text + s.text, "author": author, "kind": "speech"})
        else:
            lines.append(Line(id=f"{id}.l{len(lines) + 1}", text=s.text, author=s.author, joined=not s.paragraph))
    return lines


def teller_for(desk: Desk, plan: Plan, personas: Sequence[Persona]) -> Teller:
    """Return a teller for the world of *plan* with *personas* on the stage."""
    language = desk.brief.language
    exemplars = data(language, "exemplar")
    background = background_of(desk.brief)
    return Teller(
        desk,
        language,
        voice_of(language, personas),
        plan.vocabulary,
        absent=frozenset(plan.slots.get("忌", "").split()),
        narration_head=f"{background.style or exemplars['narration']} {plan.manner}",
        speech_head=exemplars.get("speech", ""),
        background=background,
    )


def voice_of(language: Language, personas: Sequence[Persona], tense: str = "past") -> fault.Voice:
    """Return the voice of a third-person narration with *personas* on the stage."""
    return fault.Voice(
        language,
        tense=tense,
        names=frozenset(w for p in personas for w in p.name.split()),
        pronouns=frozenset(p.pronoun for p in personas),
        genders={p.name: p.pronoun for p in personas},
    )


def tell_beats(
    teller: Teller, id: str, planned: Sequence[PlannedBeat], wanted: int, part: tuple[float, float] = (0.0, 1.0)
) -> list[Beat]:
    """Tell beats in about *wanted* words; what one of them misses or overruns is shared by those that follow.

    *part*: from which share of the work to which they go, for who waits.
    """
    beats: list[Beat] = []
    done, ahead = 0, sum(b.words for b in planned)
    for i, beat in enumerate(planned):
        teller.desk.say(f"{id}: {beat.name}", part[0] + (part[1] - part[0]) * i / len(planned))
        budget = (wanted - done) * beat.words // max(ahead, 1)
        lines = tell_beat(teller, f"{id}.b{i + 1}", beat, budget)
        done += length(" ".join(line.text for line in lines), teller.language)
        ahead -= beat.words
        beats.append(Beat(id=f"{id}.b{i + 1}", name=beat.name, lines=lines))
    return beats


def tell_beat(teller: Teller, id: str, beat: PlannedBeat, budget: int) -> list[Line]:
    """Tell one beat as a durable step and return its lines; a resumed teller learns what was told before."""
    before = teller.state()
    plain = teller.desk.step(id, partial(_told, teller, id, beat, budget))
    teller.restore(before)
    segments = [Segment(**s) for s in plain["segments"]]
    teller.take(segments)
    teller.used.update(plain["used"])
    return lines_of(id, segments)


def _told(teller: Teller, id: str, beat: PlannedBeat, budget: int) -> dict[str, Any]:
    segments = tell(teller, id, beat.template, beat.texture, budget)
    if teller.receipt:
        teller.desk.receipt({"step": id, **teller.receipt})
    for s in segments:
        if s.author == "craft":
            teller.desk.credit("craft", length(s.text, teller.language))
    return {"segments": [vars(s) for s in segments], "used": sorted(teller.used)}
