"""What are the Chinese poems worth, beyond their form?

    python benchmarks/verse_quality.py NAMED            NAMED: what `miaobi lab verse` made (made/verse/named)
    python benchmarks/verse_quality.py NAMED --foretell 400
                             how well the net foretells so many held-out poems, a character, beside a 5-gram that was
                             told the same names

七绝, every figure beside people's and beside the same net with the same control tokens and no constraint:

| measure | how |
|---|---|
| perplexity a character | a Kneser–Ney 5-gram over the tenth of the poems, by hash, that the net never saw |
| copied lines | share of the lines that stand in the net's training poems; people's: held-out poems against the same |
| distinct-2 | different pairs of characters among all pairs, over as many poems |
| theme recovery | of twenty ideas, is its own the one that keeps the poem company in held-out poems? chance: 5 % |
| mass removed | share of the net's probability that each rule took a character; with control tokens, without |
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.craft.prosody.chinese import control
from miaobi.craft.prosody.chinese.account import guarded
from miaobi.craft.prosody.chinese.imagery import subjects
from miaobi.craft.prosody.chinese.regulated import Pattern
from miaobi.craft.prosody.chinese.scheme import regulated
from miaobi.decoding.hanzi import HanziLine
from miaobi.engines import open_engine
from miaobi.forms.art import chinese_verse
from miaobi.lab.baseline import KneserNey
from miaobi.lab.corpus.split import split_of
from miaobi.types import Engine, Prompt, Request, Sampling, derive_seed, write

IDEAS = [
    "秋夜江上", "春日山行", "登楼望远", "边塞从军", "思念故乡", "雨中访僧", "江村夏日", "梅花雪", "月下独酌",
    "渔父烟波", "古寺钟声", "田家桑麻", "读书灯下", "听琴", "煮茶", "采莲", "闺怨", "柳枝送别", "牡丹",
    "早朝宫殿",
]  # fmt: skip
SAMPLING = Sampling(temperature=0.9, min_p=0.04)


def main() -> None:
    """Print the tables as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("named", type=Path)
    parser.add_argument("--works", type=int, default=200)
    parser.add_argument("--engine", default=chinese_verse.CHECKPOINT)
    parser.add_argument("--foretell", type=int, default=0, metavar="POEMS")
    given = parser.parse_args()
    if given.foretell:
        foretell(given.named, open_engine(given.engine, threads=1), given.foretell)
        return
    poems = {split: list(found) for split, found in _split(given.named).items()}
    judge = Judge([lines for _, lines in poems["test"]])
    known = {line for _, lines in poems["train"] for line in lines}
    engine = open_engine(given.engine, threads=1)
    made = [(IDEAS[i % len(IDEAS)], constrained(engine, i)) for i in range(given.works)]
    free = [(IDEAS[i % len(IDEAS)], unconstrained(engine, i)) for i in range(given.works)]
    people = [("", lines) for form, lines in poems["validation"] if form.startswith("<七絕")][: given.works]
    print("| poems | works | perplexity a character | copied lines | distinct-2 | theme recovered | shuffled |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for name, works in (("miaobi", made), ("the same, no constraint", free), ("people, held out", people)):
        lines = [lines for _, lines in works if lines]
        themes = ("–", "–")
        if works[0][0]:
            themes = tuple(f"{judge.recovered(works, turn):.0%}" for turn in (0, 7))  # type: ignore[assignment]
        copied = sum(line in known for poem in lines for line in poem) / sum(map(len, lines))
        print(
            f"| {name} | {len(lines)} | {judge.perplexity(lines):.1f} | {copied:.2%} | {distinct(lines):.3f} | "
            f"{themes[0]} | {themes[1]} |"
        )
    print("\n| rule | removed, with control tokens | without |\n|---|--:|--:|")
    told, untold = (removed(engine, named, max(20, given.works // 4)) for named in (True, False))
    for rule in told | untold:
        print(f"| {rule} | {told.get(rule, 0):.2%} | {untold.get(rule, 0):.2%} |")


def foretell(named: Path, engine: Engine, count: int) -> None:
    """Print the perplexity a character of held-out poems: of the net, and of a 5-gram of some training poems."""
    held: dict[str, list[list[str]]] = {"train": [], "test": []}
    with (named / "documents.jsonl").open(encoding="utf-8") as file:
        for row in file:
            document = json.loads(row)
            split = split_of(document["text"], 0.01, 0.1)
            if split in held and not document["id"].endswith("/again"):
                held[split].append(document["text"].split())
    chosen = sorted(held["test"], key=lambda names: derive_seed(0, *names))[:count]
    known = held["train"][:: max(1, len(held["train"]) // 12_000)]  # as many tokens as `lab evaluate` gives its 5-gram
    number = {name: i + 1 for i, name in enumerate(sorted({n for names in held["train"] for n in names}))}
    model = KneserNey([number.get(n, 0) for names in known for n in names], len(number) + 1)
    nets = grams = characters = 0.0
    for names in chosen:
        (logprobs,) = engine.score(Prompt(), [" ".join(names) + " "])
        ids = [number.get(n, 0) for n in names]
        if len(logprobs) != len(names):
            continue  # a name that the net has no token for
        for i, name in enumerate(names):
            if len(name) == 1:
                nets -= logprobs[i]
                grams -= math.log(model.probability(ids[max(0, i - 4) : i], ids[i]))
                characters += 1
    print(f"{len(chosen):,} held-out poems, {characters:,.0f} characters, perplexity a character:")
    net, gram = (math.exp(total / characters) for total in (nets, grams))
    print(f"the net {net:.1f}, a 5-gram of {len(known):,} training poems {gram:.1f}")


def _split(folder: Path) -> dict[str, Iterator[tuple[str, list[str]]]]:
    found: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    with (folder / "documents.jsonl").open(encoding="utf-8") as file:
        for row in file:
            document = json.loads(row)
            if not document["id"].endswith("/again"):
                split = split_of(document["text"], 0.01, 0.1)
                found[split].append((document["meta"]["form"], lines_of(document["text"])))
    return {split: iter(poems) for split, poems in found.items()}


def lines_of(text: str) -> list[str]:
    """Return the lines of a poem written in names."""
    lines: list[str] = []
    open_line = False
    for name in text.split():
        if len(name) > 2 and set(name[1:-1]) <= set("平仄中韻"):
            lines.append("")
            open_line = True
        elif len(name) > 1:
            open_line = False
        elif open_line:
            lines[-1] += name
    return lines


class Judge:
    """What is known of poems that the net never saw: a 5-gram of their characters, and which come together."""

    def __init__(self, poems: Sequence[list[str]]) -> None:
        characters = sorted({c for lines in poems for line in lines for c in line})
        self._number = {c: i + 2 for i, c in enumerate(characters)}  # 0 ends a line, 1 is unknown
        stream = [token for lines in poems for token in self._tokens(lines)]
        self._model = KneserNey(stream, len(characters) + 2)
        self._count: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        wanted = {c for idea in IDEAS for c in subjects(idea)}
        for lines in poems:
            held = set("".join(lines))
            self._count.update(held)
            self._pairs.update((w, c) for w in held & wanted for c in held)
        self._poems = len(poems)

    def _tokens(self, lines: list[str]) -> list[int]:
        return [0] + [token for line in lines for token in (*(self._number.get(c, 1) for c in line), 0)]

    def perplexity(self, poems: Sequence[list[str]]) -> float:
        """Return the perplexity a character, the ends of lines given."""
        nats = characters = 0.0
        for lines in poems:
            tokens = self._tokens(lines)
            for i, token in enumerate(tokens):
                if token:
                    nats -= math.log(self._model.probability(tokens[max(0, i - 4) : i], token))
                    characters += 1
        return math.exp(nats / characters)

    def _company(self, idea: str, text: str) -> float:
        """Return the mean, over a poem's characters, of the best mutual information with one of the idea's; nats."""
        about = subjects(idea)
        found = []
        for c in set(text):
            shared = [(w, self._pairs[w, c]) for w in about]
            found.append(
                max(
                    math.log((n + 0.5) * self._poems / ((self._count[w] + 1) * (self._count[c] + 1))) for w, n in shared
                )
            )
        return sum(found) / len(found)

    def recovered(self, works: Sequence[tuple[str, list[str]]], turn: int) -> float:
        """Return how often the idea of a poem keeps it the best company; *turn*: the ideas moved on by so many."""
        hits = total = 0
        for i, (_, lines) in enumerate(works):
            if lines:
                own = works[(i + turn) % len(works)][0]
                scores = {idea: self._company(idea, "".join(lines)) for idea in IDEAS}
                hits += max(IDEAS, key=lambda idea: scores[idea]) == own
                total += 1
        return hits / total


def distinct(poems: Sequence[list[str]]) -> float:
    """Return distinct-2: different pairs of neighbouring characters among all pairs."""
    pairs = [line[i : i + 2] for lines in poems for line in lines for i in range(len(line) - 1)]
    return len(set(pairs)) / len(pairs)


def constrained(engine: Engine, number: int) -> list[str]:
    """Return a poem as people get it."""
    brief = Brief(form="jueju", idea=IDEAS[number % len(IDEAS)], language="zh", seed=number + 1)
    work = compose(brief, engine=engine, formats=("txt",))
    return [line["text"] for line in work.content["lines"]]


def unconstrained(engine: Engine, number: int) -> list[str]:
    """Return a poem of the same net, told form, rhyme and subjects alike, drawn once and held to nothing."""
    about = " ".join(c for c in subjects(IDEAS[number % len(IDEAS)]) if engine.count(c + " ") == 1)
    rng = random.Random(derive_seed(number, "free"))
    pattern = Pattern(7, 4, rng.choice(("平起", "仄起")), True)
    group = rng.choice(["東", "尤", "先", "陽", "真", "支"])
    form, rhyme = control.form_token(pattern), control.rhyme_token(group)
    head = f"{form} <唐> {rhyme} {control.TITLE} {about} {control.WORDS} {about} "
    written = write(engine, Request(Prompt(prefix=head), 60, number, sampling=SAMPLING))[0]
    return lines_of(written.text)


def removed(engine: Engine, told: bool, works: int) -> dict[str, float]:
    """Return the share of the net's probability that each rule takes a character; *told*: with the control tokens."""
    mass: Counter[str] = Counter()
    characters = 0
    for number in range(works):
        rng = random.Random(derive_seed(number, "mass"))
        scheme = regulated(Pattern(7, 4, rng.choice(("平起", "仄起")), True))
        group = rng.choice(["東", "尤", "先", "陽", "真", "支"])
        head = f"{control.form_token(scheme.pattern or '')} <唐> {control.rhyme_token(group)} "
        text, used = head if told else f"{control.loose_token(7, 4)} <唐> ", ""
        for i, slots in enumerate(scheme.lines):
            text += control.line_token(slots.tones if told else "中" * 7, told and bool(slots.rhyme)) + " "
            rhyme = (group, "平") if slots.rhyme else None
            line = HanziLine(slots.tones, rhyme=rhyme, barred=frozenset(used), named=guarded(slots.tones))
            seed = derive_seed(number, i)
            found = write(engine, Request(Prompt(prefix=text), 7, seed, sampling=SAMPLING, constraint=line))[0]
            for removal in found.removals:
                mass[removal.rule] += removal.mass
            characters += len(found.tokens)
            text, used = text + found.text, used + "".join(found.text.split())
    return {rule: total / characters for rule, total in mass.most_common()}


if __name__ == "__main__":
    main()
