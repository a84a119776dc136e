"""What the verse net is told in front of a poem, and before each line: named tokens of its own.

    <七絕平起入韻> <唐> <韻東> <題> 江 雪 <言> 孤 舟 寒 江 <中平中仄仄平平韻> 千 山 … <中仄平平仄仄平韻> … <eos>

| token | says |
|---|---|
| <七絕平起入韻>, <浣溪沙>, <聯> | form and pattern; all rules kept. <七絕> and its like: not all of them |
| <唐> <宋> | whose manner |
| <韻東>, <部三平> | rhyme group of 平水韵; of 词林正韵 with its tone, before the first line that rhymes so |
| <題> … | title, as characters |
| <言> … | words that are in the poem |
| <中平中仄仄平平韻> | the next line's slots, 韻 where it rhymes |
"""

from __future__ import annotations

from miaobi.craft.prosody.chinese.regulated import Pattern

COUPLET, TITLE, WORDS = "<聯>", "<題>", "<言>"


def line_token(slots: str, rhymes: bool) -> str:
    """Return the token before a line."""
    return f"<{slots}{'韻' if rhymes else ''}>"


def loose_token(width: int, count: int) -> str:
    """Return the form's token for a poem that breaks a rule."""
    return f"<{'五' if width == 5 else '七'}{'絕' if count == 4 else '律'}>"


def form_token(pattern: Pattern | str) -> str:
    """Return the token of a pattern, or of a tune's name."""
    return f"<{pattern if isinstance(pattern, str) else pattern.name}>"


def rhyme_token(group: str, tone: str = "") -> str:
    """Return the token of a rhyme group; *tone*: 平 仄 入 for a 部 of 词林正韵."""
    return f"<部{group}{tone}>" if tone else f"<韻{group}>"
