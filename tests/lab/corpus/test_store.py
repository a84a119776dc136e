from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miaobi.errors import CorpusError
from miaobi.lab.corpus.split import normal, split_of
from miaobi.lab.corpus.store import Corpus, write_corpus
from tests.lab.made import corpus_of, sentences, source_of


def test_corpus_comes_back_with_its_manifest(tmp_path: Path) -> None:
    made = corpus_of(tmp_path, ["one", "二\u2028\r", "  \n"])
    back = Corpus(tmp_path)
    assert [d.text for d in back] == ["one", "二\u2028\r"]
    assert back.manifest == made.manifest
    assert (len(back), back.manifest.characters, back.manifest.dropped) == (2, 6, {"empty": 1})
    assert back.manifest.sha256 == hashlib.sha256((tmp_path / "documents.jsonl").read_bytes()).hexdigest()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["documents.jsonl", "manifest.json"]


def test_ids_that_come_twice_are_made_unique(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path, [source_of(["a", "b"]), source_of(["c"]), source_of(["d"])])
    assert [d.id for d in corpus] == ["d0", "d1", "d0~2", "d0~3"]


def test_limit_ends_the_reading(tmp_path: Path) -> None:
    assert len(write_corpus(tmp_path, [source_of("abc"), source_of("def")], limit=4)) == 4


@pytest.mark.parametrize("texts", [[], [""], [" \n\t", "\u3000"]])
def test_empty_corpus_is_refused_and_leaves_nothing(texts: list[str], tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="hold no text at all"):
        corpus_of(tmp_path, texts)
    assert list(tmp_path.iterdir()) == []


def test_corpus_smaller_than_asked_for_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="2 documents with text, fewer than the 10 asked for"):
        write_corpus(tmp_path, [source_of(["a", "b"])], least=10)


def test_full_disk_is_told_and_what_was_there_is_no_corpus(tmp_path: Path) -> None:
    corpus_of(tmp_path, ["old"])
    (tmp_path / "documents.jsonl.part").symlink_to("/dev/full")  # where every write finds the disk full
    with pytest.raises(CorpusError, match=r"disk is full(.|\n)*--out"):
        corpus_of(tmp_path, ["new"] * 10)
    with pytest.raises(CorpusError, match="no corpus"):
        Corpus(tmp_path)


def test_place_that_is_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CorpusError, match="refused the corpus"):
        corpus_of(tmp_path / "file", ["a"])


@pytest.mark.parametrize("content", ["{", "[]", '{"origins": []}', '{"origins": [{"colour": 1}]}'])
def test_manifest_that_cannot_be_read_is_told(content: str, tmp_path: Path) -> None:
    corpus_of(tmp_path, ["a"])
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(CorpusError, match="can't be read"):
        Corpus(tmp_path)


@pytest.mark.parametrize("content", [b"{", b'{"id": "a"}\n', b"[]\n", b"\xff"])
def test_documents_that_are_damaged_are_told(content: bytes, tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, ["a"])
    (tmp_path / "documents.jsonl").write_bytes(content)
    with pytest.raises(CorpusError, match="damaged"):
        list(corpus)
    with pytest.raises(CorpusError, match="was changed after"):
        corpus.verify()


def test_split_of_known_texts_stays_what_it_was() -> None:
    """Frozen: a change here would move documents of every corpus there is from training into validation."""
    found = "".join(split_of(text, 0.2, 0.2)[1] for text in sentences(40, seed=9))
    assert found == FROZEN


FROZEN = "arrrrrerrrrrraeearaerrrraareerareereraaa"


@given(st.text(max_size=30), st.floats(0, 0.5), st.floats(0, 0.3))
@settings(max_examples=40, deadline=None)
def test_larger_share_never_moves_a_document_out_of_validation(text: str, share: float, more: float) -> None:
    if split_of(text, share) == "validation":
        assert split_of(text, share + more) == "validation"


def test_shares_are_kept() -> None:
    found = [split_of(text, 0.1, 0.2) for text in sentences(3000)]
    assert found.count("validation") / 3000 == pytest.approx(0.1, abs=0.02)
    assert found.count("test") / 3000 == pytest.approx(0.2, abs=0.03)


def test_texts_equal_but_for_case_width_and_punctuation_fall_on_the_same_side() -> None:
    assert normal("The CAT, sat.") == normal("the cat sat") == normal("Ｔｈｅ　cat—sat")
    assert normal("!?") == "!?"
    for text in sentences(50):
        assert split_of(text) == split_of(text.upper().replace(" ", ", ") + "!")


def test_manifest_is_plain_json(tmp_path: Path) -> None:
    corpus_of(tmp_path, ["a"])
    plain = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert plain["origins"][0]["licence"] == "CC0-1.0"
    assert plain["by_source"] == {"made": 1}
