"""Sculpture: a solid that a printer can print: figures on a base, a vessel, openwork, a knot, letters, a plaque, a
relief.

The idea's words choose the kind; craft plans several solids of it, and the engine chooses among them by what they are
said to be. Shape, check and files are then made from the plan alone.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, Literal

from pydantic import Field, TypeAdapter

from miaobi.bible import Bible
from miaobi.brief import Brief, clean_text
from miaobi.craft.drawing.staging import composition_score
from miaobi.craft.drawing.words.reading import read_wish
from miaobi.craft.plot.telling import file_name
from miaobi.craft.space import fitness, showing
from miaobi.craft.space.build import build
from miaobi.craft.space.figures.catalogue import FIGURES
from miaobi.craft.space.files import MEDIA_TYPES, WRITERS
from miaobi.craft.space.group import MOST
from miaobi.craft.space.plan import (
    GLAZES,
    LETTERS_MOST,
    PLAQUE_MOST,
    Figures,
    Kind,
    Letters,
    Plaque,
    Relief,
    Solid,
    Sweep,
    Wish,
    beside,
    figures_named,
    kind_said,
    left_out,
    proposals,
    read,
    shows_a_scene,
    unshaped,
)
from miaobi.craft.space.showing import View
from miaobi.craft.space.telling import described, figure_name
from miaobi.craft.space.viewing import Model
from miaobi.errors import BriefError, UnknownNameError, show
from miaobi.findings import Finding
from miaobi.form import Content, Desk, Form, Length, Options
from miaobi.types import Language
from miaobi.work import Imprint, Rendering

_PROPOSALS = 6
_SOLID: TypeAdapter[Solid] = TypeAdapter(Solid)
_WEIGHTS = {"brief": 1.0, "composition": 0.6}
_SHOWN = {"png": "image/png", "gif": "image/gif", "html": "text/html; charset=utf-8"}


class SculptureOptions(Options):
    """Options of a sculpture; what is left open is chosen."""

    kind: Literal["auto"] | Kind = Field(
        "auto",
        description="figure, vessel, lattice (openwork), sweep (knots, spirals), letters, plaque, relief; by the idea",
    )
    size: float = Field(80.0, ge=20, le=300, description="millimetres of the longest side")
    thickness: float = Field(4.0, ge=1.0, le=20, description="millimetres by which a relief rises")
    text: str = Field(
        "", description="the words of letters or a plaque, lines parted by /; else those in quotation marks"
    )
    subjects: str = Field(
        "", description=f"the figures, between commas, at most {MOST}; read from the idea when not given"
    )
    glaze: str = Field("", description="one colour for what is no figure: " + ", ".join(GLAZES))


class Sculpture(Content):
    """A solid, as the plan that it is shaped from."""

    solid: Solid
    size: float
    description: str
    language: Language
    unshaped: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # what the idea names in vain: what is nearest
    meant: str = ""  # the idea's word for what nobody can see, which a curve stands for


def admit(brief: Brief) -> None:
    """Refuse what can't be shaped before anything runs."""
    options = SculptureOptions.model_validate(brief.options)
    wish = _wish(brief, options)
    if wish.kind in ("letters", "plaque"):
        most = LETTERS_MOST if wish.kind == "letters" else PLAQUE_MOST
        if len(wish.text) > most:
            raise BriefError(
                f"{len(wish.text)} characters are too many for {wish.kind}; at most {most}.",
                "Give fewer as -o text='…', or kind=plaque."
                if wish.kind == "letters"
                else "Give fewer as -o text='…'.",
            )
    if options.glaze and options.glaze not in GLAZES:
        raise UnknownNameError(f"There is no glaze called {show(options.glaze)}.", f"Glazes: {', '.join(GLAZES)}.")
    if options.kind == "figure" and wish.kind != "figure":
        raise BriefError(
            f"Nothing that {show(brief.idea[:60])} names can be shaped as a figure.",
            "Name some as -o subjects=lighthouse,ship; docs/solids.md lists them.",
        )
    if wish.kind == "relief" or wish.meant:
        _admit_unshaped(brief, wish, said="relief" in (options.kind, kind_said(brief.idea)))


