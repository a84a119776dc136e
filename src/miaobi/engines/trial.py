"""Load an unknown checkpoint in a child process first: ``python -m miaobi.engines.trial FILE``.

llama.cpp answers some bad files with ``abort()``, which no exception handler can catch. Exit code 0 means: the weights
were loaded and one token was decoded; anything else, a signal or a time-out is a refusal. The verdict is kept by the
file's hash and the version of xllamacpp, so that a file is tried once.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from miaobi.engines.disk import digest, explained, write_whole
from miaobi.engines.entry import checkpoint_folder
from miaobi.errors import CheckpointError, show

_SECONDS = 600  # of a load; a slow disk reads several gigabytes in that
_REFUSED = 65


def tried(path: Path, sha256: str = "") -> None:
    """Raise CheckpointError unless the file at *path* loads; its header has been inspected before."""
    sha256 = sha256 or digest(path)
    verdicts = checkpoint_folder() / "verdicts"
    verdict = verdicts / f"{sha256}.{version('xllamacpp')}.json"
    if verdict.exists():
        reason = str(json.loads(verdict.read_text(encoding="utf-8"))["refused"])
    else:
        reason = _try(path)
        with explained(verdicts, "the verdict on a checkpoint"):
            verdicts.mkdir(parents=True, exist_ok=True)
            write_whole(verdict, json.dumps({"refused": reason}).encode())
    if reason:
        raise CheckpointError(
            f"{show(str(path))} can't be loaded: {reason}.",
            "Its header is in order, so its kind is unknown to this llama.cpp or its weights don't fit together. Try a "
            "newer xllamacpp, or another file of the same checkpoint.",
        )


def _try(path: Path) -> str:
    """Return why the file is refused, or "" if it loads."""
    try:
        done = subprocess.run(  # noqa: S603  our own module, in our own Python
            [sys.executable, "-m", "miaobi.engines.trial", str(path)],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CheckpointError(  # says more of the machine than of the file: not kept
            f"{show(str(path))} was not loaded within {_SECONDS} seconds.", "Close other programs and try again."
        ) from None
    if done.returncode == 0:
        return ""
    if done.returncode < 0:
        return f"llama.cpp crashed on it (signal {-done.returncode})"
    said = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    return show(said[-1]) if said else f"exit code {done.returncode}"


def main() -> int:
    """Load the file named on the command line and decode one token."""
    from miaobi.engines.llamacpp import LlamaCpp
    from miaobi.errors import BuildError, MiaobiError
    from miaobi.types import Prompt, Request, write

    try:
        engine = LlamaCpp(Path(sys.argv[1]), context=64, threads=1)
        write(engine, Request(Prompt("a"), max_tokens=1, seed=0))
        engine.close()
    except BuildError as error:
        sys.stderr.write(f"{error.message}\n")  # of the library, not of the file: the server will show its own
    except MiaobiError as error:
        sys.stderr.write(f"{error.message}\n")
        return _REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
