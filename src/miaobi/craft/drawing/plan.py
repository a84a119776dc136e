"""Plan: scenes that an idea could be, drawn by lot within what it asks for; a form chooses among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np

from miaobi.craft.drawing.camera import WATER, drawn_view, fitting_view, horizon_of, nearness
from miaobi.craft.drawing.part import Kept, fixed_by, held, standing
from miaobi.craft.drawing.scene import COMPOSITIONS, FOREGROUNDS, Placed, Scene, View
from miaobi.craft.drawing.staging import chief_of, composition_score, stage
from miaobi.craft.drawing.subjects.subject import BOATS, MOTORS, subjects
from miaobi.craft.drawing.words.reading import Asked, words_of
from miaobi.types import derive_seed

_HOURS_BY_MOOD = {
    "calm": ("dawn", "morning", "afternoon", "sunset"),
    "sad": ("dusk", "sunset", "dawn", "night"),
    "joyful": ("morning", "noon", "afternoon"),
    "dark": ("night", "dusk"),
    "hopeful": ("dawn", "morning"),
    "tender": ("afternoon", "sunset", "dusk"),
    "wry": ("noon", "afternoon"),
    "bold": ("sunset", "morning", "noon"),
}
_GROUND_BY_STAND = {
    "water": ("lake", "river", "sea"),
    "under": ("sea", "lake"),
    "bridge": ("river",),
    "thing": ("interior",),
    "shore": ("sea", "lake"),
}
_LIVES = {
    "camel": "desert",
    "cactus": "desert",
    "palm": "sea",
    "deer": "forest",
    "fox": "forest",
    "bear": "forest",
    "wolf": "forest",
    "owl": "forest",
    "whale": "sea",
    "dolphin": "sea",
    "carp": "lake",
    "swan": "lake",
    "lotus": "lake",
    "gull": "sea",
    "ship": "sea",
    "junk": "river",
    "sampan": "river",
    "fishing-boat": "river",
    "astronaut": "space",
    "rocket": "space",
    "planet": "space",
    "balloon": "sky",
    "zebra": "field",
    "giraffe": "field",
    "penguin": "snowfield",
    "crab": "sea",
    "octopus": "sea",
    "parrot": "forest",
    "tractor": "field",
    "bus": "street",
    "dragon": "sky",
    "windmill": "field",
    "sheep": "hills",
    "horse": "field",
    "cow": "field",
    "train": "field",
    "church": "hills",
    "castle": "hills",
    "eagle": "mountains",
    "temple": "mountains",
    "great-wall": "mountains",
    "pagoda": "lake",
    "pavilion": "lake",
    "panda": "forest",
    "peony": "garden",
    "rose": "garden",
    "butterfly": "garden",
    "bee": "garden",
    "snowman": "snowfield",
    "sled": "snowfield",
    "iron-bridge": "city",
    "street-lamp": "street",
    "elephant": "field",
    "lion": "field",
    "tiger": "forest",
    "bamboo": "forest",
    "mushrooms": "forest",
    "egret": "lake",
    "crane": "lake",
    "heron": "river",
    "mailbox": "hills",
    "house": "hills",
    "village": "hills",
    "keeper": "sea",
}


MOST_SHOWN = 7  # subjects in one picture
_PATHS = 0.25  # in how many pictures a path runs through the land where nothing asks for one
_GOES = (  # who goes along one, or what one leads to
    *("traveller", "rider", "postman", "cart", "bicycle", "car", "signpost", "mailbox", "monk", "cottage", "church"),
    *("temple", "castle", "village", "gate-hall"),
)
_OVER = ("under", "behind", "before", "above")
_FORE = {"close": ("none", "branch"), "low": ("none", "grass"), "high": ("none",), "far": ("none", "branch", "reeds")}
_OUTDOORS = (
    *("tent", "campfire", "snowman", "well", "fence", "wall", "hay", "signpost", "mailbox", "street-lamp", "sled"),
    *("cart", "train", *MOTORS, "ladder", "stones", "kite", "rider", "traveller", "fisherman", "shepherd", "farmer"),
)


@dataclass(frozen=True)
class Fixed:
    """What the brief fixes; "" and () leave it open."""

    width: int
    height: int
    composition: str = ""
    view: str = ""
    ground: str = ""
    hour: str = ""
    weather: str = ""
    season: str = ""
    palette: tuple[str, ...] = ()
    room: float = 0.0  # share of the height kept free at the top for a title
    kept: Kept = field(default_factory=dict)  # parts of an earlier scene that stay


def candidates(asked: Asked, fixed: Fixed, seed: int, count: int) -> list[Scene]:
    """Return *count* scenes, no two with the same composition, ground, hour and foreground where that can be."""
    settled = fixed_by(fixed.kept)
    fixed = replace(
        fixed,
        composition=settled.get("composition", fixed.composition),
        view=settled.get("view", fixed.view),
        ground=settled.get("ground", fixed.ground),
        hour=settled.get("hour", fixed.hour),
        weather=settled.get("weather", fixed.weather),
        season=settled.get("season", fixed.season),
    )
    lot = np.random.default_rng(derive_seed(seed, "view", asked.subjects, asked.grounds))
    over = any(act.how in _OVER for act in asked.acts)
    view = fixed.view or asked.view or drawn_view(lot, asked.subjects, over=over)  # a seed's own
    if view == "high" and asked.moon and not (fixed.view or asked.view):
        view = "low"  # from above there is no sky for a moon that is told
    few = np.random.default_rng(derive_seed(seed, "compositions")).permutation(COMPOSITIONS)[:3]  # a seed's own
    out: list[Scene] = []
    seen = set[tuple[object, ...]]()
    for i in range(count * 6):
        rng = np.random.default_rng(derive_seed(seed, "scene", i))
        scene = _scene(asked, replace(fixed, view=view), rng, derive_seed(seed, "drawing", i), few.tolist())
        key: tuple[object, ...] = (scene.composition, scene.ground, scene.hour, scene.foreground)
        if fixed.kept:  # there is little left to differ in
            key = (*key, scene.seed)
        if key not in seen:
            seen.add(key)
            out.append(scene)
        if len(out) == count:
            break
    return out


def _scene(asked: Asked, fixed: Fixed, rng: np.random.Generator, seed: int, few: Sequence[str]) -> Scene:
    ground = fixed.ground or _ground(asked, rng)
    hour = (
        fixed.hour
        or asked.hour
        or str(rng.choice(_HOURS_BY_MOOD.get(asked.mood, ("dawn", "morning", "afternoon", "sunset", "dusk", "noon"))))
    )
    season = fixed.season or asked.season or str(rng.choice(["spring", "summer", "autumn", "summer"]))
    weather = (
        fixed.weather
        or asked.weather
        or str(
            rng.choice(
                ["clear", "clear", "clear", "cloudy", "mist" if hour in ("dawn", "morning") else "clear"]
                if asked.mood != "dark"
                else ["storm", "mist", "clear", "wind"]
            )
        )
    )
    cover, coming = (asked.cover, asked.coming) if weather == asked.weather else ("", "")
    if weather == "snow" or (cover == "snow" and not fixed.season):
        season = "winter"
    if ground == "space":
        hour, weather = "night", "clear"
    room = ground == "interior" or len(asked.subjects) > 2  # for emptiness there is no room
    view = fitting_view(cast(View, fixed.view), ground, asked.subjects)
    room |= view in ("close", "high")
    composition = fixed.composition or str(rng.choice([name for name in few if name != "void" or not room]))
    table = subjects()
    upright = fixed.height > fixed.width
    horizon = horizon_of(rng, view, ground, asked.subjects, upright=upright)
    if any(table[s].stand in ("under", "water") for s, _ in asked.subjects) and ground in WATER and view == "wide":
        horizon = float(rng.uniform(0.38, 0.48))
    if ground == "interior":
        horizon = 0.46
    if ground == "street" and view in ("wide", "far"):
        horizon = float(rng.uniform(0.45, 0.49)) + (0.05 if upright else 0.0)
    if ground in ("sky", "space"):
        horizon = 0.9
    fore = (
        ["none", "stones"]
        if ground in ("sea", "desert")
        else ["none"]
        if ground in ("interior", "city", "street", "sky", "space", "snowfield")
        else list(FOREGROUNDS)
    )
    if ground in ("lake", "river"):
        fore = ["reeds", "branch", "grass", "stones"]
    if view != "wide":
        fore = [kind for kind in fore if kind in _FORE[view]] or ["none"]
    if season == "winter":
        fore = [kind for kind in fore if kind != "flowers"]
    palette = fixed.palette or words_of("palette").get(asked.mood, ())
    values = {
        "width": fixed.width,
        "height": fixed.height,
        "composition": composition,
        "ground": ground,
        "view": view,
        "horizon": horizon,
        "hour": hour,
        "weather": weather,
        "season": season,
        "cover": cover if ground != "space" else "",
        "coming": coming if ground != "space" else "",
        "path": asked.path or any(name in _GOES for name, _ in asked.subjects) or bool(rng.random() < _PATHS),
        "moon": asked.moon,
        "room": asked.room if ground == "interior" else "",
        "style": asked.style or "western",
        "side": float(rng.choice([-1, 1])) * float(rng.uniform(0.6, 1.0)),
        "mood": asked.mood,
        "palette": palette,
        "foreground": str(rng.choice(fore)),
        "seed": seed,
    }
    scene = Scene.model_validate(held(values, fixed.kept))
    there = standing(fixed.kept)
    wanted = tuple(dressed(asked, scene, rng) if asked.subjects or not there else [(p.id, 1) for p in there])
    asked = replace(asked, subjects=wanted)
    chief = table[chief_of(wanted, ground)] if wanted else None
    near = nearness(rng, view, chief, ground, (fixed.width, fixed.height), alone=sum(n for _, n in wanted) == 1)
    scene = scene.model_copy(update={"close": near})

    called = dict(asked.called)
    told: dict[str, dict[str, str]] = {}
    for name, part, colour in asked.colours:
        told.setdefault(name, {})[part] = colour

    def staged() -> tuple[Placed, ...]:
        placed, looks = list(stage(rng, scene, asked, room=fixed.room, standing=there)), dict(asked.looks)
        for i, p in enumerate(placed):
            known = {"colours": told.get(p.id, p.colours), "called": called.get(p.id, p.called)}
            placed[i] = p.model_copy(update=known | {"look": looks.pop(p.id, p.look)})  # of several one is the persona
        return tuple(placed)

    best = max((scene.model_copy(update={"subjects": staged()}) for _ in range(10)), key=composition_score)
    if asked.moon and "light" not in fixed.kept:  # it stands where the chief subject doesn't
        across = next((p.x for p in best.subjects if p.chief), 0.5)
        best = best.model_copy(update={"side": abs(best.side) * (1 if across < 0.5 else -1)})
    return best


def dressed(asked: Asked, scene: Scene, rng: np.random.Generator) -> Sequence[tuple[str, int]]:
    """Return the subjects asked for or, where there are none, one that suits the ground."""
    if asked.subjects:
        return asked.subjects[:MOST_SHOWN]
    suits = {
        "sea": ("sail-boat", "lighthouse", "ship"),
        "lake": ("rowing-boat", "pavilion", "swan"),
        "river": ("bridge", "fishing-boat", "willow"),
        "mountains": ("scots-pine", "temple", "traveller"),
        "desert": ("camel", "rider"),
        "forest": ("deer", "owl", "traveller"),
        "snowfield": ("fox", "hut", "deer"),
        "city": ("umbrella-walker", "street-lamp"),
        "street": ("umbrella-walker", "bicycle", "crowd"),
        "garden": ("peony", "girl", "pavilion") if scene.season in ("spring", "summer") else ("girl", "pavilion"),
        "field": ("oak", "windmill", "horse"),
        "hills": ("oak", "cottage", "traveller"),
        "interior": ("vase", "book", "teapot", "candle"),
        "sky": ("balloon", "flying-crane"),
        "space": ("astronaut", "planet"),
    }[scene.ground]
    return [(str(rng.choice(suits)), 1)]


def _ground(asked: Asked, rng: np.random.Generator) -> str:
    table = subjects()
    stands = [table[name].stand for name, _ in asked.subjects]
    wide = {"ground": 3.0, "water": 1.5, "under": 1.5}  # metres: what is larger has no room in a room
    outdoors = any(s in ("far", "shore", "bridge") for s in stands)
    outdoors |= any(name in _OUTDOORS for name, _ in asked.subjects)
    outdoors |= any(table[name].metres > wide.get(table[name].stand, 99.0) for name, _ in asked.subjects)
    grounds = [g for g in asked.grounds if not (g == "interior" and outdoors)]
    bridged = "bridge" in stands and not any(table[name].generator == "train" for name, _ in asked.subjects)
    inside = {act.who for act in asked.acts if act.how in ("in", "on")}  # a ship in a bottle
    afloat = any(table[n].generator in BOATS and n not in inside for n, _ in asked.subjects)
    if bridged or afloat:
        open_water = ["river"] if bridged else ["lake", "river", "sea"]
        grounds = [g for g in grounds if g in (*WATER, "city")] or [str(rng.choice(open_water))]
    if grounds:
        return grounds[0] if rng.random() < 0.85 or len(grounds) == 1 else grounds[1]
    lives = [_LIVES[name] for name, _ in asked.subjects if name in _LIVES]
    if any(s in ("water", "under") for s in stands):  # a boat and a house: where the boat floats
        lives = [ground for ground in lives if ground in WATER]
    if lives:
        return lives[0]
    for stand, where in _GROUND_BY_STAND.items():
        if stand in stands and not (outdoors and stand == "thing"):
            return str(rng.choice(where))
    return str(rng.choice(["hills", "field", "river", "lake", "mountains", "garden"]))
