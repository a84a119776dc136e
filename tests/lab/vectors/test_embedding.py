from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from miaobi.errors import CorpusError, InputFileError, UnknownNameError
from miaobi.lab.vectors.embedding import WordVectors, of

WORDS = ("king", "queen", "man", "woman", "明月", "naïve", "don't")


@pytest.fixture
def vectors() -> WordVectors:
    royal, male, female = np.eye(6)[:3]
    rows = [royal + male, royal + female, male, female, *np.eye(6)[3:]]
    return of(WORDS, np.array(rows, np.float32) * np.float32(1 / 3))


@pytest.mark.parametrize("name", ["v.txt", "v.bin"])
def test_files_come_back_bit_for_bit_here_and_in_gensim(vectors: WordVectors, tmp_path: Path, name: str) -> None:
    keyed = pytest.importorskip("gensim.models", reason="needs the lab extra").KeyedVectors
    vectors.save(tmp_path / name)
    back = WordVectors.load(tmp_path / name)
    assert (back.words, back.vectors.tobytes()) == (vectors.words, vectors.vectors.tobytes())
    theirs = keyed.load_word2vec_format(str(tmp_path / name), binary=name.endswith("bin"))
    assert tuple(theirs.index_to_key) == vectors.words
    np.testing.assert_array_equal(theirs.vectors, vectors.vectors)


@pytest.mark.parametrize("binary", [False, True])
def test_files_of_gensim_are_read(vectors: WordVectors, tmp_path: Path, binary: bool) -> None:
    keyed = pytest.importorskip("gensim.models", reason="needs the lab extra").KeyedVectors(6)
    keyed.add_vectors(list(vectors.words), vectors.vectors)
    keyed.save_word2vec_format(str(tmp_path / "v"), binary=binary)
    np.testing.assert_array_equal(WordVectors.load(tmp_path / "v").vectors, vectors.vectors)


def test_file_of_stanford_s_program_with_its_unknown_word_is_read(tmp_path: Path) -> None:
    (tmp_path / "v.txt").write_text("2 2\na 1 2\nb 3 4\n<unk> 5 6\n")
    assert WordVectors.load(tmp_path / "v.txt").words == ("a", "b")


def test_neighbours_are_the_nearest_by_cosine_without_the_word(vectors: WordVectors) -> None:
    found = vectors.neighbours("king", 3)
    assert found[0] == ("man", pytest.approx(np.sqrt(0.5)))
    assert found[1] == ("queen", pytest.approx(0.5))
    assert len(vectors.neighbours("king", 100)) == len(WORDS) - 1


def test_analogy_finds_what_is_to_woman_as_king_is_to_man(vectors: WordVectors) -> None:
    assert vectors.analogy("man", "king", "woman", 1)[0][0] == "queen"


def test_capital_letters_are_taken_for_small_ones(vectors: WordVectors) -> None:
    assert vectors.number("King") == 0


def test_unknown_word_names_near_ones(vectors: WordVectors) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean queen"):
        vectors.neighbours("queeen")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "first line is not two numbers"),
        (b"\x89PNG\r\n\x1a\n\0", "first line is not two numbers"),
        (b"0 0\n", "first line is not two numbers"),
        (b"2 2\na 1 2\n", "damaged"),
        (b"1 2\na 1 x\n", "damaged"),
        (b"2 2\na " + bytes(8) + b"\nb " + bytes(3), "damaged"),
        (b"1 1\n\xff\xfe 1\n", "damaged"),
    ],
)
def test_file_that_holds_no_vectors_is_explained(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "v").write_bytes(content)
    with pytest.raises(InputFileError, match=said):
        WordVectors.load(tmp_path / "v")


def test_missing_file_is_explained(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="Check the path"):
        WordVectors.load(tmp_path / "none")


def test_full_disk_is_told(vectors: WordVectors, tmp_path: Path) -> None:
    (tmp_path / f".v.txt.{os.getpid()}.new").symlink_to("/dev/full")
    with pytest.raises(CorpusError, match="disk is full: the vectors"):
        vectors.save(tmp_path / "v.txt")


def test_place_that_is_no_folder_is_told(vectors: WordVectors, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CorpusError, match="refused the vectors"):
        vectors.save(tmp_path / "file" / "v.txt")
