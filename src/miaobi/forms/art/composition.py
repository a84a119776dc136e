"""What the forms of music share: a piece and its account, options, files of the user's, the files that come out."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator

from miaobi.bible import Bible
from miaobi.brief import Brief
from miaobi.certificate import Certificate
from miaobi.craft import certified
from miaobi.craft.melody.page import tune_of
from miaobi.craft.melody.plan import legal_metre, read_key
from miaobi.craft.music import abc, engraving, mei, midi, musicxml
from miaobi.craft.music.humanising import humanised
from miaobi.craft.music.instrument import SATB, instrument, instruments
from miaobi.craft.music.jianpu import jianpu
from miaobi.craft.music.judgement import bars, choir, findings
from miaobi.craft.music.opening import opened
from miaobi.craft.music.piano_roll import piano_roll
from miaobi.craft.music.player import player
from miaobi.craft.music.reading import Reading
from miaobi.craft.music.score import Score, pitch
from miaobi.craft.music.sound import file as sound
from miaobi.craft.music.sound import synthesiser
from miaobi.craft.plot.telling import file_name
from miaobi.errors import BriefError, InputFileError, show
from miaobi.findings import Finding
from miaobi.form import Content, Desk, Options
from miaobi.types import Floats, Language
from miaobi.work import Imprint, Rendering

Kind = Literal[
    "", "reel", "jig", "hornpipe", "strathspey", "slipjig", "march", "air", "waltz", "clog", "fling", "minuet"
]
Notation = Literal["staff", "jianpu", "roll"]
_DATA = "data:;base64,"  # how a reference holds a file that isn't text


class Piece(Content):
    """A piece of music. ``bible``: mood, key and tempo, for other works of the same world."""

    score: Score
    stanzas: tuple[tuple[str, ...], ...] = ()  # the words of a song, by lines
    mood: str = ""
    certificate: Certificate = Certificate()
    language: Language = "en"
    notation: Notation = "staff"


class MusicOptions(Options):
    """What all forms of music take."""

    key: str = Field("", description="tonic, and mode if you like: D, F#m, E dorian, D 徵; by the mood when not given")
    mode: str = Field("", description="major, minor, dorian, mixolydian, or gong, shang, jue, zhi, yu 宫商角徵羽")
    tempo: int = Field(0, ge=0, le=300, description="beats a minute; by the mood when not given")
    mood: Literal["", "joyful", "calm", "sad", "dark", "hopeful", "tender", "wry"] = Field(
        "", description="by the idea and --tone when not given"
    )

    notation: Notation = Field("staff", description="what the svg shows: staves, 简谱 (jianpu), or a piano roll (roll)")

    @field_validator("key")
    @classmethod
    def _key(cls, value: str) -> str:
        if value:
            read_key(value)
        return value


class MelodyOptions(MusicOptions):
    """What forms with a melody take."""

    metre: str = Field("", description="4/4, 2/4, 3/4, 6/8, 9/8, 12/8 or 3/8; by the mood when not given")
    instrument: str = Field("", description=f"who plays or sings the melody: {', '.join(instruments())}")
    low: str = Field("", description="lowest note, as in G3; the instrument's when not given")
    high: str = Field("", description="highest note, as in D6; the instrument's when not given")
    leap: int = Field(12, ge=5, le=19, description="largest leap in semitones")
    chromatic: bool = Field(True, description="whether notes outside the scale are let through where the net is sure")

    @field_validator("metre")
    @classmethod
    def _metre(cls, value: str) -> str:
        return legal_metre(value) if value else value

    @field_validator("instrument")
    @classmethod
    def _instrument(cls, value: str) -> str:
        if value:
            instrument(value)
        return value


def key_of(name: str) -> int:
    """Return the MIDI key of "G3", 0 for ""; BriefError for what is no pitch."""
    try:
        return pitch(name).midi if name else 0
    except ValueError:
        remedy = "Write a letter, # or b, and the octave: G3, F#4, Bb5."
        raise BriefError(f"{show(name)} is no pitch.", remedy) from None


def numbers(text: str) -> list[int]:
    """Return the numbers of "5-8,13"; BriefError for what are none."""
    found: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,4})\s*(?:[-–]\s*(\d{1,4})\s*)?", part)
        if match is None or int(match[1]) < 1 or int(match[2] or match[1]) < int(match[1]):
            raise BriefError(f"{show(part)} are no bars.", "Write numbers from 1 and ranges: 5-8,13.")
        found += range(int(match[1]), int(match[2] or match[1]) + 1)
    return sorted(set(found))


def bars_in(score: Score) -> int:
    """Return how many bars a melody has, pick-ups aside."""
    return sum(len(section.bars) for section in tune_of(score)[0].sections)


def bars_named(text: str, count: int) -> set[int]:
    """Return the bars, from 0, that "5-8,13" names among *count*; BriefError for none and for what isn't there."""
    if not text:
        raise BriefError("Which bars are to be written anew isn't said.", "Say it, as in -o rewrite=5-8.")
    wanted = [number - 1 for number in numbers(text)]
    if wanted[-1] >= count:
        raise BriefError(
            f"Bars {show(text)} can't be written anew: the tune has {count} bars.", "Say which, as in -o rewrite=5-8."
        )
    return set(wanted)


