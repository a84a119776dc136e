"""Email 邮件: one point, one call to action, in the register of the relation. Never a placeholder.

Layout: greeting, opening (in a reply), the point, what else the idea says, the call to action with its date, a closing
sentence, the sign-off and the sender. Chinese by custom: 称呼, 正文, 此致敬礼 or 顺颂商祺 or 祝好, 署名. What the idea
says is taken over; the engine chooses among phrasings and subjects.
"""

from __future__ import annotations

import datetime
import re
import warnings
from collections.abc import Callable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from miaobi.brief import Brief, clean_text
from miaobi.craft import mail
from miaobi.craft.facts.letter import Point, by_when, read_point, short
from miaobi.craft.facts.numbers import Licence
from miaobi.craft.facts.phrasing import choose, phrase
from miaobi.craft.facts.wording import Deck, stopped
from miaobi.craft.plot.plan import data
from miaobi.craft.plot.telling import file_name
from miaobi.craft.text.prose import check_length, check_repeats, check_slop
from miaobi.craft.text.sentence import capital, length
from miaobi.errors import BriefError, show
from miaobi.findings import Finding, Span
from miaobi.form import Content, Desk, Form, Length, Options
from miaobi.types import Language
from miaobi.work import Imprint, Rendering

SIGNED = 4  # words of a signature, on the average
SUBJECT = 60  # characters; phones show about forty
MEDIA = {"txt": "text/plain", "html": "text/html", "eml": "message/rfc822"}
_PLACEHOLDER = re.compile(
    r"\[[A-Za-z][^\]]*\]|\{\w*\}|<(?:name|your|company)[^>]*>|【[^】]*】|XXX|某某|lorem ipsum", re.I
)
_GROUP = re.compile(r"(?:the|all|our|my) (.+)", re.I)
_TITLED = re.compile(r"^(?:Mr|Mrs|Ms|Mx|Dr|Prof|Professor|Sir|Lady|Judge)\b\.? ?")


with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pydantic warns that ABCMeta has a ``register``, which options never use

    class EmailOptions(Options):
        """To whom, what for, in which tone."""

        purpose: Literal[
            "auto", "request", "inform", "invite", "apologise", "thank", "follow-up", "decline", "remind", "introduce"
        ] = Field("auto", description="what the message is for; auto reads it from the idea")
        register: Literal["formal", "neutral", "friendly"] = Field("neutral", description="formal, neutral or friendly")
        to: str = Field("", max_length=200, description="the recipient: a name, an address, or Name <address>")
        sender: str = Field("", max_length=200, description="who signs: a name, an address, or Name <address>")
        cta: str = Field("", max_length=300, description="what the reader should do, as an infinitive: sign the form")
        deadline: str = Field("", max_length=60, description="by when: 2026-11-27, or words such as Friday noon")


class Thread(BaseModel):
    """The message that is answered."""

    model_config = ConfigDict(extra="forbid")
    sender: str
    subject: str
    text: str
    message_id: str = ""
    references: list[str] = []


class Letter(Content):
    """A message: the title is its subject."""

    language: Literal["en", "zh"]
    purpose: str
    to: str
    sender: str
    point: str  # what it says, as read from the idea
    greeting: str
    paragraphs: list[str]
    sign_off: str  # with the signature, lines apart
    thread: Thread | None = None
    date: str = ""  # ISO

    def text(self) -> str:
        """Return what is read from greeting to signature."""
        return "\n\n".join([self.greeting, *self.paragraphs, self.sign_off])


def name_of(person: str) -> str:
    """Return the name in ``Name <address>``; "" where there is only an address."""
    bare = re.sub(r"<[^>]*>", "", person).strip().strip('"')
    return "" if "@" in bare else bare


def thread_of(brief: Brief) -> Thread | None:
    """Return the message that the brief wants answered."""
    given = brief.references_of("thread")
    if not given:
        return None
    text = given[0].text
    headed = re.match(r"[A-Za-z-]+:.*(?:\r?\n[ \t].*|\r?\n[A-Za-z-]+:.*)+\r?\n\r?\n", text) and "Message-ID" in text
    found = mail.parse_thread(text.encode() if headed else text)
    values = vars(found) | {"text": clean_text(found.text, "thread", 200_000), "references": list(found.references)}
    return Thread.model_validate(values)


