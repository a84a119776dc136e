"""Kill -9 at random moments: how many of the works go on and end in the same bytes.

    python benchmarks/kills.py [--kills 50] [--form story] [--idea IDEA] [--length 450]

The work is composed once, uninterrupted. Then each run is killed at a moment drawn uniformly from that time, resumed
with ``miaobi resume`` (or composed anew where the kill came before the journal was there), and its files are compared.
Works are made in a data folder of their own; the checkpoints of the ordinary one are linked into it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from miaobi.engines.catalog import checkpoint_folder


def digest(folder: Path) -> dict[str, str]:
    """Return the hash of each file; of the record without its times."""
    found = {}
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        if path.name == "record.json":
            record = json.loads(content)
            record.pop("times")
            content = json.dumps(record, sort_keys=True).encode()
        found[path.name] = hashlib.sha256(content).hexdigest()
    return found


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "miaobi.cli", *arguments]


def main() -> None:
    """Read the command line and print one line a kill."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--form", default="story")
    parser.add_argument("--idea", default="A lighthouse keeper finds a message in a bottle")
    parser.add_argument("--length", default="450")
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="miaobi-kills-"))
    (home / "checkpoints").symlink_to(checkpoint_folder())
    environment = os.environ | {"MIAOBI_HOME": str(home)}
    order = ["compose", options.form, options.idea, "--length", options.length, "--format", "md,epub", "--out"]
    begin = time.monotonic()
    subprocess.run(command(*order, str(home / "whole")), env=environment, check=True, capture_output=True)
    whole, seconds = digest(home / "whole"), time.monotonic() - begin
    print(f"uninterrupted: {seconds:.1f} s", flush=True)
    rng = random.Random(0)
    same = 0
    for i in range(options.kills):
        out = home / f"killed-{i}"
        running = subprocess.Popen(
            command(*order, str(out)), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        moment = rng.uniform(0.2, seconds)
        try:
            running.wait(moment)
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
            running.wait()
        went_on = subprocess.run(command("resume"), env=environment, capture_output=True, check=False).returncode == 0
        if not (out / "record.json").exists():
            subprocess.run(command(*order, str(out)), env=environment, capture_output=True, check=True)
        equal = digest(out) == whole
        same += equal
        print(
            f"{i + 1:3} killed at {moment:5.1f} s, {'resumed' if went_on else 'nothing to resume'}: {equal}", flush=True
        )
        shutil.rmtree(out)
    print(f"{options.kills} kills, {same} identical")
    shutil.rmtree(home)


if __name__ == "__main__":
    main()
