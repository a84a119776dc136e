"""Make the contact sheet of the 26 styles: one drawing, plain first, then in each style, with the style's name.

python benchmarks/restyle_sheet.py --out docs/samples/restyle.jpg
"""

from __future__ import annotations

import argparse

import cv2
import numpy as np

from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.words.reading import read_wish
from miaobi.craft.painting.view import look
from miaobi.forms.art.restyle import styles
from miaobi.nets.restyling import restyled

IDEA, SEED = "a lighthouse keeper and a ship at sunset", 4
TILE, COLUMNS, LABEL = (312, 208), 6, 22


def _tile(picture: np.ndarray, name: str) -> np.ndarray:
    small = cv2.resize(picture, TILE, interpolation=cv2.INTER_AREA)[:, :, ::-1]
    strip = np.full((LABEL, TILE[0], 3), 255, np.uint8)
    cv2.putText(strip, name, (4, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.48, (40, 40, 40), 1, cv2.LINE_AA)
    return np.vstack([strip, small])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default="docs/samples/restyle.jpg")
    options = parser.parse_args()
    scene = candidates(read_wish(IDEA), Fixed(1200, 800), SEED, 1)[0]
    plain = look(draw(scene), 1024).colour
    tiles = [_tile(plain, f"({IDEA})")]
    for style in styles().values():
        tiles.append(_tile(restyled(plain, {style.number: 1.0}), style.name))
    tiles += [np.full_like(tiles[0], 255)] * (-len(tiles) % COLUMNS)
    rows = [np.hstack(tiles[i : i + COLUMNS]) for i in range(0, len(tiles), COLUMNS)]
    cv2.imwrite(options.out, np.vstack(rows), [cv2.IMWRITE_JPEG_QUALITY, 84])


if __name__ == "__main__":
    main()
