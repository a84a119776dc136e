"""How good word vectors are: people's judgements of similarity, and analogies.

Similarity: Spearman's rank correlation of cosines with people's means over the pairs whose words are both known
(WordSim-353, Finkelstein et al. 2002: relatedness; SimLex-999, Hill et al. 2015: similarity proper). Analogies: the
share of questions whose answer is the nearest word by 3CosAdd (Mikolov et al. 2013). The files are gensim's own test
data. What share of the pairs was known belongs to each figure: over few pairs a correlation says little.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from miaobi.errors import InputFileError, show
from miaobi.lab.vectors.embedding import WordVectors

SETS = {"WordSim-353": "wordsim353.tsv", "SimLex-999": "simlex999.txt"}
ANALOGIES = "questions-words.txt"


@dataclass(frozen=True)
class Similarity:
    """The correlation over *known* of *pairs*; nan below three known pairs. ``margin``: half its 95 % interval."""

    name: str
    correlation: float
    known: int
    pairs: int

    @property
    def margin(self) -> float:
        """Half of the 95 % interval by Fisher's transformation with Bonett and Wright's variance for ranks (2000)."""
        if self.known < 4 or abs(self.correlation) >= 1:
            return math.nan
        deviation = 1.96 * math.sqrt((1 + self.correlation**2 / 2) / (self.known - 3))
        z = math.atanh(self.correlation)
        return (math.tanh(z + deviation) - math.tanh(z - deviation)) / 2


@dataclass(frozen=True)
class Analogies:
    """How many of the *known* questions, of *questions*, were answered right."""

    right: int
    known: int
    questions: int

    @property
    def share(self) -> float:
        """The share answered right; nan when no question's words are known."""
        return self.right / self.known if self.known else math.nan


def gensim_file(name: str) -> Path:
    """Return the place of one of gensim's own data files."""
    from gensim.test.utils import datapath

    return Path(datapath(name))


def similarity(vectors: WordVectors, name: str) -> Similarity:
    """Judge *vectors* by one of ``SETS``."""
    return correlate(vectors, gensim_file(SETS[name]), name)


def correlate(vectors: WordVectors, path: Path, name: str = "") -> Similarity:
    """Judge by a file of lines ``word TAB word TAB number``; lines with # are notes. Case doesn't count."""
    from scipy.stats import spearmanr

    ours, people, pairs = [], [], 0
    for row in path.read_text(encoding="utf-8").splitlines():
        if not row.strip() or row.startswith("#"):
            continue
        a, b, score = _pair(row, path)
        pairs += 1
        if a in vectors.index and b in vectors.index:
            ours.append(vectors.cosine(a, b))
            people.append(score)
    varied = len(set(ours)) > 1 and len(set(people)) > 1
    correlation = float(spearmanr(ours, people).statistic) if len(ours) > 2 and varied else math.nan
    return Similarity(name or path.name, correlation, len(ours), pairs)


def _pair(row: str, path: Path) -> tuple[str, str, float]:
    try:
        a, b, score = row.split("\t")
        return a.lower(), b.lower(), float(score)
    except ValueError:
        raise InputFileError(
            f"{show(str(path))} has a line that is no pair: {show(row)}.", "Each line is: word TAB word TAB number."
        ) from None


def analogies(vectors: WordVectors, path: Path | None = None, most: int = 30_000) -> Analogies:
    """Answer questions ``a b c d`` of a file (Mikolov's when None) among the *most* frequent words."""
    small = WordVectors(vectors.words[:most], vectors.vectors[:most])
    questions, known = 0, []
    for row in (path or gensim_file(ANALOGIES)).read_text(encoding="utf-8").splitlines():
        if row.startswith(":") or not row.strip():
            continue
        questions += 1
        numbers = [small.index.get(word.lower(), -1) for word in row.split()]
        if len(numbers) == 4 and min(numbers) >= 0:
            known.append(numbers)
    right = 0
    for start in range(0, len(known), 256):  # questions at once: 256 × V cosines
        a, b, c, d = np.array(known[start : start + 256]).T
        wanted = small.units[b] - small.units[a] + small.units[c]
        cosines = wanted @ small.units.T
        for given in (a, b, c):
            cosines[np.arange(len(a)), given] = -np.inf
        right += int((cosines.argmax(axis=1) == d).sum())
    return Analogies(right, len(known), questions)
