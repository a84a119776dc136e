"""miaobi 妙笔: a local-first creative studio built on language models. A brief goes in; a finished work comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Brief", "Work", "__version__", "compose", "engine", "forms"]

if TYPE_CHECKING:
    from miaobi.brief import Brief
    from miaobi.compose import compose
    from miaobi.engines import open_engine as engine
    from miaobi.forms import forms
    from miaobi.work import Work

_HOMES = {
    "Brief": ("miaobi.brief", "Brief"),
    "Work": ("miaobi.work", "Work"),
    "compose": ("miaobi.compose", "compose"),
    "engine": ("miaobi.engines", "open_engine"),
    "forms": ("miaobi.forms", "forms"),
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: ``import miaobi`` costs nothing (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'miaobi' has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
