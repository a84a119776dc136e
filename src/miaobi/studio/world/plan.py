"""What a world is made of: its parts in the order of their making, and the brief of each.

The works belong together because each brief is filled from the bible. An option of a form that is named as a field of
the bible (mood, palette, key, mode, tempo) is set from it, whoever wrote the form; a poem is dedicated to the hero, a
song sings the world's poem, a broadside sets it, a cover bears the story's title. What a form refuses is left out
again, and told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from miaobi.bible import Bible
from miaobi.brief import Brief, Reference, clean_text
from miaobi.craft.drawing.words.passage import paragraphs, spread
from miaobi.craft.melody.mood import mood_of
from miaobi.craft.plot.narrative import Narrative
from miaobi.errors import BriefError, show
from miaobi.form import Form
from miaobi.forms import admit, find
from miaobi.types import Language
from miaobi.work import Work

ROLES: dict[str, tuple[str, dict[str, Any]]] = {  # parts by what they are for
    "cover": ("picture", {"use": "cover"}),
    "illustration": ("picture", {"use": "illustration", "shape": "16:9"}),
    "album": ("picture", {"use": "album"}),
    "broadside": ("picture", {"use": "broadside"}),
}
USUAL: dict[Language, tuple[str, ...]] = {
    "en": ("story", "ballad", "song", "illustration", "cover"),
    "zh": ("lushi", "song", "illustration", "broadside"),
}
MOST = 24  # parts


class Part(BaseModel):
    """One work of the world: what it is called there, its form, and the options that a person gave."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    form: str
    options: dict[str, Any] = Field(default_factory=dict)
    seed: int = Field(0, ge=0, lt=2**63)


class World(BaseModel):
    """What was wished, the bible as far as it is known, and the works by the names of their parts."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    idea: str
    language: Language
    author: str = ""
    engine: str = ""  # for the forms that have no checkpoint of their own
    parts: tuple[Part, ...]
    bible: Bible = Bible()
    given: Bible = Bible()  # of the bible what a person wrote: it stays when the work that would tell it is made anew
    works: dict[str, str] = Field(default_factory=dict)  # ids
    folders: dict[str, str] = Field(default_factory=dict)  # relative to the world's

    def part(self, name: str) -> Part:
        """Return the part of this name; BriefError lists the names where there is none."""
        for part in self.parts:
            if part.name == name:
                return part
        raise BriefError(f"The world has no part {show(name)}.", f"It has: {', '.join(p.name for p in self.parts)}.")


def world_of(
    idea: str,
    language: Language,
    wanted: Sequence[str | Part],
    *,
    tone: str = "",
    author: str = "",
    engine: str = "",
    seed: int = 0,
    given: Bible | None = None,
) -> World:
    """Return the world that is to be made. *wanted*: parts as "story" or "picture use=cover"; the usual ones when none.

    *given* is what a person wrote of its bible. BriefError for what isn't known or can't be met.
    """
    idea, author = clean_text(idea, "idea"), clean_text(author, "author", 80)
    if not idea:
        raise BriefError(
            "A world needs an idea.", 'As in: miaobi world "A lighthouse keeper finds a message in a bottle"'
        )
    found = [part if isinstance(part, Part) else part_of(part, language, seed) for part in wanted or USUAL[language]]
    bible = Bible(logline=idea, mood=mood_of(idea, clean_text(tone, "tone", 500), language).name)
    if given is not None:
        bible = bible.model_copy(update=_said(given))
    world = World(idea=idea, language=language, author=author, engine=engine, parts=(), bible=bible)
    return with_parts(world.model_copy(update={"given": given or Bible()}), found)


def with_parts(world: World, parts: Sequence[Part]) -> World:
    """Return the world with further parts; BriefError for what can't be met, before anything is made."""
    more = world.model_copy(update={"parts": tuple(numbered([*world.parts, *parts]))})
    if len(more.parts) > MOST:
        raise BriefError(f"{len(more.parts)} parts are too many for one page.", f"At most {MOST}.")
    for part in more.parts[len(world.parts) :]:
        form = find(part.form)
        admit(form, bare(more, part, form))
    return more


def part_of(text: str, language: Language, seed: int = 0) -> Part:
    """Return the part that "cover" or "sonnet words=sea" asks for; BriefError for what is none."""
    name, *given = text.split() or [""]
    pairs = [pair.partition("=") for pair in given]
    if wrong := next((pair for pair, (_, equals, _) in zip(given, pairs, strict=True) if not equals), ""):
        raise BriefError(f"{show(wrong)} is no option: it has no value.", "Write name=value.")
    return part_with(name, {key: value for key, _, value in pairs}, language, seed)


