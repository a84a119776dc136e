"""Sculptures: the idea's words choose the kind; what comes out is one closed solid that stands."""

from __future__ import annotations

import io

import pytest
import trimesh
from PIL import Image

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.craft.space.build import build
from miaobi.craft.space.figures.builds import BUILDS
from miaobi.craft.space.figures.catalogue import FIGURES
from miaobi.craft.space.figures.people import SEAT
from miaobi.craft.space.group import mounted
from miaobi.craft.space.mesh import faults, pieces
from miaobi.craft.space.plan import Figures, figures_in, figures_named, proposals, read
from miaobi.craft.space.telling import described, figure_name
from miaobi.errors import BriefError
from miaobi.forms.art.sculpture import admit
from miaobi.studio.translation import said
from miaobi.work import Work
from tests.parrot import Parrot


def made(
    idea: str, *, formats: tuple[str, ...] = ("stl",), seed: int = 7, language: str = "en", **options: object
) -> Work:
    wish = {"form": "sculpture", "idea": idea, "seed": seed, "language": language, "options": {"size": 40} | options}
    return compose(Brief.parse(wish), engine=Parrot(), formats=formats)


@pytest.mark.parametrize(
    ("idea", "kind"),
    [
        ("a girl and her dog", "figure"),
        ("a fluted vase", "vessel"),
        ("灯罩，镂空", "lattice"),
        ("a vase of openwork", "lattice"),
        ("an endless knot", "sweep"),
        ("a sign saying “Anna”", "letters"),
        ("匾额「厚德载物」", "plaque"),
        ("a relief of a ship at sea", "relief"),
        ("钥匙扣“妙笔”", "letters"),
    ],
)
def test_words_choose_the_kind_and_the_solid_is_closed_and_as_large_as_asked(idea: str, kind: str) -> None:
    work = made(idea, language="en" if idea.isascii() or "“Anna" in idea else "zh")
    assert work.content["solid"]["kind"] == kind
    read_back = trimesh.load(io.BytesIO(work.rendering("stl").content), file_type="stl")
    assert read_back.is_watertight
    assert max(read_back.extents) == pytest.approx(40, abs=0.1)
    assert read_back.bounds[0][2] == pytest.approx(0, abs=1e-4)
    assert not {f.rule for f in work.findings} & {"pieces", "overlap"}
    (choice,) = work.record.choices
    assert len(choice.candidates) == 6


def test_group_holds_what_was_asked_for_each_in_its_place() -> None:
    work = made("a girl and her dog under an oak")
    solid = work.content["solid"]
    assert [f["figure"] for f in solid["figures"]] == ["oak", "girl", "dog"]  # the tallest first
    assert len({(f["x"], f["y"]) for f in solid["figures"]}) == 3
    assert not any(f.rule == "balance" for f in work.findings)


def test_what_is_given_goes_before_what_is_read() -> None:
    work = made("a quiet evening", subjects="cat, 灯塔", glaze="jade")
    assert {f["figure"] for f in work.content["solid"]["figures"]} == {"cat", "lighthouse"}
    assert made("a vase", glaze="jade", seed=1).content["solid"]["glaze"] == "jade"
    assert made("whatever", text="No. 7", kind="plaque").content["solid"]["lines"] == ["No. 7"]


def test_idea_in_chinese_and_english_finds_the_same_figures() -> None:
    assert figures_in("灯塔和海船") == figures_in("a lighthouse and a ship") == ("lighthouse", "ship")
    assert figures_in("three cats") == ("cat", "cat", "cat")
    assert read("the smell of rain").kind == "relief"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"subjects": "griffin"}, r"“griffin” can't be shaped\.\nNearest: eagle"),
        ({"subjects": "cat, dog, fox, owl, bear"}, "5 figures"),
        ({"kind": "letters", "text": "x" * 60}, "60 characters"),
        ({"kind": "figure"}, "can be shaped as a figure"),
        ({"glaze": "mauve"}, "mauve"),
        ({"size": 0}, "size"),
        ({"size": 1e9}, "size"),
        ({"kind": "statue"}, "kind"),
    ],
)
def test_what_cannot_be_shaped_is_refused(options: dict[str, object], says: str) -> None:
    with pytest.raises(BriefError, match=says):
        made("the smell of rain", **options)


@pytest.mark.parametrize(
    ("idea", "says", "hint"),
    [
        ("a griffin’s grief", "Nothing here shapes “griffin”.", "Nearest: eagle (-o subjects=eagle). There are "),
        ("a griffin in the forest", "Nothing here shapes “griffin”.", "Nearest: eagle"),
        ("a relief of a griffin", "Nothing here shapes “griffin”.", "Nearest: eagle"),
        ("an angel", "Nothing here shapes “angel”.", "Nearest: woman"),  # whom a picture's reading takes for a sky
        ("a skull on the beach", "Nothing here shapes “skull”.", "There are "),
        ("quarterly budget", "Nothing in “quarterly budget” can be shaped.", "There are "),
        ("麒麟", "还不会塑造“麒麟”。", "最接近的有：狮子（-o subjects=狮子）。能塑的有 "),
        ("孙悟空", "“孙悟空”里没有能塑造的东西。", "能塑的有 "),
    ],
)
def test_idea_that_nothing_is_known_of_is_refused_and_what_is_near_is_named(idea: str, says: str, hint: str) -> None:
    language = "en" if idea[0].isascii() else "zh"
    with pytest.raises(BriefError) as refused:
        made(idea, language=language)
    assert said(refused.value.message, language) == says
    assert said(refused.value.hint, language).startswith(hint)


