"""Read a Chinese idea for what a plot needs: who, what they do, the thing it turns on, where.

A greedy parse by tables, not a segmenter: the subject ends where a word for a person (or a name) is followed by a
preposition or a verb; the object is what stands after the verb, or between 把 and the verb. What isn't found stays
empty.

>>> read_chinese_idea("灯塔守护人在瓶子里发现一封信").deed
'在瓶子里发现了一封信'
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Kind = Literal["物", "人", "处", "虚"]  # what can be carried, a person, what stays where it is, what can't be seen

_PLACE = re.compile(r"在([^，。]{1,10}?[里上中下边旁外内前后间岸头])")
_END = re.compile(r"[，。！？；：、\n]")
_LEAD = re.compile(r"^(?:(?:有|从前有)?(?:一|两|三|这|那)?[个位名对群])|^(?:关于|讲述|写一|讲一)[个位名]?")
_STAYING = ("不肯", "不敢", "拒绝", "守", "保住", "离开", "回到", "坚持")
_ERRANDS = ("送", "运", "护送", "寄", "捎", "还", "归还", "交给", "递给", "转交")
_RESULT = (
    "了",
    "着",
    "过",
    "到",
    "见",
    "出",
    "起",
    "回",
    "走",
    "下",
    "给",
    "好",
    "掉",
    "遍",
    "进",
    "上",
    "完",
    "来",
    "去",
)


@dataclass(frozen=True)
class ChineseIdea:
    """What was found; empty where nothing was."""

    role: str = ""  # “灯塔守护人”
    name: str = ""  # given by the user, surname first
    deed: str = ""  # “在瓶子里发现了一封信”: no subject, told as done
    act: str = ""  # the same as the brief has it
    verb: str = ""
    one: str = ""  # “一封信”
    that: str = ""  # “那封信”
    bare: str = ""  # “信”
    kind: Kind = "虚"
    place: str = ""  # “瓶子里”
    text: str = ""
    topic: str = ""  # an idea that is but a word: 「孤独」

    @property
    def trade(self) -> str:
        """Return the role when it is a trade; kinship and age are none."""
        return "" if not self.role or self.role.endswith(word_list("非业")) else self.role


@cache
def word_table(name: str) -> frozenset[str]:
    """Return a list of ``data/zh/words.toml``."""
    return frozenset(_tables()[name].split())


@cache
def word_list(name: str) -> tuple[str, ...]:
    """Return a list of ``data/zh/words.toml``, longest words first."""
    return tuple(sorted(word_table(name), key=lambda word: (-len(word), word)))


@cache
def _tables() -> dict[str, str]:
    tables: dict[str, str] = tomllib.loads((files("miaobi.craft") / "data" / "zh" / "words.toml").read_text("utf-8"))
    return tables


def read_chinese_idea(text: str) -> ChineseIdea:
    """Analyse a Chinese idea such as 「灯塔守护人在瓶子里发现一封信」."""
    clean = re.sub(r"[「」『』《》“”\s]", "", text)
    clauses = [_LEAD.sub("", c) for c in re.split(r"[，。！？；\n]", clean) if c]
    subject, predicate = next((found for c in clauses if (found := _split(c))[1]), ("", ""))
    if not predicate:
        return _thing_only(clauses[0] if clauses else "", text)
    role, name = _role_and_name(subject)
    clause = _END.split(predicate)[0]
    verb, at = _verb(clause)
    thing = _object(clause, verb, at)
    one, that, bare = _counted(thing or (_house(clean) if verb.startswith(_STAYING) else ""))
    place = _PLACE.search(clause)
    return ChineseIdea(
        role=role,
        name=name,
        deed=_done(clause, verb, at),
        act=clause,
        verb=verb,
        one=one,
        that=that,
        bare=bare,
        kind=_kind(bare, one),
        place=place.group(1) if place else "",
        text=clean,
    )


def _split(sentence: str) -> tuple[str, str]:
    """Return subject and predicate: the subject ends at a person that is followed by a preposition or a verb."""
    for end in range(2, min(len(sentence), 16)):
        subject, rest = sentence[:end], sentence[end:]
        if not rest.startswith((*word_list("介"), *word_list("动"))) or _inside_person(sentence, end):
            continue
        if subject.endswith(word_list("人尾")) or _is_name(subject) or _role_and_name(subject)[1]:
            return subject, rest
    return "", ""


def _house(text: str) -> str:
    """Return the first building or place that *text* names, for a deed without an object."""
    match = re.search(r"[老旧]?[^，。的要在把被了着]{0,2}(?:" + "|".join(word_list("处尾")) + ")", text)
    return match.group() if match and len(match.group()) > 1 else ""


def _inside_person(sentence: str, end: int) -> bool:
    """Tell whether the person goes on after *end*: 「守护人」 isn't over at 「守」, nor 「老师傅」 at 「老师」."""
    return any(sentence[end:].startswith(tail) for tail in ("傅", "家", "娘", "们", "的"))


def _is_name(text: str) -> bool:
    return len(text) in (2, 3) and text[0] in word_table("姓") and not text.endswith(word_list("人尾"))


def _role_and_name(subject: str) -> tuple[str, str]:
    if _is_name(subject):
        return "", subject
    for size in (3, 2):
        before, name = subject[:-size], subject[-size:]
        if _is_name(name) and before.endswith(word_list("人尾")):
            return before, name
    return subject, ""


