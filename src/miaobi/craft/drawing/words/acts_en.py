"""Acts of an English idea: its phrases are read in their order, each by who acts in the clause so far.

A noun before a finite verb is its subject, one after it its object; a participle is the doing of the nearest who can
do it, after a comma of who the sentence is about; what stands after a preposition is where the noun or the subject is,
as the verb says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from miaobi.craft.drawing.subjects.subject import BOATS, PEOPLE, subjects
from miaobi.craft.drawing.words.act_words import acts_table, done_by, gesture_of, of_class, phrase_of, preposition_of
from miaobi.craft.drawing.words.acts import RIDDEN, Told, animate
from miaobi.craft.drawing.words.mention import SOFT, STRONG, Mention, marks_in
from miaobi.craft.drawing.words.phrase import AND, OBJECTS, RELATIVE, Phrase, phrases

_BARRIERS = ("fence", "wall")
_CONTAINERS = ("vase", "bowl", "bottle", "jar", "cup", "cart", "rowing-boat", "basket", "teapot", "sled")
_MALE = ("man", "boy", "old-man", "king", "monk", "fisherman", "knight", "postman", "keeper")
_FEMALE = ("woman", "girl", "old-woman", "witch", "dancer")
_ONWARD = frozenset(["through", "to", "into", "along", "over", "across", "from", "past", "up", "down", "towards", "toward", "out of"])
_BEARS = frozenset(["in", "on", "under", "between", "over", "at", "across", "round", "around", "upon", "from", "against"])
_UNSEEN = frozenset(["about", "for", "during", "like", "without", "via", "as far as", "off", "down", "after", "until"])


@dataclass
class _Clause:
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


def read(idea: str, low: str, found: Sequence[Mention], told: Told) -> None:
    """Note in *told* what the English words of an idea tell of the subjects *found* in them."""
    _Reading(phrases(low, marks_in(idea), found), told).read()


class _Reading:
    """Phrases, and what was read of them so far."""

    def __init__(self, all_: list[Phrase], told: Told) -> None:
        self.all = all_
        self.told = told
        self.now = _Clause()
        self.main: list[str] = []  # whom the sentence is about
        self.before: list[str] = []  # whom the clause before was about
        self.named: list[Phrase] = []
        self.fronted: list[tuple[str, str]] = []  # places that came before their head
        self.opened: list[str] = []  # the last place that a clause may open with
        self.ground: list[str] = []  # what the clause before was done to
        self.waiting: list[tuple[Phrase, str, str]] = []  # verbs that came before who does them: verb, how, whom

    def read(self) -> None:
        for at, phrase in enumerate(self.all):
            if phrase.kind == "thing":
                self._thing(at, phrase)
                if phrase.id:
                    self.named.append(phrase)
            elif phrase.kind == "verb":
                self._verb(at, phrase)
            elif phrase.kind == "state":
                self._state(phrase)
            elif phrase.kind == "adverb":
                self._adverb(at, phrase)
            elif phrase.word == STRONG:
                self._stop()

    # neighbours

    def _prev(self, at: int) -> Phrase | None:
        return next((p for p in reversed(self.all[:at]) if p.kind not in ("adverb", "state")), None)

    def _next(self, at: int, further: int = 1) -> Phrase | None:
        rest = [p for p in self.all[at + 1 :] if p.kind != "adverb"]
        return rest[further - 1] if len(rest) >= further else None

    def _stop(self) -> None:
        """End a sentence: who it was about may still be meant by a pronoun."""
        self.before = self.main or self.now.agents or self.before
        self.now, self.main, self.fronted, self.waiting = _Clause(), [], [], []

    # things

    def _thing(self, at: int, thing: Phrase) -> None:
        prev, now = self._prev(at), self.now
        ids = self._meant(thing, at) if not thing.id else [thing.id]
        if thing.doing and thing.id:
            self.told.pose(ids, gesture_of(thing.doing) if not done_by(thing.doing) else "")
        if prev is None or prev.word == STRONG:
            self._head(ids)
        elif prev.kind == "where":
            self._placed(at, prev, thing, ids)
        elif prev.kind == "verb":
            if not now.agents and prev.word == "be" or (not now.known and (self.fronted or (prev.finite and at > 1))):
                self._head(ids)  # on the wall sits a cat; there is an owl
                if prev.word != "be":
                    self.told.pose(ids, gesture_of(prev.word))
                self.now.done = True
            else:
                self._object(prev, thing, ids)
        elif prev.kind == "thing":
            self._adjacent(at, prev, thing, ids)
        elif prev.word in (SOFT, *AND):
            self._joined(at, prev, thing, ids)
        elif prev.word in RELATIVE:
            if prev.word == "where" and self.now.known:
                self._clause(ids)
            else:
                self.now.agents, self.now.inner, self.now.known = ids, True, not self.fronted
        else:
            self._clause(ids)

    def _led_by(self, at: int) -> Phrase | None:
        """Return what stands before the last preposition before a phrase."""
        where = next((i for i in range(at - 1, -1, -1) if self.all[i].kind == "where"), 0)
        return next((p for p in reversed(self.all[:where]) if p.kind != "adverb"), None)

    def _head(self, ids: list[str]) -> None:
        """Read who a clause is about: what stood before it is its."""
        for how, place in self.fronted:
            self.told.tie(ids, how, place)
        for verb, how, whom in self.waiting:
            if how.startswith("by "):
                self.told.tie([whom], how[3:], ids[0]) if ids else None
                self.told.pose([whom], gesture_of(verb.word))
            else:
                self.told.pose(ids, gesture_of(verb.word) if not how.startswith("by") else "")
                if whom:
                    self.told.tie(ids, how, whom)
        self.fronted, self.waiting = [], []
        self.now.agents, self.now.group, self.now.role, self.now.known = list(ids), list(ids), "head", True
        self.now.tie = None
        if not self.main:
            self.main = list(ids)

    def _clause(self, ids: list[str], *, main: bool = True) -> None:
        """Begin a clause about somebody."""
        self.before = self.now.agents or self.before
        self.ground = [one for one in self.now.group if not animate(one)] if self.now.role == "object" else []
        self.now = _Clause()
        if main:
            self.main = []
        self._head(ids)

    def _adjacent(self, at: int, prev: Phrase, thing: Phrase, ids: list[str]) -> None:
        """Read a thing just after another: *feeds a horse an apple*, *the violin nobody plays*, *a village smith*."""
        now, nxt = self.now, self._next(at)
        verb = now.verb.word if now.verb else ""
        if of_class("give", verb) and now.role == "object" and now.tie and now.group and not any(map(animate, ids)):
            givers, how = now.tie
            if how != "feed":
                self.told.untie(givers, now.group)
                self.told.tie(givers, "face", now.group[-1])
            for one in ids:
                self.told.tie(givers, "hold", one)
            now.group, now.tie = ids or now.group, (givers, "hold")
            return
        if nxt is not None and nxt.kind == "verb" and now.role == "head" and (thing.led or thing.pronoun or thing.many):
            now.agents, now.inner = ids, True  # that nobody plays
            return
        if (self.fronted or self.waiting) and not now.known and thing.led:
            self._head(ids)  # in the reeds a boy
            return
        if not ids and not thing.led:
            return  # a camel train
        if now.role == "place" and thing.led and self._led_by(at).kind == "joint":
            where = next(p for p in reversed(self.all[:at]) if p.kind == "where")
            self._second(ids)  # below it a fox is waiting
            for one in self.opened:
                self.told.tie(ids, where.where or preposition_of(where.word.split())[0], one)
            return
        if not now.known or now.role == "head":
            if prev.id and ids and animate(prev.id) and not animate(ids[0]) and thing.word.endswith("ing"):
                self.told.tie([prev.id], "on", ids[0])  # children sledging
                return
            keep = [one for one in now.agents if one != prev.id]
            if self.main == now.agents:
                self.main = [*keep, *ids]
            if ids and not prev.pronoun:
                now.agents = [*keep, *ids]
                now.group, now.known = list(ids), True
            return
        if now.tie and ids:
            self.told.tie(now.tie[0], now.tie[1], ids[0])
            now.group = ids

    def _joined(self, at: int, joint: Phrase, thing: Phrase, ids: list[str]) -> None:
        """Read a thing after *and*, *but* or a comma: another of the same kind, or somebody new."""
        now, nxt = self.now, self._next(at)
        comma = joint.word == SOFT or self._after_comma(at)
        finite = nxt is not None and nxt.kind == "verb" and nxt.finite
        pending = bool(self.fronted or self.waiting) and not now.known
        if pending or not now.known:
            self._head(ids)
        elif finite and (now.done or (comma and joint.word in AND and len(now.agents) < 2)):
            self._clause(ids)
        elif finite and not comma:
            now.agents = [*now.agents, *ids] if now.role == "head" or ids else now.agents
            now.group, now.role, self.main = list(now.agents), "head", list(now.agents)
        elif now.role == "head" and not now.done and not now.beside and (not comma or nxt is None or nxt.kind == "joint"):
            self._listed(ids, comma=comma)
        elif now.role == "object" and self._alike(ids, thing) and (not comma or nxt is None or nxt.kind == "joint"):
            self._same(ids)
        elif now.role == "place" and not comma and self._alike(ids, thing) and not self._acts_on(nxt):
            self._same(ids)
        elif now.role == "with" and not comma and self._alike(ids, thing) and not self._acts_on(nxt):
            self._same(ids)
        else:
            self._second(ids)

    def _after_comma(self, at: int) -> bool:
        joints = [p.word for p in self.all[max(0, at - 3) : at] if p.kind in ("joint", "adverb")]
        return SOFT in joints and self.all[at - 1].kind in ("joint", "adverb")

    def _acts_on(self, nxt: Phrase | None) -> bool:
        return nxt is not None and nxt.kind == "verb"

    def _listed(self, ids: list[str], *, comma: bool) -> None:
        now = self.now
        now.agents = [*now.agents, *ids]
        now.group = [*now.group, *ids] if not comma else list(ids)
        self.main = list(now.agents)

    def _alike(self, ids: Sequence[str], thing: Phrase) -> bool:
        group = self.now.group
        return not (ids and group) or all(animate(one) == animate(ids[0]) for one in group)

    def _same(self, ids: list[str]) -> None:
        now = self.now
        for one in ids if now.tie else ():
            self.told.tie(now.tie[0], now.tie[1], one)  # type: ignore[index]
        now.group = [*now.group, *ids]

    def _second(self, ids: list[str]) -> None:
        """Read somebody beside whom the sentence is about: *a girl on a swing, a dog asleep under it*."""
        self.main = self.main or self.now.agents
        about = self.main
        self._clause(ids, main=False)
        self.main = about
        self.now.beside = True

    def _object(self, verb: Phrase, thing: Phrase, ids: list[str]) -> None:
        """Read to whom something is done."""
        now = self.now
        if thing.word == "each other" and len(now.agents) > 1:
            self.told.tie(now.agents[:1], done_by(verb.word) or "face", now.agents[1])
        how = done_by(verb.word) or ("hold" if verb.word in ("have", "get") else "" if verb.word == "be" else "does")
        if verb.tag == "passive" or thing.body:
            how = ""
        if how == "hold" and of_class("give", verb.word) and ids and _kind(ids[0]) in PEOPLE:
            how = "face"  # gives a beggar bread
        agents = [] if now.denied else now.agents
        if how and ids:
            if not now.known:
                self.waiting.append((verb, how, ids[0]))
            for one in ids:
                self.told.tie(agents, how, one)
        elif not now.known:
            self.waiting.append((verb, "", ""))
        now.group, now.role, now.tie = ids, "object", (tuple(agents), how) if how else None

    def _meant(self, thing: Phrase, at: int) -> list[str]:
        """Return who a pronoun means: whom the sentence is about, else the last one that it fits."""
        if thing.word not in ("he", "she", "it", "they", "him", "her", "them"):
            return []
        prev = self._prev(at)
        mine = self.now.agents if thing.word in OBJECTS else []
        led = self._led_by(at)
        if prev is not None and prev.kind == "where":
            opens = led is not None and led.kind == "joint" and (nxt := self._next(at)) is not None and nxt.kind == "thing"
            mine = [] if opens else self.now.group or self.now.agents
        placed = prev is not None and prev.kind == "where" and not self.main
        later = thing.word in OBJECTS and (bool(self.now.group) or placed)
        order = [*self.main, *self.before, *(p.id for p in reversed(self.named))]
        if later and thing.word == "it" and not self.now.beside:
            order = [*(p.id for p in reversed(self.named)), *order]
        if thing.word in ("they", "them"):
            many = {p.id for p in self.named if p.many} | (set(self.main) if len(self.main) > 1 else set())
            found = [one for one in order if one in many and one not in mine]
            live = [one for one in found if animate(one)]
            return (live or found)[:1] if len(self.main) < 2 or self.main[0] not in found else list(self.main)
        fits = [one for one in order if one not in mine and _fits(thing.word, one)]
        return fits[:1]

    # verbs

    def _verb(self, at: int, verb: Phrase) -> None:
        now, prev, nxt = self.now, self._prev(at), self._next(at)
        by = bool(done_by(verb.word)) and self._by(at)
        named = nxt is not None and nxt.kind == "thing"
        again = now.done or (now.verb is not None and not gesture_of(verb.word))
        if verb.tag == "past" and (by or (again and not named and prev is not None and prev.kind == "thing")):
            verb = replace(verb, tag="participle")
        self._whose(at, verb, prev)
        now = self.now
        past = verb.tag in ("past", "participle") and prev is not None and (prev.word == SOFT or prev.kind == "thing") and not named
        state = past and (bool(done_by(verb.word)) and not gesture_of(verb.word) or by)
        passive = verb.tag in ("passive", "participle") and (by or not gesture_of(verb.word)) or state
        now.denied = (verb.to and now.denied) or any(p.word in ("not", "never", "t") for p in self._adverbs(at)) or of_class("deny", verb.word)
        now.verb, now.passive = verb, passive
        now.done = now.done or (verb.finite and not passive) or verb.tag in ("be", "passive")
        if self._says(at, verb, prev):
            return
        if not passive and not now.denied:
            people = now.agents and _kind(now.agents[0]) in PEOPLE
            gesture = gesture_of(verb.word)
            if gesture == "fly" and people:
                gesture = "reach" if named else ""  # a kite
            self.told.pose(now.agents, "" if named and of_class("whirl", verb.word) else gesture)
        if not now.known and not named and not by:
            self.waiting.append((verb, "", ""))
        now.tie = None if verb.word != "be" else now.tie
        if now.role in ("object", "place", "with"):
            now.role = "verb"

    def _says(self, at: int, verb: Phrase, prev: Phrase | None) -> bool:
        """Read a verb of saying whose subject follows: *…, says the clown to the child*."""
        nxt = self._next(at)
        if not (of_class("say", verb.word) and prev is not None and prev.word == SOFT and nxt is not None and nxt.kind == "thing"):
            return False
        self.now = _Clause(verb=verb)
        self.main = []
        return True

    def _by(self, at: int) -> bool:
        """Tell whether a verb is followed by *by* somebody: *watched through the window by a cat*."""
        for i in range(at + 1, min(at + 6, len(self.all) - 1)):
            if self.all[i].kind in ("joint", "verb"):
                return False
            if self.all[i].word == "by" and self.all[i].kind == "where":
                return bool(self.all[i + 1].id) or self.all[i + 1].led
        return False

    def _adverbs(self, at: int) -> list[Phrase]:
        out = []
        for phrase in reversed(self.all[:at]):
            if phrase.kind != "adverb":
                break
            out.append(phrase)
        return out

    def _whose(self, at: int, verb: Phrase, prev: Phrase | None) -> None:
        """Find who does what a verb says."""
        now = self.now
        if prev is None or prev.word == STRONG:
            return
        if prev.kind == "thing":
            if now.role == "head" or now.inner:
                if now.inner and now.role != "head" and verb.finite and now.done:
                    self._back()
                return
            if verb.finite:
                if now.done and now.group and verb.tag == "base":
                    self._of(now.group)  # sees the fox steal
                return
            chain = now.group
            plain = not gesture_of(verb.word) and not done_by(verb.word)
            if verb.tag == "participle" or any(map(animate, chain)) or (now.role == "object" and not done_by(verb.word)) or plain:
                held = now.role == "with" and any(animate(one) for one in now.agents)
                if chain and not held:
                    self._of(chain)
            return
        if prev.kind == "joint" and prev.word in RELATIVE:
            if prev.word not in ("whose", "where"):
                self._of(now.group)
                self.now.inner = True
            return
        if prev.kind == "verb":
            if now.inner and verb.finite and prev.finite:
                self._back()
            return
        if prev.kind == "joint" and (now.beside or now.inner) and (verb.finite or prev.word == SOFT) and self.main:
            if prev.word in AND and now.beside and now.done:
                return
            self._back()

    def _of(self, group: list[str]) -> None:
        self.main = self.main or self.now.agents
        self.now.agents = list(group)
        self.now.inner = True

    def _back(self) -> None:
        """Go back to whom the sentence is about."""
        self.now.agents, self.now.inner, self.now.beside = list(self.main), False, False
        self.now.group, self.now.role = list(self.main), "verb"

    def _state(self, state: Phrase) -> None:
        gesture = next((pose for pose, words in acts_table("adjective").items() if state.word in words), "")
        who = self.now.group if self.now.role in ("head", "object", "with") else self.now.agents
        if not self.now.known and gesture:
            self.waiting.append((Phrase("verb", "sleep" if gesture == "sleep" else gesture), "", ""))
        self.told.pose(who, gesture)

    def _adverb(self, at: int, adverb: Phrase) -> None:
        """Read *below*, *behind* with nothing after it: of whom the clause before was about."""
        last = self._next(at) is None or self._next(at).kind == "joint"  # type: ignore[union-attr]
        if adverb.word == "together" and len(self.now.agents) > 1:
            self.told.tie(self.now.agents[:1], "beside", self.now.agents[1])
        if adverb.word not in ("below", "above", "behind", "beneath") or not last:
            return
        now = self.now
        others = [one for one in (*self.ground, *self.before, *self.main) if one not in now.agents]
        who = now.agents
        if others and who:
            how = preposition_of([adverb.word])[0]
            self.told.tie(who, "below" if how == "under" else how, others[0])

    # places

    def _placed(self, at: int, where: Phrase, thing: Phrase, ids: list[str]) -> None:
        """Read what stands after a preposition."""
        now, word = self.now, where.word
        how = where.where or preposition_of(word.split())[0]
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
        for one in now.agents[:1] if len(now.agents) == 1 else now.agents:
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
        if (of_class("give", verb) or of_class("look", verb)) and how in ("above", "cross", "face") and ids[0] in _BARRIERS:
            how = "behind" if where.word == "over" else how  # feeds a horse over a fence
        if now.verb is not None and of_class("give", verb) and where.word == "to" and animate(ids[0]):
            heads, how = now.agents, "face"
        if where.word == "to" and how == "face" and not animate(ids[0]) and verb and not framed:
            how = "beside" if now.passive else "face"
        if where.word == "into" and of_class("whirl", verb):
            how = ""  # turns a frog into a prince
        if where.word == "at" and ids[0] == "piano":
            how = "play"
        if now.denied or (where.word in _UNSEEN and not framed):
            how = ""
        if how and not any(p.word == "candlelight" for p in self.all[at : at + 1]):
            for one in ids:
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
                if where.word in _ONWARD - {"into"} or (not now.group and how in ("beside", "before", "behind", "under")):
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
        nearest = now.group if now.role in ("head", "object") or (now.role == "place" and prev is not None and prev.id) else now.agents
        if animate(ids[0]) and nearest and _kind(nearest[-1]) in RIDDEN:
            inside = _kind(nearest[-1]) in BOATS
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
            if now.role == "head" and now.group and not now.verb:
                now.role = "head"
            return
        borne = now.group if now.role != "verb" else now.agents
        owner = [one for one in self._owner(thing) if one not in borne]
        if not borne or not owner:
            return
        who = owner[:1]
        held = borne[-1]
        if now.role == "with" and thing.body in ("shoulder",) and where.word in ("over", "above") and not animate(held):
            return  # with an umbrella over her head
        if now.role == "place" or (now.role == "object" and not animate(held) and thing.body not in ("claws", "mouth", "hand")):
            return
        self._bear(thing.body, who, held)

    def _bear(self, body: str, who: list[str], held: str) -> None:
        if animate(held):
            self.told.untie([held], who)
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
            return [one for one in order if _fits(thing.owner, one) or thing.owner == "it"] or order
        return order


def _kind(name: str) -> str:
    return subjects()[name].generator


def _fits(pronoun: str, name: str) -> bool:
    """Tell whether a pronoun can mean a subject."""
    person = _kind(name) in PEOPLE
    if pronoun in ("it", "itself", "its"):
        return not person
    if pronoun in ("she", "her", "herself"):
        return name not in _MALE if person else False
    return (person and name not in _FEMALE) if pronoun in ("he", "him", "himself") else True
