"""Runs from order to judgement: what is left in the folder, what a kill costs, and what is refused."""

from __future__ import annotations

import json
import math
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.lab

from miaobi.cli.app import run as command  # noqa: E402
from miaobi.engines import run as run_folder  # noqa: E402
from miaobi.errors import BriefError, CorpusError, LibraryError, UnknownNameError, UnsupportedError  # noqa: E402
from miaobi.lab import card, session  # noqa: E402
from miaobi.types import Prompt  # noqa: E402
from tests.lab.trained import order, prepared, trained  # noqa: E402

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path))
    return tmp_path


def test_verbs_lead_from_token_files_to_text_figures_and_files(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus, vocabulary, tokens = map(str, prepared(home / "made"))
    small = ["--steps", "20", "--batch", "8", "--context", "16", "--width", "32", "--layers", "1", "--threads", "1"]
    given = ["lab", "train", "tiny", tokens, vocabulary, "--corpus", corpus, "--lang", "en", *small]
    assert command(given) == 0
    said = capsys.readouterr()
    assert "held-out loss" in said.out
    assert len(re.findall(r"step \d+/20: loss", said.err)) == 20
    folder = home / "runs/tiny"
    names = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    wanted = {
        "run.json",
        "net.json",
        "net.safetensors",
        "net.gguf",
        "tokenizer.json",
        "log.jsonl",
        "chart.svg",
        "card.md",
    }
    assert names == wanted | {"tokenizer_config.json"}
    assert command(["lab", "generate", "tiny", "--prompt", "the ", "--length", "8"]) == 0
    assert capsys.readouterr().out.startswith("the ")
    assert command(["lab", "evaluate", "tiny", "--samples", "3", "--length", "20", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert 1 < figures["run"]["perplexity"] < 128
    bits = math.log2(figures["run"]["perplexity_of_characters"])
    assert figures["run"]["bits_a_byte"] == pytest.approx(bits)  # ASCII: a byte is a character
    assert figures["human"]["bleu"] > figures["run"]["bleu"]
    assert "## Judged" not in (folder / "card.md").read_text()
    assert command(["lab", "evaluate", "tiny", "--samples", "3", "--length", "20", "--card"]) == 0
    told = (folder / "card.md").read_text()
    assert f"| perplexity | {figures['run']['perplexity']:.3f} |" in told
    assert "| longest copy |" in told
    assert "The first 3 that it wrote" in told
    assert command(["lab", "export", "tiny", "--out", str(home / "tiny.gguf"), "--type", "Q8_0"]) == 0
    assert command(["lab", "export", "tiny", "--out", str(home / "hf")]) == 0
    assert (home / "tiny.gguf").read_bytes()[:4] == b"GGUF"
    assert (home / "hf/model.safetensors").is_file()
    capsys.readouterr()
    assert command(["lab", "runs", "--json"]) == 0
    (listed,) = json.loads(capsys.readouterr().out)["runs"]
    assert listed["finished"]
    assert listed["licence"] == "CC0-1.0"
    assert "Licence of the weights: CC0-1.0" in (folder / "card.md").read_text()
    assert command(given) != 0  # the name is taken
    assert "There is a run called tiny already" in capsys.readouterr().err


_KILLED = """
import os, signal, sys
from miaobi.cli.app import run
from miaobi.cli.lab import train

def kill(self, moment, sample):
    if moment.step == 25:
        os.kill(os.getpid(), signal.SIGKILL)

train._Progress.__call__ = kill
run(sys.argv[1:])
"""


def test_run_killed_by_the_system_is_resumed_by_its_name_with_the_same_losses(home: Path) -> None:
    _, vocabulary, tokens = prepared(home / "made")
    start = ["lab", "train", "one", str(tokens), str(vocabulary), "--net", "gru", "--steps", "60", "--batch", "4"]
    start += ["--context", "16", "--width", "16", "--hidden", "16", "--layers", "1", "--threads", "1"]
    path = {"PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", _KILLED, *start], env=os.environ | path, check=False)
    assert done.returncode == -signal.SIGKILL
    run = session.unfinished("one")
    assert not run.finished
    killed = _losses(run.folder)
    assert [step for step, _, _ in killed] == [3, 6, 9, 12, 15, 18, 21, 24]
    run, _ = session.go_on(run, cores=1)
    assert run.finished
    whole = session.begin(replace(_order_of(run), name="two", tokens=tokens, vocabulary=vocabulary))
    session.go_on(whole, cores=1)
    assert _losses(run.folder) == _losses(whole.folder)
    assert (run.folder / "net.safetensors").read_bytes() == (whole.folder / "net.safetensors").read_bytes()
    with pytest.raises(UnknownNameError, match="finished"):
        session.unfinished("one")


def _losses(folder: Path) -> list[tuple[int, float, float]]:
    lines = map(json.loads, (folder / "log.jsonl").read_text().splitlines())
    return [(line["step"], line["training"], line["validation"]) for line in lines]


def _order_of(run: Any) -> Any:
    from miaobi.lab.order import Order
    from miaobi.lab.training import Recipe

    sizes = {key: value for key, value in run.record["sizes"].items() if key != "vocabulary"}
    return Order("", Path(), Path(), run.record["net"], sizes, Recipe(**run.record["recipe"]))


def test_second_process_does_not_train_in_the_same_folder(home: Path) -> None:
    from miaobi.engines.lock import locked

    run = session.begin(order("gru", home))
    with locked(run.folder / ".lock"), pytest.raises(LibraryError, match="another process"):
        session.go_on(run)


def test_token_files_that_changed_are_refused(home: Path) -> None:
    wanted = order("gru", home)
    run = session.begin(wanted)
    record = json.loads((wanted.tokens / "tokens.json").read_text())
    record["counts"]["train"]["sha256"] = "0" * 64
    (wanted.tokens / "tokens.json").write_text(json.dumps(record))
    with pytest.raises(CorpusError, match="have changed"):
        session.go_on(run)


def test_orders_that_can_not_be_carried_out_are_refused(home: Path) -> None:
    wanted = order("gru", home)
    with pytest.raises(UnknownNameError, match="no net “mamba”"):
        session.begin(replace(wanted, net="mamba"))
    with pytest.raises(UnknownNameError, match="can't be the name"):
        session.begin(replace(wanted, name="../up"))
    with pytest.raises(BriefError, match="can't be built of these sizes"):
        session.begin(replace(wanted, sizes={"depth": 3}))
    other = home / "other"
    from miaobi.lab.vocabulary import learn

    learn(["abc"], "char").save(other)
    with pytest.raises(CorpusError, match="vocabulary of"):
        session.begin(replace(wanted, vocabulary=other))
    assert not list((home / "runs").glob("*/run.json"))


@pytest.mark.parametrize(
    ("licences", "licence", "words"),
    [
        (["CC0-1.0", "public-domain"], "CC0-1.0", "nothing is asked"),
        (["MIT", "CC0-1.0"], "MIT", "name them"),
        (["CC-BY-SA-4.0", "MIT"], "LicenseRef-mixed", "the same licence"),
        (["CC-BY-NC-4.0"], "CC-BY-NC-4.0", "not for commercial use"),
        (["MIT", "unknown"], "unknown", "keep the weights"),
        ([], "unknown", "keep the weights"),
    ],
)
def test_licence_of_the_weights_follows_from_the_sources(licences: list[str], licence: str, words: str) -> None:
    record = {"corpus": {"origins": [{"licence": each} for each in licences]}}
    assert card.licence_of(record) == licence
    assert words in card.consequence(record)


def test_adapters_trained_on_a_run_leave_a_net_and_a_file_that_both_write(home: Path) -> None:
    from miaobi.engines import open_engine

    learnt = trained("transformer", home)
    wanted = order("transformer", home / "more", optimiser="adamw", rate=3e-2)
    wanted = replace(wanted, name="adapted", base="transformer", rank=2)
    run, outcome = session.go_on(session.begin(wanted), cores=1)
    assert run.finished
    assert outcome.lines[0].validation > outcome.best.validation
    assert run.record["sizes"] == learnt.record["sizes"]
    for spec in ("lab:adapted", f"lab:transformer::lora={run.folder / 'adapter.gguf'}"):
        engine = open_engine(spec, threads=1)
        scores = engine.score(Prompt(prefix="the "), ["lamp went out"])
        engine.close()
        assert sum(scores[0]) < 0
    with pytest.raises(UnsupportedError, match="finished transformers"):
        session.begin(replace(wanted, name="c", base="transformer", net="gru"))
    with pytest.raises(BriefError, match="don't fit"):
        session.begin(replace(wanted, name="c", rank=0))


def test_judgement_of_a_recurrent_run_has_the_cache_pointer_too(home: Path) -> None:
    from miaobi.lab.judgement import judge

    found = judge(trained("lstm", home), samples=3, length=20)
    plain = found.plain()
    assert plain["run"]["perplexity_with_cache"] > 1
    assert plain["baseline"]["perplexity"] > 1
    assert run_folder.find("lstm").finished


def test_verbs_say_what_to_install_where_torch_is_missing(home: Path) -> None:
    verbs = [["train", "a", "b", "c"], ["evaluate", "a"], ["export", "a", "--out", "b.gguf"]]
    code = "import sys; sys.modules['torch'] = None; from miaobi.cli.app import run; "
    code += f"sys.exit(sum(run(['lab', *verb]) != 0 for verb in {verbs}))"
    path = {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | path, check=False, capture_output=True, text=True
    )
    assert done.returncode == 3
    assert done.stderr.count("miaobi[lab]") == 3
    assert "defect" not in done.stderr


@pytest.mark.parametrize("text", ["x", "灯", "one line and no more of it\n", "a corpus smaller than the context " * 2])
def test_corpus_that_is_too_small_is_refused_step_by_step_and_no_name_is_taken(
    text: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for i in range(2):  # one to learn from, one held out
        (home / f"{i}.txt").write_text(text if i else f"{text} again")
    made = {name: str(home / name) for name in ("corpus", "vocabulary", "tokens")}
    assert command(["lab", "corpus", str(home / "0.txt"), str(home / "1.txt"), "--out", made["corpus"]]) == 0
    assert command(["lab", "audit", made["corpus"]]) == 0
    told = [command(["lab", "vocabulary", made["corpus"], "--kind", "char", "--out", made["vocabulary"]])]
    told += [
        command(["lab", "tokens", made["corpus"], made["vocabulary"], "--out", made["tokens"], "--validation", "0.5"])
    ]
    assert told[0] in (0, 65)
    assert told[1] in (0, 65, 66)
    capsys.readouterr()
    assert command(["lab", "train", "tiny", made["tokens"], made["vocabulary"], "--context", "512"]) in (64, 65, 66)
    said = capsys.readouterr().err
    assert re.search(r"has \d+ tokens; one sequence takes 512|no token files", said)
    assert "defect" not in said
    assert not (home / "runs/tiny").exists()


def test_event_that_the_vocabulary_does_not_know_is_told_by_its_name(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("known", "BAR NOTE_60"), ("other", "BAR NOTE_61")):
        for i in range(8):
            (home / name).mkdir(exist_ok=True)
            (home / name / f"{i}.txt").write_text(f"{text} " * (i + 1))
        assert command(["lab", "corpus", str(home / name), "--out", str(home / f"{name}-corpus")]) == 0
    events = str(home / "events")
    assert command(["lab", "vocabulary", str(home / "known-corpus"), "--kind", "event", "--out", events]) == 0
    capsys.readouterr()
    assert command(["lab", "tokens", str(home / "other-corpus"), events, "--out", str(home / "tokens")]) == 64
    assert "no event “NOTE_61”" in capsys.readouterr().err


def test_rate_that_never_falls_is_noted(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, vocabulary, tokens = map(str, prepared(home / "made"))
    small = ["--steps", "3", "--batch", "2", "--context", "8", "--width", "16", "--layers", "1", "--threads", "1"]
    assert command(["lab", "train", "a", tokens, vocabulary, "--net", "gru", *small, "--warmup", "3"]) == 0
    said = capsys.readouterr()
    assert "--warmup is 3 and --steps 3" in said.err
    assert re.search(r"a second: \d+% of the [\d,]+ GFLOP/s", said.out)
    assert "GFLOP/s that matrix products reached" in (home / "runs/a/card.md").read_text()
    assert command(["lab", "train", "b", tokens, vocabulary, "--net", "gru", *small, "--warmup", "1"]) == 0
    assert "--warmup" not in capsys.readouterr().err


def test_packed_run_reads_and_is_judged_by_rows_of_whole_documents(home: Path) -> None:
    from miaobi.lab.judgement import judge

    wanted = replace(order("transformer", home), packed=True)
    run, _ = session.go_on(session.begin(wanted), cores=1)
    assert run.record["packed"]
    assert judge(run, samples=2, length=12).run[0].perplexity > 1
