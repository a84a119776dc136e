"""People as carved figures, 1 high, who look at the one who looks at them (towards −y)."""

from __future__ import annotations

from dataclasses import dataclass

from miaobi.craft.space.clay import Clay, ball, block, egg, limb, moved, ring, rope, turned

_SKIN, _DARK, _PAPER = "#e3b48f", "#2b2320", "#efe8da"


@dataclass(frozen=True)
class Dress:
    """What tells one person from another."""

    cloth: str = "#4a6478"
    legs: str = "#3f4650"
    hair: str = "#3b2a20"
    cut: str = "trousers"  # trousers, coat, robe, skirt
    hat: str = ""  # cap, straw, wide, pointed, crown, bun, long, helmet, visor, tall, bald, beret
    hat_colour: str = "#2f3a48"
    hold: str = ""  # lantern, rod, staff, book, umbrella, violin, broom, sword, brush, letter, fork
    beard: str = ""
    head: float = 0.125  # radius


DRESSES = {
    "man": Dress(),
    "woman": Dress(cloth="#a3485a", cut="skirt", hat="long"),
    "girl": Dress(cloth="#d9903f", cut="skirt", hat="bun", head=0.16),
    "boy": Dress(cloth="#4f8a6b", legs="#5b4a3c", head=0.16),
    "old man": Dress(cloth="#7a6a55", hair="#d8d4cb", cut="coat", hat="bald", hold="staff", beard="#dcd8d0"),
    "old woman": Dress(cloth="#6b5a78", hair="#d8d4cb", cut="skirt", hat="bun", hold="staff"),
    "keeper": Dress(cloth="#27405c", cut="coat", hat="cap", hold="lantern", beard="#c9c2b6"),
    "sailor": Dress(cloth="#e6e2d6", legs="#27405c", hat="cap", hat_colour="#e6e2d6"),
    "fisherman": Dress(cloth="#7d8a5c", hat="straw", hold="rod"),
    "monk": Dress(cloth="#b5762e", cut="robe", hat="bald", hold="staff"),
    "scholar": Dress(cloth="#7f9aa8", cut="robe", hat="bun", hat_colour="#2b2320", hold="book"),
    "farmer": Dress(cloth="#8c7a4a", hat="straw", hold="fork"),
    "shepherd": Dress(cloth="#8a7a66", cut="coat", hat="wide", hat_colour="#6b5a48", hold="staff"),
    "traveller": Dress(cloth="#5c6b52", cut="coat", hat="wide", hat_colour="#4a4034", hold="staff"),
    "knight": Dress(cloth="#9aa0a6", legs="#7c8288", hat="helmet", hat_colour="#a8adb2", hold="sword"),
    "king": Dress(cloth="#8e2f3a", cut="robe", hat="crown", hat_colour="#d8ad3c", beard="#6b5a48"),
    "witch": Dress(cloth="#3c3348", cut="robe", hat="pointed", hat_colour="#2f283a", hold="broom"),
    "dancer": Dress(cloth="#d48aa0", cut="skirt", hat="bun", hold="nothing, and dances", head=0.115),
    "musician": Dress(cloth="#394150", cut="coat", hold="violin"),
    "painter": Dress(cloth="#c9bfa8", cut="coat", hat="beret", hat_colour="#8e2f3a", hold="brush"),
    "postman": Dress(cloth="#3f5f4a", legs="#2f3a34", hat="cap", hat_colour="#3f5f4a", hold="letter"),
    "astronaut": Dress(cloth="#e8e8e6", legs="#dcdcda", hat="visor", hat_colour="#f0f0ee"),
    "soldier": Dress(cloth="#8e2f3a", legs="#2b3440", hat="tall", hat_colour="#2b2320", hold="sword"),
    "umbrella": Dress(cloth="#5a6f80", cut="coat", hold="umbrella"),
}


SEAT = 0.39  # how high a person sits who rides


def person(kind: str, astride: float = 0.0) -> Clay:
    """Return one of ``DRESSES`` standing, or sitting *astride* what is so wide to either side."""
    wear = DRESSES.get(kind, Dress())
    clay = Clay()
    neck = 0.98 - 2 * wear.head
    _body(clay, wear, neck, astride)
    _head(clay, wear, neck + wear.head * 0.92)
    _hat(clay, wear, neck + wear.head * 0.92)
    _held(clay, wear)
    return clay


