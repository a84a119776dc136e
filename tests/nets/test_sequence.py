"""Our encoder–decoder against torch's, its gradients against finite differences, its masks, its formulas."""

from __future__ import annotations

import math
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.lab

from miaobi.errors import BriefError  # noqa: E402
from miaobi.nets.sequence import (  # noqa: E402
    PADDING,
    EncoderDecoder,
    MultiHead,
    SequenceShape,
    positions,
    smoothed,
    warmed,
)

SIZES: dict[str, Any] = {"vocabulary": 11, "context": 16, "width": 12, "layers": 2, "heads": 3, "hidden": 20}
SOURCE = torch.tensor([[3, 4, 5, 6, 2], [7, 8, 2, 0, 0]])
TARGET = torch.tensor([[1, 6, 5, 4], [1, 8, 7, 2]])


def toy(**more: Any) -> EncoderDecoder:
    torch.manual_seed(4)
    return EncoderDecoder(SequenceShape(**SIZES | more)).eval()


def reference(net: EncoderDecoder) -> Any:
    """torch.nn.Transformer with the weights of *net*; its attention's biases are 0 as torch leaves them."""
    shape, pre = net.shape, net.shape.norm == "pre"
    args = (shape.width, shape.heads, shape.layers, shape.layers, shape.hidden)
    how: dict[str, Any] = {"dropout": 0.0, "norm_first": pre, "batch_first": True}
    layer = torch.nn.TransformerEncoderLayer(shape.width, shape.heads, shape.hidden, **how)
    encoder = torch.nn.TransformerEncoder(layer, shape.layers, enable_nested_tensor=False)
    theirs = torch.nn.Transformer(*args, custom_encoder=encoder, **how).eval()
    theirs.encoder.norm, theirs.decoder.norm = net.encoder_norm, net.decoder_norm  # identities when norms are post
    layers = [
        *zip(net.encoder, theirs.encoder.layers, strict=True),
        *zip(net.decoder, theirs.decoder.layers, strict=True),
    ]
    for ours, other in layers:
        kinds = [(ours.attention, other.self_attn)]
        if ours.cross is not None:
            kinds.append((ours.cross, other.multihead_attn))
        for mine, its in kinds:
            its.in_proj_weight.data = torch.cat((mine.q.weight, mine.k.weight, mine.v.weight)).detach()
            its.out_proj.weight.data = mine.out.weight.detach()
        other.linear1.load_state_dict(ours.feed.up.state_dict())
        other.linear2.load_state_dict(ours.feed.down.state_dict())
        for i, norm in enumerate(ours.norms, 1):
            getattr(other, f"norm{i}").load_state_dict(norm.state_dict())
    return theirs


@pytest.mark.parametrize("norm", ["post", "pre"])
def test_outputs_equal_those_of_torch_with_padding_and_causal_masks(norm: str) -> None:
    net = toy(norm=norm)
    for weight in net.parameters():  # norms that are 1 and biases that are 0 would hide an exchange
        weight.data += 0.1 * torch.randn_like(weight)
    hidden = SOURCE == PADDING
    causal = torch.ones(4, 4, dtype=torch.bool).triu(1)
    with torch.no_grad():
        out = reference(net)(
            net._embed(SOURCE),
            net._embed(TARGET),
            tgt_mask=causal,
            src_key_padding_mask=hidden,
            memory_key_padding_mask=hidden,
        )
        theirs = torch.nn.functional.linear(out, net.embedding.weight)
        ours = net(SOURCE, TARGET)
    assert ours.shape == (2, 4, 11)
    assert ours.std() > 0.1
    torch.testing.assert_close(ours, theirs, atol=2e-5, rtol=1e-5)


@pytest.mark.parametrize("norm", ["post", "pre"])
def test_gradients_equal_finite_differences(norm: str) -> None:
    sizes = {"vocabulary": 5, "context": 4, "width": 4, "layers": 1, "heads": 2, "hidden": 3}
    torch.manual_seed(0)
    net = EncoderDecoder(SequenceShape(**sizes, dropout=0.0, norm=norm)).double()
    source, target = torch.tensor([[3, 4, 2, 0]]), torch.tensor([[1, 4, 3, 2]])
    names = [name for name, _ in net.named_parameters()]

    def loss(*weights: torch.Tensor) -> torch.Tensor:
        logits = torch.func.functional_call(net, dict(zip(names, weights, strict=True)), (source, target[:, :-1]))
        return smoothed(logits, target[:, 1:], 0.1)

    assert torch.autograd.gradcheck(loss, tuple(net.parameters()), fast_mode=True)


def test_no_target_token_sees_what_follows_and_no_token_sees_padding() -> None:
    net = toy()
    with torch.no_grad():
        before = net(SOURCE, TARGET)
        changed = TARGET.clone()
        changed[:, 2] = 9
        after = net(SOURCE, changed)
        longer = net(torch.nn.functional.pad(SOURCE, (0, 3)), TARGET)
    assert torch.equal(before[:, :2], after[:, :2])
    assert not torch.allclose(before[:, 2], after[:, 2])
    torch.testing.assert_close(before, longer, atol=1e-5, rtol=1e-5)


def test_attention_of_one_head_is_the_paper_s_formula() -> None:
    attention = MultiHead(4, 1)
    for part in (attention.q, attention.k, attention.v, attention.out):
        part.weight.data = torch.eye(4)
    x = torch.randn(1, 3, 4)
    expected = (x @ x.transpose(1, 2) / 2).softmax(-1) @ x  # √d = 2
    torch.testing.assert_close(attention(x, x, torch.ones(3, 3, dtype=torch.bool)), expected)


def test_positions_and_rate_are_the_paper_s() -> None:
    table = positions(50, 8)
    assert table[7, 3].item() == pytest.approx(math.cos(7 / 10_000 ** (2 / 8)), abs=1e-6)
    assert table[7, 4].item() == pytest.approx(math.sin(7 / 10_000 ** (4 / 8)), abs=1e-6)
    assert warmed(4000, 512) == pytest.approx(512**-0.5 * 4000**-0.5)  # the two lines meet at the end of warm-up
    assert warmed(2000, 512) == pytest.approx(warmed(4000, 512) / 2)
    assert warmed(16_000, 512) == pytest.approx(warmed(4000, 512) / 2)


def test_smoothed_loss_equals_torch_s_and_leaves_padding_out() -> None:
    logits, targets = torch.randn(2, 5, 11), torch.tensor([[3, 4, 5, 2, 0], [6, 2, 0, 0, 0]])
    theirs = torch.nn.functional.cross_entropy(
        logits.flatten(0, 1), targets.flatten(), ignore_index=PADDING, label_smoothing=0.1
    )
    torch.testing.assert_close(smoothed(logits, targets, 0.1), theirs)


def test_sizes_that_do_not_fit_are_refused_with_the_next_step() -> None:
    with pytest.raises(BriefError, match="multiple of the heads"):
        SequenceShape(vocabulary=11, width=10, heads=3)
    with pytest.raises(BriefError, match="made for 16"):
        toy()(torch.full((1, 17), 3), TARGET[:1])
