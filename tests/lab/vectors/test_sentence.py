from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from miaobi.errors import CorpusError, InputFileError, UnknownNameError
from miaobi.lab.vectors import sentence
from miaobi.lab.vectors.sentence import END, WordList, encode, prose_words


def test_words_are_numbered_by_frequency_and_rare_ones_leave_no_gap() -> None:
    blocks = ["the cat the dog\nthe cat odd\n", "dog cat the\n"]
    known = WordList.of(sentence.count(blocks), least=2)
    assert known.words == ("the", "cat", "dog")
    assert encode(blocks, known).tolist() == [0, 1, 0, 2, END, 0, 1, END, 2, 1, 0, END]


def test_prose_is_cut_into_words_and_chinese_characters() -> None:
    assert prose_words("Don't—“Stop”, 明月x 2 cafés_") == ["don't", "stop", "明", "月", "x", "2", "cafés"]
    known = WordList.of(Counter({"a": 2, "b": 2}), 1)
    assert encode(["A, b!\nB\n"], known, prose_words).tolist() == [0, 1, END, 1, END]


def test_nul_in_a_text_does_not_end_a_line() -> None:
    known = WordList.of(Counter({"a": 2, "b": 2}), 1)
    assert encode(["a\0b\n"], known).tolist() == [0, 1, END]


def test_lines_of_any_length_come_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence, "_BLOCK", 7)
    path = tmp_path / "t.txt"
    path.write_text("one two three\nfour\n\nfive six seven eight", encoding="utf-8")
    blocks = list(sentence.lines(path))
    assert "".join(blocks) == "one two three\nfour\n\nfive six seven eight\n"
    assert all(block.endswith("\n") for block in blocks)


@pytest.mark.parametrize("text", ["", "a", "a a a", "a b c"])
def test_too_few_words_say_what_to_do(text: str) -> None:
    with pytest.raises(CorpusError, match="lower --least"):
        WordList.of(Counter(text.split()), least=2)


def test_word_without_a_vector_is_named() -> None:
    with pytest.raises(UnknownNameError, match="zebra"):
        WordList.of(Counter("abab"), 2).number("zebra")


def test_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_bytes("明月 ".encode("gb18030"))
    with pytest.raises(InputFileError, match="not UTF-8 throughout"):
        list(sentence.lines(tmp_path / "t.txt"))
    with pytest.raises(InputFileError, match="can't be read"):
        list(sentence.lines(tmp_path / "none.txt"))
