"""A folder as diffusers writes it: a pipeline that paints from words, inspected before anything of it is loaded.

    model_index.json  {"_class_name": "StableDiffusionPipeline", "unet": ["diffusers", "UNet2DConditionModel"], …}
    unet/ vae/ text_encoder/ …  config.json and .safetensors of each part
Only the two kinds of pipeline below are taken, and only parts of the classes that they are made of: a part of any
other class could be a program that the folder brings along. Pickles are refused, and every header is read first.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from miaobi.engines import safetensors_file
from miaobi.engines.disk import digest
from miaobi.engines.entry import Entry
from miaobi.errors import CheckpointError, show

INDEX = "model_index.json"
_PART_LIMIT = 1_000_000  # bytes of model_index.json and of a part's config.json
_STABLE_DIFFUSION = {
    "vae": {"AutoencoderKL"},
    "text_encoder": {"CLIPTextModel"},
    "tokenizer": {"CLIPTokenizer", "CLIPTokenizerFast"},
    "unet": {"UNet2DConditionModel"},
}
PIPELINES = {
    "StableDiffusionPipeline": _STABLE_DIFFUSION,
    "StableDiffusionXLPipeline": _STABLE_DIFFUSION
    | {"text_encoder_2": {"CLIPTextModelWithProjection"}, "tokenizer_2": {"CLIPTokenizer", "CLIPTokenizerFast"}},
}
_BESIDE = {  # parts that a folder may have or not
    "safety_checker": {"StableDiffusionSafetyChecker"},
    "feature_extractor": {"CLIPImageProcessor", "CLIPFeatureExtractor", "CLIPImageProcessorPil"},
}
_LIBRARIES = {"diffusers", "transformers", "stable_diffusion"}
_WEIGHTS = ("vae", "text_encoder", "text_encoder_2", "unet", "safety_checker")


def is_pipeline(folder: Path) -> bool:
    """Tell whether *folder* is meant as a pipeline of diffusers."""
    return (folder / INDEX).is_file()


def describe(folder: Path) -> Entry:
    """Return an entry for the pipeline in *folder*; CheckpointError says which part is wrong and what to do."""
    files = weights(folder)
    return Entry(
        name=folder.name.lower(),
        title=folder.name,
        licence=_licence(folder),
        size=sum(file.stat().st_size for file in files),
        sha256=hashlib.sha256("\n".join(digest(file) for file in files).encode()).hexdigest(),
        parameters=sum(safetensors_file.inspect(file).parameters for file in files),
        path=str(folder),
        paints=True,
    )


def weights(folder: Path) -> list[Path]:
    """Return the files of weights that the pipeline loads, in order; CheckpointError where it may not be loaded."""
    index = _read(folder / INDEX)
    kind = index.get("_class_name")
    if not isinstance(kind, str) or kind not in PIPELINES:
        raise CheckpointError(
            f"{show(folder.name)} holds {show(str(kind))}, which doesn't paint from words here.",
            f"These do: {', '.join(PIPELINES)}.",
        )
    parts = {name: part for name, part in index.items() if not name.startswith("_") and _is_part(part)}
    _refuse_strangers(folder, parts, PIPELINES[kind])
    return [file for name in _WEIGHTS if name in parts for file in _weights_of(folder, name)]


def _is_part(value: Any) -> bool:
    return isinstance(value, list) and any(value)  # [null, null]: none


def _refuse_strangers(folder: Path, parts: dict[str, Any], needed: dict[str, set[str]]) -> None:
    missing = [name for name in (*needed, "scheduler") if name not in parts]
    if missing:
        raise CheckpointError(f"{show(folder.name)} has no {missing[0]} in its {INDEX}.", "Get the whole folder again.")
    for name, part in parts.items():
        library, made = map(str, part) if len(part) == 2 else ("", "")
        legal = (needed | _BESIDE).get(name, set())
        scheduler = name == "scheduler" and re.fullmatch(r"[A-Za-z0-9]+Scheduler", made)
        if library not in _LIBRARIES or not (made in legal or scheduler):
            raise CheckpointError(
                f"The part {show(name)} of {show(folder.name)} is {show(made)} of {show(library)}: it is not run.",
                f"Legal for it: {', '.join(sorted(legal)) or 'nothing'}. Code from a checkpoint never runs.",
            )
        if not (folder / name).is_dir():
            raise CheckpointError(f"{show(folder.name)} has no folder {name}.", "Get the whole folder again.")
        if "auto_map" in _read(_config(folder / name)):
            raise CheckpointError(
                f"The part {show(name)} of {show(folder.name)} brings a program along (auto_map).",
                "It is refused: take a checkpoint of the plain classes.",
            )


def _config(part: Path) -> Path:
    names = ("config.json", "scheduler_config.json", "preprocessor_config.json", "tokenizer_config.json")
    return next((part / name for name in names if (part / name).is_file()), part / names[0])


def _weights_of(folder: Path, part: str) -> list[Path]:
    """Return a part's .safetensors; those in half precision where there are no others."""
    found = sorted((folder / part).glob("*.safetensors"))
    plain = [file for file in found if ".fp16" not in file.name]
    if not found:
        pickles = [p.name for p in (folder / part).iterdir() if p.suffix.lower() in safetensors_file.PICKLES]
        what = f"only {pickles[0]}, a pickle" if pickles else "no weights"
        raise CheckpointError(
            f"The part {part} of {show(folder.name)} has {what}: opening a pickle runs whatever is in it."
            if pickles
            else f"The part {part} of {show(folder.name)} has {what}.",
            "Take the same checkpoint as .safetensors; publishers offer it nearly always.",
        )
    for file in plain or found:
        safetensors_file.inspect(file)
    return plain or found


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _PART_LIMIT:
            raise ValueError(f"it has {path.stat().st_size:,} bytes")
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict):
            raise ValueError("it holds no object")
    except (OSError, ValueError, RecursionError) as error:
        raise CheckpointError(
            f"{show(str(path.relative_to(path.parents[1])))} can't be read: {error}.", "Get the whole folder again."
        ) from error
    return found


def _licence(folder: Path) -> str:
    """Return the licence that the folder's model card states, else "unknown"."""
    card = folder / "README.md"
    if not card.is_file():
        return "unknown"
    with card.open(encoding="utf-8", errors="replace") as file:
        head = file.read(20_000)
    front = re.match(r"---\n(.*?)\n---", head, re.S)
    stated = re.search(r"^license(?:_name)?:\s*[\"']?([\w.+-]{2,60})", front[1], re.M) if front else None
    return stated[1] if stated else "unknown"
