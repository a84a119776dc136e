"""Certificate: why a work keeps the rules of its form. For each line, bar or shape: the rule, what shows that it holds,
and what the rule cost the model. Values only; ``craft.certified`` shows them as text and as a picture.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from miaobi.types import Removal


class Evidence(BaseModel):
    """One rule at one unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    rule: str  # "rhyme"
    holds: bool
    evidence: str = ""  # what was read: "深 (侵, level) with 心", "x / x / x / x / x /"
    removed: float = 0.0  # share of the model's probability that the rule took, mean over the unit's tokens, 0–1
    instead: str = ""  # what the model would have said where the rule took most


class Unit(BaseModel):
    """A line, a bar, a shape: the smallest part that the rules speak of."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str  # "line 3"
    text: str
    rules: tuple[Evidence, ...]

    @property
    def holds(self) -> bool:
        """Whether every rule holds here."""
        return all(evidence.holds for evidence in self.rules)


class Certificate(BaseModel):
    """The account of a whole work."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    units: tuple[Unit, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every rule holds everywhere."""
        return all(unit.holds for unit in self.units)


def cost(removals: Iterable[Removal], tokens: int) -> dict[str, tuple[float, str]]:
    """Return by rule the mean share of probability that it took over *tokens*, and what it kept the model from saying.

    ValueError for fewer than one token.
    """
    if tokens < 1:
        raise ValueError(f"a unit has at least one token, not {tokens}")
    by_rule: dict[str, list[Removal]] = defaultdict(list)
    for removal in removals:
        by_rule[removal.rule].append(removal)
    return {
        rule: (
            sum(r.mass for r in found) / tokens,
            max((r for r in found if r.token), key=lambda r: r.mass, default=Removal(rule, 0, "", 0.0)).token,
        )
        for rule, found in by_rule.items()
    }
