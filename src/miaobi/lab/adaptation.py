"""Adaptation: a finished run or a pretrained checkpoint learns from other token files by LoRA adapters (``nets.lora``).

    base                          what the new run holds in the end
    a run (lab:NAME)              a net with the adapters added to the weights, a net like any other; and adapter.gguf
    a GGUF file of the catalog's  adapter.gguf and the adapters' own weights; the checkpoint stays where it is
    or yours, or a folder         the same, and base.gguf, which was made from the folder (Llama or GPT-2)

They are trained in the folder ``adapting`` of the new run. llama.cpp applies adapter.gguf to the base's file. In the
end the held-out loss is measured before and after, with torch and with llama.cpp. ``guard`` looks for copies.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from miaobi.engines import run as run_folder
from miaobi.engines.adapter import Adapter
from miaobi.engines.disk import digest
from miaobi.engines.opening import gguf_of
from miaobi.engines.run import ADAPTER, GGUF, RECORD, Run
from miaobi.errors import BriefError, CheckpointError, CorpusError, UnknownNameError, UnsupportedError, show
from miaobi.lab import pretrained
from miaobi.lab.corpus.token_file import TokenFiles
from miaobi.lab.export import parity
from miaobi.lab.export.adapter import write_adapter
from miaobi.lab.export.vocabulary import tokenizer_of
from miaobi.lab.order import Order
from miaobi.lab.training import Outcome, checkpoint, journal
from miaobi.lab.training.batches import held_out
from miaobi.lab.training.trainer import held_out_loss
from miaobi.lab.vocabulary import Vocabulary
from miaobi.nets import lora, storage

ADAPTING = "adapting"
_MEASURED = 2048  # held-out tokens by which before and after are compared


@dataclass(frozen=True)
class Base:
    """What adapters are trained on. ``checkpoint``: what the record keeps of a pretrained one; None for a run."""

    spec: str  # a run's name, or what `--engine` takes
    kind: str
    sizes: dict[str, Any]
    parameters: int
    origins: list[dict[str, str]]
    languages: tuple[str, ...]
    vocabulary: Any
    checkpoint: dict[str, Any] | None = None


def base_of(order: Order, folder: Path) -> Base:
    """Return the base that is to be adapted; UnsupportedError, BriefError or CorpusError where it can't be.

    Of a checkpoint's folder a GGUF file is made in *folder*, the new run's.
    """
    try:
        run = run_folder.find(order.base)
    except UnknownNameError as error:
        run = None
        if not _names_a_checkpoint(order.base):
            raise UnknownNameError(
                error.message,
                f"{error.hint} A checkpoint of the catalog, a .gguf file and a folder can be adapted too.",
            ) from None
    base = _from_run(run, order) if run is not None else _from_checkpoint(order, folder)
    if order.recipe.context > base.sizes["context"] or order.rank < 1:
        raise BriefError(
            f"A context of {order.recipe.context} and a rank of {order.rank} don't fit {order.base}.",
            f"Its context is {base.sizes['context']}; a rank is 1 or more.",
        )
    return base


def _names_a_checkpoint(spec: str) -> bool:
    from miaobi.engines import catalog

    path = Path(spec).expanduser()
    return path.suffix.lower() == ".gguf" or path.is_dir() or any(entry.name == spec for entry in catalog.entries())


def _from_run(run: Run, order: Order) -> Base:
    kinds = {run.record["net"], order.net}
    if not kinds <= set(storage.DECODERS) or not run.finished or run.record.get("checkpoint"):
        what = "an adapter itself" if run.record.get("checkpoint") else f"a {' and a '.join(sorted(kinds))}"
        raise UnsupportedError(
            f"{order.base} is {what if run.finished else 'unfinished'}.",
            "Adapters are trained on finished transformers (see miaobi lab runs) and on checkpoints.",
        )
    if order.vocabulary and tokenizer_of(run.folder).to_str() != tokenizer_of(order.vocabulary).to_str():
        raise CorpusError(
            f"The vocabulary is not that of {order.base}.",
            f"Make the token files with its own: miaobi lab tokens CORPUS {run.folder}",
        )
    origins = list(run.record["corpus"]["origins"]) or [
        {"licence": "unknown", "name": f"texts of {run.name}", "place": "unknown"}
    ]
    sizes, languages = dict(run.record["sizes"]), tuple(run.record.get("languages", ()))
    known = Vocabulary.load(run.folder)
    return Base(order.base, run.record["net"], sizes, run.record["parameters"], origins, languages, known)


def _from_checkpoint(order: Order, folder: Path) -> Base:
    path, spec = Path(order.base).expanduser(), order.base
    if order.net not in storage.DECODERS:
        raise UnsupportedError(f"The checkpoint {show(spec)} is no {order.net}.", "Leave out --net: its own is taken.")
    if order.vocabulary and str(order.vocabulary) != spec:
        raise BriefError(
            f"The checkpoint {show(spec)} has a vocabulary of its own.",
            f"miaobi lab train {order.name} TOKENS --base …",
        )
    if path.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        pretrained.write_file(path, folder / "base.gguf", {"general.name": path.name})
        spec = str((folder / "base.gguf").absolute())
    elif path.suffix.lower() == ".gguf":
        spec = str(path.absolute())
    file, about = gguf_of(spec)
    net = pretrained.read_net(file)
    described = storage.describe(net)
    kept = {"name": about.name, "sha256": digest(file), "licence": about.licence, "source": about.source}
    origin = {"licence": about.licence, "name": f"{about.name}, the weights", "place": about.source}
    known = pretrained.CheckpointVocabulary(file)
    return Base(spec, described["net"], described["sizes"], about.parameters, [origin], about.languages, known, kept)


def vocabulary_of(path: Path | str) -> Any:
    """Return the vocabulary in a folder of `lab vocabulary` or of a run, or that of a checkpoint."""
    folder = Path(path).expanduser()
    if (folder / RECORD).is_file() and (record := run_folder.read(folder).record).get("checkpoint"):
        return pretrained.CheckpointVocabulary(_file(record))
    if (folder / "config.json").is_file():
        return pretrained.FolderVocabulary(folder)
    if not folder.is_dir() and _names_a_checkpoint(str(path)):
        return pretrained.CheckpointVocabulary(gguf_of(str(path))[0])
    return Vocabulary.load(folder)


def _file(record: dict[str, Any]) -> Path:
    """Return the file that llama.cpp runs for the base of a record."""
    base = str(record["base"])
    return gguf_of(base)[0] if record.get("checkpoint") else run_folder.find(base).folder / GGUF


def spec_of(run: Run) -> str:
    """Return what opens the base with the run's adapter on it, whether the run is finished or not."""
    base = run.record["base"]
    return f"{base if run.record.get('checkpoint') else f'lab:{base}'}::lora={run.folder / ADAPTER}@1"


