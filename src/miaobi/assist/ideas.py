"""Ideas for a person's text or thought: titles, names, what-ifs. Patterns are craft's; the engine may end some of them.

Nothing is claimed to be new to the world: what-ifs turn the thing at hand over in the ways that plots are made of.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from miaobi.assist.pen import Pen, nouns
from miaobi.craft.plot.plan import data, title_case
from miaobi.craft.text.fault import content_words
from miaobi.craft.text.idea import read_idea
from miaobi.craft.text.name import gender_of, is_given
from miaobi.craft.text.sentence import capital, han, words
from miaobi.craft.text.table import table
from miaobi.errors import BriefError, show
from miaobi.types import Language, derive_seed

_BRIEF = 40  # words up to which a text is read as an idea; a longer one is counted
KINDS = ("titles", "names", "what-ifs")


@dataclass(frozen=True)
class Thought:
    """One idea, and whose words it is."""

    text: str
    kind: str
    author: Literal["engine", "craft"] = "craft"
    pronoun: str = ""  # of a name


def ideas(
    text: str, kind: str, count: int, language: Language, *, seed: int = 0, pen: Pen | None = None
) -> list[Thought]:
    """Return *count* ideas of a kind; fewer when the patterns have no more. Raises BriefError for an unknown kind."""
    if kind not in KINDS:
        raise BriefError(f"{show(kind)} is no kind of ideas.", f"Legal: {', '.join(KINDS)}.")
    if not 1 <= count <= 50:
        raise BriefError(f"{count} ideas can't be given at once.", "Ask for 1 to 50 (-n).")
    rng = random.Random(derive_seed(seed, "ideas", kind))
    if kind == "names":
        return _names(text, count, language, rng)
    slots = _slots_zh(text) if language == "zh" else _slots(text, rng)
    patterns = list(data(language, "ideas")["title" if kind == "titles" else "whatif"])
    rng.shuffle(patterns)
    made = [Thought(_filled(p, slots), kind) for p in patterns if _fills(p, slots)]
    if kind == "what-ifs" and pen is not None and language == "en":
        made = [*_ended(pen, slots, kind, count // 3), *made]
    unique = list({t.text.lower(): t for t in made}.values())
    return unique[:count]


def _names(text: str, count: int, language: Language, rng: random.Random) -> list[Thought]:
    if language == "zh":
        own: dict[str, Any] = data("zh", "ideas")
        made = [s + g for s in own["surname"].split() for g in own["given"].split() if s + g not in text]
        return [Thought(name, "names") for name in rng.sample(made, count)]
    taken = {w[0] for w in words(text) if w[0].isupper() and w.lower() in table("names.en")}
    fresh = [n for n in sorted(table("names.en")) if n not in {w.lower() for w in words(text)}]
    rng.shuffle(fresh)
    fresh.sort(key=lambda n: n[0].upper() in taken)  # two of a cast that begin alike are mixed up
    chosen, initials = list[str](), set[str]()
    for name in fresh:
        if name[0] not in initials or len(initials) > 20:
            chosen.append(name)
            initials.add(name[0])
    chosen += [n for n in fresh if n not in chosen]
    return [Thought(capital(n), "names", pronoun=gender_of(capital(n)) or "they") for n in chosen[:count]]


def _slots(text: str, rng: random.Random) -> dict[str, str]:
    brief = len(words(text)) <= _BRIEF
    idea = read_idea(text if brief else "")
    spoken = Counter(n for n in nouns(text, 40) for _ in range(text.lower().count(n)))
    carried = [w for w in content_words(text) if w not in table("persons.en")]
    head = idea.head or (spoken.most_common(1)[0][0] if spoken else carried[-1] if carried else "letter")
    names = [w for w in words(text) if is_given(w)]
    name = idea.name or (
        Counter(names).most_common(1)[0][0] if names else capital(rng.choice(sorted(table("names.en"))))
    )
    slots = {
        "Thing": title_case(idea.thing or head),
        "Head": title_case(head),
        "head": head,
        "Name": name,
        "name": name,
        "Heads": title_case(head if head.endswith("s") else head + "s"),
        "Role": title_case(idea.role),
        "role": idea.role or "stranger",
        "Deed": title_case(idea.deed),
        "Place": title_case(idea.place),
    }
    return {k: v for k, v in slots.items() if v}


def _slots_zh(text: str) -> dict[str, str]:
    thing = re.search(r"[一那这][个只条封盏把本枚张座件幅]([\u4e00-\u9fff]{1,4}?)(?=[，。的在是了里上，、]|$)", text)
    runs = re.findall(r"[\u4e00-\u9fff]{2,4}", text)
    person = re.search(r"[\u4e00-\u9fff]{0,2}(?:人|匠|师|工|夫|郎|女|男|子)", text)
    place = re.search(r"在([\u4e00-\u9fff]{1,4}?(?:里|上|中|边|下))", text)
    slots = {
        "物": thing[1] if thing else runs[-1] if runs else "".join(han(text)[:2]) or "信",
        "人": person.group() if person else "她",
        "地": place[1] if place else "",
    }
    return {k: v for k, v in slots.items() if v}


def _fills(pattern: str, slots: dict[str, str]) -> bool:
    return all(name in slots for name in re.findall(r"\{(.+?)\}", pattern))


def _filled(pattern: str, slots: dict[str, str]) -> str:
    return re.sub(r"\{(.+?)\}", lambda m: slots[m[1]], pattern)


def _ended(pen: Pen, slots: dict[str, str], kind: str, count: int) -> list[Thought]:
    """Let the engine end some what-ifs."""
    found: list[Thought] = []
    for turn, pattern in enumerate(data("en", "ideas")["opening"]):
        if not _fills(pattern, slots):
            continue
        for option in pen.options(f"whatif:{turn}", pen.text, _filled(pattern, slots))[: max(count // 2, 1)]:
            found.append(Thought(option.rstrip(".") + "?", kind, "engine"))
    return found[:count]
