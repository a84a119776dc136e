"""Make the poems of docs/samples/verse.md again, in place: seeds 1 to 24 of each language, by the rule told there.

Usage: python benchmarks/verse_samples.py [--language en|zh]

The criticism between them is by readers and stays: read the poems and mend it.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from miaobi.compose import compose
from miaobi.craft.text.sentence import han
from miaobi.engines import open_engine
from miaobi.forms.art.chinese_verse import CHECKPOINT
from miaobi.types import Engine
from miaobi.work import Work

PAGE = Path(__file__).parent.parent / "docs" / "samples" / "verse.md"
KINDS = (  # 中文, in turn: form, idea, options
    ("jueju", "秋夜江上", {"width": 5}),
    ("jueju", "春日山行", {"width": 7}),
    ("lushi", "登楼望远", {"width": 5}),
    ("lushi", "思念故乡", {"width": 7}),
    ("ci", "暮春微雨", {"tune": "浣溪沙"}),
    ("ci", "中秋怀远", {"tune": "卜算子"}),
)


def english(page: str, engine: Engine) -> str:
    """Return the page with its English poems made again."""

    def again(found: re.Match[str]) -> str:
        number, form, idea = int(found["number"]), found["form"], found["idea"]
        work = compose({"form": form, "idea": idea, "seed": number}, engine=engine, formats=["txt"])
        stanzas = [[line["text"] for line in stanza] for stanza in work.content["stanzas"]]
        quoted = "\n>\n".join("  \n".join(f"> {line}" for line in stanza) for stanza in stanzas)
        return f"#### {number}. {work.title}\n\n{form}, “{idea}”\n\n{quoted}\n\n"

    pattern = r"#### (?P<number>\d+)\. .*\n\n(?P<form>[a-z-]+), “(?P<idea>.*)”\n\n(?:>.*\n)+\n"
    return re.sub(pattern, again, page)


def chinese(page: str, engine: Engine) -> str:
    """Return the page with its Chinese poems made again, in traditional characters."""
    for seed in range(1, 25):
        form, idea, options = KINDS[(seed - 1) % len(KINDS)]
        brief = {"form": form, "idea": idea, "language": "zh", "seed": seed, "options": options}
        page = re.sub(rf"(?m)^{seed}\. \*\*.*$", _row(seed, compose(brief, engine=engine, formats=["txt"])), page)
    return page


def _row(seed: int, work: Work) -> str:
    text = "".join(line["text"] + line["mark"] for line in work.content["lines"])
    assert han(text)
    return f"{seed}. **{work.title}** ({work.content['scheme']}) {text}"


def main() -> None:
    """Rewrite the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--language", choices=("en", "zh"))
    given = parser.parse_args()
    page = PAGE.read_text("utf-8")
    if given.language != "zh":
        page = english(page, open_engine(language="en"))
    if given.language != "en":
        page = chinese(page, open_engine(CHECKPOINT))
    PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
