"""Picture: an idea staged under a light, drawn in layers, painted in a medium; as illustration, cover, sleeve, post,
broadside.

Craft reads the idea and stages scenes that it could be; the engine chooses among them by what it takes them to be
about. The drawing and the painting are then rendered from the scene alone; where the user's own checkpoint paints, it
does so while drafting, and its painting is part of the content.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

from pydantic import Field

from miaobi.bible import Bible
from miaobi.brief import Brief, clean_text
from miaobi.craft.drawing.air import HOURS, WEATHERS
from miaobi.craft.drawing.build import air_in, draw
from miaobi.craft.drawing.check import check_frame, check_svg, ink_share
from miaobi.craft.drawing.colour import contrast, lightness, read_hex
from miaobi.craft.drawing.layout import PLATFORMS, ROOM, SIZES, Words, lettering, picture_share, seal
from miaobi.craft.drawing.part import fixed_by, held, part_names, standing, title_of, told
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.reading import Asked, named, read_wish, words_of
from miaobi.craft.drawing.scene import Ground, Scene
from miaobi.craft.drawing.shape import Drawing
from miaobi.craft.drawing.staging import composition_score
from miaobi.craft.drawing.subject import subjects
from miaobi.craft.drawing.svg import svg
from miaobi.craft.drawing.telling import alt, description, prompt
from miaobi.craft.drawing.undrawn import undrawn
from miaobi.craft.plot.telling import file_name
from miaobi.craft.verse.theme import title_case
from miaobi.errors import BriefError, UnknownNameError, show
from miaobi.findings import Finding
from miaobi.form import Content, Desk, Form, Length, Options, Part
from miaobi.forms.art import painter
from miaobi.forms.art.painter import Painted
from miaobi.types import Language
from miaobi.work import Imprint, Rendering

Medium = Literal["oil", "watercolour", "ink", "woodcut", "papercut", "stipple", "pencil", "none"]
Use = Literal["illustration", "cover", "album", "post", "broadside"]
SCENES = 8  # from which the engine chooses
_WEIGHTS = {"brief": 1.0, "composition": 0.8}
_MOST = 7  # subjects in one picture
_BY_TONE: dict[str, Medium] = {
    "calm": "watercolour",
    "tender": "watercolour",
    "sad": "pencil",
    "dark": "woodcut",
    "joyful": "papercut",
}


class PictureOptions(Options):
    """Options of a picture; what is left open is chosen."""

    medium: Medium | Literal["auto"] = Field(
        "auto", description="oil, watercolour, ink, woodcut, papercut, stipple, pencil, none (flat vectors), auto"
    )
    use: Use = Field(
        "illustration", description="illustration, cover, album, post, broadside: sets the canvas and the lettering"
    )
    platform: str = Field("", description="of a post: " + ", ".join(PLATFORMS))
    size: int = Field(1600, ge=256, le=4096, description="pixels of the PNG's longer side")
    shape: str = Field("", description="of an illustration, as 3:2 or 1:2")
    subjects: str = Field("", description="what must be seen, between commas; read from the idea when not given")
    palette: str = Field(
        "", description="colours between spaces, as #274754 #e8dcc0, or one of " + ", ".join(words_of("named"))
    )
    hour: str = Field("", description=", ".join(HOURS))
    weather: str = Field("", description=", ".join(WEATHERS))
    season: Literal["", "spring", "summer", "autumn", "winter"] = Field(
        "", description="spring, summer, autumn or winter"
    )
    ground: Literal["", Ground] = Field(
        "",
        description=(
            "sea, lake, river, mountains, desert, forest, snowfield, city, garden, field, hills, interior, sky or space"
        ),
    )
    composition: Literal["", "thirds-left", "thirds-right", "symmetry", "s-curve", "void"] = Field(
        "", description="thirds-left, thirds-right, symmetry, s-curve or void (留白)"
    )
    author: str = Field("", description="set on a cover, a sleeve or a broadside")
    lines: str = Field("", description="of a broadside: the poem, its lines parted by line breaks or /")
    svg: Literal["layers", "strokes"] = Field(
        "layers", description="the SVG: named layers, or the strokes of the painting"
    )
    kept: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="parts of an earlier picture that stay; `miaobi vary --keep` fills it in"
    )
    checkpoint: str = Field("", description=painter.CHECKPOINT)
    drawing: float = Field(
        0.35, ge=0, lt=1, description="of a checkpoint: how much of miaobi's drawing stays; 0: it paints from words"
    )
    steps: int = Field(25, ge=1, le=150, description=painter.STEPS)
    guidance: float = Field(7.0, ge=0, le=30, description=painter.GUIDANCE)
    avoid: str = Field("", description=painter.AVOID)


class Picture(Content):
    """A picture: its scene, how it is painted, what is written on it and said of it."""

    scene: Scene
    medium: Medium
    use: Use
    width: int  # of the sheet, px: its coordinates
    height: int
    pixels: int  # of the PNG's longer side
    strokes: bool
    titled: bool  # whether the title is set on it
    author: str = ""
    lines: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    undrawn: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # what the idea names in vain: what is nearest
    alt: str
    description: str
    language: Language
    credits: tuple[str, ...] = ()
    painted: Painted | None = None  # by a checkpoint of the user's

    @property
    def words(self) -> Words:
        """What is written on it."""
        return Words(self.title if self.titled else "", self.author, self.lines)


def _canvas(options: PictureOptions) -> tuple[int, int]:
    """Return the sheet, px; BriefError for a shape that is none."""
    if options.use == "post":
        name = options.platform.lower() or "x"
        if name not in PLATFORMS:
            raise UnknownNameError(
                f"There are no sizes for the platform {show(options.platform)}.", f"Platforms: {', '.join(PLATFORMS)}."
            )
        return PLATFORMS[name]
    if options.platform:
        raise BriefError("Only a post has a platform.", "Add -o use=post.")
    if not options.shape:
        return SIZES[options.use]
    parts = options.shape.replace("×", ":").replace("x", ":").split(":")
    try:
        wide, tall = (float(p) for p in parts)
        ratio = wide / tall
        fits = 0.25 <= ratio <= 4
    except (ValueError, ZeroDivisionError):
        fits = False
    if not fits:
        raise BriefError(f"{show(options.shape)} is no shape of a canvas.", "Write it as 3:2; from 1:4 to 4:1.")
    return (1500, round(1500 / ratio)) if ratio >= 1 else (round(1500 * ratio), 1500)


def _palette(text: str) -> tuple[str, ...]:
    """Return the colours of an option; BriefError for those that can't make a picture."""
    if not text.strip():
        return ()
    if (known := words_of("named").get(text.strip().lower())) is not None:
        return known
    parts = text.replace(",", " ").split()
    if not parts[0].startswith("#"):
        raise UnknownNameError(
            f"There is no palette called {show(text)}.",
            f"Palettes: {', '.join(words_of('named'))}; or colours as #rrggbb.",
        )
    colours = tuple(read_hex(p) for p in parts)
    if not 2 <= len(set(colours)) <= 12:
        raise BriefError(
            f"A palette has 2 to 12 different colours, not {len(set(colours))}.", "Give a few as #rrggbb #rrggbb."
        )
    if max(contrast(a, b) for a in colours for b in colours) < 1.25:
        span = [f"{lightness(c):.2f}" for c in colours]
        raise BriefError(
            f"The palette's colours are all as light as each other ({', '.join(span)}): nothing could be told "
            "from the ground.",
            "Add a light or a dark one.",
        )
    return colours


