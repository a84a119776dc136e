"""What a build of llama.cpp must show with a checkpoint before any text is made of it.

1. Logits are finite, and a text read at once, token by token, and in a batch of branches gives the same bits. This
   holds for the kernels of Q8_0, Q4_0 and Q4_1 with 32 tokens at once; K-quants, Q5 and floating-point weights sum in
   another order when several tokens are evaluated together. For those the cache evaluates one at a time, which is
   slower and keeps the promise.
2. Three tokens decoded greedily by the server are ours too, or within a nat of them (its cache rounds differently).
   Not asked where adapters are applied.

The full test takes a second or two. Its verdict is kept by checkpoint, adapters and build; with a verdict a short form
of the first part is enough at each start. The server runs in a child process:
``python -m miaobi.engines.llamacpp.selftest``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np

from miaobi.decoding.sampling import log_normaliser
from miaobi.engines.disk import write_whole
from miaobi.engines.entry import checkpoint_folder
from miaobi.engines.llamacpp.cache import BRANCHES, Cache

_FULL, _SHORT = 28, 6  # tokens read
_TOLERANCE = 1.0  # nats; a wrong layout gives tokens that are many nats away
_SECONDS = 300


def fault(cache: Cache, vocabulary: int, full: bool) -> str:
    """Return what is wrong with the numbers of this cache; "" if nothing is. The cache is empty after."""
    size = _FULL if full else _SHORT
    tokens = [i % vocabulary for i in range(40, 40 + size)]
    head = size // 2
    width = max(1, min(8, BRANCHES, (cache.cells - size) // (size - head))) if full else 1
    read = cache.plant(tokens)
    cache.clear()
    cache.plant(tokens[:head])
    for branch in range(1, width + 1):
        cache.grow(branch)
    for token in tokens[head:]:
        stepped = cache.feed([(branch, [token], 1) for branch in range(1, width + 1)])
    alone = stepped[0]
    cache.clear()
    if width > 1:
        cache.plant(tokens[:head])
        cache.grow(1)
        alone = [cache.feed([(1, [token], 1)])[0] for token in tokens[head:]][-1]
        cache.clear()
    if not np.isfinite(read).all():
        return "its logits are not finite"
    if not all(np.array_equal(read, row) for row in (*stepped, alone)):
        return "a text read at once, token by token and in a batch gives different numbers"
    return ""


def against_server(cache: Cache, path: Path, tokens: list[int], vocabulary: int) -> str:
    """Return what is wrong when three tokens are decoded here and by the wheel's server; "" if nothing is.

    *tokens*: a text with its beginning-of-sequence token, without which some checkpoints give noise.
    """
    done = subprocess.run(  # noqa: S603  our own module, in our own Python
        [sys.executable, "-m", "miaobi.engines.llamacpp.selftest", str(path), json.dumps(tokens)],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode:
        return ""  # a vocabulary that the server can't run says nothing about the C API
    theirs: list[int] = json.loads(done.stdout.strip().splitlines()[-1])
    row = cache.plant(tokens)
    for token in theirs:
        if not 0 <= token < vocabulary or float(row.max()) - float(row[token]) > _TOLERANCE:
            ours = int(row.argmax())
            gap = float(row[ours]) - log_normaliser(row)
            return f"it decodes token {ours} ({gap:.2f} nats) where the server decodes {token}"
        cache.grow(1)
        row = cache.feed([(1, [token], 1)])[0]
        cache.graft(1)
    cache.clear()
    return ""


def _verdict(sha256: str) -> Path:
    return checkpoint_folder() / "verdicts" / f"{sha256}.{version('xllamacpp')}.selftest.json"


def kept(sha256: str) -> int:
    """Return how many tokens at once this checkpoint and build were found exact with; 0 if unknown."""
    path = _verdict(sha256)
    if not sha256 or not path.exists():
        return 0
    return int(json.loads(path.read_text(encoding="utf-8")).get("at_once", 0))


def keep(sha256: str, at_once: int) -> None:
    """Keep the verdict of a full test."""
    if sha256:
        path = _verdict(sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps({"at_once": at_once}).encode())


def main() -> int:
    """Decode three tokens by the server: arguments are the file and the prompt's tokens as JSON."""
    from miaobi.engines.llamacpp.server import start

    box = start(Path(sys.argv[1]), context=64, threads=1, key="")
    asked = {"prompt": json.loads(sys.argv[2]), "max_tokens": 3, "temperature": 0, "ignore_eos": True, "logprobs": 1}
    answer = box.handle_completions(asked)
    answer = json.loads(answer) if isinstance(answer, str | bytes) else answer
    sys.stdout.write(json.dumps([t["id"] for t in answer["choices"][0]["logprobs"]["content"]]) + "\n")
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
