"""Acts of a Chinese idea, clause by clause: 在…上, 骑, 把…挂在, 被…牵着, 背上坐着, 骑马的人."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from miaobi.craft.drawing.subjects.subject import BOATS, PEOPLE, subjects
from miaobi.craft.drawing.words.act_words import acts_table, gesture_in
from miaobi.craft.drawing.words.acts import RIDDEN, Told, animate
from miaobi.craft.drawing.words.mention import Mention
from miaobi.craft.text.table import table

_RUN = re.compile(r"[^\w\u4e00-\u9fff]+")
_MARKS = frozenset("，。；：！？,.;:!?\n")
_LEADS = 7  # characters that may stand between a verb and its object: 一只小小的白
_MEETS = re.compile(r"(?:和|与|跟(?![在着随])|(?<!一)同|、|以及|及)[^和与跟同、]{0,6}$")
_TOGETHER = re.compile(
    r"(?:说话|说着|聊|谈|玩耍|玩|跳舞|下棋|对弈|吵架|打架|告别|道别|握手|拥抱|对视|对峙|商量|打招呼)"
)
_MOVED = re.compile(r"(?<![一二两三四五六七八九十几这那每])[把将][^\s在到给向进]{0,6}$")
_MOVES_ONE = re.compile(r"(?<![一二两三四五六七八九十几这那每])[把将]")
_MOVES = re.compile(r"(?<![一二两三四五六七八九十几这那每])[把将][^\s]{1,8}[在到给向]")
_PRONOUN = re.compile(r"[他她它](?:们)?(?![的身旁背头肩膝怀脚手脸腿脖])")
_PUTS = re.compile(r"[投扔倒放装塞撒插添灌滴]")
_DOING = re.compile(r"[\u4e00-\u9fff][着了][^\s]{0,5}$")
_QUALITY = re.compile(
    r"((?:[^\s的着一两三几]{1,3}着|熟睡|沉睡|酣睡|奔跑|飞翔|打盹|发呆|跳舞|睡着))的[^\s的]{0,2}$"
)  # 跪着的骑士
_OWN_PARTS = {
    "车": ("cart", "car", "train", "sled"),
    "篮": ("basket",),
    "筐": ("basket",),
    "瓶": ("vase", "bottle"),
    "碗": ("bowl",),
}
_MEANS = re.compile(r"^ ?(?P<let>让|叫|请|使)?(?P<who>[他她它])们?(?![的俩身旁背头肩膝怀脚手脸腿脖])")
_PUT_ON = re.compile(r" ?[系挂放插贴盖扔戴铺摆装塞藏倒披围][在到进上]")
_BUILT = (
    "house",
    "church",
    "castle",
    "hall",
    "temple",
    "gate",
    "windmill",
    "lighthouse",
    "tent",
    "pavilion",
    "great_wall",
)
_ATTRIBUTE = re.compile(r"([^的]*[着了])([^着]{1,2})$")
_ADVERBS = re.compile(
    r"独自|一起|一同|正在|忽然|突然|终于|一手|双手|手里|低头|回头|转身|伸手|抬头|起身|弯腰|还在|不停|从此|渐渐|依然|仍然|悠然|欣然|"
    r"(.)\1|[地着了正又也都就还只却已将再]"
)
_OUT = re.compile(r"[里中内]?(?:面|间)?[^\s]{0,3}(?:飞|走|跑|钻|冲|跳|游|爬|跃|探|掠)[^\s]{0,1}[出起来]")
_SEATS = ("seat", "sofa", "bed")
_BODY = (
    r"(?:[她他它]们?|自己|主人)?的?(?:(?:肩膀|脖子|头|背|肩|身|腿|膝盖|膝|鼻尖|鼻子|手|掌|尾巴)上|"
    "怀里|怀中|头顶|肩头|膝头|手心里|掌心里)"
)
_THERE = re.compile(
    r"(坐|站|趴|停|蹲|卧|睡|有|落|躺|靠|跟|挂|放|摆|立|歇|骑|走|是|飞|游|长|开|伏|窝|蜷)[着满了出来过]*[^\s]{0,7}$"
)
_EXISTS = re.compile(
    r"^[^在]{1,5}[上里下口边旁外前后中内](?:坐|站|趴|停|蹲|卧|睡|有|落|躺|挂|放|摆|立|歇|开|长|是)[着满了]?"
)
_LIGHT = re.compile(  # nobody who is told of: 月光照在琴上
    r"^[^在，]{0,4}?(?:[月阳日灯烛火星晨霞余曙波雪夕暮金银]光|月色|暮色|夜色|夕阳|晚霞|朝霞|雨[点滴水丝]|[细大]雨|雪花|大雪|"
    r"花瓣|落叶|炊烟|[歌琴笛钟雨箫]声|[微春秋晚清海]风)[^，上下里中]{0,3}?"
    r"[照洒落映飘打透投铺抚吹拂穿漫倾泻染笼罩传响盖滴射斜流淌升]"
)
_GOES = {  # after somebody alive, a verb and not where another is: 白鹭上青天
    "上": re.compile(
        r"上了?(?:青天|天(?![鹅空上])|山(?![羊鸡茶顶])|学(?!习)|班|岸|楼(?!梯)|街|路|岗|[树船车马台](?:$|去))"
    ),
    "下": re.compile(r"下了?(?:山|田|楼|河|水|海|班|棋|地|[船车马台树](?:$|来|去))"),
}
_ALL = re.compile(r"^(?:两人|二人|他们|她们|它们|两个人|俩)")


@dataclass
class _Topic:
    """Who is told of: the agents, whom the last words named, and what waits for its head."""

    agents: list[str] = field(default_factory=list)
    last: str = ""
    placed: tuple[str, str] | None = None  # where the agents were put last
    named: list[str] = field(default_factory=list)
    moving: bool = False  # whether 把 has put something where nothing draws it
    people: list[str] = field(default_factory=list)  # in the order they were named
    waiting: list[tuple[str, str]] = field(default_factory=list)  # places and acts that came before their head


def read(idea: str, low: str, found: Sequence[Mention], told: Told) -> None:
    """Note in *told* what the Chinese words of an idea tell of the subjects *found* in them."""
    topic = _Topic()
    start = 0
    for clause in _marked(idea, low).split("，"):
        end = start + len(clause)
        here = [m for m in found if start <= m.start < end]
        _clause(clause, [(m.id, m.start - start, m.end - start) for m in here], topic, told)
        start = end + 1


def _marked(idea: str, low: str) -> str:
    """Return *low* with a comma where a clause of *idea* ends and an enumeration comma where it has one; what is
    blanked out stays blank."""
    out, shift, text = list(low), 1, idea.lower().replace("-", " ")
    for run in _RUN.finditer(text):
        at = run.start() + shift - (run.start() == 0)
        if at >= len(low):
            break
        if _MARKS & set(run[0]) or run[0] in (" ", "　"):
            out[at] = "，"
        elif "、" in run[0]:
            out[at] = "、"
        shift += 1 - len(run[0]) - (run.start() == 0)
    return "".join(out)


def _clause(words: str, here: list[tuple[str, int, int]], topic: _Topic, told: Told) -> None:
    """Read a clause; *here*: who is named where in it."""
    before, own = (list(topic.agents), topic.last), False  # of the clauses before; whether this one has a head
    if _LIGHT.match(words):
        topic.agents = [name for name, *_ in here if animate(name)][-1:] or topic.agents
        topic.last = here[-1][0] if here else topic.last
        return
    if (means := _MEANS.match(words)) and (meant := _meant(means["who"], topic, other=bool(means["let"]))):
        topic.agents = meant
        before = (before[0], before[1])
    topic.moving = (topic.moving and bool(_PUT_ON.match(words))) or bool(_MOVES_ONE.search(words))
    if _ALL.match(words) and len(topic.people) > 1:
        topic.agents = topic.people[-2:]
    rest, lead = words[: here[0][1]] if here else words, ""  # lead: a gap whose verb is that of a later thing
    if here and _EXISTS.match(rest) and not _by_body(rest):
        topic.agents = []  # 门口挂着两盏灯笼
    quality_of: tuple[str, str] | tuple[()] = ()  # what whoever is named next does
    into: tuple[str, str] | tuple[()] = ()
    moved = ""  # what is still to be put somewhere; where what comes next is put
    if here and (inside := _own_part(rest, topic)):
        topic.waiting.append(inside)  # 一辆马车，车上堆满了南瓜
    for i, (name, _, stop) in enumerate(here):
        gap = lead + rest
        after = words[stop : here[i + 1][1] if i + 1 < len(here) else len(words)]
        where, rest = _locative(after, boat=subjects()[name].generator in BOATS)
        if animate(name) and (goes := _GOES.get(after[:1])) and goes.match(words[stop:]):
            where, rest = "", after
        lead = ""
        following = i + 1 < len(here)
        verb = _verb(gap)
        led = bool(re.search(r"的[^\s]{0,3}$", gap)) and not _there(gap)
        if verb and not own and animate(name) and led and (not topic.agents or rest.strip()):
            verb = ""  # 戴草帽的农夫
        if where == "beside" and after.startswith("外") and _kind(name) in _BUILT:
            where = "before"
        topic.named.append(name)
        if _kind(name) in PEOPLE:
            topic.people.append(name)
        if quality := _QUALITY.search(gap):  # 跪着的骑士
            _pose(quality[1], [name], told)
            gap = gap[: quality.start()] + "的"
        if quality_of:
            told.tie([name], *quality_of)
            quality_of = ()
        if into and not animate(name):
            told.tie([name], into[0], into[1])
            into = ()
            continue
        if following and rest.startswith("的") and (where or (verb and (not own or _MEETS.search(gap)))):
            topic.waiting.append((where or verb, name))  # 船上的渔翁, 骑马的人
            lead = "" if verb and not where else gap
            rest = rest[1:]
        elif own and _MOVED.search(gap):  # 把风筝挂在树上
            moved = name
            if re.match(r"[^\s]{1,2}[在到进入]", rest):
                pass
            elif re.match(r"[^\s]{0,2}[给向递送交借献]", rest):
                told.tie(topic.agents, "hold", name)
                moved = ""
            elif how := _verb(rest[:3]):
                told.tie(topic.agents, how, name)
            elif not following:
                told.tie(topic.agents, "hold", name)
                moved = ""
        elif topic.agents and re.search(r"[被由让][^\s在]{0,8}$", gap):  # 被孩子们围住
            told.tie([name], _verb(rest) or "beside", topic.agents[0])
            _pose(rest, [name], told)
        elif (
            own and following and rest.startswith("的") and (deed := _ATTRIBUTE.match(gap)) and animate(here[i + 1][0])
        ):
            quality_of, lead, rest = (_verb(deed[2]) or "does", name), deed[1], rest[1:]  # 追着偷鱼的猫
        elif moved and re.search(r"[进入]$", gap):
            if subjects()[name].stand == "thing":
                told.tie([moved], "in", name)
            else:
                told.tie(topic.agents, "hold", moved)
                told.tie(topic.agents, "beside", name)
            moved = ""
        elif i and any(pair.startswith(words[here[i - 1][1] : stop] + ":") for pair in table("pairs.zh")):
            told.tie([name], "beside", here[i - 1][0])  # 祖孙
            topic.agents = [*topic.agents, name] if own else [here[i - 1][0], name]
            own = True
        elif where in ("in", "on") and own and re.search(r"[往朝向][^\s]{0,4}$", gap) and _PUTS.match(rest):
            told.tie(topic.agents, "beside", name)  # 往瓶子里投石子
            into = (where, name)
        elif not gap.strip("满的") and i and _kind(here[i - 1][0]) in ("cart", "basket") and not animate(name):
            told.tie([name], "in", here[i - 1][0])  # 一车南瓜
        elif where and not (verb in ("follow", "chase") or (verb == "ride" and animate(name))):
            moved = _located(name, where, gap, rest, following, own, moved, topic, told)
        elif not own and (how := _by_body(gap)) and (before[0] or topic.last):  # 背上坐着一个男孩
            own = _beside_whom(name, how, gap, topic, told)
        elif own and _MEETS.search(gap) and topic.last in topic.agents:  # 老人和狗
            if _TOGETHER.match(rest):
                told.tie(topic.agents, "face", name)
            elif animate(name) or "、" not in gap:
                told.tie([name], "beside", topic.agents[0])
            _pose(gap, topic.agents, told)
            if not _TOGETHER.match(rest):
                if topic.placed:
                    told.tie([name], *topic.placed)
                topic.agents = [*topic.agents, name]
        elif verb and (own or (topic.agents and not topic.waiting)) and name not in topic.agents:
            verb = "feed" if re.search(r"给[^\s]{0,4}$", gap) and rest.startswith("喂") else verb
            verb = "face" if re.match(r"[^\s]{0,2}", rest) and _MEETS.search(gap) and _TOGETHER.match(rest) else verb
            _acts(name, where, verb, gap, topic, before[1], told)
        elif own and animate(name) and _DOING.search(gap) and not _there(gap) and name not in topic.agents:
            _acts(name, where, "does", gap, topic, before[1], told)  # 舔着小羊
        elif not own and i == 0 and _stranger(gap):
            topic.agents, topic.waiting, own = [], [], True
        elif verb and not own and not topic.waiting and verb not in ("face", "beside") and not _there(gap):
            topic.waiting.append((verb, name))  # 推开柴门，…
        else:
            own = _heads(name, gap, own, topic, told)
        topic.last = name
    tail = rest
    _to_pronoun(words, before[0], topic, told)
    if topic.waiting and not own and here and re.search(r"[结开长挂飘传响立铺堆积]|[着了满][^\s]", tail):
        topic.waiting = []  # 树上结满了果子
    if not moved:
        _pose(tail, topic.agents, told)
    if re.search(r"跟在(?:后|身后|最后)", tail) and before[0]:
        told.tie([one for one in topic.agents if one not in before[0]], "follow", before[0][0])
    elif how := _by_body(tail):
        mine = [one for one in topic.agents if one not in before[0]]
        whom = before[0][0] if re.search(r"[她他它自主]|身|脚", tail) and before[0] else before[1]
        if whom and how != "hold":
            told.tie(mine, how, whom)


def _stranger(gap: str) -> bool:
    """Tell whether a clause begins with somebody whom nothing draws: 小红帽提着篮子."""
    match = re.match(r" ?(?:[一两三几][个位只条头匹名])?([\u4e00-\u9fff]{2,4}?)(?:[^\s]着|在|从|把)", gap)
    return match is not None and not (
        _ADVERBS.search(match[1]) or _verb(match[1]) or gesture_in(match[1]) or _by_body(match[1])
    )


def _meant(pronoun: str, topic: _Topic, *, other: bool) -> list[str]:
    """Return whom a pronoun that begins a clause means; *other*: not who acted."""
    fits = [one for one in topic.agents if not other and (_kind(one) in PEOPLE) == (pronoun != "它")]
    last = [one for one in reversed(topic.named) if animate(one) and (_kind(one) in PEOPLE) == (pronoun != "它")]
    return fits or [one for one in last if not (other and one in topic.agents)][:1]


def _own_part(words: str, topic: _Topic) -> tuple[str, str] | tuple[()]:
    """Return where 车上, 篮里 at the beginning of a clause is: on what was named before."""
    match = re.match(r" ?([车篮筐瓶碗])[子身]?([上里中])", words)
    owners = [one for one in reversed(topic.named) if match and one in _OWN_PARTS[match[1]]]
    return ("in", owners[0]) if owners else ()


def _to_pronoun(words: str, before: Sequence[str], topic: _Topic, told: Told) -> None:
    """Tie the agents to whom 他, 她 or 它 after a verb means: 跟着她, 给它洗澡."""
    for match in _PRONOUN.finditer(words):
        how = _verb(words[max(0, match.start() - 3) : match.start()])
        others = [one for one in (*before, *reversed(topic.people)) if one not in topic.agents]
        person = match[0][0] != "它"
        fits = [one for one in others if (_kind(one) in PEOPLE) == person]
        if how and fits and topic.agents:
            told.tie(topic.agents, how, fits[0])


def _kind(name: str) -> str:
    return subjects()[name].generator


def _located(
    name: str, where: str, gap: str, rest: str, following: bool, own: bool, moved: str, topic: _Topic, told: Told
) -> str:
    """Read a place, and return what is still to be put somewhere."""
    if moved:
        told.tie([moved], where, name)
        return ""
    if where == "on" and re.search(r"[靠倚]在?[^\s]{0,4}$", gap) and _kind(name) not in _SEATS:
        where = "beside"
    if topic.agents and re.search(r"从[^\s]{0,6}$", gap) and _OUT.match(rest):  # 从芦苇丛中飞起
        told.tie([one for one in topic.agents if one != name], "leave", name)
        _pose(rest, topic.agents, told)
        return ""
    if topic.agents and own and re.search(r"(?:飞|掠|越|飘)过[^\s]{0,4}$", gap):
        where = "above"
    if (
        topic.agents and (_MOVES.search(gap) or (topic.moving and _PUT_ON.match(gap))) and not moved
    ):  # 把围巾系在雪人的脖子上
        told.tie(topic.agents, "face", name)
        return ""
    led = bool(re.search(r"[在于从到往向][^\s]{0,7}$", gap))
    there = following and not led and not own
    if topic.agents and (own or led or not following) and not (there and _there(rest)):
        agents = [one for one in topic.agents if one != name]
        told.tie(agents, where, name)
        _pose(gap, agents, told)
    else:
        topic.waiting.append((where, name))
        if there:
            topic.agents = []
    return ""


def _acts(name: str, where: str, verb: str, gap: str, topic: _Topic, whom: str, told: Told) -> None:
    """Read what the agents do to somebody; *whom*: who was named before, beside or below whom they may be."""
    agents = topic.agents
    if verb == "play" and _kind(name) != "musical" and name != "chess":
        verb = (
            "pull"
            if re.search(r"拉着?[^\s]{0,6}$", gap)
            else "hold"
            if re.search(r"[吹敲弹][^\s]{0,6}$", gap)
            else verb
        )
    if verb == "beside" and re.search(r"[靠倚][着在]?[^\s]{0,4}$", gap) and _kind(name) in _SEATS:
        verb = "in"
    if verb == "lead" and not animate(name):
        verb = "hold"  # 牵着气球
    if whom and (how := _by_body(gap)) and re.search(r"^[^她他它自]*在", gap):  # 饲养员在下面举着苹果
        told.tie(agents, how, whom)
    on_person = where and verb == "ride" and subjects()[name].generator in PEOPLE
    told.tie(agents, where if on_person else verb, name)
    _pose(gap, agents, told)
    if verb == "beside" and animate(name):
        topic.agents = [*agents, name]


def _heads(name: str, gap: str, own: bool, topic: _Topic, told: Told) -> bool:
    """Read who the clause is about: what waited for a head is its; return whether it has one now."""
    if own and not animate(name) and not topic.waiting:
        _pose(gap, topic.agents, told)
        return own
    for how, whom in topic.waiting:
        told.tie([name], how, whom)
    topic.placed = topic.waiting[-1] if topic.waiting else None
    topic.waiting = []
    _pose(gap, [name], told)
    topic.agents = [name]
    return True


def _beside_whom(name: str, how: str, gap: str, topic: _Topic, told: Told) -> bool:
    """Read somebody on the back, at the side, in the hand of whom was told of; return whether that is who is told of
    now."""
    ridden = [one for one in reversed(topic.named) if _kind(one) in RIDDEN]
    if "座" in gap and ridden:  # 后座上
        told.tie([name], "on", ridden[0])
        _pose(gap, [name], told)
        topic.agents = [name]
        return True
    whom = topic.last if topic.last not in topic.agents and how == "beside" else (topic.agents or [topic.last])[0]
    if how == "hold":
        told.tie([whom], "hold", name)
        return False
    told.tie([name], how, whom)
    _pose(gap, [name], told)
    topic.agents = [name]
    return True


def _there(gap: str) -> bool:
    """Tell whether words say that somebody is there: 坐着一个, 有一只."""
    return bool(_THERE.search(gap))


def _by_body(words: str) -> str:
    """Return where somebody is to whom was told of: 背上, 身边, 手里, 下面."""
    for how, places in acts_table("zh_body").items():
        if any(re.search(rf"(?:^|[在着到于有她他它的从是，]|自己|主人){place}", words) for place in places):
            return how
    return ""


@cache
def _locatives() -> tuple[tuple[str, str], ...]:
    pairs = [(word, how) for how, words in acts_table("zh_where").items() for word in words]
    return tuple(sorted(pairs, key=lambda p: -len(p[0])))


def _locative(after: str, *, boat: bool) -> tuple[str, str]:
    """Return where the words after a thing, or a boat, put somebody, and what follows."""
    if match := re.match(_BODY, after):
        return "on", after[match.end() :]
    if boat and (match := re.match("[头尾舷]", after)):
        return "in", after[1:]
    if match := re.match("[口台边]?沿?[沿台][上边]", after):  # 井沿上
        return "beside", after[match.end() :]
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
    best, end = "", -1
    for word, how in _verbs():
        at = gap.rfind(word)
        if at >= 0 and at + len(word) > end and len(gap) - at - len(word) <= _LEADS:
            best, end = how, at + len(word)
    return best


def _pose(words: str, who: Sequence[str], told: Told) -> None:
    """Note the gesture whose verb stands in *words*."""
    told.pose(who, gesture_in(words))
