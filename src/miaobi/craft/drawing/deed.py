"""Deeds: who does what to whom in a scene, in words: *a girl on a bench, reading a letter*."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from miaobi.craft.drawing.body import grips
from miaobi.craft.drawing.scene import Placed, Scene
from miaobi.craft.drawing.subjects.subject import subjects
from miaobi.craft.drawing.words.acts import Act
from miaobi.types import Language

_PHRASE: dict[str, tuple[str, str]] = {  # after who it is: {0} is the other; *reading* stands after a comma
    "on": ("on {0}", "在{0}上"),
    "in": ("in {0}", "在{0}里"),
    "under": ("under {0}", "在{0}下"),
    "behind": ("behind {0}", "在{0}后面"),
    "before": ("before {0}", "在{0}前面"),
    "beside": ("beside {0}", "在{0}旁边"),
    "above": ("above {0}", "在{0}上方"),
    "below": ("below {0}", "在{0}下方"),
    "hold": ("with {0}", "拿着{0}"),
    "carry": ("with {0}", "带着{0}"),
    "read": ("reading {0}", "读着{0}"),
    "play": ("playing {0}", "弹奏{0}"),
    "ride": ("riding {0}", "骑着{0}"),
    "lead": ("leading {0}", "牵着{0}"),
    "pull": ("pulling {0}", "拉着{0}"),
    "push": ("pushing {0}", "推着{0}"),
    "chase": ("chasing {0}", "追着{0}"),
    "cross": ("crossing {0}", "走过{0}"),
    "feed": ("feeding {0}", "喂着{0}"),
    "face": ("looking at {0}", "望着{0}"),
    "follow": ("following {0}", "跟着{0}"),
    "row": ("rowing {0}", "划着{0}"),
    "climb": ("climbing {0}", "爬上{0}"),
    "enter": ("entering {0}", "走进{0}"),
    "leave": ("leaving {0}", "走出{0}"),
}
_TAKEN = {
    "cart": "乘着",
    "train": "乘着",
    "car": "开着",
    "bus": "乘着",
    "tractor": "开着",
    "aeroplane": "乘着",
    "helicopter": "乘着",
    "sled": "坐着",
}  # what isn't straddled


def deeds(scene: Scene) -> list[Act]:
    """Return who does what to whom in a scene, or is where, as it is staged."""
    here = {p.id for p in scene.subjects}
    found = []
    for place in scene.subjects:
        if place.how and place.of in here:
            held = place.borne and grips(place.of, place.how, place.id)
            found.append(Act(place.of, place.how, place.id) if held else Act(place.id, place.how, place.of))
    return list(dict.fromkeys(found))


def phrases(
    places: Sequence[Placed], acts: Sequence[Act], named: Callable[[str], str], language: Language
) -> list[str]:
    """Return everybody in *places* by what *named* calls them, with what they do; nobody is named twice."""
    said: set[str] = set()
    agents = {act.who for act in acts}

    def of(name: str) -> str:
        said.add(name)
        text = named(name)
        for act in sorted(acts, key=_rank):
            if act.who == name and act.whom not in said:
                apart = language == "zh" and act.whom in agents  # Chinese can't say one place within another
                whom = named(act.whom) if apart else of(act.whom)
                text = _joined(text, act, whom, language, again=text != named(name))
        return text

    targets = {act.whom for act in acts}
    order = list(dict.fromkeys(p.id for p in sorted(places, key=lambda p: (p.id in targets, not p.chief))))
    return [of(name) for name in order if name not in said]


def _rank(act: Act) -> int:
    """Return how early an act is told: what is in hand, then where somebody is, then what is done."""
    doing = _PHRASE[act.how][0].split()[0].endswith("ing")
    return 2 if doing else 0 if act.how in ("hold", "carry") else 1


def _joined(text: str, act: Act, whom: str, language: Language, *, again: bool = False) -> str:
    """Return *text*, who it is, with what is done; *again*: it says already what else."""
    said = _PHRASE[act.how][0 if language == "en" else 1]
    if language == "zh":
        if act.how == "ride" and (other := subjects()[act.whom]).generator in _TAKEN:
            said = _TAKEN[other.generator] + "{0}"
        return text + ("，" if again else "") + said.format(whom)
    return f"{text}{',' if again and _rank(act) == 2 else ''} {said.format(whom)}"


def sentences(acts: Iterable[Act], named: Callable[[str], str], language: Language) -> list[str]:
    """Return a sentence for each act."""
    out = []
    for act in acts:
        who, whom = (re.sub(r"^an? ", "the ", named(name)) for name in (act.who, act.whom))
        if language == "zh":
            out.append(_joined(who, act, whom, "zh") + "。")
        else:
            said = _PHRASE[act.how][0].format(whom)
            verb = "has" if act.how in ("hold", "carry") else "is"
            out.append(f"{who[0].upper()}{who[1:]} {verb} {said.removeprefix('with ') if verb == 'has' else said}.")
    return out
