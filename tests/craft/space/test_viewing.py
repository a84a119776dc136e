"""Pictures of solids: what is near hides what is far, light casts shadows, a page holds itself."""

from __future__ import annotations

import base64
import io
import re
import struct
import zlib

import numpy as np
from PIL import Image

from miaobi.craft.space import showing
from miaobi.craft.space.clay import Clay, ball, block
from miaobi.craft.space.isosurface import surface
from miaobi.craft.space.mesh import Mesh
from miaobi.craft.space.viewing import Model, picture, raster
from miaobi.work import Imprint

IMPRINT = Imprint(
    identifier="i", notice="AI-generated (toy)", language="en", title="T <1>", aigc={"Label": "1"}, generator="g"
)


def _model() -> Model:
    clay = Clay()
    clay.add(block((0, 0, 2), (40, 30, 4)), "#dddddd")
    clay.add(ball((0, 0, 14), 11), "#2040c0")
    low, high = clay.box
    mesh = surface(clay.distance, low, high, 1.4)
    return Model(Mesh(mesh.vertices, mesh.faces, clay.colours(mesh.vertices)))


MODEL = _model()
VIEW = showing.View(MODEL, 22, 17)


def test_nearer_triangle_hides_the_farther_one_and_backs_are_not_seen() -> None:
    square = np.array([[1.0, 1, 0], [1, 9, 0], [9, 9, 0]])
    far, back = square + np.array([0, 0, 5]), square[::-1]
    points = np.concatenate([far, square, back]).T.astype(np.float32)
    hits = raster(points, np.arange(9).reshape(3, 3), 10, 10)
    assert set(hits.triangle) == {1}
    assert np.allclose(hits.weights.sum(axis=1), 1)
    assert len(hits.pixel) == len(set(hits.pixel.tolist())) == 36  # the middles of pixels below the diagonal, and on it


def test_picture_shows_colours_light_and_shadow() -> None:
    image = picture(MODEL, 120, 120, azimuth=0, elevation=20).astype(int)
    blue = image[:, :, 0] > image[:, :, 2] + 40
    assert 0.05 < blue.mean() < 0.5
    lit = image[:, :, 0][blue]
    assert lit.max() > 1.6 * lit.min()
    assert (picture(MODEL, 120, 120, azimuth=0, elevation=20) == image).all()


def test_turntable_turns_and_says_what_it_is() -> None:
    content = showing.turntable(VIEW, IMPRINT)
    gif = Image.open(io.BytesIO(content))
    assert gif.n_frames == showing.FRAMES
    assert IMPRINT.notice.encode() in content
    assert content == showing.turntable(showing.View(MODEL, 22, 17), IMPRINT)


def test_page_holds_the_solid_and_loads_nothing() -> None:
    text = showing.page(VIEW, IMPRINT, "A <ball>.").decode()
    assert "<ball>" not in text
    assert "T &lt;1&gt;" in text
    assert not re.search(r"""(?:src|href)=(?!"data:)""", text)
    packed = zlib.decompress(base64.b64decode(re.search(r'id="solid">([^<]+)<', text)[1]))
    points, triangles, *half, radius = struct.unpack_from("<II4f", packed)
    assert (points, triangles) == (len(MODEL.mesh.vertices), len(MODEL.mesh.faces))
    found = np.frombuffer(packed, "<i2", points * 4, 24).reshape(-1, 4)[:, :3] / 32767 * half
    assert np.abs(found - (MODEL.mesh.vertices - MODEL.middle)).max() < radius / 10_000
