"""The disk's refusals while the laboratory writes, told as CorpusError with the next step."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from miaobi.errors import CorpusError, show


@contextmanager
def kept(folder: Path, what: str, elsewhere: str = "give a folder on another disk (--out)") -> Iterator[None]:
    """Turn OSError into CorpusError: *what* could not be written to *folder*."""
    try:
        yield
    except OSError as error:
        where = show(str(error.filename or folder))
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise CorpusError(
                f"The disk is full: {what} could not be written to {where}.", f"Free some room, or {elsewhere}."
            ) from error
        raise CorpusError(
            f"The disk refused {what} at {where}: {error.strerror or error}.", f"Check the folder, or {elsewhere}."
        ) from error
