"""Icon: a glyph of rings, drawn by a small net of ours from words, each corner held to be a drawing as it is written.

Words of the idea that the net knows are its prompt. It combines rings that were learnt, of which only the company is
new, puts one into a frame, or draws freely. Of many candidates those that are copies, specks, blots or splinters fall
away; the rest are ranked by what they will be taken for: by the names of the icons of the corpus that look most like
them. What nobody would take for what was asked is not delivered.
"""

from __future__ import annotations

import json
from contextlib import suppress
from functools import cache, lru_cache
from typing import Any, Literal

from pydantic import Field

from miaobi.bible import Bible
from miaobi.brief import Brief
from miaobi.craft.document.package import pack
from miaobi.craft.drawing.check import check_svg
from miaobi.craft.drawing.colour import contrast, read_hex
from miaobi.craft.icon.glyph import KINDS, Glyph, path_data, read
from miaobi.craft.icon.likeness import SIDE, Near, nearest, taken_for
from miaobi.craft.icon.measure import Raster, ink, overlap, raster, spindly
from miaobi.craft.icon.stroke import borrowed, framed_for, strokes_for
from miaobi.craft.icon.word import Asked, asked, drawable
from miaobi.craft.markup import escape, one_line
from miaobi.craft.plot.telling import file_name
from miaobi.craft.verse.theme import title_case
from miaobi.decoding.glyph import GlyphRings
from miaobi.errors import BriefError, DeadEndError, DraftError, UnsupportedError
from miaobi.findings import Finding
from miaobi.form import Content, Desk, Form, Length, Options
from miaobi.types import Candidate, Language, Prompt, Sampling
from miaobi.work import Imprint, Rendering

CHECKPOINT = "miaobi-icon"  # ours, shipped with the package
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
SAMPLING = Sampling(temperature=0.8, min_p=0.04)
COPY = 0.93  # overlap with an icon of the corpus from which on a drawing is a copy
TAKEN = 0.7  # of how the corpus's own icons are taken for what was asked: from there on a drawing is good
LEAST = 0.35  # of the same: a drawing below it isn't delivered
_ROUNDS = ("learnt", "framed", "learnt", "free")  # until one is good enough: see draft
_ROUND = 8  # candidates
_INK = (0.03, 0.75)
_NEAR = 10
_THIN = 0.12  # of the ink, thinner than 95 in 100 icons of the corpus are
_WEIGHTS = {"taken": 1.0, "likely": 0.3, "mirrors": 0.5, "plain": 0.3, "own": 0.2}


class IconOptions(Options):
    """Options of an icon."""

    style: Literal["auto", "filled", "outline"] = Field("auto", description="auto, filled or outline")
    colour: str = Field("#1f2a33", description="of the glyph, as #rrggbb")
    background: str = Field("", description="as #rrggbb; transparent when not given")
    rank: int = Field(1, ge=1, le=6, description="1: the best candidate, 2: the second best, up to 6")
    size: int = Field(512, ge=16, le=2048, description="pixels of the PNG")


class Icon(Content):
    """An icon: its events, and what is said of it."""

    glyph: tuple[str, ...]
    asked: tuple[str, ...]  # the net's words
    unknown: tuple[str, ...] = ()  # words of the idea that it doesn't know
    near: tuple[tuple[str, float], ...]  # the nearest icons of the corpus, and what share of pixels is in common
    taken: float  # for what was asked, as a share of how the corpus's own icons are, 0–1
    colour: str
    background: str
    size: int
    alt: str
    description: str
    language: Language
    credits: tuple[str, ...]


def _wish(brief: Brief) -> Asked:
    """Return which of the net's words the idea asks for; BriefError where there is none."""
    options = IconOptions.model_validate(brief.options)
    found = asked(brief.idea, brief.language)
    if not found.words:
        what = f" Near: {', '.join(found.near)}." if found.near else ""
        raise BriefError(
            "None of these words is among those that the net can draw so that one knows it again." + what,
            f"It draws {len(drawable())} things: docs/pictures.md lists them. `compose picture` shows more.",
        )
    return found.with_style(("outline",) if options.style == "outline" else ())


def admit(brief: Brief) -> None:
    """Refuse what can't be drawn before anything runs."""
    options = IconOptions.model_validate(brief.options)
    _wish(brief)
    ground = read_hex(options.background) if options.background else ""
    if ground and contrast(read_hex(options.colour), ground) < 1.5:
        raise BriefError(
            f"{options.colour} can't be told from {options.background}.", "Take a lighter or a darker background."
        )
    read_hex(options.colour)