@pytest.mark.parametrize(
    ("idea", "kind"),
    [("the smell of rain", "relief"), ("a river at night", "relief"), ("静夜思", "relief"), ("a dragon", "relief"),
     ("a relief of a griffin in the forest", "relief"), ("花盆", "vessel"), ("a trophy", "vessel")],
)  # fmt: skip
def test_idea_of_which_something_is_known_is_not_refused(idea: str, kind: str) -> None:
    brief = Brief(form="sculpture", idea=idea, language="en" if idea.isascii() else "zh")
    admit(brief)
    assert read(idea).kind == kind


@pytest.mark.parametrize(("idea", "curve", "word"), [("hope", "spiral", "hope"), ("乡愁", "arch", "乡愁")])
def test_a_curve_stands_for_what_nobody_can_see_and_the_work_says_so(idea: str, curve: str, word: str) -> None:
    work = made(idea, language="en" if idea.isascii() else "zh")
    assert work.content["solid"]["curve"] == curve
    assert [f.message for f in work.findings if f.rule == "stands-for"] == [f"A curve stands for “{word}”."]


def test_what_a_vessel_does_not_show_is_told_and_what_chose_it_is_not() -> None:
    told = [f.message for f in made("a vase with a griffin and roses").findings if f.rule == "not-shaped"]
    assert told == ["Nothing here shapes “griffin”. Nearest: eagle (-o subjects=…).", "Nothing here shapes “rose”."]
    for idea, language in (("a lamp shade of lattice", "en"), ("花盆", "zh")):
        assert not [f for f in made(idea, language=language).findings if f.rule == "not-shaped"]


def test_every_figure_of_the_catalogue_has_a_subject_or_words() -> None:
    from miaobi.craft.drawing.subjects.subject import subjects

    own = {"star", "moon", "mountain", "tower", "radio", "robot"}
    assert set(FIGURES) - set(subjects()) == own
    for name in own:
        assert figures_in(f"a {name}") == figures_named(f"{name}, {figure_name(name, 'zh')}") == (name,)


@pytest.mark.parametrize(
    ("idea", "rider", "steed", "told"),
    [
        ("a knight on a horse", "knight", "horse", "A knight riding a horse on grass."),
        ("牧童骑牛", "shepherd", "ox", "牧羊人骑牛，立于草地。"),
        ("a girl on a unicorn", "girl", "unicorn", "A girl riding a unicorn on grass."),
    ],
)
def test_rider_sits_on_the_back_and_not_beside(idea: str, rider: str, steed: str, told: str) -> None:
    (solid,) = proposals(read(idea), 7, 1, 4.0)
    assert isinstance(solid, Figures)
    assert described(solid, "en" if idea.isascii() else "zh") == told
    placed = {one.figure: one for one in solid.figures}
    assert set(placed) == {rider, steed}
    assert (placed[rider].x, placed[rider].y) == pytest.approx((placed[steed].x, placed[steed].y), abs=0.05)
    back = (BUILDS[steed].leg + 2 * BUILDS[steed].girth) * placed[steed].size
    assert placed[rider].z + SEAT * placed[rider].size == pytest.approx(back, abs=0.05)
    mesh = build(solid, 24)
    assert faults(mesh) == []
    assert pieces(mesh).max() == 0


def test_one_back_carries_one_and_who_is_left_stands() -> None:
    rides = {"knight": "horse", "king": "horse"}
    placed = mounted(["knight", "knight", "king", "horse"], rides, 3)
    assert sorted(one.figure for one in placed) == ["horse", "king", "knight", "knight"]
    assert [one.figure for one in placed if one.astride] == ["king"]


def test_what_has_a_figure_of_its_own_is_not_told_as_lacking() -> None:
    for idea in ("my grandmother’s radio", "a robot", "a tower"):
        assert not [f for f in made(idea, size=20).findings if f.rule == "not-shaped"]


@pytest.mark.parametrize(
    ("idea", "glaze"), [("a blue vase", "cobalt"), ("黑色的碗", "ink"), ("a red lattice lamp", "oxblood")]
)
def test_colour_of_the_idea_chooses_the_glaze(idea: str, glaze: str) -> None:
    assert {solid.glaze for solid in proposals(read(idea), 7, 3, 4.0)} == {glaze}


def test_fox_is_red_in_the_picture_and_on_the_turntable() -> None:
    work = made("a fox", formats=("png", "gif"))
    for ending in ("png", "gif"):
        image = Image.open(io.BytesIO(work.rendering(ending).content)).convert("HSV")
        colours = [(hue, count) for count, (hue, chroma, _) in image.getcolors(1 << 20) or [] if chroma > 120]
        warm = sum(count for hue, count in colours if hue < 40 or hue > 235)  # of 256
        assert warm > 0.6 * sum(count for _, count in colours)


def test_what_the_idea_says_and_nothing_shapes_is_told() -> None:
    told = [f.message for f in made("a fox curled asleep on a stump").findings if f.rule == "not-shaped"]
    assert told == ["Nothing here shapes “asleep”.", "Nothing here shapes “stump”."]
    assert not [f for f in made("a fox", subjects="fox").findings if f.rule == "not-shaped"]
