"""Several servers of one model as one engine: requests are spread over them, and one that dies is done without.

| question | answer |
|---|---|
| which server | the least busy; among equals the one that the prompt's beginning falls to (rendezvous hashing, Thaler and Ravishankar 1998), so that a cache of prompts, as vLLM keeps one, finds it again |
| how many at once | as many as all servers have slots; further requests wait |
| one dies or breaks off | it is left out for 1, 2, 4 … 60 seconds, then asked in the background; its request is written again by another |
| all are down | asked again after the shortest pause, three times; then EngineError says of each why |
| different weights | refused when the fleet is opened; left out when such a server comes later |

A candidate's seed is ``derive_seed(seed, i)`` whoever writes it, so equal servers write the same text, and a text that
was broken off goes on in the same words. Where the other server's words differ from those that were given out already
they are not taken: pieces can't be called back, so that is an EngineError.
"""  # noqa: E501 - a table

from __future__ import annotations

import hashlib
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from queue import SimpleQueue
from typing import TypeVar

from miaobi.engines.openai_compatible import OpenAICompatible, UnavailableError
from miaobi.engines.package_index import without_login
from miaobi.errors import EngineError, show
from miaobi.types import Floats, Piece, Prompt, Request

T = TypeVar("T")
_log = logging.getLogger("miaobi.engines")
_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  # seconds that a server is left out after its first failure, and at most
_ROUNDS = 3  # how often a fleet without any server is asked again
_CLUSTER = 4  # requests of one beginning that a server with a cache of prompts gets before the next one has any
_BEGINNING = 256  # characters of a prompt by which its server is chosen


def addresses(spec: str) -> list[str]:
    """Return the addresses of a spec ``http://a/v1,http://b/v1#model``, without the model."""
    return [a.strip() for a in re.split(r",(?=\s*https?://)", spec.partition("#")[0]) if a.strip()]


