"""Several processes train one net: with the losses of one, resumed like one, by torchrun and on Ray."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.lab

from miaobi.errors import BriefError, UnsupportedError  # noqa: E402
from miaobi.lab import session  # noqa: E402
from miaobi.lab.training import cluster  # noqa: E402
from miaobi.lab.training.group import Group  # noqa: E402
from miaobi.nets.storage import build  # noqa: E402
from tests.lab.trained import order  # noqa: E402

ROOT = Path(__file__).parents[3]


def losses(folder: Path) -> Any:
    lines = map(json.loads, (folder / "log.jsonl").read_text().splitlines())
    return np.array([(line["step"], line["training"], line["validation"], line["tokens"]) for line in lines])


def torchrun(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run miaobi in two processes."""
    runner = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--master-port", "0"]
    runner += ["--rdzv-backend", "c10d", "--rdzv-endpoint", "localhost:0", "-m", "miaobi", *words]
    own = {"MIAOBI_HOME": str(home), "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1"}
    return subprocess.run(runner, env=os.environ | own, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.parametrize("net", ["transformer", "lstm"])
def test_two_processes_by_torchrun_have_the_losses_of_one(
    net: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path))
    wanted = order(net, tmp_path)
    wanted = replace(wanted, sizes={**wanted.sizes, **({} if net == "transformer" else {"locked": 0.0})})
    alone, _ = session.go_on(session.begin(wanted), cores=1)
    together = session.begin(replace(wanted, name="two"))

    def stop(moment: Any, sample: str) -> None:
        if moment.step == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):  # begun by one, gone on with by two
        session.go_on(together, stop, cores=1)
    done = torchrun(tmp_path, "lab", "train", "two", "--resume", "--threads", "1")
    assert done.returncode == 0, done.stderr
    np.testing.assert_allclose(losses(together.folder), losses(alone.folder), atol=1e-3)
    assert "step 8/20" in done.stderr
    assert "step 7/20" not in done.stderr
    assert done.stderr.count("step 20/20") == 1  # the first process alone tells
    assert done.stdout.count("held-out loss") == 1


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux's list of a process's threads")
def test_no_thread_of_a_group_outlives_it() -> None:
    """Such a thread aborts the process when the interpreter ends while it lets go of its last work."""
    program = """
import pathlib, torch
from miaobi.lab.training import group

class Net(torch.nn.Linear):
    def loss(self, given):
        return self(given).sum()

def learn(together):
    together.shared(Net(2, 2))(torch.ones(1, 2)).backward()

with group.joined() as together:
    learn(together)
print([name for task in pathlib.Path("/proc/self/task").iterdir() if "gloo" in (name := (task / "comm").read_text())])
"""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    own = {"PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1", "WORLD_SIZE": "2"}
    own |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    command = [sys.executable, "-c", program]
    both = [subprocess.Popen(command, env=os.environ | own | {"RANK": str(rank)}, **pipes) for rank in range(2)]
    told = [process.communicate(timeout=120) for process in both]
    assert [(process.returncode, out) for process, (out, _) in zip(both, told, strict=True)] == [(0, "[]\n")] * 2, told


@pytest.mark.cluster
@pytest.mark.filterwarnings("ignore")  # Ray warns of itself and of what it finds on the machine
def test_two_workers_of_ray_have_the_losses_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ray.train", reason="needs the cluster extra")
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    wanted = order("transformer", tmp_path)
    alone, _ = session.go_on(session.begin(wanted), cores=1)
    together = session.begin(replace(wanted, name="two"))
    cluster.go_on(together.folder, 2)
    np.testing.assert_allclose(losses(together.folder), losses(alone.folder), atol=1e-3)
    assert (together.folder / "card.md").is_file()


def test_missing_ray_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(UnsupportedError, match="Ray isn't here"):
        cluster.go_on(tmp_path, 2)


def test_batch_that_can_not_be_shared_out_is_refused() -> None:
    Group(0, 2).admit(8)
    with pytest.raises(BriefError, match="7 sequences"):
        Group(0, 2).admit(7)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_state_of_a_recurrent_net_is_parted_by_rows_and_joined_again(cell: str) -> None:
    net = build(cell, {"vocabulary": 9, "width": 4, "hidden": 6, "layers": 2, "look": "additive"})
    _, state = net(torch.randint(0, 9, (4, 5)))
    parts = [net.part(state, i, 4) for i in range(4)]
    assert all(torch.equal(a, b) for a, b in zip(net.joined(parts), state, strict=True))
    assert net(torch.randint(0, 9, (1, 2)), parts[0])[0].shape == (1, 2, 9)
