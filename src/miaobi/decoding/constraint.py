"""Constraints compiled against a vocabulary: which tokens may come next.

JSON schema, regular expression and grammar go to llguidance (derivative-based Earley parser over bytes; masks in
some tens of microseconds); free white space in JSON is off, small models drown in it. Automata of ours work on text:
the most likely tokens are tried first, and only if none of them fits the whole vocabulary is walked as a trie.
A constraint that has a ``follower`` of its own (``types.TokenConstraint``) is asked for it. ``All`` is the conjunction.
The text may end only where every part is complete.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol, runtime_checkable

import numpy as np

from miaobi.decoding.vocabulary import Vocabulary
from miaobi.errors import BriefError
from miaobi.types import All, Automaton, Constraint, Floats, Grammar, JsonSchema, Mask, Regex, TokenConstraint

_TRIED = 128  # likely tokens that an automaton is asked about before the whole vocabulary


class Follower(Protocol):
    """Follows one candidate through a constraint, and back."""

    name: str
    certain: bool  # what the mask allows never leads into a dead end

    def mask(self, logits: Floats) -> Mask:
        """Return which tokens may come next, (V,) bool; ends are not in it."""

    def consume(self, token: int) -> bool:
        """Take a token; False (and no change) if it breaks the rule."""

    def rewind(self, count: int) -> None:
        """Forget the last *count* tokens."""

    def complete(self) -> bool:
        """Tell whether the text may end here."""

    def forced(self) -> list[int]:
        """Return tokens that must come next, as far as they are certain."""


@runtime_checkable
class RuledFollower(Follower, Protocol):
    """A follower that tells its rules apart, so that what each of them removed can be said."""

    def rules(self, logits: Floats) -> list[tuple[str, Mask]]:
        """Return named masks whose conjunction is ``mask``, in the order in which they are to be blamed."""


class GrammarFollower:
    """A follower on llguidance's matcher."""

    certain = True

    def __init__(self, name: str, matcher: Any, vocabulary: Vocabulary) -> None:
        self.name, self._matcher, self._vocabulary = name, matcher, vocabulary

    def mask(self, logits: Floats) -> Mask:
        """Return which tokens may come next."""
        if self._matcher.is_stopped():
            return np.zeros(len(self._vocabulary), dtype=np.bool_)
        bits = np.frombuffer(self._matcher.compute_bitmask(), dtype=np.uint8)
        allowed = np.unpackbits(bits, bitorder="little")[: len(self._vocabulary)].astype(np.bool_)
        allowed[list(self._vocabulary.ends)] = False
        return allowed

    def consume(self, token: int) -> bool:
        """Take a token."""
        return not self._matcher.is_stopped() and self._matcher.try_consume_tokens([token]) == 1

    def rewind(self, count: int) -> None:
        """Forget the last tokens."""
        if count:
            self._matcher.rollback(count)

    def complete(self) -> bool:
        """Tell whether the grammar is satisfied."""
        return bool(self._matcher.is_accepting())

    def forced(self) -> list[int]:
        """Return tokens that the grammar leaves no choice about."""
        if self._matcher.is_stopped():
            return []
        return [t for t in self._matcher.compute_ff_tokens() if t not in self._vocabulary.ends]


