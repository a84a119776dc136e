"""Folk tunes: a net that writes ABC notation, from 4,248 tunes of three old printed collections.

tunes of music21's corpus ──▶ characters of ABC ──▶ transformer ──▶ tunes, each held to another program's reader

python recipes/folk_tunes.py            python recipes/folk_tunes.py --quick
"""

from __future__ import annotations

import warnings

from miaobi.engines import open_engine
from miaobi.types import Prompt, Request, Sampling, write
from step import card, corpus, miaobi, options, parsed, say, train


def cook() -> None:
    """Run the recipe."""
    given = parsed(options(__doc__ or "", "folk-tunes"))
    quick, out, name = given.quick, given.out, given.name

    say("The tunes. Only the three folders of music21's corpus whose music is in the public domain are read.")
    licence = ("--licence", given.licence) if given.source else ()
    tunes = corpus(out, [given.source or "music21"], *licence, *(("--limit", 400) if quick else ()))

    say("Characters: ABC is a notation of single letters. X: is the number, T: the title, K: the key, | a bar.")
    letters, tokens = out / "letters", out / "tokens"
    miaobi("lab", "vocabulary", tunes, "--kind", "char", "--out", letters)
    miaobi("lab", "tokens", tunes, letters, "--out", tokens, "--validation", 0.1)

    say("The net. A tune has 300 letters on the average; it sees 384, in rows that begin with a whole tune.")
    sizes = ("--width", 32, "--layers", 1, "--heads", 2) if quick else ("--width", 160, "--layers", 5, "--heads", 5)
    pace = ("--steps", 40, "--batch", 2, "--warmup", 4) if quick else ("--steps", 2000, "--batch", 8)
    told = ("--corpus", tunes, "--lang", "en", "--threads", given.threads)
    train(name, tokens, letters, *sizes, *pace, "--context", 64 if quick else 384, "--packed", *told)

    say("Figures beside a 5-gram and the collections' own tunes, on the card.")
    card(name, out, "--length", 60 if quick else 380, "--samples", 4 if quick else 30, "--temperature", 0.8)

    say("A file for llama.cpp; and tunes, of which music21 says whether they can be read.")
    miaobi("lab", "export", name, "--out", out / f"{name}.gguf", "--type", "F32" if quick else "Q8_0")
    texts = written(name, 3 if quick else 20, 50 if quick else 370)
    out.joinpath("tunes.abc").write_text("\n".join(texts), encoding="utf-8")
    read = sum(map(readable, texts))
    print(f"music21 reads {read} of {len(texts)} tunes in {out / 'tunes.abc'}, notes among them", flush=True)


def written(name: str, count: int, length: int) -> list[str]:
    """Return tunes of the run, numbered; each is what it writes behind “X:1”."""
    engine = open_engine(f"lab:{name}")
    try:
        wish = Request(Prompt(prefix="X:1\nT:"), length, 0, count, Sampling(temperature=0.8))
        return [f"X:{i}\nT:{tune.text.strip()}\n" for i, tune in enumerate(write(engine, wish), 1)]
    finally:
        engine.close()


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
