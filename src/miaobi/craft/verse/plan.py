"""Planning a stanza: which frames its lines are filled from and which rhymes they end on, before a word is written.

For each line it is worked out which last words the frame can reach in the metre; a sound is chosen for each rhyme that
every line of it can end on with a word of its own (a system of distinct representatives over the consonants before the
rhyme, so that no two are the same to the ear); and while the lines are written, a line may only take a word that leaves
one for each of the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from miaobi.craft.verse.frame import Frame, Line, Place, frames, openers, parts
from miaobi.craft.verse.lexicon import Lexicon, is_noun
from miaobi.craft.verse.pattern import LinePattern, Measured, StanzaPattern
from miaobi.craft.verse.phrase import Sound, last_word, said, sound, ways

_MET = 0.97  # how often a required noun is met as a thing; else it is cited as a word, which always fits
ATTEMPTS = 400  # at frames that fit a stanza; each takes some milliseconds


@dataclass(frozen=True)
class PlannedLine:
    """A line to be written: its places, its measure, the words that it may end on (None: any)."""

    place: int  # in the poem
    line: Line
    measure: Measured
    ends: frozenset[str] | None
    rhyme: str = ""
    source: str = ""  # of its frame


@dataclass
class Rhymes:
    """The sounds of a poem's rhymes and the words that have been used for them."""

    sounds: dict[str, Sound] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def take(self, letter: str, word: str) -> None:
        """Note that a line of this rhyme ends on *word*."""
        self.sounds.setdefault(letter, sound(word))
        self.words[letter].append(word)

    @property
    def used(self) -> set[str]:
        """Every word that a line ends on."""
        return {w for words in self.words.values() for w in words}


@dataclass(frozen=True)
class Task:
    """What a stanza is planned from."""

    pattern: StanzaPattern
    first: int  # place of its first line in the poem
    given: Mapping[int, str]  # lines that stand: locked, or refrains written before
    lexicon: Lexicon
    names: Mapping[str, tuple[str, ...]]
    told: frozenset[str]  # sources of frames that the poem has used
    letters: Mapping[int, str]  # first letters asked of lines
    needed: Mapping[str, int]  # how many further words each rhyme needs after this stanza
    supply: Mapping[Sound, int]  # how many words of each sound there are at all
    weights: Mapping[Sound, float] = field(default_factory=dict)  # how near the idea each sound's words are
    words: tuple[str, ...] = ()  # required words for this stanza
    loose: bool = False  # lines may be sentences of their own, of any stage


def plan_stanza(task: Task, rhymes: Rhymes, chance: Random) -> list[PlannedLine] | None:
    """Return the lines of a stanza that have to be written, or None where no frames that fit were found."""
    free = [i for i in range(task.first, task.first + len(task.pattern.lines)) if i not in task.given]
    reader = _Reader(task)
    for _ in range(ATTEMPTS if free else 1):
        filled = _fill(task, free, chance, reader)
        if filled is None:
            continue
        ends = {i: reader.ends(line, _of(task, i).measure) - rhymes.used for i, (line, _) in filled.items()}
        if not all(ends.values()):
            continue
        chosen = _choose_sounds(task, ends, rhymes, chance)
        if chosen is not None:
            return [
                PlannedLine(
                    place=i,
                    line=filled[i][0],
                    measure=_of(task, i).measure,
                    ends=_only(ends[i], chosen.get(_of(task, i).rhyme)),
                    rhyme=_of(task, i).rhyme,
                    source=filled[i][1],
                )
                for i in free
            ]
    return None


def _of(task: Task, place: int) -> LinePattern:
    return task.pattern.lines[place - task.first]


def _only(words: frozenset[str], chosen: Sound | None) -> frozenset[str]:
    return words if chosen is None else frozenset(w for w in words if sound(w) == chosen)


