from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("tokenizers", reason="needs the lab extra")

from miaobi.errors import CorpusError
from miaobi.lab.corpus import cluster
from miaobi.lab.corpus.token_file import write_tokens
from miaobi.lab.vocabulary import learn
from tests.lab.made import corpus_of, sentences


@pytest.mark.cluster
@pytest.mark.filterwarnings("ignore")  # Ray warns of itself and of what it finds on the machine
def test_two_workers_write_the_same_bytes_as_one_process(tmp_path: Path) -> None:
    ray = pytest.importorskip("ray.data", reason="needs the cluster extra")
    assert ray
    texts = sentences(3000, words=12)
    corpus, known = corpus_of(tmp_path / "c", texts), learn(texts, "bpe", 400)
    one = write_tokens(corpus, known, tmp_path / "one", validation=0.1, test=0.1)
    two = cluster.write_tokens(corpus, known, tmp_path / "two", workers=2, validation=0.1, test=0.1)
    assert one.counts == two.counts
    for file in sorted((tmp_path / "one").iterdir()):
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes(), file.name


def test_missing_ray_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(CorpusError, match=r"miaobi\[cluster\]"):
        cluster.write_tokens(corpus_of(tmp_path, ["a"]), learn(["a"], "char"), tmp_path)
