"""Style, lore, tone and audience reach the prompts; what a form can't use is refused or said."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.errors import BriefError
from miaobi.forms.writing.background import read_lore
from miaobi.types import Piece, Request
from tests.parrot import Parrot

LORE = """keys: lamp, lighthouse
priority: 5
The lamp was last lit on the day of the wedding.

keys: wedding
Nobody in the village speaks of the wedding.

keys: dragon
Dragons sleep under the hill.
"""


class Listening(Parrot):
    """A parrot that keeps the prompts it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.prompts: list[str] = []

    def stream(self, request: Request) -> Iterator[Piece]:
        self.prompts.append(request.prompt.system)
        return super().stream(request)


def story(**more: object) -> tuple[list[str], list[dict[str, object]]]:
    engine = Listening()
    brief = Brief.parse({"form": "story", "idea": "A lighthouse keeper finds a message in a bottle", "seed": 7} | more)
    work = compose(brief, engine=engine, formats=["md"])
    return engine.prompts, list(work.record.receipts)


def test_lore_enters_where_its_key_is_told_and_calls_further_lore() -> None:
    prompts, receipts = story(references=[{"kind": "lore", "name": "world", "text": LORE}])
    called = [p for p in prompts if "last lit on the day of the wedding" in p]
    assert called
    assert all("speaks of the wedding" in p for p in called)
    assert not any("Dragons" in p for p in prompts)
    assert len(called) < len(prompts)
    used = [row for r in receipts for row in r["used"]]  # type: ignore[attr-defined]
    called_by = {row["why"] for row in used if row["part"] == "lore: lamp" and row["tokens"] > 0}
    assert called_by
    assert called_by <= {"key “lamp”", "key “lighthouse”"}


def test_constant_beginning_of_the_prompt_is_the_same_bytes_with_other_lore() -> None:
    plain, _ = story()
    with_lore, _ = story(references=[{"kind": "lore", "name": "world", "text": LORE}])
    head = plain[0].split("\n\n")[0]
    assert len(head) > 300
    assert with_lore[0].startswith(head)
    assert all(p.startswith(head) for p in with_lore if "He " not in p[: len(head)] and p.startswith(head[:40]))


def test_style_samples_lead_the_prompt_and_the_tone_stands_near_its_end() -> None:
    sample = "The stove hummed. Nobody had fed the cat, and the cat said so."
    prompts, _ = story(references=[{"kind": "style", "name": "mine", "text": sample}], tone="dry", audience="sailors")
    narrated = [p for p in prompts if p.startswith(sample)]
    assert len(narrated) > 5
    assert all("[The tone is dry.] [It is told to sailors.]" in p[len(p) // 2 :] for p in narrated)


def test_lorebook_of_a_character_card_is_read() -> None:
    book = {"data": {"character_book": {"entries": [
        {"keys": ["lamp"], "content": "Old.", "priority": 3, "constant": True},
        {"keys": ["fog"], "content": "Off.", "enabled": False},
    ]}}}  # fmt: skip
    [entry] = read_lore(json.dumps(book), "card")
    assert (entry.keys, entry.content, entry.priority, entry.constant) == (("lamp",), "Old.", 3, True)


@pytest.mark.parametrize("text", ["Text.", "keys: lamp", "keys: lamp\npriority: high\nText.", '{"a": 1}', "[1]"])
def test_lore_that_is_none_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(BriefError, match="world"):
        read_lore(text, "world")


def test_reference_that_a_form_cannot_use_is_refused_and_an_idle_wish_is_noted() -> None:
    with pytest.raises(BriefError, match="makes nothing of a table reference"):
        story(references=[{"kind": "table", "name": "t.csv", "text": "a,b\n1,2\n"}])
    mail = Brief(form="email", idea="thank Ada for the map", tone="wistful")
    findings = compose(mail, engine=Parrot(), formats=["txt"]).findings
    assert [f.message for f in findings if f.rule == "not-heeded"] == [
        "The tone “wistful” changes nothing in the form email."
    ]
