"""How long all files of a solid take: seconds of processor, one of each costly kind, one thread.

python benchmarks/solid_speed.py
"""

from __future__ import annotations

import time

import cv2

from miaobi.brief import Brief
from miaobi.craft.space.plan import proposals, read
from miaobi.craft.space.telling import described
from miaobi.forms.art.sculpture import FORM, Sculpture
from miaobi.work import Imprint

IMPRINT = Imprint(
    identifier="benchmark", notice="AI-generated", language="en", title="Solid", aigc={"Label": "1"}, generator="miaobi"
)
SOLIDS = (
    ("figure", "a lighthouse and a ship", "", ("lighthouse", "ship")),
    ("vessel", "a vase", "", ()),
    ("lattice", "a lamp shade", "", ()),
    ("lattice", "a gyroid ball", "", ()),  # of all openwork the most triangles
    ("letters", "a sign", "Anna & Tom", ()),
    ("relief", "a ship at sea", "", ()),
)


def main() -> None:
    cv2.setNumThreads(1)
    for kind, idea, text, figures in SOLIDS:
        solid = proposals(read(idea, kind, text, figures), 7, 1, 4.0)[0]
        work = Sculpture(title=idea, solid=solid, size=80, description=described(solid, "en"), language="en")
        spent, start = {}, time.process_time()
        FORM.check(Brief(form="sculpture", idea=idea), work)
        spent["shape and check"] = time.process_time() - start
        for ending in FORM.formats:
            before = time.process_time()
            FORM.render(work, ending, IMPRINT)
            spent[ending] = time.process_time() - before
        parts = ", ".join(f"{name} {seconds:.2f}" for name, seconds in spent.items())
        print(f"{kind}, {idea}: {sum(spent.values()):.1f} s of processor time ({parts})", flush=True)


if __name__ == "__main__":
    main()
