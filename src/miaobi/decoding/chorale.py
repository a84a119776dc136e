"""Beats of a chorale as a constraint over the events of ``craft.chorale.setting``, any cell of which may be given.

The hard rules are those of ``craft.chorale.rule``, each by its name; they are asked of every note as it comes,
against the voices of the beat that stand already, through the sixteenths that it sounds. It looks ahead where a
later voice would be left without a note: an alto leaves the tenor a place, and at a cadence the third; what comes
before a given beat makes no parallels with it. Chromatic notes are let through where the model is sure of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from miaobi.craft.chorale.rule import LEAPS, RANGES, RULES, Slots, pair_broken, parallel, slots_of, triad, whole_triad
from miaobi.craft.chorale.setting import GRID, VOICES, Cell
from miaobi.craft.music.score import Mode, pitch
from miaobi.decoding.constraint import Follower
from miaobi.decoding.vocabulary import Vocabulary
from miaobi.types import Floats, Mask

SURE = 0.05  # probability from which on a note outside the scale is let through
_SCALES: dict[Mode, frozenset[int]] = {
    "major": frozenset({0, 2, 4, 5, 7, 9, 11}),
    "minor": frozenset({0, 2, 3, 5, 7, 8, 10, 11}),
    "dorian": frozenset({0, 2, 3, 5, 7, 9, 10, 11}),
    "mixolydian": frozenset({0, 2, 4, 5, 7, 9, 10}),
    "phrygian": frozenset({0, 1, 3, 5, 7, 8, 10}),
}
_FORCED = 64  # events fed at once
_ASKED = ("phrase", *RULES, "look-ahead")
_LIKELY = 16  # events judged first


@dataclass(frozen=True)
class BeatPlan:
    """What one beat is held to. ``opens``: the events before its cells; ``given``: cells that stand."""

    opens: tuple[str, ...]
    given: tuple[tuple[str, Cell], ...] = ()
    starts: bool = False  # a phrase: every voice begins a note
    ends: bool = False  # a phrase: a triad in root position
    final: bool = False


@dataclass
class ChoraleBeats:
    """Beats one after another. ``before``: what sounds in each voice, in the order of ``VOICES``, before the first
    of them; ``behind``: the cells of the beat after the last, where they are given."""

    mode: Mode
    shift: int
    plans: tuple[BeatPlan, ...]
    before: Slots = (None, None, None, None)
    behind: tuple[tuple[str, Cell], ...] = ()
    name: str = "chorale"

    def follower(self, vocabulary: Vocabulary) -> Follower:
        """Return a follower at the beginning of the first beat."""
        return BeatsFollower(self, _table(vocabulary))


class _Table:
    """A vocabulary of events as arrays."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.size = len(vocabulary)
        self.name = {i: piece.decode("utf-8", "replace").strip() for i, piece in enumerate(vocabulary.pieces) if piece}
        self.token = {name: i for i, name in self.name.items()}
        self.pitches: dict[str, int] = {}  # MIDI
        for name in self.token:
            if name[:1] in set("ABCDEFG") and name[-1:].isdigit() and name[1:2] != ":":
                self.pitches[name] = pitch(name).midi
        figures = [n for n in self.token if n[1:2] == ":" and n[0] in VOICES and "r" not in n]
        self.figures = {v: [n for n in figures if n[0] == v] for v in VOICES}

    def mask(self, names: set[str]) -> Mask:
        """Return which tokens are one of *names*."""
        found = np.zeros(self.size, np.bool_)
        found[[self.token[n] for n in names if n in self.token]] = True
        return found


def _table(vocabulary: Vocabulary) -> _Table:
    if "_chorale" not in vocabulary.__dict__:
        vocabulary.__dict__["_chorale"] = _Table(vocabulary)
    found: _Table = vocabulary.__dict__["_chorale"]
    return found


@dataclass(frozen=True)
class _State:
    """Where a candidate is. ``sung``: of the open cell; ``done``: the beat's voices that stand, as sixteenths."""

    at: int = 0
    opened: int = 0
    voice: int = 0
    figure: str = ""
    sung: tuple[int, ...] = ()
    done: tuple[Slots, ...] = ()
    before: Slots = (None, None, None, None)


