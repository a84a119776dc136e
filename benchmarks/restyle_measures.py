"""What restyling changes and what it keeps, for each style and for pictures as styles.

python benchmarks/restyle_measures.py --pictures 4

Structure: mean SSIM (Wang et al., 2004) of lightness with the picture, beside that of the picture with another one.
Colour: mean distance in OKLab from the picture; and, for pictures as styles, how much nearer the result's palette is
to the style's than the picture's was. Kept: the same distance with colours kept. Seconds are processor time at 1,024
px, one thread.
"""

from __future__ import annotations

import argparse
import time

import cv2
import numpy as np

from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.words.reading import read_wish
from miaobi.craft.looking.palette import lab_of, palette_of
from miaobi.craft.painting.media import painted
from miaobi.forms.art.restyle import coloured, styles
from miaobi.nets.restyling import restyled, restyled_as, style_of

IDEAS = (
    "a lighthouse keeper and a ship at sunset",
    "a fox in the snow",
    "a pagoda among autumn mountains",
    "a girl with an umbrella in a rainy city",
    "a bowl of pears by candlelight",
    "a village by the river in spring",
)
MEDIA = ("oil", "ink", "woodcut", "watercolour", "papercut")


def _picture(number: int, medium: str, width: int = 1024) -> np.ndarray:
    scene = candidates(read_wish(IDEAS[number % len(IDEAS)]), Fixed(900, 600), number, 1)[0]
    return painted(draw(scene), medium, width, number)[: round(width * 2 / 3)]


def _ssim(one: np.ndarray, other: np.ndarray) -> float:
    a, b = (cv2.cvtColor(cv2.resize(i, (256, 171)), cv2.COLOR_RGB2GRAY).astype(float) for i in (one, other))

    def blur(x: np.ndarray) -> np.ndarray:
        return cv2.GaussianBlur(x, (11, 11), 1.5)

    ma, mb = blur(a), blur(b)
    va, vb, cov = blur(a * a) - ma * ma, blur(b * b) - mb * mb, blur(a * b) - ma * mb
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    return float((((2 * ma * mb + c1) * (2 * cov + c2)) / ((ma**2 + mb**2 + c1) * (va + vb + c2))).mean())


def _apart(one: np.ndarray, other: np.ndarray) -> float:
    a, b = (lab_of(cv2.resize(i, (192, 128), interpolation=cv2.INTER_AREA)) for i in (one, other))
    return float(np.linalg.norm(a - b, axis=-1).mean())


def _chroma(one: np.ndarray, other: np.ndarray) -> float:
    a, b = (lab_of(cv2.resize(i, (192, 128), interpolation=cv2.INTER_AREA)) for i in (one, other))
    return float(np.linalg.norm((a - b)[..., 1:], axis=-1).mean())


def _palettes(one: np.ndarray, other: np.ndarray) -> float:
    """Return how far each colour of one palette is from the nearest of the other, by its share, both ways."""
    sides = []
    for a, b in ((one, other), (other, one)):
        ours, theirs = palette_of(a), palette_of(b)
        labs = [lab_of(np.array([[[int(c[i : i + 2], 16) for i in (1, 3, 5)]]], np.uint8))[0, 0] for c, _ in theirs]
        for colour, share in ours:
            lab = lab_of(np.array([[[int(colour[i : i + 2], 16) for i in (1, 3, 5)]]], np.uint8))[0, 0]
            sides.append(share * min(np.linalg.norm(lab - other_lab) for other_lab in labs))
    return float(sum(sides) / 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=3)
    options = parser.parse_args()
    pictures = [_picture(n, "none") for n in range(options.pictures)]
    others = pictures[1:] + pictures[:1]
    between = np.mean([_ssim(a, b) for a, b in zip(pictures, others, strict=True)])
    print(f"structure between two pictures: {between:.2f}")
    rows = []
    for style in styles().values():
        start = time.process_time()
        made = [restyled(p, {style.number: 1.0}) for p in pictures]
        spent = (time.process_time() - start) / len(pictures)
        structure = np.mean([_ssim(p, m) for p, m in zip(pictures, made, strict=True)])
        colour = np.mean([_apart(p, m) for p, m in zip(pictures, made, strict=True)])
        free = np.mean([_chroma(p, m) for p, m in zip(pictures, made, strict=True)])
        kept = np.mean([_chroma(p, coloured(m, p)) for p, m in zip(pictures, made, strict=True)])
        rows.append((structure, colour, free, kept, spent))
        measured = f"structure {structure:.2f}  colour {colour:.3f}  hue {free:.3f}, kept {kept:.3f}  {spent:.2f} s"
        print(f"{style.name:14} {measured}", flush=True)
    mean = np.mean(rows, axis=0)
    print(
        f"26 styles: structure {mean[0]:.2f}, colour {mean[1]:.3f}, hue {mean[2]:.3f}, kept {mean[3]:.3f}; "
        f"{mean[4]:.2f} s, longest {max(r[4] for r in rows):.2f} s"
    )
    found = []
    for number, medium in enumerate(MEDIA):
        manner = _picture(number + 3, medium, 700)
        for picture in pictures:
            start = time.process_time()
            out = restyled_as(picture, style_of(manner))
            spent = time.process_time() - start
            found.append((_ssim(picture, out), _palettes(picture, manner), _palettes(out, manner), spent))
    mean = np.mean(found, axis=0)
    print(
        f"pictures as styles: structure {mean[0]:.2f}, palette {mean[1]:.3f} from the style's, then {mean[2]:.3f}; "
        f"{mean[3]:.2f} s, longest {max(r[3] for r in found):.2f} s"
    )


if __name__ == "__main__":
    main()
