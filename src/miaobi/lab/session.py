"""A session of training: what ``miaobi lab train`` does, from token files to a run that an engine can open.

    token files + vocabulary ─▶ run.json, net.json, tokenizer.json ─▶ training ─▶ net.safetensors, net.gguf, card.md

run.json is written before the first step and holds all that a later command needs to go on: a run that was interrupted
is resumed by its name alone. The token files must still be there and be the same.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch

from miaobi.engines import run as run_folder
from miaobi.engines.disk import explained, write_whole
from miaobi.engines.lock import locked
from miaobi.engines.run import GGUF, RECORD, RESUME, Run
from miaobi.errors import BriefError, CorpusError, LibraryError, UnknownNameError, show
from miaobi.lab import adaptation, card, start
from miaobi.lab.corpus.store import Corpus
from miaobi.lab.corpus.token_file import TokenFiles, open_tokens
from miaobi.lab.export.vocabulary import rows, special_tokens, tokenizer_of
from miaobi.lab.order import Order
from miaobi.lab.training import Moment, Outcome, Recipe, train
from miaobi.lab.vocabulary import Vocabulary
from miaobi.nets import storage
from miaobi.nets.generation import generate
from miaobi.types import derive_seed

_SAMPLE = 60  # tokens
Watcher = Callable[[Moment, str], None]


def begin(order: Order) -> Run:
    """Make the run's folder; nothing is trained yet. UnknownNameError where the name is taken or can't be one."""
    folder = run_folder.runs_folder() / order.name
    if not order.name or Path(order.name).name != order.name or order.name.startswith("."):
        raise UnknownNameError(
            f"{show(order.name)} can't be the name of a run.", "Give a plain name, without / and dots."
        )
    if (folder / RECORD).exists():
        raise UnknownNameError(
            f"There is a run called {order.name} already.",
            f"Go on with it: miaobi lab train {order.name} --resume. Or give another name.",
        )
    files, vocabulary = open_tokens(order.tokens), Vocabulary.load(order.vocabulary)
    if files.vocabulary != vocabulary.size:
        raise CorpusError(
            f"The token files are of a vocabulary of {files.vocabulary:,} and this one has {vocabulary.size:,}.",
            "Give the vocabulary that the token files were made with.",
        )
    if order.base and order.vectors:
        raise BriefError("Word vectors are for a fresh net, and a base has learnt its own.", "Leave out --vectors.")
    base = adaptation.base_of(order) if order.base else None
    sizes = dict(order.sizes) if base is None else dict(base.record["sizes"])
    if order.net == "transformer":
        sizes |= {"context": max(order.recipe.context, int(sizes.get("context", 0)))}
    with explained(folder, "the run"):
        folder.mkdir(parents=True, exist_ok=True)
        vocabulary.save(folder)
        sizes["vocabulary"] = rows(tokenizer_of(folder))
        net = fresh(order.net, sizes, order.recipe.seed)
        record = {"kind": vocabulary.kind, "begin": vocabulary.bos} | _record(order, sizes, net, _origin(order, files))
        if order.vectors:
            record["vectors"] = start.take(net, tokenizer_of(folder), order.vectors)
        if base is not None:
            record["corpus"]["origins"] += adaptation.origins(base)
        record["licence"] = card.licence_of(record)
        write_whole(folder / storage.SHAPE, json.dumps(storage.describe(net)).encode())
        _write(folder, record)
    return run_folder.read(folder)


def _record(order: Order, sizes: dict[str, Any], net: Any, corpus: dict[str, Any]) -> dict[str, Any]:
    """Return what run.json says before the first step."""
    return {
        "net": order.net,
        "sizes": sizes,
        "parameters": sum(weight.numel() for weight in net.parameters()),
        "recipe": asdict(order.recipe),
        "tokens": str(order.tokens.absolute()),
        "corpus": corpus,
        "languages": list(order.languages),
        "base": order.base,
        "rank": order.rank if order.base else 0,
        "whole": order.whole,
        "versions": {"torch": version("torch"), "python": platform.python_version(), "machine": platform.machine()},
    }


def go_on(run: Run, watch: Watcher = lambda moment, sample: None, cores: int = 0) -> tuple[Run, Outcome]:
    """Train *run* to its end, from its last state on; write its card and, for a transformer, its GGUF file.

    *watch* is given each moment of training and, after an evaluation, a few words of the net ("" otherwise).
    """
    record, recipe, files = dict(run.record), Recipe(**run.record["recipe"]), _same_tokens(run)
    with _alone(run.folder):
        place = run.folder / (adaptation.ADAPTING if record["base"] else "")
        adapted = bool(record["base"])
        tokenizer = tokenizer_of(run.folder)
        net = adaptation.net_of(record) if adapted else fresh(record["net"], record["sizes"], recipe.seed)
        if "vectors" in record:
            start.take_again(net, tokenizer, record["vectors"])

        def observe(moment: Moment) -> None:
            watch(moment, sample(net, tokenizer, run.begin) if moment.line is not None else "")

        training, validation = files.tokens("train"), files.tokens("validation")
        starts = (files.offsets("train"), files.offsets("validation")) if record.get("whole") else None
        outcome = train(net, training, validation, recipe, place, watch=observe, cores=cores, starts=starts)
        if adapted:
            adaptation.merge(run, net, outcome)
        record["outcome"] = _told(outcome)
        if record["net"] == "transformer":
            record["export_difference"] = export_gguf(run, run.folder / GGUF)
        with explained(run.folder, "the record of the run"):
            _write(run.folder, record)
            write_whole(run.folder / "card.md", card.text(run.name, record).encode())
            (place / RESUME).unlink(missing_ok=True)
    return run_folder.read(run.folder), outcome


def put_on_card(run: Run, judged: dict[str, Any]) -> None:
    """Keep a judgement in the finished run's record, and write its card anew."""
    record = run.record | {"judged": judged}
    with explained(run.folder, "the card"):
        _write(run.folder, record)
        write_whole(run.folder / "card.md", card.text(run.name, record).encode())


