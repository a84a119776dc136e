"""Constraints on the real default checkpoint, read by other people's readers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import lark
import pytest

from miaobi.engines.llamacpp import LlamaCpp
from miaobi.types import All, Candidate, Constraint, Grammar, JsonSchema, Prompt, Regex, Request, Sampling

pytestmark = pytest.mark.checkpoint
SCHEMA = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "minLength": 3, "maxLength": 30},
        "tags": {"type": "array", "items": {"enum": ["sea", "storm", "海"]}, "minItems": 1, "maxItems": 3},
        "year": {"type": "integer", "minimum": 1800, "maximum": 1999},
    },
    "required": ["title", "tags", "year"],
    "additionalProperties": False,
}
DIALOGUE = 'start: line+\nline: NAME ": " WORDS "\\n"\nNAME: "ANN" | "BEN"\nWORDS: /[A-Z][a-z ,]{3,30}[.?!]/'
SCORE = 'root ::= bar bar "|"\nbar ::= "|" note note\nnote ::= [A-G] [#b]? [1-2]'


class FiveHanzi:
    """Exactly five hanzi; most of them are split into bytes in this vocabulary."""

    name = "five-hanzi"

    def start(self) -> int:
        return 0

    def advance(self, state: int, piece: str) -> int | None:
        fits = all("一" <= c <= "龥" for c in piece)
        return state + len(piece) if fits and state + len(piece) <= 5 else None

    def complete(self, state: int) -> bool:
        return state == 5


@pytest.fixture(scope="module")
def engine(default_gguf: Path) -> Iterator[LlamaCpp]:
    with LlamaCpp(default_gguf, threads=1, context=1024) as engine:
        yield engine


def written(engine: LlamaCpp, constraint: Constraint, start: str) -> list[Candidate]:
    """Write three candidates, holding the pieces to the text."""
    request = Request(Prompt(prefix=start), 90, 5, n=3, sampling=Sampling(min_p=0.05), constraint=constraint)
    pieces = list(engine.stream(request))
    done = [p.done for p in pieces if p.done]
    for p in pieces:
        if p.done:
            assert "".join(q.text for q in pieces if q.index == p.index) == p.done.text
            assert len(p.done.tokens) == len(p.done.logprobs)
    return done


def test_schema_is_kept_by_another_validator(engine: LlamaCpp) -> None:
    for c in written(engine, JsonSchema(SCHEMA), "A book about the sea as JSON: "):
        jsonschema.validate(json.loads(c.text), SCHEMA, jsonschema.Draft202012Validator)


def test_pattern_is_kept_by_re(engine: LlamaCpp) -> None:
    pattern = r"(Mon|Tues|Wednes)day, [1-9][0-9]? (March|April) 19[0-9]{2}: [A-Z][a-z ]{10,40}\."
    for c in written(engine, Regex(pattern), "From the log of the keeper. "):
        assert re.fullmatch(pattern, c.text)
        assert c.finish == "constraint"


def test_lark_grammar_is_parsed_by_lark(engine: LlamaCpp) -> None:
    reader = lark.Lark(DIALOGUE)
    for c in written(engine, Grammar(DIALOGUE), "A scene.\n\n"):
        reader.parse(c.text if c.finish != "length" else c.text[: c.text.rfind("\n") + 1])


def test_gbnf_grammar_is_kept_by_re(engine: LlamaCpp) -> None:
    for c in written(engine, Grammar(SCORE, "gbnf"), "Notes: "):
        assert re.fullmatch(r"(\|([A-G][#b]?[12]){2}){2}\|", c.text)


def test_automaton_over_split_characters_finds_whole_ones(engine: LlamaCpp) -> None:
    for c in written(engine, FiveHanzi(), "春眠不觉晓，"):
        assert re.fullmatch("[一-龥]{5}", c.text)


def test_automaton_and_pattern_hold_at_once(engine: LlamaCpp) -> None:
    for c in written(engine, All((Regex("[海山][^月]*"), FiveHanzi())), "春眠不觉晓，"):
        assert re.fullmatch("[海山][一-龥]{4}", c.text)
        assert "月" not in c.text
