"""Which required words are met as things."""

from __future__ import annotations

import pytest

from miaobi.craft.verse.lexicon import is_noun


@pytest.mark.parametrize("word", ["varnish", "maple", "ember", "dream", "walk", "justice"])
def test_thing_is_a_noun(word: str) -> None:
    assert is_noun(word)


@pytest.mark.parametrize("word", ["slowly", "running", "bring", "the", "Leeds", "old friend", "blazing", "never", "9"])
def test_other_words_are_cited(word: str) -> None:
    assert not is_noun(word)
