"""Three small vocabularies, one of each kind that a GGUF file can hold, and text for each."""

from __future__ import annotations

from typing import Any

ENGLISH = [
    "The keeper lit the lamp.",
    "Boats came home; two didn't.",
    "  Spaces, tabs\tand\nlines. 12,345 naïve cafés…",
]
CHINESE = ["春眠不觉晓，处处闻啼鸟。", "夜来风雨声，花落知多少。", "床前明月光 疑是地上霜"]
EVENTS = [f"<N{p}>" for p in range(55, 70)] + [f"<T{t}>" for t in range(8)] + ["<BAR>", "<REST>"]


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


def bytes_and_merges() -> Any:
    """Byte-level BPE."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=["<unk>", "<s>", "</s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(ENGLISH * 9 + CHINESE * 9, trainer)
    return made


def events() -> Any:
    """Names of notes and times, written one after another."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers

    known = ["<unk>", "<s>", "</s>", *EVENTS]
    made = Tokenizer(models.WordLevel({text: i for i, text in enumerate(known)}, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Split(Regex("<[^>]*>"), "isolated")
    made.decoder = decoders.Fuse()
    made.add_special_tokens([AddedToken(t, special=True) for t in known[:3]])
    return made


ALL = {"llama": (letters, ENGLISH + CHINESE), "gpt2": (bytes_and_merges, ENGLISH + CHINESE)}
ALL["rwkv"] = (events, ["".join(EVENTS[i:] + EVENTS[:i]) for i in range(3)])
