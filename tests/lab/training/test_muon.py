"""Muon's direction against the singular value decomposition, and its step against the formula."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.lab

from miaobi.lab.training import optimiser  # noqa: E402
from miaobi.lab.training.muon import Muon, orthogonal  # noqa: E402
from miaobi.lab.training.recipe import Recipe  # noqa: E402
from tests.lab.training import toy  # noqa: E402


@pytest.mark.parametrize("shape", [(8, 8), (24, 8), (8, 24)])
def test_direction_has_singular_values_near_one_and_the_vectors_of_the_gradient(shape: tuple[int, int]) -> None:
    torch.manual_seed(0)
    given = torch.randn(3, *shape)
    found = orthogonal(given)
    assert found.dtype == torch.float32
    values = torch.linalg.svdvals(found)
    assert 0.6 < values.min() <= values.max() < 1.3
    u, _, v = torch.linalg.svd(given, full_matrices=False)
    turned = u.transpose(-2, -1) @ found @ v.transpose(-2, -1)  # diagonal if the vectors are the same
    assert (turned - torch.diag_embed(turned.diagonal(dim1=-2, dim2=-1))).abs().max() < 1e-4


def test_step_is_that_of_the_formula() -> None:
    torch.manual_seed(0)
    weight = torch.nn.Parameter(torch.randn(6, 3))
    before, gradient = weight.detach().clone(), torch.randn(6, 3)
    muon = Muon([weight], lr=0.1, momentum=0.9, weight_decay=0.5)
    weight.grad = gradient.clone()
    muon.step()
    momentum = 0.1 * gradient
    ahead = 0.1 * gradient + 0.9 * momentum
    expected = before * (1 - 0.1 * 0.5) - 0.1 * 2**0.5 * orthogonal(ahead[None])[0]
    torch.testing.assert_close(weight.detach(), expected)


@pytest.mark.parametrize("kind", ["transformer", "lstm"])
@pytest.mark.parametrize("chosen", ["muon", "adamw"])
def test_every_weight_is_trained_by_exactly_one_optimiser(kind: str, chosen: str) -> None:
    net = toy.net(kind)
    made = optimiser.build(net, Recipe(optimiser=chosen))  # type: ignore[arg-type]
    trained = [id(w) for each in made for group in each.param_groups for w in group["params"]]
    assert sorted(trained) == sorted(id(w) for w in net.parameters())  # type: ignore[attr-defined]
