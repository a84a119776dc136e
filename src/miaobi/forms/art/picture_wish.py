"""What a brief asks of a picture: its options, what they and the idea fix, and what can't be painted.

A story given as reference is illustrated: a passage of it takes the idea's place, and the idea only says which.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import Field

from miaobi.brief import Brief, clean_text
from miaobi.craft.drawing.air import HOURS, WEATHERS
from miaobi.craft.drawing.colour import contrast, lightness, read_hex
from miaobi.craft.drawing.layout import PLATFORMS, ROOM, SIZES, picture_share
from miaobi.craft.drawing.part import fixed_by, held, standing
from miaobi.craft.drawing.plan import MOST_SHOWN, Fixed
from miaobi.craft.drawing.scene import Ground, Scene, View
from miaobi.craft.drawing.subjects.subject import subjects
from miaobi.craft.drawing.telling import name_of
from miaobi.craft.drawing.words.act_words import acts_table
from miaobi.craft.drawing.words.medium_reading import read_medium
from miaobi.craft.drawing.words.passage import Passage, found, paragraphs, seen
from miaobi.craft.drawing.words.reading import Asked, named, read_wish, words_of
from miaobi.craft.drawing.words.undrawn import undrawn
from miaobi.craft.drawing.words.view_reading import read_view
from miaobi.craft.plot.cast import people_of
from miaobi.errors import BriefError, UnknownNameError, show
from miaobi.findings import Finding
from miaobi.form import FILLED_IN, Options
from miaobi.forms.art import painter
from miaobi.types import Language

Medium = Literal["oil", "watercolour", "ink", "woodcut", "papercut", "jianzhi", "stipple", "pencil", "none"]
Use = Literal["illustration", "cover", "album", "post", "broadside"]
MOST = MOST_SHOWN  # subjects in one picture
_FEW = 3  # a plural alone is so many
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
        "auto",
        description="oil, watercolour, ink, woodcut, papercut, jianzhi, stipple, pencil, none (flat vectors), auto",
    )
    use: Use = Field(
        "illustration", description="illustration, cover, album, post, broadside: sets the canvas and the lettering"
    )
    platform: str = Field("", description="of a post: " + ", ".join(PLATFORMS))
    size: int = Field(1600, ge=256, le=4096, description="pixels of the PNG's longer side")
    shape: str = Field("", description="of an illustration, as 3:2 or 1:2")
    subjects: str = Field("", description="what must be seen, between commas; read from the idea when not given")
    passage: str = Field(
        "", description="of a story given as reference: a paragraph as 3, several as 3-4, or words that stand in it"
    )
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
            "sea, lake, river, mountains, desert, forest, snowfield, city, street, garden, field, hills, interior, sky "
            "or space"
        ),
    )
    composition: Literal["", "thirds-left", "thirds-right", "symmetry", "s-curve", "void"] = Field(
        "", description="thirds-left, thirds-right, symmetry, s-curve or void (留白)"
    )
    view: Literal["", View] = Field(
        "",
        description="the camera: wide (a long shot), close, low (from below), high (from above) or far (tiny figures)",
    )
    author: str = Field("", description="set on a cover, a sleeve or a broadside")
    lines: str = Field("", description="of a broadside: the poem, its lines parted by line breaks or /")
    svg: Literal["layers", "strokes"] = Field(
        "layers", description="the SVG: named layers, or the strokes of the painting"
    )
    kept: dict[str, dict[str, Any]] = Field(
        default_factory=dict,
        description="parts of an earlier picture that stay; `miaobi vary --keep` fills it in",
        json_schema_extra=FILLED_IN,
    )
    checkpoint: str = Field("", description=painter.CHECKPOINT)
    drawing: float = Field(
        0.35,
        ge=0,
        lt=1,
        description="of a checkpoint: how much of miaobi's drawing stays; 0: it paints from words",
        json_schema_extra=painter.PAINTS,
    )
    steps: int = Field(25, ge=1, le=150, description=painter.STEPS, json_schema_extra=painter.PAINTS)
    guidance: float = Field(7.0, ge=0, le=30, description=painter.GUIDANCE, json_schema_extra=painter.PAINTS)
    avoid: str = Field("", description=painter.AVOID, json_schema_extra=painter.PAINTS)


@dataclass(frozen=True)
class Illustrated:
    """The passage that a picture illustrates, and what it names that the picture doesn't show."""

    passage: Passage
    story: str  # its title
    paragraphs: int  # of the whole story
    unshown: tuple[str, ...]


@dataclass(frozen=True)
class Wish:
    """What is asked for."""

    asked: Asked
    medium: Medium
    width: int  # of the sheet, px
    height: int
    fixed: Fixed
    lines: tuple[str, ...]  # of a broadside
    undrawn: dict[str, tuple[str, ...]]  # what the idea names in vain: what is nearest
    illustrated: Illustrated | None = None
    unread: bool = False  # nothing of the idea was

    @property
    def about(self) -> str:
        """The words that scenes are chosen by."""
        return self.illustrated.passage.text[:1000] if self.illustrated else ""


def wish_of(brief: Brief, options: PictureOptions) -> Wish:
    """Return what a brief asks for; BriefError for what can't be painted."""
    asked, illustrated = _asked(brief, options)
    width, height = _canvas(options)
    lines = _poem_lines(options.lines)
    fixed = Fixed(
        width,
        round(height * picture_share(options.use, lines)),
        options.composition,
        options.view,
        options.ground,
        _known(options.hour, HOURS, "hour"),
        _known(options.weather, WEATHERS, "weather"),
        options.season,
        _palette(options.palette),
        ROOM.get(options.use, 0.0) if options.use != "post" or not brief.title else 0.2,
        options.kept,
    )
    read = not options.subjects.strip() and not options.checkpoint and illustrated is None
    vain = undrawn(read_view(read_medium(brief.idea)[1])[1], brief.language) if read else {}
    for posed in (word for words in acts_table("adjective").values() for word in words):  # asleep is drawn
        vain.pop(posed, None)
    medium, unread = _medium(options, asked, brief.language), read and asked.empty
    return Wish(asked, medium, width, height, fixed, lines, vain, illustrated, unread)


