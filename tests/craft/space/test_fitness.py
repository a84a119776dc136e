"""What a printer should know: thin walls, loose pieces, overhang, what falls over."""

from __future__ import annotations

import numpy as np
import pytest

from miaobi.craft.space.clay import Clay, ball, block, without
from miaobi.craft.space.fitness import findings, tipping_angle
from miaobi.craft.space.isosurface import surface
from miaobi.craft.space.mesh import Mesh, joined
from miaobi.craft.space.rays import walls


def _mesh(*blocks: tuple[tuple[float, float, float], tuple[float, float, float]]) -> Mesh:
    clay = Clay()
    for centre, size in blocks:
        clay.add(block(centre, size), "#ffffff")
    low, high = clay.box
    return surface(clay.distance, low - 0.5, high + 0.5, 0.5)


def _rules(mesh: Mesh) -> set[str]:
    return {f.rule for f in findings(mesh)}


def test_sound_block_has_nothing_to_tell() -> None:
    assert findings(_mesh(((0, 0, 6), (20, 16, 12)))) == []


@pytest.mark.parametrize("thick", [0.6, 2.0])
def test_wall_is_measured_and_a_thin_one_told(thick: float) -> None:
    shell = without(ball((0, 0, 0), 12), ball((0, 0, 0), 12 - thick))
    mesh = surface(shell.distance, np.full(3, -13.0), np.full(3, 13.0), 0.3)
    assert np.median(walls(mesh, 0.4).thickness) == pytest.approx(thick, abs=0.05)
    assert ("thin-wall" in {f.rule for f in findings(mesh)}) == (thick < 0.8)


def test_what_falls_over_is_told_with_its_angle() -> None:
    tower = _mesh(((0, 0, 40), (8, 8, 80)))
    assert tipping_angle(tower) == pytest.approx(
        np.degrees(np.arctan2(4, 40)), abs=0.9
    )  # sharp edges are cut by a cell
    assert "balance" in _rules(tower)
    gallows = _mesh(((0, 0, 10), (4, 4, 20)), ((12, 0, 19), (28, 4, 4)))
    assert tipping_angle(gallows) < 0
    assert {"balance", "overhang"} <= _rules(gallows)


def test_loose_pieces_are_counted() -> None:
    one = _mesh(((0, 0, 5), (10, 10, 10)))
    two = Mesh(one.vertices + np.array([20, 0, 0]), one.faces)
    assert "pieces" in _rules(joined([one, two]))


def test_surface_through_itself_is_told() -> None:
    one = _mesh(((0, 0, 5), (10, 10, 10)))
    crossed = Mesh(one.vertices + np.array([4.1, 3.3, 0]), one.faces)
    assert "overlap" in _rules(joined([one, crossed]))
