"""Gallery: a world's works on one page that needs nothing beside it, in the world's own colours.

Two scripts run, both ours, named by their hashes in the page's policy; nothing is fetched; every word of a work is
escaped. Links to the files lead into the folders beside the page.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

import cv2
import numpy as np

from miaobi import __version__
from miaobi.bible import Persona
from miaobi.craft.document.html import SERIF, SERIF_ZH
from miaobi.craft.markup import escape, one_line
from miaobi.craft.music.judgement import choir
from miaobi.craft.music.player import SCRIPT, embedded, source_hash
from miaobi.craft.music.score import Score
from miaobi.forms import find
from miaobi.forms.art import composition
from miaobi.forms.art.composition import Piece
from miaobi.studio.world.plan import World
from miaobi.studio.world.theme import theme_of, variables
from miaobi.trust import label
from miaobi.types import Language
from miaobi.work import Imprint, Work

WIDEST = 2000  # pixels of a picture on the page; its file beside it is as it was made
QUALITY = 88  # of its JPEG
_REGULATED = 12  # characters a line at most that are set in columns
_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "skip": "Skip to the works", "parts": "Works", "people": "People and places", "by": "by ",
        "larger": "Show larger: ", "made": "How it was made", "seed": "seed", "files": "Files",
        "findings": "What the checks remark",
    },
    "zh": {
        "skip": "跳到作品", "parts": "作品", "people": "人物与地方", "by": "作者：", "larger": "放大：",
        "made": "如何作成", "seed": "种子", "files": "文件", "findings": "检查所见",
    },
}  # fmt: skip


def gallery(world: World, works: Mapping[str, Work]) -> bytes:
    """Return the page, UTF-8 HTML, of the *works* by the names of their parts."""
    names = " + ".join(dict.fromkeys(work.record.written_by for work in works.values()))
    first = next(iter(works.values()))
    title = world.bible.title or first.title
    imprint = label.imprint(first.id, title, world.language, names, __version__)
    hero = next((work for work in works.values() if _wide(work)), None)
    shown = {name: work for name, work in works.items() if not _shown_elsewhere(work, works, hero)}
    sections = [_section(name, work, works, imprint) for name, work in shown.items()]
    body = _body(world, works, list(shown), sections, imprint)
    return ("\n".join((*_head(world, title, imprint), *_hero(world, title, hero), *body)) + "\n").encode()


# --- the frame ------------------------------------------------------------------------------------------------


@cache
def _file(name: str) -> str:
    return (files("miaobi.studio.world") / name).read_text(encoding="utf-8")


def _head(world: World, title: str, imprint: Imprint) -> Iterator[str]:
    own = _file("gallery.js")
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:; base-uri 'none'; "
        f"form-action 'none'; script-src {source_hash(SCRIPT)} {source_hash(own)}"
    )
    light, dark = (variables(theme_of(world.bible.palette, dark)) for dark in (False, True))
    style = _file("gallery.css").replace("FONTZH", SERIF_ZH).replace("FONT", SERIF)
    metas = {
        "viewport": "width=device-width, initial-scale=1",
        "generator": imprint.generator,
        "author": world.author,
        "description": world.bible.logline,
        "dcterms.identifier": f"urn:uuid:{imprint.identifier}",
        "AIGC": json.dumps(imprint.aigc, separators=(",", ":")),
    }
    yield "<!DOCTYPE html>"
    yield f'<html lang="{_lang(world)}">'
    yield '<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield from (f'<meta name="{name}" content="{escape(one_line(said))}">' for name, said in metas.items() if said)
    yield f"<title>{escape(one_line(title))}</title>"
    yield (
        f"<style>:root {{ color-scheme: light dark; {light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n{style}</style>\n</head>"
    )


def _hero(world: World, title: str, hero: Work | None) -> Iterator[str]:
    words = _WORDS[world.language]
    yield f'<body>\n<a class="skip" href="#works">{words["skip"]}</a>'
    yield f'<header class="hero" lang="{_lang(world)}">'
    if hero is not None:
        chief = next((s["x"] for s in hero.content["scene"]["subjects"] if s["chief"]), 0.5)
        place = f"object-position: {chief:.0%} 50%"  # what a narrow window still shows
        yield f'<img src="{_jpeg(hero)}" alt="{escape(one_line(hero.content["alt"]))}" style="{place}">'
    by = f'<p class="by">{words["by"]}{escape(one_line(world.author))}</p>' if world.author else ""
    logline = f"<p>{escape(one_line(world.bible.logline))}</p>"
    yield f"<div><h1>{escape(one_line(title))}</h1>{logline}{by}</div>\n</header>"


def _body(
    world: World, works: Mapping[str, Work], shown: list[str], sections: list[list[str]], imprint: Imprint
) -> Iterator[str]:
    words = _WORDS[world.language]
    people = list(_people(world))
    links = [f'<li><a href="#{escape(name)}">{escape(_called(works[name], world))}</a></li>' for name in shown]
    if people:
        links.insert(1, f'<li><a href="#people">{words["people"]}</a></li>')
    yield f'<nav class="parts" aria-label="{words["parts"]}"><ul>{"".join(links)}</ul></nav>'
    yield '<main id="works">'
    for number, rows in enumerate(sections):
        yield from rows
        if number == 0:
            yield from people
    yield "</main>"
    yield from _account(world, works, imprint)
    yield f'<dialog aria-label="{words["larger"].strip("：: ")}"><img alt="" src="data:,"></dialog>'
    yield f"<script>{SCRIPT}</script>\n<script>{_file('gallery.js')}</script>\n</body>\n</html>"


def _people(world: World) -> Iterator[str]:
    words, bible = _WORDS[world.language], world.bible
    if not bible.personas:
        return
    yield f'<section class="people" id="people"><div class="head"><h2>{words["people"]}</h2></div>\n<ul>'
    for persona in bible.personas:
        role = f" <span>{escape(one_line(persona.role))}</span>" if persona.role else ""
        about = escape(one_line(_about(persona, world.language)))
        yield f"<li><b>{escape(one_line(persona.name))}</b>{role}{f'<p>{about}</p>' if about else ''}</li>"
    yield "</ul>"
    if bible.places:
        said = "、".join if world.language == "zh" else ", ".join
        yield f'<p class="places">{escape(one_line(said(place.name for place in bible.places)))}</p>'
    yield "</section>"


def _about(persona: Persona, language: Language) -> str:
    """Return what a person wants and lacks, as sentences."""
    want, flaw = persona.want, persona.flaw[:1].upper() + persona.flaw[1:]
    if language == "zh":
        return "".join(f"{said}。" for said in (f"盼{want}" if want else "", flaw) if said)
    return " ".join(f"{said}." for said in (f"Wants {want}" if want else "", flaw) if said)


# --- the works ------------------------------------------------------------------------------------------------


def _section(name: str, work: Work, works: Mapping[str, Work], imprint: Imprint) -> list[str]:
    """Return a work's section: whichever way its form is read, looked at or heard."""
    form = find(work.form)
    content = form.content.model_validate(work.content)
    language = work.brief.language
    kind = escape(form.names[language])
    head = f'<div class="head"><p class="kind">{kind}</p><h2>{escape(one_line(work.title))}</h2></div>'
    if isinstance(content, Piece):
        inner = _music(content, work, imprint)
    elif form.verse is not None:
        inner = _beside(_verse(form.verse(content), language), _picture_of("broadside", works))
    elif _pictured(work):
        head, inner = "", [_figure(work)]
    else:
        inner = _beside(_prose(work), _picture_of("cover", works))
    note = f'<p class="credit">{escape(work.record.written_by)}</p>'
    return [f'<section id="{escape(name)}">', head, *inner, note, "</section>"]


