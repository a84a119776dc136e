"""Machines, 1 high: what plays, speaks or walks by itself."""

from __future__ import annotations

from miaobi.craft.space.clay import (
    Clay,
    ball,
    block,
    limb,
    moved,
    rope,
    turned,
    without,
)

_DARK, _WOOD = "#2b2320", "#8a5f3a"


def gramophone() -> Clay:
    """Return a gramophone."""
    clay = Clay()
    clay.add(block((0, 0, 0.14), (0.74, 0.66, 0.26), 0.03), "#7a4f30")
    clay.add(block((0, 0, 0.03), (0.82, 0.74, 0.06), 0.02), "#5f3c24")
    clay.add(turned(((0.27, 0.27), (0.27, 0.305))), _DARK)
    clay.add(turned(((0.09, 0.29), (0.09, 0.315))), "#c8402e")
    clay.add(
        rope(
            [(-0.05, 0.10, 0.33), (-0.22, 0.24, 0.36), (-0.26, 0.24, 0.52), (-0.16, 0.12, 0.62)],
            [0.035, 0.042, 0.05, 0.06],
        ),
        "#c8a24a",
        0.02,
    )
    horn = turned(((0.05, 0.0), (0.08, 0.16), (0.15, 0.30), (0.30, 0.42), (0.31, 0.44)), rounding=0.012)
    hollow = turned(((0.02, 0.10), (0.06, 0.20), (0.12, 0.33), (0.28, 0.46)))
    clay.add(moved(without(horn, hollow), (-0.17, 0.13, 0.56), pitch=28, roll=38), "#d8b450", 0.02)
    clay.add(rope([(0.37, 0.1, 0.14), (0.46, 0.1, 0.14), (0.46, 0.1, 0.26)], 0.028), "#c4c8cc", 0.01)
    return clay


def radio() -> Clay:
    """Return a wireless with a dial, a grille of slats and a handle."""
    clay = Clay()
    clay.add(block((0, 0, 0.42), (1.16, 0.40, 0.76), 0.10), "#8a4f30")
    clay.add(block((0, -0.185, 0.42), (1.02, 0.06, 0.62), 0.03), "#e6d6b4", 0.01)
    for i in range(6):
        clay.add(block((-0.22, -0.215, 0.22 + 0.08 * i), (0.46, 0.04, 0.042), 0.018), "#6b4a34")
    dial = moved(turned(((0.17, 0.0), (0.17, 0.03), (0.15, 0.045), (0.0, 0.045)), rounding=0.006), pitch=90)
    clay.add(moved(dial, (0.29, -0.21, 0.52)), "#d8b450")
    clay.add(limb((0.29, -0.262, 0.52), (0.37, -0.262, 0.60), 0.017), "#c8402e")
    for x in (0.19, 0.39):
        knob = moved(turned(((0.062, 0.0), (0.062, 0.05), (0.05, 0.065), (0.0, 0.065))), pitch=90)
        clay.add(moved(knob, (x, -0.21, 0.24)), _DARK)
    clay.add(rope([(-0.40, 0, 0.76), (-0.36, 0, 0.90), (0.36, 0, 0.90), (0.40, 0, 0.76)], 0.032), "#5f3c24", 0.01)
    for x in (-0.46, 0.46):
        clay.add(block((x, 0, 0.03), (0.16, 0.34, 0.06), 0.02), _DARK)
    whole = Clay()
    whole.place(clay, size=0.84)
    return whole


def robot() -> Clay:
    """Return a robot of tin."""
    tin, pale, red = "#9db0b8", "#dfe6e6", "#c8402e"
    clay = Clay()
    for side in (-1, 1):
        clay.add(block((side * 0.115, -0.03, 0.035), (0.17, 0.27, 0.07), 0.025), "#4f5b63")
        clay.add(limb((side * 0.115, 0, 0.06), (side * 0.115, 0, 0.28), 0.058), tin, 0.01)
        clay.add(
            rope([(side * 0.25, 0, 0.56), (side * 0.33, -0.02, 0.42), (side * 0.31, -0.12, 0.31)], 0.045), tin, 0.01
        )
        clay.add(ball((side * 0.26, 0, 0.565), 0.072), "#4f5b63")
        clay.add(ball((side * 0.31, -0.13, 0.30), 0.062), red)
        clay.add(ball((side * 0.085, -0.165, 0.80), 0.052), "#e8c24a")
        clay.add(ball((side * 0.085, -0.205, 0.80), 0.024), _DARK)
        clay.add(limb((side * 0.20, 0, 0.79), (side * 0.245, 0, 0.79), 0.05), red)
    clay.add(block((0, 0, 0.45), (0.44, 0.30, 0.36), 0.05), tin)
    clay.add(block((0, -0.145, 0.47), (0.30, 0.05, 0.20), 0.02), pale)
    for i, colour in enumerate((red, "#e8c24a", "#5f9a6a")):
        clay.add(ball((-0.09 + 0.09 * i, -0.165, 0.505), 0.028), colour)
    clay.add(limb((-0.09, -0.165, 0.42), (0.09, -0.165, 0.42), 0.016), _DARK)
    clay.add(limb((0, 0, 0.60), (0, 0, 0.70), 0.07), "#4f5b63")
    clay.add(block((0, 0, 0.78), (0.40, 0.32, 0.25), 0.05), tin)
    clay.add(limb((-0.075, -0.155, 0.705), (0.075, -0.155, 0.705), 0.02), _DARK)
    clay.add(limb((0, 0, 0.88), (0, 0, 0.96), 0.022), "#4f5b63")
    clay.add(ball((0, 0, 0.975), 0.042), red)
    return clay