# --- what stays of an earlier piece ---------------------------------------------------------------------------

KEPT = "what stays of an earlier piece; `miaobi vary --keep` fills it in"


def held(piece: Piece, score: Score, bars: Iterable[int], voices: str = "", before: Any = None) -> dict[str, Any]:
    """Return *score* with the numbers of its bars (from 1, pick-ups aside) and its voices that stay, as plain values
    that ``stays`` reads; *before*: what stayed already.
    """
    old = before or {}
    kept = sorted({*old.get("bars", ()), *bars})
    if voices == "SATB" or len(kept) >= len(score.bars) - bool(score.pickup):
        raise BriefError("Nothing is left to be written anew.", "Keep less of it.")
    return {
        "score": abc.write(score),
        "bars": kept,
        "voices": "".join(v for v in "SATB" if v in old.get("voices", "") + voices),
        "stanzas": [list(lines) for lines in piece.stanzas],
    }


def keep_bars(brief: Brief, piece: Piece, wanted: Sequence[int]) -> dict[str, Any]:
    """Return the options under which these bars of a melody, counted from 1 without pick-ups, stay on their page."""
    count = bars_in(piece.score)
    if wrong := next((number for number in wanted if not 1 <= number <= count), None):
        raise BriefError(f"There is no bar {wrong}.", f"There are {count}, pick-ups aside.")
    return {"kept": held(piece, piece.score, wanted, before=brief.options.get("kept"))}


@dataclass(frozen=True)
class Stays:
    """What stays of an earlier piece: bars from 0 without pick-ups, letters of voices."""

    score: Score
    bars: frozenset[int]
    voices: str
    stanzas: tuple[tuple[str, ...], ...]


def stays(kept: dict[str, Any]) -> Stays:
    """Return what ``held`` wrote; BriefError for what it didn't."""
    try:
        score = abc.read(str(kept["score"])).score
        bars = frozenset(int(number) - 1 for number in kept["bars"])
        return Stays(score, bars, str(kept["voices"]), tuple(tuple(map(str, lines)) for lines in kept["stanzas"]))
    except (AttributeError, KeyError, TypeError, ValueError, InputFileError) as error:
        raise BriefError(
            f"The bars that are kept can't be read: {show(str(error)[:80])}.",
            "Leave -o kept to `miaobi vary WORK --keep PARTS`.",
        ) from None


# --- files of the user's --------------------------------------------------------------------------------------


def given_score(brief: Brief) -> Reading | None:
    """Return the score that came with the brief as a reference ``score=FILE``; None without one."""
    found = brief.references_of("score")
    if not found:
        return None
    if len(found) > 1:
        raise BriefError(f"{len(found)} scores were given.", "Give one.")
    return read_score(found[0].text, found[0].name)


def title_of(brief: Brief, own: str = "") -> str:
    """Return the title: the brief's, else its idea, else *own*, the one that a given score has."""
    return brief.title or brief.idea.strip().rstrip("。！？.!?")[:60] or own


def tell_source(desk: Desk, own: Score) -> None:
    """Keep in the record which score a piece was made from: its file, title, composer and number of bars."""
    for reference in desk.brief.references_of("score"):
        told = {"file": reference.name, "title": own.title, "composer": own.composer, "bars": len(own.bars)}
        desk.receipt({"step": "score"} | told)


def refuse_idle(options: Options, names: Iterable[str], why: str, remedy: str = "Leave it out.") -> None:
    """Refuse the first of these options that is given and would change nothing, with the reason."""
    for name in names:
        value = getattr(options, name)
        if value != type(options).model_fields[name].get_default(call_default_factory=True):
            raise BriefError(f"The option {name}={show(str(value))} would change nothing: {why}.", remedy)


def refuse_broken(score: Score) -> None:
    """Refuse a score with a bar that is too long or too short, and say which."""
    if wrong := next((one for one in bars(score) if one.severity == "error"), None):
        raise BriefError(
            f"The bars of the score don't add up: {wrong.message}",
            "Mend that bar in the file; `miaobi check FILE` names all.",
        )


MOVED = "Leave it out, or move the tune first: miaobi score FILE --to KEY --for INSTRUMENT"


