"""A news text from a fact sheet: the inverted pyramid (5 W and H first, background last), without a model.

Every sentence is a phrasing filled with given facts, or a fact as it was given. A lead has at most 35 words; what
doesn't fit moves to the sentence after it. Prepositions of time and place follow English use: *on Monday*, *in May*,
*at noon*, *on Harbour Street*, *in York*.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from miaobi.craft.facts.clause import headline_tense, is_plural, lower_first, shape
from miaobi.craft.facts.sheet import Number, Quotation, Sheet
from miaobi.craft.facts.wording import day_of, stopped
from miaobi.craft.text.inflection import article
from miaobi.craft.text.sentence import capital, length, sentences
from miaobi.craft.text.table import table
from miaobi.types import Language

LEAD_WORDS = 35
HEADLINE = {"en": 90, "zh": 32}  # characters
Phrase = Callable[[str, dict[str, str]], str]
_READY = re.compile(
    r"^(?:on|in|at|by|near|from|last|this|next|early|late|since|before|after|during|yesterday|today|tomorrow|tonight|"
    r"shortly|every|between|around|outside|inside|across|along|off|under|over|all|throughout|earlier|later)\b",
    re.I,
)
_DAY = re.compile(
    r"^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|christmas|new year|\d{1,2} [A-Z]|[A-Z][a-z]+ \d{1,2}\b)", re.I
)
_CLOCK = re.compile(r"^(?:\d{1,2}(?::\d\d)?\s*(?:am|pm|a\.m\.|p\.m\.)|noon|midnight|dawn|dusk|night)", re.I)
_STREET = re.compile(r"\b(?:street|road|avenue|lane|island|coast|bridge|river|square|motorway)$", re.I)
_SPOT = re.compile(
    r"\b(?:station|school|hospital|airport|university|museum|theatre|stadium|hall|harbour|port|library)$", re.I
)
_FUTURE = re.compile(r"^(?:will|is to|are to|plans? to|intends? to|is set to)\b|^(?:将|计划|拟)")
_PARTICIPLE = re.compile(
    r"^(?P<noun>.+?) (?P<done>(?:\w+ed|hurt|lost|sold|built|made|found|born|held|sent|taken|saved)\b.*)$"
)

_WORTH = re.compile(r"[%€$£¥]|per ?cent")


@dataclass(frozen=True)
class Passage:
    """A paragraph and its rank in the pyramid."""

    kind: str
    text: str


def when_phrase(when: str, language: Language) -> str:
    """Return the time as an adverbial: ``Monday`` → ``on Monday``."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", when):
        day = day_of(datetime.date.fromisoformat(when), language)
        return day if language == "zh" else f"on {day}"
    if language == "zh" or not when or _READY.match(when):
        return lower_first(when) if language == "en" and _READY.match(when) else when
    if _CLOCK.match(when):
        return f"at {when}"
    return f"on {when}" if _DAY.match(when) else f"in {when}" if re.match(r"[A-Z][a-z]+|\d{4}$", when) else when


def where_phrase(where: str, language: Language) -> str:
    """Return the place as an adverbial: ``York`` → ``in York``, ``Harbour Street`` → ``on Harbour Street``."""
    if not where or (language == "en" and _READY.match(where)) or (language == "zh" and where[0] in "在于"):
        return where
    if language == "zh":
        return f"在{where}"
    first = where.split(",", maxsplit=1)[0]
    return f"{'on' if _STREET.search(first) else 'at' if _SPOT.search(first) else 'in'} {where}"


def leads(sheet: Sheet, place: str, phrasings: list[str], language: Language) -> list[str]:
    """Return the lead in each phrasing, without its attribution; the dateline's place isn't said again."""
    when = when_phrase(sheet.when, language)
    where = where_phrase(sheet.where, language) if sheet.where and sheet.where != place else ""
    what = sheet.what if sheet.who.lower() not in sheet.what.lower() else _without(sheet.what, sheet.who)
    when, where = ("" if part and part.lower() in what.lower() else part for part in (when, where))
    out = []
    for template in phrasings:
        if language == "zh":
            text = template.replace("{who}", sheet.who).replace("{when}", when)
            text = text.replace("{where}", where).replace("{what}", what).lstrip("，")
        else:
            text = template.replace("{When}", f"{capital(when)}, " if when else "").replace("{what}", lower_first(what))
            text = text.replace("{where}", f" {where}" if where else "").replace("{when}", f" {when}" if when else "")
            text = capital(text.replace("{Who}", sheet.who).replace("{who}", lower_first(sheet.who)))
        out.append(text)
    return list(dict.fromkeys(out))


