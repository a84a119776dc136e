"""The card of a run (after Mitchell et al. 2019, Model Cards): what it is, of what, how good, at what cost, its limits.

Numbers come from run.json and are never typed in. What nobody stated is said to be unknown.
"""

from __future__ import annotations

import math
from typing import Any

COPIED = 12  # words of a run that is shared with the training texts: from here on it is a copy
WATTS = 12.0  # of a busy core with its share of memory and supply: a rough figure for laptops and servers alike
_FREE = frozenset({"CC0-1.0", "Unlicense", "0BSD", "public-domain", "PDM-1.0", "LicenseRef-public-domain"})
_KEEP_NAME = frozenset({"MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "CC-BY-4.0", "CC-BY-3.0"})
FIGURES = (
    "perplexity",
    "perplexity_with_cache",
    "perplexity_of_characters",
    "bits_a_byte",
    "bleu",
    "self_bleu",
    "distinct",
    "copied",
    "longest_copy",
)
TOLD = 8  # texts on a card
_SAME = ("CC-BY-SA", "GPL", "AGPL", "LGPL", "ODbL")


def licence_of(record: dict[str, Any]) -> str:
    """Return the licence to state for the weights: the only one of the sources, free, or unknown."""
    stated = {str(origin["licence"]) for origin in record["corpus"]["origins"]}
    if not stated or "unknown" in stated:
        return "unknown"
    if stated <= _FREE:
        return "CC0-1.0"
    bound = stated - _FREE
    return bound.pop() if len(bound) == 1 else "LicenseRef-mixed"


def consequence(record: dict[str, Any]) -> str:
    """Return in words what the sources' licences ask of whoever passes the weights on."""
    stated = sorted({str(origin["licence"]) for origin in record["corpus"]["origins"]})
    if not stated or "unknown" in stated:
        return "The licence of a source is unknown: keep the weights and their works to yourself until it is known."
    names = ", ".join(stated)
    if any(licence.startswith(_SAME) for licence in stated):
        return (
            f"Sources under {names}: passing weights or texts on may bind you to the same licence. Ask before you sell."
        )
    if "NC" in names:
        return f"Sources under {names}: not for commercial use."
    if set(stated) <= _FREE:
        return f"Sources under {names}: nothing is asked of you."
    if set(stated) <= _FREE | _KEEP_NAME:
        return f"Sources under {names}: name them where you pass the weights on."
    return f"Sources under {names}: read these licences before you pass the weights on."


def energy(record: dict[str, Any]) -> str:
    """Return an estimate of the energy that training took, with what it rests on."""
    hours = record["outcome"]["processor_seconds"] / 3600
    return f"about {hours * WATTS:.2g} Wh ({hours:.2g} core-hours at {WATTS:g} W a core, an assumption, not measured)"


def speed(outcome: dict[str, Any]) -> str:
    """Return tokens a second and the share of the machine's peak that they are; "" of a run that didn't measure it."""
    if "peak" not in outcome:
        return ""
    return (
        f", {outcome['tokens_per_second']:,.0f} a second: {outcome['peak_share']:.0%} of the "
        f"{outcome['peak'] / 1e9:,.0f} GFLOP/s that matrix products reached here right after"
    )


def rows_of(figures: dict[str, Any]) -> list[list[str]]:
    """Return the table of a judgement (``Judgement.plain``): figure, run, 5-gram, people."""

    def cell(value: object) -> str:
        if value is None:
            return "–"
        parts = value if isinstance(value, tuple | list) else [value]
        return " ".join(str(v) if isinstance(v, int) else f"{v:.3f}" for v in parts)

    return [
        [name.replace("_", " "), *(cell(figures[who].get(name)) for who in ("run", "baseline", "human"))]
        for name in FIGURES
        if name in figures["run"]
    ]


def _judged(judged: dict[str, Any]) -> list[str]:
    """Return the part of the card that ``lab evaluate --card`` adds."""
    settings = ", ".join(f"{key} {value}" for key, value in judged["settings"].items())
    rows = [f"| {' | '.join(cells)} |" for cells in rows_of(judged["figures"])]
    texts = [line for text in judged["texts"] for line in ("", *(f"    {part}" for part in text.splitlines()), "", "—")]
    return [
        "## Judged",
        f"On held-out text (`lab evaluate`: {settings}); what the figures mean: docs/lab/nets.md.",
        "",
        "| figure | this run | 5-gram | held-out texts |",
        "|---|---|---|---|",
        *rows,
        "",
        "## Samples",
        f"The first {len(judged['texts'])} that it wrote from nothing, not chosen:",
        *texts[:-1],
        "",
    ]


def _does(record: dict[str, Any]) -> str:
    if "pairs" in record:
        return "turns a source into a target"
    return f"draws texts of one length, trained by {record['method']}" if "curve" in record else "continues text"


def _where(name: str, record: dict[str, Any]) -> str:
    if "curve" in record:
        return f"The chart: chart.svg. To judge it again: `miaobi lab curve {name}`."
    if "pairs" in record:
        return f"The losses: log.jsonl; the chart: chart.svg. To use it: `miaobi lab transduce {name} SOURCE`."
    return (
        "The losses: log.jsonl; the chart: chart.svg. "
        f"To judge it beside a baseline and human text: `miaobi lab evaluate {name}`."
    )


def _limits(record: dict[str, Any]) -> list[str]:
    if "curve" in record:
        return ["Its language is made up; it shows how a method trains, and writes nothing to be read. One seed."]
    lines = ["It knows what its corpus holds and nothing else, and carries its prejudices. Numbers are of one seed."]
    if "pairs" not in record:
        lines = [
            "It knows what its corpus holds and nothing else; it may repeat passages of it word for word (the copy "
            "rate of `lab evaluate` says how much) and carries its prejudices. It was not trained to answer or to "
            "refuse. Numbers are of one seed."
        ]
    return lines


def _pairs(right: dict[str, int]) -> list[str]:
    return [
        "## Pairs",
        f"Of {right['of']:,} held-out sources, {right['greedy']:,} come out right to the last character greedily, "
        f"{right['beam']:,} by a beam of four.",
        "",
    ]


def _curve(record: dict[str, Any]) -> list[str]:
    rows = [f"| {p['temperature']:g} | {p['nll_oracle']:.3f} | {p['nll_test']:.3f} |" for p in record["curve"]]
    return [
        "## Curve",
        f"Nats a token; the oracle's own texts have {record['oracle']:.3f}. A lower temperature trades diversity for "
        "quality, so two nets are compared by their curves (Caccia et al. 2020). This is a synthetic language: nothing "
        "follows for a real one.",
        "",
        "| temperature | NLL_oracle: quality | NLL_test: diversity |",
        "|---|---|---|",
        *rows,
        "",
    ]


def _adapted(record: dict[str, Any]) -> list[str]:
    """Return the part of a card that only an adapter's has."""
    measured, copied = record["adaptation"], record.get("copied", {})
    rows = [
        f"| {where} | {math.exp(before):.2f} | {math.exp(after):.2f} | {math.expm1(after - before):+.1%} |"
        for where, (before, after) in ((w, measured[w]) for w in ("torch", "llama.cpp"))
    ]
    lines = [
        "## Adaptation",
        f"Adapters of rank {record['rank']} on {record['base']}. Perplexity a token of {measured['tokens']:,} held-out "
        "tokens, without and with them:",
        "",
        "| by | base | adapted | change |",
        "|---|---|---|---|",
        *rows,
        "",
    ]
    if copied:
        held = copied["words"] < COPIED
        lines += [
            f"Longest run of words that {copied['texts']} texts of it share with what it learnt from: "
            f"**{copied['words']}** ({'below' if held else '**not below**'} the {COPIED} that count as copied)"
            + (
                "."
                if held
                else f": “{copied['passage']}”. Learn shorter, from more text, or at a lower strength (NAME@0.5)."
            ),
            "",
        ]
    return lines


def text(name: str, record: dict[str, Any]) -> str:
    """Return the card as Markdown."""
    outcome, corpus = record["outcome"], record["corpus"]
    counts = {split: f"{count['tokens']:,} tokens" for split, count in corpus["counts"].items()}
    best, recipe, v = outcome["best"], record["recipe"], record.get("vectors")
    sizes = ", ".join(f"{key} {value}" for key, value in record["sizes"].items())
    origins = [f"| {o['name']} | {o['licence']} | {o['place']} |" for o in corpus["origins"]]
    planned = outcome["steps"] if "curve" in record else recipe["steps"]  # a GAN's come after those of likelihood
    ended = "stopped early: the held-out loss gained no more" if outcome["stopped_early"] else "ran to its end"
    lines = [
        f"# {name}",
        "",
        f"A {record['net']} of {record['parameters']:,} parameters that {_does(record)}, made by miaobi's laboratory.",
        "",
        "## Data",
        f"{counts['train']} of training, {counts['validation']} held out ({record['kind']} vocabulary); "
        + (
            f"SHA-256 of the documents {corpus['sha256']}."
            if corpus["sha256"]
            else "made by an oracle, kept by nobody."
        ),
        "",
        *(["| source | licence | place |", "|---|---|---|", *origins, ""] if origins else []),
        f"**Licence of the weights: {record['licence']}.** {consequence(record)}",
        "",
        "## Recipe",
        f"Sizes: {sizes}. " + ", ".join(f"{key} {value}" for key, value in recipe.items()) + ".",
        *([f"It began with the weights of the run {record['origin']['name']}."] if "origin" in record else []),
        *([f"The embedding started from word vectors: {v['words']:,} rows of {v['name']}."] if v else []),
        "",
        "## Numbers",
        f"Held-out loss {best['validation']:.4f} nats a token at step {best['step']:,} of {planned:,}; the run "
        f"{ended}. Training loss there {best['training']:.4f}. {_where(name, record)}",
        "",
        "![Chart](chart.svg)",
        "",
        *(_pairs(record["pairs"]) if "pairs" in record else []),
        *(_curve(record) if "curve" in record else []),
        *(_adapted(record) if "adaptation" in record else []),
        *(_judged(record["judged"]) if "judged" in record else []),
        "## Cost",
        f"{outcome['seconds']:.0f} s of training with {outcome['threads']} thread(s), {outcome['tokens']:,} tokens"
        f"{speed(outcome)}; {energy(record)}.",
        "",
        "## Limits",
        *_limits(record),
        "",
    ]
    return "\n".join(lines)
