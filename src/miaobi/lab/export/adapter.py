"""The adapter of a LoRA run as a GGUF file, as llama.cpp's converter writes them: see ``engines.adapter``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from miaobi.engines.disk import explained, settle
from miaobi.engines.requantise import finish
from miaobi.lab.export.gguf import ARCHITECTURES, tensor_name
from miaobi.nets.lora import adapters
from miaobi.nets.storage import kind_of


def write_adapter(net: Any, alpha: float, path: Path, name: str) -> None:
    """Write A and B of every adapted layer of *net*; llama.cpp applies them at α/r, as the net does."""
    import gguf

    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with explained(path.parent, path.name):
        try:
            writer = gguf.GGUFWriter(part, ARCHITECTURES[kind_of(net)])
            writer.add_type("adapter")
            writer.add_string("adapter.type", "lora")
            writer.add_float32("adapter.lora.alpha", alpha)
            writer.add_string("general.name", name)
            for place, layer in adapters(net).items():
                tensor = tensor_name(f"{place}.weight")
                writer.add_tensor(f"{tensor}.lora_a", layer.a.detach().numpy())  # (r, in)
                writer.add_tensor(f"{tensor}.lora_b", layer.b.detach().numpy())  # (out, r)
            finish(writer)
            settle(part, path)
        finally:
            part.unlink(missing_ok=True)
