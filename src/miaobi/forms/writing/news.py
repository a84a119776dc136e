"""News 消息: an inverted pyramid from a list of facts. What is stated was given; nothing is invented.

Craft words the facts; the engine chooses among the phrasings and proposes headlines. Numbers in its headlines are held
by ``NumberAutomaton`` while decoding; its words must come from the lead in the lead's order (compression by deletion,
Knight and Marcu 2002), so that a headline can't say more than the facts do.
"""

from __future__ import annotations

import datetime
import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from miaobi.brief import Brief
from miaobi.craft import article
from miaobi.craft.document import MEDIA_TYPES, Document, Note, paragraph, write
from miaobi.craft.facts.clause import shape
from miaobi.craft.facts.newswriting import HEADLINE, LEAD_WORDS, body, cut, deck, fits, headlines, leads
from miaobi.craft.facts.numbers import Licence, NumberAutomaton
from miaobi.craft.facts.phrasing import choose, fluency, phrase
from miaobi.craft.facts.sheet import EXAMPLE, Sheet, parse_sheet
from miaobi.craft.facts.wording import Deck, dated, day_of, stopped
from miaobi.craft.plot.plan import data
from miaobi.craft.plot.telling import escaped, file_name
from miaobi.craft.text.fault import stem
from miaobi.craft.text.prose import check_repeats, check_slop
from miaobi.craft.text.sentence import capital, length, words
from miaobi.errors import BriefError
from miaobi.findings import Finding, Span
from miaobi.form import Content, Desk, Form, Length, Options
from miaobi.types import Language, Prompt, Sampling
from miaobi.work import Imprint, Rendering

COMPRESSION = Sampling(min_p=0.05, temperature=0.8)
PROPOSALS = 12
_NEGATION = re.compile(r"\b(?:no|not|never|nobody|nothing|without|denies|denied)\b|n['’]t\b", re.I)


class NewsOptions(Options):
    """Where the facts come from and what the dateline says."""

    facts: str = Field(
        "",
        description="the facts, “kind: fact”, ; between them, or a line each in --reference facts=FILE. Kinds: who "
        "what when where why how number quote background source detail. number: 312 | people; quote: “…” — Name, role",
    )
    place: str = Field("", description="the dateline's place; without it the text has a dateline only for `where`")


class Passage(BaseModel):
    """One paragraph."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["key", "quote", "means", "detail", "background"]
    text: str


class News(Content):
    """A news text: the title is its headline."""

    language: Literal["en", "zh"]
    deck: str
    place: str
    date: str  # ISO, "" without
    lead: str
    passages: list[Passage]
    headline_by: Literal["engine", "craft", "user"]

    def text(self) -> str:
        """Return what a reader reads after the deck, without the dateline."""
        return "\n\n".join([self.lead, *(p.text for p in self.passages)])


def sheet_of(brief: Brief) -> Sheet:
    """Return the brief's facts; BriefError says what is missing and shows an example."""
    given = [r.text for r in brief.references_of("facts")]
    if option := str(brief.options.get("facts", "")):
        given.append(option if "\n" in option else option.replace("；", "\n").replace("; ", "\n"))
    if not given:
        raise BriefError(
            "A news text is written from facts, and there are none.",
            f'Give them as a file (--reference facts=FILE, one a line) or as -o facts="{EXAMPLE[brief.language]}".',
        )
    return parse_sheet("\n".join(given), brief.language)


def admit(brief: Brief) -> None:
    """Raise BriefError when the facts aren't enough or can't be read."""
    sheet_of(brief)


def draft(desk: Desk) -> News:
    """Word the facts in the order of the pyramid, then take the best headline."""
    brief, language = desk.brief, desk.brief.language
    sheet = sheet_of(brief)
    place = desk.options(NewsOptions).place
    news = News.model_validate(desk.step("text", lambda: _text(desk, sheet, place)))
    if brief.title:
        return news.model_copy(update={"title": brief.title, "headline_by": "user"})
    proposed = (
        desk.step("headlines", lambda: _proposals(desk, _unattributed(news.lead, sheet))) if language == "en" else []
    )
    return news.model_copy(update=desk.step("headline", lambda: _headline(desk, sheet, news, proposed)))


