"""Opening an engine from its spec: which kind it is, whether it speaks the language, then the heavy import."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

from miaobi.engines import catalog
from miaobi.engines.adapter import parse
from miaobi.engines.entry import Entry
from miaobi.errors import BuildError, CheckpointError, LanguageNotSpokenError, UnsupportedError, show
from miaobi.types import Checkpoint, Engine, Language

_log = logging.getLogger("miaobi.engines")
_NAMES = {"en": "English", "zh": "Chinese"}


def open_by_spec(spec: str, language: Language | None, settings: dict[str, Any]) -> Engine:
    """Open what *spec* names; see ``miaobi.engines`` for the kinds. Without one MIAOBI_CHECKPOINT names it."""
    spec, adapters = parse(spec or os.environ.get("MIAOBI_CHECKPOINT", ""))
    if adapters:
        settings["adapters"] = (*settings.get("adapters", ()), *adapters)
    pull = {key: settings.pop(key) for key in ("progress", "accept") if key in settings}
    if spec.startswith("scripted:"):
        from miaobi.engines.scripted import Scripted

        return Scripted.read(Path(spec.partition(":")[2]))
    if spec.startswith(("http://", "https://")):
        from miaobi.engines.fleet import Fleet, addresses
        from miaobi.engines.openai_compatible import OpenAICompatible

        _refuse_adapters(settings, "a server")
        return Fleet(spec, **settings) if len(addresses(spec)) > 1 else OpenAICompatible(spec, **settings)
    if spec.startswith("lab:"):
        return _trained(spec[4:], language, settings)
    if spec.startswith("hf:"):
        from miaobi.engines.addition import hub_id

        return _transformers(Entry("", spec[3:], path=hub_id(spec)), language, settings)
    if spec.lower().endswith(".gguf") or "/" in spec or os.sep in spec or Path(spec or ".missing").is_dir():
        return _from_path(Path(spec).expanduser(), language, settings)
    entry = catalog.find(spec or catalog.DEFAULT)
    refuse_language(entry.checkpoint(), language)  # before anything is pulled
    path = catalog.ensure(entry.name, **pull)
    if path.is_dir() or entry.path.startswith("hf:"):
        return _transformers(entry, language, settings)
    if entry.path:  # not of the program's own catalog: it was tried when it was added
        from miaobi.engines.trial import tried

        tried(path, entry.sha256)
    return _llamacpp(path, entry, settings)


def _trained(name: str, language: Language | None, settings: dict[str, Any]) -> Engine:
    from miaobi.engines.run import ADAPTER, GGUF, find

    run = find(name)
    if "pairs" in run.record or "curve" in run.record:
        raise UnsupportedError(
            f"The run {run.name} ({run.record['net']}) doesn't continue text.",
            f"Use it: miaobi lab {'transduce' if 'pairs' in run.record else 'curve'} {run.name} …",
        )
    if not run.finished and run.record.get("checkpoint"):
        raise CheckpointError(f"The run {show(run.name)} is unfinished.", f"miaobi lab train {run.name} --resume")
    refuse_language(Checkpoint(f"lab:{run.name}", languages=tuple(run.record.get("languages", ()))), language)
    if run.record.get("checkpoint"):  # a pretrained one with the run's adapter
        return open_by_spec(f"{run.record['base']}::lora={run.folder / ADAPTER}@1", language, settings)
    settings.pop("requantise", None)
    if (run.folder / GGUF).is_file():
        from miaobi.engines.llamacpp import LlamaCpp
        from miaobi.engines.trial import tried

        checkpoint = run.checkpoint(int(run.record["sizes"]["context"]), GGUF)
        tried(run.folder / GGUF, checkpoint.sha256)
        return LlamaCpp(run.folder / GGUF, checkpoint=checkpoint, **settings)
    _refuse_adapters(settings, "a net of torch")
    from miaobi.engines.recurrent import TrainedNet

    engine: Engine = TrainedNet(run, **settings)
    return engine


def _from_path(path: Path, language: Language | None, settings: dict[str, Any]) -> Engine:
    from miaobi.engines.addition import describe_file, describe_folder
    from miaobi.engines.trial import tried

    if not path.exists():
        raise CheckpointError(
            f"There is no file or folder at {show(str(path))}.",
            "Known by name: " + ", ".join(e.name for e in catalog.entries()),
        )
    if path.is_dir():
        return _transformers(describe_folder(path), language, settings)
    entry = describe_file(path)
    refuse_language(entry.checkpoint(), language)
    twin = next((e for e in catalog.entries() if e.sha256 == entry.sha256), None)
    if twin is None:
        tried(path, entry.sha256)
    return _llamacpp(path, twin or entry, settings)


def _llamacpp(path: Path, entry: Entry, settings: dict[str, Any]) -> Engine:
    from miaobi.engines.llamacpp import LlamaCpp

    path, checkpoint = _as_run(path, entry, settings.pop("requantise", True))
    try:
        return LlamaCpp(path, checkpoint=checkpoint, **settings)
    except BuildError as error:
        _log.warning("%s The wheel's own server stands in: some constraints are refused.", error.message)
        from miaobi.engines.llamacpp.server import LlamaServer

        return LlamaServer(path, checkpoint=checkpoint, **settings)


def _as_run(path: Path, entry: Entry, requantise: bool) -> tuple[Path, Checkpoint]:
    """Return the file that llama.cpp runs for *entry*, which may be a copy in a faster layout, and what to call it."""
    if not (entry.requantise and entry.wheels and requantise):
        return path, entry.checkpoint()
    from miaobi.engines.disk import explained, kept_digest
    from miaobi.engines.requantise import DEFAULT, prepared

    folder = catalog.checkpoint_folder() / entry.name
    with explained(folder, entry.title):
        folder.mkdir(parents=True, exist_ok=True)
        path = prepared(path, entry.sha256, folder=folder)
        return path, entry.checkpoint(kept_digest(path), f"requantised by {DEFAULT.name}")


def gguf_of(spec: str, **pull: Any) -> tuple[Path, Checkpoint]:
    """Return the GGUF file that ``open_by_spec(spec)`` would run, pulled if it is not here, and what it is.

    *spec*: a name of the catalog or a path. UnsupportedError where it is not one file: a folder, a server, a Hub id.
    """
    from miaobi.engines.addition import describe_file

    path = Path(spec).expanduser()
    if path.suffix.lower() == ".gguf":
        entry = describe_file(path)
        twin = next((e for e in catalog.entries() if e.sha256 == entry.sha256), entry)
        return _as_run(path, twin, True)
    entry = catalog.find(spec)
    path = catalog.ensure(entry.name, **pull)
    if path.suffix.lower() != ".gguf":
        raise UnsupportedError(f"{show(spec)} is no GGUF file.", "Give its folder, or a .gguf file, by path.")
    return _as_run(path, entry, True)


def _transformers(entry: Entry, language: Language | None, settings: dict[str, Any]) -> Engine:
    refuse_language(entry.checkpoint(), language)
    from miaobi.engines.transformers import Transformers

    settings.pop("requantise", None)
    _refuse_adapters(settings, "transformers")
    engine: Engine = Transformers(entry.path[3:] if entry.path.startswith("hf:") else Path(entry.path), **settings)
    return engine


def _refuse_adapters(settings: dict[str, Any], where: str) -> None:
    if settings.pop("adapters", ()):
        raise UnsupportedError(
            f"LoRA adapters are applied by llama.cpp only, not by {where}.",
            "Merge the adapter into its checkpoint, or take both as .gguf files.",
        )


def refuse_language(checkpoint: Checkpoint, language: Language | None) -> None:
    """Raise if the checkpoint is known not to speak *language*; name those of the catalog that do."""
    if language is None or not checkpoint.languages or language in checkpoint.languages:
        return
    able = [e for e in catalog.entries() if language in e.languages and not e.shipped]  # those serve single forms
    get = "; ".join(f"miaobi checkpoints pull {e.name}" for e in able if e.wheels)
    raise LanguageNotSpokenError(
        f"{checkpoint.name} doesn't speak {_NAMES.get(language, language)} (it speaks "
        f"{', '.join(_NAMES.get(x, x) for x in checkpoint.languages)}).",
        (f"These do: {', '.join(e.name for e in able)}. To get one: {get}. " if able else "None of the catalog does. ")
        + "A file of your own that does: miaobi checkpoints add PATH",
    )
