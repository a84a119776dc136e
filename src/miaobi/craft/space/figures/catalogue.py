"""Catalogue: which figure shows which subject of ``data/subjects.tsv``, and the words of those that pictures lack."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from miaobi.craft.space.clay import Clay
from miaobi.craft.space.figures import beasts, birds, buildings, builds, machines, people, plants, things, vehicles

Make = Callable[[int], Clay]  # by a seed

PEOPLE = {  # who can ride, by how the figure is dressed
    "man": "man",
    "woman": "woman",
    "girl": "girl",
    "boy": "boy",
    "old-man": "old man",
    "old-woman": "old woman",
    "keeper": "keeper",
    "sailor": "sailor",
    "fisherman": "fisherman",
    "monk": "monk",
    "scholar": "scholar",
    "farmer": "farmer",
    "shepherd": "shepherd",
    "traveller": "traveller",
    "knight": "knight",
    "king": "king",
    "witch": "witch",
    "dancer": "dancer",
    "musician": "musician",
    "painter": "painter",
    "postman": "postman",
    "astronaut": "astronaut",
    "soldier": "soldier",
    "umbrella-walker": "umbrella",
}
_BEASTS = (*builds.BUILDS, *beasts.SITTING)
_CROWNED = ("tree", "oak", "birch", "maple", "cherry", "plum-tree", "apple-tree", "olive", "ginkgo", "elm", "bush")
_FLOWERS = {
    "rose": "rose",
    "peony": "peony",
    "camellia": "camellia",
    "poppy": "poppy",
    "tulip": "tulip",
    "daisy": "daisy",
    "sunflower": "sunflower",
    "chrysanthemum": "chrysanthemum",
    "lily": "lily",
    "iris": "iris",
    "cornflower": "cornflower",
    "orchid": "orchid",
    "lotus": "lotus",
}
_HOUSES = ("house", "cottage", "barn", "hut", "mill", "shop")
_SINGLE: dict[str, Callable[[], Clay]] = {
    "couple": people.couple,
    "snowman": people.snowman,
    "owl": birds.owl,
    "rooster": birds.rooster,
    "turtle": birds.turtle,
    "butterfly": birds.butterfly,
    "lighthouse": buildings.lighthouse,
    "church": buildings.church,
    "castle": buildings.castle,
    "windmill": buildings.windmill,
    "pagoda": buildings.pagoda,
    "pavilion": buildings.pavilion,
    "temple": buildings.temple,
    "hall": buildings.temple,
    "gate-hall": buildings.gate,
    "bridge": buildings.bridge,
    "tent": buildings.tent,
    "well": buildings.well,
    "tower": buildings.tower,
    "rowing-boat": vehicles.rowing_boat,
    "fishing-boat": vehicles.rowing_boat,
    "sail-boat": vehicles.sail_boat,
    "ship": vehicles.ship,
    "balloon": vehicles.balloon,
    "rocket": vehicles.rocket,
    "train": vehicles.train,
    "car": vehicles.car,
    "heart": things.heart,
    "star": things.star,
    "moon": things.moon,
    "planet": things.planet,
    "bell": things.bell,
    "teapot": things.teapot,
    "cup": things.cup,
    "candle": things.candle,
    "book": things.book,
    "hourglass": things.hourglass,
    "umbrella": things.umbrella,
    "gramophone": machines.gramophone,
    "radio": machines.radio,
    "robot": machines.robot,
    "campfire": things.campfire,
}


def _fixed(make: Callable[[], Clay], seed: int) -> Clay:
    return make()


def _of_kind(make: Callable[[str], Clay], kind: str, seed: int) -> Clay:
    return make(kind)


FIGURES: dict[str, Make] = {
    **{name: partial(_fixed, make) for name, make in _SINGLE.items()},
    **{name: partial(_of_kind, people.person, kind) for name, kind in PEOPLE.items()},
    **{name: partial(_of_kind, beasts.beast, name) for name in _BEASTS},
    **{
        name: partial(_of_kind, birds.perched, name)
        for name in ("sparrow", "robin", "crow", "magpie", "swallow", "gull", "eagle")
    },
    **{name: partial(_of_kind, birds.swimmer, name) for name in ("duck", "swan")},
    **{name: partial(_of_kind, birds.wader, name) for name in ("crane", "heron", "egret")},
    **{name: partial(_of_kind, birds.fish, name) for name in ("fish", "carp", "whale", "dolphin")},
    **{name: partial(plants.crowned, name) for name in _CROWNED},
    **{name: partial(plants.conifer, name) for name in ("pine", "fir", "larch", "cypress", "poplar")},
    **{name: partial(plants.flower, kind) for name, kind in _FLOWERS.items()},
    **{name: partial(_of_kind, buildings.house, name) for name in _HOUSES},
    **{name: partial(_of_kind, vehicles.sail_boat, name) for name in ("junk", "sampan")},
    **{
        name: partial(_of_kind, things.lantern, kind)
        for name, kind in (("lantern", "oil"), ("paper-lantern", "paper"), ("street-lamp", "street"))
    },
    **{name: partial(_of_kind, things.fruit, name) for name in ("apple", "pear")},
    "chess": partial(_of_kind, things.chess, "king"),
    "scots-pine": partial(plants.scots_pine, ""),
    "willow": partial(plants.willow, ""),
    "palm": partial(plants.palm, ""),
    "dead-tree": partial(plants.bare, ""),
    "cactus": partial(plants.cactus, ""),
    "mushrooms": partial(plants.mushrooms, ""),
    "pumpkins": partial(plants.pumpkins, ""),
    "bamboo": partial(plants.bamboo, ""),
    "mountain": things.mountain,
}
