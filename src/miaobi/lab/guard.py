"""Guard against copying: the longest run of words that what a run writes shares with the texts that it learnt from.

Words are compared without case and marks, Chinese by the character; what the run is given to go on from isn't counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from miaobi.engines import open_engine
from miaobi.lab.corpus.token_file import TokenFiles
from miaobi.lab.evaluation import longest_shared
from miaobi.lab.judgement import documents
from miaobi.types import Prompt, Request, Sampling, write

_TEXTS, _LENGTH = 8, 120  # that are searched, and tokens of each
_OPENING = 8  # tokens of a held-out text that each goes on from


@dataclass(frozen=True)
class Copied:
    """What was found."""

    words: int
    passage: str
    texts: int


def guard(spec: str, vocabulary: Any, files: TokenFiles) -> Copied:
    """Let the engine *spec* go on from the beginnings of held-out texts, and look for what it writes in training."""
    tokens, offsets = files.tokens("validation"), files.offsets("validation").astype(int)
    begins = [vocabulary.decode(tokens[at + 1 : at + 1 + _OPENING].tolist()) for at in offsets[:-1][:_TEXTS]]
    engine = open_engine(spec)
    try:
        written = []
        for i in range(_TEXTS):
            prompt = begins[i % len(begins)].rstrip("\ufffd")
            # an engine that writes has a context; the protocol, made for servers too, doesn't promise it
            length = min(_LENGTH, engine.context - engine.count(prompt) - 2)  # type: ignore[attr-defined]
            wish = Request(Prompt(prefix=prompt), length, i, 1, Sampling(temperature=0.8))
            written += [candidate.text for candidate in write(engine, wish)]
    finally:
        engine.close()
    run = longest_shared(written, documents(files, vocabulary, "train"))
    return Copied(len(run), " ".join(run), _TEXTS)
