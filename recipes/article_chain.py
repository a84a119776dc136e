"""Articles: GloVe vectors of words, an LSTM with attention that starts from them, and the text it writes.

    articles ──▶ words ──▶ GloVe ──▶ the embedding of an LSTM with additive attention ──▶ text

    python recipes/article_chain.py --source MY_ARTICLES            python recipes/article_chain.py --quick

Without --source it reads what every Python carries: the articles of its language reference (`help("topics")`, PSF-2.0).
"""

from __future__ import annotations

import json
from pathlib import Path

from step import card, corpus, miaobi, options, parsed, say, train

PASSAGE = 1200  # letters; shorter than an article, so that there are enough to hold some out


def cook() -> None:
    """Run the recipe."""
    parser = options(__doc__ or "", "articles")
    parser.add_argument("--lang", default="en")
    parser.add_argument("--prompt", default="The ", help="how the article begins")
    given = parsed(parser)
    quick, out, name = given.quick, given.out, given.name

    say("The articles.")
    source, licence = (given.source, given.licence) if given.source else (reference(out), "PSF-2.0")
    articles = corpus(out, [source], "--licence", licence, *(("--limit", 200) if quick else ()))

    say("Vectors: words that keep the same company come to lie together. As wide as the net's embedding.")
    width, vectors = 16 if quick else 128, out / "vectors.txt"
    learning = ("--dimensions", width, "--least", 2 if quick else 5, "--epochs", 3 if quick else 25)
    miaobi("lab", "vectors", articles, *learning, "--out", vectors)
    miaobi("lab", "map", vectors, "--out", out / "map.svg")

    say("Words, marks and spaces; the rare ones become <unk>.")
    words, tokens = out / "words", out / "tokens"
    miaobi("lab", "vocabulary", articles, "--kind", "word", "--size", 800 if quick else 4000, "--out", words)
    miaobi("lab", "tokens", articles, words, "--out", tokens, "--validation", 0.1)

    say("The net: AWD-LSTM's dropouts at .2, additive attention (what it is worth: docs/log.md), embedding from above.")
    sizes = ("--net", "lstm", "--look", "additive", "--layers", 1 if quick else 2, "--width", width)
    pace = ("--steps", 2500, "--batch", 20, "--context", 48)
    if quick:
        pace = ("--steps", 20, "--batch", 4, "--context", 24, "--warmup", 2)
    manner = ("--dropout", 0.2, "--vectors", vectors, "--patience", 5)
    train(name, tokens, words, *sizes, *pace, *manner, "--corpus", articles, "--lang", given.lang, "--threads",
          given.threads)  # fmt: skip

    say("Figures beside a 5-gram and the articles themselves, on the card; and an article.")
    card(name, out, "--length", 30 if quick else 150, "--samples", 4 if quick else 30)
    miaobi("lab", "generate", name, "--prompt", given.prompt, "--length", 30 if quick else 250)


def reference(out: Path) -> str:
    """Write Python's own articles as passages, a line of JSON each; return where."""
    from pydoc_data.topics import topics

    passages: list[str] = []
    seen: set[str] = set()  # some articles stand there under several names
    for article in topics.values():
        passages.append("")
        for paragraph in article.split("\n\n"):
            if paragraph in seen:
                continue
            seen.add(paragraph)
            if len(passages[-1]) + len(paragraph) > PASSAGE and passages[-1]:
                passages.append("")
            passages[-1] += paragraph.strip() + "\n\n"
    out.mkdir(parents=True, exist_ok=True)
    path = out / "reference.jsonl"
    path.write_text("".join(json.dumps({"text": text.strip()}) + "\n" for text in passages), encoding="utf-8")
    return str(path)


if __name__ == "__main__":
    cook()