def _without(what: str, who: str) -> str:
    return re.sub(re.escape(who), "", what, count=1, flags=re.I).strip()


def fits(lead: str, language: Language) -> bool:
    """Tell whether a lead is short enough."""
    return length(lead, language) <= (LEAD_WORDS if language == "en" else 80)


def body(sheet: Sheet, phrase: Phrase, language: Language, said: str) -> Iterator[Passage]:
    """Give the paragraphs after the lead in falling importance; *said* is the lead, whose facts aren't repeated."""
    numbers = _numbers([n for n in sheet.numbers if f"{n.value} {n.label}" not in said], phrase, language)
    reason = [_reason(sheet, phrase, language)] if sheet.why else []
    first = _joined([*numbers[:2], *reason], language)
    if first:
        yield Passage("key", first)
    if sheet.quotes:
        yield Passage("quote", _quote(sheet.quotes[0], phrase, language, first=True))
    means = [_means(sheet, phrase, language)] if sheet.how else []
    if second := _joined([*means, *numbers[2:]], language):
        yield Passage("means", second)
    told = [_given(d, "fragment", phrase, language) for d in sheet.details]
    for i in range(0, len(told), 2):
        yield Passage("detail", _joined(told[i : i + 2], language))
    for quote in sheet.quotes[1:]:
        yield Passage("quote", _quote(quote, phrase, language, first=False))
    past = [_given(b, "fragment_background", phrase, language) for b in sheet.background]
    if past:
        yield Passage("background", _joined(past, language))


def cut(lead: str, passages: Sequence[Passage], wanted: int, language: Language) -> list[Passage]:
    """Return the passages that bring the text nearest to *wanted* words: it is cut from its foot, by sentences."""
    joint = "" if language == "zh" else " "
    told = [(i, s) for i, p in enumerate(passages) for s in sentences(p.text, language)]
    sizes = [length(lead, language)]
    for _, sentence in told:
        sizes.append(sizes[-1] + length(sentence, language))
    kept = told[: min(range(len(sizes)), key=lambda n: abs(sizes[n] - wanted))]
    texts = [joint.join(s for j, s in kept if j == i) for i in range(len(passages))]
    return [Passage(p.kind, text) for p, text in zip(passages, texts, strict=True) if text]


def _joined(parts: list[str], language: Language) -> str:
    return ("" if language == "zh" else " ").join(parts)


def _numbers(numbers: list[Number], phrase: Phrase, language: Language) -> list[str]:
    """Return the sentences of the figures; two that merely count share one."""
    if (
        language == "zh"
        or len(numbers) < 2
        or any(_PARTICIPLE.match(n.label) or _WORTH.search(n.value) for n in numbers[:2])
    ):
        return [_number(n, phrase, language) for n in numbers]
    a, b = (f"{n.value} {n.label}" for n in numbers[:2])
    return [phrase("number_pair", {"a": a, "b": b}), *(_number(n, phrase, language) for n in numbers[2:])]


def _number(number: Number, phrase: Phrase, language: Language) -> str:
    n, label = number.value, number.label
    if language == "zh":
        counted = re.match(r"[名个人户栋辆万亿元吨公里米天家所座起次只头棵张件]", label)
        return phrase("number" if counted else "number_value", {"n": n, "label": label})
    match = _PARTICIPLE.match(label)
    if match and not _WORTH.search(n):
        be = "was" if n in {"1", "one"} else "were"
        return capital(phrase("number_passive", {"n": n, "noun": match["noun"], "done": match["done"], "be": be}))
    worth = _WORTH.search(n) and not is_plural(label)
    label = re.sub(r"^(?:the|an?) ", "", label, flags=re.I) if worth else label
    return phrase("number_value" if worth else "number_count", {"n": n, "label": label})


def _reason(sheet: Sheet, phrase: Phrase, language: Language) -> str:
    why = sheet.why
    if language == "zh":
        aim = re.match(r"为了?", why)
        bare = re.sub(r"^(?:因为|由于|因)", "", why)
        return phrase("why_infinitive" if aim else "why_noun", {"why": bare})
    why = re.sub(r"^(?:because of|due to|owing to|because)\s+", "", why, flags=re.I)
    kind = {"infinitive": "why_infinitive", "clause": "why_clause", "that": "why_clause"}.get(shape(why), "why_noun")
    why = lower_first(re.sub(r"^that ", "", why))
    return capital(phrase(kind, {"why": why, "Why": capital(why)}))


