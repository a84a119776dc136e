"""From a narrative to a document: chapters become headings, scenes are set apart, lines become paragraphs."""

from __future__ import annotations

import re
import unicodedata

from miaobi.craft.document import MEDIA_TYPES, Document, Heading, PageBreak, SceneBreak, paragraph, write
from miaobi.craft.document.document import Block
from miaobi.craft.plot.narrative import Narrative, paragraphs
from miaobi.work import Imprint, Rendering


def to_document(story: Narrative, imprint: Imprint, byline: str = "") -> Document:
    """Return the story as a document; acts with a title become chapters, with a table of contents."""
    blocks: list[Block] = []
    for act in story.acts:
        if act.title:
            if blocks:
                blocks.append(PageBreak())
            blocks.append(Heading(1, act.title, act.id))
        for i, scene in enumerate(act.scenes):
            if i:
                blocks.append(SceneBreak())
            blocks += [
                paragraph(escaped(text), first=j == 0) for j, text in enumerate(paragraphs(scene, story.language))
            ]
    chapters = sum(1 for act in story.acts if act.title)
    return Document(story.title, "", story.language, tuple(blocks), imprint, byline=byline, toc=chapters > 1)


def render_story(story: Narrative, ending: str, imprint: Imprint) -> Rendering:
    """Write the story as a file of this ending."""
    content = write(to_document(story, imprint), ending)
    return Rendering(name=file_name(story.title, ending), media_type=MEDIA_TYPES[ending], content=content)


def file_name(title: str, ending: str) -> str:
    """Return a file name that every system takes: ``the-glass-tide.epub``; Han characters are kept."""
    text = unicodedata.normalize("NFKC", title).lower().replace("’", "").replace("'", "")
    kept = re.sub(r"[^\w\u4e00-\u9fff]+", "-", text).strip("-_")[:60].strip("-_")
    reserved = {"con", "prn", "aux", "nul"} | {f"{p}{i}" for p in ("com", "lpt") for i in range(10)}
    return f"{'work' if not kept or kept in reserved else kept}.{ending}"


def escaped(text: str) -> str:
    """Return *text* with the marks of emphasis made harmless."""
    return text.replace("\\", "\\\\").replace("*", "\\*")
