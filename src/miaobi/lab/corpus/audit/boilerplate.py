"""Boilerplate: lines that stand in many documents, and phrases that belong to a page or a book and not to its text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

_SHORTEST, _SHORTEST_CHINESE = 16, 8  # characters; shorter lines recur by chance
_MARKS = re.compile(
    r"project gutenberg|all rights reserved|terms of (?:use|service)|privacy policy|accept (?:all )?cookies"
    r"|subscribe to|click here|share this|©|版权所有|转载请注明|点击(?:下载|这里|阅读)|本站|未完待续",
    re.IGNORECASE,
)
_LEAST, _SHARE = 5, 0.001  # documents a line stands in before it counts, and as a share of all


@dataclass
class Boilerplate:
    """Built up by ``look`` document by document."""

    documents: int = 0
    marked: Counter[str] = field(default_factory=Counter)  # phrase: documents
    _counts: Counter[int] = field(default_factory=Counter)
    _lines: dict[int, str] = field(default_factory=dict)

    def look(self, text: str) -> None:
        """Count the lines and phrases of one document."""
        self.documents += 1
        self.marked.update({m.lower() for m in _MARKS.findall(text)})
        lines = {" ".join(line.split()) for line in text.split("\n")}
        for line in lines:
            if len(line) < (_SHORTEST if line.isascii() else _SHORTEST_CHINESE):
                continue
            key = hash(line)
            self._counts[key] += 1
            if self._counts[key] == _LEAST:
                self._lines[key] = line

    @property
    def repeated(self) -> list[tuple[str, int]]:
        """Lines that stand in at least five documents and one in a thousand, with how many; the commonest first."""
        least = max(_LEAST, _SHARE * self.documents)
        found = [(line, self._counts[key]) for key, line in self._lines.items() if self._counts[key] >= least]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))