def _verb(clause: str) -> tuple[str, int]:
    """Return the main verb and where it stands; what stands in 「在……里」 or before 「的」 is none."""
    start = 0
    if place := _PLACE.match(clause):
        start = place.end()
    for at in range(start, len(clause)):
        for verb in word_list("动"):
            if clause.startswith(verb, at) and not _is_part(clause, at, verb):
                result = clause[at + len(verb) : at + len(verb) + 1]
                return (verb + result if result and result in "出到起回完好走掉下成" else verb), at
    return "", len(clause)


def _is_part(clause: str, at: int, verb: str) -> bool:
    after = clause[at + len(verb) :]
    if verb in ("去", "来") and after.startswith(word_list("动")):  # 「去还一把伞」
        return True
    return after.startswith(("的", "人", "者", "匠", "师", "员")) or (
        len(verb) == 1 and clause[at - 1 : at] in ("未", "可")
    )


def _object(clause: str, verb: str, at: int) -> str:
    if taken := re.search(r"把(.+?)(?=" + "|".join(word_list("动")) + ")", clause):
        return taken.group(1)
    rest = clause[at + len(verb) :] if verb else ""
    if verb.startswith(word_list("情态")):
        inner, inside = _verb(rest)
        return _object(rest, inner, inside) if inner and inner != verb else ""
    return _noun(re.sub(r"^[了着过到]", "", rest))


def _noun(rest: str) -> str:
    """Return *rest* when it can be a thing: 「有人在书里夹纸条」 is a whole clause, 「飞」 no noun."""
    counted = rest.startswith(word_list("数"))
    clause = rest.startswith(("有", "自己", "他", "她", "我", "你", "没"))
    short = len(rest) < 2 and measure_of(rest) == "件"
    return "" if not counted and (clause or short) else rest


def _counted(thing: str) -> tuple[str, str, str]:
    """Return “一封信”, “那封信”, “信” of an object with or without its count."""
    if not thing:
        return "", "", ""
    measures, numbers = "".join(sorted(word_table("量"))), "|".join(word_list("数"))
    match = re.match(rf"^(?:{numbers})([{measures}])(.+)$", thing)
    measure, rest = (match.group(1), match.group(2)) if match else ("", thing)
    bare = _head(rest)
    measure = measure or measure_of(bare)
    if len(bare) > 8:
        return thing, "那样东西", "东西"
    return (thing if match else f"一{measure}{rest}"), f"那{measure}{bare}", bare


def _head(phrase: str) -> str:
    """Return the noun at the end: 「四十年前的明信片」 → 「明信片」."""
    head = phrase.rsplit("的", 1)[-1]
    return head or phrase


def measure_of(noun: str) -> str:
    """Return the measure word that goes with *noun*."""
    pairs = dict(pair.split(":") for pair in _tables()["量配"].split())
    for size in (3, 2, 1):
        if noun[-size:] in pairs:
            return pairs[noun[-size:]]
    return pairs.get(noun.removesuffix("子")[-1:], "件") if len(noun) > 1 else "件"


def _kind(bare: str, one: str) -> Kind:
    if not bare:
        return "虚"
    if bare.endswith(word_list("人尾")) or re.match(r"^.[位名]", one):
        return "人"
    if bare.endswith(word_list("虚尾")):
        return "虚"
    if bare.endswith(word_list("处尾")) or re.match(r"^.[座间家所栋处]", one):
        return "处"
    return "物"


def _done(clause: str, verb: str, at: int) -> str:
    """Return the clause as something that has happened: 了 after the verb where nothing else marks it."""
    end = at + len(verb)
    after = clause[end : end + 1]
    if verb.startswith(("必须", "要")):
        return "接下了一件差事，要" + clause.replace("必须", "", 1).removeprefix("要")
    if verb in ("想", "想要"):
        return "动了一个念头，" + clause
    if verb.startswith(_ERRANDS) and not verb.endswith(("到", "回", "走")) and not clause.startswith("每"):
        return "接下了一件差事，要" + clause.replace("去" + verb, verb)
    if (
        not verb
        or verb.startswith(word_list("情态"))
        or "把" in clause[:at]
        or after in ("了", "着", "过")
        or verb[-1] in "了着"
    ):
        return clause
    if not clause[end:]:
        return clause + "了"
    if clause.startswith(("每", "天天")):  # a habit: the story begins when it breaks
        return "照例" + clause[2:] + "，可是这一回，有什么地方不一样了"
    counted = clause[end:].startswith(word_list("数"))
    return clause[:end] + "了" + clause[end:] if counted or verb.endswith(_RESULT) else clause


def _thing_only(phrase: str, text: str) -> ChineseIdea:
    """Return an idea without a deed: 「最后一班列车」, 「孤独」."""
    one, that, bare = _counted(phrase) if phrase else ("", "", "")
    kind = _kind(bare, one)
    person = phrase if phrase.endswith(word_list("人尾")) and len(phrase) <= 10 else ""
    if person:
        return ChineseIdea(role=person, text=text)
    counted = phrase.startswith(word_list("数"))
    if kind == "处" or (kind == "物" and (counted or "的" in phrase)):
        return ChineseIdea(one=one, that=that, bare=bare, kind=kind, text=text)
    if kind == "虚" and counted:
        deed, act = f"听人说起了{one}", f"听人说起{one}"
        return ChineseIdea(deed=deed, act=act, one=one, that=that, bare=bare, kind=kind, text=text)
    topic = phrase[:12]
    return ChineseIdea(
        deed=f"在一张旧纸上看见了“{topic}”{'这几个' if len(topic) > 2 else '两个' if len(topic) == 2 else '这个'}字",
        act=f"在一张旧纸上看见“{topic}”几个字",
        verb="看见",
        one="一张旧纸",
        that="那张旧纸",
        bare="旧纸",
        kind="物",
        text=text,
        topic=topic,
    )
