"""Reading of the moon: full, half, a crescent, none: *a moonless night*, 残月, 月黑. A new moon isn't seen; 新月 is a
crescent."""

from __future__ import annotations

import re

from miaobi.craft.drawing.scene import Moon

_TOLD: dict[Moon, str] = {
    "none": (
        r"\b(?:no|without (?:a|the|any)|there is no|not a) moon\b|\bmoonless\b|\bnew moon\b|\bdark of the moon\b"
        r"|\bno moonlight\b|月黑|[没沒無无][有见]?月[亮光]?|不见月|朔夜|朔日"
    ),
    "crescent": (
        r"\b(?:crescent|sickle|thin|young|waning|horned) moon\b|\bcrescent of (?:a |the )?moon\b|\bmoon['’]s crescent\b"
        r"|\bsliver of (?:a |the )?moon\b|\bcrescent\b(?! (?:street|road))"
        r"|[弯眉残新钩]月|月牙|月如钩|月似钩|弯弯的月|一[弯钩]"
    ),
    "half": r"\bhalf[- ]?moon\b|\bquarter moon\b|\bhalf of the moon\b|[上下]?弦月|半轮|半边月|半月(?![前后内来])",
    "full": (
        r"\b(?:full|harvest|round|hunter['’]?s|wolf|supermoon) ?moon\b|\bsupermoon\b|\bmoon (?:is|was) (?:full|round)\b"
        r"|满月|圆月|月圆|月[亮儿]?(?:很|又大又|那么|正|真)?圆|圆圆的月|中秋|皓月|一轮[^，。]{0,2}月"
    ),
}


def read_moon(idea: str) -> Moon:
    """Return which moon *idea* tells, "" where it tells none by its shape."""
    return next((moon for moon, said in _TOLD.items() if re.search(said, idea, re.I)), "")
