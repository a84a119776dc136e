"""Training on a cluster: Ray Train begins the processes of a group (``group``), and each goes on with the run.

Needs the extra ``cluster``. The run's folder and its token files must lie where every machine can read them.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from miaobi.errors import TrainingError, UnsupportedError


def _work(settings: dict[str, Any]) -> None:
    """Do one process's part; Ray has made the group."""
    os.environ.update(settings["environment"])
    from miaobi.engines import run as run_folder
    from miaobi.lab import session

    session.go_on(run_folder.read(Path(settings["folder"])), cores=settings["threads"])


def go_on(folder: Path, workers: int, threads: int = 1) -> None:
    """Train the run in *folder* to its end with *workers* processes of a Ray cluster, *threads* each.

    A cluster that this process is connected to (``ray.init(address=…)``) is used; else one is begun here and ended.
    """
    try:
        import ray
        from ray.train import FailureConfig, RunConfig, ScalingConfig
        from ray.train.torch import TorchTrainer
    except ImportError:
        raise UnsupportedError(
            "Ray isn't here.",
            "pip install 'miaobi[cluster]', or on one machine: torchrun --nproc-per-node 2 -m miaobi",
        ) from None
    begun = not ray.is_initialized()
    if begun:
        ray.init(num_cpus=workers, include_dashboard=False, log_to_driver=False, configure_logging=False)
    kept = {name: os.environ[name] for name in ("MIAOBI_HOME",) if name in os.environ}
    settings = {"folder": str(folder.absolute()), "threads": threads, "environment": kept}
    try:
        with tempfile.TemporaryDirectory() as own:  # Ray's own records; ours are in the run's folder
            TorchTrainer(
                _work,
                train_loop_config=settings,
                scaling_config=ScalingConfig(num_workers=workers, use_gpu=False),
                run_config=RunConfig(storage_path=own, failure_config=FailureConfig(max_failures=0)),
            ).fit()
    except ray.exceptions.RayError as error:
        raise TrainingError(
            f"A process of the cluster failed: {str(error).strip().splitlines()[-1]}",
            "See its log; then go on: miaobi lab train NAME --resume",
        ) from error
    finally:
        if begun:
            ray.shutdown()
