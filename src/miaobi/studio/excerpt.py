"""Excerpt: the words of a work as they are read, and their first lines, to be shown where its files are named."""

from __future__ import annotations

import json
import re

from miaobi.trust import label
from miaobi.work import Rendering, Work

_SMALL = re.compile(r"</?small>")
_READABLE = ("md", "fountain", "eml", "txt")  # the plainest first: what stands before the text can be told from it


def opening(work: Work, limit: int = 1_000) -> str:
    """Return whole paragraphs from the beginning, at most *limit* characters; "" where the form has no plain text."""
    readable = _render(work)
    if readable is None:
        return ""
    return _cut([p for p in _paragraphs(work, readable) if not p.startswith(("#", "<", "|"))], limit)


def whole_text(work: Work) -> str:
    """Return the work's words without label and title: of a poem or song its lines, else the plainest rendering."""
    from miaobi.forms import find

    form = find(work.form)
    stanzas = form.verse(form.content.model_validate(work.content)) if form.verse is not None else ()
    if stanzas:
        return "\n\n".join("\n".join(stanza) for stanza in stanzas) + "\n"
    readable = _render(work)
    if readable is None:
        return json.dumps(work.content, ensure_ascii=False, indent=1)
    return "\n\n".join(_paragraphs(work, readable)) + "\n"


def _render(work: Work) -> Rendering | None:
    """Return the plainest rendering of the form: the same whatever formats were asked for."""
    from miaobi import __version__
    from miaobi.forms import find

    form = find(work.form)
    ending = next((e for e in _READABLE if e in form.formats), "")
    if not ending:
        return None
    name = work.record.written_by
    imprint = label.imprint(work.id, work.title, work.brief.language, name, __version__)
    return form.render(form.content.model_validate(work.content), ending, imprint)


def _paragraphs(work: Work, rendering: Rendering) -> list[str]:
    text = label.visible(rendering.content, rendering.name.rpartition(".")[2]) or ""
    notice = work.record.written_by
    found = [
        p.strip("\n")
        if rendering.name.endswith(("fountain", "txt"))
        else "\n".join(" ".join(line.split()) for line in p.split("\\\n"))  # a break in Markdown: a line of verse
        for p in _SMALL.sub("", text.replace("\r\n", "\n")).split("\n\n")
    ]
    return [p for p in found if p.strip() and p.removeprefix("# ") != work.title and not _is_notice(p, notice)]


def _is_notice(paragraph: str, checkpoint: str) -> bool:
    return paragraph.startswith(("AI-generated", "人工智能生成")) and checkpoint in paragraph


def _cut(paragraphs: list[str], limit: int) -> str:
    out = ""
    for paragraph in paragraphs:
        if out and len(out) + len(paragraph) > limit:
            break
        out += ("\n\n" if out else "") + paragraph
    return out if len(out) <= limit else out[:limit].rsplit(" ", 1)[0] + " …"
