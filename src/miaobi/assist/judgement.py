"""Judging a person's own text by a form's check, each finding with its place in the text."""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError

from miaobi.assist.remark import Remark, remark
from miaobi.brief import Brief
from miaobi.craft.text.sentence import length
from miaobi.craft.text.wrapping import unwrapped
from miaobi.errors import BriefError
from miaobi.findings import Span
from miaobi.form import Form
from miaobi.forms import forms, options_error
from miaobi.types import Language

_TRIES = 200  # characters of a text that a finding quotes, enough to find it again


def judge(
    text: str, form: Form, language: Language, wanted: int = 0, options: dict[str, Any] | None = None
) -> list[Remark]:
    """Return what the check of *form* finds in *text*, in its order; *wanted* words, else any length will do.

    *options* are the form's own, such as the rhyme book; what they ask for is looked for in the text.

    Raises BriefError for a form that can't read a text (it is made from facts), or doesn't know the language.
    """
    able = [f.name for f in forms().values() if f.read]
    if form.read is None:
        raise BriefError(
            f"The form {form.name} can't judge a text alone: its check needs what the text was made from.",
            f"These can: {', '.join(able)}. For prose of any kind: miaobi critique FILE",
        )
    if language not in form.languages:
        raise BriefError(
            f"The check of a {form.name} knows {', '.join(form.languages)}, and the text is in “{language}”.",
            "Give the text's own language (--lang), or another form (--form).",
        )
    try:
        given = form.options.model_validate(options or {}).model_dump(exclude_unset=True)
    except ValidationError as error:
        raise options_error(form, error) from None
    text = unwrapped(text)
    content = form.read(text, language)
    count = wanted or max(length(_spoken(content), language), 1)
    brief = Brief(
        form=form.name,
        idea="a text of the user's own",
        language=language,
        length=min(count, 1_000_000),
        options=given,
    )
    found = []
    for f in form.check(brief, content):
        if f.rule == "idea-not-read":  # there is no idea, only the text
            continue
        start, end = _place(text, f.span) if f.span else (0, 0)
        found.append(remark(text, (start, end), f.rule, f.message, "", f.severity))
    return sorted(found, key=lambda r: r.start)


def _spoken(content: object) -> str:
    """Return the words whose length the check measures."""
    lines, text = getattr(content, "lines", None), getattr(content, "text", None)
    if callable(lines):
        return " ".join(line.text for _, line in lines())
    return str(text()) if callable(text) else ""


def _place(text: str, span: Span) -> tuple[int, int]:
    """Return where a finding stands: at the line it names, else where its words are."""
    part, quoted = span.part, span.text
    match = re.fullmatch(r"at(\d+)", part)
    after = int(match[1]) if match else 0
    wanted = r"\s+".join(re.escape(w) for w in quoted[:_TRIES].split())
    places = [m.span() for m in re.compile(wanted).finditer(text, after)] if wanted else []
    if not places:
        return after, after
    if part.startswith("line-") and 0 < span.end - span.start < len(quoted):
        # the line is quoted, a part of it is meant
        return places[-1][0] + span.start, places[-1][0] + span.end
    return places[0] if match else places[-1]  # of the whole text: the repetition, not what it repeats