def _admit_unshaped(brief: Brief, wish: Wish, *, said: bool) -> None:
    """Refuse an idea that no figure shows and of which a relief or a curve would show nothing, or not what it names."""
    lost = _lost(brief)
    things = any(lost.values())  # what has something near it is a thing, and not a way of speaking
    shown = wish.meant or read_wish(brief.idea).subjects or (shows_a_scene(brief.idea) and (said or not lost))
    if shown and (said or not things):
        return
    raise BriefError(
        f"Nothing here shapes “{', '.join(lost)}”." if lost else f"Nothing in {show(brief.idea[:60])} can be shaped.",
        _nearest(lost) + f"There are {len(FIGURES)} figures (docs/solids.md), vessels, openwork, knots, and reliefs "
        "of places and hours; -o kind=plaque writes the words themselves.",
    )


def _nearest(lost: dict[str, tuple[str, ...]]) -> str:
    near = list(dict.fromkeys(name for names in lost.values() for name in names))
    return f"Nearest: {', '.join(near)} (-o subjects={near[0]}). " if near else ""


def _lost(brief: Brief) -> dict[str, tuple[str, ...]]:
    """Return the words of the idea that name what nothing shows, with what is called nearest to each."""
    found = unshaped(brief.idea, brief.language).items()
    return {word: tuple(figure_name(name, brief.language) for name in near) for word, near in found}


def _wish(brief: Brief, options: SculptureOptions) -> Wish:
    text = clean_text(options.text, "text", 1000)
    names = figures_named(clean_text(options.subjects, "subjects", 500))
    for name in names:
        if name not in FIGURES:
            near = _nearest(_lost(brief.model_copy(update={"idea": name})))
            known = ", ".join(sorted(figure_name(figure, brief.language) for figure in FIGURES))
            raise UnknownNameError(
                f"{show(name)} can't be shaped.", near.strip() or f"{len(FIGURES)} figures can: {known}."
            )
    if len(names) > MOST:
        raise BriefError(f"{len(names)} figures are too many for one base.", f"Name at most {MOST}.")
    return read(brief.idea, options.kind, text, names)


def draft(desk: Desk) -> Sculpture:
    """Plan several solids and let the engine choose one."""
    brief, options = desk.brief, desk.options(SculptureOptions)
    wish = _wish(brief, options)

    def choose() -> dict[str, Any]:
        planned = proposals(wish, desk.seed("solids"), _PROPOSALS, options.thickness, brief.tone)
        if options.glaze:
            planned = [p.model_copy(update={"glaze": options.glaze}) if hasattr(p, "glaze") else p for p in planned]
        texts = [described(p, brief.language) for p in planned]
        near = desk.relevance(brief.idea, texts).tolist()
        scored = {
            t: (n, _composed(p)) for t, n, p in zip(reversed(texts), reversed(near), reversed(planned), strict=True)
        }
        taken = desk.pick("solid", texts, lambda t: {"brief": scored[t][0], "composition": scored[t][1]}, _WEIGHTS)
        return planned[taken].model_dump(mode="json")

    solid = _SOLID.validate_python(desk.step("solid", choose))
    desk.credit("craft", 1)
    return Sculpture(
        title=brief.title or " ".join(brief.idea.split())[:60],
        solid=solid,
        size=options.size,
        description=described(solid, brief.language),
        language=brief.language,
        unshaped=_unshaped(brief, options, solid),
        meant=wish.meant if isinstance(solid, Sweep) else "",
    )


