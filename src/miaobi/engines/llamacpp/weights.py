"""Weights: a GGUF file loaded by llama.cpp, with its tokeniser, vocabulary and metadata."""

from __future__ import annotations

import ctypes as C
from functools import cached_property
from pathlib import Path

from miaobi.decoding.vocabulary import Vocabulary
from miaobi.engines.chat import Layout, layout_of, plain, tokens_of
from miaobi.engines.llamacpp.library import library
from miaobi.errors import CheckpointError, InputFileError
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

    def __init__(self, path: Path) -> None:
        admit(path)
        self._lib = library()
        self.path = path
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
        if self.model:
            self._lib.llama_model_free(self.model)
            self.model = None
