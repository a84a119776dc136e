"""Bars of a melody as a constraint over the events of ``craft.melody.tune``.

What is held, each rule by its name so that what it took from the model is known: *structure* (which event may come
at all), *beats* (a bar is filled exactly, pick-ups, triplets and short last bars among them), *count* (notes a bar),
*form* (bars that repeat others, bars that stand as given), *harmony*, *range*, *leap*, *scale* (a chromatic note
only where the model is sure of it), *cadence* (the last note is the tonic, long enough), *join* (to the note behind
a gap). It looks ahead: a length is allowed only where the rest of the bar can still be filled, a pitch before the
last only where a last one is in reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from miaobi.craft.melody.harmoniser import CHORDS, slots, tonic_chord
from miaobi.craft.melody.metric import EIGHTH, MOST, NONE, SHORTEST, Filling, Inside, is_compound, steps
from miaobi.craft.melody.tune import REST, Bar, Note, full, pitch_name
from miaobi.craft.music.score import Key, Mode, Pitch, pitch
from miaobi.decoding.constraint import Follower
from miaobi.decoding.vocabulary import Vocabulary
from miaobi.types import Floats, Mask

SURE = 0.05  # probability from which on a note outside the scale is let through


@dataclass(frozen=True)
class BarPlan:
    """What one bar is held to.

    ``opens``: events that stand before it; ``left``: bars of its section after it, −1 for a pick-up; ``same``: the
    notes that it has, where they aren't the model's to choose; ``chords``: its chords, where they aren't; ``ends``:
    pitch classes that its last note may have, none for any; ``least``: ticks of that note; ``shortest``: of any;
    ``onsets``: notes that begin on a beat, for a stressed syllable; ``weak``: notes of weak ones (``Filling``).
    """

    left: int
    late: int = 0
    early: int = 0
    opens: tuple[str, ...] = ()
    counts: tuple[int, int] = (1, MOST)
    same: Bar | None = None
    chords: tuple[tuple[int, str], ...] | None = None
    ends: frozenset[int] = frozenset()
    least: int = 0
    onsets: tuple[tuple[int, int], ...] = ()  # (number of a note from 0, ticks left where it begins)
    new: bool = False  # it copies no bar before
    shortest: int = SHORTEST
    weak: frozenset[int] = frozenset()


@dataclass
class MelodyBars:
    """Bars one after another. ``before``: the whole bars so far; ``last``: the note they end on; ``behind``: the
    first note after these bars where that is given; ``tied``: the note before is tied to the first of these."""

    metre: str
    mode: Mode
    plans: tuple[BarPlan, ...]
    before: tuple[Bar, ...] = ()
    last: int | None = None  # MIDI, on the tonic C
    tied: Pitch | None = None
    behind: int | None = None
    low: int = 55
    high: int = 84
    leap: int = 12  # semitones
    scale: frozenset[int] = frozenset(range(12))  # pitch classes above the tonic
    chromatic: bool = True  # notes outside the scale where the model is sure
    sung: bool = False  # a note a syllable: no rests, no ties, and bars come again only where the plan says so
    name: str = "melody"

    def follower(self, vocabulary: Vocabulary) -> Follower:
        """Return a follower at the beginning of the first bar."""
        return BarsFollower(self, _table(vocabulary))


class _Table:
    """A vocabulary of events as arrays."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.size = len(vocabulary)
        self.name = {i: piece.decode("utf-8", "replace").strip() for i, piece in enumerate(vocabulary.pieces) if piece}
        self.token = {name: i for i, name in self.name.items()}
        self.pitches: dict[str, int] = {}  # MIDI
        for name in self.token:
            if name[:1] in set("ABCDEFG") and name[-1:].isdigit() and name[:2] not in ("B#", "E#", "Cb", "Fb"):
                self.pitches[name] = pitch(name).midi
        self.lefts = {int(n[1:]): n for n in self.token if n[:1] == "t" and n[1:].isdigit()}
        self.counts = {int(n[1:]): n for n in self.token if n[:1] == "n" and n[1:].isdigit()}
        self.backs = {int(n[1:]): n for n in self.token if n[:1] == "=" and n[1:].isdigit()}
        self.chords = [n for n in self.token if n.startswith("c:")]

    def mask(self, names: Sequence[str] | set[str]) -> Mask:
        """Return which tokens are one of *names*."""
        found = np.zeros(self.size, np.bool_)
        found[[self.token[n] for n in names if n in self.token]] = True
        return found


