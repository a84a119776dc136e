"""A screenplay and its files: Fountain and FDX, both read and written."""

from __future__ import annotations

from miaobi.craft.screenplay.script import Element, Script, normal

__all__ = ["Element", "Script", "normal"]
