"""Writer: one candidate in the making. Rows of logits go in, moves for the engine come out.

The engine knows sequences and caches; the writer knows sampling, stops, constraints and banned phrases. A *move*
says what the engine must do next: drop ``rewind`` tokens from the end of the sequence, then feed ``feed``, and come
back with the rows of logits that follow. So every steerable engine has the same loop, and the same tokens come out.

Where a constraint leaves nothing, the writer takes its last token back and forbids it there, at most 64 times a
candidate. Where a banned phrase is complete, it goes back to the token that began it and forbids that, at most
eight times a place; then it gives in and says so. Text is released only when it can't be taken back any more: under a
grammar all but the last token, under an automaton or a conjunction all but as many tokens as steps back are left.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np

from miaobi.decoding.constraint import RuledFollower, follow
from miaobi.decoding.phrases import Phrases
from miaobi.decoding.sampling import Sampler, log_normaliser
from miaobi.decoding.vocabulary import Vocabulary
from miaobi.errors import DeadEndError
from miaobi.types import Candidate, Floats, Mask, Piece, Removal, Request, derive_seed

Finish = Literal["stop", "length", "constraint", "cancelled"]
_BACKUPS = 64  # a candidate
_ATTEMPTS = 8  # a place
_SLIGHT = 1e-3  # share of the probability below which a rule is not said to have acted


@dataclass(frozen=True)
class Move:
    """What the engine does next for one candidate; empty when the candidate is finished."""

    rewind: int = 0
    feed: tuple[int, ...] = ()


class Writer:
    """One candidate of a request."""

    def __init__(
        self,
        request: Request,
        index: int,
        prompt: Sequence[int],
        vocabulary: Vocabulary,
        phrases: Phrases | None = None,
    ) -> None:
        self.index, self.request, self.vocabulary = index, request, vocabulary
        self.sampler = Sampler(request.sampling, derive_seed(request.seed, index), prompt, vocabulary.breakers)
        self._follower = follow(request.constraint, vocabulary) if request.constraint is not None else None
        self._ruled = self._follower if isinstance(self._follower, RuledFollower) else None
        self._phrases = phrases or (Phrases(request.banned) if request.banned else None)
        self.tokens: list[int] = []
        self.logprobs: list[float] = []
        self.removals: list[Removal] = []
        self._let_through: dict[int, str] = {}  # character where it begins → banned phrase
        self.finish: Finish | None = None
        self.text = ""  # complete characters so far
        self._starts: list[int] = []  # where in the text each token begins
        self._raw = b""  # bytes of an unfinished character
        self._given = 0  # characters already released
        self._scanned = 0  # no banned phrase begins before this character
        self._forbidden: dict[int, set[int]] = {}  # position → tokens
        self._attempts: dict[int, int] = {}  # character where a phrase began → rewinds
        self._backups = 0
        self._closing: Finish | None = None  # how the candidate ends once all its rows are here

    @property
    def room(self) -> int:
        """How many more tokens may be written."""
        return self.request.max_tokens - len(self.tokens)

    def step(self, rows: Sequence[Floats]) -> Move:
        """Choose what comes next. *rows*: one (V,) float32 per token of the last move's feed, or a single one."""
        for row in rows[:-1]:  # tokens that were forced, and so taken before their rows were known
            self.logprobs.append(_logprob(row, self.tokens[len(self.logprobs)]))
        if self._closing is not None:
            self.finish = self._closing
            return Move()
        while True:  # a banned phrase of one token is undone with the row at hand
            move = self._attempt(rows[-1])
            if move != Move() or self.finish is not None:
                return move

    def _attempt(self, row: Floats) -> Move:
        if move := self._forced(row):
            return move
        if self.room <= 0:
            return self._end("length")
        token = self._choose(row)
        if token is None:
            return self._back_up()
        if token in self.vocabulary.ends:
            return self._end("stop" if self._follower is None else "constraint")
        self._take(token)
        self.logprobs.append(_logprob(row, token))
        return self._settle((token,))

    def _settle(self, feed: tuple[int, ...]) -> Move:
        """Look at the text after *feed*: has it ended, does it hold a banned phrase?"""
        if self._stopped():
            return self._end("stop", unfed=len(feed))
        if self.room <= 0:
            return self._end("length", unfed=len(feed))
        return self._rewound(len(feed), final=False) or Move(feed=feed)

    def _forced(self, row: Floats) -> Move | None:
        """Take the tokens that the constraint leaves no choice about."""
        forced = self._follower.forced()[: self.room] if self._follower else []
        if not forced or forced[0] in self._forbidden.get(len(self.tokens), ()):
            return None
        taken = []
        for token in forced:
            if self._follower is None or not self._follower.consume(token):
                break
            self._append(token)
            taken.append(token)
        if not taken:
            return None
        self.logprobs.append(_logprob(row, taken[0]))
        return self._settle(tuple(taken))

    def _choose(self, row: Floats) -> int | None:
        forbidden = self._forbidden.get(len(self.tokens), set())
        mask, rules = self._mask(row, forbidden)
        token = self.sampler.choose(row, mask, forbidden)
        if token < 0 and forbidden and self._backups == 0:  # only the ban stands in the way: give in here
            self._forbidden.pop(len(self.tokens))
            self._attempts[len(self.text)] = _ATTEMPTS
            token = self.sampler.choose(row, mask)
        if rules:
            self._account(row, rules)
        elif mask is not None and not mask[best := int(row.argmax())] and best not in self.vocabulary.never:
            self._record(row, mask, best)
        return None if token < 0 else token

    def _mask(self, row: Floats, forbidden: set[int]) -> tuple[Mask, list[tuple[str, Mask]]]:
        """Return what may come next, and by which rules where the follower tells them apart."""
        rules: list[tuple[str, Mask]] = []
        if self._follower is None:
            mask = np.ones(len(self.vocabulary), dtype=np.bool_)
        else:
            if forbidden:  # so that a follower that tries the likely tokens goes on to others
                row = row.copy()
                row[list(forbidden)] = -np.inf
            if self._ruled is not None:
                rules = self._ruled.rules(row)
                mask = np.logical_and.reduce([rule for _, rule in rules])
            else:
                mask = self._follower.mask(row)
            mask[list(self.vocabulary.ends)] = self._follower.complete()
        mask[self.vocabulary.never] = False
        return mask, rules

    def _account(self, row: Floats, rules: list[tuple[str, Mask]]) -> None:
        """Keep what each rule took of the probability that the rules before it had left."""
        left = np.exp(row - np.float32(log_normaliser(row)))
        left[self.vocabulary.never] = 0
        left[list(self.vocabulary.ends)] = 0  # whether the text may end is asked apart from the rules
        for name, mask in rules:
            before = float(left.sum(dtype=np.float64))
            best = int(left.argmax())
            left = np.where(mask, left, np.float32(0))
            mass = 1.0 - float(left.sum(dtype=np.float64)) / before if before > 0 else 0.0
            if mass > _SLIGHT:
                token = "" if mask[best] else self.vocabulary.text([best])
                self.removals.append(Removal(name, len(self.tokens), token, min(1.0, mass)))

    def _record(self, row: Floats, mask: Mask, best: int) -> None:
        left = float(np.exp(row[mask] - np.float32(log_normaliser(row))).sum(dtype=np.float64))
        name = self._follower.name if self._follower else "control tokens"
        token = self.vocabulary.text([best]) or "(end)"
        self.removals.append(Removal(name, len(self.tokens), token, min(1.0, max(0.0, 1.0 - left))))

    def _back_up(self) -> Move:
        if not self.tokens or self._backups >= _BACKUPS or self._starts[-1] < self._given:
            name = self._follower.name if self._follower else "ban list"
            raise DeadEndError(
                f"The constraint ({name}) leaves no continuation after “{self.text[-60:]}”, "
                f"not even after {self._backups} steps back.",
                "Loosen the constraint, or allow more tokens.",
            )
        self._backups += 1
        return self._go_back(len(self.tokens) - 1, 0)

    def _take(self, token: int) -> None:
        if self._follower is not None and not self._follower.consume(token):
            raise DeadEndError("The constraint refused a token that it had allowed.", "Report this as a defect.")
        self._append(token)

    def _append(self, token: int) -> None:
        self._starts.append(len(self.text))
        self.tokens.append(token)
        self.sampler.accept(token)
        self._decode(self.vocabulary.pieces[token])

    def _decode(self, piece: bytes) -> None:
        """Add the characters that are complete; however the bytes are cut into pieces, the same text comes out."""
        raw = self._raw + piece
        text, consumed = codecs.utf_8_decode(raw, "replace", False)
        self.text, self._raw = self.text + text, raw[consumed:]

    def _stopped(self) -> bool:
        """Cut the text at the first stop string; tell whether there is one."""
        found = [at for at in (self.text.find(s, self._given) for s in self.request.stop if s) if at >= 0]
        if found:
            self.text = self.text[: min(found)]
            self._forget_scan()
        return bool(found)

    def _rewound(self, unfed: int, final: bool) -> Move | None:
        """Return the move that undoes a banned phrase; None if there is none. *unfed*: tokens not yet fed."""
        while self._phrases is not None:
            scan = self._phrases.scan(self.text, self._scanned, final)
            self._scanned = scan.open
            if scan.found is None:
                return None
            phrase, start, _ = scan.found
            place = max(i for i, at in enumerate(self._starts) if at <= start)
            if start not in self._let_through and self._attempts.get(start, 0) < _ATTEMPTS:
                self._attempts[start] = self._attempts.get(start, 0) + 1
                self.removals.append(
                    Removal(f"banned: {phrase}", place, self.vocabulary.text([self.tokens[place]]), 0.0)
                )
                return self._go_back(place, unfed)
            self._let_through[start] = phrase
            self._scanned = start + 1
        return None

    def _go_back(self, place: int, unfed: int) -> Move:
        """Take back all tokens from *place* on and forbid the one that stood there."""
        self._forbidden = {at: tokens for at, tokens in self._forbidden.items() if at <= place}
        self._forbidden.setdefault(place, set()).add(self.tokens[place])
        self.removals = [r for r in self.removals if r.at <= place]
        count = len(self.tokens) - place
        if self._follower is not None:
            self._follower.rewind(count)
        self.sampler.rewind(count)
        del self.tokens[place:], self._starts[place:], self.logprobs[place:]
        self.text, self._raw = "", b""
        self._decode(b"".join(self.vocabulary.pieces[t] for t in self.tokens))
        self._forget_scan()
        if count > unfed:
            return Move(rewind=count - unfed)
        return Move(feed=tuple(self.tokens[len(self.tokens) + count - unfed :]))

    def _forget_scan(self) -> None:
        """After a cut: what the text that is gone had decided may be a banned phrase again."""
        if self._phrases is not None:
            size = len(self.text)
            self._let_through = {at: p for at, p in self._let_through.items() if at + len(p) <= size}
            self._scanned = min(self._scanned, max(0, size - self._phrases.longest))

    def _end(self, finish: Finish, unfed: int = 0) -> Move:
        if move := self._rewound(unfed, final=True):
            return move
        if len(self.logprobs) < len(self.tokens):  # forced tokens: their rows are yet to come
            self._closing = finish
            return Move(feed=tuple(self.tokens[len(self.tokens) - unfed :]))
        self.finish = finish
        return Move()

    def release(self) -> str:
        """Return the text that can't be taken back any more and has not been given out yet."""
        end = len(self.text)
        if self.finish is None:
            end = self._decided(len(self.text) - self._pending_stop())
            if self._starts:
                end = min(end, [*self._starts, end][max(0, len(self._starts) - self._retractable())])
        text = self.text[self._given : end]
        self._given = max(self._given, end)
        return text

    def _decided(self, cut: int) -> int:
        """Return up to which character of ``text[:cut]`` no banned phrase can make the text go back.

        A phrase that is open takes its first token with it when it goes, and then one before it may be open again.
        """
        while self._phrases is not None:
            first_open = self._first_open(cut)
            if first_open >= cut:
                break
            cut = max(at for at in self._starts if at <= first_open)
        return cut

    def _first_open(self, cut: int) -> int:
        """Return where a banned phrase may begin if the text were cut here; *cut* if nowhere."""
        assert self._phrases is not None
        start = max(0, cut - self._phrases.longest)
        while (scan := self._phrases.scan(self.text[:cut], start, False)).found:
            start = scan.found[1] + 1  # one that was let through
        return scan.open

    def _retractable(self) -> int:
        """Return how many tokens a dead end may yet take back."""
        if self._follower is None:
            return 0
        return 1 if self._follower.certain and self._phrases is None else max(1, _BACKUPS - self._backups)

    def _pending_stop(self) -> int:
        """Return how many characters at the end may be the beginning of a stop string."""
        sizes = (
            next((k for k in range(min(len(s) - 1, len(self.text)), 0, -1) if self.text.endswith(s[:k])), 0)
            for s in self.request.stop
        )
        return max(sizes, default=0)

    def candidate(self) -> Candidate:
        """Return the finished candidate."""
        return Candidate(
            text=self.text,
            tokens=tuple(self.tokens),
            logprobs=tuple(self.logprobs),
            finish=self.finish or "cancelled",
            removals=tuple(self.removals),
            relented=tuple(self._let_through.values()),
        )


