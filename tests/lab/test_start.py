"""Nets that start from word vectors: which rows they take, at what size, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.lab

from safetensors.torch import save_file  # noqa: E402

from miaobi.errors import BriefError, CorpusError, MiaobiError  # noqa: E402
from miaobi.lab import session, start  # noqa: E402
from miaobi.lab.vectors.embedding import of  # noqa: E402
from miaobi.lab.vocabulary import learn  # noqa: E402
from miaobi.nets import storage  # noqa: E402
from tests.lab.trained import order  # noqa: E402


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path))
    return tmp_path


def test_words_with_a_vector_take_it_at_the_size_of_fresh_rows_and_others_stay(tmp_path: Path) -> None:
    vectors = np.array([[3.0, -3.0, 3.0, 3.0], [1.0, 1.0, -1.0, 1.0]], np.float32)
    of(["lamp", "boat"], vectors).save(tmp_path / "v.txt")
    vocabulary = learn(["Lamp lamp sea"], "word")
    vocabulary.save(tmp_path / "words")
    tokenizer = session.tokenizer_of(tmp_path / "words")
    net = storage.build("lstm", {"vocabulary": vocabulary.size, "width": 4, "hidden": 4})
    before = net.embedding.weight.detach().clone()
    assert start.take(net, tokenizer, tmp_path / "v.txt")["words"] == 2
    rows = {vocabulary.token(i): row for i, row in enumerate(net.embedding.weight.detach())}
    assert torch.equal(rows["lamp"], torch.tensor([0.5, -0.5, 0.5, 0.5]))  # 4 ** -0.5
    assert torch.equal(rows["Lamp"], rows["lamp"])
    sea = vocabulary.encode("sea")[0]
    assert torch.equal(net.embedding.weight[sea], before[sea])
    of(["boat"], vectors[1:]).save(tmp_path / "other.txt")
    with pytest.raises(BriefError, match="No token"):
        start.take(net, tokenizer, tmp_path / "other.txt")


def test_run_begins_from_vectors_tells_them_on_its_card_and_refuses_others_later(home: Path) -> None:
    of(list("aehlm"), np.random.default_rng(0).normal(size=(5, 16)).astype(np.float32)).save(home / "v.txt")
    wanted = replace(order("lstm", home), vectors=home / "v.txt")
    run, _ = session.go_on(session.begin(wanted), cores=1)
    assert "started from word vectors: 5 rows of v.txt" in (run.folder / "card.md").read_text()
    plain, _ = session.go_on(session.begin(replace(wanted, name="plain", vectors=None)), cores=1)
    assert (plain.folder / "net.safetensors").read_bytes() != (run.folder / "net.safetensors").read_bytes()
    again = session.begin(replace(wanted, name="again"))
    of(list("aehlm"), np.ones((5, 16), np.float32)).save(home / "v.txt")
    with pytest.raises(CorpusError, match="have changed"):
        session.go_on(again)
    with pytest.raises(BriefError, match="fresh net"):
        session.begin(replace(wanted, name="both", base="plain"))
    of(["a"], np.ones((1, 8), np.float32)).save(home / "v.txt")
    with pytest.raises(BriefError, match="--width 8"):
        session.begin(replace(wanted, name="narrow"))


def test_run_begins_with_the_weights_of_another_and_owes_its_sources(home: Path) -> None:
    first, done = session.go_on(session.begin(order("transformer", home, steps=12)), cores=1)
    wanted = replace(order("transformer", home / "b", steps=6, rate=1e-3), name="longer", vocabulary=None)
    wanted = replace(wanted, net="gru", sizes={}, corpus=None, languages=(), origin="transformer")
    begun = session.begin(wanted)
    longer, more = session.go_on(begun, cores=1)
    assert (longer.record["net"], longer.record["sizes"]) == (first.record["net"], first.record["sizes"])
    assert longer.record["languages"] == ["en"]
    assert [o["licence"] for o in longer.record["corpus"]["origins"]] == ["CC0-1.0"]
    assert more.lines[0].validation < done.lines[0].validation - 0.3  # it has learnt already
    assert more.best.validation < done.best.validation
    assert "began with the weights of the run transformer" in (longer.folder / "card.md").read_text()


def test_what_a_run_can_not_begin_with_is_refused(home: Path) -> None:
    session.go_on(session.begin(order("gru", home, steps=2)), cores=1)
    wanted = replace(order("transformer", home), name="longer", origin="gru")
    for change, said in [
        ({"base": "gru"}, "begins with one thing"),
        ({"origin": "nobody"}, "nobody"),
        ({"vocabulary": other(home)}, "another vocabulary"),
    ]:
        with pytest.raises(MiaobiError, match=said):
            session.begin(replace(wanted, **change))
    begun = session.begin(replace(wanted, name="begun"))
    weights = home / "runs" / "gru" / "net.safetensors"
    net = storage.load(weights.parent)
    net.embedding.weight.data += 1
    save_file(net.state_dict(), weights)
    with pytest.raises(CorpusError, match="have changed"):
        session.go_on(begun, cores=1)
    with pytest.raises(MiaobiError, match="no finished net"):
        session.begin(replace(wanted, name="next", origin="begun"))


def other(home: Path) -> Path:
    learn(["other words"], "char").save(home / "other")
    return home / "other"
