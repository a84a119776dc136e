"""Recurrent nets as ONNX files: onnxruntime computes what torch does, and so does TensorFlow where there is one."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
onnxruntime = pytest.importorskip("onnxruntime", reason="needs the lab extra")
onnx = pytest.importorskip("onnx", reason="needs the lab extra")
pytestmark = pytest.mark.lab

from miaobi.cli.app import run as command  # noqa: E402
from miaobi.errors import BriefError, TrainingError  # noqa: E402
from miaobi.lab.export.onnx import hold, write_onnx  # noqa: E402
from miaobi.nets.storage import build  # noqa: E402
from tests.lab.trained import trained  # noqa: E402


def net(cell: str, look: str = "none") -> Any:
    torch.manual_seed(4)
    return build(cell, {"vocabulary": 30, "width": 12, "hidden": 20, "layers": 2, "look": look, "locked": 0.3}).eval()


@pytest.mark.parametrize("look", ["none", "additive", "multiplicative"])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_onnxruntime_reads_on_as_the_net_does(cell: str, look: str, tmp_path: Path) -> None:
    made = net(cell, look)
    assert write_onnx(made, tmp_path / "net.onnx") < 1e-5
    session = onnxruntime.InferenceSession(str(tmp_path / "net.onnx"))
    names = [each.name for each in session.get_inputs()]
    tokens = torch.randint(0, 30, (4, 90))
    state = [each.numpy() for each in made.start(4)]
    rows = []
    for piece in tokens.split(7, 1):  # its own state goes from one read to the next
        logits, *state = session.run(None, dict(zip(names, [piece.numpy(), *state], strict=True)))
        rows.append(logits)
    with torch.no_grad():
        np.testing.assert_allclose(np.concatenate(rows, 1), made(tokens)[0].numpy(), atol=1e-5)


def test_file_of_another_net_is_told(tmp_path: Path) -> None:
    write_onnx(net("gru"), tmp_path / "net.onnx")
    other = net("gru")
    with torch.no_grad():
        other.bias += 0.01
    with pytest.raises(TrainingError, match="differ"):
        hold(other, tmp_path / "net.onnx", [(1, 3, 0)])
    with pytest.raises(BriefError, match="can't be fixed"):
        write_onnx(net("gru", "additive"), tmp_path / "fixed.onnx", tokens=8)


def test_verb_exports_a_recurrent_run_with_its_vocabulary_and_licence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path))
    run = trained("gru", tmp_path)
    assert command(["lab", "export", "gru", "--out", str(tmp_path / "x.onnx")]) == 0
    assert "onnxruntime's numbers differ" in capsys.readouterr().out
    kept = {each.key: each.value for each in onnx.load(tmp_path / "x.onnx").metadata_props}
    assert kept["tokenizer.json"].startswith("{")
    assert kept["license"] == run.record["licence"]
    assert command(["lab", "export", "gru", "--out", str(tmp_path / "x.gguf")]) != 0
    assert "--out gru.onnx" in capsys.readouterr().err


_RUN = """
import sys, numpy, tensorflow
given = dict(numpy.load(sys.argv[2]))
read = tensorflow.saved_model.load(sys.argv[1]).signatures["serving_default"]
wanted = given.pop("logits")
found = read(**{name: tensorflow.constant(value) for name, value in given.items()})
print(min(float(abs(each.numpy() - wanted).max()) for each in found.values() if each.shape == wanted.shape))
"""


@pytest.mark.tools
@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_tensorflow_computes_what_the_net_does(cell: str, tmp_path: Path) -> None:
    python = os.environ.get("MIAOBI_TENSORFLOW")
    if not python:
        pytest.skip("set MIAOBI_TENSORFLOW to the Python of an environment with onnx2tf: decision 14")
    made = net(cell)
    write_onnx(made, tmp_path / "net.onnx", tokens=8)
    tokens, state = torch.randint(0, 30, (1, 8)), made.start(1)
    states = {f"state{i}": each.numpy() for i, each in enumerate(state)}
    with torch.no_grad():
        np.savez(tmp_path / "given.npz", tokens=tokens.numpy(), logits=made(tokens, state)[0].numpy(), **states)
    converter = Path(python).with_name("onnx2tf")
    kept = ["-kat", "tokens", *states]
    subprocess.run(
        [converter, "-i", tmp_path / "net.onnx", "-o", tmp_path / "tf", "-n", *kept], check=True, capture_output=True
    )
    words = [python, "-c", _RUN, tmp_path / "tf", tmp_path / "given.npz"]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    assert float(done.stdout) < 1e-5