def _known(value: str, legal: tuple[str, ...], what: str) -> str:
    name = value.strip().lower()
    if name and name not in legal:
        raise UnknownNameError(f"There is no {what} called {show(value)}.", f"Legal: {', '.join(legal)}.")
    return name


def _asked(brief: Brief, options: PictureOptions) -> Asked:
    """Return what the brief asks for; UnknownNameError for a subject by name that can't be drawn."""
    wish = read_wish(brief.idea, brief.tone)
    if not options.subjects.strip():
        return wish
    names = list(dict.fromkeys(named(clean_text(options.subjects, "subjects", 500))))
    for name in names:
        if name not in subjects():
            near = _nearest(name)
            raise UnknownNameError(
                f"{show(name)} can't be drawn.",
                (f"Near it: {', '.join(near)}. " if near else "")
                + f"{len(subjects())} subjects can be: docs/pictures.md lists them.",
            )
    if len(names) > _MOST:
        raise BriefError(f"{len(names)} subjects are too many for one picture.", f"Name at most {_MOST}.")
    counts = dict(wish.subjects)
    return Asked(
        tuple((n, counts.get(n, 1)) for n in names),
        wish.hour,
        wish.weather,
        wish.season,
        wish.grounds,
        wish.mood,
        wish.pose,
    )


