"""Our decoder against Hugging Face's, against itself token by token, and its gradients against finite differences."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.lab

from miaobi.errors import BriefError  # noqa: E402
from miaobi.lab.export.huggingface import to_huggingface  # noqa: E402
from miaobi.nets.transformer import Cache, Transformer, TransformerShape  # noqa: E402

TOY = TransformerShape(vocabulary=41, context=32, width=24, layers=2, heads=6, kv_heads=2)


def toy(shape: TransformerShape = TOY) -> Transformer:
    torch.manual_seed(3)
    return Transformer(shape).eval()


@pytest.mark.parametrize("kv_heads", [6, 3, 2, 1])
def test_logits_equal_those_of_hugging_face_llama(kv_heads: int) -> None:
    sizes = {"vocabulary": 41, "context": 32, "width": 24, "layers": 2, "heads": 6, "kv_heads": kv_heads}
    net = toy(TransformerShape(**sizes, rope_base=500.0, epsilon=1e-3))
    tokens = torch.randint(0, 41, (3, 20))
    with torch.no_grad():
        ours, _ = net(tokens)
        theirs = to_huggingface(net)(input_ids=tokens).logits
    torch.testing.assert_close(ours, theirs, atol=2e-5, rtol=1e-5)
    assert ours.std() > 0.1  # equal because both compute, not because both are flat


def test_gradients_equal_finite_differences() -> None:
    net = toy(TransformerShape(vocabulary=5, context=4, width=4, layers=1, heads=2, kv_heads=1, hidden=6)).double()
    tokens, targets = torch.tensor([[1, 3, 0, 2]]), torch.tensor([[3, 0, 2, 4]])
    names = [name for name, _ in net.named_parameters()]

    def loss(*weights: torch.Tensor) -> torch.Tensor:
        logits, _ = torch.func.functional_call(net, dict(zip(names, weights, strict=True)), (tokens,))
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())

    assert torch.autograd.gradcheck(loss, tuple(net.parameters()))


@pytest.mark.parametrize("cut", [(1,) * 20, (7, 1, 12), (19, 1)])
def test_text_read_in_parts_through_the_cache_gives_the_same_logits(cut: tuple[int, ...]) -> None:
    net, tokens, cache = toy(), torch.randint(0, 41, (2, 20)), Cache()
    with torch.no_grad():
        whole, _ = net(tokens)
        parts = []
        for part in tokens.split(list(cut), 1):
            logits, cache = net(part, cache)
            parts.append(logits)
    torch.testing.assert_close(torch.cat(parts, 1), whole, atol=1e-5, rtol=1e-5)
    assert cache.length == 20


def test_no_token_sees_what_comes_after_it() -> None:
    net, tokens = toy(), torch.randint(0, 41, (1, 12))
    other = tokens.clone()
    other[0, 7:] = (other[0, 7:] + 1) % 41
    with torch.no_grad():
        one, two = net(tokens)[0], net(other)[0]
    torch.testing.assert_close(one[:, :7], two[:, :7], atol=0, rtol=0)
    assert not torch.allclose(one[:, 7:], two[:, 7:])


def test_more_tokens_than_the_context_are_refused() -> None:
    with pytest.raises(BriefError, match="made for 32"):
        toy()(torch.zeros(1, 33, dtype=torch.long))


@pytest.mark.parametrize("sizes", [{"heads": 5}, {"heads": 8}, {"kv_heads": 4}, {"layers": 0}])
def test_sizes_that_do_not_fit_are_refused(sizes: dict[str, int]) -> None:
    with pytest.raises(BriefError):
        TransformerShape(**{"vocabulary": 9, "width": 24, "heads": 6} | sizes)
