"""The one road from a brief to a work: draft → check → revise → render → label. CLI, server and batch call it."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any

from miaobi import __version__
from miaobi.brief import Brief
from miaobi.craft.text.sentence import length as count
from miaobi.desk import Journal, Progress, WritingDesk
from miaobi.engines import open_engine
from miaobi.errors import BriefError, DraftError
from miaobi.findings import Finding, errors_of
from miaobi.form import Form
from miaobi.forms import admit, find
from miaobi.trust import label
from miaobi.types import Engine
from miaobi.work import Imprint, Record, Rendering, Work, work_id

LENGTH_OFF = 0.25  # of the words wished for: further off is noted
REVISIONS = 2  # how often a form may mend what its check found


def compose(
    brief: Brief | dict[str, Any],
    *,
    engine: Engine | str = "",
    formats: Sequence[str] = (),
    parent: str | None = None,
    journal: Journal | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    others: Callable[[str], Engine] | None = None,
) -> Work:
    """Carry out *brief* and return the finished work.

    ``engine`` is one that is open, or its name (a checkpoint, a path, a URL). ``formats`` are endings to render; none
    means all of the form's but those that it writes on request. ``parent`` is the work that this one varies. ``others``
    gives the checkpoints that a form wants beside *engine* (a song's words have their own); leave it out where a person
    chose the engine, which then does all. Raises BriefError before any work is done, DraftError when no valid draft
    could be made.
    """
    brief = brief if isinstance(brief, Brief) else Brief.parse(brief)
    form = find(brief.form)
    options, length = admit(form, brief)
    endings = choose_formats(form, formats)
    spec = form.engine_in(brief.language, engine) if isinstance(engine, str) else ""
    running = open_engine(spec, language=brief.language) if isinstance(engine, str) else engine
    opened: dict[str, Engine] = {}
    used: dict[str, Engine] = {}

    def opener(checkpoint: str) -> Engine:
        opened[checkpoint] = opened.get(checkpoint) or open_engine(checkpoint, language=brief.language)
        return opened[checkpoint]

    def beside(checkpoint: str) -> Engine:
        used[checkpoint] = (others or opener)(checkpoint)
        return used[checkpoint]

    try:
        desk = WritingDesk(
            brief,
            running,
            length,
            options,
            journal=journal,
            progress=progress,
            cancelled=cancelled,
            beside=None if engine and others is None else beside,
        )
        content, findings = draft(form, desk)
        identifier = work_id(brief, running.checkpoint.sha256, __version__, parent)
        record = _record([running, *used.values()], desk)
        imprint = label.imprint(identifier, content.title, brief.language, record.written_by, __version__)
        renderings, label_findings = render(form, content, endings, imprint)
        return Work(
            id=identifier,
            form=form.name,
            brief=brief,
            bible=form.bible(content),
            content=content.model_dump(mode="json"),
            findings=(*findings, *label_findings, *unheeded(form, brief, content, findings)),
            renderings=tuple(renderings),
            record=record,
            parent=parent,
        )
    finally:
        for one in (*opened.values(), *([running] if isinstance(engine, str) else [])):
            one.close()


def draft(form: Form, desk: WritingDesk) -> tuple[Any, list[Finding]]:
    """Draft, check and revise; raise DraftError if errors remain."""
    content = form.draft(desk)
    findings = form.check(desk.brief, content)
    for _ in range(REVISIONS if form.revise else 0):
        if not errors_of(findings) or form.revise is None:
            break
        content = form.revise(desk, content, findings)
        findings = form.check(desk.brief, content)
    if errors := errors_of(findings):
        raise DraftError(
            f"The {form.name} is not valid: " + "; ".join(f.message for f in errors[:3]),
            "Try another seed (--seed) or a stronger checkpoint (--engine).",
        )
    return content, findings


def render(form: Form, content: Any, endings: Sequence[str], imprint: Imprint) -> tuple[list[Rendering], list[Finding]]:
    """Render *content* in each format, then read the label of each file back."""
    renderings: list[Rendering] = []
    findings: list[Finding] = []
    for ending in endings:
        rendering = form.render(content, ending, imprint)
        renderings.append(rendering)
        renderings += sidecars(rendering, imprint)
        findings += label.verify(rendering, imprint)
    if errors := errors_of(findings):
        raise DraftError(
            "A file came out without its label: " + errors[0].message, "This is a defect; please report it."
        )
    return renderings, findings


def sidecars(rendering: Rendering, imprint: Imprint) -> list[Rendering]:
    """Return the label as a file beside *rendering* where its format has no field for it."""
    if label.has_field(rendering.name.rpartition(".")[2]):
        return []
    return [
        Rendering(name=f"{rendering.name}.aigc.json", media_type="application/json", content=label.sidecar(imprint))
    ]


def unheeded(form: Form, brief: Brief, content: Any, findings: Sequence[Finding]) -> list[Finding]:
    """Return a note for each wish of the brief that this form made nothing of."""
    notes = [
        f"The {wish} “{value}” changes nothing in the form {form.name}."
        for wish, value in (("tone", brief.tone), ("audience", brief.audience))
        if value and wish not in form.heeds
    ]
    told = getattr(content, "text", None)  # of a form of words
    if brief.length and callable(told) and not any(f.rule == "length" for f in findings):
        words = count(told(), brief.language)
        if abs(words - brief.length) > LENGTH_OFF * brief.length:
            notes.append(f"{brief.length:,} words were wished for; the form {form.name} wrote {words:,}.")
    return [Finding(rule="not-heeded", message=note, severity="note") for note in notes]


def choose_formats(form: Form, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the endings to render; BriefError names those that the form doesn't know."""
    unknown = [w for w in wanted if w not in form.formats]
    if unknown:
        raise BriefError(
            f"A {form.name} can't be written as “{unknown[0]}”.", f"It can be written as {', '.join(form.formats)}."
        )
    return tuple(wanted) or tuple(ending for ending in form.formats if ending not in form.on_request)


def _record(engines: Sequence[Engine], desk: WritingDesk) -> Record:
    cards = [*(_card(engine) for engine in engines), *desk.cards]
    trace = desk.trace.plain()
    return Record(
        engine=type(engines[0]).__name__,
        checkpoint=cards[0],
        beside=tuple(card for i, card in enumerate(cards) if i and card not in cards[:i]),
        seed=desk.brief.seed,
        versions={"miaobi": __version__, "xllamacpp": version("xllamacpp"), "python": platform.python_version()},
        **trace,
    )


def _card(engine: Engine) -> dict[str, Any]:
    card = engine.checkpoint
    return {
        "name": card.name,
        "sha256": card.sha256,
        "licence": card.licence,
        "source": card.source,
        "parameters": card.parameters,
    }
