"""What is read from an idea for a picture, beside what a person would expect to see.

    python benchmarks/picture_reading.py [FILE ...] [--show]

Five files of annotated ideas, English and Chinese: ``known`` (90), ``more`` (120) and ``wide`` (120), by which the
reading was improved, and ``unseen`` (90) and ``wide_unseen`` (120), which nobody looked at meanwhile. Of what should be
read the share that is (recall), and of what is read the share that should be (precision); of hour, weather, season,
ground and counts the share right where the annotation says them; of things that mustn't be drawn the share that isn't.
``--show`` tells the misses of those known.
"""

from __future__ import annotations

import argparse
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from miaobi.craft.drawing.words.reading import Asked, read_wish

BRIEFS = Path(__file__).parent / "briefs"
DEVELOPED = ("known", "more", "wide")
HELD_OUT = ("unseen", "wide_unseen")


def same(act: str) -> str:
    """Return an act so that those which show alike are the same: who is beside whom has no order."""
    who, how, whom = act.split()
    return f"{min(who, whom)} beside {max(who, whom)}" if how == "beside" else act


def compared(idea: dict[str, Any], asked: Asked) -> dict[str, tuple[set[str], set[str]]]:
    """Return by kind what is expected and what was read."""
    counts = {name: n for name, n in asked.subjects if n > 1}
    expected_counts = idea.get("counts", {})
    return {
        "subjects": (set(idea["subjects"]), {name for name, _ in asked.subjects}),
        "acts": (
            {same(act) for act in idea.get("acts", ())},
            {same(f"{a.who} {a.how} {a.whom}") for a in asked.acts},
        ),
        "poses": (
            {pose.replace(" lie", " sleep") for pose in idea.get("poses", ())},  # drawn alike
            {f"{who} {pose}".replace(" lie", " sleep") for who, pose in asked.gestures},
        ),
        "counts": ({f"{k} {v}" for k, v in expected_counts.items()}, {f"{k} {v}" for k, v in counts.items()}),
        "coloured": (
            {" ".join(c.split()[:-1]) for c in idea.get("colours", ())},
            {f"{who} {part}".strip() for who, part, _ in asked.colours},
        ),
    }


def legal(value: str | list[str]) -> list[str]:
    return ["field" if v == "fields" else v for v in ([value] if isinstance(value, str) else value)]


def judged(idea: dict[str, Any], hits: Counter[str], wanted: Counter[str], read: Counter[str]) -> list[str]:
    """Count what is right of one idea, and return what isn't."""
    asked = read_wish(idea["text"], called=True)
    missed = []
    for kind, (expected, found) in compared(idea, asked).items():
        hits[kind] += len(expected & found)
        wanted[kind] += len(expected)
        read[kind] += len(found)
        if expected != found:
            missed.append(f"{kind}: missed {sorted(expected - found)}, too much {sorted(found - expected)}")
    for kind in ("hour", "weather", "season", "ground"):
        if kind not in idea:
            continue
        said = asked.grounds[0] if kind == "ground" and asked.grounds else getattr(asked, kind, "")
        wanted[kind] += 1
        hits[kind] += said in legal(idea[kind])
        if said not in legal(idea[kind]):
            missed.append(f"{kind}: {idea[kind]}, read {said}")
    gone = set(idea.get("absent", ()))
    wanted["absent"] += len(gone)
    hits["absent"] += len(gone - dict(asked.subjects).keys())
    return missed


def score(name: str, *, show: bool) -> None:
    """Print the figures of a file, and of *show* what is missed."""
    ideas = tomllib.loads((BRIEFS / f"pictures_{name}.toml").read_text(encoding="utf-8"))["idea"]
    for language in ("en", "zh"):
        hits, wanted, read = Counter[str](), Counter[str](), Counter[str]()
        for idea in (idea for idea in ideas if idea["language"] == language):
            missed = judged(idea, hits, wanted, read)
            if missed and show:
                print(f"  {idea['text']}\n      " + "\n      ".join(missed))
        parts = [
            f"{kind} {hits[kind] / max(1, wanted[kind]):.2f} of {wanted[kind]} "
            f"(precision {hits[kind] / max(1, read[kind]):.2f})"
            for kind in ("subjects", "counts", "acts", "poses", "coloured")
        ]
        parts += [
            f"{kind} {hits[kind]} of {wanted[kind]}" for kind in ("hour", "weather", "season", "ground", "absent")
        ]
        print(f"{name}, {language}: " + ", ".join(parts), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", metavar="FILE", help="only these (all)")
    parser.add_argument("--show", action="store_true", help="tell the misses of the known ideas")
    options = parser.parse_args()
    for name in options.files or (*DEVELOPED, *HELD_OUT):
        score(name, show=options.show and name in DEVELOPED)


if __name__ == "__main__":
    main()
