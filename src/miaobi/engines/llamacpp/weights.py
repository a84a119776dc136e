"""Weights: a GGUF file loaded by llama.cpp, with its tokeniser, vocabulary and metadata."""

from __future__ import annotations

import ctypes as C
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from miaobi.decoding.vocabulary import Vocabulary
from miaobi.engines import adapter as adapter_file
from miaobi.engines import gguf_file
from miaobi.engines.adapter import Adapter
from miaobi.engines.chat import Layout, layout_of, plain, tokens_of
from miaobi.engines.llamacpp.library import library
from miaobi.errors import CheckpointError, InputFileError, show
from miaobi.types import Prompt


def admit(path: Path) -> None:
    """Refuse a file that plainly isn't GGUF: llama.cpp ends the process over some of them."""
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise InputFileError(
            f"The checkpoint {path} can't be read: {error.strerror}.", "Give the path of a GGUF file."
        ) from None
    if magic != b"GGUF":
        raise CheckpointError(
            f"{path.name} is no GGUF file: it begins with {magic!r}.", "Give the path of a GGUF file."
        )


class Weights:
    """A loaded GGUF file. Free it with ``close``."""

    def __init__(self, path: Path, adapters: Sequence[Adapter] = ()) -> None:
        admit(path)
        active = [a for a in adapters if a.scale]
        if active:
            header = gguf_file.inspect(path)
            for adapter in active:
                adapter_file.admit(adapter, header)
        self._lib = library()
        self.path = path
        self._adapters: list[tuple[int, float]] = []  # handle, scale
        self.model = self._lib.llama_model_load_from_file(str(path).encode(), self._lib.llama_model_default_params())
        if not self.model:
            raise CheckpointError(
                f"llama.cpp can't load {path.name}: damaged, or of a kind that this build doesn't know.",
                "Check its SHA-256, or convert it again with a current gguf.",
            )
        self._vocab = self._lib.llama_model_get_vocab(self.model)
        if self._lib.llama_model_is_recurrent(self.model) or self._lib.llama_model_has_encoder(self.model):
            self.close()
            raise CheckpointError(
                f"{path.name} is recurrent or has an encoder; only decoder checkpoints with a KV cache are run here.",
                "Use a decoder checkpoint (Llama, Qwen, Gemma, SmolLM…).",
            )
        for adapter in active:  # llama.cpp wants them before any context is made
            self._load(adapter)

    def _load(self, adapter: Adapter) -> None:
        handle = self._lib.llama_adapter_lora_init(self.model, str(adapter.path).encode())
        if not handle:
            self.close()
            raise CheckpointError(
                f"llama.cpp can't load the adapter {show(str(adapter.path))}.",
                "Convert it again with a current llama.cpp.",
            )
        self._adapters.append((handle, adapter.scale))

    @property
    def adapted(self) -> bool:
        """Whether adapters are applied."""
        return bool(self._adapters)

    def adapt(self, context: int) -> None:
        """Apply the adapters in a context of llama.cpp."""
        count = len(self._adapters)
        if not count:
            return
        handles = (C.c_void_p * count)(*(handle for handle, _ in self._adapters))
        scales = (C.c_float * count)(*(scale for _, scale in self._adapters))
        if self._lib.llama_set_adapters_lora(context, handles, count, scales) != 0:
            raise CheckpointError("llama.cpp can't apply the adapters.", "Leave them out, or convert them again.")

    def meta(self, key: str) -> str:
        """Return a metadata value as text; empty if the file doesn't have it."""
        size = self._lib.llama_model_meta_val_str(self.model, key.encode(), None, 0)
        if size < 0:
            return ""
        buffer = C.create_string_buffer(size + 1)
        self._lib.llama_model_meta_val_str(self.model, key.encode(), buffer, size + 1)
        return buffer.value.decode("utf-8", "replace")

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The tokens' bytes and kinds."""
        lib, vocab = self._lib, self._vocab
        size = lib.llama_vocab_n_tokens(vocab)
        control = frozenset(i for i in range(size) if lib.llama_vocab_is_control(vocab, i))
        pieces = tuple(b"" if i in control else self._piece(i) for i in range(size))
        ends = frozenset(i for i in range(size) if lib.llama_vocab_is_eog(vocab, i))
        return Vocabulary(pieces, ends, control, self.tokenise)

    def _piece(self, token: int) -> bytes:
        buffer = C.create_string_buffer(64)
        size = self._lib.llama_token_to_piece(self._vocab, token, buffer, 64, 0, False)
        if size < 0:
            buffer = C.create_string_buffer(-size)
            size = self._lib.llama_token_to_piece(self._vocab, token, buffer, -size, 0, False)
        return buffer.raw[:size]

    def tokenise(self, text: str, special: bool = False) -> list[int]:
        """Return the tokens of *text*; markers in it are read as special tokens only if *special*."""
        raw = text.encode("utf-8", "replace")
        room = len(raw) + 8
        out = (C.c_int32 * room)()
        count = self._lib.llama_tokenize(self._vocab, raw, len(raw), out, room, False, special)
        if count < 0:
            raise CheckpointError(f"The tokeniser of {self.path.name} refuses the text.", "Use another checkpoint.")
        return list(out[:count])

    @cached_property
    def layout(self) -> Layout:
        """How this checkpoint lays out a turn of chat."""
        return layout_of((self._lib.llama_model_chat_template(self.model, None) or b"").decode("utf-8", "replace"))

    def read(self, prompt: Prompt) -> list[int]:
        """Return the tokens of *prompt*, laid out, with the beginning-of-sequence token where the file asks for it."""
        begin, bos = self._lib.llama_vocab_get_add_bos(self._vocab), self._lib.llama_vocab_bos(self._vocab)
        tokens = tokens_of(prompt, self.layout if prompt.user else plain, self.tokenise, [bos] if begin else [])
        return tokens or [max(bos, 0)]  # an empty prompt: something must come first

    def close(self) -> None:
        """Free the memory."""
        if self.model:  # its adapters go with it
            self._lib.llama_model_free(self.model)
            self.model = None
