"""Grounds with water: sea, lake and river."""

from __future__ import annotations

import numpy as np

from miaobi.craft.drawing.camera import bank_of
from miaobi.craft.drawing.colour import mix
from miaobi.craft.drawing.footing import is_firm
from miaobi.craft.drawing.grounds import sky, terrain
from miaobi.craft.drawing.grounds.stage import Land, Stage, bank
from miaobi.craft.drawing.noise import curve
from miaobi.craft.drawing.shape import Gradient, Layer, Shape
from miaobi.craft.drawing.subjects.subject import subjects


def sea(s: Stage) -> Land:
    """Return open sea with a shore before it."""
    land = Land(water=(s.horizon, s.h * 1.0), calm=0.35 if s.air.weather in ("wind", "storm") else 0.62)
    if s.rng.random() < 0.7:
        left = s.scene.composition in ("thirds-right", "s-curve")
        xs = np.linspace(0, 1, 80)
        run = 0.42 if left else 0.58
        along = xs * run if left else run + xs * (1 - run)
        fall = 1 - xs if left else xs
        y = s.horizon - s.h * (0.10 * fall**0.8 * (1 + 0.35 * curve(s.rng, 80, 5, 4)) + 0.004)
        line = np.stack([along * s.w, np.minimum(y, s.horizon)], 1)
        far = Layer("headland", 0.62, terrain.cliff(s.air, s.rng, line, s.horizon + 0.004 * s.h, "#8d8576", 0.60))
        top = line.copy()
        top[:, 1] += s.h * 0.014 * fall
        far.shapes.append(Shape((np.concatenate([line, top[::-1]]),), s.air.tint(s.green, 0.75, 0.58), s.cover, 0))
        land.behind.append(far)
        land.mirror.append(far)
    land.before.append(_sea_shore(s, _near_bank(s, 0.86)))
    return land


def _near_bank(s: Stage, usual: float) -> float:
    """Return where the near bank begins, a share of the height: farther off where somebody must stand on it."""
    begins = bank_of(s.scene)
    if any(is_firm(subjects()[p.id]) for p in s.scene.subjects):
        return min(usual, begins)
    return max(usual, begins + 0.02) if s.scene.view != "high" else 0.80


def _sea_shore(s: Stage, top: float) -> Layer:
    snowy = s.cover == "snow"
    sand = "#e6ebf0" if snowy else "#d6c19a" if s.air.season != "winter" else "#c2bba6"
    shore = bank(s, top, 0.10, sand, "snow" if snowy else "sand", rise=0.06)
    rng = s.rng
    way = 1 if s.scene.composition in ("thirds-right", "s-curve") else -1
    edge = np.linspace(-0.02, 1.02, 120)
    line = np.stack([edge * s.w, (top + 0.004 - 0.06 * way * (edge - 0.5)) * s.h], 1)
    tone = mix(s.air.tint("#8f7a58", 0.35, 0.1), s.air.sky[2], 0.25)
    wet = Gradient(((0, tone, 0.75), (1, tone, 0.0)), (0, (top - 0.03) * s.h), (0, (top + 0.09) * s.h))
    ring = np.concatenate([line, line[::-1] + [0, 0.055 * s.h]])
    shore.shapes.append(Shape((ring,), wet, "sand", 0, 1.0, False, False))
    for k in range(3):
        xs = np.linspace(-0.02, 1.02, 120)
        slope = 0.06 * (xs - 0.5) * way
        level = (top - 0.012 - 0.016 * k - slope + 0.008 * curve(rng, 120, 7, 4)) * s.h
        wide = s.h * 0.006 * (1.2 + curve(rng, 120, 14, 4)) * (1.3 - 0.25 * k)
        edge = np.stack([xs * s.w, level], 1)
        ring = np.concatenate([edge, (edge + np.stack([xs * 0, np.maximum(wide, 0)], 1))[::-1]])
        shore.shapes.append(Shape((ring,), s.air.tint("#f4f5f0", 0.9, 0.12), "snow", 0, 0.75, False, False))
    for _ in range(34):
        t = rng.random()
        x, y, r = rng.uniform(0, s.w), s.h * (top + 0.04 + (0.96 - top) * t), s.h * (0.004 + 0.014 * t * rng.random())
        shore.shapes.append(
            Shape(
                (
                    np.array(
                        [
                            [x - r * 1.6, y],
                            [x - r, y - r * 0.8],
                            [x + r * 0.4, y - r],
                            [x + r * 1.5, y - r * 0.2],
                            [x + r * 1.3, y + r * 0.2],
                        ]
                    ),
                ),
                s.air.tint("#7d756a", 0.25, 0.05),
                "stone",
                0,
                1.0,
                True,
            )
        )
        shore.shapes.append(
            Shape(
                (
                    np.array(
                        [
                            [x, y - r * 0.2],
                            [x + s.air.side * r * 1.3, y - r * 0.3],
                            [x + s.air.side * r * 0.4, y - r * 0.95],
                            [x - s.air.side * r * 0.3, y - r * 0.8],
                        ]
                    ),
                ),
                s.air.tint("#8d8578", 0.95, 0.05),
                "stone",
                0,
                1.0,
                True,
            )
        )
    return shore


