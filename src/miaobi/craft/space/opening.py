"""Opening: a solid from a file of anyone's: STL (binary or text), OBJ, 3MF, GLB. Read as hostile: every count and
place is checked against what is there before it is used, and nothing outside the file is followed.

Lengths are taken as millimetres where the format has no unit (STL, OBJ), by its unit in 3MF, as metres in GLB.
"""

from __future__ import annotations

import io
import json
import re
import struct
import xml.parsers.expat
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from miaobi.craft.space.mesh import Mesh
from miaobi.errors import InputFileError

Points = npt.NDArray[np.float64]
MOST_BYTES = 120_000_000
MOST_TRIANGLES = 2_000_000
_UNPACKED = 400_000_000  # bytes of a 3MF's model
_UNITS = {"micron": 0.001, "millimeter": 1.0, "centimeter": 10.0, "inch": 25.4, "foot": 304.8, "meter": 1000.0}
_DEEP = 8  # components within components


class _BrokenError(Exception):
    """What is wrong with the file, in words that go on after its name."""


def opened(content: bytes, ending: str, name: str) -> Mesh:
    """Return the solid in *content*; InputFileError, with *name* as it is to be shown, for what can't be read."""
    try:
        if len(content) > MOST_BYTES:
            raise _BrokenError(f"has {len(content):,} bytes; at most {MOST_BYTES:,} are read")
        return _plain(READERS[ending](content))
    except _BrokenError as error:
        raise InputFileError(f"{name} {error}.", "Give a solid as STL, OBJ, 3MF or GLB.") from None


def _plain(mesh: Mesh) -> Mesh:
    """Return *mesh* with corners at the same place shared, and without triangles that have lost one."""
    if not len(mesh.faces):
        raise _BrokenError("holds no triangles")
    if not np.isfinite(mesh.vertices).all():
        raise _BrokenError("has a corner that is no number")
    if np.abs(mesh.vertices).max() > 1e7:
        raise _BrokenError("has a corner more than ten kilometres away")
    places, index = np.unique(mesh.vertices, axis=0, return_inverse=True)
    faces = index.reshape(-1)[mesh.faces].astype(np.int64)
    a, b, c = faces.T
    return Mesh(places, faces[(a != b) & (b != c) & (c != a)])


def _many(count: int) -> None:
    if count > MOST_TRIANGLES:
        raise _BrokenError(f"says it has {count:,} triangles; at most {MOST_TRIANGLES:,} are judged")


