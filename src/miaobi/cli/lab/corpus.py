"""Verbs of the laboratory: corpus."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Put the verbs into *app*."""