def _text(desk: Desk, sheet: Sheet, place: str) -> dict[str, Any]:
    language = desk.brief.language
    phrases = data(language, "news")["phrase"]
    cards = Deck(phrases, desk.seed("phrases"))
    lead = _lead(desk, cards, sheet, place)
    told = [lead]

    def word(kind: str, slots: dict[str, str]) -> str:
        told.append(phrase(desk, cards, kind, slots, " ".join(told[-3:])))
        return told[-1]

    written = list(body(sheet, word, language, lead))
    if desk.brief.length:
        written = cut(lead, written, desk.brief.length, language)
    passages = [vars(p) for p in written]
    desk.credit("craft", length(" ".join([lead, *(p["text"] for p in passages)]), language))
    date = desk.brief.date.isoformat() if desk.brief.date else ""
    title = headlines(sheet, place, language)[0]
    news = News(
        title=title,
        language=language,
        deck=deck(sheet, title, language),
        place=place or ("" if not desk.brief.date else _city(sheet.where)),
        date=date,
        lead=lead,
        passages=[Passage.model_validate(p) for p in passages],
        headline_by="craft",
    )
    return news.model_dump()


def _city(where: str) -> str:
    """Return *where* if a dateline can take it: one proper name, or a short Chinese one."""
    return where if re.fullmatch(r"[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+)?|[\u4e00-\u9fff]{2,4}", where) else ""


def _lead(desk: Desk, cards: Deck, sheet: Sheet, place: str) -> str:
    language = desk.brief.language
    place = place or (_city(sheet.where) if desk.brief.date else "")
    kind = "lead_noun" if language == "en" and shape(sheet.what) == "noun" else "lead"
    if language == "zh" and not sheet.when:
        kind = "lead_bare"
    made = leads(sheet, place, cards.deal(kind, 3), language)
    if sheet.source and sheet.source.lower() != sheet.who.lower():
        said = cards.one("said", {"source": sheet.source, "text": "{text}"}) if language == "zh" else ""
        made = [said.replace("{text}", m) for m in made] if said else [m + _said(cards, sheet.source) for m in made]
    short = [m for m in made if fits(m, language)]
    if short:
        return stopped(short[choose(desk, "lead", "", short)], language)
    bare = sheet.model_copy(update={"when": "", "where": ""})
    first = leads(bare, place, cards.deal("lead_bare" if language == "zh" else kind, 3), language)[0]
    rest = leads(sheet, place, ["{where}{when}"], language)[0].strip()
    if not rest:
        return stopped(first, language)
    future = "_future" if re.match(r"will\b|to\b", sheet.what) else ""
    after = (
        f"时间地点：{rest}"
        if language == "zh"
        else cards.one(f"circumstance{future}", {"when": f" {rest[:1].lower()}{rest[1:]}", "where": ""})
    )
    return f"{stopped(first, language)}{' ' if language == 'en' else ''}{stopped(after, language)}"


def _said(cards: Deck, source: str) -> str:
    return cards.one("said", {"source": source})


def _unattributed(lead: str, sheet: Sheet) -> str:
    """Return the lead without its attribution, which no headline needs."""
    for said in (f", according to {sheet.source}", f", {sheet.source} said"):
        lead = lead.replace(said, "") if sheet.source else lead
    return lead


def _proposals(desk: Desk, lead: str) -> list[str]:
    """Return headlines that the engine proposes, each once."""
    table = data("en", "news")["headline"]
    written = desk.write(
        "headline",
        Prompt(system=table["prompt"].replace("{lead}", lead)),
        n=PROPOSALS,
        max_tokens=24,
        stop=("\n",),
        sampling=COMPRESSION,
        constraint=NumberAutomaton(Licence.of([lead])) if desk.engine.steerable else None,
    )
    return list(dict.fromkeys(c.text.strip(' ."“”') for c in written if c.finish != "length" and c.text.strip()))


