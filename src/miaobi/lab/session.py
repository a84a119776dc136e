"""A session of training: what ``miaobi lab train`` does, from token files to a run that an engine can open.

    token files + vocabulary ─▶ run.json, net.json, tokenizer.json ─▶ training ─▶ net.safetensors, net.gguf, card.md

run.json is written before the first step and holds all that a later command needs to go on: a run that was interrupted
is resumed by its name alone. The token files must still be there and be the same.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, replace
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
from miaobi.lab.corpus.token_file import TokenFiles, open_tokens, tokens_of
from miaobi.lab.export.vocabulary import rows, tokenizer_of
from miaobi.lab.guard import guard
from miaobi.lab.judgement import LARGE
from miaobi.lab.order import Order
from miaobi.lab.training import Moment, Outcome, Recipe, group, train
from miaobi.lab.training.batches import enough
from miaobi.lab.training.trainer import EVALUATED, held_out_loss
from miaobi.lab.vocabulary import Vocabulary
from miaobi.nets import storage
from miaobi.nets.generation import generate
from miaobi.nets.storage import DECODERS
from miaobi.types import derive_seed

_SAMPLE = 60  # tokens
Watcher = Callable[[Moment, str], None]


def begin(order: Order) -> Run:
    """Make the run's folder; nothing is trained yet. UnknownNameError where the name is taken or can't be one."""
    folder = new_folder(order.name)
    if order.base and order.vectors:
        raise BriefError("Word vectors are for a fresh net, and a base has learnt its own.", "Leave out --vectors.")
    if order.origin and (order.base or order.vectors):
        raise BriefError("A net begins with one thing.", "Give one of --start-from, --base and --vectors.")
    files = open_tokens(order.tokens)
    base = adaptation.base_of(order, folder) if order.base else None
    if order.origin:
        order, vocabulary = _going_on_from(order)
    elif base is not None:
        vocabulary = base.vocabulary
    elif order.vocabulary is not None:
        vocabulary = Vocabulary.load(order.vocabulary)
    else:
        raise BriefError("A vocabulary is needed.", f"miaobi lab train {order.name} TOKENS VOCABULARY")
    if files.vocabulary != vocabulary.size:
        raise CorpusError(
            f"The token files are of a vocabulary of {files.vocabulary:,} and this one has {vocabulary.size:,}.",
            "Give the vocabulary that the token files were made with"
            + (f", or make them with the base's: miaobi lab tokens CORPUS {order.base}" if base else "."),
        )
    enough(files.tokens("train"), order.recipe.context, "training")  # before the name is taken
    enough(files.tokens("validation"), order.recipe.context, "held-out")
    with explained(folder, "the run"):
        folder.mkdir(parents=True, exist_ok=True)
        record = {"kind": vocabulary.kind, "begin": vocabulary.bos} | _record(order, _origin(order, files))
        record |= _adapted(base, order, folder) if base else _fresh(order, vocabulary, folder)
        if order.origin:  # what the weights were learnt from before binds these too
            learnt = run_folder.find(order.origin).record["corpus"]["origins"]
            record["corpus"]["origins"] += [each for each in learnt if each not in record["corpus"]["origins"]]
        record["licence"] = card.licence_of(record)
        _write(folder, record)
    return run_folder.read(folder)


def _going_on_from(order: Order) -> tuple[Order, Vocabulary]:
    """Return *order* with the net and the sizes of the run that it begins with, and that run's vocabulary."""
    run = run_folder.find(order.origin)
    if not run.finished or run.record["base"] or "net" not in run.record or "sizes" not in run.record:
        raise BriefError(
            f"The run {run.name} has no finished net of its own to begin with.",
            "Take a finished run of lab train without --base; miaobi lab runs lists them.",
        )
    known = Vocabulary.load(run.folder)
    if order.vocabulary is not None and tokenizer_of(order.vocabulary).to_str() != tokenizer_of(run.folder).to_str():
        raise CorpusError(
            f"The run {run.name} knows another vocabulary.",
            f"Make the token files with its own, {show(str(run.folder))}, and give that or no VOCABULARY.",
        )
    context = run.record["sizes"].get("context", order.recipe.context)
    if order.recipe.context > context:
        raise BriefError(
            f"The run {run.name} reads {context:,} tokens at once, not {order.recipe.context:,}.",
            f"Give --context {context} or less.",
        )
    languages = order.languages or tuple(run.record["languages"])
    sizes = dict(run.record["sizes"])
    return replace(order, net=run.record["net"], sizes=sizes, vocabulary=run.folder, languages=languages), known


