"""XML of a stranger's: parsed without entities, without anything fetched, within bounds.

Expat by itself: a document type is read over, but an entity declared in it is refused (a few lines of them can mean
gigabytes), and so is a document too deep or too large. Nothing outside the document is ever opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from miaobi.craft.markup import escape
from miaobi.craft.music.reading import NotationError

MOST_DEPTH = 64
MOST_ELEMENTS = 2_000_000


@dataclass
class Element:
    """One element: its name without namespace, its attributes, children and text."""

    tag: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    text: str = ""
    line: int = 0

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute."""
        return self.attributes.get(name, default)

    def find(self, path: str) -> Element | None:
        """Return the first element at a path of names, "time/beats"."""
        head, _, rest = path.partition("/")
        for child in self.children:
            if child.tag == head and (found := child.find(rest) if rest else child):
                return found
        return None

    def all(self, tag: str) -> list[Element]:
        """Return the children of a name."""
        return [c for c in self.children if c.tag == tag]

    def said(self, path: str, default: str = "") -> str:
        """Return the text at a path."""
        found = self.find(path)
        return found.text.strip() if found is not None and found.text.strip() else default

    def walk(self) -> Iterator[Element]:
        """Yield the element and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


def parse(content: bytes) -> Element:
    """Return the root of a document; NotationError for one that is malformed, too large or declares entities."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.buffer_text = True
    top = Element("", {})
    stack, count = [top], 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if len(stack) > MOST_DEPTH or count > MOST_ELEMENTS:
            raise NotationError("The XML is too deep or has too many elements.", "Give a piece of ordinary size.")
        plain = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        one = Element(name.rpartition("}")[2], plain, line=parser.CurrentLineNumber)
        stack[-1].children.append(one)
        stack.append(one)

    def end(_: str) -> None:
        stack.pop()

    def said(text: str) -> None:
        stack[-1].text += text

    def entity(*_: object) -> None:
        raise NotationError("The XML declares entities, which a score has no use for.", "Take its DOCTYPE out.")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.EntityDeclHandler = said, entity
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise NotationError(
            f"It is not well-formed XML: {error}.", "Write the file again from the program it is of."
        ) from None
    except (LookupError, ValueError) as error:  # an encoding that Python doesn't know
        raise NotationError(f"The XML can't be decoded: {error}.", "Save it in UTF-8.") from None
    return top.children[0]


def element(tag: str, *children: str, **attributes: object) -> str:
    """Return an element; *children* are XML already. An underscore in a name stands for a hyphen, two for a colon."""
    names = {
        k.rstrip("_").replace("__", ":").replace("_", "-"): v for k, v in attributes.items() if v not in ("", None)
    }
    head = tag + "".join(f' {name}="{escape(str(value))}"' for name, value in names.items())
    inside = "".join(children)
    return f"<{head}>{inside}</{tag}>" if inside else f"<{head}/>"


def text(tag: str, said: object, **attributes: object) -> str:
    """Return an element that holds *said*, escaped."""
    return element(tag, escape(str(said)), **attributes)