def _stl(content: bytes) -> Mesh:
    if len(content) >= 84:
        (count,) = struct.unpack("<I", content[80:84])
        if len(content) == 84 + 50 * count or not content.lstrip().startswith(b"solid"):
            _many(count)
            if len(content) < 84 + 50 * count:
                raise _BrokenError(f"is cut short: it says {count:,} triangles and has {(len(content) - 84) // 50:,}")
            rows = np.frombuffer(content, np.dtype([("n", "<f4", 3), ("v", "<f4", (3, 3)), ("a", "<u2")]), count, 84)
            return _soup(rows["v"].astype(float).reshape(-1, 3))
    if not content.lstrip().startswith(b"solid"):
        raise _BrokenError("is no STL")
    found = re.findall(rb"vertex\s+(\S+)\s+(\S+)\s+(\S+)", content)
    _many(len(found) // 3)
    if len(found) % 3:
        raise _BrokenError("has a triangle without three corners")
    return _soup(np.array([[_number(v) for v in row] for row in found], float).reshape(-1, 3))


def _soup(corners: Points) -> Mesh:
    return Mesh(corners, np.arange(len(corners), dtype=np.int64).reshape(-1, 3))


def _number(text: bytes | str) -> float:
    try:
        return float(text)
    except ValueError:
        raise _BrokenError(f"has “{text[:20]!r}” where a number belongs") from None


def _obj(content: bytes) -> Mesh:
    points: list[list[float]] = []
    faces: list[tuple[int, int, int]] = []
    for line in content.decode("utf-8", "replace").splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "v":
            row = [_number(v) for v in rest.split()[:3]]
            if len(row) < 3:
                raise _BrokenError("has a corner without three numbers")
            points.append(row)
        elif word == "f":
            corners = [_corner(part, len(points)) for part in rest.split()]
            faces += [(corners[0], corners[i], corners[i + 1]) for i in range(1, len(corners) - 1)]
            _many(len(faces))
    return _checked(np.array(points, float).reshape(-1, 3), np.array(faces, np.int64).reshape(-1, 3))


def _corner(part: str, known: int) -> int:
    text = part.split("/", 1)[0]
    if not re.fullmatch(r"-?\d{1,9}", text):
        raise _BrokenError(f"has a face with the corner “{text[:20]}”")
    number = int(text)
    return number - 1 if number > 0 else known + number


def _checked(points: Points, faces: npt.NDArray[np.int64]) -> Mesh:
    if len(faces) and (faces.min() < 0 or faces.max() >= len(points)):
        raise _BrokenError(f"has a face with corner {int(faces.max()) + 1} of {len(points):,}")
    return Mesh(points, faces)


def _threemf(content: bytes) -> Mesh:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            models = [i for i in package.infolist() if i.filename.lower().endswith(".model")]
            if not models:
                raise _BrokenError("is a package without a model")
            if sum(i.file_size for i in models) > _UNPACKED:
                raise _BrokenError(f"unpacks to more than {_UNPACKED:,} bytes")
            with package.open(min(models, key=lambda i: len(i.filename))) as file:
                text = file.read(_UNPACKED + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise _BrokenError(f"is no 3MF package: {error}") from None
    if len(text) > _UNPACKED:
        raise _BrokenError(f"unpacks to more than {_UNPACKED:,} bytes")
    return _Model().read(text)


class _Model:
    """What a 3MF's model part says: objects with their meshes and components, and what is to be built of them."""

    def __init__(self) -> None:
        self._objects: dict[str, tuple[list[tuple[float, ...]], list[tuple[int, ...]], list[tuple[str, Points]]]] = {}
        self._now = ""
        self._items: list[tuple[str, Points]] = []
        self._unit = 1.0
        self._triangles = 0

    def read(self, text: bytes) -> Mesh:
        """Return all that is built, in one mesh."""
        parser = xml.parsers.expat.ParserCreate(namespace_separator=" ")
        parser.SetParamEntityParsing(xml.parsers.expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartElementHandler = self._begin

        def refuse(*_: Any) -> None:
            raise _BrokenError("declares entities")

        parser.EntityDeclHandler = refuse
        try:
            parser.Parse(text, True)
        except xml.parsers.expat.ExpatError as error:
            raise _BrokenError(f"is not well-formed: {error}") from None
        parts = [part for name, turn in self._items for part in self._built(name, turn, 0)]
        if not parts:
            raise _BrokenError("builds nothing")
        starts = np.cumsum([0, *(len(p) for p, _ in parts)])
        faces = np.concatenate([f + s for (_, f), s in zip(parts, starts, strict=False)])
        _many(len(faces))
        return Mesh(np.concatenate([p for p, _ in parts]) * self._unit, faces)

    def _begin(self, tag: str, said: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name == "model":
            self._unit = _UNITS.get(said.get("unit", "millimeter"), 1.0)
        elif name == "object":
            self._now = said.get("id", "")
            self._objects[self._now] = ([], [], [])
        elif name == "vertex" and self._now:
            self._objects[self._now][0].append(tuple(_number(said.get(k, "")) for k in "xyz"))
        elif name == "triangle" and self._now:
            self._triangles += 1
            _many(self._triangles)
            corners = [said.get(k, "") for k in ("v1", "v2", "v3")]
            if not all(re.fullmatch(r"\d{1,9}", c) for c in corners):
                raise _BrokenError("has a triangle without three corners")
            self._objects[self._now][1].append(tuple(map(int, corners)))
        elif name == "component" and self._now:
            self._objects[self._now][2].append((said.get("objectid", ""), _turn(said.get("transform", ""))))
        elif name == "item":
            self._items.append((said.get("objectid", ""), _turn(said.get("transform", ""))))

    def _built(self, name: str, turn: Points, depth: int) -> list[tuple[Points, npt.NDArray[np.int64]]]:
        if name not in self._objects or depth > _DEEP:
            raise _BrokenError(
                f"builds the object “{name[:20]}”, which isn't there" if depth <= _DEEP else "nests too deep"
            )
        points, faces, parts = self._objects[name]
        out = []
        if faces:
            mesh = _checked(np.array(points, float).reshape(-1, 3), np.array(faces, np.int64))
            out.append((np.hstack([mesh.vertices, np.ones((len(points), 1))]) @ turn, mesh.faces))
        for part, inner in parts:
            whole = np.hstack([inner, [[0], [0], [0], [1]]]) @ turn
            out += self._built(part, whole, depth + 1)
            _many(sum(len(f) for _, f in out))
        return out


def _turn(text: str) -> Points:
    """Return a 3MF transform, (4, 3): a row vector times it."""
    if not text.strip():
        return np.vstack([np.eye(3), np.zeros((1, 3))])
    values = [_number(v) for v in text.split()]
    if len(values) != 12:
        raise _BrokenError("has a transform without twelve numbers")
    return np.array(values).reshape(4, 3)


def _glb(content: bytes) -> Mesh:
    if content[:4] != b"glTF" or len(content) < 20:
        raise _BrokenError("is no GLB")
    size, kind = struct.unpack("<I4s", content[12:20])
    if kind != b"JSON" or 20 + size > len(content):
        raise _BrokenError("is cut short")
    body = content[20 + size + 8 :]
    try:
        said = json.loads(content[20 : 20 + size])
        parts = list(_nodes(said, body))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, struct.error) as error:
        raise _BrokenError(f"has a glTF document that can't be followed ({type(error).__name__}: {error})") from None
    if not parts:
        raise _BrokenError("holds no triangles")
    starts = np.cumsum([0, *(len(p) for p, _ in parts)])
    faces = np.concatenate([f + s for (_, f), s in zip(parts, starts, strict=False)])
    points = np.concatenate([p for p, _ in parts])[:, [0, 2, 1]] * [1000, -1000, 1000]
    return _checked(points, faces)


def _nodes(said: dict[str, Any], body: bytes) -> Any:
    nodes = said.get("nodes", [])
    scene = said["scenes"][said.get("scene", 0)]["nodes"] if said.get("scenes") else range(len(nodes))
    waiting = [(int(i), np.eye(4), 0) for i in scene]
    seen = 0
    while waiting:
        number, above, depth = waiting.pop()
        seen += 1
        if seen > 10_000 or depth > 64:
            raise _BrokenError("has too many nodes, or nodes in a circle")
        node = nodes[number]
        here = above @ _matrix(node)
        waiting += [(int(c), here, depth + 1) for c in node.get("children", [])]
        if "mesh" in node:
            for primitive in said["meshes"][node["mesh"]]["primitives"]:
                if primitive.get("mode", 4) == 4:
                    yield _primitive(said, body, primitive, here)


def _primitive(
    said: dict[str, Any], body: bytes, primitive: dict[str, Any], here: Points
) -> tuple[Points, npt.NDArray[np.int64]]:
    if "KHR_draco_mesh_compression" in primitive.get("extensions", {}):
        raise _BrokenError("is compressed (Draco), which isn't unpacked here")
    points = _accessor(said, body, primitive["attributes"]["POSITION"]).astype(float)
    if "indices" in primitive:
        faces = _accessor(said, body, primitive["indices"]).astype(np.int64).reshape(-1)
    else:
        faces = np.arange(len(points), dtype=np.int64)
    triangles = faces[: len(faces) // 3 * 3].reshape(-1, 3)
    _many(len(triangles))
    mesh = _checked(points, triangles)
    return (np.hstack([mesh.vertices, np.ones((len(points), 1))]) @ here.T)[:, :3], mesh.faces


def _accessor(said: dict[str, Any], body: bytes, number: int) -> npt.NDArray[Any]:
    accessor = said["accessors"][number]
    kind = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}[accessor["componentType"]]
    wide = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}[accessor["type"]]
    view = said["bufferViews"][accessor["bufferView"]]
    count, item = int(accessor["count"]), wide * np.dtype(kind).itemsize
    stride = int(view.get("byteStride", 0)) or item
    start = int(view.get("byteOffset", 0)) + int(accessor.get("byteOffset", 0))
    end = start + stride * (count - 1) + item
    if count < 1 or stride < item or start < 0 or end > len(body) or count > 3 * MOST_TRIANGLES:
        raise _BrokenError("points outside its own buffer")
    rows = np.lib.stride_tricks.as_strided(
        np.frombuffer(body, np.uint8, end - start, start), (count, item), (stride, 1), writeable=False
    )
    return np.ascontiguousarray(rows).view(kind).reshape(count, wide)


def _matrix(node: dict[str, Any]) -> Points:
    if "matrix" in node:
        return np.array(node["matrix"], float).reshape(4, 4).T
    x, y, z, w = (float(v) for v in node.get("rotation", (0, 0, 0, 1)))
    turn = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    out = np.eye(4)
    out[:3, :3] = turn * np.array(node.get("scale", (1, 1, 1)), float)
    out[:3, 3] = np.array(node.get("translation", (0, 0, 0)), float)
    return out


READERS: dict[str, Callable[[bytes], Mesh]] = {"stl": _stl, "obj": _obj, "3mf": _threemf, "glb": _glb}
