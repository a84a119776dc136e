"""The report of an audit: Markdown with charts beside it, the findings first, each with what to do about it."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from miaobi.craft.chart import Chart, Series, svg
from miaobi.craft.markup import one_line
from miaobi.engines.disk import write_whole
from miaobi.lab.corpus.audit.audit import Audit
from miaobi.lab.corpus.audit.damage import NAMES
from miaobi.lab.corpus.audit.finding import findings
from miaobi.lab.corpus.audit.sufficiency import TOKENS_A_PARAMETER
from miaobi.lab.disk import kept

_SHOWN = 60  # characters of a line that is quoted
_BINS = 12


def write(found: Audit, folder: Path) -> Path:
    """Write ``audit.md``, its charts and ``left-out.json`` to *folder*; return the report's path."""
    with kept(folder, "the report"):
        folder.mkdir(parents=True, exist_ok=True)
        for name, chart in charts(found).items():
            write_whole(folder / f"{name}.svg", svg(chart).encode())
        left = json.dumps(found.left_out, ensure_ascii=False, indent=0)
        write_whole(folder / "left-out.json", left.encode())
        write_whole(folder / "audit.md", markdown(found).encode())
    return folder / "audit.md"


def charts(found: Audit) -> dict[str, Chart]:
    """Return the charts of the report by the names of their files."""
    edges, counts = _histogram(found.lengths)
    common = found.languages.most_common(7)
    out = {
        "lengths": Chart(
            "bar",
            "Lengths of the documents",
            tuple(f"{a:,}–{b - 1:,}" if b - 1 > a else f"{a:,}" for a, b in pairwise(edges)),
            (Series("documents", tuple(map(float, counts))),),
            "characters; documents",
        ),
        "languages": Chart(
            "share",
            "Languages",
            tuple(name for name, _ in common),
            (Series("documents", tuple(float(n) for _, n in common)),),
            "documents",
        ),
    }
    if found.sufficiency:
        s = found.sufficiency
        wanted = float(TOKENS_A_PARAMETER * s.parameters)
        out["quantity"] = Chart(
            "bar",
            f"Training text for a net of {s.parameters:,} parameters",
            ("here, read once", "here, read 4 times", "wanted: 20 a parameter"),
            (Series(s.unit, (float(s.tokens), 4.0 * s.tokens, wanted)),),
            s.unit,
        )
    return out


def _histogram(lengths: npt.NDArray[np.int64]) -> tuple[list[int], list[int]]:
    """Return edges (the last is past the end) and counts of a histogram whose bins grow with the length."""
    low, high = int(lengths.min()), int(lengths.max()) + 1
    edges = sorted({round(float(e)) for e in np.geomspace(low, high, _BINS + 1)} | {low, high})
    counts, _ = np.histogram(lengths, edges)
    return edges, [int(c) for c in counts]


def markdown(found: Audit) -> str:
    """Return the report."""
    m = found.manifest
    parts = [
        "# Audit of the corpus",
        f"{m.documents:,} documents, {m.characters:,} characters. SHA-256 of the documents: `{m.sha256}`.",
        "## Findings",
        "\n".join(f"- **{f.severity}** · {f.rule}: {f.message}" for f in findings(found)) or "Nothing was found.",
        f"{len(found.left_out):,} documents should be left out; `left-out.json` says which and why.",
        "## Where it comes from",
        _table(
            ["source", "licence", "from", "documents", "SHA-256", "notes"],
            [
                [o.name, o.licence, o.place, f"{m.by_source.get(o.name, 0):,}", o.sha256[:12], o.notes]
                for o in m.origins
            ],
        ),
        *(
            ["Left out on the way in: " + ", ".join(f"{n:,} {r}" for r, n in m.dropped.items()) + "."]
            if m.dropped
            else []
        ),
        *_quantity(found),
        *_documents(found),
    ]
    return "\n\n".join(parts) + "\n"


