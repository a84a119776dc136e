"""An author's style: LoRA adapters on a base learn one author from little text, and must not copy.

宋词 ──▶ base      纳兰性德's 258 poems ──▶ adapters on the base ──▶ adapter.gguf ──▶ miaobi compose … --style NAME

python recipes/authors_style.py --quick
python recipes/authors_style.py --source MY_TEXTS --base smollm2-135m-instruct --lang en --name me
python recipes/authors_style.py --source MY_TEXTS --base-source MANY_TEXTS --lang en --name me
"""

from __future__ import annotations

import argparse
from pathlib import Path

from miaobi.engines import run as run_folder
from step import card, corpus, miaobi, options, parsed, say, train


def cook() -> None:
    """Run the recipe."""
    parser = options(__doc__ or "", "nalan")
    parser.add_argument("--base-source", default="", help="texts that the base learns from, a million letters or more")
    parser.add_argument("--lang", default="zh")
    parser.add_argument("--idea", default="春夜听雨，想起故人", help="of the work that is composed at the end")
    parser.add_argument("--base", default="", help="a checkpoint that is adapted, instead of a net of our own")
    given = parsed(parser)
    quick, out, name = given.quick, given.out, given.name
    licence = ("--licence", given.licence) if given.source else ()
    told = ("--lang", given.lang, "--threads", given.threads)
    base, known = (given.base, given.base) if given.base else learnt(given, licence, told)

    say("The author's own texts, in the base's vocabulary. A fifth is held out: little text is learnt by heart soon.")
    own = corpus(out / "own", [given.source or "chinese-poetry:nalan"], *licence, archive=given.archive)
    own_tokens = out / "own" / "tokens"
    miaobi("lab", "tokens", own, known, "--out", own_tokens, "--validation", 0.2)

    say("Adapters. The run stops when the held-out loss gains no more, which is the first guard against copying.")
    pace = ("--steps", 400, "--batch", 8, "--rate", 0.003)
    if given.base:  # 135 million weights at 50 tokens a second and core: few steps, and they are enough
        pace = ("--steps", 60, "--batch", 4, "--warmup", 6)
    if quick:
        pace = ("--steps", 20, "--batch", 4, "--warmup", 2)
    manner = ("--base", base, "--rank", 8, "--patience", 4, "--context", 128)
    train(name, own_tokens, "", *manner, *pace, "--corpus", own, *told)

    say("The second guard: longest copy is the longest passage that also stands in the author's own texts.")
    samples = ("--length", 100, "--samples", 4 if quick else 40) if not given.base else ("--length", 60, "--samples", 8)
    card(name, out, *samples, "--temperature", 0.8)
    print(f"The adapter, for llama.cpp: {run_folder.runs_folder() / name / 'adapter.gguf'}", flush=True)

    say("The style is an option of compose; NAME@0.5 is half as strong.")
    miaobi("compose", "email", given.idea, "--lang", given.lang, "--style", name, "--out", out / "work")


def learnt(given: argparse.Namespace, licence: tuple[object, ...], told: tuple[object, ...]) -> tuple[str, Path]:
    """Train a base on many texts; return its name and the folder with its vocabulary."""
    quick, out, base = given.quick, given.out, f"{given.name}-base"
    limit = ("--limit", 400) if quick else ()
    say("The base: a net that knows the language but not the author. A context of 1,024, so that forms fit into it.")
    many = corpus(out / "base", [given.base_source or "chinese-poetry:ci"], *licence, *limit, archive=given.archive)
    characters, tokens = out / "base" / "characters", out / "base" / "tokens"
    miaobi("lab", "vocabulary", many, "--kind", "char", "--size", 600 if quick else 0, "--out", characters)
    miaobi("lab", "tokens", many, characters, "--out", tokens, "--validation", 0.2 if quick else 0.05)
    sizes = ("--width", 32, "--layers", 1, "--heads", 2) if quick else ("--width", 160, "--layers", 5, "--heads", 5)
    pace = ("--steps", 12, "--batch", 1, "--warmup", 2) if quick else ("--steps", 1200, "--batch", 4)
    train(base, tokens, characters, *sizes, *pace, "--context", 1024, "--corpus", many, *told)
    return base, run_folder.runs_folder() / base


if __name__ == "__main__":
    cook()
