"""How good are pictures, as far as numbers say: harmony and contrast of colours, composition against chance,
diversity.

    python benchmarks/picture_measures.py --pictures 24

Harmony: Cohen-Or's templates over the eight commonest colours (colour.harmony), beside the same for colours drawn
by chance.
Contrast: the ratio (WCAG) of each chief subject's mean colour to that of a ring about it. Composition: staging's
score beside that
of the same subjects strewn. Diversity: mean Hamming distance of 64-bit difference hashes between pictures of one
brief with
other seeds, and between briefs; 32 is chance.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from picture_briefs import BRIEFS, brief_of

from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.colour import contrast, harmony
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.staging import composition_score
from miaobi.craft.drawing.words.reading import read_wish
from miaobi.craft.painting.view import View, look


def hashed(image: np.ndarray) -> np.ndarray:
    """Return the 64 bits of a difference hash."""
    small = cv2.resize(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), (9, 8), interpolation=cv2.INTER_AREA)
    return (small[:, 1:] > small[:, :-1]).ravel()


def dominant(image: np.ndarray) -> tuple[list[str], list[float]]:
    """Return the eight commonest colours and their shares."""
    cv2.setRNGSeed(1)
    pixels = image[::3, ::3].reshape(-1, 3).astype(np.float32)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 1.0)
    _, labels, centres = cv2.kmeans(pixels, 8, None, criteria, 1, cv2.KMEANS_PP_CENTERS)
    shares = np.bincount(labels.ravel(), minlength=8) / len(pixels)
    return ["#" + "".join(f"{int(v):02x}" for v in c) for c in centres], shares.tolist()


def set_off(view: View, number: int) -> float:
    """Return the contrast of layer *number* with a ring about it."""
    mask = (view.layer == number).astype(np.uint8)
    ring = cv2.dilate(mask, np.ones((9, 9), np.uint8), iterations=2) - mask
    if mask.sum() < 20 or not ring.any():
        return 0.0
    one, other = (view.colour[m.astype(bool)].mean(0) for m in (mask, ring))
    return contrast(*("#" + "".join(f"{int(v):02x}" for v in c) for c in (one, other)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=24)
    parser.add_argument("--seeds", type=int, default=3, help="pictures of each brief for the diversity")
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    harmonies, chance, ratios, staged, strewn = [], [], [], [], []
    hashes: list[list[np.ndarray]] = []
    for number in range(min(options.pictures, len(BRIEFS))):
        idea, _, more = brief_of(number)
        fixed = Fixed(900, 600, hour=more.get("hour", ""), season=more.get("season", ""))
        of_brief = []
        for seed in range(options.seeds):
            scenes = candidates(read_wish(idea), fixed, 1000 * seed + number, 8)
            scene = max(scenes, key=composition_score)
            drawing = draw(scene)
            view = look(drawing, 300)
            of_brief.append(hashed(view.colour))
            if seed:
                continue
            colours, shares = dominant(view.colour)
            harmonies.append(harmony(colours, shares))
            drawn = ["#" + "".join(f"{v:02x}" for v in rng.integers(0, 256, 3)) for _ in range(8)]
            chance.append(harmony(drawn, shares))
            chief = next(p.id for p in scene.subjects if p.chief)
            ratios.append(max(set_off(view, i + 1) for i, layer in enumerate(drawing.layers) if layer.subject == chief))
            staged.append(composition_score(scene))
            for _ in range(8):
                spread = tuple(p.model_copy(update={"x": rng.uniform(), "y": rng.uniform()}) for p in scene.subjects)
                strewn.append(composition_score(scene.model_copy(update={"subjects": spread})))
        hashes.append(of_brief)
    within = [np.sum(a != b) for group in hashes for i, a in enumerate(group) for b in group[:i]]
    between = [np.sum(a[0] != b[0]) for i, a in enumerate(hashes) for b in hashes[:i]]
    print(f"harmony {np.mean(harmonies):.3f} (colours by chance {np.mean(chance):.3f})")
    print(
        f"contrast of the chief subject with what is about it: median {np.median(ratios):.2f}, least {min(ratios):.2f}"
    )
    print(f"composition {np.mean(staged):.3f} (strewn {np.mean(strewn):.3f})")
    print(f"difference hash, bits of 64: other seed {np.mean(within):.1f}, other brief {np.mean(between):.1f}")


if __name__ == "__main__":
    main()
