"""The poet: writes the lines that a plan asks for, craft and engine in turn.

Craft gives each line its frame, its metre and the words that it may end on; the engine writes it word by word among
those (``decoding.verse_line``), several times over; what repeats itself is turned away, the rest is ranked by
likelihood, by how near its words are to the idea and how fresh they are in the poem, and the best stands. A stanza
is a durable step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import Any

from miaobi.certificate import cost
from miaobi.craft.prosody.english.scansion import words_in
from miaobi.craft.text.fault import content_words, slop_in, stem
from miaobi.craft.verse.filling import Filling, draw_distinct
from miaobi.craft.verse.frame import NOUNS, frames
from miaobi.craft.verse.lexicon import Lexicon, lexicon_of, world_words, worlds
from miaobi.craft.verse.pattern import Measured, Pattern
from miaobi.craft.verse.phrase import Sound, sound, ways
from miaobi.craft.verse.plan import PlannedLine, Rhymes, Task, plan_stanza, reachable_ends, safe_ends, supply_of
from miaobi.craft.verse.theme import Theme
from miaobi.decoding.verse_line import Phrases, VerseLine
from miaobi.errors import BriefError, UnsupportedError
from miaobi.form import Desk
from miaobi.types import Candidate, Prompt, Sampling

CANDIDATES = 4
DRAW = Sampling(temperature=0.8, min_p=0.02)
WEIGHTS = {"likelihood": 1.0, "near": 0.6, "plain": 0.3}
DESCRIBING = ("adj", "sky", "alive")
_WINDOW = 5  # lines in which a word isn't said again
_MOST_ADJECTIVES = 2
_LINE_TOKENS = 40
_KEPT = 0.72  # of each kind's words are dealt to a stanza, so that two poems of one world differ
_FEW = 14  # a kind with fewer words than this is dealt whole


@dataclass
class Poet:
    """What is known while one poem is written."""

    desk: Desk
    theme: Theme
    lexicon: Lexicon
    home: frozenset[str]  # stems of the words that are near the idea
    rhymes: Rhymes = field(default_factory=Rhymes)
    told: set[str] = field(default_factory=set)  # sources of frames
    supply: dict[str, dict[Sound, int]] = field(default_factory=dict)  # by measure
    lines: list[str] = field(default_factory=list)

    def prompt(self) -> Prompt:
        """Return the prompt that the next line goes on from: what the poem is about, and its last lines."""
        recent = "".join(f"{line}\n" for line in self.lines[-8:])
        return Prompt(system=f"A poem about {self.theme.idea[:200].rstrip('.!?')}.\n\n{recent}")

    def stale(self) -> set[str]:
        """Return the stems that were said in the last lines, and every adjective so far."""
        recent = {stem(w) for line in self.lines[-_WINDOW:] for w in content_words(line)}
        adjectives = {stem(a) for kind in DESCRIBING for a in self.lexicon.words(kind)}
        return recent | (adjectives & {stem(w) for line in self.lines for w in content_words(line)})


def poet_for(desk: Desk, theme: Theme, mood: str) -> Poet:
    """Return a poet whose words are those of the worlds that the idea calls up, by its own words or by nearness."""
    chosen = list(theme.named[:2])
    if not chosen:
        names = sorted(worlds())
        near = desk.step("worlds", lambda: desk.relevance(theme.idea, [" ".join(worlds()[n]) for n in names]).tolist())
        chosen = [names[max(range(len(names)), key=lambda i: near[i])]]
    lexicon = lexicon_of(chosen, mood).without({stem(w) for phrase in theme.it for w in content_words(phrase)})
    home = {stem(w) for name in chosen for w in world_words(name)} | {stem(w) for w in content_words(theme.idea)}
    return Poet(desk, theme, lexicon, frozenset(home))


@dataclass(frozen=True)
class Wish:
    """What a poem must be. ``given``: place → a line that stands as it is; ``letters``: of an acrostic, "" for none."""

    pattern: Pattern
    given: Mapping[int, str]
    letters: str
    words: Sequence[str]  # that must be said

    def dealt(self) -> dict[int, list[str]]:
        """Return by stanza the words that it must say, spread over those that have lines to write."""
        free = [s for s, places in enumerate(self.pattern.places) if any(i not in self.given for i in places)]
        out: dict[int, list[str]] = {s: [] for s in free}
        for k, word in enumerate(self.words):
            out[free[k * len(free) // len(self.words)]].append(word)
        return out

    def rhymes_after(self, place: int) -> Counter[str]:
        """Return how many lines of each rhyme are yet to be written from *place* on."""
        return Counter(
            line.rhyme
            for i, line in enumerate(self.pattern.lines)
            if i >= place and line.rhyme and line.repeats is None and i not in self.given
        )


def write_poem(poet: Poet, wish: Wish) -> list[dict[str, Any]]:
    """Write the poem and return its lines in order: text, whether given, and what each rule cost.

    BriefError when a stanza can't be planned with all that is asked of it.
    """
    _note_given(poet, wish)
    weights = _sound_weights(poet)
    written: list[dict[str, Any]] = []
    for s, places in enumerate(wish.pattern.places):
        task = _task(poet, wish, s, weights, written)
        poet.desk.say(f"stanza {s + 1}", s / len(wish.pattern.stanzas))
        lines = poet.desk.step(f"stanza {s + 1}", partial(_stanza, poet, task))
        _take(poet, wish.pattern, lines, places.start)
        written += lines
    return written


def _task(poet: Poet, wish: Wish, s: int, weights: Mapping[Sound, float], written: Sequence[Mapping[str, Any]]) -> Task:
    """Return what a stanza is planned from, with the refrains that were written before."""
    stanza, places = wish.pattern.stanzas[s], wish.pattern.places[s]
    known = {i: wish.given[i] for i in places if i in wish.given}
    refrains = ((i, line.repeats) for i, line in zip(places, stanza.lines, strict=True) if line.repeats is not None)
    known |= {i: written[origin]["text"] for i, origin in refrains}
    return Task(
        pattern=stanza,
        first=places.start,
        given=known,
        lexicon=poet.lexicon,
        names=poet.theme.names,
        told=frozenset(poet.told),
        letters={i: c for i, c in enumerate(wish.letters) if i in places},
        needed=dict(wish.rhymes_after(places.stop)),
        supply=_supply(poet, max(stanza.lines, key=lambda line: bool(line.rhyme)).measure),
        weights=weights,
        words=tuple(wish.dealt().get(s, ())),
    )


def _note_given(poet: Poet, wish: Wish) -> None:
    """Let the given lines fix the sounds of their rhymes."""
    for i, text in sorted(wish.given.items()):
        if letter := wish.pattern.lines[i].rhyme:
            poet.rhymes.take(letter, words_in(text)[-1][0].lower())


def _take(poet: Poet, pattern: Pattern, lines: Sequence[Mapping[str, Any]], first: int) -> None:
    """Take a stanza as written: its words, frames and rhymes."""
    for i, line in enumerate(lines, first):
        poet.lines.append(line["text"])
        asked = pattern.lines[i]
        if asked.rhyme and asked.repeats is None and not line["given"]:
            poet.rhymes.take(asked.rhyme, words_in(line["text"])[-1][0].lower())
    poet.told.update(s for line in lines for s in line["frames"])


def _sound_weights(poet: Poet) -> dict[Sound, float]:
    """Return how near each sound's words are to the idea, by the engine's embeddings: one number a sound, above 0."""
    ends = sorted({w for kind in NOUNS for w in poet.lexicon.words(kind) if stem(w) in poet.home})
    near = poet.desk.step("rhymes", lambda: [round(float(x), 4) for x in poet.desk.relevance(poet.theme.idea, ends)])
    best: dict[Sound, float] = {}
    for word, value in zip(ends, near, strict=True):
        best[sound(word)] = max(best.get(sound(word), -1.0), value)
    low = min(best.values(), default=0.0)
    return {s: 1.0 + 3.0 * (value - low) for s, value in best.items()}


def _supply(poet: Poet, measure: Measured) -> dict[Sound, int]:
    """Return how many words of each sound a line of this measure can end on, by the sentences of one line."""
    if measure.name not in poet.supply:
        lines = (f.read(poet.lexicon, poet.theme.names)[0] for f in frames("line") if f.needs <= set(poet.theme.names))
        poet.supply[measure.name] = supply_of({w for line in lines for w in reachable_ends(line.places, measure)})
    return poet.supply[measure.name]


def _stanza(poet: Poet, task: Task) -> list[dict[str, Any]]:
    """Plan and write one stanza."""
    desk = poet.desk
    chance = Random(desk.seed("plan", task.first))
    tries = (
        _dealt(poet, task, chance),
        task,
        replace(task, loose=True),
        replace(task, told=frozenset(), loose=True),
        replace(task, told=frozenset(), loose=True, names=poet.theme.plain),
    )  # from the best to the freest
    plan = next((found for each in tries if (found := plan_stanza(each, poet.rhymes, chance)) is not None), None)
    if plan is None:
        raise BriefError(
            f"Lines {task.first + 1} to {task.first + len(task.pattern.lines)} can't be written as they are asked for.",
            "Ask for less there: fewer words or letters, or other end words in the given lines; or try another --seed.",
        )
    planned = {p.place: p for p in plan}
    before = len(poet.lines)
    taken = {letter: list(words) for letter, words in poet.rhymes.words.items()}
    out: list[dict[str, Any]] = []
    for i in range(task.first, task.first + len(task.pattern.lines)):
        if i in task.given:
            out.append({"text": task.given[i], "given": True, "cost": {}, "frames": []})
        else:
            out.append(_line(poet, planned, i, taken))
        poet.lines.append(out[-1]["text"])
    del poet.lines[before:]
    return out


def _dealt(poet: Poet, task: Task, chance: Random) -> Task:
    """Return the task with a part of the words, those not said of late."""
    fresh = task.lexicon.without(poet.stale())
    kept = {
        kind: words if len(words) < _FEW else tuple(w for w in words if chance.random() < _KEPT)
        for kind, words in fresh.by_kind.items()
    }
    return replace(task, lexicon=Lexicon(kept))


def _line(poet: Poet, planned: Mapping[int, PlannedLine], place: int, taken: dict[str, list[str]]) -> dict[str, Any]:
    """Write one line: several candidates under its constraint, the best of which stands."""
    plan = planned[place]
    later = [
        p.ends for i, p in planned.items() if i > place and p.rhyme and p.rhyme == plan.rhyme and p.ends is not None
    ]
    ends = plan.ends
    if plan.rhyme and ends is not None:
        ends = safe_ends(ends, later, taken.get(plan.rhyme, []))
    key = f"line {place + 1}"
    candidates = write_line(poet.desk, key, poet.prompt(), plan, ends, CANDIDATES)
    best = _best(poet, key, plan, candidates)
    chosen = candidates[best]
    text = chosen.text + plan.line.mark
    if plan.rhyme:
        taken.setdefault(plan.rhyme, []).append(words_in(text)[-1][0].lower())
    poet.desk.credit("craft", len(words_in(text)))
    removed = cost(chosen.removals, max(1, len(chosen.tokens)))
    return {
        "text": text,
        "given": False,
        "cost": {rule: list(found) for rule, found in removed.items()},
        "frames": [plan.source],
    }


def write_line(
    desk: Desk, key: str, prompt: Prompt, plan: PlannedLine, ends: frozenset[str] | None, n: int
) -> list[Candidate]:
    """Return candidates for a planned line, each of which keeps its frame, its measure and its rhyme.

    An engine that can't be held to them gets texts that do, drawn by craft, and says how likely they are.
    """
    filling = Filling(plan.line, plan.measure, ends)
    if desk.engine.steerable:
        constraint = constraint_of(plan, ends)
        written = desk.write(key, prompt, n=n, max_tokens=_LINE_TOKENS, constraint=constraint, sampling=DRAW)
        if kept := [c for c in written if filling.accepts(c.text)]:
            return kept
    texts = draw_distinct(filling, Random(desk.seed(key, "drawn")), n)
    try:
        scores = desk.engine.score(prompt, texts)
    except UnsupportedError:
        scores = [()] * len(texts)
    return [Candidate(text, (), tuple(score), "constraint") for text, score in zip(texts, scores, strict=True)]


def constraint_of(plan: PlannedLine, ends: frozenset[str] | None) -> VerseLine:
    """Return the constraint of a planned line."""
    elements = tuple(Phrases({phrase: ways(phrase) for phrase in place.phrases}) for place in plan.line.places)
    return VerseLine(elements, plan.measure, ends)


def _best(poet: Poet, key: str, plan: PlannedLine, candidates: Sequence[Candidate]) -> int:
    adjectives = {a for kind in DESCRIBING for a in poet.lexicon.words(kind)}
    recent = {stem(w) for line in poet.lines[-_WINDOW:] for w in content_words(line)} - {
        stem(w) for phrase in poet.theme.it for w in content_words(phrase)
    }
    spent = {w.lower() for line in poet.lines for w, _ in words_in(line)} & adjectives
    by_text = {c.text: c for c in reversed(candidates)}

    def measure(text: str, strict: bool = True) -> dict[str, float] | None:
        said = content_words(text)
        stems = [stem(w) for w in said]
        described = sum(w.lower() in adjectives for w, _ in words_in(text))
        echoes = len({s[:4] for s in stems}) < len(stems)
        again = any(w.lower() in spent for w, _ in words_in(text))
        if strict and (echoes or again or described > _MOST_ADJECTIVES or slop_in(text, "en")):
            return None
        return {
            "likelihood": by_text[text].mean_logprob,
            "near": sum(s in poet.home for s in stems) / max(1, len(stems)),
            "plain": -described - 2.0 * sum(s in recent for s in stems),
        }

    texts = [c.text for c in candidates]
    best = poet.desk.pick(key, texts, measure, WEIGHTS)
    return best if best >= 0 else poet.desk.pick(key, texts, lambda text: measure(text, strict=False), WEIGHTS)
