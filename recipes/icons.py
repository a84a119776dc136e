"""Icons: the net that draws glyphs from words, from the icons of npm's @mdi/svg to the GGUF file that miaobi ships.

path data ──▶ rings of lines and arcs on a grid, mirrored halves told once ──▶ a transformer in Llama's shape ──▶ GGUF

python recipes/icons.py            python recipes/icons.py --quick
"""

from __future__ import annotations

from pathlib import Path

from miaobi.craft.icon import likeness, stroke
from miaobi.craft.icon.measure import raster
from miaobi.lab.corpus import glyph, icon
from miaobi.lab.corpus.package import fetch
from step import card, miaobi, options, parsed, say, train


def cook() -> None:
    """Run the recipe."""
    given = parsed(options(__doc__ or "", "icons"))
    quick, out, name = given.quick, given.out, given.name

    say("The icons. Brands, letters and icons with badges are left out; what the grid doesn't hold is, too.")
    told, names, tokens = out / "told", out / "names", out / "tokens"
    archive = ("--archive", given.archive) if given.archive else ()
    licence = ("--licence", given.licence) if given.source else ()
    miaobi("lab", "corpus", given.source or "mdi-glyphs", "--out", told, *archive, *licence)
    miaobi("lab", "vocabulary", told, "--kind", "event", "--out", names)
    shares = ("--validation", 0.04, "--test", 0.06)  # variants of an icon fall on one side
    miaobi("lab", "tokens", told, names, "--out", tokens, *shares)

    say("The net. Each row begins with words: what it learns is which shapes go with them.")
    sizes = ("--width", 32, "--layers", 1, "--heads", 2) if quick else ("--width", 96, "--layers", 4, "--heads", 3)
    pace = ("--steps", 40, "--batch", 2, "--warmup", 4) if quick else ("--steps", 500, "--batch", 16, "--warmup", 20)
    more = ("--dropout", 0.05, "--context", 64 if quick else 128, "--packed")
    train(name, tokens, names, *sizes, *pace, *more, "--corpus", told, "--lang", "en,zh", "--threads", given.threads)

    say("Its loss beside a 5-gram's on icons that it never saw.")
    card(name, out, "--length", 60 if quick else 90, "--samples", 4 if quick else 20, "--temperature", 0.9)

    say("A file for llama.cpp. The form draws with it: miaobi compose icon “a house” --engine FILE")
    miaobi("lab", "export", name, "--out", out / f"{name}.gguf", "--type", "F32" if quick else "Q8_0")

    if not given.source:
        say("The tables: every icon as pixels, to tell copies; the outlines that were learnt, with their words.")
        tables(out, Path(given.archive) if given.archive else None)


def tables(out: Path, archive: Path | None) -> None:
    """Write what the form reads beside the net: ``craft/data/icons.npz`` and ``icon_strokes.txt.gz``."""
    pictures = {d.id: raster(d.text, likeness.SIDE, "nonzero") for d in icon.open_icons(archive=archive).read()}
    out.joinpath("icons.npz").write_bytes(likeness.packed(pictures))
    uses = glyph.strokes(glyph.icons(archive or fetch(icon.PACKAGE)))
    out.joinpath("icon_strokes.txt.gz").write_bytes(stroke.written(uses))


if __name__ == "__main__":
    cook()
