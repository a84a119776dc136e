from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("tokenizers", reason="needs the lab extra")

from miaobi.errors import CorpusError, InputFileError, UnknownNameError
from miaobi.lab import vocabulary
from miaobi.lab.vocabulary import Vocabulary, kind_of, learn

pytestmark = pytest.mark.lab
UNICODE = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
TRAPS = [
    "<bos>",
    "a<eos>b",
    "\0",
    "\r\n",
    " \t ",
    "e\u0301",
    "\ufeff",
    "\U0010ffff",
    "床前明月光\n",
    "👩‍👩‍👧",
    "ǅ",
    "_",
    "",
]
ENGLISH = ["The cat sat on the mat. The cat's mat!", "A dog — 12 dogs."]


@pytest.mark.parametrize("kind", ["char", "word"])
@given(text=UNICODE)
@settings(max_examples=150, deadline=None)
def test_decoding_gives_back_any_text_that_the_corpus_holds(kind: str, text: str) -> None:
    known = learn([text, "x"], kind_of(kind))
    assert known.decode(known.encode(text)) == text
    assert not known.unknown(text)


@pytest.fixture(scope="module")
def bpe() -> Vocabulary:
    return learn(ENGLISH * 3, "bpe", 300)


@given(text=UNICODE)
@settings(max_examples=200, deadline=None)
def test_bpe_gives_back_any_text_at_all(bpe: Vocabulary, text: str) -> None:
    assert bpe.decode(bpe.encode(text)) == text
    assert not bpe.unknown(text)


@pytest.mark.parametrize("text", TRAPS)
@pytest.mark.parametrize("kind", ["char", "word", "bpe"])
def test_traps_come_back_and_no_special_token_comes_out_of_a_text(kind: str, text: str) -> None:
    known = learn([text, "x"], kind_of(kind))
    numbers = known.encode(text)
    assert known.decode(numbers) == text
    assert not set(numbers) & {known.pad, known.bos, known.eos, known.unk}


@pytest.mark.parametrize("kind", vocabulary.KINDS)
def test_transformers_reads_what_was_saved_and_gives_the_same_numbers(kind: str, tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers", reason="needs the lab extra")
    text = "the cat <bos> 明月 x" if kind != "event" else "NOTE_60 BAR NOTE_64"
    known = learn([*ENGLISH, text], kind_of(kind), 400)
    known.save(tmp_path)
    for reader in (transformers.AutoTokenizer, transformers.PreTrainedTokenizerFast):
        theirs = reader.from_pretrained(str(tmp_path))
        assert theirs.encode(text, add_special_tokens=False) == known.encode(text)
        assert theirs.decode(known.encode(text)) == text
        assert (theirs.bos_token_id, theirs.eos_token_id, theirs.unk_token_id, theirs.pad_token_id) == (2, 3, 1, 0)
    ours = Vocabulary.load(tmp_path)
    assert (ours.kind, ours.size, ours.encode(text)) == (kind, known.size, known.encode(text))


@pytest.mark.parametrize("kind", vocabulary.KINDS)
def test_same_texts_give_the_same_file(kind: str, tmp_path: Path) -> None:
    for name in ("a", "b"):
        learn(ENGLISH, kind_of(kind), 300).save(tmp_path / name)
    assert (tmp_path / "a/tokenizer.json").read_bytes() == (tmp_path / "b/tokenizer.json").read_bytes()


def test_unknown_character_is_counted_and_left_out_of_the_text() -> None:
    known = learn(["abc"], "char")
    assert known.encode("axb") == [known.encode("a")[0], known.unk, known.encode("b")[0]]
    assert known.unknown("axbxy") == {"x": 2, "y": 1}
    assert known.decode(known.encode("axb")) == "ab"


def test_size_keeps_the_commonest() -> None:
    known = learn(["aaabbc"], "char", 6)
    assert known.size == 6
    assert known.unknown("abc") == {"c": 1}


def test_words_are_cut_at_spaces_marks_and_chinese_characters() -> None:
    known = learn(["don't 明月 x2"], "word")
    assert [known.token(n) for n in known.encode("don't 明月 x2")] == ["don", "'", "t", " ", "明", "月", " ", "x2"]


def test_unknown_event_is_refused_by_its_name() -> None:
    known = learn(["NOTE_60 BAR"], "event")
    with pytest.raises(UnknownNameError, match="NOTE_99"):
        known.encode("BAR NOTE_99")


@pytest.mark.parametrize("kind", vocabulary.KINDS)
@pytest.mark.parametrize("texts", [[], [""]])
def test_nothing_to_learn_from_is_refused(kind: str, texts: list[str]) -> None:
    with pytest.raises(CorpusError, match="hold nothing"):
        learn(texts, kind_of(kind))


def test_one_character_is_a_vocabulary() -> None:
    known = learn(["字"], "char")
    assert (known.size, known.decode(known.encode("字"))) == (5, "字")


def test_size_too_small_for_the_bytes_says_the_least() -> None:
    with pytest.raises(CorpusError, match="260 or more"):
        learn(["abc"], "bpe", 100)


def test_number_that_no_token_has_is_refused() -> None:
    with pytest.raises(CorpusError, match="Numbers are 0 to 4"):
        learn(["a"], "char").decode([5])


def test_unknown_kind_names_the_kinds() -> None:
    with pytest.raises(UnknownNameError, match="char, word, bpe, event"):
        kind_of("syllable")


@pytest.mark.parametrize("content", ["{", '{"miaobi_kind": "char"}', '{"miaobi_kind": "rune"}'])
def test_folder_that_holds_no_vocabulary_is_explained(content: str, tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="lab vocabulary"):
        Vocabulary.load(tmp_path)
    (tmp_path / "tokenizer_config.json").write_text(content)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(InputFileError, match="no vocabulary that can be read"):
        Vocabulary.load(tmp_path)


def test_disk_that_refuses_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CorpusError, match="refused the vocabulary"):
        learn(["a"], "char").save(tmp_path / "file")
