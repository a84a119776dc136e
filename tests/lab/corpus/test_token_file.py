from __future__ import annotations

from itertools import chain, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("tokenizers", reason="needs the lab extra")

from miaobi.errors import CorpusError
from miaobi.lab.corpus.packing import Packed, pack
from miaobi.lab.corpus.split import split_of
from miaobi.lab.corpus.token_file import open_tokens, width, write_tokens
from miaobi.lab.vocabulary import learn
from tests.lab.made import corpus_of, sentences

pytestmark = pytest.mark.lab
BOS, EOS = 2, 3


def test_files_hold_every_document_between_bos_and_eos(tmp_path: Path) -> None:
    texts = sentences(60, words=5)
    corpus = corpus_of(tmp_path / "c", texts)
    known = learn(texts[:50], "char")
    write_tokens(corpus, known, tmp_path / "t", validation=0.2, test=0.1)
    files = open_tokens(tmp_path / "t")
    assert (files.kind, files.corpus, files.vocabulary) == ("uint16", corpus.manifest.sha256, known.size)
    for split in ("train", "validation", "test"):
        tokens, offsets = files.tokens(split), files.offsets(split)
        found = [tokens[int(a) : int(b)].tolist() for a, b in pairwise(offsets)]
        wanted = [t for t in texts if split_of(t, 0.2, 0.1) == split]
        assert [known.decode(n) for n in found] == wanted
        assert all(n[0] == known.bos and n[-1] == known.eos for n in found)
        assert (files.counts[split].documents, files.counts[split].tokens) == (len(wanted), len(tokens))


def test_adding_documents_leaves_validation_as_it_was(tmp_path: Path) -> None:
    texts = sentences(200, words=5)
    known = learn(texts, "char")
    before = write_tokens(corpus_of(tmp_path / "a", texts[:100]), known, tmp_path / "b")
    after = write_tokens(corpus_of(tmp_path / "c", texts), known, tmp_path / "d")
    mine = before.tokens("validation")
    assert len(mine) > 0
    assert after.tokens("validation")[: len(mine)].tobytes() == mine.tobytes()


def test_unknown_characters_are_counted(tmp_path: Path) -> None:
    files = write_tokens(corpus_of(tmp_path / "c", ["axb", "xx"]), learn(["ab"], "char"), tmp_path / "t", validation=0)
    assert files.counts["train"].unknown == 3


def test_numbers_are_as_wide_as_the_vocabulary_needs() -> None:
    assert [width(n) for n in (5, 65_536, 65_537)] == ["uint16", "uint16", "uint32"]


def test_nothing_for_training_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="No document falls into training"):
        write_tokens(corpus_of(tmp_path / "c", ["a"]), learn(["a"], "char"), tmp_path / "t", validation=1.0)
    with pytest.raises(CorpusError, match="no token files"):
        open_tokens(tmp_path / "t")


def test_full_disk_is_told(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    (tmp_path / "t/train.tokens").symlink_to("/dev/full")
    with pytest.raises(CorpusError, match="disk is full: the token files"):
        write_tokens(corpus_of(tmp_path / "c", ["a"] * 9), learn(["a"], "char"), tmp_path / "t", validation=0)


def test_files_cut_short_are_told(tmp_path: Path) -> None:
    write_tokens(corpus_of(tmp_path / "c", ["abc"]), learn(["abc"], "char"), tmp_path / "t", validation=0)
    (tmp_path / "t/train.tokens").write_bytes(b"\0")
    with pytest.raises(CorpusError, match="does not hold the 10 bytes"):
        open_tokens(tmp_path / "t")
    (tmp_path / "t/tokens.json").write_text("{}")
    with pytest.raises(CorpusError, match="can't be read"):
        open_tokens(tmp_path / "t")


def laid(lengths: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return documents of these lengths, each BOS, numbers no other has, EOS."""
    documents, begin = [], 10
    for n in lengths:
        documents.append([BOS, *range(begin, begin + n), EOS])
        begin += n
    return np.array(list(chain(*documents)), np.uint16), np.cumsum([0, *map(len, documents)]).astype(np.uint64)


@given(
    lengths=st.lists(st.integers(0, 30), min_size=1, max_size=40),
    length=st.integers(2, 20),
    parted=st.booleans(),
    buffer=st.integers(1, 12),
)
@settings(max_examples=200, deadline=None)
def test_rows_are_full_begin_with_bos_and_hold_each_token_once(
    lengths: list[int], length: int, parted: bool, buffer: int
) -> None:
    tokens, offsets = laid(lengths)
    if len(tokens) < length:
        return
    report = Packed()
    rows = list(pack(tokens, offsets, length, parted=parted, buffer=buffer, report=report))
    assert all(len(row) == length and row[0] == BOS for row in rows)
    own = [n for row in rows for n in row.tolist() if n not in {BOS, EOS}]
    assert len(own) == len(set(own))
    assert set(own) <= set(tokens.tolist())
    assert (report.rows, report.tokens) == (len(rows), sum(map(len, rows)))
    for row in rows:  # inside a row a document goes on as it does in the file
        for a, b in pairwise(row.tolist()):
            if BOS not in (a, b):
                at = int(np.flatnonzero(tokens == a)[0]) if a != EOS else -1
                assert a != EOS
                assert tokens[at + 1] == b


def test_longest_document_that_fits_is_taken_and_little_is_lost() -> None:
    tokens, offsets = laid([5, 1, 1, 8, 3, 3])
    rows = list(pack(tokens, offsets, 10, report=(report := Packed())))
    assert sorted(row[row != 0].size for row in rows) == [10, 10, 10]
    assert report.cropped == 0


def test_long_documents_lose_little_when_parted() -> None:
    tokens, offsets = laid([50] * 20)
    lost = {}
    for parted in (True, False):
        list(pack(tokens, offsets, 11, parted=parted, report=(report := Packed())))
        lost[parted] = report.cropped / len(tokens)
    assert lost[True] < 0.1 < 0.5 < lost[False]


def test_seed_decides_the_order() -> None:
    tokens, offsets = laid([4] * 30)
    one, two, other = (np.array(list(pack(tokens, offsets, 6, seed=s))) for s in (1, 1, 2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize(("length", "said"), [(1, "can't be learnt from"), (99, "don't fill one row of 99")])
def test_rows_that_cannot_be_are_refused(length: int, said: str) -> None:
    with pytest.raises(CorpusError, match=said):
        next(pack(*laid([3, 4]), length))
