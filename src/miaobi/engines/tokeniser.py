"""A tokenizer.json of the Hugging Face ``tokenizers`` library as decoding needs it: the bytes of every token.

| decoder in the file | how a token is spelled | its bytes |
|---|---|---|
| ByteLevel (GPT-2, Llama 3, Qwen) | each byte as a letter of the table below | looked up |
| Metaspace, or Replace ▁ with a space (Llama 2, Gemma) | ▁ for a space, ``<0x0A>`` for a byte | UTF-8 |
| Fuse alone or with ByteFallback (letters, words, hanzi of the laboratory) | as it is, ``<0x0A>`` for a byte | UTF-8 |
| none, split at spaces (events of the laboratory) | as it is | UTF-8 and a space |

GPT-2's table: printable Latin-1 stands for itself, the other bytes in rising order for U+0100 and on.
"""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import Any

from miaobi.decoding.vocabulary import Vocabulary
from miaobi.errors import CheckpointError, show

_BYTE = re.compile(r"<0x([0-9A-Fa-f]{2})>")


def byte_letters() -> dict[str, int]:
    """Return which byte each letter of a byte-level token stands for."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [b for b in range(256) if b not in plain]
    return {chr(b): b for b in plain} | {chr(0x100 + i): b for i, b in enumerate(others)}


class Tokeniser:
    """Reads and spells tokens. *fast*: a ``tokenizers.Tokenizer``; *width*: rows of logits, which may be padded."""

    def __init__(self, fast: Any, width: int, ends: frozenset[int]) -> None:
        self._fast, self._width, self._ends = fast, width, ends
        state = json.loads(fast.to_str())
        kinds = json.dumps(state.get("decoder") or {}, ensure_ascii=False)
        self._apart = state["model"]["type"] == "WordLevel" and "Whitespace" in str(state.get("pre_tokenizer"))
        self._byte_level = '"ByteLevel"' in kinds
        self._marked = '"Metaspace"' in kinds or "\u2581" in kinds
        if not self._byte_level and not self._marked and '"Fuse"' not in kinds and not self._apart:
            raise CheckpointError(
                f"The tokenizer's decoder is of a kind that miaobi can't spell out: {show(kinds)}.",
                "Checkpoints with a byte-level or a SentencePiece vocabulary can be used; or take it as a .gguf file.",
            )

    def read(self, text: str, special: bool = False) -> list[int]:
        """Return the tokens of *text*; markers in it are read as special tokens only if *special*."""
        self._fast.encode_special_tokens = not special
        tokens = list(self._fast.encode(text, add_special_tokens=False).ids)
        return self._without_space(tokens, text) if self._marked else tokens

    def _without_space(self, tokens: list[int], text: str) -> list[int]:
        """Undo the space that SentencePiece puts before a text: what is read here goes on from other text."""
        pieces = self.vocabulary.pieces
        if not tokens or text.startswith(" ") or not pieces[tokens[0]].startswith(b" "):
            return tokens
        rest = pieces[tokens[0]][1:]
        if not rest:
            return tokens[1:]
        head = [self._by_bytes[rest]] if rest in self._by_bytes else [self._by_bytes[bytes([b])] for b in rest]
        return [*head, *tokens[1:]]

    @cached_property
    def _by_bytes(self) -> dict[bytes, int]:
        return {piece: token for token, piece in reversed([*enumerate(self.vocabulary.pieces)])}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The tokens' bytes and kinds."""
        pieces = [b""] * self._width
        control = set(self._ends)
        added = self._fast.get_added_tokens_decoder()
        letters = byte_letters()
        for text, token in self._fast.get_vocab(with_added_tokens=True).items():
            if token >= self._width:
                continue
            if token in added:
                control |= {token} if added[token].special else set()
                pieces[token] = b"" if added[token].special else text.encode()
            elif self._byte_level:
                pieces[token] = bytes(letters[c] for c in text) if all(c in letters for c in text) else text.encode()
            else:
                match = _BYTE.fullmatch(text)
                plain = text.replace("\u2581", " ") if self._marked else text
                pieces[token] = bytes([int(match[1], 16)]) if match else (plain + " " * self._apart).encode()
        for token in control:
            pieces[token] = b""
        return Vocabulary(tuple(pieces), self._ends, frozenset(control), self.read)
