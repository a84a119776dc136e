"""LlamaServer: the wheel's own in-process server as an engine, for builds whose C API fails its self-test.

It is a black box (see ``openai_compatible`` for what it is held to and what it refuses: automata, Lark, conjunctions,
scoring), and its texts are not the C API's: the same seed gives the same text from this engine only. The server opens a
port whether asked or not: it is bound to the loopback address and answers only to a key made at random.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from miaobi.engines.adapter import Adapter, adapted
from miaobi.engines.openai_compatible import OpenAICompatible
from miaobi.errors import EngineError, UnsupportedError, show
from miaobi.types import Checkpoint, Floats, Prompt


def start(
    path: Path, context: int, threads: int, key: str, adapters: Sequence[Adapter] = (), embedding: bool = False
) -> Any:
    """Start a server on the loopback address and return it; it stops when it is freed."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.api_keys = [key] if key else []
    params.n_ctx, params.n_parallel = context, 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.verbosity = -1
    params.embedding = embedding
    if embedding:
        params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(a.path), a.scale) for a in adapters if a.scale]
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        raise EngineError(f"llama.cpp's server can't run {show(str(path))}: {error}.", "Try another file.") from error


class LlamaServer(OpenAICompatible):
    """An engine for one GGUF file behind the wheel's server."""

    def __init__(
        self,
        path: Path,
        *,
        checkpoint: Checkpoint | None = None,
        context: int = 4096,
        threads: int | None = None,
        adapters: Sequence[Adapter] = (),
    ) -> None:
        self._settings = {"path": path, "context": context, "threads": threads or 1, "adapters": adapters}
        known = adapted(checkpoint or Checkpoint(path.stem, source=path.name, context=context), adapters)
        key = secrets.token_urlsafe(24)
        self._box = start(**self._settings, key=key)  # type: ignore[arg-type]
        super().__init__(f"{self._box.listening_address}/v1", checkpoint=known, key=key)
        self.dialect = "llama.cpp"
        self._embedder: OpenAICompatible | None = None
        self._embedding_box: Any = None

    def score(self, prompt: Prompt, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Refuse: the server does not return log-probabilities of a given text."""
        raise UnsupportedError(
            "llama.cpp's server, which stands in for its C API here, can't score a given text.",
            "Install the pinned range of xllamacpp: pip install 'xllamacpp>=2026.10.11549,<2026.12'",
        )

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector a text, (len(texts), D) float32, from a second server that is started on first use."""
        if self._embedder is None:
            key = secrets.token_urlsafe(24)
            self._embedding_box = start(**self._settings, key=key, embedding=True)  # type: ignore[arg-type]
            self._embedder = OpenAICompatible(f"{self._embedding_box.listening_address}/v1", key=key)
        return self._embedder.embed(texts)

    def close(self) -> None:
        """Stop the servers."""
        super().close()
        if self._embedder is not None:
            self._embedder.close()
        self._box = self._embedding_box = self._embedder = None
