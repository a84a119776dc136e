from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

pytest.importorskip("numba", reason="needs the lab extra")

from miaobi.errors import CorpusError
from miaobi.lab.corpus.audit import report
from miaobi.lab.corpus.audit.audit import Audit, audit, cleaned, training_tokens
from miaobi.lab.corpus.audit.finding import findings
from miaobi.lab.corpus.split import split_of
from miaobi.lab.corpus.store import Corpus
from miaobi.lab.vocabulary import learn
from tests.lab.made import corpus_of, sentences

pytestmark = pytest.mark.lab
SHARE = 0.2


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """A corpus with one of everything that is wrong."""
    texts = sentences(150)
    passage = next(t for t in texts if split_of(t, SHARE) == "train")[20:120]
    leak = next(t for n in range(99) if split_of(t := f"leak {n} {passage} end", SHARE) == "validation")
    bad = [
        texts[3].upper() + "!",
        texts[5] + " more",
        "donâ€™t and cafÃ© " + texts[0][::-1],
        f"Mail ann@mail.example.org {texts[1][::-1]}",
        leak,
        "x",
        " ".join(sentences(100, seed=7)),
    ]
    return corpus_of(tmp_path_factory.mktemp("corpus"), [*texts, *bad])


@pytest.fixture(scope="module")
def found(corpus: Corpus) -> Audit:
    return audit(corpus, parameters=1000, validation=SHARE)


def test_each_wrong_is_found_where_it_is(found: Audit) -> None:
    reasons = {int(name[1:]) - 150: reason for name, reason in found.left_out.items()}
    assert reasons == {
        0: "exact duplicate",
        1: "near duplicate",
        2: "damaged",
        3: "personal data",
        4: "leak: shares a passage with training",
    }
    short, long = ({found.ids[n] for n in numbers} for numbers in found.outliers)
    assert ("d155" in short, "d156" in long) == (True, True)
    assert len(short | long) < 6


def test_report_tells_the_findings_first_and_masks_what_is_private(found: Audit, tmp_path: Path) -> None:
    path = report.write(found, tmp_path)
    text = path.read_text(encoding="utf-8")
    assert text.index("## Findings") < text.index("## Where it comes from")
    rules = {f.rule for f in findings(found)}
    assert {"personal-data", "leakage", "duplicates", "damage", "length"} <= rules
    assert "ann@" not in text
    assert "a••@" in text
    assert json.loads((tmp_path / "left-out.json").read_text(encoding="utf-8")) == found.left_out
    for name in ("lengths", "languages", "quantity"):
        assert f"({name}.svg)" in text
        ElementTree.parse(tmp_path / f"{name}.svg")


def test_cleaned_corpus_has_nothing_left_to_leave_out(corpus: Corpus, found: Audit, tmp_path: Path) -> None:
    clean = cleaned(corpus, found, tmp_path)
    assert len(clean) == len(corpus) - len(found.left_out)
    assert audit(clean, validation=SHARE).left_out == {}
    assert "1 left out: near duplicate" in clean.manifest.origins[0].notes


def test_quantity_is_of_distinct_training_text(corpus: Corpus, found: Audit) -> None:
    assert found.sufficiency is not None
    training = sum(len(d.text) for d in corpus if split_of(d.text, SHARE) == "train")
    assert training * 0.9 < found.sufficiency.tokens < training
    assert found.sufficiency.unit == "characters"


def test_tokens_of_a_vocabulary_are_counted_when_one_is_named(corpus: Corpus, tmp_path: Path) -> None:
    learn((d.text for d in corpus), "word").save(tmp_path)
    tokens = training_tokens(corpus, tmp_path, SHARE)
    judged = audit(corpus, parameters=1000, tokens=tokens, validation=SHARE).sufficiency
    assert judged is not None
    assert (judged.unit, judged.tokens < tokens) == ("tokens", True)


@pytest.mark.parametrize("texts", [["x"], ["字"], ["one line only"], ["a" * 5] * 3])
def test_corpus_of_next_to_nothing_is_judged_and_not_refused(texts: list[str], tmp_path: Path) -> None:
    found = audit(corpus_of(tmp_path / "c", texts), parameters=10, validation=0)
    assert "validation" in {f.rule for f in findings(found)}
    report.write(found, tmp_path / "r")


def test_corpus_without_documents_is_refused(tmp_path: Path) -> None:
    corpus_of(tmp_path, ["x"])
    plain = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "manifest.json").write_text(json.dumps(plain | {"documents": 0}))
    with pytest.raises(CorpusError, match="holds no document"):
        audit(Corpus(tmp_path))


def test_full_disk_is_told(found: Audit, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CorpusError, match="refused the report"):
        report.write(found, tmp_path / "file")
