"""Verbs of the laboratory that make and judge a corpus: corpus, audit, vocabulary, tokens."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from miaobi.cli.lab.extra import needing_lab

_Corpus = Annotated[Path, typer.Argument(metavar="CORPUS", help="A folder that `lab corpus` made.")]
_Out = Annotated[Path, typer.Option(metavar="DIR", help="The folder to write to.")]
_Validation = Annotated[float, typer.Option(min=0, max=0.5, help="Share of documents for validation.")]
_Test = Annotated[float, typer.Option(min=0, max=0.5, help="Share of documents for testing.")]
_PARAMETERS = "Judge whether it is enough for a net of so many parameters."
_SPLIT_AT = "Part a long manuscript: “chapters”, or a regular expression for the lines that begin a document."


def register(app: typer.Typer) -> None:
    """Put the verbs into *app*."""
    for verb in (corpus, verse, melody, audit, vocabulary, tokens):
        app.command()(needing_lab(verb))


def corpus(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE…", help="Files, folders, or chinese-poetry[:tang,…], music21[:airdsAirs,…], @mdi/svg."
        ),
    ],
    out: _Out,
    licence: Annotated[str, typer.Option(help="The licence of your own files, an SPDX id.")] = "unknown",
    encoding: Annotated[str, typer.Option(help="Of your own files, where it isn't UTF-8.")] = "",
    field: Annotated[str, typer.Option(help="The field of JSON lines that holds the text.")] = "text",
    archive: Annotated[Path | None, typer.Option(help="The package's tarball, where there is no network.")] = None,
    least_documents: Annotated[int, typer.Option(min=1, help="Refuse a corpus of fewer documents.")] = 1,
    limit: Annotated[int, typer.Option(min=0, help="Stop after so many documents; 0: read all.")] = 0,
    matching: Annotated[str, typer.Option(help="A regular expression: only texts that match it whole.")] = "",
    split_at: Annotated[str, typer.Option(metavar="HEADING", help=_SPLIT_AT)] = "",
) -> None:
    """Make a corpus of texts: documents.jsonl and a manifest that says where they come from."""
    from miaobi.cli.terminal import Download, tell
    from miaobi.lab.corpus.parting import parted
    from miaobi.lab.corpus.source import open_source
    from miaobi.lab.corpus.store import write_corpus

    opened = []
    for spec in sources:
        with Download(spec) as progress:
            opened.append(
                open_source(spec, licence=licence, encoding=encoding, field=field, archive=archive, progress=progress)
            )
    if split_at:
        opened = [parted(source, split_at) for source in opened]
    made = write_corpus(out, opened, least=least_documents, limit=limit, matching=matching)
    m = made.manifest
    tell(f"{m.documents:,} documents, {m.characters:,} characters in {out}")
    if m.dropped:
        tell("Left out: " + ", ".join(f"{n:,} {reason}" for reason, n in m.dropped.items()))
    tell(f"Look at it before training: miaobi lab audit {out}")


def verse(
    corpus: _Corpus,
    out: _Out,
) -> None:
    """Put Chinese poems into the names that a verse net learns: form, rhyme, title, words, and each line's tones."""
    from miaobi.cli.terminal import tell
    from miaobi.lab.corpus.document import Source
    from miaobi.lab.corpus.store import Corpus, write_corpus
    from miaobi.lab.corpus.verse import annotated

    opened = Corpus(corpus)
    first, *others = opened.manifest.origins
    sources = [annotated(Source(first, opened.__iter__)), *(Source(origin, lambda: iter(())) for origin in others)]
    made = write_corpus(out, sources)
    tell(f"{made.manifest.documents:,} poems and couplets in {out}, of {len(opened):,} documents")


def melody(
    corpus: _Corpus,
    out: _Out,
) -> None:
    """Put tunes in ABC into the events that a melody net learns: one root, chords, bars, lengths; and gaps to be
    filled.
    """
    from miaobi.cli.terminal import tell
    from miaobi.lab.corpus.document import Source
    from miaobi.lab.corpus.melody import told
    from miaobi.lab.corpus.store import Corpus, write_corpus

    opened = Corpus(corpus)
    first, *others = opened.manifest.origins
    sources = [told(Source(first, opened.__iter__)), *(Source(origin, lambda: iter(())) for origin in others)]
    made = write_corpus(out, sources)
    families = len({document.meta["family"] for document in made})
    tell(f"{made.manifest.documents // 2:,} tunes of {families:,} families in {out}, of {len(opened):,} documents")


