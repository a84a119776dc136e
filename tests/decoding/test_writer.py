"""The writer on scripted and random models; ``run`` checks every move, and that released text is never taken back."""

from __future__ import annotations

import codecs
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miaobi.decoding.writer import Move, Writer
from miaobi.errors import DeadEndError
from miaobi.types import All, Grammar, JsonSchema, Prompt, Regex, Request, Sampling

from .toy import END, PIECES, VOCABULARY, encode, random_model, run, script

GREEDY = Sampling(temperature=0)


def ask(max_tokens: int = 40, seed: int = 1, **rest: object) -> Request:
    return Request(Prompt(), max_tokens, seed, **({"sampling": GREEDY} | rest))  # type: ignore[arg-type]


def test_text_ends_at_the_end_token_at_the_limit_or_before_a_stop() -> None:
    model = script("the cat sat on the cat")
    ended, cut, stopped = (run(r, model).candidate for r in (ask(), ask(3), ask(stop=("on", " sat on"))))
    assert (ended.text, ended.finish) == ("the cat sat on the cat", "stop")
    assert (cut.text, cut.finish, len(cut.tokens)) == ("the cat sat", "length", 3)
    assert (stopped.text, stopped.finish) == ("the cat", "stop")


def test_stop_that_is_spread_over_tokens_is_held_back_until_it_is_decided() -> None:
    result = run(ask(stop=("\n\n",)), script("a\nb\n\nc"))
    assert result.candidate.text == "a\nb"
    assert result.pieces[:3] == ["a", "", "\nb"]
    assert "\n\n" not in "".join(result.pieces)


def test_stop_that_only_begins_is_given_out_at_the_end() -> None:
    assert run(ask(stop=("cat sat up",)), script("the cat sat")).candidate.text == "the cat sat"


def test_character_spread_over_tokens_is_released_whole() -> None:
    result = run(ask(), lambda tokens: script("")(tokens) if len(tokens) == 3 else _byte("海".encode()[len(tokens)]))
    assert [p for p in result.pieces if p] == ["海"]


def _byte(value: int) -> object:
    row = VOCABULARY_ZEROS.copy()
    row[value] = 20.0
    return row


VOCABULARY_ZEROS = script("")(()) * 0


def test_bytes_that_are_no_text_become_the_replacement_character() -> None:
    broken = [0xC0, ord("a"), 0xE6, ord("b")]
    result = run(ask(4), lambda tokens: _byte(broken[min(len(tokens), 3)]))  # type: ignore[arg-type, return-value]
    assert result.candidate.text == "�a�b"


@given(st.lists(st.integers(0, 0xEF), min_size=1, max_size=30))
def test_text_is_the_same_however_its_bytes_come(raw: list[int]) -> None:
    done = run(ask(len(raw)), lambda tokens: _byte(raw[min(len(tokens), len(raw) - 1)])).candidate  # type: ignore[arg-type, return-value]
    assert done.text == codecs.utf_8_decode(bytes(raw), "replace", False)[0]


def test_ban_holds_behind_bytes_that_are_no_text() -> None:
    def model(tokens: tuple[int, ...]) -> object:
        row = _byte([0xC0, 0xE6, ord(" "), ord("i"), ord("t"), ord("!")][min(len(tokens), 5)])
        row[ord("o")] = 10.0  # type: ignore[index]
        return row

    done = run(ask(12, banned=("!", "it")), model).candidate  # type: ignore[arg-type]
    assert "!" not in done.text
    assert "it" not in done.text.split()


def test_banned_phrase_is_rewound_to_its_first_token_and_another_way_taken() -> None:
    result = run(ask(banned=("cat sat",)), script("the cat sat on", then="xy"))
    assert result.deepest >= 1
    assert "cat sat" not in result.candidate.text
    assert result.candidate.text.startswith("the")
    assert result.candidate.relented == ()
    assert [r.rule for r in result.candidate.removals] == ["banned: cat sat"]


def test_phrase_of_one_token_is_undone_before_it_is_fed() -> None:
    result = run(ask(banned=("海",)), script("海 cat", then="xy"))
    assert result.deepest == 0
    assert result.candidate.text == "x cat"


def test_phrase_that_every_way_leads_to_is_let_through_and_named() -> None:
    done = run(ask(banned=("海",), constraint=Regex("a海c")), script("a海c")).candidate
    assert done.text == "a海c"
    assert done.relented == ("海",)


def test_phrase_at_the_very_end_of_the_text_is_found_too() -> None:
    done = run(ask(banned=("cat",)), script("the cat")).candidate
    assert "cat" not in done.text.split()


def test_nothing_of_a_phrase_is_released_while_it_may_yet_become_one() -> None:
    result = run(ask(banned=("cat sat on the",)), script("the cat sat on on"))
    so_far = ""
    for piece in result.pieces[:3]:
        so_far += piece
    assert "cat" not in so_far
    assert result.candidate.text == "the cat sat on on"


