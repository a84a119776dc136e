"""Are pictures valid? Every one is drawn, checked, and rendered by two renderers that know nothing of each other.

    python benchmarks/picture_validity.py --pictures 1000

Counts: XML well-formed and allow-listed, no script and no link; resvg and CairoSVG render it alike (the mean
difference of
their pixels is stated, of 255); ink on 1 to 99.5 % of it; each subject asked for there and inside the frame;
credits there.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import cairosvg
import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from picture_briefs import brief_of, told

from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.check import check_frame, check_seen, check_svg, ink_share
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.scene import GROUNDS
from miaobi.craft.drawing.svg import svg
from miaobi.craft.drawing.telling import description
from miaobi.craft.drawing.words.reading import read_wish

ALIKE = 6.0  # mean difference of 255 at which two renderings count as different
CREDIT = "Drawn by miaobi's own generators; no third-party picture is in it."


def judged(number: int, width: int) -> tuple[str, list[str], float]:
    """Return what picture *number* is of, what is wrong with it, and by how much the renderers differ."""
    import resvg_py

    idea, language, more = brief_of(number)
    if 120 <= number < 400:  # the annotated ideas
        (idea, language), more = told()[number % len(told())], {}
    if number >= 400:  # beyond the briefs: one subject after the other on every ground in turn
        from miaobi.craft.drawing.subjects.subject import subjects

        every = sorted(subjects())
        idea = subjects()[every[number % len(every)]].words[0]
    ground = GROUNDS[number // 7 % len(GROUNDS)] if number >= 400 and number % 3 else ""
    asked = read_wish(idea, called=True)
    fixed = Fixed(900, 600, ground=ground, hour=more.get("hour", ""), season=more.get("season", ""))
    names = [n for n, _ in asked.subjects[:7]]
    for scene in candidates(asked, fixed, number, 8):  # as the form does: the next one where somebody is hidden
        drawing = draw(scene)
        if not check_seen(drawing, names):
            break
    text = svg(drawing, idea, description(scene, "none", "zh" if language == "zh" else "en"), None, (CREDIT,))
    wrong = [
        f"{f.rule}: {f.message}"
        for f in check_svg(text.encode()) + check_frame(drawing, names) + check_seen(drawing, names)
    ]
    one = cv2.imdecode(
        np.frombuffer(bytes(resvg_py.svg_to_bytes(svg_string=text, width=width)), np.uint8), cv2.IMREAD_COLOR
    )
    content = cairosvg.svg2png(bytestring=text.encode(), output_width=width)
    other = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    rows = min(one.shape[0], other.shape[0])
    apart = float(np.abs(one[:rows].astype(int) - other[:rows]).mean())
    if apart > ALIKE:
        wrong.append(f"renderers: differ by {apart:.1f}")
    if not 0.01 <= ink_share(one) <= 0.995:
        wrong.append(f"ink: {ink_share(one):.1%}")
    if CREDIT.replace("'", "&#x27;") not in text:
        wrong.append("credits: missing")
    return idea, wrong, apart


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=50)
    parser.add_argument("--first", type=int, default=0, help="number of the first: parts may run side by side")
    parser.add_argument("--width", type=int, default=240, help="px of the renderings compared")
    options = parser.parse_args()
    start, bad, differences = time.process_time(), 0, []
    for number in range(options.first, options.first + options.pictures):
        idea, wrong, apart = judged(number, options.width)
        differences.append(apart)
        if wrong:
            bad += 1
            print(number, idea, "; ".join(wrong), flush=True)
    spent = time.process_time() - start
    print(f"{options.pictures - bad} of {options.pictures} valid")
    print(f"resvg against CairoSVG: mean {np.mean(differences):.2f}, worst {max(differences):.2f} of 255 a channel")
    print(f"{spent / options.pictures:.2f} s of processor time a picture, with both renderers")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