def admit(brief: Brief) -> None:
    """Refuse what contradicts itself."""
    options = EmailOptions.model_validate(brief.options)
    thread = thread_of(brief)
    point = read_point(brief.idea, options.purpose, options.to or (thread.sender if thread else ""), brief.language)
    if point.purpose in {"decline", "thank"} and (options.cta or options.deadline):
        wrong = "cta" if options.cta else "deadline"
        raise BriefError(
            f"The message is to {point.purpose}, and yet the reader is asked for something ({wrong}: "
            f"{show(options.cta or options.deadline)}). One message, one aim.",
            "Leave the option out, or say -o purpose=request.",
        )
    if options.deadline and not options.cta and point.purpose in {"inform", "apologise", "introduce"}:
        raise BriefError(
            f"There is a deadline ({show(options.deadline)}) and nothing that has to be done by it.",
            'Say what: -o cta="send back the signed form".',
        )
    if brief.date and re.fullmatch(r"\d{4}-\d\d-\d\d", options.deadline):
        try:
            due = datetime.date.fromisoformat(options.deadline)
        except ValueError:
            raise BriefError(f"The deadline {show(options.deadline)} is no date.", "Write it as 2026-11-27.") from None
        if due < brief.date:
            raise BriefError(f"The deadline {due} is before the message's date {brief.date}.", "Correct one of them.")
    for what, value in (("to", options.to), ("sender", options.sender)):
        if _PLACEHOLDER.search(value):
            raise BriefError(f"{what} is a placeholder: {show(value)}.", f"Give the name, or leave {what} out.")


def draft(desk: Desk) -> Letter:
    """Write the body, then take the best subject."""
    letter = Letter.model_validate(desk.step("body", lambda: _body(desk)))
    if desk.brief.title:
        return letter.model_copy(update={"title": desk.brief.title})
    return letter.model_copy(update={"title": desk.step("subject", lambda: _subject(desk, letter))})


def _body(desk: Desk) -> dict[str, Any]:
    brief, language = desk.brief, desk.brief.language
    options = desk.options(EmailOptions)
    thread = thread_of(brief)
    to = options.to or (thread.sender if thread else "")
    point = read_point(brief.idea, options.purpose, to, language)
    cards = Deck(data(language, "email")["phrase"], desk.seed("phrases"))
    you = "您" if language == "zh" and options.register != "friendly" else "你" if language == "zh" else "you"
    told: list[str] = []

    def word(stem: str, **slots: str) -> str:
        kinds = (f"{stem}_{options.register}", stem)
        kind = next(k for k in kinds if k in data(language, "email")["phrase"])
        text = phrase(desk, cards, kind, {**slots, "you": you}, " ".join(told))
        told.append(capital(text))
        return told[-1]

    key = point.purpose.replace("-", "_")
    opening = [word("open_reply")] if thread else []
    said = word(f"{key}_{_kind_for(key, point, language)}", p=point.text, P=capital(point.text))
    joint = "" if language == "zh" else " "
    paragraphs = [joint.join([*opening, said])]
    if point.rest:
        paragraphs.append(joint.join(stopped(s, language) for s in point.rest))
    action = _action(key, options, language)
    if action:
        paragraphs.append(word("cta", **action))
    close = word(f"close_{key}")
    paragraphs += _more(desk, word, key, [*paragraphs, close, _greeting(name_of(to), options.register, language)])
    paragraphs.append(close)
    desk.credit("craft", length(" ".join(paragraphs), language) - length(brief.idea, language))
    desk.credit("user", length(brief.idea, language))
    return Letter(
        title=capital(short(point.text, SUBJECT)),
        point=point.text,
        language=language,
        purpose=point.purpose,
        to=to,
        sender=options.sender,
        greeting=_greeting(name_of(to), options.register, language),
        paragraphs=paragraphs,
        sign_off=_sign_off(desk, options, bool(name_of(to)), language),
        thread=thread,
        date=brief.date.isoformat() if brief.date else "",
    ).model_dump()


