"""What happens to an order while it is carried out: as lines of JSON for programs, else as progress and growing text.

The events are the server's (docs/terminal.md): running, progress, step, then done, failed or cancelled.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from miaobi.cli.terminal import Bar, progress
from miaobi.errors import CancelledError, MiaobiError

# what stands together: behind what opens, before what closes, and Chinese
_TIGHT = re.compile(r"[\s“‘(（《「]\x1f|\x1f[\s”’)）》」,.;:!?，。；：！？、]|[\u3000-\u9fff]\x1f|\x1f[\u3000-\u9fff]")
STOPPED = "Stopped. What was done is kept: go on with `miaobi resume`."


def event(kind: str, said: dict[str, Any]) -> None:
    """Print an event as a line of JSON on stdout, at once."""
    sys.stdout.write(json.dumps({"event": kind} | said, ensure_ascii=False) + "\n")
    sys.stdout.flush()


@contextmanager
def ending(as_json: bool) -> Iterator[None]:
    """Tell a program how an order ended that wasn't done: its last line is failed or cancelled."""
    try:
        yield
    except MiaobiError as error:
        if as_json:
            event("cancelled" if isinstance(error, CancelledError) else "failed", _failure(error))
        raise
    except KeyboardInterrupt:
        if as_json:
            event("cancelled", {"error": STOPPED, "exit": CancelledError.exit_code})
        raise


def _failure(error: MiaobiError) -> dict[str, Any]:
    return {"error": str(error), "exit": error.exit_code}


class Teller:
    """Tells how far an order is, and what of it is on paper."""

    def __init__(self, bar: Bar) -> None:
        from miaobi.studio.pace import Pace

        self._bar, self._pace = bar, Pace()
        self.grew = False  # whether all of it was shown while it was written
        self._before = False  # whether some of it was made before

    def progress(self, what: str, done: float) -> None:
        """Say what is being made, and the share done, 0–1."""
        self._bar(what, done, self._pace.left(done))

    def replayed(self) -> None:
        """Say that the step at hand was made before."""
        self._pace.replayed()
        self._before, self.grew = True, False

    def step(self, said: dict[str, Any]) -> None:
        """Say that a step is finished, with its passages and choices."""
        if passage := _set(said["texts"]):
            self.grew = self._bar.passage(passage) and not self._before


def _set(pieces: list[dict[str, str]]) -> str:
    """Return a step's pieces as they are read: those of prose, which say whose they are, run on; others are lines."""
    told = ""
    for piece in pieces:
        if not piece["author"]:
            told += "\n" * bool(told) + piece["text"]
        elif _TIGHT.search(told[-1:] + "\x1f" + piece["text"][:1]):
            told += piece["text"]
        else:
            told += " " * bool(told) + piece["text"]
    return told.strip()


class _Lines:
    """A bar that is lines of JSON."""

    def passage(self, text: str) -> bool:
        return False

    def __call__(self, what: str, done: float, left: float | None = None) -> None:
        event("progress", {"what": what, "done": round(done, 4), "left": None if left is None else round(left, 1)})


class _LineTeller(Teller):
    def step(self, said: dict[str, Any]) -> None:
        event("step", said)


@contextmanager
def telling(title: str, as_json: bool) -> Iterator[Teller]:
    """Give what tells of one order."""
    if as_json:
        event("running", {"attempt": 1})
        yield _LineTeller(_Lines())
        return
    with progress(title) as bar:
        yield Teller(bar)
