"""The fixed briefs of the picture benchmarks: idea, language, what else is asked."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

BRIEFS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("A lighthouse keeper finds a message in a bottle", "en", {}),
    ("孤舟蓑笠翁，独钓寒江雪", "zh", {}),
    ("Two friends walk home over the old bridge in autumn", "en", {}),
    ("a fox in the snow at night", "en", {}),
    ("江南水乡，乌篷船过石桥", "zh", {"hour": "dusk"}),
    ("a piano and an old clock in a room", "en", {}),
    ("three sailboats at sunset", "en", {}),
    ("a girl and her dog under an old oak", "en", {}),
    ("temple in the mountains at dawn, mist", "en", {}),
    ("camels in the desert", "en", {"hour": "sunset"}),
    ("a hot-air balloon above the clouds", "en", {"hour": "dawn"}),
    ("a walker with an umbrella before the city at night", "en", {}),
    ("小亭临水，荷花初开", "zh", {"season": "summer"}),
    ("windmill and hay in the fields of summer", "en", {}),
    ("an owl in the forest at dusk", "en", {}),
    ("a whale and a ship in a storm", "en", {}),
    ("松下书生抚琴，明月", "zh", {}),
    ("peonies and a butterfly in a garden", "en", {}),
    ("a castle on the hills, a knight on the road", "en", {}),
    ("swans on a lake", "en", {"hour": "morning"}),
    ("梅花开在雪里，远山小屋", "zh", {}),
    ("an astronaut looks at a planet", "en", {}),
    ("a shepherd and his sheep in the hills", "en", {"season": "spring"}),
    ("黄昏，老人与马走过古道", "zh", {"season": "autumn"}),
)


def brief_of(number: int) -> tuple[str, str, dict[str, Any]]:
    """Return brief *number* of any run, in turn."""
    return BRIEFS[number % len(BRIEFS)]


@cache
def told() -> tuple[tuple[str, str], ...]:
    """Return the annotated ideas of development with their languages: people and animals who do things."""
    found = []
    for name in ("known", "more"):
        text = (Path(__file__).parent / "briefs" / f"pictures_{name}.toml").read_text(encoding="utf-8")
        found += [(idea["text"], idea["language"]) for idea in tomllib.loads(text)["idea"]]
    return tuple(found)
