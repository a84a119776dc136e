"""LoRA: nothing is changed at first, only the adapters learn, and merged they compute the same; so does llama.cpp."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.lab

from miaobi.engines.adapter import Adapter  # noqa: E402
from miaobi.engines.llamacpp import LlamaCpp  # noqa: E402
from miaobi.lab.export.adapter import write_adapter  # noqa: E402
from miaobi.lab.export.gguf import write_gguf  # noqa: E402
from miaobi.lab.export.vocabulary import rows  # noqa: E402
from miaobi.lab.training import Recipe, optimiser  # noqa: E402
from miaobi.nets.lora import adapt, adapters, merged  # noqa: E402
from miaobi.nets.transformer import Transformer, TransformerShape  # noqa: E402
from miaobi.types import Prompt  # noqa: E402
from tests.lab import vocabularies  # noqa: E402


def base(vocabulary: int = 30) -> Transformer:
    torch.manual_seed(2)
    return Transformer(TransformerShape(vocabulary, context=48, width=32, layers=2, heads=4, kv_heads=2)).eval()


def test_adapters_change_nothing_at_first_and_learn_alone() -> None:
    net, tokens = base(), torch.randint(0, 30, (3, 9))
    made = adapt(net, 4, 8.0, seed=1)
    torch.testing.assert_close(made(tokens)[0], net(tokens)[0])
    before = {name: weight.clone() for name, weight in made.named_parameters()}
    for _ in range(3):
        made.loss(tokens, tokens)[0].backward()
        for each in optimiser.build(made, Recipe(optimiser="adamw", rate=0.1)):
            each.step()
    changed = {name for name, weight in made.named_parameters() if not torch.equal(weight, before[name])}
    assert changed == {f"{name}.{half}" for name in adapters(made) for half in ("a", "b")}
    assert len(changed) == 2 * 7 * 2
    torch.testing.assert_close(merged(made)(tokens)[0], made.eval()(tokens)[0], atol=1e-4, rtol=1e-4)


def test_llama_cpp_applies_the_exported_adapter_as_the_net_does(tmp_path: Path) -> None:
    tokenizer = vocabularies.hanzi()
    net = base(rows(tokenizer))
    made = adapt(net, 4, 8.0, seed=1)
    with torch.no_grad():
        for layer in adapters(made).values():
            layer.b.normal_(std=0.3)
    write_gguf(net, tokenizer, tmp_path / "base.gguf")
    write_adapter(made, 8.0, tmp_path / "adapter.gguf", "manner")
    prompt, text = Prompt(prefix="The lamp"), " came home"
    tokens = [tokenizer.encode(t, add_special_tokens=False).ids for t in ("The lamp", text)]
    with torch.no_grad():
        logits = made.eval()(torch.tensor([tokens[0] + tokens[1]]))[0][0].log_softmax(-1)
    own = [float(logits[len(tokens[0]) + i - 1, t]) for i, t in enumerate(tokens[1])]
    with LlamaCpp(tmp_path / "base.gguf", context=48, threads=1, adapters=[Adapter(tmp_path / "adapter.gguf")]) as e:
        np.testing.assert_allclose(e.score(prompt, [text])[0], own, atol=0.1)  # its values are kept in Q8_0
    with LlamaCpp(tmp_path / "base.gguf", context=48, threads=1) as plain:
        assert np.abs(np.array(plain.score(prompt, [text])[0]) - own).max() > 1
