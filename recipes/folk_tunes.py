"""Folk tunes: the net that writes melodies with chords, from three old printed collections to the GGUF file that
miaobi ships.

tunes in ABC ──▶ without duplicates ──▶ on one root, with chords of ours, a bar an event, lengths as what they leave
of the bar ──▶ a transformer in Llama's shape ──▶ GGUF

python recipes/folk_tunes.py            python recipes/folk_tunes.py --quick
"""

from __future__ import annotations

import warnings
from pathlib import Path

from miaobi.brief import Brief
from miaobi.compose import compose
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
    pace = ("--steps", 40, "--batch", 2, "--warmup", 4) if quick else ("--steps", 900, "--batch", 12, "--warmup", 40)
    more = ("--dropout", 0.05, "--context", 256 if quick else 512, "--packed")
    train(name, tokens, names, *sizes, *pace, *more, "--corpus", told, "--lang", "en,zh", "--threads", given.threads)

    say("Its loss beside a 5-gram's on tunes that it never saw; its first tunes, held to nothing.")
    card(name, out, "--length", 60 if quick else 300, "--samples", 4 if quick else 20, "--temperature", 0.9)

    say("A file for llama.cpp; and tunes that it writes under the constraint, of which music21 says what it reads.")
    net = out / f"{name}.gguf"
    miaobi("lab", "export", name, "--out", net, "--type", "F32" if quick else "Q8_0")
    texts = written(net, 3 if quick else 20)
    out.joinpath("tunes.abc").write_text("\n".join(texts), encoding="utf-8")
    read = sum(map(readable, texts))
    print(f"music21 reads {read} of {len(texts)} tunes in {out / 'tunes.abc'}, notes among them", flush=True)


def written(net: Path, count: int) -> list[str]:
    """Return tunes in ABC, composed with the net."""
    options = {"metre": "4/4", "key": "G major", "pickup": "none", "bars": 8, "form": "A"}
    works = (
        compose(Brief(form="tune", idea="A reel", seed=seed, options=options), engine=str(net), formats=["abc"])
        for seed in range(count)
    )
    return [work.rendering("abc").content.decode() for work in works]


def readable(tune: str) -> bool:
    """Tell whether music21 reads the tune and finds notes in it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from music21 import converter
        from music21.exceptions21 import Music21Exception

        try:
            return bool(converter.parse(tune, format="abc").flatten().notes)
        except (Music21Exception, ValueError, TypeError, IndexError, KeyError, AttributeError, ZeroDivisionError):
            return False  # its reader fails in all these ways on a notation that breaks off


if __name__ == "__main__":
    cook()