def _bare(text: str) -> list[str]:
    return [stem(w.lower()) for w in words(text) if w.lower() not in {"a", "an", "the"}]


def headline_fault(headline: str, lead: str, licence: Licence) -> str:
    """Return why an engine's headline may not stand, or ""."""
    given, wanted = _bare(lead), _bare(headline)
    remaining = iter(given)
    checks = (
        ("too-long", len(headline) > HEADLINE["en"]),
        ("too-short", len(wanted) < 3),
        ("number", bool(licence.unlicensed(headline))),
        ("not-from-lead", not all(any(w == g for g in remaining) for w in wanted)),
        ("whole-lead", len(wanted) > 0.85 * len(given)),
        ("negation", bool(_NEGATION.search(lead)) != bool(_NEGATION.search(headline))),
        ("quotation", any(c in headline for c in '"“”:;?!|')),
        (
            "unfinished",
            bool(
                re.search(
                    r"\b(?:the|a|an|of|in|on|at|to|for|with|by|from|and|or|than|as|was|were|is|are|will|be|its|their|his|her)$",
                    headline,
                )
            ),
        ),
    )
    return next((name for name, broken in checks if broken), "")


def _headline(desk: Desk, sheet: Sheet, news: News, proposed: list[str]) -> dict[str, str]:
    language = news.language
    ours = headlines(sheet, news.place, language)
    licence = Licence.of(sheet.texts())
    texts = list(dict.fromkeys([*ours, *proposed]))
    read = dict(zip(texts, fluency(desk, f"{news.lead}\n\n", texts), strict=True))

    def measure(text: str) -> dict[str, float] | None:
        if text not in ours and headline_fault(text, _unattributed(news.lead, sheet), licence):
            return None
        # a figure earns its place; a headline near two thirds of the limit fills a line
        fill = -abs(len(text) / HEADLINE[language] - 0.66)
        return {"fluency": read[text], "fill": fill, "ours": float(text in ours)}

    best = desk.pick("headline", texts, measure, {"fluency": 1.0, "fill": 0.5, "ours": 0.8})
    title = texts[best]
    by = "craft" if title in ours else "engine"
    desk.credit(by, length(title, language))
    return {"title": capital(title), "deck": deck(sheet, title, language), "headline_by": by}


def check(brief: Brief, news: News) -> list[Finding]:
    """Check that every number, name and quotation was given, and the lengths of headline and lead."""
    sheet = sheet_of(brief)
    place = str(brief.options.get("place", ""))
    given = [*sheet.texts(), brief.title, place]
    if when := re.fullmatch(r"\d{4}-\d\d-\d\d", sheet.when):
        given.append(dated(datetime.date.fromisoformat(when[0]), brief.language))
    parts = [("title", news.title), ("deck", news.deck), ("lead", news.lead)]
    parts += [(f"p{i + 1}", p.text) for i, p in enumerate(news.passages)]
    findings = [*_unlicensed(parts, Licence.of(given)), *_strangers(parts, " ".join(given), brief.language)]
    findings += _quotations(parts, sheet)
    if len(news.title) > HEADLINE[brief.language] and news.headline_by != "user":
        findings.append(
            _error("headline-length", f"The headline has {len(news.title)} characters.", "title", news.title)
        )
    if not fits(news.lead.split(". ")[0], brief.language):
        count = length(news.lead, brief.language)
        note = f"The lead has {count} words; {LEAD_WORDS} are the rule. Who and what alone are longer than that."
        findings.append(Finding(rule="lead-length", message=note, span=Span(part="lead", text=news.lead[:80])))
    wanted, got = brief.length, length(news.text(), brief.language)
    if wanted and got < 0.9 * wanted:
        note = f"The facts make {got} words where {wanted} were wished for. Give more facts for more."
        findings.append(Finding(rule="length", message=note, severity="note"))
    return [*findings, *check_repeats(news.text(), brief.language), *check_slop(parts, brief.language)]


