"""Picture: an idea staged under a light, drawn in layers, painted in a medium; as illustration, cover, sleeve, post,
broadside.

Craft reads the idea and stages scenes that it could be; the engine chooses among them by what it takes them to be
about. The drawing and the painting are then rendered from the scene alone; where the user's own checkpoint paints, it
does so while drafting, and its painting is part of the content.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from pydantic import Field

from miaobi.bible import Bible
from miaobi.brief import Brief
from miaobi.craft.drawing.build import air_in, draw
from miaobi.craft.drawing.check import check_frame, check_seen, check_svg, ink_share
from miaobi.craft.drawing.layout import Words, lettering, seal
from miaobi.craft.drawing.part import part_names, title_of, told
from miaobi.craft.drawing.plan import candidates
from miaobi.craft.drawing.scene import Scene
from miaobi.craft.drawing.shape import Drawing
from miaobi.craft.drawing.staging import composition_score
from miaobi.craft.drawing.svg import svg
from miaobi.craft.drawing.telling import alt, description, illustrating, prompt
from miaobi.craft.drawing.words.medium_reading import read_medium
from miaobi.craft.drawing.words.passage import opening_words, shortened, title_in
from miaobi.craft.plot.telling import file_name
from miaobi.craft.verse.theme import title_case
from miaobi.errors import BriefError
from miaobi.findings import Finding
from miaobi.form import Content, Desk, Form, Length, Part
from miaobi.forms.art import painter
from miaobi.forms.art.painter import Painted
from miaobi.forms.art.picture_wish import MOST, Illustrated, Medium, PictureOptions, Use, Wish, admit, left_out, wish_of
from miaobi.types import Language
from miaobi.work import Imprint, Rendering

SCENES = 8  # from which the engine chooses
_WEIGHTS = {"brief": 1.0, "composition": 0.8}
_TITLE = 16  # characters of a Chinese idea that its title takes
_TRIMMED = ("cover", "album", "post")  # painted to the very edge
_QUOTED = 160  # characters of a passage that an alt text quotes


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
    short: tuple[Finding, ...] = ()  # what the idea asks for beyond what the picture can show
    passage: str = ""  # of a story: what the picture illustrates
    unshown: tuple[str, ...] = ()  # what the passage names and the picture leaves out
    alt: str
    description: str
    language: Language
    credits: tuple[str, ...] = ()
    painted: Painted | None = None  # by a checkpoint of the user's

    @property
    def words(self) -> Words:
        """What is written on it."""
        return Words(self.title if self.titled else "", self.author, self.lines)


def draft(desk: Desk) -> Picture:
    """Stage scenes and let the engine choose one."""
    brief, options = desk.brief, desk.options(PictureOptions)
    wish = wish_of(brief, options)
    medium = wish.medium

    def choose() -> dict[str, Any]:
        scenes = candidates(wish.asked, wish.fixed, desk.seed("scenes"), SCENES)
        texts = [description(s, medium, brief.language) for s in scenes]
        near = dict(zip(texts, desk.relevance(wish.about or brief.idea, texts).tolist(), strict=True))
        score = {text: composition_score(scene) for text, scene in zip(texts, scenes, strict=True)}
        wanted = [name for name, _ in wish.asked.subjects[:MOST]]
        while True:
            taken = desk.pick("scene", texts, lambda text: {"brief": near[text], "composition": score[text]}, _WEIGHTS)
            plain = scenes[taken].model_dump(mode="json")
            if len(texts) == 1 or not check_seen(_drawn(scenes[taken].model_dump_json()), wanted):
                return plain
            del texts[taken], scenes[taken]  # somebody stands before somebody

    scene = Scene.model_validate(desk.step("scene", choose))
    desk.credit("craft", 1)
    painted = _painted(desk, scene, wish, options) if options.checkpoint else None
    said = _said(scene, medium, brief.language)
    if wish.illustrated:
        desk.receipt(_receipt(wish.illustrated))
        said = _illustrating(wish.illustrated, said, brief.language)
    return Picture(
        title=brief.title or _title(brief, wish.illustrated),
        scene=scene,
        medium=medium,
        use=options.use,
        width=wish.width,
        height=wish.height,
        pixels=options.size,
        strokes=options.svg == "strokes",
        titled=options.use in ("cover", "album", "broadside") or (options.use == "post" and bool(brief.title)),
        author=options.author.strip(),
        lines=wish.lines,
        asked=tuple(name for name, _ in wish.asked.subjects[:MOST]),
        undrawn=wish.undrawn,
        short=() if painted else left_out(wish, scene, said[0], brief.language),
        passage=wish.illustrated.passage.text if wish.illustrated else "",
        unshown=wish.illustrated.unshown if wish.illustrated and not painted else (),
        alt=said[0],
        description=said[1],
        language=brief.language,
        credits=(painted.credit, _UNDER[brief.language]) if painted else (_OWN[brief.language],),
        painted=painted,
    )


def _said(scene: Scene, medium: Medium, language: Language) -> tuple[str, str]:
    """Return alt text and description; of a sheet of red paper no other colour is told."""
    if medium == "jianzhi":
        scene = scene.model_copy(
            update={"subjects": tuple(place.model_copy(update={"colours": {}}) for place in scene.subjects)}
        )
    return alt(scene, medium, language), description(scene, medium, language)


_OWN: dict[Language, str] = {
    "en": "Drawn by miaobi's own generators; no third-party picture is in it.",
    "zh": "由 miaobi 自己的生成器绘制，其中没有第三方图片。",
}
_UNDER: dict[Language, str] = {
    "en": "What is under it and the SVG were drawn by miaobi's own generators.",
    "zh": "底稿与 SVG 由 miaobi 自己的生成器绘制。",
}


def _receipt(illustrated: Illustrated) -> dict[str, Any]:
    passage = illustrated.passage
    return {
        "step": "passage",
        "story": illustrated.story,
        "paragraphs": [passage.first, passage.last, illustrated.paragraphs],
        "text": passage.text,
        "not shown": list(illustrated.unshown),
    }


def _illustrating(illustrated: Illustrated, said: tuple[str, str], language: Language) -> tuple[str, str]:
    """Return alt text and description with the passage that they are of: its beginning, and all of it."""
    passage = illustrated.passage
    words = opening_words(passage, language, _QUOTED), " ".join(passage.text.split())
    told = (illustrating(w, illustrated.story, passage.number, language) for w in words)
    short, full = ((" " if language == "en" else "").join(pair) for pair in zip(said, told, strict=True))
    return short, full


def _painted(desk: Desk, scene: Scene, wish: Wish, options: PictureOptions) -> Painted:
    """Let the user's checkpoint paint the scene, over its drawing or from its words alone."""
    from miaobi.craft.painting.view import look

    said = (wish.about or desk.brief.idea) if desk.brief.language == "en" else ""
    commission = painter.Commission(
        options.checkpoint,
        prompt(scene, wish.medium, said),
        options.avoid.strip(),
        options.steps,
        options.guidance,
        options.drawing,
        scene.width / scene.height,
    )
    drawing = look(_drawn(scene.model_dump_json()), 1024).colour if options.drawing else None
    return painter.paint(desk, commission, drawing)


