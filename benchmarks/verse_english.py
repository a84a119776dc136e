"""English verse measured: rules kept, metre by another program, the price of the mask, and the model left to itself.

Usage: python benchmarks/verse_english.py validity [--works N] [--engine craft|NAME]
       python benchmarks/verse_english.py judge FILE        (the file that validity writes, by prosodic where it is installed)
       python benchmarks/verse_english.py free [--lines N]   (the same checkpoint without the constraint)
       python benchmarks/verse_english.py naive [--couplets N]
       python benchmarks/verse_english.py speed [--works N]

| command | what is measured |
|---|---|
| validity | N works of each form: lines of legal length in syllables, rhymes, refrains, by the second checker (tests/forms/art/second.py, which reads the dictionary file by itself); ``--engine craft`` draws the lines without a checkpoint |
| judge | share of lines for which a parse in the form's metre, with the variations we allow, is prosodic's best or as good; limericks without its three constraints against feet of three syllables |
| free | lines that the checkpoint continues a verse prompt with, unconstrained: how many scan, and how many of two scan and rhyme |
| naive | a couplet of ours against the best of what a plain prompt gives, rejected until valid, in the same time: log-probability per token of the pair under the checkpoint |
| speed | processor and wall seconds a work, tokens, and what the mask costs a token |

prosodic (PyPI, Apache-2.0) brings some thirty packages and wants espeak-ng for words that it doesn't know, so it is no
dependency of ours: install it apart and run ``judge`` there. Its sentence splitter is replaced by whole lines.
"""  # noqa: E501

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from statistics import mean, median
from typing import Any

sys.path.insert(
    0, str(Path(__file__).parent.parent)
)  # the second checker and the engine that only chooses are of the tests

# prosodic's constraints without those that forbid two weak syllables side by side: anapaests are made of them
TERNARY = {"constraints": ["w_peak", "w_stress", "s_unstress"], "max_s": 1, "max_w": 2}
FORMS = ("sonnet", "heroic-couplets", "terza-rima", "villanelle", "ballad", "limerick", "haiku", "free-verse")
IDEAS = (
    "A lighthouse keeper finds a message in a bottle",
    "Autumn in the city",
    "My grandmother's kitchen",
    "A robot learns to garden",
    "The sea",
    "Missing an old friend",
    "Snow falls on a railway station",
    "A soldier comes home from the war",
)
PROMPT = "A poem about {idea}, in rhymed iambic pentameter.\n\n"


def validity(args: argparse.Namespace) -> None:
    from tests.forms.art.second import faults
    from tests.forms.art.test_verse_forms import KEPT
    from tests.parrot import Parrot

    from miaobi.compose import compose
    from miaobi.engines import open_engine
    from miaobi.forms.art import poet

    if args.engine == "craft":
        poet.CANDIDATES = 1  # validity doesn't depend on how many are compared
    engine: Any = Parrot() if args.engine == "craft" else open_engine(args.engine, language="en")
    rows = []
    for form in args.forms.split(","):
        scheme, allowed = KEPT[form]
        failed, works = 0, 0
        for seed in range(args.works):
            idea = IDEAS[seed % len(IDEAS)]
            work = compose({"form": form, "idea": idea, "seed": seed}, engine=engine, formats=["txt"])
            lines = [line["text"] for stanza in work.content["stanzas"] for line in stanza]
            found = faults(lines, scheme, allowed)
            works, failed = works + 1, failed + bool(found)
            rows += [{"form": form, "seed": seed, "line": line} for line in lines]
            if found:
                print(f"  {form} {seed}: {found}")
        print(f"{form:16} {works - failed:5} of {works} works keep every rule", flush=True)
    Path(args.out).write_text("\n".join(map(json.dumps, rows)) + "\n", "utf-8")


def judge(args: argparse.Namespace) -> None:
    import prosodic
    from prosodic.words import tokenizers

    tokenizers.get_sent_tokenizer = lambda: lambda text: [text]
    binary = re.compile(r"(?:-\+|\+-)(?:-\+)*-?$")  # an inverted first foot and a feminine ending are allowed
    ternary = re.compile(r"-{1,2}\+(?:--\+)*-?$")
    by_form: dict[str, list[str]] = defaultdict(list)
    for row in map(json.loads, Path(args.file).read_text("utf-8").splitlines()):
        by_form[row["form"]].append(row["line"])
    for form, lines in by_form.items():
        if form in {"haiku", "free-verse"}:
            continue
        text = prosodic.Text("\n".join(lines))
        wanted = ternary if form == "limerick" else binary
        text.parse(**(TERNARY if form == "limerick" else {}))
        kept = total = 0
        for line in text.lines:
            parses = list(line.parses)
            best = min(parse.score for parse in parses)
            kept += any(wanted.match(parse.meter_str) for parse in parses if parse.score == best)
            total += 1
        print(f"{form:16} {kept:6,} of {total:6,} lines  {kept / total:.1%}", flush=True)


