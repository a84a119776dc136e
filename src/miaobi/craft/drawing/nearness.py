"""Nearness: where a body stands by what ties it to one that stands already: beside, under, behind, before, above it;
after it in a chase; turned to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from miaobi.craft.drawing.scene import Placed
from miaobi.craft.drawing.subjects.subject import subjects
from miaobi.craft.drawing.words.acts import Act, animate

Box = tuple[float, float, float, float]

_GAP = 0.02  # between who stand side by side, of the width
_UNDER = 0.42  # of what is over somebody: who stands under it is no taller
_FAR = ("far", "sky", "hang", "shore")
_LOW = 3.0  # metres: what is taller stands where it would alone; one looks at it
_LOOKS = ("face", "feed", "hold", "beside", "play", "read")


@dataclass(frozen=True)
class Near:
    """A place by another's."""

    how: str
    comes: bool  # the new one is who acts
    other: int  # number of the place that stands
    place: Placed  # and the place
    box: Box
    foot: float | None

    def fitted(self, size: float, top: float) -> float:
        """Return the new one's size: under a tree one is less tall, over somebody a tree is taller."""
        if self.how != "under":
            return size
        there = self.box[3] - self.box[1]
        if self.comes:
            return min(size, _UNDER * self.place.size / top)
        return max(size, min(1.25 * size, there / _UNDER))

    def across(self, wide: float) -> float:
        """Return where its middle is aimed at."""
        left, _, right, _ = self.box
        middle = (left + right) / 2
        towards = 1 if middle < 0.5 else -1
        if self.how in ("under", "above", "below", "in", "on"):
            return middle + towards * (0.14 * (wide if not self.comes else right - left))
        if self.how == "behind":
            return middle + towards * 0.40 * (right - left + wide) / 2
        if self.how in ("chase", "follow", "pull", "push", "lead"):
            ahead = (-1 if self.place.flip else 1) * (1 if (self.how in ("pull", "lead")) == self.comes else -1)
            return (right + _GAP + wide / 2) if ahead > 0 else (left - _GAP - wide / 2)
        sides = [(right + _GAP + wide / 2), (left - _GAP - wide / 2)]
        fits = [x for x in sides if 0.03 + wide / 2 <= x <= 0.97 - wide / 2]
        return min(fits or sides, key=lambda x: abs(x - 0.5))

    def flip(self, x: float) -> bool | None:
        """Return whether it looks to the left, None where nothing says so."""
        if self.how in ("chase", "follow", "pull", "push", "lead"):
            return self.place.flip
        if self.how in _LOOKS or self.how in ("enter", "climb"):
            return x > self.place.x
        return None

    @property
    def over(self) -> bool:
        """Tell whether the two are seen over each other."""
        return self.how in ("under", "behind", "before", "above")

    @property
    def turns_other(self) -> bool:
        """Tell whether the other turns to the new one."""
        return self.how in ("face", "feed", "hold", "beside") and (not self.comes or animate(self.place.id))


def near_of(act: Act, number: int, placed: Sequence[Placed], boxes: Sequence[Box], heads: Sequence[int]) -> Near | None:
    """Return the place by place *number* that *act* asks for, None where the two may stand wherever."""
    place = placed[number]
    comes = act.whom == place.id
    other = subjects()[place.id]
    new = subjects()[act.who if comes else act.whom]
    apart = other.stand in _FAR or new.stand in _FAR or max(other.metres, new.metres) > _LOW
    if apart and act.how not in ("under", "above", "behind", "before", "pull"):
        return Near("look", comes, number, place, boxes[_body(number, heads)], None) if act.how in _LOOKS else None
    if act.how in ("in", "leave") or (act.how == "below" and comes):
        return None
    box = boxes[_body(number, heads)]
    foot = placed[heads[_body(number, heads)]].y
    shift = {"behind": -0.05, "before": 0.05, "under": 0.012, "above": 0.0}.get(act.how, 0.0) * (1 if comes else -1)
    firm = subjects()[placed[heads[_body(number, heads)]].id].stand in ("ground", "thing")
    return Near(act.how, comes, number, place, box, min(0.96, foot + shift) if firm else None)


def _body(number: int, heads: Sequence[int]) -> int:
    return max(i for i, head in enumerate(heads) if head <= number)
