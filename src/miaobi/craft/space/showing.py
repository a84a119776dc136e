"""Showing: a solid for people to look at: a picture, a turning one, a page on which it can be turned by hand.

The page holds everything itself: the mesh in 16-bit coordinates with its light, a small program of ours (WebGL 2),
and the picture for browsers without it.
"""

from __future__ import annotations

import base64
import json
import struct
import zlib
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from string import Template

import cv2
import numpy as np

from miaobi.craft.markup import escape, one_line
from miaobi.craft.space.viewing import Image, Model, picture
from miaobi.work import Imprint

FRAMES = 24  # of a turn
_PIXELS = 340  # of a turning picture's side
_STILL = 800
_SMALL = 560  # of the picture that a page holds


@dataclass(frozen=True)
class View:
    """A solid as one looks at it: degrees about it and up. Its pictures are made once, however many files show them."""

    model: Model
    azimuth: float
    elevation: float

    @cached_property
    def still(self) -> Image:
        """The picture."""
        return picture(self.model, _STILL, _STILL, azimuth=self.azimuth, elevation=self.elevation)

    @cached_property
    def turn(self) -> list[Image]:
        """The pictures of one turn."""
        return [
            picture(self.model, _PIXELS, _PIXELS, azimuth=azimuth, elevation=self.elevation, fine=1, turning=True)
            for azimuth in (self.azimuth + 360 * i / FRAMES for i in range(FRAMES))
        ]


def still(view: View, imprint: Imprint, description: str) -> bytes:
    """Return the solid as PNG, with title, description and label in its text chunks."""
    from miaobi.craft.painting.media import png

    texts = {
        "Title": imprint.title,
        "Description": description,
        "Software": imprint.generator,
        "Comment": imprint.notice,
        "AIGC": json.dumps(imprint.aigc, ensure_ascii=False),
    }
    return png(view.still[:, :, ::-1], texts)  # BGR to RGB


def turntable(view: View, imprint: Imprint) -> bytes:
    """Return the solid turning once, as an animated GIF with the notice as its comment."""
    animation = cv2.Animation()
    animation.frames = view.turn
    animation.durations = [90] * FRAMES
    done, content = cv2.imencodeanimation(".gif", animation)
    assert done
    gif = bytes(content)
    note = (imprint.notice + " " + json.dumps({"AIGC": imprint.aigc}, ensure_ascii=True)).encode()
    blocks = b"".join(bytes([len(note[i : i + 255])]) + note[i : i + 255] for i in range(0, len(note), 255))
    return gif[:-1] + b"\x21\xfe" + blocks + b"\0" + gif[-1:]  # before the trailer


def page(view: View, imprint: Imprint, description: str) -> bytes:
    """Return the page on which the solid can be turned."""
    image = cv2.resize(view.still, (_SMALL, _SMALL), interpolation=cv2.INTER_AREA)
    _, png = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 6])
    how = {
        "en": "Drag to turn, scroll or pinch to come nearer; arrow keys work too.",
        "zh": "拖动旋转，滚轮或双指缩放；方向键亦可。",
    }[imprint.language]
    template = Template(files("miaobi.craft").joinpath("data", "orbit.html").read_text(encoding="utf-8"))
    return template.substitute(
        language=imprint.language,
        aigc=escape(json.dumps(imprint.aigc, ensure_ascii=True)),
        generator=escape(imprint.generator),
        title=escape(one_line(imprint.title)),
        description=escape(one_line(description)),
        how=how,
        notice=escape(imprint.notice),
        png=base64.b64encode(png.tobytes()).decode(),
        solid=base64.b64encode(zlib.compress(_packed(view.model), 1)).decode(),
        azimuth=f"{view.azimuth:g}",
        elevation=f"{view.elevation:g}",
    ).encode()


def _packed(model: Model) -> bytes:
    mesh = model.mesh
    points = mesh.vertices - model.middle
    half = np.maximum(np.abs(points).max(axis=0), 1e-6)
    rows = np.empty((len(points), 4), "<i2")
    rows[:, :3] = np.round(points / half * 32767)
    rows[:, 3] = np.round(np.clip(model.sky, 0, 1) * 32767)
    tint = np.full((len(points), 4), 255, np.uint8)
    tint[:, :3] = np.round(255 * model.colours ** (1 / 2.2))
    head = struct.pack("<II4f", len(points), len(mesh.faces), *half.tolist(), model.radius)
    return head + rows.tobytes() + tint.tobytes() + mesh.faces.astype("<u4").tobytes()
