"""Composes a story with the parrot, slowly, under a journal: run by the test that kills it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

from miaobi.compose import compose
from miaobi.forms import find
from miaobi.studio.job import Order, open_journal
from miaobi.types import Piece, Request
from tests.parrot import Parrot


class Slow(Parrot):
    def stream(self, request: Request) -> Iterator[Piece]:
        time.sleep(0.02)
        return super().stream(request)


if __name__ == "__main__":
    engine = Slow()
    order = Order(brief=find("story").example)
    with open_journal(order, engine.checkpoint.sha256) as journal:
        work = compose(order.brief, engine=engine, formats=["md", "epub"], journal=journal)
        journal.finish()
    sys.stdout.write(" ".join(r.sha256 for r in work.renderings) + f" {engine.calls}")
