"""Cast: the hero and the ally of an English story, their names, pronouns and roles, and who was lost.

People that a brief brings with it play them: the one whom the idea names, else the first, is the hero, the next the
ally. What is not said of them is drawn as for anybody.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from miaobi.bible import Persona
from miaobi.brief import Brief
from miaobi.craft.plot.setting import role_of
from miaobi.craft.text.idea import Idea
from miaobi.craft.text.inflection import Pronoun
from miaobi.craft.text.sentence import words
from miaobi.craft.text.table import table
from miaobi.errors import BriefError, show

_SAID = {
    "name": "name", "姓名": "name", "名字": "name", "role": "role", "身份": "role", "职业": "role",
    "pronoun": "pronoun", "称代": "pronoun", "want": "want", "所求": "want", "flaw": "flaw", "短处": "flaw",
    "voice": "voice", "口吻": "voice",
}  # fmt: skip
_PRONOUNS = {"他": "he", "她": "she"}


def people_of(brief: Brief) -> tuple[Persona, ...]:
    """Return the people that a brief brings with it; BriefError for one that can't be read."""
    return tuple(_persona(r.text, r.name, n) for n, r in enumerate(brief.references_of("persona"), 1))


def _persona(text: str, called: str, number: int) -> Persona:
    """Return the persona of a reference: a JSON object, or lines as "name: Mara"."""
    found: dict[str, Any] = {}
    if text.lstrip().startswith("{"):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BriefError(f"The persona {show(called)} is not JSON: {error}.", "Or write name: Mara") from None
    else:
        for line in text.splitlines():
            key, colon, value = re.sub("：", ":", line, count=1).partition(":")
            if colon and (name := _SAID.get(key.strip().lower())):
                found[name] = value.strip()
    found["pronoun"] = _PRONOUNS.get(found.get("pronoun", ""), found.get("pronoun") or "they")
    try:
        persona = Persona.model_validate({"id": f"persona-{number}"} | found)
    except ValidationError as error:
        what = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:3])
        raise BriefError(f"The persona {show(called)} can't be read: {what}.", "Give it a name: name: Mara") from None
    if not persona.name.strip():
        raise BriefError(f"The persona {show(called)} has no name.", "Give it one: name: Mara")
    return persona


def played(hero: str, people: Sequence[Persona]) -> tuple[Persona | None, Persona | None]:
    """Return who of *people* plays hero and ally; *hero* is the name that the idea gives, or ""."""
    named = next((p for p in people if hero and hero in (p.name, p.name.split()[0])), None)
    others = [p for p in people if p is not named]
    if named is not None or hero:  # the idea's own hero stays
        return named, next(iter(others), None)
    return next(iter(others), None), next(iter(others[1:]), None)


def taking(persona: Persona, given: Persona | None) -> Persona:
    """Return a persona with what is given of it."""
    if given is None:
        return persona
    said = {name: value for name in ("name", "pronoun", "role", "voice") if (value := getattr(given, name))}
    return persona.model_copy(update=said | {"traits": persona.traits | given.traits})


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


def cast(
    idea: Idea, text: str, rng: random.Random, ally_roles: Sequence[str], people: Sequence[Persona] = ()
) -> tuple[Persona, Persona]:
    """Return hero and ally: the idea's own name and role where it has them, the ally's role one of *ally_roles*."""
    given, given_ally = played(idea.name, people)
    pronoun_hint = _pronoun(idea, text, idea.name, rng)
    pool = sorted(table("names_she.en" if pronoun_hint == "she" else "names_he.en"))
    name = idea.name or rng.choice(pool).capitalize()
    name = given.name if given else name
    pronoun_hint = given.pronoun if given else pronoun_hint
    ally_pronoun: Pronoun = "he" if pronoun_hint == "she" else "she"
    ally_pool = sorted(table("names_he.en" if ally_pronoun == "he" else "names_she.en"))
    ally = rng.choice([n for n in ally_pool if n[0] != name[0].lower()]).capitalize()
    role = role_of(idea)
    hero = Persona(id="hero", name=name, pronoun=pronoun_hint, role=role)
    ally_role = rng.choice([r for r in ally_roles if r not in role])
    friend = Persona(id="ally", name=ally, pronoun=ally_pronoun, role=ally_role, voice="plain, teasing")
    return taking(hero, given), taking(friend, given_ally)


def lost_one(relation: str, pronoun: Pronoun, rng: random.Random) -> str:
    """Return who was lost: one of *son or daughter*, and of *wife or husband* the one that is likelier."""
    drawn = rng.choice(relation.split(" or "))
    return {"she": "husband", "he": "wife"}.get(pronoun, drawn) if "wife" in relation else drawn