def part_with(name: str, given: Mapping[str, Any], language: Language, seed: int = 0) -> Part:
    """Return the part of this name, a form's or one of ``ROLES``, with these options; BriefError for what is none."""
    form_name, options = ROLES.get(name.lower(), (name, {}))
    form = find(form_name)
    if language not in form.languages:
        raise BriefError(f"A {form.name} isn't written in this language.", f"It is in: {', '.join(form.languages)}.")
    told = {key.replace("-", "_"): value for key, value in given.items()}
    if unknown := next((key for key in told if key not in form.options.model_fields), None):
        raise BriefError(
            f"{show(unknown)} is no option of a {form.name}.", f"It has: {', '.join(form.options.model_fields)}."
        )
    called = name.lower() if name.lower() in ROLES else form.name
    return Part(name=called, form=form.name, options=options | told, seed=seed)


def numbered(parts: Sequence[Part]) -> list[Part]:
    """Return the parts with names that are each their own: a second story is story-2."""
    found: list[Part] = []
    for part in parts:
        taken = {p.name for p in found}
        base = re.sub(r"-\d+$", "", part.name)
        names = (part.name if n == 1 else f"{base}-{n}" for n in range(1, len(parts) + 2))
        found.append(part.model_copy(update={"name": next(n for n in names if n not in taken)}))
    return found


def bare(world: World, part: Part, form: Form) -> Brief:
    """Return the part's brief with nothing from the bible but the mood."""
    options = dict(part.options)
    if options.get("use") == "broadside" and not options.get("lines"):
        options["lines"] = world.idea[:60]  # the poem stands here once it is written
    tone = world.bible.mood if "tone" in form.heeds else ""
    values = {"form": form.name, "idea": world.idea, "language": world.language, "tone": tone, "seed": part.seed}
    return Brief.parse(values | {"options": options})


def brief_of(world: World, part: Part, works: Mapping[str, Work]) -> tuple[Brief, list[str]]:
    """Return the part's brief, filled from the bible and the *works* before it, and what of that the form refused."""
    form = find(part.form)
    brief = bare(world, part, form)
    taken: dict[str, Any] = {}
    story = _story(world, part, works) if "story" in form.references else ()
    for name, value in {**_poem(part, works), **_from_bible(world), **_passage(world, part, works, story)}.items():
        if name in form.options.model_fields and name not in part.options and value:
            taken[name] = value
    refused: list[str] = []
    while True:
        title = _title(world, part, works, sung="lyrics" in taken)
        material = (*_references(world, form), *story)
        told = {"title": title, "options": brief.options | taken, "references": material}
        filled = brief.model_copy(update=told)
        try:
            admit(form, filled)
        except BriefError as error:
            if not taken:
                raise
            name = next((n for n in reversed(taken) if n in error.message), next(reversed(taken)))
            taken.pop(name)
            refused.append(name)
        else:
            return filled, refused


def _from_bible(world: World) -> dict[str, Any]:
    bible = world.bible
    hero = bible.personas[0].name if bible.personas else ""
    dedication = {"en": f"for {hero}", "zh": f"赠{hero}"}[world.language] if hero else ""
    return {
        "dedication": dedication,
        "author": world.author,
        "mood": bible.mood,
        "palette": " ".join(bible.palette[:12]),
        "tempo": bible.tempo,
        "key": bible.key,
        "mode": bible.mode,
    }


def _references(world: World, form: Form) -> tuple[Reference, ...]:
    """Return the people that play in a story, and what a teller is told of them and of the world."""
    bible, found = world.bible, list[Reference]()
    if "persona" in form.references and "story" not in form.references:  # else they come with the story
        found += [Reference(kind="persona", name=p.name, text=p.model_dump_json()) for p in bible.personas[:2]]
    if "lore" in form.references and (lore := _lore(world)):
        book = json.dumps({"entries": lore}, ensure_ascii=False)
        found.append(Reference(kind="lore", name=bible.title or "bible", text=book))
    return tuple(found)


def _story(world: World, part: Part, works: Mapping[str, Work]) -> tuple[Reference, ...]:
    """Return the world's newest story and its people, for a picture that illustrates; () where there is none yet."""
    if part.options.get("use", "illustration") != "illustration" or part.options.get("subjects"):
        return ()
    for work in reversed(list(works.values())):
        form = find(work.form)
        if issubclass(form.content, Narrative):
            told = form.content.model_validate(work.content)
            people = (Reference(kind="persona", name=p.name, text=p.model_dump_json()) for p in told.bible.personas)
            return (Reference(kind="story", name=work.title, text=told.text()), *people)
    return ()


def _passage(world: World, part: Part, works: Mapping[str, Work], story: Sequence[Reference]) -> dict[str, Any]:
    """Return which passage of the story a picture illustrates: the parts share it out in their order."""
    if not story:
        return {}
    like = [p for p in world.parts if p.form == part.form and _story(world, p, works)]
    others = [works[p.name].brief for p in like if p.name in works]
    taken = {int(n) for b in others if story[0] in b.references and (n := str(b.options.get("passage"))).isdigit()}
    told = paragraphs(story[0].text, world.language)
    at = [p.name for p in like].index(part.name)
    return {"passage": str(spread(told, at, len(like), taken, world.language))} if told else {}


