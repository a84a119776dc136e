"""Make the contact sheet of solids: fixed ideas and seeds, each looked at from where it is shown.

python benchmarks/solid_sheet.py --out docs/samples/solids.jpg
"""

from __future__ import annotations

import argparse

import cv2
import numpy as np

from miaobi.craft.space.build import build
from miaobi.craft.space.plan import Letters, Plaque, Relief, proposals, read
from miaobi.craft.space.viewing import Model, picture

IDEAS = (
    ("a lighthouse and a ship", 1), ("a girl and her dog under an oak", 2), ("a knight on a horse", 10),
    ("a keeper and a cat", 5), ("a pagoda and a pine", 6), ("a bear and two rabbits", 7),
    ("an owl", 4), ("a dancer", 12), ("my grandmother’s radio", 1), ("a robot", 1), ("a unicorn’s grief", 2),
    ("a heart", 32),
    ("a fluted vase", 13), ("a blue bowl", 16), ("a candlestick", 15), ("a honeycomb lamp shade", 18),
    ("a gyroid ball", 19), ("a diagrid vase of openwork", 20),
    ("friendship", 20), ("a möbius band", 22), ("a sign saying “Anna & Tom”", 25), ("匾额「厚德载物」", 27),
    ("a plaque “Home is where the heart is”", 28), ("钥匙扣「平安」", 29),
    ("a relief of a ship at sea", 30), ("月下独酌", 31), ("a relief of a fox in the snow", 3),
    ("a castle on a hill", 33), ("a whale", 35), ("a rocket and the moon", 36),
)  # fmt: skip
TILE, COLUMNS = 300, 6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default="docs/samples/solids.jpg")
    options = parser.parse_args()
    tiles = []
    for idea, seed in IDEAS:
        form = proposals(read(idea), seed, 1, 4.0)[0]
        lies = isinstance(form, Relief | Plaque) or (isinstance(form, Letters) and not form.stands)
        azimuth, elevation = (8.0, 64.0) if lies else (22.0, 17.0)
        tiles.append(picture(Model(build(form, 80.0)), TILE, TILE, azimuth=azimuth, elevation=elevation))
        print(idea, form.kind, flush=True)
    rows = [np.hstack(tiles[i : i + COLUMNS]) for i in range(0, len(tiles), COLUMNS)]
    cv2.imwrite(options.out, np.vstack(rows), [cv2.IMWRITE_JPEG_QUALITY, 84])


if __name__ == "__main__":
    main()
