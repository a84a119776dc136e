"""Verse: a net that writes 绝句 and 律诗, from 230,755 poems of Tang and Song to a GGUF file.

poems ──▶ only four or eight lines of five or seven ──▶ characters ──▶ a transformer in Llama's shape ──▶ GGUF

python recipes/verse.py            python recipes/verse.py --quick
"""

from __future__ import annotations

from step import card, corpus, miaobi, options, parsed, say, train

# a couplet is “.....，.....。”; a 绝句 has two of them, a 律诗 four
COUPLETS = "|".join(rf"(.{{{width}}}，.{{{width}}}。\n?){{{count}}}" for width in (5, 7) for count in (2, 4))


def cook() -> None:
    """Run the recipe."""
    given = parsed(options(__doc__ or "", "verse"))
    quick, out, name = given.quick, given.out, given.name

    say("The poems. Tang and Song are one package of npm (MIT), in traditional characters; other metres are left out.")
    source = given.source or "chinese-poetry:tang,song"
    licence = ("--licence", given.licence) if given.source else ()
    limit = ("--limit", 1500) if quick else ()
    poems = corpus(out, [source], "--matching", COUPLETS, *licence, *limit, archive=given.archive)

    say("Characters. Every poem between <bos> and <eos>; a twentieth of them is held out, chosen by hash.")
    characters, tokens = out / "characters", out / "tokens"
    miaobi("lab", "vocabulary", poems, "--kind", "char", "--size", 1000 if quick else 6000, "--out", characters)
    miaobi("lab", "tokens", poems, characters, "--out", tokens, "--validation", 0.1 if quick else 0.05)

    say("The net. A 律诗 of seven has 64 characters, marks among them, and fits into 72 tokens.")
    sizes = ("--width", 32, "--layers", 1, "--heads", 2) if quick else ("--width", 192, "--layers", 6, "--heads", 6)
    pace = ("--steps", 40, "--batch", 8, "--warmup", 4) if quick else ("--steps", 3500, "--batch", 32)
    told = ("--corpus", poems, "--lang", "zh", "--threads", given.threads)
    train(name, tokens, characters, *sizes, *pace, "--context", 72, *told)

    say("Perplexity a character on poems that it never saw, beside a 5-gram's; and whether it copies.")
    card(name, out, "--length", 70, "--samples", 4 if quick else 40, "--temperature", 0.8)

    say("A file for llama.cpp, and a poem that begins as you wish.")
    miaobi("lab", "export", name, "--out", out / f"{name}.gguf", "--type", "F32" if quick else "Q8_0")
    miaobi("lab", "generate", name, "--prompt", "春", "--length", 64, "--n", 1 if quick else 3)


if __name__ == "__main__":
    cook()