def _body(clay: Clay, wear: Dress, neck: float, astride: float) -> None:
    shoulder = neck - 0.06
    if astride:
        cloth = wear.legs if wear.cut in ("trousers", "coat") else wear.cloth
        for side in (-1, 1):
            knee, foot = (side * (astride + 0.05), -0.11, SEAT - 0.06), (side * (astride + 0.05), -0.05, SEAT - 0.27)
            clay.add(rope([(side * 0.06, 0, SEAT + 0.02), knee, foot], [0.085, 0.070, 0.055]), cloth, 0.03)
            clay.add(egg((foot[0], foot[1] - 0.045, foot[2] - 0.02), (0.055, 0.095, 0.045)), _DARK, 0.02)
        clay.add(
            turned(((0.13, SEAT - 0.04), (0.115, 0.46), (0.10, shoulder - 0.03)), rounding=0.025), wear.cloth, 0.03
        )
    elif wear.cut in ("trousers", "coat"):
        for side in (-1, 1):
            clay.add(limb((side * 0.07, 0, 0.06), (side * 0.065, 0, 0.36), 0.060, 0.068), wear.legs)
            clay.add(egg((side * 0.075, -0.035, 0.035), (0.062, 0.10, 0.045)), _DARK, 0.02)
        hem = 0.16 if wear.cut == "coat" else 0.34
        wide = 0.17 if wear.cut == "coat" else 0.135
        clay.add(turned(((wide - 0.02, hem), (0.115, 0.46), (0.10, shoulder - 0.03)), rounding=0.025), wear.cloth, 0.03)
    else:
        wide = {"robe": 0.20, "skirt": 0.24}[wear.cut]
        profile = ((wide - 0.02, 0.02), (wide - 0.05, 0.20), (0.105, 0.44), (0.098, shoulder - 0.03))
        clay.add(turned(profile, rounding=0.025), wear.cloth)
        for side in (-1, 1):
            clay.add(egg((side * 0.07, -wide * 0.86, 0.035), (0.055, 0.07, 0.035)), _DARK, 0.02)
    clay.add(egg((0, 0, shoulder - 0.02), (0.155, 0.095, 0.075)), wear.cloth, 0.05)
    sash = {"robe": "#f0e6d2", "coat": "#2b2320", "trousers": "#3a2f28", "skirt": "#efe8da"}[wear.cut]
    clay.add(ring((0, 0, 0.415), 0.112, 0.022), sash, 0.015)
    clay.add(limb((0, 0, shoulder), (0, 0, neck + 0.03), 0.05), _SKIN, 0.03)
    right, left = (0.20, -0.17, 0.44) if wear.hold else (0.185, -0.05, 0.36), (-0.185, -0.05, 0.36)
    if wear.hold == "nothing, and dances":
        right, left = (0.10, -0.02, 1.06), (-0.40, -0.10, shoulder - 0.02)
    for side, hand in ((1, right), (-1, left)):
        elbow = (side * 0.205, -0.01, shoulder - 0.16 if hand[2] < shoulder - 0.05 else shoulder + 0.01)
        clay.add(rope([(side * 0.13, 0, shoulder - 0.02), elbow, hand], [0.056, 0.050, 0.046]), wear.cloth, 0.03)
        clay.add(ball(hand, 0.047), _SKIN, 0.01)


def _head(clay: Clay, wear: Dress, z: float) -> None:
    r = wear.head
    clay.add(egg((0, 0, z), (r * 0.93, r * 0.93, r)), _SKIN, 0.03)
    clay.add(ball((0, -r * 0.93, z - r * 0.10), r * 0.15), "#d99c78", 0.03)
    for side in (-1, 1):
        clay.add(ball((side * r * 0.36, -r * 0.80, z + r * 0.10), r * 0.125), _DARK)
        clay.add(ball((side * r * 0.92, -r * 0.05, z - r * 0.03), r * 0.20), _SKIN, 0.02)
    if wear.beard:
        clay.add(egg((0, -r * 0.60, z - r * 0.66), (r * 0.62, r * 0.46, r * 0.66)), wear.beard, 0.02)
        clay.cut(egg((0, -r * 1.08, z - r * 0.42), (r * 0.22, r * 0.12, r * 0.07)), "#8a4a3c")
    if wear.hat not in ("bald", "helmet", "visor"):
        clay.add(egg((0, r * 0.20, z + r * 0.20), (r * 1.04, r * 0.96, r * 0.94)), wear.hair, 0.012)