def _error(rule: str, message: str, part: str, text: str) -> Finding:
    return Finding(rule=rule, message=message, severity="error", span=Span(part=part, text=text[:80]))


def _unlicensed(parts: list[tuple[str, str]], licence: Licence) -> list[Finding]:
    return [
        _error("number-not-given", f"The number {n} isn't among the facts.", part, text)
        for part, text in parts
        for n in licence.unlicensed(text)
    ]


def _strangers(parts: list[tuple[str, str]], given: str, language: Language) -> list[Finding]:
    """Return capitalised words inside sentences that no fact has."""
    if language == "zh":
        return []
    known = {w.lower() for w in re.findall(r"[\w’'-]+", given)}
    return [
        _error("name-not-given", f"The name {word} isn't among the facts.", part, text)
        for part, text in parts
        for word in re.findall(r"(?<=[a-z,;] )([A-Z][\w’'-]+)", text)
        if word.lower() not in known and word.lower().removesuffix("’s").removesuffix("'s") not in known
    ]


def _quotations(parts: list[tuple[str, str]], sheet: Sheet) -> list[Finding]:
    said = " ".join(sheet.texts())
    return [
        _error("quote-not-given", f"“{quote}” was not given as a quotation.", part, text)
        for part, text in parts
        for quote in re.findall(r"“([^”]+)”", text)
        if quote.rstrip(".,。") not in said
    ]


def render(news: News, ending: str, imprint: Imprint) -> Rendering:
    """Write the article as a file of this ending."""
    document = to_document(news, imprint)
    name = file_name(news.title, ending)
    if ending == "jsonld":
        date = datetime.date.fromisoformat(news.date) if news.date else None
        bare = to_document(news, imprint, dateline=False)
        return Rendering(name=name, media_type="application/ld+json", content=article.write(bare, date, news.place))
    return Rendering(name=name, media_type=MEDIA_TYPES[ending], content=write(document, ending))


def to_document(news: News, imprint: Imprint, dateline: bool = True) -> Document:
    """Return the article as a document."""
    first = paragraph(escaped((dateline_of(news) if dateline else "") + news.lead), first=True)
    blocks = [first, *(paragraph(escaped(p.text)) for p in news.passages)]
    note = Note(data(news.language, "news")["note"]["facts"])
    return Document(news.title, news.deck, news.language, (*blocks, note), imprint, setting="report")


def dateline_of(news: News) -> str:
    """Return 电头: ``ROTTERDAM, 23 November — ``, ``鹿特丹11月23日电　``; "" when neither place nor date is given."""
    day = day_of(datetime.date.fromisoformat(news.date), news.language) if news.date else ""
    if news.language == "zh":
        return f"{news.place}{day}电　" if news.place and day else ""
    return " — ".join([", ".join(x for x in (news.place.upper(), day) if x), ""]) if news.place or day else ""


FORM = Form(
    name="news",
    names={"en": "News article", "zh": "消息"},
    aliases=("news article", "新闻", "article"),
    summary={
        "en": "A news article from given facts: headline, deck, lead, inverted pyramid; nothing invented.",
        "zh": "依据事实单写成的消息：标题、导语、倒金字塔，不添一字事实。",
    },
    content=News,
    length=Length(usual=60, least=20, most=2_000),
    options=NewsOptions,
    references=("facts",),
    draft=draft,
    check=check,
    render=render,
    formats=("md", "html", "docx", "jsonld"),
    admit=admit,
    example=Brief(
        form="news",
        idea="The gas leak on Harbour Street",
        seed=3,
        options={
            "facts": "who: the fire service; what: cleared two blocks of flats; when: Monday evening; "
            "where: Harbour Street; why: a gas leak; number: 312 | people evacuated; "
            "quote: “Nobody was hurt.” — Ana Ruiz, fire chief; background: The pipes date from 1931."
        },
    ),
    more_examples=(Brief(form="news", idea="港湾街煤气泄漏", language="zh", seed=3, options={"facts": EXAMPLE["zh"]}),),
)
