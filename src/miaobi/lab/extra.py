"""What the laboratory needs beyond the ordinary install, asked for before anything is begun."""

from __future__ import annotations

from importlib.util import find_spec

from miaobi.errors import UnsupportedError

_NEEDED = ("torch", "tokenizers", "safetensors")


def require() -> None:
    """Raise UnsupportedError where a package that nets need is missing."""
    missing = [name for name in _NEEDED if not _here(name)]
    if missing:
        raise UnsupportedError(
            f"Nets are trained and judged with {', '.join(missing)}, which isn't installed here.",
            "Install the laboratory: pip install 'miaobi[lab]'",
        )


def _here(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ValueError:  # a module that was set aside
        return False