def _hat(clay: Clay, wear: Dress, z: float) -> None:
    r, colour = wear.head, wear.hat_colour
    top = z + r * 0.52
    if wear.hat == "cap":
        clay.add(
            turned(((r * 0.95, 0), (r * 1.22, r * 0.42), (r * 1.12, r * 0.56), (0, r * 0.60)), (0, 0, top)), colour
        )
        clay.add(egg((0, -r * 0.95, top + r * 0.06), (r * 0.80, r * 0.55, r * 0.12)), _DARK, 0.01)
    elif wear.hat == "straw":
        straw = ((r * 1.72, 0.0), (r * 1.76, 0.022), (r * 0.25, r * 1.05), (0.0, r * 1.12))
        clay.add(moved(turned(straw, rounding=0.008), (0, 0.01, top + r * 0.1), pitch=-13), "#d2a95c")
    elif wear.hat == "wide":
        brim = ((r * 1.58, -0.01), (r * 1.58, 0.012), (r * 0.95, 0.05), (r * 0.80, r * 0.85), (0.0, r * 0.95))
        clay.add(moved(turned(brim, rounding=0.012), (0, 0.01, top + r * 0.1), pitch=-13), colour)
    elif wear.hat == "pointed":
        point = ((r * 1.65, -0.01), (r * 1.65, 0.012), (r * 0.95, 0.05), (r * 0.45, r * 1.3), (0.0, r * 2.3))
        clay.add(moved(turned(point, rounding=0.014), (0, 0.01, top + r * 0.08), pitch=-13), colour)
    elif wear.hat == "crown":
        clay.add(turned(((r * 0.80, 0), (r * 0.98, r * 0.45), (0, r * 0.45)), (0, 0, top + r * 0.12)), colour)
        for x, y in ((0, -1), (0.87, -0.5), (0.87, 0.5), (0, 1), (-0.87, 0.5), (-0.87, -0.5)):
            clay.add(
                limb(
                    (x * r * 0.86, y * r * 0.86, top + r * 0.4),
                    (x * r * 0.98, y * r * 0.98, top + r * 0.86),
                    r * 0.22,
                    r * 0.13,
                ),
                colour,
                0.01,
            )
    elif wear.hat == "bun":
        clay.add(ball((0, r * 0.35, z + r * 1.12), r * 0.40), wear.hair, 0.02)
    elif wear.hat == "long":
        clay.add(egg((0, r * 0.42, z - r * 0.55), (r * 0.98, r * 0.62, r * 1.35)), wear.hair, 0.03)
    elif wear.hat == "helmet":
        clay.add(egg((0, 0.0, z + r * 0.05), (r * 1.12, r * 1.12, r * 1.16)), colour)
        clay.cut(block((0, -r * 1.05, z + r * 0.06), (r * 1.25, r * 0.5, r * 0.22), 0.008), _DARK)
        clay.add(
            rope([(0, -r * 0.3, z + r * 1.2), (0, r * 0.5, z + r * 1.5), (0, r * 1.3, z + r * 0.7)], r * 0.2),
            "#a3342e",
            0.03,
        )
    elif wear.hat == "visor":
        clay.add(ball((0, 0, z), r * 1.30), colour, 0.02)
        clay.add(egg((0, -r * 0.62, z + r * 0.04), (r * 0.86, r * 0.78, r * 0.66)), "#c08a2e", 0.01)
        clay.add(block((0, 0.16, z - r * 2.1), (0.22, 0.12, 0.26), 0.03), "#c4c6c8", 0.02)
    elif wear.hat == "tall":
        clay.add(
            turned(((r * 0.92, 0), (r * 1.02, r * 1.25), (0, r * 1.4)), (0, 0, top - r * 0.1), rounding=0.02), colour
        )
    elif wear.hat == "beret":
        clay.add(egg((r * 0.22, 0, top + r * 0.42), (r * 1.25, r * 1.15, r * 0.36)), colour, 0.02)


