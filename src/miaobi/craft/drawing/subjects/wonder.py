"""What is seen seldom: a rainbow, a ghost."""

from __future__ import annotations

import numpy as np

from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.shape import limb, oval


def ghost(pen: Pen) -> None:
    """Draw a ghost in a sheet, hovering."""
    turn = np.linspace(0, np.pi, 12)
    top = np.stack([0.30 * np.cos(turn), 0.66 + 0.32 * np.sin(turn)], 1)
    hem = [(-0.36, 0.12), (-0.26, 0.20), (-0.16, 0.08), (-0.04, 0.19), (0.08, 0.06), (0.20, 0.18), (0.32, 0.10)]
    pen.glow(0.0, 0.55, 0.75, "#e8f0f4", 0.35)
    pen.fill(np.concatenate([top, np.array(hem)]), "#eef1f0", 0.7, "cloth", opacity=0.9, smooth=True)
    pen.fill(
        limb([(0.10 * pen.side, 0.86, 0.04), (0.20 * pen.side, 0.60, 0.06), (0.22 * pen.side, 0.26, 0.03)]),
        "#ffffff",
        1.0,
        "cloth",
        opacity=0.7,
    )
    for x in (0.0, 0.15):
        pen.fill(oval(x, 0.74, 0.040, 0.060), "#26282c", 0.1, "cloth")
    pen.fill(oval(0.08, 0.60, 0.035, 0.050), "#26282c", 0.1, "cloth")


def rainbow(pen: Pen) -> None:
    """Draw a rainbow, 1 high and 2 wide."""
    for k, tone in enumerate(("#c8503c", "#dc8a3c", "#e6cf5a", "#6aa85a", "#4f86b8", "#6a5aa0")):
        turn = np.linspace(0, np.pi, 40)
        out, within = 1.0 - 0.028 * k, 1.0 - 0.028 * (k + 1.15)
        ring = np.concatenate(
            [
                np.stack([out * np.cos(turn), out * np.sin(turn)], 1),
                np.stack([within * np.cos(turn), within * np.sin(turn)], 1)[::-1],
            ]
        )
        pen.shine(ring, tone, opacity=0.55)
