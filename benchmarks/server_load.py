"""The server under load, on loopback: reads at once, streams at once, a library of 100,000 works, memory.

    python benchmarks/server_load.py [--requests 10000] [--clients 32] [--works 100000] [--part reads|library|streams]

reads     GET /v1/models and /api/works by clients at once: answers that are 5xx, median and 99th percentile, processor
          time of the server a request (the clients' own is on the same cores); the resident memory of the process
          before them, without a checkpoint (its engine is the tests').
library   lists and searches in a library of so many short works, through the library itself: median and 95th percentile
          of processor time.
streams   8 completions streamed at once from the default checkpoint, and one after another by the engine itself:
          tokens a second of both.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from miaobi.engines import open_engine  # noqa: E402
from miaobi.studio.library import Library  # noqa: E402
from miaobi.studio.library.card import Card  # noqa: E402
from miaobi.types import Prompt, Request, Sampling  # noqa: E402

KEY = "a-key-for-the-benchmark-only"
TOKENS = 64
WORDS = ["harbour", "wall", "moon", "tide", "lamp", "keeper", "gull", "rope", "salt", "stair", "window", "letter"]
WORDS += ["stone", "bell", "river", "snow", "train", "field"]
HAN = "春江潮水连海平上明月共生滟随波千万里何处无照花林皆似霰空流霜不觉飞汀白沙看见人初"


def main() -> None:
    """Read the command line and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--works", type=int, default=100_000)
    parser.add_argument("--part", choices=["reads", "library", "streams"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="miaobi-load-") as folder:
        home = Path(folder)
        if options.part in (None, "reads"):
            reads(home, options.requests, options.clients)
        if options.part in (None, "library"):
            library(home / "large", options.works)
        if options.part in (None, "streams"):
            streams(home)


@contextlib.contextmanager
def server(home: Path, module: str) -> Iterator[tuple[str, int]]:
    """Give the address of a running server and its process number."""
    environment = os.environ | {"MIAOBI_HOME": str(home), "MIAOBI_SERVER_KEY": KEY}
    environment["PYTHONPATH"] = f"{ROOT}{os.pathsep}{ROOT / 'src'}"
    command = [sys.executable, "-m", module, "serve", "--port", "0"]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        found = re.search(r"(http://\S+)/v1", process.stderr.readline())
        assert found
        try:
            yield found[1], process.pid
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()


def reads(home: Path, requests: int, clients: int) -> None:
    """Read as fast as *clients* can, from a library of a thousand works."""
    fill(home / "library", 1_000)
    with server(home, "tests.cli.parroted") as (url, pid):
        time.sleep(10)  # the forms are imported in the background
        print(f"resident memory of the idle process: {resident(pid):.0f} MB")
        for path in ("/v1/models", "/api/works"):
            seconds, codes = [], []

            def ask(path: str = path, seconds: list[float] = seconds, codes: list[int] = codes) -> None:
                link = http.client.HTTPConnection("127.0.0.1", int(url.rpartition(":")[2]), timeout=60)
                for _ in range(requests // 2 // clients):
                    begun = time.perf_counter()
                    link.request("GET", path, headers={"Authorization": f"Bearer {KEY}"})
                    answer = link.getresponse()
                    answer.read()
                    codes.append(answer.status)
                    seconds.append(time.perf_counter() - begun)
                link.close()

            before = worked(pid)
            begun = time.perf_counter()
            at_once([ask] * clients)
            rate = len(codes) / (time.perf_counter() - begun)
            failed = sum(code >= 500 for code in codes)
            print(f"GET {path}: {len(codes)} by {clients} clients, {rate:.0f}/s, {failed} 5xx, {told(seconds, 99)}")
            print(f"  processor time of the server: {(worked(pid) - before) / len(codes) * 1000:.2f} ms a request")
        print(f"resident memory afterwards: {resident(pid):.0f} MB")


def fill(folder: Path, works: int) -> None:
    """Make a library of so many short works, the same each time."""
    rng = random.Random(2)
    with Library(folder) as shelf, shelf.index.database.write():
        for i in range(works):
            chinese = i % 3 == 0
            body = "".join(rng.choices(HAN, k=60)) if chinese else " ".join(rng.choices(WORDS, k=40)) + f" w{i}"
            card = Card(
                id=f"{i:08x}-0000-4000-8000-000000000000",
                form="haiku",
                language="zh" if chinese else "en",
                title=body[:12],
                idea=body[:30],
                origin="composed",
                place="",
                seed=i,
                checkpoint="none",
                checkpoint_sha256="",
                words=40,
                created="2026-11-26T00:00:00Z",
                updated=f"2026-11-26T{i // 3600 % 24:02}:{i // 60 % 60:02}:{i % 60:02}Z",
                removed=None,
            )
            shelf.index.put_work(card)
            shelf.index.put_words(card.id, card.title, card.idea, body)


def library(folder: Path, works: int) -> None:
    """Fill a library and read it."""
    fill(folder, works)
    rng = random.Random(1)
    with Library(folder) as shelf:
        index, live = shelf.index, "w.removed IS NULL"
        from miaobi.studio.library.search import terms_of

        def search(query: str) -> None:
            index.search(terms_of(query), live, (), 20)

        pages = [rng.randrange(0, works // 2, 50) for _ in range(100)]
        print(
            f"{works:,} works, first page of 50: {told([timed(lambda: shelf.works(limit=50)) for _ in range(100)], 95)}"
        )
        print(f"any page: {told([timed(lambda at=at: shelf.works(limit=50, offset=at)) for at in pages], 95)}")
        pairs = [f"{rng.choice(HAN)}{rng.choice(HAN)}" for _ in range(100)]
        rare = [f"w{rng.randrange(works)}" for _ in range(100)]
        several = [" ".join(rng.sample(WORDS, 3)) for _ in range(50)]
        phrases = ['"' + " ".join(rng.sample(WORDS, 2)) + '"' for _ in range(50)]
        for what, queries in (
            ("two characters", pairs),
            ("a rare word", rare),
            ("three common words", several),
            ("a phrase", phrases),
            ("one word that most have", WORDS),
        ):
            print(f"search, {what}: {told([timed(lambda q=q: search(q)) for q in queries], 95)}")


def streams(home: Path) -> None:
    """Stream from the default checkpoint, eight at once, beside the engine alone."""
    from miaobi.engines.entry import checkpoint_folder

    (home / "checkpoints").symlink_to(checkpoint_folder())
    engine = open_engine(threads=1)
    begun, tokens = time.perf_counter(), 0
    for seed in range(8):
        request = Request(prompt=Prompt(prefix=f"The sea {seed}"), max_tokens=TOKENS, seed=seed, sampling=Sampling())
        tokens += sum(len(piece.done.tokens) for piece in engine.stream(request) if piece.done)
    alone = tokens / (time.perf_counter() - begun)
    name = engine.checkpoint.name.lower().replace(" ", "-")
    engine.close()
    with server(home, "miaobi.cli") as (url, pid):
        counts: list[int] = []

        def ask(seed: int) -> None:
            body = {"model": name, "prompt": f"The sea {seed}", "max_tokens": TOKENS, "seed": seed, "stream": True}
            body |= {"stream_options": {"include_usage": True}}
            headers = {"Authorization": f"Bearer {KEY}"}
            with httpx.stream("POST", f"{url}/v1/completions", json=body, headers=headers, timeout=300) as answer:
                usage = [line for line in answer.iter_lines() if '"usage"' in line][-1]
                counts.append(int(re.search(r'"completion_tokens": (\d+)', usage)[1]))

        ask(99)  # the first request warms it up
        counts.clear()
        begun = time.perf_counter()
        at_once([lambda seed=seed: ask(seed) for seed in range(8)])
        served = sum(counts) / (time.perf_counter() - begun)
        print(f"8 streams at once: {served:.1f} tokens/s, the engine alone {alone:.1f}: {served / alone:.2f}")
        print(f"resident memory with the checkpoint: {resident(pid):.0f} MB")


def at_once(work: list[Callable[[], None]]) -> None:
    """Do all of it at the same time."""
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def timed(work: Callable[[], object]) -> float:
    """Return the seconds of processor time that *work* takes: the machine may be busy with other things."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def told(seconds: list[float], percentile: int) -> str:
    """Return median and a percentile in milliseconds."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return f"median {cuts[49] * 1000:.1f} ms, p{percentile} {cuts[percentile - 1] * 1000:.1f} ms"


def worked(pid: int) -> float:
    """Return the seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return int(found[1]) / 1000


if __name__ == "__main__":
    main()