def _nearest(name: str) -> list[str]:
    import difflib

    words = {w: s.id for s in subjects().values() for w in (s.id, *s.words, *s.chinese)}
    return list(dict.fromkeys(words[w] for w in difflib.get_close_matches(name.lower(), words, n=3, cutoff=0.6)))


def _poem_lines(text: str) -> tuple[str, ...]:
    cleaned = clean_text(text, "lines", 4000)
    return tuple(line.strip() for line in cleaned.replace("/", "\n").split("\n") if line.strip())


def admit(brief: Brief) -> None:
    """Refuse what can't be painted before anything runs."""
    options = PictureOptions.model_validate(brief.options)
    _canvas(options)
    _palette(options.palette)
    _known(options.hour, HOURS, "hour")
    _known(options.weather, WEATHERS, "weather")
    _asked(brief, options)
    _refuse_contradiction(options)
    lines = _poem_lines(options.lines)
    if options.use == "broadside" and not 1 <= len(lines) <= 40:
        raise BriefError(
            f"A broadside has 1 to 40 lines of a poem, not {len(lines)}.",
            "Give them as -o lines='first line / second line'.",
        )
    if lines and options.use != "broadside":
        raise BriefError("Only a broadside has lines of a poem.", "Add -o use=broadside.")
    if options.author and options.use not in ("cover", "album", "broadside", "post"):
        raise BriefError("An illustration bears no author's name.", "Add -o use=cover, album, post or broadside.")
    clean_text(options.author, "author", 80)
    if options.svg == "strokes" and options.medium == "none":
        raise BriefError("Flat vectors have no strokes.", "Give a medium, or -o svg=layers.")
    if options.svg == "strokes" and options.checkpoint:
        raise BriefError("A checkpoint's painting has no strokes.", "Leave out -o svg=strokes.")
    painter.admit(options.checkpoint, options.steps, options.drawing, options.avoid)


def _refuse_contradiction(options: PictureOptions) -> None:
    """Refuse kept parts that can't be read, or that another option would change."""
    try:
        held({}, options.kept)
        standing(options.kept)
        settled = fixed_by(options.kept)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BriefError(
            f"The parts that are kept can't be read: {show(str(error).splitlines()[0])}.",
            "Leave -o kept to `miaobi vary WORK --keep PARTS`.",
        ) from None
    for name, value in settled.items():
        wanted = str(getattr(options, name)).strip().lower()
        if wanted and wanted != value:
            raise BriefError(
                f"{name}={wanted} would change what is kept ({name} {value}).",
                "Keep fewer parts: light settles hour, weather and season; ground and whoever stands on it the others.",
            )


def draft(desk: Desk) -> Picture:
    """Stage scenes and let the engine choose one."""
    brief, options = desk.brief, desk.options(PictureOptions)
    asked = _asked(brief, options)
    width, height = _canvas(options)
    lines = _poem_lines(options.lines)
    share = picture_share(options.use, lines)
    fixed = Fixed(
        width,
        round(height * share),
        options.composition,
        options.ground,
        _known(options.hour, HOURS, "hour"),
        _known(options.weather, WEATHERS, "weather"),
        options.season,
        _palette(options.palette),
        ROOM.get(options.use, 0.0) if options.use != "post" or not brief.title else 0.2,
        options.kept,
    )
    medium = _medium(options, asked, brief.language)

    def choose() -> dict[str, Any]:
        scenes = candidates(asked, fixed, desk.seed("scenes"), SCENES)
        texts = [description(s, medium, brief.language) for s in scenes]
        near = dict(zip(texts, desk.relevance(brief.idea, texts).tolist(), strict=True))
        score = {text: composition_score(scene) for text, scene in zip(texts, scenes, strict=True)}
        taken = desk.pick("scene", texts, lambda text: {"brief": near[text], "composition": score[text]}, _WEIGHTS)
        return scenes[taken].model_dump(mode="json")

    scene = Scene.model_validate(desk.step("scene", choose))
    desk.credit("craft", 1)
    painted = _painted(desk, scene, medium, options) if options.checkpoint else None
    return Picture(
        title=brief.title or _title(brief),
        scene=scene,
        medium=medium,
        use=options.use,
        width=width,
        height=height,
        pixels=options.size,
        strokes=options.svg == "strokes",
        titled=options.use in ("cover", "album", "broadside") or (options.use == "post" and bool(brief.title)),
        author=options.author.strip(),
        lines=lines,
        asked=tuple(name for name, _ in asked.subjects[:_MOST]),
        undrawn={} if options.subjects.strip() or painted else undrawn(brief.idea, brief.language),
        alt=alt(scene, medium, brief.language),
        description=description(scene, medium, brief.language),
        language=brief.language,
        credits=(
            (painted.credit, "What is under it and the SVG were drawn by miaobi's own generators.")
            if painted
            else ("Drawn by miaobi's own generators; no third-party picture is in it.",)
        ),
        painted=painted,
    )


