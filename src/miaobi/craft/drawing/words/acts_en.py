"""Acts of an English idea: between two things stands what ties them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from miaobi.craft.drawing.subjects.subject import PEOPLE, subjects
from miaobi.craft.drawing.words.act_words import act_forms, acts_table, done_by, gesture_of, preposition_of
from miaobi.craft.drawing.words.acts import RIDDEN, Told, animate
from miaobi.craft.drawing.words.mention import SOFT, STRONG, Mention, marks_in
from miaobi.craft.text.table import table
from miaobi.craft.text.verb import Tag, readings

_MODIFIERS = ("determiners.en", "adjectives.en", "numerals.en")
_BE = frozenset(["is", "are", "was", "were", "be", "being", "been"])
_RELATIVE = frozenset(["who", "that", "which", "whose"])
_JOINS = frozenset(["and", "or", "plus", "while", "as", "then", "but"])
_PRONOUNS = frozenset(["he", "she", "they", "it"])
_PUT = frozenset(
    ["put", "place", "set", "lay", "leave", "see", "find", "watch", "drop", "hang", "hide", "know", "have"]
)
_GIVE = frozenset(["feed", "give", "offer", "hand", "bring", "show", "throw", "pass", "toss", "lend", "sell", "serve"])
_BARRIERS = ("fence", "wall")
_DENY = frozenset(["refuse", "fail", "decline", "forget", "hesitate", "fear"])  # … to pull it
_OBJECTS = frozenset(["him", "her", "it", "them"])
_ADVERBS = ("below", "above", "behind")
_CONTAINERS = ("vase", "bowl", "bottle", "jar", "cup", "cart", "rowing-boat")
_OF = "of"


@dataclass(frozen=True)
class _Verb:
    base: str
    tag: Tag
    at: int  # its place in the gap


@dataclass
class _Clause:
    """Who acts in the clause that is read, whom the last words named and in what role, and what waits for its head."""

    agents: list[str] = field(default_factory=list)
    group: list[str] = field(default_factory=list)  # the last thing named, with those that it is joined to
    role: str = ""  # of the group: head, object, place
    tie: tuple[tuple[str, ...], str] | None = None  # by what the group hangs on others
    verb: str = ""  # the last one
    shared: list[tuple[str, str]] = field(default_factory=list)  # places of the head, and of who is joined to it
    fronted: list[tuple[str, str]] = field(default_factory=list)  # places that came before their head
    waiting: list[tuple[str, str]] = field(default_factory=list)  # acts that came before their agent
    behind: str = ""  # what the clause before was about: *… while cows graze below*
    passive: bool = False  # who is told of has it done to them: *pushed on the swing by …*


def read(idea: str, low: str, found: Sequence[Mention], told: Told) -> None:
    """Note in *told* what the English words of an idea tell of the subjects *found* in them."""
    clause, named = _Clause(), list[str]()
    end = 0
    for i, mention in enumerate(found):
        gap = _gap(idea, low, end, mention.start)
        after = _gap(idea, low, mention.end, found[i + 1].start if i + 1 < len(found) else len(low))
        if _begins(gap, after, mention.id, clause):
            _close(gap, clause, told, named)
            clause = _Clause([mention.id], [mention.id], "head")
        else:
            clause = _step(gap, mention.id, clause, told, named)
        named.append(mention.id)
        end = mention.end
    _close(_gap(idea, low, end, len(low)), clause, told, named)


def _begins(gap: Sequence[str], after: Sequence[str], name: str, clause: _Clause) -> bool:
    """Tell whether somebody new acts alone after an *and*: *… feeds the ducks, and a girl sits on the wall*."""
    joined = [word for word in _shorn(gap) if word != SOFT]
    if not clause.verb or joined != ["and"] or not animate(name):
        return False
    tag = next((verb.tag for verb in _verbs(after[:2]) if verb.at == 0 or after[0].endswith("ly")), None)
    return tag == "third" or (tag in ("past", "base") and SOFT in gap)


def _gap(idea: str, low: str, start: int, end: int) -> list[str]:
    """Return the words between two places, with marks where the idea has punctuation there."""
    marks = marks_in(idea)
    before = len(low[:start].split())
    out: list[str] = []
    for i, word in enumerate(low[start:end].split()):
        if mark := marks.get(before + i):
            out.append(mark)
        out.append(word)
    if mark := marks.get(before + len(low[start:end].split())):
        out.append(mark)
    return out


def _step(gap: list[str], name: str, clause: _Clause, told: Told, named: Sequence[str]) -> _Clause:
    """Read the words before *name*, and return the clause with it; *named*: who was named before."""
    gap = _body(gap, clause, told)
    if STRONG in gap:
        cut = len(gap) - 1 - gap[::-1].index(STRONG)
        _close(gap[:cut], clause, told, named)
        gap = gap[cut + 1 :]
        clause = _Clause(agents=clause.agents if _PRONOUNS & set(gap) else [])
    if "while" in gap and clause.group:
        cut = gap.index("while")
        if not _verbs(_shorn(gap[cut + 1 :])):  # mends nets while three gulls …
            _close(gap[:cut], clause, told, named)
            return _Clause([name], [name], "head", behind=clause.group[-1])
    if (how := _led_by_pronoun(gap)) and named:  # and below it a fox
        told.tie([name], how, named[-1])
        return _Clause([name], [name], "head")
    words = _whole(_shorn(gap))
    if clause.fronted and gap and not words:  # Above the city an old man …
        return _headed(name, clause, told)
    verbs = _verbs(words)
    if (clause.agents or clause.group) and _stranger(words[: verbs[0].at] if verbs else words[:-1]):
        return _Clause(group=[name], role="place")
    words_after = words[verbs[-1].at + 1 :] if verbs else words
    where, _ = preposition_of(words_after)
    if verbs:
        return _verbal(words, verbs, where, name, clause, told)
    if where or (words and words[-1] in ("with", _OF)):
        return _prepositional(words, where, name, clause, told)
    return _joined(words, name, clause, told)


def _verbal(words: list[str], verbs: list[_Verb], where: str, name: str, clause: _Clause, told: Told) -> _Clause:
    first, last = verbs[0], verbs[-1]
    ahead = set(words[: first.at])
    if not clause.agents and not clause.group:  # Holding a lantern, the keeper …; Look at the fox
        how = _phrase(words, last) or where or done_by(last.base)
        if words[last.at + 1 :][:1] == ["by"] and done_by(last.base):  # Led by a boy, the king …
            how = f"by {done_by(last.base)}"
        return _Clause(group=[name], role="object", verb=last.base, waiting=[*clause.waiting, (how, name)])
    opens = clause.fronted and not clause.agents and not (_RELATIVE & ahead)
    if opens and not where and last.tag != "ing":  # On the wall sits a cat
        for verb in verbs:
            told.pose([name], gesture_of(verb.base))
        return _headed(name, clause, told)
    if clause.waiting and not clause.agents and SOFT in ahead:
        return _headed(name, clause, told)
    subject = _subject(first, ahead, clause)
    passive = last.tag == "participle" and words[last.at + 1 :][:1] == ["by"] and bool(done_by(last.base))
    if passive and len(verbs) == 1 and not (ahead & (_JOINS | {SOFT})):
        subject = clause.group or subject  # a donkey led by her brother
    if passive and done_by(last.base) == "pull" and clause.group and not animate(clause.group[-1]):
        subject = clause.group  # on his cart, drawn by an ox
    if clause.waiting and not clause.agents:
        subject = clause.group
    for verb in verbs if not passive else verbs[:-1]:
        told.pose(subject, gesture_of(verb.base))
    if passive:
        told.tie([name], done_by(last.base), subject[0])
        told.pose([name], gesture_of(last.base))
        return _Clause(clause.agents or [name], [name], "head", None, last.base)
    how = _phrase(words, last)
    agents = clause.agents or subject
    if how:
        told.tie(subject, how, name)
        role = "place" if how in acts_table("preposition") else "object"
        return _Clause(agents, [name], role, (tuple(subject), how), last.base)
    if words[-1:] == ["with"]:
        return _prepositional(words, "", name, _Clause(agents, subject, "head", None, last.base), told)
    if words[-1:] == [_OF]:  # carries a basket of apples
        if (how := done_by(last.base)) in ("hold", "carry"):
            told.tie(subject, how, name)
        return _Clause(agents, [name], "object", None, last.base)
    if where:
        told.tie(subject, where, name)
        done = last.tag != "ing" and words[last.at - 1 : last.at] in ([word] for word in _BE)
        return _Clause(agents, [name], "place", (tuple(subject), where), last.base, passive=done)
    how = done_by(last.base) or ("does" if last.base not in _BE else "")
    told.tie(subject, how, name)
    return _Clause(agents, [name], "object", (tuple(subject), how) if how else None, last.base)


def _led_by_pronoun(gap: Sequence[str]) -> str:
    """Return where a pronoun at the end of the words puts who comes next: *behind them* a rider."""
    rest = list(gap)
    while rest and (any(rest[-1] in table(name) for name in _MODIFIERS)) and rest[-1] not in _OBJECTS:
        rest.pop()
    if len(rest) == len(gap) or not rest or rest[-1] not in _OBJECTS or _verbs(rest):
        return ""
    return preposition_of(rest[:-1])[0]


def _stranger(words: Sequence[str]) -> bool:
    """Tell whether somebody new whom nothing draws stands after a comma or a conjunction: *, a straw hat* left on the
    fence."""
    joins = [i for i, word in enumerate(words) if word == SOFT or word in _JOINS or word in ("when", "where", "before")]
    if not joins:
        return False
    new = words[joins[-1] + 1 :]
    led = len(new) > 1 and new[0] in table("determiners.en")
    return led and "s" not in new and any(_noun(word) for word in new[1:])


def _noun(word: str) -> bool:
    known = any(word in table(name) for name in (*_MODIFIERS, "after_nouns.en"))
    return word.isalpha() and not known and word not in _joints() and not word.endswith("ly")


def _subject(verb: _Verb, ahead: set[str], clause: _Clause) -> list[str]:
    """Return whose the verb is."""
    if _RELATIVE & ahead or not clause.agents:
        return clause.group or clause.agents
    if ahead & (_JOINS | {SOFT}):
        return clause.agents
    held = clause.tie is not None and clause.tie[1] == "hold"  # an eagle with a fish flies
    if all(animate(one) for one in clause.group) and clause.role != "place" and not held:
        return clause.group
    return clause.agents


def _prepositional(words: list[str], where: str, name: str, clause: _Clause, told: Told) -> _Clause:
    if not clause.group:
        if not where:
            return _Clause(clause.agents, [name], "head")
        if clause.agents:  # a pronoun's: *She is on a bench*
            told.tie(clause.agents, where, name)
            return _Clause(clause.agents, [name], "place", (tuple(clause.agents), where))
        return _Clause(group=[name], role="place", fronted=[*clause.fronted, (where, name)], waiting=clause.waiting)
    agents = clause.agents or ([] if clause.fronted or clause.waiting else clause.group)
    if words[-1] == _OF:
        people = [one for one in clause.group if animate(one)]
        if "with" in words and people and not animate(name):  # with a basket of apples
            told.tie(people, "hold", name)
        if clause.group[-1] in _CONTAINERS:
            told.tie([name], "in", clause.group[-1])
        return _Clause(agents, [name], clause.role, None, clause.verb, fronted=clause.fronted, waiting=clause.waiting)
    if clause.passive and words == ["by"] and clause.agents and (how := done_by(clause.verb)):
        told.tie([name], how, clause.agents[0])
        told.pose([name], gesture_of(clause.verb))
        return _Clause(clause.agents, [name], "object")
    if words[-1] == "with" and animate(name) and subjects()[clause.group[-1]].generator in RIDDEN:
        told.tie([name], "on", clause.group[-1])  # a sled with two children
        return _Clause(agents, [name], "object", None, clause.verb)
    if words[-1] == "with":
        people = [one for one in clause.group if animate(one)] or [one for one in agents if animate(one)]
        people = people[-1:]  # a postman, a girl with an umbrella
        told.tie(people or clause.group, "beside" if animate(name) else "hold", name)
        return _Clause(agents, [name], "object", (tuple(people or clause.group), "hold"), clause.verb)
    heads = clause.group
    if where == "above" and clause.verb in _GIVE and subjects()[name].generator in _BARRIERS:
        where = "behind"  # feeds a horse over a fence
    if where == "from":
        heads = agents or heads
    moved = clause.verb in _PUT or (where in ("on", "in") and all(animate(one) for one in heads))
    if clause.role == "object" and agents and not moved and not (SOFT in words and clause.fronted):
        heads = agents  # reads a letter on a bench
    if SOFT in words and agents and not clause.fronted:
        heads = agents
    told.tie(heads, where, name)
    tie = (tuple(heads), where)
    return _Clause(agents, [name], "place", tie, clause.verb, fronted=clause.fronted, waiting=clause.waiting)


def _joined(words: list[str], name: str, clause: _Clause, told: Told) -> _Clause:
    """Read an *and*, a comma, or nothing between two things."""
    if (clause.fronted or clause.waiting) and {SOFT, "there", *_BE} & set(words):
        return _headed(name, clause, told)
    if not clause.group:
        return _Clause(agents=clause.agents or [name], group=[name], role="head")
    if not words and clause.verb in _GIVE and clause.tie and _receives(name, clause):  # a horse an apple
        givers, how = clause.tie
        if how != "feed":
            told.untie(givers, clause.group)
            told.tie(givers, "face", clause.group[-1])
        told.tie(givers, "hold", name)
        return _Clause(clause.agents, [name], "object", (givers, "hold"), clause.verb)
    if not words:  # a lighthouse keeper
        agents = [*(one for one in clause.agents if one not in clause.group), name]
        if clause.tie:
            told.tie(clause.tie[0], clause.tie[1], name)
        return _Clause(
            agents if clause.group[0] in clause.agents else clause.agents, [name], clause.role, clause.tie, clause.verb
        )
    if words and ("and" in words or words == [SOFT]):
        if clause.role == "head" or not clause.agents:
            group = [*clause.group, name]
            for where, place in clause.shared if "and" in words else ():
                told.tie([name], where, place)
            return _Clause(group, group, "head", None, clause.verb, clause.shared)
        same = all(animate(one) == animate(name) for one in clause.group)
        if clause.tie and same:
            told.tie(clause.tie[0], clause.tie[1], name)
            return _Clause(clause.agents, [*clause.group, name], clause.role, clause.tie, clause.verb)
        return _Clause([*clause.agents, name], [name], "head", None, clause.verb)
    return _Clause(clause.agents or [name], [name], clause.role or "head", None, clause.verb)


def _receives(gift: str, clause: _Clause) -> bool:
    """Tell whether the last thing named is who gets *gift*."""
    return clause.role == "object" and all(animate(one) for one in clause.group) and not animate(gift)


def _headed(name: str, clause: _Clause, told: Told) -> _Clause:
    """Return a clause whose head has come: what stood before it is its."""
    for where, place in clause.fronted:
        told.tie([name], where, place)
    for how, whom in clause.waiting:
        if how.startswith("by "):
            told.tie([whom], how[3:], name)
            told.pose([whom], gesture_of(how[3:]))
            continue
        told.tie([name], how, whom)
        told.pose([name], {"read": "read", "hold": ""}.get(how, ""))
    return _Clause(agents=[name], group=[name], role="head", shared=clause.fronted)


def _close(gap: list[str], clause: _Clause, told: Told, named: Sequence[str]) -> None:
    """Read the words after the last thing of a clause; *named*: everybody named so far."""
    gap = _body(gap, clause, told)
    while gap and gap[-1] in (SOFT, STRONG):
        gap = gap[:-1]
    if STRONG in gap:  # … . She reads every night
        cut = gap.index(STRONG)
        _close(gap[:cut], clause, told, named)
        if _PRONOUNS & set(gap[cut + 1 : cut + 4]) and clause.agents:
            _close(gap[cut + 1 :], _Clause(clause.agents, clause.agents, "head"), told, named)
        return
    if gap[-1:] == ["it"] and clause.behind and (where := preposition_of(gap[:-1])[0]):
        told.tie(clause.agents or clause.group, where, clause.behind)
    if gap and gap[-1] in _ADVERBS:
        other = clause.behind or next((one for one in clause.agents if one not in clause.group), "")
        if other:  # cows graze below; the gardener digging below
            told.tie(clause.group, gap[-1], other)
    words = _shorn(gap)
    for verb in _verbs(words):
        if verb.base in _DENY:
            return
        if _stranger(words[: verb.at]):
            return
        subject = _subject(verb, set(words[: verb.at]), clause)
        told.pose(subject, gesture_of(verb.base))
        _meant(words, verb, subject, named, told)


def _meant(words: Sequence[str], verb: _Verb, subject: Sequence[str], named: Sequence[str], told: Told) -> None:
    """Tie the subject of a verb to whom a pronoun after it means: *three gulls watch him*, *running after them*."""
    for at in range(verb.at + 1, min(verb.at + 4, len(words))):
        if words[at] not in _OBJECTS or (at + 1 < len(words) and _noun(words[at + 1])):
            continue
        people = words[at] in ("him", "her")
        others = [one for one in named if one not in subject]
        meant = [one for one in others if words[at] == "them" or people == (_kind(one) in PEOPLE)]
        phrase = words[verb.at : at]
        how = (
            _phrase(phrase, _Verb(verb.base, verb.tag, 0)) or preposition_of(phrase)[0]
            if at > verb.at + 1
            else done_by(verb.base)
        )
        live = [one for one in meant if animate(one)] if words[at] == "them" else []
        if meant and how and how != "from":
            told.tie(subject, how, (live or meant)[-1])
        return


def _kind(name: str) -> str:
    return subjects()[name].generator


def _body(gap: list[str], clause: _Clause, told: Told) -> list[str]:
    """Read *in her hand*, *on his shoulder* at the beginning of the words, and return the others."""
    for word in gap:
        if gesture := next((pose for pose, words in acts_table("adjective").items() if word in words), ""):
            told.pose(clause.group if clause.role != "place" else clause.agents, gesture)
    gap = gap[_pronoun(gap, clause, told) :]
    parts = {word: part for part, words in acts_table("body").items() for word in words}
    match = re.match(
        r"(?:(?:held|clutched|resting|asleep|sitting|curled) )?"
        r"(?:in|on|under|between|over|at|across|round|around|upon) "
        r"(?:(?:his|her|its|their|the|one|an|a|both|my|your) )?(?:\w+ )??(" + "|".join(parts) + r")\b(?! of)",
        " ".join(gap),
    )
    if not match or not clause.group:
        return gap
    who = [one for one in clause.agents if one not in clause.group and animate(one)]
    for held in clause.group[-1:]:
        if who:
            if clause.tie is not None and clause.tie[1] == "hold" and not animate(held):
                break  # with an umbrella over her head
            if animate(held):
                told.untie([held], who)
                told.untie(who, [held])
            if parts[match[1]] == "claws":
                told.tie(who[:1], "hold", held)
            elif parts[match[1]] == "feet":
                told.tie([held], "beside", who[0])
            elif parts[match[1]] == "shoulder" or animate(held):
                told.tie([held], "on", who[0])
            else:
                told.tie(who[:1], "hold", held)
    return gap[len(match[0].split()) :]


def _pronoun(gap: list[str], clause: _Clause, told: Told) -> int:
    """Read *inside it*, *beside him* after a thing that is with another, and return how many words that is."""
    for i in range(1, min(5, len(gap))):
        mine = gap[i + 1 : i + 2] and gap[i + 1] not in table("determiners.en") and _noun(gap[i + 1])  # in her hand
        if gap[i] in _OBJECTS and not mine and clause.tie and clause.tie[1] == "hold":
            where, length = preposition_of(gap[:i])
            if length == i and where not in ("from", "face", ""):
                told.untie(clause.tie[0], clause.group[-1:])
                told.tie(clause.group[-1:], where, clause.tie[0][0])
                return i + 1
    return 0


def _shorn(gap: Sequence[str]) -> list[str]:
    """Return the words without what stands between a preposition or a verb and its noun."""
    words = list(gap)
    forms = act_forms()
    while words and (any(words[-1] in table(name) for name in _MODIFIERS) or _describes(words, forms)):
        words.pop()
    return words


def _whole(words: list[str]) -> list[str]:
    """Return the words with *on the roof of* put as *on*, *in the shade of* as *under*."""
    if len(words) < 2 or words[-1] != _OF:
        return words
    how = next((how for how, parts in acts_table("part").items() if words[-2] in parts), "")
    if not how:
        return words
    rest = _shorn(words[:-2])
    _, length = preposition_of(rest)
    return [*rest[: len(rest) - length], how] if length else words


def _describes(words: Sequence[str], forms: dict[str, list[tuple[str, Tag]]]) -> bool:
    """Tell whether the last word, led by a determiner, stands before a noun: *her little wooden* boat; not *a throne
    holds*."""
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if not last.isalpha() or last in _joints() or not any(w in table("determiners.en") for w in words[-4:-1]):
        return False
    tags = {tag for _, tag in forms.get(last, ())}
    return not tags & {"third", "past", "ing"} or any(before in table(name) for name in _MODIFIERS)


@cache
def _joints() -> frozenset[str]:
    words = {w for values in acts_table("preposition").values() for w in values if " " not in w}
    return frozenset(words | _JOINS | _RELATIVE | _BE | {"with", _OF, "s"})


def _verbs(words: Sequence[str]) -> list[_Verb]:
    """Return the verbs among *words*: those of the tables in any form, others in forms that are a verb's only."""
    out = []
    for i, word in enumerate(words):
        before = words[i - 1] if i else ""
        if before in table("determiners.en") or before in table("adjectives.en"):
            continue
        pairs = act_forms().get(word) or _others(word)
        if not pairs:
            continue
        base, tag = pairs[0]
        if tag in ("past", "participle"):
            tag = "participle" if words[i + 1 : i + 2] == ["by"] else "past"
        out.append(_Verb(base, tag, i))
    return out


def _others(word: str) -> list[tuple[str, Tag]]:
    known = readings().get(word, ()) if word not in _joints() else ()
    return [(base, tag) for base, tag in known[:1] if tag != "base" and base not in ("have", "do")]


def _phrase(words: Sequence[str], verb: _Verb) -> str:
    """Return what a verb with its preposition does: *looks at*."""
    after = " ".join(words[verb.at + 1 :])
    for how, phrases in acts_table("phrase").items():
        for phrase in phrases:
            base, _, particle = phrase.partition(" ")
            if base == verb.base and (after == particle or after.endswith(" " + particle)):
                return how
    return ""
