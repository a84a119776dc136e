"""Acts of a Chinese idea: 在…上, 骑, 牵, 拿, 看: what stands between two things and after the second."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from miaobi.craft.drawing.acts import Told, acts_table, animate
from miaobi.craft.drawing.mention import Mention

_STOP = re.compile(r"[，。；：！？、,.;:!? ]")
_LEADS = 7  # characters that may stand between a verb and its object: 一只小小的白
_MEETS = ("和", "与", "跟", "同", "、")


def read(idea: str, low: str, found: Sequence[Mention], told: Told) -> None:
    """Note in *told* what the Chinese words of an idea tell of the subjects *found* in them."""
    agents: list[str] = []  # whoever acts in the sentence
    waiting: list[tuple[str, str]] = []  # places and acts that came before their head
    rest = ""
    for i, mention in enumerate(found):
        gap = rest if i else low[: mention.start]
        after = low[mention.end : found[i + 1].start if i + 1 < len(found) else len(low)]
        before = found[i - 1].id if i else ""
        where, rest = _locative(after)
        verb = _verb(gap)
        here = bool(re.search(r"[在于](?:[^\s]{0,7})$", gap)) or bool(where and not i and not gap.strip())
        if mention.id in agents:
            continue
        opens = not _STOP.split(gap)[-1].strip() or bool(re.match(r"[有停立坐站走]", rest))
        if where and opens and (i == 0 or _STOP.search(gap)):  # 船上有一只狗
            agents = []
        if where and (here or not verb) and (before or here or rest.strip() or i + 1 < len(found)):
            _place(mention.id, where, gap, agents, waiting, told)
            if rest.startswith("的"):
                continue
        elif verb and not (waiting and not agents and animate(mention.id)):  # not: 桥上走过一个和尚
            joined = any(meet in gap for meet in _MEETS) or _STOP.search(gap)
            if after.startswith("的") and (not agents or joined):  # 骑马的人, 和听琴的猫
                waiting.append((verb, mention.id))
            elif agents:
                told.tie(agents, verb, mention.id)
                _pose(gap, agents, told)
            elif before and verb != "face":
                told.tie([before], verb, mention.id)
            else:
                waiting.append((verb, mention.id))
            if animate(mention.id) and verb == "beside" and agents:
                agents = [*agents, mention.id]
        else:
            if waiting and (animate(mention.id) or not agents):
                for how, whom in waiting:
                    told.tie([mention.id], how, whom)
                waiting = []
            if gap.rstrip().endswith(_MEETS) and agents:
                told.tie([mention.id], "beside", agents[0])
                agents = [*agents, mention.id]
            elif animate(mention.id) or not any(animate(one) for one in agents):
                agents = [mention.id]
            _pose(gap, [mention.id], told) if not i else None
        if i + 1 == len(found) or found[i + 1].start > mention.end:
            clause = _STOP.split(rest if where else after)[0]
            _pose(clause, agents or [mention.id], told)


def _place(name: str, where: str, gap: str, agents: list[str], waiting: list[tuple[str, str]], told: Told) -> None:
    if agents:
        told.tie(agents, where, name)
        _pose(gap, agents, told)
    else:
        waiting.append((where, name))


@cache
def _locatives() -> tuple[tuple[str, str], ...]:
    pairs = [(word, how) for how, words in acts_table("zh_where").items() for word in words]
    return tuple(sorted(pairs, key=lambda p: -len(p[0])))


def _locative(after: str) -> tuple[str, str]:
    """Return where the words after a thing put somebody, and what follows."""
    for word, how in _locatives():
        if after.startswith(word):
            return how, after[len(word) :]
    return "", after


@cache
def _verbs() -> tuple[tuple[str, str], ...]:
    pairs = [(word, how) for how, words in acts_table("zh_verb").items() for word in words]
    return tuple(sorted(pairs, key=lambda p: -len(p[0])))


def _verb(gap: str) -> str:
    """Return what the last verb before a thing does."""
    last = _STOP.split(gap)[-1]
    best, end = "", -1
    for word, how in _verbs():
        at = last.rfind(word)
        if at >= 0 and at + len(word) > end and len(last) - at - len(word) <= _LEADS:
            best, end = how, at + len(word)
    return best


def _pose(words: str, who: Sequence[str], told: Told) -> None:
    """Note the gesture whose verb stands in *words*."""
    hits = [(words.find(w), -len(w), pose) for pose, ws in acts_table("zh_pose").items() for w in ws if w in words]
    if hits:
        told.pose(who, min(hits)[2])