def _same_tokens(run: Run) -> TokenFiles:
    """Return the run's token files; CorpusError if they are others than when it began."""
    files = open_tokens(Path(run.record["tokens"]))
    if run.record["corpus"]["tokens_sha256"] != files.counts["train"].sha256:
        raise CorpusError(
            f"The token files at {show(run.record['tokens'])} have changed since this run began.",
            "Restore them, or train under another name.",
        )
    return files


def _told(outcome: Outcome) -> dict[str, Any]:
    last = outcome.lines[-1]
    return {
        "steps": last.step,
        "stopped_early": outcome.stopped_early,
        "best": asdict(outcome.best),
        "tokens": last.tokens,
        "seconds": last.seconds,
        "processor_seconds": outcome.processor_seconds,
        "threads": outcome.threads,
    }


def sample(net: Any, tokenizer: Any, begin: int | None, length: int = _SAMPLE, seed: int = 0) -> str:
    """Return a text that *net* begins by itself, cut where it ends one; temperature 0.8."""
    first = begin if begin is not None else 0
    end = special_tokens(tokenizer).get("end")
    ids = generate(net, [first], length, temperature=0.8, seed=seed)
    ids = ids[: ids.index(end)] if end in ids else ids
    return str(tokenizer.decode([i for i in ids if tokenizer.id_to_token(i) is not None]))


def export_gguf(run: Run, path: Path, kind: str = "F32") -> float:
    """Write the run's transformer as a GGUF file; return the largest difference of a logit."""
    from miaobi.lab.export.gguf import write_gguf

    about = {
        "general.name": run.name,
        "general.license": str(run.record["licence"]),
        "general.description": f"Trained on {run.record['corpus']['name']} by miaobi's laboratory",
        "miaobi.corpus.sha256": str(run.record["corpus"]["sha256"]),
    }
    net = storage.load(run.folder)
    return write_gguf(net, tokenizer_of(run.folder), path, kind, begin=run.begin, about=about)


def unfinished(name: str) -> Run:
    """Return the run called *name*, if it can be gone on with."""
    run = run_folder.find(name)
    if run.finished:
        raise UnknownNameError(f"The run {name} is finished.", "Train another under another name.")
    return run


def fresh(kind: str, sizes: dict[str, Any], seed: int) -> Any:
    """Return an untrained net whose first weights follow from *seed*."""
    torch.manual_seed(derive_seed(seed, "weights"))
    return storage.build(kind, sizes)


def _origin(order: Order, files: TokenFiles) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": (order.corpus or order.tokens).name,
        "sha256": files.corpus,
        "tokens_sha256": files.counts["train"].sha256,
        "counts": {split: asdict(count) for split, count in files.counts.items()},
        "origins": [],
    }
    if order.corpus:
        manifest = Corpus(order.corpus).manifest
        if manifest.sha256 != files.corpus:
            raise CorpusError(
                f"The token files were not made from the corpus {show(str(order.corpus))}.", "Give their own corpus."
            )
        made |= {"origins": [asdict(origin) for origin in manifest.origins], "characters": manifest.characters}
    return made


def _write(folder: Path, record: dict[str, Any]) -> None:
    write_whole(folder / RECORD, json.dumps(record, ensure_ascii=False, indent=1).encode())


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep a second process from training in the same folder."""

    def refuse() -> None:
        raise LibraryError(
            f"The run {folder.name} is being trained by another process.", "Wait for it, or stop it first."
        )

    with locked(folder / ".lock", refuse):
        yield
