from __future__ import annotations

import pytest

from miaobi.engines.scripted import Scripted
from miaobi.errors import EngineError
from miaobi.types import Engine, Prompt, Request, write


def test_texts_come_in_order_cut_at_stops_and_limits() -> None:
    engine = Scripted(["one. two", "a long text"])
    assert isinstance(engine, Engine)
    a, b = write(engine, Request(Prompt(user="x"), 6, 1, n=2, stop=(".",)))
    assert (a.text, a.finish) == ("one", "stop")
    assert (b.text, b.finish) == ("a long", "length")


def test_a_script_that_has_run_out_says_for_which_prompt() -> None:
    with pytest.raises(EngineError, match="the end of it"):
        write(Scripted([]), Request(Prompt(prefix="the end of it"), 6, 1))
