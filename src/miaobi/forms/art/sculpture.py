"""Sculpture: a solid that a printer can print: the relief of a picture, or a vessel turned from a profile."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

import cv2
import numpy as np
from pydantic import Field

from miaobi.brief import Brief
from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.reading import read_wish
from miaobi.craft.drawing.scene import Scene
from miaobi.craft.drawing.staging import composition_score
from miaobi.craft.drawing.telling import alt
from miaobi.craft.painting.view import look
from miaobi.craft.plot.telling import file_name
from miaobi.craft.space.files import MEDIA_TYPES, WRITERS
from miaobi.craft.space.mesh import Mesh, faults, overhang
from miaobi.craft.space.shaping import relief, vessel
from miaobi.findings import Finding
from miaobi.form import Content, Desk, Form, Length, Options
from miaobi.types import Language
from miaobi.work import Imprint, Rendering

WALL = 1.2  # mm: three lines of a 0.4 mm nozzle
_SCENES = 6
_PROFILES = {  # radius in shares of the height at heights 0–1, foot to lip
    "amphora": ((0.16, 0.0), (0.20, 0.06), (0.32, 0.42), (0.28, 0.66), (0.13, 0.84), (0.12, 0.90), (0.17, 1.0)),
    "bowl": ((0.20, 0.0), (0.24, 0.10), (0.44, 0.45), (0.56, 0.80), (0.60, 1.0)),
    "beaker": ((0.22, 0.0), (0.24, 0.15), (0.27, 0.5), (0.33, 0.85), (0.38, 1.0)),
    "bottle": ((0.19, 0.0), (0.22, 0.08), (0.24, 0.45), (0.17, 0.68), (0.085, 0.80), (0.08, 0.92), (0.10, 1.0)),
    "gourd": ((0.16, 0.0), (0.30, 0.20), (0.26, 0.44), (0.14, 0.58), (0.19, 0.74), (0.12, 0.90), (0.10, 1.0)),
}
_VESSELS = ("vase", "bowl", "cup", "pot", "jar", "bottle", "vessel", "urn", "瓶", "罐", "碗", "杯", "壶", "葫芦")


class SculptureOptions(Options):
    """Options of a sculpture."""

    kind: Literal["auto", "relief", "vessel"] = Field(
        "auto", description="relief of a picture, or a turned vessel; by the idea"
    )
    size: float = Field(80.0, ge=20, le=300, description="millimetres: a relief's width, a vessel's height")
    thickness: float = Field(4.0, ge=1.0, le=20, description="millimetres by which a relief rises")


class Sculpture(Content):
    """A solid, as the values that it is shaped from."""

    kind: Literal["relief", "vessel"]
    size: float
    thickness: float
    scene: Scene | None = None
    profile: tuple[tuple[float, float], ...] = ()
    lobes: int = 0
    twist: float = 0.0
    flute: float = 0.0
    description: str
    language: Language


def draft(desk: Desk) -> Sculpture:
    """Let the engine choose the scene of a relief; draw a vessel's profile by lot."""
    brief, options = desk.brief, desk.options(SculptureOptions)
    low = brief.idea.lower()
    kind = options.kind if options.kind != "auto" else "vessel" if any(w in low for w in _VESSELS) else "relief"
    title = brief.title or " ".join(brief.idea.split())[:60]
    if kind == "relief":
        asked = read_wish(brief.idea, brief.tone)

        def choose() -> dict[str, Any]:
            scenes = candidates(asked, Fixed(900, 700, weather="clear"), desk.seed("scenes"), _SCENES)
            texts = [alt(s, "none", brief.language) for s in scenes]
            near = desk.relevance(brief.idea, texts).tolist()
            by_text = {t: (n, composition_score(s)) for t, n, s in zip(texts, near, scenes, strict=True)}
            taken = desk.pick(
                "scene",
                texts,
                lambda t: {"brief": by_text[t][0], "composition": by_text[t][1]},
                {"brief": 1.0, "composition": 1.0},
            )
            return scenes[taken].model_dump(mode="json")

        scene = Scene.model_validate(desk.step("scene", choose))
        said = ("Relief. " if brief.language == "en" else "浮雕。") + alt(scene, "none", brief.language)
        return Sculpture(
            title=title,
            kind="relief",
            size=options.size,
            thickness=options.thickness,
            scene=scene,
            description=said,
            language=brief.language,
        )
    rng = np.random.default_rng(desk.seed("vessel"))
    name = next(
        (n for n in _PROFILES if n in low or (n == "gourd" and "葫芦" in low) or (n == "bowl" and "碗" in low)), ""
    )
    name = name or str(rng.choice(list(_PROFILES)))
    profile = tuple((float(r * rng.uniform(0.92, 1.08)), h) for r, h in _PROFILES[name])
    lobes = int(rng.choice([0, 5, 8, 12]))
    said = f"A {name}, {options.size:g} mm high." if brief.language == "en" else f"{options.size:g}毫米高的器皿。"
    return Sculpture(
        title=title,
        kind="vessel",
        size=options.size,
        thickness=options.thickness,
        profile=profile,
        lobes=lobes,
        twist=float(rng.uniform(-60, 60)) if lobes else 0.0,
        flute=0.018 * options.size if lobes else 0.0,
        description=said,
        language=brief.language,
    )


