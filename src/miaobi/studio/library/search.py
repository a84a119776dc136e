"""Words to search by: English as SQLite's FTS5 cuts it, Chinese as overlapping pairs and single characters.

FTS5's own tokenizers don't find 明月 in 海上明月共潮生: ``unicode61`` takes the line for one word, ``trigram`` needs
three characters. So every run of Han characters (kana and hangul too) is indexed as its bigrams in order, then its
unigrams; a query of two characters or more is a phrase of bigrams, which finds it exactly. Ranked by bm25.
"""

from __future__ import annotations

import re

from miaobi.errors import BriefError

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af]+")
_TERM = re.compile(r"\"([^\"]+)\"|“([^”]+)”|(\S+)")
_BETWEEN = " \u2d63 "  # a letter nobody searches for keeps a phrase from running over the end of a run
WEIGHTS = (8.0, 3.0, 1.0)  # of title, idea and body in bm25


def shadow(text: str) -> str:
    """Return *text* as it is indexed."""
    runs: list[str] = _CJK.findall(text)
    plain = _CJK.sub(" ", text)
    pairs = [_pairs(run) for run in runs if len(run) > 1]
    singles = [" ".join(run) for run in runs]
    return "\n".join([plain, _BETWEEN.join(pairs), *singles])


def _pairs(run: str) -> str:
    return " ".join(run[i : i + 2] for i in range(len(run) - 1))


def match_of(query: str) -> str:
    """Return the FTS5 expression for what a person types: all words, "…" for a phrase; BriefError for no word."""
    terms = []
    for quoted, curly, word in _TERM.findall(query):
        terms += _terms(quoted or curly or word, whole=bool(quoted or curly))
    if not terms:
        raise BriefError("There is nothing to search for.", "Give a word, or several; quotation marks make a phrase.")
    return " AND ".join(terms)


def _terms(text: str, whole: bool) -> list[str]:
    out = []
    for run in _CJK.findall(text):
        out.append(f'"{_pairs(run) if len(run) > 1 else run}"')
    plain = re.findall(r"\w+", _CJK.sub(" ", text))
    if plain:
        out += [f'"{" ".join(plain)}"'] if whole or len(plain) > 1 else [f'"{plain[0]}"']
    return out


def excerpt(text: str, query: str, limit: int = 160) -> str:
    """Return the stretch of *text* around the first word of the query, at most about *limit* characters."""
    wanted = [w for parts in _TERM.findall(query) for w in re.findall(r"\w+", "".join(parts))]
    found = [at for at in (_place(text.casefold(), w.casefold()) for w in wanted) if at >= 0]
    at = min(found, default=0)
    start = max(0, at - limit // 3)
    stretch = " ".join(text[start : start + limit].split())
    return ("…" if start else "") + stretch + ("…" if start + limit < len(text) else "")


def _place(text: str, word: str) -> int:
    """Return where *word* stands: as a whole word, else as another form of it, else −1."""
    for pattern in (rf"(?<!\w){re.escape(word)}(?!\w)", rf"(?<!\w){re.escape(word[: max(3, len(word) - 2)])}"):
        if match := re.search(pattern, text):
            return match.start()
    return text.find(word)
