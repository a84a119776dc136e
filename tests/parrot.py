"""An engine that completes any opening at once, for tests of forms, jobs and commands.

There the words of a real checkpoint would only cost time. The same request gives the same candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from miaobi.craft.chorale import setting
from miaobi.craft.icon import glyph
from miaobi.craft.melody import tune
from miaobi.craft.plot.plan import data
from miaobi.craft.prosody.chinese.rime import rows
from miaobi.craft.text.chinese_fault import is_simplified
from miaobi.decoding.chorale import ChoraleBeats
from miaobi.decoding.glyph import GlyphRings
from miaobi.decoding.melody import MelodyBars
from miaobi.decoding.verse_line import VerseLine
from miaobi.decoding.vocabulary import Vocabulary
from miaobi.decoding.writer import Move, Writer
from miaobi.types import (
    Candidate,
    Checkpoint,
    Floats,
    Piece,
    Prompt,
    Regex,
    Request,
    TokenConstraint,
    derive_seed,
)

_WORLDS = data("en", "world").values()
_NOUNS = sorted({word for world in _WORLDS for word in world["vocabulary"].split()})
_VERBS = [
    "lay",
    "stood",
    "hung",
    "leaned",
    "waited",
    "rattled",
    "settled",
    "creaked",
    "shifted",
    "dried",
    "cooled",
    "glimmered",
]
_COLOURS = ["grey", "red", "narrow", "broken", "yellow", "dark", "heavy", "pale", "crooked", "wet", "quiet", "old"]


_HAN_NOUNS = ["木箱", "窗框", "灯罩", "碗橱", "门闩", "砚台", "竹篮", "铁桶", "信封", "棉袄", "砖缝", "麻袋"]
_MEASURED = ["只木箱", "盏油灯", "把竹椅", "叠信纸", "块青砖", "条麻绳", "顶草帽", "双布鞋"]


@cache
def _characters() -> Vocabulary:
    """A vocabulary of Chinese characters, as our verse net has one, and an end."""
    common = [row[0] for row in rows("topics")]
    return Vocabulary((b"", *((c + " ").encode() for c in common)), frozenset({0}), frozenset({0}))


@cache
def _bytes() -> Vocabulary:
    """A vocabulary of single bytes, which says anything, and an end."""
    pieces = (*(bytes([i]) for i in range(256)), b"")
    return Vocabulary(pieces, frozenset({256}), frozenset({256}), lambda text: list(text.encode()))


@cache
def _events(names: tuple[str, ...]) -> Vocabulary:
    """A vocabulary of events, as our nets of music have one, and an end."""
    return Vocabulary((b"", *((name + " ").encode() for name in names)), frozenset({0}), frozenset({0}))


def _vocabulary_for(constraint: object) -> Vocabulary:
    if isinstance(constraint, MelodyBars):
        return _events(tuple(tune.every_event()))
    if isinstance(constraint, ChoraleBeats):
        return _events(tuple(setting.every_event()))
    if isinstance(constraint, GlyphRings):
        return _events(tuple(glyph.every_event()))
    return _bytes() if isinstance(constraint, VerseLine) else _characters()


def _steered(request: Request, index: int, rng: np.random.Generator) -> Candidate:
    """Write under a constraint over tokens as a net would that has no preferences."""
    vocabulary = _vocabulary_for(request.constraint)
    request = replace(request, max_tokens=4 * request.max_tokens)  # of bytes
    writer = Writer(request, index, (), vocabulary)
    move = Move()
    while writer.finish is None:
        rows = max(1, len(move.feed))
        move = writer.step([rng.normal(size=len(vocabulary)).astype(np.float32) for _ in range(rows)])
    return writer.candidate()


class Parrot:
    """Completes any opening with a short plain phrase; honours stop strings, lengths and seeds."""

    steerable = True

    def __init__(self, languages: tuple[str, ...] = ()) -> None:
        self.checkpoint = Checkpoint("parrot", sha256="0" * 64, licence="Apache-2.0", languages=languages)
        self.calls = 0

    def stream(self, request: Request) -> Iterator[Piece]:
        self.calls += 1
        for i in range(request.n):
            rng = np.random.default_rng(derive_seed(request.seed, i))
            if isinstance(request.constraint, TokenConstraint):
                yield Piece(i, "", _steered(request, i, rng))
                continue
            text = self._gap(request, rng) or self._phrase(rng)
            tokens = tuple(range(len(text.split())))
            done = Candidate(text, tokens, tuple(-1.0 - rng.random() for _ in tokens), "stop")
            yield Piece(i, text)
            yield Piece(i, "", done)

    def _phrase(self, rng: np.random.Generator) -> str:
        pick = [str(rng.choice(pool)) for pool in (_VERBS, _COLOURS, _NOUNS, _NOUNS)]
        return f" {pick[0]} by the {pick[1]} {pick[2]} and {pick[3]}"

    def _gap(self, request: Request, rng: np.random.Generator) -> str:
        """Fill the gap of a Chinese frame: one of the words that the pattern gives, or a noun, and what follows it."""
        pattern = request.constraint.pattern if isinstance(request.constraint, Regex) else ""
        if line := re.match(r"\[一-\u9fff\]\{(\d+),(\d+)\}\n", pattern):  # a line of modern verse
            pool = [row[0] for row in rows("topics") if is_simplified(row[0])]
            size = rng.integers(max(1, int(line[1])), min(int(line[2]), 9) + 1)
            return "".join(rng.choice(pool) for _ in range(size)) + "\n"
        match = re.match(r"\((.*?)\)|\[\\u4e00-\\u9fff\]\{1,4\}", pattern)
        if not match:
            return ""
        given = match.group(1)
        pool = given.split("|") if given else _MEASURED if request.prompt.prefix.endswith("一") else _HAN_NOUNS
        return str(rng.choice(pool)) + pattern[match.end() :].replace("\\", "")

    def score(self, prompt: Prompt, texts: Sequence[str]) -> list[tuple[float, ...]]:
        return [tuple(-1.0 for _ in text.split()) for text in texts]

    def embed(self, texts: Sequence[str]) -> Floats:
        vectors = np.array([[len(t) % 7 + 1.0, t.count("e") + 1.0, 1.0] for t in texts], np.float32)
        unit: Floats = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def count(self, text: str) -> int:
        known = _characters().pieces
        return sum(
            1 if len(word) > 1 or (word + " ").encode() in known or word.isascii() else 2 for word in text.split()
        )

    def close(self) -> None:
        return
