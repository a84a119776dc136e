"""Writing Chinese verse: line by line, every character under its slot's rules, the better of many kept.

A line's candidates are drawn under the mask and ranked by likelihood, relevance to the subjects, and, in the second
line of a couplet that is to face its first, parallelism; a beam of beginnings goes on, several attempts with other
patterns and rhymes compete, and the best poem stands (``decoding.search``).
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from miaobi.craft.prosody.chinese import control
from miaobi.craft.prosody.chinese.account import certificate, guarded
from miaobi.craft.prosody.chinese.imagery import contrary, parallelism, relevance, table
from miaobi.craft.prosody.chinese.poem import ChinesePoem, Verse
from miaobi.craft.prosody.chinese.rime import PINGSHUI
from miaobi.craft.prosody.chinese.scansion import scan
from miaobi.craft.prosody.chinese.scheme import Scheme
from miaobi.craft.prosody.chinese.script import Script, script_of, traditional
from miaobi.decoding.hanzi import HanziLine
from miaobi.decoding.search import search
from miaobi.errors import DeadEndError, DraftError, UnsupportedError
from miaobi.form import Desk
from miaobi.forms.art.chinese_wish import Demand, Plan, VerseOptions, common, plan_of
from miaobi.types import Prompt, Removal, Sampling

CHECKPOINT = "miaobi-verse-zh"  # ours, shipped with the package
ATTEMPTS, WIDTH, CANDIDATES = 4, 2, 10
SAMPLING = Sampling(temperature=0.9, min_p=0.04)
# nats a character: likelihood counts 1, the others what they are worth beside it
RELEVANCE, NEW_SUBJECT, PARALLEL = 2.0, 0.4, 2.5
# groups of 中华新韵 as groups of 平水韵
_NEAREST = dict(zip("麻波皆开微豪尤寒文唐庚齐支姑", "麻歌佳灰微豪尤寒真陽庚齊支虞", strict=True))
_FACING = (3, 5)  # lines of a 律诗 that face the one before


@dataclass(frozen=True)
class Written:
    """A line, the attempt it belongs to, and what each rule took from the model."""

    text: str
    attempt: int = -1  # −1: given by a person
    removals: tuple[Removal, ...] = ()


def compose(desk: Desk, demand: Demand, schemes: Sequence[Scheme], options: VerseOptions) -> ChinesePoem:
    """Write a poem that meets *demand* in one of *schemes*; all have the same number of lines."""
    if not desk.engine.steerable:
        raise UnsupportedError(
            f"Verse is held to its rules token by token, and {desk.engine.checkpoint.name} doesn't show its logits.",
            "Leave out --engine to use miaobi's own verse net, or take a checkpoint that runs here.",
        )
    plain: dict[str, Any] = desk.step("poem", lambda: _Brush(desk, demand, schemes, options).write())
    lines = [Verse(**line) for line in plain["lines"]]
    scheme = next(s for s in schemes if s.name == plain["scheme"])
    texts = [line.text for line in lines]
    removals = [[Removal(**removal) for removal in line] for line in plain["removals"]]
    given = [i for i, line in enumerate(lines) if line.given]
    desk.credit("engine", sum(len(t) for i, t in enumerate(texts) if i not in given))
    desk.credit("user", sum(len(texts[i]) for i in given))
    return ChinesePoem(
        title=desk.brief.title or title_of(desk.brief.idea, demand),
        scheme=scheme.name,
        book=scheme.book,
        script=script(desk, options),
        lines=lines,
        dedication=options.dedication.strip(),
        appendix=options.appendix,
        certificate=certificate(texts, scan(texts, scheme), removals, given),
    )


def script(desk: Desk, options: VerseOptions) -> Script:
    """Return the script that the poem is shown in."""
    if options.script != "auto":
        return options.script
    return script_of(desk.brief.idea + desk.brief.title + options.acrostic + options.words)


def title_of(idea: str, demand: Demand) -> str:
    """Return a title for an idea: itself where it is as short as titles are, else its subjects."""
    bare = idea.strip().rstrip("。！？.!?")
    return bare if len(bare) <= 8 and "\n" not in bare else "".join(demand.about[:4])


class _Brush:
    """One poem while it is written."""

    def __init__(self, desk: Desk, demand: Demand, schemes: Sequence[Scheme], options: VerseOptions) -> None:
        self.desk, self.demand, self.schemes, self.options = desk, demand, schemes, options
        self.plans: dict[int, Plan] = {}
        mood = table()["moods"].get(options.mood, "")
        self.about = tuple(dict.fromkeys([*demand.about, *mood]))
        # a net that knows our control tokens reads each as one
        self.named = desk.engine.count(control.form_token("七絕平起入韻") + " ") == 1

    def plan(self, attempt: int) -> Plan:
        """Return the plan of an attempt."""
        if attempt not in self.plans:
            rng = random.Random(self.desk.seed("plan", attempt))
            self.plans[attempt] = plan_of(self.demand, self.schemes, rng)
        return self.plans[attempt]

    def write(self) -> dict[str, Any]:
        """Return the best poem found, as plain values."""
        found = search(
            len(self.schemes[0].lines),
            self.extend,
            given={i: Written(text) for i, text in self.demand.given},
            fit=self.fit,
            width=WIDTH,
            attempts=ATTEMPTS,
            enough=math.inf,  # every attempt is made, the best kept
        )
        if not found.complete:
            raise DraftError(
                f"No poem was found in {ATTEMPTS} attempts that meets every demand.", "Ask for less, or another --seed."
            )
        plan, raw = self.plan(self.attempt(found.units)), dict(self.demand.raw)
        return {
            "scheme": plan.scheme.name,
            "lines": [
                Verse(text=u.text, mark=s.mark, stanza=s.stanza, given=raw.get(i, "")).model_dump()
                for i, (u, s) in enumerate(zip(found.units, plan.scheme.lines, strict=True))
            ],
            "removals": [[asdict(removal) for removal in u.removals] for u in found.units],
        }

    def attempt(self, units: Sequence[Written]) -> int:
        """Return the attempt that *units* belong to."""
        return max(0, *(unit.attempt for unit in units), 0)

    def extend(self, units: tuple[Written, ...], attempt: int) -> list[tuple[Written, float]]:
        """Return candidates for the next line with their worth; none where the rules leave none."""
        plan, i = self.plan(attempt), len(units)
        if not i:
            self.desk.say("verse", attempt / ATTEMPTS)
        slots = plan.scheme.lines[i]
        if slots.repeats:
            return [(Written(units[-1].text, attempt, units[-1].removals), 0.0)]
        if text := plan.text(i):
            return [(Written(text, attempt), 0.0)]
        key = f"line:{attempt}:{'/'.join(unit.text for unit in units)}"
        prompt, line = self.prompt(plan, units), self.line(plan, units)
        try:
            written = self.desk.write(
                key, prompt, n=CANDIDATES, max_tokens=self.room(line.slots), constraint=line, sampling=SAMPLING
            )
        except DeadEndError:
            return []
        out: dict[str, tuple[Written, float]] = {}
        for candidate in written:
            text = "".join(candidate.text.split())
            if len(text) == len(line.slots):
                text = "".join(own or c for own, c in zip(plan.fixed[i], text, strict=True))
            if len(text) == len(line.slots) and text not in out:
                likelihood = sum(candidate.logprobs) / len(text)
                worth = likelihood + self.worth(text, units, i)
                out[text] = Written(text, attempt, candidate.removals), worth
        return list(out.values())

    def room(self, slots: str) -> int:
        """Return the tokens that a line may take: one a character on the verse net, up to four elsewhere."""
        return len(slots) if self.named else 4 * len(slots)

    def worth(self, text: str, units: Sequence[Written], i: int) -> float:
        """Return what a line is worth beside its likelihood."""
        told = "".join(unit.text for unit in units)
        new = sum(subject in text and subject not in told for subject in self.about)
        worth = RELEVANCE * relevance(text, self.about) + NEW_SUBJECT * min(new, 2)
        if len(self.schemes[0].lines) == 8 and self.schemes[0].pattern and i in _FACING:
            worth += PARALLEL * parallelism(units[-1].text, text)
        return worth

    def line(self, plan: Plan, units: Sequence[Written]) -> HanziLine:
        """Return the constraint of the next line."""
        i, slots = len(units), plan.scheme.lines[len(units)]
        used = {c for unit in units for c in unit.text}
        used |= {c for j, line in enumerate(plan.fixed) if j > i for c in line if c}
        used |= contrary(self.demand.about)
        ends = {units[j].text[-1] for j in plan.scheme.ends(slots.rhyme) if j < i} if slots.rhyme else set()
        ends |= {line[-1] for j, line in enumerate(plan.fixed) if j > i and line[-1]}
        return HanziLine(
            slots=slots.tones,
            book=plan.scheme.book,
            rhyme=plan.rhymes.get(slots.rhyme),
            given=tuple(self.token(c) for c in plan.fixed[i]) if any(plan.fixed[i]) else (),
            barred=frozenset(used - (_free() if plan.scheme.repeats_words else frozenset())),
            barred_ends=frozenset(ends),
            named=guarded(slots.tones),
        )

    def prompt(self, plan: Plan, units: Sequence[Written]) -> Prompt:
        """Return what the model reads before the next line."""
        return Prompt(prefix=self.told(plan, units) if self.named else self.spoken(plan, units))

    def told(self, plan: Plan, units: Sequence[Written]) -> str:
        """Return the poem so far as the verse net was taught it, up to the next line's token."""
        scheme, names = plan.scheme, [control.form_token(plan.scheme.pattern or plan.scheme.name)]
        names.append("<唐>" if self.options.manner == "tang" and scheme.pattern else "<宋>")
        first = scheme.letters[0] if scheme.letters else ""
        names += [self.rhyme_token(plan, first)] if first else []
        # a long 词 fills the net's context: then less is told of its subject
        room = (self.desk.engine.checkpoint.context or 512) - _size(scheme) - len(names) - 3
        title = [c for c in traditional(self.desk.brief.title or "".join(self.demand.about)) if self.known(c)]
        title = title[: min(7, max(0, room // 2))]
        names += [control.TITLE, *title] if title else []
        wanted = [c for c in dict.fromkeys(["".join(self.demand.words), *self.about]) for c in c if self.known(c)]
        wanted = wanted[: min(6, max(0, room - len(title) - 1))]
        names += [control.WORDS, *wanted] if wanted else []
        told = {first}
        for i, slots in enumerate(scheme.lines[: len(units) + 1]):
            if slots.rhyme and slots.rhyme not in told:
                told.add(slots.rhyme)
                names.append(self.rhyme_token(plan, slots.rhyme))
            names.append(control.line_token(slots.tones, bool(slots.rhyme)))
            if i < len(units):
                names += map(self.token, units[i].text)
        return " ".join(names) + " "

    def rhyme_token(self, plan: Plan, letter: str) -> str:
        """Return the token of a rhyme; of 中华新韵, which the net was not taught, the nearest there is."""
        group, tone = plan.rhymes[letter]
        if plan.scheme.book == "xinyun":
            group = _NEAREST[group]
        return control.rhyme_token(group, tone if plan.scheme.book == "cilin" else "")

    def token(self, character: str) -> str:
        """Return the character, or where the net has no token for it one of the same tone that stands for it there."""
        if not character or not self.named or self.known(character):
            return character
        tones = PINGSHUI.tones(character)
        return next(c for c in sorted(common()) if PINGSHUI.tones(c) == tones and self.known(c))

    def known(self, character: str) -> bool:
        """Tell whether the net has a token for a character."""
        return self.desk.engine.count(character + " ") == 1

    def spoken(self, plan: Plan, units: Sequence[Written]) -> str:
        """Return the poem so far for a checkpoint that was never taught our names."""
        head = f"《{title_of(self.desk.brief.idea, self.demand)}》\n"
        return head + "".join(u.text + s.mark for u, s in zip(units, plan.scheme.lines, strict=False))

    def fit(self, units: tuple[Written, ...], unit: Written) -> float:
        """Return how well a given line goes on from *units*: its log-probability a character, in nats."""
        prompt = self.prompt(self.plan(self.attempt(units)), units)
        text = " ".join(map(self.token, unit.text)) + " " if self.named else unit.text
        return sum(self.desk.engine.score(prompt, [text])[0]) / len(unit.text)


def _size(scheme: Scheme) -> int:
    """Return the tokens of a whole poem: a character and a line each, and a token a rhyme."""
    return sum(len(slots.tones) + 1 for slots in scheme.lines) + len(scheme.letters)


@cache
def _free() -> frozenset[str]:
    """Return the characters that may come again in a longer poem."""
    return frozenset(table()["words"]["free"])
