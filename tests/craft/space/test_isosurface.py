"""Marching cubes whose table is derived: whatever the field, the surface is closed and manifold."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from miaobi.craft.space.clay import Clay, ball, block, limb, moved, ring, turned
from miaobi.craft.space.isosurface import marched, surface
from miaobi.craft.space.mesh import faults, largest, pieces


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_surface_of_any_field_is_closed_and_manifold(seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(6, 7, 5)).astype(np.float32)
    mesh = marched(values, np.zeros(3), 1.0)
    assert faults(mesh) == []
    assert trimesh.Trimesh(mesh.vertices, mesh.faces, process=False).is_watertight


def test_every_case_of_a_cube_gives_a_closed_surface() -> None:
    for case in range(1, 256):
        corners = np.array([-1.0 if case >> i & 1 else 1.0 for i in range(8)], np.float32)
        assert faults(marched(corners.reshape(2, 2, 2).transpose(2, 1, 0), np.zeros(3), 1.0)) == []


def test_ball_has_the_volume_of_a_ball() -> None:
    mesh = surface(ball((1, 2, 3), 20).distance, np.full(3, -21.0), np.full(3, 25.0), 0.8)
    assert mesh.volume == pytest.approx(4 / 3 * np.pi * 20**3, rel=0.002)
    assert mesh.centre == pytest.approx([1, 2, 3], abs=0.02)


def test_blocks_that_are_passed_over_change_nothing() -> None:
    clay = Clay()
    clay.add(turned(((9, 0), (4, 12), (6, 20)), rounding=1), "#102030")
    clay.add(moved(ring((0, 0, 0), 8, 2), (3, 0, 15), pitch=40), "#a0b0c0", 3.0)
    clay.cut(limb((-9, 0, 4), (9, 0, 4), 1.5), "#ffffff", 1.0)
    low, high = clay.box
    sparse = surface(clay.distance, low, high, 0.7)
    shape = (np.ceil((high - low) / 0.7 / 8).astype(int) + 1) * 8 + 1
    origin = (low + high) / 2 - (shape - 1) * 0.7 / 2
    points = origin + 0.7 * np.indices(shape).reshape(3, -1).T
    dense = marched(clay.distance(points).reshape(shape).astype(np.float32), origin, 0.7)
    assert (sparse.faces == dense.faces).all()
    assert np.abs(sparse.vertices - dense.vertices).max() < 1e-3


def test_largest_piece_is_kept_and_hollows_are_filled() -> None:
    clay = Clay()
    clay.add(ball((0, 0, 0), 10), "#ffffff")
    clay.add(ball((20, 0, 0), 3), "#ffffff")
    clay.cut(ball((0, 0, 0), 4), "#ffffff")
    mesh = surface(clay.distance, np.full(3, -12.0), np.array([24.0, 12, 12]), 0.9)
    assert pieces(mesh).max() == 2
    whole = largest(mesh)
    assert faults(whole) == []
    assert whole.volume == pytest.approx(4 / 3 * np.pi * 1000, rel=0.01)


def test_colours_are_those_of_the_nearest_part() -> None:
    clay = Clay()
    clay.add(block((0, 0, 0), (10, 10, 10)), "#ff0000")
    clay.add(ball((0, 0, 12), 6), "#0000ff", 1.0)
    found = clay.colours(np.array([[0.0, -5, -3], [0, 0, 18]]))
    assert found == pytest.approx(np.array([[1.0, 0, 0], [0, 0, 1]]), abs=0.02)
