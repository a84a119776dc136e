"""Reading: short looks into the library, on the server's own thread where that is quicker than another.

SQLite lets go of the interpreter for each row, and whoever waits gets it for up to five milliseconds: fifty cards that
take half a millisecond alone took two and a half among threads that all want to read. Nobody is kept waiting by a
reader of its log. A database that is asked through a socket may take its time, so that is done beside.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import anyio.to_thread

from miaobi.studio.library.database import place_of

Answer = TypeVar("Answer")


async def soon(read: Callable[[], Answer], short: bool) -> Answer:
    """Return what *read* returns; *short* tells that it takes a millisecond or two."""
    if short and not isinstance(place_of().root, str):
        return read()
    return await anyio.to_thread.run_sync(read)
