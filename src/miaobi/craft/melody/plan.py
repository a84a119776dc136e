"""Plan: what a melody is to be, before a note of it is written: key, metre, form, phrases, what stands as given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random

from miaobi.craft.melody.metric import EIGHTH, MOST, NONE, SHORTEST, SIXTEENTH, Filling, is_compound
from miaobi.craft.melody.mood import Mood, chosen
from miaobi.craft.melody.page import LETTERS, net_mode
from miaobi.craft.melody.tune import METRES, Bar, Section, Tune, full
from miaobi.craft.music.interval import Interval, from_root
from miaobi.craft.music.key import SCALES
from miaobi.craft.music.score import MODES, Instrument, Key, Mode
from miaobi.errors import BriefError, show

COMPASS = 10  # semitones that a melody needs at least
_HOME = (55, 80)  # on C: where tunes of the collections mostly lie
_ENOUGH = 17  # semitones: where a key has as many in two octaves, the usual one is taken
_TONICS = {"major": "GDCFAB", "minor": "EADGBC", "other": "DEAGC"}
_FLAT = {"B": "Bb"}
_PICKUPS: dict[str, tuple[int, ...]] = {  # ticks: as often as they stand in the collections, roughly
    "4/4": (0, 24, 24, 12), "2/4": (0, 0, 12, 24), "3/4": (0, 24, 24, 12),
    "6/8": (0, 12, 12), "9/8": (0, 0, 12), "12/8": (0, 12), "3/8": (0, 12),
}  # fmt: skip
HALF = frozenset({2, 7, 11, 5, 4, 0})  # where a phrase that isn't the last may rest, above the tonic


@dataclass(frozen=True)
class SectionPlan:
    """A part of the form. ``counts``: notes of each bar, a pick-up first where the tune has one; () for any number.
    ``rests``: bars on which a phrase rests, with the pitch classes it may rest on and the ticks it does at least;
    ``given``: bars that stand; ``copies``: bars that repeat one of those before, by number in the tune."""

    bars: int
    twice: bool = False
    phrase: int = 4
    counts: tuple[tuple[int, int], ...] = ()
    rests: Mapping[int, tuple[frozenset[int], int]] = field(default_factory=dict)
    given: Mapping[int, Bar] = field(default_factory=dict)
    copies: Mapping[int, int] = field(default_factory=dict)
    onsets: Mapping[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)  # see ``decoding.melody.BarPlan``
    weak: Mapping[int, frozenset[int]] = field(default_factory=dict)  # notes of weak syllables: see ``metric.Filling``
    heights: tuple[tuple[float, ...], ...] = ()  # of the tones sung in each bar, a pick-up first; 0 for none
    pickup: Bar | None = None  # where it is given
    chords: Mapping[int, tuple[tuple[int, str], ...]] = field(default_factory=dict)  # of bars, where they stand


@dataclass(frozen=True)
class TunePlan:
    """A melody to be. ``low``, ``high``: on the tonic C, MIDI; ``order``: letters as they are played, "" as written;
    ``stale``: bars of a person's tune, which those written anew aren't to say once more."""

    metre: str
    key: Key
    interval: Interval
    kind: str
    pickup: int
    sections: tuple[SectionPlan, ...]
    low: int
    high: int
    tempo: int
    order: str = ""
    leap: int = 12
    chromatic: bool = True
    sung: bool = False
    stale: tuple[Bar, ...] = ()
    shortest: int = SHORTEST  # ticks of a note, where that many notes leave it room

    @property
    def mode(self) -> Mode:
        """The mode by which the net is told of the key's."""
        return net_mode(self.key.mode)

    @property
    def scale(self) -> frozenset[int]:
        """Pitch classes above the tonic."""
        return frozenset(SCALES[self.key.mode])

    def shortest_in(self, section: SectionPlan, number: int) -> int:
        """Return how many ticks a note has at least in a bar of a section, −1 for its pick-up: ``shortest``, or less
        where the bar has too many for that.
        """
        return self.filling_in(section, number).shortest

    def filling_in(self, section: SectionPlan, number: int) -> Filling:
        """Return with what a bar of a section is filled, −1 for its pick-up; its weak notes are held to nothing where
        they would have no room.
        """
        counts = section.counts[number + bool(self.pickup)] if section.counts else (1, MOST)
        last = number == section.bars - 1
        left = self.pickup if number < 0 else full(self.metre)
        early, least = self.pickup if last else 0, section.rests.get(number, (frozenset(), 0))[1]
        places, compound = section.onsets.get(number, ()), is_compound(self.metre)
        weak = section.weak.get(number, frozenset())
        filling = Filling(compound, early, min(least, least_rest(self.metre, early)), places)
        for shortest in (EIGHTH, SIXTEENTH):
            for held in (weak, frozenset()):
                found = replace(filling, shortest=shortest, weak=held)
                if shortest <= self.shortest and found.possible(left, NONE, 0, counts[0]):
                    return found
        return filling

    def outline(self) -> Tune:
        """Return a tune of as many sections, with no bars: what the net is told of beforehand."""
        sections = tuple(Section((), None, s.twice) for s in self.sections)
        return Tune(self.metre, self.mode, sections, self.kind, self.pickup)


def phrase_of(bars: int) -> int:
    """Return into phrases of how many bars a section of a given tune is taken."""
    return next(size for size in (4, 2, 3, 5, 1) if bars % size == 0)