def _table(vocabulary: Vocabulary) -> _Table:
    if "_melody" not in vocabulary.__dict__:
        vocabulary.__dict__["_melody"] = _Table(vocabulary)
    found: _Table = vocabulary.__dict__["_melody"]
    return found


@dataclass(frozen=True)
class _State:
    """Where a candidate is. ``stage``: open, copy, count, chord, pitch, length, end."""

    stage: str = "open"
    at: int = 0  # the bar's plan
    opened: int = 0  # of the events before the bar
    left: int = 0
    count: int = 0  # notes to come in the bar
    inside: Inside = NONE
    last: int | None = None
    waiting: str = ""  # a pitch without a length
    tied: str = ""  # the pitch that must come next
    source: tuple[Note, ...] | None = None  # the notes of the bar where they are given
    written: tuple[Note, ...] = ()
    rested: bool = False
    bars: tuple[tuple[Note, ...], ...] = ()


Rules = list[tuple[str, set[str]]]


class BarsFollower:
    """A follower that tells its rules apart; a state is a value, so going back is forgetting the last ones."""

    certain = False  # a leap can be out of reach; the writer backs up

    def __init__(self, line: MelodyBars, table: _Table) -> None:
        self.name, self._line, self._table = line.name, line, table
        tied = pitch_name(line.tied) if line.tied else ""
        self._states = [_State(last=line.last, tied=tied)]
        self._full, self._compound = full(line.metre), is_compound(line.metre)
        own = Key("C", line.mode)
        inside = {n for n, m in table.pitches.items() if m % 12 in line.scale and pitch(n).alter == own.altered(n[0])}
        self._inside = table.mask(inside | {REST, *table.chords})

    # --- the face of a follower -----------------------------------------------------------------------------

    def rules(self, logits: Floats) -> list[tuple[str, Mask]]:
        """Return the masks of what may come next, in the order of blame."""
        state = self._states[-1]
        if state.at == len(self._line.plans):
            return [("length", np.zeros(self._table.size, np.bool_))]
        found = [(rule, self._table.mask(names)) for rule, names in self._rules(state)]
        if not state.source and not state.tied and state.stage in ("pitch", "chord"):
            found.append(("scale", self._scale(logits)))
        return found

    def mask(self, logits: Floats) -> Mask:
        """Return which tokens may come next."""
        allowed: Mask = np.logical_and.reduce([mask for _, mask in self.rules(logits)])
        return allowed

    def consume(self, token: int) -> bool:
        """Take a token."""
        state, name = self._states[-1], self._table.name.get(token, "")
        if state.at == len(self._line.plans) or any(name not in names for _, names in self._rules(state)):
            return False
        self._states.append(self._after(state, name))
        return True

    def rewind(self, count: int) -> None:
        """Forget the last tokens."""
        if count:
            del self._states[-count:]

    def complete(self) -> bool:
        """Tell whether all bars are written."""
        return self._states[-1].at == len(self._line.plans)

    def forced(self) -> list[int]:
        """Return the events that must come next, as far as there is no choice."""
        found: list[int] = []
        state = self._states[-1]
        while state.at < len(self._line.plans) and len(found) < _FORCED:
            rules = self._rules(state)
            legal = set.intersection(*(names for _, names in rules)) & set(self._table.token)
            if len(legal) != 1 or (state.stage == "pitch" and not state.source and not state.tied):
                break
            name = legal.pop()
            found.append(self._table.token[name])
            state = self._after(state, name)
        return found

    # --- what may come --------------------------------------------------------------------------------------

    def _rules(self, state: _State) -> Rules:
        return {
            "open": self._opening,
            "copy": self._copying,
            "count": self._counting,
            "chord": self._harmony,
            "pitch": self._pitch,
            "length": self._length,
        }[state.stage](state)

    def _opening(self, state: _State) -> Rules:
        """Events before a bar, its number, and before that the tie of the bar that has just ended."""
        plan = self._line.plans[state.at]
        coming = [*plan.opens, f"|{plan.left}" if plan.left >= 0 else "up"][state.opened]
        return [("structure", {coming, "~"} if self._may_tie(state) else {coming})]

    def _may_tie(self, state: _State) -> bool:
        if state.opened or not state.at or state.tied or not state.bars:
            return False
        before, plan = self._line.plans[state.at - 1], self._line.plans[state.at]
        if plan.ends or self._line.sung:  # its last note may be its first
            return False
        free = before.same is None and plan.same is None and not plan.opens and not before.early
        return free and state.source is None and state.bars[-1][-1].pitch is not None

    def _copying(self, state: _State) -> Rules:
        plan = self._line.plans[state.at]
        counts = {self._table.counts[c] for c in range(plan.counts[0], plan.counts[1] + 1) if c in self._table.counts}
        if plan.same is not None:
            count = self._table.counts.get(len(plan.same.notes), "")
            back = next((b for k, b in self._table.backs.items() if self._bar_back(state, k) == plan.same.notes), count)
            return [("structure", {back if len(plan.same.notes) > 1 else count})]
        copies = plan.left >= 0 and not self._line.sung and not plan.new
        backs = set(self._table.backs.values()) if copies else set()
        legal = {name for k, name in self._table.backs.items() if self._may_copy(state, plan, k)}
        possible = {name for c, name in self._table.counts.items() if self._possible(plan, c)}
        return [
            ("structure", backs | set(self._table.counts.values())),
            ("form", legal & backs | set(self._table.counts.values())),
            ("count", backs | counts),
            ("beats", backs | possible),
        ]

    def _possible(self, plan: BarPlan, count: int) -> bool:
        return self._filling(plan).possible(self._full - plan.late, NONE, 0, count)

    def _filling(self, plan: BarPlan) -> Filling:
        return Filling(self._compound, plan.early, plan.least, plan.onsets, plan.shortest, plan.weak)

    def _bar_back(self, state: _State, back: int) -> tuple[Note, ...]:
        told = [*(bar.notes for bar in self._line.before), *state.bars]
        return told[-back] if 0 < back <= len(told) else ()

    def _may_copy(self, state: _State, plan: BarPlan, back: int) -> bool:
        notes = self._bar_back(state, back)
        if not notes or state.tied or plan.late or sum(n.ticks for n in notes) != self._full - plan.early:
            return False
        if not plan.counts[0] <= len(notes) <= plan.counts[1] or any(n.tied for n in notes):
            return False
        lefts = [self._full - sum(n.ticks for n in notes[:k]) for k in range(len(notes))]
        if any(number >= len(lefts) or lefts[number] != place for number, place in plan.onsets):
            return False
        sung = [n.pitch.midi for n in notes if n.pitch is not None]
        if not sung or (state.last is not None and abs(sung[0] - state.last) > self._line.leap):
            return False
        if plan.ends and (notes[-1].pitch is None or sung[-1] % 12 not in plan.ends or notes[-1].ticks < plan.least):
            return False
        behind = self._behind(state.at)
        return behind is None or abs(sung[-1] - behind) <= self._line.leap

    def _counting(self, state: _State) -> Rules:
        """The count of a bar whose notes are known."""
        return [("structure", {self._table.counts.get(state.count, "")})]

    def _harmony(self, state: _State) -> Rules:
        plan, inner = self._line.plans[state.at], state.left != self._full
        rules: Rules = [
            ("structure", set(self._table.chords) | (set(self._table.pitches) | {REST} if inner else set()))
        ]
        notes = rules[0][1] - set(self._table.chords)
        if plan.chords is not None:
            given = dict(plan.chords).get(state.left)
            return [*rules, ("harmony", {f"c:{given}"} if given else self._reachable(state))]
        known = {f"c:{c}" for c in CHORDS[self._line.mode]}
        rules.append(("harmony", known | notes))
        if plan.ends and plan.least:
            rules.append(("cadence", notes if inner else {f"c:{tonic_chord(self._line.mode)}"}))
        if inner:  # a chord changes, and a note follows either way
            rules.append(("range", set(self._table.chords) | self._reachable(state)))
        return rules

    def _reachable(self, state: _State) -> set[str]:
        return set.intersection(*(names for _, names in self._pitch(state)))

    def _pitch(self, state: _State) -> Rules:
        table, line, plan = self._table, self._line, self._line.plans[state.at]
        if state.source is not None:
            return [("form", {pitch_name(state.source[len(state.written)].pitch)})]
        if state.tied:
            return [("tie", {state.tied})]
        last = state.count == 1
        rules: Rules = [("structure", set(table.pitches) | {REST})]
        inside = {n for n, midi in table.pitches.items() if line.low <= midi <= line.high}
        behind = self._behind(state.at)
        ends = last and (bool(plan.ends) or behind is not None or not state.written)
        rest = set() if line.sung or state.rested or ends else {REST}
        rules.append(("range", inside | rest))
        near = {n for n, m in table.pitches.items() if state.last is None or abs(m - state.last) <= line.leap}
        rules.append(("leap", near | {REST}))
        if plan.ends and state.count <= 2:  # the last note, or one from which it can be reached
            reach = [m for m in range(line.low, line.high + 1) if m % 12 in plan.ends]
            if last:
                ending = {n for n, m in table.pitches.items() if m % 12 in plan.ends}
            else:
                ending = {n for n, m in table.pitches.items() if any(abs(m - r) <= line.leap for r in reach)} | {REST}
            rules.append(("cadence", ending))
        if last and behind is not None:
            rules.append(("join", {n for n, m in table.pitches.items() if abs(m - behind) <= line.leap}))
        return rules

    def _behind(self, at: int) -> int | None:
        """Return the first pitch of what is given behind the bar *at*."""
        plans = self._line.plans
        if at + 1 == len(plans):
            return self._line.behind
        same = plans[at + 1].same
        return next((n.pitch.midi for n in same.notes if n.pitch is not None), None) if same is not None else None

    def _scale(self, logits: Floats) -> Mask:
        allowed = self._inside.copy()
        if self._line.chromatic:
            p = np.exp(logits - logits.max())
            allowed |= p >= SURE * p.sum()
        return allowed

    def _length(self, state: _State) -> Rules:
        table, plan = self._table, self._line.plans[state.at]
        if state.source is not None:
            return [("form", {table.lefts.get(state.left - state.source[len(state.written)].ticks, "")})]
        return [("structure", set(table.lefts.values())), ("beats", set(self._lengths(state, plan)))]

    def _lengths(self, state: _State, plan: BarPlan) -> dict[str, Inside]:
        """Return the events of the lengths that leave a bar which can be filled, with where in a triplet they lead."""
        found: dict[str, Inside] = {}
        filling = self._filling(plan)
        done = len(state.written)
        strong = next((note.ticks for k, note in reversed([*enumerate(state.written)]) if k not in plan.weak), EIGHTH)
        weak = done in plan.weak
        for length, then in steps(state.left, filling.bound(done), state.inside, self._compound, plan.shortest):
            least = plan.least if state.count == 1 else 0
            after = strong if weak else length
            rest = filling.possible(state.left - length, then, done + 1, state.count - 1, after)
            if (
                length >= least
                and rest
                and not (weak and length > strong)
                and (name := self._table.lefts.get(state.left - length))
            ):
                found[name] = then
        return found

    # --- what follows ---------------------------------------------------------------------------------------

    def _after(self, state: _State, name: str) -> _State:
        plan = self._line.plans[state.at]
        match state.stage:
            case "open" if name == "~":
                *before, bar = state.bars
                held = (*bar[:-1], replace(bar[-1], tied=True))
                return replace(state, tied=pitch_name(bar[-1].pitch), bars=(*before, held))
            case "open":
                if state.opened < len(plan.opens):
                    return replace(state, opened=state.opened + 1)
                return replace(state, stage="copy", left=self._full - plan.late, inside=NONE, written=(), rested=False)
            case "copy" if name[0] == "=":
                notes = plan.same.notes if plan.same is not None else self._bar_back(state, int(name[1:]))
                return replace(state, stage="count", count=len(notes), source=notes)
            case "copy":
                own = plan.same.notes if plan.same is not None else None
                return self._begun(replace(state, count=int(name[1:]), source=own), plan)
            case "count":
                return self._begun(state, plan)
            case "chord" if name.startswith("c:"):
                return replace(state, stage="pitch")
            case "chord" | "pitch":
                return replace(state, stage="length", waiting=name, tied="")
            case _:
                return self._noted(state, name, plan)

    def _begun(self, state: _State, plan: BarPlan) -> _State:
        return replace(state, stage="chord" if plan.left >= 0 and not plan.late else "pitch")

    def _noted(self, state: _State, name: str, plan: BarPlan) -> _State:
        left = int(name[1:])
        value = None if state.waiting == REST else pitch(state.waiting)
        inside = NONE if state.source is not None else self._lengths(state, plan)[name]
        written = (*state.written, Note(value, state.left - left))
        after = replace(
            state,
            left=left,
            count=state.count - 1,
            inside=inside,
            written=written,
            last=state.last if value is None else value.midi,
            rested=state.rested or value is None,
        )
        if after.count:
            middle = plan.left >= 0 and not plan.late and left in slots(self._line.metre)
            return replace(after, stage="chord" if middle else "pitch")
        bars = (*state.bars, written) if plan.left >= 0 else state.bars
        given = plan.same.notes[-1] if plan.same is not None else None
        tied = pitch_name(given.pitch) if given is not None and given.tied else ""
        return replace(after, stage="open", at=state.at + 1, opened=0, bars=bars, tied=tied)


_FORCED = 64  # events fed at once