class BeatsFollower:
    """A follower that tells its rules apart; a state is a value, so going back is forgetting the last ones."""

    certain = False  # three voices can leave the fourth no note: the writer backs up

    def __init__(self, line: ChoraleBeats, table: _Table) -> None:
        self.name, self._line, self._table = line.name, line, table
        self._states = [_State(before=line.before)]

    # --- the face of a follower -----------------------------------------------------------------------------

    def rules(self, logits: Floats) -> list[tuple[str, Mask]]:
        """Return the masks of what may come next, in the order of blame.

        The likeliest events are judged first, and all others only where none of those may come.
        """
        state = self._states[-1]
        if state.at == len(self._line.plans):
            return [("length", np.zeros(self._table.size, np.bool_))]
        names = self._possible(state)
        likely = sorted(names, key=lambda n: -float(logits[self._table.token[n]]) if n in self._table.token else 0.0)
        for some in (likely[:_LIKELY], likely):
            judged = {name: self._broken(state, name) for name in some}
            found = [("structure", self._table.mask(set(names)))]
            rules = list(dict.fromkeys(rule for broken in judged.values() for rule in broken))
            for rule in sorted(rules, key=_ASKED.index):
                found.append(
                    (rule, self._table.mask(set(names) - {n for n, broken in judged.items() if rule in broken}))
                )
            if state.figure and self._given(state) is None:
                found.append(("scale", self._scale(logits)))
            if len(some) < len(names):
                found.append(("likely", self._table.mask(set(some))))
            if np.logical_and.reduce([mask for _, mask in found]).any():
                break
        return found

    def mask(self, logits: Floats) -> Mask:
        """Return which tokens may come next."""
        allowed: Mask = np.logical_and.reduce([mask for _, mask in self.rules(logits)])
        return allowed

    def consume(self, token: int) -> bool:
        """Take a token."""
        state, name = self._states[-1], self._table.name.get(token, "")
        if state.at == len(self._line.plans) or name not in self._possible(state) or self._broken(state, name):
            return False
        self._states.append(self._after(state, name))
        return True

    def rewind(self, count: int) -> None:
        """Forget the last tokens."""
        if count:
            del self._states[-count:]

    def complete(self) -> bool:
        """Tell whether all beats are written."""
        return self._states[-1].at == len(self._line.plans)

    def forced(self) -> list[int]:
        """Return the events before a beat and the given cells that come next."""
        found: list[int] = []
        state = self._states[-1]
        while state.at < len(self._line.plans) and len(found) < _FORCED:
            plan = self._line.plans[state.at]
            if state.opened < len(plan.opens):
                name = plan.opens[state.opened]
            elif (cell := self._given(state)) is not None:
                name = self._next_of(state, cell)
            else:
                break
            if name not in self._table.token:
                break
            found.append(self._table.token[name])
            state = self._after(state, name)
        return found

    # --- what may come --------------------------------------------------------------------------------------

    def _given(self, state: _State) -> Cell | None:
        return dict(self._line.plans[state.at].given).get(VOICES[state.voice])

    def _next_of(self, state: _State, cell: Cell) -> str:
        if not state.figure:
            return f"{VOICES[state.voice]}:{cell.figure}"
        return cell.pitches[len(state.sung)].name

    def _possible(self, state: _State) -> list[str]:
        """Return the events that may come by the structure alone."""
        plan = self._line.plans[state.at]
        if state.opened < len(plan.opens):
            return [plan.opens[state.opened]]
        if (cell := self._given(state)) is not None:
            return [self._next_of(state, cell)]
        return list(self._table.pitches) if state.figure else self._table.figures[VOICES[state.voice]]

    def _broken(self, state: _State, name: str) -> set[str]:
        """Return the rules that an event of a free cell breaks."""
        plan = self._line.plans[state.at]
        if state.opened < len(plan.opens) or self._given(state) is not None:
            return set()
        return (
            self._broken_by_pitch(state, plan, name) if state.figure else self._broken_by_figure(state, plan, name[2:])
        )

    def _broken_by_figure(self, state: _State, plan: BeatPlan, figure: str) -> set[str]:
        held = state.before[state.voice]
        found = set()
        if (plan.starts or held is None) and figure[0] != "o":
            found.add("phrase")
        if plan.ends and figure not in ("o---", "----"):
            found.add("cadence")
        if figure[0] != "o" and held is not None and not plan.starts:
            found |= self._faults(state, plan, held, 0, _until(figure, 0), held)
        return found

    def _broken_by_pitch(self, state: _State, plan: BeatPlan, name: str) -> set[str]:
        voice, midi = VOICES[state.voice], self._table.pitches[name]
        places = [i for i, mark in enumerate(state.figure) if mark == "o"]
        start = places[len(state.sung)]
        before = self._slots(state)[-1] if start else state.before[state.voice]
        found = self._faults(state, plan, midi, start, _until(state.figure, start + 1), before)
        low, high = RANGES[voice]
        if not low <= midi + self._line.shift <= high:
            return found | {"range"}
        later = places[len(state.sung) + 1 :]
        if not found and later and not self._goes_on(state, plan, midi, later[0]):
            found.add("look-ahead")
        return found

    def _goes_on(self, state: _State, plan: BeatPlan, midi: int, at: int) -> bool:
        """Tell whether a voice that sings *midi* has a note to go on with at the sixteenth *at*."""
        voice = VOICES[state.voice]
        low, high = (limit - self._line.shift for limit in RANGES[voice])
        end = _until(state.figure, at + 1)
        step = LEAPS[voice]
        choice = range(max(low, midi - step), min(high, midi + step) + 1)
        return any(not self._faults(state, plan, p, at, end, midi) for p in sorted(choice, key=lambda p: abs(p - midi)))

    def _slots(self, state: _State) -> Slots:
        """Return the open cell's sixteenths as far as they are known."""
        out: list[int | None] = []
        now, coming = state.before[state.voice], iter(state.sung)
        for mark in state.figure:
            if mark == "o" and (now := next(coming, None)) is None:
                break
            out.append(now)
        return tuple(out)

    def _faults(self, state: _State, plan: BeatPlan, midi: int, start: int, end: int, before: int | None) -> set[str]:
        """Return the rules that a pitch breaks which sounds from the sixteenth *start* up to *end*."""
        voice = VOICES[state.voice]
        found: set[str] = set()
        if before is not None and abs(midi - before) > LEAPS[voice]:
            found.add("leap")
        for other, theirs in self._known(state, plan):
            place = VOICES.index(other)
            for at in range(start, end):
                was = before if at == start else midi
                then = theirs[at - 1] if at else state.before[place]
                found.update(pair_broken(voice, (was, midi), other, (then, theirs[at])))
        if end == GRID:
            found.update(self._joined(state, midi))
            if plan.ends:
                found.update(self._closed(state, plan, midi))
        if not found and not self._others_fit(state, plan, midi, start):
            found.add("look-ahead")
        return found

    def _known(self, state: _State, plan: BeatPlan) -> list[tuple[str, Slots]]:
        """Return the sixteenths of the beat's other voices that are known: those that stand, and given ones to come."""
        later = VOICES[state.voice + 1 :]
        given = [(v, slots_of(cell, state.before[VOICES.index(v)])) for v, cell in plan.given if v in later]
        return [*zip(VOICES, state.done, strict=False), *given]

    def _others_fit(self, state: _State, plan: BeatPlan, midi: int, at: int) -> bool:
        """Tell whether the voices that come after have notes to sing at the sixteenth *at*."""
        standing = {v: theirs[at] for v, theirs in zip(VOICES, state.done, strict=False)} | {VOICES[state.voice]: midi}
        if at:
            state = replace(state, before=(*(theirs[at - 1] for theirs in state.done), *[None] * len(VOICES))[:4])
        return self._fit(state, plan, standing, at)

    def _fit(self, state: _State, plan: BeatPlan, standing: dict[str, int | None], at: int) -> bool:
        if len(standing) == len(VOICES):
            bass = standing["B"]
            others = [p for v, p in standing.items() if v != "B" and p is not None]
            whole = bass is not None and whole_triad(bass, others) and not (plan.final and bass % 12)
            return whole or not plan.ends or len(plan.given) == len(VOICES)
        voice = VOICES[len(standing)]
        before = state.before[len(standing)]
        cell = dict(plan.given).get(voice)
        low, high = (limit - self._line.shift for limit in RANGES[voice])
        if cell is not None:
            choice: list[int | None] = [slots_of(cell, before)[at]]
        elif before is None:
            choice = list(range(low, high + 1))
        else:
            choice = [p for p in range(low, high + 1) if abs(p - before) <= LEAPS[voice]]
        for p in choice:
            if p is not None and cell is None and self._clashes(state, standing, voice, p):
                continue
            if self._fit(state, plan, standing | {voice: p}, at):
                return True
        return False

    def _clashes(self, state: _State, standing: Mapping[str, int | None], voice: str, midi: int) -> bool:
        before = state.before
        return any(
            pair_broken(voice, (before[VOICES.index(voice)], midi), v, (before[VOICES.index(v)], p))
            for v, p in standing.items()
        )

    def _joined(self, state: _State, midi: int) -> set[str]:
        """Return the rules that a voice's last pitch breaks with what is given in the beat after."""
        coming = dict(
            self._line.plans[state.at + 1].given if state.at + 1 < len(self._line.plans) else self._line.behind
        )
        voice = VOICES[state.voice]
        own = _begins(coming, voice)
        if own is None:
            return set()
        found = {"leap"} if abs(own - midi) > LEAPS[voice] else set()
        for other, theirs in self._known(state, self._line.plans[state.at]):
            then = _begins(coming, other)
            if then is not None and parallel((midi, theirs[-1]), (own, then)):
                found.add("parallels")
        return found

    def _closed(self, state: _State, plan: BeatPlan, midi: int) -> set[str]:
        """Return "cadence" where a pitch is against the triad on which a phrase ends."""
        voice = VOICES[state.voice]
        ending = {other: theirs[-1] for other, theirs in zip(VOICES, state.done, strict=False)} | {voice: midi}
        bass = ending.get("B")
        if bass is None:  # the soprano, alone so far
            return {"cadence"} if plan.final and midi % 12 not in (0, 3, 4, 7) else set()
        others = [p for v, p in ending.items() if v != "B" and p is not None]
        thirds = [p for p in others if (p - bass) % 12 in (3, 4)]
        if not triad(bass, others) or (plan.final and bass % 12):
            return {"cadence"}
        if voice == "T" and not thirds:
            return {"cadence"}
        if voice == "A" and not thirds and not self._third_is_left(ending, bass):
            return {"cadence"}
        return set()

    def _third_is_left(self, ending: Mapping[str, int | None], bass: int) -> bool:
        low, high = (limit - self._line.shift for limit in RANGES["T"])
        alto = ending["A"] or 0
        return any((p - bass) % 12 in (3, 4) for p in range(max(low, bass, alto - 12), min(high, alto) + 1))

    def _scale(self, logits: Floats) -> Mask:
        scale = _SCALES[self._line.mode]
        allowed = self._table.mask({n for n, m in self._table.pitches.items() if m % 12 in scale})
        p = np.exp(logits - logits.max())
        sure: Mask = allowed | (p >= SURE * p.sum())
        return sure

    # --- what follows ---------------------------------------------------------------------------------------

    def _after(self, state: _State, name: str) -> _State:
        plan = self._line.plans[state.at]
        if state.opened < len(plan.opens):
            return replace(state, opened=state.opened + 1)
        if not state.figure:
            state = replace(state, figure=name[2:])
        else:
            state = replace(state, sung=(*state.sung, self._table.pitches[name]))
        if len(state.sung) < state.figure.count("o"):
            return state
        done = (*state.done, self._slots(state) if "r" not in state.figure else self._given_slots(state))
        if len(done) < len(VOICES):
            return replace(state, voice=state.voice + 1, figure="", sung=(), done=done)
        return _State(at=state.at + 1, before=tuple(slots[-1] for slots in done))

    def _given_slots(self, state: _State) -> Slots:
        cell = self._given(state)
        assert cell is not None  # rests are given, never chosen
        return slots_of(cell, state.before[state.voice])


def _until(figure: str, start: int) -> int:
    """Return where the next note or rest begins in a figure from *start* on."""
    return next((i for i in range(start, len(figure)) if figure[i] != "-"), len(figure))


def _begins(cells: Mapping[str, Cell], voice: str) -> int | None:
    """Return the pitch with which a given cell begins, None where it doesn't begin with one."""
    cell = cells.get(voice)
    return cell.pitches[0].midi if cell is not None and cell.figure[0] == "o" else None
