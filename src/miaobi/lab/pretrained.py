"""Pretrained checkpoints as nets of ours: the weights and the vocabulary of a GGUF file, and GGUF files of folders.

| GGUF's architecture | net | what is refused |
|---|---|---|
| llama (SmolLM2, Llama 3.2) | ``nets.transformer`` | a head of its own, biases, stretched RoPE |
| gpt2 | ``nets.gpt2`` | a head of its own |

Text is read into tokens by llama.cpp itself, out of the same file, so whatever its vocabulary is, training and writing
agree. A folder of Hugging Face's library (Llama or GPT-2) is first made into such a file, which is held to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from miaobi.engines import gguf_file
from miaobi.engines import pretrained as pretrained_folder
from miaobi.engines.llamacpp.weights import Weights
from miaobi.engines.trial import tried
from miaobi.errors import CorpusError, UnsupportedError, show
from miaobi.lab.export.gguf import ARCHITECTURES, tensor_name, write_gguf
from miaobi.lab.export.huggingface import from_huggingface
from miaobi.lab.export.vocabulary import special_tokens, tokenizer_of
from miaobi.nets import storage

_BETWEEN = "<|endoftext|>"  # what byte-level vocabularies put between documents; chat versions end turns otherwise
_TYPE = "Q8_0"  # of a folder's file: what the catalog's default runs in too


class CheckpointVocabulary:
    """The vocabulary of a GGUF file, as ``lab.vocabulary.Vocabulary`` is one: text to token numbers and back."""

    kind = "checkpoint"

    def __init__(self, path: Path) -> None:
        header = gguf_file.inspect(path)
        tried(path)  # a bad file ends the process, so another one loads it first
        self._path, self._weights = path, Weights(path)
        self._pieces = self._weights.vocabulary.pieces
        self.size = len(self._pieces)
        stated = {name: header.values.get(f"tokenizer.ggml.{name}_token_id") for name in ("bos", "eos", "unknown")}
        between = self._weights.tokenise(_BETWEEN, special=True)
        end = between[0] if len(between) == 1 else int(stated["eos"] or 0)
        self.begins = bool(header.values.get("tokenizer.ggml.add_bos_token", False)) and stated["bos"] is not None
        self.bos, self.eos = int(stated["bos"] or 0) if self.begins else end, end
        self.unk = -1 if stated["unknown"] in (None, self.bos, self.eos) else int(stated["unknown"] or 0)

    def __reduce__(self) -> tuple[Any, ...]:
        return CheckpointVocabulary, (self._path,)  # so that it can travel to other processes

    def encode(self, text: str) -> list[int]:
        """Return the numbers of *text*; what looks like a special token is text."""
        return self._weights.tokenise(text)

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of *ids*, special tokens left out. CorpusError for a number that no token has."""
        if wrong := next((n for n in ids if not 0 <= n < self.size), None):
            raise CorpusError(f"There is no token number {wrong}.", f"Numbers are 0 to {self.size - 1}.")
        return b"".join(self._pieces[n] for n in ids).decode("utf-8", "replace")


class FolderVocabulary:
    """The same of a checkpoint's folder, as its GGUF file will read: ``write_file`` holds the file's ids to these."""

    kind = "checkpoint"

    def __init__(self, folder: Path) -> None:
        loaded = pretrained_folder.load_tokenizer(folder)
        self._folder, self._tokenizer = folder, tokenizer_of(folder)
        self._tokenizer.encode_special_tokens = True  # what looks like a special token in a text is text
        self.size = loaded.rows
        names = self._tokenizer.get_vocab(with_added_tokens=True)
        end = names.get(_BETWEEN, special_tokens(self._tokenizer).get("end", 0))
        self.bos, self.eos, self.unk = loaded.begin[0] if loaded.begin else end, end, -1

    def __reduce__(self) -> tuple[Any, ...]:
        return FolderVocabulary, (self._folder,)

    def encode(self, text: str) -> list[int]:
        """Return the numbers of *text*."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of *ids*, special tokens left out."""
        return str(self._tokenizer.decode(list(ids), skip_special_tokens=True))


def read_net(path: Path) -> Any:
    """Return the net of a GGUF file, float32, ready to be read with; UnsupportedError where ours is another net."""
    import gguf

    header = gguf_file.inspect(path)
    kind = next((ours for ours, theirs in ARCHITECTURES.items() if theirs == header.architecture), "")
    if not kind:
        raise UnsupportedError(
            f"{show(path.name)} is of the architecture {show(header.architecture)}.",
            f"Adapters can be trained on {', '.join(ARCHITECTURES.values())}.",
        )
    net = storage.build(kind, _sizes(header, kind))
    wanted = {tensor_name(name): name for name in net.state_dict()}
    found = {tensor.name for tensor in header.tensors}
    stretched = any("rope.scaling" in key for key in header.values)
    if found != set(wanted) or stretched:
        other = ", ".join(sorted(found ^ set(wanted))[:3]) or "stretched RoPE"
        raise UnsupportedError(
            f"{show(path.name)} has other parts than the nets of the laboratory: {other}.",
            "Take a checkpoint whose head is its embedding, such as the default one.",
        )
    weights = {
        wanted[tensor.name]: torch.from_numpy(gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype("float32"))
        for tensor in gguf.GGUFReader(path).tensors
    }
    net.load_state_dict(weights, strict=True, assign=True)
    return net.eval()


def _sizes(header: gguf_file.GgufHeader, kind: str) -> dict[str, Any]:
    def value(key: str) -> Any:
        return header.values.get(f"{header.architecture}.{key}")

    sizes = {
        "vocabulary": header.vocabulary,
        "context": header.context_length,
        "width": value("embedding_length"),
        "layers": value("block_count"),
        "heads": value("attention.head_count"),
        "hidden": value("feed_forward_length"),
    }
    if kind == "gpt2":
        return sizes | {"epsilon": value("attention.layer_norm_epsilon")}
    return sizes | {
        "kv_heads": value("attention.head_count_kv") or 0,
        "rope_base": value("rope.freq_base") or 10_000.0,
        "epsilon": value("attention.layer_norm_rms_epsilon"),
    }


def write_file(folder: Path, path: Path, about: Mapping[str, str]) -> None:
    """Write the checkpoint in *folder* (config.json, tokenizer.json, .safetensors) as a GGUF file."""
    loaded = pretrained_folder.load(folder, None)
    net = from_huggingface(loaded.net)
    write_gguf(net, tokenizer_of(folder), path, _TYPE, begin=loaded.begin[0] if loaded.begin else None, about=about)
