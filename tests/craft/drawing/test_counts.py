from __future__ import annotations

import pytest

from miaobi.craft.drawing.reading import read_wish


@pytest.mark.parametrize(
    ("idea", "name", "count"),
    [
        ("three old camels in the desert", "camel", 3),
        ("a herd of camels", "camel", 5),
        ("camels", "camel", 3),
        ("a camel", "camel", 1),
        ("four sheep on a hill", "sheep", 4),
        ("two swans on a lake", "swan", 2),
        ("三只骆驼走过沙漠", "camel", 3),
        ("两头骆驼", "camel", 2),
        ("一群骆驼", "camel", 5),
        ("第三只骆驼", "camel", 1),
        ("骆驼", "camel", 1),
    ],
)
def test_as_many_are_drawn_as_the_words_say(idea: str, name: str, count: int) -> None:
    assert dict(read_wish(idea).subjects)[name] == count


def test_a_month_is_no_number_of_moons() -> None:
    assert dict(read_wish("三月的明月").subjects).get("moon", 1) == 1
