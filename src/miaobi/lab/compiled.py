"""Loops that numba compiles to machine code on first use and keeps on the disk: no compiler to install.

They run without Python's lock, so that threads share the work. ``fast`` lets additions be regrouped, which makes
sums run on all lanes of the processor: the same on one kind of processor, a last bit different on another.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

_Loop = TypeVar("_Loop", bound=Callable[..., Any])


def compiled(*, fast: bool = False, inline: bool = False) -> Callable[[_Loop], _Loop]:
    """Compile a function of numbers and arrays; it keeps its type."""
    options = {"fastmath": fast, "error_model": "numpy", "inline": "always" if inline else "never"}
    return cast(Callable[[_Loop], _Loop], numba.njit(cache=True, nogil=True, **options))