class _Member:
    """One server: its engine once it has answered, how many requests it has, and since when it is left out."""

    def __init__(self, address: str, model: str) -> None:
        self.spec = f"{address}#{model}" if model else address
        self.shown = without_login(address)
        self.engine: OpenAICompatible | None = None
        self.slots = 1
        self.busy = 0
        self.failures = 0
        self.until = 0.0  # on the monotonic clock
        self.asking = False
        self.reason = ""
        self.odd = ""  # the model that it runs where that isn't the others'

    @property
    def up(self) -> bool:
        """Whether it gets requests."""
        return self.engine is not None and not self.failures

    def rank(self, beginning: str) -> tuple[float, int]:
        """Order the servers for a prompt: how busy, then by the hash of beginning and address."""
        cluster = _CLUSTER if self.engine is not None and self.engine.dialect == "vllm" else 1
        share = (self.busy // cluster) * cluster / self.slots
        mark = hashlib.blake2b(f"{beginning}\x1f{self.shown}".encode(errors="replace"), digest_size=8).digest()
        return share, int.from_bytes(mark, "big")


class Fleet:
    """An engine behind ``http://a/v1,http://b/v1#model``; safe to be used from several threads at once."""

    steerable = False

    def __init__(self, spec: str, *, timeout: float = 300.0) -> None:
        model = spec.partition("#")[2]
        self._timeout = timeout
        self._members = [_Member(address, model) for address in dict.fromkeys(addresses(spec))]
        self._change = threading.Condition()
        self._weights: tuple[object, ...] | None = None
        self._closed = False
        try:
            for member in self._members:
                self._ask(member)
            up = [m.engine for m in self._members if m.engine is not None]
            if not up:
                raise self._all_down()
            if odd := next((m for m in self._members if m.odd), None):
                raise EngineError(
                    "The servers of a fleet have to run the same weights, and "
                    f"{show(odd.shown)} runs {show(odd.odd)} instead of {show(up[0].checkpoint.name)}.",
                    "Leave that server out, or name a model that all have behind the last address: #NAME.",
                )
        except BaseException:
            self.close()
            raise
        self.checkpoint = replace(up[0].checkpoint, source=", ".join(m.shown for m in self._members))

    @property
    def width(self) -> int:
        """How many requests are worked on at once."""
        return sum(m.slots for m in self._members)

    @property
    def servers(self) -> int:
        """How many servers it has, up or not."""
        return len(self._members)

    def stream(self, request: Request) -> Iterator[Piece]:
        """Write the candidates, several at once; pieces of different ones come mixed."""
        if request.n == 1:
            yield from self._candidate(request, 0, lambda: self._closed)
            return
        over = threading.Event()
        pieces: SimpleQueue[Piece | BaseException] = SimpleQueue()
        indices = iter(range(request.n))
        turn = threading.Lock()

        def work() -> None:
            try:
                while not over.is_set():
                    with turn:
                        index = next(indices, None)
                    if index is None:
                        return
                    for piece in self._candidate(request, index, over.is_set):
                        pieces.put(piece)
                        if over.is_set():
                            return
            except BaseException as error:  # told to the thread that asked
                pieces.put(error)

        for _ in range(min(request.n, self.width)):
            threading.Thread(target=work, name="fleet", daemon=True).start()
        try:
            missing = request.n
            while missing:
                piece = pieces.get()
                if isinstance(piece, BaseException):
                    raise piece
                yield piece
                missing -= piece.done is not None
        finally:
            over.set()

    def score(self, prompt: Prompt, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Refuse: the protocol does not return log-probabilities of a given text."""
        return self._by_any("", lambda engine: engine.score(prompt, texts))

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector a text, (len(texts), D) float32; UnsupportedError if the servers offer none."""
        return self._by_any("", lambda engine: engine.embed(texts))

    def count(self, text: str) -> int:
        """Return how many tokens *text* takes; see ``OpenAICompatible``."""
        return self._by_any(text, lambda engine: engine.count(text))

    def close(self) -> None:
        """Close all connections."""
        self._closed = True
        for member in self._members:
            if member.engine is not None:
                member.engine.close()

    def _candidate(self, request: Request, index: int, over: Callable[[], bool]) -> Iterator[Piece]:
        told = ""
        for member in self._attempts(_beginning(request.prompt), over):
            with self._held(member) as engine, closing(engine.candidate(request, index)) as pieces:
                text = ""
                for piece in pieces:
                    text = piece.done.text if piece.done else text + piece.text
                    if not text.startswith(told[: len(text)]) or (piece.done and len(text) < len(told)):
                        raise EngineError(
                            f"A text was broken off, and {show(member.shown)} goes on in other words than those that"
                            " were given out: the servers of this fleet don't write the same for the same seed.",
                            "Ask again; or make the servers equal: see docs/fleet.md.",
                        )
                    if len(text) > len(told):
                        new, told = text[len(told) :], text
                        yield Piece(index, new)
                    if piece.done:
                        yield piece
                        return

    def _by_any(self, beginning: str, work: Callable[[OpenAICompatible], T]) -> T:
        for member in self._attempts(beginning[:_BEGINNING], lambda: self._closed):
            with self._held(member) as engine:
                return work(engine)
        raise self._all_down()

    def _attempts(self, beginning: str, over: Callable[[], bool]) -> Iterator[_Member]:
        """Give servers to try, one after another, each held until the next is asked for; EngineError at the end."""
        for _ in range(2 * len(self._members)):
            member = self._take(beginning, over)
            if member is None:
                return
            yield member
        raise self._all_down()

    def _take(self, beginning: str, over: Callable[[], bool]) -> _Member | None:
        """Hold the server that is to answer next, waiting for a free slot; None when nobody waits for it any more."""
        rounds = 0
        while not over():
            self._look_again()
            with self._change:
                up = [m for m in self._members if m.up]
                free = [m for m in up if m.busy < m.slots]
                if free:
                    member = min(free, key=lambda m: m.rank(beginning))
                    member.busy += 1
                    return member
                if up:
                    self._change.wait(0.2)
                    continue
                pause = max(0.0, min(m.until for m in self._members) - time.monotonic())
            if rounds == _ROUNDS:
                raise self._all_down()
            rounds += 1
            time.sleep(pause)
            for member in self._members:
                if member.until <= time.monotonic():
                    self._ask(member)
        return None

    @contextmanager
    def _held(self, member: _Member) -> Iterator[OpenAICompatible]:
        """Use a server that was taken and give its slot back; where it fails it is left out, and nothing is raised."""
        assert member.engine is not None
        try:
            yield member.engine
        except UnavailableError as error:
            self._leave_out(member, error)
        finally:
            with self._change:
                member.busy -= 1
                self._change.notify_all()

    def _look_again(self) -> None:
        """Ask those in the background whose pause is over."""
        for member in self._members:
            with self._change:
                due = not member.up and not member.asking and member.until <= time.monotonic()
                if not due:
                    continue
                member.asking = True
            threading.Thread(target=self._ask, args=(member,), name="fleet-ask", daemon=True).start()

    def _ask(self, member: _Member) -> None:
        """Ask a server whether it is there and runs what the others run."""
        try:
            engine = OpenAICompatible(member.spec, timeout=self._timeout, tries=1)
            slots = engine.slots()
        except EngineError as error:
            self._leave_out(member, error)
            return
        with self._change:
            self._weights = self._weights or engine.weights
            member.odd = "" if engine.weights == self._weights else engine.checkpoint.name
            joins = not member.odd and not self._closed
            if joins:
                if member.failures:
                    _log.warning("The server at %s answers again.", member.shown)
                unused = engine if member.engine else None  # the one that it had may still be reading an answer
                member.engine = member.engine or engine
                member.slots, member.failures, member.reason, member.asking = slots, 0, "", False
                self._change.notify_all()
        if not joins:
            engine.close()
            self._leave_out(member, EngineError(f"The server at {show(member.shown)} runs other weights."))
        elif unused is not None:
            unused.close()

    def _leave_out(self, member: _Member, error: EngineError) -> None:
        with self._change:
            if member.failures and not member.asking and time.monotonic() < member.until:
                return  # several requests met the same death
            pause = max(min(_PAUSE * 2.0**member.failures, _LONGEST_PAUSE), getattr(error, "after", 0.0))
            member.failures += 1
            member.until = time.monotonic() + pause
            member.reason, member.asking = error.message, False
            self._change.notify_all()
        _log.warning("The server at %s is left out for %.0f s: %s", member.shown, pause, error.message)

    def _all_down(self) -> EngineError:
        said = " ".join(m.reason for m in self._members if m.reason)
        return EngineError(
            f"None of the {len(self._members)} servers of this fleet answers. {said}".strip(),
            "Start one of them, then go on: miaobi resume, or retry the job.",
        )


def _beginning(prompt: Prompt) -> str:
    told = "".join(a + b for a, b in prompt.history)
    return (prompt.system + told + prompt.user + prompt.prefix)[:_BEGINNING]
