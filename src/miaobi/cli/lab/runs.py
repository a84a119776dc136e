"""``miaobi lab runs``, ``generate``, ``export``: what has been trained, what it writes, files for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from miaobi.cli.lab.extra import needing_lab

if TYPE_CHECKING:
    from miaobi.engines.run import Run

_Run = Annotated[str, typer.Argument(metavar="RUN", help="The name of a run, or its folder.")]


def register(app: typer.Typer) -> None:
    """Put the verbs into *app*."""
    app.command()(runs)
    app.command()(needing_lab(generate))
    app.command()(needing_lab(export))


def runs(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """List the runs of this machine."""
    from miaobi.cli.terminal import table, tell, tell_json
    from miaobi.engines import run as run_folder

    found = run_folder.runs()
    if as_json:
        tell_json(
            {
                "folder": str(run_folder.runs_folder()),
                "runs": [{"name": r.name, "finished": r.finished, **r.record} for r in found],
            }
        )
        return
    if not found:
        tell("No run yet. Train one: miaobi lab train NAME TOKENS VOCABULARY")
        return
    cells = [
        [
            r.name,
            str(r.record["net"]),
            f"{r.record['parameters']:,}",
            str(r.record["corpus"]["name"]),
            f"{r.record['outcome']['best']['validation']:.4f}" if r.finished else "unfinished",
            str(r.record["licence"]),
        ]
        for r in found
    ]
    table(["run", "net", "parameters", "corpus", "held-out loss", "licence"], cells)


def generate(
    run: _Run,
    prompt: Annotated[str, typer.Option(help="How the text begins.")] = "",
    length: Annotated[int, typer.Option(min=1, help="Tokens at most.")] = 100,
    n: Annotated[int, typer.Option(min=1, help="How many texts.")] = 1,
    temperature: Annotated[float, typer.Option(min=0, help="0: the likeliest token each time.")] = 0.8,
    seed: Annotated[int, typer.Option(help="The same seed gives the same text.")] = 0,
) -> None:
    """Let a run write: its engine is the one of `compose --engine lab:RUN`."""
    from miaobi.cli.terminal import tell
    from miaobi.engines import open_engine
    from miaobi.types import Prompt, Request, Sampling, write

    engine = open_engine(f"lab:{run}")
    try:
        sampling = Sampling(temperature=temperature)
        for candidate in write(engine, Request(Prompt(prefix=prompt), length, seed, n, sampling)):
            tell(prompt + candidate.text)
    finally:
        engine.close()


def export(
    run: _Run,
    out: Annotated[Path, typer.Option(metavar="PATH", help="A .gguf file, a folder for Hugging Face, an .onnx file.")],
    kind: Annotated[str, typer.Option("--type", help="Of a .gguf file: F32, Q8_0 or Q4_0.")] = "F32",
    fixed: Annotated[
        int, typer.Option(min=0, help="Of an .onnx file: tokens read at once, for a converter that needs fixed shapes.")
    ] = 0,
) -> None:
    """Export a run: GGUF for llama.cpp (of an adapted checkpoint its adapter), a folder for Hugging Face, or ONNX.

    ONNX is for recurrent nets, the others are for transformers.
    """
    from miaobi.cli.terminal import tell
    from miaobi.engines.run import find
    from miaobi.errors import UnsupportedError
    from miaobi.lab import session
    from miaobi.nets import storage

    found = find(run)
    if found.record.get("checkpoint"):
        _copy_adapter(found, out)
        return
    if found.record["net"] in storage.OTHERS.values():
        raise UnsupportedError(
            f"No format here holds a net like that of {found.name} ({found.record['net']}).",
            "Its folder: net.safetensors.",
        )
    recurrent = found.record["net"] not in storage.DECODERS
    if recurrent != (out.suffix.lower() == ".onnx"):
        raise UnsupportedError(
            f"{found.name} is a {found.record['net']}, which can't be exported as {out.name}.",
            f"miaobi lab export {found.name} --out {found.name}.onnx"
            if recurrent
            else "A .gguf file, or a folder for Hugging Face.",
        )
    if recurrent:
        difference = session.export_onnx(found, out, fixed)
        tell(f"{out}: onnxruntime's numbers differ from the net's by {difference:.2g} at most")
        return
    if out.suffix.lower() == ".gguf":
        difference = session.export_gguf(found, out, kind)
        tell(f"{out}: its logits differ from the net's by {difference:.2g} at most")
        return
    from miaobi.lab.export.huggingface import write_folder
    from miaobi.lab.export.vocabulary import tokenizer_of

    write_folder(storage.load(found.folder), tokenizer_of(found.folder), out, found.begin)
    tell(f"{out}: AutoModelForCausalLM.from_pretrained reads it")


def _copy_adapter(run: Run, out: Path) -> None:
    import shutil

    from miaobi.cli.terminal import tell
    from miaobi.engines.disk import explained
    from miaobi.engines.run import ADAPTER
    from miaobi.errors import UnsupportedError

    if out.suffix.lower() != ".gguf":
        raise UnsupportedError(
            f"{run.name} is an adapter on {run.record['base']}: it is exported as a .gguf file.",
            f"miaobi lab export {run.name} --out {run.name}.gguf",
        )
    with explained(out.parent, out.name):
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(run.folder / ADAPTER, out)
    tell(f"{out}: an adapter for {run.record['checkpoint']['name']}, as llama.cpp's --lora reads it")
