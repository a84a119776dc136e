"""Recurrent nets: cells against the formulas, one dropout mask through time, attention that sees no future."""

from __future__ import annotations

import math
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.lab

from miaobi.errors import BriefError  # noqa: E402
from miaobi.nets.attention import LOOKS  # noqa: E402
from miaobi.nets.pointer import CachePointer, pointed_loss  # noqa: E402
from miaobi.nets.recurrent import CELLS, Recurrent, RecurrentShape  # noqa: E402
from miaobi.nets.regularisation import Locked, dropped_weights, dropped_words  # noqa: E402


def toy(cell: Any = "lstm", **more: Any) -> Recurrent:
    torch.manual_seed(1)
    return Recurrent(RecurrentShape(cell, 13, **{"width": 8, "hidden": 12, "layers": 2} | more)).eval()


def by_hand(cell: str, layer: Any, x: Any) -> Any:
    """One layer by the formulas in the module's docstring, step by step; gates in torch's order."""
    w, u, b, d = layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0, layer.bias_hh_l0
    h = c = torch.zeros(x.shape[0], layer.hidden_size)
    out = []
    for t in range(x.shape[1]):
        from_input, from_past = x[:, t] @ w.T + b, h @ u.T + d
        if cell == "rnn":
            h = torch.tanh(from_input + from_past)
        elif cell == "gru":
            (ri, zi, ni), (rh, zh, nh) = from_input.chunk(3, 1), from_past.chunk(3, 1)
            r, z = torch.sigmoid(ri + rh), torch.sigmoid(zi + zh)
            h = (1 - z) * torch.tanh(ni + r * nh) + z * h
        else:
            i, f, g, o = (from_input + from_past).chunk(4, 1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
        out.append(h)
    return torch.stack(out, 1)


@pytest.mark.parametrize("cell", CELLS)
def test_net_computes_the_formulas(cell: str) -> None:
    net, tokens = toy(cell), torch.randint(0, 13, (2, 6))
    with torch.no_grad():
        x = net.embedding(tokens)
        for layer in net.cells:
            x = by_hand(cell, layer, x)
        torch.testing.assert_close(net(tokens)[0], x @ net.embedding.weight.T + net.bias, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("look", LOOKS)
def test_text_read_in_parts_gives_the_same_logits_and_no_token_sees_the_future(cell: str, look: str) -> None:
    net, tokens = toy(cell, look=look), torch.randint(0, 13, (2, 9))
    other = tokens.clone()
    other[:, 6:] = (other[:, 6:] + 1) % 13
    with torch.no_grad():
        whole = net(tokens)[0]
        first, state = net(tokens[:, :4])
        rest, _ = net(tokens[:, 4:], state)
        changed = net(other)[0]
    torch.testing.assert_close(torch.cat((first, rest), 1), whole, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(changed[:, :6], whole[:, :6], atol=1e-6, rtol=1e-6)
    assert not torch.allclose(changed[:, 6:], whole[:, 6:])


@pytest.mark.parametrize("look", ["additive", "multiplicative"])
def test_attention_is_a_distribution_over_the_past_within_its_window(look: str) -> None:
    torch.manual_seed(0)
    attention = LOOKS[look](8)
    attention.window = 3
    keys = torch.randn(2, 7, 8)
    weights = attention.weights(torch.randn(2, 5, 8), keys)  # five now, two before
    torch.testing.assert_close(weights.sum(-1), torch.ones(2, 5))
    for t in range(5):
        seen = (weights[0, t] > 0).nonzero().flatten().tolist()
        assert seen == [s for s in range(7) if 0 <= 2 + t - s < 3]


@pytest.mark.parametrize("cell", CELLS)
def test_memory_holds_what_was_said_before_each_token_beside_that_token(cell: str) -> None:
    net, tokens = toy(cell, look="additive"), torch.randint(0, 13, (2, 6))
    with torch.no_grad():
        _, bare, state = net.read(tokens, net.start(2))
        keys, values = state[-1].chunk(2, -1)
        torch.testing.assert_close(values, net.embedding(tokens))
        torch.testing.assert_close(keys[:, 1:], bare[:, :-1])
        assert keys[:, 0].abs().sum() == 0  # nothing was said before the first
        state = net.read(tokens[:, :1], state)[2]
        torch.testing.assert_close(state[-1][:, -1, : bare.shape[-1]], bare[:, -1])


@pytest.mark.parametrize("look", ["additive", "multiplicative"])
def test_attention_learns_to_say_what_followed_before(look: str) -> None:
    torch.manual_seed(0)
    net = toy("lstm", look=look)
    optimiser = torch.optim.AdamW(net.parameters(), 0.01)
    for _ in range(300):  # six letters by chance, said twice: what comes the second time is known from the first
        tokens = torch.randint(0, 13, (16, 6)).repeat(1, 2)
        loss = torch.nn.functional.cross_entropy(net(tokens[:, :-1])[0][:, 6:].flatten(0, 1), tokens[:, 7:].flatten())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert loss.item() < 1.0  # of 2.56 for a guess


def test_locked_dropout_holds_one_mask_through_time_and_draws_another_for_each_row() -> None:
    torch.manual_seed(0)
    dropped = Locked(0.5).train()(torch.ones(6, 40, 30))
    assert torch.equal(dropped, dropped[:, :1].expand_as(dropped))
    assert len({tuple(row.tolist()) for row in dropped[:, 0]}) == 6
    assert set(dropped.unique().tolist()) == {0.0, 2.0}
    assert Locked(0.5).eval()(torch.ones(2, 3, 4)).eq(1).all()


def test_word_dropout_drops_whole_words_and_scales_the_rest() -> None:
    torch.manual_seed(0)
    tokens = torch.randint(0, 50, (40, 50))
    rows = dropped_words(torch.ones(40, 50, 5), tokens, 50, 0.25)
    assert torch.equal(rows, rows[..., :1].expand_as(rows))
    kept = {int(token): {float(value) for value in rows[..., 0][tokens == token]} for token in tokens.unique()}
    assert all(len(values) == 1 for values in kept.values())  # a word is dropped everywhere or nowhere
    assert 0.1 < sum(0.0 in values for values in kept.values()) / len(kept) < 0.4
    assert math.isclose(float(rows.max()), 1 / 0.75, rel_tol=1e-6)


def test_weight_drop_is_what_the_kernel_runs_with_and_its_gradient_reaches_the_whole_weight() -> None:
    torch.manual_seed(0)
    cell, x = torch.nn.LSTM(5, 6, batch_first=True), torch.randn(2, 4, 5)
    whole = cell(x)[0]
    with dropped_weights(cell, "weight_hh_l0", 0.5):
        used = cell._flat_weights[1].detach().clone()
        dropped = cell(x)[0]
    dropped.sum().backward()
    share = float((used == 0).float().mean())
    assert 0.3 < share < 0.7
    assert not torch.allclose(whole, dropped)
    with torch.no_grad():
        other = torch.nn.LSTM(5, 6, batch_first=True)
        other.load_state_dict(cell.state_dict() | {"weight_hh_l0": used})
        torch.testing.assert_close(other(x)[0], dropped)
    gradient = cell.weight_hh_l0.grad
    assert gradient is not None
    assert gradient[used == 0].abs().sum() == 0
    assert gradient.abs().sum() > 0
    torch.testing.assert_close(cell(x)[0], whole)  # and after it the weight is whole again


def test_activity_penalties_are_those_of_the_formulas() -> None:
    net, tokens = toy(activity=2.0).train(), torch.randint(0, 13, (3, 7))
    objective, nll, _ = net.loss(tokens, tokens, None)
    with torch.no_grad():
        out, bare, _ = net.read(tokens, net.start(3))
        expected = 2.0 * out.square().mean() + 1.0 * (bare[:, 1:] - bare[:, :-1]).square().mean()
    torch.testing.assert_close(objective.detach() - nll, expected, atol=1e-5, rtol=1e-5)
    assert torch.equal(*net.eval().loss(tokens, tokens, None)[:2])  # nothing is added when it is judged


def test_cache_pointer_gives_more_to_what_followed_a_like_state_and_stays_a_distribution() -> None:
    pointer = CachePointer(vocabulary=5, window=4, sharpness=1.0, share=0.3)
    state, other = torch.tensor([3.0, 0.0]), torch.tensor([0.0, 3.0])
    even = torch.full((5,), 0.2)
    torch.testing.assert_close(pointer.mix(even, state), even)  # nothing is remembered yet
    pointer.remember(state, 4)
    pointer.remember(other, 1)
    mixed = pointer.mix(even, state)
    torch.testing.assert_close(mixed.sum(), torch.tensor(1.0))
    weight = math.exp(9) / (math.exp(9) + 1)
    assert math.isclose(float(mixed[4]), 0.7 * 0.2 + 0.3 * weight, rel_tol=1e-5)
    for token in (0, 0, 0, 0):
        pointer.remember(other, token)
    assert float(pointer.mix(even, state)[4]) == pytest.approx(0.7 * 0.2)  # out of the window, forgotten


def test_text_foretold_with_a_cache_of_no_share_is_foretold_as_by_the_net_and_repetition_gains_by_it() -> None:
    net, tokens = toy(), [3, 1, 4, 1, 5, 9, 2, 6] * 20
    alone = pointed_loss(net, tokens, CachePointer(13, share=0.0))
    with torch.no_grad():
        logits = net(torch.tensor([tokens[:-1]]))[0][0]
        expected = torch.nn.functional.cross_entropy(logits, torch.tensor(tokens[1:]))
    assert alone == pytest.approx(float(expected), rel=1e-5)
    few = [3, 3, 3, 1] * 40
    gain = pointed_loss(net, few, CachePointer(13, share=0.0)) - pointed_loss(net, few, CachePointer(13, share=0.5))
    assert gain > 0.8  # half of the mass on two tokens of thirteen


@pytest.mark.parametrize("wrong", [{"cell": "elman"}, {"look": "everywhere"}, {"layers": 0}, {"locked": 1.0}])
def test_shapes_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BriefError):
        RecurrentShape(**{"cell": "gru", "vocabulary": 9} | wrong)
