"""Subjects: what can be drawn, from ``data/subjects.tsv``, each with its generator and the words that call for it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.pigment import Told, dye_of
from miaobi.craft.drawing.subjects import (
    beast,
    bird,
    building,
    chinese_building,
    critter,
    figure,
    furnishing,
    machine,
    plant,
    thing,
    tree,
    turned,
    vessel,
    wonder,
)

Generator = Callable[..., None]
FIGURES = ("person", "couple", "rider")  # generators of people who can be told apart
PEOPLE = (*FIGURES, "crowd")
CRITTERS = ("turtle", "frog", "snake", "snail", "crab", "octopus", "penguin", "parrot")
MOTORS = ("car", "bus", "tractor")
BOATS = ("rowing_boat", "sail_boat", "junk", "sampan", "ship", "steamer")
BEAST = 0.70  # of an animal's height: its withers


@dataclass(frozen=True)
class Subject:
    """One row of the table. ``wide``: width in heights; ``share``: of the canvas's height, as the chief subject."""

    id: str
    generator: str
    kind: str
    metres: float
    wide: float
    stand: str
    share: float
    words: tuple[str, ...]
    chinese: tuple[str, ...]

    def draw(self, pen: Pen, pose: str = "", *, empty: bool = False, kind: str = "") -> None:
        """Draw it 1 high where *pen* stands; *pose* for people, animals and ``POSED`` things, *empty* for people who
        have nothing of their own in their hands; *kind*: of ``PEOPLE``, for another than its own."""
        if "" in pen.told.parts and not pen.told.dye and self.generator != "person":
            pen.told.dye = self._dye(pen, pose, empty)
        generator = GENERATORS[self.generator]
        if self.generator == "beast":
            generator(pen.at(0, 0, BEAST), self.kind, pose or "stand")
        elif self.generator == "person":
            generator(pen, kind or self.kind, pose or "stand", empty=empty)
        elif self.generator in ("flying", "standing", "swimming") and pose in _BIRDS:
            _BIRDS[pose](pen, self.kind)
        else:
            own = [int(self.kind) if self.kind.isdigit() else self.kind] if self.kind else []
            posed = self.generator == "couple" or pose in POSED.get(self.generator, ())
            more = {"pose": pose} if posed else {}
            generator(pen, *own, **more)
            if pose == "bough":
                plant.bough(pen)

    def _dye(self, pen: Pen, pose: str, empty: bool) -> dict[str, str]:
        """Return what this drawing's own colours become, found by drawing it once to see what it is made of."""
        trial = pen.at(0, 0)
        trial.shapes, trial.rng, trial.told = [], deepcopy(pen.rng), Told(ledger={})
        self.draw(trial, pose, empty=empty)
        return dye_of(self.generator, trial.told.ledger or {}, pen.told.parts[""])


def _swimming(pen: Pen, kind: str) -> None:
    bird.standing(pen, kind, "swim")


