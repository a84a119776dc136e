"""A tokenizer of the ``tokenizers`` library as the vocabulary inside a GGUF file, so that llama.cpp reads the same ids.

| tokenizer.json | GGUF's kind | how llama.cpp reads text | used for |
|---|---|---|---|
| BPE over bytes (ByteLevel) | gpt2 | splits by GPT-2's pattern, then merges by rank | words and their parts |
| BPE without merges, with bytes | llama | letter by letter; an unknown one as its UTF-8 bytes | letters, hanzi |
| WordLevel | rwkv | longest entry that fits, from the left | letters, words, hanzi |
| WordLevel split at spaces | rwkv, every entry with a space behind it | the same | events |

Other kinds are refused: they would be read into other ids without a word. What a WordLevel doesn't know is one <unk> a
letter or word there, and about one a byte in llama.cpp. A special token of rwkv begins with a byte that no text holds,
so that "<bos>" in a text is letters. llama.cpp (b11549) never ends reading a text that begins like an entry and goes on
otherwise, so every byte that an entry begins with gets an entry of its own: ``rows`` says how many a net needs in all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from miaobi.errors import UnsupportedError, show

_BLOCK = 64  # rows of an embedding are multiplied in blocks
NORMAL, UNKNOWN, CONTROL, UNUSED, BYTE = 1, 2, 3, 5, 6  # llama.cpp's kinds of tokens
_SPECIAL = {
    "begin": ("<bos>", "<s>", "<|bos|>", "<|begin|>", "<|endoftext|>"),
    "end": ("<eos>", "</s>", "<|eos|>", "<|end|>", "<|endoftext|>"),
    "unknown": ("<unk>", "<|unk|>"),
    "padding": ("<pad>", "<|pad|>"),
}


@dataclass(frozen=True)
class GgufVocabulary:
    """What the header says. ``special``: begin, end, unknown, padding → id, of those that there are."""

    kind: str
    tokens: tuple[str, ...]
    types: tuple[int, ...]
    special: dict[str, int]
    merges: tuple[str, ...] = ()
    scores: tuple[float, ...] = field(default=())
    splitting: str = "gpt-2"  # llama.cpp's name of the pattern by which a gpt2 kind parts text before merging

    def write(self, writer: Any) -> None:
        """Put the keys into a ``gguf.GGUFWriter``."""
        writer.add_tokenizer_model(self.kind)
        writer.add_token_list(list(self.tokens))
        writer.add_token_types(list(self.types))
        if self.kind == "gpt2":
            writer.add_tokenizer_pre(self.splitting)
            writer.add_token_merges(list(self.merges))
        if self.kind == "llama":
            writer.add_token_scores(list(self.scores))
            writer.add_add_space_prefix(False)
        adders = {
            "begin": writer.add_bos_token_id,
            "end": writer.add_eos_token_id,
            "unknown": writer.add_unk_token_id,
            "padding": writer.add_pad_token_id,
        }
        for name, token in self.special.items():
            adders[name](token)
        writer.add_add_bos_token("begin" in self.special)


def tokenizer_of(folder: Path) -> Any:
    """Return the ``tokenizers.Tokenizer`` in a folder: that of a run, or of `lab vocabulary`."""
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def special_tokens(tokenizer: Any) -> dict[str, int]:
    """Return the ids of the tokens that begin, end, stand for the unknown and pad, found by their usual names."""
    names = tokenizer.get_vocab(with_added_tokens=True)
    found = {what: next((names[n] for n in usual if n in names), None) for what, usual in _SPECIAL.items()}
    return {what: token for what, token in found.items() if token is not None}


def rows(tokenizer: Any) -> int:
    """Return how many rows a net's embedding gets for *tokenizer*: all tokens and what GGUF adds, in whole blocks."""
    size = int(tokenizer.get_vocab_size(with_added_tokens=True))
    return -(-(size + len(_beginnings(tokenizer))) // _BLOCK) * _BLOCK


def _beginnings(tokenizer: Any) -> list[int]:
    """Return the bytes that entries of a WordLevel begin with and that are no entry themselves."""
    state = json.loads(tokenizer.to_str())
    if _kind(state) != "rwkv":
        return []
    special = {token.content for token in tokenizer.get_added_tokens_decoder().values() if token.special}
    end = " " if spaced(state) else ""
    entries = {(text + end).encode() for text in tokenizer.get_vocab() if text not in special}
    return sorted({entry[0] for entry in entries} - {entry[0] for entry in entries if len(entry) == 1})


def translate(tokenizer: Any, size: int, begin: int | None) -> GgufVocabulary:
    """Return the vocabulary of *tokenizer* with *size* entries, as many as the net has; UnsupportedError if it can't.

    *begin*: the token that goes before every text, if the net was trained to see one there.
    """
    state = json.loads(tokenizer.to_str())
    kind = _kind(state)
    apart = spaced(state)
    special = {what: token for what, token in special_tokens(tokenizer).items() if what != "begin"}
    special |= {"begin": begin} if begin is not None else {}
    control = {token for token, added in tokenizer.get_added_tokens_decoder().items() if added.special}
    tokens, types = [f"<unused{i}>" for i in range(size)], [UNUSED] * size
    for text, token in tokenizer.get_vocab(with_added_tokens=True).items():
        if token >= size:
            raise UnsupportedError(
                f"The vocabulary has an entry {token} and the net only {size}.",
                "Export the net with its own vocabulary.",
            )
        tokens[token], types[token] = _spelled(kind, text + " " if apart else text), _type(kind, text)
        if token in control:
            tokens[token] = _never(kind, text)
            types[token] = UNKNOWN if token == special.get("unknown") else CONTROL
    _add_beginnings(tokenizer, tokens, types)
    for token, what in enumerate(types):
        if what == UNUSED:  # rows that pad the net: never drawn, never read
            tokens[token], types[token] = _never(kind, tokens[token]), CONTROL
    merges = tuple(m if isinstance(m, str) else " ".join(m) for m in state["model"].get("merges", ()))
    digits = '"Digits"' in json.dumps(state.get("pre_tokenizer") or {})  # each by itself: SmolLM's way
    scores = tuple(0.0 for _ in tokens)
    splitting = "smollm" if digits else "gpt-2"
    return GgufVocabulary(kind, tuple(tokens), tuple(types), special, merges, scores, splitting)


def _add_beginnings(tokenizer: Any, tokens: list[str], types: list[int]) -> None:
    wanted, free = _beginnings(tokenizer), [i for i, kind in enumerate(types) if kind == UNUSED]
    if len(free) < len(wanted):
        raise UnsupportedError(
            f"The net has {len(free)} rows to spare and {len(wanted)} are needed for this vocabulary in a GGUF file.",
            f"Train a net with a vocabulary of {rows(tokenizer)}, as miaobi lab train does of itself.",
        )
    for byte, token in zip(wanted, free, strict=False):
        tokens[token], types[token] = f"\\x{byte:02x}", CONTROL


def spaced(state: dict[str, Any]) -> bool:
    """Tell whether a tokenizer.json reads names between spaces, which its tokens don't hold."""
    return state["model"]["type"] == "WordLevel" and "Whitespace" in str(state.get("pre_tokenizer"))


def _kind(state: dict[str, Any]) -> str:
    model, splitter = state["model"], json.dumps(state.get("pre_tokenizer") or {})
    if model["type"] == "WordLevel":
        return "rwkv"
    if model["type"] == "BPE" and '"ByteLevel"' in splitter and '"Split"' not in splitter:
        return "gpt2"
    if model["type"] == "BPE" and model.get("byte_fallback") and not model.get("merges"):
        return "llama"
    raise UnsupportedError(
        f"A vocabulary of the kind {show(model['type'])} can't be written into a GGUF file with the same ids.",
        "Byte-level BPE, letters with bytes for the unknown, and lists of strings can; or export for Hugging Face.",
    )


def _never(kind: str, text: str) -> str:
    """Return how a token is spelled that no text may be read into."""
    return "\\xff" + text if kind == "rwkv" else text


def _spelled(kind: str, text: str) -> str:
    if kind == "rwkv":  # anything but plain ASCII as \xNN
        return "".join(chr(b) if 0x20 <= b < 0x7F and b != 0x5C else f"\\x{b:02x}" for b in text.encode())
    return text.replace(" ", "\u2581") if kind == "llama" else text


def _type(kind: str, text: str) -> int:
    return BYTE if kind == "llama" and len(text) == 6 and text.startswith("<0x") and text.endswith(">") else NORMAL