def _more(desk: Desk, word: Callable[[str], str], key: str, told: list[str]) -> list[str]:
    """Return what courtesy adds without a fact, while the wished length leaves room for it."""
    language = desk.brief.language
    said: list[str] = []
    count = sum(length(text, language) for text in told) + SIGNED
    for _ in range(len(data(language, "email")["phrase"][f"more_{key}"])):
        if count >= 0.92 * desk.length:
            break
        said.append(word(f"more_{key}"))
        count += length(said[-1], language)
    return [("" if language == "zh" else " ").join(said)] if said else []


def _kind_for(key: str, point: Point, language: Language) -> str:
    phrases = data(language, "email")["phrase"]
    for kind in (point.kind, "that" if language == "zh" else "for", "for", "that"):
        if f"{key}_{kind}" in phrases:
            return kind
    raise KeyError(key)


def _action(key: str, options: EmailOptions, language: Language) -> dict[str, str]:
    by = by_when(options.deadline, language)
    default = str(data(language, "email")["default_cta"].get(key, ""))
    if options.cta:
        cta = options.cta.strip().rstrip(".。")
        cta = re.sub(r"^(?:please|to|请)\s*", "", cta, flags=re.I)
        cta = cta[:1].lower() + cta[1:] if not cta[:2].isupper() else cta
        return {"cta": cta, "by": by}
    if not default or (key in {"request", "remind"} and not by):
        return {}
    return {"cta": default.replace("{by}", by), "by": "" if "{by}" in default else by}


def _greeting(name: str, register: str, language: Language) -> str:
    if language == "zh":
        if not name:
            return "您好！" if register != "friendly" else "你好！"
        return {"formal": f"尊敬的{name}：\n您好！", "neutral": f"{name}：\n您好！", "friendly": f"{name}，你好！"}[
            register
        ]
    if register == "formal" and not _GROUP.match(name):
        return f"Dear {name}," if name else "Dear Sir or Madam,"
    if group := _GROUP.match(name):
        return _group_greeting(group[1], register)
    whole = _TITLED.match(name) or "&" in name or "," in name
    first = name if whole else name.split(" ", maxsplit=1)[0]
    if register == "friendly":
        return f"Hi {first}," if name else "Hi there,"
    return f"Hello {first}," if name else "Hello,"


def _group_greeting(group: str, register: str) -> str:
    """Greet those of ``the volunteers``; an office or a team, one word for many, isn't addressed by its name."""
    if re.search(r"(?:[^s]s|people|children|men)\b(?: of\b|$)", group, re.I):
        return {"formal": f"Dear {group},", "neutral": f"Dear {group},", "friendly": f"Hi {group},"}[register]
    return {"formal": "Dear Sir or Madam,", "neutral": "Hello everyone,", "friendly": "Hi everyone,"}[register]


def _sign_off(desk: Desk, options: EmailOptions, named: bool, language: Language) -> str:
    name = name_of(options.sender)
    if language == "zh":
        date = desk.brief.date
        day = f"\n{date.year}年{date.month}月{date.day}日" if date and name else ""
        close = {"formal": "此致\n敬礼！", "neutral": "顺颂商祺！", "friendly": "祝好！"}[options.register]
        return close + (f"\n\n{name}{day}" if name else "")
    signs = data("en", "email")["sign"]
    if options.register == "formal":
        close = signs["formal"] if named else signs["formal_unnamed"]
    else:
        close = signs[options.register][desk.seed("sign") % len(signs[options.register])]
    return f"{close}\n{name}" if name else close.rstrip(",") + "."


