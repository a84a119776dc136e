"""Words to search by: English by its stems, Chinese as overlapping pairs and single characters.

FTS5's own tokenizers don't find 明月 in 海上明月共潮生: ``unicode61`` takes the line for one word, ``trigram`` needs
three characters; PostgreSQL's parser goes by the server's locale. So every run of Han characters (kana and hangul too)
is indexed as its bigrams in order, then its unigrams; a query of two characters or more is a phrase of bigrams, which
finds it exactly. SQLite ranks by bm25; PostgreSQL, to which words and places are given ready, by ``ts_rank``. Both stem
as Porter (1980) does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any, Protocol

from miaobi.errors import BriefError, UnsupportedError
from miaobi.studio.library.database import Database, Transaction

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


def terms_of(query: str) -> list[tuple[str, ...]]:
    """Return what a person types as terms, each the tokens of a phrase; "…" makes one. BriefError for no word."""
    terms = []
    for quoted, curly, word in _TERM.findall(query):
        terms += _terms(quoted or curly or word)
    if not terms:
        raise BriefError("There is nothing to search for.", "Give a word, or several; quotation marks make a phrase.")
    return terms


def _terms(text: str) -> list[tuple[str, ...]]:
    out = [tuple((_pairs(run) if len(run) > 1 else run).split()) for run in _CJK.findall(text)]
    plain = tuple(re.findall(r"\w+", _CJK.sub(" ", text)))
    return [*out, plain] if plain else out


class Finder(Protocol):
    """The words of the works in one system."""

    def put(self, c: Transaction, number: int, title: str, idea: str, body: str) -> None:
        """Let a work be found by these words and no others."""

    def forget(self, c: Transaction, number: int) -> None:
        """Let a work be found no more."""

    def scores(self, terms: Sequence[tuple[str, ...]]) -> tuple[str, tuple[Any, ...]]:
        """Return a query of (number, score) of the works that have all terms, and its values."""


def finder_of(database: Database) -> Finder:
    """Return the one that goes with a database."""
    from miaobi.studio.library.sqlite import SqliteDatabase

    return _Fts5() if isinstance(database, SqliteDatabase) else _Vectors()


class _Fts5:
    """SQLite's full-text index."""

    def put(self, c: Transaction, number: int, title: str, idea: str, body: str) -> None:
        self.forget(c, number)
        row = (number, shadow(title), shadow(idea), shadow(body))
        c.execute("INSERT INTO search (rowid, title, idea, body) VALUES (?, ?, ?, ?)", row)

    def forget(self, c: Transaction, number: int) -> None:
        c.execute("DELETE FROM search WHERE rowid = ?", (number,))

    def scores(self, terms: Sequence[tuple[str, ...]]) -> tuple[str, tuple[Any, ...]]:
        match = " AND ".join(f'"{" ".join(term)}"' for term in terms)
        sql = "SELECT rowid AS number, -bm25(search, ?, ?, ?) AS score FROM search WHERE search MATCH ?"
        return sql, (*WEIGHTS, match)


_PART = 7_000  # characters of a stretch: a vector tells places apart up to 16,383, and a character is two tokens
_LAST = 16_383
_LONGEST = 500  # characters of a token; PostgreSQL takes 2,046 bytes


class _Vectors:
    """PostgreSQL's text search vectors, made here."""

    def put(self, c: Transaction, number: int, title: str, idea: str, body: str) -> None:
        self.forget(c, number)
        rows = [(number, 0, f"{_vector(title, 'A')} {_vector(idea, 'B', _LAST // 2)}")]
        rows += [(number, i, _vector(part, "D")) for i, part in enumerate(_parts(body), 1)]
        c.executemany("INSERT INTO search (number, part, words) VALUES (?, ?, ?::tsvector)", rows)

    def forget(self, c: Transaction, number: int) -> None:
        c.execute("DELETE FROM search WHERE number = ?", (number,))

    def scores(self, terms: Sequence[tuple[str, ...]]) -> tuple[str, tuple[Any, ...]]:
        phrases = [f"({' <-> '.join(map(_lexeme, term))})" for term in terms]
        own = "SELECT number FROM search WHERE words @@ ?::tsquery"
        weights = "{" + ",".join(str(w / WEIGHTS[0]) for w in (WEIGHTS[2], WEIGHTS[2], *WEIGHTS[1::-1])) + "}"
        all_of = " INTERSECT ".join([own] * len(terms))
        ranked = "SELECT number, sum(ts_rank(?::real[], words, ?::tsquery, 1)) AS score FROM search"
        sql = f"{ranked} WHERE words @@ ?::tsquery AND number IN ({all_of}) GROUP BY number"
        either = " | ".join(phrases)
        return sql, (weights, either, either, *phrases)


def _parts(body: str) -> Iterator[str]:
    """Cut a text between words into stretches whose places a vector can tell apart."""
    while body:
        cut = max(body.rfind(" ", 0, _PART), body.rfind("\n", 0, _PART)) if len(body) > _PART else len(body)
        cut = cut if cut > 0 else _PART
        yield body[:cut]
        body = body[cut:]


def _vector(text: str, weight: str, first: int = 1) -> str:
    tokens = re.findall(r"\w+", shadow(text))
    return " ".join(f"{_lexeme(token)}:{min(first + i, _LAST)}{weight}" for i, token in enumerate(tokens))


@lru_cache(50_000)
def _lexeme(token: str) -> str:
    """Return a token as PostgreSQL reads it: without case and accents, an English one by its stem."""
    plain = "".join(c for c in unicodedata.normalize("NFD", token.casefold()) if not unicodedata.combining(c))
    stem = _stemmer().stemWord(plain) if plain.isascii() else unicodedata.normalize("NFC", plain)
    return f"'{(stem or plain or '_')[:_LONGEST]}'"  # the stem of s is nothing


@cache
def _stemmer() -> Any:
    try:
        import snowballstemmer
    except ImportError:
        raise UnsupportedError(
            "The libraries for PostgreSQL are not installed.", "Install them: pip install 'miaobi[postgres]'"
        ) from None
    return snowballstemmer.stemmer("porter")


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