def free(args: argparse.Namespace) -> None:
    from miaobi.craft.prosody.english.metre import METRES, loosened
    from miaobi.craft.prosody.english.rhyme import rhyme
    from miaobi.craft.prosody.english.scansion import scan
    from miaobi.craft.verse.judgement import end_word
    from miaobi.engines import open_engine
    from miaobi.types import Prompt, Request, Sampling, write

    engine = open_engine("", language="en")
    metre = loosened(METRES["iambic pentameter"])
    scanned, rhymed, pairs, total = 0, 0, 0, 0
    for i in range(max(1, args.lines // 16)):
        prompt = Prompt(system=PROMPT.format(idea=IDEAS[i % len(IDEAS)].lower()))
        request = Request(prompt, 48, i, n=8, sampling=Sampling(temperature=0.8, min_p=0.05))
        for candidate in write(engine, request):
            lines = [line.strip() for line in candidate.text.splitlines() if line.strip()][:2]
            total += len(lines)
            scanned += sum(scan(line, metre) is not None for line in lines)
            if len(lines) == 2:
                pairs += 1
                both = all(scan(line, metre) is not None for line in lines)
                rhymed += both and rhyme(end_word(lines[0]), end_word(lines[1])) is not None
    print(
        f"unconstrained: {scanned} of {total} lines scan as pentameter, with a person's licence ({scanned / total:.1%})"
    )
    print(f"unconstrained: {rhymed} of {pairs} pairs of lines scan and rhyme ({rhymed / max(1, pairs):.1%})")


def naive(args: argparse.Namespace) -> None:
    from miaobi.compose import compose
    from miaobi.craft.prosody.english.metre import METRES, loosened
    from miaobi.craft.prosody.english.rhyme import rhyme
    from miaobi.craft.prosody.english.scansion import scan
    from miaobi.craft.verse.judgement import end_word
    from miaobi.engines import open_engine
    from miaobi.types import Prompt, Request, Sampling, write

    engine = open_engine("", language="en")
    metre = loosened(METRES["iambic pentameter"])
    ours, theirs, tries, found = [], [], 0, 0
    for i in range(args.couplets):
        idea = IDEAS[i % len(IDEAS)]
        prompt = Prompt(system=PROMPT.format(idea=idea.lower()))
        begin = time.process_time()
        brief = {"form": "heroic-couplets", "idea": idea, "seed": i, "options": {"couplets": 1}}
        work = compose(brief, engine=engine, formats=["txt"])
        took = time.process_time() - begin
        pair = "\n".join(line["text"] for stanza in work.content["stanzas"] for line in stanza)
        ours.append(mean(engine.score(prompt, [pair])[0]))
        best, begin, round_ = None, time.process_time(), 0
        while time.process_time() - begin < took:
            request = Request(prompt, 40, 1000 * i + round_, n=8, sampling=Sampling(temperature=0.8, min_p=0.05))
            round_ += 1
            for candidate in write(engine, request):
                tries += 1
                lines = [line.strip() for line in candidate.text.splitlines() if line.strip()][:2]
                valid = len(lines) == 2 and all(scan(line, metre) for line in lines)
                if valid and rhyme(end_word(lines[0]), end_word(lines[1])):
                    value = mean(engine.score(prompt, ["\n".join(lines)])[0])
                    best = value if best is None else max(best, value)
        if best is not None:
            found += 1
            theirs.append(best)
    print(f"ours: {len(ours)} of {args.couplets} couplets valid, {mean(ours):.2f} nats a token")
    said = f", {mean(theirs):.2f} nats a token" if theirs else ""
    print(f"plain prompt, in the same processor time: {found} of {args.couplets} valid after {tries} tries{said}")


def speed(args: argparse.Namespace) -> None:
    from miaobi.compose import compose
    from miaobi.decoding.verse_line import VerseFollower
    from miaobi.engines import open_engine

    spent: Counter[str] = Counter()

    def timed(name: str) -> None:
        inner = getattr(VerseFollower, name)

        def outer(self: Any, *given: Any) -> Any:
            begin = time.process_time()
            try:
                return inner(self, *given)
            finally:
                spent["mask"] += time.process_time() - begin
                spent["calls"] += name == "rules"

        setattr(VerseFollower, name, outer)

    for name in ("rules", "consume", "forced", "complete"):
        timed(name)
    engine = open_engine("", language="en")
    for form in args.forms.split(","):
        wall, processor = [], []
        before = dict(spent)
        for seed in range(args.works):
            begin = time.perf_counter(), time.process_time()
            compose({"form": form, "idea": IDEAS[seed % len(IDEAS)], "seed": seed}, engine=engine, formats=["txt"])
            wall.append(time.perf_counter() - begin[0])
            processor.append(time.process_time() - begin[1])
        calls = spent["calls"] - before.get("calls", 0)
        cost = (spent["mask"] - before.get("mask", 0.0)) / max(1, calls)
        print(
            f"{form:16} {median(wall):6.1f} s wall, {median(processor):6.1f} s processor a work; "
            f"constraint {1000 * cost:.2f} ms a chosen token ({calls // args.works} of them a work)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    for name, call in (("validity", validity), ("judge", judge), ("free", free), ("naive", naive), ("speed", speed)):
        command = commands.add_parser(name)
        command.set_defaults(call=call)
        if name in {"validity", "speed"}:
            command.add_argument("--works", type=int, default=50 if name == "validity" else 2)
            command.add_argument("--forms", default=",".join(FORMS))
        if name == "validity":
            command.add_argument("--engine", default="craft", help="craft (no checkpoint), or a checkpoint's name")
            command.add_argument("--out", default="verse_lines.jsonl")
        if name == "judge":
            command.add_argument("file")
        if name == "free":
            command.add_argument("--lines", type=int, default=320)
        if name == "naive":
            command.add_argument("--couplets", type=int, default=8)
    args = parser.parse_args()
    args.call(args)


if __name__ == "__main__":
    main()
