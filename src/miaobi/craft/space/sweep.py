"""Sweep: a section that runs along a curve: knots, spirals, arches, bands with a twist.

The section's frame is carried along without turning about the curve (Bishop, 1975), then turned evenly so that it
closes.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cosh

import numpy as np
import numpy.typing as npt

from miaobi.craft.space.clay import Shape

Points = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """Points along a curve, (n, 3); whether it runs back into itself."""

    points: Points
    closed: bool


def torus_knot(p: int, q: int, radius: float, tube: float) -> Curve:
    """Return the knot that winds *p* times about the axis of a standing torus and *q* times through it."""
    t = np.linspace(0, 2 * np.pi, 420, endpoint=False)
    reach = radius + tube * np.cos(q * t)
    return Curve(np.stack([reach * np.cos(p * t), tube * np.sin(q * t), reach * np.sin(p * t)], 1), closed=True)


def figure_eight_knot(radius: float) -> Curve:
    """Return the knot of four crossings."""
    t = np.linspace(0, 2 * np.pi, 420, endpoint=False)
    reach = 2 + np.cos(2 * t)
    points = np.stack([reach * np.cos(3 * t), 1.15 * np.sin(4 * t), reach * np.sin(3 * t)], 1)
    return Curve(points * radius / 3, closed=True)


def ring(radius: float) -> Curve:
    """Return a standing circle."""
    t = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    return Curve(np.stack([radius * np.cos(t), np.zeros_like(t), radius * np.sin(t)], 1), closed=True)


def infinity(radius: float) -> Curve:
    """Return Bernoulli's lemniscate, lifted where it crosses."""
    t = np.linspace(0, 2 * np.pi, 320, endpoint=False)
    under = 1 + np.sin(t) ** 2
    points = np.stack([np.cos(t) / under, 0.16 * np.sin(t), 1.25 * np.sin(t) * np.cos(t) / under], 1)
    return Curve(points * radius, closed=True)


def spiral(radius: float, height: float, turns: float) -> Curve:
    """Return a helix that narrows upwards."""
    t = np.linspace(0, 1, 420)
    reach = radius * (1 - 0.72 * t)
    a = 2 * np.pi * turns * t
    return Curve(np.stack([reach * np.cos(a), reach * np.sin(a), height * t], 1), closed=False)


def arch(width: float, height: float) -> Curve:
    """Return a hanging chain turned over: the arch that stands by its own weight (Hooke, 1675)."""
    low, high = 1e-3, 50.0
    for _ in range(80):  # cosh(k) - 1 rises as height / (width / 2) does
        k = (low + high) / 2
        low, high = (k, high) if (cosh(k) - 1) / k < height / (width / 2) else (low, k)
    x = np.linspace(-1, 1, 240)
    z = height * (np.cosh(k) - np.cosh(k * x)) / (np.cosh(k) - 1)
    return Curve(np.stack([x * width / 2, np.zeros_like(x), z], 1), closed=False)


def swept(curve: Curve, wide: float | Floats, flat: float = 1.0, twist: float = 0.0) -> Shape:
    """Return a section that runs along *curve*: an ellipse for *flat* 1, else a rounded bar *flat* times as thick as
    wide.

    *wide*: half its width, mm, one number or one for each point. *twist*: degrees that it turns on the way; for a
    closed curve a multiple of 180.
    """
    points = curve.points
    half = np.broadcast_to(np.asarray(wide, float), (len(points),))
    tangent, normal, binormal = _frames(curve, twist)
    squares, single = (points**2).sum(axis=1).astype(np.float32), points.astype(np.float32)
    spacing = np.linalg.norm(np.roll(points, -1, axis=0) - points, axis=1)

    def distance(p: Points) -> Floats:
        out = np.empty(len(p))
        for start in range(0, len(p), 20_000):
            q = p[start : start + 20_000]
            near = (squares - 2 * (q.astype(np.float32) @ single.T)).argmin(axis=1)
            d = q - points[near]
            along = (d * tangent[near]).sum(1)
            if flat == 1.0:
                gap = np.sqrt(
                    np.maximum((d * d).sum(1) - (along * along if curve.closed else _past(along, near, len(points))), 0)
                )
                out[start : start + 20_000] = gap - half[near]
                continue
            beside = (near + np.where(along > 0, 1, -1)) % len(points) if curve.closed else near
            share = np.clip(np.abs(along) / spacing[near], 0, 0.5)[:, None]
            d = d - along[:, None] * tangent[near]
            same = np.sign((normal[near] * normal[beside]).sum(1))[
                :, None
            ]  # a band of odd half turns meets itself turned over
            u = np.abs((d * (normal[near] + share * (same * normal[beside] - normal[near]))).sum(1))
            v = np.abs((d * (binormal[near] + share * (same * binormal[beside] - binormal[near]))).sum(1))
            thick = half[near] * flat
            bend = np.minimum(half[near], thick) * 0.6
            a, b = u - half[near] + bend, v - thick + bend
            gap = np.hypot(np.maximum(a, 0), np.maximum(b, 0)) + np.minimum(np.maximum(a, b), 0) - bend
            if not curve.closed:
                ends = (near == 0) & (along < 0) | (near == len(points) - 1) & (along > 0)
                gap = np.where(ends, np.maximum(gap, np.abs(along)), gap)
            out[start : start + 20_000] = gap
        return out

    reach = float((half * max(1.0, flat) * 1.5).max())
    return Shape(distance, points.min(axis=0) - reach, points.max(axis=0) + reach)


def _past(along: Floats, near: npt.NDArray[np.int64], count: int) -> Floats:
    """Return what of the way along the curve counts as on it: nothing beyond its ends, which are round."""
    ends = (near == 0) & (along < 0) | (near == count - 1) & (along > 0)
    return np.where(ends, 0.0, along * along)


def _frames(curve: Curve, twist: float) -> tuple[Points, Points, Points]:
    points = curve.points
    ends = np.gradient(points, axis=0)
    tangent = np.roll(points, -1, axis=0) - np.roll(points, 1, axis=0) if curve.closed else ends
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    first = np.cross(tangent[0], [0.0, 1.0, 0.0])
    if np.linalg.norm(first) < 1e-6:
        first = np.cross(tangent[0], [1.0, 0.0, 0.0])
    normal = np.empty_like(points)
    normal[0] = first / np.linalg.norm(first)
    for i in range(1, len(points)):
        n = normal[i - 1] - (normal[i - 1] @ tangent[i]) * tangent[i]
        normal[i] = n / np.linalg.norm(n)
    binormal = np.cross(tangent, normal)
    back = 0.0
    if curve.closed:  # what the carried frame is off when it comes back
        n = normal[-1] - (normal[-1] @ tangent[0]) * tangent[0]
        back = float(np.arctan2(n @ binormal[0], n @ normal[0]))
    turn = (np.radians(twist) - back) * np.linspace(0, 1, len(points), endpoint=not curve.closed)
    c, s = np.cos(turn)[:, None], np.sin(turn)[:, None]
    return tangent, c * normal + s * binormal, c * binormal - s * normal