def new_folder(name: str) -> Path:
    """Return where the run called *name* is to be; UnknownNameError where it is taken or can't be one."""
    folder = run_folder.runs_folder() / name
    if not name or Path(name).name != name or name.startswith("."):
        raise UnknownNameError(f"{show(name)} can't be the name of a run.", "Give a plain name, without / and dots.")
    if (folder / RECORD).exists():
        raise UnknownNameError(
            f"There is a run called {name} already.",
            f"Go on with it: miaobi lab train {name} --resume. Or give another name.",
        )
    return folder


def keep(folder: Path, record: dict[str, Any]) -> Run:
    """Leave the record and the card of a run that has ended, which is another kind than ``go_on`` trains."""
    record = record | {"licence": card.licence_of(record), "versions": _versions()}
    with explained(folder, "the record of the run"):
        _write(folder, record)
        write_whole(folder / "card.md", card.text(folder.name, record).encode())
    return run_folder.read(folder)


def _versions() -> dict[str, str]:
    return {"torch": version("torch"), "python": platform.python_version(), "machine": platform.machine()}


def _fresh(order: Order, vocabulary: Vocabulary, folder: Path) -> dict[str, Any]:
    """Leave vocabulary and shape of a fresh net in *folder*; return what the record says of it."""
    vocabulary.save(folder)
    sizes = dict(order.sizes)
    if order.net in DECODERS:
        sizes |= {"context": max(order.recipe.context, int(sizes.get("context", 0)))}
    sizes["vocabulary"] = rows(tokenizer_of(folder))
    net = fresh(order.net, sizes, order.recipe.seed)
    said = {"net": order.net, "sizes": sizes, "parameters": sum(weight.numel() for weight in net.parameters())}
    if order.vectors:
        said["vectors"] = start.take(net, tokenizer_of(folder), order.vectors)
    if order.origin:
        said["origin"] = start.take_weights(net, run_folder.find(order.origin))
    write_whole(folder / storage.SHAPE, json.dumps(storage.describe(net)).encode())
    return said


def _adapted(base: adaptation.Base, order: Order, folder: Path) -> dict[str, Any]:
    """Leave in *folder* what an adapted run needs; return what the record says of it."""
    if base.checkpoint is None:
        base.vocabulary.save(folder)
        write_whole(folder / storage.SHAPE, json.dumps({"net": base.kind, "sizes": base.sizes}).encode())
    corpus = _origin(order, open_tokens(order.tokens))
    said = {"net": base.kind, "sizes": base.sizes, "parameters": base.parameters, "base": base.spec, "rank": order.rank}
    if base.checkpoint:
        said["checkpoint"] = base.checkpoint
    languages = list(order.languages or base.languages)
    return said | {"corpus": corpus | {"origins": corpus["origins"] + base.origins}, "languages": languages}


def _record(order: Order, corpus: dict[str, Any]) -> dict[str, Any]:
    """Return what run.json says of every run before the first step."""
    return {
        "recipe": asdict(order.recipe),
        "tokens": str(order.tokens.absolute()),
        "corpus": corpus,
        "languages": list(order.languages),
        "packed": order.packed,
        "base": "",
        "rank": 0,
        "versions": _versions(),
    }


