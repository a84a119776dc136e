from __future__ import annotations

from miaobi.bible import Bible, Fact, Persona
from miaobi.craft.plot.continuity import check_continuity, edit_distance
from miaobi.craft.plot.narrative import Act, Beat, Line, Narrative, Scene

BIBLE = Bible(
    personas=(Persona(id="hero", name="Ingrid"), Persona(id="ally", name="Tobias")),
    facts=(Fact(subject="hero", attribute="eyes", value="grey"),),
)


def story(*texts: str, speaker: str = "") -> Narrative:
    kind = "speech" if speaker else "narration"
    lines = [Line(id=f"l{i}", text=t, kind=kind, speaker=speaker) for i, t in enumerate(texts)]
    scene = Scene(id="s1", present=["hero"], beats=[Beat(id="b1", name="x", lines=lines)])
    return Narrative(title="T", language="en", bible=BIBLE, acts=[Act(id="a1", scenes=[scene])])


def rules(narrative: Narrative) -> list[str]:
    return [f.rule for f in check_continuity(narrative)]


def test_sound_story_has_no_finding() -> None:
    assert rules(story("Ingrid looked at Tobias.", "“I am late,” he said.")) == []


def test_drifted_name_is_found_with_its_place() -> None:
    [finding] = check_continuity(story("Then Ingird went out."))
    assert finding.rule == "name-drift"
    assert finding.span is not None
    assert finding.span.text == "Ingird"


def test_first_person_and_present_tense_in_the_narration_are_found() -> None:
    assert rules(story("Then I went out.")) == ["person-drift"]
    assert rules(story("The lamp is out.")) == ["tense-drift"]


def test_somebody_absent_may_not_speak() -> None:
    assert rules(story("Wait for me", speaker="ally")) == ["absent-speaker"]


def test_attribute_that_contradicts_the_bible_is_found() -> None:
    assert rules(story("Ingrid’s blue eyes watched the sea.")) == ["attribute-conflict"]
    assert rules(story("Ingrid’s grey eyes watched the sea.")) == []


def test_edit_distance() -> None:
    assert [edit_distance(*p) for p in (("kitten", "sitting"), ("", "abc"), ("a", "a"))] == [3, 3, 0]