def net_of(record: dict[str, Any]) -> Any:
    """Return the base's net with fresh adapters, which follow from the recipe's seed. CheckpointError if it changed."""
    seed, kept = int(record["recipe"]["seed"]), record.get("checkpoint")
    if not kept:
        return lora.adapt(storage.load(run_folder.find(str(record["base"])).folder), *_width(record), seed)
    file = _file(record)
    if digest(file) != kept["sha256"]:
        raise CheckpointError(
            f"The checkpoint {show(str(record['base']))} is another one than when this run began.",
            "Restore it, or train under another name.",
        )
    return lora.adapt(pretrained.read_net(file), *_width(record), seed, copied=False)


def load(run: Run) -> Any:
    """Return the net of a finished run, whichever it is, ready to be read with."""
    if not run.record.get("checkpoint"):
        return storage.load(run.folder)
    net = net_of(run.record)
    _put_in(net, run.folder / storage.WEIGHTS)
    return net.eval()


def _put_in(net: Any, path: Path) -> None:
    net.load_state_dict(checkpoint.read(path)[0], strict=False)  # the adapters; the rest is the base's and stays


def _width(record: dict[str, Any]) -> tuple[int, float]:
    """Return rank and alpha: what is learnt counts twice."""
    return int(record["rank"]), 2.0 * int(record["rank"])


def windows(record: dict[str, Any], files: TokenFiles) -> list[Any]:
    """Return the held-out batches by which before and after are compared."""
    context = int(record["recipe"]["context"])
    return held_out(files.tokens("validation"), 4, context, _MEASURED)


def finish(run: Run, net: Any, outcome: Outcome, files: TokenFiles, before: float) -> dict[str, Any]:
    """Leave what the run keeps of its best adapters; return what was measured, in nats a token.

    *before*: the loss of the net without them on ``windows``.
    """
    record = run.record
    _put_in(net, run.folder / ADAPTING / storage.WEIGHTS)
    adapter = run.folder / ADAPTER
    write_adapter(net, _width(record)[1], adapter, run.name)
    if record.get("checkpoint"):
        own = {name: weight for name, weight in net.named_parameters() if weight.requires_grad}
        checkpoint.write(run.folder / storage.WEIGHTS, own, {"step": outcome.best.step})
    else:
        checkpoint.write(run.folder / storage.WEIGHTS, lora.merged(net).state_dict(), {"step": outcome.best.step})
    journal.write(run.folder, f"Training of {run.name}", outcome.lines)
    batches = windows(record, files)
    rows = [row for x, y in batches for row in torch.cat((x, y[:, -1:]), 1).tolist()]
    file = _file(record)
    return {
        "torch": [before, held_out_loss(net, batches)],
        "llama.cpp": [parity.nats(file, rows), parity.nats(file, rows, [Adapter(adapter)])],
        "tokens": sum(x.numel() for x, _ in batches),
    }
