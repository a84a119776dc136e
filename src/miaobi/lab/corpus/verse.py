"""Chinese verse as a net is to learn it: poems with the named tokens of ``craft.prosody.chinese.control`` before them.

    poems (traditional or simplified) ──▶ read by 平水韵 or a tune ──▶ pattern kept? ──▶ names between spaces

Kept are 绝句 and 律诗 whose every character is in the rhyme book and common, of those that break a rule a small share
(told so), 词 to the tunes that we know, and of some 律诗 not the poem but its middle couplets, as 对联. Tang and 词,
which are few, come twice in the same words, everything else once; so a split by text never has a line on both sides.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from miaobi.craft.prosody.chinese import control
from miaobi.craft.prosody.chinese.regulated import PATTERNS, SHAPES, Pattern, kept
from miaobi.craft.prosody.chinese.rime import CILIN, PINGSHUI, variants
from miaobi.craft.prosody.chinese.script import traditional
from miaobi.craft.prosody.chinese.tune import ALIASES, tunes
from miaobi.lab.corpus.document import Document, Source
from miaobi.types import derive_seed

_MARKS = re.compile("[，。！？；、：]")
_SHAPES = {(pattern.width, pattern.count) for pattern in PATTERNS}
RARE = 30  # a character met less often among all poems is not learnt, nor a poem that has one
LOOSE = 0.12  # share of the poems that break a rule which is kept
LEAST_INFORMATION = -0.7  # nats
COUPLETS = 0.12  # share of the 律诗 of which the couplets are learnt alone
_TITLE = re.compile("[\u4e00-\u9fff]{2,7}")
_TITLE_NOISE = re.compile(
    "其[一二三四五六七八九十]|[次和依用]|韻|首|句|絕|律|雜|寄|答|奉|贈|呈|送|無題|偶|再|又|同|以|之|上.*(?:公|丞)"
)


@dataclass(frozen=True)
class _Poem:
    era: str
    title: str
    lines: tuple[str, ...]
    form: str  # the control token
    slots: tuple[tuple[str, bool, str], ...]  # slots, rhymes, the rhyme token that comes before


def annotated(source: Source) -> Source:
    """Return the poems of *source* with control tokens, each a text of names between spaces."""
    return Source(source.origin, lambda: _annotate(source.read()))


def _annotate(documents: Iterable[Document]) -> Iterator[Document]:
    counts: Counter[str] = Counter()
    poems: dict[tuple[str, ...], tuple[str, _Poem]] = {}
    for document in documents:
        poem = _read(document)
        if poem is not None and poem.lines not in poems:
            poems[poem.lines] = document.id, poem
            counts.update("".join(poem.lines))
    common = {character for character, n in counts.items() if n >= RARE}
    known = [(name, poem) for name, poem in poems.values() if common.issuperset("".join(poem.lines))]
    words = _Words([poem.lines for _, poem in known])
    # shuffled, so that neighbours in a window are strangers
    known.sort(key=lambda pair: derive_seed(0, "verse", pair[0]))
    for name, poem in known:
        rng = random.Random(derive_seed(0, "verse", "control", name))
        if poem.form in _LOOSE and rng.random() >= LOOSE:
            continue
        if len(poem.lines) == 8 and poem.form not in _LOOSE and poem.form in _REGULATED and rng.random() < COUPLETS:
            for i in (2, 4):
                yield Document(f"{name}/{i}", _couplet(poem, i), {"form": control.COUPLET})
            continue
        text = _text(poem, words, common, rng)
        yield Document(name, text, {"form": poem.form})
        if (poem.era == "唐" and poem.form not in _LOOSE) or poem.form not in _LOOSE | _REGULATED:
            yield Document(f"{name}/again", text, {"form": poem.form})


_LOOSE = frozenset(control.loose_token(width, count) for width in (5, 7) for count in (4, 8))
_REGULATED = frozenset(control.form_token(pattern) for pattern in PATTERNS)


def _read(document: Document) -> _Poem | None:
    collection = document.meta.get("collection", "")
    if "tune" in document.meta:
        return _read_tune(document)
    text = "".join(document.text.split()).translate(variants())
    lines = tuple(part for part in _MARKS.split(text) if part)
    width = len(lines[0]) if lines else 0
    if (width, len(lines)) not in _SHAPES or any(len(line) != width for line in lines):
        return None
    tones = [[PINGSHUI.tones(character) for character in line] for line in lines]
    if not all(all(line) for line in tones):
        return None
    title = document.meta.get("title", "").translate(variants())
    era = "唐" if collection == "tang" else "宋"
    joined = ["".join(line) for line in tones]
    for pattern in PATTERNS:
        if (pattern.width, pattern.count) != (width, len(lines)):
            continue
        shapes = kept(joined, pattern)
        group = _group(lines, pattern)
        if shapes is None or not group:
            continue
        table, token = SHAPES[width], control.rhyme_token(group)
        first = pattern.rhymes.index(True)
        slots = tuple(
            (table[shape], rhymes, token if i == first else "")
            for i, (shape, rhymes) in enumerate(zip(shapes, pattern.rhymes, strict=True))
        )
        return _Poem(era, title, lines, control.form_token(pattern), slots)
    plain = tuple(("中" * width, False, "") for _ in lines)
    return _Poem(era, title, lines, control.loose_token(width, len(lines)), plain)


def _group(lines: tuple[str, ...], pattern: Pattern) -> str:
    """Return the level rhyme group of the poem, or "" where there is none or a rhyme word comes twice."""
    ends = [line[-1] for line, rhymes in zip(lines, pattern.rhymes, strict=True) if rhymes]
    if len(set(ends)) < len(ends):
        return ""
    shared = set.intersection(*({r.group for r in PINGSHUI.readings(end) if r.level} for end in ends))
    return min(shared, default="")


def _read_tune(document: Document) -> _Poem | None:
    tune = next((t for name in document.meta["tune"].split("・") if (t := tunes().get(ALIASES.get(name, name)))), None)
    if tune is None:
        return None
    lines = tuple(part for part in _MARKS.split(traditional("".join(document.text.split()))) if part)
    if len(lines) == 2 * len(tune.lines):  # two stanzas of a tune that we have in one
        lines = lines[: len(tune.lines)]
    if tuple(map(len, lines)) != tune.lengths or not all(CILIN.readings(c) for line in lines for c in line):
        return None
    slots, told = [], set()
    for line in tune.lines:
        token = ""
        if line.rhyme and line.rhyme not in told:
            told.add(line.rhyme)
            ends = [text[-1] for text, own in zip(lines, tune.lines, strict=True) if own.rhyme == line.rhyme]
            rhymes = Counter(rhyme for end in ends for rhyme in {r.rhyme for r in CILIN.readings(end)})
            (group, tone), n = max(rhymes.items(), key=lambda pair: (pair[1], pair[0]))
            if n < len(ends):
                return None
            token = control.rhyme_token(group, tone)
        slots.append((line.tones, bool(line.rhyme), token))
    return _Poem("宋", "", lines, control.form_token(tune.name), tuple(slots))


class _Words:
    """Two-character words of verse, read at the places where a line is read in pairs.

    A pair is a word where it stands together far oftener than its characters would by chance: pointwise mutual
    information above ``LEAST_INFORMATION``, in at least 20 poems.
    """

    def __init__(self, poems: list[tuple[str, ...]]) -> None:
        pairs: Counter[str] = Counter()
        single: Counter[str] = Counter()
        for lines in poems:
            pairs.update({pair for line in lines for pair in _pairs(line)})
            single.update(set("".join(lines)))
        n = max(1, len(poems))
        self._words = {
            pair
            for pair, count in pairs.items()
            if count >= 20 and math.log(count * n / (single[pair[0]] * single[pair[1]])) > LEAST_INFORMATION
        }

    def of(self, lines: tuple[str, ...]) -> list[str]:
        """Return the poem's words in their order."""
        return list(dict.fromkeys(pair for line in lines for pair in _pairs(line) if pair in self._words))


