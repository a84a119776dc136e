"""English verse on the real default checkpoint: held while it is written, the same again, and accounted for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from miaobi.compose import compose
from miaobi.craft.prosody.english.metre import METRES
from miaobi.craft.verse.frame import Frame
from miaobi.craft.verse.lexicon import lexicon_of
from miaobi.craft.verse.phrase import ways
from miaobi.craft.verse.plan import reachable_ends
from miaobi.decoding.verse_line import Phrases, VerseLine
from miaobi.engines import open_engine
from miaobi.types import Engine, Prompt, Request, Sampling, write
from tests.forms.art.second import faults

pytestmark = [pytest.mark.checkpoint, pytest.mark.slow]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    opened = open_engine("", language="en")
    yield opened
    opened.close()


def test_limerick_is_valid_the_same_again_and_the_engine_s_choice(engine: Engine) -> None:
    brief = {"form": "limerick", "idea": "A baker loses a spoon", "seed": 1}
    once, again = (compose(brief, engine=engine, formats=["txt"]) for _ in range(2))
    assert once == again
    lines = [line["text"] for stanza in once.content["stanzas"] for line in stanza]
    assert not faults(lines, "AABBA", [{8, 9, 10}, {8, 9, 10}, {5, 6, 7}, {5, 6, 7}, {8, 9, 10}])
    assert once.record.removals["rhyme"] > 0
    assert once.record.removals["frame"] > 0
    costs = [rule for unit in once.content["certificate"]["units"] for rule in unit["rules"]]
    assert any(rule["removed"] > 0 and rule["instead"] for rule in costs)


def test_line_of_the_default_checkpoint_s_own_tokens_keeps_frame_metre_and_rhyme(engine: Engine) -> None:
    line = Frame("the {light} {shine.s} {over} the {place}").read(lexicon_of(("sea",)), {})[0]
    metre = METRES["iambic pentameter"]
    ends = frozenset({"shore", "floor", "sand"}) & reachable_ends(line.places, metre)
    elements = tuple(Phrases({p: ways(p) for p in place.phrases}) for place in line.places)
    request = Request(
        Prompt(system="A poem about the sea.\n\n"),
        24,
        5,
        n=8,
        constraint=VerseLine(elements, metre, ends),
        sampling=Sampling(temperature=1.0),
    )
    texts = [candidate.text for candidate in write(engine, request)]
    assert len(set(texts)) > 2
    for text in texts:
        assert not faults([text], "x", [{10}])
        assert text.rsplit(" ", 1)[1] in ends
