"""Styles: manners that a LoRA adapter holds, by the name under which it lies in the user's data folder.

    runs/NAME/adapter.gguf    of a run that `miaobi lab train NAME … --base …` left: it goes onto that run or checkpoint
    styles/NAME.gguf          brought by the user: it goes onto the engine that was asked for, or the default one

``NAME@0.5`` is half as strong.
"""

from __future__ import annotations

from pathlib import Path

from miaobi.engines import run as run_folder
from miaobi.engines.entry import checkpoint_folder
from miaobi.engines.run import ADAPTER
from miaobi.errors import UnknownNameError, show


def styles_folder() -> Path:
    """Return the folder of adapters that the user brought, beside that of checkpoints."""
    return checkpoint_folder().parent / "styles"


def styled(spec: str, style: str) -> str:
    """Return the engine's *spec* with the adapter of *style* behind it; UnknownNameError says which styles there are.

    Where *spec* is empty and the style is a run's, its base is the engine.
    """
    name, at, scale = style.rpartition("@")
    if not at:
        name, scale = style, "1"
    found = _styles()
    if name not in found:
        raise UnknownNameError(
            f"There is no style {show(name)}.",
            f"These are here: {', '.join(found) or 'none yet'}. To train one: miaobi lab train NAME TOKENS "
            f"--base CHECKPOINT; or put a LoRA adapter at {styles_folder() / 'NAME.gguf'}",
        )
    path, base = found[name]
    return f"{spec or base}::lora={path}@{scale}"


def known(style: str) -> bool:
    """Tell whether *style*, as NAME or NAME@0.5, is the name of a style that is here."""
    found = _styles()
    return style in found or style.rpartition("@")[0] in found


def _styles() -> dict[str, tuple[Path, str]]:
    """Return of each style its file and the engine that it was made for ("": the default one)."""
    brought = {path.stem: (path, "") for path in sorted(styles_folder().glob("*.gguf"))}
    trained = {
        run.name: (
            run.folder / ADAPTER,
            run.record["base"] if run.record.get("checkpoint") else f"lab:{run.record['base']}",
        )
        for run in run_folder.runs()
        if run.finished and (run.folder / ADAPTER).is_file()
    }
    return brought | trained
