"""Verbs of the laboratory about word vectors: vectors, neighbours, analogy, judge, map."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from miaobi.cli.lab.extra import needing_lab

_Vectors = Annotated[
    Path, typer.Argument(metavar="VECTORS", help="A file of `lab vectors`, or any in word2vec's format.")
]
_Count = Annotated[int, typer.Option(min=1, max=1000, help="How many words.")]


def register(app: typer.Typer) -> None:
    """Put the verbs into *app*."""
    for verb in (vectors, neighbours, analogy, judge):
        app.command()(needing_lab(verb))
    app.command("map")(needing_lab(draw))


def vectors(
    corpus: Annotated[Path, typer.Argument(metavar="CORPUS", help="A corpus's folder, or a text file.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help=".txt or .bin, in word2vec's format.")],
    method: Annotated[str, typer.Option(help="glove, skipgram or cbow.")] = "glove",
    dimensions: Annotated[int, typer.Option(min=1, max=4096)] = 100,
    epochs: Annotated[int, typer.Option(min=0, help="0: the method's own (glove 15, word2vec 5).")] = 0,
    window: Annotated[int, typer.Option(min=0, max=1000, help="0: the method's own (glove 10, word2vec 5).")] = 0,
    least: Annotated[int, typer.Option(min=1, help="Words that occur less often are left out.")] = 5,
    most: Annotated[int, typer.Option(min=0, help="So many words at most; 0: all.")] = 0,
    negative: Annotated[int, typer.Option(min=0, help="word2vec: drawn words; 0: hierarchical softmax.")] = 5,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    threads: Annotated[int, typer.Option(min=1, help="glove is the same for any number, word2vec only for 1.")] = 1,
    memory: Annotated[float, typer.Option(min=0.001, help="Gigabytes for co-occurrences before disk is used.")] = 2.0,
    spaces: Annotated[bool, typer.Option("--spaces", help="Words are what stands between spaces.")] = False,
) -> None:
    """Learn word vectors: GloVe of ours, skip-gram and CBOW through gensim."""
    from miaobi.cli.terminal import say, tell
    from miaobi.lab.vectors import training

    order = training.Order(
        training.method_of(method), dimensions, epochs, window, least, most, negative, seed, threads, memory, spaces
    )
    outcome = training.train(corpus, order, lambda epoch, loss: say(f"epoch {epoch}: loss {loss:.5f}"))
    outcome.save(out)
    tell(f"{len(outcome.vectors.words):,} words of {dimensions} numbers in {out}")


def neighbours(vectors: _Vectors, word: Annotated[str, typer.Argument()], count: _Count = 10) -> None:
    """Show the words nearest to a word."""
    from miaobi.lab.vectors.embedding import WordVectors

    _show(WordVectors.load(vectors).neighbours(word, count))


def analogy(
    vectors: _Vectors,
    a: Annotated[str, typer.Argument()],
    b: Annotated[str, typer.Argument()],
    c: Annotated[str, typer.Argument()],
    count: _Count = 5,
) -> None:
    """Show what is to C as B is to A: `lab analogy FILE man king woman`."""
    from miaobi.lab.vectors.embedding import WordVectors

    _show(WordVectors.load(vectors).analogy(a, b, c, count))


def judge(vectors: _Vectors) -> None:
    """Compare vectors with people's judgements: WordSim-353, SimLex-999, analogies."""
    from miaobi.cli.terminal import table
    from miaobi.lab.vectors import judgement
    from miaobi.lab.vectors.embedding import WordVectors

    loaded = WordVectors.load(vectors)
    rows = []
    for name in judgement.SETS:
        s = judgement.similarity(loaded, name)
        rows.append([name, f"Spearman {s.correlation:.3f} ± {s.margin:.3f}", f"{s.known} of {s.pairs} pairs"])
    a = judgement.analogies(loaded)
    rows.append(["analogies", f"{a.share:.1%} right", f"{a.known:,} of {a.questions:,} questions"])
    table(["set", "result", "known"], rows)


def draw(
    vectors: _Vectors,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The SVG to write.")],
    words: Annotated[list[str] | None, typer.Argument(help="Words; the commonest when none is named.")] = None,
    near: Annotated[str, typer.Option(help="Instead: words with commas, each with its neighbours, in a colour.")] = "",
    count: _Count = 40,
) -> None:
    """Draw a map of words: the plane in which their vectors differ most."""
    from miaobi.cli.terminal import tell
    from miaobi.engines.disk import write_whole
    from miaobi.lab.disk import kept
    from miaobi.lab.vectors import map as maps
    from miaobi.lab.vectors.embedding import WordVectors

    loaded = WordVectors.load(vectors)
    groups = {"words": words or list(loaded.words[:count])}
    if near:
        wanted = [w.strip() for w in near.split(",") if w.strip()]
        groups = {w: [w, *(n for n, _ in loaded.neighbours(w, max(1, count // len(wanted))))] for w in wanted}
    svg = maps.draw(loaded, groups, f"Word vectors of {vectors.name}")
    with kept(out.parent, "the map"):
        out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(out, svg.encode())
    tell(f"The map is at {out}")


def _show(found: list[tuple[str, float]]) -> None:
    from miaobi.cli.terminal import tell

    for word, cosine in found:
        tell(f"{cosine:.3f} {word}")
