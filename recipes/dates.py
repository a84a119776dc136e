"""Sequence to sequence: dates as people write them, in English and Chinese, into the form of ISO 8601.

pairs made here ──▶ characters of both sides ──▶ encoder–decoder ──▶ greedy and beam, right to the last digit or wrong

python recipes/dates.py            python recipes/dates.py --quick
"""

from __future__ import annotations

import json
import random
import shutil
from datetime import date, timedelta
from pathlib import Path

from miaobi.engines import run as run_folder
from step import miaobi, once, options, parsed, say

FIRST, DAYS = date(1800, 1, 1), 365 * 250  # up to 2049
NUMERALS = "〇一二三四五六七八九"


def cook() -> None:
    """Run the recipe."""
    given = parsed(options(__doc__ or "", "dates"))
    quick, out, name = given.quick, given.out, given.name

    say("The pairs. A twentieth is held out, chosen by the hash of a source, so that none is on both sides.")
    file = Path(given.source) if given.source else written(out, 400 if quick else 12_000)

    say("The net of “Attention is all you need”, small; the paper's rate and smoothing.")
    sizes = ("--width", 32, "--layers", 1, "--hidden", 64) if quick else ("--width", 64, "--layers", 2)
    pace = ("--steps", 20, "--batch", 16, "--warmup", 10) if quick else ("--steps", 2000, "--warmup", 300)
    licence = ("--licence", given.licence if given.source else "CC0-1.0")
    threads = ("--threads", max(1, int(given.threads)))
    once(name, "lab", "pairs", name, file, *sizes, *pace, *licence, *threads)
    shutil.copy(run_folder.runs_folder() / name / "card.md", out / f"{name}-card.md")
    print(f"The model card: {out / f'{name}-card.md'}", flush=True)

    say("Ask it. Two hypotheses of the beam each.")
    for source in ("7 March 1923", "Friday, November 6, 1874", "一九八四年六月二日"):
        miaobi("lab", "transduce", name, source, "--n", 2)


def written(out: Path, count: int) -> Path:
    """Write *count* pairs, each day in one of six ways; return where."""
    chance = random.Random(0)
    out.mkdir(parents=True, exist_ok=True)
    path = out / "dates.jsonl"
    rows = []
    for _ in range(count):
        day = FIRST + timedelta(days=chance.randrange(DAYS))
        rows.append({"source": chance.choice(WAYS)(day), "target": day.isoformat()})
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def numeral(number: int) -> str:
    """Return a number below 32 in Chinese."""
    tens, rest = divmod(number, 10)
    return (NUMERALS[tens] if tens > 1 else "") + ("十" if tens else "") + (NUMERALS[rest] if rest else "")


WAYS = (
    lambda d: f"{d.day} {d:%B} {d.year}",
    lambda d: f"{d:%B} {d.day}, {d.year}",
    lambda d: f"{d:%A}, {d:%B} {d.day}, {d.year}",
    lambda d: f"{d.day} {d:%b} {d.year}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{''.join(NUMERALS[int(c)] for c in str(d.year))}年{numeral(d.month)}月{numeral(d.day)}日",
)


if __name__ == "__main__":
    cook()