def _fill(task: Task, free: Sequence[int], chance: Random, reader: _Reader) -> dict[int, tuple[Line, str]] | None:
    """Return a line of a frame for each free place, frames drawn by chance; None when there are none left."""
    filled: dict[int, tuple[Line, str]] = {}
    told = set(task.told)
    words = list(task.words)
    if task.pattern.whole and not words:
        places = range(task.first, task.first + len(task.pattern.lines))
        frame = _draw(task, places, words, told, chance)
        if frame is None:
            return None
        for place, variants in zip(places, reader.lines(frame, ""), strict=True):  # given lines stand in its place
            if place in free and not _begin(task, filled, place, chance.choice(variants), frame):
                return None
        return filled
    for run in _runs(task, free):
        at = 0
        while at < len(run):
            left = len(run) - at
            size = 1 if left == 1 or _alone(task, run, at, chance) else left if task.pattern.whole else 2
            frame = _draw(task, run[at : at + size], words, told, chance)
            if frame is None:
                return None
            told.add(frame.source)
            for variants in reader.lines(frame, words.pop(0) if "word" in frame.needs else ""):
                if not _begin(task, filled, run[at], chance.choice(variants), frame):
                    return None
                at += 1
    return filled if not words else None


def _begin(task: Task, filled: dict[int, tuple[Line, str]], place: int, line: Line, frame: Frame) -> bool:
    """Put a line at its place, with the letter that is asked of it; tell whether it can have that."""
    fitted = begun_with(line, task.letters[place]) if place in task.letters else line
    if fitted is not None:
        filled[place] = (fitted, frame.source)
    return fitted is not None


class _Reader:
    """Reads frames for one task, each of them once."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._lines: dict[tuple[str, str], list[list[Line]]] = {}
        self._ends: dict[tuple[int, str], tuple[Line, frozenset[str]]] = {}

    def lines(self, frame: Frame, word: str) -> list[list[Line]]:
        """Return the lines of *frame*, each with and without what may be left out at its end."""
        key = (frame.source, word)
        if key not in self._lines:
            names = dict(self._task.names) | ({"word": (word,)} if word else {})
            self._lines[key] = [_settled(line) for line in frame.read(self._task.lexicon, names)]
        return self._lines[key]

    def ends(self, line: Line, measure: Measured) -> frozenset[str]:
        """Return the last words that *line* can reach."""
        key = (id(line), measure.name)
        if key not in self._ends:
            self._ends[key] = (
                line,
                reachable_ends(line.places, measure),
            )  # the line is kept, so that its id stays its own
        return self._ends[key][1]


def _settled(line: Line) -> list[Line]:
    """Return *line* as each of the lines that it may be, in which the last word is one of its last place."""
    found, places = [], list(line.places)
    while "" in places[-1].phrases:
        last = places.pop()
        found.append(Line((*places, Place(last.kind, tuple(p for p in last.phrases if p))), line.mark))
    return [*found, Line(tuple(places), line.mark)]


def _runs(task: Task, free: Sequence[int]) -> Iterator[list[int]]:
    """Give the free places in runs that no given line breaks."""
    run: list[int] = []
    for i in free:
        if run and i != run[-1] + 1:
            yield run
            run = []
        run.append(i)
    if run:
        yield run


def _alone(task: Task, run: Sequence[int], at: int, chance: Random) -> bool:
    """Tell whether a line is written by itself: a refrain, one with a letter asked of it, one before such a one."""
    if task.loose and not task.words and not task.pattern.whole and chance.random() < 0.5:
        return True
    if task.pattern.whole:
        return False
    pair = (run[at], run[at + 1])
    return any(_of(task, i).refrain or i in task.letters for i in pair)


def _draw(task: Task, places: Sequence[int], words: Sequence[str], told: set[str], chance: Random) -> Frame | None:
    """Return a frame for these places that the poem hasn't used, or None."""
    stage = task.pattern.stage
    if len(places) == 1:
        line = "noun_line" if words and is_noun(words[0]) else "word_line"
        stage = "refrain" if _of(task, places[0]).refrain else line if words else "line"
    elif words:
        stage = "noun_word" if is_noun(words[0]) and chance.random() < _MET else "word"
    elif stage.endswith("deed") and "role" in task.names:
        persons = stage.replace("deed", "person")
        stage = stage if any(f.source in told for f in frames(persons)) else persons
    elif task.loose and not task.pattern.whole:
        of = stage.rpartition("_")[0]
        stage = "_".join(filter(None, (of, chance.choice(("scene", "deed", "turn", "close")))))
    if task.pattern.whole and parts(stage):
        return Frame(" / ".join(chance.choice(frames(f"{stage}_{k + 1}")).source for k in range(parts(stage))))
    known = set(task.names) | ({"word"} if words else set())
    fresh = [f for f in frames(stage) if f.source not in told and f.needs <= known and f.lines == len(places)]
    if task.pattern.whole and not task.loose:  # so short a poem names what it is about, or doesn't at all
        fresh = [f for f in fresh if "it" in f.needs] or fresh
    return chance.choice(fresh) if fresh else None


