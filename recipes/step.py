"""What all recipes share: a step is a command of `miaobi lab`, shown as one would type it, then run.

A recipe that was stopped is run again: finished runs are kept, an unfinished one goes on from its last state.
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import sys
from pathlib import Path

from miaobi.cli import main
from miaobi.engines import run as run_folder
from miaobi.engines.run import RECORD
from miaobi.errors import CorpusError
from miaobi.lab.corpus.token_file import tokens_of


def options(about: str, name: str) -> argparse.ArgumentParser:
    """Return the options that every recipe has."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a net too small to be any good, in under a minute")
    parser.add_argument("--out", type=Path, help="folder for what is made on the way; made/NAME if not given")
    parser.add_argument("--name", default=name, help="what to call the run")
    parser.add_argument("--source", default="", help="other texts: a file or folder of yours")
    parser.add_argument("--licence", default="unknown", help="the licence of your texts, an SPDX id")
    parser.add_argument("--archive", default="", help="the npm package's tarball, where there is no network")
    parser.add_argument("--threads", default="0", help="of training; 0: by trial")
    return parser


def parsed(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """Return what was given, with a folder of its own for each name."""
    given = parser.parse_args()
    given.out = given.out or Path("made") / given.name
    return given


def say(words: str) -> None:
    """Tell what comes next and why."""
    print(f"\n# {words}", flush=True)


def miaobi(*words: object) -> None:
    """Show and run a command of miaobi; a failure ends the recipe with its exit code, after its own message."""
    command = [str(word) for word in words if word != ""]
    print(f"$ miaobi {shlex.join(command)}", flush=True)
    if code := main(command):
        sys.exit(code)


def corpus(out: Path, sources: list[str], *more: object, archive: str = "") -> Path:
    """Make a corpus, look at it, and return it without what should not be learnt from."""
    fetched = ("--archive", archive) if archive else ()
    miaobi("lab", "corpus", *sources, "--out", out / "texts", *fetched, *more)
    miaobi("lab", "audit", out / "texts", "--clean", out / "clean")
    return out / "clean"


def train(name: str, tokens: Path, vocabulary: Path | str, *more: object) -> None:
    """Train a run, or go on with it. One that is finished is kept, and refused where it learnt from other texts."""
    record = run_folder.runs_folder() / name / RECORD
    if not record.is_file():
        miaobi("lab", "train", name, tokens, vocabulary, *more)
        return
    run = run_folder.find(name)
    if not run.finished:
        miaobi("lab", "train", name, "--resume")
        return
    try:
        if "corpus" in run.record:
            tokens_of(run.record | {"tokens": str(tokens)})
    except CorpusError:
        print(f"Error: The run {name} is finished, and it learnt from other texts than these.\n"
              "Call this one otherwise: --name NAME", file=sys.stderr)  # fmt: skip
        sys.exit(CorpusError.exit_code)
    print(f"The run {name} is finished, and kept. For another: --name", flush=True)


def once(name: str, *command: object) -> None:
    """Run a command that makes the run *name* at one go, unless there is one."""
    if (run_folder.runs_folder() / name / RECORD).is_file():
        print(f"The run {name} is finished, and kept. For another: --name", flush=True)
    else:
        miaobi(*command)


def card(name: str, out: Path, *judging: object) -> None:
    """Judge a run beside a 5-gram and people, put the figures and its first texts on its card, and copy that."""
    miaobi("lab", "evaluate", name, "--card", *judging)
    shutil.copy(run_folder.runs_folder() / name / "card.md", out / f"{name}-card.md")
    print(f"The model card: {out / f'{name}-card.md'}", flush=True)
