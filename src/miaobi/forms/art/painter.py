"""Painter: a checkpoint of the user's that paints a picture in miaobi's stead, over a drawing or from words alone.

It is named as the catalog has it (`miaobi checkpoints add FOLDER`), never by a path: a brief that comes over the
network can't feel its way about the disk. What is painted becomes part of the work's content, since rendering is pure
and the checkpoint may be gone tomorrow.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from pydantic import BaseModel, ConfigDict, JsonValue

from miaobi.brief import clean_text
from miaobi.craft.looking.opening import Pixels, unheld
from miaobi.engines.entry import Entry
from miaobi.errors import BriefError, CheckpointError, show
from miaobi.findings import Finding
from miaobi.form import Desk

PAINTS: Final[dict[str, JsonValue]] = {"needs": "checkpoint"}  # of an option: it says nothing without that one
CHECKPOINT = "a checkpoint of yours that paints instead of miaobi: a name of `miaobi checkpoints list`"
STEPS = "of a checkpoint: steps, 1 to 150"
GUIDANCE = "of a checkpoint: how closely it follows the words, 0 to 30"
AVOID = "of a checkpoint: what it is to stay away from, in words"
_FLAT = 0.02  # of lightness: a picture that varies by less shows nothing


@dataclass(frozen=True)
class Commission:
    """What a checkpoint is asked for. ``keep``: how much of the drawing stays, 0–1; 0: words alone."""

    checkpoint: str
    prompt: str
    avoid: str
    steps: int
    guidance: float
    keep: float
    shape: float  # width to height


class Painted(BaseModel):
    """A finished painting, part of a work's content."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    picture: str  # a data: URL
    credit: str  # who made it, and how
    findings: tuple[Finding, ...]

    def pixels(self) -> Pixels:
        """Return the painting as it left the checkpoint."""
        return unheld(self.picture, "the painting")


def admit(checkpoint: str, steps: int, keep: float, avoid: str) -> None:
    """Refuse a checkpoint that isn't there, can't paint or would be left nothing to do. BriefError, CheckpointError."""
    from miaobi.nets import diffusion

    clean_text(avoid, "avoid", 1000)
    if not checkpoint:
        if avoid.strip():
            raise BriefError("Only a checkpoint can stay away from something.", "Add -o checkpoint=NAME.")
        return
    _found(checkpoint)
    if not diffusion.available():
        raise BriefError(
            "Painting by a checkpoint needs diffusers and torch, which aren't here.", "pip install 'miaobi[diffusion]'"
        )
    if keep and not diffusion.steps_left(steps, keep):
        raise BriefError(
            f"Of {steps} steps none is left where {keep:g} of the drawing stays.", "Ask for more steps, or keep less."
        )


def _found(checkpoint: str) -> tuple[Entry, Path]:
    """Return the catalog's entry and its folder, inspected."""
    from miaobi.engines import catalog, pipeline_folder

    entry = catalog.find(checkpoint)
    if not entry.paints:
        painters = ", ".join(e.name for e in catalog.entries() if e.paints) or "none yet"
        raise BriefError(
            f"{entry.title} writes text; it paints nothing.",
            f"Checkpoints that paint: {painters}. Add one: miaobi checkpoints add FOLDER",
        )
    folder = catalog.ensure(entry.name)
    pipeline_folder.weights(folder)
    return entry, folder


def paint(desk: Desk, wish: Commission, drawing: Pixels | None) -> Painted:
    """Let the checkpoint paint, once: a resumed job takes the picture from its journal."""

    def make() -> dict[str, Any]:
        from miaobi.engines import pipeline_folder
        from miaobi.nets import diffusion

        entry, folder = _found(wish.checkpoint)
        now = pipeline_folder.describe(folder)
        if now.sha256 != entry.sha256:
            raise CheckpointError(
                f"{show(entry.name)} has changed since it was added.",
                f"Add it anew: miaobi checkpoints remove {entry.name}, miaobi checkpoints add FOLDER",
            )
        seed = desk.seed("painting")
        asked = diffusion.Wish(wish.prompt, wish.avoid, wish.shape, wish.steps, wish.guidance, wish.keep, seed)
        done = diffusion.paint(folder, asked, drawing, lambda share: desk.say("painting", share))
        manner = {"scheduler": done.scheduler, "steps": wish.steps, "guidance": wish.guidance, "kept": wish.keep}
        desk.receipt(
            {"step": "painting", "checkpoint": entry.title, "sha256": now.sha256, "prompt": wish.prompt}
            | {"avoid": wish.avoid, "seed": seed, "threads": done.threads}
            | manner
        )
        card = {"name": entry.title, "sha256": now.sha256, "licence": entry.licence, "source": entry.source}
        return {
            "picture": _lossless(done.pixels),
            "cut": done.cut,
            "flat": bool(cv2.cvtColor(done.pixels, cv2.COLOR_RGB2GRAY).std() / 255 < _FLAT),
            "card": card | {"parameters": entry.parameters},
            "told": f"{done.scheduler}, {wish.steps} steps, guidance {wish.guidance:g}, seed {seed}",
        }

    made = desk.step("painting", make)
    card = made["card"]
    desk.use(card)
    told = f"{card['name']} ({card['licence']}): {made['told']}"
    credit = f"由检查点 {told} 绘制。" if desk.brief.language == "zh" else f"Painted by {told}."
    return Painted(picture=made["picture"], credit=credit, findings=_findings(made))


def _findings(made: dict[str, Any]) -> tuple[Finding, ...]:
    name = made["card"]["name"]
    found = [
        Finding(
            rule="painted-unseen",
            message=f"What {name} painted was not looked at: whether it shows what was asked for is for you to say.",
            severity="note",
        )
    ]
    if made["cut"]:
        told = f"The words are longer than {name} reads; it did not see the last of them."
        found.append(Finding(rule="prompt-cut", message=told, severity="note"))
    if made["flat"]:
        found.append(Finding(rule="flat", message=f"What {name} painted is nearly one colour."))
    return tuple(found)


def _lossless(pixels: Pixels) -> str:
    done, data = cv2.imencode(".png", pixels[:, :, ::-1])
    assert done
    return "data:image/png;base64," + base64.b64encode(data.tobytes()).decode()


def enlarged(pixels: Pixels, width: int, height: int) -> Pixels:
    """Return *pixels* filling *width* × *height*, cut where the shapes differ by a few rows."""
    scale = max(width / pixels.shape[1], height / pixels.shape[0])
    size = max(width, round(pixels.shape[1] * scale)), max(height, round(pixels.shape[0] * scale))
    large = cv2.resize(pixels, size, interpolation=cv2.INTER_LANCZOS4 if scale > 1 else cv2.INTER_AREA)
    top, left = (size[1] - height) // 2, (size[0] - width) // 2
    return np.ascontiguousarray(large[top : top + height, left : left + width])