def _documents(found: Audit) -> list[str]:
    return [
        "## Splits",
        "By the hash of each document's text: adding documents moves none.",
        _table(
            ["split", "documents", "characters"], [[name, f"{d:,}", f"{c:,}"] for name, (d, c) in found.splits.items()]
        ),
        "## Lengths",
        _lengths(found),
        "![Lengths](lengths.svg)",
        "## Languages",
        ", ".join(f"{name} {n:,}" for name, n in found.languages.most_common()) + ".",
        "![Languages](languages.svg)",
        "## Damage",
        _kinds(found, {NAMES[kind]: (kind, *counts) for kind, counts in found.damaged.items()}),
        "## Personal data",
        _kinds(found, {kind: (kind, *counts) for kind, counts in found.personal.items()}),
        "Found by form and check digit; names and postal addresses are not looked for.",
        "## Boilerplate",
        _boilerplate(found),
        "## Duplicates and leakage",
        _duplicates(found),
    ]


def _quantity(found: Audit) -> list[str]:
    s = found.sufficiency
    if s is None:
        return ["## Quantity", "No net was named (`--parameters N`), so nothing was judged."]
    note = "Characters stand for tokens, as no vocabulary was named. " if s.unit == "characters" else ""
    return [
        "## Quantity",
        f"{note}**{s.verdict}**: {s.tokens:,} distinct training {s.unit} for {s.parameters:,} parameters, "
        f"{s.ratio:.2g} a parameter. {s.advice}",
        f"Rules: {TOKENS_A_PARAMETER} tokens a parameter (Hoffmann et al. 2022, fitted on nets of 70 million "
        "parameters and more); text read up to 4 times is nearly as good as new, from 16 times on worth little "
        "(Muennighoff et al. 2023).",
        "![Quantity](quantity.svg)",
    ]


def _lengths(found: Audit) -> str:
    quantiles = np.quantile(found.lengths, [0, 0.25, 0.5, 0.75, 1]).astype(int)
    named = zip(("shortest", "quarter below", "median", "quarter above", "longest"), quantiles, strict=True)
    short, long = found.outliers
    examples = [f"`{_short(found.ids[n])}` ({found.lengths[n]:,})" for n in (*short[:3], *long[:3])]
    text = "Characters: " + ", ".join(f"{name} {n:,}" for name, n in named) + "."
    return text + (f" Far from the rest: {', '.join(examples)}." if examples else "")


def _kinds(found: Audit, kinds: dict[str, tuple[str, int, int]]) -> str:
    if not kinds:
        return "None was found."
    rows = [
        [name, f"{documents:,}", f"{places:,}", ", ".join(f"`{_short(e)}`" for e in found.examples.get(kind, [])[:3])]
        for name, (kind, documents, places) in kinds.items()
    ]
    return _table(["what", "documents", "places", "for example"], rows)


def _boilerplate(found: Audit) -> str:
    rows = [[f"“{_short(line)}”", f"{n:,}"] for line, n in found.boilerplate.repeated[:10]]
    rows += [[f"phrase “{phrase}”", f"{n:,}"] for phrase, n in found.boilerplate.marked.most_common(10)]
    return _table(["line", "documents"], rows) if rows else "None was found."


def _duplicates(found: Audit) -> str:
    d = found.duplicates
    lines = [
        f"{sum(len(g) - 1 for g in d.exact):,} documents are equal to an earlier one but for case, width, spaces and "
        f"punctuation; {sum(len(g) - 1 for g in d.near):,} are nearly equal (Jaccard similarity of their shingles "
        ".8 or more, found by MinHash). In each group the first is kept.",
        f"{len(found.leaks):,} validation and test documents hold a passage of 50 characters that training holds too "
        "(one passage in 16 is looked at, so a short overlap may be missed).",
    ]
    groups = [(kind, g) for kind, some in (("equal", d.exact), ("near", d.near)) for g in some[:5]]
    rows = [
        [kind, ", ".join(f"`{_short(found.ids[n])}`" for n in g[:3]) + (" …" if len(g) > 3 else "")]
        for kind, g in groups
    ]
    return "\n\n".join([*lines, *([_table(["kind", "documents"], rows)] if rows else [])])


def _short(text: str) -> str:
    text = one_line(text).replace("|", "¦").replace("`", "'")
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])
