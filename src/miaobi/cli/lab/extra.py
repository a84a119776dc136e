"""What a verb says where the extra ``lab`` isn't installed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

_Verb = TypeVar("_Verb", bound=Callable[..., Any])
_PACKAGES = frozenset(
    {"numba", "gensim", "scipy", "tokenizers", "torch", "transformers", "safetensors", "music21", "onnx", "onnxruntime"}
)


def needing_lab(verb: _Verb) -> _Verb:
    """Return *verb* with a missing package of the extra told as what to install."""

    @functools.wraps(verb)
    def told(*given: Any, **named: Any) -> Any:
        try:
            return verb(*given, **named)
        except ModuleNotFoundError as error:
            if error.name is None or error.name.partition(".")[0] not in _PACKAGES:
                raise
            from miaobi.errors import UnsupportedError

            raise UnsupportedError(
                f"This needs the package {error.name}, which isn't here.", "Install it: pip install 'miaobi[lab]'"
            ) from None

    return told  # type: ignore[return-value]
