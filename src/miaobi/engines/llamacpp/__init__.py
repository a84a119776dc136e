"""llama.cpp as an engine: raw C API with logits (``engine``), and the wheel's server as fallback (``server``)."""

from miaobi.engines.llamacpp.engine import LlamaCpp

__all__ = ["LlamaCpp"]
