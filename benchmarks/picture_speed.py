"""How long a picture takes: seconds of processor and of wall, one thread, and the most memory.

python benchmarks/picture_speed.py --width 1600 --media oil,ink
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path

import cv2

sys.path.insert(0, str(Path(__file__).parent))

from picture_briefs import brief_of

from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.svg import svg
from miaobi.craft.drawing.words.reading import read_wish
from miaobi.craft.painting.media import MEDIA, painted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--width", type=int, default=1600)
    parser.add_argument("--media", default=",".join(MEDIA))
    parser.add_argument("--brief", type=int, default=0)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    cpu, wall = time.process_time(), time.monotonic()
    scene = candidates(read_wish(brief_of(options.brief)[0]), Fixed(1500, 1000), 1, 8)[0]
    drawing = draw(scene)
    text = svg(drawing, "t", "d")
    print(
        f"SVG: {time.process_time() - cpu:.2f} s processor, {time.monotonic() - wall:.2f} s wall, "
        f"{len(text) // 1000} kB"
    )
    for medium in options.media.split(","):
        cpu, wall = time.process_time(), time.monotonic()
        image = painted(drawing, medium, options.width, 1)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        spent = f"{time.process_time() - cpu:.1f} s processor, {time.monotonic() - wall:.1f} s wall"
        print(f"{medium}, {image.shape[1]} × {image.shape[0]}: {spent}, {memory} MB at most", flush=True)


if __name__ == "__main__":
    main()
