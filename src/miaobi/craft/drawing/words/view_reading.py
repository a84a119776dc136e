"""Reading of the camera: *a close-up of a fox*, *the village from above*, 特写, 俯瞰; what says so names nothing."""

from __future__ import annotations

import re

from miaobi.craft.drawing.scene import View

_THE = r"(?:a |an |the )?"
_SEEN = r"(?:as )?(?:seen|viewed|looked at|shown|drawn|painted)"
_VAST = "vast|huge|immense|endless|enormous|boundless|wide|great"
_OPENING = (  # *she paints a portrait of her cat* is no portrait
    r"^\W*(?:(?:an?|the|my|\w+ing|\w+y|small|large|little|oil|old|watercolou?r|ink|pencil|close|half-length|group|family)"
    r" )*"
)
_TOLD: dict[View, str] = {  # how each is told; the first that stands in an idea counts
    "close": (
        rf"\b{_THE}(?:extreme )?close[- ]?up (?:portrait |view |shot )?(?:of|on)\b"
        rf"|^\W*{_THE}(?:extreme )?close[- ]?up\b|,? ?\bclose[- ]?up\W*$|\b{_THE}close (?:view|shot) of\b"
        rf"|{_OPENING}portraits? of\b|\b(?:in close[- ]?up|seen from close(?: up)?|up close)\b"
        r"|的?特写(?:镜头)?|的?近景|的?肖像(?:画)?$"
    ),
    "high": (
        rf"\b{_THE}(?:bird(?:['’]s|s)?[- ]eye|aerial|overhead|high[- ]angle) (?:view|shot|picture)(?: of)?\b"
        rf"|\b{_THE}view from above(?: of)?\b|\b{_SEEN} from (?:high )?above\b"
        r"|(?<!falls )(?<!falling )(?<!fell )(?<!comes )(?<!shines )(?<!pours )\bfrom above(?=[,:;]|\W*$)"
        rf"|\b{_SEEN} from (?:high up|the air|the sky|a height)\b|\b(?:from )?above looking down\b"
        r"|的?鸟瞰图?|俯瞰|俯视|俯拍|航拍|从(?:高处|空中|上面|上方|高空)(?:往下|向下|俯)?(?:看|望|拍)"
    ),
    "low": (
        rf"\b{_THE}(?:worm['’]?s[- ]eye|frog['’]?s[- ]eye|low[- ]angle) (?:view|shot|picture)(?: of)?\b"
        rf"|\b{_THE}view from below(?: of)?\b|\b{_SEEN} from (?:far )?below\b|\bfrom below(?=[,:;]|\W*$)"
        r"|仰望|仰视|仰拍|从(?:下面|下方|低处)(?:往上|向上)?(?:看|望|拍)"
    ),
    "far": (
        rf"\b{_THE}(?:extreme long|very wide|distant) (?:shot|view)(?: of)?\b"
        rf"|\b{_SEEN} from (?:afar|far away|a distance)\b"
        rf"|\btiny(?= [^.,;]{{0,40}}\b(?:in|on|at|under|across|amid|against|before) (?:an?|the) (?:{_VAST})\b)"
        r"|\btiny(?= (?:figure|human figure|person|silhouette)\b)"
        r"|的?大?远景|留白|渺小的?"
    ),
    "wide": rf"\b{_THE}(?:wide|long|panoramic|establishing) (?:shot|view)(?: of)?\b|\b{_THE}panorama(?: of)?\b|的?全景",
}
_ACTS = re.compile("[俯仰从]")  # what somebody in the idea does, too
_FIGURE = re.compile(
    r"\b(a|one|the) (?:(?:tiny|small|lone|lonely|single|solitary) )*(?:human )?(?:figure|silhouette)\b", re.I
)


def read_view(idea: str) -> tuple[View | str, str]:
    """Return how *idea* is to be seen, "" where it doesn't say, and the idea without the words that say so."""
    found = [(m.start(), view, m) for view, said in _TOLD.items() for m in re.finditer(said, idea, re.I)]
    view = min(found, key=lambda one: one[0])[1] if found else ""
    rest = len(idea)
    for start, _, match in sorted(found, key=lambda one: -one[0]):
        if match.end() <= rest and not _ACTS.match(match.group()):
            idea, rest = f"{idea[:start]}{idea[match.end() :]}", start
    if found:
        idea = re.sub(r"  +", " ", idea).strip(" \t\n,:;：，")
    return view, _FIGURE.sub(r"\1 traveller", idea) if view else idea
