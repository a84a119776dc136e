"""Plan a Chinese short film 短片剧本 from a story's plan: headings 内景/外景, action, speech, transitions."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

from miaobi.craft.plot.chinese_plan import Dealer, story_frames
from miaobi.craft.plot.plan import Plan, data
from miaobi.craft.plot.screen import PlannedLine, PlannedScene
from miaobi.craft.plot.template import fill
from miaobi.craft.text.frame import measured, read_frame
from miaobi.craft.text.sentence import length as count
from miaobi.types import derive_seed

_LINE = re.compile(r"^([^：（？]+)(？)?(?:（([^）]*)）)?：(.*)$")
_KINDS = {"动": "action", "转": "transition"}
_PERSONAS = {"主": "hero", "友": "ally"}


def plan_chinese_screenplay(plan: Plan, seed: int, wanted: int) -> tuple[PlannedScene, ...]:
    """Return the scenes of a short film of about *wanted* 字 that tells *plan*."""
    rng = random.Random(derive_seed(seed, "screen", plan.bible.logline))
    tables = data("zh", "screen")
    slots = _slots(plan, rng)
    own = {kind: [fill(text, slots) for text in pool] for kind, pool in tables["openers"].items()}
    packs = story_frames(slots, {"外": plan.subjects}) | own
    dealer = Dealer({kind: [f for f in pack if read_frame(f).gap] or pack for kind, pack in packs.items()}, rng)
    scenes = [
        (fill(scene["标题"], slots), [_line(text, slots, dealer) for text in rng.choice(scene["写法"])])
        for scene in tables["场"]
    ]
    left_out = _surplus([line for _, lines in scenes for line in lines], wanted)
    return tuple(
        PlannedScene(heading, tuple(line for line, _ in lines if line not in left_out)) for heading, lines in scenes
    )


def _line(text: str, slots: Mapping[str, str], dealer: Dealer) -> tuple[PlannedLine, bool]:
    """Return the line and whether it may be left out."""
    match = _LINE.match(text)
    assert match, text
    who, optional, manner, template = match.groups()
    dealt = re.sub(r"@(\w+)", lambda m: dealer.deal(m.group(1)), fill(template, slots))
    kind = _KINDS.get(who, "speech")
    speaker = _PERSONAS.get(who, slots["客名"] if who == "客" else who) if kind == "speech" else ""
    return PlannedLine(kind, dealt, speaker, fill(manner or "", slots)), bool(optional)


def _surplus(lines: list[tuple[PlannedLine, bool]], wanted: int) -> set[PlannedLine]:
    """Return the lines that are left out: what may be comes in, from the first scene on, until the length is full."""
    out = set()
    planned = sum(_length(line) for line, optional in lines if not optional)
    for line, optional in lines:
        if optional and planned + _length(line) // 2 < wanted:
            planned += _length(line)
        elif optional:
            out.add(line)
    return out


def _length(line: PlannedLine) -> int:
    return count(re.sub(r"\|[^\]]*\]", "", measured(line.template)), "zh")


def _slots(plan: Plan, rng: random.Random) -> dict[str, str]:
    told, tables = plan.slots, data("zh", "screen")
    kind, task = told["类"], told["事由"]
    seen = tables["物见"].get(task) or tables["物见"][kind]
    return told | {
        "镇": re.sub(r"[上里]$", "", told["镇上"]),
        "年纪": str(rng.randrange(34, 68)),
        "友年纪": str(rng.randrange(28, 70)),
        "客名": told["那客"].removeprefix("那个").rsplit("的", 1)[-1],
        "物见": fill(seen, told),
        "演现": f"{told['他']}{told['演']}。" if told["演"] else fill(tables["演"][kind], told),
        "终": tables["终"][task],
    }
