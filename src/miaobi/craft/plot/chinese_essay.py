"""Plan a Chinese familiar essay 散文 by 起承转合: occasion, claim, memory, witness, the other side, both, and back."""

from __future__ import annotations

import random
import re

from miaobi.craft.plot.chinese_plan import Dealer, in_season
from miaobi.craft.plot.essay import EssayPlan
from miaobi.craft.plot.plan import data
from miaobi.craft.plot.template import fill
from miaobi.types import derive_seed

_USUAL = 640
TOPIC_LIMIT = 12  # 字; a longer idea is cut at its first clause
_LEAD = re.compile(r"^(?:请)?(?:写|来)?(?:一篇)?(?:关于|有关|论|谈谈|谈|说说|漫谈|浅谈|记|咏)")
_TAIL = re.compile(r"(?:的)?(?:散文|随笔|文章|杂文)$")


def read_topic(idea: str) -> str:
    """Return what the essay is about: 「谈谈夜里走路。」 → 「夜里走路」."""
    clause = re.split(r"[。！？；，\n]", re.sub(r"[「」『』《》“”\s]", "", idea).strip("。！？；，"))[0]
    topic = _TAIL.sub("", _LEAD.sub("", clause)) or clause
    topic = re.sub(r"^(?:我|为什么)", "", topic) if len(topic) > 2 else topic
    return topic[:TOPIC_LIMIT]


def family(topic: str) -> str:
    """Return the kind of topic: the one whose longest word stands nearest to its end."""
    best, found = (0, 0), "别的"
    for name, table in data("zh", "essay")["类"].items():
        for word in table["词"].split():
            rank = (topic.rfind(word) + len(word), len(word))
            if word in topic and rank > best:
                best, found = rank, name
    return found


def plan_chinese_essay(idea: str, seed: int, length: int, title: str = "") -> EssayPlan:
    """Plan an essay on *idea* in about *length* 字; the same seed gives the same plan."""
    rng = random.Random(derive_seed(seed, "essay", idea))
    tables = data("zh", "essay")
    topic = read_topic(idea)
    own = tables["类"][family(topic)]
    pool = in_season(tables["池"], "")
    relic, relic_short = rng.choice(pool["旧物"]).split("/")
    named = [e for e in pool["长辈"] if e.split("/")[0] in topic]  # 「外婆的豆腐」 is made by 外婆
    elder, pronoun = rng.choice(named or pool["长辈"]).split("/")
    memories, witnesses = (rng.sample(own[key], len(own[key])) for key in ("忆", "证"))
    slots = {
        "题": topic,
        "旧物": relic,
        "旧物短": relic_short,
        "长辈": elder,
        "她": pronoun,
        **{key: rng.choice(pool[key]) for key in ("季", "地", "旁")},
        **{key: rng.choice(own[key]) for key in ("理", "反", "合")},
        "忆": memories[0],
        "忆二": memories[1],
        "证": witnesses[0],
        "证二": witnesses[1],
    }
    dealer = Dealer(tables["openers"], rng)
    more = 1 if length <= _USUAL else 2  # frames that may lengthen a beat
    beats = [
        dealer.beat(beat["名"], rng.choice(beat["写法"]), slots, beat["肌理"] * more, beat.get("选", 0))
        for beat in tables["节"]
    ]
    for rank in (1, 2):
        if sum(beat.words for beat in beats) > length * 1.04:
            beats = [beat for beat in beats if beat.optional != rank]
    return EssayPlan(title or fill(rng.choice(tables["题目"]["写法"]), slots), topic, tuple(beats), frozenset())
