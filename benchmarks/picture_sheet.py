"""The contact sheet: 54 pictures of the fixed briefs and seeds, six in each of nine ways (eight media and flat
vectors).

python benchmarks/picture_sheet.py sheet.jpg --width 460
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from picture_briefs import brief_of, told

from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.check import check_seen
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.staging import composition_score
from miaobi.craft.drawing.words.reading import read_wish
from miaobi.craft.painting.media import MEDIA, painted

WAYS = ("oil", "ink", "watercolour", "woodcut", "papercut", "stipple", "pencil", "none", "jianzhi")


def picture(number: int, medium: str, width: int, idea: str = "") -> np.ndarray:
    """Return picture *number* in *medium*: the best staged of eight scenes in which nobody is hidden, as without an
    engine. *idea* instead of the brief of that number."""
    given, _, more = brief_of(number) if not idea else (idea, "", {})
    idea = idea or given
    fixed = Fixed(1200, 800, hour=more.get("hour", ""), season=more.get("season", ""))
    asked = read_wish(idea, called=True)
    names = [name for name, _ in asked.subjects]
    scenes = sorted(candidates(asked, fixed, number, 8), key=composition_score, reverse=True)
    drawings = (draw(scene) for scene in scenes)
    drawing = next((d for d in drawings if not check_seen(d, names)), None) or draw(scenes[0])
    large = painted(drawing, medium, 2 * width, number)
    return cv2.resize(large, (width, round(width * 2 / 3)), interpolation=cv2.INTER_AREA)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--width", type=int, default=460)
    parser.add_argument("--quality", type=int, default=82)
    parser.add_argument("--told", action="store_true", help="24 of the annotated ideas instead, every eighth")
    options = parser.parse_args()
    if options.told:
        ideas = [idea for idea, _ in told()[4::8]][:24]
        tiles = [picture(n, ("oil", "watercolour")[n // 4 % 2], options.width, idea) for n, idea in enumerate(ideas)]
        grid = np.vstack([np.hstack(tiles[k : k + 4]) for k in range(0, 24, 4)])
        cv2.imwrite(options.out, grid[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, options.quality])
        for idea in ideas:
            print(idea)
        return
    assert set(MEDIA) | {"none"} == set(WAYS)
    rows, number = [], 0
    for medium in WAYS:
        row = []
        for _ in range(6):
            row.append(picture(number, medium, options.width))
            number += 1
        print(medium, flush=True)
        rows.append(np.hstack(row))
    cv2.imwrite(options.out, np.vstack(rows)[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, options.quality])


if __name__ == "__main__":
    main()
