"""Builds: the proportions of standing four-footed beasts, a row each."""

from __future__ import annotations

from dataclasses import dataclass

_DARK = "#2b2320"


@dataclass(frozen=True)
class Build:
    """A standing beast's proportions; lengths in heights."""

    coat: str
    belly: str = ""
    length: float = 0.62  # from shoulder to hip
    girth: float = 0.17
    leg: float = 0.36  # to the belly
    shank: float = 0.055
    neck: tuple[float, float] = (0.16, 0.24)  # forward and up from the shoulder
    head: float = 0.12
    muzzle: float = 0.16
    nose: str = _DARK
    ear: tuple[float, float] = (0.03, 0.12)  # thickness and height
    tail: str = "short"  # short, long, bush, tuft, none
    more: tuple[str, ...] = ()  # antlers, horns, mane, trunk, hump, wool, stripes, patches, beard


BUILDS = {
    "deer": Build(
        "#a8703c",
        "#e6d3b3",
        leg=0.40,
        girth=0.14,
        neck=(0.15, 0.26),
        head=0.085,
        muzzle=0.13,
        ear=(0.028, 0.11),
        more=("antlers",),
    ),
    "horse": Build(
        "#7a4a2c",
        length=0.66,
        leg=0.42,
        girth=0.17,
        neck=(0.20, 0.30),
        head=0.095,
        muzzle=0.22,
        ear=(0.024, 0.09),
        tail="horse",
        more=("mane",),
    ),
    "unicorn": Build(
        "#f2efe8",
        length=0.66,
        leg=0.42,
        girth=0.16,
        neck=(0.20, 0.32),
        head=0.092,
        muzzle=0.20,
        ear=(0.024, 0.09),
        tail="horse",
        more=("mane", "horn"),
    ),
    "donkey": Build(
        "#8a8078",
        "#d8d0c4",
        leg=0.38,
        neck=(0.16, 0.26),
        head=0.10,
        muzzle=0.20,
        ear=(0.03, 0.20),
        tail="tuft",
        nose="#e8e0d4",
        more=("mane",),
    ),
    "cow": Build(
        "#f0ebe0",
        length=0.74,
        girth=0.22,
        leg=0.32,
        shank=0.065,
        neck=(0.16, 0.14),
        head=0.13,
        muzzle=0.17,
        nose="#d8a090",
        ear=(0.035, 0.08),
        tail="tuft",
        more=("horns", "patches"),
    ),
    "ox": Build(
        "#6b5040",
        length=0.74,
        girth=0.24,
        leg=0.30,
        shank=0.07,
        neck=(0.17, 0.10),
        head=0.14,
        muzzle=0.17,
        ear=(0.035, 0.08),
        tail="tuft",
        more=("great horns",),
    ),
    "sheep": Build(
        "#efe9dc",
        length=0.52,
        girth=0.22,
        leg=0.26,
        shank=0.05,
        neck=(0.12, 0.16),
        head=0.12,
        muzzle=0.12,
        nose="#3a322c",
        ear=(0.035, 0.08),
        tail="short",
        more=("wool",),
    ),
    "goat": Build(
        "#cfc4b0",
        length=0.52,
        girth=0.16,
        leg=0.32,
        neck=(0.13, 0.22),
        head=0.105,
        muzzle=0.15,
        ear=(0.03, 0.09),
        more=("back horns", "beard"),
    ),
    "wolf": Build(
        "#7d8288",
        "#c4c6c6",
        length=0.64,
        girth=0.16,
        leg=0.36,
        neck=(0.16, 0.20),
        head=0.125,
        muzzle=0.20,
        ear=(0.035, 0.12),
        tail="bush",
    ),
    "tiger": Build(
        "#d98a34",
        "#f2e6d0",
        length=0.80,
        girth=0.20,
        leg=0.28,
        shank=0.075,
        neck=(0.16, 0.16),
        head=0.165,
        muzzle=0.12,
        ear=(0.045, 0.05),
        tail="long",
        more=("stripes",),
    ),
    "lion": Build(
        "#c99a54",
        "#e2c896",
        length=0.78,
        girth=0.19,
        leg=0.30,
        shank=0.072,
        neck=(0.16, 0.20),
        head=0.15,
        muzzle=0.13,
        ear=(0.045, 0.04),
        tail="tuft",
        more=("lion's mane",),
    ),
    "bear": Build(
        "#6b4a34",
        length=0.66,
        girth=0.27,
        leg=0.24,
        shank=0.095,
        neck=(0.18, 0.12),
        head=0.17,
        muzzle=0.15,
        ear=(0.055, 0.03),
        tail="short",
    ),
    "elephant": Build(
        "#8d8f94",
        length=0.58,
        girth=0.30,
        leg=0.30,
        shank=0.105,
        neck=(0.20, 0.10),
        head=0.20,
        muzzle=0.0,
        tail="tuft",
        more=("trunk",),
    ),
    "camel": Build(
        "#c49a62",
        length=0.56,
        girth=0.20,
        leg=0.42,
        neck=(0.26, 0.24),
        head=0.09,
        muzzle=0.14,
        ear=(0.025, 0.05),
        tail="tuft",
        more=("hump",),
    ),
    "pig": Build(
        "#e8b0a4",
        length=0.66,
        girth=0.28,
        leg=0.18,
        shank=0.07,
        neck=(0.18, 0.04),
        head=0.20,
        muzzle=0.15,
        nose="#d08a84",
        ear=(0.05, 0.12),
        tail="curl",
    ),
    "dog": Build(
        "#b98a58",
        "#f0e6d6",
        length=0.52,
        girth=0.17,
        leg=0.30,
        neck=(0.12, 0.24),
        head=0.15,
        muzzle=0.17,
        ear=(0.05, -0.16),
        tail="up",
    ),
}
