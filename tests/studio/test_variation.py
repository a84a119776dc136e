"""A work made again: what is kept or locked stays byte for byte, the rest is new, and the way back is known."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from miaobi.compose import compose
from miaobi.craft.music.performance import timeline, tones
from miaobi.errors import BriefError, UnknownNameError
from miaobi.forms import find
from miaobi.studio.library import Library
from miaobi.studio.variation import all_but, kept, lock, named_parts, numbered, parts, variation
from miaobi.work import Work
from tests.parrot import Parrot


def made(form: str, idea: str, **more: object) -> Work:
    return compose({"form": form, "idea": idea, **more}, engine=Parrot(), formats=["txt"])


def lines_of(work: Work) -> list[str]:
    return [line["text"] for stanza in work.content["stanzas"] for line in stanza]


def again(library: Library, work: Work, **more: object) -> Work:
    order = variation(library, work.id, engine="parrot", **more)  # type: ignore[arg-type]
    new = compose(order.brief, engine=Parrot(), formats=["txt"], parent=order.parent)
    library.add(new)
    return new


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


def test_kept_lines_stay_and_the_rest_is_new(library: Library) -> None:
    old = made("heroic-couplets", "The sea", seed=3)
    library.add(old)
    new = again(library, old, keep=[2, 5])
    before, after = lines_of(old), lines_of(new)
    assert [after[1], after[4]] == [before[1], before[4]]
    assert sum(a == b for a, b in zip(before, after, strict=True)) == 2
    assert (new.parent, new.brief.seed) == (old.id, 4)
    third = again(library, new, keep=[7])  # what was kept stays kept, and the seed is one that the idea hasn't had
    assert [lines_of(third)[i] for i in (1, 4, 6)] == [before[1], before[4], after[6]]
    assert third.brief.seed == 5


def test_locks_hold_until_they_are_released(library: Library) -> None:
    old = made("haiku", "Snow falls on a railway station", seed=1)
    library.add(old)
    assert lock(library, old.id, [1, 3]) == [1, 3]
    assert lock(library, old.id, [3], off=True) == [1]
    assert lines_of(again(library, old))[0] == lines_of(old)[0]
    with Library(library.place) as other:
        assert other.locks(old.id) == [1]
    assert lock(library, old.id, [], off=True) == []
    assert "lines" not in variation(library, old.id, engine="parrot").brief.options


def test_refrain_is_kept_with_its_first_line(library: Library) -> None:
    old = made("villanelle", "The sea", seed=5)
    library.add(old)
    new = lines_of(again(library, old, keep=[6]))
    assert new[0] == new[5] == new[11] == lines_of(old)[0]


def test_edited_poem_is_varied_as_it_was_edited(library: Library) -> None:
    old = made("haiku", "Snow falls on a railway station", seed=1)
    library.add(old)
    mine = "The lantern goes out,"
    library.keep(old.id, "\n".join([mine, *lines_of(old)[1:]]))
    assert lines_of(again(library, old, keep=[1]))[0] == mine


def test_what_can_not_be_varied_says_why(library: Library, tmp_path: Path) -> None:
    old = made("haiku", "Snow falls on a railway station", seed=1)
    library.add(old)
    with pytest.raises(BriefError, match="no line 9"):
        lock(library, old.id, [9])
    assert library.locks(old.id) == []
    own = library.take_in("A text.\n", tmp_path / "own.txt", "en")
    with pytest.raises(BriefError, match="not composed here"):
        variation(library, own.work)
    with pytest.raises(BriefError, match="not in the catalog"):
        variation(library, old.id)  # made by the tests' engine


@pytest.mark.parametrize(("text", "numbers"), [("", []), ("3", [3]), ("1,3-5", [1, 3, 4, 5]), ("4 2，2", [2, 4])])
def test_parts_are_read(text: str, numbers: list[int]) -> None:
    assert parts(text) == numbers


@pytest.mark.parametrize("text", ["0", "a", "5-3", "1-99999999", "-2", "1;2"])
def test_what_names_no_parts_is_refused(text: str) -> None:
    with pytest.raises(BriefError, match="names no parts"):
        parts(text)


def sounding(work: Work, bars: set[int]) -> list[list[tuple[Fraction, int]]]:
    """Return what each part plays in bars counted from 1 without pick-ups: when, and which keys."""
    score = find(work.form).content.model_validate(work.content).score  # type: ignore[attr-defined]
    counted = [k for k, bar in enumerate(score.bars) if not (bar.length and (bar.section or k == 0))]
    wanted, starts = {counted[n - 1] for n in bars}, dict(timeline(score, repeats=False))
    spans = [(starts[k], starts[k] + score.bars[k].full) for k in wanted]
    return [
        [(t.onset, t.pitch) for t in tones(score, False) if t.part == p and any(a <= t.onset < b for a, b in spans)]
        for p in range(len(score.parts))
    ]


@pytest.mark.parametrize("form", ["tune", "song", "chorale"])
def test_bars_that_are_locked_stay_and_the_rest_is_written_anew(library: Library, form: str) -> None:
    old = made(form, "Rain at dusk", seed=3, options={"phrases": 2} if form == "chorale" else {})
    library.add(old)
    new = again(library, old, keep=[1, 2])
    assert sounding(new, {1, 2}) == sounding(old, {1, 2})
    assert sounding(new, {3, 4})[0] != sounding(old, {3, 4})[0]
    assert new.title == old.title
    third = again(library, new, keep=[2])  # it can be varied in its turn, and has one score with it
    assert sounding(third, {2}) == sounding(old, {2})
    assert len(third.brief.references) <= 1
    assert lock(library, new.id, [2]) == [2]
    with pytest.raises(BriefError, match=r"no (bar|part) 99"):
        kept(library, new.id, [99])


def test_voices_of_a_chorale_stay_alone_or_beside_bars(library: Library) -> None:
    old = made("chorale", "Rain at dusk", seed=3, options={"phrases": 2})
    library.add(old)
    every = {1, 2, 3, 4}
    new = again(library, old, keep=numbered(library, old.id, "soprano, bass"))
    before, after = sounding(old, every), sounding(new, every)
    assert [before[i] == after[i] for i in range(4)] == [True, False, False, True]
    there = again(library, old, keep=numbered(library, old.id, "soprano,1-2"))
    assert sounding(there, {1, 2}) == sounding(old, {1, 2})
    assert sounding(there, every)[0] == before[0]
    with pytest.raises(BriefError, match="Nothing is left"):
        kept(library, old.id, numbered(library, old.id, "soprano,alto,tenor,bass"))


def test_form_without_parts_is_varied_as_a_whole(library: Library) -> None:
    old = made("story", "A thief steals a painting", length=450)
    library.add(old)
    with pytest.raises(BriefError, match="no lines that can be kept"):
        kept(library, old.id, [1])
    assert again(library, old).brief.seed == 1


def test_one_layer_of_a_picture_is_made_anew_by_its_name(library: Library) -> None:
    old = made("picture", "a lighthouse and a ship at dusk", seed=3, options={"size": 256, "medium": "none"})
    library.add(old)
    names = [part.name for part in named_parts(library, old.id)]
    assert names[:3] == ["light", "sky", "ground"]
    assert numbered(library, old.id, "天空, lighthouse,1") == [1, 2, names.index("lighthouse") + 1]
    keep = all_but(library, old.id, "ship")
    new = again(library, old, keep=keep)
    before, after = ({p["id"]: p for p in work.content["scene"]["subjects"]} for work in (old, new))
    assert before["lighthouse"]["x"] == after["lighthouse"]["x"]
    assert before["ship"] != after["ship"]
    assert new.content["scene"]["hour"] == old.content["scene"]["hour"]
    library.add(new)
    assert lock(library, new.id, numbered(library, new.id, "sky")) == [2]
    with pytest.raises(BriefError, match="sky can't be made anew: locked"):
        all_but(library, new.id, "sky,ship")
    with pytest.raises(UnknownNameError, match="lighthouse"):
        numbered(library, old.id, "dragon")
    with pytest.raises(BriefError, match="no part 99"):
        kept(library, old.id, [99])
    with pytest.raises(BriefError, match="would change what is kept"):
        again(library, old, keep=[1], options={"hour": "noon"})
    with pytest.raises(BriefError, match="can't be read"):
        again(library, old, options={"kept": {"sky": {}}})


def test_parts_without_names_are_not_kept_by_what_is_made_anew(library: Library) -> None:
    old = made("haiku", "Snow falls on a railway station", seed=1)
    library.add(old)
    assert not named_parts(library, old.id)
    assert numbered(library, old.id, "1,3") == [1, 3]
    with pytest.raises(BriefError, match="have no names"):
        all_but(library, old.id, "1")