def _subject(desk: Desk, letter: Letter) -> str:
    language = letter.language
    if letter.thread and letter.thread.subject:
        subject: str = mail.reply_subject(letter.thread.subject, language)
        return subject
    key = letter.purpose.replace("-", "_")
    made = [t.split("{s}") for t in data(language, "email")["subject"][key]]
    texts = [a + short(letter.point, SUBJECT - len(a) - len(b)) + b for a, b in made]
    texts = [capital(t) for t in texts if t]
    start = desk.seed("subject") % len(texts)
    texts = texts[start:] + texts[:start]
    taken = choose(desk, "subject", f"{letter.paragraphs[0]}\n", texts[:2])
    desk.credit("craft", length(texts[taken], language))
    chosen: str = texts[taken]
    return chosen


def check(brief: Brief, letter: Letter) -> list[Finding]:
    """Check subject, placeholders, numbers that nobody gave, repeats and worn phrases."""
    text = letter.text()
    options = brief.options
    deadline = by_when(str(options.get("deadline", "")), brief.language)
    given = [brief.idea, brief.title, deadline, *(str(v) for v in options.values()), letter.to]
    given.append(brief.date.strftime("%Y年%-m月%-d日") if brief.date else "")
    findings = []
    limit = SUBJECT if not letter.thread else 200
    if len(letter.title) > limit and not brief.title:
        findings.append(_error("subject-length", f"The subject has {len(letter.title)} characters.", letter.title))
    if not letter.title:
        findings.append(_error("subject-missing", "There is no subject.", ""))
    source = " ".join(given)
    findings += [
        _error("placeholder", f"A placeholder stands in the text: {m[0]}", m[0])
        for m in _PLACEHOLDER.finditer(text)
        if m[0] not in source
    ]
    body = "\n\n".join(letter.paragraphs)
    findings += [
        _error("number-not-given", f"The number {n} wasn't given.", n) for n in Licence.of(given).unlicensed(body)
    ]
    parts = [(f"p{i + 1}", p) for i, p in enumerate(letter.paragraphs)]
    wished = brief.length or FORM.length_in(brief.language).usual
    short = [f.model_copy(update={"severity": "note"}) for f in check_length(text, wished, brief.language)]
    return [*findings, *short, *check_repeats(text, brief.language), *check_slop(parts, brief.language)]


def _error(rule: str, message: str, text: str) -> Finding:
    return Finding(rule=rule, message=message, severity="error", span=Span(part="text", text=text[:80]))


def render(letter: Letter, ending: str, imprint: Imprint) -> Rendering:
    """Write the message as a file of this ending."""
    old = letter.thread
    thread = mail.Thread(old.sender, old.subject, old.text, old.message_id, tuple(old.references)) if old else None
    message = mail.Email(
        subject=letter.title,
        body=(letter.greeting, *letter.paragraphs, letter.sign_off),
        imprint=imprint,
        sender=letter.sender if "@" in letter.sender else "",
        to=letter.to if "@" in letter.to else "",
        thread=thread,
    )
    content = mail.eml(message) if ending == "eml" else {"txt": mail.text, "html": mail.html}[ending](message).encode()
    return Rendering(name=file_name(letter.title, ending), media_type=MEDIA[ending], content=content)


FORM = Form(
    name="email",
    names={"en": "Email", "zh": "邮件"},
    aliases=("letter", "mail", "电子邮件", "信"),
    summary={
        "en": "An email with one point and one call to action, in the register wanted; answers a thread.",
        "zh": "一事一信的邮件：称呼、正文、行动、落款合乎语体，可回复来信。",
    },
    content=Letter,
    length=Length(usual=48, least=20, most=600),
    options=EmailOptions,
    references=("thread",),
    draft=draft,
    check=check,
    render=render,
    formats=("txt", "html", "eml"),
    admit=admit,
    example=Brief(
        form="email",
        idea="ask Maria to send me her notes from the harbour meeting",
        seed=4,
        options={"to": "Maria Lund", "sender": "Jonas Weber", "deadline": "Friday noon"},
    ),
    more_examples=(
        Brief(
            form="email",
            idea="请林老师把周一会议的记录发给我",
            language="zh",
            seed=4,
            options={"to": "林老师", "sender": "周明", "deadline": "周五中午"},
        ),
    ),
)
