"""Excerpt: the first lines of a work, to be shown where its files are named."""

from __future__ import annotations

from miaobi.trust import label
from miaobi.work import Work

_READABLE = ("txt", "md", "fountain", "eml")


def opening(work: Work, limit: int = 600) -> str:
    """Return whole paragraphs from the beginning, at most *limit* characters; "" when no rendering is plain text."""
    notice = str(work.record.checkpoint.get("name", ""))
    for rendering in work.renderings:
        ending = rendering.name.rpartition(".")[2]
        if ending not in _READABLE:
            continue
        text = label.visible(rendering.content, ending) or ""
        paragraphs = [" ".join(p.split()) for p in text.replace("\r\n", "\n").split("\n\n")]
        kept = [
            p
            for p in paragraphs
            if p and not p.startswith(("#", "<")) and p != work.title and not _is_notice(p, notice)
        ]
        return _cut(kept, limit)
    return ""


def _is_notice(paragraph: str, checkpoint: str) -> bool:
    return paragraph.startswith(("AI-generated", "人工智能生成")) and checkpoint in paragraph


def _cut(paragraphs: list[str], limit: int) -> str:
    out = ""
    for paragraph in paragraphs:
        if out and len(out) + len(paragraph) > limit:
            break
        out += ("\n\n" if out else "") + paragraph
    return out if len(out) <= limit else out[:limit].rsplit(" ", 1)[0] + " …"
