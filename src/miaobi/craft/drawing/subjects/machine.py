"""Machines that carry people: bus, tractor, aeroplane, helicopter; they go to the right, 1 high."""

from __future__ import annotations

import numpy as np

from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.shape import bar, curve_through, limb, oval, poly, rect
from miaobi.craft.drawing.subjects.building_part import window
from miaobi.craft.drawing.subjects.vessel import wheel

_GLASS = "#b9cdd4"


def bus(pen: Pen) -> None:
    """Draw a bus, 2.6 long."""
    own = "#c9902f"
    body = curve_through(
        np.array([[-1.3, 0.14], [-1.3, 0.86], [-1.18, 0.98], [1.1, 0.98], [1.28, 0.84], [1.32, 0.14]]), 4
    )
    pen.fill(body, own, 0.5, "metal")
    pen.fill(poly((-1.3, 0.80), (1.3, 0.80), (1.12, 0.98), (-1.18, 0.98)), own, 1.0, "metal")
    pen.fill(rect(-1.3, 0.34, 2.61, 0.06), "#5c2f24", 0.5, "metal")
    for i in range(5):
        window(pen, -1.18 + i * 0.40, 0.48, 0.32, 0.28, lamp=pen.air.dark, bars=False)
    pen.fill(poly((0.92, 0.18), (1.16, 0.18), (1.16, 0.76), (0.92, 0.76)), _GLASS, 0.7, "glass")
    pen.fill(bar(1.04, 0.18, 1.04, 0.76, 0.02), own, 0.3, "metal")
    for x in (-0.82, 0.62):
        wheel(pen, x, 0.16, 0.16, "#26211e", 6)
    pen.shine(oval(1.29, 0.30, 0.035, 0.05), "#fff0c0" if pen.air.dark else "#e8e4d0")


def tractor(pen: Pen) -> None:
    """Draw a tractor."""
    own = "#b8432f"
    pen.fill(bar(0.62, 0.62, 0.62, 0.98, 0.05), "#3a3632", 0.5, "metal")
    pen.fill(poly((0.0, 0.34), (0.98, 0.34), (0.98, 0.62), (0.0, 0.64)), own, 0.5, "metal")
    pen.fill(poly((0.0, 0.58), (0.98, 0.55), (0.98, 0.62), (0.0, 0.66)), own, 1.0, "metal")
    for x in (-0.42, 0.04):
        pen.fill(bar(x, 0.55, x + 0.03, 0.96, 0.045), "#3a3632", 0.5, "metal")
    pen.fill(bar(-0.52, 0.97, 0.18, 0.97, 0.06), own, 0.9, "metal")
    pen.fill(poly((-0.40, 0.58), (0.02, 0.58), (0.05, 0.93), (-0.38, 0.93)), _GLASS, 0.8, "glass", opacity=0.7)
    pen.fill(limb([(-0.78, 0.52, 0.04), (-0.40, 0.76, 0.05), (-0.02, 0.56, 0.04)]), own, 0.6, "metal")
    wheel(pen, -0.40, 0.36, 0.36, "#2a2622", 10)
    wheel(pen, 0.72, 0.20, 0.20, "#2a2622", 8)


def aeroplane(pen: Pen) -> None:
    """Draw an aeroplane with a propeller, 2.6 long, climbing a little."""
    own, wing = "#c8452f", "#e2d8c2"
    pen.fill(poly((-1.12, 0.52), (-1.32, 1.0), (-1.08, 1.0), (-0.80, 0.60)), own, 0.5, "metal")
    pen.fill(poly((0.02, 0.60), (-0.30, 0.88), (-0.02, 0.88), (0.42, 0.62)), wing, 0.25, "metal")
    body = [(-1.25, 0.56, 0.05), (-0.6, 0.52, 0.13), (0.3, 0.50, 0.21), (0.95, 0.50, 0.19), (1.10, 0.50, 0.15)]
    pen.limbs([body], own, "metal", grain=2)
    pen.fill(poly((0.20, 0.66), (0.34, 0.86), (0.62, 0.84), (0.74, 0.66)), _GLASS, 0.9, "glass", opacity=0.45)
    pen.fill(poly((-0.10, 0.42), (-0.62, 0.08), (-0.30, 0.06), (0.52, 0.40)), wing, 0.85, "metal")
    pen.fill(poly((-1.20, 0.50), (-1.42, 0.36), (-1.22, 0.36), (-0.95, 0.50)), wing, 0.8, "metal")
    pen.fill(oval(1.22, 0.50, 0.05, 0.06), "#3a3632", 0.6, "metal")
    pen.fill(oval(1.25, 0.50, 0.03, 0.42), "#d9d4c6", 0.8, "glass", opacity=0.45)
    for x in (0.35, 0.75):
        pen.fill(bar(x, 0.32, x + 0.04, 0.12, 0.03), "#3a3632", 0.4, "metal")
        pen.fill(oval(x + 0.05, 0.09, 0.09, 0.09), "#26211e", 0.4, "metal")


def helicopter(pen: Pen) -> None:
    """Draw a helicopter."""
    own = "#3f6f86"
    pen.limbs([[(-0.2, 0.50, 0.10), (-0.9, 0.58, 0.05), (-1.35, 0.66, 0.035)]], own, "metal")
    pen.fill(oval(-1.38, 0.70, 0.20, 0.20), "#cfd3d0", 0.8, "glass", opacity=0.5)
    pen.limbs([[(-0.25, 0.44, 0.22), (0.15, 0.44, 0.29), (0.42, 0.40, 0.22)]], own, "metal")
    nose = curve_through(np.array([[0.20, 0.62], [0.44, 0.60], [0.62, 0.46], [0.64, 0.36], [0.22, 0.36]]), 4)
    pen.fill(nose, _GLASS, 0.9, "glass")
    pen.fill(bar(0.02, 0.70, 0.02, 0.90, 0.06), "#3a3632", 0.5, "metal")
    pen.fill(limb([(-1.15, 0.93, 0.012), (0.0, 0.95, 0.030), (1.20, 0.93, 0.012)]), "#33302c", 0.6, "metal")
    for x in (-0.20, 0.28):
        pen.fill(bar(x, 0.20, x, 0.06, 0.03), "#33302c", 0.4, "metal")
    pen.fill(limb([(-0.48, 0.05, 0.022), (0.45, 0.05, 0.022), (0.62, 0.12, 0.02)]), "#33302c", 0.6, "metal")
