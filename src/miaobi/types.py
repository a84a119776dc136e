"""Shared values and protocols: what a form asks of an engine, and what an engine gives back.

The lowest layer but ``errors``: nothing here imports another module of ours. Log-probabilities are natural
(nats), token ids are the checkpoint's own, text is ``str`` without lone surrogates.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


def derive_seed(seed: int, *key: object) -> int:
    """Return a 63-bit seed for the stream named by *key* under *seed* (BLAKE2b of their text).

    All chance in a work comes from its one seed through named streams, so that no step depends on how many
    numbers another step drew: this is what makes a resumed work equal an uninterrupted one.
    """
    text = "\x1f".join([str(seed), *map(str, key)])
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


@dataclass(frozen=True)
class Sampling:
    """How a token is drawn from the distribution; a value that does nothing switches its stage off.

    Stages run in the order of the fields (the order of llama.cpp): penalties, DRY, top-k, typical, top-p,
    min-p, XTC, temperature; mirostat 2 replaces everything after the penalties. ``temperature=0`` is greedy.
    """

    repetition_penalty: float = 1.0  # >1 divides positive logits of seen tokens
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    penalty_window: int = 256  # tokens looked back by the penalties and DRY
    dry_multiplier: float = 0.0  # 0.8 is usual
    dry_base: float = 1.75
    dry_allowed_length: int = 2
    top_k: int = 0
    typical_p: float = 1.0
    top_p: float = 1.0
    min_p: float = 0.0
    xtc_probability: float = 0.0
    xtc_threshold: float = 0.1
    temperature: float = 1.0
    mirostat_tau: float = 0.0  # target surprise in bits; 0 is off
    mirostat_eta: float = 0.1


@dataclass(frozen=True)
class Prompt:
    """What the engine reads before it writes.

    With ``user`` empty the prompt is plain text to be continued: ``system`` then ``prefix``. Otherwise it is a
    turn of chat, laid out by the checkpoint's own template, and ``prefix`` is the beginning of the answer that
    the engine goes on from; ``history`` holds the turns before it, (what the user said, what was answered).
    The longest common beginning of successive prompts is evaluated once.
    """

    system: str = ""
    user: str = ""
    prefix: str = ""
    history: tuple[tuple[str, str], ...] = ()


# --- constraints: declared by forms as values, compiled by ``decoding`` or passed on by black boxes ------------


@dataclass(frozen=True)
class JsonSchema:
    """The text must be JSON of this schema."""

    schema: dict[str, Any]


@dataclass(frozen=True)
class Regex:
    """The whole text must match this pattern (RE2-like syntax of llguidance)."""

    pattern: str


@dataclass(frozen=True)
class Grammar:
    """The text must be derivable from this grammar."""

    text: str
    syntax: Literal["lark", "gbnf"] = "lark"


class Automaton(Protocol):
    """An incremental constraint of ours over *text*, for what grammars can't say.

    States are immutable, hashable values. ``advance`` returns the state after *piece*, or ``None`` where the piece
    breaks the rule; it must return ``None`` early, when no legal end can be reached any more (look-ahead).
    """

    name: str

    def start(self) -> Any:
        """Return the state before any text."""

    def advance(self, state: Any, piece: str) -> Any | None:
        """Return the state after *piece*, or None if it breaks the rule."""

    def complete(self, state: Any) -> bool:
        """Tell whether the text may end in *state*."""


@runtime_checkable
class TokenConstraint(Protocol):
    """An incremental constraint of ours over *tokens*: it reads the vocabulary once into arrays of masks."""

    name: str

    def follower(self, vocabulary: Any) -> Any:
        """Return a ``decoding.constraint.Follower`` at the start, for a ``decoding.vocabulary.Vocabulary``."""


@dataclass(frozen=True)
class All:
    """Every one of these constraints at once."""

    parts: tuple[Constraint, ...]


Constraint = JsonSchema | Regex | Grammar | All | Automaton | TokenConstraint


@dataclass(frozen=True)
class Request:
    """One call to an engine: ``n`` candidates for the continuation of one prompt.

    Candidate *i* uses the stream ``derive_seed(seed, i)``; it is the same text alone or in a batch.
    """

    prompt: Prompt
    max_tokens: int
    seed: int
    n: int = 1
    sampling: Sampling = field(default_factory=Sampling)
    constraint: Constraint | None = None
    stop: tuple[str, ...] = ()  # the text ends before the first of these
    banned: tuple[str, ...] = ()  # phrases never written: found, rewound, another way taken


@dataclass(frozen=True)
class Removal:
    """What one rule took away while a candidate was written: kept for the explanation."""

    rule: str
    at: int  # token index in the candidate
    token: str  # what the model would have said; "" where the rule left its favourite alone
    mass: float  # probability removed, 0–1; of what the rules before it had left, where rules are told apart


@dataclass(frozen=True)
class Candidate:
    """One continuation and what it cost."""

    text: str
    tokens: tuple[int, ...]
    logprobs: tuple[float, ...]  # of each token under the checkpoint before sampling, nats; () if unknown
    finish: Literal["stop", "length", "constraint", "cancelled"]
    removals: tuple[Removal, ...] = ()
    relented: tuple[str, ...] = ()  # banned phrases that had to be let through

    @property
    def mean_logprob(self) -> float:
        """Mean log-probability per token in nats; 0 when unknown."""
        return sum(self.logprobs) / len(self.logprobs) if self.logprobs else 0.0


@dataclass(frozen=True)
class Piece:
    """One event of a stream: text added to candidate ``index``, or its end (``done``).

    Pieces are never taken back: under banned phrases or a constraint text is held back until nothing can rewind it.
    """

    index: int
    text: str = ""
    done: Candidate | None = None


@dataclass(frozen=True)
class Checkpoint:
    """What weights an engine runs: enough to name them, to credit them and to find them again."""

    name: str
    sha256: str = ""
    licence: str = "unknown"
    source: str = ""
    languages: tuple[str, ...] = ()  # empty: unknown, nothing is refused
    context: int = 0  # tokens; 0 unknown
    parameters: int = 0
    chat: bool = False


@runtime_checkable
class Engine(Protocol):
    """Gives text for a prompt under a constraint. Forms see this and nothing else of an engine."""

    checkpoint: Checkpoint
    steerable: bool  # we see logits: every constraint of ours holds while decoding

    def stream(self, request: Request) -> Iterator[Piece]:
        """Write the candidates, piece by piece; closing the iterator cancels within one token."""

    def score(self, prompt: Prompt, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Return log-probabilities in nats of each text's tokens as continuation of *prompt*."""

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector a text, (len(texts), D) float32."""

    def count(self, text: str) -> int:
        """Return how many tokens *text* takes."""

    def close(self) -> None:
        """Free weights and memory; the engine is unusable after."""


def write(engine: Engine, request: Request, between: Callable[[], None] = lambda: None) -> list[Candidate]:
    """Run *request* to its end and return its candidates in order; what *between* raises after a piece stops it."""
    done = dict[int, Candidate]()
    for piece in engine.stream(request):
        between()
        if piece.done is not None:
            done[piece.index] = piece.done
    return [done[i] for i in sorted(done)]