def _unshaped(brief: Brief, options: SculptureOptions, solid: Solid) -> dict[str, tuple[str, ...]]:
    """Return what an idea says of things and people, asleep, on a stump, that the solid doesn't show."""
    if isinstance(solid, Letters | Plaque) or options.subjects.strip():
        return {}
    found = _lost(brief)
    if isinstance(solid, Figures):
        found |= {word: () for word in left_out(brief.idea, {one.figure for one in solid.figures}) if word not in found}
    elif not isinstance(solid, Relief):
        found |= {word: () for word in beside(brief.idea) if word not in found}
    return found


def _composed(solid: Solid) -> float:
    """Return how well it is composed, 0–1: a relief's scene, the closeness of a group; the same for all others."""
    if isinstance(solid, Relief):
        return composition_score(solid.scene)
    if isinstance(solid, Figures):
        return 1 / (1 + max(math.hypot(one.x, one.y) for one in solid.figures))
    return 0.0


@lru_cache(maxsize=4)
def _shaped(plain: str, size: float) -> View:
    solid = _SOLID.validate_json(plain)
    lies = isinstance(solid, Relief | Plaque) or (isinstance(solid, Letters) and not solid.stands)
    return View(Model(build(solid, size)), *((8.0, 64.0) if lies else (22.0, 17.0)))


def _view(work: Sculpture) -> View:
    return _shaped(_SOLID.dump_json(work.solid).decode(), work.size)


def check(brief: Brief, work: Sculpture) -> list[Finding]:
    """Shape it and hold it to a printer's demands."""
    found = fitness.findings(_view(work).model.mesh) + [_missing(word, near) for word, near in work.unshaped.items()]
    if work.meant:
        found.append(Finding(rule="stands-for", message=f"A curve stands for “{work.meant}”.", severity="note"))
    return found


def _missing(word: str, near: tuple[str, ...]) -> Finding:
    nearest = f" Nearest: {', '.join(near)} (-o subjects=…)." if near else ""
    return Finding(rule="not-shaped", message=f"Nothing here shapes “{word}”.{nearest}", severity="note")


def render(work: Sculpture, ending: str, imprint: Imprint) -> Rendering:
    """Write the solid as a file of this ending."""
    name, view = file_name(work.title, ending), _view(work)
    if ending in WRITERS:
        return Rendering(name=name, media_type=MEDIA_TYPES[ending], content=WRITERS[ending](view.model.mesh, imprint))
    if ending == "png":
        content = showing.still(view, imprint, work.description)
    elif ending == "gif":
        content = showing.turntable(view, imprint)
    else:
        content = showing.page(view, imprint, work.description)
    return Rendering(name=name, media_type=_SHOWN[ending], content=content)


def bible_of(work: Sculpture) -> Bible:
    """Return what other works of the same world may take from the solid."""
    solid = work.solid
    motifs = tuple(dict.fromkeys(one.figure for one in solid.figures)) if isinstance(solid, Figures) else ()
    return Bible(title=work.title, motifs=motifs)


FORM = Form(
    name="sculpture",
    names={"en": "Sculpture", "zh": "雕塑"},
    aliases=("solid", "relief", "figurine", "浮雕", "3d print", "立体"),
    summary={
        "en": "A solid to print: figures on a base, a vessel, openwork, a knot, letters, a plaque, a relief.",
        "zh": "可打印的实体：人物鸟兽、器皿、镂空、绳结、立体字、牌匾、浮雕。",
    },
    content=Sculpture,
    options=SculptureOptions,
    length=Length(usual=1, least=1, most=1),
    checkpoints={"zh": "miaobi-verse-zh"},
    heeds=("tone",),
    draft=draft,
    check=check,
    admit=admit,
    bible=bible_of,
    render=render,
    formats=("png", "stl", "3mf", "glb", "obj", "gif", "html"),
    example=Brief(form="sculpture", idea="an owl in a forest", seed=7, options={"size": 30}),
    more_examples=(Brief(form="sculpture", idea="葫芦瓶", language="zh", seed=7, options={"size": 30}),),
)