def _title(brief: Brief, illustrated: Illustrated | None) -> str:
    if illustrated:
        said = title_in(illustrated.passage, brief.language)
        return said if brief.language == "zh" else title_case(said)
    text = " ".join(read_medium(brief.idea)[1].split()).rstrip(".!?。！？")
    if brief.language == "zh":
        return _clipped(text)
    return title_case(shortened(text))


def _clipped(text: str) -> str:
    """Return the beginning of a Chinese text as a title, to its last mark where that many characters hold one."""
    if len(text) <= _TITLE:
        return text
    whole = re.match(r".{2,}(?=[，。、；：！？,;:!?\s])", text[: _TITLE + 1])
    return whole[0].rstrip("，。、；：！？,;:!? ") if whole else text[:_TITLE]


@lru_cache(maxsize=4)
def _drawn(plain: str) -> Drawing:
    return draw(Scene.model_validate_json(plain))


def check(brief: Brief, picture: Picture) -> list[Finding]:
    """Read the picture anew: its subjects inside the frame, its SVG allowed and well-formed, ink on it."""
    from miaobi.craft.painting.view import look

    drawing = _drawn(picture.scene.model_dump_json())
    found = check_frame(drawing, picture.asked) + check_seen(drawing, picture.asked)
    found += check_svg(svg(drawing, picture.title, picture.description).encode())
    share = ink_share(look(drawing, 200).colour)
    if not 0.01 <= share <= 0.995:
        found.append(
            Finding(rule="ink", message=f"{share:.1%} of the picture differs from its ground.", severity="error")
        )
    if not picture.credits:
        found.append(Finding(rule="credits", message="The picture doesn't say whose its parts are.", severity="error"))
    found += picture.painted.findings if picture.painted else ()
    if picture.unshown:
        said = f"Of the passage the picture doesn't show: {', '.join(picture.unshown)}."
        found.append(Finding(rule="not-drawn", message=said, severity="note"))
    return [*found, *picture.short] + [_missing(word, near) for word, near in picture.undrawn.items()]


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
            bleeds=picture.use in _TRIMMED,
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
        image = painted(drawing, picture.medium, width, _brush(picture), bleeds=picture.use in _TRIMMED)
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
            "A scene with light and depth, drawn in layers, painted in oil, watercolour, ink, woodcut, paper-cut "
            "(layered, or a red window flower), stipple or pencil."
        ),
        "zh": "有光有远近的一幅画：油画、水彩、水墨、木刻、纸雕、剪纸、点画或铅笔。",
    },
    content=Picture,
    options=PictureOptions,
    length=Length(usual=1, least=1, most=1),
    checkpoints={"zh": "miaobi-verse-zh"},
    references=("story", "persona"),
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
