"""Diffusion: a picture from words, or from words and a drawing, by a pipeline of diffusers that the user has on disk.

Latent diffusion (Rombach et al. 2022), with a drawing as SDEdit does it (Meng et al. 2021): noise is laid over the
drawing up to a step, and taken away from there on. On the processor in float32, noise by a generator of its own, so
that a seed gives the same picture on the same machine. Nothing is fetched and no code of a folder's is run.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from miaobi.errors import CheckpointError, DraftError, show

Pixels = npt.NDArray[np.uint8]  # (height, width, 3), RGB
_STEP = 8  # px: sides are multiples of it


@dataclass(frozen=True)
class Wish:
    """What is to be painted. ``shape``: width to height; ``keep``: how much of the drawing stays, 0–1."""

    prompt: str
    avoid: str
    shape: float
    steps: int
    guidance: float
    keep: float
    seed: int


@dataclass(frozen=True)
class Painting:
    """What was painted, and how: ``cut`` says whether the pipeline read less than the whole prompt, ``threads`` how
    many summed."""

    pixels: Pixels
    scheduler: str
    cut: bool
    threads: int


def available() -> bool:
    """Tell whether the libraries are installed."""
    return all(find_spec(name) is not None for name in ("diffusers", "torch", "transformers"))


def steps_left(steps: int, keep: float) -> int:
    """Return how many of *steps* are painted where *keep* of a drawing stays, as diffusers counts them."""
    return min(int(steps * (1 - keep)), steps)


def size_of(side: int, shape: float) -> tuple[int, int]:
    """Return width and height of *shape* with as many pixels as a square of *side*, multiples of 8."""
    wide, tall = side * shape**0.5, side / shape**0.5
    return max(_STEP, round(wide / _STEP) * _STEP), max(_STEP, round(tall / _STEP) * _STEP)


def paint(folder: Path, wish: Wish, drawing: Pixels | None, told: Callable[[float], None]) -> Painting:
    """Return the picture that the pipeline in *folder*, inspected before, makes of *wish*, over *drawing* if given.

    It is as large as the pipeline was trained for. *told* hears the share done after each step, and may raise to stop
    it. CheckpointError where the folder can't be loaded.
    """
    import torch

    pipe, generator = _loaded(folder, over=drawing is not None), torch.Generator("cpu").manual_seed(wish.seed % 2**63)
    side = int(pipe.unet.config.sample_size) * int(pipe.vae_scale_factor)
    width, height = size_of(side, wish.shape)
    many = steps_left(wish.steps, wish.keep) if drawing is not None else wish.steps

    def after(_: Any, step: int, __: Any, values: dict[str, Any]) -> dict[str, Any]:
        told(min(1.0, (step + 1) / max(1, many)))
        return values

    given: dict[str, Any] = {
        "prompt": wish.prompt,
        "negative_prompt": wish.avoid or None,
        "num_inference_steps": wish.steps,
        "guidance_scale": wish.guidance,
        "generator": generator,
        "output_type": "np",
        "callback_on_step_end": after,
    }
    if drawing is None:
        given |= {"width": width, "height": height}
    else:
        given |= {"image": _tensor(drawing, width, height), "strength": 1 - wish.keep}
    with _quiet(), torch.inference_mode():
        cut = len(pipe.tokenizer(wish.prompt).input_ids) > pipe.tokenizer.model_max_length
        out = pipe(**given)
    if any(getattr(out, "nsfw_content_detected", None) or ()):
        raise DraftError(
            "The checkpoint's own safety checker withheld the picture.", "Try another seed (--seed) or other words."
        )
    image = np.nan_to_num(np.asarray(out.images[0], np.float32))
    pixels = np.asarray(255 * np.clip(image, 0, 1) + 0.5).astype(np.uint8)
    return Painting(pixels, type(pipe.scheduler).__name__, cut, torch.get_num_threads())


def _tensor(drawing: Pixels, width: int, height: int) -> Any:
    """Return a drawing as diffusers takes it: (1, 3, height, width) float32, 0–1."""
    import torch

    small = cv2.resize(drawing, (width, height), interpolation=cv2.INTER_AREA)
    return torch.from_numpy(np.ascontiguousarray(small.transpose(2, 0, 1)[None])).to(torch.float32) / 255


def _loaded(folder: Path, *, over: bool) -> Any:
    """Return the pipeline, for painting over a drawing where *over*."""
    with _quiet():
        import diffusers
        import torch

        half = any((folder / "unet").glob("*.fp16.*")) and not any(
            ".fp16" not in file.name for file in (folder / "unet").glob("*.safetensors")
        )
        kind = diffusers.AutoPipelineForImage2Image if over else diffusers.AutoPipelineForText2Image
        try:
            pipe = kind.from_pretrained(
                str(folder),
                local_files_only=True,
                use_safetensors=True,
                dtype=torch.float32,
                variant="fp16" if half else None,
            )
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, ImportError, AttributeError) as error:
            reason = str(error).strip().splitlines() or [type(error).__name__]
            raise CheckpointError(
                f"diffusers can't load {show(folder.name)}: {reason[0]}", "Get the whole folder again."
            ) from error
        pipe.set_progress_bar_config(disable=True)
    return pipe


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' hints (torchvision, accelerate) and their progress bars to themselves."""
    from diffusers.utils import logging as of_diffusers
    from transformers.utils import logging as of_transformers

    loggers = (of_diffusers, of_transformers)
    before = [logger.get_verbosity() for logger in loggers]
    for logger in loggers:
        logger.set_verbosity_error()
        logger.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # what a next version of diffusers will ask of a folder
            yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.set_verbosity(level)
            logger.enable_progress_bar()
