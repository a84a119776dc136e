"""Places of an English idea: what its prepositions tell of who acts in the clause so far, and whom pronouns mean."""

from __future__ import annotations

from dataclasses import dataclass, field

from miaobi.craft.drawing.subjects.subject import BOATS, PEOPLE, subjects
from miaobi.craft.drawing.words.act_words import done_by, gesture_of, of_class, phrase_of, preposition_of
from miaobi.craft.drawing.words.acts import RIDDEN, Told, animate
from miaobi.craft.drawing.words.lexicon import AND, OBJECTS
from miaobi.craft.drawing.words.mention import SOFT
from miaobi.craft.drawing.words.phrase import Phrase

_BARRIERS = ("fence", "wall")
_CONTAINERS = ("vase", "bowl", "bottle", "jar", "cup", "cart", "rowing-boat", "basket", "teapot", "sled")
_MALE = ("man", "boy", "old-man", "king", "monk", "fisherman", "knight", "postman", "keeper")
_FEMALE = ("woman", "girl", "old-woman", "witch", "dancer")
_ONWARD = frozenset(
    ["through", "to", "into", "along", "over", "across", "from", "past", "up", "down", "towards", "toward", "out of"]
)
_BEARS = frozenset(
    ["in", "on", "under", "between", "over", "at", "across", "round", "around", "upon", "from", "against"]
)
_UNSEEN = frozenset(["about", "for", "during", "like", "without", "via", "as far as", "off", "down", "after", "until"])


@dataclass
class Clause:
    """Who acts in the clause that is read, and whom the last words named in what role."""

    agents: list[str] = field(default_factory=list)
    known: bool = False  # whether it has a subject, though nothing may draw it
    done: bool = False  # whether it has a finite verb
    verb: Phrase | None = None
    passive: bool = False
    denied: bool = False
    beside: bool = False  # a second one that the sentence isn't about: *…, his flock wandering off*
    inner: bool = False  # a relative one
    group: list[str] = field(default_factory=list)  # what was named last, with those that it is joined to
    role: str = ""  # of the group: head, object, place, with
    tie: tuple[tuple[str, ...], str] | None = None  # by what the group hangs on others


