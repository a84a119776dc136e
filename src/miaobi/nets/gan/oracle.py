"""Oracle: an LSTM with weights from N(0, 1) plays the language, so that every text's true likelihood is known.

Yu et al. 2017, section 5 ("Synthetic data experiments"). A generator learns from texts that the oracle drew, and two
numbers in nats a token tell how well:

    NLL_oracle = -E[log p_oracle(x)], x drawn from the generator     quality: low when it says what the oracle would
    NLL_test   = -E[log p_generator(x)], x drawn from the oracle     diversity: high when it has lost some of it

Either alone can be made low by a worthless generator: one text said again and again, or noise spread over everything.
"""

from __future__ import annotations

import torch

from miaobi.nets.gan.generator import LSTMGenerator, TextShape


class Oracle(LSTMGenerator):
    """The language of *seed*; it is never trained."""

    def __init__(self, shape: TextShape, seed: int = 0) -> None:
        super().__init__(shape)
        chance = torch.Generator().manual_seed(seed)
        for name, weight in self.named_parameters():
            torch.nn.init.normal_(weight, generator=chance)
            if name == "cell.bias_hh_l0":
                torch.nn.init.zeros_(weight)  # torch adds two biases where a cell has one; two would be N(0, 2)
            weight.requires_grad_(False)
