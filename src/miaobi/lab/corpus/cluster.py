"""The preparation of a corpus on a cluster: Ray Data reads the documents, encodes them on all machines, and the token
files come out equal, byte for byte, to those that one process writes.

Needs the extra ``cluster``. The vocabulary travels as the text of its tokenizer; documents come back with their
places, and are written in order. The corpus must lie where every machine can read it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np

from miaobi.errors import CorpusError
from miaobi.lab.corpus.document import Document
from miaobi.lab.corpus.split import TEST, VALIDATION, Split, split_of
from miaobi.lab.corpus.store import DOCUMENTS, Corpus
from miaobi.lab.corpus.token_file import Numbers, TokenFiles, encoded, width, write_numbers
from miaobi.lab.vocabulary import Vocabulary

_BATCH = 1024  # documents a task's step


def _encode(batch: dict[str, Any], vocabulary: Vocabulary, validation: float, test: float) -> dict[str, Any]:
    """Encode a batch of lines of documents.jsonl: a task, so that it needs no worker of its own that waits."""
    documents = [Document(**json.loads(line)) for line in batch["text"]]
    numbers = [encoded(d.text, vocabulary).tobytes() for d in documents]  # bytes: rows of any length
    return {
        "split": np.array([split_of(d.decider, validation, test) for d in documents]),
        "numbers": np.array(numbers, object),
    }


def write_tokens(
    corpus: Corpus,
    vocabulary: Vocabulary,
    folder: Path,
    *,
    workers: int = 2,
    validation: float = VALIDATION,
    test: float = TEST,
) -> TokenFiles:
    """Write the token files of *corpus* as ``token_file.write_tokens`` does, on *workers* processes of a Ray cluster.

    A cluster that this process is connected to (``ray.init(address=…)``) is used; else one is begun here and ended.
    """
    ray = _ray()
    begun = not ray.is_initialized()
    if begun:
        ray.init(num_cpus=workers, include_dashboard=False, log_to_driver=False, configure_logging=False)
    try:
        ray.data.DataContext.get_current().execution_options.preserve_order = True
        ray.data.DataContext.get_current().enable_progress_bars = False
        lines = ray.data.read_text(str(corpus.folder / DOCUMENTS), override_num_blocks=workers * 4)
        encoding = lines.map_batches(
            _encode,
            fn_kwargs={"vocabulary": vocabulary, "validation": validation, "test": test},
            batch_size=_BATCH,
        )
        kind = np.dtype(width(vocabulary.size)).newbyteorder("<")
        files = write_numbers(_in_order(encoding, kind), vocabulary, corpus.manifest.sha256, folder)
    finally:
        if begun:
            ray.shutdown()
    found = sum(count.documents for count in files.counts.values())
    if found != len(corpus):
        raise CorpusError(f"The cluster gave back {found:,} of {len(corpus):,} documents.", "Run it again.")
    return files


def _in_order(encoding: Any, kind: Any) -> Iterator[tuple[Split, Numbers]]:
    for row in encoding.iter_rows():
        yield cast(Split, str(row["split"])), np.frombuffer(row["numbers"], kind)


def _ray() -> Any:
    try:
        import ray
        import ray.data
    except ImportError:
        raise CorpusError(
            "Ray isn't here.", "pip install 'miaobi[cluster]', or leave --workers out: one process does the same."
        ) from None
    return ray
