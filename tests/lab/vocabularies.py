"""Small vocabularies of every kind that a GGUF file can hold, and text for each."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

ENGLISH = [
    "The keeper lit the lamp.",
    "Boats came home; two didn't.",
    "  Spaces, tabs\tand\nlines. 12,345 naïve cafés…",
]
CHINESE = ["春眠不觉晓，处处闻啼鸟。", "夜来风雨声，花落知多少。", "床前明月光 疑是地上霜"]
EVENTS = [f"NOTE_{p}" for p in range(55, 70)] + [f"TIME_{t}" for t in range(12)] + ["BAR", "BARLINE", "REST"]


def letters() -> Any:
    """Letters and hanzi, with bytes for what is unknown."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    known = ["<unk>", "<s>", "</s>", *(f"<0x{b:02X}>" for b in range(256)), *sorted(set("".join(ENGLISH + CHINESE)))]
    vocabulary = {text: i for i, text in enumerate(known)}
    made = Tokenizer(models.BPE(vocabulary, [], byte_fallback=True, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    made.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse()])
    made.add_special_tokens([AddedToken(t, special=True) for t in known[:3]])
    return made


def events() -> Any:
    """Names of notes and times between spaces, as ``lab vocabulary --kind event`` makes them."""
    return learnt("event", [" ".join(EVENTS)])


def hanzi() -> Any:
    """Letters and hanzi, as ``lab vocabulary --kind char`` makes them."""
    return learnt("char", [*ENGLISH, *CHINESE, "<>"])


def learnt(kind: Any, texts: list[str]) -> Any:
    """Return the tokenizer of a vocabulary that the laboratory learns."""
    from tokenizers import Tokenizer

    from miaobi.lab.vocabulary import learn

    with tempfile.TemporaryDirectory() as folder:
        learn(texts, kind, 400 if kind == "bpe" else 0).save(Path(folder))
        return Tokenizer.from_file(f"{folder}/tokenizer.json")


ALL = {
    "letters": (letters, ENGLISH + CHINESE),
    "bpe": (lambda: learnt("bpe", ENGLISH * 9 + CHINESE * 9), ENGLISH + CHINESE),
    "char": (hanzi, ENGLISH + CHINESE),
    "event": (events, [" ".join(EVENTS[i:] + EVENTS[:i]) + " " for i in range(3)]),
}
