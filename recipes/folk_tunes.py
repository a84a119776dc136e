"""Folk tunes: the net that writes melodies with chords, from three old printed collections to the GGUF file that
miaobi ships.

tunes in ABC ──▶ without duplicates ──▶ on one root, with chords of ours, a bar an event, lengths as what they leave
of the bar ──▶ a transformer in Llama's shape ──▶ GGUF

python recipes/folk_tunes.py            python recipes/folk_tunes.py --quick
"""

from __future__ import annotations

from step import card, corpus, miaobi, options, parsed, say, train


def cook() -> None:
    """Run the recipe."""
    given = parsed(options(__doc__ or "", "folk-tunes"))
    quick, out, name = given.quick, given.out, given.name

    say("The tunes. Only the three folders of music21's corpus whose music is in the public domain are read.")
    licence = ("--licence", given.licence) if given.source else ()
    tunes = corpus(out, [given.source or "music21"], *licence, *(("--limit", 400) if quick else ()))

    say("Events. A tune that doesn't add up is left out; one that is another's variant stays on its side of the split.")
    told, names, tokens = out / "told", out / "names", out / "tokens"
    miaobi("lab", "melody", tunes, "--out", told)
    miaobi("lab", "vocabulary", told, "--kind", "event", "--out", names)
    miaobi("lab", "tokens", told, names, "--out", tokens, "--validation", 0.05, "--test", 0.1)

    say("The net. Half of its rows are tunes from their beginning, half have a gap whose other side is told first.")
    sizes = ("--width", 32, "--layers", 1, "--heads", 2) if quick else ("--width", 192, "--layers", 4, "--heads", 3)
    pace = ("--steps", 40, "--batch", 2, "--warmup", 4) if quick else ("--steps", 1200, "--batch", 16, "--warmup", 40)
    more = ("--dropout", 0.1, "--context", 64 if quick else 512, "--packed")
    train(name, tokens, names, *sizes, *pace, *more, "--corpus", told, "--lang", "en,zh", "--threads", given.threads)

    say("Its loss beside a 5-gram's on tunes that it never saw; its first tunes, held to nothing.")
    card(name, out, "--length", 60 if quick else 300, "--samples", 4 if quick else 20, "--temperature", 0.9)

    say("A file for llama.cpp. The forms write with it: miaobi compose tune “Rain on the harbour” --engine FILE")
    miaobi("lab", "export", name, "--out", out / f"{name}.gguf", "--type", "F32" if quick else "Q8_0")


if __name__ == "__main__":
    cook()