GENERATORS: dict[str, Generator] = {
    "tree": tree.tree,
    "conifer": tree.conifer,
    "scots_pine": tree.scots_pine,
    "willow": tree.willow,
    "palm": tree.palm,
    "cypress": tree.cypress,
    "bush": tree.bush,
    "dead_tree": tree.dead_tree,
    "grove": tree.grove,
    "bamboo": plant.bamboo,
    "lotus": plant.lotus,
    "reeds": plant.reeds,
    "flower": plant.flower,
    "blossom": plant.blossom_branch,
    "mushrooms": plant.mushrooms,
    "cactus": plant.cactus,
    "pumpkins": plant.pumpkins,
    "hay": plant.hay,
    "stones": plant.stones,
    "fence": plant.fence,
    "stone_wall": plant.stone_wall,
    "house": lambda pen, kind: building.house(pen, kind=kind),
    "lighthouse": building.lighthouse,
    "church": building.church,
    "castle": lambda pen: building.castle(pen.at(0, 0, 0.84)),
    "windmill": building.windmill,
    "ruin": building.castle_ruin,
    "village": building.village,
    "city": building.city,
    "tent": building.tent,
    "hall": chinese_building.hall,
    "temple": chinese_building.temple,
    "pagoda": chinese_building.pagoda,
    "pavilion": chinese_building.pavilion,
    "gate": chinese_building.gate,
    "great_wall": chinese_building.great_wall,
    "bridge": chinese_building.arch_bridge,
    "wooden_bridge": chinese_building.wooden_bridge,
    "iron_bridge": chinese_building.iron_bridge,
    "rowing_boat": vessel.rowing_boat,
    "sail_boat": vessel.sail_boat,
    "junk": vessel.junk,
    "sampan": vessel.sampan,
    "ship": vessel.ship,
    "steamer": vessel.steamer,
    "balloon": vessel.balloon,
    "rocket": vessel.rocket,
    "bicycle": vessel.bicycle,
    "cart": vessel.cart,
    "train": vessel.train,
    "car": vessel.car,
    "sled": vessel.sled,
    "beast": beast.beast,
    "flying": bird.flying,
    "flock": bird.flock,
    "standing": bird.standing,
    "swimming": _swimming,
    "fish": bird.fish,
    "butterfly": bird.butterfly,
    "bee": bird.bee,
    "turtle": bird.turtle,
    "dragon": thing.dragon,
    "person": figure.person,
    "couple": figure.couple,
    "crowd": figure.crowd,
    "rider": figure.rider,
    "swing": figure.swing,
    "turned": turned.turned,
    "cup": turned.cup,
    "teapot": turned.teapot,
    "candle": turned.candle,
    "lantern": turned.lantern,
    "book": thing.book,
    "letter": thing.letter,
    "clock": thing.clock,
    "watch": thing.watch,
    "umbrella": thing.umbrella,
    "kite": thing.kite,
    "musical": thing.musical,
    "seat": thing.seat,
    "bed": furnishing.bed,
    "sofa": furnishing.sofa,
    "basket": furnishing.basket,
    "ball": furnishing.ball,
    "signpost": thing.signpost,
    "well": thing.well,
    "key": thing.key,
    "telescope": thing.telescope,
    "campfire": thing.campfire,
    "snowman": thing.snowman,
    "mailbox": thing.mailbox,
    "gramophone": thing.gramophone,
    "ink_stone": thing.ink_stone,
    "fan": thing.fan,
    "frog": critter.frog,
    "snake": critter.snake,
    "snail": critter.snail,
    "crab": critter.crab,
    "octopus": critter.octopus,
    "penguin": critter.penguin,
    "parrot": critter.parrot,
    "bus": machine.bus,
    "tractor": machine.tractor,
    "aeroplane": machine.aeroplane,
    "helicopter": machine.helicopter,
    "cake": furnishing.cake,
    "chest": furnishing.chest,
    "ladder": furnishing.ladder,
    "suitcase": furnishing.suitcase,
    "ghost": wonder.ghost,
    "rainbow": wonder.rainbow,
    "heart": thing.heart,
    "planet": thing.planet,
}

# poses that a thing has where people act on it
POSED: dict[str, tuple[str, ...]] = {
    "rowing_boat": ("rowed", "empty"),
    "umbrella": ("held",),
    "kite": ("held",),
    "musical": ("held",),
    "swing": ("empty",),
    "balloon": ("empty",),
    "car": ("open",),
    "bed": ("slept",),
    "letter": ("read",),
    "basket": ("filled",),
    "cup": ("filled",),
    "bridge": ("flat",),
}
_BIRDS: dict[str, Generator] = {"fly": bird.flying, "stand": bird.standing, "swim": _swimming}


@cache
def subjects() -> dict[str, Subject]:
    """Return every subject by its id."""
    text = files("miaobi.craft").joinpath("data", "subjects.tsv").read_text(encoding="utf-8")
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, generator, kind, metres, wide, stand, share, words, chinese = line.split("\t")
            found[name] = Subject(
                name,
                generator,
                kind,
                float(metres),
                float(wide),
                stand,
                float(share),
                tuple(words.split(",")),
                tuple(chinese.split(",")),
            )
    return found
