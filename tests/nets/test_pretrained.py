"""The default checkpoint as a net of ours."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from miaobi.engines.opening import gguf_of  # noqa: E402
from miaobi.lab import adaptation, pretrained  # noqa: E402
from miaobi.lab.export import parity  # noqa: E402


@pytest.mark.lab
@pytest.mark.checkpoint
@pytest.mark.slow
def test_default_checkpoint_as_a_net_foretells_as_llama_cpp_does() -> None:
    file, about = gguf_of("smollm2-135m-instruct")
    net, known = pretrained.read_net(file), pretrained.CheckpointVocabulary(file)
    tokens = [
        known.bos,
        *known.encode("Call me Ishmael. Some years ago, never mind how long precisely, I went to sea."),
    ]
    with torch.inference_mode():
        own = float(net.loss(torch.tensor([tokens[:-1]]), torch.tensor([tokens[1:]]))[1])
    assert own == pytest.approx(parity.nats(file, [tokens]), rel=0.02)  # llama.cpp rounds activations to eight bits
    assert about.licence == "Apache-2.0"
    assert adaptation.vocabulary_of("smollm2-135m-instruct").encode("a b") == known.encode("a b")
