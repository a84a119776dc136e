"""Icons by our own net: recognisable, no copies, labelled in every size; what can't be drawn is said."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from PIL import Image

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.craft.drawing.check import check_svg
from miaobi.craft.icon.likeness import SIDE, nearest
from miaobi.craft.icon.measure import raster
from miaobi.engines import open_engine
from miaobi.errors import BriefError
from miaobi.forms.art.icon import COPY, FORM, LEAST, SIZES, Icon, check
from miaobi.types import Engine
from miaobi.work import Work
from tests.parrot import Parrot

pytestmark = pytest.mark.checkpoint


@pytest.fixture(scope="module")
def engine() -> Engine:
    return open_engine("miaobi-icon")


def _made(engine: Engine, idea: str, **more: Any) -> Work:
    options = {"size": 96} | more.pop("options", {})
    return compose(Brief.parse({"form": "icon", "idea": idea, "seed": 7, "options": options} | more), engine=engine)


@pytest.mark.parametrize("idea", ["a folder", "calendar", "battery"])
def test_icon_will_be_taken_for_what_was_asked_and_is_no_copy(engine: Engine, idea: str) -> None:
    work = _made(engine, idea)
    icon = Icon.model_validate(work.content)
    assert icon.taken >= LEAST
    svg = work.rendering("svg").content
    assert check_svg(svg) == []
    data = svg.decode().partition(' d="')[2].partition('"')[0]
    near = nearest(raster(data, SIDE), 10)
    assert max(n.overlap for n in near) < COPY
    assert icon.near[0][0] == near[0].name
    assert near[0].name in icon.description
    assert all(measures["taken"] >= 0 for c in work.record.choices for measures in c.measures if "taken" in measures)


def test_sizes_are_labelled_and_the_ground_is_as_asked(engine: Engine) -> None:
    work = _made(engine, "文件夹", language="zh", options={"colour": "#204080", "background": "#fffff0"})
    with zipfile.ZipFile(io.BytesIO(work.rendering("zip").content)) as file:
        sizes = [n for n in file.namelist() if n.endswith(".png")]
        assert len(sizes) == len(SIZES)
        for name in sizes:
            with Image.open(io.BytesIO(file.read(name))) as image:
                assert f"-{image.width}.png" in name
                assert work.id in image.info["AIGC"]
                assert image.getpixel((0, 0)) == (255, 255, 240, 255)
        assert "人工智能生成" in file.read("notice.txt").decode()
    plain = _made(engine, "a folder")
    with Image.open(io.BytesIO(plain.rendering("png").content)) as image:
        assert image.size == (96, 96)
        assert image.getpixel((0, 0))[3] == 0


def test_second_best_is_another_one(engine: Engine) -> None:
    first, second = (_made(engine, "a calendar", options={"rank": rank}) for rank in (1, 2))
    assert first.content["glyph"] != second.content["glyph"]


def test_copy_speck_and_nonsense_are_errors() -> None:
    icon = Icon.model_validate(compose(FORM.example, engine=Parrot(), formats=("svg",)).content)
    copy = "upright half x24 y6 x44 y24 x38 y24 x38 y40 x28 y40 x28 y28 x24 y28 end"
    for glyph, rule in ((copy, "copy"), ("upright one x1 y1 x4 y1 x4 y4 end", "ink"), ("upright y4", "glyph")):
        found = check(FORM.example, icon.model_copy(update={"glyph": tuple(glyph.split())}))
        assert rule in {f.rule for f in found if f.severity == "error"}


@pytest.mark.parametrize(
    ("idea", "options", "says"),
    [
        ("a dragon", {}, "None of these words"),
        ("自由", {}, "None of these words"),
        ("a calender", {}, "calendar"),
        ("a house", {"colour": "red"}, "red"),
        ("a house", {"colour": "#ffffff", "background": "#fffffe"}, "can't be told"),
        ("a house", {"rank": 7}, "rank"),
        ("a house", {"size": 4}, "size"),
    ],
)
def test_what_cannot_be_drawn_is_refused(idea: str, options: dict[str, Any], says: str) -> None:
    language = "en" if idea.isascii() else "zh"
    with pytest.raises(BriefError, match=says):
        _made(Parrot(), idea, options=options, language=language)  # type: ignore[arg-type]