def left_out(wish: Wish, scene: Scene, shown: str, language: Language) -> tuple[Finding, ...]:
    """Return what an idea asks for and a scene doesn't show: subjects beyond ``MOST``, how many, or nothing at all
    read; *shown*: the scene's alt text."""
    asked, out = wish.asked, list[Finding]()
    if wish.unread:
        instead = re.split(r"[:：] *", shown, maxsplit=1)[-1].rstrip(".。")
        said = f"Nothing that the idea names could be drawn. The picture shows this instead: {instead}."
        out.append(Finding(rule="nothing-read", message=said, severity="warning"))
    out += _overruled(wish)
    if (view := wish.fixed.view or asked.view) not in ("", scene.view):
        said = f"The picture isn't seen as asked ({view}): where it plays ({scene.ground}) there is no such view of it."
        out.append(Finding(rule="other-view", message=said, severity="warning"))
    if left := [name_of(name, language) for name, _ in asked.subjects[MOST:]]:
        said = f"A picture shows {MOST} subjects at most; left out: {', '.join(left)}."
        out.append(Finding(rule="not-drawn", message=said, severity="note"))
    there = Counter(placed.id for placed in scene.subjects)
    meant = dict(asked.subjects[:MOST]) | {name: n for name, n in asked.many if name in there}
    for name, n in meant.items():
        if n > _FEW and 0 < there[name] < n:
            word = (subjects()[name].words if language == "en" else subjects()[name].chinese)[0]
            said = f"“{word}”: about {n} are asked for, the picture shows {there[name]}."
            out.append(Finding(rule="not-drawn", message=said, severity="note"))
    return tuple(out)


def _overruled(wish: Wish) -> list[Finding]:
    """Return what the idea is read as and an option says otherwise."""
    asked, fixed = wish.asked, wish.fixed
    read = [
        (what, str(getattr(asked, what)), str(getattr(fixed, what))) for what in ("hour", "weather", "season", "view")
    ]
    if fixed.ground not in asked.grounds:
        read.append(("ground", next(iter(asked.grounds), ""), fixed.ground))
    read.append(("medium", asked.medium, wish.medium))
    return [
        Finding(
            rule="overruled",
            message=f"The idea is read as {told}, the option {what} says {given}: the picture follows the option.",
            severity="warning",
        )
        for what, told, given in read
        if told and given and told != given
    ]


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


def _asked(brief: Brief, options: PictureOptions) -> tuple[Asked, Illustrated | None]:
    """Return what the brief asks for, and the passage where it is one; UnknownNameError for a subject by name that
    can't be drawn."""
    wish, illustrated = read_wish(brief.idea, brief.tone, called=True), None
    if brief.references_of("story"):
        wish, illustrated = _told(brief, options)
    elif options.passage.strip():
        raise BriefError("Only of a story there is a passage.", "Give one: --reference story=FILE, or a work's title.")
    elif brief.references_of("persona"):
        raise BriefError("People were given and no story that they are in.", "Add --reference story=FILE.")
    if not options.subjects.strip():
        return wish, illustrated
    names = list(dict.fromkeys(named(clean_text(options.subjects, "subjects", 500))))
    for name in names:
        if name not in subjects():
            near = _nearest(name)
            raise UnknownNameError(
                f"{show(name)} can't be drawn.",
                (f"Near it: {', '.join(near)}. " if near else "")
                + f"{len(subjects())} subjects can be: docs/pictures.md lists them.",
            )
    if len(names) > MOST:
        raise BriefError(f"{len(names)} subjects are too many for one picture.", f"Name at most {MOST}.")
    counts = dict(wish.subjects)
    return replace(wish, subjects=tuple((n, counts.get(n, 1)) for n in names)), illustrated


def _told(brief: Brief, options: PictureOptions) -> tuple[Asked, Illustrated]:
    """Return what is seen in the passage of the story that comes with the brief."""
    stories = brief.references_of("story")
    if len(stories) > 1:
        raise BriefError(f"{len(stories)} stories were given for one picture.", "Give one.")
    story = paragraphs(stories[0].text, brief.language)
    if not story:
        raise BriefError(
            f"The story {show(stories[0].name)} has no paragraphs.", "Give a text of sentences, plain or Markdown."
        )
    passage = found(story, clean_text(options.passage, "passage", 500), brief.idea, brief.language)
    there = seen(story, passage, people_of(brief), brief.idea, brief.tone, brief.language)
    given = options.subjects.strip()
    left = () if given else tuple(name_of(name, brief.language) for name in there.left)
    heading = re.search(r"^#\s+(\S.*)$", stories[0].text, re.M)
    title = heading[1].strip() if heading else re.sub(r"\.\w{1,5}$", "", stories[0].name)
    medium, _ = read_medium(brief.idea)  # not that of a picture in the story
    return replace(there.asked, medium=medium), Illustrated(passage, title, len(story), (*left, *there.undrawn))


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
    lines = wish_of(brief, options).lines
    _refuse_contradiction(options)
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


def _medium(options: PictureOptions, asked: Asked, language: Language) -> Medium:
    if options.medium != "auto":
        return options.medium
    if asked.medium:
        return asked.medium
    if language == "zh" and asked.mood not in ("joyful", "bold"):
        return "ink"
    return _BY_TONE.get(asked.mood, "oil")