def refuse_idle_tempo(options: MusicOptions, own: Score) -> None:
    """Refuse a tempo beside a score that has one."""
    if own.bars[0].tempo is not None:
        refuse_idle(options, ["tempo"], "the score has a tempo of its own", "Leave it out, or change it in the file.")


def read_score(text: str, name: str) -> Reading:
    """Return the score in a reference: a text, or bytes in base64 where it is none, read by its name's ending."""
    content = text.encode()
    if text.startswith(_DATA):
        try:
            content = base64.b64decode(text[len(_DATA) :], validate=True)
        except binascii.Error as error:
            raise BriefError(f"{show(name)} is no data in base64: {error}.", "Give the file by --reference.") from None
    return opened(content, Path(name).suffix, Path(name).stem)


# --- files that come out --------------------------------------------------------------------------------------

Writer = Callable[[Score, Imprint], bytes]


def render(piece: Piece, ending: str, imprint: Imprint) -> Rendering:
    """Write the piece as a file of this ending."""
    media_type, writer = writers()[ending]
    if ending == "txt":
        content = account(piece, imprint).encode()
    elif ending == "svg" and piece.notation == "jianpu":
        content = jianpu(piece.score, imprint)
    elif ending == "svg" and piece.notation == "roll":
        content = piano_roll(piece.score, imprint)
    else:
        content = writer(piece.score, imprint)
    return Rendering(name=file_name(imprint.title, ending), media_type=media_type, content=content)


@cache
def writers() -> dict[str, tuple[str, Writer]]:
    """Return the writers of files by ending, with media types."""
    return {
        "abc": ("text/vnd.abc", lambda score, imprint: abc.write(score, imprint).encode()),
        "mid": ("audio/midi", midi.write),
        "musicxml": ("application/vnd.recordare.musicxml+xml", musicxml.write),
        "mei": ("application/vnd.mei+xml", lambda score, imprint: mei.write(score, imprint).encode()),
        "svg": ("image/svg+xml", lambda score, imprint: engraving.sheet(score, imprint).encode()),
        "pdf": ("application/pdf", engraving.pdf),
        "wav": ("audio/wav", lambda score, imprint: sound.wav(_heard(score), imprint)),
        "ogg": ("audio/ogg", lambda score, imprint: sound.ogg(_heard(score), imprint)),
        "mp3": ("audio/mpeg", lambda score, imprint: sound.mp3(_heard(score), imprint)),
        "zip": ("application/zip", lambda score, imprint: sound.stems(score, humanised(score, 0), imprint)),
        "html": ("text/html", lambda score, imprint: player(score, imprint, *played(score, imprint))),
        "txt": ("text/plain", lambda score, imprint: b""),
    }


FORMATS = ("abc", "mid", "musicxml", "svg", "pdf", "wav", "ogg", "html", "txt", "mei", "mp3", "zip")
ON_REQUEST = ("mei", "mp3", "zip")  # zip: the parts as sound, one file each


@lru_cache(maxsize=1)
def _heard(score: Score) -> Floats:
    """Return the piece as it sounds when people play it, (N, 2) float32."""
    return synthesiser.rendered(score, humanised(score, 0))


def played(score: Score, imprint: Imprint) -> tuple[bytes, str]:
    """Return what the player's page sounds: in the score's own times, so that its cursor keeps up."""
    return sound.ogg(synthesiser.rendered(score), imprint), "audio/ogg"


def account(piece: Piece, imprint: Imprint) -> str:
    """Return the words, where it is sung, and the certificate as text."""
    words = "".join("\n".join(stanza) + "\n\n" for stanza in piece.stanzas)
    return f"{piece.title}\n{imprint.notice}\n\n{words}{certified.text(piece.certificate, piece.language)}"


def bible_of(piece: Piece) -> Bible:
    """Return what the piece tells of its world."""
    first = piece.score.bars[0]
    tempo = int(first.tempo.bpm) if first.tempo else 0
    return Bible(title=piece.title, mood=piece.mood, key=first.key.tonic, mode=first.key.mode, tempo=tempo)


def check(brief: Brief, piece: Piece) -> list[Finding]:
    """Return what is wrong with a piece: what its certificate says, then what a second judge finds in the score."""
    broken = [
        Finding(rule=e.rule.replace(" ", "-"), message=f"{unit.name}: {e.rule}, {e.evidence}.", severity="error")
        for unit in piece.certificate.units
        for e in unit.rules
        if not e.holds
    ]
    if choir(piece.score) and len(piece.score.parts) == len(SATB):
        return [*broken, *findings(piece.score)]
    melody = replace(piece.score, parts=piece.score.parts[:1])  # what accompanies it is no choir
    return [*broken, *findings(melody), *bars(replace(piece.score, parts=piece.score.parts[1:]))]
