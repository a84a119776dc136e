"""Checkpoints with random weights that tests make: GPT-2 with byte-level BPE, Llama with a SentencePiece-like one."""

from __future__ import annotations

from pathlib import Path

TEXT = [
    "the keeper of the light wrote a letter to the sea",
    "春眠不觉晓，处处闻啼鸟",
    "the sea wrote back, and the keeper read it",
] * 4


def gpt2(folder: Path) -> Path:
    """Write a two-layer GPT-2 to *folder*."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

    fast = Tokenizer(models.BPE())
    fast.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    fast.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=340, special_tokens=["<|end|>"], initial_alphabet=alphabet, show_progress=False
    )
    fast.train_from_iterator(TEXT, trainer)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=fast, eos_token="<|end|>", bos_token="<|end|>")
    torch.manual_seed(1)
    size = len(tokenizer) + 4  # padded, as many are
    config = GPT2Config(
        vocab_size=size, n_positions=256, n_embd=32, n_layer=2, n_head=4, eos_token_id=0, bos_token_id=0
    )
    return _save(GPT2LMHeadModel(config), tokenizer, folder)


def llama(folder: Path) -> Path:
    """Write a two-layer Llama with grouped heads to *folder*; a beginning token comes before every prompt."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    fast = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    fast.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    fast.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    special = ["<unk>", "<s>", "</s>", *(f"<0x{i:02X}>" for i in range(256))]
    trainer = trainers.BpeTrainer(vocab_size=360, special_tokens=special, show_progress=False)
    fast.train_from_iterator(TEXT, trainer)
    plain = Tokenizer.from_str(fast.to_str())
    fast = _with_plain_bytes(plain)
    fast.post_processor = processors.TemplateProcessing("<s> $A", special_tokens=[("<s>", 1)])
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=fast, bos_token="<s>", eos_token="</s>", unk_token="<unk>")
    torch.manual_seed(2)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=256,
        bos_token_id=1,
        eos_token_id=2,
    )
    return _save(LlamaForCausalLM(config), tokenizer, folder)


def _with_plain_bytes(fast: object) -> object:
    """Make the byte tokens ordinary ones: the trainer knows no other way to put them into the vocabulary."""
    import json

    from tokenizers import Tokenizer

    state = json.loads(fast.to_str())  # type: ignore[attr-defined]
    state["added_tokens"] = [t for t in state["added_tokens"] if not t["content"].startswith("<0x")]
    return Tokenizer.from_str(json.dumps(state))


def _save(net: object, tokenizer: object, folder: Path) -> Path:
    net.save_pretrained(folder)  # type: ignore[attr-defined]
    tokenizer.save_pretrained(folder)  # type: ignore[attr-defined]
    return folder
