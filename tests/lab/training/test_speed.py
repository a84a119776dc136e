"""What a token of training costs, by the formula, and what the machine can do."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.lab

from miaobi.lab.training import speed  # noqa: E402
from miaobi.nets.lora import adapt  # noqa: E402
from miaobi.nets.storage import build  # noqa: E402


def test_operations_of_a_token_are_those_that_torch_counts_but_for_the_attention() -> None:
    from torch.utils.flop_counter import FlopCounterMode

    net = build("transformer", {"vocabulary": 64, "context": 32, "width": 32, "layers": 2, "heads": 4})
    tokens = torch.randint(0, 64, (3, 32))
    with FlopCounterMode(display=False) as counted:
        net.loss(tokens, tokens)[0].backward()
    plain = speed.operations(net, 0)
    products = sum(counted.get_flop_counts()["Global"][op] for op in counted.get_flop_counts()["Global"]
                   if "mm" in str(op))  # fmt: skip
    # 3 · 2 operations a weight and token; torch leaves out nothing but what needs no gradient
    assert products == pytest.approx(plain * tokens.numel(), rel=0.02)
    assert speed.operations(net, 32) - plain == 6 * 2 * 32 * 32


def test_frozen_weights_cost_two_thirds_and_the_peak_is_a_speed() -> None:
    net = build("transformer", {"vocabulary": 64, "context": 32, "width": 32, "layers": 2, "heads": 4})
    learnt = sum(w.numel() for w in adapt(net, 2, 4.0, 0).parameters() if w.requires_grad)
    assert speed.operations(adapt(net, 2, 4.0, 0), 0) == pytest.approx(speed.operations(net, 0) * 2 / 3 + 6 * learnt)
    assert 1e8 < speed.peak() < 1e14