def _held(clay: Clay, wear: Dress) -> None:
    x, y, z = 0.20, -0.17, 0.44
    wood = "#7a5a3a"
    if wear.hold in ("staff", "fork", "broom"):
        clay.add(limb((x + 0.01, y - 0.02, 0.03), (x, y, 0.86), 0.026), wood)
        if wear.hold == "fork":
            for i in (-1, 0, 1):
                clay.add(rope([(x, y, 0.80), (x + i * 0.05, y, 0.86), (x + i * 0.05, y, 1.0)], 0.022), "#8a8f94")
        if wear.hold == "broom":
            clay.add(limb((x + 0.01, y - 0.02, 0.05), (x + 0.008, y - 0.018, 0.22), 0.075, 0.03), "#c29a52", 0.01)
    elif wear.hold == "rod":
        clay.add(rope([(x, y + 0.05, 0.36), (x + 0.05, y - 0.18, 0.78), (x + 0.06, y - 0.36, 0.92)], 0.022), wood)
    elif wear.hold == "lantern":
        clay.add(ring((x, y - 0.015, 0.365), 0.05, 0.020, axis=1), _DARK)
        clay.add(
            turned(
                ((0.055, 0.0), (0.06, 0.04), (0.045, 0.06), (0.05, 0.14), (0.03, 0.18)),
                (x, y - 0.015, 0.17),
                rounding=0.008,
            ),
            "#e8b23c",
            0.01,
        )
    elif wear.hold == "book":
        clay.add(block((x - 0.05, y - 0.02, z + 0.05), (0.17, 0.055, 0.15), 0.012), "#8e4a36", 0.01)
    elif wear.hold == "letter":
        clay.add(block((x - 0.02, y - 0.03, z + 0.04), (0.17, 0.045, 0.11), 0.008), _PAPER, 0.01)
        clay.add(egg((-0.16, 0.02, 0.34), (0.09, 0.11, 0.10)), "#7a5232", 0.02)
    elif wear.hold == "umbrella":
        clay.add(limb((x, y, z - 0.05), (x, y + 0.08, 1.06), 0.023), wood)
        dome = ((0.37, 0.0), (0.365, 0.03), (0.26, 0.13), (0.12, 0.19), (0, 0.21))
        clay.add(turned(dome, (x, y + 0.08, 0.97), sides=8, rounding=0.006), "#a3342e", 0.01)
    elif wear.hold == "sword":
        clay.add(limb((x, y, 0.40), (x + 0.03, y - 0.05, 0.88), 0.030, 0.022), "#c4c8cc")
        clay.add(limb((x - 0.07, y, 0.48), (x + 0.07, y, 0.49), 0.024), "#b08a3c", 0.01)
    elif wear.hold == "violin":
        clay.add(egg((-0.05, -0.17, 0.64), (0.09, 0.05, 0.055)), "#9a5a28", 0.01)
        clay.add(egg((-0.15, -0.17, 0.615), (0.07, 0.05, 0.05)), "#9a5a28", 0.02)
        clay.add(limb((0.0, -0.17, 0.65), (0.15, -0.17, 0.68), 0.024), _DARK, 0.01)
        clay.add(limb((x, y - 0.02, z), (-0.06, -0.23, 0.74), 0.020), wood)
    elif wear.hold == "brush":
        clay.add(limb((x, y, z), (x - 0.02, y - 0.10, 0.62), 0.022, 0.028), wood)
        clay.add(egg((-0.16, -0.12, 0.40), (0.13, 0.035, 0.10)), "#d8c29a", 0.01)
        for dx, dz, paint in ((-0.06, 0.03, "#a3342e"), (0.0, 0.05, "#3f6f9a"), (0.06, 0.02, "#d8ad3c")):
            clay.add(ball((-0.16 + dx, -0.15, 0.40 + dz), 0.024), paint)


def couple() -> Clay:
    """Return two people side by side."""
    clay = Clay()
    clay.place(person("man"), (-0.19, 0, 0), yaw=8)
    clay.place(person("woman"), (0.19, 0.0, 0), 0.94, yaw=-8)
    return clay


def snowman() -> Clay:
    """Return a snowman with hat, nose, scarf and twigs."""
    clay, snow = Clay(), "#f2f4f6"
    clay.add(ball((0, 0, 0.22), 0.25), snow)
    clay.add(ball((0, 0, 0.54), 0.185), snow, 0.05)
    clay.add(ball((0, 0, 0.80), 0.135), snow, 0.04)
    clay.add(ring((0, 0, 0.685), 0.125, 0.035), "#b03a34", 0.01)
    clay.add(limb((0.08, -0.13, 0.67), (0.10, -0.20, 0.50), 0.036), "#b03a34", 0.01)
    clay.add(limb((0, -0.12, 0.80), (0, -0.27, 0.785), 0.032, 0.014), "#e07a2a")
    for side in (-1, 1):
        clay.add(ball((side * 0.05, -0.115, 0.845), 0.021), _DARK)
        clay.add(
            rope([(side * 0.15, 0, 0.58), (side * 0.30, -0.03, 0.70), (side * 0.36, -0.05, 0.70)], 0.022), "#6b4a30"
        )
    for z in (0.60, 0.52, 0.44):
        clay.add(ball((0, -0.185 if z > 0.45 else -0.145, z), 0.024), _DARK)
    clay.add(
        turned(((0.185, 0.0), (0.185, 0.02), (0.115, 0.035), (0.12, 0.17), (0, 0.18)), (0, 0, 0.90), rounding=0.01),
        "#33302e",
    )
    return clay
