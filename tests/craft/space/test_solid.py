from __future__ import annotations

import io
import zipfile

import cv2
import numpy as np
import pytest
import trimesh

from miaobi.craft.space.files import WRITERS
from miaobi.craft.space.fitness import overhang
from miaobi.craft.space.inscription import set_words
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


def test_colour_of_a_3mf_is_said_once_where_there_is_one() -> None:
    plain, tint = SOLIDS["plain"], np.full(SOLIDS["plain"].vertices.shape, 0.5, np.float32)
    one = _model(Mesh(plain.vertices, plain.faces, tint))
    tint = tint.copy()
    tint[0] = 1
    two = _model(Mesh(plain.vertices, plain.faces, tint))
    assert 'type="model" pid="2" pindex="0"' in one
    assert " p1=" not in one
    assert two.count(" p1=") == len(plain.faces)
    assert (one.count("<m:color "), two.count("<m:color ")) == (1, 2)


def _model(mesh: Mesh) -> str:
    package = zipfile.ZipFile(io.BytesIO(WRITERS["3mf"](mesh, IMPRINT)))
    return package.read("3D/3dmodel.model").decode()


def test_words_are_the_same_wherever_in_memory_they_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    transform, threads = cv2.distanceTransform, cv2.getNumThreads()

    def field(offset: int) -> bytes:
        def placed(picture: np.ndarray, *how: int) -> np.ndarray:
            memory = np.empty(4 * picture.size + 64, np.uint8)
            start = -memory.ctypes.data % 32 + offset
            there = memory[start : start + 4 * picture.size].view(np.float32).reshape(picture.shape)
            return transform(picture, *how, dst=there)

        monkeypatch.setattr(cv2, "distanceTransform", placed)
        return set_words(("Anna",), 12.0).field.tobytes()

    together = field(0)
    cv2.setNumThreads(1)
    alone = [field(offset) for offset in (0, 16)]
    cv2.setNumThreads(threads)
    assert alone == [together, together]
