"""The real command line in a process of its own, with the parrot as its engine; it may be told where to die.

MIAOBI_TEST_KILL names a moment: ``before-delivery``, ``before-library``, ``after-library`` or a number of engine calls.
MIAOBI_TEST_ROOM limits the bytes that a file may have, as a full disk would.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any

import miaobi.engines
from miaobi.cli import main
from miaobi.studio import delivery
from miaobi.studio.library import Library
from miaobi.types import Piece, Request
from tests.parrot import Parrot

MOMENT = os.environ.get("MIAOBI_TEST_KILL", "")
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore Ctrl-C, and so would this
PAUSE = float(os.environ.get("MIAOBI_TEST_PAUSE", "0"))  # seconds a call, so that there is time to interrupt


class Mortal(Parrot):
    def stream(self, request: Request) -> Iterator[Piece]:
        time.sleep(PAUSE)
        yield from super().stream(request)
        if str(self.calls) == MOMENT:
            os.kill(os.getpid(), signal.SIGKILL)


def dying(at: str, function: Any, before: bool) -> Any:
    def called(*arguments: Any, **more: Any) -> Any:
        if before and at == MOMENT:
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*arguments, **more)
        if not before and at == MOMENT:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return called


def limit() -> None:
    if room := os.environ.get("MIAOBI_TEST_ROOM"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(room), resource.RLIM_INFINITY))


if __name__ == "__main__":
    limit()
    miaobi.engines.open_engine = lambda *_, **__: Mortal(("en",))  # type: ignore[assignment]
    delivery.deliver = dying("before-delivery", delivery.deliver, before=True)
    Library.add = dying("before-library", Library.add, before=True)  # type: ignore[method-assign]
    Library.add = dying("after-library", Library.add, before=False)  # type: ignore[method-assign]
    sys.exit(main())
