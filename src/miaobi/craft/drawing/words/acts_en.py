"""Acts of an English idea: its phrases are read in their order, each by who acts in the clause so far.

A noun before a finite verb is its subject, one after it its object; a participle is the doing of the nearest who can
do it, after a comma of who the sentence is about; what stands after a preposition is where the noun or the subject is,
as the verb says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from miaobi.craft.drawing.subjects.subject import PEOPLE, subjects
from miaobi.craft.drawing.words.act_words import acts_table, done_by, gesture_of, of_class, preposition_of
from miaobi.craft.drawing.words.acts import Told, animate
from miaobi.craft.drawing.words.chunker import phrases
from miaobi.craft.drawing.words.clause import Clause, Reading, kind_of
from miaobi.craft.drawing.words.lexicon import AND, RELATIVE
from miaobi.craft.drawing.words.mention import SOFT, STRONG, Mention, marks_in
from miaobi.craft.drawing.words.phrase import Phrase


def read(idea: str, low: str, found: Sequence[Mention], told: Told) -> None:
    """Note in *told* what the English words of an idea tell of the subjects *found* in them."""
    _Reading(phrases(low, marks_in(idea), found), told).read()


class _Reading(Reading):
    """Who acts, by the order of things and verbs."""

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
            if (not now.agents and prev.word == "be") or (not now.known and (self.fronted or (prev.finite and at > 1))):
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
                if (where := self._before_relative(at)) and self.now.group:  # the boat in which the lovers sit
                    self.told.tie(ids, where, self.now.group[-1])
                self.now.agents, self.now.inner, self.now.known = ids, True, not self.fronted
                self.now.role, self.now.done = "head", False
        else:
            self._clause(ids)

    def _clause(self, ids: list[str], *, main: bool = True) -> None:
        """Begin a clause about somebody."""
        self.before = self.now.agents or self.before
        still = [one for one in self.now.group if subjects()[one].stand != "thing" and not animate(one)]
        self.ground = still if self.now.role == "object" else []
        self.now = Clause()
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
        if now.role == "place" and thing.led and self._opens(at):
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
                now.group, now.known, now.role = list(ids), True, "head"
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
        last = nxt is None or nxt.kind == "joint"
        if pending or not now.known:
            self._head(ids)
        elif finite and (now.done or (comma and joint.word in AND and len(now.agents) < 2)):
            self._clause(ids)
        elif finite and not comma:
            now.agents = [*now.agents, *ids] if now.role == "head" or ids else now.agents
            now.group, now.role, self.main = list(now.agents), "head", list(now.agents)
        elif now.role == "head" and not now.done and not now.beside and (not comma or last):
            self._listed(ids, comma=comma)
        elif self._alike(ids) and self._continues(nxt, comma=comma, last=last):
            self._same(ids)
        else:
            self._second(ids)

    def _continues(self, nxt: Phrase | None, *, comma: bool, last: bool) -> bool:
        """Tell whether a thing after *and* or a comma is one more object or place of the same verb."""
        if self.now.role == "object":
            return not comma or last
        return self.now.role in ("place", "with") and not comma and not (nxt is not None and nxt.kind == "verb")

    def _after_comma(self, at: int) -> bool:
        joints = [p.word for p in self.all[max(0, at - 3) : at] if p.kind in ("joint", "adverb")]
        return SOFT in joints and self.all[at - 1].kind in ("joint", "adverb")

    def _listed(self, ids: list[str], *, comma: bool) -> None:
        now = self.now
        now.agents = [*now.agents, *ids]
        now.group = [*now.group, *ids] if not comma else list(ids)
        self.main = list(now.agents)

    def _alike(self, ids: Sequence[str]) -> bool:
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
        if how == "hold" and of_class("give", verb.word) and ids and kind_of(ids[0]) in PEOPLE:
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

    def _before_relative(self, at: int) -> str:
        """Return where a preposition before *which* puts who comes next."""
        led = self.all[at - 2] if at > 1 else None
        return preposition_of(led.word.split())[0] if led is not None and led.kind == "where" else ""

    def _takes(self, at: int) -> bool:
        """Tell whether a thing follows a verb as its object."""
        nxt = self._next(at)
        return nxt is not None and nxt.kind == "thing"

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
        past = (
            verb.tag in ("past", "participle")
            and prev is not None
            and (prev.word == SOFT or prev.kind == "thing")
            and not named
        )
        state = past and ((bool(done_by(verb.word)) and not gesture_of(verb.word)) or by)
        passive = (verb.tag in ("passive", "participle") and (by or not gesture_of(verb.word))) or state
        now.denied = (
            (verb.to and now.denied)
            or any(p.word in ("not", "never", "t") for p in self._adverbs(at))
            or of_class("deny", verb.word)
        )
        now.verb, now.passive = verb, passive
        now.done = now.done or (verb.finite and not passive) or verb.tag in ("be", "passive")
        if self._says(at, verb, prev):
            return
        if not passive and not now.denied:
            people = now.agents and kind_of(now.agents[0]) in PEOPLE
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
        if not (
            of_class("say", verb.word)
            and prev is not None
            and prev.word == SOFT
            and nxt is not None
            and nxt.kind == "thing"
        ):
            return False
        self.now = Clause(verb=verb)
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
            if (
                verb.tag == "participle"
                or any(map(animate, chain))
                or (now.role in ("object", "with") and not (done_by(verb.word) and self._takes(at)))
                or plain
            ):
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
        """Read *below*, *behind*, *ahead* with nothing after it: of whom the clause before was about."""
        nxt = self._next(at)
        last = nxt is None or nxt.kind == "joint" or (adverb.word == "ahead" and nxt.kind == "where")
        if adverb.word == "together" and len(self.now.agents) > 1:
            self.told.tie(self.now.agents[:1], "beside", self.now.agents[1])
        if adverb.word not in ("below", "above", "behind", "beneath", "ahead") or not last:
            return
        now = self.now
        others = [one for one in (*self.ground, *self.before, *self.main) if one not in now.agents]
        who = now.agents
        if others and who:
            how = "before" if adverb.word == "ahead" else preposition_of([adverb.word])[0]
            self.told.tie(who, "below" if how == "under" else how, others[0])
