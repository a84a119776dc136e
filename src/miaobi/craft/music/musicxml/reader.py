"""MusicXML to a score. A part on two staves becomes two parts; a transposing part is read as it sounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal, cast

from miaobi.craft.music import key as keys
from miaobi.craft.music.instrument import instrument, instruments, of_program
from miaobi.craft.music.interval import Interval
from miaobi.craft.music.musicxml import measure
from miaobi.craft.music.musicxml.package import unpacked
from miaobi.craft.music.performance import silent
from miaobi.craft.music.reading import NotationError, Reading, admit, settled
from miaobi.craft.music.score import MODES, Bar, Clef, Instrument, Key, Metre, Part, Score, duration
from miaobi.craft.music.xml import Element, parse
from miaobi.errors import show

_CLEFS: dict[tuple[str, str], Clef] = {
    ("G", "0"): "treble", ("G", "-1"): "tenor8", ("F", "0"): "bass", ("F", "-1"): "bass8", ("C", "0"): "alto",
    ("percussion", "0"): "percussion",
}  # fmt: skip


def read(content: bytes) -> Reading:
    """Return the score of a MusicXML file, plain or compressed; NotationError says why it can't be read."""
    root = parse(unpacked(content))
    if root.tag == "score-timewise":
        root = _partwise(root)
    if root.tag != "score-partwise":
        raise NotationError(
            f"The XML is no score: its root is {show(root.tag)}.", "MusicXML begins with score-partwise."
        )
    parts = root.all("part")
    count = len(parts[0].all("measure")) if parts else 0
    if not count:
        raise NotationError("The score has no bars.", "Write at least one note.")
    for part in parts:
        if len(part.all("measure")) != count:
            raise NotationError(
                f"Part {show(part.get('id'))} has {len(part.all('measure'))} bars, the first has {count}.",
                "Every part has the same bars.",
            )
    admit(count, len(parts), sum(len(m.all("note")) for p in parts for m in p.all("measure")))
    return _Reader(root, parts, count).reading()


def _partwise(root: Element) -> Element:
    """Return a timewise score turned over."""
    rows: dict[str, Element] = {}
    for bar in root.all("measure"):
        for part in bar.all("part"):
            row = rows.setdefault(part.get("id"), Element("part", {"id": part.get("id")}))
            row.children.append(Element("measure", bar.attributes, part.children, line=part.line))
    return Element(
        "score-partwise", root.attributes, [c for c in root.children if c.tag != "measure"] + [*rows.values()]
    )


