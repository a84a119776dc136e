"""Check of a picture as a file: is it well-formed, of allowed elements only, without script or link, and is there
ink on it."""

from __future__ import annotations

import re
import xml.parsers.expat
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from miaobi.craft.drawing.shape import Drawing, Layer, box_of
from miaobi.craft.drawing.subjects.subject import subjects
from miaobi.findings import Finding, Span

ELEMENTS = frozenset(
    {
        "svg",
        "title",
        "desc",
        "metadata",
        "defs",
        "linearGradient",
        "radialGradient",
        "stop",
        "g",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
    }
)
ATTRIBUTES = frozenset(
    {
        "xmlns", "viewBox", "width", "height", "role", "id", "aria-label", "aria-labelledby", "d", "fill",
        "fill-opacity", "fill-rule", "opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap",
        "stroke-linejoin", "transform", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "points",
        "offset", "stop-color", "stop-opacity", "gradientUnits", "font-size", "font-family", "font-weight",
        "font-style", "text-anchor", "letter-spacing", "shape-rendering",
    }
)  # fmt: skip
_WORDS = frozenset({"id", "role", "aria-label", "aria-labelledby", "font-family"})
LIMIT = 30_000_000  # bytes
_LOOK = 320  # px: how closely it is looked at what hides what
_SEEN, _GONE = 0.3, 0.04  # of a subject: less is hidden; less isn't there
_DEEP = 60  # levels of elements


