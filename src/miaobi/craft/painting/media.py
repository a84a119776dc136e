"""Media: how a drawing is painted, by name; PNG with its words, SVG of its strokes."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from miaobi.craft.drawing.shape import Drawing
from miaobi.craft.drawing.svg import number
from miaobi.craft.markup import escape, one_line
from miaobi.craft.painting.cut.jianzhi import jianzhi
from miaobi.craft.painting.cut.papercut import papercut
from miaobi.craft.painting.falling import fall_strokes, overlaid_fall, parted
from miaobi.craft.painting.ink.ink import ink
from miaobi.craft.painting.oil import oil
from miaobi.craft.painting.pencil import pencil
from miaobi.craft.painting.stipple import stipple
from miaobi.craft.painting.stroke import Stroke
from miaobi.craft.painting.view import Pixels, View, look
from miaobi.craft.painting.watercolour import watercolour
from miaobi.craft.painting.woodcut import woodcut
from miaobi.types import derive_seed
from miaobi.work import Imprint

Painter = Callable[[View, np.random.Generator, list[Stroke] | None], Pixels]
MEDIA: dict[str, Painter] = {
    "oil": oil,
    "watercolour": watercolour,
    "ink": ink,
    "woodcut": woodcut,
    "papercut": papercut,
    "jianzhi": jianzhi,
    "stipple": stipple,
    "pencil": pencil,
}
_STROKES = 14_000  # of an SVG, at most: more than a viewer draws at ease


def painted(drawing: Drawing, medium: str, width: int, seed: int, *, bleeds: bool = False) -> Pixels:
    """Return *drawing* in *medium* (or as it is: ``none``), *width* px wide, RGB; *bleeds*: to the very edge."""
    if medium == "none":
        return look(drawing, width).colour
    dry, fall = parted(drawing, medium)
    view = replace(look(dry, width), bleeds=bleeds)
    image = MEDIA[medium](view, np.random.default_rng(derive_seed(seed, medium)), None)
    return overlaid_fall(image, fall, medium, width / drawing.width)


def overlaid(image: Pixels, markup: str, width: int, height: int) -> Pixels:
    """Return *image* with SVG *markup* of ours, in coordinates of *width* × *height*, laid over it."""
    if not markup:
        return image
    import resvg_py

    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"{markup}</svg>"
    )
    png = bytes(resvg_py.svg_to_bytes(svg_string=text, width=image.shape[1], skip_system_fonts=True))
    over = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
    over = over[: image.shape[0]]
    if over.shape[0] < image.shape[0]:
        over = np.pad(over, ((0, image.shape[0] - over.shape[0]), (0, 0), (0, 0)))
    rows = np.flatnonzero(over[:, :, 3].any(axis=1))
    if not len(rows):
        return image
    out, part = image.copy(), slice(int(rows[0]), int(rows[-1]) + 1)
    alpha = over[part, :, 3:4].astype(np.float32) / 255
    out[part] = np.clip(image[part] + (over[part, :, 2::-1] - image[part].astype(np.float32)) * alpha, 0, 255).astype(
        np.uint8
    )
    return out


def png(image: Pixels, texts: dict[str, str]) -> bytes:
    """Return *image*, RGB or RGBA, as PNG with *texts* as iTXt chunks (PNG 3, 11.3.3.4) before the pixels."""
    done, data = cv2.imencode(".png", image[:, :, [2, 1, 0, 3][: image.shape[2]]], [cv2.IMWRITE_PNG_COMPRESSION, 6])
    assert done
    raw = data.tobytes()
    chunks = b"".join(
        _chunk(b"iTXt", key.encode("latin-1") + b"\0\0\0\0\0" + value.encode()) for key, value in texts.items()
    )
    return raw[:33] + chunks + raw[33:]  # the signature and IHDR are 33 bytes


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def strokes_svg(
    drawing: Drawing,
    medium: str,
    seed: int,
    title: str,
    description: str,
    imprint: Imprint,
    credits: Sequence[str],
    over: str,
    *,
    bleeds: bool = False,
) -> str:
    """Return the painting as SVG strokes: what the painter laid, coarser than its pixels, at most 14,000 marks."""
    dry, fall = parted(drawing, medium)
    view = replace(look(dry, min(drawing.width, 1000)), bleeds=bleeds)
    grow = drawing.width / view.shape[1]
    laid: list[Stroke] = []
    image = MEDIA[medium](view, np.random.default_rng(derive_seed(seed, medium)), laid)
    over_all = fall_strokes(fall, image, medium, 1 / grow)
    most = _STROKES - len(over_all)
    if len(laid) > most:  # the widest carry the picture; of equals, those evenly through its making
        order = np.argsort([-(s.width or 1e6) for s in laid], kind="stable")[:most]
        laid = [laid[i] for i in sorted(order.tolist())]
    ground = "#" + "".join(f"{int(v):02x}" for v in np.median(image[:12].reshape(-1, 3), axis=0))
    marks = "\n".join(_mark(s, grow) for s in [*laid, *over_all])
    about = json.dumps(
        {"AIGC": imprint.aigc, "generator": imprint.generator, "credits": list(credits), "medium": medium},
        ensure_ascii=False,
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width} {drawing.height}" '
        f'width="{drawing.width}" '
        f'height="{drawing.height}" role="img" aria-labelledby="title description">\n<title id="title">'
        f"{escape(one_line(title))}</title>"
        f'<desc id="description">{escape(one_line(description))}</desc>\n<metadata>{escape(about)}</metadata>\n'
        f'<rect width="{drawing.width}" height="{drawing.height}" fill="{ground}"/>\n'
        f'<g id="strokes" fill="none" stroke-linecap="round" stroke-linejoin="round">\n{marks}\n</g>\n{over}</svg>\n'
    )


def _mark(stroke: Stroke, grow: float) -> str:
    points = stroke.path * grow
    veil = f"{stroke.opacity:.2f}"
    if len(points) == 1:
        (x, y), r = points[0], stroke.width * grow / 2
        return (
            f'<path d="M{number(x - r)} {number(y)}a{number(r)} {number(r)} 0 1 0 {number(2 * r)} 0a{number(r)} '
            f'{number(r)} 0 1 0 {number(-2 * r)} 0" fill="{stroke.colour}"/>'
        )
    line = "M" + "L".join(f"{number(float(x))} {number(float(y))}" for x, y in points)
    if not stroke.width:
        return f'<path d="{line}Z" fill="{stroke.colour}"/>'
    return (
        f'<path d="{line}" stroke="{stroke.colour}" stroke-width="{number(max(0.3, stroke.width * grow))}" '
        f'stroke-opacity="{veil}"/>'
    )