def read_key(text: str) -> tuple[str, Mode | None]:
    """Return tonic and mode of "D", "Am", "E dorian", "F 徵"; the mode is None where none is said."""
    text = re.sub(r"(?i)(?<=\b[a-g])[ -]?(flat|sharp)\b", lambda m: "b" if m[1].lower() == "flat" else "#", text)
    match = re.fullmatch(r"\s*([A-Ga-g])\s*([#b♯♭]?)\s*([A-Za-z宫商角徵羽]*)(?:调式?)?\s*", text)
    if match is None:
        raise BriefError(f"{show(text)} is no key.", "Write a tonic and a mode: D, F#m, E dorian, Bb major, D 徵.")
    tonic = match[1].upper() + match[2].replace("♯", "#").replace("♭", "b")
    said = match[3]
    chinese: dict[str, Mode] = {"宫": "gong", "商": "shang", "角": "jue", "徵": "zhi", "羽": "yu"}
    if not said:
        return tonic, None
    if said in chinese:
        return tonic, chinese[said]
    if said == "m":
        return tonic, "minor"
    found: list[Mode] = [mode for mode in MODES if len(said) > 2 and mode.startswith(said.lower())]
    if not found:
        raise BriefError(f"{show(said)} is no mode.", f"Legal: {', '.join(MODES)}; or 宫 商 角 徵 羽.")
    return tonic, found[0]


def key_for(wanted: str, mode: str, mood: Mood, chance: Random, chinese: bool) -> Key:
    """Return the key: what was asked for, the rest by the mood."""
    tonic, own = read_key(wanted) if wanted else ("", None)
    asked: Mode | None = next((m for m in MODES if m == mode), None)
    if asked is not None and own is not None and asked != own:
        raise BriefError(f"The key {wanted} and the mode {mode} contradict each other.", "Leave out one of them.")
    chosen_mode = asked or own or (chosen(mood.chinese, chance) if chinese else chosen(mood.modes, chance))
    found: Mode = next(m for m in MODES if m == chosen_mode)
    if not tonic:
        letters = _TONICS.get(net_mode(found), _TONICS["other"])
        tonic = chance.choice(letters[:4])
        tonic = _FLAT.get(tonic, tonic) if net_mode(found) == "major" else tonic
    key = Key(tonic, found)
    if abs(key.fifths) > 6:
        raise BriefError(f"{tonic} {found} has {abs(key.fifths)} accidentals.", "Take a key with six at most.")
    return key


def placed(key: Key, instrument: Instrument, low: int = 0, high: int = 0) -> tuple[Interval, int, int]:
    """Return how a tune on C is moved to *key* on an instrument, and the range that it then has on C.

    *low*, *high*: MIDI, a narrower range that is wanted; 0 for none. BriefError where the range can't hold the key.
    """
    bottom, top = max(instrument.low, low), min(instrument.high, high or 127)
    best: tuple[tuple[int, int], Interval, int, int] | None = None
    for octaves in range(-3, 4):
        interval = from_root(key.tonic, octaves)
        here = max(bottom - interval.semitones, _HOME[0] - 2), min(top - interval.semitones, _HOME[1] + 3)
        room = min(min(here[1], _HOME[1]) - max(here[0], _HOME[0]), _ENOUGH), -abs(octaves)
        if best is None or room > best[0]:
            best = room, interval, *here
    assert best is not None
    _, interval, low, high = best
    if high - low < COMPASS or not any(m % 12 == 0 for m in range(low + 2, high - 1)):
        raise BriefError(
            f"{instrument.name} from {bottom} to {top} (MIDI) can't hold a melody in {key.tonic} {key.mode}.",
            f"A melody needs {COMPASS} semitones with the tonic inside; take another key or a wider range.",
        )
    return interval, low, high


def pickup_for(metre: str, wanted: str, chance: Random) -> int:
    """Return the ticks of the pick-ups: *wanted* "none", "eighth" or "quarter", else by chance."""
    if wanted:
        return {"none": 0, "eighth": 12, "quarter": 24}[wanted]
    return chance.choice(_PICKUPS[metre])


def sections_of(form: str, bars: int, metre: str) -> tuple[tuple[SectionPlan, ...], str]:
    """Return the sections of a form of letters ("AABB", "AABA"), each *bars* long, and the order in which they are
    played.

    The order is "" where every letter comes twice running: then repeats are written. BriefError for another form.
    """
    letters = "".join(dict.fromkeys(form))
    if not re.fullmatch(r"[A-F]{1,12}", form) or letters != LETTERS[: len(letters)]:
        raise BriefError(
            f"{show(form)} is no form.", "Write letters in the order in which they come: AABB, AABA, ABAC; up to F."
        )
    written = form == "".join(letter * 2 for letter in letters)
    phrase = phrase_of(bars)
    sections = tuple(
        SectionPlan(bars, twice=written, phrase=phrase, rests={bars - 1: (frozenset({0}), beat(metre))})
        for _ in letters
    )
    return sections, "" if written or len(form) == len(letters) else form


def beat(metre: str) -> int:
    """Return the ticks of a beat."""
    return 36 if metre in ("6/8", "9/8", "12/8") else 24 if metre != "3/8" else 12


def least_rest(metre: str, pickup: int) -> int:
    """Return how long the last note of a section is at least: a beat, or what the pick-up leaves of one."""
    room = full(metre) - pickup
    return min(beat(metre), room)


def legal_metre(name: str) -> str:
    """Return a metre that can be written; BriefError for another."""
    if name not in METRES:
        raise BriefError(f"A melody in {show(name)} can't be written.", f"Legal: {', '.join(METRES)}.")
    return name
