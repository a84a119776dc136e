"""Verse: the net that writes 绝句, 律诗, 词 and 对联, from poems of Tang and Song to the GGUF file that miaobi ships.

poems ──▶ read by 平水韵 and 45 tunes ──▶ form, rhyme, title, words and each line's tones as named tokens before its
characters ──▶ a transformer in Llama's shape ──▶ GGUF

python recipes/verse.py            python recipes/verse.py --quick
"""

from __future__ import annotations

from step import card, miaobi, options, parsed, say, train


def cook() -> None:
    """Run the recipe."""
    given = parsed(options(__doc__ or "", "verse"))
    quick, out, name = given.quick, given.out, given.name

    say("The poems. 全唐诗, 全宋诗 and 全宋词 are one package of npm (MIT); 词 are in simplified characters there.")
    source = given.source or "chinese-poetry:tang,song,ci"
    licence = ("--licence", given.licence) if given.source else ()
    fetched = ("--archive", given.archive) if given.archive else ()
    texts, named = out / "texts", out / "named"
    miaobi("lab", "corpus", source, "--out", texts, *licence, *fetched)

    say("Names. Every poem is scanned; what the net is told of it stands before it. A tenth it never sees.")
    miaobi("lab", "verse", texts, "--out", named)
    names, tokens = out / "names", out / "tokens"
    shares = ("--validation", 0.1) if quick else ("--validation", 0.01, "--test", 0.1)
    miaobi("lab", "vocabulary", named, "--kind", "event", "--out", names)
    miaobi("lab", "tokens", named, names, "--out", tokens, *shares)

    say("The net. Its rows begin with a poem: what steers a poem stands there.")
    sizes = ("--width", 32, "--layers", 1, "--heads", 2) if quick else ("--width", 192, "--layers", 4, "--heads", 3)
    pace = ("--steps", 40, "--batch", 8, "--warmup", 4) if quick else ("--steps", 1500, "--batch", 32, "--warmup", 40)
    context = ("--context", 64 if quick else 128)
    told = ("--corpus", named, "--lang", "zh", "--threads", given.threads)
    train(name, tokens, names, *sizes, *pace, *context, "--packed", *told)

    say("Its loss beside a 5-gram's on poems that it never saw; its first poems.")
    card(name, out, "--length", 60, "--samples", 4 if quick else 40, "--temperature", 0.8)

    say("A file for llama.cpp. The forms write with it: miaobi compose jueju 秋夜江上 --engine FILE")
    miaobi("lab", "export", name, "--out", out / f"{name}.gguf", "--type", "F32" if quick else "Q8_0")


if __name__ == "__main__":
    cook()