def check_svg(content: bytes) -> list[Finding]:
    """Return what is wrong with an SVG from anywhere: it is read as a stream and nothing that it names is fetched."""
    if len(content) > LIMIT:
        return [_error("too-large", f"The SVG has {len(content):,} bytes; at most {LIMIT:,} are read.")]
    found: dict[str, str] = {}
    seen = {"title": False, "path": False}
    depth = 0
    parser = xml.parsers.expat.ParserCreate()
    parser.SetParamEntityParsing(xml.parsers.expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def refuse(*_: object) -> None:
        raise ValueError("it declares a document type or an entity")

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEP:
            raise ValueError(f"its elements are nested deeper than {_DEEP}")
        plain = name.rpartition(":")[2]
        if depth == 1 and plain != "svg":
            raise ValueError(f"its root is <{name}>")
        if plain not in ELEMENTS:
            found.setdefault("element", f"The element <{name}> is not allowed.")
        seen["title"] |= plain == "title"
        seen["path"] |= plain in ("path", "rect", "circle", "ellipse", "polygon", "polyline", "line", "text")
        for key, value in attributes.items():
            if key not in ATTRIBUTES:
                found.setdefault("attribute", f"The attribute {key} of <{name}> is not allowed.")
            elif key != "xmlns" and re.search(r"url\(\s*['\"]?(?!#)|javascript:|https?:|data:", value, re.I):
                found.setdefault("link", f"<{name}> points outside the file: {value[:60]}.")
            elif key not in _WORDS and re.search(r"nan|inf", value, re.I):
                found.setdefault("number", f"{key} of <{name}> is no number: {value[:40]}.")

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(content, True)
    except (xml.parsers.expat.ExpatError, ValueError) as error:
        return [_error("not-well-formed", f"The SVG can't be read: {error}.")]
    if not seen["path"]:
        found["empty"] = "The SVG shows nothing."
    out = [_error(rule, message) for rule, message in found.items()]
    if not seen["title"]:
        out.append(
            Finding(
                rule="no-title", message="The SVG has no title: who can't see it learns nothing.", severity="warning"
            )
        )
    return out


def check_frame(drawing: Drawing, wanted: Sequence[str]) -> list[Finding]:
    """Return which of the subjects *wanted* aren't there, or stand outside the frame by more than a tenth of them."""
    out = []
    by_subject: dict[str, list[Layer]] = {}
    for layer in drawing.layers:
        if layer.subject:
            by_subject.setdefault(layer.subject, []).append(layer)
    for name in wanted:
        layers = by_subject.get(name)
        if not layers:
            out.append(_error("subject-missing", f"The picture doesn't show “{name}”.", name))
            continue
        for layer in layers:
            left, top, right, bottom = box_of([s for s in layer.shapes if s.material not in ("cloud", "glow")])
            whole = max(1e-6, (right - left) * (bottom - top))
            inside = max(0.0, min(right, drawing.width) - max(left, 0)) * max(
                0.0, min(bottom, drawing.height) - max(top, 0)
            )
            runs_on = subjects()[name].stand in ("far", "bridge")  # a range, a viaduct: it goes on beyond the frame
            if inside / whole < 0.9 and layer.depth < 0.35 and not runs_on:
                out.append(
                    _error(
                        "out-of-frame", f"“{name}” is cut off by the frame: {inside / whole:.0%} of it is inside.", name
                    )
                )
            elif inside / whole < 0.5:
                out.append(_error("out-of-frame", f"“{name}” is mostly outside the frame.", name))
    return out


def visible_shares(drawing: Drawing, names: Sequence[str]) -> dict[str, float]:
    """Return how much of each subject is seen, 0–1: of its own pixels the share that nothing before it hides.

    Of several of a kind the one that is seen least counts; what has no shape of its own is 1. What is airy (cloud,
    glow) or half transparent hides nothing.
    """
    import cv2

    scale = _LOOK / drawing.width
    size = (max(1, round(drawing.height * scale)), _LOOK)
    owner = np.zeros(size, np.uint16)
    masks: list[tuple[str, npt.NDArray[np.uint8]]] = []
    for layer in drawing.layers:
        if layer.subject in names:
            masks.append((layer.subject, np.zeros(size, np.uint8)))
        for shape in layer.shapes:
            if not shape.solid or shape.opacity < 0.5 or shape.material in ("cloud", "glow"):
                continue
            rings = [np.round(ring * scale * 16).astype(np.int32) for ring in shape.rings]
            cv2.fillPoly(owner, rings, len(masks) if layer.subject in names else 0, shift=4)
            if layer.subject in names:
                cv2.fillPoly(masks[-1][1], rings, 1, shift=4)
    out = dict.fromkeys(names, 1.0)
    for number, (name, mask) in enumerate(masks, start=1):
        if whole := int(mask.sum()):
            out[name] = min(out[name], float((mask & (owner == number)).sum() / whole))
    return out


def check_seen(drawing: Drawing, wanted: Sequence[str]) -> list[Finding]:
    """Return which of the subjects *wanted* are hidden behind others: an error for what isn't seen at all."""
    return [
        Finding(
            rule="hidden",
            message=f"Of “{name}” only {share:.0%} is seen: something stands before it.",
            severity="error" if share < _GONE else "warning",
            span=Span(part=name),
        )
        for name, share in visible_shares(drawing, wanted).items()
        if share < _SEEN
    ]


def ink_share(image: npt.NDArray[np.uint8]) -> float:
    """Return the share of pixels (H, W, 3, uint8) that differ from the commonest colour by more than 10 of 255 in a
    channel."""
    small = image[:: max(1, image.shape[0] // 200), :: max(1, image.shape[1] // 200)].reshape(-1, 3).astype(np.int32)
    code = small // 12
    keys, counts = np.unique(code[:, 0] * 10_000 + code[:, 1] * 100 + code[:, 2], return_counts=True)
    common = keys[int(np.argmax(counts))]
    base = small[(code[:, 0] * 10_000 + code[:, 1] * 100 + code[:, 2]) == common].mean(axis=0)
    return float((np.abs(small - base).max(axis=1) > 10).mean())


def _error(rule: str, message: str, part: str = "") -> Finding:
    return Finding(rule=rule, message=message, severity="error", span=Span(part=part) if part else None)