def draft(desk: Desk) -> Icon:
    """Draw candidates in rounds until one will be taken for what was asked; rank them all.

    In a round the net combines rings that were learnt, or puts one into a frame, or draws freely.
    """
    if not desk.engine.steerable:
        raise UnsupportedError(
            f"Corners are held to be a drawing one by one, and {desk.engine.checkpoint.name} doesn't show its logits.",
            "Leave out --engine to use miaobi's own icon net.",
        )
    brief, options, wish = desk.brief, desk.options(IconOptions), _wish(desk.brief)

    def drawn() -> dict[str, Any]:
        written: dict[str, float] = {}
        for k in range(len(_ROUNDS)):
            desk.say("icon", k / len(_ROUNDS))
            written |= _round(desk, wish, k)
            if sum(_taken(text, wish) >= TAKEN for text in written if _sound(text)) >= options.rank:
                break
        order = _ranked(desk, written, wish)
        if len(order) < options.rank:
            raise DraftError(
                f"Of {len(written)} drawings {len(order)} were no copies and would be taken for "
                f"{wish.said(brief.language)}: it couldn't be drawn so that one knows it again.",
                "Try another seed (--seed), another style, or another thing to stand for it.",
            )
        return {"glyph": order[options.rank - 1].split()}

    names = tuple(desk.step("icon", drawn)["glyph"])
    near = nearest(_picture(" ".join(names)), _NEAR)
    desk.credit("engine", len(names))
    said = wish.said(brief.language)
    alt = f"图标：{said}" if brief.language == "zh" else f"Icon: {said}"
    return Icon(
        title=brief.title or (said if brief.language == "zh" else title_case(said)),
        glyph=names,
        asked=wish.words,
        unknown=wish.unknown,
        near=tuple((n.name, round(n.overlap, 3)) for n in near[:3]),
        taken=round(_taken(" ".join(names), wish), 3),
        colour=read_hex(options.colour),
        background=read_hex(options.background) if options.background else "",
        size=options.size,
        alt=alt,
        description=_told(alt, near, brief.language),
        language=brief.language,
        credits=(
            "由 miaobi 的图标网络绘制，它学自 @mdi/svg 的图标（Apache-2.0）。"
            if brief.language == "zh"
            else "Drawn by miaobi's icon net, which learnt from the icons of @mdi/svg (Apache-2.0).",
        ),
    )


def _round(desk: Desk, wish: Asked, k: int) -> dict[str, float]:
    """Return candidates as events, with their mean log-probability; what ran into a dead end is left out."""
    prompt = Prompt(prefix=" ".join([*wish.words, "go"]) + " ")
    subjects = wish.subjects
    first, strokes = framed_for(subjects) if _ROUNDS[k] == "framed" else strokes_for(subjects)
    constraint = GlyphRings() if _ROUNDS[k] == "free" else GlyphRings(strokes=strokes, first=first, least=2)

    found: list[Candidate] = []
    for i in range(_ROUND):
        with suppress(DeadEndError):  # of one alone: the others need not suffer for it
            found += desk.write(
                f"icon:{k}:{i}", prompt, max_tokens=constraint.events, constraint=constraint, sampling=SAMPLING
            )
    return {" ".join(c.text.split()): c.mean_logprob for c in found if c.finish == "constraint"}


@lru_cache(maxsize=256)
def _picture(text: str) -> Raster:
    return raster(path_data(read(text.split())), SIDE)


@lru_cache(maxsize=256)
def _sound(text: str) -> bool:
    """Tell whether a candidate is neither a speck, a blot, splinters nor a copy."""
    picture = _picture(text)
    if borrowed(text.split()):
        return False
    if spindly(raster(path_data(read(text.split())), 2 * SIDE)) > _THIN:
        return False
    return _INK[0] <= ink(picture) <= _INK[1] and max(n.overlap for n in nearest(picture, _NEAR)) < COPY


def _taken(text: str, wish: Asked) -> float:
    """Return how a candidate is taken for what was asked, as a share of how the corpus's own icons are."""
    return min(1.0, taken_for(nearest(_picture(text), _NEAR), wish.subjects) / wish.clear)


def _ranked(desk: Desk, written: dict[str, float], wish: Asked) -> list[str]:
    """Return the candidates that are sound and will be known again, the best first."""
    left, order = list(written), list[str]()

    def measure(text: str) -> dict[str, float] | None:
        if not _sound(text) or _taken(text, wish) < LEAST:
            return None
        picture = _picture(text)
        near = nearest(picture, _NEAR)
        return {
            "taken": _taken(text, wish),
            "likely": written[text],
            "mirrors": max(overlap(picture, picture[:, ::-1]), overlap(picture, picture[::-1])),
            "plain": -float(sum(name in KINDS for name in text.split())),
            "own": 1 - max(n.overlap for n in near),
        }

    while left and len(order) < 6:
        taken = desk.pick(f"icon:{len(order) + 1}", left, measure, _WEIGHTS)
        if taken < 0:
            break
        order.append(left.pop(taken))
    return order


def _told(alt: str, near: list[Near], language: Language) -> str:
    first = near[0]
    share = f"{first.overlap:.0%}"
    if language == "zh":
        return f"{alt}。与所学图标中最相近者：{first.name}，像素重合{share}。"
    return f"{alt}. Nearest of the icons that the net learnt from: {first.name}, {share} of the pixels in common."


@cache
def _glyph(names: tuple[str, ...]) -> Glyph:
    return read(names)


