"""Restyled pictures: styles by name, mixtures, any picture as style; structure stays, colour on demand."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.craft.looking.opening import held
from miaobi.errors import BriefError
from miaobi.forms.art.restyle import read_styles, styles
from miaobi.nets.restyling import _grained, restyled, restyled_as, style_of
from miaobi.work import Work
from tests.parrot import Parrot


def _photo(seed: int, width: int = 220, height: int = 160) -> np.ndarray:
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 255, (6, 8, 3), dtype=np.uint8)
    image = np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)).copy()
    cv2.circle(image, (width // 2, height // 2), height // 4, (250, 240, 200), -1)
    return image


def _made(*pictures: np.ndarray, **options: object) -> Work:
    given = [{"kind": "picture", "name": f"{i}.jpg", "text": held(p)} for i, p in enumerate(pictures)]
    wish = {"form": "restyle", "idea": "a photo of a harbour", "options": options, "references": given}
    return compose(Brief.parse(wish), engine=Parrot(), formats=("png",))


def _pixels(work: Work) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(work.rendering("png").content)).convert("RGB")).astype(int)


def test_every_style_has_a_number_a_name_in_both_languages_and_words() -> None:
    assert [s.number for s in styles().values()] == list(range(26))
    assert len({s.chinese for s in styles().values()}) == 26
    assert all(s.told for s in styles().values())
    assert read_styles("starlit:3, 版画:1") == {"starlit": 0.75, "woodblock": 0.25}
    assert read_styles("19") == {"starlit": 1.0}


def test_mixture_lies_between_its_styles_and_strength_between_picture_and_style() -> None:
    photo = _photo(1)
    one, two, mixed = (restyled(photo, w).astype(float) for w in ({3: 1.0}, {14: 1.0}, {3: 0.5, 14: 0.5}))
    assert np.abs(mixed - one).mean() < np.abs(two - one).mean()
    assert np.abs(mixed - two).mean() < np.abs(two - one).mean()
    whole, half, none = (_pixels(_made(photo, style="prism", strength=s)) for s in (1.0, 0.5, 0.0))
    assert np.abs(none - photo).mean() < 4  # what JPEG loses
    assert np.abs(half - none).mean() < np.abs(whole - none).mean()


def test_woodblock_carves_what_is_smooth_and_leaves_what_has_texture() -> None:
    fall = np.linspace(40, 220, 160)[:, None, None]
    smooth = np.broadcast_to(fall, (160, 240, 3)).astype(np.uint8)
    cut = restyled(np.ascontiguousarray(smooth), {24: 1.0}).astype(float).mean(axis=2)[20:-20, 20:-20]
    banded = cut.mean(axis=1).std()  # of a row against other rows: tone, and bands along it
    assert cut.std(axis=1).mean() > 0.5 * banded  # within rows: cuts; without grain there are none
    rough = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    assert (_grained(rough, 5.0) == rough).all()
    assert (_grained(smooth, 5.0) == _grained(smooth, 5.0)).all()


@pytest.mark.parametrize("name", ["prism", "weave"])
def test_style_that_is_a_pattern_gets_the_lights_and_darks_back(name: str) -> None:
    photo = _photo(6, 480, 320)
    broad = [
        cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(float), (0, 0), 12)
        for image in (photo, restyled(photo, {styles()[name].number: 1.0}))
    ]
    assert np.corrcoef(broad[0].ravel(), broad[1].ravel())[0, 1] > 0.7


def test_colour_is_kept_when_asked_and_structure_always() -> None:
    photo = _photo(2)
    kept, free = (_pixels(_made(photo, style="crimson", colour=c)) for c in ("picture", "style"))

    def colours(image: np.ndarray) -> np.ndarray:
        return cv2.cvtColor(image.astype(np.uint8), cv2.COLOR_RGB2LAB)[:, :, 1:].astype(float)

    assert np.abs(colours(kept) - colours(photo)).mean() < 0.5 * np.abs(colours(free) - colours(photo)).mean()
    edge = (slice(60, 100), slice(90, 130))  # within the disc: lighter than what is about it, in any style
    assert kept[edge].mean() > kept[:30].mean()


def test_any_picture_is_a_style_and_large_ones_have_no_seams() -> None:
    photo, manner = _photo(3, 800, 600), np.full((300, 300, 3), (200, 60, 30), np.uint8)
    manner[::20] = (20, 20, 60)
    out = restyled_as(photo, style_of(manner)).astype(float)
    assert out.shape == photo.shape
    steps = np.abs(np.diff(out.mean(axis=(0, 2))))
    assert steps.max() < 12 * np.median(steps) + 2
    assert (out[:, :, 0] - out[:, :, 2]).mean() > (photo[:, :, 0].astype(float) - photo[:, :, 2]).mean()


def test_work_names_weights_and_pictures_and_the_engine_chooses_where_nothing_is_said() -> None:
    work = _made(_photo(4))
    assert len(work.content["styles"]) == 1
    (choice,) = work.record.choices
    assert len(choice.candidates) == 8
    (card,) = work.record.beside
    assert card["licence"] == "Apache-2.0"
    assert len(card["sha256"]) == 64
    assert "Magenta" in work.record.written_by
    assert any("0.jpg" in c for c in work.content["credits"])
    assert _made(_photo(4), _photo(5)).content["styles"] == {}


@pytest.mark.parametrize(
    ("pictures", "options", "says"),
    [
        (1, {"style": "van-gogh"}, "van-gogh"),
        (1, {"style": "starlit:-1"}, "weight"),
        (1, {"style": "starlit:nan"}, "weight"),
        (1, {"style": "99"}, "99"),
        (1, {"strength": 2}, "strength"),
        (1, {"size": 0}, "size"),
        (2, {"style": "starlit"}, "Give one of them|A style by name"),
        (3, {}, "3 pictures"),
    ],
)
def test_what_cannot_be_restyled_is_refused(pictures: int, options: dict[str, object], says: str) -> None:
    with pytest.raises(BriefError, match=says):
        _made(*[_photo(i, 64, 48) for i in range(pictures)], **options)


def test_reference_that_is_no_picture_is_refused() -> None:
    given = [{"kind": "picture", "name": "x.png", "text": "data:image/png;base64,aGVsbG8="}]
    brief = Brief.parse({"form": "restyle", "idea": "a photo", "references": given})
    with pytest.raises(BriefError, match=r"x\.png"):
        compose(brief, engine=Parrot())