def _means(sheet: Sheet, phrase: Phrase, language: Language) -> str:
    how = sheet.how
    if language == "zh":
        return phrase("how_noun", {"how": how})
    later = "_future" if _FUTURE.match(sheet.what) else ""
    if shape(how) == "clause":
        return stopped(capital(how))
    if re.match(r"(?:by|with|through|using|via|in|on|from|after|without|under)\b", how, re.I):
        return phrase(f"how_means{later}", {"how": lower_first(how)})
    return phrase(f"how_noun{later}", {"how": lower_first(how)})


def _quote(quote: Quotation, phrase: Phrase, language: Language, first: bool) -> str:
    if language == "zh":
        return phrase("quote_before", {"q": stopped(quote.text, "zh"), "name": quote.name, "role": quote.role})
    bare = quote.text.rstrip(".,")
    role = f", {_apposition(quote.role)}," if quote.role else ""
    marked = quote.text.endswith(("?", "!", "…"))
    kind = "quote_before" if not first else "quote_marked" if marked else "quote_after"
    slots = {"q": bare, "name": quote.name, "Name": quote.name, "role": role, "stop": "" if marked else "."}
    return re.sub(r",(?=[.:])", "", phrase(kind, slots))


def _apposition(role: str) -> str:
    """Return a role as it stands beside a name: titles bare, what many people are with its article."""
    return article(role) if role.lower() in table("roles.en") else role


def _given(text: str, kind: str, phrase: Phrase, language: Language) -> str:
    if language == "zh" or shape(text) in {"clause", "verb"} or text.endswith((".", "!", "?")):
        return stopped(capital(text), language)
    return phrase(kind, {"text": text.rstrip(". ")})


def headlines(sheet: Sheet, place: str, language: Language) -> list[str]:
    """Return headlines made of the facts, shortened to fit, the fullest first."""
    limit = HEADLINE[language]
    what = sheet.what if sheet.who.lower() not in sheet.what.lower() else _without(sheet.what, sheet.who)
    if language == "zh":
        core = sheet.who + re.sub(r"了(?![解结不])", "", what, count=1)
        made = [core, *(f"{sheet.where.lstrip('在')}：{core}" for _ in [0] if sheet.where)]
        made += [f"{core} {n.value}{n.label}" for n in sheet.numbers[:1]]
        kept = [h for h in made if len(h) <= limit]
        return kept or [core if len(core) <= limit else sheet.who[:12] + re.split(r"[，、；]", what)[0][: limit - 12]]
    who = capital(re.sub(r"^(?:the|an?) ", "", sheet.who, flags=re.I))
    shaped = shape(what)
    bare = re.sub(r"^(?:the|an?) ", "", what, flags=re.I)
    core = f"{who} {headline_tense(lower_first(what), who)}" if shaped == "verb" else capital(bare)
    made = [core]
    if sheet.where and sheet.where.lower() not in core.lower():
        made.append(f"{core} {where_phrase(sheet.where, 'en')}")
    made += [f"{core}: {n.value} {n.label}" for n in sheet.numbers[:1]]
    return [h for h in made if len(h) <= limit] or [_shortened(core, limit)]


def _shortened(text: str, limit: int) -> str:
    """Return *text* cut before a phrase, never within one, where that is possible."""
    cuts = [
        m.start()
        for m in re.finditer(r"(?:,| (?:in|on|at|by|for|from|with|after|before|because|to|of|and|that))\s", text)
    ]
    kept = [text[:c].rstrip(", ") for c in cuts if 20 <= c <= limit]
    return kept[-1] if kept else text[:limit].rsplit(" ", 1)[0]


def deck(sheet: Sheet, headline: str, language: Language) -> str:
    """Return the line under the headline: the first figures and the reason, as far as the headline lacks them."""
    numbers = [n for n in sheet.numbers if n.value not in headline][:2]
    if language == "zh":
        parts = [
            f"{n.value}{n.label}" if n.label[0] in "名个人户栋辆万亿元吨座起次" else f"{n.label}{n.value}"
            for n in numbers
        ]
        return "；".join(
            [*parts, *([f"{'' if sheet.why[0] in '因为由' else '起因：'}{sheet.why}"] if sheet.why else [])]
        )
    parts = [f"{n.value} {n.label}" for n in numbers]
    if sheet.why:
        ready = re.match(r"(?:because|due|owing|to)\b", sheet.why, re.I)
        parts.append(lower_first(sheet.why) if ready else f"reason given: {lower_first(sheet.why)}")
    line = "; ".join(parts)
    return line[:1].upper() + line[1:]
