"""Solids from files of anyone's: read as trimesh reads them, or refused with what is wrong."""

from __future__ import annotations

import io
import json
import struct
import zipfile

import numpy as np
import pytest
import trimesh

from miaobi.craft.space.files import WRITERS
from miaobi.craft.space.fitness import findings
from miaobi.craft.space.mesh import Mesh, faults
from miaobi.craft.space.opening import opened
from miaobi.craft.space.shaping import lathe
from miaobi.errors import InputFileError
from miaobi.work import Imprint

IMPRINT = Imprint(identifier="i", notice="AI", language="en", title="T", aigc={"Label": "1"}, generator="g")
VASE = lathe(np.array([(16.0, 0.0), (30.0, 0.4), (12.0, 0.8), (15.0, 1.0)]), 80, 2.4, segments=24)


@pytest.mark.parametrize("ending", WRITERS)
def test_what_we_write_is_read_as_the_same_solid(ending: str) -> None:
    mesh = opened(WRITERS[ending](VASE, IMPRINT), ending, "it")
    assert faults(mesh) == []
    assert mesh.volume == pytest.approx(VASE.volume, rel=1e-3)
    assert mesh.size == pytest.approx(VASE.size, rel=1e-4)


@pytest.mark.parametrize("ending", ["stl", "obj", "glb"])
def test_what_trimesh_writes_is_read(ending: str) -> None:
    box = trimesh.creation.box((30, 20, 10))
    if ending == "glb":
        scene = trimesh.Scene()
        turn = trimesh.transformations.rotation_matrix(0.7, [1, 2, 3])
        scene.add_geometry(trimesh.creation.box((0.03, 0.02, 0.01)), transform=turn)
        content = scene.export(file_type="glb")
    else:
        content = box.export(file_type=ending)
    content = content.encode() if isinstance(content, str) else content
    assert opened(content, ending, "it").volume == pytest.approx(6000, rel=1e-4)


def test_stl_in_words_and_faces_of_more_corners_are_read() -> None:
    text = trimesh.creation.box((3, 2, 1)).export(file_type="stl_ascii")
    assert opened(text.encode(), "stl", "it").volume == pytest.approx(6)
    cube = "".join(f"v {i & 1} {i >> 1 & 1} {i >> 2 & 1}\n" for i in range(8))
    quads = "f 1 3 4 2\nf 5 6 8 7\nf 1 2 6 5\nf 3 7 8 4\nf 1 5 7 3\nf -7 -5 -1 -3\n"
    assert opened((cube + quads).encode(), "obj", "it").volume == pytest.approx(1)


def test_components_and_units_of_3mf_are_heeded() -> None:
    content = WRITERS["3mf"](VASE, IMPRINT)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        model = package.read("3D/3dmodel.model").decode()
    twice = '<component objectid="1" transform="2 0 0 0 2 0 0 0 2 0 0 5"/>'
    both = f'<object id="9"><components>{twice}</components></object></resources><build><item objectid="9"'
    model = model.replace('unit="millimeter"', 'unit="centimeter"')
    model = model.replace('</resources><build><item objectid="1"', both)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("3D/3dmodel.model", model)
    assert opened(out.getvalue(), "3mf", "it").volume == pytest.approx(VASE.volume * 8000, rel=1e-3)


def _rules(mesh: Mesh) -> str:
    return " ".join(f.message for f in findings(mesh))


def test_holes_flipped_faces_and_edges_of_too_many_are_told() -> None:
    block = opened(trimesh.creation.icosphere(2, 20).export(file_type="stl"), "stl", "it")
    height = block.corners.mean(axis=1)[:, 2]
    far = np.array([height.argmax(), height.argmin()])
    keep = np.setdiff1d(np.arange(len(block.faces)), far)
    assert "6 edges" in _rules(Mesh(block.vertices, block.faces[keep]))
    assert "2 holes" in _rules(Mesh(block.vertices, block.faces[keep]))
    turned = block.faces.copy()
    turned[5] = turned[5][::-1]
    assert "3 edges have triangles that face opposite ways" in _rules(Mesh(block.vertices, turned))
    fin = np.concatenate([block.faces, [[block.faces[0, 0], block.faces[0, 1], block.faces[9, 2]]]])
    assert "more than two triangles" in _rules(Mesh(block.vertices, fin))
    assert "inside out" in _rules(Mesh(block.vertices, block.faces[:, ::-1]))


