from __future__ import annotations

from miaobi.brief import Brief
from miaobi.desk import MemoryJournal, WritingDesk
from miaobi.form import Options
from tests.parrot import Parrot


def test_desk_beside_has_another_engine_and_the_same_journal_and_record() -> None:
    first, second, journal = Parrot(), Parrot(), MemoryJournal()
    desk = WritingDesk(
        Brief(form="song", idea="x"), first, 1, Options(), journal=journal, beside=lambda name: {"other": second}[name]
    )
    other = desk.beside("other")
    assert desk.engine is first
    assert other.engine is second
    assert other.step("words", lambda: ["la"]) == ["la"]
    other.credit("engine", 3)
    assert journal.get("words") is not None
    assert desk.trace.authorship["engine"] == 3
    assert desk.seed("a") == other.seed("a")


def test_engine_of_the_user_s_choice_stays() -> None:
    engine = Parrot()
    assert WritingDesk(Brief(form="song", idea="x"), engine, 1, Options()).beside("other").engine is engine
