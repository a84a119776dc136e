from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from miaobi.craft.text.repetition import Memory, distinct, longest_shared_run, repeated_sentences


def test_sentence_that_occurs_twice_is_found_once() -> None:
    text = "The tide came in slowly. Nobody moved at all. The tide came in slowly. The tide came in slowly."
    assert repeated_sentences(text, "en") == ["The tide came in slowly."]
    assert repeated_sentences("潮水慢慢涨上来了。没有人动。潮水慢慢涨上来了。", "zh") == ["潮水慢慢涨上来了。"]


def test_short_sentences_may_come_again() -> None:
    assert repeated_sentences("“No,” he said. “No,” he said.", "en") == []


def test_memory_knows_a_run_of_words_and_an_opening() -> None:
    memory = Memory("en")
    memory.add("The lamp in the corner of the room went out.")
    assert memory.repeats("He saw the corner of the room went out again")
    assert not memory.repeats("The corner was dark")
    assert memory.opener_age("The lamp burned") == 0


def test_distinct_is_one_without_repetition_and_falls_with_it() -> None:
    assert distinct("one two three four", 2, "en") == 1.0
    assert distinct("one two one two one two", 2, "en") == 2 / 5


@given(st.lists(st.sampled_from("abcde"), max_size=30), st.lists(st.sampled_from("abcde"), max_size=30))
def test_longest_shared_run_equals_the_plain_definition(a: list[str], b: list[str]) -> None:
    x, y = " ".join(a), " ".join(b)
    runs = [
        n
        for n in range(1, len(a) + 1)
        for i in range(len(a) - n + 1)
        if any(a[i : i + n] == b[j : j + n] for j in range(len(b) - n + 1))
    ]
    assert longest_shared_run(x, y, "en") == max(runs, default=0)
