"""Quoted speech in a text, found and blanked out, so that what stays is the narration, every character in its place."""

from __future__ import annotations

import re

QUOTED = re.compile(
    r"[\"“][^\"”\n]*(?:\n(?!\s*\n)[^\"”\n]*)*[\"”]"  # double, over single line breaks
    r"|(?<![\w’])‘[^‘\n]*?[.,!?…—]’(?!\w)"  # British single: ends in a mark, or it is an apostrophe
    r"|「[^」]*」|『[^』]*』"
)


def mask_speech(text: str) -> str:
    """Return *text* with quoted speech blanked out; it is as long as before."""
    return QUOTED.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)
