"""A line of verse held while it is written: over a toy vocabulary that cuts words in the middle."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from miaobi.craft.prosody.english.metre import METRES, Metre
from miaobi.craft.prosody.english.scansion import scan
from miaobi.craft.verse.phrase import last_word, ways
from miaobi.decoding.constraint import follow
from miaobi.decoding.verse_line import Phrases, VerseFollower, VerseLine
from miaobi.types import Floats, Prompt, Request, Sampling

from .toy import VOCABULARY, random_model, run

TETRAMETER = METRES["iambic tetrameter"]
PLACES = (
    ("the",),
    ("silver", "cold", ""),
    ("lantern", "moon", "water"),
    ("burns", "glows", "returns"),
    ("above the door", "beside the shore", "beside the stone", "at night"),
)
ZERO: Floats = np.zeros(len(VOCABULARY), np.float32)


def line(measure: Metre, ends: frozenset[str] | None) -> VerseLine:
    elements = tuple(Phrases({p: ways(p) if p else ("",) for p in phrases}) for phrases in PLACES)
    return VerseLine(elements, measure, ends)


def brute(metre: Metre, ends: frozenset[str] | None) -> set[str]:
    texts = {" ".join(filter(None, choice)) for choice in itertools.product(*PLACES)}
    kept = {t for t in texts if scan(t, metre) is not None and (ends is None or last_word(t) in ends)}
    return {t[0].upper() + t[1:] for t in kept}


def walked(made: VerseLine) -> set[str]:
    """Every text that the masks allow, by trying every token they allow."""
    follower = follow(made, VOCABULARY)
    found: set[str] = set()

    def go(tokens: tuple[int, ...]) -> None:
        if follower.complete():
            found.add(VOCABULARY.text(tokens))
        onward = np.flatnonzero(follower.mask(ZERO)).tolist()
        assert onward or follower.complete(), f"dead end after {VOCABULARY.text(tokens)!r}"
        for token in onward:
            assert follower.consume(token)
            go((*tokens, token))
            follower.rewind(1)

    go(())
    return found


@pytest.mark.parametrize(
    ("metre", "ends"),
    [
        ("iambic tetrameter", None),
        ("iambic tetrameter", frozenset({"door", "shore"})),
        ("iambic tetrameter", frozenset({"night"})),
        ("iambic trimeter", None),
    ],
)
def test_masks_allow_exactly_the_texts_of_the_frame_that_scan_and_rhyme(
    metre: str, ends: frozenset[str] | None
) -> None:
    wanted = brute(METRES[metre], ends)
    assert len(wanted) > 1
    assert walked(line(METRES[metre], ends)) == wanted


def test_impossible_line_allows_nothing() -> None:
    follower = follow(line(TETRAMETER, frozenset({"stone-dead"})), VOCABULARY)
    assert not follower.mask(ZERO).any()
    assert not follower.complete()


@pytest.mark.parametrize("seed", range(12))
def test_candidate_keeps_the_line_whatever_the_model_wants(seed: int) -> None:
    request = Request(
        Prompt(),
        60,
        seed,
        constraint=line(TETRAMETER, frozenset({"door", "stone"})),
        sampling=Sampling(temperature=1.3),
    )
    candidate = run(request, random_model(seed)).candidate
    assert candidate.text in brute(TETRAMETER, frozenset({"door", "stone"}))
    assert candidate.finish == "constraint"


def test_rules_say_what_each_took_and_their_conjunction_is_the_mask() -> None:
    follower = follow(line(TETRAMETER, frozenset({"door"})), VOCABULARY)
    assert isinstance(follower, VerseFollower)
    seen = set()
    while not follower.complete():
        rules = follower.rules(ZERO)
        assert [name for name, _ in rules] == ["frame", "iambic tetrameter", "rhyme"]
        mask = follower.mask(ZERO)
        assert (np.logical_and.reduce([m for _, m in rules]) == mask).all()
        seen |= {name for name, m in rules if not m.all()}
        assert follower.consume(int(np.flatnonzero(mask)[0]))
    assert seen == {"frame", "iambic tetrameter", "rhyme"}


def test_forced_tokens_are_those_that_the_mask_leaves_no_choice_about() -> None:
    follower = follow(line(METRES["iambic trimeter"], frozenset({"night"})), VOCABULARY)
    forced = follower.forced()
    assert VOCABULARY.text(forced).startswith("The")
    for token in forced:
        assert np.flatnonzero(follower.mask(ZERO)).tolist() == [token]
        assert follower.consume(token)


def test_run_of_any_words_ends_on_a_word_that_rhymes() -> None:
    words = Phrases({w: ways(w) for w in ("the", "moon", "water", "above", "glows", "door", "shore")}, runs=True)
    last = Phrases({w: ways(w) for w in ("door", "shore", "moon")})
    made = VerseLine((words, last), TETRAMETER, frozenset({"shore"}))
    for seed in range(6):
        request = Request(Prompt(), 60, seed, constraint=made, sampling=Sampling(temperature=2.0))
        text = run(request, random_model(seed)).candidate.text
        assert scan(text, TETRAMETER) is not None
        assert last_word(text) == "shore"


def test_compiled_line_is_made_once_a_vocabulary() -> None:
    made = line(TETRAMETER, None)
    first, second = follow(made, VOCABULARY), follow(made, VOCABULARY)
    assert isinstance(first, VerseFollower)
    assert isinstance(second, VerseFollower)
    assert first.consume(int(np.flatnonzero(first.mask(ZERO))[0]))
    assert second.mask(ZERO).any()
    assert not second.complete()