class AutomatonFollower:
    """A follower on an automaton of ours; ``_states``: (state, bytes of an unfinished character) per token."""

    certain = False  # whether an automaton looks ahead far enough is its author's promise

    def __init__(self, automaton: Automaton, vocabulary: Vocabulary) -> None:
        self.name, self._automaton, self._vocabulary = automaton.name, automaton, vocabulary
        self._states: list[tuple[Any, bytes]] = [(automaton.start(), b"")]
        self._finishes: dict[tuple[Any, bytes], bool] = {}

    def _after(self, token: int) -> tuple[Any, bytes] | None:
        state, pending = self._states[-1]
        if not (piece := self._vocabulary.pieces[token]):
            return None
        raw = pending + piece
        try:
            text, rest = raw.decode("utf-8"), b""
        except UnicodeDecodeError as error:
            if error.reason != "unexpected end of data":
                return None
            text, rest = raw[: error.start].decode("utf-8"), raw[error.start :]
        after = self._automaton.advance(state, text) if text else state
        return None if after is None or (rest and not self._can_finish(after, rest)) else (after, rest)

    def _can_finish(self, state: Any, begun: bytes) -> bool:
        """Tell whether a character that begins with these bytes fits: its first bytes alone must not be a trap.

        The first of four bytes is let pass: a quarter of a million characters begin so, and the second byte decides.
        """
        if len(begun) == 1 and begun[0] >= 0xF0:
            return True
        key = (state, begun)
        if key not in self._finishes:
            self._finishes[key] = any(self._automaton.advance(state, c) is not None for c in _characters(begun))
        return self._finishes[key]

    def mask(self, logits: Floats) -> Mask:
        """Return which of the likeliest tokens may come next; of all tokens if none of those may.

        Tokens of −∞ are ruled out already and count for nothing.
        """
        allowed = np.zeros(len(self._vocabulary), dtype=np.bool_)
        likely = np.argpartition(-logits, min(_TRIED, len(logits) - 1))[:_TRIED]
        likely = likely[logits[likely] > -np.inf]
        fits = [t for t in likely.tolist() if t not in self._vocabulary.ends and self._after(t) is not None]
        if not fits:
            fits = self._walk()
        allowed[fits] = True
        return allowed

    def _walk(self) -> list[int]:
        """Return every token that fits; a beginning that breaks the rule cuts off all that share it."""
        if self._states[-1][1]:
            return [t for t in range(len(self._vocabulary)) if self._after(t) is not None]
        fits: list[int] = []
        stack = [(_trie(self._vocabulary), self._states[-1][0])]
        while stack:
            node, state = stack.pop()
            fits += node.get(_HERE, ())
            for character, child in node.items():
                if character != _HERE and (after := self._automaton.advance(state, character)) is not None:
                    stack.append((child, after))
        return fits + [t for t in _partial(self._vocabulary) if self._after(t) is not None]

    def consume(self, token: int) -> bool:
        """Take a token."""
        after = self._after(token)
        if after is not None:
            self._states.append(after)
        return after is not None

    def rewind(self, count: int) -> None:
        """Forget the last tokens."""
        if count:
            del self._states[-count:]

    def complete(self) -> bool:
        """Tell whether the text may end here."""
        state, pending = self._states[-1]
        return not pending and self._automaton.complete(state)

    def forced(self) -> list[int]:
        """Return nothing: what an automaton forces is found by its mask."""
        return []


class AllFollower:
    """A conjunction."""

    certain = False  # what one part needs another may forbid further on

    def __init__(self, parts: Sequence[Follower]) -> None:
        self.parts, self.name = parts, "+".join(p.name for p in parts)

    def mask(self, logits: Floats) -> Mask:
        """Return the tokens that every part allows; each part sees only what those before it left."""
        allowed = np.ones(logits.shape, dtype=np.bool_)
        for part in self.parts:
            allowed &= part.mask(np.where(allowed, logits, np.float32(-np.inf)))
        return allowed

    def rules(self, logits: Floats) -> list[tuple[str, Mask]]:
        """Return the masks of every part, those of a part that tells its rules apart one by one."""
        allowed = np.ones(logits.shape, dtype=np.bool_)
        found: list[tuple[str, Mask]] = []
        for part in self.parts:
            left = np.where(allowed, logits, np.float32(-np.inf))
            named = part.rules(left) if isinstance(part, RuledFollower) else [(part.name, part.mask(left))]
            for _, mask in named:
                allowed &= mask
            found += named
        return found

    def consume(self, token: int) -> bool:
        """Take a token if every part does."""
        for i, part in enumerate(self.parts):
            if not part.consume(token):
                for taken in self.parts[:i]:
                    taken.rewind(1)
                return False
        return True

    def rewind(self, count: int) -> None:
        """Forget the last tokens."""
        for part in self.parts:
            part.rewind(count)

    def complete(self) -> bool:
        """Tell whether every part may end here."""
        return all(part.complete() for part in self.parts)

    def forced(self) -> list[int]:
        """Return nothing: what one part forces another may forbid."""
        return self.parts[0].forced() if len(self.parts) == 1 else []


@cache
def _characters(begun: bytes) -> tuple[str, ...]:
    """Return the characters whose UTF-8 begins with these bytes, which are not yet a whole one."""
    lead = begun[0]
    if not 0xC2 <= lead <= 0xF4:
        return ()
    size, low, high = (
        (2, 0x80, 0x800) if lead < 0xE0 else (3, 0x800, 0x10000) if lead < 0xF0 else (4, 0x10000, 0x110000)
    )
    bits = lead & (0x7F >> size)
    for following in begun[1:]:
        bits = bits << 6 | following & 0x3F
    shift = 6 * (size - len(begun))
    points = range(max(low, bits << shift), min(high, (bits + 1) << shift))
    return tuple(chr(c) for c in points if not 0xD800 <= c < 0xE000)


