"""Vocabulary: from text to token numbers and back. Four kinds, all saved as Hugging Face tokenizers.

    kind    a token is                                   what it doesn't know
    char    one character (code point)                   <unk>
    word    a word, a Chinese character, a mark, a space  <unk>
    bpe     a piece of UTF-8 learnt by byte-pair encoding nothing: all of Unicode is known (Sennrich et al. 2016)
    event   a name between spaces, as in ``NOTE_60 BAR``  refused: an event that isn't known can't be played

Numbers 0 to 3 are <pad>, <unk>, <bos> and <eos>; none of them ever comes out of ``encode``'s text: a text that holds
"<bos>" is characters like any other. decode(encode(text)) is the text wherever ``unknown(text)`` is empty; of events,
the names with one space between.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

from miaobi.engines.disk import write_whole
from miaobi.errors import CorpusError, InputFileError, UnknownNameError, show
from miaobi.lab.disk import kept

Kind = Literal["char", "word", "bpe", "event"]
KINDS: tuple[Kind, ...] = get_args(Kind)
PAD, UNK, BOS, EOS = SPECIAL = ("<pad>", "<unk>", "<bos>", "<eos>")
_BYTES = 256
# a Chinese character or kana by itself; a run of other letters and digits; any other character by itself (Oniguruma)
_WORD = r"[\p{Han}\p{Hiragana}\p{Katakana}]|[\p{L}\p{M}\p{N}&&[^\p{Han}\p{Hiragana}\p{Katakana}]]+|[\s\S]"


class Vocabulary:
    """Token numbers of one kind. Immutable; made by ``learn`` or ``load``."""

    def __init__(self, tokenizer: Any, kind: Kind) -> None:
        self._tokenizer, self.kind = tokenizer, kind
        self._tokenizer.encode_special_tokens = True  # "<bos>" in a text is five characters
        self.pad, self.unk, self.bos, self.eos = (tokenizer.token_to_id(token) for token in SPECIAL)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self._tokenizer.to_str(), self.kind)  # so that it can travel to other processes

    @property
    def size(self) -> int:
        """How many tokens there are, the four special ones among them."""
        return int(self._tokenizer.get_vocab_size())

    def encode(self, text: str) -> list[int]:
        """Return the numbers of *text*, no <bos> and <eos>. What is unknown is ``unk``; an unknown event is refused."""
        numbers: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        if self.kind == "event" and self.unk in numbers:
            self._refuse(text)
        return numbers

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of *ids*, special tokens left out. CorpusError for a number that no token has."""
        for n in ids:
            if not 0 <= n < self.size:
                raise CorpusError(f"There is no token number {n}.", f"Numbers are 0 to {self.size - 1}.")
        return str(self._tokenizer.decode(list(map(int, ids)), skip_special_tokens=True))

    def token(self, number: int) -> str:
        """Return how a token is written in the vocabulary's file."""
        return str(self._tokenizer.id_to_token(number))

    def unknown(self, text: str) -> Counter[str]:
        """Return what of *text* has no token of its own, and how often."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        pairs = zip(encoding.ids, encoding.offsets, strict=True)
        return Counter(text[start:end] for n, (start, end) in pairs if n == self.unk)

    def _refuse(self, text: str) -> None:
        first = next(iter(self.unknown(text)))
        raise UnknownNameError(
            f"There is no event {show(first)} in this vocabulary.",
            f"It has {self.size - len(SPECIAL):,} events, learnt from a corpus; make one that holds this event too.",
        )

    def save(self, folder: Path) -> None:
        """Write tokenizer.json and tokenizer_config.json, as transformers' PreTrainedTokenizerFast reads them."""
        settings = {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "pad_token": PAD,
            "unk_token": UNK,
            "bos_token": BOS,
            "eos_token": EOS,
            "clean_up_tokenization_spaces": False,
            "split_special_tokens": True,
            "model_max_length": 1_000_000_000,
            "miaobi_kind": self.kind,
        }
        with kept(folder, "the vocabulary"):
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / "tokenizer.json", self._tokenizer.to_str(pretty=True).encode())
            write_whole(folder / "tokenizer_config.json", json.dumps(settings, indent=1).encode())

    @classmethod
    def load(cls, folder: Path) -> Vocabulary:
        """Read a vocabulary that ``save`` wrote. InputFileError says what is wrong."""
        from tokenizers import Tokenizer

        try:
            settings = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
            kind = settings.get("miaobi_kind")
            if kind not in KINDS:
                raise ValueError("it is of another program, or has no kind")
            tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8"))
            if any(tokenizer.token_to_id(token) is None for token in SPECIAL):
                raise ValueError("a special token is missing")
        except FileNotFoundError:
            raise InputFileError(
                f"There is no vocabulary at {show(str(folder))}.",
                "Make one: miaobi lab vocabulary CORPUS --kind char --out FOLDER",
            ) from None
        except Exception as error:  # tokenizers raises bare Exception
            raise InputFileError(f"{show(str(folder))} holds no vocabulary that can be read: {error}.") from error
        return cls(tokenizer, kind)


