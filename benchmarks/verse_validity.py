"""Do Chinese poems keep every rule? N works a form, judged by our check and by a second one written apart.

    python benchmarks/verse_validity.py                 1,000 works a form (the verse net that miaobi ships)
    python benchmarks/verse_validity.py --works 50 --engine FILE.gguf
    python benchmarks/verse_validity.py --speed 9       seconds a work as users get it: the median of so many

Beside each row: how many poems of 全唐诗, 全宋诗 and 全宋词 keep the same rules by the second checker, and the same net
with the same control tokens and no constraint. Validity doesn't depend on how hard the better of many is looked for, so
a work gets two attempts with two candidates a line here.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import scansion_again as again

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.craft.prosody.chinese import control
from miaobi.craft.prosody.chinese.regulated import PATTERNS
from miaobi.craft.prosody.chinese.script import traditional
from miaobi.craft.prosody.chinese.tune import ALIASES, tunes
from miaobi.engines import open_engine
from miaobi.errors import MiaobiError
from miaobi.forms.art import chinese_verse, duilian
from miaobi.types import Engine, Prompt, Request, Sampling, derive_seed, write

IDEAS = [
    "秋夜江上", "春日山行", "登楼远望", "送友人西去", "思念故乡", "雨中访僧", "江村夏日", "塞外风雪",
    "月下独酌", "咏梅", "咏竹", "暮春怀人", "渔父", "古寺钟声", "山居", "田家", "边塞从军", "中秋", "重阳登高",
    "元夕", "寒食", "怀古", "咏史", "读书", "听琴", "煮茶", "泛舟", "采莲", "闺怨", "梦中", "落花", "归雁",
    "晓行", "夜泊", "雪夜", "春雨", "夕阳", "孤舟", "故人来访", "病中", "别离", "行路难", "宫词", "游仙",
    "赏菊", "观潮", "早朝", "柳枝", "牡丹", "荷塘",
]  # fmt: skip
FIRSTS = [
    "春风送暖花千树", "海内存知己", "绿水青山", "书山有路勤为径", "明月松间照", "一帆风顺年年好", "江流天地外",
    "野旷天低树", "风吹柳絮满天飞", "日出江花红胜火", "万里长江东入海", "小楼一夜听春雨", "竹影横窗知月上",
    "深山藏古寺", "门外青山如画里",
]  # fmt: skip
ROWS: dict[str, tuple[str, dict[str, Any]]] = {
    "五绝": ("jueju", {"width": 5}),
    "七绝": ("jueju", {"width": 7}),
    "五律": ("lushi", {"width": 5}),
    "七律": ("lushi", {"width": 7}),
    "词": ("ci", {}),
    "对联": ("duilian", {}),
}
HEADS = {"五绝": "五絕", "七绝": "七絕", "五律": "五律", "七律": "七律"}


def main() -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", type=int, default=1000)
    parser.add_argument("--forms", default=",".join(ROWS))
    parser.add_argument("--engine", default=chinese_verse.CHECKPOINT)
    parser.add_argument(
        "--corpus", type=Path, help="what `lab corpus chinese-poetry:tang,song,ci` made, for the people's rate"
    )
    parser.add_argument("--threads", type=int)
    parser.add_argument("--speed", type=int, default=0, metavar="WORKS")
    given = parser.parse_args()
    if given.speed:
        speed(given.engine, given.forms.split(","), given.speed, given.threads)
        return
    people = corpus_rates(given.corpus) if given.corpus else {}
    chinese_verse.ATTEMPTS, chinese_verse.WIDTH, chinese_verse.CANDIDATES = 2, 1, 2
    duilian.CANDIDATES = 4
    engine = open_engine(given.engine, threads=given.threads)
    print("| form | works | ours | second | refused | people | no constraint | s a work |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for name in given.forms.split(","):
        row = validity(engine, name, given.works)
        free = unconstrained(engine, name, max(20, given.works // 5))
        told = [f"{share:.1%}" if share is not None else "–" for share in (people.get(name), free)]
        print(
            f"| {name} | {row['works']} | {row['ours']:.1%} | {row['second']:.1%} | {row['refused']} | "
            f"{told[0]} | {told[1]} | {row['seconds']:.2f} |",
            flush=True,
        )


def speed(spec: str, names: list[str], works: int, threads: int | None) -> None:
    """Print seconds a work by the clock and of the processor, candidates and attempts as they are shipped."""
    engine = open_engine(spec, threads=threads)
    print("| form | s a work | of the processor |\n|---|--:|--:|")
    for name in names:
        form, options = ROWS[name]
        told = []
        for seed in range(1, works + 1):
            idea = (FIRSTS if form == "duilian" else IDEAS)[seed]
            brief = Brief(form=form, idea=idea, language="zh", seed=seed, options=dict(options))
            begin = time.perf_counter(), time.process_time()
            compose(brief, engine=engine, formats=("txt",))
            told.append((time.perf_counter() - begin[0], time.process_time() - begin[1]))
        wall, used = (median(values) for values in zip(*told, strict=True))
        print(f"| {name} | {wall:.2f} | {used:.2f} |", flush=True)


def validity(engine: Engine, name: str, works: int) -> dict[str, Any]:
    """Return how many of *works* poems are valid by our check and by the second; what fails is printed."""
    form, options = ROWS[name]
    held: Counter[str] = Counter()
    begin = time.perf_counter()
    for seed in range(1, works + 1):
        rng = random.Random(derive_seed(seed, name))
        idea = rng.choice(FIRSTS if form == "duilian" else IDEAS)
        own = dict(options) | ({"tune": sorted(tunes())[seed % len(tunes())]} if form == "ci" else {})
        brief = Brief(form=form, idea=idea, language="zh", seed=seed, options=own)
        try:
            work = compose(brief, engine=engine, formats=("txt",))
        except MiaobiError as error:
            held["refused"] += 1
            print(f"{name} {seed} {idea} {own}: {error.message}", file=sys.stderr)
            continue
        held["ours"] += not any(f.severity == "error" for f in work.findings)
        wrong = judged(name, [line["text"] for line in work.content["lines"]], str(work.content["scheme"]))
        held["second"] += not wrong
        if wrong:
            print(f"{name} {seed} {[line['text'] for line in work.content['lines']]}: {wrong}", file=sys.stderr)
    made = max(1, works - held["refused"])
    return {
        "works": works,
        "ours": held["ours"] / made,
        "second": held["second"] / made,
        "refused": held["refused"],
        "seconds": (time.perf_counter() - begin) / works,
    }


def judged(name: str, lines: list[str], scheme: str) -> list[str]:
    """Return what the second checker finds wrong."""
    if name == "对联":
        return again.couplet(*lines)
    return again.to_tune(lines, scheme) if name == "词" else again.regulated(lines)


def unconstrained(engine: Engine, name: str, works: int) -> float | None:
    """Return the share of valid poems of the same net, told the same and held to nothing."""
    if name == "对联":
        return None
    good = 0
    for seed in range(1, works + 1):
        rng = random.Random(derive_seed(seed, name, "free"))
        if name == "词":
            tune = tunes()[sorted(tunes())[seed % len(tunes())]]
            scheme, head, count = tune.name, control.form_token(tune.name), len(tune.lines)
        else:
            pattern = rng.choice([p for p in PATTERNS if p.name.startswith(HEADS[name])])
            scheme, head, count = pattern.name, control.form_token(pattern), pattern.count
        era = "<宋>" if name == "词" else "<唐>"
        written = write(
            engine, Request(Prompt(prefix=f"{head} {era} "), 110, seed, sampling=Sampling(temperature=0.9, min_p=0.04))
        )
        lines = lines_of(written[0].text)
        good += len(lines) == count and not judged(name, lines, scheme)
    return good / works


def lines_of(text: str) -> list[str]:
    """Return the lines of what the net wrote of itself: what stands behind each line token."""
    lines: list[str] = []
    for part in text.split():
        if len(part) > 2 and set(part[1:-1]) <= set("平仄中韻"):
            lines.append("")
        elif len(part) == 1 and lines:
            lines[-1] += part
    return lines


def corpus_rates(folder: Path) -> dict[str, float]:
    """Return the share of people's poems that keep all rules, by the second checker."""
    held: Counter[str] = Counter()
    all_of_it: Counter[str] = Counter()
    shapes = {(5, 4): "五绝", (7, 4): "七绝", (5, 8): "五律", (7, 8): "七律"}
    by_name = tunes()
    with (folder / "documents.jsonl").open(encoding="utf-8") as file:
        for row in file:
            document = json.loads(row)
            tune = document["meta"].get("tune", "")
            own = next((by_name[n] for n in (ALIASES.get(p, p) for p in tune.split("・")) if n in by_name), None)
            text = traditional(document["text"]) if own else document["text"]
            lines = [part for part in "".join(text.split()).translate(_MARKS).split("，") if part]
            if own:
                all_of_it["词"] += 1
                held["词"] += not again.to_tune(lines, own.name)
            elif not tune and lines and len({*map(len, lines)}) == 1 and (len(lines[0]), len(lines)) in shapes:
                name = shapes[len(lines[0]), len(lines)]
                all_of_it[name] += 1
                held[name] += not again.regulated(lines)
    return {name: held[name] / n for name, n in all_of_it.items()}


_MARKS = str.maketrans(dict.fromkeys("。！？；、：", "，"))

if __name__ == "__main__":
    main()