def _logprob(row: Floats, token: int) -> float:
    return float(row[token]) - log_normaliser(row)


class Running(Protocol):
    """A text being written on a net: its tokens, and the net's state behind them."""

    tokens: list[int]

    def rewind(self, count: int) -> None:
        """Take back the last *count* tokens."""

    def feed(self, tokens: Sequence[int], wanted: int) -> list[Floats]:
        """Read *tokens*; return the rows after the last *wanted* of them, each (V,) float32."""


def in_turns(running: list[tuple[Writer, Running, Move]], lock: AbstractContextManager[Any]) -> Iterator[Piece]:
    """Write candidates side by side, a move of each in turn, each move under *lock*."""
    while running:
        going = []
        for writer, sequence, move in running:
            if text := writer.release():
                yield Piece(writer.index, text)
            if writer.finish is not None:
                yield Piece(writer.index, done=writer.candidate())
                continue
            with lock:
                going.append((writer, sequence, writer.step(_carried_out(move, sequence))))
        running = going


def _carried_out(move: Move, sequence: Running) -> list[Floats]:
    feed = move.feed
    if move.rewind:  # the row at that point is not kept: the token before it is read again
        feed = (sequence.tokens[-move.rewind - 1], *feed)
        sequence.rewind(move.rewind + 1)
    return sequence.feed(feed, max(1, len(move.feed)))