def _lore(world: World) -> list[dict[str, Any]]:
    """Return what a person wrote into the bible, as entries of a lorebook."""
    zh, given = world.language == "zh", world.given
    ways = (("want", "{}想{}。"), ("flaw", "{}：{}。"), ("voice", "{}说话{}。"))
    if not zh:
        ways = (("want", "{} wants {}."), ("flaw", "{}: {}."), ("voice", "{}’s way of speaking: {}."))
    found = []
    for one in given.personas:
        said = [way.format(one.name, value) for name, way in ways if (value := getattr(one, name))]
        found.append(([one.name], ("" if zh else " ").join(said)))
    for place in given.places:
        details = ("、" if zh else ", ").join(place.details)
        found.append(([place.name], ways[1][1].format(place.name, details) if details else ""))
    entries: list[dict[str, Any]] = [{"keys": keys, "content": said} for keys, said in found if said]
    return entries + [entry.model_dump(mode="json") for entry in given.lore if entry.content]


def _poem(part: Part, works: Mapping[str, Work]) -> dict[str, Any]:
    """Return the options by which the newest poem is sung, or set under a picture."""
    for work in reversed(list(works.values())):
        other = find(work.form)
        if other.verse is None:
            continue
        stanzas = other.verse(other.content.model_validate(work.content))
        sung = "\n\n".join("\n".join(stanza) for stanza in _quatrains(stanzas))
        shown = "\n".join(line for stanza in stanzas for line in stanza)
        return {"lyrics": sung} | ({"lines": shown} if part.options.get("use") == "broadside" else {})
    return {}


def _quatrains(stanzas: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Return stanzas that can be sung: long ones in fours."""
    return [
        stanza[at : at + 4] for stanza in stanzas for at in range(0, len(stanza), 4 if len(stanza) > 6 else len(stanza))
    ]


def _title(world: World, part: Part, works: Mapping[str, Work], sung: bool) -> str:
    """Return the title that is set: of a poem that is sung or set under a picture, of the music on a sleeve, of the
    world on another picture; "" where the form makes its own.
    """
    use = str(part.options.get("use", ""))
    if use == "illustration" and _story(world, part, works):  # it is called by its passage
        return ""
    for work in reversed(list(works.values())):
        form = find(work.form)
        poem, song = form.verse is not None, "lyrics" in form.options.model_fields
        if (poem and (sung or use == "broadside")) or (song and use == "album"):
            return work.title
    if world.parts and part.name == world.parts[0].name:  # it would name the world
        return world.given.title
    return world.bible.title if use else ""


def parted(world: World, name: str, works: Mapping[str, Work]) -> list[str]:
    """Return the parts after *name* that took from its work what they would take from the new one."""
    form = find(world.part(name).form)
    after = [part for part in world.parts[[p.name for p in world.parts].index(name) + 1 :] if part.name in works]
    if issubclass(form.content, Narrative):
        return [part.name for part in after if works[part.name].brief.references_of("story")]
    if form.verse is None:
        return []
    given = ("lyrics", "lines")
    return [p.name for p in after if any(works[p.name].brief.options.get(o) and o not in p.options for o in given)]


def rewritten(world: World, bible: Bible) -> World:
    """Return the world with its bible as a person left it. What they changed is theirs, what they emptied anybody's."""
    before = world.bible.model_dump()
    changed = {name: value for name, value in bible.model_dump().items() if value != before[name]}
    given = Bible.model_validate(world.given.model_dump() | changed)
    return world.model_copy(update={"bible": bible, "given": given})


def forgotten(world: World, names: Sequence[str]) -> Bible:
    """Return the bible with these fields as far as a person wrote them: a work is to tell the rest anew."""
    return world.bible.model_copy(update={name: getattr(world.given, name) for name in names})


def outdated(world: World, works: Mapping[str, Work]) -> list[str]:
    """Return the parts whose works were made with other words, or another bible of a person's, than there are now."""
    found, before = list[str](), dict[str, Work]()
    given = _said(world.given)
    for part in world.parts:
        work = works.get(part.name)
        if work is None:
            continue
        brief, _ = brief_of(world, part, before)
        names = [name for name in ("lyrics", "lines", *given) if name not in part.options]
        now, then = brief.options, work.brief.options
        people = ("personas", "places", "lore")
        if (
            any(now.get(name) != then.get(name) for name in names if name in now or name in then)
            or ("mood" in given and brief.tone != work.brief.tone)
            or (any(name in given for name in people) and brief.references != work.brief.references)
            or brief.references_of("story") != work.brief.references_of("story")
        ):
            found.append(part.name)
        before[part.name] = work
    return found


def _said(bible: Bible) -> dict[str, Any]:
    return {name: getattr(bible, name) for name, value in bible.model_dump().items() if value}


def learnt(world: World, work: Work) -> Bible:
    """Return the bible with what *work* tells of the world and was not known before."""
    form = find(work.form)
    told = work.bible or form.bible(form.content.model_validate(work.content)) or Bible(title=work.title)
    known = world.bible.model_dump()
    new = {name: value for name, value in told.model_dump().items() if value and not known[name]}
    return Bible.model_validate(known | new)
