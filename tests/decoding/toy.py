"""A toy checkpoint for decoding: a small vocabulary, random logits, and an engine's loop that checks every move."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from miaobi.decoding.vocabulary import Vocabulary
from miaobi.decoding.writer import Move, Writer
from miaobi.types import Candidate, Floats, Request

# Every byte of characters up to three bytes long; pieces of several characters; two thirds of 海, as BPE makes.
PIECES = (
    *(bytes([i]) for i in range(0xF0)),
    *(
        p.encode()
        for p in ("ab", "ac", "bc", "abc", " the", "the", " cat", " sat", " on", "s on", '{"', '":', '"}', "12", "海")
    ),
    "海".encode()[:2],
)
END = len(PIECES)
CONTROL = END + 1


def encode(text: str) -> list[int]:
    """Tokenise by the longest piece."""
    raw, tokens = text.encode(), []
    longest = sorted(range(len(PIECES)), key=lambda t: -len(PIECES[t]))
    while raw:
        token = next(t for t in longest if raw.startswith(PIECES[t]))
        tokens.append(token)
        raw = raw[len(PIECES[token]) :]
    return tokens


VOCABULARY = Vocabulary((*PIECES, b"", b""), frozenset({END}), frozenset({END, CONTROL}), encode)
Model = Callable[[tuple[int, ...]], Floats]


def random_model(seed: int, favoured: Mapping[str, float] | None = None) -> Model:
    """Logits that depend on the whole text before; *favoured*: pieces and what is added to their logits."""
    bonus = np.zeros(len(VOCABULARY), dtype=np.float32)
    for piece, value in (favoured or {}).items():
        bonus[PIECES.index(piece.encode())] = value

    def logits(tokens: tuple[int, ...]) -> Floats:
        key = hashlib.blake2b(f"{seed}|{tokens}".encode(), digest_size=8).digest()
        rng = np.random.default_rng(int.from_bytes(key, "big"))
        row: Floats = rng.standard_normal(len(VOCABULARY), dtype=np.float32) * np.float32(2) + bonus
        return row

    return logits


def script(text: str, then: str = "") -> Model:
    """A model that wants to write *text*, and where it is kept from it goes on with letters of *then*."""
    wanted = encode(text)

    def logits(tokens: tuple[int, ...]) -> Floats:
        row = np.zeros(len(VOCABULARY), dtype=np.float32)
        for rank, letter in enumerate(reversed(then)):
            row[PIECES.index(letter.encode())] = 2.0 + rank
        at = len(tokens)
        row[wanted[at] if at < len(wanted) else END] = 20.0
        return row

    return logits


@dataclass
class Run:
    """What came of one candidate: the pieces as they were released, and the deepest rewind."""

    candidate: Candidate
    pieces: list[str]
    deepest: int = 0


def run(request: Request, model: Model) -> Run:
    """Write one candidate as an engine does, and hold every move to what it says of the sequence."""
    writer = Writer(request, 0, [], VOCABULARY)
    sequence: list[int] = []
    move = writer.step([model(())])
    result = Run(writer.candidate(), [])
    while True:
        result.pieces.append(writer.release())
        if writer.finish is not None:
            break
        sequence, rows = _carry_out(move, sequence, model, result)
        assert sequence == writer.tokens
        move = writer.step(rows)
    result.candidate = writer.candidate()
    assert "".join(result.pieces) == result.candidate.text, "released text was taken back"
    assert len(result.candidate.tokens) == len(result.candidate.logprobs)
    return result


def _carry_out(move: Move, sequence: list[int], model: Model, result: Run) -> tuple[list[int], list[Floats]]:
    result.deepest = max(result.deepest, move.rewind)
    sequence = sequence[: len(sequence) - move.rewind]
    rows = []
    for token in move.feed:
        sequence = [*sequence, token]
        rows.append(model(tuple(sequence)))
    return sequence, rows or [model(tuple(sequence))]