def _zipped(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name.replace("__", "/").replace("_model", ".model"), text)
    return out.getvalue()


def _glb(document: object, body: bytes = b"") -> bytes:
    text = json.dumps(document).encode()
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(body), b"BIN\0") + body
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


_ACCESSOR = {"bufferView": 0, "componentType": 5126, "count": 3_000_000, "type": "VEC3"}
_ONE = {
    "scenes": [{"nodes": [0]}],
    "nodes": [{"mesh": 0}],
    "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
    "accessors": [_ACCESSOR],
    "bufferViews": [{"byteLength": 9}],
}
_CORE = 'xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02"'

_CIRCLE = (
    f"<model {_CORE}><resources><object id='1'><components><component objectid='1'/></components></object></resources>"
    "<build><item objectid='1'/></build></model>"
)


@pytest.mark.parametrize(
    ("ending", "content", "says"),
    [
        ("stl", b"", "no STL"),
        ("stl", b"\0" * 84, "no triangles"),
        ("stl", b"\0" * 80 + struct.pack("<I", 4_000_000_000), "4,000,000,000 triangles"),
        ("stl", WRITERS["stl"](VASE, IMPRINT)[:-1000], "cut short"),
        ("stl", b"solid x\nfacet\nvertex 1 2 x\nvertex 1 2 3\nvertex 1 2 3", "number"),
        ("stl", b"solid x\nvertex 1 2 3\n", "three corners"),
        ("stl", b"\0" * 80 + struct.pack("<I", 1) + struct.pack("<12fH", *[float("nan")] * 12, 0), "no number"),
        ("obj", b"v 1 2\nf 1 1 1", "three numbers"),
        ("obj", b"v 0 0 0\nf 1 2 3", "corner 3 of 1"),
        ("obj", b"v 0 0 0\nf a b c", "corner"),
        ("obj", b"v 1e300 0 0\nv 0 1 0\nv 0 0 1\nf 1 2 3", "kilometres"),
        ("obj", b"hello", "no triangles"),
        ("3mf", b"PK", "no 3MF"),
        ("3mf", _zipped(a="b"), "without a model"),
        ("3mf", _zipped(x_model="<model"), "well-formed"),
        ("3mf", _zipped(x_model='<!DOCTYPE m [<!ENTITY a "b">]><model>&a;</model>'), "entities"),
        ("3mf", _zipped(x_model=f"<model {_CORE}><build><item objectid='7'/></build></model>"), "7"),
        ("3mf", _zipped(x_model=_CIRCLE), "deep"),
        ("glb", b"glTF", "no GLB"),
        ("glb", _glb(_ONE)[:60], "cut short"),
        ("glb", _glb({}), "no triangles"),
        ("glb", _glb(_ONE, b"\0" * 9), "outside its own buffer"),
        ("glb", _glb({"scenes": [{"nodes": [0]}], "nodes": [{"children": [0]}]}), "circle"),
        ("glb", _glb([1, 2]), "followed"),
    ],
)  # fmt: skip
def test_what_is_broken_or_hostile_is_refused(ending: str, content: bytes, says: str) -> None:
    with pytest.raises(InputFileError, match=says):
        opened(content, ending, "“it”")


def test_package_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("miaobi.craft.space.opening._UNPACKED", 100_000)
    with pytest.raises(InputFileError, match="unpacks to more"):
        opened(_zipped(x_model=" " * 1_000_000), "3mf", "“it”")