def go_on(run: Run, watch: Watcher = lambda moment, sample: None, cores: int = 0) -> tuple[Run, Outcome]:
    """Train *run* to its end, from its last state on; write its card and, for a transformer, its GGUF file.

    *watch* is given each moment of training and, after an evaluation, a few words of the net ("" otherwise). In a group
    of processes the first does all but the training, and alone is watched.
    """
    record, recipe, files = dict(run.record), Recipe(**run.record["recipe"]), tokens_of(run.record)
    first = group.current().first
    with _alone(run.folder) if first else nullcontext():
        adapted = bool(record["base"])
        place = run.folder / (adaptation.ADAPTING if adapted else "")
        vocabulary = adaptation.vocabulary_of(run.folder)
        net = adaptation.net_of(record) if adapted else fresh(record["net"], record["sizes"], recipe.seed)
        if "vectors" in record:
            start.take_again(net, tokenizer_of(run.folder), record["vectors"])
        if "origin" in record:
            start.take_weights_again(net, record["origin"])
        large = record["parameters"] >= LARGE  # evaluations and samples are to take a small part of the time
        length, evaluated = (_SAMPLE // 4, EVALUATED // 32) if large else (_SAMPLE, EVALUATED)
        before = held_out_loss(net, adaptation.windows(record, files)) if adapted and first else 0.0

        def observe(moment: Moment) -> None:
            if first:
                watch(moment, sample(net, vocabulary, length) if moment.line is not None else "")

        training, validation = files.tokens("train"), files.tokens("validation")
        documents = (files.offsets("train"), files.offsets("validation")) if record.get("packed") else None
        outcome = train(
            net,
            training,
            validation,
            recipe,
            place,
            watch=observe,
            cores=cores,
            evaluated=evaluated,
            documents=documents,
        )
        if not first:
            return run, outcome
        record["outcome"] = _told(outcome)
        if adapted:
            record["adaptation"] = adaptation.finish(run, net, outcome, files, before)
            record["copied"] = asdict(guard(adaptation.spec_of(run), vocabulary, files))
        if record["net"] in DECODERS and not record.get("checkpoint"):
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
        "tokens_per_second": last.tokens / max(last.seconds, 1e-9),
        "peak": outcome.peak,
        "peak_share": last.tokens * outcome.operations / max(last.seconds, 1e-9) / outcome.peak,
    }


def sample(net: Any, vocabulary: Any, length: int = _SAMPLE, seed: int = 0) -> str:
    """Return a text that *net* begins by itself, cut where it ends one; temperature 0.8."""
    ids = generate(net, [vocabulary.bos], length, temperature=0.8, seed=seed)
    ids = ids[: ids.index(vocabulary.eos)] if vocabulary.eos in ids else ids
    return str(vocabulary.decode([i for i in ids if i < vocabulary.size]))


def export_gguf(run: Run, path: Path, kind: str = "F32") -> float:
    """Write the run's decoder as a GGUF file; return the largest difference of a logit."""
    from miaobi.lab.export.gguf import write_gguf

    about = {
        "general.name": run.name,
        "general.license": str(run.record["licence"]),
        "general.description": f"Trained on {run.record['corpus']['name']} by miaobi's laboratory",
        "miaobi.corpus.sha256": str(run.record["corpus"]["sha256"]),
    }
    net = storage.load(run.folder)
    return write_gguf(net, tokenizer_of(run.folder), path, kind, begin=run.begin, about=about)


def export_onnx(run: Run, path: Path, tokens: int = 0) -> float:
    """Write the run's recurrent net as an ONNX file; see ``lab.export.onnx``."""
    from miaobi.lab.export.onnx import write_onnx

    about = {
        "name": run.name,
        "license": str(run.record["licence"]),
        "corpus sha256": str(run.record["corpus"]["sha256"]),
        "tokenizer.json": tokenizer_of(run.folder).to_str(),
    }
    return write_onnx(storage.load(run.folder), path, about, tokens)


def unfinished(name: str) -> Run:
    """Return the run called *name*, if it can be gone on with."""
    run = run_folder.find(name)
    if run.finished:
        raise UnknownNameError(
            f"The run {name} is finished.", f"Go on from its weights under another name: --start-from {name}."
        )
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
