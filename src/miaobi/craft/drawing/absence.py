"""Absence: what words name and isn't there: likenesses, what is missing, what is dreamt of, sayings."""

from __future__ import annotations

import re
from functools import cache

from miaobi.craft.drawing.mention import sayings

_LIKENESS = re.compile(
    r"\b(?:(?<!look )(?<!looks )like|as (?:if|though)|as \w+ as|than)\b[^,.;:!?—]*"
    r"|(?:好像|仿佛|如同|犹如|宛如|好似|像)[^，。；：！？]*",
    re.I,
)
_BEFORE = re.compile(
    r"\b(?:(?:long|soon|just|right) )?after the (?:fire|war|battle|feast|funeral|wedding|party)\b", re.I
)
_LEADS = r"(?:(?:an?|the|any|his|her|their|its|single)\s+)?"
_MISSING = re.compile(
    rf"\b(?:no|without|never|not|instead of|neither|nor)\s+{_LEADS}(?:\w+ing\s+)?{_LEADS}\w+"
    r"|(?:没有|没带|没|不见)[^，。；：！？]{1,4}|无[人声]",
    re.I,
)
_THOUGHT = re.compile(
    r"\b(?:dream(?:s|t|ed|ing)?|think(?:s|ing)?|thought|daydream(?:s|ing)?|memor(?:y|ies)|remind(?:s|ed)?|long(?:s|ed|ing)?|"
    r"wish(?:es|ed|ing)?|hop(?:e|es|ed|ing)|yearn(?:s|ed|ing)?|tired|afraid|scared|stor(?:y|ies)|tales?|songs?|talk(?:s|ed|ing)?)"
    r"(?: \w+)? (?:of|about|for) [^,.;:!?—]*"
    r"|\b(?:remember(?:s|ed|ing)?|imagin(?:e|es|ed|ing)|forg(?:et|ets|ot)|miss(?:es|ed|ing)?|los(?:t|es)|recall(?:s|ed)?|"
    r"needs?|wants?|wishes|would love)\s[^,.;:!?—]*"
    r"|(?:梦见|梦到|想起|想念|思念|怀念|回忆|记得|忘记|忘了|想要|渴望|害怕|怕)[^，。；：！？]*",
    re.I,
)


@cache
def _said() -> re.Pattern[str]:
    words = [r"[^\w]+".join(map(re.escape, saying.split())) for saying in sayings() if saying.isascii()]
    return re.compile(r"\b(?:" + "|".join(sorted(words, key=len, reverse=True)) + r")\b", re.I)


def present(text: str) -> str:
    """Return *text* with what isn't there blanked out; as long as before, so that its other words keep their
    places."""
    for away in (_LIKENESS, _BEFORE, _MISSING, _THOUGHT, _said()):
        text = away.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)
    return text
