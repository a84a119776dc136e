"""A certificate as values, as text and as a picture that two programs draw."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
import resvg_py

from miaobi.certificate import Certificate, Evidence, Unit, cost
from miaobi.craft.certified import svg, text
from miaobi.types import Removal

MADE = Certificate(
    units=(
        Unit(
            name="line 1",
            text="Shall I compare <thee> to a summer's day?",
            rules=(
                Evidence(rule="metre", holds=True, evidence="x / x / x / x / x /", removed=0.25, instead=" you"),
                Evidence(rule="rhyme", holds=True, evidence="day with May"),
            ),
        ),
        Unit(name="line 2", text="松风 & 明月", rules=(Evidence(rule="metre", holds=False, evidence="平平平"),)),
    )
)


def test_a_certificate_holds_where_every_unit_does() -> None:
    assert [unit.holds for unit in MADE.units] == [True, False]
    assert not MADE.holds
    assert Certificate().holds
    assert Certificate.model_validate_json(MADE.model_dump_json()) == MADE


def test_text_says_rule_evidence_and_cost() -> None:
    assert text(MADE, "en").splitlines() == [
        "line 1  Shall I compare <thee> to a summer's day?",
        "  ✓ metre: x / x / x / x / x / · 25% of the model's choice removed (instead of “you”)",
        "  ✓ rhyme: day with May",
        "line 2  松风 & 明月",
        "  ✗ metre: 平平平",
    ]
    assert text(Certificate(units=MADE.units[:1]), "en").endswith("Every rule holds.\n")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_picture_is_well_formed_escapes_and_draws(language: str) -> None:
    drawn = svg(MADE, language)  # type: ignore[arg-type]
    said = [e.text for e in ET.fromstring(drawn).iter() if e.tag.endswith("text")]
    assert any("<thee>" in (s or "") for s in said)
    assert bytes(resvg_py.svg_to_bytes(svg_string=drawn.decode()))[:4] == b"\x89PNG"


def test_cost_is_a_mean_over_tokens_and_names_what_the_rule_took_most() -> None:
    removals = [Removal("metre", 0, "you", 0.5), Removal("metre", 2, "me", 0.25), Removal("rhyme", 2, "", 0.9)]
    assert cost(removals, 3) == {"metre": (0.25, "you"), "rhyme": (pytest.approx(0.3), "")}
    with pytest.raises(ValueError, match="at least one token"):
        cost([], 0)
