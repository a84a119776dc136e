"""Is there text enough for the net? By tokens per parameter.

Rules and their sources:
- 20 tokens a parameter are where more compute is as well spent on more text as on a larger net (Hoffmann et al. 2022,
  "Training Compute-Optimal Large Language Models", tables 2 and 3; fitted on nets of 70 million parameters and more).
- Text read up to 4 times is worth nearly what as much new text is; from about 16 times on reading again brings next to
  nothing (Muennighoff et al. 2023, "Scaling Data-Constrained Language Models", section 5).
So a corpus of U tokens serves a net of N parameters well when 4·U >= 20·N, somewhat when 16·U >= 20·N.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

TOKENS_A_PARAMETER = 20
WELL_REPEATED, USELESS_REPEATED = 4, 16


@dataclass(frozen=True)
class Sufficiency:
    """The verdict on *tokens* of distinct training text for a net of *parameters*."""

    tokens: int
    parameters: int
    unit: str = "tokens"  # or characters, which stand for tokens where no vocabulary is known

    @property
    def ratio(self) -> float:
        """Tokens a parameter."""
        return self.tokens / self.parameters

    @property
    def epochs(self) -> float:
        """How often the text would be read to reach 20 tokens a parameter."""
        return TOKENS_A_PARAMETER / self.ratio if self.tokens else math.inf

    @property
    def verdict(self) -> Literal["enough", "enough if read again", "scarce", "far too little"]:
        """What the rules say."""
        if self.epochs <= 1:
            return "enough"
        if self.epochs <= WELL_REPEATED:
            return "enough if read again"
        return "scarce" if self.epochs <= USELESS_REPEATED else "far too little"

    @property
    def largest(self) -> int:
        """The largest net, in parameters, that this text serves well when read four times."""
        return self.tokens * WELL_REPEATED // TOKENS_A_PARAMETER

    @property
    def advice(self) -> str:
        """One sentence: what to do."""
        largest, wanted = f"{self.largest:,} parameters", TOKENS_A_PARAMETER * self.parameters
        if self.verdict == "enough":
            return "The text is enough for this net, read once."
        if self.verdict == "enough if read again":
            return f"Read the text {math.ceil(self.epochs)} times: that costs little quality."
        if self.verdict == "far too little":
            return f"Take a net of {largest} or fewer, or find {wanted:,} tokens."
        return (
            f"The net will learn the text by heart before it has learnt enough: take one of {largest} or fewer, or "
            "more text; if neither, stop by the validation loss and use dropout."
        )