@lru_cache(maxsize=4)
def _shaped(plain: str) -> Mesh:
    work = Sculpture.model_validate_json(plain)
    if work.kind == "vessel":
        profile = np.array(work.profile) * [work.size, 1]
        return vessel(profile, work.size, 2 * WALL, lobes=work.lobes, twist=work.twist, depth=work.flute)
    assert work.scene is not None
    view = look(draw(work.scene), 260)
    near = 1 - cv2.medianBlur(view.depth, 3)
    form = 0.72 * near + 0.22 * view.light * near + 0.06 * view.light
    form = cv2.GaussianBlur(cv2.medianBlur(form.astype(np.float32), 3), (0, 0), 0.7)
    low, high = np.percentile(form, [1, 99.5])
    heights = np.clip((form - low) / max(1e-3, float(high - low)), 0, 1) * work.thickness
    border = 4
    heights[:border], heights[-border:], heights[:, :border], heights[:, -border:] = (work.thickness,) * 4
    return relief(heights.astype(float), work.size, 2 * WALL)


def check(brief: Brief, work: Sculpture) -> list[Finding]:
    """Shape it and hold it to a printer's demands."""
    mesh = _shaped(work.model_dump_json())
    found = [Finding(rule="solid", message=f"Not a solid: {fault}.", severity="error") for fault in faults(mesh)]
    if (share := overhang(mesh)) > 0.25:
        found.append(
            Finding(rule="overhang", message=f"{share:.0%} of the surface needs support when printed.", severity="note")
        )
    return found


def render(work: Sculpture, ending: str, imprint: Imprint) -> Rendering:
    """Write the solid as a file of this ending."""
    mesh = _shaped(work.model_dump_json())
    content = WRITERS[ending](mesh, imprint)
    return Rendering(name=file_name(work.title, ending), media_type=MEDIA_TYPES[ending], content=content)


FORM = Form(
    name="sculpture",
    names={"en": "Sculpture", "zh": "雕塑"},
    aliases=("relief", "浮雕", "3d print"),
    summary={
        "en": "A solid to print: the relief of a picture, or a turned vessel.",
        "zh": "可打印的实体：图画的浮雕，或旋成的器皿。",
    },
    content=Sculpture,
    options=SculptureOptions,
    length=Length(usual=1, least=1, most=1),
    checkpoints={"zh": "miaobi-verse-zh"},
    heeds=("tone",),
    draft=draft,
    check=check,
    render=render,
    formats=("stl", "3mf", "glb", "obj"),
    example=Brief(form="sculpture", idea="a lighthouse and a ship", seed=7),
    more_examples=(Brief(form="sculpture", idea="葫芦瓶", language="zh", seed=7),),
)
