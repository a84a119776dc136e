"""Chinese texture: a sentence of ours with a gap that the engine fills; see ``craft.text.frame`` for why.

A frame whose gap may hold only given words ranks them by the engine's likelihood; a free gap takes what the engine
writes, held to Han characters while decoding and to ``gap_fault`` after. What isn't likely enough isn't taken.
"""

from __future__ import annotations

from collections.abc import Sequence

from miaobi.craft.text.chinese_fault import gap_fault
from miaobi.craft.text.frame import Frame, read_frame
from miaobi.craft.text.sentence import length
from miaobi.forms.writing.teller import Segment, Teller
from miaobi.types import Candidate, Regex, Sampling

CANDIDATES = 10
GAP = Sampling(min_p=0.08, temperature=0.7)
CHOICE = Sampling(temperature=1.0)
FLOOR = -2.4  # nats a token; below it the first of the ranking was often no Chinese
WEIGHTS = {"fluency": 1.0, "fresh": 1.0, "concrete": 0.4}
_STOPS = ("。", "！", "？", "\n")


def complete_frame(teller: Teller, key: str, openers: Sequence[str]) -> Segment | None:
    """Return one sentence from one of the frames *openers*, or None when none of them can stand."""
    start = teller.desk.seed(key, "opener") % len(openers)
    turned = [text.strip() for text in (*openers[start:], *openers[:start])]
    for turn, text in enumerate(sorted(turned, key=lambda text: not read_frame(text).gap)):  # the engine's turn first
        if text in teller.used:  # the same frame with another word would still be the same sentence
            continue
        frame = read_frame(teller.smooth(text))
        if not frame.gap:
            if not teller.memory.repeats(frame.head):
                teller.used.add(text)
                return Segment(frame.head, "craft")
            continue
        filled, author = _fill(teller, f"{key}:{turn}", frame)
        if filled:
            if author == "engine":  # what is wholly of craft is counted by the narrator
                teller.desk.credit("engine", length(filled, "zh"))
                teller.desk.credit("craft", length(frame.whole(""), "zh"))
            teller.used |= {filled, text}
            return Segment(frame.whole(filled), "engine" if author == "engine" else "craft")
    return None


def _fill(teller: Teller, key: str, frame: Frame) -> tuple[str, str]:
    """Return what goes into the gap and who chose it, or “”."""
    if teller.memory.repeats(frame.whole("某")):
        return "", ""
    written = teller.desk.write(
        f"gap:{key}",
        teller.prompt(frame.head),
        n=6 if frame.words else CANDIDATES,
        max_tokens=14,
        stop=_STOPS,
        constraint=Regex(frame.pattern),
        sampling=CHOICE if frame.words else GAP,
    )
    by_text: dict[str, Candidate] = {}
    for candidate in written:
        by_text.setdefault(_inside(frame, candidate.text), candidate)
    texts = [text for text in by_text if text]

    def measure(text: str) -> dict[str, float] | None:
        return _measures(teller, frame, text, by_text[text].mean_logprob)

    best = teller.desk.pick(f"{key}:{frame.head}…{frame.tail}", texts, measure, WEIGHTS)
    if best >= 0:
        return texts[best], "engine"
    left = [word for word in frame.words if word not in teller.used and not teller.memory.repeats(frame.whole(word))]
    return (left[teller.desk.seed(key, "word") % len(left)], "craft") if left else ("", "")


def _inside(frame: Frame, written: str) -> str:
    """Return the gap's part of what was written, or “” when it doesn't go on as the frame does."""
    mark = frame.tail[:2].rstrip("。")
    if not mark:
        return written.strip().rstrip("。")
    at = written.rfind(mark) if frame.words else written.find(mark, 1)
    return written[:at].strip() if at > 0 else ""


def _measures(teller: Teller, frame: Frame, filled: str, likelihood: float) -> dict[str, float] | None:
    """Return the qualities of a filled gap; None turns it away."""
    if teller.memory.repeats(frame.whole(filled)) or filled in teller.used:
        return None
    if any(word in filled for word in teller.absent):
        return None
    if frame.words:
        if filled not in frame.words:
            return None
    elif likelihood < FLOOR or gap_fault(filled, frame.head, teller.narration_head, teller.told):
        return None
    return {
        "fluency": likelihood,
        "fresh": float(filled not in teller.told),
        "concrete": float(any(word in filled for word in teller.vocabulary)),
    }
