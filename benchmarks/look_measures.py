"""How often are hour, place and season guessed rightly from a picture's colours and shapes?

python benchmarks/look_measures.py --pictures 60

Scenes are drawn by miaobi with known values, flat and in oil; a guess counts as right when it is the scene's value,
or its neighbour (dawn and morning, dusk and night, sea, lake and river). Our own pictures are kinder than
photographs: the figures are an upper bound.
"""

from __future__ import annotations

import argparse
from collections import Counter

import numpy as np

from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.words.reading import read_wish
from miaobi.craft.looking.noticing import notice
from miaobi.craft.painting.media import painted

GROUNDS = ("sea", "field", "forest", "snowfield", "desert", "lake", "mountains", "river")
HOURS = ("dawn", "morning", "noon", "sunset", "dusk", "night")
NEAR = {"lake": "sea", "river": "sea", "mountains": "field", "afternoon": "noon"}  # what lies below is water, meadow
ALIKE = ({"dawn", "morning"}, {"morning", "noon"}, {"dusk", "night"}, {"sunset", "dusk"}, {"dawn", "sunset"})


def _right(guess: str, truth: str) -> bool:
    truth = NEAR.get(truth, truth)
    return guess == truth or any({guess, truth} <= pair for pair in ALIKE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=48)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    right, made, there = Counter[str](), Counter[str](), Counter[str]()
    for number in range(options.pictures):
        ground, hour = GROUNDS[number % len(GROUNDS)], HOURS[number // 3 % len(HOURS)]
        asked = read_wish(("a house", "a boat", "a tree", "a deer", "a traveller")[number % 5])
        scene = candidates(asked, Fixed(900, 600, ground=ground, hour=hour), number, 1)[0]
        image = painted(draw(scene), "oil" if number % 4 == 0 else "none", 480, number)[:320]
        seen = notice(np.ascontiguousarray(image))
        for what in ("hour", "ground", "season"):
            truth, guess = getattr(scene, what), getattr(seen, what)
            there[what] += bool(truth)
            if guess:
                made[what] += 1
                right[what] += _right(guess, truth)
        if options.verbose:
            print(
                number,
                ground,
                hour,
                scene.season,
                "|",
                seen.ground,
                seen.hour,
                seen.season,
            )
    for what, count in made.items():
        print(f"{what}: guessed in {count} of {there[what]}, rightly in {right[what]} ({right[what] / count:.0%})")


if __name__ == "__main__":
    main()