def _painted(desk: Desk, scene: Scene, medium: Medium, options: PictureOptions) -> Painted:
    """Let the user's checkpoint paint the scene, over its drawing or from its words alone."""
    from miaobi.craft.painting.view import look

    said = desk.brief.idea if desk.brief.language == "en" else ""
    wish = painter.Commission(
        options.checkpoint,
        prompt(scene, medium, said),
        options.avoid.strip(),
        options.steps,
        options.guidance,
        options.drawing,
        scene.width / scene.height,
    )
    drawing = look(_drawn(scene.model_dump_json()), 1024).colour if options.drawing else None
    return painter.paint(desk, wish, drawing)


def _medium(options: PictureOptions, asked: Asked, language: Language) -> Medium:
    if options.medium != "auto":
        return options.medium
    if language == "zh" and asked.mood not in ("joyful", "bold"):
        return "ink"
    return _BY_TONE.get(asked.mood, "oil")


def _title(brief: Brief) -> str:
    text = " ".join(brief.idea.split()).rstrip(".!?。！？")
    if brief.language == "zh":
        return text[:16]
    return title_case(text) if len(text.split()) <= 5 else title_case(" ".join(text.split()[:9]))


@lru_cache(maxsize=4)
def _drawn(plain: str) -> Drawing:
    return draw(Scene.model_validate_json(plain))


def check(brief: Brief, picture: Picture) -> list[Finding]:
    """Read the picture anew: its subjects inside the frame, its SVG allowed and well-formed, ink on it."""
    from miaobi.craft.painting.view import look

    drawing = _drawn(picture.scene.model_dump_json())
    found = check_frame(drawing, picture.asked)
    found += check_svg(svg(drawing, picture.title, picture.description).encode())
    share = ink_share(look(drawing, 200).colour)
    if not 0.01 <= share <= 0.995:
        found.append(
            Finding(rule="ink", message=f"{share:.1%} of the picture differs from its ground.", severity="error")
        )
    if not picture.credits:
        found.append(Finding(rule="credits", message="The picture doesn't say whose its parts are.", severity="error"))
    found += picture.painted.findings if picture.painted else ()
    return found + [_missing(word, near) for word, near in picture.undrawn.items()]


def _missing(word: str, near: tuple[str, ...]) -> Finding:
    said = f"“{word}” is not in the picture: no generator draws it."
    if near:
        said += f" Nearest: {', '.join(near)} (-o subjects=…)."
    return Finding(rule="not-drawn", message=said, severity="note")


def render(picture: Picture, ending: str, imprint: Imprint) -> Rendering:
    """Write the picture as a file of this ending."""
    name = file_name(picture.title, ending)
    if ending == "txt":
        text = (
            f"{picture.title}\n\n{picture.alt}\n\n{picture.description}\n\n"
            + "\n".join(picture.credits)
            + f"\n\n{imprint.notice}\n"
        )
        return Rendering(name=name, media_type="text/plain; charset=utf-8", content=text.encode())
    drawing = _drawn(picture.scene.model_dump_json())
    type_ = lettering(picture.use, picture.words, air_in(picture.scene), picture.width, picture.height, imprint)
    if picture.medium == "ink" and picture.use == "illustration" and not picture.painted:
        chief = next((p.x for p in picture.scene.subjects if p.chief), 0.5)
        type_ = seal(picture.width, picture.height, left=chief > 0.5) + type_
    if ending == "svg":
        return Rendering(name=name, media_type="image/svg+xml", content=_svg(picture, drawing, type_, imprint).encode())
    return Rendering(name=name, media_type="image/png", content=_png(picture, drawing, type_, imprint))


