from __future__ import annotations

import io

import numpy as np
import pytest
import trimesh

from miaobi.craft.space.files import WRITERS
from miaobi.craft.space.fitness import overhang
from miaobi.craft.space.mesh import Mesh, faults
from miaobi.craft.space.shaping import lathe, relief
from miaobi.work import Imprint

IMPRINT = Imprint(
    identifier="i",
    notice="AI-generated (miaobi, toy)",
    language="en",
    title="T <1>",
    aigc={"Label": "1"},
    generator="g",
)
PROFILE = np.array([(16.0, 0.0), (30.0, 0.4), (12.0, 0.8), (15.0, 1.0)])
SOLIDS = {
    "relief": relief(np.random.default_rng(1).random((9, 14)) * 3, 60, 2.4),
    "plain": lathe(PROFILE, 80, 2.4),
    "solid": lathe(PROFILE, 80),
    "fluted": lathe(PROFILE, 80, 2.4, lobes=7, twist=40, depth=1.4),
}


@pytest.mark.parametrize("name", SOLIDS)
def test_solid_is_closed_by_our_check_and_by_trimesh(name: str) -> None:
    mesh = SOLIDS[name]
    other = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    assert faults(mesh) == []
    assert other.is_watertight
    assert other.is_winding_consistent
    assert other.volume == pytest.approx(mesh.volume)
    assert mesh.volume > 0


@pytest.mark.parametrize("coloured", [False, True])
@pytest.mark.parametrize("ending", WRITERS)
def test_file_is_read_back_as_the_same_solid(ending: str, coloured: bool) -> None:
    mesh = SOLIDS["fluted"]
    if coloured:
        tint = np.random.default_rng(2).random(mesh.vertices.shape).astype(np.float32)
        mesh = Mesh(mesh.vertices, mesh.faces, tint)
    content = WRITERS[ending](mesh, IMPRINT)
    read = trimesh.load(io.BytesIO(content), file_type=ending, force="mesh")
    read.merge_vertices(merge_norm=True)
    scale = 1000 if ending == "glb" else 1
    assert read.is_watertight
    assert read.volume * scale**3 == pytest.approx(mesh.volume, rel=1e-3)
    assert content == WRITERS[ending](mesh, IMPRINT)


def test_what_is_broken_is_named() -> None:
    mesh = SOLIDS["plain"]
    assert any("closed" in f for f in faults(Mesh(mesh.vertices, mesh.faces[1:])))
    assert any("manifold" in f for f in faults(Mesh(mesh.vertices, np.concatenate([mesh.faces, mesh.faces[:1]]))))
    assert any("inside out" in f for f in faults(Mesh(mesh.vertices, mesh.faces[:, ::-1])))
    assert any("no number" in f for f in faults(Mesh(mesh.vertices * np.nan, mesh.faces)))


def test_a_slab_has_no_overhang_and_a_vessel_that_widens_has() -> None:
    assert overhang(SOLIDS["relief"]) == 0
    wide = lathe(np.array([(8.0, 0.0), (60.0, 0.3), (62.0, 1.0)]), 80, 2.4)
    assert overhang(wide) > 0.05