def begun_with(line: Line, letter: str) -> Line | None:
    """Return *line* held to begin with *letter*, by its own words or by an opener before them; None if neither can."""
    rest = list(line.places)
    while rest:
        first = rest[0]
        kept = tuple(p for p in first.phrases if p[:1].lower() == letter)
        if kept:
            return Line((Place(first.kind, kept), *rest[1:]), line.mark)
        if "" not in first.phrases:
            break
        rest.pop(0)
    opening = openers().get(letter, ())
    if not opening:
        return None
    lowered = tuple(
        Place(p.kind, tuple(_lower(x) for x in p.phrases)) if i == 0 else p for i, p in enumerate(line.places)
    )
    return Line((Place("", opening), *lowered), line.mark)


def _lower(phrase: str) -> str:
    return phrase if phrase.startswith(("I ", "I'")) or phrase == "I" else phrase[:1].lower() + phrase[1:]


def reachable_ends(places: Sequence[Place], measured: Measured) -> frozenset[str]:
    """Return the last words with which a line of these places fills its measure."""
    measure: Any = measured  # a metre's states and a count's are never mixed
    here: set[frozenset[Any]] = {measure.start()}
    for place in places[:-1]:
        patterns = {levels for phrase in place.phrases for levels in ways(phrase)}
        here = {measure.advance(states, levels) for states in here for levels in patterns} - {frozenset()}
    fits: dict[str, bool] = {}
    found = set()
    for phrase in places[-1].phrases:
        for levels in ways(phrase):
            if levels not in fits:
                fits[levels] = any(measure.complete(measure.advance(states, levels)) for states in here)
            if phrase and fits[levels]:
                found.add(last_word(phrase))
    return frozenset(found)


def _choose_sounds(
    task: Task, ends: Mapping[int, frozenset[str]], rhymes: Rhymes, chance: Random
) -> dict[str, Sound] | None:
    chosen: dict[str, Sound] = {}
    for letter in dict.fromkeys(_of(task, i).rhyme for i in ends):
        if not letter:
            continue
        lines = [ends[i] for i in ends if _of(task, i).rhyme == letter]
        taken = [said(w).onset for w in rhymes.words[letter]]
        open_to = (
            [rhymes.sounds[letter]] if letter in rhymes.sounds else sorted({sound(w) for words in lines for w in words})
        )
        fitting = [
            s
            for s in open_to
            if s not in set(chosen.values()) | {v for k, v in rhymes.sounds.items() if k != letter}
            and (not task.needed.get(letter) or task.supply.get(s, 0) >= len(lines) + task.needed[letter])
            and distinct([[said(w).onset for w in words if sound(w) == s] for words in lines], taken)
        ]
        if not fitting:
            return None
        far = 2.0 if task.needed.get(letter, 0) else 0.0  # a rhyme that comes back later needs a wide choice
        weights = [
            task.weights.get(s, 1.0)
            * task.supply.get(s, 1) ** far
            * min(len(_only(words, s)) for words in lines) ** 1.5
            for s in fitting
        ]
        chosen[letter] = chance.choices(fitting, weights)[0]
    return chosen


def distinct(choices: Sequence[Sequence[Any]], taken: Iterable[Any]) -> bool:
    """Tell whether each of *choices* can have a value of its own, none of those *taken* (backtracking; few lines)."""
    gone = list(taken)
    if not choices:
        return True
    order = sorted(choices, key=lambda c: len(set(c)))
    return any(distinct(order[1:], [*gone, c]) for c in dict.fromkeys(order[0]) if c not in gone)


def safe_ends(words: Iterable[str], later: Sequence[Iterable[str]], taken: Sequence[str]) -> frozenset[str]:
    """Return those *words* after which each line to come still has a rhyme of its own."""
    gone = [said(w).onset for w in taken]
    ahead = [[said(w).onset for w in choice] for choice in later]
    return frozenset(w for w in words if said(w).onset not in gone and distinct(ahead, [*gone, said(w).onset]))


def supply_of(words: Iterable[str]) -> dict[Sound, int]:
    """Return how many words of different beginnings there are for each sound."""
    onsets: dict[Sound, set[Any]] = defaultdict(set)
    for word in words:
        onsets[sound(word)].add(said(word).onset)
    return {s: len(found) for s, found in onsets.items()}
