"""Cast: the hero and the ally of an English story, their names, pronouns and roles, and who was lost."""

from __future__ import annotations

import random
from collections.abc import Sequence

from miaobi.bible import Persona
from miaobi.craft.plot.setting import role_of
from miaobi.craft.text.idea import Idea
from miaobi.craft.text.inflection import Pronoun
from miaobi.craft.text.sentence import words
from miaobi.craft.text.table import table


def _pronoun(idea: Idea, text: str, name: str, rng: random.Random) -> Pronoun:
    role = set(idea.role.lower().replace("-", " ").split())
    last = idea.role.lower().split()[-1] if idea.role else ""
    if role & table("women.en") or name.lower() in table("names_she.en") or last.endswith("woman"):
        return "she"
    if role & table("men.en") or name.lower() in table("names_he.en") or last.endswith("man"):
        return "he"
    found = set(words(text.lower()))
    drawn: Pronoun = rng.choice(("she", "he"))
    return "she" if found & {"she", "her", "hers"} else "he" if found & {"he", "his", "him"} else drawn


def cast(idea: Idea, text: str, rng: random.Random, ally_roles: Sequence[str]) -> tuple[Persona, Persona]:
    """Return hero and ally: the idea's own name and role where it has them, the ally's role one of *ally_roles*."""
    pronoun_hint = _pronoun(idea, text, idea.name, rng)
    pool = sorted(table("names_she.en" if pronoun_hint == "she" else "names_he.en"))
    name = idea.name or rng.choice(pool).capitalize()
    ally_pronoun: Pronoun = "he" if pronoun_hint == "she" else "she"
    ally_pool = sorted(table("names_he.en" if ally_pronoun == "he" else "names_she.en"))
    ally = rng.choice([n for n in ally_pool if n[0] != name[0].lower()]).capitalize()
    role = role_of(idea)
    hero = Persona(id="hero", name=name, pronoun=pronoun_hint, role=role)
    ally_role = rng.choice([r for r in ally_roles if r not in role])
    friend = Persona(id="ally", name=ally, pronoun=ally_pronoun, role=ally_role, voice="plain, teasing")
    return hero, friend


def lost_one(relation: str, pronoun: Pronoun, rng: random.Random) -> str:
    """Return who was lost: one of *son or daughter*, and of *wife or husband* the one that is likelier."""
    drawn = rng.choice(relation.split(" or "))
    return {"she": "husband", "he": "wife"}.get(pronoun, drawn) if "wife" in relation else drawn
