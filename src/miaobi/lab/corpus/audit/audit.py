"""The audit: every document looked at once by itself, then all of them together, in the order they lie on the disk.

``left_out`` says which documents should not be learnt from, and why: ``cleaned`` makes a corpus without them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from miaobi.errors import CorpusError
from miaobi.lab.corpus.audit import duplicate
from miaobi.lab.corpus.audit.boilerplate import Boilerplate
from miaobi.lab.corpus.audit.damage import SPOILT, damage
from miaobi.lab.corpus.audit.language import language
from miaobi.lab.corpus.audit.personal import masked, personal
from miaobi.lab.corpus.audit.sufficiency import Sufficiency
from miaobi.lab.corpus.document import Document, Manifest, Source
from miaobi.lab.corpus.split import SPLITS, TEST, VALIDATION, split_of
from miaobi.lab.corpus.store import Corpus, write_corpus

_EXAMPLES = 5
_FENCE = 3.0  # times the interquartile range of log lengths: Tukey's "far out"


@dataclass
class Audit:
    """What was found. Counts are of documents where the name doesn't say otherwise."""

    manifest: Manifest
    ids: list[str] = field(default_factory=list)
    lengths: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))  # characters, in order
    splits: dict[str, tuple[int, int]] = field(default_factory=dict)  # split: documents, characters
    languages: Counter[str] = field(default_factory=Counter)
    damaged: dict[str, tuple[int, int]] = field(default_factory=dict)  # kind: documents, places
    personal: dict[str, tuple[int, int]] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)  # kind: ids, finds masked
    boilerplate: Boilerplate = field(default_factory=Boilerplate)
    duplicates: duplicate.Duplicates = field(default_factory=duplicate.Duplicates)
    straddling: int = 0  # groups of duplicates with documents in training and outside
    leaks: list[str] = field(default_factory=list)  # ids of validation and test that share a passage with training
    sufficiency: Sufficiency | None = None
    left_out: dict[str, str] = field(default_factory=dict)  # id: reason

    @property
    def fences(self) -> tuple[float, float]:
        """The lengths below and above which a document is far from the others."""
        low, high = np.quantile(np.log(self.lengths), [0.25, 0.75])
        return float(np.exp(low - _FENCE * (high - low))), float(np.exp(high + _FENCE * (high - low)))

    @property
    def outliers(self) -> tuple[list[int], list[int]]:
        """Numbers of the documents that are far shorter and far longer than the others."""
        low, high = self.fences
        return np.flatnonzero(self.lengths < low).tolist(), np.flatnonzero(self.lengths > high).tolist()


def audit(
    corpus: Corpus, *, parameters: int = 0, tokens: int = 0, validation: float = VALIDATION, test: float = TEST
) -> Audit:
    """Look at a corpus. With *parameters*, judge whether it is enough for a net of that many.

    *tokens*: of the training text in the vocabulary to be used; when 0, its characters stand for them.
    CorpusError for a corpus without documents, or one that was changed.
    """
    if not len(corpus):
        raise CorpusError("The corpus holds no document.", "Make it anew from sources with text.")
    corpus.verify()
    found = Audit(corpus.manifest)
    split = _each(corpus, found, validation, test)
    found.duplicates = duplicate.find(document.text for document in corpus)
    surplus = found.duplicates.surplus
    exact = {n for group in found.duplicates.exact for n in group[1:]}
    for n in sorted(surplus):
        found.left_out.setdefault(found.ids[n], "exact duplicate" if n in exact else "near duplicate")
    groups = (*found.duplicates.exact, *found.duplicates.near)
    found.straddling = sum(len({split[n] for n in group}) > 1 for group in groups)
    found.leaks = _leaks(corpus, split, surplus)
    for name in found.leaks:
        found.left_out.setdefault(name, "leak: shares a passage with training")
    if parameters:
        distinct = sum(int(n) for i, n in enumerate(found.lengths) if split[i] == "train" and i not in surplus)
        whole = found.splits["train"][1] or 1
        have = round(tokens * distinct / whole) if tokens else distinct
        found.sufficiency = Sufficiency(have, parameters, "tokens" if tokens else "characters")
    return found