def lake(s: Stage) -> Land:
    """Return a lake among mountains."""
    land = Land(water=(s.horizon, s.h), calm=0.88 if s.air.weather in ("clear", "mist", "cloudy", "snow") else 0.5)
    snow = 0.55 if s.air.season != "summer" else 0.72
    far = s.distance(0.28, 0.74, snow=snow)
    near = s.range(
        0.17,
        0.50,
        peaks=4,
        spread=0.28,
        steep=1.2,
        growth=s.green if s.cover != "snow" else "#5d7260",
        snow=2.0 if s.cover != "snow" else 0.3,
        name="near mountains",
    )
    wood = s.woods(s.scene.horizon, 0.05, 0.42, 9, "conifers" if s.rng.random() < 0.5 else "wood")
    land.behind += [*far, sky.veil(s.air, s.rng, s.w, s.horizon - 0.07 * s.h, 0.10 * s.h, 0.75), near, wood]
    land.mirror += [*far, near, wood]
    near_bank = _near_bank(s, 0.87)
    land.before.append(bank(s, near_bank))
    land.before.append(s.tufts(near_bank, 1.01, 150))
    return land


def river(s: Stage) -> Land:
    """Return a river between two banks."""
    land = Land(water=(s.horizon, s.h), calm=0.8 if s.air.weather not in ("wind", "storm") else 0.45)
    far = s.distance(0.22, 0.78, growth="#6f8066")
    near = s.range(
        0.12,
        0.56,
        peaks=5,
        spread=0.20,
        growth=s.green if s.cover != "snow" else "#7d8a80",
        snow=2.0 if s.cover != "snow" else 0.25,
        name="near hills",
    )
    land.behind += [*far, sky.veil(s.air, s.rng, s.w, s.horizon - 0.05 * s.h, 0.10 * s.h, 0.9), near]
    land.mirror += [*far, near]
    for way, reach in ((-1, 0.40), (1, 0.30)):
        xs = np.linspace(0, 1, 70)
        y = s.horizon + s.h * (0.012 + 0.045 * (1 - xs) ** 1.4 + 0.006 * curve(s.rng, 70, 6, 4))
        along = (xs * reach) * s.w if way < 0 else s.w * (1 - xs * reach)
        top = s.horizon - s.h * (0.012 * (1 - xs))
        ring = np.concatenate([np.stack([along, top], 1), np.stack([along, y], 1)[::-1]])
        spit = Layer("far bank", 0.44, [Shape((ring,), s.air.tint(s.green, 0.55, 0.42), s.cover, 0)])
        land.behind.append(spit)
        span = (0.0, reach * 0.75) if way < 0 else (1 - reach * 0.75, 1.0)
        wood = s.woods(s.scene.horizon + 0.012, 0.055, 0.40, 4, "wood", span)
        land.behind.append(wood)
        land.mirror.append(wood)
    near_bank = _near_bank(s, 0.88)
    land.before.append(bank(s, near_bank))
    land.before.append(s.tufts(near_bank, 1.01, 170))
    return land
