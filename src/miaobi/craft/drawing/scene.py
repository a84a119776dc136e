"""Scene: what a picture is of, as values: canvas, composition, light, ground, what stands where. The renderer draws
it.

Places are shares of the canvas (x from the left, y from the top), so that a scene fits any format.
"""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

COMPOSITIONS = ("thirds-left", "thirds-right", "symmetry", "s-curve", "void")
Ground = Literal[
    "sea",
    "lake",
    "river",
    "mountains",
    "desert",
    "forest",
    "snowfield",
    "city",
    "street",
    "garden",
    "field",
    "hills",
    "interior",
    "sky",
    "space",
]
GROUNDS = get_args(Ground)
How = Literal[
    "on", "in", "under", "behind", "before", "beside", "above", "below", "hold", "read", "play", "ride", "lead", "pull",
    "push", "chase", "cross", "feed", "face", "follow", "row", "carry", "climb", "enter", "leave",
]  # fmt: skip
HOWS = get_args(How)  # what a subject does to another, or where it is to it
FOREGROUNDS = ("none", "grass", "reeds", "branch", "stones", "flowers")


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Placed(_Value):
    """One subject: ``x``, ``y`` is where its foot stands, ``size`` its height as share of the canvas's."""

    id: str
    x: float
    y: float
    size: float
    flip: bool = False
    pose: str = ""
    chief: bool = False
    asked: bool = True  # False: set dressing of ours
    seed: int | None = None  # of its drawing, where it was kept from another scene; the scene's own else
    number: int | None = None  # of its stream of chance: its place in the scene that it was first in
    how: How | Literal[""] = ""  # what ties it to another subject, and the other's id
    of: str = ""
    borne: Literal["", "over", "behind"] = ""  # drawn as one with the other: after it, or before it
    called: str = ""  # what the idea calls a person who is more than the subject says: a chef
    colours: dict[str, str] = Field(default_factory=dict)  # told ones, #rrggbb, by part; "" is the whole


class Scene(_Value):
    """Everything that is drawn."""

    width: int = Field(ge=64, le=4096)
    height: int = Field(ge=64, le=4096)
    composition: Literal["thirds-left", "thirds-right", "symmetry", "s-curve", "void"]
    ground: Ground
    horizon: float  # share of the height
    close: float = 1.0  # how near the subjects are: factor of their sizes
    hour: str
    weather: str
    season: str
    side: float  # of the light: −1 left … 1 right
    mood: str = ""
    palette: tuple[str, ...] = ()
    style: Literal["western", "chinese"] = "western"  # of the houses of a street, the window of a room
    room: Literal["", "kitchen", "library"] = ""  # what an interior is for
    cover: Literal["", "snow", "wet"] = ""  # what lies on the land though the sky has cleared
    coming: Literal["", "storm"] = ""  # dark clouds of what isn't there yet
    foreground: Literal["none", "grass", "reeds", "branch", "stones", "flowers"] = "none"
    subjects: tuple[Placed, ...] = ()
    seed: int = 0
    seeds: dict[str, int] = Field(default_factory=dict)  # of parts kept from another scene: sky, ground, foreground
