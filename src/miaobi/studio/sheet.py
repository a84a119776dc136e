"""A person's own score written anew: other notations, another key, another instrument, its sound.

A file that says it is machine-made says so in every file that comes of it; one that doesn't is its author's, and says
nothing of the kind.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple, get_args

from miaobi.craft.melody.plan import read_key
from miaobi.craft.music import midi
from miaobi.craft.music.humanising import humanised
from miaobi.craft.music.instrument import instrument, shown
from miaobi.craft.music.score import Score, Tempo
from miaobi.craft.music.sound import file as sound
from miaobi.craft.music.sound import soundfont, synthesiser
from miaobi.craft.music.transposition import fitting, into, transposed
from miaobi.engines.disk import write_whole
from miaobi.errors import BriefError, LibraryError, show
from miaobi.forms.art import composition
from miaobi.forms.art.composition import Notation, Piece
from miaobi.studio.delivery import admit_folder
from miaobi.studio.tune import read
from miaobi.trust import label
from miaobi.types import Floats, Language
from miaobi.work import NAMESPACE, Imprint, Rendering

ENDINGS = tuple(ending for ending in composition.FORMATS if ending != "txt")
_SOUNDS = {"wav": sound.wav, "mp3": sound.mp3, "ogg": sound.ogg}


@dataclass(frozen=True)
class Wanted:
    """What is changed, and how it is shown and heard. BriefError for what isn't known."""

    key: str = ""  # the tonic that it is moved to
    player: str = ""  # the instrument of its first part, into whose range it is moved where no key is given
    tempo: int = 0  # beats a minute
    notation: str = "staff"  # what an svg shows
    font: str = ""  # a soundfont (.sf2) that plays it
    language: Language = "en"

    def __post_init__(self) -> None:
        if self.notation not in get_args(Notation):
            raise BriefError(f"{show(self.notation)} is no notation.", f"Legal: {', '.join(get_args(Notation))}.")


class Sheet(NamedTuple):
    """The files, and what of the given one no score of ours holds."""

    files: list[Rendering]
    dropped: tuple[str, ...]


def rewritten(name: str, endings: Sequence[str], wanted: Wanted) -> Sheet:
    """Return the score in the file *name* as files of *endings*.

    BriefError for what can't be met, InputFileError for what can't be read.
    """
    unknown = next((ending for ending in endings if ending not in ENDINGS), None)
    if unknown is not None:
        raise BriefError(f"A score can't be written as {show(unknown)}.", f"Legal: {', '.join(ENDINGS)}.")
    if wanted.font and not set(endings) & set(_SOUNDS):
        raise BriefError("A soundfont was given, and no sound for it to play.", f"Ask for {', '.join(_SOUNDS)}.")
    (score, dropped), content = read(name)
    score = changed(score, wanted)
    imprint = _imprint(content, Path(name).suffix, score.title, wanted.language)
    piece = Piece.model_validate(
        {"title": score.title, "score": score, "language": wanted.language, "notation": wanted.notation}
    )
    heard = _by_soundfont(score, Path(wanted.font)) if wanted.font else None
    files = []
    for ending in endings:
        if heard is not None and ending in _SOUNDS:
            media_type = composition.writers()[ending][0]
            made = Rendering(name="", media_type=media_type, content=_SOUNDS[ending](heard, imprint))
        else:
            made = composition.render(piece, ending, imprint)
        files.append(made.model_copy(update={"name": f"{_named(name, wanted)}.{ending}"}))
    return Sheet(files, dropped)


def _named(name: str, wanted: Wanted) -> str:
    """Return the name of the files: the given one's, with what was changed behind it."""
    more = [wanted.key, wanted.player, f"{wanted.tempo}bpm" if wanted.tempo else ""]
    told = re.sub(r"[^\w#]+", "-", "-".join(part for part in more if part)).strip("-").lower().replace("#", "-sharp")
    return f"{Path(name).stem}-{told}" if told else Path(name).stem


def changed(score: Score, wanted: Wanted) -> Score:
    """Return the score for another player, in another key, at another tempo; BriefError for what doesn't fit."""
    if wanted.player:
        player = instrument(wanted.player)
        first = replace(score.parts[0], instrument=player, name=shown(player, wanted.language))
        score = replace(score, parts=(first, *score.parts[1:]))
        if not wanted.key:
            score = transposed(score, fitting(first, player, score.bars[0].key))
    if wanted.key:
        tonic, mode = read_key(wanted.key)
        own = score.bars[0].key.mode
        if mode not in (None, own):
            raise BriefError(
                f"The score is in {own}: in {mode} it would be another tune.", f"Give the tonic alone: --to {tonic}"
            )
        score = into(score, tonic)
    if wanted.tempo:
        head, *rest = score.bars
        unit = head.tempo.unit if head.tempo else Fraction(1, 4)
        head = replace(head, tempo=Tempo(Fraction(wanted.tempo), unit))
        score = replace(score, bars=(head, *(replace(bar, tempo=None) for bar in rest)))
    return score


def written(files: Sequence[Rendering], out: Path) -> list[Path]:
    """Write the files into the folder *out*; LibraryError, before any is written, where one of the names is taken."""
    admit_folder(out)
    places = [out / file.name for file in files]
    taken = next((place for place in places if place.exists() or place.is_symlink()), None)
    if taken is not None:
        raise LibraryError(f"{show(str(taken))} is there already.", "Give another folder (--out DIR).")
    out.mkdir(parents=True, exist_ok=True)
    for file, place in zip(files, places, strict=True):
        write_whole(place, file.content)
    return places


def _imprint(content: bytes, suffix: str, title: str, language: Language) -> Imprint:
    ending = suffix.lower().lstrip(".")
    own = label.read(content, "mid" if ending == "midi" else ending)
    if own is None:
        identifier = str(uuid.uuid5(NAMESPACE, hashlib.sha256(content).hexdigest()))
        return Imprint(identifier=identifier, notice="", language=language, title=title)
    by = own.get("ContentProducer", "") or label.PRODUCER
    notice = f"人工智能生成（{by}）" if language == "zh" else f"AI-generated ({by})"
    return Imprint(
        identifier=own.get("ProduceID", ""), notice=notice, language=language, title=title, creator=by, aigc=own
    )


def _by_soundfont(score: Score, font: Path) -> Floats:
    """Return the score as a soundfont of the user's plays it, (N, 2) float32."""
    return soundfont.rendered(midi.write(score, heard=humanised(score, 0)), font, synthesiser.seconds(score))