def _each(corpus: Corpus, found: Audit, validation: float, test: float) -> list[str]:
    """Look at each document by itself; return the split of each."""
    lengths, split = [], []
    damaged, reached = _Tally(), _Tally()
    sizes = {name: [0, 0] for name in SPLITS}
    for document in corpus:
        text = document.text
        found.ids.append(document.id)
        lengths.append(len(text))
        split.append(split_of(document.decider, validation, test))
        sizes[split[-1]][0] += 1
        sizes[split[-1]][1] += len(text)
        found.languages[language(text)] += 1
        broken = damage(text)
        damaged.add(broken, document.id)
        finds = personal(text)
        reached.add(
            {kind: len(f) for kind, f in finds.items()}, document.id, {k: masked(f[0]) for k, f in finds.items()}
        )
        found.boilerplate.look(text)
        if any(kind in broken for kind in SPOILT):
            found.left_out[document.id] = "damaged"
        elif finds:
            found.left_out[document.id] = "personal data"
    found.lengths = np.array(lengths, np.int64)
    found.splits = {name: (d, c) for name, (d, c) in sizes.items()}
    found.damaged, found.personal = damaged.counts, reached.counts
    found.examples = damaged.examples | reached.examples
    return list(split)


class _Tally:
    def __init__(self) -> None:
        self.counts: dict[str, tuple[int, int]] = {}
        self.examples: dict[str, list[str]] = {}

    def add(self, kinds: dict[str, int], name: str, shown: dict[str, str] | None = None) -> None:
        for kind, places in kinds.items():
            documents, before = self.counts.get(kind, (0, 0))
            self.counts[kind] = (documents + 1, before + places)
            examples = self.examples.setdefault(kind, [])
            if len(examples) < _EXAMPLES:
                examples.append(f"{name} ({shown[kind]})" if shown else name)


def _leaks(corpus: Corpus, split: list[str], surplus: set[int]) -> list[str]:
    """Return ids outside training that share a passage of 50 characters with it once duplicates are left out."""
    training: list[duplicate.Hashes] = [np.empty(0, np.uint64)]
    others: list[tuple[str, duplicate.Hashes]] = []
    for n, document in enumerate(corpus):
        if n in surplus:
            continue  # it is left out as a duplicate already
        hashes = duplicate.passages(document.text)
        if split[n] == "train":
            training.append(hashes)
        else:
            others.append((document.id, hashes))
    known = np.unique(np.concatenate(training))
    return [name for name, hashes in others if _shares(hashes, known)]


def _shares(hashes: duplicate.Hashes, known: duplicate.Hashes) -> bool:
    if not len(known) or not len(hashes):
        return False
    at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    return bool((known[at] == hashes).any())


def training_tokens(corpus: Corpus, vocabulary: Path, validation: float = VALIDATION, test: float = TEST) -> int:
    """Return how many tokens of the vocabulary in a folder the training split has."""
    from miaobi.lab.vocabulary import Vocabulary

    known = Vocabulary.load(vocabulary)
    return sum(len(known.encode(d.text)) for d in corpus if split_of(d.decider, validation, test) == "train")


def cleaned(corpus: Corpus, found: Audit, folder: Path) -> Corpus:
    """Write the corpus without what should be left out to *folder*; return it. CorpusError if nothing would be left."""

    def documents() -> Iterator[Document]:
        return (document for document in corpus if document.id not in found.left_out)

    reasons = Counter(reason.partition(":")[0] for reason in found.left_out.values())
    notes = "; ".join(f"{n:,} left out: {reason}" for reason, n in reasons.most_common())
    origins = [
        replace(origin, notes="; ".join(filter(None, (origin.notes, notes)))) for origin in corpus.manifest.origins
    ]
    first, *rest = origins
    sources = [Source(first, documents), *(Source(origin, lambda: iter(())) for origin in rest)]
    return write_corpus(folder, sources)
