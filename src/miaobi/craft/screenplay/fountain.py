r"""Fountain 1.1: a screenplay as plain text, written with every mark forced so that no text is taken for another.

| element | written | | element | written |
|---|---|---|---|---|
| scene | `.内景 灯塔 - 夜 #1#`, bare after INT./EXT./EST./I/E | | transition | `> CUT TO:` |
| action | bare; `!` before a line that could be taken for something else | | centered | `> THE END <` |
| character | `INES`, `@温玛拉`; ` ^` for dual | | section, synopsis | `# Act`, `= what` |
| parenthetical | `(beat)` | | note | `[[check]]` |
"""

from __future__ import annotations

import re

from miaobi.craft.screenplay.script import Element, Script, normal

_HEADING = re.compile(r"(INT|EXT|EST|I/E|INT/EXT|INT\./EXT)[. ]", re.I)
_NUMBER = re.compile(r"^(.*?)\s+#([A-Za-z0-9.-]+)#$")
_KEY = re.compile(r"^([A-Za-z][A-Za-z ]*):\s*(.*)$")
_PLAIN_CUE = re.compile(r"[A-Z][A-Z0-9 .'-]*(\([A-Z0-9 .'-]+\))?")
_SAFE_ACTION = re.compile(r"(?!\s*[.!@>~#=\[(/*]).*[a-z\u4e00-\u9fff，。].*")


def write(script: Script) -> str:
    """Return the script as Fountain text."""
    script = normal(script)
    head = "".join(f"{key}: {value}\n" for key, value in script.title_page)
    body = ""
    for element in script.elements:
        tight = element.kind in ("parenthetical", "dialogue")
        body += ("" if not body else "\n" if tight else "\n\n") + _written(element)
    return (head + "\n" if head else "") + body + "\n"


def _written(e: Element) -> str:
    match e.kind:
        case "scene":
            plain = _HEADING.match(e.text) and e.text.isupper() and not e.text.endswith("#")
            return ("" if plain else ".") + e.text + (f" #{e.number}#" if e.number else "")
        case "character":
            return ("" if _PLAIN_CUE.fullmatch(e.text) else "@") + e.text + (" ^" if e.dual else "")
        case "parenthetical":
            return f"({e.text})"
        case "transition":
            return f"> {e.text}"
        case "centered":
            return f"> {e.text} <"
        case "section":
            return "#" * e.level + " " + e.text
        case "synopsis":
            return f"= {e.text}"
        case "note":
            return f"[[{e.text}]]"
        case "dialogue":
            return "\n".join(f"\\{line}" if re.match(r"[(（\\]|\[\[", line) else line for line in e.text.split("\n"))
        case _:
            lines = e.text.split("\n")
            return "\n".join(
                line if _SAFE_ACTION.fullmatch(line) and not _HEADING.match(line) else f"!{line}" for line in lines
            )


def parse(text: str) -> Script:
    """Return the script that Fountain *text* holds; anything that is nothing else is action."""
    lines = re.sub(r"/\*.*?\*/", "", text.replace("\r\n", "\n"), flags=re.S).lstrip("\ufeff").split("\n")
    page, start = _title_page(lines)
    elements: list[Element] = []
    block: list[str] = []
    for line in [*lines[start:], ""]:
        if line.strip():
            block.append(line.strip())
        elif block:
            elements += _parsed(block)
            block = []
    return normal(Script(page, tuple(elements)))


def _title_page(lines: list[str]) -> tuple[tuple[tuple[str, str], ...], int]:
    page: list[tuple[str, str]] = []
    for i, line in enumerate(lines):
        found = _KEY.match(line)
        if found and not (i == 0 and found[1].isupper() and found[1].endswith(" TO")):
            page.append((found[1], found[2]))
        elif page and line[:1] in (" ", "\t") and line.strip():
            page[-1] = (page[-1][0], f"{page[-1][1]} {line.strip()}".strip())
        else:
            return tuple(page), i if page else 0
    return tuple(page), len(lines)


def _parsed(block: list[str]) -> list[Element]:
    first = block[0]
    cue = _cue(first, len(block) > 1)
    if cue is not None:
        return [cue, *_speech(block[1:])]
    out: list[Element] = []
    for line in block:
        e = _single(line)
        if e.kind == "action" and out and out[-1].kind == "action":
            out[-1] = Element("action", f"{out[-1].text}\n{e.text}")
        else:
            out.append(e)
    return out


def _cue(line: str, followed: bool) -> Element | None:
    name = line[:-1].rstrip() if line.endswith("^") else line
    dual = line.endswith("^")
    if line.startswith("@"):
        return Element("character", name[1:].strip(), dual=dual)
    bare = re.sub(r"\(.*\)$", "", name)
    marked = line[0] in ".!>~#=[(" or _HEADING.match(line) or line.endswith(" TO:")
    if followed and bare.upper() == bare and re.search("[A-Z]", bare) and not marked:
        return Element("character", name, dual=dual)
    return None


def _speech(lines: list[str]) -> list[Element]:
    out: list[Element] = []
    for line in lines:
        if line.startswith("(") and line.endswith(")"):
            out.append(Element("parenthetical", line[1:-1]))
            continue
        said = line[1:] if line.startswith("\\") else line
        if out and out[-1].kind == "dialogue":
            out[-1] = Element("dialogue", f"{out[-1].text}\n{said}")
        else:
            out.append(Element("dialogue", said))
    return out


def _single(line: str) -> Element:
    if line.startswith("!"):
        return Element("action", line[1:])
    if line.startswith(">"):
        centered = line.endswith("<")
        return Element("centered" if centered else "transition", line[1:-1] if centered else line[1:])
    if line.startswith("#"):
        level = len(line) - len(line.lstrip("#"))
        return Element("section", line.lstrip("#"), level=level)
    if line.startswith("=") and not line.startswith("==="):
        return Element("synopsis", line[1:])
    if line.startswith("[[") and line.endswith("]]"):
        return Element("note", line[2:-2])
    forced = line.startswith(".") and not line.startswith("..")
    if forced or _HEADING.match(line):
        text = line[1:] if forced else line
        numbered = _NUMBER.match(text)
        return Element("scene", numbered[1], numbered[2]) if numbered else Element("scene", text)
    if line.isupper() and line.endswith(" TO:"):
        return Element("transition", line)
    return Element("action", line)