def _music(piece: Piece, work: Work, imprint: Imprint) -> list[str]:
    sound, media_type = composition.played(piece.score, imprint)
    return embedded(_lead(piece.score), sound, media_type)


def _lead(score: Score) -> Score:
    """Return what is read of a score: the melody with its words and chords, or all voices of a choir."""
    return score if choir(score) else replace(score, parts=score.parts[:1])


def _verse(stanzas: Any, language: Language) -> list[str]:
    short = language == "zh" and all(len(line) <= _REGULATED for stanza in stanzas for line in stanza)
    rows = ["".join(f"<span>{escape(one_line(line))}</span>" for line in stanza) for stanza in stanzas]
    return [f'<div class="verse{" down" if short else ""}">', *(f"<p>{row}</p>" for row in rows), "</div>"]


def _prose(work: Work) -> list[str]:
    form = find(work.form)
    content = form.content.model_validate(work.content)
    imprint = label.imprint(work.id, work.title, work.brief.language, work.record.written_by, __version__)
    if "html" in form.formats:
        page = form.render(content, "html", imprint).content.decode("utf-8", "replace")
        found = re.search(r"<main[^>]*>(.*)</main>", page, re.S) or re.search(r"<body[^>]*>(.*)</body>", page, re.S)
        if found:
            return [f'<div class="prose" lang="{_lang(work.brief)}">', found[1], "</div>"]
    ending = next((e for e in ("txt", "md") if e in form.formats), form.formats[0])
    said = form.render(content, ending, imprint).content.decode("utf-8", "replace")
    return [f'<div class="plain">{escape(said)}</div>']


