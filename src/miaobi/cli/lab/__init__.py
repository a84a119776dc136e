"""``miaobi lab``: the laboratory, where language models are made: corpora, vocabularies, word vectors, nets.

Verbs stand in modules of their own, each with ``register(app)``; nothing heavy is imported before one runs.
"""

from __future__ import annotations

import typer

from miaobi.cli.lab import corpus, evaluate, others, runs, train, vectors

app = typer.Typer(
    help="The laboratory: corpora, vocabularies, word vectors, nets.", no_args_is_help=True, rich_markup_mode=None
)
corpus.register(app)
vectors.register(app)
train.register(app)
evaluate.register(app)
runs.register(app)
others.register(app)
