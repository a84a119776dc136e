"""Pipelines of diffusers too small to paint anything, with random weights: real folders in a second."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def _tokenizer(folder: Path) -> Any:
    """A CLIP tokenizer that knows single bytes, in GPT-2's spelling of them."""
    from transformers import CLIPTokenizer

    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in plain]
    letters = [chr(b) for b in plain] + [chr(256 + i) for i in range(len(others))]
    names = [*letters, *(f"{c}</w>" for c in letters), "<|startoftext|>", "<|endoftext|>"]
    folder.mkdir(parents=True)
    (folder / "vocab.json").write_text(json.dumps({name: i for i, name in enumerate(names)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    return CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=77)


def save(folder: Path, *, large: bool = False) -> Path:
    """Write a StableDiffusionPipeline (an XL one where *large*) that paints 64 × 64 px into *folder*; return it."""
    import torch
    from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
    from diffusers import StableDiffusionPipeline as Small
    from diffusers import StableDiffusionXLPipeline as Large
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    torch.manual_seed(0)
    tokenizer = _tokenizer(folder.with_name(f"{folder.name}-tokenizer"))
    size = len(tokenizer)
    config = CLIPTextConfig(
        vocab_size=size,
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        projection_dim=16,
        bos_token_id=size - 2,
        eos_token_id=size - 1,
    )
    more: dict[str, Any] = {}
    if large:  # it is told the sizes of its picture beside the words
        more = {
            "addition_embed_type": "text_time",
            "addition_time_embed_dim": 4,
            "projection_class_embeddings_input_dim": 6 * 4 + 16,
            "transformer_layers_per_block": 1,
        }
    unet = UNet2DConditionModel(
        sample_size=16,
        layers_per_block=1,
        block_out_channels=(8, 16),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=32 if large else 16,
        attention_head_dim=4,
        norm_num_groups=4,
        **more,
    )
    vae = AutoencoderKL(
        block_out_channels=(8, 8, 8),
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        norm_num_groups=4,
        sample_size=64,
    )
    noise = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}  # Stable Diffusion's own
    scheduler = DDIMScheduler(**noise, clip_sample=False, steps_offset=1)
    parts = {"vae": vae, "unet": unet, "scheduler": scheduler, "tokenizer": tokenizer}
    parts["text_encoder"] = CLIPTextModel(config)
    if large:
        second = CLIPTextModelWithProjection(config)
        pipe = Large(**parts, text_encoder_2=second, tokenizer_2=tokenizer, add_watermarker=False)
    else:
        pipe = Small(**parts, safety_checker=None, feature_extractor=None, requires_safety_checker=False)
    pipe.save_pretrained(folder)
    (folder / "README.md").write_text("---\nlicense: cc0-1.0\n---\nRandom weights.\n")
    return folder
