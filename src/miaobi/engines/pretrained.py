"""Load a checkpoint of the Hugging Face library, trusting nothing in its folder.

| what could run a stranger's program or call out | what is done |
|---|---|
| a pickle | the folder must hold .safetensors, whose headers we inspect; nothing else is opened |
| ``auto_map`` in config.json (code that the checkpoint brings along) | ``trust_remote_code=False``: refused |
| a chat template | laid out by ours, or rendered in a child process (``template``) |
| the network | ``local_files_only``; only a Hub id fetches, and only safetensors, json, txt and model files |
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from miaobi.engines.addition import describe_folder
from miaobi.engines.tokeniser import Tokeniser
from miaobi.errors import CheckpointError, UnsupportedError, show
from miaobi.types import Checkpoint

_WANTED = ["*.safetensors", "*.json", "*.txt", "*.model"]


@dataclass(frozen=True)
class Pretrained:
    """A loaded net with its tokeniser. ``begin``: tokens before every prompt; ``context``: 0 where unknown."""

    net: Any
    tokeniser: Tokeniser
    begin: list[int]
    template: str
    context: int
    checkpoint: Checkpoint


def load(source: Path | str, threads: int | None) -> Pretrained:
    """Load the folder *source*, or the Hub id ``org/name``; CheckpointError says why it can't be used."""
    try:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer
    except ImportError:
        raise UnsupportedError(
            f"{show(str(source))} is a checkpoint for transformers, which isn't installed here.",
            "Install it (pip install 'miaobi[lab]'), or take the same checkpoint as a .gguf file.",
        ) from None
    folder = source if isinstance(source, Path) else _from_hub(source)
    entry = describe_folder(folder)
    if threads:
        torch.set_num_threads(threads)
    safe = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, **safe)
        net = AutoModelForCausalLM.from_pretrained(folder, **safe, use_safetensors=True, dtype=torch.float32).eval()
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise CheckpointError(
            f"transformers can't load {show(entry.title)}: {reason[0]}",
            "Only decoders that transformers itself knows can be run; code from a checkpoint never is.",
        ) from error
    if not getattr(tokenizer, "is_fast", False):
        raise CheckpointError(
            f"{show(entry.title)} has no tokenizer.json, only a tokenizer that is a program.",
            "Save it once with a fast tokenizer, or take the same checkpoint as a .gguf file.",
        )
    config = net.config
    context = int(getattr(config, "max_position_embeddings", 0) or 0)
    name = entry.title if isinstance(source, Path) else source
    where = str(folder) if isinstance(source, Path) else f"hf:{source}"
    template = tokenizer.chat_template if isinstance(tokenizer.chat_template, str) else ""
    return Pretrained(
        net=net,
        tokeniser=Tokeniser(tokenizer.backend_tokenizer, int(config.vocab_size), _ends(tokenizer, net)),
        begin=_begin(tokenizer),
        template=template,
        context=context,
        checkpoint=Checkpoint(
            name, _digest(folder), source=where, context=context, parameters=entry.parameters, chat=bool(template)
        ),
    )


@dataclass(frozen=True)
class Reading:
    """How a checkpoint's folder reads text: tokens before every text, and rows of the net's embedding."""

    begin: list[int]
    rows: int


def load_tokenizer(folder: Path) -> Reading:
    """Return how the checkpoint in *folder* reads text, without its weights; CheckpointError if it can't be told."""
    from transformers import AutoConfig, AutoTokenizer

    safe = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, **safe)
        rows = int(AutoConfig.from_pretrained(folder, **safe).vocab_size)
    except (OSError, ValueError, KeyError, AttributeError) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise CheckpointError(
            f"transformers can't read text as {show(folder.name)} does: {reason[0]}",
            "A checkpoint's folder holds config.json, tokenizer.json and .safetensors files.",
        ) from error
    return Reading(_begin(tokenizer), rows)


def _begin(tokenizer: Any) -> list[int]:
    """Return the token before every text, if there is one."""
    return list(tokenizer("", add_special_tokens=True).input_ids)[:1] if _begins(tokenizer) else []


def _ends(tokenizer: Any, net: Any) -> frozenset[int]:
    """Return the tokens that end a text: the tokenizer's, and those that the checkpoint generates to."""
    stated = getattr(net.generation_config, "eos_token_id", None)
    found = {tokenizer.eos_token_id, *(stated if isinstance(stated, list) else [stated])}
    return frozenset(int(token) for token in found if token is not None)


def _begins(tokenizer: Any) -> bool:
    first = list(tokenizer("", add_special_tokens=True).input_ids)[:1]
    return bool(first) and first[0] == tokenizer.bos_token_id


def _digest(folder: Path) -> str:
    """Return one SHA-256 for the weights: of the file, or of the list of the parts' own."""
    import hashlib

    from miaobi.engines.disk import digest

    parts = [digest(file) for file in sorted(folder.glob("*.safetensors"))]
    return parts[0] if len(parts) == 1 else hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _from_hub(identifier: str) -> Path:
    """Return the folder of a Hub checkpoint, fetched now or before."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(identifier, allow_patterns=_WANTED))
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError, ValueError) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise CheckpointError(
            f"The checkpoint hf:{identifier} could not be had from the Hub: {reason[0]}",
            "Check the id and the connection. Offline, give a folder that holds its config.json, tokenizer.json and "
            ".safetensors files.",
        ) from error