def check(brief: Brief, icon: Icon) -> list[Finding]:
    """Read the icon anew: is it a drawing, inked, no copy, and will it be taken for what was asked?"""
    try:
        glyph = _glyph(icon.glyph)
    except (ValueError, IndexError) as error:
        return [Finding(rule="glyph", message=f"The glyph can't be read: {error}.", severity="error")]
    found = check_svg(_svg(icon, None).encode())
    picture = raster(path_data(glyph), SIDE)
    if not _INK[0] <= (share := ink(picture)) <= _INK[1]:
        found.append(Finding(rule="ink", message=f"{share:.0%} of the frame is inked.", severity="error"))
    near = nearest(picture, _NEAR)
    copied = max(near, key=lambda n: n.overlap)
    if copied.overlap >= COPY:
        told = f"It is {copied.name} of the corpus: {copied.overlap:.0%} of the pixels are in common."
        found.append(Finding(rule="copy", message=told, severity="error"))
    if icon.taken < TAKEN:
        like = ", ".join(n.name for n in near[:3])
        told = f"It may be taken for something else: the icons that look most like it are {like}."
        found.append(Finding(rule="likeness", message=told))
    for word in icon.unknown:
        found.append(Finding(rule="not-drawn", message=f"“{word}” is no word of the net's.", severity="note"))
    return found


# --- files ----------------------------------------------------------------------------------------------------


def render(icon: Icon, ending: str, imprint: Imprint) -> Rendering:
    """Write the icon as a file of this ending; a zip has PNGs of eight sizes and the SVG."""
    name = file_name(icon.title, ending)
    if ending == "svg":
        return Rendering(name=name, media_type="image/svg+xml", content=_svg(icon, imprint).encode())
    if ending == "png":
        return Rendering(name=name, media_type="image/png", content=_png(icon, icon.size, imprint))
    if ending == "zip":
        stem = name.removesuffix(".zip")
        parts = {f"{stem}-{side}.png": _png(icon, side, imprint) for side in SIZES}
        parts |= {f"{stem}.svg": _svg(icon, imprint).encode(), "notice.txt": f"{imprint.notice}\n".encode()}
        parts["label.aigc.json"] = json.dumps({"AIGC": imprint.aigc}).encode()
        return Rendering(name=name, media_type="application/zip", content=pack(parts))
    text = "\n\n".join([icon.title, icon.description, "\n".join(icon.credits), imprint.notice]) + "\n"
    return Rendering(name=name, media_type="text/plain; charset=utf-8", content=text.encode())


def _svg(icon: Icon, imprint: Imprint | None) -> str:
    about = {"AIGC": imprint.aigc, "generator": imprint.generator} if imprint else {}
    ground = f'<rect width="24" height="24" fill="{icon.background}"/>\n' if icon.background else ""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" role="img" '
        'aria-labelledby="title description">\n'
        f'<title id="title">{escape(one_line(icon.alt))}</title><desc id="description">'
        f"{escape(one_line(icon.description))}</desc>\n"
        f"<metadata>{escape(json.dumps(about | {'credits': list(icon.credits)}, ensure_ascii=False))}</metadata>\n"
        f'{ground}<path fill="{icon.colour}" fill-rule="evenodd" d="{path_data(_glyph(icon.glyph))}"/>\n</svg>\n'
    )


def _png(icon: Icon, side: int, imprint: Imprint) -> bytes:
    import cv2
    import numpy as np
    import resvg_py

    from miaobi.craft.painting.media import png

    raw = bytes(resvg_py.svg_to_bytes(svg_string=_svg(icon, None), width=side, skip_system_fonts=True))
    image = cv2.imdecode(np.frombuffer(raw, np.uint8), cv2.IMREAD_UNCHANGED)[:, :, [2, 1, 0, 3]]
    texts = {
        "Title": icon.title,
        "Description": icon.alt,
        "Software": imprint.generator,
        "Copyright": " ".join(icon.credits),
        "Comment": imprint.notice,
        "AIGC": json.dumps(imprint.aigc, ensure_ascii=False),
    }
    return png(image, texts)


def bible_of(icon: Icon) -> Bible:
    """Return what other works of the same world may take from it."""
    return Bible(title=icon.title, palette=tuple(filter(None, (icon.colour, icon.background))), motifs=icon.asked)


FORM = Form(
    name="icon",
    names={"en": "Icon", "zh": "图标"},
    aliases=("glyph", "pictogram", "标志"),
    summary={
        "en": "A glyph on a grid, drawn by a small net of ours: SVG, and PNG in eight sizes.",
        "zh": "网格上的一枚图标，由自制的小网络绘出：SVG，以及八种大小的 PNG。",
    },
    content=Icon,
    options=IconOptions,
    length=Length(usual=1, least=1, most=1),
    checkpoints={"en": CHECKPOINT, "zh": CHECKPOINT},
    draft=draft,
    check=check,
    admit=admit,
    bible=bible_of,
    render=render,
    formats=("svg", "png", "zip", "txt"),
    example=Brief(form="icon", idea="a calendar", seed=7),
    more_examples=(Brief(form="icon", idea="文件夹", language="zh", seed=7),),
)