class Reading:
    """Phrases, and what was read of them so far; who is where."""

    def __init__(self, all_: list[Phrase], told: Told) -> None:
        self.all = all_
        self.told = told
        self.now = Clause()
        self.main: list[str] = []  # whom the sentence is about
        self.before: list[str] = []  # whom the clause before was about
        self.named: list[Phrase] = []
        self.fronted: list[tuple[str, str]] = []  # places that came before their head
        self.opened: list[str] = []  # the last place that a clause may open with
        self.ground: list[str] = []  # what the clause before was done to
        self.waiting: list[tuple[Phrase, str, str]] = []  # verbs that came before who does them: verb, how, whom

    # neighbours

    def _prev(self, at: int) -> Phrase | None:
        return next((p for p in reversed(self.all[:at]) if p.kind not in ("adverb", "state")), None)

    def _next(self, at: int) -> Phrase | None:
        return next((p for p in self.all[at + 1 :] if p.kind != "adverb"), None)

    def _stop(self) -> None:
        """End a sentence: who it was about may still be meant by a pronoun."""
        self.before = self.main or self.now.agents or self.before
        self.now, self.main, self.fronted, self.waiting = Clause(), [], [], []

    def _led_by(self, at: int) -> Phrase | None:
        """Return what stands before the last preposition before a phrase."""
        where = next((i for i in range(at - 1, -1, -1) if self.all[i].kind == "where"), 0)
        return next((p for p in reversed(self.all[:where]) if p.kind != "adverb"), None)

    def _opens(self, at: int) -> bool:
        """Tell whether a place before a thing is led by a comma or an *and*: *…, behind them a rider*."""
        led = self._led_by(at)
        return led is not None and led.kind == "joint"

    def _meant(self, thing: Phrase, at: int) -> list[str]:
        """Return who a pronoun means: whom the sentence is about, else the last one that it fits."""
        if thing.word not in ("he", "she", "it", "they", "him", "her", "them"):
            return []
        prev = self._prev(at)
        mine = self.now.agents if thing.word in OBJECTS else []
        led = self._led_by(at)
        if prev is not None and prev.kind == "where":
            nxt = self._next(at)
            opens = led is not None and led.kind == "joint" and nxt is not None and nxt.kind == "thing"
            mine = [] if opens else self.now.group or self.now.agents
        placed = prev is not None and prev.kind == "where" and not self.main
        later = thing.word in OBJECTS and (bool(self.now.group) or placed)
        order = [*self.main, *self.before, *(p.id for p in reversed(self.named))]
        if later and thing.word == "it" and not self.now.beside:
            order = [*(p.id for p in reversed(self.named)), *order]
        if thing.word in ("they", "them"):
            many = {p.id for p in self.named if p.many} | (set(self.main) if len(self.main) > 1 else set())
            found = [one for one in order if one in many and one not in mine]
            if not found and (about := [one for one in (*self.main, *self.before) if one not in mine]):
                bound = {(act.who, act.whom) for act in self.told.acts if act.how in ("ride", "lead", "beside", "on")}
                return about[:1] if any(about[0] in pair and all(map(animate, pair)) for pair in bound) else []
            live = [one for one in found if animate(one)]
            return (live or found)[:1] if len(self.main) < 2 or self.main[0] not in found else list(self.main)
        return [one for one in order if one not in mine and fits(thing.word, one)][:1]

    def _head(self, ids: list[str]) -> None:
        """Read who a clause is about: what stood before it is its."""
        for how, place in self.fronted:
            self.told.tie(ids, how, place)
        for verb, how, whom in self.waiting:
            if how.startswith("by "):
                for one in ids[:1]:
                    self.told.tie([whom], how[3:], one)
                self.told.pose([whom], gesture_of(verb.word))
            else:
                self.told.pose(ids, gesture_of(verb.word))
                if whom:
                    self.told.tie(ids, how, whom)
        self.fronted, self.waiting = [], []
        self.now.agents, self.now.group, self.now.role, self.now.known = list(ids), list(ids), "head", True
        self.now.tie = None
        if not self.main:
            self.main = list(ids)

    # places

    def _placed(self, at: int, where: Phrase, thing: Phrase, ids: list[str]) -> None:
        """Read what stands after a preposition."""
        now, word = self.now, where.word
        how = where.where or preposition_of(word.split())[0]
        bears = now.verb is not None and of_class("bear", now.verb.word) and not now.passive
        if bears and word in _ONWARD - {"to", "from"}:
            self.told.pose(now.agents, "walk")  # carries a ladder past the mill
        if thing.where and word in ("on", "in", "at", "by", "from", "near", "before", "under", "outside"):
            how = thing.where if word != "under" else how
        if thing.where and word == "of":
            how = thing.where
        if thing.body and word in _BEARS:
            self._borne(at, where, thing)
        elif word == "of":
            self._of_what(at, thing, ids)
        elif word == "with":
            self._with(at, ids)
        elif word == "by" and now.passive and now.verb and ids and done_by(now.verb.word):
            self._done(ids)
        elif ids:
            self._there(at, where, how, ids)
        elif not self.now.known:
            now.role = ""
        else:
            now.role, now.tie = ("place", None) if now.role != "head" else ("head", None)
            if now.role == "place":
                now.group = []

    def _done(self, ids: list[str]) -> None:
        now, verb = self.now, self.now.verb
        assert verb is not None
        if not now.known:
            self.waiting.append((verb, f"by {done_by(verb.word)}", ids[0]))
            return
        for one in now.agents:
            self.told.tie(ids, done_by(verb.word), one)
        self.told.pose(ids, gesture_of(verb.word))
        now.group, now.role, now.tie = ids, "object", None

    def _there(self, at: int, where: Phrase, how: str, ids: list[str]) -> None:
        now = self.now
        verb = now.verb.word if now.verb else ""
        aimed = of_class("look", verb) and where.word == "at"  # looks over a gate at two hikers
        direct = now.role in ("verb", "head") or aimed
        framed = phrase_of(verb, where.word) if verb and direct and not now.passive else ""
        self.opened = ids
        if not now.known:
            if now.verb is not None and (framed or how):
                self.waiting.append((now.verb, framed or how, ids[0]))
            elif how:
                self.fronted.append((how, ids[0]))
            now.role, now.group = "place", ids
            return
        if framed and not where.where and not self.all[at].where:
            heads, how = now.agents, framed
        else:
            heads = self._heads(at, where, how)
        told_to = any(of_class(name, verb) for name in ("give", "look", "speak"))
        if told_to and how in ("above", "cross", "face") and ids[0] in _BARRIERS:
            how = "behind" if where.word == "over" else how  # feeds a horse over a fence
        if of_class("give", verb) and where.word in ("to", "for") and animate(ids[0]):
            heads, how = now.agents, "face" if kind_of(ids[0]) in PEOPLE else "feed"
        if of_class("bear", verb) and how in ("enter", "leave") and now.role == "object":
            heads = [*heads, *(one for one in now.group if animate(one))]  # leads children out of the forest
        if where.word == "to" and how == "face" and not animate(ids[0]) and now.passive and not framed:
            how = "beside"  # tied to a willow
        if where.word == "into" and of_class("whirl", verb):
            how = ""  # turns a frog into a prince
        if where.word == "at" and ids[0] == "piano":
            how = "play"
        given = of_class("give", verb) and where.word == "for"
        if now.denied or (where.word in _UNSEEN and not framed and not given):
            how = ""
        if self.all[at].word == "candlelight":
            how = ""
        for one in ids if how else ():
            self.told.tie([h for h in heads if h != one], how, one)
        now.group, now.role, now.tie = ids, "place", (tuple(heads), how) if how else None

    def _heads(self, at: int, where: Phrase, how: str) -> list[str]:
        """Return who a preposition puts somewhere."""
        now = self.now
        verb = now.verb.word if now.verb else ""
        prev = self._led_by(at)
        if prev is not None and prev.word in (SOFT, *AND):
            return now.agents
        if now.role in ("head", "verb", "") or prev is None or prev.kind == "verb":
            return now.group if now.role == "head" else now.agents
        if now.role == "object":
            live = bool(now.group) and all(animate(one) for one in now.group)
            if where.word == "from":
                return now.agents
            if of_class("put", verb):
                if where.word in _ONWARD - {"into"} or (
                    not now.group and how in ("beside", "before", "behind", "under")
                ):
                    return now.agents
                if now.tie and how in ("on", "in", "under", "before", "behind"):
                    self.told.untie(now.tie[0], now.group)
                return now.group
            if (how in ("on", "in") and live) or not now.agents:
                return now.group or now.agents
            return now.agents
        if now.role == "with":
            inside = self.all[at].pronoun or now.tie is None
            if inside and now.tie:
                self.told.untie(now.tie[0], now.group)
            return now.group if inside else now.agents or now.group
        if where.word in _ONWARD or not now.group:
            return self.main if now.inner and where.word in _ONWARD and self.main else now.agents
        if how in ("on", "in") and now.tie is not None and now.tie[1] == "beside" and not any(map(animate, now.group)):
            return [*now.agents, *now.group]  # sits between two candles on the piano
        return now.group

    def _of_what(self, at: int, thing: Phrase, ids: list[str]) -> None:
        """Read *of*: what is in a vase, or whose hands something is in."""
        now, before = self.now, self._led_by(at)
        if before is not None and before.body == "face" and ids and now.role == "object":
            self.told.tie(now.agents, "face", ids[0])
            now.group = ids
            return
        if before is not None and before.body and ids:
            self._in_hands(before.body, ids[0])
            return
        if not ids:
            return
        if before is not None and before.kind == "thing" and not before.id:
            if now.role == "place" and now.tie is None:
                return
            if now.role == "object" and now.verb is not None:  # carries a stack of books
                how = done_by(now.verb.word)
                for one in ids if how in ("hold", "carry") else ():
                    self.told.tie(now.agents, how, one)
                now.group = ids
            elif now.role == "head" or not now.known:  # a fleet of junks
                self._head(ids)
            return
        if now.group and now.group[-1] in _CONTAINERS:
            self.told.tie(ids[:1], "in", now.group[-1])
        people = [one for one in now.group if animate(one)]
        if people and not animate(ids[0]) and now.role == "with":
            self.told.tie(people, "hold", ids[0])

    def _with(self, at: int, ids: list[str]) -> None:
        now = self.now
        if not ids:
            if now.role in ("object", "place"):
                now.role, now.tie = "with", None
            return
        if not now.known:
            self.waiting.append((Phrase("verb", "hold"), "beside" if animate(ids[0]) else "hold", ids[0]))
            now.group, now.role = ids, "with"
            return
        prev = self._led_by(at)
        if now.verb is not None and of_class("fill", now.verb.word) and not animate(ids[0]):
            for one in (now.agents or now.group)[-1:]:  # a cart loaded with hay, a donkey loaded with baskets
                if one in _CONTAINERS:
                    self.told.tie(ids[:1], "on" if one == "sled" else "in", one)
                elif animate(one):
                    self.told.tie([one], "carry", ids[0])
            now.group, now.role, now.tie = ids, "place", None
            return
        if now.verb is not None and phrase_of(now.verb.word, "with") and animate(ids[0]) and now.role == "verb":
            self.told.tie(now.agents, phrase_of(now.verb.word, "with"), ids[0])
            now.group, now.role, now.tie = ids, "object", None
            return
        nearest = (
            now.group
            if now.role in ("head", "object") or (now.role == "place" and prev is not None and prev.id)
            else now.agents
        )
        if animate(ids[0]) and nearest and kind_of(nearest[-1]) in RIDDEN:
            inside = kind_of(nearest[-1]) in BOATS
            self.told.tie(ids, "in" if inside else "on", nearest[-1])  # a sled with two children
            now.group, now.role, now.tie = ids, "object", None
            return
        if nearest and not animate(nearest[-1]) and now.role == "place":
            nearest = [one for one in now.agents if animate(one)] or nearest
        people = [one for one in nearest if animate(one)] or [one for one in now.agents if animate(one)]
        who = people[-1:] or nearest
        how = "beside" if animate(ids[0]) else "hold"
        for one in ids:
            self.told.tie(who, how, one)
        now.group, now.role, now.tie = ids, "with", (tuple(who), "hold")

    # bodies

    def _borne(self, at: int, where: Phrase, thing: Phrase) -> None:
        """Read what is in somebody's hand or mouth, on a shoulder or a lap, at the feet."""
        now = self.now
        if thing.id:
            self._in_hands(thing.body, thing.id)
            now.role = "place"
            return
        nxt = self._next(at)
        if nxt is not None and nxt.word == "of":
            now.role = "place"
            return
        if not now.known and self.waiting:
            return
        if now.role in ("head", "verb") and (not now.beside or (where.word == "at" and thing.body != "feet")):
            return
        borne = now.group if now.role != "verb" else now.agents
        owner = [one for one in self._owner(thing) if one not in borne]
        if not borne or not owner:
            return
        who = owner[:1]
        held = borne[-1]
        if now.role == "with" and thing.body == "shoulder" and where.word in ("over", "above") and not animate(held):
            return  # with an umbrella over her head
        if now.role == "place" or (
            now.role == "object" and not animate(held) and thing.body not in ("claws", "mouth", "hand")
        ):
            return
        self._bear(thing.body, who, held)

    def _bear(self, body: str, who: list[str], held: str) -> None:
        if animate(held):
            self.told.untie([held], who)
            self.told.untie(who, [held])
        if body in ("shoulder", "face") and not animate(held):
            self.told.untie(who, [held])
        if body in ("claws", "mouth"):
            self.told.tie(who, "hold", held)
        elif body == "feet":
            self.told.tie([held], "beside", who[0])
        elif body in ("shoulder", "face") or animate(held):
            self.told.tie([held], "on", who[0])
        else:
            self.told.tie(who, "hold", held)

    def _in_hands(self, body: str, whose: str) -> None:
        """Read what is on the back, in the hands of somebody who is named."""
        now = self.now
        borne = now.group if now.role in ("object", "head") else now.agents
        for one in borne[-1:]:
            if one != whose:
                self._bear(body, [whose], one)

    def _owner(self, thing: Phrase) -> list[str]:
        """Return whose a hand or a shoulder is."""
        now = self.now
        order = [*self.main, *now.agents, *self.before, *(p.id for p in reversed(self.named))]
        order = [one for one in order if animate(one)]
        if thing.owner in ("he", "she", "it"):
            return [one for one in order if fits(thing.owner, one) or thing.owner == "it"] or order
        return order


def kind_of(name: str) -> str:
    """Return the generator of a subject."""
    return subjects()[name].generator


def fits(pronoun: str, name: str) -> bool:
    """Tell whether a pronoun can mean a subject."""
    person = kind_of(name) in PEOPLE
    if pronoun in ("it", "itself", "its"):
        return not person
    if pronoun in ("she", "her", "herself"):
        return name not in _MALE if person else False
    return (person and name not in _FEMALE) if pronoun in ("he", "him", "himself") else True
