"""What a critique looks for in Chinese: 的-chains, 四字套话, filler, 被 passives, the narrator's 我, mixed marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from miaobi.assist.passage import mask_speech, stretches
from miaobi.assist.remark import Remark, remark
from miaobi.craft.text.sentence import han
from miaobi.craft.text.table import lines

_CLAUSE = re.compile(r"[^，。！？；：、…\n“”「」『』]+")
_DE = re.compile(r"的(?!确|士|话)")
_FILLER = (
    "非常",
    "十分",
    "特别",
    "突然",
    "忽然",
    "不禁",
    "仿佛",
    "似乎",
    "其实",
    "然后",
    "开始",
    "一下子",
    "有些",
    "有点",
)
_FILLER_LIMIT = 2.0  # a hundred 字
_FIRST = re.compile(r"我们?|咱们?")
_THIRD = re.compile(r"[他她](?:们)?")


def remarks(text: str) -> Iterator[Remark]:
    """Yield what is to be said of a Chinese text."""
    narration = mask_speech(text)
    yield from _chains(text)
    yield from _worn(text)
    yield from _filler(text, narration)
    yield from _passives(text, narration)
    yield from _person(text, narration)
    yield from _marks(text)


def _chains(text: str) -> Iterator[Remark]:
    for clause in _CLAUSE.finditer(text):
        count = len(_DE.findall(clause.group()))
        if count >= 3:
            message = f"一个分句里有 {count} 个“的”。"
            yield remark(text, clause.span(), "de-chain", message, "拆成两句，或删去可省的“的”。", count=count)


def _worn(text: str) -> Iterator[Remark]:
    for phrase in lines("worn.zh"):
        for match in re.finditer(re.escape(phrase), text):
            yield remark(text, match.span(), "worn-phrase", f"套话：“{phrase}”。", "写此时此地的一个具体细节。")


def _filler(text: str, narration: str) -> Iterator[Remark]:
    count = len(han(narration))
    found = list(re.finditer("|".join(_FILLER), narration))
    load = 100 * len(found) / count if count else 0.0
    if len(found) >= 3 and load > _FILLER_LIMIT:
        most = [f"{w}×{n}" for w, n in Counter(m.group() for m in found).most_common(6)]
        message = f"虚词偏多：每百字 {load:.1f} 个（{'、'.join(most)}）。"
        rate = round(load, 1)
        hint = "逐个删去再读一遍。"
        yield remark(text, found[0].span(), "filler-load", message, hint, load=rate, limit=_FILLER_LIMIT, found=most)


def _passives(text: str, narration: str) -> Iterator[Remark]:
    all_of = stretches(text, "zh")
    found = list(re.finditer(r"被(?![子窝褥单])", narration))
    if len(found) >= 3 and len(found) / max(len(all_of), 1) > 0.25:
        message = f"{len(all_of)} 句里有 {len(found)} 个“被”字句。"
        share = round(len(found) / len(all_of), 2)
        yield remark(text, found[0].span(), "passive-share", message, "让施事者作主语。", "note", share=share)


def _person(text: str, narration: str) -> Iterator[Remark]:
    first, third = [], 0
    for s in stretches(text, "zh"):
        told = narration[s.start : s.end]
        if match := _FIRST.search(narration, s.start, s.end):
            first.append((s, match))
        elif _THIRD.search(told):
            third += 1
    if third + len(first) >= 4 and third / (third + len(first)) >= 0.75:
        share = round(third / (third + len(first)), 2)
        for s, match in first:
            message = f"全文用第三人称，此处叙述者说了“{match.group()}”。"
            hint = "若是人物的话，加引号；否则改为他、她或姓名。"
            yield remark(text, match.span(), "person-drift", message, hint, sentence=s.text, third_share=share)


def _marks(text: str) -> Iterator[Remark]:
    curly, corner = text.find("“"), text.find("「")
    if curly >= 0 and corner >= 0:
        later = max(curly, corner)
        message = "全文混用了“”和「」两种引号。"
        yield remark(text, (later, later + 1), "mixed-quotes", message, "统一为一种。", "note")
    if match := re.search(r"[\u4e00-\u9fff][,;?!](?=[\u4e00-\u9fff])", text):
        message = "中文之间用了半角标点。"
        yield remark(text, match.span(), "half-width-mark", message, "改用全角标点。", "note")