def audit(
    corpus: _Corpus,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="For the report; CORPUS/audit if not given.")] = None,
    parameters: Annotated[int, typer.Option(min=0, help=_PARAMETERS)] = 0,
    vocabulary: Annotated[Path | None, typer.Option(help="Count tokens of this vocabulary, not characters.")] = None,
    clean: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the corpus without what is bad.")] = None,
    validation: _Validation = 0.05,
    test: _Test = 0.0,
) -> None:
    """Judge a corpus: duplicates, damage, personal data, leakage, and whether there is enough."""
    from miaobi.cli.terminal import tell
    from miaobi.lab.corpus.audit import audit as auditing
    from miaobi.lab.corpus.audit import report
    from miaobi.lab.corpus.audit.finding import findings
    from miaobi.lab.corpus.store import Corpus

    opened = Corpus(corpus)
    counted = auditing.training_tokens(opened, vocabulary, validation, test) if vocabulary and parameters else 0
    found = auditing.audit(opened, parameters=parameters, tokens=counted, validation=validation, test=test)
    path = report.write(found, out or corpus / "audit")
    for finding in findings(found):
        tell(f"{finding.severity}: {finding.message}")
    tell(f"The report is at {path}")
    if clean:
        kept = auditing.cleaned(opened, found, clean)
        tell(f"{len(kept):,} of {len(opened):,} documents are in {clean}")


def vocabulary(
    corpus: _Corpus,
    out: _Out,
    kind: Annotated[str, typer.Option(help="char, word, bpe or event.")] = "char",
    size: Annotated[int, typer.Option(min=0, help="Tokens at most; 0: 8192 for bpe, all for the others.")] = 0,
) -> None:
    """Learn a vocabulary from the training split: tokenizer.json, as Hugging Face's tokenizers read it."""
    from miaobi.cli.terminal import tell
    from miaobi.lab import vocabulary as vocabularies
    from miaobi.lab.corpus.split import split_of
    from miaobi.lab.corpus.store import Corpus

    texts = (d.text for d in Corpus(corpus) if split_of(d.decider) == "train")
    learnt = vocabularies.learn(texts, vocabularies.kind_of(kind), size)
    learnt.save(out)
    tell(f"{learnt.size:,} tokens ({learnt.kind}) in {out}")


def tokens(
    corpus: _Corpus,
    vocabulary: Annotated[
        str,
        typer.Argument(metavar="VOCABULARY", help="A folder of `lab vocabulary`, or a checkpoint to adapt."),
    ],
    out: _Out,
    workers: Annotated[int, typer.Option(min=0, help="Encode on a Ray cluster of so many processes.")] = 0,
    validation: _Validation = 0.05,
    test: _Test = 0.0,
) -> None:
    """Write a corpus as files of token numbers, a file a split, ready for training."""
    from miaobi.cli.terminal import tell
    from miaobi.lab.corpus import token_file
    from miaobi.lab.corpus.store import Corpus

    opened, known = Corpus(corpus), _known(vocabulary)
    if workers:
        from miaobi.lab.corpus import cluster

        files = cluster.write_tokens(opened, known, out, workers=workers, validation=validation, test=test)
    else:
        files = token_file.write_tokens(opened, known, out, validation=validation, test=test)
    for name, count in files.counts.items():
        tell(f"{name}: {count.documents:,} documents, {count.tokens:,} tokens, {count.unknown:,} of them unknown")
    if not files.counts["validation"].documents:
        tell("Nothing is held out, and `lab train` needs it: give a larger --validation, or more documents.")


def _known(spec: str) -> Any:
    """Return the vocabulary in a folder, or a checkpoint's; torch is needed for the latter only."""
    if (Path(spec) / "tokenizer_config.json").is_file() and not (Path(spec) / "config.json").is_file():
        from miaobi.lab.vocabulary import Vocabulary

        return Vocabulary.load(Path(spec))
    from miaobi.lab import adaptation

    return adaptation.vocabulary_of(spec)
