"""Noticing: what colour and shape alone say of a picture: palette, weight, horizon, light, hour, season, place, mood.

No model has learnt anything here, so no thing or person is recognised; what is guessed says by what. All of it is
measured on 96 × about 64 pixels in OKLab, so the same picture gives the same words.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import numpy.typing as npt

from miaobi.craft.looking.palette import lab_of, palette_of

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
_WIDTH = 96
_SPLIT = 0.18  # of the variance that a horizon must explain
_NIGHT, _DIM, _LIGHT = 0.36, 0.52, 0.74  # lightness
_PALE, _VIVID = 0.045, 0.105  # chroma


@dataclass(frozen=True)
class Sight:
    """What was noticed; empty where nothing was."""

    width: int
    height: int
    palette: tuple[tuple[str, float], ...]  # colours and their shares
    lightness: float  # 0–1
    contrast: float  # spread of lightness, 0–0.5
    vividness: float  # mean chroma
    warmth: float  # −1 cold to 1 warm
    weight: tuple[float, float]  # where what stands out lies, 0–1 from left and top
    symmetry: float  # 0–1, left to right
    horizon: float | None  # 0–1 from the top
    light: str  # left, right, above, within or ""
    hour: str = ""
    season: str = ""
    ground: str = ""
    disc: tuple[float, float] | None = None  # a bright round thing above the horizon: sun, moon or lamp
    mood: str = ""
    reasons: dict[str, str] = field(default_factory=dict)  # what was guessed: by what


def notice(pixels: Pixels) -> Sight:
    """Return what colour and shape say of *pixels*."""
    height, width = pixels.shape[:2]
    small = cv2.resize(pixels, (_WIDTH, max(16, round(_WIDTH * height / width))), interpolation=cv2.INTER_AREA)
    lab = lab_of(small)
    light, chroma = lab[:, :, 0], np.hypot(lab[:, :, 1], lab[:, :, 2])
    horizon = _horizon(lab)
    saliency = _saliency(lab)
    seen = Sight(
        width=width,
        height=height,
        palette=tuple(palette_of(pixels)),
        lightness=round(float(light.mean()), 3),
        contrast=round(float(light.std()), 3),
        vividness=round(float(chroma.mean()), 3),
        warmth=round(float(np.clip((lab[:, :, 2].mean() + 0.5 * lab[:, :, 1].mean()) / 0.08, -1, 1)), 3),
        weight=_middle(saliency),
        symmetry=round(float(np.clip(np.corrcoef(light.ravel(), light[:, ::-1].ravel())[0, 1], 0, 1)), 3)
        if light.std() > 1e-6
        else 1.0,
        horizon=horizon,
        light=_light(light),
        disc=_disc(light, horizon) if horizon is not None else None,
    )
    return _guessed(seen, lab)


def _horizon(lab: Floats) -> float | None:
    """Return where one level line parts the picture best into two (Otsu, 1979, on rows); None where none does."""
    rows = lab.mean(axis=1)
    count = len(rows)
    best, where = 0.0, 0
    for i in range(count // 7, count - count // 7):
        above, below = rows[:i].mean(axis=0), rows[i:].mean(axis=0)
        between = i * (count - i) / count**2 * float(((above - below) ** 2).sum())
        if between > best:
            best, where = between, i
    whole = float(((lab - lab.mean(axis=(0, 1))) ** 2).sum(axis=2).mean())
    if best < _SPLIT * whole or best < 4e-4:
        return None
    return round(where / count, 3)


def _saliency(lab: Floats) -> Floats:
    """Return how much each place stands out from what is about it (Achanta et al., 2009)."""
    fine = cv2.GaussianBlur(lab, (0, 0), 1.2)
    away = np.asarray(((fine - lab.mean(axis=(0, 1))) ** 2).sum(axis=2))
    return np.asarray(np.maximum(away - np.percentile(away, 70), 0))


def _middle(weight: Floats) -> tuple[float, float]:
    total = float(weight.sum())
    if total < 1e-9:
        return 0.5, 0.5
    y, x = np.indices(weight.shape)
    rows, columns = weight.shape
    return (
        round(float((weight * x).sum() / total / (columns - 1)), 3),
        round(float((weight * y).sum() / total / (rows - 1)), 3),
    )


def _light(light: Floats) -> str:
    """Return where the light comes from: the side that is brighter in the large, or a bright place within."""
    broad = cv2.GaussianBlur(light, (0, 0), 6)
    y, x = np.unravel_index(int(broad.argmax()), broad.shape)
    across = float(broad[:, -24:].mean() - broad[:, :24].mean())
    down = float(broad[: len(broad) // 3].mean() - broad[-len(broad) // 3 :].mean())
    if max(abs(across), abs(down)) < 0.05:
        return ""
    inside = 0.2 < x / broad.shape[1] < 0.8 and 0.2 < y / broad.shape[0] < 0.8
    if inside and float(broad.max() - np.median(broad)) > 0.16:
        return "within"
    if abs(across) > abs(down):
        return "right" if across > 0 else "left"
    return "above" if down > 0 else ""


def _disc(light: Floats, horizon: float | None) -> tuple[float, float] | None:
    """Return the place of one small bright round thing above the horizon."""
    rows, columns = light.shape
    end = round(rows * (horizon if horizon is not None else 0.6))
    sky = light[:end]
    if end < 8:
        return None
    bright = (sky > max(float(np.percentile(sky, 98.5)), float(np.median(sky)) + 0.12)).astype(np.uint8)
    count, _, stats, middles = cv2.connectedComponentsWithStats(bright)
    found = []
    for i in range(1, count):
        x, y, w, h, area = stats[i].tolist()
        full = area / (w * h)
        if (
            4 <= area <= 0.03 * rows * columns
            and 0.6 <= w / h <= 1.7
            and full > 0.6
            and x > 0
            and x + w < columns
            and y > 0
        ):
            found.append((area, middles[i]))
    if not found:
        return None
    _, (x, y) = max(found, key=lambda f: f[0])
    return round(float(x / columns), 3), round(float(y / rows), 3)


def _shares(lab: Floats) -> dict[str, float]:
    """Return which share of the pixels has a colour that people have a name for."""
    light, a, b = lab[..., 0], lab[..., 1], lab[..., 2]
    chroma, hue = np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360
    named = {
        "white": (light > 0.86) & (chroma < 0.04),
        "black": light < 0.22,
        "grey": (chroma < 0.025) & (light >= 0.22) & (light <= 0.86),
        "red": (chroma > 0.06) & ((hue < 40) | (hue > 345)),
        "orange": (chroma > 0.05) & (hue >= 40) & (hue < 85),
        "yellow": (chroma > 0.05) & (hue >= 85) & (hue < 112),
        "green": (chroma > 0.035) & (hue >= 112) & (hue < 170),
        "blue": (chroma > 0.025) & (hue >= 200) & (hue < 290),
        "pink": (chroma > 0.04) & ((hue > 320) | (hue < 25)) & (light > 0.68),
        "violet": (chroma > 0.04) & (hue >= 290) & (hue < 325),
    }
    return {name: float(mask.mean()) for name, mask in named.items()}


def _guessed(seen: Sight, lab: Floats) -> Sight:
    reasons: dict[str, str] = {}
    if seen.horizon is None and _shares(lab)["green"] < 0.4:  # no view: a face, a thing, a pattern
        return replace(seen, mood=_mood(seen, reasons), reasons=reasons)
    cut = round(len(lab) * (seen.horizon if seen.horizon is not None else 0.45))
    sky, land = _shares(lab[: max(cut, 2)]), _shares(lab[cut:])
    top = lab[: max(cut, 2)]
    hour = _hour(seen, top, sky, reasons)
    ground = _ground(lab[cut:], land, seen, reasons)
    season = _season(_shares(lab), land, ground, hour, reasons)
    seen = replace(seen, hour=hour, ground=ground, season=season)
    return replace(seen, mood=_mood(seen, reasons), reasons=reasons)


def _hour(seen: Sight, top: Floats, sky: dict[str, float], reasons: dict[str, str]) -> str:
    light = float(top[:, :, 0].mean())
    glow = sky["red"] + sky["orange"] + sky["pink"] + 0.6 * sky["yellow"]
    if light < _NIGHT:
        reasons["hour"] = f"the upper part is dark (lightness {light:.2f})"
        return "dusk" if glow > 0.12 else "night"
    if glow > 0.30 and light < 0.82:
        reasons["hour"] = f"{glow:.0%} of the upper part is red, orange or pink"
        return "sunset"
    if light < _DIM:
        reasons["hour"] = f"the upper part is dim (lightness {light:.2f})"
        return "dusk"
    if glow > 0.10 and seen.contrast < 0.16 and light >= 0.7:
        reasons["hour"] = "the upper part is light with some pink or gold, and contrasts are soft"
        return "dawn"
    if light >= 0.62:
        reasons["hour"] = f"the upper part is light (lightness {light:.2f})"
        return "noon" if seen.contrast > 0.17 and sky["blue"] > 0.3 else "morning"
    return ""


def _ground(land: Floats, share: dict[str, float], seen: Sight, reasons: dict[str, str]) -> str:
    light, chroma = land[:, :, 0], float(np.hypot(land[:, :, 1], land[:, :, 2]).mean())
    along, down = float(np.abs(np.diff(light, axis=1)).mean()), float(np.abs(np.diff(light, axis=0)).mean())
    pale = float(light.mean())
    if pale > 0.77 and chroma < _PALE + 0.002:
        reasons["ground"] = f"the lower part is nearly white (lightness {pale:.2f})"
        return "snowfield"
    if down > 1.9 * along and chroma < 0.056 and share["green"] < 0.4:
        reasons["ground"] = "the lower part runs in level streaks, with little colour of its own"
        return "sea"
    if share["green"] > 0.30:
        dark = pale < 0.46
        reasons["ground"] = f"{share['green']:.0%} of the lower part is {'dark ' if dark else ''}green"
        return "forest" if dark else "field"
    if share["orange"] > 0.6 and chroma < 0.08 and pale > 0.63 and along < 0.0105:
        reasons["ground"] = "the lower part is even and the colour of sand"
        return "desert"
    return ""


def _season(share: dict[str, float], land: dict[str, float], ground: str, hour: str, reasons: dict[str, str]) -> str:
    if land["white"] > 0.4:
        reasons["season"] = "white lies below"
        return "winter"
    if share["pink"] > 0.10 and land["green"] > 0.08:
        reasons["season"] = "pink over green"
        return "spring"
    warm = land["orange"] + land["red"]
    if warm > 0.30 and land["green"] < 0.15 and not (ground == "desert" or hour in ("sunset", "dusk")):
        reasons["season"] = f"{warm:.0%} of the lower part is orange or red"
        return "autumn"
    if land["green"] > 0.35:
        reasons["season"] = f"{land['green']:.0%} of the lower part is green"
        return "summer"
    return ""


def _mood(seen: Sight, reasons: dict[str, str]) -> str:
    """Return the tone that lightness, contrast, vividness and warmth suggest (after Valdez and Mehrabian, 1994)."""
    said = f"lightness {seen.lightness:.2f}, contrast {seen.contrast:.2f}, "
    said += f"colour {seen.vividness:.2f}, warmth {seen.warmth:+.1f}"
    if seen.lightness < _NIGHT:
        mood = "hopeful" if seen.disc is not None or seen.light == "within" else "dark"
    elif seen.vividness > _VIVID:
        mood = "bold" if seen.contrast > 0.19 else "joyful"
    elif seen.lightness < _DIM and seen.warmth < 0.3:
        mood = "sad"
    elif seen.lightness > _LIGHT and seen.warmth > 0.15:
        mood = "tender"
    elif seen.hour in ("dawn", "sunset") and seen.warmth > 0.2:
        mood = "hopeful"
    elif seen.vividness > 0.07 and seen.lightness > 0.62:
        mood = "joyful"
    else:
        mood = "calm"
    reasons["mood"] = said
    return mood
