"""对联: what a first line asks of the second.

The second has as many characters; at the even places, and at the last, its tone is the other one; where the first says
a character twice, the second does at the same places; they have no character in common. A first line in the shape of a
regulated one (a, b) is answered by the shape that stands after it (B, A). By custom the first ends oblique and the
second level; a first line that ends level is answered by an oblique end.
"""

from __future__ import annotations

from miaobi.craft.prosody.chinese.regulated import SHAPES, fits
from miaobi.craft.prosody.chinese.rime import FREE, LEVEL, OBLIQUE, PINGSHUI, usual
from miaobi.craft.prosody.chinese.scansion import Fault

_ANSWERS = {"a": "B", "b": "A", "b'": "A", "a''": "B"}


def opening(first: str) -> str:
    """Return the slots that a first line fills: those of its regulated shape, else its own tones at the even places."""
    shape = _shape(first)
    if shape:
        return SHAPES[len(first)][shape]
    return "".join(tone if _counts(i, len(first)) else FREE for i, tone in enumerate(tones(first)))


def answering(first: str) -> tuple[str, tuple[int, ...]]:
    """Return the slots of the second line, and of each the earlier slot whose character it repeats, −1 for none."""
    echoes = tuple(first.index(c) if first.index(c) < i else -1 for i, c in enumerate(first))
    shape = _shape(first)
    if shape:
        return SHAPES[len(first)][_ANSWERS[shape]], echoes
    other = {LEVEL: OBLIQUE, OBLIQUE: LEVEL}
    slots = [other[tone] if _counts(i, len(first)) else FREE for i, tone in enumerate(tones(first))]
    for i, earlier in enumerate(echoes):  # one character can't have two tones here
        if earlier >= 0 and slots[i] != slots[earlier]:
            slots[i] = slots[earlier] = slots[i] if slots[earlier] == FREE else slots[earlier]
    return "".join(slots), echoes


def _counts(place: int, width: int) -> bool:
    return place % 2 == 1 or place == width - 1


def tones(first: str) -> str:
    """Return 平 or 仄 for each character; of one read both ways the commoner."""
    found = (PINGSHUI.tones(c) for c in first)
    return "".join(usual(c) if tone in ("", FREE) else tone for c, tone in zip(first, found, strict=True))


def _shape(first: str) -> str:
    """Return the regulated shape of a line of 5 or 7 that can be answered, or ""."""
    if len(first) not in SHAPES or len(set(first)) < len(first):
        return ""
    both = "".join(PINGSHUI.tones(c) or FREE for c in first)
    return next((shape for shape in _ANSWERS if fits(both, SHAPES[len(first)][shape])), "")


def faults_of(first: str, second: str) -> list[Fault]:
    """Return what the second line breaks."""
    if len(first) != len(second):
        return [Fault("length", 1, -1, f"上联{len(first)}字，下联{len(second)}字。")]
    slots, echoes = answering(first)
    found = []
    for i, (slot, character) in enumerate(zip(slots, second, strict=True)):
        tone = PINGSHUI.tones(character)
        if not tone:
            found.append(Fault("unlisted", 1, i, f"下联第{i + 1}字“{character}”不见于韵书，平仄无从断定。"))
        elif FREE not in (slot, tone) and slot != tone:
            found.append(Fault("tone", 1, i, f"下联第{i + 1}字“{character}”当用{slot}声，以对“{first[i]}”。"))
        if echoes[i] >= 0 and character != second[echoes[i]]:
            found.append(Fault("echo", 1, i, f"上联“{first[i]}”字两见，下联第{i + 1}字当与第{echoes[i] + 1}字同。"))
        if character in first:
            found.append(Fault("shared", 1, i, f"“{character}”字上下联重出。"))
    return found
