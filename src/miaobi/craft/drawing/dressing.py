"""Set dressing: what grows and lies between the subjects and the horizon, so that no meadow is empty.

Only trees, bushes and stones: houses, boats and animals would tell what the idea doesn't say (千山鸟飞绝). They stand
where no subject is.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from miaobi.craft.drawing import plant, tree
from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.shape import Layer, oval
from miaobi.craft.drawing.stage import Stage
from miaobi.craft.drawing.subject import subjects
from miaobi.types import derive_seed

Growth = Callable[[Pen], None]
Kinds = tuple[tuple[Growth, float], ...]  # what grows, and how tall at the foot of the picture, a share of its height

_BROAD: Kinds = (
