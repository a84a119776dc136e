"""Sampling by kind of text.

``prose`` was measured with SmolLM2-135M-Instruct: distinct-2 .88 and no loops, against .11 and four loops in five
for greedy and .53 for min-p .1. The others move it towards what their kind needs; they are choices, not measurements.
"""

from __future__ import annotations

from typing import Literal

from miaobi.types import Sampling

Kind = Literal["prose", "dialogue", "ideas", "verse", "summary", "strict"]

_DRY = {"dry_multiplier": 0.8, "dry_base": 1.75, "dry_allowed_length": 2}
PRESETS: dict[Kind, Sampling] = {
    "prose": Sampling(min_p=0.02, xtc_probability=0.5, xtc_threshold=0.1, **_DRY),  # type: ignore[arg-type]
    "dialogue": Sampling(min_p=0.03, xtc_probability=0.3, xtc_threshold=0.1, **_DRY),  # type: ignore[arg-type]
    "ideas": Sampling(min_p=0.02, temperature=1.2, xtc_probability=0.7, xtc_threshold=0.1),
    "verse": Sampling(min_p=0.03, xtc_probability=0.3, xtc_threshold=0.15, presence_penalty=0.2),
    "summary": Sampling(min_p=0.1, temperature=0.7, **_DRY),  # type: ignore[arg-type]
    "strict": Sampling(temperature=0.0),
}