def test_word_that_later_text_had_made_longer_is_found_when_that_text_is_gone() -> None:
    """` cat` and then `s on` make no banned word; when `on` is undone with its token, `cat` is open again."""

    def model(tokens: tuple[int, ...]) -> object:
        row = script("the cat sat on")(tokens).copy()
        if tokens == tuple(encode("the cat")):
            row[PIECES.index(b"s on")] = 30.0
        return row

    result = run(ask(banned=("cat", "on")), model)  # type: ignore[arg-type]
    assert "cat" not in result.candidate.text.split()
    assert result.candidate.relented == ()


class Trap:
    """An automaton without look-ahead: *x* may be written up to *depth* times, and then nothing fits; or 'ab'."""

    name = "trap"

    def __init__(self, depth: int) -> None:
        self.depth = depth

    def start(self) -> str:
        return ""

    def advance(self, state: str, piece: str) -> str | None:
        text = state + piece
        return text if "ab".startswith(text) or (text == "x" * len(text) and len(text) <= self.depth) else None

    def complete(self, state: str) -> bool:
        return state == "ab"


@pytest.mark.parametrize("depth", [1, 2, 20, 63])
def test_trap_is_backed_out_of_and_what_was_released_stands(depth: int) -> None:
    result = run(ask(80, constraint=Trap(depth)), script("x" * depth))
    assert result.candidate.text == "ab"
    assert result.candidate.finish == "constraint"


def test_trap_deeper_than_the_steps_back_is_a_dead_end() -> None:
    with pytest.raises(DeadEndError, match="64 steps back"):
        run(ask(120, constraint=Trap(70)), script("x" * 70))


def test_grammar_streams_all_but_its_last_token() -> None:
    result = run(ask(constraint=Regex("(abc)*")), script("abcabcabcabc"))
    assert result.pieces[2] != ""
    assert result.candidate.text == "abcabcabcabc"


def test_forced_tokens_are_fed_at_once_and_have_their_logprobs() -> None:
    request = ask(60, constraint=JsonSchema({"const": {"lighthouse": 12}}))
    writer = Writer(request, 0, [], VOCABULARY)
    move = writer.step([VOCABULARY_ZEROS])
    assert len(move.feed) > 3
    done = run(request, random_model(1)).candidate
    assert done.text.replace(" ", "") == '{"lighthouse":12}'
    assert len(done.logprobs) == len(done.tokens)


def test_forced_tokens_stop_at_the_limit() -> None:
    done = run(ask(3, constraint=Regex("abcabcabcabc")), random_model(1)).candidate
    assert len(done.tokens) == 3
    assert done.finish == "length"


def test_control_tokens_are_never_drawn() -> None:
    def insistent(tokens: tuple[int, ...]) -> object:
        row = script("the")(tokens).copy()
        row[END + 1] = 90.0
        return row

    assert run(ask(), insistent).candidate.text == "the"  # type: ignore[arg-type]


def test_finished_writer_asks_for_nothing() -> None:
    writer = Writer(ask(1), 0, [], VOCABULARY)
    assert writer.step([script("the")(())]) == Move()
    assert writer.finish == "length"


BANS = st.lists(st.sampled_from(["a", "ab", "the cat", "b c", "海", "12", "x y", "e"]), max_size=4)
RULES = st.sampled_from(
    [None, Regex("[a-e ]{0,30}"), Grammar('start: ("ab" | "c" | " ")+'), All((Regex("[a-c ]*"), Trap(4)))]
)


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 1 << 40), BANS, RULES, st.lists(st.sampled_from(["b", "c a", "\n"]), max_size=2))
def test_whatever_is_asked_at_once_released_text_stands_and_bans_hold(
    seed: int, banned: list[str], rule: object, stop: list[str]
) -> None:
    letters = dict.fromkeys("abcdexy ", 5.0)
    request = ask(30, seed, sampling=Sampling(), banned=tuple(banned), constraint=rule, stop=tuple(stop))
    try:
        done = run(request, random_model(seed, letters)).candidate
    except DeadEndError:
        assert rule is not None
        return
    for phrase in set(banned) - set(done.relented):
        pattern, text = re.escape(phrase), done.text
        if phrase.isascii():  # letters have borders, and a hanzi is one
            pattern, text = rf"(?<![^\W_]){pattern}(?![^\W_])", re.sub("[⺀-\U0003ffff]", "。", text)
        assert not re.search(pattern, text, re.IGNORECASE)
    assert not any(s in done.text for s in stop)
    assert len(done.tokens) <= 30


def test_pieces_of_the_vocabulary_are_what_the_toy_says() -> None:
    assert VOCABULARY.text(encode("the cat 海")) == "the cat 海"
    assert len(set(PIECES)) == len(PIECES)
