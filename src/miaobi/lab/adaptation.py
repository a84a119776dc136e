"""Adaptation: a finished transformer run learns from other token files by LoRA adapters (``nets.lora``).

They are trained in the folder ``adapting`` of the new run. In the end that run holds a net with the adapters added to
the weights, which is a transformer like any other, and ``adapter.gguf``, which llama.cpp applies to the base's file.
"""

from __future__ import annotations

from typing import Any

from miaobi.engines import run as run_folder
from miaobi.engines.run import Run
from miaobi.errors import BriefError, CorpusError, UnsupportedError
from miaobi.lab.export.adapter import write_adapter
from miaobi.lab.export.vocabulary import tokenizer_of
from miaobi.lab.order import Order
from miaobi.lab.training import Outcome, checkpoint, journal
from miaobi.nets import lora, storage

ADAPTING = "adapting"


def base_of(order: Order) -> Run:
    """Return the run that is to be adapted; UnsupportedError or CorpusError where it can't be."""
    base = run_folder.find(order.base)
    if base.record["net"] != "transformer" or order.net != "transformer" or not base.finished:
        raise UnsupportedError(
            f"{order.base} is {'a ' + base.record['net'] if base.finished else 'unfinished'}.",
            "Adapters are trained on finished transformers: see miaobi lab runs.",
        )
    if order.recipe.context > base.record["sizes"]["context"] or order.rank < 1:
        raise BriefError(
            f"A context of {order.recipe.context} and a rank of {order.rank} don't fit {order.base}.",
            f"Its context is {base.record['sizes']['context']}; a rank is 1 or more.",
        )
    if tokenizer_of(base.folder).to_str() != tokenizer_of(order.vocabulary).to_str():
        raise CorpusError(
            f"The vocabulary is not that of {order.base}.",
            f"Make the token files with its own: miaobi lab tokens CORPUS {base.folder}",
        )
    return base


def origins(base: Run) -> list[dict[str, str]]:
    """Return where the texts of the base come from: they are in the adapted weights too."""
    return list(base.record["corpus"]["origins"]) or [
        {"licence": "unknown", "name": f"texts of {base.name}", "place": "unknown"}
    ]


def net_of(record: dict[str, Any]) -> Any:
    """Return the base's net with fresh adapters, which follow from the recipe's seed."""
    base = run_folder.find(str(record["base"]))
    return lora.adapt(storage.load(base.folder), *_width(record), int(record["recipe"]["seed"]))


def _width(record: dict[str, Any]) -> tuple[int, float]:
    """Return rank and alpha: what is learnt counts twice."""
    return int(record["rank"]), 2.0 * int(record["rank"])


def merge(run: Run, net: Any, outcome: Outcome) -> None:
    """Leave the best adapters as a file, and a net in which they are added to the weights."""
    best, _ = checkpoint.read(run.folder / ADAPTING / storage.WEIGHTS)
    net.load_state_dict(best)
    write_adapter(net, _width(run.record)[1], run.folder / "adapter.gguf", run.name)
    checkpoint.write(run.folder / storage.WEIGHTS, lora.merged(net).state_dict(), {"step": outcome.best.step})
    journal.write(run.folder, f"Training of {run.name}", outcome.lines)