_HERE = ""  # key of the token ids that end at a node of the trie


def _trie(vocabulary: Vocabulary) -> dict[str, Any]:
    root: dict[str, Any] | None = vocabulary.__dict__.get("_trie")
    if root is None:
        root = {}
        for token, piece in enumerate(vocabulary.pieces):
            if not _decodes(piece) or not piece or token in vocabulary.ends:
                continue
            node = root
            for character in piece.decode("utf-8"):
                node = node.setdefault(character, {})
            node.setdefault(_HERE, []).append(token)
        vocabulary.__dict__["_trie"] = root
    return root


def _partial(vocabulary: Vocabulary) -> list[int]:
    """Return the tokens that hold a part of a character, which a trie of text can't hold."""
    found: list[int] | None = vocabulary.__dict__.get("_partial")
    if found is None:
        found = [t for t, piece in enumerate(vocabulary.pieces) if piece and not _decodes(piece)]
        vocabulary.__dict__["_partial"] = found
    return found


def _decodes(piece: bytes) -> bool:
    try:
        piece.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class _Tokeniser:
    """The face of a vocabulary that llguidance asks for."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        end = min(vocabulary.ends) if vocabulary.ends else 0
        special = sorted(vocabulary.control | vocabulary.ends)
        self.eos_token_id, self.bos_token_id, self.special_token_ids = end, None, special
        self.tokens = [
            b"\xff" + f"<{i}>".encode() if i in vocabulary.control or not piece else piece
            for i, piece in enumerate(vocabulary.pieces)
        ]
        self._encode = vocabulary.encode

    def __call__(self, text: bytes | str) -> list[int]:
        if self._encode is None:
            raise TypeError("this vocabulary has no tokeniser")
        return self._encode(text if isinstance(text, str) else text.decode("utf-8"))


def _matcher_tokeniser(vocabulary: Vocabulary) -> Any:
    found = vocabulary.__dict__.get("_matcher_tokeniser")
    if found is None:
        from llguidance import LLTokenizer, TokenizerWrapper

        found = LLTokenizer(TokenizerWrapper(_Tokeniser(vocabulary)), n_vocab=len(vocabulary))
        vocabulary.__dict__["_matcher_tokeniser"] = found
    return found


def _source(constraint: JsonSchema | Regex | Grammar) -> tuple[str, str]:
    """Return the rule's name and the grammar as llguidance reads it."""
    from llguidance import LLMatcher

    match constraint:
        case JsonSchema(schema):
            strict = {"whitespace_flexible": False}
            return "json-schema", LLMatcher.grammar_from_json_schema(json.dumps(schema), overrides=strict)
        case Regex(pattern):
            return "regex", LLMatcher.grammar_from_regex(pattern)
        case Grammar(text, "gbnf"):
            return "grammar", LLMatcher.grammar_from_lark(_lark_of(text))
        case Grammar(text, _):
            return "grammar", LLMatcher.grammar_from_lark(text)


def _lark_of(gbnf: str) -> str:
    from llguidance.gbnf_to_lark import gbnf_to_lark

    try:
        return str(gbnf_to_lark(gbnf))
    except Exception as error:  # a rule that isn't there is a bare Exception, a deep one RecursionError
        raise _refusal("grammar", str(error)) from None


def _refusal(name: str, reason: str) -> BriefError:
    return BriefError(
        f"The constraint ({name}) can't be used: {reason.strip()}",
        "Correct the schema, pattern or grammar; llguidance's documentation lists what is supported.",
    )


def follow(constraint: Constraint, vocabulary: Vocabulary) -> Follower:
    """Return a follower at the start of *constraint*; BriefError if the constraint itself is wrong."""
    if isinstance(constraint, All):
        return AllFollower([follow(part, vocabulary) for part in constraint.parts])
    if not isinstance(constraint, JsonSchema | Regex | Grammar):
        if isinstance(constraint, TokenConstraint):
            follower: Follower = constraint.follower(vocabulary)
            return follower
        return AutomatonFollower(constraint, vocabulary)
    from llguidance import LLMatcher

    name, source = _source(constraint)
    matcher = LLMatcher(_matcher_tokeniser(vocabulary), source, log_level=0)
    if matcher.is_error():
        raise _refusal(name, matcher.get_error())
    return GrammarFollower(name, matcher, vocabulary)
