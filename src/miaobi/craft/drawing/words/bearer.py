"""Bearers of names: who is told by words to bear a given name: *Nora, a little girl in a red coat*, 诺拉是个小女孩."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from miaobi.craft.drawing.words.acts import animate
from miaobi.craft.drawing.words.reading import BY_PRONOUN, read_wish
from miaobi.craft.text.name import gender_of, is_given
from miaobi.craft.text.speech import mask_speech

_NAME = r"(?P<name>[A-Z][a-z]+)"
_END = r"(?=[,.;:!?—]| (?:who|and|but|that|stood|sat|was|had)\b|$)"
_WHO = rf"(?P<who>(?:an?|the) [^,.;:!?—]{{3,80}}?){_END}"
_HAN = r"[\u4e00-\u9fff·]"
_TOLD = (
    re.compile(rf"(?<![\w’'-]){_NAME}(?:, | (?:was|is) ){_WHO}"),
    re.compile(rf"(?P<who>\b(?:[Aa]n?|[Tt]he) (?:\w+ ){{1,4}})(?:named|called) {_NAME}\b"),
    re.compile(
        rf"(?:^|(?<=[，。；：！？“”\s]))(?P<name>(?![他她它这那谁我你]){_HAN}{{2,4}}?)(?:是|，)"
        rf"一?[个只位名条头匹](?P<who>[^，。；！？“”]{{2,16}}(?:，穿[^，。；！？]{{2,10}})?)"
    ),
    re.compile(rf"(?P<who>[^，。；！？“”]{{2,14}})，?(?:名叫|叫做|叫)(?P<name>{_HAN}{{2,4}}?)(?=[，。；！？]|住|$)"),
    re.compile(rf"(?:名叫|叫做?)(?P<name>{_HAN}{{2,4}}?)的(?P<who>[^，。；！？“”]{{1,6}})"),
)


@dataclass
class Bearers:
    """Who bears which name: subjects by name, English ones in small letters, and colours by name: part and #rrggbb."""

    names: dict[str, str] = field(default_factory=dict)
    colours: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


def bearers(text: str) -> Bearers:
    """Return who bears a name in a story by the first words of *text* that say so."""
    out, told = Bearers(), mask_speech(text)
    for name, who in _said(told):
        wish = read_wish(re.sub("(?:很久)?(?:以|从)前", "", who))  # what was once is there in a tale
        subject = next((one for one, _ in wish.subjects if animate(one)), "")
        if subject in BY_PRONOUN.values() and (gender := gender_of(name)):
            subject = BY_PRONOUN[gender]  # Nora, the baker
        if subject:
            out.names.setdefault(name.lower(), subject)
            own = tuple((part, colour) for one, part, colour in wish.colours if one == subject)
            out.colours.setdefault(name.lower(), own)
    return out


def _said(told: str) -> Iterator[tuple[str, str]]:
    for pattern in _TOLD:
        for match in pattern.finditer(told):
            name = match["name"]
            if not name.isascii() or is_given(name) or re.search(rf"[a-z,] {name}\b", told):
                yield name, match["who"]