def _restored(text: str, kind: Kind) -> Vocabulary:
    from tokenizers import Tokenizer

    return Vocabulary(Tokenizer.from_str(text), kind)


def kind_of(name: str) -> Kind:
    """Return *name* as a kind; UnknownNameError says which there are."""
    for kind in KINDS:
        if kind == name:
            return kind
    raise UnknownNameError(f"There is no kind of vocabulary {show(name)}.", f"Known: {', '.join(KINDS)}.")


def learn(texts: Iterable[str], kind: Kind, size: int = 0) -> Vocabulary:
    """Learn a vocabulary of at most *size* tokens (0: 8,192 for bpe, all that occur for the others).

    The commonest are kept; ties go by code point, so the same texts give the same numbers. CorpusError when the texts
    hold nothing or the size is too small.
    """
    least = len(SPECIAL) + (_BYTES if kind == "bpe" else 1)
    if size and size < least:
        raise CorpusError(f"A {kind} vocabulary of {size} tokens is too small.", f"It has {least} or more.")
    return _learn_bpe(texts, size or 8192) if kind == "bpe" else _learn_listed(texts, kind, size)


def _learn_listed(texts: Iterable[str], kind: Kind, size: int) -> Vocabulary:
    from tokenizers import Tokenizer, decoders, models

    cut = _cutter(kind)
    counts: Counter[str] = Counter()
    for text in texts:
        if kind == "char":
            counts.update(text)
        else:
            counts.update(piece for piece, _ in cut.pre_tokenize_str(text))
    for token in SPECIAL:
        counts.pop(token, None)  # a special token has one number; as text it is unknown
    if not counts:
        raise CorpusError("The texts hold nothing to make a vocabulary of.", "Give a corpus with text.")
    ranked = sorted(counts, key=lambda token: (-counts[token], token))
    listed = [*SPECIAL, *ranked[: size - len(SPECIAL) if size else None]]
    tokenizer = Tokenizer(models.WordLevel({token: i for i, token in enumerate(listed)}, UNK))
    tokenizer.pre_tokenizer = cut
    if kind != "event":
        tokenizer.decoder = decoders.Fuse()
    tokenizer.add_special_tokens(list(SPECIAL))
    return Vocabulary(tokenizer, kind)


def _cutter(kind: Kind) -> Any:
    """Return what cuts a text into the tokens of *kind*."""
    from tokenizers import Regex, pre_tokenizers

    if kind == "event":
        return pre_tokenizers.WhitespaceSplit()
    return pre_tokenizers.Split(Regex(r"[\s\S]" if kind == "char" else _WORD), "isolated")


def _learn_bpe(texts: Iterable[str], size: int) -> Vocabulary:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    counted = _Counted(texts)
    tokenizer.train_from_iterator(counted, trainer)
    if not counted.characters:
        raise CorpusError("The texts hold nothing to make a vocabulary of.", "Give a corpus with text.")
    return Vocabulary(tokenizer, "bpe")


class _Counted:
    def __init__(self, texts: Iterable[str]) -> None:
        self._texts, self.characters = iter(texts), 0

    def __iter__(self) -> _Counted:
        return self

    def __next__(self) -> str:
        text = next(self._texts)
        self.characters += len(text)
        return text
