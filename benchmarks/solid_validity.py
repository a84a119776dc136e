"""Are solids valid? Every one is shaped, checked, written in four formats, and read back by trimesh.

    python benchmarks/solid_validity.py --solids 200

Counts: watertight and of consistent winding by trimesh, before and after each file; the same volume after it; one
piece, as large as asked. Says beside it how many have thin walls, overhang, or fall over, and how long shaping took.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections import Counter

import numpy as np
import trimesh

from miaobi.craft.space import fitness
from miaobi.craft.space.build import build
from miaobi.craft.space.figures.catalogue import FIGURES
from miaobi.craft.space.files import WRITERS
from miaobi.craft.space.mesh import Mesh, pieces
from miaobi.craft.space.plan import BODIES, PROFILES, proposals, read
from miaobi.work import Imprint

IMPRINT = Imprint(
    identifier="benchmark", notice="AI-generated", language="en", title="Solid", aigc={"Label": "1"}, generator="miaobi"
)
WORDS = ("妙笔", "Anna & Tom", "Home is where the heart is", "厚德载物", "No. 7", "静夜思", "ABCDEFG", "i j Ä ß")
CURVES = ("trefoil", "cinquefoil", "figure", "möbius", "infinity", "spiral", "arch", "knot")
SIZES = (80.0, 40.0, 150.0, 20.0, 300.0)


def brief(number: int) -> tuple[str, str]:
    """Return the kind and the idea of solid *number*: every figure once, then the other kinds in turn."""
    names = sorted(FIGURES)
    if number < len(names):
        return "figure", names[number]
    number -= len(names)
    kind = ("vessel", "lattice", "sweep", "letters", "plaque", "relief", "group")[number % 7]
    turn = number // 7
    if kind == "group":
        return "figure", ",".join(names[(turn * 31 + 17 * k) % len(names)] for k in range(2 + turn % 3))
    pool = {"vessel": [*PROFILES], "lattice": [*BODIES], "sweep": CURVES, "letters": WORDS, "plaque": WORDS}
    return kind, pool.get(kind, ("a ship at sea", "月下独酌", "a fox in the snow"))[turn % len(pool.get(kind, "abc"))]


def judged(number: int) -> tuple[list[str], set[str], float]:
    """Return what is wrong with solid *number*, which rules its findings have, and the seconds of its shaping."""
    kind, idea = brief(number)
    size = SIZES[number % len(SIZES)]
    figures = tuple(idea.split(",")) if kind == "figure" else ()
    wish = read(idea, kind, idea if kind in ("letters", "plaque") else "", figures)
    start = time.process_time()
    mesh = build(proposals(wish, number, 1, 4.0)[0], size)
    spent = time.process_time() - start
    wrong = []
    if abs(max(mesh.size) - size) > 0.02 * size:
        wrong.append(f"size: {max(mesh.size):.1f} mm, not {size:g}")
    if pieces(mesh).max():
        wrong.append(f"{pieces(mesh).max() + 1} pieces")
    wrong += _faults("before", trimesh.Trimesh(mesh.vertices, mesh.faces, process=False), mesh, 1.0)
    for ending, write in WRITERS.items():
        again = trimesh.load(io.BytesIO(write(mesh, IMPRINT)), file_type=ending, force="mesh")
        again.merge_vertices(merge_norm=True, merge_tex=True)
        wrong += _faults(ending, again, mesh, 1000.0 if ending == "glb" else 1.0)
    found = fitness.findings(mesh)
    wrong += [f.message for f in found if f.severity == "error"]
    return wrong, {f.rule for f in found}, spent


def _faults(where: str, solid: trimesh.Trimesh, mesh: Mesh, scale: float) -> list[str]:
    out = []
    if not solid.is_watertight:
        out.append(f"{where}: not watertight")
    if not solid.is_winding_consistent:
        out.append(f"{where}: faces turned over")
    if abs(solid.volume * scale**3 / mesh.volume - 1) > 1e-3:
        out.append(f"{where}: volume {solid.volume * scale**3:.1f}, not {mesh.volume:.1f}")
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--solids", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    bad, rules, times = 0, Counter[str](), []
    for number in range(options.first, options.first + options.solids):
        wrong, found, spent = judged(number)
        rules.update(found)
        times.append(spent)
        if wrong:
            bad += 1
            print(number, *brief(number), "; ".join(wrong), flush=True)
    print(f"{options.solids - bad} of {options.solids} valid")
    print("told: " + ", ".join(f"{rule} {count}" for rule, count in rules.most_common()))
    print(
        f"shaping: median {np.median(times):.1f} s, nine in ten under {np.percentile(times, 90):.1f} s, "
        f"longest {max(times):.1f} s of processor time"
    )
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
