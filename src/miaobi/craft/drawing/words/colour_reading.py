"""Reading of colours: which colour an idea's words give to a subject or to a part of it, in English and Chinese.

English: adjectives before the noun (*an old red kite*), *in red*, *is red*, parts (*in a yellow coat*, *a blue door*).
Chinese: 红色的风筝, 橘猫, 白马, 穿红衣的女孩, 红屋顶. Colours of what is no subject are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from miaobi.craft.drawing.pigment import colour_words, pigment
from miaobi.craft.drawing.subjects.subject import subjects
from miaobi.craft.drawing.words.lexicon import closed, verb_forms
from miaobi.craft.drawing.words.mention import Mention
from miaobi.craft.text.table import table

_WORN = ("person",)
_CLAD = (
    "knight",
    "witch",
    "king",
    "monk",
    "dancer",
    "soldier",
)  # a black knight is so by his clothes, a black man isn't
_HOUSES = ("house", "church", "hall", "windmill", "lighthouse", "temple", "castle")
PARTS: dict[str, tuple[str, tuple[str, ...]]] = {  # words for it, generators that have it
    "coat": (
        "coat jacket dress cloak robe robes waistcoat vest blouse tutu armour suit nightgown pyjamas cardigan "
        "hoodie poncho sari shirt sweater gown cape raincoat skirt kimono jumper overcoat uniform tunic "
        "大褂 马褂 衬衫 制服 军装 婚纱 礼服 夹克 睡衣 校服 道袍 袈裟 铠甲 盔甲 "
        "外套 大衣 衣服 衣裳 衣裙 裙子 长裙 连衣裙 长袍 袍子 毛衣 风衣 雨衣 斗篷 棉袄 旗袍 衫 裙 袍 衣",
        _WORN,
    ),
    "hat": ("hat cap bonnet beret hood 帽子 帽", _WORN),
    "scarf": ("scarf shawl 围巾 披肩", _WORN),
    "roof": ("roof roofs 屋顶 房顶", _HOUSES),
    "door": ("door doors 门 大门 木门", _HOUSES),
}
_SHADE = {
    "dark": "dark",
    "deep": "dark",
    "light": "light",
    "pale": "light",
    "深": "dark",
    "暗": "dark",
    "浅": "light",
    "淡": "light",
}
_FULLY = "(?:色|(?P<again>(?!压)[\u4e00-\u9fff])(?P=again))?"  # 红色, 红彤彤
_NOT_DRAWN = ("boots", "shoes", "socks", "trousers", "gloves", "pants", "stockings", "jeans", "slippers", "sandals")
_STANDING = ("tree", "blossom")  # whose Chinese names begin with a colour: 红叶, 红梅


@cache
def _english() -> str:
    return "|".join(sorted((w for w in colour_words() if w.isascii()), key=len, reverse=True))


@cache
def _chinese() -> str:
    return "|".join(sorted((w for w in colour_words() if not w.isascii()), key=len, reverse=True))


def read_colours(low: str, found: Sequence[Mention]) -> tuple[tuple[tuple[str, str, str], ...], str]:
    """Return (subject, part or "", #rrggbb) for each colour that the ``plain`` words *low* tell of a mention, and the
    words with these colours blanked out: *a grey cat* is no grey sky."""
    told: dict[tuple[str, str], str] = {}
    spent: list[tuple[int, int]] = []
    for said, part, owner in _parts(low, found):
        told.setdefault((owner.id, part), _colour(said))
        spent.append(said.span())
    for mention in found:
        worn = subjects()[mention.id].generator in _WORN
        for match in (_before(low, mention), _after(low, mention, found), _within(low, mention)):
            if match is not None and not any(a < match.end("colour") and match.start("colour") < b for a, b in spent):
                told.setdefault((mention.id, "coat" if worn else ""), _colour(match))
                spent.append((match.start(), mention.start if match.end() <= mention.start else match.end("colour")))
                break
    for a, b in spent:
        low = low[:a] + re.sub(r"[^ ]", " ", low[a:b]) + low[b:]
    return tuple((id, part, colour) for (id, part), colour in told.items()), low


def _colour(match: re.Match[str]) -> str:
    return pigment(colour_words()[match["colour"]], _SHADE.get(match["shade"] or "", ""))


def _before(low: str, mention: Mention) -> re.Match[str] | None:
    """Return the colour just before a mention; others may stand between. Of people it isn't their clothes'."""
    if subjects()[mention.id].generator in _WORN and mention.id not in _CLAD:
        return None
    if not low[mention.start : mention.end].isascii():
        adjective = "(?:[小大老旧新长破]|纸|布|木|可爱的|美丽的|漂亮的)?"
        match = re.search(
            rf"(?P<shade>[深暗浅淡])?(?P<colour>{_chinese()}){_FULLY}的?{adjective}$", low[: mention.start]
        )
        return (
            match if match and match["colour"] + low[mention.start : mention.end] not in table("colour_kinds") else None
        )
    pattern = rf"(?<= )(?:(?P<shade>dark|deep|light|pale|bright) )?(?P<colour>{_english()})(?= )"
    match = next(iter(list(re.finditer(pattern, low[: mention.start]))[::-1]), None)
    if match is None or f"{match['colour']}_{low[mention.start : mention.end]}" in table("colour_kinds"):
        return None
    between = low[match.end() : mention.start].split()
    return match if all(w in table("adjectives.en") or w in table("matter.en") for w in between) else None


def _after(low: str, mention: Mention, found: Sequence[Mention]) -> re.Match[str] | None:
    """Return the colour said of a mention after it: *is red*; of people *in red*."""
    if not low[mention.start : mention.end].isascii():
        if subjects()[mention.id].generator in _WORN:
            return None
        colour = rf"(?P<shade>[深暗浅淡])?(?P<colour>{_chinese()}){_FULLY}"
        made = re.compile(rf"被?(?:漆|涂|染|刷|变)成了?{colour}(?= |$)").match(low, mention.end)
        return made or re.compile(rf"是?{colour}的(?= )").match(low, mention.end)
    lead = r"(?:(?:that|which) )?(?:is|are|was|were|painted|dyed|all) (?:all |painted |as )?"
    if subjects()[mention.id].generator in _WORN:
        lead = r"(?:(?:who )?(?:is|was|are|were) )?(?:dressed |clad |clothed |all )?in "
    pattern = rf" {lead}(?:(?P<shade>dark|deep|light|pale|bright) )?(?P<colour>{_english()})(?= )"
    match = re.compile(pattern).match(low, mention.end) or _postposed(low, mention)
    if match is None or any(m.start == match.end() + 1 for m in found):
        return None
    return None if low[match.end() :].split()[:1] in ([w] for w in _NOT_DRAWN) else match


def _postposed(low: str, mention: Mention) -> re.Match[str] | None:
    """Return a colour just after a thing, with no noun of its own: *a cat, black as ink*, *painted it yellow*."""
    if subjects()[mention.id].generator in _WORN:
        return None
    match = re.compile(rf" (?P<shade>dark|deep|light|pale|bright)?(?P<colour>{_english()})(?= )").match(
        low, mention.end
    )
    after = low[match.end() :].split()[:1] if match else []
    alone = not after or after[0] in closed() or any(tag in ("third", "past") for _, tag in verb_forms(after[0]))
    return match if alone else None


def _within(low: str, mention: Mention) -> re.Match[str] | None:
    """Return the colour that a name begins with, where the rest is a name of the same: 白马, 红灯笼, *black cat*."""
    said, subject = low[mention.start : mention.end], subjects()[mention.id]
    words = f"(?P<colour>{_english()}) " if said.isascii() else f"(?P<colour>{_chinese()})"
    match = re.compile(f"(?P<shade>[深暗浅淡])?{words}").match(low, mention.start, mention.end)
    if match is None or said.replace(" ", "_") in table("colour_kinds") or subject.generator in _STANDING:
        return None
    rest = low[match.end() : mention.end]
    return match if rest in subject.chinese or {rest, rest.removesuffix("s")} & set(subject.words) else None


def _parts(low: str, found: Sequence[Mention]) -> Iterator[tuple[re.Match[str], str, Mention]]:
    """Find colours of parts with whose they are: the last subject before that has such a part, in Chinese the one that
    the words lead to (穿红衣的女孩), else the first after."""
    for part, (words, generators) in PARTS.items():
        english = "|".join(w for w in words.split() if w.isascii())
        chinese = "|".join(w for w in words.split() if not w.isascii())
        owners = [m for m in found if subjects()[m.id].generator in generators]
        for pattern in (
            rf"(?<= )(?:(?P<shade>dark|deep|light|pale|bright) )?(?P<colour>{_english()}) (?P<more>(?:\w+ ){{0,2}})"
            rf"(?P<part>{english})(?= )",
            rf"(?P<shade>[深暗浅淡])?(?P<colour>{_chinese()})色?的?(?P<more>[小大长旧新])?(?P<part>{chinese})",
        ):
            for match in re.finditer(pattern, low):
                between = (match["more"] or "").split()
                if match["colour"].isascii() and not all(
                    w in table("adjectives.en") or w in table("matter.en") for w in between
                ):
                    continue
                if any(m.start < match.end() and match.start() < m.end and m not in owners for m in found):
                    continue  # 红门 of a subject that is called so
                led = re.compile(r"的?[^ ]{0,3}").match(low, match.end())
                leads = [
                    m for m in owners if led and match.end() <= m.start <= led.end() and not match["part"].isascii()
                ]
                before = [m for m in owners if m.end <= match.start()]
                after = [m for m in owners if m.start >= match.end()]
                for owner in (leads or before[-1:] or after[:1])[:1]:
                    yield match, part, owner


def part_words(part: str) -> frozenset[str]:
    """Return the words for a part whose colour can be told."""
    return frozenset(PARTS[part][0].split()) if part in PARTS else frozenset()
