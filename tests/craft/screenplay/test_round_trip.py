"""Fountain and FDX: what is written is read back."""

from hypothesis import given, settings
from hypothesis import strategies as st

from miaobi.craft.screenplay import Element, Script, fdx, fountain, normal
from miaobi.craft.screenplay.script import KINDS
from miaobi.trust.label import imprint

IMPRINT = imprint("6f1c2a34-5b6d-5e7f-8a9b-0c1d2e3f4a5b", "T", "en", "m", "0")
TEXT = st.text(
    st.one_of(st.characters(exclude_categories=("Cs",)), st.sampled_from("AB. ab:\n#>!@(^)[]灯")), max_size=20
)
ELEMENT = st.builds(
    Element, st.sampled_from(KINDS), TEXT, st.sampled_from(["", "1", "2A"]), st.integers(1, 6), st.booleans()
)
SCRIPT = st.builds(Script, st.just((("Title", "The Glass Tide"),)), st.lists(ELEMENT, max_size=8).map(tuple))


@given(SCRIPT)
@settings(deadline=None)
def test_fdx_gives_the_script_back(script: Script) -> None:
    assert fdx.read(fdx.write(script, IMPRINT)) == normal(script)


@given(SCRIPT)
@settings(deadline=None)
def test_fountain_gives_the_script_back(script: Script) -> None:
    assert fountain.parse(fountain.write(script)) == normal(script)


SIMPLE = Script(
    (("Title", "The Glass Tide"), ("Author", "Mara Venn")),
    (
        Element("section", "Act One", level=1),
        Element("scene", "INT. LIGHTHOUSE - NIGHT", "1"),
        Element("action", "The lamp goes out."),
        Element("character", "INES"),
        Element("parenthetical", "to the gull"),
        Element("dialogue", "You're late."),
        Element("character", "温玛拉", dual=True),
        Element("dialogue", "灯灭了。"),
        Element("scene", "内景 灯塔 - 夜", "2"),
        Element("synopsis", "She climbs."),
        Element("note", "check the tide"),
        Element("centered", "THE END"),
        Element("transition", "CUT TO:"),
    ),
)


def test_fountain_fdx_fountain_is_equal() -> None:
    text = fountain.write(SIMPLE)
    assert fountain.parse(text) == normal(SIMPLE)
    assert fountain.write(fdx.read(fdx.write(fountain.parse(text), IMPRINT))) == text
