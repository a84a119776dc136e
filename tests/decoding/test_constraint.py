"""Masks against the languages themselves, enumerated; texts against other people's readers (re, jsonschema, lark)."""

from __future__ import annotations

import json
import re
from itertools import product
from typing import Any

import jsonschema
import lark
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miaobi.decoding.constraint import follow
from miaobi.errors import BriefError, DeadEndError
from miaobi.types import All, Constraint, Grammar, JsonSchema, Regex, Request, Sampling
from miaobi.types import Prompt as P

from .toy import CONTROL, END, PIECES, VOCABULARY, encode, random_model, run

ROW = np.array([set(piece) <= set("abc海".encode()) for piece in VOCABULARY.pieces], dtype=np.float32)
LARK = 'start: "a" tail "c"\ntail: "b" | "b" "b" | "海"'
GBNF = 'root ::= "a" tail "c"\ntail ::= "b" | "bb" | "海"'


class Exactly:
    """An automaton with full look-ahead: texts of *letters* that end in *end* and have *length* characters."""

    name = "exactly"

    def __init__(self, letters: str, end: str, length: int) -> None:
        self.letters, self.end, self.length = letters, end, length

    def start(self) -> int:
        return 0

    def advance(self, state: int, piece: str) -> int | None:
        for character in piece:
            wanted = self.end if state == self.length - 1 else self.letters
            if state >= self.length or character not in wanted:
                return None
            state += 1
        return state

    def complete(self, state: int) -> bool:
        return state == self.length


SMALL: list[tuple[Constraint, set[str]]] = [
    (Regex("(ab|ac|b)c?"), {"ab", "ac", "b", "abc", "acc", "bc"}),
    (Regex("[ab]{2,3}海"), {"".join(w) + "海" for n in (2, 3) for w in product("ab", repeat=n)}),
    (Grammar(LARK), {"abc", "abbc", "a海c"}),
    (Grammar(GBNF, "gbnf"), {"abc", "abbc", "a海c"}),
    (JsonSchema({"enum": ["ab", 12, True, None]}), {'"ab"', "12", "true", "null"}),
    (Exactly("ab海", "c", 3), {a + b + "c" for a in "ab海" for b in "ab海"}),
    (All((Regex("[abc]+"), Exactly("abc", "c", 3))), {a + b + "c" for a in "abc" for b in "abc"}),
    (
        All((Regex("a[bc海]*"), Regex("[a-c海]{1,3}"))),
        {"a" + "".join(w) for n in range(3) for w in product("bc海", repeat=n)},
    ),
]


@pytest.mark.parametrize(("constraint", "language"), SMALL, ids=lambda v: type(v).__name__)
def test_masks_lead_to_every_text_of_the_language_and_never_out_of_it(
    constraint: Constraint, language: set[str]
) -> None:
    words = {word.encode() for word in language}
    seen, reached = {b""}, set()
    queue: list[tuple[int, ...]] = [()]
    while queue:
        tokens = queue.pop()
        text = b"".join(PIECES[t] for t in tokens)
        follower = follow(constraint, VOCABULARY)
        assert all(follower.consume(t) for t in tokens)
        assert follower.complete() == (text in words)
        reached |= {text} & words
        allowed = set(np.flatnonzero(follower.mask(ROW)).tolist())
        expected = {t for t, piece in enumerate(PIECES) if any(w.startswith(text + piece) for w in words)}
        assert allowed <= expected  # fewer where the bytes are forced: then one way to spell them is enough
        assert bool(allowed) == bool(expected)
        new = {text + PIECES[token]: (*tokens, token) for token in allowed}
        queue += [path for longer, path in new.items() if longer not in seen]
        seen |= set(new)
    assert reached == words


@pytest.mark.parametrize(("constraint", "language"), SMALL, ids=lambda v: type(v).__name__)
def test_follower_that_went_on_and_back_is_where_it_was(constraint: Constraint, language: set[str]) -> None:
    word = encode(max(language, key=len))
    follower = follow(constraint, VOCABULARY)
    masks = [follower.mask(ROW)]
    for token in word:
        assert follower.consume(token)
        masks.append(follower.mask(ROW))
    for count in range(1, len(word) + 1):
        follower.rewind(count)
        assert np.array_equal(follower.mask(ROW), masks[len(word) - count])
        for token in word[len(word) - count :]:
            assert follower.consume(token)
    assert follower.complete()


@pytest.mark.parametrize(("constraint", "language"), SMALL, ids=lambda v: type(v).__name__)
def test_token_that_breaks_the_rule_is_refused_and_changes_nothing(constraint: Constraint, language: set[str]) -> None:
    follower = follow(constraint, VOCABULARY)
    before = follower.mask(ROW)
    for token in (PIECES.index(b"z"), END, CONTROL):
        assert not follower.consume(token)
        assert np.array_equal(follower.mask(ROW), before)