def _pairs(line: str) -> list[str]:
    if len(line) == 5:
        places: tuple[int, ...] = (0, 2, 3)
    else:
        places = (0, 2, 4, 5) if len(line) == 7 else tuple(range(0, len(line) - 1, 2))
    return [line[i : i + 2] for i in places if len(line) > i + 1 and line[i] != line[i + 1]]


def _text(poem: _Poem, words: _Words, common: set[str], rng: random.Random) -> str:
    names = [poem.form, f"<{poem.era}>"]
    first = next((token for _, _, token in poem.slots if token), "")
    names += [first] if first else []
    title = poem.title
    if _TITLE.fullmatch(title) and not _TITLE_NOISE.search(title) and common.issuperset(title) and rng.random() < 0.7:
        names += [control.TITLE, *title]
    if rng.random() < 0.6:
        telling = words.of(poem.lines)
        chosen = rng.sample(telling, min(len(telling), rng.randint(1, 3)))
        # a single character of a word is asked for as well
        names += [control.WORDS, *(c for w in chosen for c in (w if rng.random() < 0.7 else rng.choice(w)))]
        if not chosen:
            names.pop()
    for line, (slots, rhymes, token) in zip(poem.lines, poem.slots, strict=True):
        names += [token] if token and token != first else []
        names += [control.line_token(slots, rhymes), *line]
    return " ".join(names)


def _couplet(poem: _Poem, start: int) -> str:
    names = [control.COUPLET]
    for line, (slots, rhymes, _) in list(zip(poem.lines, poem.slots, strict=True))[start : start + 2]:
        names += [control.line_token(slots, rhymes), *line]
    return " ".join(names)
