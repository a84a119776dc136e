"""Kill -9 of the server at random moments under load: what was acknowledged is kept, every job ends once.

    python benchmarks/server_kills.py [--kills 100] [--database sqlite | postgres | URL]

Each round starts a server, sends jobs and edits as fast as they are taken, and kills it at a moment drawn at random.
Works are written by the engine of the tests, which answers at once, so that there is much to interrupt. At the end one
more server carries out what is left. Then are counted: acknowledged jobs and edits that are gone, jobs that aren't
done, jobs told done more than once, works whose words differ from those of an undisturbed run, and what the database's
own check says. ``postgres`` starts a server of its own, with fsync, from the binaries here.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests import postgres  # noqa: E402
from tests.parrot import Parrot  # noqa: E402

from miaobi.brief import Brief  # noqa: E402
from miaobi.compose import compose  # noqa: E402
from miaobi.studio.excerpt import whole_text  # noqa: E402
from miaobi.studio.library import Library  # noqa: E402
from miaobi.studio.library.database import Place  # noqa: E402
from miaobi.studio.queue import Queue  # noqa: E402

KEY = "a-key-for-the-benchmark-only"
BRIEF = {"form": "story", "idea": "A thief steals a painting", "length": 450}
SEEDS = 5  # different works
AHEAD = 6  # jobs that wait at most, so that the last server ends soon


class Load:
    """Sends jobs and edits until the server dies, and remembers what it acknowledged."""

    def __init__(self) -> None:
        self.jobs: dict[str, int] = {}  # with the seed
        self.edits: set[tuple[str, str]] = set()  # (work, version)
        self._sent = 0

    def run(self, client: httpx.Client) -> None:
        """Send until nobody answers."""
        with contextlib.suppress(httpx.TransportError):
            while True:
                if len(client.get("/api/queue").json()["jobs"]) < AHEAD:
                    seed = self._sent % SEEDS
                    brief = BRIEF | {"seed": seed}
                    answer = client.post("/api/jobs", json={"brief": brief, "formats": ["md"]})
                    if answer.status_code == 202:
                        self.jobs[answer.json()["id"]] = seed
                    self._sent += 1
                for work in client.get("/api/works", params={"limit": 1}).json()["works"]:
                    text = {"text": f"Edit {self._sent} {random.random()}."}
                    answer = client.post(f"/api/works/{work['id']}/versions", json=text)
                    if answer.status_code == 201:
                        self.edits.add((work["id"], answer.json()["version"]))


@contextlib.contextmanager
def server(environment: dict[str, str]):
    """Give a client of a running server and its process, which is killed in the end."""
    command = [sys.executable, "-m", "tests.cli.parroted", "serve", "--port", "0"]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        line = process.stderr.readline()
        found = re.search(r"(http://\S+)/v1", line)
        assert found, line + process.stderr.read()
        headers = {"Authorization": f"Bearer {KEY}"}
        try:
            with httpx.Client(base_url=found[1], headers=headers, timeout=60) as client:
                yield client, process
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()


def main() -> None:
    """Read the command line, kill, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--minutes", type=float, default=60, help="no round begins after that")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        url = options.database
        if url == "postgres":
            url = stack.enter_context(postgres.server())
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="miaobi-kills-")))
        run(home, None if url == "sqlite" else url, options)


def run(home: Path, url: str | None, options: argparse.Namespace) -> None:
    """Kill the server again and again, then count."""
    environment = os.environ | {"MIAOBI_HOME": str(home), "MIAOBI_SERVER_KEY": KEY, "MIAOBI_TEST_PAUSE": "0.02"}
    environment["PYTHONPATH"] = f"{ROOT}{os.pathsep}{ROOT / 'src'}"
    if url:
        environment["MIAOBI_DATABASE"] = url
    rng, load, kills, begun = random.Random(1), Load(), 0, time.monotonic()
    while kills < options.kills and time.monotonic() - begun < options.minutes * 60:
        with server(environment) as (client, process):
            known = len(load.jobs) + len(load.edits)
            sender = threading.Thread(target=load.run, args=(client,))
            sender.start()
            while len(load.jobs) + len(load.edits) == known and sender.is_alive():
                time.sleep(0.01)
            time.sleep(rng.uniform(0.0, 2.5))
            process.send_signal(signal.SIGKILL)
            sender.join()
        kills += 1
        print(f"kill {kills}: {len(load.jobs) + len(load.edits) - known} acknowledged before it", flush=True)
    root = url or home / "library"
    with server(environment) as (client, _):
        deadline = time.monotonic() + 600
        while client.get("/api/queue").json()["jobs"] or any(
            job["state"] == "running" for job in client.get("/api/jobs", params={"limit": 1000}).json()["jobs"]
        ):
            assert time.monotonic() < deadline, "the jobs don't end"
            time.sleep(0.5)
    count(load, root, kills)


def count(load: Load, root: Path | str, kills: int) -> None:
    """Print what the database has of what was acknowledged."""
    found: Counter[str] = Counter()
    whole = {seed: undisturbed(seed) for seed in range(SEEDS)}
    with Queue(root) as queue, Library(Place(root)) as library:
        for id, seed in load.jobs.items():
            job = queue.job(id)  # raises where it is gone
            found[job.state] += 1
            found["taken up again"] += job.attempts > 1
            done = sum(event.kind == "done" for event in queue.events(id, limit=100_000))
            found["told done more than once"] += done > 1
            if job.error:
                print(f"failed after {job.attempts} attempts: {job.error}")
            if job.state == "done":
                first = library.version(library.versions(job.work)[0].id)
                found["words differ"] += library.words(first) != whole[seed]
        for work, version in load.edits:
            found["edits lost"] += version not in {entry.id for entry in library.versions(work)}
        sound = library.index.database.sound()
    print(f"{kills} kills; {len(load.jobs)} jobs and {len(load.edits)} edits acknowledged; integrity check: {sound}")
    for what in ("done", "failed", "taken up again", "told done more than once", "words differ", "edits lost"):
        print(f"{what}: {found[what]}")


def undisturbed(seed: int) -> str:
    """Return the words of a work that nobody interrupts."""
    brief = Brief.parse(BRIEF | {"seed": seed})
    return whole_text(compose(brief, engine=Parrot(("en",)), formats=["md"]))


if __name__ == "__main__":
    main()
