"""Chorales: the net that sets a hymn in four voices, from Bach's chorales in music21's corpus to the GGUF file that
miaobi ships.

MusicXML ──▶ four voices on a grid of sixteenths, the tonic C ──▶ a beat at a time, with and without voices that are
known beforehand ──▶ a transformer in Llama's shape ──▶ GGUF

python recipes/chorales.py            python recipes/chorales.py --quick
"""

from __future__ import annotations

from step import card, miaobi, options, parsed, say, train


def cook() -> None:
    """Run the recipe."""
    given = parsed(options(__doc__ or "", "chorales"))
    quick, out, name = given.quick, given.out, given.name

    say("The settings. They are read from the installed package; most were made by Margaret Greentree.")
    told, names, tokens = out / "told", out / "names", out / "tokens"
    source = given.source or "music21-chorales"
    miaobi("lab", "corpus", source, "--out", told, *(("--limit", 120) if quick else ()))
    miaobi("lab", "vocabulary", told, "--kind", "event", "--out", names)
    shares = ("--validation", 0.05, "--test", 0.2)  # settings of one melody fall on one side
    miaobi("lab", "tokens", told, names, "--out", tokens, *shares)

    say("The net. Of four rows one is a setting, one has its melody known, one other voices, one a gap.")
    sizes = ("--width", 32, "--layers", 1, "--heads", 2) if quick else ("--width", 192, "--layers", 4, "--heads", 3)
    pace = ("--steps", 40, "--batch", 2, "--warmup", 4) if quick else ("--steps", 400, "--batch", 6, "--warmup", 30)
    more = ("--dropout", 0.1, "--context", 64 if quick else 1024, "--packed")
    train(name, tokens, names, *sizes, *pace, *more, "--corpus", told, "--lang", "en,zh", "--threads", given.threads)

    say("Its loss beside a 5-gram's on settings that it never saw.")
    card(name, out, "--length", 60 if quick else 600, "--samples", 4 if quick else 10, "--temperature", 0.9)

    say("A file for llama.cpp. The form writes with it: miaobi compose chorale “Evening” --engine FILE")
    miaobi("lab", "export", name, "--out", out / f"{name}.gguf", "--type", "F32" if quick else "Q8_0")


if __name__ == "__main__":
    cook()