@pytest.mark.parametrize(("constraint", "language"), SMALL, ids=lambda v: type(v).__name__)
def test_every_text_is_of_the_language_and_the_removals_say_what_it_cost(
    constraint: Constraint, language: set[str]
) -> None:
    for seed in range(12):
        done = run(Request(P(), 24, seed, constraint=constraint), random_model(seed)).candidate
        assert done.text in language
        assert done.finish == "constraint"
        assert all(0.0 <= r.mass <= 1.0 and 0 <= r.at <= len(done.tokens) for r in done.removals)
        assert done.removals, "a random model never guesses a language of a few words"


SCHEMAS: list[dict[str, Any]] = [
    {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 40}, "minItems": 1, "maxItems": 3},
    {
        "type": "object",
        "properties": {
            "a": {"type": "string", "maxLength": 6},
            "b": {"anyOf": [{"type": "null"}, {"type": "boolean"}]},
        },
        "required": ["a", "b"],
        "additionalProperties": False,
    },
    {"type": "string", "pattern": "^[a-c]{2}-[0-9]+$", "maxLength": 8},
    {"oneOf": [{"const": "yes"}, {"const": "no"}]},
]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(SCHEMAS), st.integers(0, 1 << 40))
def test_json_that_was_written_to_its_end_is_valid_by_another_validator(schema: dict[str, Any], seed: int) -> None:
    done = run(Request(P(), 200, seed, constraint=JsonSchema(schema)), random_model(seed, {'"': 4.0})).candidate
    if done.finish != "length":
        jsonschema.validate(json.loads(done.text), schema, jsonschema.Draft202012Validator)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([r"[A-Z][a-z ]{3,9}\.", r"(1?[0-9]|2[0-3]):[0-5][0-9]", "(?:海|ab){1,4}!?"]),
    st.integers(0, 1 << 40),
)
def test_text_under_a_pattern_matches_it_by_re(pattern: str, seed: int) -> None:
    done = run(Request(P(), 60, seed, constraint=Regex(pattern)), random_model(seed)).candidate
    assert done.finish == "constraint"
    assert re.fullmatch(pattern, done.text)


ARITHMETIC = """
start: sum
sum: product ("+" product)*
product: atom ("*" atom)*
atom: NUMBER | "(" sum ")"
NUMBER: /[1-9][0-9]?/
"""


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1 << 40))
def test_text_under_a_recursive_grammar_is_parsed_by_lark(seed: int) -> None:
    model = random_model(seed, {")": 3.0})
    done = run(Request(P(), 120, seed, constraint=Grammar(ARITHMETIC)), model).candidate
    if done.finish != "length":
        lark.Lark(ARITHMETIC).parse(done.text)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1 << 40))
def test_gbnf_with_recursion_and_classes_is_parsed_by_the_same_grammar_in_lark(seed: int) -> None:
    gbnf = 'root ::= "(" item ("," item)* ")"\nitem ::= [a-c]+ | root'
    reader = lark.Lark('start: "(" item ("," item)* ")"\nitem: /[a-c]+/ | start')
    model = random_model(seed, {")": 4.0})
    done = run(Request(P(), 120, seed, constraint=Grammar(gbnf, "gbnf")), model).candidate
    if done.finish != "length":
        reader.parse(done.text)


class NoLookAhead(Exactly):
    """An automaton that breaks its contract: it sees only at the end that it can't end."""

    name = "careless"

    def advance(self, state: int, piece: str) -> int | None:
        return state + len(piece) if set(piece) <= set("abc") and state + len(piece) <= self.length else None

    def complete(self, state: int) -> bool:
        return False


def test_rule_that_can_never_be_met_is_a_dead_end_and_not_a_loop() -> None:
    with pytest.raises(DeadEndError, match="careless"):
        run(Request(P(), 40, 1, constraint=NoLookAhead("abc", "c", 3)), random_model(1))


def test_parts_that_exclude_each_other_are_a_dead_end() -> None:
    with pytest.raises(DeadEndError, match=r"regex\+regex"):
        run(Request(P(), 40, 1, constraint=All((Regex("[a-c]+"), Regex("[0-9]+")))), random_model(1))


@pytest.mark.parametrize(
    "constraint",
    [
        Regex("(unclosed"),
        Grammar("start: nothing"),
        Grammar("root ::= " + "(" * 5000, "gbnf"),
        Grammar("root ::= [", "gbnf"),
        JsonSchema({"type": "nothing"}),
    ],
    ids=lambda c: repr(c)[:40],
)
def test_constraint_that_is_wrong_itself_is_refused_with_its_kind(constraint: Constraint) -> None:
    with pytest.raises(BriefError, match="constraint"):
        follow(constraint, VOCABULARY)


def test_removal_names_rule_place_token_and_mass() -> None:
    model = random_model(3, {"z": 12.0})
    done = run(Request(P(), 8, 3, sampling=Sampling(temperature=0), constraint=Regex("[ab]{3}")), model).candidate
    assert [(r.rule, r.at, r.token) for r in done.removals[:3]] == [("regex", i, "z") for i in range(3)]
    row = model(()).astype(np.float64)
    share = np.exp(row - row.max()) / np.exp(row - row.max()).sum()
    allowed = [PIECES.index(p) for p in (b"a", b"b", b"ab")]
    assert done.removals[0].mass == pytest.approx(1 - share[allowed].sum(), abs=1e-5)
