"""Who does what to whom in an idea, and what it names and isn't there."""

from __future__ import annotations

import pytest

from miaobi.craft.drawing.words.absence import present
from miaobi.craft.drawing.words.reading import read_wish


def acts_of(idea: str) -> set[str]:
    return {f"{a.who} {a.how} {a.whom}" for a in read_wish(idea, called=True).acts}


@pytest.mark.parametrize(
    ("idea", "acts"),
    [
        (
            "A girl sits on a bench under an old oak and reads a letter",
            {"girl on bench", "bench under oak", "girl read letter"},
        ),
        ("Under the bridge, a fisherman", {"fisherman under bridge"}),
        ("On the roof of a house sits a cat", {"cat on house"}),
        ("a cart pulled by a horse", {"horse pull cart"}),
        ("Led by a small boy, the musician enters the village", {"boy lead musician", "musician enter village"}),
        ("Holding a lantern, the keeper climbs the lighthouse", {"keeper hold lantern", "keeper climb lighthouse"}),
        ("a man reads a letter on a bench", {"man read letter", "man on bench"}),
        ("an old man with a lantern in his hand leads a donkey", {"old-man hold lantern", "old-man lead donkey"}),
        ("a train crosses the viaduct while cows graze below", {"train cross long-bridge", "cow below long-bridge"}),
        ("a green bottle with a ship inside it", {"ship in bottle"}),
        ("She plays the violin under a willow", {"woman play violin", "woman under willow"}),
        ("a woman on a donkey", {"woman ride donkey"}),
        ("a white horse and a black dog", set()),
        (
            "A girl feeds a white horse an apple over a fence",
            {"girl feed horse", "girl hold apple", "girl behind fence"},
        ),
        ("A man offers a woman a rose", {"man face woman", "man hold rose"}),
        (
            "An old woman feeds three ducks, and a girl sits on the wall and eats an apple",
            {"old-woman feed duck", "girl on wall", "girl hold apple"},
        ),
        ("A man and a woman sit on a bench", {"man on bench", "woman on bench"}),
        ("A girl pulls her little brother on a sled", {"girl pull sled", "boy on sled"}),
        ("船头点着一盏灯", {"lantern in rowing-boat"}),
        ("湖边停着一条渔船，船头点着一盏灯", {"lantern in fishing-boat"}),
        ("一个男孩在弹琴，月光照在琴上", {"boy play guqin"}),
        ("一行白鹭上青天，一个男孩", set()),
        ("小船穿过石桥", {"rowing-boat under bridge"}),
        ("骑牛过小桥", {"shepherd ride ox", "ox cross bridge"}),
        ("松下书生抚琴", {"scholar under scots-pine", "scholar play guqin"}),
        ("一个老人牵着牛走过小桥", {"old-man lead ox", "old-man cross bridge"}),
        ("桥上走过一个和尚", {"monk on bridge"}),
        ("渔夫划着小船，船上有一只狗", {"fisherman row rowing-boat", "dog on rowing-boat"}),
        ("屋顶上的猫望着月亮", {"cat on house"}),
        ("骑马的武士", {"knight ride horse"}),
        ("骑马过草原", {"traveller ride horse"}),
    ],
)
def test_ties_are_read(idea: str, acts: set[str]) -> None:
    assert acts_of(idea) == acts


def test_gestures_are_whose_they_are() -> None:
    assert dict(read_wish("a cat asleep on a wall while a boy runs by").gestures) == {"cat": "sleep", "boy": "run"}
    assert dict(read_wish("a boy flies a kite over the gulls").gestures) == {"boy": "reach"}  # he doesn't fly


@pytest.mark.parametrize(
    ("idea", "seen"),
    [
        ("an old man dreams of a ship", ["old-man"]),
        ("she runs like a lion without her umbrella", ["woman"]),
        ("raining cats and dogs, a bus stop with a clock", ["clock"]),
        ("the tailor's apprentice", ["boy"]),
        ("马上就要下雨了，妈妈没带伞", ["woman"]),
        ("Rose finds a fox", ["woman", "fox"]),
        ("a crocodile brushes its teeth", []),
        ("a big green yeti swings on a tree", ["tree"]),
        ("two old swings under the tree", ["swing", "tree"]),
        ("a rose and a fox", ["rose", "fox"]),
    ],
)
def test_what_is_only_named_is_not_seen(idea: str, seen: list[str]) -> None:
    assert [name for name, _ in read_wish(idea, called=True).subjects] == seen


def test_what_is_blanked_out_keeps_the_places_of_the_rest() -> None:
    idea = "as brave as a lion, the knight"
    assert len(present(idea)) == len(idea)
    assert present(idea).index("knight") == idea.index("knight")


@pytest.mark.parametrize(
    ("idea", "acts"),
    [
        ("a girl rides a bear through the snow, a fox runs ahead", {"girl ride bear", "girl follow fox"}),
        ("a fox runs ahead of a girl on a bear", {"girl follow fox", "girl ride bear"}),
        ("a girl rides a bear, the fox runs behind them", {"girl ride bear", "fox follow girl"}),
        ("a dog trots in front of the cart", {"cart follow dog"}),
        ("a girl walks with a goat, a dog trots in front", {"girl beside goat", "girl follow dog"}),
        ("a dog trots in front of the house", {"dog before house"}),
        ("a fox runs behind the house", {"fox behind house"}),
        ("a dog sits in front of a girl", {"dog before girl"}),
        ("女孩骑着熊，狐狸跑在前面", {"girl ride bear", "bear follow fox"}),
        ("女孩走在路上，小狗跟在后面", {"dog follow girl"}),
    ],
)
def test_who_moves_ahead_is_followed(idea: str, acts: set[str]) -> None:
    assert acts_of(idea) == acts


def test_what_one_did_after_and_is_a_verb_though_its_base_is_alike() -> None:
    assert acts_of("a girl sat on a bench under a lamp and read a letter") >= {"girl read letter"}