def _beside(inner: list[str], picture: Work | None) -> list[str]:
    return [f'<div class="pair">{_figure(picture)}', *inner, "</div>"] if picture else inner


# --- pictures -------------------------------------------------------------------------------------------------


def _pictured(work: Work) -> bool:
    return "png" in find(work.form).formats and any(r.name.endswith(".png") for r in work.renderings)


def _wide(work: Work) -> bool:
    if not _pictured(work):
        return False
    return work.content.get("use") == "illustration" and bool(work.content["width"] > work.content["height"])


def _picture_of(use: str, works: Mapping[str, Work]) -> Work | None:
    """Return the picture of this use, which stands beside the first work that it belongs to."""
    return next((work for work in works.values() if _pictured(work) and work.content.get("use") == use), None)


def _shown_elsewhere(work: Work, works: Mapping[str, Work], hero: Work | None) -> bool:
    """Tell whether a picture stands at the head of the page or beside another work."""
    if work is hero:
        return True
    if not _pictured(work):
        return False
    forms = [find(other.form) for other in works.values()]
    if work is _picture_of("broadside", works):
        return any(form.verse is not None for form in forms)
    told = [f for f in forms if f.verse is None and not issubclass(f.content, Piece) and "png" not in f.formats]
    return work is _picture_of("cover", works) and bool(told)


def _figure(work: Work) -> str:
    said = one_line(str(work.content.get("alt", work.title)))
    larger = _WORDS[work.brief.language]["larger"]
    upright = ' class="upright"' if work.content.get("height", 0) > work.content.get("width", 1) else ""
    turning = next((r for r in work.renderings if r.name.endswith(".gif")), None)
    still = _jpeg(work)
    source, picture = still, ""
    if turning is not None:  # a solid turns, but for people who want nothing to move
        source = "data:image/gif;base64," + base64.b64encode(turning.content).decode()
        picture = f'<source media="(prefers-reduced-motion: reduce)" srcset="{still}">'
    return (
        f'<figure{upright}><button type="button" aria-label="{escape(larger + said)}"><picture>{picture}<img '
        f'src="{source}" alt="{escape(said)}"></picture></button><figcaption>{escape(said)}</figcaption></figure>'
    )


def _jpeg(work: Work) -> str:
    """Return a picture's PNG as the address of a JPEG in the page."""
    image = cv2.imdecode(np.frombuffer(work.rendering("png").content, np.uint8), cv2.IMREAD_COLOR)
    height, width = image.shape[:2]
    if max(height, width) > WIDEST:
        scale = WIDEST / max(height, width)
        image = cv2.resize(image, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    _, made = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY, cv2.IMWRITE_JPEG_PROGRESSIVE, 1])
    return "data:image/jpeg;base64," + base64.b64encode(made.tobytes()).decode()


# --- the account ----------------------------------------------------------------------------------------------


def _account(world: World, works: Mapping[str, Work], imprint: Imprint) -> Iterator[str]:
    words = _WORDS[world.language]
    yield f'<footer class="made"><p>{escape(imprint.notice)}</p>'
    yield f"<details><summary>{words['made']}</summary><table>"
    for work in works.values():
        record = work.record
        whose = ", ".join(f"{who} {count}" for who, count in record.authorship.items() if count)
        said = (_called(work, world), work.title, record.written_by, f"{words['seed']} {record.seed}", whose)
        yield f"<tr>{''.join(f'<td>{escape(one_line(cell))}</td>' for cell in said)}</tr>"
    yield "</table></details>"
    remarks = [(work, finding) for work in works.values() for finding in work.findings]
    if remarks:
        yield f"<details><summary>{words['findings']}</summary><ul>"
        yield from (f"<li>{escape(one_line(f'{w.title}: {finding.message}'))}</li>" for w, finding in remarks)
        yield "</ul></details>"
    if world.folders:
        yield f"<details><summary>{words['files']}</summary><ul>"
        yield from (_files(world, name, work) for name, work in works.items())
        yield "</ul></details>"
    yield "</footer>"


def _files(world: World, name: str, work: Work) -> str:
    own = [r.name for r in work.renderings if not r.name.endswith(".aigc.json")]
    place = world.folders.get(name, name)
    shown = ", ".join(f'<a href="{quote(f"{place}/{n}")}">{escape(n)}</a>' for n in own)
    return f"<li>{escape(one_line(work.title))}: {shown}</li>"


def _called(work: Work, world: World) -> str:
    return find(work.form).names[world.language]


def _lang(of: Any) -> str:
    return "zh-CN" if of.language == "zh" else "en"