@dataclass
class _Reader:
    root: Element
    parts: list[Element]
    count: int
    dropped: set[str] = field(default_factory=set)

    def reading(self) -> Reading:
        names = {p.get("id"): p for p in (self.root.find("part-list") or Element("", {})).all("score-part")}
        staves: list[Part] = []
        shared: list[Bar] = []
        for number, part in enumerate(self.parts):
            reader = measure.Reader(self.dropped, _drums(names.get(part.get("id"))))
            rows = [reader.read(m) for m in part.all("measure")]
            if number == 0:
                shared = list(self._shared(part.all("measure"), rows, reader))
            staves += self._staves(names.get(part.get("id")), reader, rows)
        lengths = [max(duration(v) for p in staves for v in p.bars[i] or ((),)) for i in range(self.count)]
        bars = settled(shared, lengths)
        whole = [
            replace(p, bars=tuple(v or (silent(b.full),) for v, b in zip(p.bars, bars, strict=True))) for p in staves
        ]
        admit(self.count, len(whole), 0)
        title = self.root.said("work/work-title") or self.root.said("movement-title") or "Untitled"
        makers = {
            c.get("type"): c.text.strip() for c in (self.root.find("identification") or Element("", {})).all("creator")
        }
        score = Score(title, bars, tuple(whole), makers.get("composer", ""), makers.get("lyricist", ""))
        return Reading(score, tuple(sorted(self.dropped)))

    def _staves(self, told: Element | None, reader: measure.Reader, rows: list[measure.Row]) -> Iterator[Part]:
        name = (told.said("part-name") if told else "") or "Part"
        staves = sorted({staff for row in rows for staff, _ in row.voices}) or [1]
        for staff in staves:
            voices = sorted({v for row in rows for s, v in row.voices if s == staff})
            bars = []
            for row in rows:
                inside = [row.voices.get((staff, v), ()) for v in voices]
                while inside and not inside[-1]:
                    inside.pop()
                bars.append(tuple(inside))
            one = self._instrument(told, reader.clefs.get(staff))
            if reader.transposed.semitones and not one.written[1]:
                self.dropped.add("transposition: the part is read as it sounds")
            yield Part(name if len(staves) == 1 else f"{name} {staves.index(staff) + 1}", one, tuple(bars))

    def _instrument(self, told: Element | None, clef: tuple[str, str] | None) -> Instrument:
        wanted = _CLEFS.get(clef) if clef else None
        program = told.said("midi-instrument/midi-program", "1") if told else "1"
        named = told.said("score-instrument/instrument-name") if told else ""
        drums = wanted == "percussion" or (told.said("midi-instrument/midi-channel") if told else "") == "10"
        number = int(program) - 1 if program.isdigit() and 1 <= int(program) <= 128 else 0
        found = instrument(named) if named in instruments() and not drums else of_program(number, drums)
        return replace(found, clef=wanted) if wanted and wanted != found.clef else found

    def _shared(self, measures: list[Element], rows: list[measure.Row], reader: measure.Reader) -> Iterator[Bar]:
        metre, key = Metre(), Key()
        ending: tuple[int, ...] = ()
        for one, row in zip(measures, rows, strict=True):
            for attributes in one.all("attributes"):
                metre, key = _metre(attributes, metre, one), _key(attributes, key, one, row.transposed)
            lines = {b.get("location", "right"): b for b in one.all("barline")}
            left, right = lines.get("left", Element("", {})), lines.get("right", Element("", {}))
            if start := left.find("ending"):
                ending = _numbers(start, one)
            again = right.find("repeat")
            style = right.said("bar-style")
            ends = int(again.get("times")) if again and again.get("times").isdigit() else 2 if again else 0
            forward = left.find("repeat")
            content = max((duration(v) for v in row.voices.values()), default=Fraction(0))
            pickup = one.get("implicit") == "yes" and 0 < content < metre.length
            yield Bar(
                metre=metre,
                key=key,
                length=content if pickup else None,
                repeat_starts=forward is not None and forward.get("direction") == "forward",
                repeat_ends=min(ends, 99),
                ending=ending,
                double=style == "light-light",
                tempo=row.tempo,
                section=row.section,
                chords=tuple(sorted(row.chords, key=lambda c: c.offset)),
            )
            if right.find("ending") is not None:
                ending = ()


def _drums(told: Element | None) -> dict[str, int]:
    """Return the MIDI keys of a part's drums by the ids that its notes name."""
    found = {}
    for one in told.all("midi-instrument") if told else ():
        key = one.said("midi-unpitched")
        if key.isdigit() and 1 <= int(key) <= 128:
            found[one.get("id")] = int(key) - 1
    return found


def _numbers(ending: Element, one: Element) -> tuple[int, ...]:
    numbers = [n.strip() for n in ending.get("number").split(",")]
    if not all(n.isdigit() and 1 <= int(n) <= 32 for n in numbers):
        raise NotationError(
            f"Bar {show(one.get('number'))}: {show(ending.get('number'))} is no ending.", "Number it 1 to 32."
        )
    return tuple(int(n) for n in numbers)


def _metre(attributes: Element, before: Metre, one: Element) -> Metre:
    time = attributes.find("time")
    if time is None or time.find("senza-misura") is not None:
        return before
    beats, unit = time.said("beats"), time.said("beat-type")
    groups = [g.strip() for g in beats.split("+")]
    fine = unit in {"1", "2", "4", "8", "16", "32", "64"} and all(g.isdigit() and 0 < int(g) <= 64 for g in groups)
    if not fine or sum(map(int, groups)) > 64:
        raise NotationError(
            f"Bar {show(one.get('number'))}: {show(f'{beats}/{unit}')} is no metre.", "1–64 beats of 1, 2, 4 … 64."
        )
    kind = time.get("symbol")
    symbol = cast(Literal["", "common", "cut"], kind if kind in ("common", "cut") else "")
    counts = tuple(int(g) for g in groups)
    return Metre(sum(counts), int(unit), counts if len(counts) > 1 else (), symbol)


def _key(attributes: Element, before: Key, one: Element, way: Interval) -> Key:
    """Return the key that sounds, *way* from the one that is written."""
    told = attributes.find("key")
    if told is None:
        return before
    mode = told.said("mode", "major").lower()
    mode = {"ionian": "major", "aeolian": "minor"}.get(mode, mode)
    try:
        return way.keyed(keys.of_signature(int(told.said("fifths", "0")), mode if mode in MODES else "major"))
    except ValueError:
        shown = show(told.said("fifths"))
        raise NotationError(f"Bar {show(one.get('number'))}: {shown} sharps are no key.", "Give −7 to 7.") from None