def _brush(picture: Picture) -> int:
    """Return the seed of the strokes: of a varied picture the first one's, so that what is kept is painted alike."""
    return picture.scene.seeds.get("painting", picture.scene.seed)


def _svg(picture: Picture, drawing: Drawing, type_: str, imprint: Imprint) -> str:
    sheet = Drawing(picture.width, picture.height, drawing.layers, drawing.horizon, drawing.side, drawing.paper)
    if picture.strokes:
        from miaobi.craft.painting.media import strokes_svg

        text = strokes_svg(
            drawing,
            picture.medium,
            _brush(picture),
            picture.title,
            picture.description,
            imprint,
            picture.credits,
            type_,
        )
        old, new = f'viewBox="0 0 {drawing.width} {drawing.height}"', f'viewBox="0 0 {picture.width} {picture.height}"'
        return text.replace(old, new, 1).replace(f'height="{drawing.height}"', f'height="{picture.height}"', 1)
    return svg(sheet, picture.title, picture.description, imprint, picture.credits, type_)


def _png(picture: Picture, drawing: Drawing, type_: str, imprint: Imprint) -> bytes:
    import json

    import numpy as np

    from miaobi.craft.painting.media import overlaid, painted, png

    width = max(64, round(picture.pixels * picture.width / max(picture.width, picture.height)))
    if picture.painted:
        tall = round(width * picture.scene.height / picture.scene.width)
        image = painter.enlarged(picture.painted.pixels(), width, tall)
    else:
        image = painted(drawing, picture.medium, width, _brush(picture))
    height = round(width * picture.height / picture.width)
    if image.shape[0] < height:  # a broadside's sheet goes on below its picture
        image = np.concatenate([image, np.full((height - image.shape[0], width, 3), 248, np.uint8)])
    image = overlaid(image[:height], type_, picture.width, picture.height)
    texts = {
        "Title": picture.title,
        "Description": picture.alt,
        "Software": imprint.generator,
        "Copyright": " ".join(picture.credits),
        "Comment": imprint.notice,
        "AIGC": json.dumps(imprint.aigc, ensure_ascii=False),
    }
    return png(image, texts)


def parts(picture: Picture) -> list[Part]:
    """Return what can be kept while the rest is made anew."""
    return [Part(n, {"en": title_of(n, "en"), "zh": title_of(n, "zh")}) for n in part_names(picture.scene)]


def keep(brief: Brief, picture: Picture, numbers: Sequence[int]) -> dict[str, Any]:
    """Return the options under which the parts of these numbers stay as they are drawn."""
    if picture.painted is not None:
        raise BriefError("A checkpoint painted this picture as a whole.", "Vary it as a whole: leave out --keep.")
    names = part_names(picture.scene)
    for wanted in numbers:
        if not 1 <= wanted <= len(names):
            raise BriefError(f"There is no part {wanted}.", f"The picture's parts: {', '.join(names)}.")
    return {"kept": told(picture.scene, [names[n - 1] for n in numbers])}


def bible_of(picture: Picture) -> Bible:
    """Return what other works of the same world may take from the picture."""
    scene = picture.scene
    air = air_in(scene)
    return Bible(
        title=picture.title,
        mood=scene.mood,
        palette=scene.palette or (*air.sky, air.haze),
        motifs=tuple(p.id for p in scene.subjects),
    )


FORM = Form(
    name="picture",
    names={"en": "Picture", "zh": "图画"},
    aliases=("painting", "illustration", "画", "绘画", "插画"),
    summary={
        "en": (
            "A scene with light and depth, drawn in layers, painted in oil, watercolour, ink, woodcut, paper-cut, "
            "stipple or pencil."
        ),
        "zh": "有光有远近的一幅画：油画、水彩、水墨、木刻、剪纸、点画或铅笔。",
    },
    content=Picture,
    options=PictureOptions,
    length=Length(usual=1, least=1, most=1),
    checkpoints={"zh": "miaobi-verse-zh"},
    heeds=("tone",),
    draft=draft,
    check=check,
    admit=admit,
    bible=bible_of,
    parts=parts,
    keep=keep,
    render=render,
    formats=("png", "svg", "txt"),
    example=Brief(
        form="picture", idea="A lighthouse keeper finds a message in a bottle", seed=7, options={"size": 480}
    ),
    more_examples=(Brief(form="picture", idea="孤舟蓑笠翁，独钓寒江雪", language="zh", seed=7, options={"size": 480}),),
)
